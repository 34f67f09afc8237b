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
        evaluator.gives(&office, cell, "5", "It is shown after all.", "0").await.done();
        evaluator.gives(&office, cell, "1", "Of a tab that read the first one.", "1").await.stale();
        clear(evaluator, "2").await.done();
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

/// The panel reads without names: an officer leaves out of an answer what would tell whose it is. The original stays.
#[tokio::test]
async fn an_officer_leaves_names_out_and_the_original_stays() {
    use domain::challenge::Section;
    use domain::response::LEFT_OUT;
    use workflow::response;
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (id, officer, evaluator) = (office.challenge, &office.officer, &office.evaluator);
        let anonymous = fields(&[("anonymous", "yes")]);
        workflow::challenge::save_section(&office.desk, &officer.actor, id, Section::Panel, anonymous, 0).await.done();
        office.publish(id).await;
        for (person, role) in [(&office.chair, "chair"), (evaluator, "evaluator")] {
            officer.appoints(id, person, role).await.done();
        }
        office.acme.answers_with(id, "We at ACME\nWorks sweep at night; Acme does.", "90000").await.done();
        office.acme.submits(id).await.done();
        office.brook.takes_part(id).await;
        office.pass_deadline().await;
        officer.opens(id).await.done();
        evaluator.declares_nothing(id).await.done();
        let acme = office.acme.response(id).await;
        let leaves_out = async |who: &office::people::Person, words: &str| {
            response::redact_response(&who.desk, &who.actor, id, acme, &fields(&[("words", words)])).await
        };
        leaves_out(officer, "ab").await.invalid("redact-short");
        leaves_out(officer, "Brook").await.invalid("redact-not-found");
        leaves_out(evaluator, "Acme Works").await.refused(Refusal::NotYours);
        leaves_out(&office.acme.person, "Acme Works").await.refused(Refusal::Unseen);
        leaves_out(officer, "Acme  Works").await.done();
        leaves_out(officer, "acme").await.done();
        leaves_out(officer, "acme").await.invalid("redact-twice");

        let read = async |who: &office::people::Person| {
            let round = who.lists(id).await.done();
            round.responses.into_iter().find(|found| found.id == acme).unwrap().content
        };
        let seat = read(evaluator).await;
        let said = |content: &domain::response::Content| content.answers.values().cloned().collect::<Vec<_>>().join("|");
        assert!(!said(&seat).to_lowercase().contains("acme"), "{}", said(&seat));
        assert!(said(&seat).contains(&format!("We at {LEFT_OUT} sweep at night; {LEFT_OUT} does.")), "{}", said(&seat));
        assert!(said(&read(officer).await).contains("We at ACME\nWorks sweep"), "the original stays");
        let one = evaluation::read_to_score(&evaluator.desk, &evaluator.actor, id, acme).await.done().1;
        assert_eq!(one[&acme], seat, "the room reads the same");

        let kept = response::read_redactions(&office.desk, &officer.actor, acme).await.done().unwrap();
        assert_eq!(kept.iter().map(|row| row.words.as_str()).collect::<Vec<_>>(), ["Acme Works", "acme"]);
        assert!(response::read_redactions(&office.desk, &evaluator.actor, acme).await.done().is_none());
        for row in kept {
            let which = fields(&[("redaction", &domain::ids::to_text(row.id))]);
            response::end_redaction(&office.desk, &officer.actor, acme, &which).await.done();
            response::end_redaction(&office.desk, &officer.actor, acme, &which).await.stale();
        }
        assert!(said(&read(evaluator).await).contains("We at ACME\nWorks sweep"));
    }
}

/// Before the lock a scorer reads what a court would ask about, of the own reasons alone.
#[tokio::test]
async fn own_reasons_are_looked_at_before_the_lock() {
    use domain::evaluation::FaultKind;
    for throwaway in testing::each().await {
        let office = Office::scoring(throwaway).await;
        let (id, evaluator) = (office.challenge, &office.evaluator);
        let room = evaluation::read_scoring_room(&office.desk, &evaluator.actor, id).await.done();
        assert!(evaluation::own_faults(&room).is_empty(), "nothing is written");
        for cell in room.way.cells().to_vec() {
            let score = fields(&[("points", "3"), ("reason", "It is better than the other responses."), ("seen", "0")]);
            evaluation::score_response(&office.desk, &evaluator.actor, id, cell.0, cell.1, &score).await.done();
        }
        let room = evaluation::read_scoring_room(&office.desk, &evaluator.actor, id).await.done();
        let kinds: Vec<FaultKind> = evaluation::own_faults(&room).into_iter().map(|fault| fault.kind).collect();
        assert!(kinds.contains(&FaultKind::Compares) && kinds.contains(&FaultKind::Copied), "{kinds:?}");
        let other = evaluation::read_scoring_room(&office.desk, &office.second.actor, id).await.done();
        assert!(evaluation::own_faults(&other).is_empty(), "not another's");
    }
}
