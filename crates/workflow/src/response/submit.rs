//! Submitting and withdrawing: all or nothing, and the same post once.

use std::sync::Arc;

use domain::form::Fields;
use domain::ids::{ResponseId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, Refused, SubmitResponse, WithdrawResponse};
use store::{Conn, Lock, Tx};

use super::partner::signed_digests;
use super::sealed::{Opened, Posted, Reviewed, Sealed, What, seal};
use super::together::submit_together;
use super::{OwnResponse, facts, read_own_response, round_of};
use crate::{Desk, Error, Result};

const VERB: &str = "submit_response";

/// Submits the saved draft. `received_at`: the instant at which the server held the complete request, stamped by whoever
/// read it. `key`: makes a repeated post the same post: it is answered the same as long as what it submitted stands, and `Stale`
/// once that was withdrawn or replaced. `Stale` too where what was reviewed is not what there is.
pub async fn submit_response(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    received_at: Moment,
    reviewed: Option<Reviewed>,
    key: &str,
) -> Result<SubmissionId> {
    let what = What::Draft(reviewed);
    submit(desk, Posted { actor: actor.clone(), response: id, received_at, what, key: key.to_owned() }).await
}

/// Saves what was typed and submits it, both or neither: for the last minutes, when a review page would be a page too many.
/// `fields`: as posted, otherwise as in `save_answer`; `version`: of the challenge as it was read; `files`: the files that were shown
/// ([`domain::response::files_shown`]). `Stale` where a colleague saved one of these answers since the form was read, a file was added
/// or removed, or the challenge has another version; and as above.
pub async fn submit_answers(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    received_at: Moment,
    fields: &Fields,
    key: &str,
) -> Result<SubmissionId> {
    let what = What::Answers(Arc::new(fields.clone()));
    submit(desk, Posted { actor: actor.clone(), response: id, received_at, what, key: key.to_owned() }).await
}

async fn submit(desk: &Desk, posted: Posted) -> Result<SubmissionId> {
    match submit_together(desk, posted.clone()).await {
        Some(submission) => Ok(submission),
        // Whatever kept it back is found again by itself, and told.
        None => alone(desk, posted).await,
    }
}

/// One post by itself, with what is wrong about it.
async fn alone(desk: &Desk, posted: Posted) -> Result<SubmissionId> {
    let own = read_own_response(desk, &posted.actor, posted.response).await?;
    let permitted = policy::submit_response(&posted.actor, &own.facts, posted.received_at).map_err(Error::from);
    let sealed = match permitted {
        Ok(_) => seal_own(desk, &own, &posted).await,
        Err(refused) => Err(refused),
    };
    let sealed = match sealed {
        Ok(sealed) => sealed,
        // Accepted before, and the answer was lost on its way: asking again, even when it is late now, gives it again, as long as
        // it stands.
        Err(refused) => match answered(desk, &posted, posted.key(&own.terms)).await? {
            Some(submission) => return Ok(submission),
            None => return desk.told(&posted.actor, Err(refused)).await,
        },
    };
    let actor = posted.actor.clone();
    desk.write(&actor, move |tx| {
        Box::pin(async move {
            let mut outcomes = write_all(tx, vec![(posted, sealed)]).await?;
            let outcome = outcomes.pop().unwrap_or(Err(Error::Stale))?;
            if outcome.1 {
                tx.leave_no_entry();
            }
            Ok(outcome.0)
        })
    })
    .await
}

