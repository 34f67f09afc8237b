//! Scores that a panel must agree on anew, because somebody who agreed left the discussion by a conflict of interest.

use crate::moment::Moment;

/// A member who took part in the panel's discussion until a conflict was declared that took it away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The response that it is recused from; `None`: it was removed from the round.
    pub response: Option<i64>,
    /// When it first declared: nobody discusses before.
    pub since: Moment,
    /// When the conflict was declared. From then on it took part no more, though it was settled later.
    pub at: Moment,
}

impl Left {
    /// Whether an agreed score of a response rests on this member's part. Declarations come first, and a conflict takes the
    /// member's part out of the result (domain.md, "Scoring"): what was agreed with it before it left is agreed anew by those who
    /// remain, whether or not they come to the same points.
    pub fn unsettles(&self, response: i64, agreed: Moment) -> bool {
        self.response.is_none_or(|left| left == response) && self.since.before(agreed) && !self.at.before(agreed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn left(response: Option<i64>, since: i64, at: i64) -> Left {
        Left { response, since: Moment(since), at: Moment(at) }
    }

    #[test]
    fn what_was_agreed_with_somebody_who_left_is_agreed_anew() {
        let recused = left(Some(7), 10, 30);
        assert!(recused.unsettles(7, Moment(20)));
        assert!(!recused.unsettles(8, Moment(20)), "another response");
        assert!(!recused.unsettles(7, Moment(31)), "agreed without it");
        assert!(!recused.unsettles(7, Moment(9)), "agreed before it took part");
        assert!(!left(Some(7), 30, 30).unsettles(7, Moment(20)), "its first declaration was the conflict: it never took part");
        assert!(left(None, 10, 30).unsettles(8, Moment(20)), "removed from the round, from all of it");
    }

    proptest! {
        /// Agreeing once more after everybody who leaves has left settles it, whoever left and from what.
        #[test]
        fn agreed_after_all_have_left_it_rests_on_nobody_gone(since in 0i64..50, stayed in 0i64..50, later in 1i64..50, response in 0i64..3, left_of in proptest::option::of(0i64..3)) {
            let gone = left(left_of, since, since + stayed);
            prop_assert!(!gone.unsettles(response, Moment(since + stayed + later)));
        }
    }
}
