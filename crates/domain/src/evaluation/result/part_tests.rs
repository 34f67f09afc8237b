//! Sub-criteria, with figures worked by hand.

use super::super::rules::Part;
use super::tests::{candidate, consensus};
use super::*;

/// Criterion 1 (60) has the sub-criteria 11 (75) and 12 (25); criterion 2 (40) is scored itself. Scales to 5.
fn rules() -> Rules {
    let mut rules = consensus(&["60", "40"]);
    let part = |id, weight| Part { id, weight: Weight::parse(weight).expect("a weight") };
    rules.criteria[0].parts = vec![part(11, "75"), part(12, "25")];
    rules
}

fn scored(response: i64, [first, second, other]: [&[u8]; 3]) -> Candidate {
    let scores = [(11, first), (12, second), (2, other)];
    let scores = scores.map(|(criterion, scores)| FinalScores { criterion, scores: scores.to_vec() }).to_vec();
    Candidate { scores, ..candidate(response, &[]) }
}

#[test]
fn points_of_a_criterion_are_weight_times_the_weighted_shares_of_its_parts() {
    // 60 x (0.75 x 4/5 + 0.25 x 2/5) = 60 x 0.7 = 42; 40 x 3/5 = 24
    let outcome = result(&rules(), &[scored(1, [&[4], &[2], &[3]])]).expect("a result");
    let standing = &outcome.standings[0];
    assert_eq!(standing.lines[0].points, Some(Exact::new(42, 1)));
    assert_eq!(standing.lines[0].basis.final_score(), Some(Exact::new(7, 2)));
    assert_eq!(standing.total, Some(Exact::new(66, 1)));
}

#[test]
fn each_part_has_its_own_mean() {
    // 60 x (0.75 x (4+5)/2/5 + 0.25 x (1+1+2)/3/5) = 60 x (0.675 + 1/15) = 44.5
    let outcome = result(&rules(), &[scored(1, [&[4, 5], &[1, 1, 2], &[0]])]).expect("a result");
    assert_eq!(outcome.standings[0].total, Some(Exact::new(89, 2)));
}

#[test]
fn a_threshold_on_a_criterion_counts_the_weighted_mean_of_its_parts() {
    let mut rules = rules();
    rules.criteria[0].threshold = Some(3);
    // 0.75 x 4 + 0.25 x 0 = 3 is enough; 0.75 x 3 + 0.25 x 2 = 2.75 is not.
    let outcome = result(&rules, &[scored(1, [&[4], &[0], &[5]]), scored(2, [&[3], &[2], &[5]])]).expect("a result");
    let below = |response| outcome.standing(response).expect("a standing").below.clone();
    assert_eq!(below(1), []);
    assert_eq!(below(2), [Below::Score { criterion: 1 }]);
}

#[test]
fn a_part_without_a_score_is_missing_and_the_criterion_itself_takes_none() {
    let found = result(&rules(), &[scored(4, [&[4], &[], &[3]])]);
    assert_eq!(found, Err(ResultError::MissingScore { response: 4, criterion: 12 }));
    let found = result(&rules(), &[candidate(4, &[4, 3])]);
    assert_eq!(found, Err(ResultError::NotScored { response: 4, criterion: 1 }));
}
