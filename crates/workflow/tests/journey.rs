//! From the draft to the letters, and what each may not do on the way.

mod office;

use domain::challenge::{Section, Stage};
use domain::moment::{DAY, MINUTE};
use domain::organisation::Actor;
use domain::policy::Refusal;
use office::{Office, Told, draft};
use store::testing;
use workflow::{award, challenge, response};

#[tokio::test]
async fn from_publication_to_letters() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.refused(Refusal::Unseen);
        office.officer.submits_for_review(id).await.done();
        assert_eq!(office.stage(id).await, Stage::InReview);
        office.approver.approves(id, "").await.done();
        assert_eq!(challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.done().terms.title, "Fewer missed visits");

        for person in office.panel() {
            let role = if person.email.starts_with("chair") { "chair" } else { "evaluator" };
            office.officer.appoints(id, person, role).await.done();
        }
        office.acme.answers(id, "90000").await.done();
        office.acme.submits(id).await.done();
        office.brook.answers(id, "60000").await.done();
        office.brook.submits(id).await.done();
        office.pass_deadline().await;
        assert_eq!(office.officer.opens(id).await.done(), 2);

        for person in office.panel() {
            person.room(id).await.refused(Refusal::Undeclared);
            person.declares_nothing(id).await.done();
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.moderation(id).await.refused(Refusal::Stage);
            person.locks(id).await.done();
        }
        assert_eq!(office.stage(id).await, Stage::Moderation);
        office.officer.result(id).await.refused(Refusal::Stage);
        office.evaluator.approves_record(id).await.refused(Refusal::NotYours);
        office.chair.approves_record(id).await.done();

        // Scored 4/5 of 70 and 60/90 of 30 against 3/5 of 70 and all of 30.
        let result = office.officer.result(id).await.done();
        let totals: Vec<String> = result.outcome.standings.iter().map(|one| one.total.as_ref().unwrap().display2()).collect();
        assert_eq!(totals, ["76.00", "72.00"]);
        assert_eq!(result.outcome.standings[0].response, office.acme.response(id).await.get(), "{totals:?}");

        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.officer.approves_decision(id).await.refused(Refusal::NotYours);
        office.acme.letter(id).await.refused(Refusal::Stage);
        office.approver.approves_decision(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Decided);
        assert_eq!(office.desk.store.verify_record().await.unwrap().1, None);
    }
}

#[tokio::test]
async fn a_letter_holds_its_own_scores_only() {
    for throwaway in testing::each().await {
        let office = Office::moderation(throwaway).await;
        let id = office.challenge;
        office.chair.approves_record(id).await.done();
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.approver.approves_decision(id).await.done();

        let own = office.brook.response(id).await;
        let letter = office.brook.letter(id).await.done();
        assert_eq!((letter.line.outcome.as_str(), letter.line.reason.as_str()), ("unsuccessful", "What we say to Brook."));
        assert_eq!(letter.awarded, ["Acme"]);
        assert_eq!(letter.result.finals.len(), 6, "three evaluators, two criteria");
        assert!(letter.result.finals.iter().all(|row| row.response == own.get()));
        assert!(letter.result.outcome.standings.iter().all(|standing| standing.response == own.get()));
        assert!(letter.result.responses.keys().all(|response| *response == own));
        assert!(letter.result.seats.is_empty() && letter.result.record.is_none(), "who scored, and what was said of others");
        let others = office.acme.response(id).await;
        award::read_letter(&office.desk, &office.brook.person.actor, others).await.refused(Refusal::Unseen);
        award::read_letter(&office.desk, &office.outsider.actor, own).await.refused(Refusal::Unseen);

        // The public is told who was awarded, and of nobody else.
        let public = award::read_decision(&office.desk, &Actor::Visitor, id).await.done();
        assert_eq!(public.lines.iter().map(|line| line.supplier_name.as_str()).collect::<Vec<_>>(), ["Acme"]);
        office.brook.person.result(id).await.refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn everything_is_sealed_until_a_minute_after_the_deadline_for_everybody() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        office.acme.submits(id).await.done();
        let sealed = office.acme.response(id).await;
        let inside = [&office.officer, &office.approver, &office.chair, &office.evaluator];
        let outside = [&office.owner, &office.administrator, &office.outsider, &office.brook.person];

        office.officer.opens(id).await.refused(Refusal::Sealed);
        for closed in [false, true] {
            for person in inside {
                person.lists(id).await.refused(Refusal::Sealed);
                person.reads(sealed).await.refused(Refusal::Unseen);
            }
            for person in outside {
                person.lists(id).await.refused(Refusal::Unseen);
                person.reads(sealed).await.refused(Refusal::Unseen);
                person.opens(id).await.refused(Refusal::Unseen);
            }
            office.evaluator.room(id).await.refused(Refusal::Sealed);
            office.approver.opens(id).await.refused(Refusal::NotYours);
            if !closed {
                office.wait_until(office.deadline().await).await;
                assert_eq!(office.stage(id).await, Stage::Closed);
                office.officer.opens(id).await.refused(Refusal::TooEarly);
                office.wait_until(office.deadline().await.plus(MINUTE / 2)).await;
                office.officer.opens(id).await.refused(Refusal::TooEarly);
            }
        }
        assert_eq!(office.recorded("open_responses", "too-early").await, 2, "attempts are recorded");
        assert!(office.recorded("list_opened_responses", "sealed").await >= 8);
        office.wait_until(office.deadline().await.plus(MINUTE)).await;
        assert_eq!(office.officer.opens(id).await.done(), 1);
        office.officer.opens(id).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn four_eyes() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        // The author, made an approver of the own challenge by another officer of the team.
        office.officer.names(id, &office.owner, "officer").await.done();
        office.officer.submits_for_review(id).await.done();
        office.officer.approves(id, "").await.refused(Refusal::NotYours);
        office.owner.names(id, &office.officer, "approver").await.done();
        office.officer.approves(id, "").await.refused(Refusal::OwnWork);
        office.approver.sends_back(id, "No number in the outcomes.").await.done();
        assert_eq!(office.stage(id).await, Stage::Draft);
        office.owner.submits_for_review(id).await.done();
        office.approver.approves(id, "").await.done();

        // A buyer that an administrator has not verified publishes nothing.
        workflow::organisation::verify_buyer(&office.desk, &office.administrator.actor, office.buyer, false).await.done();
        let other = draft(&office.desk, &office.officer.actor, "Another").await;
        office.officer.names(other, &office.approver, "approver").await.done();
        office.officer.submits_for_review(other).await.done();
        office.approver.approves(other, "").await.refused(Refusal::BuyerNotVerified);
    }
}

