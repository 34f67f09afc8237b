//! The one function that computes a result, in the published order of steps.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::exact::Exact;
use super::outcome::{Basis, Below, DecidedBy, Line, Outcome, PartScore, Standing};
use super::rules::{Candidate, Criterion, CriterionKind, FinalScores, PriceFormula, Rules, RulesError, TieBreak};
use crate::points::Weight;

/// Why there is no result yet. Ids only: an error tells no score and no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultError {
    #[error(transparent)]
    Rules(RulesError),
    #[error("response {response} stands twice")]
    ResponseTwice { response: i64 },
    #[error("response {response} is not scored in criterion {criterion}")]
    MissingScore { response: i64, criterion: i64 },
    #[error("response {response} has two sets of scores in criterion {criterion}")]
    ScoredTwice { response: i64, criterion: i64 },
    #[error("response {response} has scores in {criterion}, which is not a scored criterion")]
    NotScored { response: i64, criterion: i64 },
    #[error("response {response} has a score over the scale of criterion {criterion}")]
    ScoreOverMax { response: i64, criterion: i64 },
    #[error("response {response} has no total of the round before")]
    MissingCarried { response: i64 },
    #[error("response {response} has no price")]
    MissingPrice { response: i64 },
    #[error("response {response} has a negative price")]
    NegativePrice { response: i64 },
    #[error("response {response} has a price of zero, by which the formula would divide")]
    ZeroPrice { response: i64 },
}

/// Computes the result: 1. exclusions; 2. thresholds on scores; 3. price points among those left, once;
/// 4. thresholds on totals; 5. ranks.
///
/// - Points of a criterion = weight x final score / max; the final score is the mean of those who scored, and with
///   sub-criteria the mean of theirs by their weights.
/// - An excluded response needs no scores and no price, and gets no points.
/// - A response out by step 2 keeps its total of scored points and has no price points: it does not set the
///   lowest price, and its price may be sealed for ever.
/// - Step 3 is not repeated for those that step 4 puts out.
/// - Equal totals are decided by the published list; where that ends they are a tie (1, 2, 2, 4) for lots.
///
/// No total and no rank depends on the order of the candidates; it only stays the order among equals.
pub fn result(rules: &Rules, candidates: &[Candidate]) -> Result<Outcome, ResultError> {
    rules.check().map_err(ResultError::Rules)?;
    let mut seen = BTreeSet::new();
    if let Some(twice) = candidates.iter().find(|candidate| !seen.insert(candidate.response)) {
        return Err(ResultError::ResponseTwice { response: twice.response });
    }

    let excluded = candidates.iter().filter(|candidate| candidate.excluded).map(|candidate| candidate.response);
    settle(rules, entries(rules, candidates)?, excluded.collect(), rules.total_threshold.map(Exact::from))
}

/// Those that are not excluded, each with its scores as bases and no price points yet.
pub(super) fn entries(rules: &Rules, candidates: &[Candidate]) -> Result<Vec<Entry>, ResultError> {
    let scored = candidates.iter().filter(|candidate| !candidate.excluded);
    scored.enumerate().map(|(at, candidate)| Entry::new(rules, at, candidate)).collect()
}

/// Steps 2 to 5, for rules that were checked, or that lack a criterion of those that were: then their weights add up to less,
/// and `least`, the least total, to as much less.
pub(super) fn settle(
    rules: &Rules,
    mut entries: Vec<Entry>,
    excluded: Vec<i64>,
    least: Option<Exact>,
) -> Result<Outcome, ResultError> {
    let different_evaluators = different_evaluators(&entries);
    for entry in &mut entries {
        entry.look_at_thresholds();
    }
    let (mut left, mut out): (Vec<Entry>, Vec<Entry>) = entries.into_iter().partition(Entry::is_left);
    let lowest_price_minor = lowest_price(rules, &left)?;
    for entry in &mut left {
        entry.give_price(rules, lowest_price_minor);
    }
    for entry in left.iter_mut().chain(&mut out) {
        entry.add_up();
    }
    if let Some(least) = least {
        let (enough, short): (Vec<Entry>, Vec<Entry>) = left.into_iter().partition(|entry| entry.total() >= &least);
        left = enough;
        out.extend(short.into_iter().map(|mut entry| {
            entry.standing.below.push(Below::Total);
            entry
        }));
    }
    rank(rules, &mut left);

    // Back into the given order, so that which step put a response out does not show in its place.
    out.sort_by_key(|entry| entry.at);
    let mut standings: Vec<Standing> = left.into_iter().chain(out).map(|entry| entry.standing).collect();
    standings.extend(excluded.into_iter().map(|response| Standing { excluded: true, ..blank(response) }));
    Ok(Outcome { standings, lowest_price_minor, different_evaluators })
}

