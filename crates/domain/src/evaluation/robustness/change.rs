//! The smallest change of one score after which the first is not first alone.
//!
//! A score can be lowered for the first, or raised for another one. For each of them the change that is needed is a division;
//! only where a change would let a response in or out whose price is the lowest is the result computed again.

use std::cmp::Ordering;

use super::{Change, Round, Voice, sole_first, tally};
use crate::evaluation::exact::Exact;
use crate::evaluation::outcome::{Basis, Below, Line, Outcome, Standing};
use crate::evaluation::result::{compare, settle};
use crate::evaluation::rules::{Candidate, Criterion, CriterionKind, PriceFormula, Rules};

/// What is known of one score that could be changed: of one response in one leaf.
struct Cell<'a> {
    candidate: &'a Candidate,
    /// Place of the criterion.
    at: usize,
    leaf: i64,
    /// The end of the scale.
    max: u8,
    scores: &'a [u8],
    /// Points in the total that one point of one score is worth.
    worth: Exact,
}

impl Cell<'_> {
    fn change(&self, from: u8, to: u8) -> Found {
        let steps = from.abs_diff(to);
        let room = |score: &&u8| if to < from { **score >= steps } else { **score <= self.max - steps };
        let ways = self.scores.iter().filter(room).count();
        Found { response: self.candidate.response, leaf: self.leaf, from, to, ways }
    }
}

struct Search<'a> {
    rules: &'a Rules,
    round: &'a Round<'a>,
    outcome: &'a Outcome,
    first: &'a Standing,
    /// The unique lowest price is this one's: whether it is ranked matters for all.
    lowest: Option<i64>,
    /// Steps, then the changes that need so many: (response, leaf, from, to).
    best: Option<(u8, Vec<Found>)>,
}

#[derive(Clone, Copy)]
struct Found {
    response: i64,
    leaf: i64,
    from: u8,
    to: u8,
    /// How many scores of the leaf have room for as many points: each of them would do, for they count alike.
    ways: usize,
}

pub fn smallest(round: &Round, candidates: &[Candidate], voices: &[Voice], outcome: &Outcome, first: i64) -> Option<Change> {
    let rules = round.rules;
    let first = outcome.standing(first)?;
    let lowest = |standing: &&Standing| standing.price_minor.is_some() && standing.price_minor == outcome.lowest_price_minor;
    let mut cheapest = outcome.standings.iter().filter(lowest);
    let lowest = cheapest.next().filter(|_| cheapest.next().is_none()).map(|standing| standing.response);
    let mut search = Search { rules, round, outcome, first, lowest, best: None };
    for candidate in candidates.iter().filter(|candidate| !candidate.excluded) {
        search.candidate(candidate);
    }
    let (_, found) = search.best.take()?;
    let place = |leaf: i64| rules.leaves().position(|(_, other)| other == leaf);
    // A stable sort: by the published order of criteria, then in the given order of candidates.
    let chosen = *found.iter().min_by_key(|found| place(found.leaf))?;
    let changed = search.changed(chosen)?;
    let Found { response, leaf, from, to, .. } = chosen;
    let gave = |voice: &&Voice| voice.response == response && voice.criterion == leaf && voice.points == from;
    let evaluators: Vec<i64> = voices.iter().filter(gave).map(|voice| voice.evaluator).collect();
    let ways: usize = found.iter().map(|found| found.ways).sum();
    Some(Change {
        response,
        criterion: leaf,
        from,
        to,
        first: changed.first().map(|standing| standing.response).collect(),
        as_small: u32::try_from(ways.saturating_sub(evaluators.len().max(1))).unwrap_or(u32::MAX),
        evaluators,
    })
}