async fn seal_own(desk: &Desk, own: &OwnResponse, posted: &Posted) -> Result<Sealed> {
    let mut conn = desk.store.read().await?;
    let (id, round) = (own.facts.response, round_of(&own.facts.challenge)?);
    let held = conn.enclosures(id, round).await?;
    let draft_key = desk.draft_key(&mut conn, own.facts.response, round).await?;
    let opened = Opened {
        id,
        round,
        signed: Some(signed_digests(&mut conn, &draft_key, id).await?),
        version: own.n,
        terms: &own.terms,
        reference: &own.reference,
        last: own.submissions.first().map_or(0, |last| last.n),
        answers: own.answers.clone(),
        files: own.files.clone(),
        held: held.iter().collect(),
        draft_key,
        round_key: desk.round_key(&mut conn, round).await?,
        addresses: conn.supplier_addresses(own.facts.supplier).await?,
    };
    drop(conn);
    seal(desk, opened, posted)
}

/// In one statement each for all: locks, facts, what was answered before, then what is permitted. Gives for each in its order
/// the submission, and whether an earlier post made it; a refusal of one keeps nobody else back.
pub(super) async fn write_all(tx: &mut Tx, all: Vec<(Posted, Sealed)>) -> Result<Vec<Result<(SubmissionId, bool)>>> {
    let asked: Vec<(&Actor, ResponseId)> = all.iter().map(|(posted, _)| (&posted.actor, posted.response)).collect();
    let facts = tx.response_facts_of(&asked, Lock::Share).await?;
    let user = |posted: &Posted| posted.actor.user().map_or(0, |user| user.get());
    let keys: Vec<(i64, String)> = all.iter().map(|(posted, sealed)| (user(posted), sealed.key.clone())).collect();
    let before = tx.answered_before(VERB, &keys).await?;
    let (mut outcomes, mut fresh, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    for ((posted, sealed), facts) in all.into_iter().zip(facts) {
        let by = user(&posted);
        if let Some((.., answer)) = before.iter().find(|(user, key, _)| (*user, key) == (by, &sealed.key)) {
            let submission = submission_of(answer)?;
            let stands = stands(tx, posted.response, submission).await?;
            outcomes.push(if stands { Ok((submission, true)) } else { Err(Error::Stale) });
            continue;
        }
        let unseen = || Error::from(Refused::unseen::<SubmitResponse>(posted.response.get()));
        let permit = match facts.ok_or_else(unseen) {
            Ok(facts) => policy::submit_response(&posted.actor, &facts, posted.received_at).map_err(Error::from),
            Err(error) => Err(error),
        };
        outcomes.push(permit.map(|permit| {
            let id = sealed.new.id;
            answers.push((by, sealed.key, id.to_string()));
            sealed.mails.into_iter().for_each(|mail| tx.mail(mail));
            fresh.push((permit, sealed.new));
            (id, false)
        }));
    }
    if !fresh.is_empty() {
        tx.answer_all(VERB, &answers).await?;
        tx.submit_responses(&fresh).await?;
    }
    Ok(outcomes)
}

fn submission_of(answer: &str) -> Result<SubmissionId> {
    SubmissionId::parse(answer).ok_or_else(|| Error::Broken("a stored answer does not parse".into()))
}

/// Whether a submission is the one that stands: not withdrawn, and not replaced.
async fn stands(conn: &mut Conn, response: ResponseId, submission: SubmissionId) -> Result<bool> {
    let row = conn.response(response).await?;
    Ok(row.is_some_and(|row| row.submission == Some(submission.get())))
}

/// What a post with this key was answered before, if it was and that stands.
async fn answered(desk: &Desk, posted: &Posted, key: String) -> Result<Option<SubmissionId>> {
    let (user, response) = (posted.actor.user().map_or(0, |user| user.get()), posted.response);
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                let Some(answer) = tx.answered(user, VERB, &key).await? else { return Ok(None) };
                let submission = submission_of(&answer)?;
                Ok(stands(tx, response, submission).await?.then_some(submission))
            })
        })
        .await
}

pub async fn withdraw_response(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<WithdrawResponse>(tx, &who, id, Lock::Share).await?;
            let permit = policy::withdraw_response(&who, &facts)?;
            let round = round_of(&facts.challenge)?;
            Ok(tx.withdraw_response(&permit, event, round).await?)
        })
    })
    .await
}
