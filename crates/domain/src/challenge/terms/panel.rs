//! What is published of the panel beside its method: how many must have scored, where a reason is asked, what was planned.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Fewest evaluators whose final scores each response has, in each criterion.
    pub quorum: u8,
    #[serde(default)]
    pub reasons: Reasons,
    #[serde(default)]
    pub assignment: Assignment,
    /// What the officer reckons with: for the estimate of the panel's hours.
    #[serde(default)]
    pub expected: Option<Expected>,
}

impl Default for Panel {
    fn default() -> Self {
        Self { quorum: 1, reasons: Reasons::default(), assignment: Assignment::default(), expected: None }
    }
}

/// Which scores have a written reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reasons {
    #[default]
    EachScore,
    /// A sift: one reason for a response, and one for each score under the threshold of its criterion.
    Sift,
}

crate::organisation::codes!(Reasons { EachScore = "each_score", Sift = "sift" });

impl Reasons {
    /// Whether a score needs a reason of its own.
    pub fn asked(self, points: u8, threshold: Option<u8>) -> bool {
        self == Reasons::EachScore || threshold.is_some_and(|least| points < least)
    }
}

/// Who scores what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// Everybody who scores scores every response.
    #[default]
    All,
    /// Each response is scored by as many as the quorum says, drawn so that all have about as much to do.
    Balanced,
}

crate::organisation::codes!(Assignment { All = "all", Balanced = "balanced" });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    pub responses: u32,
    pub evaluators: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sift_asks_for_a_reason_only_under_the_threshold() {
        assert!(Reasons::Sift.asked(2, Some(3)));
        assert!(!Reasons::Sift.asked(3, Some(3)), "equal is enough");
        assert!(!Reasons::Sift.asked(0, None));
        assert!(Reasons::EachScore.asked(5, None));
    }
}
