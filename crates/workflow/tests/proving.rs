//! Receipts prove what they say to whoever holds them, and hold the record to what it was.

mod office;

use domain::audit::{Anchors, Broken, Differs};
use domain::ids::SubmissionId;
use office::{Office, Person, Told};
use serde_json::Value;
use store::testing;
use workflow::organisation;
use workflow::proof::{ContentStanding, Fault, RecordStanding, Verdict, check, published_keys, verify_paper};
use workflow::response::{self, Receipt};
use workflow::sealing::unhex;

async fn receipt(office: &Office, id: SubmissionId) -> Receipt {
    response::read_receipt(&office.desk, &office.acme.person.actor, id).await.done()
}

async fn verdict(office: &Office, paper: &str, content: &[u8]) -> Result<Verdict, Fault> {
    verify_paper(&office.desk, paper, content).await.done()
}

fn signed(receipt: &Receipt) -> &str {
    receipt.signed.as_deref().expect("it is as it was recorded")
}

/// What a receipt says of the record.
fn anchor(receipt: &Receipt) -> (i64, [u8; 32]) {
    let anchor = &receipt.paper.record;
    (anchor.position, unhex(&anchor.hash).unwrap().try_into().unwrap())
}

#[tokio::test]
async fn a_receipt_reads_the_same_each_time_and_holds_for_everybody() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let id = office.acme.submits(office.challenge).await.done();
        let first = receipt(&office, id).await;
        // More happens, the record goes on, and the receipt says what it said.
        office.brook.takes_part(office.challenge).await;
        let again = receipt(&office, id).await;
        assert_eq!(signed(&first), signed(&again));

        let keys = published_keys(&office.desk).await.done();
        assert_eq!(keys.keys.len(), 1);
        let held = check(signed(&first), &keys).unwrap();
        assert_eq!(held.key.until, None);
        let verdict = verdict(&office, signed(&first), &first.content.canonical()).await.unwrap();
        assert_eq!((verdict.record, verdict.content), (RecordStanding::Holds, Some(ContentStanding::Same)));
        assert_eq!(first.paper.received_at, domain::moment::Moment(first.submission.received_at).rfc3339());
        assert_eq!(first.paper.zone, "UTC");
    }
}

#[tokio::test]
async fn the_supplier_reads_what_it_sent_at_every_stage() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let (superseded, standing) = (office.acme.submits(id).await.done(), office.acme.submits(id).await.done());
        let sent = receipt(&office, standing).await.content.canonical();
        let reads = async |when: &str| {
            for submission in [superseded, standing] {
                assert_eq!(receipt(&office, submission).await.content.canonical(), sent, "{when}");
            }
        };
        reads("open").await;
        // A draft that goes on changes nothing of it.
        office.acme.answers(id, "95000").await.done();
        reads("written on").await;
        office.pass_deadline().await;
        reads("closed").await;
        office.officer.opens(id).await.done();
        reads("opened").await;
        office.officer.cancels(id).await.done();
        reads("cancelled").await;
    }
}

#[tokio::test]
async fn what_was_changed_or_never_issued_proves_nothing() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let id = office.acme.submits(office.challenge).await.done();
        let receipt = receipt(&office, id).await;
        let mut paper: Value = serde_json::from_str(signed(&receipt)).unwrap();
        paper["received_at"] = "2020-01-01T00:00:00.000000Z".into();
        assert_eq!(verdict(&office, &paper.to_string(), b"").await.unwrap_err(), Fault::Forged);
        paper["key"] = "0123456789abcdef".into();
        assert_eq!(verdict(&office, &paper.to_string(), b"").await.unwrap_err(), Fault::UnknownKey);
        assert_eq!(verdict(&office, "nonsense", b"").await.unwrap_err(), Fault::Unreadable);
        let other = verdict(&office, signed(&receipt), br#"{"answers":{}}"#).await.unwrap();
        assert_eq!(other.content, Some(ContentStanding::Differs));
    }
}

