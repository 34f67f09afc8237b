//! The published versions of a challenge: each stays readable, with what it changed.

use domain::challenge::Terms;
use domain::challenge::difference::{Change, changes};
use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::outage::Outage;
use domain::policy::{self, ChallengeFacts, ReadChallenge, Refused};
use store::{AmendmentRow, Lock};

use super::reopening::recorded;
use crate::{Desk, Result};

/// One published version.
pub struct VersionView {
    pub facts: ChallengeFacts,
    pub reference: String,
    pub n: i64,
    pub terms: Terms,
    pub published_at: Moment,
    /// Of the amendment that made it; empty for the first.
    pub reason: String,
    /// The amendment that made it, with the failure that it was for.
    pub amendment: Option<AmendmentRow>,
    /// What the service itself recorded of that failure.
    pub recorded: Vec<Outage>,
    /// The version before, its terms, and what changed.
    pub before: Option<(i64, Terms, Vec<Change>)>,
    /// The numbers of all, the oldest first.
    pub all: Vec<i64>,
}

/// Anybody who may read the notice; what was only put before an approver is no version for anybody else.
pub async fn read_version(desk: &Desk, actor: &Actor, id: ChallengeId, n: i64) -> Result<VersionView> {
    let unseen = || Refused::unseen::<ReadChallenge>(id.get());
    let mut conn = desk.store.read().await?;
    let facts = crate::challenge::facts::<ReadChallenge>(&mut conn, actor, id, Lock::None).await?;
    policy::read_challenge(actor, &facts)?;
    let row = conn.challenge_row(id).await?.ok_or_else(unseen)?;
    let events = conn.challenge_events(id).await?;
    let published: Vec<(i64, i64)> = events
        .iter()
        .filter(|event| matches!(event.kind.as_str(), "approved" | "amended"))
        .filter_map(|event| Some((event.n?, event.publish_at.unwrap_or(event.at))))
        .collect();
    let place = published.iter().position(|(of, _)| *of == n).ok_or_else(unseen)?;
    let versions = conn.versions(id).await?;
    let of = |n: i64| versions.iter().find(|version| version.n == n);
    let version = of(n).ok_or_else(unseen)?;
    let terms = version.terms()?;
    let before = match place.checked_sub(1).map(|at| published[at].0).and_then(of) {
        Some(older) => {
            let older_terms = older.terms()?;
            let found = changes(&older_terms, &terms);
            Some((older.n, older_terms, found))
        }
        None => None,
    };
    let amendment = conn.amendments(id).await?.into_iter().find(|amendment| amendment.n == Some(n));
    let recorded = match &amendment {
        Some(row) => recorded(&mut conn, row).await?,
        None => Vec::new(),
    };
    Ok(VersionView {
        recorded,
        facts,
        reference: row.reference,
        n,
        terms,
        published_at: Moment(published[place].1),
        reason: version.reason.clone(),
        amendment,
        before,
        all: published.into_iter().map(|(n, _)| n).collect(),
    })
}
