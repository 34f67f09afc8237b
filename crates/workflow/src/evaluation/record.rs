//! The panel's record: put before the members, approved by each as they can see it, closed by whoever leads. Closing makes the
//! scores final.

use domain::challenge::{Method, Terms};
use domain::evaluation::Backing;
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, ResponseId, SeatId, UserId, to_text};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, ApproveRecord, ConfirmRecord, ProposeRecord, SeatStanding, SignRecord};
use store::{FinalRow, Lock};

use super::moderate::terms_of;
use super::round_of;
use super::score::SHORTEST_REASON;
use super::written::Written;
use crate::challenge::facts;
use crate::{Chance, Desk, Error, Result, notice};

const LONGEST_DISCUSSION: usize = 20_000;

/// Fields `discussion`: what was discussed, and `seen`: the proposal that it is written over (empty: none). The newest is what the
/// members approve; over one that was not read nothing is written.
pub async fn propose_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let discussion = errors.text(fields, "discussion", true, LONGEST_DISCUSSION);
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who, seen) = (desk.chance.id(), actor.clone(), fields.get("seen").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            // Exclusive: of two that are written over the same text the second is told.
            let facts = facts::<ProposeRecord>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::propose_record(&who, &facts)?;
            let written = Written::read(tx, round_of(&facts)?).await?;
            if seen != written.proposal.as_ref().map_or_else(String::new, |newest| to_text(newest.id)) {
                return Err(Error::Stale);
            }
            let own = facts.seat.as_ref().map(|seat| seat.id);
            let terms = terms_of(tx, &facts).await?;
            // What a recusal hides from whoever leads is told at the closing, by whom it must be told then.
            complete(&terms, &written, |response| !written.hidden(own, response))?;
            agreed_by_who_remains(&terms, &written, own)?;
            quorum(&terms, &written, own)?;
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
            // Nobody approves what they have not read.
            let digest = written.as_read(facts.seat.as_ref().map(|seat| seat.id), &seen)?;
            Ok(tx.sign_record(&permit, round_of(&facts)?, &digest).await?)
        })
    })
    .await
}

/// Field `confirm_reason`: why the record may be closed without members who do not approve it; `seen`: the position at which it
/// was read. The second person behind a record that too few approve ([`Backing::thin`]).
pub async fn confirm_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "confirm_reason", true, 2_000);
    if !reason.is_empty() && reason.chars().count() < SHORTEST_REASON {
        errors.add(FieldError::new("confirm_reason", "reason-short").with("min", SHORTEST_REASON));
    }
    let (id, who, seen) = (desk.chance.id(), actor.clone(), fields.get("seen").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ConfirmRecord>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::confirm_record(&who, &facts)?;
            errors.done(()).map_err(Error::Invalid)?;
            let written = Written::read(tx, round_of(&facts)?).await?;
            if written.proposal.is_none() {
                return Err(Error::field("confirm_reason", "record-missing"));
            }
            // Nobody confirms what they have not read.
            let digest = written.as_read(None, &seen)?;
            Ok(tx.confirm_record(&permit, id, &reason, &digest).await?)
        })
    })
    .await
}

/// Closes the record: each member has approved it as it stands, or a field `without-<seat>` says why not; where too few
/// have, a second person has confirmed it. `seen`: the position at which the closer read it. Under consensus the agreed scores become final, else each scorer's newest.
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
            // Somebody's scores may still leave the record: by a conflict that came to light late.
            if let Some(seat) = written.members().find(|seat| seat.standing == SeatStanding::Unsettled) {
                return Err(Error::Invalid(vec![FieldError::new("close", "record-unsettled").with("name", &seat.name)]));
            }
            let own = facts.seat.as_ref().map(|seat| seat.id);
            // Nobody makes final what they have not read, whoever approved it meanwhile.
            written.as_read(own, fields.get("seen"))?;
            complete(&terms, &written, |_| true)?;
            agreed_by_who_remains(&terms, &written, None)?;
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
            quorum(&terms, &written, None)?;
            let own_part = written.members().any(|seat| Some(seat.id) == own);
            let members = written.members().count();
            let backing = Backing { members, others: members - usize::from(own_part) - without.len(), closer: own_part };
            let digest = written.digest(None)?;
            if backing.thin(usize::from(terms.panel.quorum)) {
                let by = who.user().map(UserId::get);
                let confirmed = tx.record_confirmations(round).await?;
                if !confirmed.iter().any(|row| row.digest == digest && Some(row.by_user) != by) {
                    return Err(Error::Invalid(vec![
                        FieldError::new("close", "record-thin")
                            .with("approved", backing.approved())
                            .with("members", members)
                            .with("quorum", terms.panel.quorum),
                    ]));
                }
            }
            Ok(tx.approve_record(&permit, &proposal.discussion, &without, &finals, &digest).await?)
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

/// Under consensus no agreed score rests on the part of somebody who left by a conflict since, among what a seat may see.
fn agreed_by_who_remains(terms: &Terms, written: &Written, seat: Option<SeatId>) -> Result<()> {
    let anew = written.anew(seat).len();
    if terms.method == Method::Consensus && anew > 0 {
        return Err(Error::Invalid(vec![FieldError::new("discussion", "agreed-anew").with("n", anew)]));
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

/// Each response that a seat may see (`None`: each) has the published number of own scores in everything that is scored,
/// whatever is made of them.
fn quorum(terms: &Terms, written: &Written, seat: Option<SeatId>) -> Result<()> {
    let short = written.short(terms, seat);
    if short.is_empty() {
        return Ok(());
    }
    let error = FieldError::new("discussion", "quorum-missing").with("responses", short.len());
    let have = short.iter().map(|short| short.have).min().unwrap_or_default();
    Err(Error::Invalid(vec![error.with("have", have).with("quorum", terms.panel.quorum)]))
}
