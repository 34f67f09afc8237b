//! Each rule of a result, with figures worked by hand.

use super::super::rules::{Criterion, Lot};
use super::*;
use crate::points::Weight;

/// Criteria 1, 2, … on a scale to 5.
pub(in crate::evaluation) fn consensus(weights: &[&str]) -> Rules {
    let criteria = weights.iter().zip(1..).map(|(weight, id)| Criterion {
        id,
        weight: Weight::parse(weight).expect("a weight"),
        max: 5,
        threshold: None,
        kind: CriterionKind::Scored,
        parts: Vec::new(),
    });
    Rules { criteria: criteria.collect(), total_threshold: None, tie_break: Vec::new() }
}

/// One agreed score in each of the criteria 1, 2, …
pub(in crate::evaluation) fn candidate(response: i64, scores: &[u8]) -> Candidate {
    let scores = scores.iter().zip(1..).map(|(score, criterion)| FinalScores { criterion, scores: vec![*score] });
    Candidate { response, excluded: false, price_minor: None, scores: scores.collect(), lot: None, carried: None }
}

/// The last criterion becomes the price.
pub(super) fn priced(weights: &[&str], formula: PriceFormula) -> Rules {
    let mut rules = consensus(weights);
    rules.criteria.last_mut().expect("a criterion").kind = CriterionKind::Price(formula);
    rules
}

pub(super) fn offer(response: i64, scores: &[u8], price: i64) -> Candidate {
    Candidate { price_minor: Some(price), ..candidate(response, scores) }
}

/// (response, total as shown, rank)
pub(super) fn table(rules: &Rules, candidates: &[Candidate]) -> Vec<(i64, String, Option<u32>)> {
    let outcome = result(rules, candidates).expect("a result");
    let shown = |standing: &Standing| standing.total.as_ref().map_or("-".to_owned(), Exact::display2);
    outcome.standings.iter().map(|s| (s.response, shown(s), s.rank)).collect()
}

pub(super) fn row(response: i64, total: &str, rank: u32) -> (i64, String, Option<u32>) {
    (response, total.to_owned(), Some(rank).filter(|rank| *rank > 0))
}

fn decided(rules: &Rules, candidates: &[Candidate]) -> Vec<(i64, u32, bool, Option<DecidedBy>)> {
    let outcome = result(rules, candidates).expect("a result");
    outcome.standings.iter().map(|s| (s.response, s.rank.unwrap_or(0), s.tied, s.decided_by)).collect()
}

#[test]
fn points_are_weight_times_score_over_max() {
    // 62.5 x 4/5 = 50, 37.5 x 3/5 = 22.5
    let outcome = result(&consensus(&["62.5", "37.5"]), &[candidate(7, &[4, 3])]).expect("a result");
    let standing = outcome.standing(7).expect("a standing");
    let points: Vec<_> = standing.lines.iter().map(|line| line.points.clone()).collect();
    assert_eq!(points, [Some(Exact::new(50, 1)), Some(Exact::new(45, 2))]);
    assert_eq!(standing.total, Some(Exact::new(145, 2)));
    assert_eq!((standing.rank, standing.decided_by), (Some(1), None));
}

#[test]
fn a_mean_is_exact_and_explained() {
    // (4 + 4 + 3) / 3 = 11/3 of 5, at 100: 220/3 = 73.33…
    let mut mean = candidate(1, &[0]);
    mean.scores[0].scores = vec![4, 4, 3];
    let outcome = result(&consensus(&["100"]), &[mean]).expect("a result");
    let line = &outcome.standings[0].lines[0];
    assert_eq!(line.basis, Basis::Scores { sum: 11, count: 3, max: 5, threshold: None });
    assert_eq!(line.basis.final_score(), Some(Exact::new(11, 3)));
    assert_eq!(line.points, Some(Exact::new(220, 3)));
    assert_eq!(outcome.standings[0].total.as_ref().map(Exact::display2), Some("73.33".to_owned()));
}

#[test]
fn each_response_has_its_own_number_of_evaluators_and_it_is_said() {
    let with = |response, scores: &[u8]| {
        let mut candidate = candidate(response, &[0]);
        candidate.scores[0].scores = scores.to_vec();
        candidate
    };
    let rules = consensus(&["100"]);
    // 7/2 = 3.5 is above 10/3: 70 against 66.67
    let (two, three) = (with(1, &[4, 3]), with(2, &[4, 3, 3]));
    assert_eq!(table(&rules, &[three.clone(), two.clone()]), [row(1, "70.00", 1), row(2, "66.67", 2)]);
    assert!(result(&rules, &[two.clone(), three.clone()]).expect("a result").different_evaluators);
    assert!(!result(&rules, &[two.clone(), with(3, &[1, 1])]).expect("a result").different_evaluators);
    // The excluded have no say in it.
    assert!(!result(&rules, &[two, Candidate { excluded: true, ..three }]).expect("a result").different_evaluators);
}

