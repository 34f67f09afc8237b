//! The second implementation: as plain as the rules themselves, on `BigRational` only.

use std::collections::BTreeMap;

use domain::evaluation::{Candidate, Criterion, CriterionKind, Outcome, PriceFormula, Rules, TieBreak};
use domain::points::Weight;
use num_rational::BigRational;

pub fn ratio(num: i64, den: i64) -> BigRational {
    BigRational::new(num.into(), den.into())
}

/// Total and rank of each response that is not excluded.
pub type Plain = BTreeMap<i64, (BigRational, Option<u32>)>;

pub fn plain_result(rules: &Rules, candidates: &[Candidate]) -> Plain {
    let weights: Vec<BigRational> = rules.criteria.iter().map(|c| ratio(c.weight.hundredths().into(), 100)).collect();
    plain_at(rules, &weights, candidates)
}

/// The same at any weights, one for each criterion.
pub fn plain_at(rules: &Rules, weights: &[BigRational], candidates: &[Candidate]) -> Plain {
    let in_play: Vec<&Candidate> = candidates.iter().filter(|c| !c.excluded).collect();
    let passes = |c: &Candidate| {
        rules.criteria.iter().all(|criterion| match criterion.threshold {
            Some(least) => final_score(criterion, c) >= ratio(least.into(), 1),
            None => true,
        })
    };
    let left: Vec<&Candidate> = in_play.iter().copied().filter(|c| passes(c)).collect();
    let lowest = left.iter().filter_map(|c| c.price_minor).min();
    let total = |c: &Candidate| -> BigRational {
        let points = rules.criteria.iter().zip(weights).map(|(criterion, weight)| {
            let weight = weight.clone();
            match (criterion.kind, c.price_minor, lowest) {
                (CriterionKind::Scored, ..) => weight * final_score(criterion, c) / ratio(criterion.max.into(), 1),
                (CriterionKind::Carried, ..) => unreachable!("no round before these"),
                (CriterionKind::Price(_), _, _) if !passes(c) => ratio(0, 1),
                (CriterionKind::Price(PriceFormula::Relative), Some(own), Some(lowest)) => weight * ratio(lowest, own),
                (CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }), Some(own), _) => {
                    (weight * (ratio(1, 1) - ratio(own, ceiling_minor))).max(ratio(0, 1))
                }
                _ => unreachable!("all who are left have prices"),
            }
        });
        points.sum()
    };
    let least = rules.total_threshold.map_or(0, Weight::hundredths);
    let ranked: Vec<&Candidate> = left.into_iter().filter(|c| total(c) >= ratio(least.into(), 100)).collect();
    // What a response is judged by, first to last, the higher the better.
    let key = |c: &Candidate| -> Vec<BigRational> {
        let list = rules.tie_break.iter().map(|step| match step {
            TieBreak::Price => ratio(-c.price_minor.expect("a price"), 1),
            TieBreak::Criterion(id) => {
                let criterion = rules.criteria.iter().find(|criterion| criterion.id == *id).expect("a criterion");
                match criterion.kind {
                    CriterionKind::Scored => final_score(criterion, c),
                    CriterionKind::Carried => unreachable!("no round before these"),
                    // Points of a price fall with it until they are 0.
                    CriterionKind::Price(PriceFormula::Relative) => ratio(-c.price_minor.expect("a price"), 1),
                    CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }) => {
                        ratio(-c.price_minor.expect("a price").min(ceiling_minor), 1)
                    }
                }
            }
        });
        std::iter::once(total(c)).chain(list).collect()
    };
    let keys: Vec<Vec<BigRational>> = ranked.iter().map(|c| key(c)).collect();
    let rank = |c: &Candidate| {
        let at = ranked.iter().position(|r| r.response == c.response)?;
        Some(1 + keys.iter().filter(|other| **other > keys[at]).count() as u32)
    };
    in_play.into_iter().map(|c| (c.response, (total(c), rank(c)))).collect()
}

/// With sub-criteria, the mean of theirs by their weights.
fn final_score(criterion: &Criterion, candidate: &Candidate) -> BigRational {
    if criterion.parts.is_empty() {
        return mean(criterion.id, candidate);
    }
    criterion.parts.iter().map(|part| ratio(part.weight.hundredths().into(), 10_000) * mean(part.id, candidate)).sum()
}

fn mean(leaf: i64, candidate: &Candidate) -> BigRational {
    let found = candidate.scores.iter().find(|scores| scores.criterion == leaf).expect("scores");
    let sum = found.scores.iter().map(|score| i64::from(*score)).sum();
    ratio(sum, found.scores.len() as i64)
}

/// The same shape, from the function under test.
pub fn exact_result(outcome: &Outcome) -> Plain {
    let rational = |text: String| text.parse::<BigRational>().expect("p/q");
    let shown = outcome.standings.iter().filter(|standing| !standing.excluded);
    shown.map(|s| (s.response, (rational(s.total.as_ref().expect("a total").to_string()), s.rank))).collect()
}
