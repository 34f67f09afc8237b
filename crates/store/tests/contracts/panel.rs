//! The panel: scores, declarations that are never lifted by declaring again, seats, the opening's keys.

use domain::challenge::Method;
use domain::ids::{CriterionId, DeclarationId, ResponseId, SeatId};
use domain::organisation::Actor;
use domain::policy::{self, Candidate, SeatRole, SeatStanding};
use store::{Lock, testing};

use crate::office::{Fault, Office, Supplier, facts_of, id, nobody, plain_opening, unsealed, user};

fn given(points: u8) -> store::GivenScore {
    store::GivenScore { points, reason: "because".into(), next_point: "no figure".into() }
}

/// An opened round with one evaluator.
struct Panel {
    office: Office,
    acme: Supplier,
    evaluator: Actor,
    seat: SeatId,
}

impl Panel {
    async fn new(store: &store::Store) -> Self {
        let office = Office::with_open_challenge(store).await;
        let acme = office.supplier().await;
        acme.submits(store).await.expect("in time");
        let evaluator = nobody(user(store).await);
        let seat = SeatId(id());
        let (who, challenge, whom) = (office.officer.clone(), office.challenge, evaluator.user().expect("a user").get());
        verb!(store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            Ok::<_, Fault>(tx.appoint_seat(&policy::appoint_seat(&who, &facts, Candidate::default())?, seat, whom, SeatRole::Evaluator, None, None).await?)
        })
        .await
        .expect("a seat");
        office.pass_deadline().await;
        assert_eq!(office.open_responses(store).await.expect("opened"), 1);
        Self { office, acme, evaluator, seat }
    }

    async fn declare(&self, parties: Vec<ResponseId>) -> Result<DeclarationId, Fault> {
        let (who, challenge, declaration) = (self.evaluator.clone(), self.office.challenge, DeclarationId(id()));
        verb!(self.office.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Share).await;
            tx.declare_interest(&policy::declare_interest(&who, &facts, !parties.is_empty())?, declaration, "", &[], &parties).await?;
            Ok(declaration)
        })
        .await
    }

    async fn settle(&self, declaration: DeclarationId, kind: &'static str) -> Result<(), Fault> {
        let (who, challenge, seat) = (self.office.officer.clone(), self.office.challenge, self.seat);
        verb!(self.office.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            Ok(tx.settle_declaration(&policy::settle_declaration(&who, &facts, seat)?, declaration, kind, "because").await?)
        })
        .await
    }

    async fn score(&self, points: u8, seen: i64) -> Result<i64, Fault> {
        let (who, challenge, response) = (self.evaluator.clone(), self.office.challenge, self.acme.response);
        verb!(self.office.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Share).await;
            let permit = policy::score_response(&who, &facts, false)?;
            Ok(tx.score_response(&permit, response, CriterionId(1), &given(points), seen).await?)
        })
        .await
    }

    async fn standing(&self) -> SeatStanding {
        let mut conn = self.office.store.read().await.expect("a reader");
        let facts = facts_of(&mut conn, &self.evaluator, self.office.challenge, Lock::None).await;
        let listed = conn.seats(self.office.round).await.expect("seats");
        let own = facts.seat.expect("a seat").standing;
        assert_eq!(listed.iter().find(|seat| seat.id == self.seat).expect("listed").standing, own, "facts and list agree");
        own
    }

    async fn recused(&self) -> bool {
        let mut conn = self.office.store.read().await.expect("a reader");
        let facts = conn.response_facts(&self.evaluator, self.acme.response, Lock::None).await.expect("a read").expect("there");
        let listed = conn.recusals(self.seat).await.expect("recusals").contains(&self.acme.response);
        assert_eq!(facts.recused, listed, "facts and list agree");
        listed
    }
}

