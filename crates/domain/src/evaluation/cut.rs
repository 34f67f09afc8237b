//! Who goes on to the next round.

use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::outcome::{DecidedBy, Outcome, Standing};
use crate::points::Weight;

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

/// A published rule of who goes on: so many at most, with at least so many points; both hold, and neither means all who are ranked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutRule {
    pub places: Option<u32>,
    /// Of the total; equal is enough.
    pub least: Option<Weight>,
}

impl Outcome {
    /// The one function that decides who goes on. No place depends on the order of the candidates.
    pub fn cut_by(&self, rule: CutRule) -> Cut {
        let enough = |standing: &&Standing| {
            let least = rule.least.map(Exact::from);
            standing.rank.is_some() && least.is_none_or(|least| standing.total.as_ref().is_some_and(|total| *total >= least))
        };
        // Ranked by total first, so those with enough points stand before all others.
        let enough: Vec<&Standing> = self.standings.iter().filter(enough).collect();
        let ranked = self.standings.iter().filter(|standing| standing.rank.is_some()).count();
        let mut cut = cut(&enough, rule.places.unwrap_or(u32::MAX));
        if cut.lots.is_none() && cut.inside.len() == enough.len() {
            // All with enough points are inside: it is the points that keep the next one out.
            cut.decided_by = (enough.len() < ranked).then_some(DecidedBy::Total);
        }
        cut
    }

    /// The cut after `places`. A tie wholly inside or wholly outside needs no lots.
    pub fn cut(&self, places: u32) -> Cut {
        let ranked: Vec<&Standing> = self.standings.iter().filter(|standing| standing.rank.is_some()).collect();
        cut(&ranked, places)
    }
}

/// Of those in the order of their ranks.
fn cut(ranked: &[&Standing], places: u32) -> Cut {
    let mut cut = Cut { inside: Vec::new(), lots: None, decided_by: None };
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
    fn a_cut_by_points_keeps_those_who_have_just_enough() {
        let by = |places, least: &str| {
            let mut out = candidate(5, &[5]);
            out.excluded = true;
            let candidates = [candidate(1, &[3]), candidate(2, &[4]), candidate(3, &[3]), candidate(4, &[1]), out];
            let outcome = result(&consensus(&["100"]), &candidates).expect("a result");
            outcome.cut_by(CutRule { places, least: Some(Weight::parse(least).expect("points")) })
        };
        assert_eq!(by(None, "60"), Cut { inside: vec![2, 1, 3], lots: None, decided_by: Some(DecidedBy::Total) });
        assert_eq!(by(None, "60.01").inside, [2]);
        assert_eq!(by(None, "0"), Cut { inside: vec![2, 1, 3, 4], lots: None, decided_by: None });
        assert_eq!(by(Some(1), "60").inside, [2], "both hold");
        assert_eq!(by(Some(3), "70").inside, [2], "places stay free where points are missing");
        assert_eq!(by(Some(2), "60").lots, Some(Lots { between: vec![1, 3], places: 1 }));
    }

    #[test]
    fn places_for_all_or_for_none_decide_nothing() {
        assert_eq!(cut(4), Cut { inside: vec![2, 1, 3, 4], lots: None, decided_by: None });
        assert_eq!(cut(9), cut(4));
        assert_eq!(cut(0), Cut { inside: vec![], lots: None, decided_by: None });
    }
}
