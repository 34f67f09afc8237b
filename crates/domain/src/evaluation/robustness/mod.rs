//! How firmly the first place stands: an explanation beside a result, which decides nothing.
//!
//! - `ranges`: for each weight, how far it could be moved (the others in proportion) before another one is first.
//! - `without`: the ranking without each evaluator, criterion, response.
//! - `change`: the smallest change of one score after which the first is not first alone.

mod change;
mod ranges;
mod without;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::outcome::{Basis, Outcome};
use super::result::{Entry, ResultError, entries, result};
use super::rules::{Candidate, Rules};
use crate::points::Weight;

/// One final score with who gave it. Where the panel agreed on scores there are no voices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    pub evaluator: i64,
    pub response: i64,
    /// What was scored: a criterion, or one of its sub-criteria.
    pub criterion: i64,
    pub points: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robustness {
    /// Whose first place is looked at. Nothing where it is shared or nobody is ranked: then there are no ranges and no change.
    pub first: Option<i64>,
    /// One for each criterion, in published order.
    pub ranges: Vec<Range>,
    pub without_evaluators: Vec<Without>,
    pub without_criteria: Vec<Without>,
    pub without_responses: Vec<Without>,
    /// Nothing where no change of one score would do.
    pub change: Option<Change>,
}

/// The weights of a criterion at which the first place holds, all others being scaled in proportion. It holds at every weight
/// between the ends, and at each end as the end says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub criterion: i64,
    pub weight: Weight,
    /// Nothing where it has the whole weight: there is nothing to scale.
    pub ends: Option<(End, End)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The weight out of 100, exactly.
    pub at: Exact,
    /// Who would be first beyond it; nothing at 0 or 100, or where the first would be below the least total.
    pub then: Option<i64>,
    /// The first would be below the least total beyond it.
    pub below_total: bool,
    /// The first place still holds at this very weight: totals are equal, and the published list does not prefer the other.
    pub holds: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Without {
    /// The evaluator, criterion or response that is left out.
    pub id: i64,
    /// Nothing where no ranking is left: a response without any score, or no weight.
    pub again: Option<Again>,
}

/// A ranking with something left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    /// The first, or those who share the first place.
    pub first: Vec<i64>,
    /// The best five with their ranks.
    pub top: Vec<(i64, u32)>,
    /// How many others have another place among those that remain.
    pub moved: u32,
}

/// The smallest change of one score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub response: i64,
    /// What was scored: a criterion, or one of its sub-criteria.
    pub criterion: i64,
    pub from: u8,
    pub to: u8,
    /// Who gave this score; nobody where the panel agreed on it.
    pub evaluators: Vec<i64>,
    /// Who would be first then, or share the first place.
    pub first: Vec<i64>,
    /// How many scores of others would do it by a change as small: each of several that somebody gave counts.
    pub as_small: u32,
}

/// Computes all of it. Errors are those of [`result()`].
pub fn robustness(rules: &Rules, candidates: &[Candidate], voices: &[Voice]) -> Result<Robustness, ResultError> {
    let outcome = result(rules, candidates)?;
    let first = sole_first(&outcome);
    let round = Round::new(rules, candidates)?;
    Ok(Robustness {
        first,
        ranges: first.map(|first| ranges::ranges(rules, &outcome, first)).unwrap_or_default(),
        without_evaluators: without::evaluators(&round, voices, &outcome),
        without_criteria: without::criteria(&round, &outcome),
        without_responses: without::responses(&round, &outcome),
        change: first.and_then(|first| change::smallest(&round, candidates, voices, &outcome, first)),
    })
}

/// What a result is computed from again and again, each time with something changed.
struct Round<'a> {
    rules: &'a Rules,
    entries: Vec<Entry>,
    /// Place of an entry by its response.
    places: HashMap<i64, usize>,
}

impl<'a> Round<'a> {
    fn new(rules: &'a Rules, candidates: &[Candidate]) -> Result<Round<'a>, ResultError> {
        let entries = entries(rules, candidates)?;
        let places = entries.iter().zip(0..).map(|(entry, at)| (entry.standing.response, at)).collect();
        Ok(Round { rules, entries, places })
    }

    fn least(&self) -> Option<Exact> {
        self.rules.total_threshold.map(Exact::from)
    }

    fn basis<'e>(&self, entries: &'e mut [Entry], response: i64, criterion: usize) -> Option<&'e mut Basis> {
        let entry = entries.get_mut(*self.places.get(&response)?)?;
        Some(&mut entry.standing.lines.get_mut(criterion)?.basis)
    }
}

/// (sum, count) of the scores of a leaf.
fn tally(basis: &mut Basis, leaf: i64) -> Option<(&mut u64, &mut u64)> {
    match basis {
        Basis::Scores { sum, count, .. } => Some((sum, count)),
        Basis::Parts { parts, .. } => {
            parts.iter_mut().find(|part| part.criterion == leaf).map(|part| (&mut part.sum, &mut part.count))
        }
        _ => None,
    }
}

/// The first, where it shares its place with nobody.
fn sole_first(outcome: &Outcome) -> Option<i64> {
    let mut first = outcome.first();
    let sole = first.next()?.response;
    first.next().is_none().then_some(sole)
}
