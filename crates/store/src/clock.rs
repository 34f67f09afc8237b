//! The one clock. On PostgreSQL the database's, on SQLite the machine's; a test or demo installation may offset it.
//!
//! A node on PostgreSQL stamps what it receives without asking the database each time. It measures how far the database's clock is ahead
//! of a steady one (which nobody sets: it counts since the program began), and adds that: what the machine's own clock says, and whether
//! somebody sets it, does not matter. The steady clock stands still while a machine sleeps, which the machine's own shows.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// How often the database's clock is read for stamps.
pub(crate) const EVERY: Duration = Duration::from_secs(10);
/// A measurement holds so long, in microseconds: a clock runs wrong by 500 millionths at most while it is being set right, so by 30 ms.
const LASTS: i64 = 60_000_000;
/// The machine's clock was set, or it slept, if its two clocks parted by more than this since they were measured.
const STEP: i64 = 50_000;
/// An answer of the database that took longer tells its time too roughly to take the place of a measurement that holds.
const ROUGH: i64 = 100_000;

/// This machine's two clocks, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Here {
    pub(crate) machine: i64,
    steady: i64,
}

impl Here {
    pub(crate) fn now() -> Self {
        static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
        let steady = i64::try_from(BEGAN.elapsed().as_micros()).unwrap_or(i64::MAX);
        Self { machine: Clock::machine(), steady }
    }

    fn apart(self) -> i64 {
        self.machine.saturating_sub(self.steady)
    }
}

#[derive(Debug)]
pub(crate) struct Clock {
    /// Microseconds added to what the database says; zero in a live installation.
    offset: AtomicI64,
    /// The latest instant given or recorded: time never runs backwards for the record.
    last: AtomicI64,
    /// How far the database's clock is ahead of this machine's steady one. Written before the two that follow, read after them: whoever
    /// sees a new one of these sees the new one of this.
    ahead: AtomicI64,
    /// How far this machine's two clocks were apart when that was measured.
    apart: AtomicI64,
    /// When it was, on the steady clock.
    measured: AtomicI64,
}

impl Default for Clock {
    fn default() -> Self {
        let zero = AtomicI64::default;
        Self { offset: zero(), last: zero(), ahead: zero(), apart: zero(), measured: AtomicI64::new(i64::MIN) }
    }
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

    /// What the database's clock said between two looks at this machine's. Gives by how much it had moved against what was known of it.
    pub(crate) fn measure(&self, before: Here, there: i64, after: Here) -> i64 {
        let rough = after.steady.saturating_sub(before.steady) > ROUGH;
        let holds = self.is_sure(after);
        if rough && holds {
            return 0;
        }
        // Where it cannot be told better: as if the database had answered at once, so that a stamp is rather late.
        let asked = if rough { before.steady } else { before.steady.midpoint(after.steady) };
        let ahead = there.saturating_sub(asked);
        let known = self.ahead.swap(ahead, Ordering::Release);
        self.apart.store(before.apart(), Ordering::Release);
        self.measured.store(before.steady, Ordering::Release);
        if holds { ahead.saturating_sub(known) } else { 0 }
    }

    /// Whether the database's clock was measured lately, and this machine's was not set and did not sleep since.
    pub(crate) fn is_sure(&self, here: Here) -> bool {
        let measured = self.measured.load(Ordering::Acquire);
        here.steady.saturating_sub(measured) <= LASTS && self.stepped(here).abs() <= STEP
    }

    fn stepped(&self, here: Here) -> i64 {
        here.apart().saturating_sub(self.apart.load(Ordering::Acquire))
    }

    /// The database's time at an instant of this machine's, with the offset. It decides nothing but what is received in time. Where the
    /// machine's clocks have parted since they were measured it is the later of what they say: never earlier than it was. Before any
    /// measurement it is the machine's own.
    pub(crate) fn beside(&self, here: Here) -> i64 {
        let stepped = self.stepped(here);
        let slept = if stepped > STEP { stepped } else { 0 };
        let ahead = self.ahead.load(Ordering::Acquire);
        here.steady.saturating_add(ahead).saturating_add(slept).saturating_add(self.offset())
    }

