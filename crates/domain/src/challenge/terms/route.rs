//! Budget and route to adoption: what a good pilot leads to.

use serde::{Deserialize, Serialize};

use crate::ids::MilestoneId;
use crate::money::Money;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The most that pilot and all options after it may come to, over the whole duration.
    pub maximum: Option<Money>,
    /// How long the pilot takes, as the authority writes it ("six months").
    pub duration: String,
    /// Who else may buy under the same terms.
    pub buyers: String,
    pub milestones: Vec<Milestone>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    pub id: MilestoneId,
    pub title: String,
    /// By when, as the authority writes it ("month 3").
    pub due: String,
    /// What is paid then, as the authority writes it ("20 %").
    pub payment: String,
}
