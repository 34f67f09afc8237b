//! Evaluation: from final scores and prices to points, totals and ranks, exactly.
//!
//! [`result()`] is the one function that computes a result: the server saves what it says and the browser explains it
//! with the same code, so that a live total cannot differ from a saved one. It sees numbers and ids, no names.
//!
//! - `rules`: what was published (criteria, thresholds, tie-break) and what is scored.
//! - `exact`: fractions without rounding.
//! - `outcome`: what comes out, with every step as data.
//! - `result`: the five steps.
//! - `robustness`: how firmly the first place stands, for explanation only.
//! - `lots`: the order that a seed gives to those that are equal in everything published.
//! - `what_if`: other weights, the rest in proportion.
//! - `cut`: who is inside a number of places.
//! - `example`: the worked example of a price formula.
//! - `assignment`: who scores which response, where not everybody scores all.
//! - `quorum`: whether a response has the published number of own scores, and a record enough members behind it.
//! - `agenda`: where a panel disagrees, for moderation.
//! - `anew`: what a panel must agree on again, because somebody who agreed left by a conflict.
//! - `reasons`: a look at written reasons before the record is approved.
//! - `room`: one scorer's own way through the scores.

mod agenda;
mod anew;
mod assignment;
mod cut;
mod exact;
mod example;
mod lots;
mod outcome;
mod quorum;
mod reasons;
mod result;
mod robustness;
mod room;
mod rules;
mod what_if;

pub use agenda::{AgendaItem, agenda};
pub use anew::Left;
pub use assignment::{AssignmentError, Kept, assign};
pub use cut::{Cut, CutRule, Lots};
pub use exact::{Exact, ExactError};
pub use example::{large_example, price_example};
pub use lots::lot_order;
pub use outcome::{Basis, Below, DecidedBy, Line, Outcome, PartScore, Standing};
pub use quorum::{Backing, Short, below_quorum};
pub use reasons::{FaultKind, Name, Reason, ReasonFault, check_reasons};
pub use result::{ResultError, result, reweigh};
pub use robustness::{Again, Change, End, Range, Robustness, Voice, Without, robustness};
pub use room::{Cell, CellState, Given, RoomCriterion, SHORTEST_REASON, Way, place_in_order};
pub use rules::{Candidate, Criterion, CriterionKind, FinalScores, Lot, Part, PriceFormula, Rules, RulesError, TieBreak};
pub use what_if::{WhatIfError, scaled, what_if_weights};