/// Each kind of damage that somebody who holds the database can do, found with receipts that suppliers keep.
#[tokio::test]
async fn receipts_find_a_changed_row_a_cut_tail_and_a_full_rewrite() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let id = office.acme.submits(office.challenge).await.done();
        office.brook.takes_part(office.challenge).await;
        let last = office.acme.submits(office.challenge).await.done();
        let (first, last) = (receipt(&office, id).await, receipt(&office, last).await);
        let anchors = Anchors::from([anchor(&first), anchor(&last)]);
        let store = &office.desk.store;
        let found = async |anchors: &Anchors| store.verify_record_against(anchors).await.unwrap().1;
        let (at, end) = (anchor(&first).0, anchor(&last).0);
        assert_eq!(found(&anchors).await, None, "{}", office.throwaway.kind);

        let kind = office.throwaway.kind;
        let blob = |hash: &[u8]| {
            let hex = workflow::sealing::hex(hash);
            if kind == "postgres" { format!("decode('{hex}', 'hex')") } else { format!("x'{hex}'") }
        };
        office.throwaway.tamper(&format!("update audit set verb = 'withdraw_response' where position = {at}")).await;
        assert_eq!(found(&anchors).await, Some(Broken::Changed(at)));
        office.throwaway.tamper(&format!("update audit set verb = 'submit_response' where position = {at}")).await;
        assert_eq!(found(&anchors).await, None);

        // The end is cut and the head set back: the chain fits itself, and the later receipt has nowhere to stand.
        let before = store.read().await.unwrap().entry_hash(end - 1).await.unwrap().unwrap();
        office.throwaway.tamper(&format!("delete from audit where position = {end}")).await;
        let back = format!("update chain_head set position = {}, hash = {}", end - 1, blob(&before));
        office.throwaway.tamper(&back).await;
        assert_eq!(found(&Anchors::new()).await, None, "the chain alone does not show it");
        assert_eq!(found(&anchors).await, Some(Broken::Cut { last: end - 1, anchor: end }));
        assert_eq!(verdict(&office, signed(&last), b"").await.unwrap().record, RecordStanding::Unknown);
        assert_eq!(verdict(&office, signed(&first), b"").await.unwrap().record, RecordStanding::Holds);

        // All is written anew, each hash as it should be.
        store.write(|tx| Box::pin(tx.rewrite_record(2))).await.unwrap();
        assert_eq!(found(&Anchors::new()).await, None, "the chain alone does not show it");
        assert_eq!(found(&anchors).await, Some(Broken::Rewritten(at)));
        assert_eq!(verdict(&office, signed(&first), b"").await.unwrap().record, RecordStanding::Differs);
    }
}

/// What somebody who holds the database can do to the rows while the chain stays whole.
#[tokio::test]
async fn a_changed_a_deleted_and_an_added_row_are_found_by_the_record_and_by_receipts() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let challenge = office.challenge;
        office.acme.answers(challenge, "90000").await.done();
        let id = office.acme.submits(challenge).await.done();
        office.brook.takes_part(challenge).await;
        office.brook.withdraws(challenge).await.done();
        office.brook.submits(challenge).await.done();
        let papers = [receipt(&office, id).await].map(|receipt| workflow::proof::Paper::Receipt(receipt.paper));
        let store = &office.desk.store;
        let rows = async || store.verify_rows().await.unwrap();
        let papers_say = async || workflow::proof::compare_receipts(store, &papers).await.unwrap();
        assert_eq!((rows().await, papers_say().await), (vec![], vec![]), "{}", office.throwaway.kind);
        let at = store.read().await.unwrap().entry_of("submit_response", "submission", id.get()).await.unwrap().unwrap().0;
        let changed = vec![Differs::SubmissionChanged(id.get(), at)];

        // The instant, and the version that was answered.
        for column in ["received_at", "challenge_version"] {
            office
                .throwaway
                .tamper(&format!("update submission set {column} = {column} + 1 where id = {id}", id = id.get()))
                .await;
            assert_eq!((rows().await, papers_say().await), (changed.clone(), vec![Differs::Receipt(id.get())]), "{column}");
            office
                .throwaway
                .tamper(&format!("update submission set {column} = {column} - 1 where id = {id}", id = id.get()))
                .await;
        }
        // A digest of something else, also the one that the entry holds.
        let other = "(select digest from audit where position = ";
        office.throwaway.tamper(&format!("update submission set digest = {other}{at}) where id = {id}", id = id.get())).await;
        assert_eq!((rows().await, papers_say().await), (changed, vec![Differs::Receipt(id.get())]));

        // A withdrawal that nobody made.
        let own = office.acme.response(challenge).await.get();
        let put = format!(
            "insert into response_event (id, response, round, kind, at, by_user, n)
             select 1, response, round, 'withdrawn', received_at, submitted_by, n from submission where id = {}",
            id.get()
        );
        office.throwaway.tamper(&put).await;
        assert!(rows().await.contains(&Differs::WithdrawalAdded(own)));
        office.throwaway.tamper("delete from response_event where id = 1").await;
        office.throwaway.tamper("update response_event set n = n + 1").await;
        assert!(rows().await.iter().any(|one| matches!(one, Differs::WithdrawalDeleted(..))), "it withdraws more than it did");

        // A submission that is gone.
        for table in ["envelope where submission", "submission where id"] {
            office.throwaway.tamper(&format!("delete from {table} = {}", id.get())).await;
        }
        assert!(rows().await.contains(&Differs::SubmissionDeleted(id.get(), at)));
        assert_eq!(papers_say().await, [Differs::Receipt(id.get())]);
    }
}

