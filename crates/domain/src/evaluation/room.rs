//! A scorer's own way through a round's scores: the order, what each cell still lacks, how far along, where to go on.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::challenge::Reasons;
use crate::ids::{CriterionId, ResponseId, SeatId};

/// Least characters of a reason: long enough that "ok" is none.
pub const SHORTEST_REASON: usize = 10;

/// One response and one criterion (or sub-criterion): what is scored at once.
pub type Cell = (ResponseId, CriterionId);

/// How far a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellState {
    /// No points yet. A 0 is a 0; "not scored" is not 0.
    Open,
    /// Points, and the reason that is asked for is missing.
    NeedsReason,
    Scored,
}

crate::organisation::codes!(CellState { Open = "open", NeedsReason = "needs-reason", Scored = "scored" });

/// What is scored: the leaves of the criteria as published.
#[derive(Clone, Copy, Debug)]
pub struct RoomCriterion {
    pub id: CriterionId,
    pub threshold: Option<u8>,
}

/// What one scorer has given in a cell.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub points: u8,
    /// Characters of the reason.
    pub reason: usize,
    /// When, in microseconds: the newest says where one was.
    pub at: i64,
}

/// One scorer's cells in the own order, each with its state.
#[derive(Clone, Debug, Default)]
pub struct Way {
    cells: Vec<Cell>,
    states: BTreeMap<Cell, CellState>,
    newest: Option<Cell>,
}

/// Where a response stands in a seat's own order. Each seat has another, always the same: so that no response is read first,
/// fresh, by everybody, or last, tired, and the order of a database or of receipt counts for nothing.
pub fn place_in_order(seat: SeatId, response: ResponseId) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(b"scoring order");
    digest.update(seat.get().to_be_bytes());
    digest.update(response.get().to_be_bytes());
    digest.finalize().into()
}

