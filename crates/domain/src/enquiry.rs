//! Enquiries: what a supplier asks about a published challenge, answered to all without the asker.

use crate::law::LawProfile;
use crate::moment::{DAY, Moment};

/// Where one enquiry stands: its newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnquiryState {
    Waiting,
    /// It was marked confidential, and the authority asks whether it may publish it in other words.
    AskedBack,
    /// The asker agreed to the words in which it would be published.
    Agreed,
    Withdrawn,
    Answered,
}

crate::organisation::codes!(EnquiryState {
    Waiting = "waiting",
    AskedBack = "asked_back",
    Agreed = "agreed",
    Withdrawn = "withdrawn",
    Answered = "answered",
});

impl EnquiryState {
    /// The asker may still take it back: nothing of it is published.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::AskedBack | Self::Agreed)
    }
}

/// What the law profile says of an answer given at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeliness {
    InTime,
    /// With fewer days left than the profile names.
    Late,
    /// The same, and a useful answer must move the deadline to this instant or later.
    Moves(Moment),
}

/// `deadline`: the one that the answer is for. The instant at which exactly the profile's days are left is in time.
pub fn timeliness(law: LawProfile, deadline: Moment, answered: Moment) -> Timeliness {
    let rule = law.enquiries();
    let days = i64::from(rule.answer_days) * DAY;
    if deadline.micros() - answered.micros() >= days {
        Timeliness::InTime
    } else if rule.late_answer_moves {
        Timeliness::Moves(answered.plus(days))
    } else {
        Timeliness::Late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_late_by_the_days_of_the_profile_and_moves_the_deadline_where_it_says_so() {
        let deadline = Moment(100 * DAY);
        let days_before = |days: i64| deadline.plus(-days * DAY);
        assert_eq!(timeliness(LawProfile::Eu2014_24, deadline, days_before(6)), Timeliness::InTime);
        let late = days_before(6).plus(1);
        assert_eq!(timeliness(LawProfile::Eu2014_24, deadline, late), Timeliness::Moves(late.plus(6 * DAY)));
        assert_eq!(timeliness(LawProfile::BelowThreshold, deadline, days_before(3)), Timeliness::InTime);
        assert_eq!(timeliness(LawProfile::BelowThreshold, deadline, days_before(2)), Timeliness::Late);
        assert_eq!(timeliness(LawProfile::Uk2023, deadline, days_before(-1)), Timeliness::Late, "after the deadline");
    }
}
