//! Where what was found stands now, and what came of it: read from the database, so that it is as true as the challenge's own page.

use std::collections::BTreeMap;

use domain::challenge::Stage;
use domain::decision::DecisionKind;
use domain::ids::{ChallengeId, OrganisationId, SolutionId};
use domain::library::Proved;
use domain::moment::Moment;
use search::{Hit, Kind};
use store::{CameRow, Conn};

use crate::{Desk, Result};

/// What came of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// The beginning of what its source, elsewhere, says of results or winners.
    Told(String),
    /// Never empty.
    Awarded(Vec<Awarded>),
    NoneSuitable,
    Cancelled,
}

/// Who was awarded, and what it has published of its solution since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awarded {
    pub supplier: OrganisationId,
    pub name: String,
    pub solution: Option<Solution>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    pub id: SolutionId,
    pub title: String,
    /// Outcomes that it says it has reached.
    pub proved: Vec<Proved>,
}

/// Where a challenge that was found stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// Everybody may read it. Otherwise its team alone found it.
    pub public: bool,
}

/// Of the challenges among these, by id.
pub async fn standings(desk: &Desk, hits: &[Hit], now: Moment) -> Result<BTreeMap<i64, Standing>> {
    let challenges = challenges(hits.iter());
    if challenges.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = desk.store.read().await?.standings(&challenges).await?;
    let standing = |row: &store::ChallengeRow| {
        let standing = row.standing();
        (row.challenge, Standing { stage: standing.public_stage(now), public: standing.is_public(now) })
    };
    Ok(rows.iter().map(standing).collect())
}

fn challenges<'a>(hits: impl Iterator<Item = &'a Hit>) -> Vec<ChallengeId> {
    hits.filter(|hit| hit.kind == Kind::Challenge).map(|hit| ChallengeId(hit.id)).collect()
}

/// The same problems in the same order, with what came of those that are over.
pub(super) async fn came(conn: &mut Conn, problems: Vec<Hit>) -> Result<Vec<(Hit, Option<Came>)>> {
    let challenges = challenges(problems.iter());
    let rows = conn.came_of(&challenges).await?;
    let cancelled: Vec<i64> =
        conn.standings(&challenges).await?.iter().filter(|row| row.cancelled_at.is_some()).map(|row| row.challenge).collect();
    let mut told = Vec::with_capacity(problems.len());
    for hit in problems {
        let came = match hit.kind {
            Kind::PastChallenge => conn.past_challenge(hit.id).await?.and_then(|row| outcome(&row.body)).map(Came::Told),
            _ if cancelled.contains(&hit.id) => Some(Came::Cancelled),
            _ => decided(rows.iter().filter(|row| row.challenge == hit.id))?,
        };
        told.push((hit, came));
    }
    Ok(told)
}

fn decided<'a>(rows: impl Iterator<Item = &'a CameRow>) -> Result<Option<Came>> {
    let (mut awarded, mut none): (Vec<Awarded>, bool) = (Vec::new(), false);
    for row in rows {
        none |= row.kind == DecisionKind::NoneSuitable.code();
        let (Some(supplier), Some(name)) = (row.supplier, &row.supplier_name) else { continue };
        let solution = match (row.entry, row.entry()?) {
            (Some(id), Some(entry)) => Some(Solution { id: SolutionId(id), title: entry.title, proved: entry.proved }),
            _ => None,
        };
        // Whoever published several solutions for it is awarded once; the first that says so has its place.
        if awarded.iter().all(|known| known.supplier.get() != supplier) {
            awarded.push(Awarded { supplier: OrganisationId(supplier), name: name.clone(), solution });
        }
    }
    Ok(match (awarded.is_empty(), none) {
        (false, _) => Some(Came::Awarded(awarded)),
        (true, true) => Some(Came::NoneSuitable),
        (true, false) => None,
    })
}

/// The beginning of what a source says of results or winners.
fn outcome(body: &str) -> Option<String> {
    let sections: Vec<(String, String)> = serde_json::from_str(body).ok()?;
    let told = ["results", "impact"].iter().find_map(|name| sections.iter().find(|(heading, _)| heading == name));
    let text = told?.1.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.char_indices().nth(200).map(|(at, _)| at);
    Some(match end {
        Some(end) => format!("{}…", text[..end].trim_end()),
        None => text,
    })
    .filter(|text| !text.is_empty())
}
