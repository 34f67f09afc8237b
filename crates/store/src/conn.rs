//! A connection of either database, with the clock's reading and the brand that its permits carry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::moment::Moment;
use domain::policy::Brand;
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Sqlite};

use crate::Result;
use crate::clock::Clock;

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
                sqlx::query_as::<_, (i64,)>("select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)")
                    .fetch_one(&mut **c)
                    .await?
                    .0
            }
        };
        Ok(self.clock_says(reading))
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

fn fresh_brand() -> Brand {
    Brand(BRANDS.fetch_add(1, Ordering::Relaxed))
}
