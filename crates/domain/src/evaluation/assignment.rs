//! Who scores which response, where not everybody scores all: balanced, with the published quorum for each response.

use std::collections::BTreeSet;

/// What cannot be assigned: the response has fewer possible evaluators than the quorum asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("response {response} has {possible} possible evaluators, and the quorum is {quorum}")]
pub struct AssignmentError {
    pub response: i64,
    pub possible: usize,
    pub quorum: usize,
}

/// Pairs (evaluator, response) that stay as they are: given before, and perhaps scored.
pub type Kept = BTreeSet<(i64, i64)>;

/// Gives each response `quorum` of the evaluators, none of them recused from it, so that the busiest evaluator has as few as can
/// be. Pairs (evaluator, response), by response in the given order. What is kept counts, and is not taken from anybody.
///
/// `responses` and `evaluators` are ids in an order that means nothing (ids here are random), `recused` pairs of (evaluator,
/// response). Without recusals the loads differ by at most one. The same input gives the same assignment, so it can be checked.
pub fn assign(
    responses: &[i64],
    evaluators: &[i64],
    quorum: usize,
    recused: &BTreeSet<(i64, i64)>,
    kept: &Kept,
) -> Result<Vec<(i64, i64)>, AssignmentError> {
    let free = |evaluator: usize, response: i64| !recused.contains(&(evaluators[evaluator], response));
    let stays = |evaluator: usize, response: i64| kept.contains(&(evaluators[evaluator], response));
    let mut given: Vec<Vec<usize>> = responses
        .iter()
        .map(|response| (0..evaluators.len()).filter(|at| stays(*at, *response) && free(*at, *response)).collect())
        .collect();
    let mut load = vec![0usize; evaluators.len()];
    given.iter().flatten().for_each(|at| load[*at] += 1);
    for (response, own) in responses.iter().zip(&mut given) {
        let mut possible: Vec<usize> = (0..evaluators.len()).filter(|at| free(*at, *response) && !own.contains(at)).collect();
        if possible.len() + own.len() < quorum {
            return Err(AssignmentError { response: *response, possible: possible.len() + own.len(), quorum });
        }
        possible.sort_by_key(|at| (load[*at], *at));
        possible.truncate(quorum.saturating_sub(own.len()));
        possible.iter().for_each(|at| load[*at] += 1);
        own.extend(possible);
    }
    // Greedy is even without recusals. With them, responses are handed on along chains of evaluators from a busy one to one with
    // at least two fewer, until there is no such chain: then no assignment has a smaller largest load.
    while let Some(chain) = chain(responses, &given, &load, free, stays) {
        for (response, from, to) in &chain {
            given[*response].retain(|at| at != from);
            given[*response].push(*to);
            load[*from] -= 1;
            load[*to] += 1;
        }
    }
    let pairs = responses.iter().zip(&mut given).flat_map(|(response, own)| {
        own.sort_unstable();
        own.iter().map(|at| (evaluators[*at], *response)).collect::<Vec<_>>()
    });
    Ok(pairs.collect())
}

/// Steps (response, from, to) that take one response from a busy evaluator and end at one with at least two fewer.
fn chain(
    responses: &[i64],
    given: &[Vec<usize>],
    load: &[usize],
    free: impl Fn(usize, i64) -> bool,
    stays: impl Fn(usize, i64) -> bool,
) -> Option<Vec<(usize, usize, usize)>> {
    let mut busy: Vec<usize> = (0..load.len()).collect();
    busy.sort_by_key(|at| std::cmp::Reverse(load[*at]));
    for start in busy {
        let mut came: Vec<Option<(usize, usize)>> = vec![None; load.len()];
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            let movable = |(response, own): &(usize, &Vec<usize>)| own.contains(&at) && !stays(at, responses[*response]);
            for (response, own) in given.iter().enumerate().filter(movable) {
                for to in 0..load.len() {
                    if to == start || came[to].is_some() || own.contains(&to) || !free(to, responses[response]) {
                        continue;
                    }
                    came[to] = Some((at, response));
                    if load[to] + 2 <= load[start] {
                        return Some(back(&came, start, to));
                    }
                    queue.push_back(to);
                }
            }
        }
    }
    None
}

