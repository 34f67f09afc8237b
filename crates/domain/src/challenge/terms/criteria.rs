//! What is scored, and how.

use serde::{Deserialize, Serialize};

use crate::evaluation::PriceFormula;
use crate::ids::CriterionId;
use crate::points::Weight;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    Scored,
    Price(PriceFormula),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub id: CriterionId,
    pub name: String,
    pub guidance: String,
    pub weight: Weight,
    pub kind: CriterionKind,
    /// Points run from 0 to this.
    pub max: u8,
    pub threshold: Option<u8>,
    /// What each point means, from 0 to `max`; empty texts where the authority wrote none.
    pub descriptors: Vec<String>,
}

/// How own scores become final scores: published, never mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// After the discussion each evaluator may revise the own score with a reason; the mean counts.
    #[default]
    MeanAfterDiscussion,
}
