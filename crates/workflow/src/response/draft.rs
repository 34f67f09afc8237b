//! The draft: begun once, saved answer by answer.

use domain::challenge::Terms;
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, ResponseId, RoundId};
use domain::organisation::Actor;
use domain::policy::{self, Refused, SaveAnswer, StartResponse};
use domain::response::{Enclosures, LONGEST_ANSWER, Longer, content, written};
use std::borrow::Cow;
use std::collections::BTreeMap;
use store::Lock;

use super::read::{DraftAnswer, OwnResponse, mark};
use super::{facts, read_own_response, round_of};
use crate::sealing::{Key, answer_place, draft_place};
use crate::{Desk, Error, Result};

/// Begins the supplier's candidacy, or finds the one that there is.
pub async fn start_response(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResponseId> {
    let id = ResponseId(desk.chance.id());
    let mut conn = desk.store.read().await?;
    let seen = async {
        let facts = crate::challenge::facts::<StartResponse>(&mut conn, actor, challenge, Lock::None).await?;
        if let Some(own) = facts.own_response {
            return Ok(Err(own));
        }
        policy::start_response(actor, &facts)?;
        Ok(Ok(round_of(&facts)?))
    }
    .await;
    let round = match seen {
        Ok(Ok(round)) => round,
        Ok(Err(own)) => return Ok(own),
        refused => {
            // Given back before the refusal is recorded: many who are late at once must not hold what the writer waits for.
            drop(conn);
            return desk.told(actor, refused.map(|_| id)).await;
        }
    };
    let draft_key =
        desk.round_key(&mut conn, round).await?.wrap(&draft_place(id.get()), &Key::random(&desk.chance), &desk.chance)?;
    drop(conn);
    let who = actor.clone();
    let started = desk
        .write(actor, move |tx| {
            Box::pin(async move {
                let facts = crate::challenge::facts::<StartResponse>(tx, &who, challenge, Lock::Share).await?;
                let permit = policy::start_response(&who, &facts)?;
                if let Some(own) = facts.own_response {
                    return Err(Error::Broken(format!("answered already: {own}")));
                }
                tx.start_response(&permit, id, &draft_key).await?;
                Ok(id)
            })
        })
        .await;
    match started {
        // Two members, or a double click: the other one's start stands.
        Err(Error::Store(error)) if error.is_unique_violation() => own_response(desk, actor, challenge).await,
        Err(Error::Broken(why)) if why.starts_with("answered already") => own_response(desk, actor, challenge).await,
        other => other,
    }
}

async fn own_response(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResponseId> {
    let mut conn = desk.store.read().await?;
    let facts = crate::challenge::facts::<StartResponse>(&mut conn, actor, challenge, Lock::None).await?;
    Ok(facts.own_response.ok_or(Refused::unseen::<StartResponse>(challenge.get()))?)
}

/// What became of a save: the answers that were written, and those that somebody else had changed meanwhile.
#[derive(Debug, Default)]
pub struct Saved {
    pub versions: BTreeMap<String, i64>,
    pub stale: Vec<String>,
    /// Answers that the writer had saved in another tab already, with more behind what was typed here: those stand.
    pub longer: Vec<String>,
    /// Answers that no server should hold: left as they were, with the reason. The others are saved.
    pub refused: Vec<FieldError>,
}

/// Whether an answer stands in a posted form as it was read.
pub fn as_read(name: &str, posted: &Fields) -> bool {
    let text = typed(posted.raw(name));
    posted.get(&format!("seen-{name}")).split_once('.').is_some_and(|(_, read)| read == mark(&text))
}

/// Saves what was typed, each answer by itself with compare-and-set. `fields` holds answers by field name, and what was read
/// as `seen-<field>` ([`super::DraftAnswer::seen`]): an answer that stands in the form as it was read is left alone, whoever
/// changed it meanwhile. Of two texts of the same person, one of which only goes on where the other stops, that one is taken.
/// An answer that is lost is given up where its form, which said so, comes with it empty, and may.
/// Over-limit text is kept; only what no server should hold is refused, each by itself ([`Saved::refused`]).
pub async fn save_answer(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<Saved> {
    let own = read_own_response(desk, actor, id).await?;
    desk.told(actor, policy::save_answer(actor, &own.facts).map(drop).map_err(Error::from)).await?;
    let round = round_of(&own.facts.challenge)?;
    let key = {
        let mut conn = desk.store.read().await?;
        desk.draft_key(&mut conn, own.facts.response, round).await?
    };
    let (fields, longer) = twice(actor, &own, fields);
    let (changed, refused) = changed((&own.terms, own.n), (&own.answers, &own.files), &fields);
    if changed.is_empty() {
        return Ok(Saved { longer, refused, ..Saved::default() });
    }
    let sealed =
        changed.into_iter().map(|answer| Ok((seal_answer(desk, &key, (id, round), &answer.name, &answer.text)?, answer)));
    let sealed: Vec<(Vec<u8>, Changed)> = sealed.collect::<Result<_>>()?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SaveAnswer>(tx, &who, id, Lock::Share).await?;
            let permit = policy::save_answer(&who, &facts)?;
            let mut saved = Saved { longer, refused, ..Saved::default() };
            for (sealed, Changed { name, seen, .. }) in sealed {
                match tx.save_answer(&permit, round, &name, &sealed, seen).await {
                    Ok(version) => {
                        saved.versions.insert(name, version);
                    }
                    Err(store::Error::Stale) => saved.stale.push(name),
                    Err(error) => return Err(error.into()),
                }
            }
            tx.leave_no_entry();
            Ok(saved)
        })
    })
    .await
}

