//! What an installation says of a paper that somebody shows: what holds, and nothing that does not stand in it already.

use domain::audit::Differs;
use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SubmissionId, UserId};
use domain::moment::Moment;
use store::{Conn, Store};

use super::{
    ContentDigest, ContentStanding, Fault, Held, OpenedPaper, OpenedSubmission, OpeningPaper, Paper, ReceiptPaper, check,
    content_holds, published_keys,
};
use crate::sealing::hex;
use crate::{Desk, Result};

/// How the record stands to the place that a paper names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordStanding {
    Holds,
    /// The record does not reach so far: its end was cut off, or a backup was restored.
    Unknown,
    /// Another hash stands there: the record was written anew.
    Differs,
}

#[derive(Clone, Debug)]
pub struct Verdict {
    pub held: Held,
    pub record: RecordStanding,
    /// Whether the content shown with a receipt is what was received; `None` where none was shown.
    pub content: Option<ContentStanding>,
}

/// Which submissions are not what a receipt of them says. The papers' signatures have been checked.
pub async fn compare_receipts(store: &Store, papers: &[Paper]) -> Result<Vec<Differs>> {
    let mut conn = store.read().await?;
    let mut found = Vec::new();
    for paper in papers {
        let paper = match paper {
            Paper::Receipt(paper) => paper,
            Paper::Opened(paper) => {
                let id = SubmissionId::parse(&paper.reference).unwrap_or(SubmissionId(0));
                if !same_opened(&mut conn, id, paper).await? {
                    found.push(Differs::OpenedPaper(id.get()));
                }
                continue;
            }
            Paper::Opening(paper) => {
                if !same_opening(&mut conn, paper).await? {
                    found.push(Differs::OpeningPaper(RoundId::parse(&paper.reference).unwrap_or(RoundId(0)).get()));
                }
                continue;
            }
        };
        let id = SubmissionId::parse(&paper.reference).unwrap_or(SubmissionId(0));
        if !same_receipt(&mut conn, id, paper).await? {
            found.push(Differs::Receipt(id.get()));
        }
    }
    Ok(found)
}

/// Whether a submission is what its receipt says: what was received and when, whose it is, and what it answers. Titles and names are
/// told, not compared.
async fn same_receipt(conn: &mut Conn, id: SubmissionId, paper: &ReceiptPaper) -> Result<bool> {
    let Some(row) = conn.submission(id).await? else { return Ok(false) };
    let Some(response) = conn.response(ResponseId(row.response)).await? else { return Ok(false) };
    let Some(challenge) = conn.challenge_row(ChallengeId(response.challenge)).await? else { return Ok(false) };
    let envelopes = conn.envelopes(id).await?.into_iter().filter_map(|one| Some((one.kind, hex(&one.digest?))));
    let content = ContentDigest { salt: hex(&row.salt), sha256: hex(&row.digest), envelopes: envelopes.collect() };
    Ok((row.n, row.challenge_version, Moment(row.received_at).rfc3339())
        == (paper.number, paper.version, paper.received_at.clone())
        && content == paper.content
        && OrganisationId(response.supplier).to_string() == paper.supplier_id
        && challenge.reference == paper.challenge)
}

/// Whether an opening is what its record, signed then, says of it: who, when, for which deadline, and every submission. Names are told, not
/// compared: people change theirs.
async fn same_opening(conn: &mut Conn, paper: &OpeningPaper) -> Result<bool> {
    let round = RoundId::parse(&paper.reference).unwrap_or(RoundId(0));
    let Some(row) = conn.opening(round, &paper.envelope).await? else { return Ok(false) };
    let opened = conn.opened_submissions(round, &paper.envelope).await?;
    let listed: Vec<OpenedSubmission> = opened
        .iter()
        .map(|row| OpenedSubmission { reference: SubmissionId(row.submission).to_string(), sha256: hex(&row.digest) })
        .collect();
    let id = |user: i64| UserId(user).to_string();
    Ok((&paper.deadline, &paper.asked_at, &paper.confirmed_at)
        == (&Moment(row.deadline).rfc3339(), &Moment(row.asked_at).rfc3339(), &Moment(row.confirmed_at).rfc3339())
        && paper.asked_by_id.as_ref().is_none_or(|asked| *asked == id(row.asked_by_id))
        && paper.confirmed_by_id.as_ref().is_none_or(|confirmed| *confirmed == id(row.confirmed_by_id))
        && paper.submissions == listed)
}

async fn same_opened(conn: &mut Conn, id: SubmissionId, paper: &OpenedPaper) -> Result<bool> {
    let Some(submission) = conn.submission(id).await? else { return Ok(false) };
    let opening = conn.opening(RoundId(submission.round), &paper.envelope).await?;
    let envelopes = conn.envelopes(id).await?;
    let opened = envelopes.iter().find(|one| one.kind == paper.envelope).and_then(|one| one.opened_digest.as_ref());
    Ok(opening.is_some_and(|row| Moment(row.confirmed_at).rfc3339() == paper.opened_at)
        && opened.is_some_and(|digest| hex(digest) == paper.sha256))
}

/// Open to everybody. The record is only looked at for a paper that this installation signed: its holder learns nothing but
/// what the paper says, not even whether the submission still stands.
pub async fn verify_paper(desk: &Desk, paper: &str, content: &[u8]) -> Result<Result<Verdict, Fault>> {
    let held = match check(paper, &published_keys(desk).await?) {
        Ok(held) => held,
        Err(fault) => return Ok(Err(fault)),
    };
    let anchor = held.paper.anchor();
    let record = match desk.store.read().await?.entry_hash(anchor.position).await? {
        None => RecordStanding::Unknown,
        Some(hash) if hex(&hash) == anchor.hash => RecordStanding::Holds,
        Some(_) => RecordStanding::Differs,
    };
    let content = match &held.paper {
        Paper::Receipt(receipt) if !content.is_empty() => Some(content_holds(&receipt.content, content)),
        _ => None,
    };
    Ok(Ok(Verdict { held, record, content }))
}
