//! What the check reads: texts with the role each plays, and facts about the form and the timetable.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::law::LawProfile;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Fr,
    /// One that has no rules yet: only lengths, form and timetable are looked at.
    Other,
}

impl Lang {
    /// From a language tag (`fr`, `en-GB`).
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or("") {
            "en" => Self::En,
            "fr" => Self::Fr,
            _ => Self::Other,
        }
    }

    /// As serde writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::Other => "other",
        }
    }
}

/// What a text is for. Rules differ by it: a brand is only noted in a statement and must be cleared in a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Title,
    Summary,
    /// The problem: present circumstances, who is affected, what was tried.
    Statement,
    /// A part of the statement in a field of its own: who is affected, what happens now, why now.
    Part,
    /// What was tried before, where it has a field of its own.
    Tried,
    OutcomeTitle,
    OutcomeBaseline,
    OutcomeTarget,
    OutcomeBy,
    OutcomeMeasured,
    Limits,
    /// Context and data on offer.
    Context,
    Route,
    Terms,
    Requirement,
    Question,
    Criterion,
    Guidance,
    /// Anything else that is read: place, contact, panel method.
    Other,
}

impl Role {
    /// The roles of present circumstances, where a brand is only a note.
    pub fn describes(self) -> bool {
        matches!(
            self,
            Self::Title
                | Self::Summary
                | Self::Statement
                | Self::Part
                | Self::Tried
                | Self::Context
                | Self::Route
                | Self::Terms
                | Self::Other
        )
    }

    /// The roles that say what the problem is.
    pub fn poses(self) -> bool {
        matches!(self, Self::Title | Self::Summary | Self::Statement | Self::Part | Self::Tried | Self::Context)
    }

    pub fn outcome(self) -> bool {
        matches!(self, Self::OutcomeTitle | Self::OutcomeBaseline | Self::OutcomeTarget | Self::OutcomeBy | Self::OutcomeMeasured)
    }

    pub fn scores(self) -> bool {
        matches!(self, Self::Criterion | Self::Guidance)
    }
}

/// One field's text, as typed (Markdown where the field is long).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub section: String,
    pub field: String,
    pub role: Role,
    pub text: String,
}

impl Passage {
    pub fn new(section: impl Into<String>, field: impl Into<String>, role: Role, text: impl Into<String>) -> Self {
        Self { section: section.into(), field: field.into(), role, text: text.into() }
    }
}

/// A question, or a criterion, and whether anything stands at the other end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    pub section: String,
    pub field: String,
    pub label: String,
    /// Of a question: some criterion or requirement reads it. Of a criterion: some question feeds it.
    pub linked: bool,
}

/// What the check knows besides texts. The default knows nothing and finds nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub questions: Vec<Linked>,
    pub criteria: Vec<Linked>,
    /// On the authority's own clock, in the zone it publishes.
    pub deadline: Option<DateTime>,
    pub law: LawProfile,
    /// Whole days for which the challenge will be open, where publication and deadline are both known.
    pub published_days: Option<i64>,
    /// The text is a draft of the workshop, with outcomes in fields of their own: what is missing is said by field.
    pub by_field: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub lang: Lang,
    pub passages: Vec<Passage>,
    pub facts: Facts,
}
