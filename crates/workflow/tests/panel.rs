//! Declarations, recusal, scores, locks, moderation.

mod office;

use domain::ids::CriterionId;
use domain::policy::{Refusal, SeatStanding};
use office::{Office, Told};
use store::testing;
use workflow::response::Named;

async fn criterion(office: &Office) -> CriterionId {
    office.officer.lists(office.challenge).await.done().terms.scored().next().unwrap().id
}

#[tokio::test]
async fn a_recusal_hides_the_response_from_list_room_moderation_and_score() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let (id, acme, evaluator) = (office.challenge, &office.acme, &office.evaluator);
        let (hidden, criterion) = (acme.response(id).await, criterion(&office).await);
        office.chair.declares_nothing(id).await.done();
        office.second.declares_nothing(id).await.done();
        evaluator.declares_conflict(id, acme).await.done();
        for _ in 0..2 {
            evaluator.room(id).await.refused(Refusal::Unsettled);
            evaluator.lists(id).await.refused(Refusal::Unsettled);
            evaluator.scores(id, &office.brook, criterion, 3, 0).await.refused(Refusal::Unsettled);
            // Saying afterwards that there is none lifts nothing.
            evaluator.declares_nothing(id).await.done();
        }
        evaluator.settles(id, "clear").await.refused(Refusal::NotYours);
        office.officer.settles(id, "recused").await.done();
        evaluator.declares_nothing(id).await.done();

        assert_eq!(evaluator.lists(id).await.done().responses.len(), 1);
        assert_eq!(evaluator.room(id).await.done().progress(), (0, 2), "one response of two criteria");
        evaluator.reads(hidden).await.refused(Refusal::Unseen);
        evaluator.scores(id, acme, criterion, 3, 0).await.refused(Refusal::Unseen);
        evaluator.scores_all(id, &[(&office.brook, 3)]).await;
        evaluator.locks(id).await.done();
        for person in [&office.chair, &office.second] {
            person.scores_all(id, &[(acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        assert!(evaluator.moderation(id).await.done().items.iter().all(|item| item.response != hidden));
        assert_eq!(office.chair.moderation(id).await.done().items.len(), 4);
        evaluator.revises(id, acme, criterion, 5, 1).await.refused(Refusal::Unseen);
        office.chair.approves_record(id).await.done();
        // A ranking without one of them would be a false one.
        evaluator.result(id).await.refused(Refusal::Recused);
        let result = office.officer.result(id).await.done();
        assert!(result.outcome.different_evaluators);
        assert_eq!(result.finals.len(), 10);
    }
}

#[tokio::test]
async fn who_is_removed_is_out_of_the_round() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let id = office.challenge;
        office.second.declares_conflict(id, &office.brook).await.done();
        office.officer.settles(id, "removed").await.done();
        office.second.room(id).await.refused(Refusal::Removed);
        office.second.declares_nothing(id).await.refused(Refusal::Removed);
        for person in [&office.chair, &office.evaluator] {
            person.declares_nothing(id).await.done();
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        assert_eq!(office.stage(id).await, domain::challenge::Stage::Moderation, "the panel does not wait for it");
        office.second.moderation(id).await.refused(Refusal::NotYours);
    }
}

#[tokio::test]
async fn own_scores_are_seen_by_nobody_and_stand_once_locked() {
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let (id, criterion) = (office.challenge, criterion(&office).await);
        let version = office.evaluator.scores(id, &office.acme, criterion, 3, 0).await.done();
        office.evaluator.scores(id, &office.acme, criterion, 4, 0).await.stale();
        let version = office.evaluator.scores(id, &office.acme, criterion, 4, version).await.done();
        assert_eq!(version, 2);
        office.evaluator.scores(id, &office.acme, criterion, 6, version).await.invalid("points");
        office.evaluator.locks(id).await.invalid("scores-missing");
        assert!(office.chair.room(id).await.done().scores.is_empty(), "the chair sees the own scores only");
        let panel = workflow::evaluation::read_panel(&office.desk, &office.chair.actor, id).await.done();
        assert!(panel.seats.iter().all(|seat| seat.scores == 0), "and no counts of others");
        office.evaluator.scores(id, &office.brook, criterion, 2, 0).await.done();
        let room = office.evaluator.room(id).await.done();
        for (response, criterion) in room.way.cells().iter().copied().filter(|cell| !room.scores.contains_key(cell)) {
            let of = if response == office.acme.response(id).await { &office.acme } else { &office.brook };
            office.evaluator.scores(id, of, criterion, 3, 0).await.done();
        }
        office.evaluator.locks(id).await.done();
        office.evaluator.scores(id, &office.acme, criterion, 5, version).await.refused(Refusal::Locked);
        office.evaluator.locks(id).await.refused(Refusal::Locked);
        office.evaluator.declares_nothing(id).await.refused(Refusal::Locked);
        for (person, why) in
            [(&office.officer, Refusal::NotYours), (&office.outsider, Refusal::Unseen), (&office.acme.person, Refusal::Unseen)]
        {
            person.scores(id, &office.acme, criterion, 5, 0).await.refused(why);
        }
    }
}

