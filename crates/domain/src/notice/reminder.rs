//! Reminders: which one is due, and whether it still holds when it is about to leave. Nothing is stored ahead of time, so an
//! extended deadline moves them by itself.

use crate::moment::{DAY, HOUR, Moment};
use crate::organisation::codes;

/// How long before a deadline people are reminded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Week,
    TwoDays,
    Day,
    ThreeHours,
}

codes!(Step { Week = "7d", TwoDays = "48h", Day = "24h", ThreeHours = "3h" });

impl Step {
    /// In microseconds before the deadline.
    pub fn before(self) -> i64 {
        match self {
            Step::Week => 7 * DAY,
            Step::TwoDays => 48 * HOUR,
            Step::Day => 24 * HOUR,
            Step::ThreeHours => 3 * HOUR,
        }
    }
}

/// The reminder that is due: the nearest to the deadline of those whose instant has come. After a service stood still nobody
/// gets "a week left" with a day to go, and none comes once the deadline is there.
pub fn step(now: Moment, deadline: Moment) -> Option<Step> {
    if !now.before(deadline) {
        return None;
    }
    Step::ALL.iter().rev().copied().find(|step| now.reached(deadline.plus(-step.before())))
}

/// What is known of a deadline and its reader when a reminder is about to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// As the reminder tells it.
    pub told: Moment,
    /// As it is now.
    pub deadline: Option<Moment>,
    pub cancelled: bool,
    /// What it reminds of is done: the response submitted, the scores locked.
    pub done: bool,
}

/// Whether a reminder still holds: not after the deadline, nor when it was moved, the challenge cancelled, or the work done.
pub fn reminds(now: Moment, c: &Circumstances) -> bool {
    !c.cancelled && !c.done && c.deadline == Some(c.told) && now.before(c.told)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEADLINE: Moment = Moment(100 * DAY);

    #[test]
    fn each_step_comes_at_its_instant() {
        assert_eq!(step(DEADLINE.plus(-7 * DAY - 1), DEADLINE), None);
        assert_eq!(step(DEADLINE.plus(-7 * DAY), DEADLINE), Some(Step::Week));
        assert_eq!(step(DEADLINE.plus(-48 * HOUR), DEADLINE), Some(Step::TwoDays));
        assert_eq!(step(DEADLINE.plus(-24 * HOUR), DEADLINE), Some(Step::Day));
        assert_eq!(step(DEADLINE.plus(-3 * HOUR), DEADLINE), Some(Step::ThreeHours));
        assert_eq!(step(DEADLINE.plus(-1), DEADLINE), Some(Step::ThreeHours));
        assert_eq!(step(DEADLINE, DEADLINE), None, "the instant of the deadline is already late");
    }

    #[test]
    fn an_extension_a_cancellation_or_a_submission_silences() {
        let holds = Circumstances { told: DEADLINE, deadline: Some(DEADLINE), cancelled: false, done: false };
        let now = DEADLINE.plus(-HOUR);
        assert!(reminds(now, &holds));
        assert!(!reminds(now, &Circumstances { deadline: Some(DEADLINE.plus(DAY)), ..holds }));
        assert!(!reminds(now, &Circumstances { deadline: None, ..holds }));
        assert!(!reminds(now, &Circumstances { cancelled: true, ..holds }));
        assert!(!reminds(now, &Circumstances { done: true, ..holds }));
        assert!(!reminds(DEADLINE, &holds), "too late to act");
    }

    proptest! {
        #[test]
        fn steps_only_come_nearer(now in 0i64..200 * DAY, later in 0i64..10 * DAY) {
            let (first, second) = (step(Moment(now), DEADLINE), step(Moment(now + later), DEADLINE));
            if let (Some(first), Some(second)) = (first, second) {
                prop_assert!(first <= second);
            }
        }
    }
}
