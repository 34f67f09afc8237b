//! The panel's record: put before the members, approved by each as they can see it, closed by whoever leads. Closing makes the
//! scores final.

use std::collections::BTreeMap;

use domain::challenge::{Method, Terms};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, ResponseId, SeatId, UserId};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, ApproveRecord, ProposeRecord, SignRecord};
use store::{FinalRow, Lock};

use super::moderate::terms_of;
use super::round_of;
use super::score::SHORTEST_REASON;
use super::written::Written;
use crate::challenge::facts;
use crate::{Chance, Desk, Error, Result, notice};

const LONGEST_DISCUSSION: usize = 20_000;

/// Field `discussion`: what was discussed. The newest is what the members approve.
pub async fn propose_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let discussion = errors.text(fields, "discussion", true, LONGEST_DISCUSSION);
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ProposeRecord>(tx, &who, challenge, Lock::Share).await?;
            let permit = policy::propose_record(&who, &facts)?;
            let written = Written::read(tx, round_of(&facts)?).await?;
            let own = facts.seat.as_ref().map(|seat| seat.id);
            let terms = terms_of(tx, &facts).await?;
            // What a recusal hides from whoever leads is told at the closing, by whom it must be told then.
            complete(&terms, &written, |response| !written.hidden(own, response))?;
            tx.propose_record(&permit, id, &discussion).await?;
            let told = notice::about(tx, EventKind::RecordProposed, id, challenge).await?;
            let members: Vec<UserId> = written.members().map(|seat| UserId(seat.user)).collect();
            tx.tell(&told.by(who.user()).naming(members).link(format!("/challenges/{challenge}/moderation/record"))).await?;
            Ok(())
        })
    })
    .await
}

/// A member approves what they can see of the record; `seen`: the position at which they read it.
pub async fn sign_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let (who, seen) = (actor.clone(), fields.get("seen").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SignRecord>(tx, &who, challenge, Lock::Share).await?;
            let permit = policy::sign_record(&who, &facts)?;
            let written = Written::read(tx, round_of(&facts)?).await?;
            if written.proposal.is_none() {
                return Err(Error::field("sign", "record-missing"));
            }
            let digest = written.digest(facts.seat.as_ref().map(|seat| seat.id))?;
            // Nobody approves what they have not read.
            if !seen.starts_with(&crate::sealing::hex(&digest[..16])) {
                return Err(Error::Stale);
            }
            Ok(tx.sign_record(&permit, round_of(&facts)?, &digest).await?)
        })
    })
    .await
}

/// Closes the record: each member has approved it as it stands, or a field `without-<seat>` says why not. Under consensus the
/// agreed scores become final, else each scorer's newest.
pub async fn approve_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let (chance, who, fields) = (desk.chance.clone(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveRecord>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::approve_record(&who, &facts)?;
            let round = round_of(&facts)?;
            let written = Written::read(tx, round).await?;
            let terms = terms_of(tx, &facts).await?;
            let Some(proposal) = &written.proposal else { return Err(Error::field("discussion", "record-missing")) };
            complete(&terms, &written, |_| true)?;
            let own = facts.seat.as_ref().map(|seat| seat.id);
            let signatures = tx.record_signatures(round).await?;
            let mut errors = Errors::default();
            let mut without = Vec::new();
            for seat in written.members().filter(|seat| Some(seat.id) != own) {
                let digest = written.digest(Some(seat.id))?;
                if signatures.iter().any(|row| row.seat == seat.id.get() && row.digest == digest) {
                    continue;
                }
                let field = format!("without-{}", seat.id);
                if fields.get(&field).is_empty() {
                    errors.add(FieldError::new(field, "record-unsigned").with("name", &seat.name));
                } else {
                    let why = errors.text(&fields, &field, true, 2_000);
                    if why.chars().count() < SHORTEST_REASON {
                        errors.add(FieldError::new(field, "reason-short").with("min", SHORTEST_REASON));
                    }
                    without.push((seat.id, why));
                }
            }
            errors.done(()).map_err(Error::Invalid)?;
            let finals = finals(&terms, &written, &chance);
            quorum(&terms, &written)?;
            Ok(tx.approve_record(&permit, &proposal.discussion, &without, &finals, &written.digest(None)?).await?)
        })
    })
    .await
}

