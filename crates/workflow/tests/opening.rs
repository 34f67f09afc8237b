//! The opening by two: who may, when, what it leaves behind, and what each supplier sees of it.

mod office;

use domain::audit::Differs;
use domain::moment::{DAY, HOUR, MINUTE};
use domain::policy::Refusal;
use office::{Office, Person, Told, join};
use store::testing::{self, Throwaway};
use workflow::proof::{Paper, RecordStanding, check, published_keys, verify_paper};
use workflow::{organisation, response};

/// Both suppliers have submitted; the buyer's openings take two, and a second officer is on the team.
async fn by_two(throwaway: Throwaway) -> (Office, Person) {
    let office = Office::with_draft(throwaway).await;
    organisation::set_opening_rule(&office.desk, &office.owner.actor, office.buyer, true).await.done();
    let mut second = Person::arrives(&office.desk, "second officer", false).await;
    join(&office.desk, &office.owner, &mut second, office.buyer, "officer").await;
    office.officer.names(office.challenge, &second, "officer").await.done();
    office.publish(office.challenge).await;
    for supplier in [&office.acme, &office.brook] {
        supplier.takes_part(office.challenge).await;
    }
    (office, second)
}

async fn asks(office: &Office, person: &Person) -> Result<(), workflow::Error> {
    response::ask_opening(&office.desk, &person.actor, office.challenge).await
}

#[tokio::test]
async fn one_asks_and_another_confirms_and_neither_before_the_deadline_and_a_minute() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let id = office.challenge;
        asks(&office, &office.officer).await.refused(Refusal::Sealed);
        second.opens(id).await.refused(Refusal::Sealed);
        office.wait_until(office.deadline().await).await;
        asks(&office, &office.officer).await.refused(Refusal::TooEarly);
        second.opens(id).await.refused(Refusal::TooEarly);
        office.pass_deadline().await;

        second.opens(id).await.refused(Refusal::OpeningNotAsked);
        for person in [&office.approver, &office.chair] {
            asks(&office, person).await.refused(if person.email == office.chair.email {
                Refusal::Unseen
            } else {
                Refusal::NotYours
            });
        }
        asks(&office, &office.officer).await.done();
        asks(&office, &second).await.refused(Refusal::OpeningAsked);
        office.officer.opens(id).await.refused(Refusal::OpeningOwn);
        office.approver.opens(id).await.refused(Refusal::NotYours);
        office.officer.lists(id).await.err().expect("still sealed");
        assert_eq!(second.opens(id).await.done(), 2);
        assert_eq!(office.recorded("ask_opening", "done").await, 1);
        assert_eq!(office.recorded("open_responses", "opening-own").await, 1, "attempts are recorded");
        office.officer.lists(id).await.done();
    }
}

