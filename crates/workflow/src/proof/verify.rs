//! What an installation says of a paper that somebody shows: what holds, and nothing that does not stand in it already.

use domain::audit::Differs;
use domain::ids::SubmissionId;
use domain::moment::Moment;
use store::Store;

use super::{Fault, Held, Paper, check, content_holds, published_keys};
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
    pub content: Option<bool>,
}

/// Which submissions are not what a receipt of them says. The papers' signatures have been checked.
pub async fn compare_receipts(store: &Store, papers: &[Paper]) -> Result<Vec<Differs>> {
    let mut conn = store.read().await?;
    let mut found = Vec::new();
    for paper in papers {
        let Paper::Receipt(paper) = paper else { continue };
        let id = SubmissionId::parse(&paper.reference).unwrap_or(SubmissionId(0));
        let same = conn.submission(id).await?.is_some_and(|row| {
            (row.n, row.challenge_version, Moment(row.received_at).rfc3339(), hex(&row.digest), hex(&row.salt))
                == (
                    paper.number,
                    paper.version,
                    paper.received_at.clone(),
                    paper.content.sha256.clone(),
                    paper.content.salt.clone(),
                )
        });
        if !same {
            found.push(Differs::Receipt(id.get()));
        }
    }
    Ok(found)
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
        Paper::Receipt(receipt) if !content.is_empty() => Some(content_holds(&receipt.content, content).unwrap_or(false)),
        _ => None,
    };
    Ok(Ok(Verdict { held, record, content }))
}
