//! One believable small town: demo, test fixture and screenshots at once.
//!
//! Its texts are the files of the folder `town/` beside `src/`; it is made through the verbs alone, on a clock that begins
//! four months ago and ends now, so that everything in it happened in an order that the rules allow. Never in a live
//! installation: the store refuses to move its clock there.
//!
//! To add a challenge: a file in `town/`, its name in `texts::PLANS`, and the stage it is meant to reach.

mod clerk;
mod fields;
mod texts;
mod timeline;

use std::collections::BTreeMap;

use domain::ids::{ChallengeId, OrganisationId, ResponseId};
use domain::organisation::Actor;

use crate::{Desk, Error, Result};

/// One password for all, said openly: a demo.
pub const PASSWORD: &str = "plain-demo-town";

/// Days after which a filled folder is older than its own dates and is better made anew: the second open challenge closes
/// on the fourth day, the scheduled one is published on the fifth.
pub const AGE: i64 = 3;

/// Somebody of the town.
#[derive(Clone, Debug)]
pub struct Person {
    pub key: String,
    /// What to show a visitor of the demo: "Officer, Aldermouth City Council".
    pub role: String,
    pub name: String,
    pub email: String,
    pub password: &'static str,
}

/// Whom a visitor of the demo may sign in as: one a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub role: String,
    pub name: String,
    pub email: String,
}

/// The filled town, by the keys of its texts. Asking for a key that is in no text is a mistake in the caller: it panics.
#[derive(Clone, Debug, Default)]
pub struct Town {
    pub people: Vec<Person>,
    pub(self) actors: BTreeMap<String, Actor>,
    pub(self) organisations: BTreeMap<String, OrganisationId>,
    pub(self) challenges: BTreeMap<String, ChallengeId>,
    pub(self) responses: BTreeMap<(String, String), ResponseId>,
}

impl Town {
    pub fn challenge(&self, key: &str) -> ChallengeId {
        *self.challenges.get(key).unwrap_or_else(|| panic!("the town has no challenge {key:?}"))
    }

    pub fn organisation(&self, key: &str) -> OrganisationId {
        *self.organisations.get(key).unwrap_or_else(|| panic!("the town has no organisation {key:?}"))
    }

    pub fn response(&self, challenge: &str, supplier: &str) -> ResponseId {
        let found = self.responses.get(&(challenge.to_owned(), supplier.to_owned()));
        *found.unwrap_or_else(|| panic!("in the town {supplier:?} does not answer {challenge:?}"))
    }

    /// The person acting as the one organisation that they belong to, or as nobody.
    pub fn actor(&self, person: &str) -> Actor {
        self.actors.get(person).unwrap_or_else(|| panic!("the town has no person {person:?}")).clone()
    }

    /// Every challenge with the stage that its text says it is in.
    pub fn challenges(&self) -> impl Iterator<Item = (&str, ChallengeId, domain::challenge::Stage)> {
        let stages: BTreeMap<&str, _> = texts::PLANS.iter().map(|(key, _)| *key).zip(texts::stages()).collect();
        self.challenges.iter().map(move |(key, id)| (key.as_str(), *id, stages[key.as_str()]))
    }

    pub fn responses(&self) -> impl Iterator<Item = (&str, &str, ResponseId)> {
        self.responses.iter().map(|((challenge, supplier), id)| (challenge.as_str(), supplier.as_str(), *id))
    }
}

/// One a role, in the order in which a demo introduces them; needs no filled town.
pub fn sign_ins() -> Vec<SignIn> {
    let people = texts::people().person;
    people
        .into_iter()
        .filter(|person| person.shown)
        .map(|person| SignIn { role: person.role, name: person.name, email: person.email })
        .collect()
}

/// Fills an empty demo or test installation. `progress` is told (steps done, of all).
pub async fn fill(desk: &Desk, progress: impl FnMut(usize, usize)) -> Result<Town> {
    if desk.is_live() {
        return Err(Error::Broken("the town is for demo and test installations, never for a live one".into()));
    }
    if desk.store.read().await?.any_administrator().await? {
        return Err(Error::Broken("the town needs an empty installation: this one has people already".into()));
    }
    clerk::fill(desk, progress).await
}
