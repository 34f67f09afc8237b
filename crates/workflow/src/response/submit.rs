//! Submitting and withdrawing: all or nothing, and the same post once.

use domain::ids::{ResponseId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, SubmitResponse, WithdrawResponse};
use domain::response::content;
use serde_json::json;
use store::{Lock, Mail, NewEnvelope};

use super::{QUALITY, facts, read_own_response, round_of};
use crate::sealing::{Key, digest, envelope_place};
use crate::{Desk, Error, Result};

/// Submits the saved draft. `received_at`: the instant at which the server held the complete request, stamped by whoever
/// read it. `draft_version`: what was reviewed. `key`: makes a repeated post the same post.
pub async fn submit_response(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    received_at: Moment,
    draft_version: Option<i64>,
    key: &str,
) -> Result<SubmissionId> {
    let own = read_own_response(desk, actor, id).await?;
    let user = actor.user().map_or(0, |user| user.get());
    let key = format!("{id}:{key}");
    let draft = policy::submit_response(actor, &own.facts, received_at)
        .map_err(Error::from)
        .and_then(|_| content(&own.terms, own.n, &own.draft()).map_err(Error::Invalid));
    let draft = match draft {
        Ok(draft) => draft,
        // Accepted before, and the answer was lost on its way: asking again, even when it is late now, gives it again.
        Err(refused) => match answered(desk, user, key).await? {
            Some(submission) => return Ok(submission),
            None => return desk.told(actor, Err(refused)).await,
        },
    };
    let mut conn = desk.store.read().await?;
    let round = round_of(&own.facts.challenge)?;
    let round_key = desk.round_key(&mut conn, round).await?;
    drop(conn);
    let reviewed = draft_version.is_none_or(|version| version == own.draft_version());
    let n = own.submissions.first().map_or(0, |last| last.n) + 1;
    let canonical = draft.canonical();
    let salt = desk.chance.bytes::<16>();
    let digest = digest(&salt, &canonical);
    let data_key = Key::random(&desk.chance);
    let place = envelope_place(id.get(), round.get(), n, QUALITY);
    let envelope = NewEnvelope {
        kind: QUALITY,
        sealed: data_key.seal(&place, &canonical, &desk.chance)?,
        sealed_key: round_key.wrap(&place, &data_key, &desk.chance)?,
    };
    let (submission, mail, who, base) = (SubmissionId(desk.chance.id()), desk.chance.id(), actor.clone(), desk.base_url.clone());
    let (version, title, reference) = (own.n, own.terms.title, own.reference);
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SubmitResponse>(tx, &who, id, Lock::Share).await?;
            if let Some(answer) = tx.answered(user, "submit_response", &key).await? {
                tx.leave_no_entry();
                return submission_of(&answer);
            }
            let permit = policy::submit_response(&who, &facts, received_at)?;
            if !reviewed || tx.next_submission(id, round).await? != n {
                return Err(Error::Stale);
            }
            tx.submit_response(&permit, submission, round, n, version, received_at, &digest, &salt, &[envelope]).await?;
            tx.answer(user, "submit_response", &key, &submission.to_string()).await?;
            for (at, recipient) in (1i64..).zip(tx.supplier_addresses(facts.supplier).await?) {
                let params = json!({ "title": title, "reference": reference, "received": received_at.micros(), "link": format!("{base}/receipts/{submission}") });
                tx.mail(Mail { id: mail ^ at, event: format!("submit_response:{submission}"), recipient, template: "receipt", params, due_at: None });
            }
            Ok(submission)
        })
    })
    .await
}

fn submission_of(answer: &str) -> Result<SubmissionId> {
    SubmissionId::parse(answer).ok_or_else(|| Error::Broken("a stored answer does not parse".into()))
}

/// What a post with this key was answered before, if it was.
async fn answered(desk: &Desk, user: i64, key: String) -> Result<Option<SubmissionId>> {
    desk.store
        .write(move |tx| {
            Box::pin(
                async move { tx.answered(user, "submit_response", &key).await?.map(|answer| submission_of(&answer)).transpose() },
            )
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
