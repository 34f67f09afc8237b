//! Findings of the statement check that were left as they are, with their reasons.

use domain::ids::ChallengeId;
use domain::policy::{DismissFinding, Permit, TakeBackFinding};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

/// One act, in the order in which they happened.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FindingRow {
    pub finding: String,
    pub words: String,
    /// `dismissed` or `taken_back`.
    pub kind: String,
    pub reason: String,
    pub at: i64,
    pub by_name: String,
}

impl Conn {
    pub async fn finding_events(&mut self, id: ChallengeId) -> Result<Vec<FindingRow>> {
        rows!(
            self,
            FindingRow,
            "select e.finding, e.words, e.kind, e.reason, e.at, u.name as by_name from finding_event e
             join users u on u.id = e.by_user where e.challenge = $1 order by e.at, e.id",
            id.get()
        )
    }
}

impl Tx {
    pub async fn dismiss_finding(
        &mut self,
        permit: &Permit<DismissFinding>,
        event: i64,
        finding: &str,
        words: &str,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into finding_event (id, challenge, finding, words, kind, reason, at, by_user)
             values ($1, $2, $3, $4, 'dismissed', $5, $6, $7)",
            event,
            permit.subject().id,
            finding,
            words,
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    pub async fn take_back_finding(&mut self, permit: &Permit<TakeBackFinding>, event: i64, finding: &str) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into finding_event (id, challenge, finding, words, kind, reason, at, by_user)
             values ($1, $2, $3, '', 'taken_back', '', $4, $5)",
            event,
            permit.subject().id,
            finding,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }
}
