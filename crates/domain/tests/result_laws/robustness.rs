//! What a robustness report says holds when it is tried, on made-up rounds and against the plain second implementation.

use domain::evaluation::{Candidate, End, Outcome, Rules, Voice, result, robustness};
use num_rational::BigRational;

use proptest::prelude::*;

use super::plain::{Plain, plain_at, plain_result, ratio};
use super::rounds::{PRIMES, Prices, round};

fn rational(text: impl ToString) -> BigRational {
    text.to_string().parse().expect("p/q")
}

/// All who have the first rank.
fn firsts(plain: &Plain) -> Vec<i64> {
    plain.iter().filter(|(_, (_, rank))| *rank == Some(1)).map(|(response, _)| *response).collect()
}

fn first(outcome: &Outcome) -> Vec<i64> {
    outcome.first().map(|standing| standing.response).collect()
}

/// The first at a weight of one criterion, the others scaled in proportion.
fn at_weight(rules: &Rules, candidates: &[Candidate], criterion: usize, to: &BigRational) -> Vec<i64> {
    let weight = |at: usize| ratio(rules.criteria[at].weight.hundredths().into(), 100);
    let (all, own) = (ratio(100, 1), weight(criterion));
    let scaled = |at: usize| if at == criterion { to.clone() } else { weight(at) * (&all - to) / (&all - &own) };
    let weights: Vec<BigRational> = (0..rules.criteria.len()).map(scaled).collect();
    firsts(&plain_at(rules, &weights, candidates))
}

/// The nth score of each response is the nth evaluator's.
fn voices(candidates: &[Candidate]) -> Vec<Voice> {
    let given = candidates.iter().flat_map(|candidate| candidate.scores.iter().map(move |scores| (candidate.response, scores)));
    let voice = |(response, scores): (i64, &domain::evaluation::FinalScores)| {
        let criterion = scores.criterion;
        (1..)
            .zip(scores.scores.clone())
            .map(move |(evaluator, points)| Voice { evaluator, response, criterion, points })
            .collect()
    };
    given.flat_map(|found| -> Vec<Voice> { voice(found) }).collect()
}