#[tokio::test]
async fn the_record_of_an_opening_holds_for_everybody_and_each_supplier_sees_its_own_digest() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let id = office.challenge;
        office.pass_deadline().await;
        response::read_opening(&office.desk, &office.officer.actor, id, response::QUALITY)
            .await
            .err()
            .expect("nothing was opened");
        assert_eq!(office.acme.own(id).await.done().opened_same, None);
        asks(&office, &office.officer).await.done();
        second.opens(id).await.done();

        let record = response::read_opening(&office.desk, &office.approver.actor, id, response::QUALITY).await.done();
        assert_eq!((record.paper.number, record.paper.submissions.len()), (2, 2));
        assert_eq!((record.paper.asked_by.as_str(), record.paper.confirmed_by.as_str()), ("officer", "second officer"));
        let held = check(&record.signed, &published_keys(&office.desk).await.done()).unwrap();
        assert!(matches!(held.paper, Paper::Opening(_)));
        let verdict = verify_paper(&office.desk, &record.signed, b"").await.done().unwrap();
        assert_eq!(verdict.record, RecordStanding::Holds);
        for supplier in [&office.acme, &office.brook] {
            let own = supplier.own(id).await.done();
            assert_eq!(own.opened_same, Some(true));
            let digest = workflow::sealing::hex(&own.submissions[0].digest);
            assert!(record.paper.submissions.iter().any(|one| one.sha256 == digest), "the receipt's digest is in the record");
            response::read_opening(&office.desk, &supplier.person.actor, id, response::QUALITY)
                .await
                .err()
                .expect("the team's alone");
        }
        response::read_opening(&office.desk, &office.outsider.actor, id, response::QUALITY).await.refused(Refusal::Unseen);

        // Each has a signed record of its own submission, and of nobody else's.
        let submission: domain::ids::SubmissionId = office.acme.own(id).await.done().submissions[0].id.into();
        let actor = &office.acme.person.actor;
        let signed = response::read_opened(&office.desk, actor, submission, response::QUALITY).await.done();
        let verdict = verify_paper(&office.desk, &signed, b"").await.done().unwrap();
        assert_eq!(verdict.record, RecordStanding::Holds);
        let receipt = response::read_receipt(&office.desk, actor, submission).await.done();
        assert_eq!(receipt.opened, [response::QUALITY]);
        let Paper::Opened(opened) = verdict.held.paper else { panic!("not of one submission") };
        assert_eq!((&opened.sha256, &opened.record), (&receipt.paper.content.sha256, &record.paper.record));
        let brook: domain::ids::SubmissionId = office.brook.own(id).await.done().submissions[0].id.into();
        assert!(!signed.contains(&brook.to_string()) && !signed.contains("Brook") && !signed.contains("officer"));
        let papers = [Paper::Opened(opened)];
        assert_eq!(workflow::proof::compare_receipts(&office.desk.store, &papers).await.unwrap(), []);
        for other in [&office.brook.person, &office.officer, &office.outsider] {
            response::read_opened(&office.desk, &other.actor, submission, response::QUALITY).await.expect_err("its own alone");
        }
        response::read_opened(&office.desk, actor, submission, response::PRICE).await.refused(Refusal::Unseen);

        // Somebody with the database puts another digest there: the supplier sees it, and so does who compares the paper.
        let zeros = if office.throwaway.kind == "postgres" { "decode('00', 'hex')" } else { "x'00'" };
        office.throwaway.tamper(&format!("update envelope set opened_digest = {zeros}")).await;
        assert_eq!(office.acme.own(id).await.done().opened_same, Some(false));
        let found = workflow::proof::compare_receipts(&office.desk.store, &papers).await.unwrap();
        assert_eq!(found, [domain::audit::Differs::OpenedPaper(submission.get())]);
        let told = response::read_opened(&office.desk, actor, submission, response::QUALITY).await;
        assert!(matches!(told, Err(workflow::Error::NotWhole(_))), "that it is not signed is said, and why");
    }
}

/// An ask from before a deadline that was moved counts for nothing, and a rule that changes after the approval neither.
#[tokio::test]
async fn one_alone_opens_only_where_the_buyer_had_so_set_before_the_approval() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        organisation::set_opening_rule(&office.desk, &office.officer.actor, office.buyer, false).await.refused(Refusal::NotYours);
        organisation::set_opening_rule(&office.desk, &office.owner.actor, office.buyer, false).await.done();
        office.pass_deadline().await;
        second.opens(office.challenge).await.refused(Refusal::OpeningNotAsked);
        assert_eq!(office.recorded("set_opening_rule", "done").await, 3, "on record each time");

        let later = office::draft(&office.desk, &office.officer.actor, "Approved later").await;
        office.officer.names(later, &office.approver, "approver").await.done();
        office.publish(later).await;
        let mut conn = office.desk.store.read().await.unwrap();
        let facts = conn.challenge_facts(&office.officer.actor, later, store::Lock::None).await.unwrap().unwrap();
        assert!(!facts.opening.by_two);
    }
}

/// All or nothing: a submission that does not open as it was sealed opens none.
#[tokio::test]
async fn a_submission_that_was_tampered_with_opens_nothing() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        office.pass_deadline().await;
        asks(&office, &office.officer).await.done();
        office.throwaway.tamper("update submission set n = 7 where id = (select max(id) from submission)").await;
        second.opens(office.challenge).await.map(drop).expect_err("a broken seal");
        let all = office.throwaway.every_value().await;
        assert!(!all.iter().any(|row| row.starts_with("opening|")), "nothing was opened");
        office.officer.lists(office.challenge).await.err().expect("still sealed");
    }
}

