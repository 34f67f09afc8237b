//! What a mail of an alert says, looked up when it is about to leave: what was stopped meanwhile is not sent, and what nobody
//! may find any more is not told.

use domain::ids::{AlertId, from_text};
use domain::moment::Moment;
use domain::notice::Choice;
use search::{Hit, Kind, Query};
use serde_json::Value;

use super::Wanted;
use crate::find::among;
use crate::{Desk, Result};

/// So many documents a mail names; of the rest it says how many there are.
pub const FOUND_SHOWN: usize = 20;

/// A mail of an alert before it is put into words.
#[derive(Clone, Debug)]
pub struct Found {
    pub wanted: Wanted,
    pub rhythm: Choice,
    /// The newest first.
    pub hits: Vec<Hit>,
    /// How many more there are.
    pub more: usize,
    /// Whole addresses: stops this one; everything that the reader keeps.
    pub stop: String,
    pub all: String,
}

pub(crate) async fn found(desk: &Desk, params: &Value) -> Result<Option<Found>> {
    let alert = AlertId(params["alert"].as_str().and_then(from_text).unwrap_or_default());
    let at = Moment(params["at"].as_i64().unwrap_or_default());
    let mut conn = desk.store.read().await?;
    let Some(row) = conn.alert(alert).await? else { return Ok(None) };
    if row.stopped_at.is_some() || row.confirmed_at.is_none() {
        return Ok(None);
    }
    let told = conn.alert_told(alert, at).await?;
    drop(conn);
    let only: Vec<(Kind, i64)> = told.iter().filter_map(|(kind, id)| Some((Kind::parse(kind)?, *id))).collect();
    let per_page = u32::try_from(only.len()).unwrap_or(u32::MAX).min(1_000);
    let mut hits = among(desk, Query { per_page, ..Query::default() }, only).await?;
    if hits.is_empty() {
        return Ok(None);
    }
    let more = hits.len().saturating_sub(FOUND_SHOWN);
    hits.truncate(FOUND_SHOWN);
    let all = match row.address {
        Some(address) => format!("{}/alerts?t={}", desk.base_url, desk.stops.address_token(address)),
        None => format!("{}/alerts", desk.base_url),
    };
    let rhythm = Choice::parse(&row.rhythm).unwrap_or(Choice::Daily);
    Ok(Some(Found { wanted: Wanted::of(&row)?, rhythm, hits, more, stop: desk.alert_link("stop", alert), all }))
}