/// Everything that needs a score and a reason has them, among the responses of which `seen` says so.
fn complete(terms: &Terms, written: &Written, seen: impl Fn(ResponseId) -> bool) -> Result<()> {
    let mut missing = 0;
    for response in written.responses.iter().filter(|response| seen(**response)) {
        for leaf in terms.leaves() {
            let agreed = |row: &&store::AgreedRow| row.response == response.get() && row.criterion == leaf.id().get();
            let newest = written.agreed.iter().rfind(agreed);
            missing += usize::from(terms.method == Method::Consensus && newest.is_none_or(|row| row.reason.is_empty()));
        }
    }
    if missing > 0 {
        return Err(Error::Invalid(vec![FieldError::new("discussion", "agreed-missing").with("missing", missing)]));
    }
    if terms.method == Method::MeanAfterDiscussion {
        let empty = newest(written).filter(|score| seen(ResponseId(score.response)) && score.reason.is_empty());
        let asked = |score: &&store::ScoreRow| {
            let threshold = terms.leaf(score.criterion.into()).and_then(|leaf| leaf.criterion.threshold);
            terms.panel.reasons.asked(u8::try_from(score.points).unwrap_or(u8::MAX), threshold)
        };
        let missing = empty.filter(asked).count();
        if missing > 0 {
            return Err(Error::Invalid(vec![FieldError::new("discussion", "record-reasons-missing").with("missing", missing)]));
        }
    }
    Ok(())
}

/// Each scorer's newest score of each item.
fn newest(written: &Written) -> impl Iterator<Item = &store::ScoreRow> {
    // They stand by response, criterion and seat, the newest of each last.
    let key = |score: &store::ScoreRow| (score.seat, score.response, score.criterion);
    let after = written.scores.iter().skip(1).map(move |next| Some(key(next))).chain([None]);
    written.scores.iter().zip(after).filter(move |(score, after)| *after != Some(key(score))).map(|(score, _)| score)
}

fn finals(terms: &Terms, written: &Written, chance: &Chance) -> Vec<(i64, FinalRow)> {
    let mut rows = Vec::new();
    match terms.method {
        Method::Consensus => {
            for response in &written.responses {
                for leaf in terms.leaves() {
                    let of = |row: &&store::AgreedRow| row.response == response.get() && row.criterion == leaf.id().get();
                    rows.extend(written.agreed.iter().rfind(of).map(|row| FinalRow {
                        response: row.response,
                        criterion: row.criterion,
                        seat: None,
                        points: row.points,
                        reason: row.reason.clone(),
                    }));
                }
            }
        }
        Method::MeanAfterDiscussion => rows.extend(scored(written).map(|score| FinalRow {
            response: score.response,
            criterion: score.criterion,
            seat: Some(score.seat),
            points: score.points,
            reason: score.reason.clone(),
        })),
    }
    rows.into_iter().map(|row| (chance.id(), row)).collect()
}

/// Newest scores of those who score.
fn scored(written: &Written) -> impl Iterator<Item = &store::ScoreRow> {
    newest(written).filter(|score| written.members().any(|seat| seat.id == SeatId(score.seat)))
}

/// Each response has the published number of own scores in everything that is scored, whatever is made of them.
fn quorum(terms: &Terms, written: &Written) -> Result<()> {
    let quorum = usize::from(terms.panel.quorum);
    let mut given: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    scored(written).for_each(|row| *given.entry((row.response, row.criterion)).or_default() += 1);
    let mut missing = 0;
    for response in &written.responses {
        for leaf in terms.leaves() {
            missing += quorum.saturating_sub(given.get(&(response.get(), leaf.id().get())).copied().unwrap_or_default());
        }
    }
    if missing == 0 {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new("discussion", "quorum-missing").with("missing", missing).with("quorum", quorum)]))
}
