//! What should be different.

use serde::{Deserialize, Serialize};

use crate::ids::OutcomeId;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: OutcomeId,
    pub title: String,
    pub unit: String,
    pub baseline: String,
    pub target: String,
    /// By when, as the authority writes it ("end of 2027").
    pub by: String,
    pub measured: String,
}
