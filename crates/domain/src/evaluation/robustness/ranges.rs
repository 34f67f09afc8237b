//! How far a weight could be moved.
//!
//! Of a criterion with the weight w, let the others be scaled so that it weighs t: the total of a response is then
//! T(t) = t x share + rest x (100 - t) / (100 - w), with `rest` its points in the others. What the first is ahead of another is a
//! straight line in t, so that the weights at which it is ahead are one range around w, and its ends are exact fractions.

use std::cmp::Ordering;

use super::{End, Range};
use crate::evaluation::exact::Exact;
use crate::evaluation::outcome::{Below, Outcome, Standing};
use crate::evaluation::result::by_list;
use crate::evaluation::rules::Rules;
use crate::points::Weight;

pub fn ranges(rules: &Rules, outcome: &Outcome, first: i64) -> Vec<Range> {
    let Some(first) = outcome.standing(first) else { return Vec::new() };
    // Below the least total at the published weights, it may be above it at others.
    let by_score = |below: &Below| matches!(below, Below::Score { .. });
    let rivals = outcome
        .standings
        .iter()
        .filter(|rival| rival.response != first.response && !rival.excluded && !rival.below.iter().any(by_score));
    let rivals: Vec<&Standing> = rivals.collect();
    (0..rules.criteria.len()).map(|at| range(rules, at, first, &rivals)).collect()
}

/// The two numbers by which a line in t is known: P + t x Q.
struct Ahead {
    p: Exact,
    q: Exact,
}

fn range(rules: &Rules, at: usize, first: &Standing, rivals: &[&Standing]) -> Range {
    let (criterion, weight) = (rules.criteria[at].id, rules.criteria[at].weight);
    if weight == Weight::HUNDRED {
        return Range { criterion, weight, ends: None };
    }
    let others = Exact::from(Weight::HUNDRED).minus(&Exact::from(weight));
    let (own_share, own_rest) = parts(first, at);
    let end = |at: i128| End { at: Exact::new(at, 1), then: None, below_total: false, holds: true };
    let mut ends = (end(0), end(100));
    if let Some(least) = rules.total_threshold.map(Exact::from) {
        // 100 (100 - w) (T(t) - least) at least 0
        let q = own_share.times(&others).minus(&own_rest.times(&HUNDRED));
        let p = own_rest.times(&TEN_THOUSAND).minus(&least.times(&others).times(&HUNDRED));
        narrow(&mut ends, &Ahead { p, q }, |at| End { at, then: None, below_total: true, holds: true });
    }
    for rival in rivals {
        let (share, rest) = parts(rival, at);
        let ahead = own_rest.minus(&rest);
        // 100 (100 - w) (T(t) of the first - T(t) of the rival) at least 0
        let q = own_share.minus(&share).times(&others).minus(&ahead.times(&HUNDRED));
        let ahead = Ahead { p: ahead.times(&TEN_THOUSAND), q };
        let holds = || by_list(rules, first, rival).0 != Ordering::Greater;
        narrow(&mut ends, &ahead, |at| End { at, then: Some(rival.response), below_total: false, holds: holds() });
    }
    Range { criterion, weight, ends: Some(ends) }
}

const HUNDRED: Exact = Exact::whole(100);
const TEN_THOUSAND: Exact = Exact::whole(10_000);

/// (points that this criterion would give at 100, points in all others)
fn parts(standing: &Standing, at: usize) -> (Exact, Exact) {
    let line = &standing.lines[at];
    let share = line.basis.points(Weight::HUNDRED).unwrap_or(Exact::ZERO);
    let total = standing.total.as_ref().unwrap_or(&Exact::ZERO);
    (share, total.minus(line.points.as_ref().unwrap_or(&Exact::ZERO)))
}

/// The line is at least 0 at the published weight; where it crosses 0 beside it, the range ends.
fn narrow(ends: &mut (End, End), line: &Ahead, end: impl Fn(Exact) -> End) {
    let Some(crossing) = line.p.over(&line.q).map(|ratio| Exact::ZERO.minus(&ratio)) else { return };
    let (old, side) = match line.q.sign() {
        1 => (&mut ends.0, Ordering::Greater),
        _ => (&mut ends.1, Ordering::Less),
    };
    match crossing.cmp(&old.at) {
        order if order == side => *old = end(crossing),
        // Several meet there: it holds only if it holds against each.
        Ordering::Equal => {
            let met = end(crossing);
            if old.then.is_none() && !old.below_total || old.holds && !met.holds {
                *old = met;
            }
        }
        _ => {}
    }
}