fn with_score(candidates: &[Candidate], at: (usize, usize, usize), to: u8) -> Vec<Candidate> {
    let mut candidates = candidates.to_vec();
    candidates[at.0].scores[at.1].scores[at.2] = to;
    candidates
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: ProptestConfig::default().cases / 4, ..ProptestConfig::default() })]

    #[test]
    fn the_first_place_holds_within_its_ranges_and_not_beyond((rules, candidates) in round(Prices::Any)) {
        let report = robustness(&rules, &candidates, &[]).expect("a report");
        let Some(leader) = report.first else { return Ok(()) };
        prop_assert_eq!(report.ranges.len(), rules.criteria.len());
        for (at, range) in report.ranges.iter().enumerate() {
            let Some((low, high)) = &range.ends else { continue };
            let (from, to) = (rational(&low.at), rational(&high.at));
            let own = ratio(range.weight.hundredths().into(), 100);
            prop_assert!(from <= own && own <= to);
            let leads = |weight: &BigRational| at_weight(&rules, &candidates, at, weight).contains(&leader);
            prop_assert!(leads(&((&from + &to) / ratio(2, 1))) || from == to);
            let ends: [(&End, &BigRational, BigRational); 2] = [(low, &from, ratio(0, 1)), (high, &to, ratio(100, 1))];
            for (end, place, edge) in ends {
                prop_assert_eq!(leads(place), end.holds, "at its end {}", place);
                if end.then.is_some() || end.below_total {
                    if *place != edge {
                        let beyond = (place + &edge) / ratio(2, 1);
                        prop_assert!(!leads(&beyond), "beyond {}", place);
                        let close = place + (&edge - place) / ratio(1_000_000_007, 1);
                        prop_assert!(!leads(&close), "just beyond {}", place);
                    }
                } else {
                    prop_assert_eq!(place, &edge);
                }
            }
        }
    }

    #[test]
    fn what_is_left_out_has_no_say((rules, candidates) in round(Prices::Any)) {
        let voices = voices(&candidates);
        let report = robustness(&rules, &candidates, &voices).expect("a report");
        for without in &report.without_responses {
            let fewer: Vec<Candidate> = candidates.iter().filter(|c| c.response != without.id).cloned().collect();
            let plain = plain_result(&rules, &fewer);
            let again = without.again.as_ref().expect("a ranking");
            let mut found = again.first.clone();
            found.sort_unstable();
            prop_assert_eq!(found, firsts(&plain));
            for (response, rank) in &again.top {
                prop_assert_eq!(plain[response].1, Some(*rank));
            }
        }
        for without in &report.without_evaluators {
            let mut fewer = candidates.clone();
            for scores in fewer.iter_mut().flat_map(|candidate| &mut candidate.scores) {
                let place = usize::try_from(without.id - 1).expect("a place");
                if place < scores.scores.len() {
                    scores.scores.remove(place);
                }
            }
            let expected = result(&rules, &fewer).ok().map(|outcome| {
                let mut first = first(&outcome);
                first.sort_unstable();
                first
            });
            let found = without.again.as_ref().map(|again| {
                let mut first = again.first.clone();
                first.sort_unstable();
                first
            });
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn without_a_criterion_the_others_decide_in_proportion((rules, candidates) in round(Prices::Any)) {
        let report = robustness(&rules, &candidates, &[]).expect("a report");
        for (at, without) in report.without_criteria.iter().enumerate() {
            let own = rules.criteria[at].weight.hundredths();
            let Some(again) = &without.again else {
                prop_assert_eq!(own, 10_000);
                continue;
            };
            let mut rest = rules.clone();
            let gone = rest.criteria.remove(at);
            rest.tie_break.retain(|step| *step != domain::evaluation::TieBreak::Criterion(gone.id));
            let scaled = |weight: u32| ratio(weight.into(), 1) / ratio((10_000 - own).into(), 1) * ratio(100, 1);
            let weights: Vec<BigRational> = rest.criteria.iter().map(|c| scaled(c.weight.hundredths())).collect();
            let mut found = again.first.clone();
            found.sort_unstable();
            prop_assert_eq!(found, firsts(&plain_at(&rest, &weights, &candidates)));
        }
    }

    #[test]
    fn no_smaller_change_of_one_score_would_do((rules, candidates) in round(Prices::Any)) {
        let report = robustness(&rules, &candidates, &voices(&candidates)).expect("a report");
        let Some(leader) = report.first else { return Ok(()) };
        let stays = |candidates: &[Candidate]| first(&result(&rules, candidates).expect("a result")) == [leader];
        let max = |leaf: i64| rules.criteria.iter().find(|c| c.leaves().any(|own| own == leaf)).map_or(0, |c| c.max);
        let limit = report.change.as_ref().map_or(255, |change| change.from.abs_diff(change.to));
        let mut as_small = std::collections::BTreeSet::new();
        for (c, candidate) in candidates.iter().enumerate().filter(|(_, candidate)| !candidate.excluded) {
            for (s, scores) in candidate.scores.iter().enumerate() {
                for (v, score) in scores.scores.iter().copied().enumerate() {
                    let up = u16::from(score) + 1..=u16::from(max(scores.criterion)).min(u16::from(score) + u16::from(limit));
                    let down = score.saturating_sub(limit)..score;
                    // All of a wide scale would take too long: the widest steps are the strongest.
                    let tried = up.map(|to| to as u8).chain(down).filter(|to| {
                        let by = to.abs_diff(score);
                        by == limit || by < 4 || by + 1 == limit || *to == 0 || *to == max(scores.criterion)
                    });
                    for to in tried {
                        let held = stays(&with_score(&candidates, (c, s, v), to));
                        if to.abs_diff(score) < limit || report.change.is_none() {
                            prop_assert!(held, "{} in {}: {} to {}", candidate.response, scores.criterion, score, to);
                        } else if !held {
                            as_small.insert((candidate.response, scores.criterion, v));
                        }
                    }
                }
            }
        }
        if let Some(change) = &report.change {
            prop_assert!(as_small.iter().any(|(response, leaf, _)| (*response, *leaf) == (change.response, change.criterion)));
            prop_assert_eq!(as_small.len(), change.as_small as usize + change.evaluators.len());
            prop_assert!(!change.evaluators.is_empty());
        }
    }
}

/// Prices that share no divisor: the ends of the ranges are fractions that no 128 bits hold, and still exact.
#[test]
fn prime_prices_have_exact_ends() {
    use domain::evaluation::{Criterion, CriterionKind, FinalScores, PriceFormula};
    use domain::points::Weight;
    let criterion =
        |id, kind, max| Criterion { id, weight: Weight::from_hundredths(5_000), max, threshold: None, kind, parts: Vec::new() };
    let price = criterion(2, CriterionKind::Price(PriceFormula::Relative), 0);
    let rules =
        Rules { criteria: vec![criterion(1, CriterionKind::Scored, 251), price], total_threshold: None, tie_break: Vec::new() };
    let candidates: Vec<Candidate> = (1..)
        .zip(&PRIMES[..4])
        .map(|(response, price)| Candidate {
            response,
            excluded: false,
            price_minor: Some(*price),
            scores: vec![FinalScores { criterion: 1, scores: vec![200 - response as u8 * 7, 100] }],
            lot: None,
            carried: None,
        })
        .collect();
    let report = robustness(&rules, &candidates, &[]).expect("a report");
    let (leader, range) = (report.first.expect("a first"), &report.ranges[1]);
    let (_, high) = range.ends.as_ref().expect("ends");
    let place = rational(&high.at);
    assert!(high.then.is_some() && high.at.to_string().len() > 30, "{}", high.at);
    assert!(at_weight(&rules, &candidates, 1, &place).contains(&leader));
    let beyond = &place + ratio(1, 1_000_000_000_000_000_000);
    assert!(!at_weight(&rules, &candidates, 1, &beyond).contains(&leader));
}