#[test]
fn a_zero_is_a_zero_and_missing_is_not() {
    let rules = consensus(&["50", "50"]);
    assert_eq!(table(&rules, &[candidate(1, &[0, 5])]), [row(1, "50.00", 1)]);
    let missing = Err(ResultError::MissingScore { response: 1, criterion: 2 });
    assert_eq!(result(&rules, &[candidate(1, &[0])]), missing);
    let mut empty = candidate(1, &[0, 0]);
    empty.scores[1].scores.clear();
    assert_eq!(result(&rules, &[empty]), missing);
}

#[test]
fn the_excluded_are_shown_without_points() {
    let out = Candidate { excluded: true, scores: Vec::new(), ..candidate(1, &[]) };
    assert_eq!(table(&consensus(&["100"]), &[out, candidate(2, &[1])]), [row(2, "20.00", 1), row(1, "-", 0)]);
}

#[test]
fn below_a_threshold_on_a_score_is_shown_and_not_ranked() {
    let mut rules = consensus(&["50", "50"]);
    rules.criteria[0].threshold = Some(3);
    // 20 + 50 = 70 is more than 30 + 30, but its 2 is below 3; a 3 is not.
    let candidates = [candidate(1, &[2, 5]), candidate(2, &[3, 3])];
    assert_eq!(table(&rules, &candidates), [row(2, "60.00", 1), row(1, "70.00", 0)]);
    let outcome = result(&rules, &candidates).expect("a result");
    assert_eq!(outcome.standings[1].below, [Below::Score { criterion: 1 }]);
}

#[test]
fn a_mean_just_below_a_threshold_is_below() {
    let mut rules = consensus(&["100"]);
    rules.criteria[0].threshold = Some(3);
    let mut just = candidate(1, &[0]);
    just.scores[0].scores = [&[3; 99][..], &[2]].concat();
    // 299/100, at 100 of 5: 59.80
    assert_eq!(table(&rules, &[just]), [row(1, "59.80", 0)]);
}

#[test]
fn a_total_equal_to_its_threshold_is_ranked() {
    let mut rules = consensus(&["100"]);
    rules.total_threshold = Some(Weight::from_hundredths(6000));
    let candidates = [candidate(1, &[2]), candidate(2, &[3])];
    assert_eq!(table(&rules, &candidates), [row(2, "60.00", 1), row(1, "40.00", 0)]);
    assert_eq!(result(&rules, &candidates).expect("a result").standings[1].below, [Below::Total]);
}

#[test]
fn ranks_are_1_2_2_4_and_a_real_tie_needs_lots() {
    let candidates = [candidate(4, &[1]), candidate(3, &[3]), candidate(2, &[3]), candidate(1, &[5])];
    let (total, lots) = (Some(DecidedBy::Total), Some(DecidedBy::Lots));
    let expected = [(1, 1, false, total), (3, 2, true, lots), (2, 2, true, lots), (4, 4, false, total)];
    assert_eq!(decided(&consensus(&["100"]), &candidates), expected);
    let outcome = result(&consensus(&["100"]), &candidates).expect("a result");
    let over: Vec<_> = outcome.standings.iter().map(|s| s.over_next).collect();
    assert_eq!(over, [total, total, total, None]);
}

#[test]
fn lots_part_those_of_one_draw_and_only_where_all_else_is_equal() {
    let with = |response, score: u8, lot: Option<(i64, u32)>| {
        let lot = lot.map(|(draw, place)| Lot { draw, place });
        Candidate { lot, ..candidate(response, &[score]) }
    };
    let (total, lots) = (Some(DecidedBy::Total), Some(DecidedBy::Lots));
    // 1 and 2 were drawn, 2 before 1; 3 is better whatever its lot.
    let candidates = [with(1, 3, Some((9, 2))), with(2, 3, Some((9, 1))), with(3, 4, Some((9, 3)))];
    let expected = [(3, 1, false, total), (2, 2, false, lots), (1, 3, false, lots)];
    assert_eq!(decided(&consensus(&["100"]), &candidates), expected);
    // Drawn apart, or not all of them drawn: the tie stays.
    for other in [Some((8, 1)), None] {
        let candidates = [with(1, 3, Some((9, 1))), with(2, 3, Some((9, 2))), with(3, 3, other)];
        let ranks: Vec<_> = decided(&consensus(&["100"]), &candidates).iter().map(|row| (row.1, row.2)).collect();
        assert_eq!(ranks, [(1, true), (1, true), (1, true)]);
    }
}

