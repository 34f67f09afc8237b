//! Approval: what the approver reads, and who approves what.

use domain::challenge::difference::{Change, changes};
use domain::ids::ChallengeId;
use domain::organisation::Actor;
use domain::policy::{self, ReadDraft};
use store::Lock;

use crate::challenge::facts;
use crate::{Desk, Result};

/// What differs between the two newest versions.
pub struct ChangesView {
    /// Number of the older one.
    pub from: i64,
    pub changes: Vec<Change>,
    pub zone: String,
}

/// `None` while there is one version or none.
pub async fn read_changes(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<Option<ChangesView>> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadDraft>(&mut conn, actor, id, Lock::None).await?;
    policy::read_draft(actor, &facts)?;
    let versions = conn.versions(id).await?;
    let [.., before, after] = versions.as_slice() else { return Ok(None) };
    let (from, before, after) = (before.n, before.terms()?, after.terms()?);
    Ok(Some(ChangesView { from, changes: changes(&before, &after), zone: after.zone }))
}
