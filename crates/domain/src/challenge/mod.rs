//! The published problem notice: its terms, the draft they are parsed from, and where a challenge stands.

pub mod difference;
mod draft;
mod stage;
mod terms;

pub use draft::{Draft, LANGUAGES, MOST_OUTCOMES, Section, parse, parse_loosely};
pub use stage::{OPENING_DELAY, Stage, Standing};
pub use terms::{
    Criterion, CriterionKind, Method, Milestone, Offer, Outcome, Problem, Property, Question, QuestionKind, Requirement,
    RequirementKind, Route, Terms,
};

use crate::organisation::codes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TeamRole {
    Officer,
    Approver,
}

codes!(TeamRole { Officer = "officer", Approver = "approver" });
