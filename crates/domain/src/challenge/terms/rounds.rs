//! Rounds after the first, as planned and published. What is written here binds; running them has its own machinery.

use serde::{Deserialize, Serialize};

use super::{Criterion, Method, Question};
use crate::ids::RoundPlanId;
use crate::moment::Moment;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundKind {
    Sift,
    #[default]
    Interview,
    PaidExploration,
    FinalOffer,
}

crate::organisation::codes!(RoundKind {
    Sift = "sift",
    Interview = "interview",
    PaidExploration = "paid_exploration",
    FinalOffer = "final_offer",
});

/// A later round: everything that a supplier must know of it before answering the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterRound {
    pub id: RoundPlanId,
    pub kind: RoundKind,
    /// Who of the round before goes on.
    pub shortlist: Shortlist,
    pub questions: Vec<Question>,
    pub criteria: Vec<Criterion>,
    pub method: Method,
    /// When its answers are due, as far as it is planned.
    pub deadline: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortlist {
    /// All who pass the thresholds.
    AllAboveThresholds,
    /// So many of the best who pass them; equal totals at the edge are decided as published, then by lots.
    Best { places: u32 },
}
