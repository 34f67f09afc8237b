//! The opening by two: who may, when, what it leaves behind, and what each supplier sees of it.

mod office;

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

        // Somebody with the database puts another digest there: the supplier sees it.
        let zeros = if office.throwaway.kind == "postgres" { "decode('00', 'hex')" } else { "x'00'" };
        office.throwaway.tamper(&format!("update envelope set opened_digest = {zeros}")).await;
        assert_eq!(office.acme.own(id).await.done().opened_same, Some(false));
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
    let desk = office::desk_on(store::Store::open(&office.throwaway.options).await.unwrap()).await;
    assert!(desk.store.now().micros() > office.deadline().await.micros());
    response::open_responses(&desk, &office.officer.actor, office.challenge).await.refused(Refusal::Sealed);
}