/// Whoever handled names may not score an anonymous round, whether the seat came before or after.
#[tokio::test]
async fn whoever_handled_names_does_not_score_an_anonymous_round() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let panel = domain::challenge::Section::Panel;
        let anonymous = office::fields(&[("anonymous", "yes")]);
        workflow::challenge::save_section(&office.desk, &office.officer.actor, office.challenge, panel, anonymous, 0)
            .await
            .done();
        office.publish(office.challenge).await;
        office.acme.takes_part(office.challenge).await;
        office.pass_deadline().await;
        let seat = office.officer.appoints(office.challenge, &office.officer, "evaluator").await.done();
        office.officer.opens(office.challenge).await.refused(Refusal::ScoresHere);
        let why = office::fields(&[("end_reason", "Moved to another town.")]);
        workflow::evaluation::end_seat(&office.desk, &office.officer.actor, office.challenge, seat, &why).await.done();
        office.officer.opens(office.challenge).await.done();
        office.officer.appoints(office.challenge, &office.officer, "evaluator").await.refused(Refusal::HandledNames);
        office.officer.appoints(office.challenge, &office.evaluator, "evaluator").await.done();
        office.officer.appoints(office.challenge, &office.officer, "adviser").await.done();
    }
}

/// On PostgreSQL the database's clock decides, whatever the web server's says: one that is an hour ahead opens nothing.
#[tokio::test]
async fn the_web_servers_clock_opens_nothing() {
    let Some(throwaway) = testing::postgres().await else { return };
    let office = Office::submitted(throwaway).await;
    // Past the deadline by this machine's clock and the installation's offset …
    office.pass_deadline().await;
    // … but the database says that it is two hours earlier.
    office.throwaway.clock_behind(2 * 60).await;
    assert!(office.desk.store.now().reached(office.deadline().await.plus(60 * MINUTE)));
    let desk = office::desk_on(store::Store::open(&office.throwaway.options).await.unwrap()).await;
    response::open_responses(&desk, &office.officer.actor, office.challenge).await.refused(Refusal::Sealed);
}

/// Nor does it admit or refuse anybody: what a node receives whose clock is wrong by hours is in time or late by the database's clock.
#[tokio::test]
async fn the_web_servers_clock_makes_nobody_late_or_in_time() {
    for (past, behind, late) in [(MINUTE * 60, 120, false), (-MINUTE * 60, -120, true)] {
        let Some(throwaway) = testing::postgres().await else { return };
        let office = Office::open(throwaway).await;
        office.acme.answers_with(office.challenge, "A pump that sleeps.", "90000").await.done();
        let response = office.acme.response(office.challenge).await;
        // By this machine's clock an hour past the deadline, or an hour before it …
        let deadline = office.deadline().await;
        office.wait_until(deadline.plus(past)).await;
        assert_eq!(office.desk.store.now().reached(deadline), !late);
        // … and the other way round by the database's.
        office.throwaway.clock_behind(behind).await;
        let desk = office::desk_on(store::Store::open(&office.throwaway.options).await.unwrap()).await;
        let received_at = desk.store.received().await;
        assert_eq!(received_at.reached(deadline), late);
        let outcome = response::submit_response(&desk, &office.acme.person.actor, response, received_at, None, "key").await;
        match late {
            true => outcome.refused(Refusal::Late),
            false => assert!(outcome.is_ok()),
        }
    }
}

fn unwhole(outcome: Result<usize, workflow::Error>) -> Vec<response::Lack> {
    match outcome {
        Err(workflow::Error::NotWhole(all)) => all.into_iter().map(|one| one.what).collect(),
        other => panic!("not refused as incomplete: {other:?}"),
    }
}

