//! A scorer's room, a score in it, the lock.

use std::collections::BTreeMap;

use domain::challenge::Reasons;
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId, RoundId, SeatId};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::points::Points;
use domain::policy::{self, ChallengeFacts, LockScores, ScoreResponse};
use store::{Lock, ScoreRow};

use super::assign::Assigned;
use super::round_of;
use crate::challenge::facts;
use crate::response::{OpenedResponse, OpenedRound, opened_round};
use crate::{Desk, Error, Result, notice};

/// Least characters of a reason: long enough that "ok" is none.
pub const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 4_000;

/// A scorer's room: responses, criteria, own scores, and how far along.
pub struct ScoringRoom {
    pub round: OpenedRound,
    pub seat: SeatId,
    pub locked: bool,
    pub scores: BTreeMap<(ResponseId, CriterionId), ScoreRow>,
}

impl ScoringRoom {
    /// (scored, of all)
    pub fn progress(&self) -> (usize, usize) {
        let all = self.round.responses.len() * self.round.terms.leaves().count();
        (self.scores.len(), all)
    }

    /// Cells in the order in which they are worked through: response by response.
    pub fn cells(&self) -> Vec<(ResponseId, CriterionId)> {
        let criteria: Vec<CriterionId> = self.round.terms.leaves().map(|leaf| leaf.id()).collect();
        self.round.responses.iter().flat_map(|response| criteria.iter().map(|criterion| (response.id, *criterion))).collect()
    }

    pub fn next_unscored(&self, after: Option<(ResponseId, CriterionId)>) -> Option<(ResponseId, CriterionId)> {
        let cells = self.cells();
        let start = after.and_then(|at| cells.iter().position(|cell| *cell == at)).map_or(0, |at| at + 1);
        cells[start..].iter().chain(&cells[..start]).find(|cell| !self.scores.contains_key(cell)).copied()
    }

    pub fn response(&self, id: ResponseId) -> Option<&OpenedResponse> {
        self.round.responses.iter().find(|response| response.id == id)
    }
}

pub async fn read_scoring_room(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ScoringRoom> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ScoreResponse>(&mut conn, actor, challenge, Lock::None).await?;
        policy::score_response(actor, &facts, false)?;
        let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
        let locked = facts.seat.as_ref().is_some_and(|seat| seat.locked);
        let scores = conn
            .scores_of(seat)
            .await?
            .into_iter()
            .map(|row| ((ResponseId(row.response), CriterionId(row.criterion)), row))
            .collect::<BTreeMap<_, _>>();
        let number = round_of(&facts)?;
        let mut round = opened_round(desk, &mut conn, facts).await?;
        let assigned = Assigned::read(&mut conn, &round.terms, number, seat).await?;
        // What the check excluded is not scored.
        round.responses.retain(|response| response.excluded.is_none() && assigned.has(response.id));
        let visible: Vec<ResponseId> = round.responses.iter().map(|response| response.id).collect();
        let scores = scores.into_iter().filter(|((response, _), _)| visible.contains(response)).collect();
        Ok(ScoringRoom { round, seat, locked, scores })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Fields `points` (0 to max), `reason` and `seen` (the version that was read, 0 for none).
pub async fn score_response(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<i64> {
    let fields = fields.clone();
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ScoreResponse>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let unassigned = !assigned(tx, &facts).await?.has(response);
            let permit = policy::score_response(&who, &facts, target.hidden || unassigned)?;
            let (points, reason, seen) = parse_score(&fields, &target)?;
            Ok(tx.score_response(&permit, response, criterion, points, &reason, seen).await?)
        })
    })
    .await
}

/// What the actor's seat scores.
async fn assigned(tx: &mut store::Tx, facts: &ChallengeFacts) -> Result<Assigned> {
    let terms = tx.challenge_row(facts.challenge).await?.map(|row| row.terms()).transpose()?.flatten().unwrap_or_default();
    let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
    // Before there is a round the policy refuses anyway.
    Assigned::read(tx, &terms, facts.round.unwrap_or(RoundId(0)), seat).await
}

/// What a score is given on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Target {
    /// The actor's seat may not see the response: recused, or there is no such response or criterion here.
    pub hidden: bool,
    /// The end of the scale.
    pub max: u8,
    pub threshold: Option<u8>,
    pub reasons: Reasons,
}

