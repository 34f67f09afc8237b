//! The terms of one version: what is frozen when it is published.

use serde::{Deserialize, Serialize};

use crate::evaluation::PriceFormula;
use crate::ids::{CriterionId, OutcomeId, QuestionId};
use crate::law::LawProfile;
use crate::moment::{DAY, Moment};
use crate::money::{Currency, Money};
use crate::points::Weight;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub title: String,
    /// One sentence for lists and mails.
    pub summary: String,
    /// Markdown, in the authority's words.
    pub statement: String,
    pub outcomes: Vec<Outcome>,
    /// Markdown: what limits any solution must respect.
    pub limits: String,
    pub budget: Option<Money>,
    pub currency: Currency,
    /// Markdown: what happens after a good pilot.
    pub route: String,
    pub questions: Vec<Question>,
    pub criteria: Vec<Criterion>,
    pub method: Method,
    /// Least total, in hundredths of a point.
    pub total_threshold: Option<Weight>,
    pub deadline: Moment,
    /// Until when suppliers may ask; `None`: as the law profile has it (see [`Terms::enquiries_until`]).
    #[serde(default)]
    pub enquiry_deadline: Option<Moment>,
    /// The authority's zone (IANA), in which its dates are shown beside the reader's.
    pub zone: String,
    /// When the authority means to decide: a promise of time, told to suppliers.
    pub decision_by: Option<Moment>,
    pub law: LawProfile,
    pub place: String,
    pub contact: String,
    /// Names are hidden from the panel until moderation ends.
    pub anonymous: bool,
    /// Whether promised values bind if awarded.
    pub promises_bind: bool,
    pub lang: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: OutcomeId,
    pub title: String,
    pub unit: String,
    pub baseline: String,
    pub target: String,
    /// By when, as the authority writes it ("end of 2027").
    pub by: String,
    pub measured: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    ShortText,
    #[default]
    LongText,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub label: String,
    pub help: String,
    pub kind: QuestionKind,
    pub max_words: u32,
    pub required: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionKind {
    Scored,
    Price(PriceFormula),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub id: CriterionId,
    pub name: String,
    pub guidance: String,
    pub weight: Weight,
    pub kind: CriterionKind,
    /// Points run from 0 to this.
    pub max: u8,
    pub threshold: Option<u8>,
    /// What each point means, from 0 to `max`; empty texts where the authority wrote none.
    pub descriptors: Vec<String>,
}

/// How own scores become final scores: published, never mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// After the discussion each evaluator may revise the own score with a reason; the mean counts.
    #[default]
    MeanAfterDiscussion,
}

impl Terms {
    pub fn scored(&self) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Scored)
    }

    /// Until when suppliers may ask: as published, else so many days before the deadline as the law profile says, but never
    /// before half of the time to answer has passed.
    pub fn enquiries_until(&self, publish_at: Moment) -> Moment {
        let days = i64::from(self.law.enquiries().ask_days);
        let half = publish_at.plus((self.deadline.micros() - publish_at.micros()) / 2);
        self.enquiry_deadline.unwrap_or_else(|| self.deadline.plus(-days * DAY).max(half))
    }

    pub fn criterion(&self, id: CriterionId) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }
}
