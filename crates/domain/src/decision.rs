//! What was decided on each response, and why.

use serde::{Deserialize, Serialize};

use crate::organisation::codes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    Award,
    /// No response was good enough: not the same as cancelled.
    NoneSuitable,
    Shortlist,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineOutcome {
    Awarded,
    Unsuccessful,
}

codes!(DecisionKind { Award = "award", NoneSuitable = "none_suitable", Shortlist = "shortlist" });
codes!(LineOutcome { Awarded = "awarded", Unsuccessful = "unsuccessful" });
