//! The proof of a submission. It is made from stored facts whenever it is read: the place in the record is known only once
//! the submission is committed.

use std::collections::BTreeMap;

use domain::audit::opened_digest;
use domain::challenge::Terms;
use domain::ids::{OrganisationId, ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ReadOwnResponse, Refused};
use domain::response::Content;
use store::{Conn, Lock, SubmissionRow};

use super::read::own_part;
use super::{PRICE, QUALITY, facts};
use crate::proof::{Anchor, ContentDigest, OpenedPaper, Paper, ReceiptPaper};
use crate::sealing::hex;
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
    /// The paper with its signature, as it is downloaded and mailed; `None` where rows are not what the record says of them.
    pub signed: Option<String>,
    pub stands: bool,
    /// What was received; empty once its key was destroyed.
    pub content: Content,
    pub destroyed_at: Option<Moment>,
    /// An envelope of it is not there, or does not open: the service lost what the receipt is for. `content` is empty then.
    pub lost: bool,
    /// The kinds of its envelopes that were opened.
    pub opened: Vec<&'static str>,
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
    let (mut lost, mut destroyed_at) = (false, None);
    let nothing = Content { challenge_version: submission.challenge_version, ..Content::default() };
    let content = match own_content(desk, conn, id).await? {
        Own::Kept(content) => content,
        Own::Destroyed(at) => {
            destroyed_at = Some(at);
            nothing
        }
        Own::Lost(why) => {
            // The receipt is what its supplier has in hand then: it is shown, whatever became of the content.
            tracing::error!(submission = %id, why, "a submission is not there as it was received");
            lost = true;
            nothing
        }
    };
    let opened = match facts.challenge.standing.opened_at {
        Some(_) => conn.envelopes(id).await?.into_iter().filter(|one| one.opened_key.is_some()).collect(),
        None => Vec::new(),
    };
    let opened = [QUALITY, PRICE].into_iter().filter(|kind| opened.iter().any(|one| one.kind == *kind)).collect();
    Ok(Receipt {
        opened,
        stands: row.submission == Some(submission.id),
        supplier: paper.supplier.clone(),
        reference: paper.challenge.clone(),
        title: paper.title.clone(),
        zone: paper.zone.clone(),
        signed: signed(desk, conn, id, &paper).await?,
        paper,
        submission,
        response,
        content,
        destroyed_at,
        lost,
        terms,
    })
}

/// What was opened of a submission, signed for its supplier; `kind`: [`QUALITY`] or [`PRICE`]. 404 before that opening; `NotWhole`
/// where it is not as it was recorded.
pub async fn read_opened(desk: &Desk, actor: &Actor, id: SubmissionId, kind: &str) -> Result<String> {
    let mut conn = desk.store.read().await?;
    let outcome = opened(desk, &mut conn, actor, id, kind).await;
    drop(conn);
    desk.told(actor, outcome).await
}

async fn opened(desk: &Desk, conn: &mut Conn, actor: &Actor, id: SubmissionId, kind: &str) -> Result<String> {
    let unseen = || Refused::unseen::<ReadOwnResponse>(id.get());
    let submission = conn.submission(id).await?.ok_or_else(unseen)?;
    let facts = facts::<ReadOwnResponse>(conn, actor, ResponseId(submission.response), Lock::None).await?;
    policy::read_own_response(actor, &facts)?;
    let round = RoundId(submission.round);
    let opening = conn.opening(round, kind).await?.ok_or_else(unseen)?;
    let envelope = conn.envelopes(id).await?.into_iter().find(|one| one.kind == kind && one.opened_key.is_some());
    let digest = envelope.and_then(|one| one.opened_digest).ok_or_else(unseen)?;
    let listed = conn.opened_submissions(round, kind).await?;
    let over = opened_digest(listed.iter().map(|row| (row.submission, row.digest.as_slice())));
    let entries = [opening.bound(round, kind, &over).digest(), over.to_vec()];
    let entry = conn.entry_over("open_responses", "round", round.get(), [&entries[0], &entries[1]]).await?;
    // Rows that are not as they were recorded are signed for nobody: what they are is told to the team.
    let (position, hash) = entry.ok_or(Error::NotWhole(Vec::new()))?;
    let (paper, _) = paper(desk, conn, &submission).await?.ok_or_else(unseen)?;
    if !conn.agrees(id).await? {
        return Err(Error::NotWhole(Vec::new()));
    }
    desk.keys.signer().sign(&Paper::Opened(OpenedPaper {
        issuer: paper.issuer,
        reference: paper.reference,
        challenge: paper.challenge,
        title: paper.title,
        supplier: paper.supplier,
        supplier_id: paper.supplier_id,
        number: paper.number,
        envelope: kind.into(),
        sha256: hex(&digest),
        opened_at: Moment(opening.confirmed_at).rfc3339(),
        record: Anchor { position, hash: hex(&hash) },
    }))
}

/// What a supplier sent, as it is kept.
pub(crate) enum Own {
    Kept(Content),
    /// A key of it was destroyed after the time for which it is kept.
    Destroyed(Moment),
    /// An envelope is not there, or does not open as it was sealed; why, for the log.
    Lost(&'static str),
}

/// What a supplier sent, from all its envelopes. The caller has asked the policy: it is the supplier's own.
pub(crate) async fn own_content(desk: &Desk, conn: &mut Conn, id: SubmissionId) -> Result<Own> {
    let submission = conn.submission(id).await?.ok_or_else(|| Error::Broken(format!("submission {id} is not there")))?;
    let envelopes = conn.envelopes(id).await?;
    if let Some(at) = envelopes.iter().find_map(|envelope| envelope.destroyed_at) {
        return Ok(Own::Destroyed(Moment(at)));
    }
    let round_key = desk.round_key(conn, RoundId(submission.round)).await?;
    let mut parts = BTreeMap::new();
    for envelope in &envelopes {
        let content = match own_part(&round_key, RoundId(submission.round), envelope) {
            Ok(content) => content,
            Err(why) => return Ok(Own::Lost(why)),
        };
        parts.insert(envelope.kind.as_str(), content);
    }
    let Some(quality) = parts.remove(QUALITY) else { return Ok(Own::Lost("its answers are not there")) };
    // One of several envelopes has a digest of its own.
    let apart = envelopes.iter().any(|envelope| envelope.digest.is_some());
    Ok(match parts.remove(PRICE) {
        Some(price) => Own::Kept(quality.with_price(price)),
        None if apart => Own::Lost("its price is not there"),
        None => Own::Kept(quality),
    })
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
    signed(desk, conn, id, &paper).await
}

/// Nothing is signed that is not as it was recorded: whoever holds the database would have signed what they write into it.
async fn signed(desk: &Desk, conn: &mut Conn, id: SubmissionId, paper: &ReceiptPaper) -> Result<Option<String>> {
    if !conn.agrees(id).await? {
        tracing::error!(submission = %id, "a submission is not as the record has it: no receipt of it is signed");
        return Ok(None);
    }
    desk.keys.signer().sign(&Paper::Receipt(paper.clone())).map(Some)
}
