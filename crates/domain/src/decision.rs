//! What was decided on each response, and why.

use serde::{Deserialize, Serialize};

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
