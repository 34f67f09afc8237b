//! A scorer's room, a score in it, the lock.

use std::collections::{BTreeMap, BTreeSet};

use domain::challenge::{Reasons, Stage, Terms};
pub use domain::evaluation::SHORTEST_REASON;
use domain::evaluation::{Cell, CellState, Given, Name, Reason, ReasonFault, RoomCriterion, Way, check_reasons};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId, RoundId, SeatId, UserId};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::points::Points;
use domain::policy::{self, ChallengeFacts, LockScores, ReadScoringRoom, ScoreResponse, UnlockScores};
use domain::response::Content;
use store::{GivenScore, Lock, ScoreRow, UnlockRow};

use super::assign::{Assigned, Unassigned};
use super::panel::tell_moderation;
use super::round_of;
use crate::challenge::facts;
use crate::response::{Named, NamedResponse, NamedRound, contents, named_round};
use crate::{Desk, Error, Result, notice};

const LONGEST_REASON: usize = 4_000;
const LONGEST_NEXT_POINT: usize = 2_000;

/// A scorer's room: responses, criteria, own scores, and how far along.
pub struct ScoringRoom {
    pub round: NamedRound,
    pub seat: SeatId,
    /// Locked: to be read, not to be changed.
    pub locked: bool,
    /// Something of the check is open again: to be read, not to be changed.
    pub rests: Option<Rest>,
    /// Nothing was given to it, where responses are assigned.
    pub unassigned: Option<Unassigned>,
    /// The chair gave the scores back since they were locked: when, and why.
    pub unlocked: Option<UnlockRow>,
    pub scores: BTreeMap<Cell, ScoreRow>,
    /// The own order, and what each cell lacks.
    pub way: Way,
}

/// Why scoring rests: who asked a supplier, and until when it may answer. Empty where nothing of it concerns a response that this
/// seat reads: a recusal hides that too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    pub asked: Option<(String, Moment)>,
}

impl ScoringRoom {
    /// (scored, of all); those that lack their reason are scored.
    pub fn progress(&self) -> (usize, usize) {
        (self.scores.len(), self.way.cells().len())
    }

    /// How many scores lack the reason that is asked for.
    pub fn need_reason(&self) -> usize {
        self.way.count(CellState::NeedsReason)
    }

    pub fn response(&self, id: ResponseId) -> Option<&NamedResponse> {
        self.round.responses.iter().find(|response| response.id == id)
    }
}

/// A look at the own reasons before they are locked: empty where one is asked, copied, naming or comparing with other responses.
/// Only what this seat wrote and may see goes into it.
pub fn own_faults(room: &ScoringRoom) -> Vec<ReasonFault> {
    let terms = &room.round.terms;
    let reasons: Vec<Reason> = room
        .scores
        .iter()
        .map(|((response, criterion), score)| Reason {
            response: response.get(),
            criterion: criterion.get(),
            seat: None,
            text: &score.reason,
            asked: room.way.state((*response, *criterion)) == CellState::NeedsReason && terms.leaf(*criterion).is_some(),
        })
        .collect();
    let names: Vec<Name> = room
        .round
        .responses
        .iter()
        .map(|response| match &response.named {
            Named::Supplier(name) => Name::Supplier { name, response: Some(response.id.get()) },
            Named::Pseudonym(number) => {
                Name::Number { number: u32::try_from(*number).unwrap_or(u32::MAX), response: response.id.get() }
            }
        })
        .collect();
    check_reasons(&reasons, &names)
}

/// What the room's responses say, for a page that reads one of them, or one question across all.
pub type Contents = BTreeMap<ResponseId, Content>;

