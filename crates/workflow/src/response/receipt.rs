//! The proof of a submission. It is made from stored facts whenever it is read: the place in the record is known only once
//! the submission is committed.

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::ids::{OrganisationId, ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ReadOwnResponse, Refused};
use domain::response::Content;
use store::{Conn, Lock, SubmissionRow};

use super::{PRICE, QUALITY, facts};
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
    let (content, destroyed_at) = own_content(desk, conn, id).await?;
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
        destroyed_at,
        terms,
    })
}

/// What a supplier sent, from all its envelopes; without content, and with the instant, once a key of them was destroyed. The caller
/// has asked the policy: it is the supplier's own.
pub(crate) async fn own_content(desk: &Desk, conn: &mut Conn, id: SubmissionId) -> Result<(Content, Option<Moment>)> {
    let broken = |what: &str| Error::Broken(format!("submission {id}: {what}"));
    let submission = conn.submission(id).await?.ok_or_else(|| broken("is not there"))?;
    let envelopes = conn.envelopes(id).await?;
    if let Some(at) = envelopes.iter().find_map(|envelope| envelope.destroyed_at) {
        let nothing = Content { challenge_version: submission.challenge_version, ..Content::default() };
        return Ok((nothing, Some(Moment(at))));
    }
    let round_key = desk.round_key(conn, RoundId(submission.round)).await?;
    let mut parts = BTreeMap::new();
    for envelope in &envelopes {
        let place = envelope_place(submission.response, submission.round, submission.n, &envelope.kind);
        let plain = round_key.unwrap(&place, &envelope.sealed_key)?.open(&place, &envelope.sealed)?;
        let content: Content = serde_json::from_slice(&plain).map_err(|error| broken(&error.to_string()))?;
        parts.insert(envelope.kind.as_str(), content);
    }
    let quality = parts.remove(QUALITY).ok_or_else(|| broken("has no answers"))?;
    let whole = match parts.remove(PRICE) {
        Some(price) => quality.with_price(price),
        None => quality,
    };
    Ok((whole, None))
}

/// What the receipt says, and the terms that were answered. `None` before the submission is committed.
async fn paper(desk: &Desk, conn: &mut Conn, submission: &SubmissionRow) -> Result<Option<(ReceiptPaper, Terms)>> {
    let Some(row) = conn.response(ResponseId(submission.response)).await? else { return Ok(None) };
    let challenge = row.challenge.into();
    let Some(of) = conn.challenge_row(challenge).await? else { return Ok(None) };
    let versions = conn.versions(challenge).await?;
    let Some(version) = versions.iter().find(|version| version.n == submission.challenge_version) else { return Ok(None) };
    let round =
        conn.round(RoundId(submission.round)).await?.ok_or_else(|| Error::Broken("a submission without a round".into()))?;
    let terms = version.terms()?.of_round(u32::try_from(round.number).unwrap_or_default(), Some(Moment(round.deadline)));
    let Some((position, hash)) = conn.entry_of("submit_response", "submission", submission.id).await? else { return Ok(None) };
    let at = Moment(submission.received_at);
    let kept = conn.envelopes(SubmissionId(submission.id)).await?.into_iter();
    let envelopes = kept.filter_map(|one| Some((one.kind, hex(&one.digest?)))).collect();
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
        content: ContentDigest { salt: hex(&submission.salt), sha256: hex(&submission.digest), envelopes },
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