#[test]
fn the_published_list_decides_between_equal_totals() {
    let mut rules = consensus(&["50", "50"]);
    rules.tie_break = vec![TieBreak::Criterion(2), TieBreak::Price];
    // All 50: criterion 2 puts 3 first, then price puts 1 before 2 and 4, which only lots can part.
    let candidates = [offer(1, &[3, 2], 10), offer(2, &[3, 2], 20), offer(3, &[2, 3], 99), offer(4, &[3, 2], 20)];
    let by = |step| Some(step);
    assert_eq!(
        decided(&rules, &candidates),
        [
            (3, 1, false, by(DecidedBy::Criterion(2))),
            (1, 2, false, by(DecidedBy::Price)),
            (2, 3, true, by(DecidedBy::Lots)),
            (4, 3, true, by(DecidedBy::Lots)),
        ]
    );
}

#[test]
fn whoever_loses_a_tie_is_told_what_decided_it() {
    let mut rules = consensus(&["50", "50"]);
    rules.tie_break = vec![TieBreak::Price];
    let candidates = [offer(1, &[3, 3], 10), offer(2, &[3, 3], 20), offer(3, &[1, 1], 5)];
    let steps: Vec<_> = decided(&rules, &candidates).into_iter().map(|(response, .., step)| (response, step)).collect();
    assert_eq!(steps, [(1, Some(DecidedBy::Price)), (2, Some(DecidedBy::Price)), (3, Some(DecidedBy::Total))]);
}

#[test]
fn a_tie_break_looks_at_the_score_even_where_the_weight_is_0() {
    let mut rules = consensus(&["100", "0"]);
    rules.tie_break = vec![TieBreak::Criterion(2)];
    let candidates = [candidate(1, &[3, 1]), candidate(2, &[3, 4])];
    assert_eq!(table(&rules, &candidates), [row(2, "60.00", 1), row(1, "60.00", 2)]);
}

#[test]
fn totals_shown_alike_can_differ() {
    // 100 x (1 - 0.333333) = 66.6667 and 100 x (1 - 0.333334) = 66.6666.
    let rules = priced(&["0", "100"], PriceFormula::Absolute { ceiling_minor: 1_000_000 });
    let candidates = [offer(1, &[0], 333_333), offer(2, &[0], 333_334)];
    assert_eq!(decided(&rules, &candidates)[0], (1, 1, false, Some(DecidedBy::Total)));
    assert_eq!(table(&rules, &candidates), [row(1, "66.67", 1), row(2, "66.67", 2)]);
}

#[test]
fn faulty_scores_are_named() {
    let rules = priced(&["60", "40"], PriceFormula::Relative);
    let (response, criterion) = (1, 1);
    assert_eq!(result(&rules, &[offer(1, &[6], 5)]), Err(ResultError::ScoreOverMax { response, criterion }));
    assert_eq!(result(&rules, &[offer(1, &[5, 5], 5)]), Err(ResultError::NotScored { response, criterion: 2 }));
    let mut twice = offer(1, &[5], 5);
    twice.scores.push(twice.scores[0].clone());
    assert_eq!(result(&rules, &[twice]), Err(ResultError::ScoredTwice { response, criterion }));
    let two = [offer(1, &[5], 5), offer(1, &[5], 5)];
    assert_eq!(result(&rules, &two), Err(ResultError::ResponseTwice { response }));
}

#[test]
fn nobody_left_is_a_result_too() {
    let rules = priced(&["60", "40"], PriceFormula::Relative);
    assert_eq!(table(&rules, &[]), []);
    assert_eq!(table(&rules, &[Candidate { excluded: true, ..candidate(1, &[]) }]), [row(1, "-", 0)]);
}

#[test]
fn an_outcome_survives_json() {
    let rules = priced(&["60", "40"], PriceFormula::Relative);
    let outcome = result(&rules, &[offer(1, &[4], 120), offer(2, &[3], 90)]).expect("a result");
    let json = serde_json::to_string(&outcome).expect("json");
    assert!(json.contains(r#""total":"78/1""#), "{json}");
    assert_eq!(serde_json::from_str::<Outcome>(&json).expect("json"), outcome);
    let json = serde_json::to_string(&rules).expect("json");
    assert_eq!(serde_json::from_str::<Rules>(&json).expect("json"), rules);
}
