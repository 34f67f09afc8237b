//! One event as it is told.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::{ChallengeId, OrganisationId, UserId};
use crate::moment::Moment;
use crate::notice::EventKind;

/// All that a notice or mail may say beside its kind. A closed list: nothing of a response, a score, a declaration or an
/// unpublished reason has a place here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Words {
    /// Of the challenge.
    pub title: String,
    pub organisation: String,
    /// A published reason (of an amendment, a cancellation), or empty.
    pub reason: String,
    /// An instant that is told and is not a time to act by: when it will be published.
    pub at: Option<Moment>,
    /// A number: of the version, of hours left.
    pub n: Option<i64>,
    /// A failure of the service is told of which the service itself recorded none: two people's word, and never read as the service's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unrecorded: bool,
}

/// What happened, to what, whom it names, what it says, where it leads and by when to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    /// What it tells of; the same is never told twice.
    pub once: String,
    pub challenge: Option<ChallengeId>,
    pub organisation: Option<OrganisationId>,
    pub named: Vec<UserId>,
    /// Who did it knows.
    pub by: Option<UserId>,
    pub words: Words,
    /// A path on this site, from `/`.
    pub link: String,
    pub act_by: Option<Moment>,
    /// The authority's zone, in which times are told beside the reader's.
    pub zone: String,
}

impl Event {
    /// `fact`: the id of what happened (an event's row, an amendment, an enquiry): told once.
    pub fn of(kind: EventKind, fact: i64) -> Self {
        Self::once(kind, crate::ids::to_text(fact))
    }

    /// The same where the fact is no row: a reminder of a deadline at an hour.
    pub fn once(kind: EventKind, fact: impl std::fmt::Display) -> Self {
        Self {
            kind,
            once: format!("{}:{fact}", kind.code()),
            challenge: None,
            organisation: None,
            named: Vec::new(),
            by: None,
            words: Words::default(),
            link: "/work".into(),
            act_by: None,
            zone: String::new(),
        }
    }

    /// About a challenge; leads to its public page unless [`Event::link`] says otherwise.
    pub fn on(mut self, challenge: ChallengeId, title: &str) -> Self {
        self.challenge = Some(challenge);
        self.words.title = title.to_owned();
        self.link = format!("/challenges/{challenge}");
        self
    }

    /// Concerns an organisation's people.
    pub fn to_organisation(mut self, organisation: OrganisationId, name: &str) -> Self {
        self.organisation = Some(organisation);
        self.words.organisation = name.to_owned();
        self
    }

    pub fn naming(mut self, people: impl IntoIterator<Item = UserId>) -> Self {
        self.named.extend(people);
        self
    }

    /// Who did it is not told.
    pub fn by(mut self, user: Option<UserId>) -> Self {
        self.by = user;
        self
    }

    pub fn link(mut self, path: impl Into<String>) -> Self {
        self.link = path.into();
        self
    }

    /// Only what is published.
    pub fn reason(mut self, reason: &str) -> Self {
        self.words.reason = reason.to_owned();
        self
    }

    pub fn at(mut self, at: Moment) -> Self {
        self.words.at = Some(at);
        self
    }

    pub fn n(mut self, n: i64) -> Self {
        self.words.n = Some(n);
        self
    }

    /// Of a failure of the service: whether the service itself recorded none.
    pub fn unrecorded(mut self, unrecorded: bool) -> Self {
        self.words.unrecorded = unrecorded;
        self
    }

    /// By when to act, and the authority's zone.
    pub fn act_by(mut self, at: Moment, zone: &str) -> Self {
        self.act_by = Some(at);
        self.zone = zone.to_owned();
        self
    }

    /// The authority's zone, where nothing has to be done by a date.
    pub fn zone(mut self, zone: &str) -> Self {
        self.zone = zone.to_owned();
        self
    }

    /// Follows from what it tells of: telling again gives the same.
    pub fn id(&self) -> i64 {
        id_of(&self.once)
    }
}

/// 63 bits of the digest of what is told.
pub fn id_of(once: &str) -> i64 {
    let digest = Sha256::digest(once.as_bytes());
    let bytes: [u8; 8] = std::array::from_fn(|at| digest[at]);
    i64::from_be_bytes(bytes) & i64::MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_fact_is_the_same_event() {
        let of = |kind, fact| Event::of(kind, fact).id();
        assert_eq!(of(EventKind::Amended, 7), of(EventKind::Amended, 7));
        assert_ne!(of(EventKind::Amended, 7), of(EventKind::Amended, 8));
        assert_ne!(of(EventKind::Amended, 7), of(EventKind::DeadlineExtended, 7));
        assert!(of(EventKind::Amended, 7) >= 0);
    }
}
