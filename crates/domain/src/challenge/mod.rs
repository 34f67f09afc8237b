//! The published problem notice: its terms, the draft they are parsed from, and where a challenge stands.

pub mod amendment;
pub mod brief;
pub mod categories;
pub mod difference;
mod draft;
mod stage;
mod terms;

pub use draft::{Draft, LANGUAGES, MOST_OUTCOMES, SCALES, Section, draft_of, parse, parse_loosely};
pub use stage::{OPENING_DELAY, Stage, Standing};
pub use terms::{
    Assignment, Criterion, CriterionKind, Expected, FileKind, LaterRound, Leaf, Method, Milestone, Offer, Outcome, Panel, Part,
    PriceBasis, Problem, Property, Question, QuestionKind, Reasons, Requirement, RequirementKind, RoundKind, Route, Shortlist,
    Tax, Terms, rules_of,
};

use crate::organisation::codes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TeamRole {
    Officer,
    Approver,
}

codes!(TeamRole { Officer = "officer", Approver = "approver" });

/// An approval that is given beside others before publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApprovalKind {
    Finance,
    Legal,
    Service,
}

codes!(ApprovalKind { Finance = "finance", Legal = "legal", Service = "service" });
