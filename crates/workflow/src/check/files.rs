//! Files that an answer to a clarification brings: handed in before it is sent, each sealed with a key of its own, as those of a
//! response are. Until an answer names them they are nobody's but the supplier's.

use bytes::Bytes;
use domain::challenge::FileKind;
use domain::check::files_asked;
use domain::ids::{FileId, ResponseId, RoundId};
use domain::organisation::Actor;
use domain::policy::{self, AnswerClarification, Refused};
use domain::response::{Enclosed, Enclosures, may_add};
use futures::Stream;
use store::{ClarificationFileRow, Conn, Lock, NewClarificationFile};

use super::{Clarification, Clarifications, read_clarifications, records};
use crate::file::or_drop;
use crate::response::{SealedFile, round_of, take_in};
use crate::sealing::Key;
use crate::{Desk, Error, Result};

/// The bytes of a file: the associated data.
fn file_place(response: i64, file: i64) -> String {
    format!("clarification-file:{response}:{file}")
}

/// What is known of a file, its name too: under the file's own key, so that it ends with that.
fn name_place(response: i64, file: i64) -> String {
    format!("clarification-file-name:{response}:{file}")
}

/// The key of a file, under the round's key.
fn key_place(response: i64, file: i64) -> String {
    format!("clarification-file-key:{response}:{file}")
}

fn enclosed(round_key: &Key, row: &ClarificationFileRow) -> Result<(Enclosed, Key)> {
    let key = round_key.unwrap(&key_place(row.response, row.id), &row.sealed_key)?;
    let plain = key.open(&name_place(row.response, row.id), &row.sealed)?;
    let file = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
    Ok((file, key))
}

/// What a response holds for the answers of a round: by clarification and field.
pub(super) async fn held(desk: &Desk, conn: &mut Conn, id: ResponseId, round: RoundId) -> Result<Vec<(i64, Enclosures)>> {
    let rows = conn.clarification_files(id, round).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let round_key = desk.round_key(conn, round).await?;
    let mut all: Vec<(i64, Enclosures)> = Vec::new();
    for row in rows.iter().filter(|row| row.destroyed_at.is_none()) {
        let (file, _) = enclosed(&round_key, row)?;
        let at = all.iter().position(|(of, _)| *of == row.clarification).unwrap_or_else(|| {
            all.push((row.clarification, Enclosures::new()));
            all.len() - 1
        });
        all[at].1.entry(row.field.clone()).or_default().push(file);
    }
    Ok(all)
}

/// What opens a file of a clarification. The caller has asked the policy, and found it in what its reader may read.
pub(crate) async fn open_file(desk: &Desk, conn: &mut Conn, row: &ClarificationFileRow) -> Result<SealedFile> {
    let round_key = desk.round_key(conn, RoundId(row.round)).await?;
    let (file, key) = enclosed(&round_key, row)?;
    Ok(SealedFile::new(file, key, file_place(row.response, row.id)))
}

impl Clarifications {
    /// One of what was asked, with what it wants of a field: kinds and the most files. Unseen where that is answered in words.
    pub fn wants(&self, clarification: i64, field: &str) -> Result<(&Clarification, &[FileKind], u8)> {
        let asked = self.asked.iter().find(|asked| asked.id == clarification && asked.fields.iter().any(|name| name == field));
        let wanted = asked.and_then(|asked| files_asked(&self.terms, field).map(|(kinds, most)| (asked, kinds, most)));
        Ok(wanted.ok_or(Refused::unseen::<AnswerClarification>(self.facts.response.get()))?)
    }

    /// What lies ready for an answer's field.
    pub fn held(&self, clarification: i64, field: &str) -> &[Enclosed] {
        let of = self.held.iter().find(|(id, _)| *id == clarification).and_then(|(_, files)| files.get(field));
        of.map_or(&[], Vec::as_slice)
    }

    /// The ids of all files that lie ready for an answer, as a form carries them: nobody sends what they have not seen.
    pub fn holds(&self, asked: &Clarification) -> String {
        let all = asked.fields.iter().flat_map(|field| self.held(asked.id, field));
        all.map(|file| file.id.to_string()).collect::<Vec<_>>().join(",")
    }
}