/// What comes to light after the scores were seen is declared then, and leaves the result with its scores.
#[tokio::test]
async fn a_conflict_that_comes_to_light_late_is_declared_late() {
    for throwaway in testing::each().await {
        let office = Office::moderation(throwaway).await;
        let (id, evaluator) = (office.challenge, &office.evaluator);
        evaluator.declares_nothing(id).await.refused(Refusal::Locked);
        office.chair.proposes_record(id).await.done();
        evaluator.signs_record(id).await.done();
        office.second.signs_record(id).await.done();
        evaluator.declares_conflict(id, &office.acme).await.done();
        evaluator.moderation(id).await.refused(Refusal::NotYours);
        office.chair.closes_record(id).await.invalid("record-unsettled");
        office.officer.settles(id, "recused").await.done();
        let hidden = office.acme.response(id).await;
        assert!(evaluator.moderation(id).await.done().items.iter().all(|item| item.response != hidden));
        office.chair.closes_record(id).await.invalid("record-unsigned");
        office.chair.approves_record(id).await.done();
        let result = office.officer.result(id).await.done();
        assert!(result.outcome.different_evaluators);
        assert_eq!(result.finals.len(), 2 * 2 + 3 * 2, "two of Acme in two criteria, three of Brook");
        evaluator.declares_conflict(id, &office.brook).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn a_revision_keeps_the_old_value() {
    for throwaway in testing::each().await {
        let office = Office::moderation(throwaway).await;
        let (id, criterion) = (office.challenge, criterion(&office).await);
        office.evaluator.revises(id, &office.acme, criterion, 2, 0).await.stale();
        office.evaluator.revises(id, &office.acme, criterion, 2, 1).await.done();
        office.evaluator.revises(id, &office.acme, criterion, 5, 1).await.stale();
        let moderation = office.second.moderation(id).await.done();
        let own = office.acme.response(id).await;
        let item = moderation.items.iter().find(|item| item.response == own && item.criterion == criterion).unwrap();
        assert_eq!(item.spread, 2);
        assert_eq!(moderation.items[0].response, own, "widest first");
        let (_, newest, history) = item.scores.iter().find(|(_, _, history)| !history.is_empty()).unwrap();
        assert_eq!(
            (newest.points, newest.n, history[0].points, history[0].reason.as_str()),
            (2, 2, 4, "It says how, and shows it.")
        );

        office.chair.approves_record(id).await.done();
        office.evaluator.revises(id, &office.acme, criterion, 5, 2).await.refused(Refusal::Stage);
        let result = office.officer.result(id).await.done();
        let points: Vec<i64> = result
            .finals
            .iter()
            .filter(|row| row.response == own.get() && row.criterion == criterion.get())
            .map(|row| row.points)
            .collect();
        assert_eq!(points.iter().sum::<i64>(), 4 + 2 + 4, "the newest counts");
    }
}

#[tokio::test]
async fn who_answers_takes_no_seat_and_learns_nothing_before_the_opening() {
    for throwaway in testing::each().await {
        let office = Office::closed(throwaway).await;
        let id = office.challenge;
        // Before the opening an appointment must not tell who answered.
        office.officer.appoints(id, &office.acme.person, "adviser").await.done();
        office.officer.opens(id).await.done();
        office.acme.person.declares_nothing(id).await.done();
        office.acme.person.lists(id).await.refused(Refusal::Supplies);
        // A seat that an officer gave keeps nobody from what is their own.
        assert!(office.acme.own(id).await.done().facts.submitted);
        office.officer.appoints(id, &office.brook.person, "observer").await.refused(Refusal::Supplies);
        office.officer.appoints(id, &office.outsider, "chair").await.invalid("one-chair");
        office.officer.appoints(id, &office.chair, "adviser").await.invalid("seat-taken");
        office.outsider.appoints(id, &office.outsider, "adviser").await.refused(Refusal::Unseen);
        let panel = workflow::evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done();
        assert_eq!(panel.parties.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Acme", "Brook"]);
        assert!(panel.seats.iter().any(|seat| seat.standing == SeatStanding::Undeclared));
    }
}

#[tokio::test]
async fn the_team_sees_names() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let names: Vec<Named> =
            office.officer.lists(office.challenge).await.done().responses.into_iter().map(|one| one.named).collect();
        assert!(names.contains(&Named::Supplier("Acme".into())), "{names:?}");
    }
}

/// There is nothing to flag in a decision: once the record is approved, no verb changes a score, and none brings the scoring back.
#[tokio::test]
async fn after_the_record_no_score_changes() {
    for throwaway in testing::each().await {
        let office = Office::moderation(throwaway).await;
        let (id, criterion) = (office.challenge, criterion(&office).await);
        office.chair.approves_record(id).await.done();
        let before = office.officer.result(id).await.done();
        for person in office.panel() {
            person.scores(id, &office.acme, criterion, 1, 1).await.refused(Refusal::Locked);
            person.revises(id, &office.acme, criterion, 1, 1).await.refused(Refusal::Stage);
            person.locks(id).await.refused(Refusal::Locked);
        }
        office.chair.approves_record(id).await.refused(Refusal::Stage);
        let after = office.officer.result(id).await.done();
        assert_eq!(after.outcome, before.outcome);
    }
}
