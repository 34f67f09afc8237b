//! How questions, outcomes and criteria hang together.

use super::{Criterion, CriterionKind, Leaf, Outcome, Question, Terms};
use crate::evaluation::Rules;
use crate::ids::{CriterionId, OutcomeId, QuestionId};

impl Leaf<'_> {
    /// Whether the answer to a question is shown beside it. A criterion that names none reads them all.
    pub fn reads(self, question: QuestionId) -> bool {
        self.criterion.reads.is_empty() || self.criterion.reads.contains(&question)
    }
}

impl Terms {
    pub fn scored(&self) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Scored)
    }

    pub fn criterion(&self, id: CriterionId) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }

    /// What scores are given on, in published order.
    pub fn leaves(&self) -> impl Iterator<Item = Leaf<'_>> {
        self.criteria.iter().flat_map(Criterion::leaves)
    }

    pub fn leaf(&self, id: CriterionId) -> Option<Leaf<'_>> {
        self.leaves().find(|leaf| leaf.id() == id)
    }

    /// What [`crate::evaluation::result()`] computes by.
    pub fn rules(&self) -> Rules {
        super::rules_of(&self.criteria, self.total_threshold)
    }

    pub fn outcome(&self, id: OutcomeId) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }

    /// Outcomes that no question of the form asks about: all of them in versions of the first release, which asked each behind
    /// the questions; none in later ones.
    pub fn unasked_outcomes(&self) -> impl Iterator<Item = &Outcome> {
        let asked = |outcome: &&Outcome| !self.questions.iter().any(|question| question.outcome() == Some(outcome.id));
        self.outcomes.iter().filter(asked)
    }

    /// Questions whose answers no criterion reads, where criteria say at all what they read.
    pub fn unread_questions(&self) -> impl Iterator<Item = &Question> {
        let says = self.scored().any(|criterion| !criterion.reads.is_empty());
        self.questions.iter().filter(move |question| says && !self.leaves().any(|leaf| leaf.reads(question.id)))
    }

    /// Criteria that no question feeds: they read none by name, though others do.
    pub fn unfed_criteria(&self) -> impl Iterator<Item = &Criterion> {
        let says = self.scored().any(|criterion| !criterion.reads.is_empty());
        self.scored().filter(move |criterion| says && criterion.reads.is_empty())
    }
}
