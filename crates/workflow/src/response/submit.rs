//! Submitting and withdrawing: all or nothing, and the same post once.

use domain::form::Fields;
use domain::ids::{ResponseId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, SubmitResponse, WithdrawResponse};
use domain::response::{content, gather, written};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Lock, Mail, NewAnswer, NewEnvelope};

use super::draft::{as_read, changed, typed};
use super::enclosing::keys_for;
use super::{OwnResponse, QUALITY, facts, read_own_response, round_of};
use crate::sealing::{Key, digest, envelope_place, hex};
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
    let reviewed = draft_version.is_none_or(|version| version == own.draft_version());
    submit(desk, actor, own, Vec::new(), received_at, reviewed, key).await
}

/// Saves what was typed and submits it, both or neither: for the last minutes, when a review page would be a page too many.
/// `fields`: as posted, otherwise as in `save_answer`. `Stale` where a colleague saved one of these answers since the form was read.
pub async fn submit_answers(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    received_at: Moment,
    fields: &Fields,
    key: &str,
) -> Result<SubmissionId> {
    let mut own = read_own_response(desk, actor, id).await?;
    let mut fields = fields.clone();
    gather(&own.terms, &mut fields);
    let changed = changed(desk, &own, &fields).await?;
    // What was typed is part of the key: the same post again is the same post, another text under an old key is not.
    let (mut posted, mut reviewed) = (Sha256::new(), true);
    for field in written(&own.terms) {
        if let Some(text) = fields.0.get(&field.name()) {
            let text = typed(text);
            // A colleague changed it, and this form still shows what it said before.
            let saved = own.answers.get(&field.name()).map_or("", |answer| &answer.text);
            reviewed &= text == saved || !as_read(&field.name(), &fields);
            posted.update(field.name());
            posted.update(text.len().to_be_bytes());
            posted.update(&text);
            own.answers.entry(field.name()).or_default().text = text;
        }
    }
    let key = format!("{key}:{}", hex(&posted.finalize()));
    submit(desk, actor, own, changed, received_at, reviewed, &key).await
}

/// `answers`: of the draft, to be saved with the submission that was made of them.
async fn submit(
    desk: &Desk,
    actor: &Actor,
    own: OwnResponse,
    answers: Vec<NewAnswer>,
    received_at: Moment,
    reviewed: bool,
    key: &str,
) -> Result<SubmissionId> {
    let id = own.facts.response;
    let user = actor.user().map_or(0, |user| user.get());
    let key = format!("{id}:{key}");
    let draft = policy::submit_response(actor, &own.facts, received_at)
        .map_err(Error::from)
        .and_then(|_| content(&own.terms, own.n, &own.draft(), &own.files).map_err(Error::Invalid));
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
    let addresses = conn.supplier_addresses(own.facts.supplier).await?;
    drop(conn);
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
    let files = keys_for(desk, &own, draft.all_files(), submission, &data_key).await?;
    let (version, title, reference) = (own.n, own.terms.title, own.reference);
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SubmitResponse>(tx, &who, id, Lock::Share).await?;
            if let Some(answer) = tx.answer_once(user, "submit_response", &key, &submission.to_string()).await? {
                tx.leave_no_entry();
                return submission_of(&answer);
            }
            let permit = policy::submit_response(&who, &facts, received_at)?;
            if !reviewed {
                return Err(Error::Stale);
            }
            tx.save_submitted(&permit, round, &answers).await?;
            tx.submit_response(&permit, submission, round, n, version, received_at, &digest, &salt, &[envelope]).await?;
            tx.name_files(&permit, submission, QUALITY, &files).await?;
            for (at, recipient) in (1i64..).zip(addresses) {
                let params = json!({ "title": title, "reference": reference, "received": received_at.micros(), "submission": submission.to_string(), "verify": format!("{base}/receipts/verify"), "link": format!("{base}/receipts/{submission}") });
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
