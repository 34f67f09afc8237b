//! Made-up rounds.

use domain::evaluation::{Candidate, Criterion, CriterionKind, FinalScores, Part, PriceFormula, Rules, TieBreak};
use domain::points::Weight;
use proptest::prelude::*;

/// Primes just below 10^15, 10^12, 10^9 and 10^6: prices that share no divisor with anything.
pub const PRIMES: [i64; 8] = [
    999_999_999_999_989,
    999_999_999_999_947,
    999_999_999_999_883,
    999_999_999_999_877,
    999_999_999_989,
    999_999_937,
    999_983,
    7,
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prices {
    Any,
    NotRelative,
}

fn weights(count: usize) -> impl Strategy<Value = Vec<u32>> {
    // Cuts through 100.00, in steps of 25.00 half of the time so that totals meet and weights are 0.
    let cut = prop_oneof![0..=10_000u32, (0..=4u32).prop_map(|step| step * 2500)];
    prop::collection::vec(cut, count - 1).prop_map(|mut cuts| {
        cuts.extend([0, 10_000]);
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
    })
}

fn kind(prices: Prices) -> impl Strategy<Value = CriterionKind> {
    let ceiling = prop_oneof![1..=100i64, prop::sample::select(&PRIMES[..]), Just(i64::MAX)];
    let absolute = ceiling.prop_map(|ceiling_minor| PriceFormula::Absolute { ceiling_minor });
    let relative = if prices == Prices::Any { 1 } else { 0 };
    prop_oneof![
        6 => Just(CriterionKind::Scored),
        relative => Just(CriterionKind::Price(PriceFormula::Relative)),
        1 => absolute.prop_map(CriterionKind::Price),
    ]
}

/// The weights of sub-criteria, in a third of the criteria that are scored.
fn parts() -> impl Strategy<Value = Vec<u32>> {
    prop_oneof![2 => Just(Vec::new()), 1 => (1..=4usize).prop_flat_map(weights)]
}

fn criterion(prices: Prices) -> impl Strategy<Value = Criterion> {
    let max = prop_oneof![3 => 1..=5u8, 1 => 1..=255u8, 1 => Just(251u8)];
    (kind(prices), max, prop::option::weighted(0.2, 0..=70u32), parts()).prop_map(|(kind, max, least, parts)| {
        let scored = kind == CriterionKind::Scored;
        let threshold = least.filter(|_| scored).map(|percent| (u32::from(max) * percent / 100) as u8);
        let part = |weight| Part { id: 0, weight: Weight::from_hundredths(weight) };
        let parts = parts.into_iter().filter(|_| scored).map(part).collect();
        Criterion { id: 0, weight: Weight::default(), max, threshold, kind, parts }
    })
}

fn rules(prices: Prices) -> impl Strategy<Value = Rules> {
    let criteria = (1..=8usize).prop_flat_map(move |n| (prop::collection::vec(criterion(prices), n), weights(n)));
    let total_threshold = prop::option::weighted(0.3, (0..=6000u32).prop_map(Weight::from_hundredths));
    let list = prop::collection::vec(prop::option::weighted(0.7, any::<prop::sample::Index>()), 0..3);
    (criteria, total_threshold, list).prop_map(|((mut criteria, weights), total_threshold, list)| {
        for ((criterion, weight), id) in criteria.iter_mut().zip(weights).zip(10..) {
            (criterion.id, criterion.weight) = (id, Weight::from_hundredths(weight));
            for (part, number) in criterion.parts.iter_mut().zip(1..) {
                part.id = id * 100 + number;
            }
        }
        let step = |at: Option<prop::sample::Index>| at.map(|at| TieBreak::Criterion(at.get(&criteria).id));
        let tie_break = list.into_iter().map(|at| step(at).unwrap_or(TieBreak::Price)).collect();
        Rules { criteria, total_threshold, tie_break }
    })
}

/// Evaluators of one response: their scores as shares of 256, so that they fit any scale.
fn candidate(rules: &Rules) -> impl Strategy<Value = Candidate> + use<> {
    let score = prop_oneof![any::<u8>(), prop::sample::select(&[0u8, 128, 255][..])];
    let price = prop_oneof![1..=20i64, prop::sample::select(&PRIMES[..]), 1..=i64::MAX];
    let leaves: Vec<(i64, u16)> =
        rules.criteria.iter().flat_map(|c| c.leaves().map(|leaf| (leaf, u16::from(c.max) + 1))).collect();
    let scores = prop::collection::vec(prop::collection::vec(score, 1..=5), leaves.len());
    (prop::bool::weighted(0.1), price, scores).prop_map(move |(excluded, price, shares)| {
        let scores = leaves.iter().zip(shares).map(|((leaf, scale), shares)| {
            let scores = shares.into_iter().map(|share| ((u16::from(share) * scale) >> 8) as u8).collect();
            FinalScores { criterion: *leaf, scores }
        });
        Candidate { response: 0, excluded, price_minor: Some(price), scores: scores.collect(), lot: None, carried: None }
    })
}

/// Rules, and candidates in any order of their ids. Some repeat another's scores, so that totals meet: with the same
/// price it is a tie, with another one only a tie-break by price can part them.
pub fn round(prices: Prices) -> impl Strategy<Value = (Rules, Vec<Candidate>)> {
    let twin = (any::<prop::sample::Index>(), prop::option::of(1..=20i64));
    let candidates = rules(prices).prop_flat_map(move |rules| {
        let candidates = prop::collection::vec(candidate(&rules), 0..6);
        (Just(rules), candidates, prop::collection::vec(twin.clone(), 0..3))
    });
    candidates
        .prop_map(|(rules, mut candidates, twins)| {
            let single = candidates.len();
            for (at, price) in twins.into_iter().filter(|_| single > 0) {
                let model = &candidates[at.index(single)];
                candidates.push(Candidate { price_minor: price.or(model.price_minor), ..model.clone() });
            }
            for (candidate, response) in candidates.iter_mut().zip(100..) {
                candidate.response = response;
            }
            (rules, candidates)
        })
        .prop_flat_map(|(rules, candidates)| (Just(rules), Just(candidates).prop_shuffle()))
}