/// The room alone: nothing is decrypted, so that the grid of hundreds of responses costs a few statements.
pub async fn read_scoring_room(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ScoringRoom> {
    Ok(read_room(desk, actor, challenge, Read::Nothing).await?.0)
}

/// The room and one response; a response that the seat may not see is not in the contents.
pub async fn read_to_score(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
) -> Result<(ScoringRoom, Contents)> {
    read_room(desk, actor, challenge, Read::One(response)).await
}

/// The room and all its responses.
pub async fn read_across(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<(ScoringRoom, Contents)> {
    read_room(desk, actor, challenge, Read::All).await
}

#[derive(Clone, Copy)]
enum Read {
    Nothing,
    One(ResponseId),
    All,
}

async fn read_room(desk: &Desk, actor: &Actor, challenge: ChallengeId, read: Read) -> Result<(ScoringRoom, Contents)> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadScoringRoom>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_scoring_room(actor, &facts)?;
        let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
        let locked = facts.seat.as_ref().is_some_and(|seat| seat.locked);
        let resting = facts.stage() == Stage::Checking;
        let unlocked = if locked { None } else { conn.unlocked(seat).await? };
        let rows = conn.scores_of(seat).await?;
        let number = round_of(&facts)?;
        let mut round = named_round(desk, &mut conn, facts).await?;
        let assigned = Assigned::read(&mut conn, &round.terms, number, seat).await?;
        // What the check excluded is not scored.
        round.responses.retain(|response| response.excluded.is_none() && assigned.has(response.id));
        let rests = resting.then(|| {
            let open = round.responses.iter().flat_map(|response| &response.clarified).filter(|asked| asked.open);
            Rest { asked: open.max_by_key(|asked| asked.deadline).map(|asked| (asked.by.clone(), asked.deadline)) }
        });
        let contents = match read {
            Read::Nothing => Contents::new(),
            Read::One(response) => contents(desk, &mut conn, &round, Some(response)).await?,
            Read::All => contents(desk, &mut conn, &round, None).await?,
        };
        let responses: BTreeSet<ResponseId> = round.responses.iter().map(|response| response.id).collect();
        let leaves: BTreeSet<CriterionId> = round.terms.leaves().map(|leaf| leaf.id()).collect();
        let scores: BTreeMap<Cell, ScoreRow> = rows
            .into_iter()
            .map(|row| ((ResponseId(row.response), CriterionId(row.criterion)), row))
            .filter(|((response, criterion), _)| responses.contains(response) && leaves.contains(criterion))
            .collect();
        let way = way(&round.terms, seat, &responses.into_iter().collect::<Vec<_>>(), scores.values());
        let unassigned = assigned.nothing();
        Ok((ScoringRoom { round, seat, locked, rests, unassigned, unlocked, scores, way }, contents))
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Whether an own score lacks the reason that is asked for: what the answer to a saved score says. Only this response is read.
pub async fn needs_reason(desk: &Desk, actor: &Actor, challenge: ChallengeId, cell: Cell) -> Result<bool> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadScoringRoom>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_scoring_room(actor, &facts)?;
        let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
        let (_, terms) = desk.round_terms(&mut conn, &facts).await?;
        let rows = conn.scores_of_response(seat, cell.0).await?;
        Ok(way(&terms, seat, &[cell.0], rows.iter()).state(cell) == CellState::NeedsReason)
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

fn way<'a>(terms: &Terms, seat: SeatId, responses: &[ResponseId], scores: impl Iterator<Item = &'a ScoreRow>) -> Way {
    let criteria: Vec<RoomCriterion> =
        terms.leaves().map(|leaf| RoomCriterion { id: leaf.id(), threshold: leaf.criterion.threshold }).collect();
    let given = scores
        .map(|row| {
            let cell = (ResponseId(row.response), CriterionId(row.criterion));
            let points = u8::try_from(row.points).unwrap_or(u8::MAX);
            (cell, Given { points, reason: row.reason.chars().count(), at: row.at })
        })
        .collect();
    Way::new(seat, responses, &criteria, terms.panel.reasons, &given)
}

/// Fields `points` (0 to max), `reason`, `next_point` (why not one point more) and `seen` (the version that was read, 0 for
/// none). Points may come before their reason: the cell then needs one, and the lock waits for it.
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
            let (points, reason, seen) = parse_score(&fields, &Target { reason_later: true, ..target })?;
            let mut errors = Errors::default();
            let next_point = errors.text(&fields, "next_point", false, LONGEST_NEXT_POINT);
            // From the top of the scale there is no next point.
            let next_point = if points < target.max { next_point } else { String::new() };
            let score = errors.done(GivenScore { points, reason, next_point }).map_err(Error::Invalid)?;
            Ok(tx.score_response(&permit, response, criterion, &score, seen).await?)
        })
    })
    .await
}

