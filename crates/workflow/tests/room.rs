//! The scoring room: own order, points before their reason, taking back, the lock and its unlocking.

mod office;

use domain::challenge::Stage;
use domain::evaluation::{Cell, CellState};
use domain::notice::EventKind;
use domain::policy::Refusal;
use office::{Office, Told, fields};
use store::testing;
use workflow::{evaluation, notice};

impl office::people::Person {
    async fn gives(&self, office: &Office, cell: Cell, points: &str, reason: &str, seen: &str) -> Result<i64, workflow::Error> {
        let typed = fields(&[("points", points), ("reason", reason), ("seen", seen), ("next_point", "A figure for night work.")]);
        evaluation::score_response(&self.desk, &self.actor, office.challenge, cell.0, cell.1, &typed).await
    }

    async fn unlocks(&self, office: &Office, whom: &Self, reason: &str) -> Result<(), workflow::Error> {
        let panel = evaluation::read_panel(&self.desk, &self.actor, office.challenge).await.done();
        let user = whom.actor.user().unwrap().get();
        let seat = panel.seats.iter().find(|seat| seat.user == user).unwrap().id;
        let typed = fields(&[("seat", &seat.to_string()), (&format!("unlock-{seat}"), reason)]);
        evaluation::unlock_scores(&self.desk, &self.actor, office.challenge, &typed).await
    }
}

#[tokio::test]
async fn points_may_come_first_and_the_lock_waits_for_their_reasons() {
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let (id, evaluator) = (office.challenge, &office.evaluator);
        let room = evaluator.room(id).await.done();
        let cells = room.way.cells().to_vec();
        assert_eq!((cells.len(), room.way.resume(), room.way.begun()), (4, Some(cells[0]), false));
        for cell in &cells {
            evaluator.gives(&office, *cell, "3", "", "0").await.done();
        }
        let room = evaluator.room(id).await.done();
        assert_eq!((room.progress(), room.need_reason()), ((4, 4), 4));
        assert_eq!(room.way.resume(), Some(cells[3]), "the last one worked on still needs its reason");
        evaluator.locks(id).await.invalid("reasons-missing");
        for (cell, reason) in cells.iter().zip(["It shows how.", "It shows how.", "It shows how.", "short"]) {
            evaluator.gives(&office, *cell, "3", reason, "1").await.done();
        }
        let room = evaluator.room(id).await.done();
        assert_eq!(room.way.state(cells[3]), CellState::NeedsReason, "a reason that says nothing is none");
        assert_eq!(room.scores[&cells[0]].next_point, "A figure for night work.");
        evaluator.locks(id).await.invalid("reasons-missing");
        evaluator.gives(&office, cells[3], "5", "Nothing is left to ask.", "2").await.done();
        let room = evaluator.room(id).await.done();
        assert_eq!(room.scores[&cells[3]].next_point, "", "above the top of the scale there is no point more");
        assert_eq!(room.way.resume(), None);
        evaluator.locks(id).await.done();
    }
}

#[tokio::test]
async fn a_score_is_taken_back_by_who_read_it_and_only_before_the_lock() {
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let (id, evaluator) = (office.challenge, &office.evaluator);
        let cell = evaluator.room(id).await.done().way.cells()[0];
        let clear = async |who: &office::people::Person, seen: &str| {
            evaluation::clear_score(&who.desk, &who.actor, id, cell.0, cell.1, &fields(&[("seen", seen)])).await
        };
        evaluator.gives(&office, cell, "0", "Nothing is shown.", "0").await.done();
        clear(evaluator, "2").await.stale();
        clear(&office.chair, "1").await.stale();
        clear(evaluator, "1").await.done();
        assert_eq!(evaluator.room(id).await.done().way.state(cell), CellState::Open, "not scored is not 0");
        clear(evaluator, "1").await.stale();
        evaluator.scores_all(id, &[(&office.acme, 3), (&office.brook, 3)]).await;
        evaluator.locks(id).await.done();
        clear(evaluator, "1").await.refused(Refusal::Locked);
    }
}

#[tokio::test]
async fn the_chair_unlocks_with_a_reason_until_all_have_locked() {
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let (id, evaluator, chair) = (office.challenge, &office.evaluator, &office.chair);
        let cell = evaluator.room(id).await.done().way.cells()[0];
        chair.unlocks(&office, evaluator, "Read the wrong annex.").await.refused(Refusal::Unseen);
        evaluator.scores_all(id, &[(&office.acme, 3), (&office.brook, 3)]).await;
        evaluator.locks(id).await.done();
        // What is locked is read, and not written.
        let room = evaluator.room(id).await.done();
        assert!(room.locked && room.scores.len() == 4);
        evaluator.gives(&office, cell, "4", "It shows how.", "1").await.refused(Refusal::Locked);
        for other in [evaluator, &office.second, &office.officer] {
            other.unlocks(&office, evaluator, "Read the wrong annex.").await.refused(Refusal::NotYours);
        }
        chair.unlocks(&office, evaluator, "").await.invalid("empty");
        chair.unlocks(&office, evaluator, "so").await.invalid("reason-short");
        chair.unlocks(&office, evaluator, "Read the wrong annex.").await.done();
        let room = evaluator.room(id).await.done();
        assert!(!room.locked);
        assert_eq!(room.unlocked.unwrap().reason, "Read the wrong annex.");
        assert_eq!(office.recorded("unlock_scores", "done").await, 1);
        let told = notice::list_notices(&office.desk, &evaluator.actor, 1).await.done().page;
        assert!(told.iter().any(|told| told.kind == EventKind::ScoresUnlocked), "the scorer is told");
        evaluator.gives(&office, cell, "4", "It shows how.", "1").await.done();
        evaluator.locks(id).await.done();
        assert!(evaluator.room(id).await.done().unlocked.is_none(), "locked anew");
        for person in [chair, &office.second] {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        assert_eq!(office.stage(id).await, Stage::Moderation);
        chair.unlocks(&office, evaluator, "Read the wrong annex.").await.refused(Refusal::Stage);
        evaluator.room(id).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn a_room_reads_one_response_and_never_one_that_is_hidden() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let (id, evaluator) = (office.challenge, &office.evaluator);
        evaluator.declares_conflict(id, &office.acme).await.done();
        office.officer.settles(id, "recused").await.done();
        let [acme, brook] = [office.acme.response(id).await, office.brook.response(id).await];
        let read = async |response| evaluation::read_to_score(&evaluator.desk, &evaluator.actor, id, response).await.done().1;
        assert!(read(acme).await.is_empty());
        assert_eq!(read(brook).await.into_keys().collect::<Vec<_>>(), [brook]);
        let across = evaluation::read_across(&evaluator.desk, &evaluator.actor, id).await.done();
        assert_eq!(across.1.into_keys().collect::<Vec<_>>(), [brook]);
        assert_eq!(across.0.way.responses(), [brook]);
    }
}
