//! Receipts prove what they say to whoever holds them, and hold the record to what it was.

mod office;

use domain::audit::{Anchors, Broken, Differs};
use domain::ids::SubmissionId;
use office::{Office, Told};
use serde_json::Value;
use store::testing;
use workflow::proof::{Fault, RecordStanding, Verdict, check, published_keys, verify_paper};
use workflow::response::{self, Receipt};
use workflow::sealing::unhex;

async fn receipt(office: &Office, id: SubmissionId) -> Receipt {
    response::read_receipt(&office.desk, &office.acme.person.actor, id).await.done()
}

async fn verdict(office: &Office, paper: &str, content: &[u8]) -> Result<Verdict, Fault> {
    verify_paper(&office.desk, paper, content).await.done()
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
        assert_eq!(first.signed, again.signed);

        let keys = published_keys(&office.desk).await.done();
        assert_eq!(keys.keys.len(), 1);
        let held = check(&first.signed, &keys).unwrap();
        assert_eq!(held.key.until, None);
        let verdict = verdict(&office, &first.signed, &first.content.canonical()).await.unwrap();
        assert_eq!((verdict.record, verdict.content), (RecordStanding::Holds, Some(true)));
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
        let mut paper: Value = serde_json::from_str(&receipt.signed).unwrap();
        paper["received_at"] = "2020-01-01T00:00:00.000000Z".into();
        assert_eq!(verdict(&office, &paper.to_string(), b"").await.unwrap_err(), Fault::Forged);
        paper["key"] = "0123456789abcdef".into();
        assert_eq!(verdict(&office, &paper.to_string(), b"").await.unwrap_err(), Fault::UnknownKey);
        assert_eq!(verdict(&office, "nonsense", b"").await.unwrap_err(), Fault::Unreadable);
        let other = verdict(&office, &receipt.signed, br#"{"answers":{}}"#).await.unwrap();
        assert_eq!(other.content, Some(false));
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
        assert_eq!(verdict(&office, &last.signed, b"").await.unwrap().record, RecordStanding::Unknown);
        assert_eq!(verdict(&office, &first.signed, b"").await.unwrap().record, RecordStanding::Holds);

        // All is written anew, each hash as it should be.
        store.write(|tx| Box::pin(tx.rewrite_record(2))).await.unwrap();
        assert_eq!(found(&Anchors::new()).await, None, "the chain alone does not show it");
        assert_eq!(found(&anchors).await, Some(Broken::Rewritten(at)));
        assert_eq!(verdict(&office, &first.signed, b"").await.unwrap().record, RecordStanding::Differs);
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