/// Takes a score back: the cell is open again. Field `seen`: the version that was read.
pub async fn clear_score(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let (seen, who) = (fields.get("seen").parse().unwrap_or(0), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ScoreResponse>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let unassigned = !assigned(tx, &facts).await?.has(response);
            let permit = policy::score_response(&who, &facts, target.hidden || unassigned)?;
            Ok(tx.clear_score(&permit, response, criterion, seen).await?)
        })
    })
    .await
}

/// What the actor's seat scores.
async fn assigned(tx: &mut store::Tx, facts: &ChallengeFacts) -> Result<Assigned> {
    let terms = tx.terms_of(facts).await?.unwrap_or_default();
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
    /// The reason may still be missing or short.
    pub reason_later: bool,
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
    let here = tx.stands(round, response).await? && !tx.excluded(round).await?.contains(&response);
    let terms = tx.terms_of(facts).await?;
    let found = terms.as_ref().and_then(|terms| {
        let leaf = terms.leaf(criterion)?;
        let (max, threshold, reasons) = (leaf.max(), leaf.criterion.threshold, terms.panel.reasons);
        Some(Target { hidden: false, max, threshold, reasons, reason_later: false })
    });
    Ok(found.filter(|_| here && !recused).unwrap_or(unseen))
}

/// The responses that are scored: those that stand and the check did not exclude.
pub(super) async fn scored_responses(tx: &mut store::Conn, round: RoundId) -> Result<Vec<store::ResponseRow>> {
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
    let asked = !target.reason_later && target.reasons.asked(points, target.threshold);
    let reason = errors.text(fields, "reason", asked, LONGEST_REASON);
    let length = reason.chars().count();
    if length > 0 && length < SHORTEST_REASON && !target.reason_later {
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
            let terms = tx.terms_of(&facts).await?;
            let terms = terms.ok_or_else(|| Error::Broken("a round without terms".into()))?;
            let recused = tx.recusals(seat).await?;
            let assigned = assigned(tx, &facts).await?;
            if assigned.nothing() == Some(Unassigned::Waits) {
                return Err(Error::field("lock", "not-assigned"));
            }
            let standing: Vec<ResponseId> = scored_responses(tx, round_of(&facts)?)
                .await?
                .into_iter()
                .map(|row| ResponseId(row.id))
                .filter(|response| !recused.contains(response) && assigned.has(*response))
                .collect();
            let way = way(&terms, seat, &standing, tx.scores_of(seat).await?.iter());
            let missing = way.count(CellState::Open);
            if missing > 0 {
                return Err(Error::Invalid(vec![FieldError::new("lock", "scores-missing").with("missing", missing)]));
            }
            let missing = way.count(CellState::NeedsReason);
            if missing > 0 {
                let told = match terms.panel.reasons {
                    Reasons::Sift => FieldError::new("lock", "sift-reasons"),
                    _ => FieldError::new("lock", "reasons-missing"),
                };
                return Err(Error::Invalid(vec![told.with("missing", missing)]));
            }
            tx.lock_scores(&permit, event).await?;
            tell_moderation(tx, &who, &facts, event).await
        })
    })
    .await
}

/// Gives a scorer's locked scores back, by the chair, until all have locked. Fields `seat` and `unlock-<seat>`, the reason: the
/// scorer is told and reads it.
pub async fn unlock_scores(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let seat = SeatId::parse(fields.get("seat")).unwrap_or(SeatId(0));
    let mut errors = Errors::default();
    let field = format!("unlock-{seat}");
    let reason = errors.text(fields, &field, true, 2_000);
    if !reason.is_empty() && reason.chars().count() < SHORTEST_REASON {
        errors.add(FieldError::new(field, "reason-short").with("min", SHORTEST_REASON));
    }
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<UnlockScores>(tx, &who, challenge, Lock::Update).await?;
            let seats = match facts.round {
                Some(round) => tx.seats(round).await?,
                None => Vec::new(),
            };
            let held = seats.into_iter().find(|held| held.id == seat && held.role.scores());
            let permit = policy::unlock_scores(&who, &facts, seat, held.as_ref().is_some_and(|held| held.locked))?;
            errors.done(()).map_err(Error::Invalid)?;
            tx.unlock_scores(&permit, event, &reason).await?;
            let told = notice::about(tx, EventKind::ScoresUnlocked, event, challenge).await?;
            let holder = held.map(|held| UserId(held.user));
            tx.tell(&told.naming(holder).link(format!("/challenges/{challenge}/scoring"))).await?;
            Ok(())
        })
    })
    .await
}
