//! What is scored, and how.

use serde::{Deserialize, Serialize};

use crate::evaluation::{self, PriceFormula, Rules, TieBreak};
use crate::ids::{CriterionId, QuestionId};
use crate::points::Weight;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    Scored,
    Price(PriceFormula),
    /// The total of the round before.
    Carried,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub id: CriterionId,
    pub name: String,
    pub guidance: String,
    pub weight: Weight,
    pub kind: CriterionKind,
    /// Points run from 0 to this, for the criterion and its parts alike.
    pub max: u8,
    pub threshold: Option<u8>,
    /// What each point means, from 0 to `max`; empty texts where the authority wrote none.
    pub descriptors: Vec<String>,
    /// Sub-criteria, scored in its place; their weights add up to 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// The questions whose answers are shown beside it; none: all of them, as before they could be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<QuestionId>,
}

/// A sub-criterion, on the scale and with the descriptors of its criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub id: CriterionId,
    pub name: String,
    pub guidance: String,
    pub weight: Weight,
}

/// What one score is given on: a criterion, or one of its parts.
#[derive(Clone, Copy, Debug)]
pub struct Leaf<'a> {
    pub criterion: &'a Criterion,
    pub part: Option<&'a Part>,
}

impl<'a> Leaf<'a> {
    pub fn id(self) -> CriterionId {
        self.part.map_or(self.criterion.id, |part| part.id)
    }

    /// "Effect", "Effect: on patients".
    pub fn name(self) -> String {
        match self.part {
            Some(part) => format!("{}: {}", self.criterion.name, part.name),
            None => self.criterion.name.clone(),
        }
    }

    /// The guidance of the criterion, then that of the part.
    pub fn guidance(self) -> impl Iterator<Item = &'a str> {
        let all = [Some(self.criterion.guidance.as_str()), self.part.map(|part| part.guidance.as_str())];
        all.into_iter().flatten().filter(|text| !text.is_empty())
    }

    pub fn max(self) -> u8 {
        self.criterion.max
    }
}

impl Criterion {
    pub fn leaves(&self) -> impl Iterator<Item = Leaf<'_>> {
        let own = (self.kind == CriterionKind::Scored && self.parts.is_empty()).then_some(Leaf { criterion: self, part: None });
        own.into_iter().chain(self.parts.iter().map(|part| Leaf { criterion: self, part: Some(part) }))
    }

    fn rule(&self) -> evaluation::Criterion {
        let (kind, threshold) = match self.kind {
            CriterionKind::Scored => (evaluation::CriterionKind::Scored, self.threshold),
            CriterionKind::Price(formula) => (evaluation::CriterionKind::Price(formula), None),
            CriterionKind::Carried => (evaluation::CriterionKind::Carried, None),
        };
        let part = |part: &Part| evaluation::Part { id: part.id.get(), weight: part.weight };
        let parts = self.parts.iter().map(part).collect();
        evaluation::Criterion { id: self.id.get(), weight: self.weight, max: self.max, threshold, kind, parts }
    }
}

/// The rules of a result, from what was published: ties are decided by the criteria in their order, then by price.
pub fn rules_of(criteria: &[Criterion], total_threshold: Option<Weight>) -> Rules {
    let scored = criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Scored);
    let mut tie_break: Vec<TieBreak> = scored.map(|criterion| TieBreak::Criterion(criterion.id.get())).collect();
    if criteria.iter().any(|criterion| matches!(criterion.kind, CriterionKind::Price(_))) {
        tie_break.push(TieBreak::Price);
    }
    Rules { criteria: criteria.iter().map(Criterion::rule).collect(), total_threshold, tie_break }
}

/// How own scores become final scores: published, never mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// After the discussion each evaluator may revise the own score with a reason; the mean counts.
    #[default]
    MeanAfterDiscussion,
    /// The panel agrees on one score with its own reason for every response and criterion, also where all agreed.
    Consensus,
}

crate::organisation::codes!(Method { MeanAfterDiscussion = "mean_after_discussion", Consensus = "consensus" });
