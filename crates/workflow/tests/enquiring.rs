//! Enquiries: asked by suppliers, answered to all, and nobody learns who asked.

mod office;

use domain::challenge::Section;
use domain::enquiry::EnquiryState;
use domain::form::Fields;
use domain::moment::{DAY, HOUR, local_fields};
use domain::policy::Refusal;
use office::after::dates;
use office::{Office, Told, fields};
use search::Query;
use store::testing::{self, Throwaway};
use workflow::{enquiry, find, follow};

#[tokio::test]
async fn a_supplier_asks_until_the_last_day_for_questions_also_before_it_drafts() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.asks(id, "Do cellars count?").await.done();
        let until = office.acme.person.enquiries(id).await.done().until;
        let deadline = office.deadline().await;
        assert!(until.reached(deadline.plus(-5 * DAY)) && until.before(deadline.plus(-4 * DAY)), "the profile's five days");
        for (person, why) in [(&office.officer, Refusal::Conflict), (&office.chair, Refusal::ActAsSupplier)] {
            let form = fields(&[("question", "And attics?")]);
            enquiry::ask_enquiry(&office.desk, &person.actor, id, &form).await.refused(why);
        }
        let form = fields(&[("question", "And attics?")]);
        enquiry::ask_enquiry(&office.desk, &office.outsider.actor, id, &form).await.refused(Refusal::ActAsSupplier);
        office.wait_until(until.plus(-1)).await;
        office.brook.asks(id, "").await.invalid("empty");
        office.wait_until(until).await;
        office.brook.asks(id, "And attics?").await.refused(Refusal::EnquiriesOver);
    }
}

#[tokio::test]
async fn an_enquiry_is_private_until_it_is_answered_to_all_in_the_officers_words() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let asked = office.acme.asks(id, "We at Acme count cellars. Do you?").await.done();
        assert_eq!(office.acme.person.enquiries(id).await.done().own.len(), 1);
        for person in [&office.brook.person, &office.outsider, &office.chair] {
            let seen = person.enquiries(id).await.done();
            assert!(seen.own.is_empty() && seen.asked.is_none() && seen.answered.is_empty());
            enquiry::read_enquiry(&office.desk, &person.actor, asked).await.err().expect("unseen");
        }
        let reworded = fields(&[("question", "Do cellars count?"), ("answer", "They do, from 2 metres on.")]);
        office.officer.answers_enquiries(id, &[asked], &reworded).await.done();
        let seen = office.brook.person.enquiries(id).await.done();
        assert_eq!(seen.answered.len(), 1);
        assert_eq!(seen.answered[0].question, "Do cellars count?");
        // The original is kept for the asker and the team.
        for person in [&office.acme.person, &office.officer] {
            let one = enquiry::read_enquiry(&office.desk, &person.actor, asked).await.done();
            assert_eq!(one.row.question, "We at Acme count cellars. Do you?");
            assert_eq!(one.answer.expect("its answer").answer, "They do, from 2 metres on.");
        }
        office.acme.withdraws_enquiry(asked).await.refused(Refusal::EnquiryState);
        office.officer.answers_enquiries(id, &[asked], &Fields::default()).await.invalid("enquiry-not-publishable");
    }
}

#[tokio::test]
async fn one_answer_serves_several_and_is_linked_to_the_amendment_it_caused() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let one = office.acme.asks(id, "Do cellars count?").await.done();
        let two = office.brook.asks(id, "Are cellars in?").await.done();
        let of = office.officer.writes_amendment(id, Section::Limits, &[("limits", "No cameras. Cellars count.")]).await.done();
        office.officer.answers_enquiries(id, &[], &Fields::default()).await.invalid("enquiry-none");
        let linked = fields(&[("amendment", &of.to_string())]);
        office.officer.answers_enquiries(id, &[one, two], &linked).await.done();
        assert_eq!(office.outsider.enquiries(id).await.done().answered[0].n, None, "not before it is published");
        let n = office.approver.approves_amendment(of).await.done();
        let seen = office.outsider.enquiries(id).await.done();
        assert_eq!((seen.answered.len(), seen.answered[0].n), (1, Some(n)));
        let asked = office.officer.enquiries(id).await.done().asked.expect("the team's list");
        assert!(asked.iter().all(|row| row.state().unwrap() == EnquiryState::Answered));
    }
}

#[tokio::test]
async fn a_confidential_one_is_published_only_if_its_asker_agrees_and_can_be_withdrawn_instead() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let one = office.acme.asks_in_confidence(id, "May our Zwirbel pump run at night?").await.done();
        let two = office.brook.asks_in_confidence(id, "Is foam allowed?").await.done();
        office.officer.answers_enquiries(id, &[one], &Fields::default()).await.invalid("enquiry-not-publishable");
        office.acme.agrees(one).await.refused(Refusal::EnquiryState);
        office.officer.asks_back(one, "May pumps run at night?").await.done();
        office.officer.asks_back(two, "Is foam allowed?").await.done();
        office.officer.answers_enquiries(id, &[one], &Fields::default()).await.invalid("enquiry-not-publishable");
        office.brook.agrees(one).await.refused(Refusal::Unseen);
        office.acme.agrees(one).await.done();
        office.brook.withdraws_enquiry(two).await.done();
        let words = fields(&[("question", "May pumps run at night?"), ("answer", "Until ten.")]);
        office.officer.answers_enquiries(id, &[one], &words).await.done();
        office.officer.answers_enquiries(id, &[two], &words).await.invalid("enquiry-not-publishable");
        let seen = office.outsider.enquiries(id).await.done();
        assert_eq!(seen.answered.len(), 1);
        assert!(!seen.answered[0].question.contains("Zwirbel"));
    }
}

