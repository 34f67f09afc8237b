//! The one clock. On PostgreSQL the database's, on SQLite the machine's; a test or demo installation may offset it.

use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// Microseconds added to what the database says; zero in a live installation.
    offset: AtomicI64,
    /// The latest instant given or recorded: time never runs backwards for the record.
    last: AtomicI64,
}

impl Clock {
    /// The machine's clock in microseconds UTC: the only place that reads it.
    #[allow(clippy::disallowed_methods)]
    pub(crate) fn machine() -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    pub(crate) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    pub(crate) fn set_offset(&self, micros: i64) {
        self.offset.store(micros, Ordering::Relaxed);
    }

    /// A reading of the database's clock with the offset, always after what was given or recorded before: while a backward
    /// step of the machine's clock is absorbed, two facts must still not share an instant, or their order would be lost.
    pub(crate) fn absorb(&self, reading: i64) -> i64 {
        let shifted = reading.saturating_add(self.offset());
        let after = |last: i64| shifted.max(last.saturating_add(1));
        self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(after(last))).map_or(shifted, after)
    }

    /// The machine's own reading with the offset, where the database has another clock: it decides nothing there, so that a web
    /// server whose clock is ahead opens nothing.
    pub(crate) fn beside(&self, reading: i64) -> i64 {
        reading.saturating_add(self.offset())
    }

    pub(crate) fn not_behind(&self, recorded: i64) {
        self.last.fetch_max(recorded, Ordering::AcqRel);
    }
}
