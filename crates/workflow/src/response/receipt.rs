//! The proof of a submission.

use domain::challenge::Terms;
use domain::ids::{ResponseId, RoundId, SubmissionId};
use domain::organisation::Actor;
use domain::policy::{self, ReadOwnResponse, Refused};
use domain::response::Content;
use store::{Conn, Lock, SubmissionRow};

use super::{QUALITY, facts};
use crate::sealing::envelope_place;
use crate::{Desk, Error, Result};

/// The proof of a submission, for its supplier.
pub struct Receipt {
    pub submission: SubmissionRow,
    pub response: ResponseId,
    pub supplier: String,
    pub reference: String,
    pub title: String,
    pub zone: String,
    pub position: i64,
    pub head: Vec<u8>,
    pub stands: bool,
    pub content: Content,
    pub terms: Terms,
}

pub async fn read_receipt(desk: &Desk, actor: &Actor, id: SubmissionId) -> Result<Receipt> {
    let mut conn = desk.store.read().await?;
    let outcome = receipt(desk, &mut conn, actor, id).await;
    drop(conn);
    desk.told(actor, outcome).await
}

async fn receipt(desk: &Desk, conn: &mut Conn, actor: &Actor, id: SubmissionId) -> Result<Receipt> {
    let unseen = || Refused::unseen::<ReadOwnResponse>(id.get());
    let submission = conn.submission(id).await?.ok_or_else(unseen)?;
    let response = ResponseId(submission.response);
    let facts = facts::<ReadOwnResponse>(conn, actor, response, Lock::None).await?;
    policy::read_own_response(actor, &facts)?;
    let row = conn.response(response).await?.ok_or_else(unseen)?;
    let challenge = conn.challenge_row(facts.challenge.challenge).await?.ok_or_else(unseen)?;
    let versions = conn.versions(facts.challenge.challenge).await?;
    let terms = versions.iter().find(|version| version.n == submission.challenge_version).ok_or_else(unseen)?;
    let terms: Terms = serde_json::from_str(&terms.terms).map_err(|error| Error::Broken(error.to_string()))?;
    let (position, head) = conn.entry_of("submit_response", "submission", id.get()).await?.ok_or_else(unseen)?;
    let round_key = desk.round_key(conn, RoundId(submission.round)).await?;
    let envelope = conn.envelopes(id).await?.into_iter().find(|envelope| envelope.kind == QUALITY).ok_or_else(unseen)?;
    let place = envelope_place(submission.response, submission.round, submission.n, QUALITY);
    let plain = round_key.unwrap(&place, &envelope.sealed_key)?.open(&place, &envelope.sealed)?;
    let content = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
    Ok(Receipt {
        stands: row.submission == Some(submission.id),
        supplier: row.supplier_name,
        reference: challenge.reference,
        title: terms.title.clone(),
        zone: terms.zone.clone(),
        submission,
        response,
        position,
        head,
        content,
        terms,
    })
}