impl Search<'_> {
    fn candidate(&mut self, candidate: &Candidate) {
        let Some(standing) = self.outcome.standing(candidate.response) else { return };
        let is_first = standing.response == self.first.response;
        for (at, leaf) in self.rules.leaves() {
            let Some(scores) = candidate.scores.iter().find(|scores| scores.criterion == leaf) else { continue };
            let Some(worth) = worth(&self.rules.criteria[at], leaf, scores.scores.len()) else { continue };
            let cell = Cell { candidate, at, leaf, max: self.rules.criteria[at].max, scores: &scores.scores, worth };
            if is_first {
                self.lower_first(&cell);
            } else {
                self.raise(&cell, standing);
                if self.lowest == Some(candidate.response) {
                    self.lower_cheapest(&cell);
                }
            }
        }
    }

    /// Fewer steps than the best so far, or as many.
    fn limit(&self) -> u8 {
        self.best.as_ref().map_or(u8::MAX, |(steps, _)| *steps)
    }

    fn found(&mut self, cell: &Cell, from: u8, to: u8) {
        let steps = from.abs_diff(to);
        let found = cell.change(from, to);
        match &mut self.best {
            Some((best, list)) if *best == steps => list.push(found),
            Some((best, _)) if *best < steps => {}
            best => *best = Some((steps, vec![found])),
        }
    }

    /// The first goes down: out by a threshold, or behind the next one. There are few such scores: each step is computed.
    fn lower_first(&mut self, cell: &Cell) {
        let most = cell.scores.iter().copied().max().unwrap_or(0);
        for steps in 1..=most.min(self.limit()) {
            // What cannot reach the next one, nor a threshold, is not computed.
            let after = self.total(self.first).minus(&cell.worth.times(&Exact::whole(steps.into())));
            let next = self.outcome.standings.iter().filter(|s| s.rank > Some(1)).find_map(|s| s.total.as_ref());
            let short = next.is_some_and(|next| after <= *next)
                || self.rules.total_threshold.is_some_and(|least| after < Exact::from(least))
                || self.falls(self.first, cell, steps);
            let change = cell.change(most, most - steps);
            if short && self.is_other(change) {
                return self.found(cell, most, most - steps);
            }
        }
    }

    /// Another one goes up: over the first, or over its threshold and over the first.
    fn raise(&mut self, cell: &Cell, standing: &Standing) {
        let max = self.rules.criteria[cell.at].max;
        let from = cell.scores.iter().copied().min().unwrap_or(max);
        let room = (max - from).min(self.limit());
        if room == 0 {
            return;
        }
        let mut enters = 0;
        let mut standing = standing;
        let entered;
        let by_score = |below: &Below| matches!(below, Below::Score { .. });
        if standing.below.iter().any(by_score) {
            let criterion = self.rules.criteria[cell.at].id;
            if standing.below.iter().any(|below| by_score(below) && *below != Below::Score { criterion }) {
                return;
            }
            let passes = |steps: &u8| !moved(&standing.lines[cell.at].basis, cell.leaf, i64::from(*steps)).is_below();
            let Some(steps) = (1..=room).find(passes) else { return };
            enters = steps;
            match self.priced(cell.candidate, standing) {
                Entered::Never => return,
                // It would have the lowest price: every other one's points change.
                Entered::Cheapest => {
                    for steps in enters..=room {
                        let change = cell.change(from, from + steps);
                        if self.is_other(change) {
                            return self.found(cell, from, from + steps);
                        }
                    }
                    return;
                }
                Entered::At(total) => entered = total,
            }
            standing = &entered;
        }
        let total = self.total(standing);
        let behind = self.total(self.first).minus(total);
        // The fewest steps that reach the first: the division, rounded up.
        let mut steps = enters.max(1);
        if behind.sign() > 0 {
            let Some(reach) = behind.over(&cell.worth).and_then(|steps| steps.floor_u8()) else { return };
            let exact = cell.worth.times(&Exact::whole(reach.into())) == behind;
            steps = steps.max(if exact { reach } else { reach.saturating_add(1) });
        }
        let equal = |steps: u8| cell.worth.times(&Exact::whole(steps.into())) == behind;
        while steps <= room && equal(steps) && !self.prevails(cell, standing, steps) {
            steps += 1;
        }
        if steps <= room {
            self.found(cell, from, from + steps);
        }
    }

    /// The cheapest one falls below a threshold: price points are given anew among the others.
    fn lower_cheapest(&mut self, cell: &Cell) {
        let Some(standing) = self.outcome.standing(cell.candidate.response) else { return };
        let most = cell.scores.iter().copied().max().unwrap_or(0);
        let Some(steps) = (1..=most.min(self.limit())).find(|steps| self.falls(standing, cell, *steps)) else { return };
        let change = cell.change(most, most - steps);
        // Further down nothing more happens: it is out.
        if self.is_other(change) {
            self.found(cell, most, most - steps);
        }
    }

    /// Below the threshold of the criterion after so many steps down.
    fn falls(&self, standing: &Standing, cell: &Cell, steps: u8) -> bool {
        moved(&standing.lines[cell.at].basis, cell.leaf, -i64::from(steps)).is_below()
    }

    fn total<'s>(&self, standing: &'s Standing) -> &'s Exact {
        standing.total.as_ref().unwrap_or(&Exact::ZERO)
    }

    /// The standing of one below a threshold as if it were left: with its price.
    fn priced(&self, candidate: &Candidate, standing: &Standing) -> Entered {
        if !self.rules.need_price() {
            return Entered::At(standing.clone());
        }
        let Some(own_minor) = candidate.price_minor else { return Entered::Never };
        if self.rules.compare_prices() && self.outcome.lowest_price_minor.is_none_or(|lowest| own_minor < lowest) {
            return Entered::Cheapest;
        }
        let mut standing = standing.clone();
        for (criterion, line) in self.rules.criteria.iter().zip(&mut standing.lines) {
            line.basis = match (criterion.kind, self.outcome.lowest_price_minor) {
                (CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }), _) => {
                    Basis::Absolute { ceiling_minor, own_minor }
                }
                (CriterionKind::Price(PriceFormula::Relative), Some(lowest_minor)) => Basis::Relative { lowest_minor, own_minor },
                _ => continue,
            };
            line.points = line.basis.points(line.weight);
        }
        standing.price_minor = Some(own_minor);
        standing.total = Some(Exact::sum(standing.lines.iter().filter_map(|line| line.points.as_ref())));
        Entered::At(standing)
    }

    /// With totals equal after so many steps: whether the list, or a lot, leaves the first before it.
    fn prevails(&self, cell: &Cell, standing: &Standing, steps: u8) -> bool {
        let mut changed = standing.clone();
        let line = &mut changed.lines[cell.at];
        *line = Line { basis: moved(&line.basis, cell.leaf, steps.into()), ..line.clone() };
        changed.total.clone_from(&self.first.total);
        match compare(self.rules, &changed, self.first).0 {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => match (changed.lot, self.first.lot) {
                (Some(own), Some(other)) if own.draw == other.draw => own.place < other.place,
                _ => true,
            },
        }
    }

    /// The result with one score changed.
    fn changed(&self, change: Found) -> Option<Outcome> {
        let (at, _) = self.rules.leaves().find(|(_, leaf)| *leaf == change.leaf)?;
        let mut entries = self.round.entries.clone();
        let basis = self.round.basis(&mut entries, change.response, at)?;
        *basis = moved(basis, change.leaf, i64::from(change.to) - i64::from(change.from));
        settle(self.rules, entries, Vec::new(), self.round.least()).ok()
    }

    fn is_other(&self, change: Found) -> bool {
        self.changed(change).is_some_and(|outcome| sole_first(&outcome) != Some(self.first.response))
    }
}

enum Entered {
    /// Its price is not known and never will be.
    Never,
    Cheapest,
    At(Standing),
}

/// weight x share of the sub-criterion / (count x max); nothing where nobody scored.
fn worth(criterion: &Criterion, leaf: i64, count: usize) -> Option<Exact> {
    let part = criterion.parts.iter().find(|part| part.id == leaf).map_or(10_000, |part| part.weight.hundredths());
    let (num, count) = (i128::from(criterion.weight.hundredths()) * i128::from(part), i128::try_from(count).ok()?);
    let den = 1_000_000 * count * i128::from(criterion.max);
    (den > 0).then(|| Exact::new(num, den))
}

/// A basis with the sum of a leaf raised or lowered. Scores of one are moved by no more than they are, so that no sum is below 0.
fn moved(basis: &Basis, leaf: i64, by: i64) -> Basis {
    let mut basis = basis.clone();
    if let Some((sum, _)) = tally(&mut basis, leaf) {
        *sum = sum.saturating_add_signed(by);
    }
    basis
}
