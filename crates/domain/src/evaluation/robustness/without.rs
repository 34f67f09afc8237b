//! The ranking with something left out.

use std::collections::{BTreeMap, HashMap};

use super::{Again, Round, Voice, Without, tally};
use crate::evaluation::exact::Exact;
use crate::evaluation::outcome::{Outcome, Standing};
use crate::evaluation::result::settle;
use crate::evaluation::rules::TieBreak;
use crate::points::Weight;

/// How many of the best are named.
const TOP: usize = 5;

pub fn evaluators(round: &Round, voices: &[Voice], outcome: &Outcome) -> Vec<Without> {
    let mut by_evaluator: BTreeMap<i64, Vec<&Voice>> = BTreeMap::new();
    for voice in voices {
        by_evaluator.entry(voice.evaluator).or_default().push(voice);
    }
    let criteria: HashMap<i64, usize> = round.rules.leaves().map(|(at, leaf)| (leaf, at)).collect();
    let before = ranks(outcome, None);
    let without = |own: &[&Voice]| {
        let mut entries = round.entries.clone();
        for voice in own {
            let basis = criteria.get(&voice.criterion).and_then(|at| round.basis(&mut entries, voice.response, *at));
            if let Some((sum, count)) = basis.and_then(|basis| tally(basis, voice.criterion)) {
                (*sum, *count) = (sum.saturating_sub(voice.points.into()), count.saturating_sub(1));
                // Nobody else scored it: not scored is not 0.
                if *count == 0 {
                    return None;
                }
            }
        }
        Some(again(&settle(round.rules, entries, Vec::new(), round.least()).ok()?, &before))
    };
    by_evaluator.into_iter().map(|(id, own)| Without { id, again: without(&own) }).collect()
}

/// Without a criterion its threshold is gone too, and its place in the tie-break list; the least total is scaled with the weights.
pub fn criteria(round: &Round, outcome: &Outcome) -> Vec<Without> {
    let before = ranks(outcome, None);
    let without = |at: usize| {
        let gone = &round.rules.criteria[at];
        let mut rest = round.rules.clone();
        rest.criteria.remove(at);
        rest.tie_break.retain(|step| *step != TieBreak::Criterion(gone.id));
        if gone.weight == Weight::HUNDRED {
            return None;
        }
        let share = Exact::new((Weight::HUNDRED.hundredths() - gone.weight.hundredths()).into(), 10_000);
        let least = round.least().map(|least| least.times(&share));
        let mut entries = round.entries.clone();
        for entry in &mut entries {
            entry.standing.lines.remove(at);
        }
        Some(again(&settle(&rest, entries, Vec::new(), least).ok()?, &before))
    };
    (0..round.rules.criteria.len()).map(|at| Without { id: round.rules.criteria[at].id, again: without(at) }).collect()
}

/// Only where prices are compared does a response move others, and then only one that alone has the lowest price.
pub fn responses(round: &Round, outcome: &Outcome) -> Vec<Without> {
    let lowest = |standing: &Standing| outcome.lowest_price_minor.is_some() && standing.price_minor == outcome.lowest_price_minor;
    let alone = outcome.standings.iter().filter(|standing| lowest(standing)).count() == 1;
    let in_play = outcome.standings.iter().filter(|standing| !standing.excluded);
    in_play
        .map(|gone| {
            let again = if alone && lowest(gone) {
                let entries = round.entries.iter().filter(|entry| entry.standing.response != gone.response).cloned();
                let without = settle(round.rules, entries.collect(), Vec::new(), round.least());
                without.ok().map(|without| again(&without, &ranks(outcome, Some(gone.response))))
            } else {
                Some(shortened(outcome, gone))
            };
            Without { id: gone.response, again }
        })
        .collect()
}

/// The same ranking with one line struck out.
fn shortened(outcome: &Outcome, gone: &Standing) -> Again {
    let above = |rank: u32| gone.rank.is_some_and(|gone| gone < rank);
    let ranked = outcome.standings.iter().filter(|standing| standing.response != gone.response);
    let ranked = ranked.map_while(|standing| Some((standing.response, standing.rank?)));
    // One more than five: nothing further down is asked for, but all who share the first place are.
    let close = ranked.map(|(response, rank)| (response, rank - u32::from(above(rank))));
    let mut again = Again::default();
    for (response, rank) in close {
        let sharing = rank == 1;
        if !sharing && again.top.len() >= TOP {
            break;
        }
        if sharing {
            again.first.push(response);
        }
        if again.top.len() < TOP {
            again.top.push((response, rank));
        }
    }
    again
}

type Ranks = HashMap<i64, Option<u32>>;

/// The published ranks, closed up behind one that is gone.
fn ranks(outcome: &Outcome, gone: Option<i64>) -> Ranks {
    let gap = gone.and_then(|gone| outcome.standing(gone)?.rank);
    let closed = |rank: u32| rank - u32::from(gap.is_some_and(|gap| gap < rank));
    outcome.standings.iter().map(|standing| (standing.response, standing.rank.map(closed))).collect()
}

fn again(without: &Outcome, before: &Ranks) -> Again {
    let ranked = without.standings.iter().filter_map(|standing| Some((standing.response, standing.rank?)));
    let moved = without.standings.iter().filter(|s| before.get(&s.response).is_some_and(|rank| *rank != s.rank)).count();
    Again {
        first: without.first().map(|standing| standing.response).collect(),
        top: ranked.take(TOP).collect(),
        moved: u32::try_from(moved).unwrap_or(u32::MAX),
    }
}
