//! The published quorum: how many own scores each response must have, and how many members stand behind the record.

/// A response that has fewer own scores than were published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Short {
    pub response: i64,
    /// How many it has, or can still get.
    pub have: usize,
}

/// Those of the responses that have too few, in the order in which they come.
pub fn below_quorum(quorum: usize, have: impl IntoIterator<Item = (i64, usize)>) -> Vec<Short> {
    have.into_iter().filter(|(_, have)| *have < quorum).map(|(response, have)| Short { response, have }).collect()
}

/// Who stands behind a record when it is closed. Members are those who score; whoever closes it approves it by that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backing {
    pub members: usize,
    /// How many members other than the one who closes have approved it as it stands.
    pub others: usize,
    /// Whoever closes is a member: a chair who only moderates is none.
    pub closer: bool,
}

impl Backing {
    pub fn approved(self) -> usize {
        self.others + usize::from(self.closer)
    }

    /// Too few for a record that makes scores final by one person's act: nobody of the others, or fewer than the published
    /// quorum. The members approve the record (domain.md, "Scoring"), and the chair goes on without a missing one; where that
    /// leaves one person, or fewer than the number that was published to judge each response, a court would ask whose record it
    /// is. So a second person from outside the panel confirms it, with a reason. Of a panel of one nobody is missing.
    pub fn thin(self, quorum: usize) -> bool {
        let anybody_else = self.members > usize::from(self.closer);
        (anybody_else && self.others == 0) || self.approved() < quorum.min(self.members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn thin(members: usize, others: usize, closer: bool, quorum: usize) -> bool {
        Backing { members, others, closer }.thin(quorum)
    }

    #[test]
    fn a_response_below_the_quorum_is_named_with_what_it_has() {
        assert_eq!(below_quorum(2, [(7, 2), (8, 1), (9, 0)]), [Short { response: 8, have: 1 }, Short { response: 9, have: 0 }]);
        assert!(below_quorum(0, [(7, 0)]).is_empty());
    }

    #[test]
    fn a_record_needs_somebody_else_and_the_quorum_or_a_second_person() {
        assert!(thin(3, 0, true, 1), "nobody but the chair");
        assert!(!thin(3, 1, true, 2), "the chair and one more, as published");
        assert!(thin(3, 1, true, 3), "one short of the quorum");
        assert!(!thin(3, 2, true, 3));
        assert!(thin(2, 0, false, 1), "a chair who only moderates is no member");
        assert!(!thin(2, 1, false, 1));
        assert!(!thin(1, 0, true, 1), "of a panel of one nobody is missing");
    }

    proptest! {
        /// One more approval never makes a record need more; approved by all, it needs nobody else.
        #[test]
        fn an_approval_never_harms(members in 1usize..9, others in 0usize..9, closer: bool, quorum in 0usize..9) {
            let most = members - usize::from(closer);
            let others = others.min(most);
            prop_assert!(!thin(members, most, closer, quorum));
            if others < most {
                prop_assert!(thin(members, others, closer, quorum) || !thin(members, others + 1, closer, quorum));
            }
        }
    }
}
