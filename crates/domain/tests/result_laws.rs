//! Laws that every result keeps, whatever the round: checked on made-up rounds, against a second implementation.
//! More of them: `PROPTEST_CASES=20000 cargo test -p domain --release --test result_laws`.

#[path = "result_laws/plain.rs"]
mod plain;
#[path = "result_laws/robustness.rs"]
mod robustness;
#[path = "result_laws/rounds.rs"]
mod rounds;

use std::collections::BTreeMap;

use domain::evaluation::{
    Candidate, Criterion, CriterionKind, CutRule, Exact, FinalScores, Outcome, PriceFormula, ResultError, Rules, result, reweigh,
};
use domain::points::Weight;
use num_rational::BigRational;
use plain::{exact_result, plain_result, ratio};
use proptest::prelude::*;
use rounds::{PRIMES, Prices, round};

fn ranks(outcome: &Outcome) -> BTreeMap<i64, Option<u32>> {
    outcome.standings.iter().map(|standing| (standing.response, standing.rank)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn totals_and_ranks_are_those_of_plain_fractions((rules, candidates) in round(Prices::Any)) {
        let outcome = result(&rules, &candidates).expect("a result");
        prop_assert_eq!(exact_result(&outcome), plain_result(&rules, &candidates));
    }

    #[test]
    fn the_order_of_candidates_changes_nothing(
        ((rules, candidates), shuffled) in round(Prices::Any)
            .prop_flat_map(|round| (Just(round.clone()), Just(round.1).prop_shuffle()))
    ) {
        let by_response = |candidates: &[Candidate]| {
            let mut outcome = result(&rules, candidates).expect("a result");
            outcome.standings.sort_by_key(|standing| standing.response);
            outcome
        };
        prop_assert_eq!(by_response(&candidates), by_response(&shuffled));
    }

    #[test]
    fn a_cut_never_depends_on_the_order_of_the_candidates(
        ((rules, candidates), shuffled, places, least) in round(Prices::Any).prop_flat_map(|round| {
            let shuffled = Just(round.1.clone()).prop_shuffle();
            (Just(round), shuffled, prop::option::of(0u32..8), prop::option::of(0u32..=10_000))
        })
    ) {
        let rule = CutRule { places, least: least.map(Weight::from_hundredths) };
        let cut = |candidates: &[Candidate]| {
            let mut cut = result(&rules, candidates).expect("a result").cut_by(rule);
            cut.inside.sort_unstable();
            cut.lots.iter_mut().for_each(|lots| lots.between.sort_unstable());
            cut
        };
        let found = cut(&candidates);
        prop_assert_eq!(&found, &cut(&shuffled));
        // Nobody outside has more points than somebody inside, and no place is given twice or left while another has enough points.
        let outcome = result(&rules, &candidates).expect("a result");
        let total = |response: i64| outcome.standing(response).and_then(|standing| standing.total.clone());
        let enough = |total: &Exact| rule.least.is_none_or(|least| *total >= Exact::from(least));
        let ranked = outcome.standings.iter().filter(|standing| standing.rank.is_some());
        let able: Vec<i64> = ranked.filter(|one| one.total.as_ref().is_some_and(enough)).map(|one| one.response).collect();
        let waiting = found.lots.as_ref().map_or(0, |lots| lots.places as usize);
        prop_assert_eq!(found.inside.len() + waiting, able.len().min(places.map_or(usize::MAX, |places| places as usize)));
        for outside in able.iter().filter(|response| !found.inside.contains(response)) {
            prop_assert!(found.inside.iter().all(|inside| total(*inside) >= total(*outside)));
        }
    }

    #[test]
    fn no_third_bid_reverses_two_others_without_relative_prices((rules, candidates) in round(Prices::NotRelative)) {
        let all = ranks(&result(&rules, &candidates).expect("a result"));
        for gone in &candidates {
            let fewer: Vec<Candidate> = candidates.iter().filter(|c| c.response != gone.response).cloned().collect();
            let without = ranks(&result(&rules, &fewer).expect("a result"));
            for (a, b) in without.keys().flat_map(|a| without.keys().map(move |b| (a, b))) {
                prop_assert_eq!(all[a].is_some(), without[a].is_some());
                prop_assert_eq!(all[a].cmp(&all[b]), without[a].cmp(&without[b]));
            }
        }
    }

    #[test]
    fn ranks_are_shaped_1_2_2_4((rules, candidates) in round(Prices::Any)) {
        let outcome = result(&rules, &candidates).expect("a result");
        let ranks: Vec<u32> = outcome.standings.iter().map_while(|standing| standing.rank).collect();
        prop_assert!(outcome.standings[ranks.len()..].iter().all(|standing| standing.rank.is_none()));
        for standing in &outcome.standings {
            let better = ranks.iter().filter(|rank| Some(**rank) < standing.rank).count() as u32;
            let same = ranks.iter().filter(|rank| Some(**rank) == standing.rank).count();
            prop_assert!(standing.rank.is_none_or(|rank| rank == better + 1));
            prop_assert_eq!(standing.tied, same > 1);
            let ranked = !standing.excluded && standing.below.is_empty();
            prop_assert_eq!(standing.rank.is_some(), ranked);
        }
    }

    #[test]
    fn twins_share_a_rank((rules, candidates) in round(Prices::Any)) {
        let outcome = result(&rules, &candidates).expect("a result");
        for (a, b) in candidates.iter().flat_map(|a| candidates.iter().map(move |b| (a, b))) {
            if (Candidate { response: b.response, ..a.clone() }) == *b {
                let rank = |c: &Candidate| outcome.standing(c.response).expect("a standing").rank;
                prop_assert_eq!(rank(a), rank(b));
            }
        }
    }

    #[test]
    fn totals_lie_between_0_and_100_and_are_the_sum_of_their_lines((rules, candidates) in round(Prices::Any)) {
        let outcome = result(&rules, &candidates).expect("a result");
        for standing in outcome.standings.iter().filter(|standing| !standing.excluded) {
            let total = standing.total.as_ref().expect("a total");
            let rational = |text: String| text.parse::<BigRational>().expect("p/q");
            let sum: BigRational = standing.lines.iter().filter_map(|line| line.points.as_ref())
                .map(|points| rational(points.to_string())).sum();
            prop_assert_eq!(&rational(total.to_string()), &sum);
            prop_assert!(sum >= ratio(0, 1) && sum <= ratio(100, 1));
        }
    }

    #[test]
    fn a_missing_score_is_never_a_0(
        (rules, candidates) in round(Prices::Any), which in any::<prop::sample::Index>()
    ) {
        let mut candidates = candidates;
        // The candidates are shuffled: the first is any of them.
        let Some(candidate) = candidates.first_mut().filter(|c| !c.scores.is_empty()) else { return Ok(()) };
        candidate.excluded = false;
        let gone = candidate.scores.remove(which.index(candidate.scores.len()));
        let (response, criterion) = (candidate.response, gone.criterion);
        prop_assert_eq!(result(&rules, &candidates), Err(ResultError::MissingScore { response, criterion }));
        // With zeros in its place there is a result again.
        let zeros = FinalScores { criterion, scores: vec![0; gone.scores.len()] };
        candidates[0].scores.push(zeros);
        prop_assert!(result(&rules, &candidates).is_ok());
    }

    #[test]
    fn other_weights_need_no_single_score(
        ((rules, candidates), other) in (round(Prices::Any), any::<prop::sample::Index>())
    ) {
        let outcome = result(&rules, &candidates).expect("a result");
        // The weights change places: they still add up to 100.
        let mut weights: Vec<Weight> = rules.criteria.iter().map(|criterion| criterion.weight).collect();
        weights.rotate_left(other.index(rules.criteria.len()));
        let mut changed = rules.clone();
        for (criterion, weight) in changed.criteria.iter_mut().zip(&weights) {
            criterion.weight = *weight;
        }
        let by_response = |mut outcome: Outcome| {
            outcome.standings.sort_by_key(|standing| standing.response);
            outcome
        };
        let again = reweigh(&rules, &outcome, &weights).expect("an outcome");
        prop_assert_eq!(by_response(again), by_response(result(&changed, &candidates).expect("a result")));
    }

    #[test]
    fn outcomes_survive_json((rules, candidates) in round(Prices::Any)) {
        let outcome = result(&rules, &candidates).expect("a result");
        let json = serde_json::to_string(&outcome).expect("json");
        prop_assert_eq!(serde_json::from_str::<Outcome>(&json).expect("json"), outcome);
    }
}

/// Eight prime scales and prime prices: numbers that no 128 bits hold, and still the plain result.
#[test]
fn what_does_not_fit_in_128_bits_is_as_exact() {
    let scales = [251u8, 241, 239, 233, 229, 227, 223, 211];
    let mut criteria: Vec<Criterion> = scales
        .iter()
        .zip(1..)
        .map(|(max, id)| {
            let kind = CriterionKind::Scored;
            Criterion { id, weight: Weight::from_hundredths(1000), max: *max, threshold: None, kind, parts: Vec::new() }
        })
        .collect();
    let kind = CriterionKind::Price(PriceFormula::Relative);
    criteria.push(Criterion { id: 9, weight: Weight::from_hundredths(2000), max: 0, threshold: None, kind, parts: Vec::new() });
    let rules = Rules { criteria, total_threshold: None, tie_break: Vec::new() };
    let candidates: Vec<Candidate> = PRIMES[..4]
        .iter()
        .zip(1..)
        .map(|(price, response)| {
            let scores = scales.iter().zip(1..).map(|(max, criterion)| {
                let evaluators = 1 + (criterion as usize + response as usize) % 13;
                FinalScores { criterion, scores: vec![max / 2; evaluators - 1].into_iter().chain([1]).collect() }
            });
            Candidate { response, excluded: false, price_minor: Some(*price), scores: scores.collect(), lot: None, carried: None }
        })
        .collect();
    let outcome = result(&rules, &candidates).expect("a result");
    assert_eq!(exact_result(&outcome), plain_result(&rules, &candidates));
    let longest = outcome.standings.iter().filter_map(|s| s.total.as_ref()).map(|t| t.to_string().len()).max();
    assert!(longest > Some(2 * 39), "the totals were meant to need more than 128 bits: {longest:?}");
}