/// The same result at other weights: thresholds on scores, prices, list and lots stay as they are. Everything that it asks
/// for is in the outcome, so that it needs no single score and runs wherever the outcome may be read.
///
/// Criteria keep their order; too few or too many weights, or a wrong sum, are refused.
pub fn reweigh(rules: &Rules, outcome: &Outcome, weights: &[Weight]) -> Result<Outcome, ResultError> {
    if weights.len() != rules.criteria.len() {
        return Err(ResultError::Rules(RulesError::NotTheseWeights));
    }
    let mut rules = rules.clone();
    for (criterion, weight) in rules.criteria.iter_mut().zip(weights) {
        criterion.weight = *weight;
    }
    rules.check().map_err(ResultError::Rules)?;
    let excluded = outcome.standings.iter().filter(|standing| standing.excluded).map(|standing| standing.response);
    let again = |(at, standing): (usize, &Standing)| {
        let lines = standing.lines.iter().zip(weights);
        let lines = lines.map(|(line, weight)| Line { weight: *weight, ..line.clone() }).collect();
        let standing = Standing { lines, lot: standing.lot, ..blank(standing.response) };
        Entry { at, price_minor: outcome.standings[at].price_minor, standing }
    };
    let entries = outcome.standings.iter().enumerate().filter(|(_, standing)| !standing.excluded).map(again).collect();
    settle(&rules, entries, excluded.collect(), rules.total_threshold.map(Exact::from))
}

/// A response on its way through the steps.
#[derive(Clone)]
pub(super) struct Entry {
    /// Its place in the given order.
    at: usize,
    price_minor: Option<i64>,
    pub(super) standing: Standing,
}

fn blank(response: i64) -> Standing {
    Standing {
        response,
        excluded: false,
        below: Vec::new(),
        price_minor: None,
        lot: None,
        lines: Vec::new(),
        total: None,
        rank: None,
        tied: false,
        decided_by: None,
        over_next: None,
    }
}

impl Entry {
    /// The bases of scored criteria.
    fn new(rules: &Rules, at: usize, candidate: &Candidate) -> Result<Entry, ResultError> {
        let mut standing = Standing { lot: candidate.lot, ..blank(candidate.response) };
        let mut finals = sort_scores(rules, candidate)?.into_iter();
        standing.lines.reserve_exact(rules.criteria.len());
        for criterion in &rules.criteria {
            let basis = match criterion.kind {
                CriterionKind::Price(_) => Basis::Unpriced,
                CriterionKind::Carried => match &candidate.carried {
                    Some(total) => Basis::Carried { total: total.clone() },
                    None => return Err(ResultError::MissingCarried { response: candidate.response }),
                },
                CriterionKind::Scored => scored(criterion, candidate.response, &mut finals)?,
            };
            standing.lines.push(Line { criterion: criterion.id, weight: criterion.weight, basis, points: None });
        }
        Ok(Entry { at, price_minor: candidate.price_minor, standing })
    }

    /// Step 2.
    fn look_at_thresholds(&mut self) {
        let below = self.standing.lines.iter().filter(|line| line.basis.is_below());
        self.standing.below = below.map(|line| Below::Score { criterion: line.criterion }).collect();
    }

    fn is_left(&self) -> bool {
        self.standing.below.is_empty()
    }

