//! Locks with what must be read under them: one statement on PostgreSQL, because a submission waits for each of them; on
//! SQLite the write transaction holds the database already.

use domain::ids::{ChallengeId, ResponseId};

use crate::conn::{Conn, Link};
use crate::{Lock, Result};

/// Locks the challenge `c`, and reads the clock outside of the part that locks: when the lock is had, not when it is asked for.
macro_rules! then_clock {
    (@ $columns:literal, $facts:literal, $locked:literal) => {
        concat!(
            "with held as materialized (",
            $facts,
            $locked,
            ") select ",
            $columns,
            ", cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) from held"
        )
    };
    ($lock:expr, $columns:literal, $facts:literal) => {
        match $lock {
            Lock::Update => then_clock!(@ $columns, $facts, " for update of c"),
            _ => then_clock!(@ $columns, $facts, " for share of c"),
        }
    };
}

impl Conn {
    /// Locks a challenge, then reads the clock. False where there is none, as far as this had to look.
    pub(crate) async fn lock_challenge(&mut self, id: ChallengeId, lock: Lock) -> Result<bool> {
        if lock == Lock::None || !self.is_postgres() {
            return Ok(true);
        }
        let Link::Postgres(c) = self.link() else { return Ok(true) };
        let text = then_clock!(lock, "id", "select c.id from challenge c where c.id = $1");
        let found: Option<(i64, i64)> = sqlx::query_as(text).bind(id.get()).fetch_optional(&mut **c).await?;
        if let Some((_, clock)) = found {
            self.clock_says(clock);
        }
        Ok(found.is_some())
    }

    /// Locks the challenge that a response answers, then reads the clock. Gives challenge and supplier.
    pub(crate) async fn lock_response(&mut self, id: ResponseId, lock: Lock) -> Result<Option<(i64, i64)>> {
        if lock == Lock::None || !self.is_postgres() {
            return row!(self, (i64, i64), "select challenge, supplier from response where id = $1", id.get());
        }
        let Link::Postgres(c) = self.link() else { return Ok(None) };
        let text = then_clock!(
            lock,
            "challenge, supplier",
            "select r.challenge, r.supplier from response r join challenge c on c.id = r.challenge where r.id = $1"
        );
        let found: Option<(i64, i64, i64)> = sqlx::query_as(text).bind(id.get()).fetch_optional(&mut **c).await?;
        Ok(found.map(|(challenge, supplier, clock)| {
            self.clock_says(clock);
            (challenge, supplier)
        }))
    }
}
