//! Challenges: drafts by section, versions, events, team. The rows are here; reading lists of challenges, reading one, and writing
//! have a file each.

mod lists;
mod one;
mod writing;

pub(crate) use self::writing::Sections;
use domain::challenge::{Standing, Terms};
use domain::form::Fields;
use domain::moment::Moment;
use domain::money::Money;

use crate::{Error, Result};

/// A challenge in a list: its standing, and the title of the published version or of the draft.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ChallengeRow {
    pub challenge: i64,
    pub reference: String,
    pub buyer: i64,
    pub buyer_name: String,
    pub created_at: i64,
    pub round: Option<i64>,
    pub n: Option<i64>,
    pub submitted_at: Option<i64>,
    pub sent_back_at: Option<i64>,
    pub scheduled_for: Option<i64>,
    pub publish_at: Option<i64>,
    pub cancelled_at: Option<i64>,
    /// Of the newest round.
    pub round_number: Option<i64>,
    /// Until when anybody may answer: the first round's, whatever round it is in.
    pub deadline: Option<i64>,
    pub opened_at: Option<i64>,
    pub unchecked: i64,
    pub price_sealed: i64,
    pub scorers: i64,
    pub locked: i64,
    pub record_at: Option<i64>,
    pub recommended_at: Option<i64>,
    pub decision_sent_back_at: Option<i64>,
    pub decided_at: Option<i64>,
    /// JSON of the published terms.
    pub terms: Option<String>,
    /// JSON of the fields of the draft's first section.
    pub problem: Option<String>,
}

impl ChallengeRow {
    /// As the public knows it: a later round counts from the first one's deadline on.
    pub fn standing(&self) -> Standing {
        let at = |at: Option<i64>| at.map(Moment);
        Standing {
            submitted_at: at(self.submitted_at),
            sent_back_at: at(self.sent_back_at),
            scheduled_for: at(self.scheduled_for),
            publish_at: at(self.publish_at),
            cancelled_at: at(self.cancelled_at),
            round: self.round_number.unwrap_or_default(),
            rounds_after: 0,
            deadline: at(self.deadline),
            opened_at: at(self.opened_at),
            unchecked: self.unchecked,
            price_sealed: self.price_sealed > 0,
            scorers: self.scorers,
            locked: self.locked,
            record_at: at(self.record_at),
            recommended_at: at(self.recommended_at),
            decision_sent_back_at: at(self.decision_sent_back_at),
            decided_at: at(self.decided_at),
        }
    }

    /// The instant of publication; while that waits for the official notice, the one that the approvers chose.
    pub fn published_or_chosen(&self) -> Option<Moment> {
        self.publish_at.map(Moment).filter(|at| *at != Moment::NEVER).or(self.scheduled_for.map(Moment))
    }

    pub fn terms(&self) -> Result<Option<Terms>> {
        self.terms.as_deref().map(parse_terms).transpose()
    }

    /// What a list says of the published version: the rest of the terms is passed over, not read.
    pub fn heading(&self) -> Result<Option<Heading>> {
        let corrupt = |error: serde_json::Error| Error::Corrupt { what: "terms", why: error.to_string() };
        self.terms.as_deref().map(|text| serde_json::from_str(text).map_err(corrupt)).transpose()
    }

    /// The title of the published version, else the draft's.
    pub fn title(&self) -> String {
        if let Ok(Some(heading)) = self.heading() {
            return heading.title;
        }
        self.problem
            .as_deref()
            .and_then(|text| serde_json::from_str::<Fields>(text).ok())
            .map(|fields| fields.get("title").to_owned())
            .unwrap_or_default()
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SectionRow {
    pub section: String,
    pub fields: String,
    pub updated_at: i64,
    pub updated_by: String,
    pub row_version: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VersionRow {
    pub n: i64,
    pub terms: String,
    pub reason: String,
    pub created_at: i64,
    /// SHA-256 of the terms as stored: what an approval binds. None in what the first release froze.
    pub digest: Option<Vec<u8>>,
}

impl VersionRow {
    pub fn terms(&self) -> Result<Terms> {
        parse_terms(&self.terms)
    }
}

/// A part of `domain::challenge::Terms`, under the same names.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Heading {
    pub title: String,
    pub summary: String,
    pub place: String,
    pub zone: String,
    pub budget: Option<Money>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EventRow {
    pub id: i64,
    pub kind: String,
    pub n: Option<i64>,
    pub publish_at: Option<i64>,
    pub reason: String,
    pub at: i64,
    pub by_name: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TeamRow {
    pub user_id: i64,
    pub name: String,
    pub email: String,
    pub role: String,
}

pub(crate) fn parse_terms(text: &str) -> Result<Terms> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt { what: "terms", why: error.to_string() })
}