/// What the poster has saved in another tab since: what only goes on there is written over it knowingly, and what goes on in the
/// other tab is left as it stands there; its names come back.
fn twice(actor: &Actor, own: &OwnResponse, posted: &Fields) -> (Fields, Vec<String>) {
    let (mut fields, mut longer) = (posted.clone(), Vec::new());
    for (name, newest) in own.answers.iter().filter(|(_, answer)| answer.own(actor).is_some()) {
        let (seen, Some(text)) = (format!("seen-{name}"), posted.0.get(name).map(|text| typed(text))) else { continue };
        let read = seen_version(posted.get(&seen));
        if text == newest.text || read.is_none_or(|read| read == newest.row_version) || as_read(name, posted) {
            continue;
        }
        match domain::response::longer(&text, &newest.text) {
            Some(Longer::Mine) => fields.set(seen, newest.row_version.to_string()),
            Some(Longer::Theirs) => {
                fields.0.remove(name);
                longer.push(name.clone());
            }
            None => {}
        }
    }
    (fields, longer)
}

/// The version in what a form posts back of an answer; `None` where it says none.
fn seen_version(seen: &str) -> Option<i64> {
    seen.split('.').next().and_then(|version| version.parse().ok())
}

/// An answer that was typed: another one than the draft's as it was read.
pub(super) struct Changed {
    pub name: String,
    pub text: String,
    /// The version that it was typed over.
    pub seen: i64,
}

/// An answer as a row of the draft.
pub(super) fn seal_answer(desk: &Desk, key: &Key, (id, round): (ResponseId, RoundId), name: &str, text: &str) -> Result<Vec<u8>> {
    Ok(key.seal(&answer_place(id.get(), round.get(), name), text.as_bytes(), &desk.chance)?)
}

/// The answers in a form that differ from the draft as read, and what is wrong with those that are too long to be held.
pub(super) fn changed(
    (terms, version): (&Terms, i64),
    (answers, files): (&BTreeMap<String, DraftAnswer>, &Enclosures),
    fields: &Fields,
) -> (Vec<Changed>, Vec<FieldError>) {
    let (mut changed, mut refused) = (Vec::new(), Vec::new());
    for field in written(terms) {
        let name = field.name();
        let Some(text) = fields.0.get(&name).map(|text| typed(text)) else { continue };
        let before = answers.get(&name);
        let lost = before.is_some_and(|before| before.lost);
        if lost && text.is_empty() && as_read(&name, fields) && may_be_empty((terms, version), (answers, files), &name) {
            // Read as lost, and left so.
            let seen = seen_version(fields.get(&format!("seen-{name}"))).unwrap_or_default();
            changed.push(Changed { name, text: String::new(), seen });
            continue;
        }
        if text == before.map_or("", |before| &before.text) {
            continue;
        }
        if text.chars().count() > LONGEST_ANSWER {
            let over = text.chars().count() - LONGEST_ANSWER;
            refused.push(FieldError::new(name, "too-long").with("max", LONGEST_ANSWER).with("over", over));
            continue;
        }
        // A form that was read before the answer was lost still has it.
        if as_read(&name, fields) && !lost {
            continue;
        }
        let read = before.map_or(0, |before| before.row_version);
        let seen = seen_version(fields.get(&format!("seen-{name}"))).unwrap_or(read);
        changed.push(Changed { name, text: text.into_owned(), seen });
    }
    (changed, refused)
}

/// Whether an answer that is left empty keeps nothing from being accepted.
fn may_be_empty(
    (terms, version): (&Terms, i64),
    (answers, files): (&BTreeMap<String, DraftAnswer>, &Enclosures),
    name: &str,
) -> bool {
    let mut draft: Fields = answers.iter().map(|(name, answer)| (name.clone(), answer.text.clone())).collect();
    draft.set(name.to_owned(), "");
    content(terms, version, &draft, files).err().is_none_or(|errors| errors.iter().all(|error| error.field != name))
}

/// A browser ends the lines of a form in its own way.
pub(crate) fn typed(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").into() } else { text.into() }
}