/// By the database alone: hours before the deadline that was approved, whoever asks and whoever confirms.
#[tokio::test]
async fn a_deadline_that_was_changed_opens_nothing() {
    use response::Lack;
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let kinds = async || {
            let mut all = unwhole(second.opens(id).await);
            all.sort();
            all
        };
        office.wait_until(deadline.plus(-3 * HOUR)).await;
        asks(&office, &office.officer).await.refused(Refusal::Sealed);
        let earlier = deadline.plus(-7 * HOUR).micros();
        let set = async |to: i64| office.throwaway.tamper(&format!("update round set deadline = {to}")).await;
        set(earlier).await;
        asks(&office, &office.officer).await.done();
        assert_eq!(kinds().await, [Lack::Deadline]);
        assert_eq!(office.recorded("open_responses", "not-whole").await, 1);
        let found = office.desk.store.verify_rows().await.unwrap();
        assert!(matches!(found[..], [Differs::Deadline(_)]), "{found:?}");

        // With what was approved changed too; it is not what its approval is of any more.
        let terms = |from: i64, to: i64| format!("update challenge_version set terms = replace(terms, '{from}', '{to}')");
        office.throwaway.tamper(&terms(deadline.micros(), earlier)).await;
        assert_eq!(kinds().await, [Lack::Deadline, Lack::Version]);
        office.throwaway.tamper(&terms(earlier, deadline.micros())).await;
        assert_eq!(kinds().await, [Lack::Deadline]);

        // With a version of which nobody heard.
        office
            .throwaway
            .tamper("insert into challenge_version (challenge, n, terms, reason, created_at, created_by) select challenge, 2, terms, '', created_at, created_by from challenge_version")
            .await;
        office
            .throwaway
            .tamper(&format!(
                "update challenge_version set terms = replace(terms, '{}', '{earlier}') where n = 2",
                deadline.micros()
            ))
            .await;
        office
            .throwaway
            .tamper("insert into challenge_event (id, challenge, kind, n, reason, at, by_user) select 1, challenge, 'amended', 2, '', at, by_user from challenge_event where kind = 'approved'")
            .await;
        assert_eq!(kinds().await, [Lack::Deadline, Lack::Version]);
        office.throwaway.tamper("delete from challenge_event where id = 1").await;
        office.throwaway.tamper("delete from challenge_version where n = 2").await;

        // As it was: what was asked too early counts for nothing.
        set(deadline.micros()).await;
        assert_eq!(office.desk.store.verify_rows().await.unwrap(), []);
        second.opens(id).await.refused(Refusal::Sealed);
        office.wait_until(deadline.plus(2 * MINUTE)).await;
        second.opens(id).await.refused(Refusal::OpeningNotAsked);
        asks(&office, &office.officer).await.done();
        assert_eq!(second.opens(id).await.done(), 2);
        assert_eq!(office.desk.store.verify_rows().await.unwrap(), []);
    }
}

/// An extension that was approved is taken out, as if there had been none.
#[tokio::test]
async fn an_extension_that_was_taken_out_opens_nothing() {
    use response::Lack;
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let of = office.officer.extends(id, &[("deadline", deadline.plus(2 * DAY))]).await.done();
        office.approver.approves_amendment(of).await.done();
        assert_eq!(office.desk.store.verify_rows().await.unwrap(), []);
        office.wait_until(deadline.plus(HOUR)).await;
        for taken in [
            format!("update round set deadline = {}", deadline.micros()),
            "delete from challenge_event where kind = 'amended'".into(),
            "delete from challenge_version where n = 2".into(),
        ] {
            office.throwaway.tamper(&taken).await;
        }
        asks(&office, &office.officer).await.done();
        assert_eq!(unwhole(second.opens(id).await), [Lack::Version], "an entry tells of the version");
        let other = office::draft(&office.desk, &office.officer.actor, "Another").await.get();
        office.throwaway.tamper(&format!("update amendment set challenge = {other}")).await;
        assert_eq!(unwhole(second.opens(id).await), [Lack::Version], "the other challenge knows nothing of it");
        for taken in ["amendment_event", "amendment_section", "amendment"] {
            office.throwaway.tamper(&format!("delete from {taken}")).await;
        }
        assert_eq!(unwhole(second.opens(id).await), [Lack::Version], "an entry tells of the amendment");
        let found = office.desk.store.verify_rows().await.unwrap();
        assert!(matches!(found[..], [Differs::AmendmentDeleted(..)]), "{found:?}");
    }
}

