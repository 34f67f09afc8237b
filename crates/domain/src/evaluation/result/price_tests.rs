//! The rules on prices, with figures worked by hand.

use super::tests::{candidate, consensus, offer, priced, row, table};
use super::*;

#[test]
fn relative_price_is_weight_times_lowest_over_own() {
    // 60 x 4/5 = 48, 60 x 3/5 = 36; 40 x 90/120 = 30, 40 x 90/90 = 40
    let rules = priced(&["60", "40"], PriceFormula::Relative);
    let candidates = [offer(1, &[4], 120), offer(2, &[3], 90)];
    assert_eq!(table(&rules, &candidates), [row(1, "78.00", 1), row(2, "76.00", 2)]);
    let outcome = result(&rules, &candidates).expect("a result");
    assert_eq!(outcome.lowest_price_minor, Some(90));
    assert_eq!(outcome.standings[0].lines[1].basis, Basis::Relative { lowest_minor: 90, own_minor: 120 });
}

#[test]
fn absolute_price_is_measured_against_the_ceiling_and_never_negative() {
    // 40 x (1 - 75/100) = 10, 40 x (1 - 0/100) = 40, over the ceiling 0
    let rules = priced(&["60", "40"], PriceFormula::Absolute { ceiling_minor: 100 });
    let candidates = [offer(1, &[5], 75), offer(2, &[5], 0), offer(3, &[5], 101)];
    assert_eq!(table(&rules, &candidates), [row(2, "100.00", 1), row(1, "70.00", 2), row(3, "60.00", 3)]);
}

#[test]
fn a_third_bid_can_reverse_two_others_by_the_relative_formula_only() {
    let (good, cheap, third) = (offer(1, &[4], 120), offer(2, &[0], 90), offer(3, &[1], 45));
    let rules = priced(&["20", "80"], PriceFormula::Relative);
    // 20 x 4/5 + 80 x 90/120 = 76 against 80 x 90/90 = 80: the cheap one is first.
    assert_eq!(table(&rules, &[good.clone(), cheap.clone()]), [row(2, "80.00", 1), row(1, "76.00", 2)]);
    // 16 + 80 x 45/120 = 46 against 80 x 45/90 = 40: now the good one is before it.
    let three = [good.clone(), cheap.clone(), third.clone()];
    assert_eq!(table(&rules, &three)[1..], [row(1, "46.00", 2), row(2, "40.00", 3)]);
    let rules = priced(&["20", "80"], PriceFormula::Absolute { ceiling_minor: 200 });
    // 16 + 80 x 80/200 = 48, 80 x 110/200 = 44, with and without the third.
    assert_eq!(table(&rules, &[good.clone(), cheap.clone()]), [row(1, "48.00", 1), row(2, "44.00", 2)]);
    assert_eq!(table(&rules, &[good, cheap, third])[1..], [row(1, "48.00", 2), row(2, "44.00", 3)]);
}

#[test]
fn prices_are_recomputed_when_a_response_is_excluded() {
    let rules = priced(&["60", "40"], PriceFormula::Relative);
    let low = Candidate { excluded: true, ..offer(3, &[1], 45) };
    assert_eq!(table(&rules, &[offer(1, &[4], 120), offer(2, &[3], 90), low])[0], row(1, "78.00", 1));
}

#[test]
fn out_by_a_score_sets_no_lowest_price_and_needs_none() {
    let mut rules = priced(&["60", "40"], PriceFormula::Relative);
    rules.criteria[0].threshold = Some(2);
    let mut sealed = offer(4, &[1], 45);
    sealed.price_minor = None;
    let outcome = result(&rules, &[offer(1, &[4], 120), offer(2, &[3], 90), offer(3, &[1], 45), sealed]);
    let outcome = outcome.expect("a result");
    assert_eq!(outcome.lowest_price_minor, Some(90));
    for standing in &outcome.standings[2..] {
        // 60 x 1/5 = 12, and no price points, which is not 0 points.
        assert_eq!(standing.total, Some(Exact::new(12, 1)));
        assert_eq!((&standing.lines[1].basis, &standing.lines[1].points), (&Basis::Unpriced, &None));
    }
}

#[test]
fn out_by_a_total_has_set_the_lowest_price_once() {
    let mut rules = priced(&["60", "40"], PriceFormula::Relative);
    rules.total_threshold = Some(Weight::from_hundredths(5000));
    // 0 + 40 = 40 is below 50, yet its 45 stays the lowest: 48 + 15 = 63.
    let candidates = [offer(1, &[4], 120), offer(2, &[0], 45)];
    assert_eq!(table(&rules, &candidates), [row(1, "63.00", 1), row(2, "40.00", 0)]);
}

#[test]
fn a_missing_price_names_the_response() {
    let rules = priced(&["60", "40"], PriceFormula::Absolute { ceiling_minor: 100 });
    assert_eq!(result(&rules, &[offer(1, &[1], 5), candidate(2, &[1])]), Err(ResultError::MissingPrice { response: 2 }));
    assert_eq!(result(&rules, &[offer(3, &[1], -5)]), Err(ResultError::NegativePrice { response: 3 }));
    // Also where only the tie-break asks for it.
    let mut rules = consensus(&["100"]);
    rules.tie_break = vec![TieBreak::Price];
    assert_eq!(result(&rules, &[candidate(1, &[1])]), Err(ResultError::MissingPrice { response: 1 }));
}

#[test]
fn a_price_of_zero_is_refused_only_where_it_divides() {
    let zero = [offer(1, &[5], 0)];
    let relative = priced(&["60", "40"], PriceFormula::Relative);
    assert_eq!(result(&relative, &zero), Err(ResultError::ZeroPrice { response: 1 }));
    let absolute = priced(&["60", "40"], PriceFormula::Absolute { ceiling_minor: 1 });
    assert_eq!(table(&absolute, &zero), [row(1, "100.00", 1)]);
}
