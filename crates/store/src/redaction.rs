//! Words that are left out where a panel reads without names.

use domain::ids::RoundId;
use domain::policy::{Permit, RedactResponse};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

/// Words that are left out where a seat of an anonymous round reads a response.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RedactionRow {
    pub id: i64,
    pub response: i64,
    pub words: String,
    pub at: i64,
    pub by_name: String,
}

impl Conn {
    /// What is left out of a round's responses, the oldest first.
    pub async fn redactions(&mut self, round: RoundId) -> Result<Vec<RedactionRow>> {
        rows!(
            self,
            RedactionRow,
            "select x.id, x.response, x.words, x.at, u.name as by_name from redaction x join users u on u.id = x.by_user
             where x.round = $1 and x.ended_at is null order by x.at, x.id",
            round.get()
        )
    }
}

impl Tx {
    /// The same words once; `Stale` where they are left out already.
    pub async fn redact_response(&mut self, permit: &Permit<RedactResponse>, id: i64, round: RoundId, words: &str) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into redaction (id, response, round, words, at, by_user) values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
            id,
            permit.subject().id,
            round.get(),
            words,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }

    /// Seats read the words again; that they were left out stays in the file.
    pub async fn end_redaction(&mut self, permit: &Permit<RedactResponse>, id: i64) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "update redaction set ended_at = $3, ended_by = $4 where id = $1 and response = $2 and ended_at is null",
            id,
            permit.subject().id,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }
}