pub(super) async fn target(
    tx: &mut store::Tx,
    facts: &ChallengeFacts,
    response: ResponseId,
    criterion: CriterionId,
) -> Result<Target> {
    let unseen = Target { hidden: true, ..Target::default() };
    let Some(round) = facts.round else { return Ok(unseen) };
    let recused = match &facts.seat {
        Some(seat) => tx.recusals(seat.id).await?.contains(&response),
        None => true,
    };
    let here = scored_responses(tx, round).await?.iter().any(|row| row.id == response.get());
    let terms = tx.challenge_row(facts.challenge).await?.map(|row| row.terms()).transpose()?.flatten();
    let found = terms.as_ref().and_then(|terms| {
        let leaf = terms.leaf(criterion)?;
        Some(Target { hidden: false, max: leaf.max(), threshold: leaf.criterion.threshold, reasons: terms.panel.reasons })
    });
    Ok(found.filter(|_| here && !recused).unwrap_or(unseen))
}

/// The responses that are scored: those that stand and the check did not exclude.
pub(super) async fn scored_responses(tx: &mut store::Tx, round: RoundId) -> Result<Vec<store::ResponseRow>> {
    let excluded = tx.excluded(round).await?;
    let mut standing = tx.standing_responses(round).await?;
    standing.retain(|row| !excluded.contains(&ResponseId(row.id)));
    Ok(standing)
}

pub(super) fn parse_score(fields: &Fields, target: &Target) -> Result<(u8, String, i64)> {
    let mut errors = Errors::default();
    let max = target.max;
    let points = match Points::parse(fields.get("points"), max) {
        Ok(points) => points.get(),
        Err(_) => {
            errors.add(FieldError::new("points", "points").with("max", max));
            0
        }
    };
    let asked = target.reasons.asked(points, target.threshold);
    let reason = errors.text(fields, "reason", asked, LONGEST_REASON);
    let length = reason.chars().count();
    if length > 0 && length < SHORTEST_REASON {
        errors.add(FieldError::new("reason", "reason-short").with("min", SHORTEST_REASON));
    }
    let seen = fields.get("seen").parse().unwrap_or(0);
    errors.done((points, reason, seen)).map_err(Error::Invalid)
}

/// Locks the own scores: all given, each with its reason; nothing changes in them before moderation.
pub async fn lock_scores(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<LockScores>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::lock_scores(&who, &facts)?;
            let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
            let terms = tx.challenge_row(challenge).await?.map(|row| row.terms()).transpose()?.flatten();
            let criteria = terms.as_ref().map_or(0, |terms| terms.leaves().count());
            let recused = tx.recusals(seat).await?;
            let assigned = assigned(tx, &facts).await?;
            if assigned.waits() {
                return Err(Error::field("lock", "not-assigned"));
            }
            let standing: Vec<_> = scored_responses(tx, round_of(&facts)?)
                .await?
                .into_iter()
                .filter(|row| !recused.contains(&ResponseId(row.id)) && assigned.has(ResponseId(row.id)))
                .collect();
            let scores = tx.scores_of(seat).await?;
            let given = scores.iter().filter(|score| standing.iter().any(|row| row.id == score.response)).count();
            let missing = (standing.len() * criteria).saturating_sub(given);
            if missing > 0 {
                return Err(Error::Invalid(vec![FieldError::new("lock", "scores-missing").with("missing", missing)]));
            }
            if terms.is_some_and(|terms| terms.panel.reasons == Reasons::Sift) {
                let said = |response: i64| scores.iter().any(|score| score.response == response && !score.reason.is_empty());
                let missing = standing.iter().filter(|row| !said(row.id)).count();
                if missing > 0 {
                    return Err(Error::Invalid(vec![FieldError::new("lock", "sift-reasons").with("missing", missing)]));
                }
            }
            tx.lock_scores(&permit, event).await?;
            if facts.standing.locked + 1 == facts.standing.scorers {
                let told = notice::about(tx, EventKind::ModerationBegun, event, challenge).await?;
                tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/moderation"))).await?;
            }
            Ok(())
        })
    })
    .await
}