#[tokio::test]
async fn who_recommended_or_scored_does_not_approve_the_decision() {
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let id = office.challenge;
        for person in office.panel() {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        office.chair.approves_record(id).await.done();
        // What becomes of each response is said, not assumed.
        office.officer.recommends(id, &office.acme, &[]).await.invalid("choose");
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.approver.sends_back_decision(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Result);
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        // The recommender, named an approver afterwards.
        office.officer.names(id, &office.owner, "officer").await.done();
        office.owner.names(id, &office.officer, "approver").await.done();
        office.officer.approves_decision(id).await.refused(Refusal::WroteOrScored);
        office.approver.approves_decision(id).await.done();
    }
}

#[tokio::test]
async fn two_officers_in_two_sections_never_meet_and_in_one_are_told() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.names(id, &office.owner, "officer").await.done();
        assert_eq!(office.officer.saves(id, Section::Limits, &[("limits", "No noise.")], 1).await.done(), 2);
        assert_eq!(office.owner.saves(id, Section::Outcomes, &[("outcome-1-title", "Visits")], 1).await.done(), 2);
        office.owner.saves(id, Section::Limits, &[("limits", "No dust.")], 1).await.stale();
        let kept = challenge::read_draft(&office.desk, &office.officer.actor, id).await.done().draft;
        assert_eq!(kept.section(Section::Limits).get("limits"), "No noise.");
        office.approver.saves(id, Section::Limits, &[("limits", "Nothing.")], 2).await.refused(Refusal::NotYours);
        office.outsider.saves(id, Section::Limits, &[("limits", "Nothing.")], 2).await.refused(Refusal::Unseen);
        office.officer.submits_for_review(id).await.invalid("empty");
    }
}

#[tokio::test]
async fn a_scheduled_challenge_opens_by_the_clock_and_a_cancelled_one_closes_for_all() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        let tomorrow = office.desk.store.now().plus(2 * DAY).rfc3339()[..10].to_owned();
        office.approver.approves(id, "2001-01-01").await.invalid("publish-past");
        office.approver.approves(id, &tomorrow).await.done();
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        office.acme.starts(id).await.refused(Refusal::Unseen);
        challenge::follow_challenge(&office.desk, &office.outsider.actor, id, true).await.refused(Refusal::Unseen);
        office.wait(3 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Open);
        office.acme.answers(id, "90000").await.done();
        office.acme.submits(id).await.done();
        challenge::follow_challenge(&office.desk, &office.outsider.actor, id, true).await.done();
        office.officer.cancels(id).await.done();
        office.acme.submits(id).await.refused(Refusal::Stage);
        office.pass_deadline().await;
        office.officer.opens(id).await.refused(Refusal::Stage);
        response::list_opened_responses(&office.desk, &office.officer.actor, id).await.refused(Refusal::Sealed);
        let told = office.throwaway.every_value().await;
        assert!(told.iter().any(|row| row.contains("|cancelled|")), "the event is told");
        assert!(
            told.iter().any(|row| row.starts_with("outbox|") && row.contains(&office.outsider.email) && row.contains("|notice|"))
        );
        let read = challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.done();
        assert!(read.events.iter().any(|event| event.kind == "cancelled" && event.reason == "The street moved."));
    }
}
