//! Conditions that a response meets or does not: never scored.

use serde::{Deserialize, Serialize};

use crate::ids::RequirementId;
use crate::organisation::codes;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    /// Who may answer.
    #[default]
    Eligibility,
    /// What a response must contain.
    Completeness,
}

codes!(RequirementKind { Eligibility = "eligibility", Completeness = "completeness" });

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub id: RequirementId,
    pub kind: RequirementKind,
    /// The condition, in one sentence.
    pub title: String,
    /// What shows that it is met; a statement by the supplier is enough where this is empty.
    pub evidence: String,
    /// Each supplier declares in its response that it is met, or says why it is not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub declare: bool,
}
