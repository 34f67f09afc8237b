//! A result of 500 responses, 12 evaluators and 10 criteria: under 2 ms without prices, under 10 ms with relative ones; its
//! robustness under 50 ms; a step of a slider for 50 responses under 8 ms. Only a release build tells.

use std::time::{Duration, Instant};

use domain::evaluation::{CriterionKind, PriceFormula, large_example, result, reweigh, robustness, scaled};
use domain::points::Weight;

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
        let (rules, candidates, voices) = large_example(500, 12, kind, recused);
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
