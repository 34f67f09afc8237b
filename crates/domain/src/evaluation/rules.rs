//! What was published, and what is scored by it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::exact::Exact;
use crate::points::{Weight, WeightSumError};

/// The rules of a round as frozen at publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// In published order; their weights add up to 100.
    pub criteria: Vec<Criterion>,
    /// The least total that is ranked.
    pub total_threshold: Option<Weight>,
    /// What decides between equal totals, first to last.
    pub tie_break: Vec<TieBreak>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub id: i64,
    pub weight: Weight,
    /// The end of the scale; of no meaning for a price.
    pub max: u8,
    /// The least final score that is ranked; of a criterion with sub-criteria, the least weighted mean of their scores.
    pub threshold: Option<u8>,
    pub kind: CriterionKind,
    /// Its sub-criteria, which are scored in its place on the same scale; none where it is scored itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// A sub-criterion: its share of the hundred of its criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub id: i64,
    pub weight: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    Scored,
    Price(PriceFormula),
    /// The total of the round before, as published: weight x total / 100.
    Carried,
}

/// Points of a price, by the published formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceFormula {
    /// weight x lowest / own, the lowest among those left after the thresholds on scores.
    Relative,
    /// weight x (1 - own / ceiling), at least 0. No response's points depend on another's, so it is free of the
    /// paradox that a third bid reverses two others.
    Absolute { ceiling_minor: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// The higher final score in this criterion goes first; in a price, what the formula makes of it.
    Criterion(i64),
    /// The lower price goes first.
    Price,
}

/// One response, as far as its result depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub response: i64,
    pub excluded: bool,
    /// In minor units of the one published currency, tax basis and period. Not needed of a response that is out
    /// before prices are looked at: its envelope may never have been opened.
    pub price_minor: Option<i64>,
    pub scores: Vec<FinalScores>,
    /// Its lot, where lots were drawn between it and others that were equal in everything published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// Its total in the round before, where a criterion carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Exact>,
}

/// A place drawn by lot. It counts only among those of the same draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    pub draw: i64,
    /// From 1.
    pub place: u32,
}

/// The final scores of one response in one criterion: one that the panel agreed on, or one of each evaluator, whose
/// mean is the final score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinalScores {
    pub criterion: i64,
    pub scores: Vec<u8>,
}

/// Rules that cannot give a result. They are found at publication; after it, they are a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RulesError {
    #[error(transparent)]
    Weights(WeightSumError),
    #[error("criterion {criterion} stands twice")]
    CriterionTwice { criterion: i64 },
    #[error("the scale of criterion {criterion} ends at 0")]
    NoScale { criterion: i64 },
    #[error("the threshold of criterion {criterion} is over the end of its scale")]
    ThresholdOverMax { criterion: i64 },
    #[error("criterion {criterion} has no score of its own to be under a threshold")]
    ThresholdOnPrice { criterion: i64 },
    #[error("the price ceiling of criterion {criterion} is not above 0")]
    NoCeiling { criterion: i64 },
    #[error("the sub-criteria of {criterion} weigh {sum} together, not 100")]
    PartWeights { criterion: i64, sum: Weight },
    #[error("criterion {criterion} has no score of its own and no sub-criteria")]
    PartsOnPrice { criterion: i64 },
    #[error("other weights are one for each criterion")]
    NotTheseWeights,
    #[error("the threshold on totals is over 100")]
    TotalThresholdOver100,
    #[error("the tie-break names criterion {criterion}, which there is not")]
    UnknownTieBreak { criterion: i64 },
}

impl Rules {
    /// Whether these rules can give a result at all.
    pub fn check(&self) -> Result<(), RulesError> {
        let mut seen = BTreeSet::new();
        for criterion in &self.criteria {
            let ids = std::iter::once(criterion.id).chain(criterion.parts.iter().map(|part| part.id));
            if let Some(twice) = ids.into_iter().find(|id| !seen.insert(*id)) {
                return Err(RulesError::CriterionTwice { criterion: twice });
            }
            criterion.check()?;
        }
        Weight::check_sum(self.criteria.iter().map(|criterion| criterion.weight)).map_err(RulesError::Weights)?;
        if self.total_threshold > Some(Weight::HUNDRED) {
            return Err(RulesError::TotalThresholdOver100);
        }
        for step in &self.tie_break {
            if let TieBreak::Criterion(criterion) = *step
                && self.position(criterion).is_none()
            {
                return Err(RulesError::UnknownTieBreak { criterion });
            }
        }
        Ok(())
    }

    /// Whether a price is needed: as a criterion or to break ties.
    pub fn need_price(&self) -> bool {
        self.criteria.iter().any(|criterion| matches!(criterion.kind, CriterionKind::Price(_)))
            || self.tie_break.contains(&TieBreak::Price)
    }

    /// Whether the lowest price matters, which makes points depend on who else is left.
    pub fn compare_prices(&self) -> bool {
        self.criteria.iter().any(|criterion| criterion.kind == CriterionKind::Price(PriceFormula::Relative))
    }

    pub(super) fn position(&self, criterion: i64) -> Option<usize> {
        self.criteria.iter().position(|c| c.id == criterion)
    }

