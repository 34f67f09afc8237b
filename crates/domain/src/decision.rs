//! What was decided on each response, and why.

use serde::{Deserialize, Serialize};

use crate::evaluation::Standing;
use crate::ids::ResponseId;
use crate::organisation::codes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Award,
    /// No response was good enough: not the same as cancelled.
    NoneSuitable,
    /// A cut: who goes on to the next round.
    Shortlist,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    Awarded,
    Unsuccessful,
    /// In at a cut.
    Invited,
}

codes!(DecisionKind { Award = "award", NoneSuitable = "none_suitable", Shortlist = "shortlist" });
codes!(LineOutcome { Awarded = "awarded", Unsuccessful = "unsuccessful", Invited = "invited" });

/// What was decided on one response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub response: ResponseId,
    pub outcome: LineOutcome,
    pub reason: String,
}

/// What an award does that the ranking does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByRank {
    /// This one is awarded and another that is equal in everything published is not: only lots decide between them.
    Tied(i64),
    /// This one is not awarded and one below it is: as where a winner withdrew, and never without a reason.
    Passed(i64),
}

/// The first departure from the ranking, a tie before all others; nothing where the awarded stand at the top of it.
pub fn by_rank(standings: &[Standing], awarded: impl Fn(i64) -> bool) -> Option<ByRank> {
    let ranked = || standings.iter().filter_map(|standing| Some((standing, standing.rank?)));
    let left_out = || ranked().filter(|(standing, _)| !awarded(standing.response));
    let taken = || ranked().filter(|(standing, _)| awarded(standing.response));
    let tied = taken().find(|(one, rank)| one.tied && left_out().any(|(_, other)| other == *rank));
    let passed = left_out().find(|(_, rank)| taken().any(|(_, below)| below > *rank));
    tied.map(|(one, _)| ByRank::Tied(one.response)).or(passed.map(|(one, _)| ByRank::Passed(one.response)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(response: i64, rank: Option<u32>, tied: bool) -> Standing {
        Standing {
            response,
            excluded: false,
            below: Vec::new(),
            price_minor: None,
            lot: None,
            lines: Vec::new(),
            total: None,
            rank,
            tied,
            decided_by: None,
            over_next: None,
        }
    }

    #[test]
    fn an_award_stands_at_the_top_of_the_ranking_or_says_why() {
        let ranking =
            [standing(1, Some(1), true), standing(2, Some(1), true), standing(3, Some(3), false), standing(4, None, false)];
        let says = |these: &[i64]| by_rank(&ranking, |response| these.contains(&response));
        assert_eq!(says(&[1, 2]), None);
        assert_eq!(says(&[1, 2, 3]), None);
        assert_eq!(says(&[2]), Some(ByRank::Tied(2)), "by choice where lots decide");
        assert_eq!(says(&[3]), Some(ByRank::Passed(1)));
        assert_eq!(says(&[]), None);
    }
}
