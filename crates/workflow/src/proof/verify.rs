//! What an installation says of a paper that somebody shows: what holds, and nothing that does not stand in it already.

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