fn back(came: &[Option<(usize, usize)>], start: usize, end: usize) -> Vec<(usize, usize, usize)> {
    let mut steps = Vec::new();
    let mut at = end;
    while at != start
        && let Some((from, response)) = came[at]
    {
        steps.push((response, from, at));
        at = from;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn loads(pairs: &[(i64, i64)], evaluators: &[i64]) -> Vec<usize> {
        evaluators.iter().map(|evaluator| pairs.iter().filter(|(of, _)| of == evaluator).count()).collect()
    }

    #[test]
    fn a_response_without_enough_evaluators_is_named() {
        let recused = BTreeSet::from([(1, 10), (2, 10)]);
        let error = assign(&[9, 10], &[1, 2, 3], 2, &recused, &Kept::new()).expect_err("too few");
        assert_eq!(error, AssignmentError { response: 10, possible: 1, quorum: 2 });
    }

    #[test]
    fn a_recusal_moves_work_along_a_chain() {
        // 1 may read the first two alone; what it had of the others goes on to 2 and 3.
        let recused = BTreeSet::from([(2, 10), (3, 10), (2, 11), (3, 11)]);
        let pairs = assign(&[12, 13, 10, 11], &[1, 2, 3], 1, &recused, &Kept::new()).expect("possible");
        assert_eq!(loads(&pairs, &[1, 2, 3]), [2, 1, 1]);
    }

    #[test]
    fn what_was_given_before_stays_and_only_gaps_are_filled() {
        // 3 has left; 1 keeps both of theirs.
        let kept = Kept::from([(1, 10), (1, 11), (3, 12)]);
        let pairs = assign(&[10, 11, 12], &[1, 2], 1, &BTreeSet::new(), &kept).expect("possible");
        assert_eq!(pairs, [(1, 10), (1, 11), (2, 12)]);
    }

    proptest! {
        #[test]
        fn each_response_has_the_quorum_none_recused_and_loads_are_even(
            responses in 0usize..24, evaluators in 1usize..8, quorum in 1usize..4,
        ) {
            prop_assume!(quorum <= evaluators);
            let responses: Vec<i64> = (100..).take(responses).collect();
            let evaluators: Vec<i64> = (1..).take(evaluators).collect();
            let pairs = assign(&responses, &evaluators, quorum, &BTreeSet::new(), &Kept::new()).expect("possible");
            for response in &responses {
                let own: BTreeSet<i64> = pairs.iter().filter(|(_, of)| of == response).map(|(evaluator, _)| *evaluator).collect();
                prop_assert_eq!(own.len(), quorum);
            }
            let loads = loads(&pairs, &evaluators);
            prop_assert!(loads.iter().max().unwrap() - loads.iter().min().unwrap() <= 1, "{:?}", loads);
        }

        /// No other assignment has a smaller largest load: by trying all of them.
        #[test]
        fn with_recusals_the_busiest_has_as_few_as_can_be(
            responses in 1usize..5, evaluators in 1usize..5, recused in proptest::collection::btree_set((1i64..5, 100i64..105), 0..8),
        ) {
            let responses: Vec<i64> = (100..).take(responses).collect();
            let evaluators: Vec<i64> = (1..).take(evaluators).collect();
            if let Ok(pairs) = assign(&responses, &evaluators, 1, &recused, &Kept::new()) {
                prop_assert!(pairs.iter().all(|pair| !recused.contains(pair)));
                let found = *loads(&pairs, &evaluators).iter().max().unwrap();
                prop_assert_eq!(found, least(&responses, &evaluators, &recused, &mut vec![0; evaluators.len()]).unwrap());
            }
        }
    }

    fn least(responses: &[i64], evaluators: &[i64], recused: &BTreeSet<(i64, i64)>, load: &mut Vec<usize>) -> Option<usize> {
        let Some((response, rest)) = responses.split_first() else { return load.iter().max().copied() };
        let mut best = None;
        for at in 0..evaluators.len() {
            if recused.contains(&(evaluators[at], *response)) {
                continue;
            }
            load[at] += 1;
            let found = least(rest, evaluators, recused, load);
            load[at] -= 1;
            best = match (best, found) {
                (Some(one), Some(other)) => Some(usize::min(one, other)),
                (one, other) => one.or(other),
            };
        }
        best
    }
}