/// Takes in one file for the answer to a clarification, from a stream of its bytes. `name` is what the browser says. Errors are
/// told by the field `file`.
pub async fn add_clarification_file<S, E>(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    (clarification, field): (i64, &str),
    name: &str,
    bytes: S,
) -> Result<Enclosed>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    E: std::fmt::Display,
{
    // Asked before the bytes are read, so that nobody fills the store who may not; asked again in the write.
    let found = read_clarifications(desk, actor, id).await?;
    let (asked, kinds, most) = found.wants(clarification, field)?;
    let may = policy::answer_clarification(actor, &found.facts, asked.deadline, asked.open, found.facts.challenge.now);
    desk.told(actor, may.map(drop).map_err(Error::from)).await?;
    let held = found.held(clarification, field).len();
    may_add(kinds, most, held, None).map_err(|error| Error::Invalid(vec![error]))?;
    let place = |file: FileId| file_place(id.get(), file.get());
    let (file, key) = take_in(desk, name, bytes, place, |kind| may_add(kinds, most, held, Some(kind))).await?;
    let taken = file.id;
    or_drop(desk, taken, keep(desk, actor, &found, (clarification, field), file, &key).await).await
}

async fn keep(
    desk: &Desk,
    actor: &Actor,
    found: &Clarifications,
    (clarification, field): (i64, &str),
    file: Enclosed,
    key: &Key,
) -> Result<Enclosed> {
    let (id, round) = (found.facts.response, round_of(&found.facts.challenge)?);
    let (kinds, most) = found.wants(clarification, field).map(|(_, kinds, most)| (kinds.to_vec(), most))?;
    let round_key = desk.round_key(&mut desk.store.read().await?, round).await?;
    let plain = serde_json::to_vec(&file).map_err(|error| Error::Broken(error.to_string()))?;
    let new = NewClarificationFile {
        id: file.id,
        clarification,
        field: field.to_owned(),
        sealed: key.seal(&name_place(id.get(), file.id.get()), &plain, &desk.chance)?,
        sealed_key: round_key.wrap(&key_place(id.get(), file.id.get()), key, &desk.chance)?,
    };
    let (helper, who) = (desk.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let permit = permit(&helper, tx, &who, id, clarification).await?;
            let of_field = |row: &&ClarificationFileRow| row.clarification == clarification && row.field == new.field;
            let held = tx.clarification_files(id, round).await?.iter().filter(of_field).count();
            may_add(&kinds, most, held, None).map_err(|error| Error::Invalid(vec![error]))?;
            Ok(tx.add_clarification_file(&permit, &new).await?)
        })
    })
    .await?;
    Ok(file)
}

async fn permit(
    desk: &Desk,
    tx: &mut store::Tx,
    who: &Actor,
    id: ResponseId,
    clarification: i64,
) -> Result<policy::Permit<AnswerClarification>> {
    let unseen = || Refused::unseen::<AnswerClarification>(id.get());
    // Waits for an answer that is being sent with these files.
    let facts = tx.response_facts(who, id, Lock::Update).await?.ok_or_else(unseen)?;
    let of_round = records(desk, tx, facts.challenge.round.ok_or_else(unseen)?).await?.into_iter();
    let mut asked = of_round.filter(|record| record.response == id).filter_map(|record| record.clarification);
    let asked = asked.find(|asked| asked.id == clarification).ok_or_else(unseen)?;
    Ok(policy::answer_clarification(who, &facts, asked.deadline, asked.open, facts.challenge.now)?)
}

/// Takes a file off what is sent next. What an answer named stays with that answer.
pub async fn remove_clarification_file(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    clarification: i64,
    file: FileId,
) -> Result<()> {
    let (helper, who) = (desk.clone(), actor.clone());
    let gone = desk
        .write(actor, move |tx| {
            Box::pin(async move {
                let permit = permit(&helper, tx, &who, id, clarification).await?;
                Ok(tx.remove_clarification_file(&permit, clarification, file).await?)
            })
        })
        .await?;
    if gone {
        // If this fails the bytes have no row any more, and are swept.
        crate::file::drop_bytes(desk, file).await?;
    }
    Ok(())
}
