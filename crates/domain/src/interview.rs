//! Interviews of a round: times offered in a row, and until when one may be taken or changed.

use crate::moment::{DAY, MINUTE, Moment};

/// Most that are offered at once.
pub const MOST_IN_A_ROW: u32 = 30;
pub const SHORTEST: u32 = 5;
pub const LONGEST: u32 = 480;

/// One time: a value to compute with, whoever has taken it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub starts: Moment,
    pub minutes: u32,
    /// The instant itself is too late.
    pub book_until: Moment,
}

impl Slot {
    pub fn ends(&self) -> Moment {
        self.starts.plus(i64::from(self.minutes) * MINUTE)
    }

    /// Whether it begins before the answers of its round are in: there is nothing to talk about then. The deadline itself is late.
    pub fn before_answers(&self, deadline: Moment) -> bool {
        self.starts.before(deadline)
    }

    /// Whether it may be taken now, or given back.
    pub fn may_change(&self, now: Moment) -> bool {
        now.before(self.book_until)
    }

    /// Two that overlap cannot both be held by the same people; one may begin when the other ends.
    pub fn overlaps(&self, other: &Slot) -> bool {
        self.starts.before(other.ends()) && other.starts.before(self.ends())
    }
}

/// So many times one after another, each with a pause behind it. `book_until`: none is said, then a day before the first.
pub fn in_a_row(first: Moment, minutes: u32, pause: u32, count: u32, book_until: Option<Moment>) -> Vec<Slot> {
    let until = book_until.unwrap_or_else(|| first.plus(-DAY));
    let step = i64::from(minutes) + i64::from(pause);
    let starts = (0..i64::from(count)).map(|n| first.plus(n * step * MINUTE));
    starts.map(|starts| Slot { starts, minutes, book_until: until }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_a_row_do_not_overlap_and_are_held_until_a_day_before() {
        let first = Moment(10 * DAY);
        let slots = in_a_row(first, 45, 15, 3, None);
        let starts: Vec<i64> = slots.iter().map(|slot| (slot.starts.micros() - first.micros()) / MINUTE).collect();
        assert_eq!(starts, [0, 60, 120]);
        for (at, one) in slots.iter().enumerate() {
            assert!(slots[at + 1..].iter().all(|other| !one.overlaps(other)));
            assert!(one.overlaps(one));
        }
        assert!(
            !in_a_row(first, 60, 0, 2, None)[0].overlaps(&in_a_row(first, 60, 0, 2, None)[1]),
            "one may begin when the other ends"
        );
        assert!(slots[0].may_change(Moment(9 * DAY - 1)));
        assert!(!slots[0].may_change(Moment(9 * DAY)), "the instant is too late");
        assert!(slots[0].before_answers(first.plus(1)) && !slots[0].before_answers(first));
    }
}
