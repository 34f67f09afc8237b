//! The terms of one version: what is frozen when it is published.

mod criteria;
mod links;
mod offer;
mod outcome;
mod panel;
mod price;
mod problem;
mod questions;
mod requirement;
mod rounds;
mod route;

use serde::{Deserialize, Serialize};

pub use criteria::{Criterion, CriterionKind, Leaf, Method, Part, rules_of};
pub use offer::{Offer, Property};
pub use outcome::Outcome;
pub use panel::{Assignment, Expected, Panel, Reasons};
pub use price::{PriceBasis, Tax};
pub use problem::Problem;
pub use questions::{FileKind, Question, QuestionKind};
pub use requirement::{Requirement, RequirementKind};
pub use rounds::{LaterRound, RoundKind, Shortlist};
pub use route::{Milestone, Route};

use crate::file::Attachment;
use crate::law::LawProfile;
use crate::moment::{DAY, Moment};
use crate::money::{Currency, Money};
use crate::points::Weight;

/// Fields that came after the first release have a default: a version published before them reads as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    pub title: String,
    /// One sentence for lists and mails.
    pub summary: String,
    /// The problem in its parts.
    #[serde(default)]
    pub problem: Problem,
    /// Markdown, in the authority's words: what the parts do not say, or the whole where there are none.
    pub statement: String,
    pub outcomes: Vec<Outcome>,
    /// Markdown: what limits any solution must respect.
    pub limits: String,
    /// Markdown: the place of work, its people and systems.
    #[serde(default)]
    pub context: String,
    /// Markdown: data that suppliers get, and how.
    #[serde(default)]
    pub data: String,
    /// What the pilot may cost.
    pub budget: Option<Money>,
    pub currency: Currency,
    /// Markdown: what happens after a good pilot.
    pub route: String,
    /// The same as structure.
    #[serde(default)]
    pub adoption: Route,
    /// Pass or fail, never scored.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// Who owns and may use what, and further conditions.
    #[serde(default)]
    pub offer: Offer,
    pub questions: Vec<Question>,
    pub criteria: Vec<Criterion>,
    pub method: Method,
    #[serde(default)]
    pub panel: Panel,
    /// What a price must cover.
    #[serde(default)]
    pub price: PriceBasis,
    /// Rounds after this one, as far as they are planned. What stands above (questions, criteria, method, thresholds, deadline)
    /// is the first round's.
    #[serde(default)]
    pub later: Vec<LaterRound>,
    /// Least total, in hundredths of a point.
    pub total_threshold: Option<Weight>,
    /// Until when suppliers may ask; `None`: as the law profile has it (see [`Terms::enquiries_until`]).
    #[serde(default)]
    pub enquiry_deadline: Option<Moment>,
    pub deadline: Moment,
    /// When the authority means to open the responses, where it says so: never before the deadline.
    #[serde(default)]
    pub opening_at: Option<Moment>,
    /// The authority's zone (IANA), in which its dates are shown beside the reader's.
    pub zone: String,
    /// When the authority means to decide: a promise of time, told to suppliers.
    pub decision_by: Option<Moment>,
    #[serde(default)]
    pub pilot_from: Option<Moment>,
    pub law: LawProfile,
    /// Codes of the common procurement vocabulary, eight digits each.
    #[serde(default)]
    pub categories: Vec<String>,
    pub place: String,
    pub contact: String,
    /// Names are hidden from the panel until moderation ends.
    pub anonymous: bool,
    /// Whether promised values bind if awarded.
    pub promises_bind: bool,
    /// Whose text it was written after, where it was.
    #[serde(default)]
    pub credit: String,
    /// The language in which the notice is written (ISO 639-1).
    pub lang: String,
    /// In the order in which they were attached.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

impl Terms {
    /// Until when suppliers may ask: as published, else so many days before the deadline as the law profile says, but never
    /// before half of the time to answer has passed.
    pub fn enquiries_until(&self, publish_at: Moment) -> Moment {
        let days = i64::from(self.law.enquiries().ask_days);
        let half = publish_at.plus((self.deadline.micros() - publish_at.micros()) / 2);
        self.enquiry_deadline.unwrap_or_else(|| self.deadline.plus(-days * DAY).max(half))
    }
}
