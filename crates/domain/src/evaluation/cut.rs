//! Who is inside a number of places.

use serde::{Deserialize, Serialize};

use super::outcome::{DecidedBy, Outcome, Standing};

/// A cut after a number of places, such as "the best five go on".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Those inside without doubt, best first.
    pub inside: Vec<i64>,
    /// A tie across the edge. Never settled by name, id or order.
    pub lots: Option<Lots>,
    /// What decided between the last inside and the first outside; nothing if all who are ranked are inside.
    pub decided_by: Option<DecidedBy>,
}

/// Lots to be drawn: so many places between these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lots {
    pub between: Vec<i64>,
    pub places: u32,
}

impl Outcome {
    /// The cut after `places`. A tie wholly inside or wholly outside needs no lots.
    pub fn cut(&self, places: u32) -> Cut {
        let mut cut = Cut { inside: Vec::new(), lots: None, decided_by: None };
        let ranked: Vec<&Standing> = self.standings.iter().filter(|standing| standing.rank.is_some()).collect();
        let mut free = places;
        for group in ranked.chunk_by(|a, b| a.rank == b.rank) {
            let size = u32::try_from(group.len()).unwrap_or(u32::MAX);
            let responses = group.iter().map(|standing| standing.response);
            if free == 0 {
                break;
            }
            if size > free {
                cut.lots = Some(Lots { between: responses.collect(), places: free });
                cut.decided_by = Some(DecidedBy::Lots);
                break;
            }
            cut.inside.extend(responses);
            cut.decided_by = group[0].over_next;
            free -= size;
        }
        cut
    }
}

#[cfg(test)]
mod tests {
    use super::super::result;
    use super::super::result::tests::{candidate, consensus};
    use super::*;

    fn cut(places: u32) -> Cut {
        // Totals 80, 60, 60, 20, and one excluded.
        let mut out = candidate(5, &[5]);
        out.excluded = true;
        let candidates = [candidate(1, &[3]), candidate(2, &[4]), candidate(3, &[3]), candidate(4, &[1]), out];
        result(&consensus(&["100"]), &candidates).expect("a result").cut(places)
    }

    #[test]
    fn a_cut_between_ranks_says_what_decided() {
        assert_eq!(cut(1), Cut { inside: vec![2], lots: None, decided_by: Some(DecidedBy::Total) });
        assert_eq!(cut(3), Cut { inside: vec![2, 1, 3], lots: None, decided_by: Some(DecidedBy::Total) });
    }

    #[test]
    fn a_tie_across_the_edge_needs_lots() {
        let lots = Some(Lots { between: vec![1, 3], places: 1 });
        assert_eq!(cut(2), Cut { inside: vec![2], lots, decided_by: Some(DecidedBy::Lots) });
    }

    #[test]
    fn places_for_all_or_for_none_decide_nothing() {
        assert_eq!(cut(4), Cut { inside: vec![2, 1, 3, 4], lots: None, decided_by: None });
        assert_eq!(cut(9), cut(4));
        assert_eq!(cut(0), Cut { inside: vec![], lots: None, decided_by: None });
    }
}
