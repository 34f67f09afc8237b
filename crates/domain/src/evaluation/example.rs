//! The worked example of a price formula: three invented prices and the points that they would get, by [`super::result()`]
//! itself, so that what everybody is shown is what will be computed.

use super::exact::Exact;
use super::result::result;
use super::robustness::Voice;
use super::rules::{Candidate, Criterion, CriterionKind, FinalScores, PriceFormula, Rules, TieBreak};
use crate::points::Weight;

/// (price in minor units, points), the lowest price first. `budget_minor`: what the prices are invented around, where the
/// formula names no ceiling; `unit`: minor units in one of the currency, to which they are rounded.
pub fn price_example(formula: PriceFormula, weight: Weight, budget_minor: Option<i64>, unit: i64) -> Vec<(i64, Exact)> {
    let (base, shares) = match formula {
        PriceFormula::Absolute { ceiling_minor } => (ceiling_minor, [60, 80, 100]),
        PriceFormula::Relative => (budget_minor.unwrap_or(100_000 * unit), [60, 75, 90]),
    };
    let whole = |share: i64| {
        let price = i128::from(base) * i128::from(share) / 100;
        let price = if price >= i128::from(unit) { price / i128::from(unit) * i128::from(unit) } else { price };
        i64::try_from(price).unwrap_or(i64::MAX).max(1)
    };
    let rest = Weight::from_hundredths(Weight::HUNDRED.hundredths().saturating_sub(weight.hundredths()));
    let price = Criterion { id: 1, weight, max: 0, threshold: None, kind: CriterionKind::Price(formula), parts: Vec::new() };
    let scored = Criterion { id: 2, weight: rest, max: 1, threshold: None, kind: CriterionKind::Scored, parts: Vec::new() };
    let rules = Rules { criteria: vec![price, scored], total_threshold: None, tie_break: Vec::new() };
    let candidates = shares.map(whole).into_iter().zip(1..).map(|(price, response)| Candidate {
        response,
        excluded: false,
        price_minor: Some(price),
        scores: vec![FinalScores { criterion: 2, scores: vec![0] }],
        lot: None,
        carried: None,
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let Ok(outcome) = result(&rules, &candidates) else { return Vec::new() };
    let points = |candidate: &Candidate| outcome.standing(candidate.response).and_then(|s| s.lines.first()?.points.clone());
    candidates.iter().filter_map(|candidate| Some((candidate.price_minor?, points(candidate)?))).collect()
}

/// A made-up round for measuring: ten criteria of 10 on a scale to 5, the last of the given kind, and scores and prices by a small
/// generator, the same each time. With recusals, three responses in ten lack one evaluator.
pub fn large_example(responses: i64, evaluators: u8, last: CriterionKind, recusals: bool) -> (Rules, Vec<Candidate>, Vec<Voice>) {
    let criterion = |id| Criterion {
        id,
        weight: Weight::from_hundredths(1_000),
        max: 5,
        threshold: None,
        kind: if id == 10 { last } else { CriterionKind::Scored },
        parts: Vec::new(),
    };
    let criteria: Vec<Criterion> = (1..=10).map(criterion).collect();
    let tie_break = criteria.iter().map(|criterion| TieBreak::Criterion(criterion.id)).collect();
    let rules = Rules { criteria, total_threshold: None, tie_break };
    let mut state = 88_172_645_463_325_252_u64;
    let mut below = move |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % end
    };
    let mut voices = Vec::new();
    let candidates = (1..=responses).map(|response| {
        let gone = u8::try_from(below(40)).ok().filter(|_| recusals);
        let mut given = |criterion| {
            let mut scores = Vec::with_capacity(evaluators.into());
            for evaluator in (0..evaluators).filter(|evaluator| Some(*evaluator) != gone) {
                let points = u8::try_from(below(6)).unwrap_or_default();
                scores.push(points);
                voices.push(Voice { evaluator: evaluator.into(), response, criterion, points });
            }
            FinalScores { criterion, scores }
        };
        let scores = rules.criteria.iter().flat_map(Criterion::leaves).map(&mut given).collect();
        let price_minor = i64::try_from(100_000_000_000_000 + below(900_000_000_000_000)).ok();
        Candidate { response, excluded: false, price_minor, scores, lot: None, carried: None }
    });
    let candidates = candidates.collect();
    (rules, candidates, voices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(formula: PriceFormula, budget: Option<i64>) -> Vec<(i64, String)> {
        let example = price_example(formula, Weight::from_hundredths(3000), budget, 100);
        example.into_iter().map(|(price, points)| (price, points.display2())).collect()
    }

    #[test]
    fn the_absolute_example_counts_from_the_ceiling() {
        // 30 x (1 - 60/100) = 12, 30 x 0.2 = 6, and nothing at the ceiling.
        let row = |price, points: &str| (price, points.to_owned());
        let example = shown(PriceFormula::Absolute { ceiling_minor: 12_000_000 }, None);
        assert_eq!(example, [row(7_200_000, "12.00"), row(9_600_000, "6.00"), row(12_000_000, "0.00")]);
    }

    #[test]
    fn the_relative_example_counts_from_the_lowest() {
        let row = |price, points: &str| (price, points.to_owned());
        let expected = [row(600_000, "30.00"), row(750_000, "24.00"), row(900_000, "20.00")];
        assert_eq!(shown(PriceFormula::Relative, Some(1_000_000)), expected);
        assert_eq!(shown(PriceFormula::Relative, None)[0], row(6_000_000, "30.00"));
    }

    #[test]
    fn a_tiny_ceiling_or_a_weight_of_a_hundred_still_has_its_example() {
        assert_eq!(price_example(PriceFormula::Absolute { ceiling_minor: 1 }, Weight::HUNDRED, None, 100).len(), 3);
        assert_eq!(price_example(PriceFormula::Relative, Weight::HUNDRED, Some(i64::MAX), 1).len(), 3);
    }
}