impl Way {
    /// `responses`: those that the seat may see, in any order. Cells go response by response, in the criteria's order.
    ///
    /// In a sift one reason for each response is enough, beside those for scores under a threshold: a response that has all
    /// its points and no reason at all lacks it in its last cell.
    pub fn new(
        seat: SeatId,
        responses: &[ResponseId],
        criteria: &[RoomCriterion],
        reasons: Reasons,
        given: &BTreeMap<Cell, Given>,
    ) -> Self {
        let mut ordered = responses.to_vec();
        ordered.sort_by_cached_key(|response| place_in_order(seat, *response));
        let mut way = Way::default();
        for response in ordered {
            let (mut all, mut said) = (true, false);
            for criterion in criteria {
                let cell = (response, criterion.id);
                let state = match given.get(&cell) {
                    None => CellState::Open,
                    Some(score) if reasons.asked(score.points, criterion.threshold) && score.reason < SHORTEST_REASON => {
                        CellState::NeedsReason
                    }
                    Some(_) => CellState::Scored,
                };
                all &= state == CellState::Scored;
                said |= given.get(&cell).is_some_and(|score| score.reason >= SHORTEST_REASON);
                way.cells.push(cell);
                way.states.insert(cell, state);
            }
            if reasons == Reasons::Sift
                && all
                && !said
                && let Some(last) = criteria.last()
            {
                way.states.insert((response, last.id), CellState::NeedsReason);
            }
        }
        way.newest = given
            .iter()
            .filter(|(cell, _)| way.states.contains_key(cell))
            .max_by_key(|(_, score)| score.at)
            .map(|(cell, _)| *cell);
        way
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The responses in the own order.
    pub fn responses(&self) -> Vec<ResponseId> {
        let mut responses: Vec<ResponseId> = self.cells.iter().map(|(response, _)| *response).collect();
        responses.dedup();
        responses
    }

    pub fn state(&self, cell: Cell) -> CellState {
        self.states.get(&cell).copied().unwrap_or(CellState::Open)
    }

    pub fn count(&self, state: CellState) -> usize {
        self.states.values().filter(|known| **known == state).count()
    }

    /// The cells before and after one.
    pub fn beside(&self, cell: Cell) -> (Option<Cell>, Option<Cell>) {
        let Some(here) = self.cells.iter().position(|known| *known == cell) else { return (None, None) };
        (here.checked_sub(1).and_then(|at| self.cells.get(at)).copied(), self.cells.get(here + 1).copied())
    }

    /// The next cell that lacks something, after one and then from the beginning; never the one itself.
    pub fn next_open(&self, after: Option<Cell>) -> Option<Cell> {
        let start = after.and_then(|cell| self.cells.iter().position(|known| *known == cell)).map_or(0, |at| at + 1);
        self.cells[start..]
            .iter()
            .chain(&self.cells[..start])
            .find(|cell| self.state(**cell) != CellState::Scored && Some(**cell) != after)
            .copied()
    }

    /// Where to go on: the cell last worked on if it lacks something, else the next after it that does.
    pub fn resume(&self) -> Option<Cell> {
        match self.newest {
            Some(cell) if self.state(cell) != CellState::Scored => Some(cell),
            last => self.next_open(last),
        }
    }

    /// Something was scored before.
    pub fn begun(&self) -> bool {
        self.newest.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CRITERIA: [RoomCriterion; 2] =
        [RoomCriterion { id: CriterionId(1), threshold: Some(2) }, RoomCriterion { id: CriterionId(2), threshold: None }];

    fn responses(n: i64) -> Vec<ResponseId> {
        (1..=n).map(|id| ResponseId(id * 7_919)).collect()
    }

    fn given(cells: &[(Cell, u8, usize)]) -> BTreeMap<Cell, Given> {
        (1..).zip(cells).map(|(at, (cell, points, reason))| (*cell, Given { points: *points, reason: *reason, at })).collect()
    }

    #[test]
    fn each_seat_has_an_order_of_its_own_and_always_the_same() {
        let all = responses(24);
        let of = |seat: i64| Way::new(SeatId(seat), &all, &CRITERIA, Reasons::EachScore, &BTreeMap::new()).responses();
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
        assert_ne!(of(1), all);
        // Nobody is first for all: over many seats each response comes first about as often.
        let mut first: BTreeMap<ResponseId, usize> = BTreeMap::new();
        (0..2_400).for_each(|seat| *first.entry(of(seat)[0]).or_default() += 1);
        assert!(first.len() == 24 && first.values().all(|times| (50..=160).contains(times)), "{first:?}");
    }

    #[test]
    fn a_score_without_its_reason_is_not_done() {
        let (one, cells) = (ResponseId(5), [(ResponseId(5), CriterionId(1)), (ResponseId(5), CriterionId(2))]);
        let way = |scores: &[(Cell, u8, usize)]| Way::new(SeatId(1), &[one], &CRITERIA, Reasons::EachScore, &given(scores));
        let states = |way: &Way| cells.map(|cell| way.state(cell));
        assert_eq!(states(&way(&[])), [CellState::Open, CellState::Open]);
        assert_eq!(states(&way(&[(cells[0], 0, 0)])), [CellState::NeedsReason, CellState::Open], "a 0 is a 0");
        assert_eq!(states(&way(&[(cells[0], 3, 9)])), [CellState::NeedsReason, CellState::Open]);
        assert_eq!(states(&way(&[(cells[0], 3, 10)])), [CellState::Scored, CellState::Open]);
    }

    #[test]
    fn a_sift_lacks_one_reason_a_response_and_one_under_the_threshold() {
        let (one, cells) = (ResponseId(5), [(ResponseId(5), CriterionId(1)), (ResponseId(5), CriterionId(2))]);
        let way = |scores: &[(Cell, u8, usize)]| Way::new(SeatId(1), &[one], &CRITERIA, Reasons::Sift, &given(scores));
        let states = |way: &Way| cells.map(|cell| way.state(cell));
        assert_eq!(states(&way(&[(cells[0], 4, 0)])), [CellState::Scored, CellState::Open]);
        assert_eq!(states(&way(&[(cells[0], 4, 0), (cells[1], 4, 0)])), [CellState::Scored, CellState::NeedsReason]);
        assert_eq!(states(&way(&[(cells[0], 4, 20), (cells[1], 4, 0)])), [CellState::Scored, CellState::Scored]);
        assert_eq!(states(&way(&[(cells[0], 1, 0), (cells[1], 4, 20)])), [CellState::NeedsReason, CellState::Scored]);
    }

    #[test]
    fn one_goes_on_at_the_exact_place() {
        let all = responses(3);
        let empty = Way::new(SeatId(4), &all, &CRITERIA, Reasons::EachScore, &BTreeMap::new());
        let cells = empty.cells().to_vec();
        assert_eq!((empty.resume(), empty.begun()), (Some(cells[0]), false));
        let way = |scores: &[(Cell, u8, usize)]| Way::new(SeatId(4), &all, &CRITERIA, Reasons::EachScore, &given(scores));
        // Left in the middle of a reason: there.
        assert_eq!(way(&[(cells[0], 1, 20), (cells[3], 2, 0)]).resume(), Some(cells[3]));
        // Done with one: the next after it, although an earlier one is open too.
        assert_eq!(way(&[(cells[0], 1, 20), (cells[3], 2, 20)]).resume(), Some(cells[4]));
        // The last one done: from the beginning.
        assert_eq!(way(&[(cells[0], 1, 20), (cells[5], 2, 20)]).resume(), Some(cells[1]));
        let done: Vec<_> = cells.iter().map(|cell| (*cell, 3, 20)).collect();
        assert_eq!(way(&done).resume(), None);
        assert_eq!(empty.beside(cells[0]), (None, Some(cells[1])));
        assert_eq!(empty.beside(cells[5]), (Some(cells[4]), None));
    }

    proptest! {
        /// What a seat may not see takes nothing from the others' order: it cannot be inferred from it.
        #[test]
        fn a_response_less_leaves_the_others_in_their_order(seat in any::<i64>(), without in 0..12usize) {
            let all = responses(12);
            let order = |responses: &[ResponseId]| Way::new(SeatId(seat), responses, &CRITERIA, Reasons::EachScore, &BTreeMap::new()).responses();
            let mut expected = order(&all);
            expected.retain(|response| *response != all[without]);
            let mut fewer = all.clone();
            fewer.remove(without);
            fewer.reverse();
            prop_assert_eq!(order(&fewer), expected);
        }

        /// Going on from any cell comes to every cell that lacks something.
        #[test]
        fn going_on_misses_nothing(scored in proptest::collection::btree_set(0..24usize, 0..24)) {
            let all = responses(12);
            let cells = Way::new(SeatId(9), &all, &CRITERIA, Reasons::EachScore, &BTreeMap::new()).cells().to_vec();
            let scores: Vec<_> = scored.iter().map(|at| (cells[*at], 3, 30)).collect();
            let way = Way::new(SeatId(9), &all, &CRITERIA, Reasons::EachScore, &given(&scores));
            let mut at = way.resume();
            let mut seen = std::collections::BTreeSet::new();
            while let Some(cell) = at.filter(|cell| seen.insert(*cell)) {
                at = way.next_open(Some(cell));
            }
            prop_assert_eq!(seen.len(), 24 - scored.len());
        }
    }
}
