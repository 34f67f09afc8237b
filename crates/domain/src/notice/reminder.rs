//! Reminders: which one is due, and whether it still holds when it is about to leave. Nothing is stored ahead of time, so an
//! extended deadline moves them by itself.

use crate::moment::{DAY, HOUR, MINUTE, Moment};
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

/// What is to be done about a response before its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// Nothing stands: it is to be submitted.
    Submit,
    /// What stands was submitted before an amendment of what it answers.
    Confirm,
    /// Answers were changed after what stands was submitted.
    Changes,
}

impl Owed {
    /// `stands`: a submission does; `unconfirmed`: it was made before an amendment of what it answers; `changed`: the draft was saved
    /// after it.
    pub fn of(stands: bool, unconfirmed: bool, changed: bool) -> Option<Self> {
        match (stands, unconfirmed, changed) {
            (false, ..) => Some(Self::Submit),
            (true, true, _) => Some(Self::Confirm),
            (true, false, true) => Some(Self::Changes),
            (true, false, false) => None,
        }
    }

    /// The number by which a notice tells it; a follower's has none.
    pub fn n(self) -> i64 {
        match self {
            Self::Submit => 1,
            Self::Confirm => 2,
            Self::Changes => 3,
        }
    }
}

/// How long until a deadline, as it is said: never more than there is, but for what a mail takes on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Days(i64),
    Hours(i64),
    Minutes(i64),
}

/// `micros`: until the deadline; nothing of it left is 0 minutes.
pub fn left(micros: i64) -> Left {
    let lenient = micros.saturating_add(5 * MINUTE);
    if lenient >= 3 * DAY {
        Left::Days(lenient / DAY)
    } else if lenient >= 2 * HOUR {
        Left::Hours(lenient / HOUR)
    } else {
        Left::Minutes((micros / MINUTE).max(0))
    }
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

    #[test]
    fn what_is_left_is_what_is_said() {
        for step in Step::ALL {
            let late = left(step.before() - MINUTE);
            let said = match step {
                Step::Week => Left::Days(7),
                Step::TwoDays => Left::Hours(48),
                Step::Day => Left::Hours(24),
                Step::ThreeHours => Left::Hours(3),
            };
            assert_eq!(late, said, "{step:?}");
        }
        assert_eq!(left(14 * HOUR + 40 * MINUTE), Left::Hours(14));
        assert_eq!(left(95 * MINUTE), Left::Minutes(95));
        assert_eq!(left(35_000_000), Left::Minutes(0), "less than a minute");
        assert_eq!(left(-HOUR), Left::Minutes(0));
    }

    #[test]
    fn what_stands_and_is_whole_owes_nothing() {
        assert_eq!(Owed::of(false, false, false), Some(Owed::Submit));
        assert_eq!(Owed::of(true, true, true), Some(Owed::Confirm), "confirming brings the changes too");
        assert_eq!(Owed::of(true, false, true), Some(Owed::Changes));
        assert_eq!(Owed::of(true, false, false), None);
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
