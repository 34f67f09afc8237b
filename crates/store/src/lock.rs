//! Locks with what must be read under them: one statement on PostgreSQL, because a submission waits for each of them; on
//! SQLite the write transaction holds the database already.

use domain::ids::{ChallengeId, ResponseId};

use crate::conn::{Conn, Link};
use crate::{Lock, Result};

/// Locks the challenge `c`, and reads the clock outside of the part that locks: when the lock is had, not when it is asked for.
macro_rules! then_clock {
    (@ $columns:literal, $facts:literal, $locked:expr) => {
        concat!(
            "with held as materialized (",
            $facts,
            $locked,
            ") select ",
            $columns,
            ", cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) from held"
        )
    };
    ($lock:expr, $columns:literal, $facts:literal $(, $more:literal)?) => {
        match $lock {
            Lock::Update => then_clock!(@ $columns, $facts, concat!(" for update of c", $($more)?)),
            _ => then_clock!(@ $columns, $facts, concat!(" for share of c", $($more)?)),
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

    /// Locks the challenges that responses answer, and the responses, so that nobody saves an answer while another submits it; then
    /// reads the clock. Gives (response, challenge, supplier).
    pub(crate) async fn lock_responses(&mut self, ids: &[ResponseId], lock: Lock) -> Result<Vec<(i64, i64, i64)>> {
        if lock == Lock::None || !self.is_postgres() {
            return rows_of!(
                self,
                (i64, i64, i64),
                "select id, challenge, supplier from response where id in (values (cast($1 as bigint)))",
                ids,
                |id| id.get()
            );
        }
        let Link::Postgres(c) = self.link() else { return Ok(Vec::new()) };
        // In one order, so that two lots never wait for each other. A batch of single verbs takes them as it comes: where it and a lot
        // cross, the lot gives way (`write_beside`).
        let text = then_clock!(
            lock,
            "id, challenge, supplier",
            "select r.id, r.challenge, r.supplier from response r join challenge c on c.id = r.challenge
             where r.id in (values (cast($1 as bigint))) order by c.id, r.id",
            " for no key update of r"
        );
        let times = crate::sql::padded(ids.len());
        let repeated = crate::sql::repeated(text, times, 1, true);
        let mut query = sqlx::query_as::<_, (i64, i64, i64, i64)>(sqlx::AssertSqlSafe(repeated));
        for at in 0..times {
            query = query.bind(ids[at.min(ids.len() - 1)].get());
        }
        let found = query.fetch_all(&mut **c).await?;
        // The last lock that was had, not the first.
        if let Some(clock) = found.iter().map(|row| row.3).max() {
            self.clock_says(clock);
        }
        Ok(found.into_iter().map(|(id, challenge, supplier, _)| (id, challenge, supplier)).collect())
    }
}