/// One officer, who puts in that one is enough, or says so of the rule that there is.
#[tokio::test]
async fn a_rule_that_nobody_set_lets_nobody_open_alone() {
    use response::Lack;
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let id = office.challenge;
        office.pass_deadline().await;
        let rows = async || office.desk.store.verify_rows().await.unwrap();
        second.opens(id).await.refused(Refusal::OpeningNotAsked);
        let before = "delete from opening_rule";
        for (there, back) in [
            // The newest before the approval is what counts.
            (
                "insert into opening_rule (id, organisation, by_two, at, by_user) select 1, p.organisation, 1 = 0, p.at + 1, p.by_user from opening_rule p where p.by_two",
                "delete from opening_rule where id = 1",
            ),
            (
                "create table kept as select * from opening_rule; delete from opening_rule where by_two",
                "delete from opening_rule; insert into opening_rule select * from kept; drop table kept",
            ),
            (
                "create table kept as select * from opening_rule; update opening_rule set by_two = 1 = 0",
                "delete from opening_rule; insert into opening_rule select * from kept; drop table kept",
            ),
        ] {
            office.throwaway.tamper(there).await;
            assert_eq!(unwhole(second.opens(id).await), [Lack::Rule], "{there}");
            assert!(rows().await.iter().any(|one| matches!(one, Differs::RuleAdded(_) | Differs::RuleDeleted(..))), "{there}");
            office.throwaway.tamper(back).await;
            assert_eq!(rows().await, [], "{back}");
            second.opens(id).await.refused(Refusal::OpeningNotAsked);
        }
        assert_eq!(office.recorded("open_responses", "not-whole").await, 3);
        // With none at all it takes two, as ever: what was done to the rule keeps nobody from opening by two.
        office.throwaway.tamper(before).await;
        asks(&office, &office.officer).await.done();
        assert_eq!(second.opens(id).await.done(), 2);
    }
}

/// The submissions that stand are the list: whoever takes away what one consists of keeps nobody out, but all closed.
#[tokio::test]
async fn a_response_of_which_something_is_gone_is_never_left_out() {
    use response::Lack;
    let of = "(select max(id) from submission)";
    let bytes = |kind: &str| if kind == "postgres" { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
    for (damage, lack) in [
        ("delete from envelope where submission = {of}", Lack::NoAnswers),
        ("update envelope set kind = 'price' where submission = {of}", Lack::NoAnswers),
        ("update envelope set sealed = {bytes} where submission = {of}", Lack::Seal),
        ("update envelope set sealed_key = {bytes} where submission = {of}", Lack::Seal),
        ("update submission set digest = {bytes} where id = {of}", Lack::Content),
        ("update submission set salt = {bytes} where id = {of}", Lack::Content),
        ("update submission set received_at = received_at - 1 where id = {of}", Lack::Changed),
        (
            "insert into response_event (id, response, round, kind, at, by_user, n)
             select 1, response, round, 'withdrawn', received_at, submitted_by, n from submission where id = {of}",
            Lack::Withdrawal,
        ),
    ] {
        for throwaway in testing::each().await {
            let (office, second) = by_two(throwaway).await;
            let id = office.challenge;
            office.pass_deadline().await;
            asks(&office, &office.officer).await.done();
            let damage = damage.replace("{of}", of).replace("{bytes}", bytes(office.throwaway.kind));
            office.throwaway.tamper(&damage).await;
            assert!(unwhole(second.opens(id).await).contains(&lack), "{damage}");
            assert!(office.recorded("open_responses", "not-whole").await > 0, "the attempt is on record: {damage}");
            assert!(!office.throwaway.every_value().await.iter().any(|row| row.starts_with("opening|")), "nothing was opened");
            // Its supplier has a page, and the receipt on it.
            for supplier in [&office.acme, &office.brook] {
                let own = supplier.own(id).await.done();
                let submission = own.submissions[0].id.into();
                let receipt = response::read_receipt(&office.desk, &supplier.person.actor, submission).await.done();
                let damaged = supplier.person.email == office.brook.person.email;
                assert!(damaged || receipt.signed.is_some(), "what befell another keeps no receipt back: {damage}");
            }
        }
    }
}

/// A submission that is gone with all that it had: the record still tells of it.
#[tokio::test]
async fn a_submission_that_is_gone_altogether_keeps_all_closed() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        office.pass_deadline().await;
        asks(&office, &office.officer).await.done();
        assert_eq!(office.desk.store.verify_rows().await.unwrap(), []);
        office.throwaway.tamper("delete from envelope where submission = (select max(id) from submission)").await;
        let found = office.desk.store.verify_rows().await.unwrap();
        assert!(found.iter().any(|one| matches!(one, domain::audit::Differs::EnvelopeDeleted(_, "quality"))), "{found:?}");
        office.throwaway.tamper("delete from submission where id = (select max(id) from submission)").await;
        assert_eq!(unwhole(second.opens(office.challenge).await), [response::Lack::Gone]);
    }
}

