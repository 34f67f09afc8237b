//! A connection of either database, with the clock's reading and the brand that its permits carry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::moment::Moment;
use domain::policy::Brand;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres, Sqlite};

use crate::Result;
use crate::clock::{Clock, Here};

pub(crate) enum Link {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// How a row is locked before its facts are read. Order: challenge, round, response, head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    None,
    /// Others may hold it too: to submit.
    Share,
    /// Alone: to amend, open or close.
    Update,
}

/// Reads; see [`crate::Tx`] for writes.
pub struct Conn {
    link: Link,
    clock: Arc<Clock>,
    now: Option<Moment>,
    brand: Brand,
    pub(crate) statements: u32,
    pub(crate) writes: u32,
}

/// So many milliseconds between two measurements are more than clocks run apart.
const MOVED: i64 = 50;

static BRANDS: AtomicU64 = AtomicU64::new(1);

impl Conn {
    pub(crate) fn new(link: Link, clock: Arc<Clock>) -> Self {
        Self { link, clock, now: None, brand: fresh_brand(), statements: 0, writes: 0 }
    }

    /// Each use counts as one statement.
    pub(crate) fn link(&mut self) -> &mut Link {
        self.statements += 1;
        &mut self.link
    }

    pub(crate) fn count_write(&mut self) {
        self.writes += 1;
    }

    pub fn brand(&self) -> Brand {
        self.brand
    }

    /// The database's clock, read once in a verb (after its locks) or in a read, and the same until it ends.
    pub async fn now(&mut self) -> Result<Moment> {
        if let Some(now) = self.now {
            return Ok(now);
        }
        let reading = match &mut self.link {
            Link::Sqlite(_) => Clock::machine(),
            Link::Postgres(c) => {
                self.statements += 1;
                database_clock(c).await?
            }
        };
        Ok(self.clock_says(reading))
    }

    /// Reads the database's clock for stamps, and gives how far this machine's is from it, in microseconds; zero on SQLite, whose clock
    /// it is.
    pub(crate) async fn measure_clock(&mut self) -> Result<i64> {
        let Link::Postgres(c) = &mut self.link else { return Ok(0) };
        self.statements += 1;
        let before = Here::now();
        let there = database_clock(c).await?;
        let after = Here::now();
        let moved = self.clock.measure(before, there, after) / 1000;
        if moved.abs() > MOVED {
            tracing::warn!(ms = moved, "the database's clock was set: what is received is stamped by it as it stands now");
        }
        Ok(there - before.machine.midpoint(after.machine))
    }

    /// Takes what the database's clock said as this verb's `now`, unless it has one.
    pub(crate) fn clock_says(&mut self, reading: i64) -> Moment {
        let clock = &self.clock;
        *self.now.get_or_insert_with(|| Moment(clock.absorb(reading)))
    }

    /// Forgets the clock's reading and the brand: the next verb of a batch decides on facts of its own.
    pub(crate) fn next_verb(&mut self) {
        self.now = None;
        self.brand = fresh_brand();
        self.writes = 0;
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.link, Link::Postgres(_))
    }

    pub async fn meta(&mut self, name: &str) -> Result<Option<String>> {
        Ok(row!(self, (String,), "select value from meta where name = $1", name)?.map(|(value,)| value))
    }
}

/// In microseconds, without the offset.
async fn database_clock(c: &mut PgConnection) -> Result<i64> {
    let read = sqlx::query_as::<_, (i64,)>("select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)");
    Ok(read.fetch_one(c).await?.0)
}

fn fresh_brand() -> Brand {
    Brand(BRANDS.fetch_add(1, Ordering::Relaxed))
}