    /// What is scored, in published order: each with the place of its criterion.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (usize, i64)> {
        self.criteria.iter().enumerate().flat_map(|(at, criterion)| criterion.leaves().map(move |leaf| (at, leaf)))
    }
}

impl Criterion {
    /// The ids on which scores are given: its sub-criteria, or itself; none for a price.
    pub fn leaves(&self) -> impl Iterator<Item = i64> {
        let own = (self.kind == CriterionKind::Scored && self.parts.is_empty()).then_some(self.id);
        own.into_iter().chain(self.parts.iter().map(|part| part.id))
    }

    fn check(&self) -> Result<(), RulesError> {
        let criterion = self.id;
        match self.kind {
            CriterionKind::Scored if self.max == 0 => Err(RulesError::NoScale { criterion }),
            CriterionKind::Scored if self.threshold > Some(self.max) => Err(RulesError::ThresholdOverMax { criterion }),
            CriterionKind::Scored if self.parts.is_empty() => Ok(()),
            CriterionKind::Scored => Weight::check_sum(self.parts.iter().map(|part| part.weight))
                .map_err(|WeightSumError { sum }| RulesError::PartWeights { criterion, sum }),
            CriterionKind::Price(_) if !self.parts.is_empty() => Err(RulesError::PartsOnPrice { criterion }),
            CriterionKind::Price(_) if self.threshold.is_some() => Err(RulesError::ThresholdOnPrice { criterion }),
            CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }) if ceiling_minor <= 0 => {
                Err(RulesError::NoCeiling { criterion })
            }
            CriterionKind::Carried if !self.parts.is_empty() => Err(RulesError::PartsOnPrice { criterion }),
            CriterionKind::Carried if self.threshold.is_some() => Err(RulesError::ThresholdOnPrice { criterion }),
            CriterionKind::Price(_) | CriterionKind::Carried => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scored criterion (1) and a price (2), half each.
    fn rules() -> Rules {
        let weight = Weight::from_hundredths(5000);
        let scored = Criterion { id: 1, weight, max: 5, threshold: Some(5), kind: CriterionKind::Scored, parts: Vec::new() };
        let kind = CriterionKind::Price(PriceFormula::Absolute { ceiling_minor: 1 });
        let price = Criterion { id: 2, weight, max: 0, threshold: None, kind, parts: Vec::new() };
        let tie_break = vec![TieBreak::Criterion(1), TieBreak::Price];
        Rules { criteria: vec![scored, price], total_threshold: Some(Weight::HUNDRED), tie_break }
    }

    fn fault(change: impl FnOnce(&mut Rules)) -> RulesError {
        let mut rules = rules();
        change(&mut rules);
        rules.check().expect_err("faulty rules")
    }

    #[test]
    fn sound_rules_pass() {
        assert_eq!(rules().check(), Ok(()));
    }

    #[test]
    fn weights_must_sum_to_a_hundred() {
        let sum = Weight::from_hundredths(9999);
        let found = fault(|rules| rules.criteria[0].weight = Weight::from_hundredths(4999));
        assert_eq!(found, RulesError::Weights(WeightSumError { sum }));
        let none = Rules { criteria: Vec::new(), total_threshold: None, tie_break: Vec::new() };
        assert!(matches!(none.check(), Err(RulesError::Weights(_))));
    }

    #[test]
    fn each_fault_is_named() {
        let criterion = 1;
        assert_eq!(fault(|rules| rules.criteria[1].id = 1), RulesError::CriterionTwice { criterion });
        assert_eq!(fault(|rules| rules.criteria[0].max = 0), RulesError::NoScale { criterion });
        assert_eq!(fault(|rules| rules.criteria[0].threshold = Some(6)), RulesError::ThresholdOverMax { criterion });
        let half = |id| Part { id, weight: Weight::from_hundredths(5000) };
        assert_eq!(fault(|rules| rules.criteria[0].parts = vec![half(7), half(2)]), RulesError::CriterionTwice { criterion: 2 });
        let sum = Weight::from_hundredths(5000);
        assert_eq!(fault(|rules| rules.criteria[0].parts = vec![half(7)]), RulesError::PartWeights { criterion, sum });
        let criterion = 2;
        assert_eq!(fault(|rules| rules.criteria[1].parts = vec![half(7), half(8)]), RulesError::PartsOnPrice { criterion });
        assert_eq!(fault(|rules| rules.criteria[1].threshold = Some(0)), RulesError::ThresholdOnPrice { criterion });
        let kind = CriterionKind::Price(PriceFormula::Absolute { ceiling_minor: 0 });
        assert_eq!(fault(|rules| rules.criteria[1].kind = kind), RulesError::NoCeiling { criterion });
        let over = Some(Weight::from_hundredths(10_001));
        assert_eq!(fault(|rules| rules.total_threshold = over), RulesError::TotalThresholdOver100);
        let unknown = TieBreak::Criterion(3);
        assert_eq!(fault(|rules| rules.tie_break.push(unknown)), RulesError::UnknownTieBreak { criterion: 3 });
    }
}