    /// What price points are computed from. Without a price (where none is needed) nothing changes.
    fn give_price(&mut self, rules: &Rules, lowest: Option<i64>) {
        let Some(own_minor) = self.price_minor else {
            return;
        };
        for (criterion, line) in rules.criteria.iter().zip(&mut self.standing.lines) {
            line.basis = match (criterion.kind, lowest) {
                (CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }), _) => {
                    Basis::Absolute { ceiling_minor, own_minor }
                }
                (CriterionKind::Price(PriceFormula::Relative), Some(lowest_minor)) => Basis::Relative { lowest_minor, own_minor },
                _ => continue,
            };
        }
        self.standing.price_minor = Some(own_minor);
    }

    fn add_up(&mut self) {
        for line in &mut self.standing.lines {
            line.points = line.basis.points(line.weight);
        }
        let lines = self.standing.lines.iter().filter(|line| line.basis != Basis::Unpriced);
        let small = Exact::small_sum(lines.clone().map(|line| line.basis.small(line.weight)));
        self.standing.total = Some(small.unwrap_or_else(|| Exact::sum(lines.filter_map(|line| line.points.as_ref()))));
    }

    fn total(&self) -> &Exact {
        self.standing.total.as_ref().unwrap_or(&Exact::ZERO)
    }
}

/// The basis of a scored criterion, from the scores that stand next: its own, or those of its sub-criteria.
fn scored<'a>(
    criterion: &Criterion,
    response: i64,
    finals: &mut impl Iterator<Item = Option<&'a [u8]>>,
) -> Result<Basis, ResultError> {
    let &Criterion { id, max, threshold, ref parts, .. } = criterion;
    let mut next = |id| add(response, id, max, finals.next().flatten().unwrap_or_default());
    if parts.is_empty() {
        let (sum, count) = next(id)?;
        return Ok(Basis::Scores { sum, count, max, threshold });
    }
    let scores = parts
        .iter()
        .map(|part| next(part.id).map(|(sum, count)| PartScore { criterion: part.id, weight: part.weight, sum, count }));
    Ok(Basis::Parts { parts: scores.collect::<Result<_, _>>()?, max, threshold })
}

/// (sum, count) of scores. No scores are missing scores, and never a 0.
fn add(response: i64, criterion: i64, max: u8, scores: &[u8]) -> Result<(u64, u64), ResultError> {
    if scores.is_empty() {
        return Err(ResultError::MissingScore { response, criterion });
    }
    if scores.iter().any(|score| *score > max) {
        return Err(ResultError::ScoreOverMax { response, criterion });
    }
    Ok((scores.iter().map(|score| u64::from(*score)).sum(), scores.len() as u64))
}

/// The scores of a candidate in the order of what is scored: criteria and, where they have them, their sub-criteria.
fn sort_scores<'a>(rules: &Rules, candidate: &'a Candidate) -> Result<Vec<Option<&'a [u8]>>, ResultError> {
    let response = candidate.response;
    let mut finals = vec![None; rules.leaves().count()];
    for FinalScores { criterion, scores } in &candidate.scores {
        let criterion = *criterion;
        let at = rules.leaves().position(|(_, leaf)| leaf == criterion);
        let at = at.ok_or(ResultError::NotScored { response, criterion })?;
        if finals[at].replace(scores.as_slice()).is_some() {
            return Err(ResultError::ScoredTwice { response, criterion });
        }
    }
    Ok(finals)
}

/// Whether, in some criterion, two responses were scored by different numbers of people.
fn different_evaluators(entries: &[Entry]) -> bool {
    let Some((first, others)) = entries.split_first() else {
        return false;
    };
    others.iter().any(|entry| {
        let pairs = first.standing.lines.iter().zip(&entry.standing.lines);
        pairs.into_iter().any(|(one, other)| one.basis.counts_differ(&other.basis))
    })
}

/// Checks the prices of those left and finds the lowest, where a formula divides by it.
fn lowest_price(rules: &Rules, left: &[Entry]) -> Result<Option<i64>, ResultError> {
    if !rules.need_price() {
        return Ok(None);
    }
    let compared = rules.compare_prices();
    let mut lowest = None;
    for entry in left {
        let response = entry.standing.response;
        match entry.price_minor {
            None => return Err(ResultError::MissingPrice { response }),
            Some(price) if price < 0 => return Err(ResultError::NegativePrice { response }),
            Some(0) if compared => return Err(ResultError::ZeroPrice { response }),
            Some(price) => lowest = Some(lowest.map_or(price, |low: i64| low.min(price))),
        }
    }
    Ok(lowest.filter(|_| compared))
}