#[tokio::test]
async fn a_score_is_written_over_what_was_read_or_not_at_all() {
    for db in testing::each().await {
        let panel = Panel::new(&db.store).await;
        panel.declare(Vec::new()).await.expect("no conflict");
        assert_eq!(panel.score(3, 0).await.expect("new"), 1, "{}", db.kind);
        assert!(panel.score(4, 0).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        assert_eq!(panel.score(0, 1).await.expect("as read"), 2, "{}", db.kind);
        assert!(panel.score(5, 1).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        let scores = db.store.read().await.expect("a reader").scores_of(panel.seat).await.expect("scores");
        assert_eq!((scores.len(), scores[0].points, scores[0].row_version), (1, 0, 2), "{}: a 0 is a 0", db.kind);
    }
}

#[tokio::test]
async fn a_revision_keeps_the_old_value_and_is_made_on_the_newest() {
    for db in testing::each().await {
        let panel = Panel::new(&db.store).await;
        panel.declare(Vec::new()).await.expect("no conflict");
        panel.score(3, 0).await.expect("new");
        let (who, challenge, response) = (panel.evaluator.clone(), panel.office.challenge, panel.acme.response);
        verb!(db.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            Ok::<_, Fault>(tx.lock_scores(&policy::lock_scores(&who, &facts)?, id()).await?)
        })
        .await
        .expect("locked");
        assert_eq!(panel.score(4, 1).await.expect_err("locked").refused(), Some("locked"), "{}", db.kind);
        let revise = async |points: u8, seen: i64| {
            let who = panel.evaluator.clone();
            verb!(db.store, tx => {
                let facts = facts_of(tx, &who, challenge, Lock::Share).await;
                let permit = policy::revise_score(&who, &facts, Method::MeanAfterDiscussion, false)?;
                Ok::<_, Fault>(tx.revise_score(&permit, response, CriterionId(1), points, "discussed", seen).await?)
            })
            .await
        };
        revise(5, 1).await.expect("as read");
        assert!(revise(1, 1).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        assert!(revise(1, 3).await.is_err_and(|fault| fault.is_stale()), "{}: of what there is not", db.kind);
        let all = db.store.read().await.expect("a reader").scores(panel.office.round).await.expect("scores");
        assert_eq!(all.iter().map(|score| (score.n, score.points)).collect::<Vec<_>>(), [(1, 3), (2, 5)], "{}", db.kind);
    }
}

#[tokio::test]
async fn nobody_lifts_an_own_conflict_by_declaring_again() {
    for db in testing::each().await {
        let panel = Panel::new(&db.store).await;
        assert_eq!(panel.standing().await, SeatStanding::Undeclared, "{}", db.kind);
        let first = panel.declare(vec![panel.acme.response]).await.expect("a conflict");
        assert_eq!(panel.standing().await, SeatStanding::Unsettled, "{}", db.kind);
        panel.declare(Vec::new()).await.expect("taken back");
        assert_eq!(panel.standing().await, SeatStanding::Unsettled, "{}: somebody else settles it", db.kind);
        panel.settle(first, "recused").await.expect("settled");
        assert!(panel.settle(first, "clear").await.is_err_and(|fault| fault.is_stale()), "{}: settled once", db.kind);
        assert_eq!(panel.standing().await, SeatStanding::Recused, "{}", db.kind);
        panel.declare(Vec::new()).await.expect("declared again");
        assert_eq!(panel.standing().await, SeatStanding::Recused, "{}", db.kind);
        assert!(panel.recused().await, "{}", db.kind);
        let second = panel.declare(vec![panel.acme.response]).await.expect("a conflict");
        assert_eq!(panel.standing().await, SeatStanding::Unsettled, "{}", db.kind);
        panel.settle(second, "removed").await.expect("settled");
        assert_eq!(panel.standing().await, SeatStanding::Removed, "{}", db.kind);
        assert_eq!(panel.declare(Vec::new()).await.expect_err("out").refused(), Some("removed"), "{}", db.kind);
    }
}

#[tokio::test]
async fn a_declaration_is_settled_by_its_own_seat_alone() {
    for db in testing::each().await {
        let panel = Panel::new(&db.store).await;
        let declaration = panel.declare(vec![panel.acme.response]).await.expect("a conflict");
        let (who, challenge) = (panel.office.officer.clone(), panel.office.challenge);
        let elsewhere = verb!(db.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            let permit = policy::settle_declaration(&who, &facts, SeatId(404))?;
            Ok::<_, Fault>(tx.settle_declaration(&permit, declaration, "clear", "").await?)
        });
        assert!(elsewhere.await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
    }
}

#[tokio::test]
async fn a_person_sits_once_and_only_a_seat_that_there_is_ends() {
    for db in testing::each().await {
        let panel = Panel::new(&db.store).await;
        let (who, challenge, whom) =
            (panel.office.officer.clone(), panel.office.challenge, panel.evaluator.user().expect("a user"));
        let twice = verb!(db.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            let permit = policy::appoint_seat(&who, &facts, Candidate::default())?;
            Ok::<_, Fault>(tx.appoint_seat(&permit, SeatId(id()), whom.get(), SeatRole::Chair, None, None).await?)
        });
        assert!(twice.await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        for (seat, ends) in [(SeatId(404), false), (panel.seat, true), (panel.seat, false)] {
            let who = panel.office.officer.clone();
            let ended = verb!(db.store, tx => {
                let facts = facts_of(tx, &who, challenge, Lock::Update).await;
                Ok::<_, Fault>(tx.end_seat(&policy::end_seat(&who, &facts, seat, false)?, panel.office.round, "moved away").await?)
            });
            assert_eq!(ended.await.is_ok(), ends, "{}: {seat:?}", db.kind);
        }
    }
}

#[tokio::test]
async fn the_opening_opens_what_stands_in_its_round_and_only_once() {
    for db in testing::each().await {
        let elsewhere = Panel::new(&db.store).await;
        let foreign = db.store.read().await.expect("a reader").submissions(elsewhere.acme.response).await.expect("rows")[0].id;
        let office = Office::with_open_challenge(&db.store).await;
        let (acme, gone) = (office.supplier().await, office.supplier().await);
        acme.submits(&db.store).await.expect("in time");
        let stands = acme.submits(&db.store).await.expect("again");
        let withdrawn = gone.submits(&db.store).await.expect("in time");
        let own = gone.clone();
        verb!(db.store, tx => {
            let facts = tx.response_facts(&own.actor, own.response, Lock::Share).await?.expect("the response");
            Ok::<_, Fault>(tx.withdraw_response(&policy::withdraw_response(&own.actor, &facts)?, id(), own.round).await?)
        })
        .await
        .expect("withdrawn");
        office.pass_deadline().await;
        let (who, challenge) = (office.officer.clone(), office.challenge);
        let stray = verb!(db.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            let keys = [unsealed(stands.get()), unsealed(foreign)];
            let permit = policy::open_responses(&who, &facts, false)?;
            Ok::<_, Fault>(tx.open_responses(&permit, plain_opening(Vec::new()), &keys).await?)
        });
        assert!(stray.await.is_err_and(|fault| fault.is_stale()), "{}: a submission of another round", db.kind);
        assert_eq!(office.open_responses(&db.store).await.expect("opened"), 1, "{}", db.kind);
        assert_eq!(office.open_responses(&db.store).await.expect_err("once").refused(), Some("stage"), "{}", db.kind);
        let mut conn = db.store.read().await.expect("a reader");
        assert!(conn.envelopes(stands).await.expect("rows")[0].opened_key.is_some(), "{}", db.kind);
        assert!(conn.envelopes(withdrawn).await.expect("rows")[0].opened_key.is_none(), "{}: of what was withdrawn", db.kind);
        let before = conn.submissions(acme.response).await.expect("rows")[1].id;
        let superseded = conn.envelopes(domain::ids::SubmissionId(before)).await.expect("rows");
        assert!(superseded[0].opened_key.is_none(), "{}: of what was superseded", db.kind);
    }
}
