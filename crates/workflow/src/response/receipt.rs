//! The proof of a submission. It is made from stored facts whenever it is read: the place in the record is known only once
//! the submission is committed.

use domain::challenge::Terms;
use domain::ids::{OrganisationId, ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ReadOwnResponse, Refused};
use domain::response::Content;
use store::{Conn, Lock, SubmissionRow};

use super::{QUALITY, facts};
use crate::proof::{Anchor, ContentDigest, Paper, ReceiptPaper};
use crate::sealing::{envelope_place, hex};
use crate::{Desk, Error, Result};

/// The proof of a submission, for its supplier.
pub struct Receipt {
    pub submission: SubmissionRow,
    pub response: ResponseId,
    pub supplier: String,
    pub reference: String,
    pub title: String,
    pub zone: String,
    pub paper: ReceiptPaper,
    /// The paper with its signature, as it is downloaded and mailed.
    pub signed: String,
    pub stands: bool,
    /// What was received; empty once its key was destroyed.
    pub content: Content,
    pub destroyed_at: Option<Moment>,
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
    let (paper, terms) = paper(desk, conn, &submission).await?.ok_or_else(unseen)?;
    let envelope = conn.envelopes(id).await?.into_iter().find(|envelope| envelope.kind == QUALITY).ok_or_else(unseen)?;
    let content = match envelope.destroyed_at {
        Some(_) => Content { challenge_version: submission.challenge_version, ..Content::default() },
        None => {
            let round_key = desk.round_key(conn, RoundId(submission.round)).await?;
            let place = envelope_place(submission.response, submission.round, submission.n, QUALITY);
            let plain = round_key.unwrap(&place, &envelope.sealed_key)?.open(&place, &envelope.sealed)?;
            serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?
        }
    };
    Ok(Receipt {
        stands: row.submission == Some(submission.id),
        supplier: paper.supplier.clone(),
        reference: paper.challenge.clone(),
        title: paper.title.clone(),
        zone: paper.zone.clone(),
        signed: desk.keys.signer().sign(&Paper::Receipt(paper.clone()))?,
        paper,
        submission,
        response,
        content,
        destroyed_at: envelope.destroyed_at.map(Moment),
        terms,
    })
}

/// What the receipt says, and the terms that were answered. `None` before the submission is committed.
async fn paper(desk: &Desk, conn: &mut Conn, submission: &SubmissionRow) -> Result<Option<(ReceiptPaper, Terms)>> {
    let Some(row) = conn.response(ResponseId(submission.response)).await? else { return Ok(None) };
    let challenge = row.challenge.into();
    let Some(of) = conn.challenge_row(challenge).await? else { return Ok(None) };
    let versions = conn.versions(challenge).await?;
    let Some(version) = versions.iter().find(|version| version.n == submission.challenge_version) else { return Ok(None) };
    let terms = version.terms()?;
    let Some((position, hash)) = conn.entry_of("submit_response", "submission", submission.id).await? else { return Ok(None) };
    let at = Moment(submission.received_at);
    let paper = ReceiptPaper {
        issuer: desk.base_url.to_string(),
        reference: SubmissionId(submission.id).to_string(),
        challenge: of.reference,
        title: terms.title.clone(),
        version: submission.challenge_version,
        supplier: row.supplier_name,
        supplier_id: OrganisationId(row.supplier).to_string(),
        number: submission.n,
        received_at: at.rfc3339(),
        received_local: at.rfc3339_in(&terms.zone),
        zone: terms.zone.clone(),
        content: ContentDigest { salt: hex(&submission.salt), sha256: hex(&submission.digest) },
        record: Anchor { position, hash: hex(&hash) },
    };
    Ok(Some((paper, terms)))
}

/// The signed receipt for the mail that goes to the supplier's members.
pub(crate) async fn signed_receipt(desk: &Desk, conn: &mut Conn, id: SubmissionId) -> Result<Option<String>> {
    let Some(submission) = conn.submission(id).await? else { return Ok(None) };
    let Some((paper, _)) = paper(desk, conn, &submission).await? else { return Ok(None) };
    desk.keys.signer().sign(&Paper::Receipt(paper)).map(Some)
}