/// Whoever holds the database does not get a signature for what they write into it.
#[tokio::test]
async fn nothing_is_signed_that_is_not_as_it_was_recorded() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let id = office.acme.submits(office.challenge).await.done();
        office.brook.takes_part(office.challenge).await;
        let before = receipt(&office, id).await;
        let papers = [workflow::proof::Paper::Receipt(before.paper.clone())];
        let store = &office.desk.store;
        let whole = async || {
            let papers = workflow::proof::compare_receipts(store, &papers).await.unwrap();
            (store.verify_rows().await.unwrap().is_empty(), papers.is_empty())
        };
        assert_eq!(whole().await, (true, true));
        let other = office::draft(&office.desk, &office.officer.actor, "Another").await.get();
        let (own, brook) =
            (office.acme.response(office.challenge).await.get(), office.brook.response(office.challenge).await.get());
        let mine = format!("(select supplier from response where id = {own})");
        for (change, back) in [
            (
                "update submission set received_at = received_at - 1 where id = {id}",
                "update submission set received_at = received_at + 1 where id = {id}",
            ),
            (
                "update response set challenge = {other} where id = {own}",
                "update response set challenge = {challenge} where id = {own}",
            ),
            (
                "update response set candidacy = 9, supplier = {mine} where id = {brook}",
                "update response set candidacy = 1, supplier = (select max(o.id) from organisation o where o.name = 'Brook') where id = {brook}",
            ),
        ] {
            let fill = |text: &str| {
                let text = text.replace("{id}", &id.get().to_string()).replace("{other}", &other.to_string());
                let text = text.replace("{challenge}", &office.challenge.get().to_string()).replace("{own}", &own.to_string());
                text.replace("{mine}", &mine).replace("{brook}", &brook.to_string())
            };
            office.throwaway.tamper(&fill(change)).await;
            assert!(!whole().await.0, "{change} on {}", office.throwaway.kind);
            if change.contains("{id}") {
                assert_eq!(receipt(&office, id).await.signed, None, "{change}");
                assert!(!whole().await.1);
            }
            office.throwaway.tamper(&fill(back)).await;
            assert_eq!(whole().await, (true, true), "{back}");
        }
        assert_eq!(signed(&receipt(&office, id).await), signed(&before));
    }
}

#[tokio::test]
async fn an_opening_is_compared_with_the_record() {
    for throwaway in testing::each().await {
        let office = Office::closed(throwaway).await;
        office.officer.opens(office.challenge).await.done();
        assert_eq!(office.desk.store.verify_rows().await.unwrap(), []);
        office.throwaway.tamper("update opening set confirmed_at = confirmed_at + 3600000000").await;
        let found = office.desk.store.verify_rows().await.unwrap();
        assert!(found.iter().any(|one| matches!(one, Differs::OpeningAdded(_))));
        assert!(found.iter().any(|one| matches!(one, Differs::OpeningDeleted(..))));
    }
}

/// Acme hands a file in.
async fn encloses(office: &Office, name: &str) {
    let own = office.acme.own(office.challenge).await.done();
    let field = domain::response::Field::Question(own.terms.questions[1].id).name();
    let bytes = futures::stream::iter([Ok::<_, std::convert::Infallible>(bytes::Bytes::from_static(b"%PDF-1.7\n"))]);
    let (desk, actor) = (&office.desk, &office.acme.person.actor);
    response::enclose_file(desk, actor, own.facts.response, &field, name, bytes).await.done();
}

