//! Other weights: some are set, the rest keeps its proportions.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::points::{Weight, WeightSumError};

/// Why weights are none to compute with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhatIfError {
    /// All were set, and do not add up to 100; or none is left that could take the rest.
    #[error(transparent)]
    Sum(WeightSumError),
    /// Those that were set are over 100 by themselves.
    #[error("the weights that were set add up to {sum}, which is over 100")]
    Over { sum: Weight },
}

/// The weights in hundredths that add up to 100: those set stay as they are, the others share what is left in the proportion
/// of `before`, rounded to hundredths by the largest remainder, so that the sum is exact. Weights of 0 stay 0, unless all of the
/// others are: then they share alike.
pub fn what_if_weights(before: &[Weight], set: &[Option<Weight>]) -> Result<Vec<Weight>, WhatIfError> {
    let fixed = Weight::sum(set.iter().flatten().copied());
    if fixed > Weight::HUNDRED {
        return Err(WhatIfError::Over { sum: fixed });
    }
    let rest = u64::from(Weight::HUNDRED.hundredths() - fixed.hundredths());
    let free: Vec<usize> = (0..before.len()).filter(|at| set.get(*at).copied().flatten().is_none()).collect();
    if free.is_empty() && rest > 0 {
        return Err(WhatIfError::Sum(WeightSumError { sum: fixed }));
    }
    let mut shares: Vec<u64> = free.iter().map(|at| u64::from(before[*at].hundredths())).collect();
    if shares.iter().all(|share| *share == 0) {
        shares.fill(1);
    }
    let whole: u64 = shares.iter().sum::<u64>().max(1);
    let mut weights: Vec<Weight> = (0..before.len()).map(|at| set.get(at).copied().flatten().unwrap_or_default()).collect();
    let mut left = rest;
    let mut remainders = Vec::with_capacity(free.len());
    for (at, share) in free.iter().zip(&shares) {
        let given = rest * share / whole;
        left -= given;
        weights[*at] = Weight::from_hundredths(u32::try_from(given).unwrap_or_default());
        remainders.push((rest * share % whole, *at));
    }
    // Stable: among equal remainders the first in the published order.
    remainders.sort_by_key(|(remainder, _)| std::cmp::Reverse(*remainder));
    for (_, at) in remainders.into_iter().take(usize::try_from(left).unwrap_or_default()) {
        weights[at] = Weight::from_hundredths(weights[at].hundredths() + 1);
    }
    Ok(weights)
}

/// One weight is moved, as by a slider: the others scale in proportion.
pub fn scaled(before: &[Weight], at: usize, to: Weight) -> Result<Vec<Weight>, WhatIfError> {
    let set: Vec<Option<Weight>> = (0..before.len()).map(|other| (other == at).then_some(to)).collect();
    what_if_weights(before, &set)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn weights(texts: &[&str]) -> Vec<Weight> {
        texts.iter().map(|text| Weight::parse(text).expect("a weight")).collect()
    }

    fn shown(weights: Result<Vec<Weight>, WhatIfError>) -> Vec<String> {
        weights.expect("weights").iter().map(Weight::to_string).collect()
    }

    #[test]
    fn the_others_scale_in_proportion() {
        let before = weights(&["50", "30", "20"]);
        assert_eq!(shown(scaled(&before, 0, Weight::from_hundredths(0))), ["0", "60", "40"]);
        assert_eq!(shown(scaled(&before, 0, Weight::from_hundredths(7500))), ["75", "15", "10"]);
        assert_eq!(shown(scaled(&before, 0, Weight::HUNDRED)), ["100", "0", "0"]);
        // 100 in the proportion of thirds: the largest remainder takes the last hundredth.
        assert_eq!(shown(scaled(&weights(&["10", "30", "30", "30"]), 0, Weight::default())), ["0", "33.34", "33.33", "33.33"]);
    }

    #[test]
    fn what_weighs_nothing_shares_alike_when_nothing_else_is_left() {
        assert_eq!(shown(scaled(&weights(&["100", "0", "0"]), 0, Weight::from_hundredths(5000))), ["50", "25", "25"]);
    }

    #[test]
    fn weights_that_cannot_be_are_refused() {
        let before = weights(&["50", "50"]);
        let set = |first: &str, second: &str| {
            let read = |text: &str| (!text.is_empty()).then(|| Weight::parse(text).expect("a weight"));
            what_if_weights(&before, &[read(first), read(second)])
        };
        assert_eq!(shown(set("70", "30")), ["70", "30"]);
        assert_eq!(shown(set("70", "")), ["70", "30"]);
        let sum = |text: &str| Weight::parse(text).expect("a weight");
        assert_eq!(set("70", "20"), Err(WhatIfError::Sum(WeightSumError { sum: sum("90") })));
        assert!(matches!(set("70", "40"), Err(WhatIfError::Over { .. })));
    }

    proptest! {
        #[test]
        fn the_sum_is_always_a_hundred(
            (before, at) in prop::collection::vec(0..=10_000u32, 2..12).prop_flat_map(|v| { let n = v.len(); (Just(v), 0..n) }),
            to in 0..=10_000u32,
        ) {
            let before: Vec<Weight> = before.into_iter().map(Weight::from_hundredths).collect();
            let after = scaled(&before, at, Weight::from_hundredths(to)).expect("weights");
            prop_assert_eq!(Weight::sum(after.iter().copied()), Weight::HUNDRED);
            prop_assert_eq!(after[at].hundredths(), to);
            // What weighed more weighs no less afterwards.
            for (one, other) in (0..before.len()).flat_map(|one| (0..before.len()).map(move |other| (one, other))) {
                if one != at && other != at && before[one] > before[other] {
                    prop_assert!(after[one].hundredths() + 1 >= after[other].hundredths());
                }
            }
        }
    }
}
