//! Rounds after the first, as planned and published. What is written here binds; running them has its own machinery.

use serde::{Deserialize, Serialize};

use super::{Criterion, Method, Question, Terms};
use crate::ids::RoundPlanId;
use crate::moment::Moment;
use crate::points::Weight;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundKind {
    Sift,
    #[default]
    Interview,
    PaidExploration,
    FinalOffer,
}

crate::organisation::codes!(RoundKind {
    Sift = "sift",
    Interview = "interview",
    PaidExploration = "paid_exploration",
    FinalOffer = "final_offer",
});

/// A later round: everything that a supplier must know of it before answering the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterRound {
    pub id: RoundPlanId,
    pub kind: RoundKind,
    /// Who of the round before goes on.
    pub shortlist: Shortlist,
    pub questions: Vec<Question>,
    pub criteria: Vec<Criterion>,
    /// What the total of the round before counts for in this one, under the authority's own name for it: its weight and those of
    /// the criteria add up to 100. Nothing where each round is a fresh start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Criterion>,
    /// The least total of the round before with which a response goes on; together with `shortlist`, both hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Weight>,
    pub method: Method,
    /// When its answers are due, as far as it is planned.
    pub deadline: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shortlist {
    /// All who pass the thresholds, and the least total where one is published.
    AllAboveThresholds,
    /// So many of the best who pass them; equal totals at the edge are decided as published, then by lots.
    Best { places: u32 },
}

impl LaterRound {
    /// How many go on at most; `None`: as many as pass.
    pub fn places(&self) -> Option<u32> {
        match self.shortlist {
            Shortlist::AllAboveThresholds => None,
            Shortlist::Best { places } => Some(places),
        }
    }

    /// What is scored in this round and what is carried into it, in published order.
    fn all_criteria(&self) -> Vec<Criterion> {
        self.criteria.iter().chain(&self.carried).cloned().collect()
    }
}

impl Terms {
    /// The later round of a number, from 2.
    pub fn later_round(&self, number: u32) -> Option<&LaterRound> {
        self.later.get(usize::try_from(number).ok()?.checked_sub(2)?)
    }

    /// How many rounds are published.
    pub fn rounds(&self) -> u32 {
        u32::try_from(self.later.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// The same terms as one round has them: what its form asks, what it is scored by and until when it is answered. Whatever
    /// works with the first round's terms so works with those of any other.
    ///
    /// Requirements, promised outcomes, partners and the threshold on totals belong to the first round: they were answered and
    /// checked there. Anonymity ends at an interview (domain.md, "Scoring"), for the rounds after it too.
    #[must_use]
    pub fn of_round(&self, number: u32, deadline: Option<Moment>) -> Terms {
        let Some(round) = self.later_round(number) else { return self.clone() };
        let met = self.later.iter().take_while(|other| other.id != round.id).chain([round]);
        let met = met.map(|round| round.kind).any(|kind| kind == RoundKind::Interview);
        let mut terms = self.clone();
        terms.questions = round.questions.clone();
        terms.criteria = round.all_criteria();
        terms.method = round.method;
        terms.total_threshold = None;
        terms.requirements.clear();
        terms.outcomes.clear();
        terms.offer.partners_sign = false;
        terms.price.separate = false;
        terms.anonymous = self.anonymous && !met;
        terms.deadline = deadline.or(round.deadline).unwrap_or(self.deadline);
        terms.opening_at = None;
        terms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(kind: RoundKind) -> LaterRound {
        LaterRound {
            id: RoundPlanId(i64::from(kind == RoundKind::Interview)),
            kind,
            shortlist: Shortlist::Best { places: 2 },
            questions: Vec::new(),
            criteria: Vec::new(),
            carried: None,
            least: None,
            method: Method::default(),
            deadline: Some(Moment(50)),
        }
    }

    #[test]
    fn a_round_has_its_own_form_and_not_the_first_one_s_conditions() {
        let terms = Terms { anonymous: true, deadline: Moment(10), total_threshold: Some(Weight::HUNDRED), ..Terms::default() };
        let terms = Terms { later: vec![later(RoundKind::FinalOffer), later(RoundKind::Interview)], ..terms };
        assert_eq!(terms.rounds(), 3);
        assert_eq!(terms.of_round(1, Some(Moment(11))), terms, "the first round is the terms themselves");
        let second = terms.of_round(2, None);
        assert_eq!((second.deadline, second.total_threshold, second.anonymous), (Moment(50), None, true));
        assert_eq!(terms.of_round(2, Some(Moment(60))).deadline, Moment(60));
        assert!(!terms.of_round(3, None).anonymous, "names are known from an interview on");
    }
}