/// A challenge under the law of the European Union, forty days away.
async fn european(throwaway: Throwaway) -> Office {
    let office = Office::with_draft(throwaway).await;
    let (date, time) = local_fields(office.desk.store.now().plus(40 * DAY), "UTC");
    let timetable = [("deadline_date", date.as_str()), ("deadline_time", &time), ("zone", "UTC"), ("law", "eu-2014-24")];
    office.officer.saves(office.challenge, Section::Timetable, &timetable, 1).await.done();
    office.publish(office.challenge).await;
    office
}

#[tokio::test]
async fn a_useful_answer_that_is_late_by_the_profile_moves_the_deadline_in_the_same_step() {
    for throwaway in testing::each().await {
        let office = european(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let one = office.acme.asks(id, "Do cellars count?").await.done();
        let two = office.brook.asks(id, "Who opens the door?").await.done();
        office.wait_until(deadline.plus(-6 * DAY - HOUR)).await;
        office.officer.answers_enquiries(id, &[two], &Fields::default()).await.done();
        assert_eq!(office.deadline().await, deadline, "six days are enough");
        office.wait(2 * HOUR).await;
        office.officer.answers_enquiries(id, &[one], &Fields::default()).await.invalid("choose");
        let mut useful = fields(&[("useful", "yes")]);
        office.officer.answers_enquiries(id, &[one], &useful).await.invalid("date-missing");
        useful.0.extend(dates(&[("deadline", deadline.plus(HOUR / 2))]).0);
        office.officer.answers_enquiries(id, &[one], &useful).await.invalid("deadline-answer-late");
        useful.0.extend(dates(&[("deadline", deadline.plus(DAY))]).0);
        let before = office.outsider.notice(id).await.done().n;
        office.officer.answers_enquiries(id, &[one], &useful).await.done();
        assert_eq!(office.deadline().await, deadline.plus(DAY).micros().div_euclid(60_000_000).saturating_mul(60_000_000).into());
        let seen = office.outsider.notice(id).await.done();
        assert_eq!(seen.n, before + 1);
        let answered = seen.answered.iter().find(|row| row.late).expect("flagged as late");
        assert_eq!(answered.n, Some(seen.n), "linked to the version that moved it");
    }
}

#[tokio::test]
async fn where_the_profile_moves_nothing_a_late_answer_is_flagged() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let one = office.acme.asks(id, "Do cellars count?").await.done();
        office.wait_until(deadline.plus(-2 * DAY)).await;
        assert_eq!(office.officer.enquiries(id).await.done().timely, domain::enquiry::Timeliness::Late);
        office.officer.answers_enquiries(id, &[one], &Fields::default()).await.done();
        assert!(office.outsider.enquiries(id).await.done().answered[0].late);
        assert_eq!(office.deadline().await, deadline);
    }
}

#[tokio::test]
async fn nobody_learns_who_asked() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let asked = office.acme.asks(id, "Do cellars count?").await.done();
        let secret = office.acme.asks_in_confidence(id, "Is foam allowed?").await.done();
        office.officer.asks_back(secret, "Is foam allowed?").await.done();
        office.acme.agrees(secret).await.done();
        office.officer.answers_enquiries(id, &[asked, secret], &Fields::default()).await.done();
        // What the team reads has no place for a name; what is told and mailed holds none.
        let seen = office.officer.enquiries(id).await.done();
        let read = format!("{:?} {:?}", seen.asked, seen.answered);
        let (organisation, user) = (office.acme.organisation.get(), office.acme.person.actor.user().unwrap().get());
        for secret in ["Acme".to_owned(), organisation.to_string(), user.to_string()] {
            assert!(!read.contains(&secret), "{secret} in {read}");
        }
        let rows = office.throwaway.every_value().await;
        let told = rows.iter().filter(|row| row.starts_with("notice_event|") || row.starts_with("outbox|"));
        for row in told.filter(|row| row.contains("enquir")) {
            assert!(!row.contains("Acme") && !row.contains(&organisation.to_string()), "{row}");
        }
        let officer = office.officer.actor.user().unwrap().get().to_string();
        let received = rows.iter().filter(|row| row.starts_with("notice_event|") && row.contains("enquiry_received")).count();
        assert_eq!(received, 3, "two asked, one agreed");
        assert!(
            rows.iter().any(|row| row.starts_with("notice|") && row.contains(&officer)),
            "the officer is told that, not by whom"
        );
    }
}

#[tokio::test]
async fn what_was_answered_is_found_with_its_challenge() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let asked = office.acme.asks(id, "Does the Zwergschnepfe count?").await.done();
        follow::follow_once(&office.desk).await.done();
        let finds = async |text: &str| {
            let query = Query { text: text.into(), ..Query::default() };
            find::search(&office.desk, &office.outsider.actor, query).await.done().hits.len()
        };
        assert_eq!(finds("Zwergschnepfe").await, 0);
        let published = fields(&[("question", "Do waders count?"), ("answer", "The dunlin does.")]);
        office.officer.answers_enquiries(id, &[asked], &published).await.done();
        follow::follow_once(&office.desk).await.done();
        assert_eq!((finds("dunlin").await, finds("Zwergschnepfe").await), (1, 0));
    }
}