/// What somebody who holds the database can do to one column of what is evidence, each column of it, and that it is found. A new column
/// fails this until somebody has said here how it is bound, or why it need not be.
#[tokio::test]
async fn every_single_column_of_what_is_evidence_is_held_by_the_record() {
    /// Where the one row is, and what each column is changed to. `-`: not bound, and why is said beside it.
    type Walked = (&'static str, &'static str, &'static [(&'static str, &'static str)]);
    let walked: &[Walked] = &[
        (
            "submission",
            "n = 2",
            &[
                // Names the row; envelopes and files hold it by foreign keys, and the entry names it.
                ("id", "-"),
                ("response", "(select max(r.id) from response r where r.id <> submission.response)"),
                ("round", "(select max(q.id) from round q where q.id <> submission.round)"),
                ("n", "7"),
                ("challenge_version", "challenge_version + 1"),
                ("received_at", "received_at - 1"),
                ("submitted_by", "(select max(u.id) from users u where u.id <> submission.submitted_by)"),
                ("digest", "{bytes}"),
                ("salt", "{bytes}"),
                // What reminders go by, and nothing else: `received_at` is the evidence.
                ("written_at", "-"),
                // Of the draft, which is nobody's evidence.
                ("typed", "-"),
            ],
        ),
        (
            "envelope",
            "submission = (select s.id from submission s where s.n = 2)",
            &[
                ("submission", "(select g.submission from gone g)"),
                ("kind", "'other'"),
                ("sealed", "{bytes}"),
                ("sealed_key", "{bytes}"),
                ("opened_key", "null"),
                ("opened_digest", "null"),
                ("destroyed_at", "5"),
                ("digest", "{bytes}"),
                ("key_digest", "{bytes}"),
            ],
        ),
        (
            "submission_file",
            "file > 0",
            &[
                ("submission", "(select max(s.id) from submission s where s.id <> submission_file.submission)"),
                ("file", "(select e.id from enclosure e where e.id <> submission_file.file)"),
                ("kind", "'price'"),
                ("sealed_key", "{bytes}"),
            ],
        ),
        (
            "opening",
            "confirmed_at > 0",
            &[
                ("round", "(select max(q.id) from round q where q.id <> opening.round)"),
                ("envelope", "'price'"),
                ("asked_by", "confirmed_by"),
                ("asked_at", "asked_at - 7200000000"),
                ("confirmed_by", "asked_by"),
                ("confirmed_at", "confirmed_at - 1"),
                ("to_check", "to_check + 1"),
                ("awaits", "'price'"),
            ],
        ),
        (
            "opening_ask",
            "at > 0",
            &[
                ("id", "id + 1"),
                ("round", "(select max(q.id) from round q where q.id <> opening_ask.round)"),
                ("envelope", "'price'"),
                ("at", "at + 1"),
                ("by_user", "(select max(u.id) from users u where u.id <> opening_ask.by_user)"),
            ],
        ),
        (
            "response_event",
            "at > 0",
            &[
                ("id", "id + 1"),
                ("response", "(select max(r.id) from response r where r.id <> response_event.response)"),
                ("round", "(select max(q.id) from round q where q.id <> response_event.round)"),
                ("kind", "'other'"),
                ("reason", "'another'"),
                ("at", "at + 1"),
                ("by_user", "(select max(u.id) from users u where u.id <> response_event.by_user)"),
                ("n", "n + 1"),
            ],
        ),
        (
            "opening_rule",
            "by_two",
            &[
                ("id", "id + 1"),
                ("organisation", "(select max(o.id) from organisation o where o.id <> opening_rule.organisation)"),
                ("by_two", "(1 = 0)"),
                ("at", "at + 1"),
                ("by_user", "(select max(u.id) from users u where u.id <> opening_rule.by_user)"),
            ],
        ),
        (
            "challenge_version",
            "challenge = (select q.challenge from round q join opening p on p.round = q.id)",
            &[
                // Approvals and submissions name it by these; each number has an entry of its own.
                ("challenge", "-"),
                ("n", "-"),
                ("terms", "replace(terms, ':', ' :')"),
                // Shown beside the text, which is what was approved.
                ("reason", "-"),
                ("created_at", "-"),
                ("created_by", "-"),
                // Of the terms: what approvals are for is compared with it while it is reviewed, and no longer.
                ("digest", "-"),
            ],
        ),
        (
            "round",
            "id = (select max(round) from opening)",
            &[
                ("id", "-"),
                ("challenge", "-"),
                ("number", "-"),
                ("kind", "-"),
                ("deadline", "deadline - 1"),
                // Wrapped anew when the master key changes; another opens nothing, and the opening says so.
                ("sealed_key", "-"),
                ("shortlist", "-"),
                ("created_at", "-"),
                ("row_version", "-"),
                ("destroyed_at", "-"),
            ],
        ),
    ];
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        organisation::set_opening_rule(&office.desk, &office.owner.actor, office.buyer, true).await.done();
        let mut second = Person::arrives(&office.desk, "second officer", false).await;
        office::join(&office.desk, &office.owner, &mut second, office.buyer, "officer").await;
        office.officer.names(office.challenge, &second, "officer").await.done();
        let asked = [
            ("question-1-label", "How?"),
            ("question-2-label", "A plan"),
            ("question-2-kind", "files"),
            ("question-2-file_pdf", "yes"),
            ("question-2-optional", "yes"),
            ("question-2-most", "2"),
        ];
        let (section, asked) = (domain::challenge::Section::Questions, office::fields(&asked));
        workflow::challenge::save_section(&office.desk, &office.officer.actor, office.challenge, section, asked, 1).await.done();
        office.publish(office.challenge).await;
        // Another challenge, so that there is another round.
        let other = office::draft(&office.desk, &office.officer.actor, "Another").await;
        office.officer.names(other, &office.approver, "approver").await.done();
        office.publish(other).await;
        office.acme.takes_part(office.challenge).await;
        encloses(&office, "sent.pdf").await;
        office.acme.submits(office.challenge).await.done();
        encloses(&office, "not sent.pdf").await;
        office.brook.takes_part(office.challenge).await;
        office.brook.withdraws(office.challenge).await.done();
        office.pass_deadline().await;
        response::ask_opening(&office.desk, &office.officer.actor, office.challenge).await.done();
        second.opens(office.challenge).await.done();
        let keys = published_keys(&office.desk).await.done();
        let record =
            response::read_opening(&office.desk, &office.officer.actor, office.challenge, response::QUALITY).await.done();
        let papers = [check(&record.signed, &keys).unwrap().paper];
        let store = &office.desk.store;
        let whole = async || {
            let papers = workflow::proof::compare_receipts(store, &papers).await.unwrap();
            (store.verify_rows().await.unwrap(), papers)
        };
        assert_eq!(whole().await, (vec![], vec![]), "{}", office.throwaway.kind);
        let bytes = if office.throwaway.kind == "postgres" { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
        for (table, one, changes) in walked {
            let known: Vec<&str> = changes.iter().map(|(column, _)| *column).collect();
            for column in office::columns(table) {
                assert!(known.contains(&column.as_str()), "how is {table}.{column} bound?");
            }
            for (column, change) in changes.iter().filter(|(_, change)| *change != "-") {
                if (*table, *column) == ("envelope", "submission") {
                    office.throwaway.tamper("create table gone as select * from envelope where submission = (select s.id from submission s where s.n = 1 and s.response = (select x.response from submission x where x.n = 2))").await;
                    office.throwaway.tamper("delete from envelope where submission in (select submission from gone)").await;
                }
                office.throwaway.tamper(&format!("create table saved as select * from {table} where {one}")).await;
                let change = change.replace("{bytes}", bytes);
                office.throwaway.tamper(&format!("update {table} set {column} = {change} where {one}")).await;
                assert!(!whole().await.0.is_empty(), "{table}.{column} on {}", office.throwaway.kind);
                // As it was: by whatever of its row still names it.
                let key = match (*table, *column) {
                    ("submission", _) => "id = (select id from saved)".to_owned(),
                    ("envelope", "submission") => "submission in (select submission from gone)".to_owned(),
                    ("envelope", _) => "submission = (select submission from saved)".to_owned(),
                    ("opening_rule", _) => "at in (select at from saved) or id in (select id from saved)".to_owned(),
                    _ => (*one).to_owned(),
                };
                office.throwaway.tamper(&format!("update {table} set {column} = (select {column} from saved) where {key}")).await;
                office.throwaway.tamper("drop table saved").await;
                if (*table, *column) == ("envelope", "submission") {
                    office.throwaway.tamper("insert into envelope select * from gone").await;
                    office.throwaway.tamper("drop table gone").await;
                }
                assert_eq!(whole().await, (vec![], vec![]), "{table}.{column} as it was");
            }
        }
        // What the signed record says besides, whatever was done to chain and rows together.
        for change in ["asked_at = asked_at - 1", "confirmed_at = confirmed_at - 1", "asked_by = confirmed_by"] {
            office.throwaway.tamper("create table saved as select * from opening").await;
            office.throwaway.tamper(&format!("update opening set {change}")).await;
            assert!(matches!(whole().await.1[..], [Differs::OpeningPaper(_)]), "{change}");
            office.throwaway.tamper("delete from opening").await;
            office.throwaway.tamper("insert into opening select * from saved").await;
            office.throwaway.tamper("drop table saved").await;
        }
        office.throwaway.tamper("delete from opening_ask").await;
        assert!(matches!(whole().await.0[..], [Differs::AskDeleted(..)]));
    }
}