/// One alone, who puts in the other's ask: the confirmation finds no entry that tells of it.
#[tokio::test]
async fn an_ask_that_nobody_made_opens_nothing() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let id = office.challenge;
        office.pass_deadline().await;
        let put = format!(
            "insert into opening_ask (id, round, envelope, at, by_user) select 1, q.id, 'quality', q.deadline + 120000000, {by} from round q
             where q.challenge = {id}",
            by = office.officer.actor.user().unwrap().get(),
            id = id.get()
        );
        office.throwaway.tamper(&put).await;
        assert_eq!(unwhole(second.opens(id).await), [response::Lack::Ask]);
        assert_eq!(office.recorded("open_responses", "not-whole").await, 1);
        office.throwaway.tamper("delete from opening_ask").await;
        second.opens(id).await.refused(Refusal::OpeningNotAsked);
        asks(&office, &office.officer).await.done();
        // Asked, but said to be of another instant.
        office.throwaway.tamper("update opening_ask set at = at - 1").await;
        assert_eq!(unwhole(second.opens(id).await), [response::Lack::Ask]);
        office.throwaway.tamper("update opening_ask set at = at + 1").await;
        assert_eq!(second.opens(id).await.done(), 2);
    }
}

/// A response lies in the rows of its supplier and its challenge: whoever moves it elsewhere leaves nobody out, and nothing to another.
#[tokio::test]
async fn a_response_that_was_moved_keeps_all_closed() {
    let own = "(select s.response from submission s where s.id = (select max(x.id) from submission x))";
    for change in [
        "challenge = {other}",
        "supplier = (select max(o.id) from organisation o where o.id <> response.supplier), candidacy = 9",
    ] {
        for throwaway in testing::each().await {
            let (office, second) = by_two(throwaway).await;
            let other = office::draft(&office.desk, &office.officer.actor, "Another").await.get();
            office.pass_deadline().await;
            asks(&office, &office.officer).await.done();
            let change = change.replace("{other}", &other.to_string());
            office.throwaway.tamper(&format!("update response set {change} where id = {own}")).await;
            assert_eq!(unwhole(second.opens(office.challenge).await), [response::Lack::Changed], "{change}");
            assert!(!office.desk.store.verify_rows().await.unwrap().is_empty(), "{change}");
        }
    }
}

/// What befell a submission that its supplier replaced, or withdrew, keeps nobody's closed: nothing of it is owed an answer.
#[tokio::test]
async fn what_was_replaced_or_withdrawn_keeps_nothing_closed() {
    for (withdrawn, damage) in [
        (false, "update envelope set sealed = {bytes} where submission = {first}"),
        (false, "delete from envelope where submission = {first}"),
        (true, "update envelope set sealed = {bytes} where submission = {first}"),
    ] {
        for throwaway in testing::each().await {
            let (office, second) = by_two(throwaway).await;
            let id = office.challenge;
            let first = office.acme.own(id).await.done().submissions[0].id;
            let bytes = if office.throwaway.kind == "postgres" { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
            if withdrawn {
                office.acme.withdraws(id).await.done();
            } else {
                office.acme.answers(id, "80000").await.done();
                office.acme.submits(id).await.done();
            }
            office.throwaway.tamper(&damage.replace("{bytes}", bytes).replace("{first}", &first.to_string())).await;
            assert!(!office.desk.store.verify_rows().await.unwrap().is_empty(), "it is found, though");
            office.pass_deadline().await;
            asks(&office, &office.officer).await.done();
            assert_eq!(second.opens(id).await.done(), if withdrawn { 1 } else { 2 }, "{damage}");
        }
    }
}

/// It is the place in the record that overtakes, not the number that a row says: an older one does not take a damaged one's place.
#[tokio::test]
async fn an_older_submission_does_not_stand_for_a_damaged_one() {
    for throwaway in testing::each().await {
        let (office, second) = by_two(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "80000").await.done();
        let last = office.acme.submits(id).await.done();
        office.pass_deadline().await;
        asks(&office, &office.officer).await.done();
        office.throwaway.tamper(&format!("update submission set n = 0 where id = {}", last.get())).await;
        assert_eq!(unwhole(second.opens(id).await), [response::Lack::Changed]);
        office.throwaway.tamper(&format!("delete from envelope where submission = {}", last.get())).await;
        office.throwaway.tamper(&format!("delete from submission where id = {}", last.get())).await;
        assert_eq!(unwhole(second.opens(id).await), [response::Lack::Gone]);
    }
}
