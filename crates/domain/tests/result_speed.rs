//! A result of 500 responses, 12 evaluators and 10 criteria: under 2 ms without prices, under 10 ms with relative ones; its
//! robustness under 50 ms; a step of a slider for 50 responses under 8 ms. Only a release build tells.

use std::time::{Duration, Instant};

use domain::evaluation::{
    Candidate, Criterion, CriterionKind, FinalScores, PriceFormula, Rules, TieBreak, Voice, result, reweigh, robustness, scaled,
};
use domain::points::Weight;

const EVALUATORS: u8 = 12;

fn rules(kind: CriterionKind) -> Rules {
    let criteria: Vec<Criterion> = (1..=10)
        .map(|id| Criterion {
            id,
            weight: Weight::from_hundredths(1_000),
            max: 5,
            threshold: None,
            kind: if id == 10 { kind } else { CriterionKind::Scored },
            parts: Vec::new(),
        })
        .collect();
    let tie_break = criteria.iter().map(|criterion| TieBreak::Criterion(criterion.id)).collect();
    Rules { criteria, total_threshold: None, tie_break }
}

/// Scores by a small generator, the same each time. `recused`: some responses lack some evaluators.
fn candidates(rules: &Rules, responses: i64, recused: bool) -> (Vec<Candidate>, Vec<Voice>) {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut voices = Vec::new();
    let candidates = (1..=responses).map(|response| {
        let gone = recused.then(|| (next() % 40) as u8).filter(|evaluator| *evaluator < EVALUATORS);
        let leaves = rules.criteria.iter().flat_map(Criterion::leaves);
        let scores = leaves.map(|criterion| {
            let mut scores = Vec::with_capacity(EVALUATORS.into());
            for evaluator in (0..EVALUATORS).filter(|evaluator| Some(*evaluator) != gone) {
                let points = (next() % 6) as u8;
                scores.push(points);
                voices.push(Voice { evaluator: evaluator.into(), response, criterion, points });
            }
            FinalScores { criterion, scores }
        });
        let scores = scores.collect();
        let price_minor = Some(100_000_000_000_000 + (next() % 900_000_000_000_000) as i64);
        Candidate { response, excluded: false, price_minor, scores, lot: None }
    });
    (candidates.collect(), voices)
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..15)
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[7]
}

#[test]
fn a_large_round_is_computed_at_once() {
    let relative = CriterionKind::Price(PriceFormula::Relative);
    for (name, kind, recused, most, most_report) in [
        ("plain", CriterionKind::Scored, false, 2, 50),
        ("recusals", CriterionKind::Scored, true, 2, 100),
        ("relative price", relative, false, 10, 200),
        ("relative price and recusals", relative, true, 10, 200),
    ] {
        let rules = rules(kind);
        let (candidates, voices) = candidates(&rules, 500, recused);
        let plain = median(|| assert!(result(&rules, &candidates).is_ok()));
        let report = median(|| assert!(robustness(&rules, &candidates, &voices).is_ok()));
        let outcome = result(&rules, &candidates[..50]).expect("a result");
        let before: Vec<Weight> = rules.criteria.iter().map(|criterion| criterion.weight).collect();
        let step = median(|| {
            let weights = scaled(&before, 3, Weight::from_hundredths(2_345)).expect("weights");
            assert!(reweigh(&rules, &outcome, &weights).is_ok());
        });
        println!("{name}: result {plain:?}, robustness {report:?}, a step of a slider for 50 {step:?}");
        if cfg!(debug_assertions) {
            println!("not judged: this is a debug build");
        } else {
            assert!(plain < Duration::from_millis(most) && report < Duration::from_millis(most_report), "{name}");
            assert!(step < Duration::from_millis(8), "{name}");
        }
    }
}
