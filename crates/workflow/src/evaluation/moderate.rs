//! Moderation: all scores together, revised after the discussion, and the record that makes them final.

use std::collections::BTreeMap;

use domain::challenge::{Reasons, Terms};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId, SeatId};
use domain::organisation::Actor;
use domain::policy::{self, ApproveRecord, ChallengeFacts, ReadModeration, ReviseScore};
use store::{FinalRow, Lock, PanelRow, ScoreRow, SeatRow};

use super::round_of;
use super::score::{Target, parse_score, target};
use crate::challenge::facts;
use crate::response::{Named, opened_round};
use crate::{Desk, Error, Result};

/// All scores and reasons together, widest disagreement first.
pub struct Moderation {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub seats: Vec<SeatRow>,
    pub items: Vec<ModerationItem>,
    pub record: Option<PanelRow>,
}

pub struct ModerationItem {
    pub response: ResponseId,
    pub named: Named,
    pub criterion: CriterionId,
    /// Widest minus narrowest score.
    pub spread: u8,
    /// By seat: the newest score and, where it was revised, what it was before.
    pub scores: Vec<(SeatId, ScoreRow, Vec<ScoreRow>)>,
}

pub async fn read_moderation(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<Moderation> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadModeration>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_moderation(actor, &facts)?;
        let round = round_of(&facts)?;
        let seats = conn.seats(round).await?;
        let record = conn.panel_record(round).await?;
        let all = conn.scores(round).await?;
        let opened = opened_round(desk, &mut conn, facts).await?;
        let mut items = Vec::new();
        for response in &opened.responses {
            for leaf in opened.terms.leaves() {
                let mut by_seat: BTreeMap<i64, Vec<ScoreRow>> = BTreeMap::new();
                for score in all.iter().filter(|score| score.response == response.id.get() && score.criterion == leaf.id().get())
                {
                    by_seat.entry(score.seat).or_default().push(score.clone());
                }
                let mut scores = Vec::new();
                for seat in seats.iter().filter(|seat| seat.standing != policy::SeatStanding::Removed) {
                    if let Some(mut history) = by_seat.remove(&seat.id.get())
                        && let Some(newest) = history.pop()
                    {
                        scores.push((seat.id, newest, history));
                    }
                }
                let points = scores.iter().map(|(_, score, _)| score.points);
                let spread = points.clone().max().unwrap_or(0) - points.min().unwrap_or(0);
                let spread = u8::try_from(spread).unwrap_or(u8::MAX);
                items.push(ModerationItem {
                    response: response.id,
                    named: response.named.clone(),
                    criterion: leaf.id(),
                    spread,
                    scores,
                });
            }
        }
        // A stable sort: equal spreads stay in the order of the form.
        items.sort_by_key(|item| std::cmp::Reverse(item.spread));
        Ok(Moderation { title: opened.title, facts: opened.facts, terms: opened.terms, seats, items, record })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Fields `points`, `reason`, `seen` (the revision that was read). The old value is kept.
pub async fn revise_score(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let (fields, who) = (fields.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ReviseScore>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let permit = policy::revise_score(&who, &facts, target.hidden)?;
            let (points, reason, seen) = parse_score(&fields, &Target { reasons: Reasons::EachScore, ..target })?;
            Ok(tx.revise_score(&permit, response, criterion, points, &reason, seen).await?)
        })
    })
    .await
}

/// Field `discussion`: what was discussed. The chair's approval makes each scorer's newest score final.
pub async fn approve_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let discussion = errors.text(fields, "discussion", true, 20_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (chance, who) = (desk.chance.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveRecord>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::approve_record(&who, &facts)?;
            let round = round_of(&facts)?;
            let seats = tx.seats(round).await?;
            let standing = tx.standing_responses(round).await?;
            let mut finals = Vec::new();
            for seat in seats.iter().filter(|seat| seat.role.scores() && seat.standing != policy::SeatStanding::Removed) {
                let recused = tx.recusals(seat.id).await?;
                for score in tx.scores_of(seat.id).await? {
                    let id = ResponseId(score.response);
                    if !recused.contains(&id) && standing.iter().any(|row| row.id == id.get()) {
                        let row = FinalRow {
                            response: score.response,
                            criterion: score.criterion,
                            seat: Some(score.seat),
                            points: score.points,
                            reason: score.reason,
                        };
                        finals.push((chance.id(), row));
                    }
                }
            }
            let terms = tx.challenge_row(challenge).await?.map(|row| row.terms()).transpose()?.flatten();
            let terms = terms.ok_or_else(|| Error::Broken("a round without terms".into()))?;
            let responses: Vec<i64> = standing.iter().map(|row| row.id).collect();
            quorum(&terms, &responses, finals.iter().map(|(_, row)| row))?;
            Ok(tx.approve_record(&permit, &discussion, &finals).await?)
        })
    })
    .await
}

/// Each response has the published number of final scores in everything that is scored.
fn quorum<'a>(terms: &Terms, responses: &[i64], finals: impl Iterator<Item = &'a FinalRow> + Clone) -> Result<()> {
    let quorum = usize::from(terms.panel.quorum);
    let mut missing = 0;
    for response in responses {
        for leaf in terms.leaves() {
            let given = finals.clone().filter(|row| row.response == *response && row.criterion == leaf.id().get()).count();
            missing += quorum.saturating_sub(given);
        }
    }
    if missing == 0 {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new("discussion", "quorum-missing").with("missing", missing).with("quorum", quorum)]))
}
