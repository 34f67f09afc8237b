//! Where a panel disagrees: the order in which moderation takes up scores.

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::rules::{Candidate, Criterion, CriterionKind, FinalScores};

/// The spread of the own scores of one response in one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    pub response: i64,
    pub criterion: i64,
    pub lowest: u8,
    pub highest: u8,
    /// How many have scored.
    pub count: u32,
    /// highest - lowest
    pub spread: u8,
}

/// What to talk about, widest disagreement first, measured against the scale: 2 of 5 is wider than 3 of 10. Equally wide items
/// stand in the published order of criteria, then in the given order of candidates, which is the panel's order and
/// tells nothing.
///
/// Items without any spread stay, at the end: in consensus each needs an agreed score, also where all agreed. Left
/// out are the excluded, what nobody has scored yet, and scores in anything but a scored criterion.
pub fn agenda(criteria: &[Criterion], candidates: &[Candidate]) -> Vec<AgendaItem> {
    let mut items = Vec::new();
    for criterion in criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Scored) {
        for candidate in candidates.iter().filter(|candidate| !candidate.excluded) {
            let own = |scores: &&FinalScores| criterion.leaves().any(|leaf| leaf == scores.criterion);
            for found in candidate.scores.iter().filter(own) {
                if let (Some(&lowest), Some(&highest)) = (found.scores.iter().min(), found.scores.iter().max()) {
                    let count = u32::try_from(found.scores.len()).unwrap_or(u32::MAX);
                    let (response, criterion_id, spread) = (candidate.response, found.criterion, highest - lowest);
                    let item = AgendaItem { response, criterion: criterion_id, lowest, highest, count, spread };
                    let share = Exact::new(i128::from(spread), i128::from(criterion.max.max(1)));
                    items.push((share, item));
                }
            }
        }
    }
    // A stable sort: the two loops above have made the order among equals.
    items.sort_by(|(one, _), (other, _)| other.cmp(one));
    items.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::points::Weight;

    fn criterion(id: i64, max: u8) -> Criterion {
        let (weight, kind) = (Weight::from_hundredths(5000), CriterionKind::Scored);
        Criterion { id, weight, max, threshold: None, kind, parts: Vec::new() }
    }

    fn candidate(response: i64, scores: [&[u8]; 2]) -> Candidate {
        let scores = [1, 2].into_iter().zip(scores);
        let scores = scores.map(|(criterion, scores)| FinalScores { criterion, scores: scores.to_vec() }).collect();
        Candidate { response, excluded: false, price_minor: None, scores, lot: None, carried: None }
    }

    #[test]
    fn widest_first_against_the_scale() {
        let criteria = [criterion(1, 10), criterion(2, 5)];
        let mut excluded = candidate(9, [&[0, 10], &[0, 5]]);
        excluded.excluded = true;
        let candidates = [candidate(7, [&[3, 6, 4], &[1, 3]]), candidate(4, [&[5, 5], &[]]), excluded];
        let order: Vec<_> = agenda(&criteria, &candidates).iter().map(|i| (i.response, i.criterion, i.spread)).collect();
        // 2/5 before 3/10 before 0; unscored and excluded are not there.
        assert_eq!(order, [(7, 2, 2), (7, 1, 3), (4, 1, 0)]);
    }

    #[test]
    fn equally_wide_in_published_and_given_order() {
        let criteria = [criterion(2, 5), criterion(1, 10)];
        let candidates = [candidate(8, [&[0, 2], &[4, 5]]), candidate(3, [&[8, 10], &[0, 1]])];
        let order: Vec<_> = agenda(&criteria, &candidates).iter().map(|i| (i.response, i.criterion)).collect();
        assert_eq!(order, [(8, 2), (3, 2), (8, 1), (3, 1)]);
    }

    #[test]
    fn an_item_tells_its_ends() {
        let items = agenda(&[criterion(1, 5)], &[candidate(1, [&[4, 0, 2], &[]])]);
        assert_eq!(items, [AgendaItem { response: 1, criterion: 1, lowest: 0, highest: 4, count: 3, spread: 4 }]);
    }
}