    pub(crate) fn not_behind(&self, recorded: i64) {
        self.last.fetch_max(recorded, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    /// What the database says when the steady clock says 0.
    const THERE: i64 = 1_000 * SECOND;

    fn here(machine: i64, steady: i64) -> Here {
        Here { machine, steady }
    }

    /// Measured at 10 s by an answer of 2 ms, on a machine whose clock is two hours behind.
    fn measured() -> (Clock, i64) {
        let (clock, wrong) = (Clock::default(), THERE - 7_200 * SECOND);
        let at = 10 * SECOND;
        clock.measure(here(wrong + at, at), THERE + at + 1_000, here(wrong + at + 2_000, at + 2_000));
        (clock, wrong)
    }

    #[test]
    fn a_wrong_clock_of_the_machine_stamps_the_databases_time() {
        let (clock, wrong) = measured();
        let at = 30 * SECOND;
        assert!(clock.is_sure(here(wrong + at, at)));
        assert_eq!(clock.beside(here(wrong + at, at)), THERE + at);
        clock.set_offset(5);
        assert_eq!(clock.beside(here(wrong + at, at)), THERE + at + 5);
    }

    #[test]
    fn before_any_measurement_it_is_the_machines_and_not_sure() {
        let clock = Clock::default();
        assert_eq!(clock.beside(here(77 * SECOND, 3)), 77 * SECOND);
        assert!(!clock.is_sure(here(0, 0)) && !clock.is_sure(here(77 * SECOND, 3)));
    }

    #[test]
    fn a_clock_that_is_set_makes_nothing_earlier_and_is_asked_about() {
        let (clock, wrong) = measured();
        let at = 30 * SECOND;
        for (set, later) in [(-3_600 * SECOND, 0), (-60_000, 0), (60_000, 60_000), (3_600 * SECOND, 3_600 * SECOND)] {
            let here = here(wrong + at + set, at);
            assert!(!clock.is_sure(here), "{set}");
            assert_eq!(clock.beside(here), THERE + at + later, "{set}");
        }
        // Measured anew, with the clock as it is set now.
        let set = 3_600 * SECOND;
        let moved = clock.measure(here(wrong + at + set, at), THERE + at, here(wrong + at + set, at));
        assert_eq!((moved, clock.beside(here(wrong + at + set, at))), (0, THERE + at), "the same instant, stamped after");
        assert!(clock.is_sure(here(wrong + at + set, at)));
    }

    #[test]
    fn a_machine_that_slept_stamps_nothing_earlier() {
        let (clock, wrong) = measured();
        let (at, slept) = (30 * SECOND, 600 * SECOND);
        let here = here(wrong + at + slept, at);
        assert!(!clock.is_sure(here));
        assert_eq!(clock.beside(here), THERE + at + slept);
    }

    #[test]
    fn a_measurement_ends_and_a_rough_one_takes_the_place_of_none_that_holds() {
        let (clock, wrong) = measured();
        let look = |at: i64| here(wrong + at, at);
        assert!(clock.is_sure(look(70 * SECOND)) && !clock.is_sure(look(71 * SECOND)));
        let (before, there, after) = (20 * SECOND, THERE + 20 * SECOND, 23 * SECOND);
        assert_eq!(clock.measure(look(before), there, look(after)), 0);
        assert_eq!(clock.beside(look(after)), THERE + after, "as it was measured before");
        // The answer took three seconds, of which nobody knows which was the database's: the stamp is rather late.
        let (before, there, after) = (200 * SECOND, THERE + 202 * SECOND, 203 * SECOND);
        clock.measure(look(before), there, look(after));
        assert_eq!(clock.beside(look(after)), THERE + after + 2 * SECOND);
    }

    #[test]
    fn a_databases_clock_that_is_set_is_followed_and_told() {
        let (clock, wrong) = measured();
        let at = 20 * SECOND;
        let look = here(wrong + at, at);
        assert_eq!(clock.measure(look, THERE + at - 9 * SECOND, look), -9 * SECOND);
        assert_eq!(clock.beside(look), THERE + at - 9 * SECOND);
    }
}