/// Step 5: best first, ranks 1, 2, 2, 4, and what decided each place.
fn rank(rules: &Rules, left: &mut [Entry]) {
    // The order of candidates stays among equals, and is not looked at: equals share a rank.
    left.sort_by(|a, b| compare_entries(rules, a, b).0);
    let mut gaps: Vec<(Ordering, DecidedBy)> = left.windows(2).map(|pair| compare_entries(rules, &pair[0], &pair[1])).collect();
    draw(left, &mut gaps);
    let tied = |gap: Option<&(Ordering, DecidedBy)>| gap.is_some_and(|(order, _)| order.is_eq());
    let by = |gap: Option<&(Ordering, DecidedBy)>| gap.map(|(_, by)| *by);

    let mut rank = 0;
    for (at, entry) in left.iter_mut().enumerate() {
        let above = at.checked_sub(1).and_then(|at| gaps.get(at));
        let below = gaps.get(at);
        if !tied(above) {
            rank = at as u32 + 1;
        }
        entry.standing.rank = Some(rank);
        entry.standing.tied = tied(above) || tied(below);
        // Of two that stand apart by less than the total, both are told so: the better one and the other.
        let narrow = |gap| by(gap).filter(|by| *by != DecidedBy::Total);
        let decided = narrow(below).or(narrow(above)).or(by(below.or(above)));
        entry.standing.decided_by = if entry.standing.tied { Some(DecidedBy::Lots) } else { decided };
    }
    let mut next = None;
    for (at, entry) in left.iter_mut().enumerate().rev() {
        if let Some((_, gap)) = gaps.get(at).filter(|(order, _)| order.is_ne()) {
            next = Some(*gap);
        }
        entry.standing.over_next = next;
    }
}

/// Lots part those that share a place, where all of them were in one draw: a place in another draw says nothing here.
fn draw(left: &mut [Entry], gaps: &mut [(Ordering, DecidedBy)]) {
    let mut from = 0;
    while from < left.len() {
        let more = gaps[from.min(gaps.len())..].iter().take_while(|(order, _)| order.is_eq()).count();
        let group = &mut left[from..=from + more];
        let draw = group[0].standing.lot.map(|lot| lot.draw);
        if more > 0 && draw.is_some() && group.iter().all(|entry| entry.standing.lot.map(|lot| lot.draw) == draw) {
            group.sort_by_key(|entry| entry.standing.lot.map(|lot| lot.place));
            gaps[from..from + more].fill((Ordering::Less, DecidedBy::Lots));
        }
        from += more + 1;
    }
}

fn compare_entries(rules: &Rules, a: &Entry, b: &Entry) -> (Ordering, DecidedBy) {
    compare(rules, &a.standing, &b.standing)
}

/// The better one first: by total, then by the published list. Says which step decided; equal is for lots.
pub(super) fn compare(rules: &Rules, a: &Standing, b: &Standing) -> (Ordering, DecidedBy) {
    match b.total.cmp(&a.total) {
        Ordering::Equal => by_list(rules, a, b),
        by_total => (by_total, DecidedBy::Total),
    }
}

/// Between equal totals.
pub(super) fn by_list(rules: &Rules, a: &Standing, b: &Standing) -> (Ordering, DecidedBy) {
    for step in &rules.tie_break {
        let (order, decided) = match *step {
            TieBreak::Price => (a.price_minor.cmp(&b.price_minor), DecidedBy::Price),
            TieBreak::Criterion(id) => (compare_in(rules, id, a, b), DecidedBy::Criterion(id)),
        };
        if order.is_ne() {
            return (order, decided);
        }
    }
    (Ordering::Equal, DecidedBy::Lots)
}

/// The better one in a criterion first. The weight is set to 100, for with a published weight of 0 all points are equal.
fn compare_in(rules: &Rules, criterion: i64, a: &Standing, b: &Standing) -> Ordering {
    let Some(at) = rules.position(criterion) else {
        return Ordering::Equal;
    };
    let value = |standing: &Standing| standing.lines[at].basis.points(Weight::HUNDRED);
    value(b).cmp(&value(a))
}

#[cfg(test)]
mod part_tests;
#[cfg(test)]
mod price_tests;
#[cfg(test)]
pub(super) mod tests;
