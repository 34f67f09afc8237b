//! Files that answer a question: handed in before submitting, each sealed with a key of its own. The bytes pass before the
//! write: nothing slow happens inside it, and submitting moves none of them.

use std::collections::BTreeMap;

use bytes::Bytes;
use domain::challenge::{Question, Terms};
use domain::file::FileKind;
use domain::form::FieldError;
use domain::ids::{ChallengeId, FileId, ResponseId, RoundId, SubmissionId};
use domain::organisation::Actor;
use domain::policy::{self, ReadOpenedResponse, ReadOwnResponse, Refused, SaveAnswer};
use domain::response::{Enclosed, Enclosures, Field, may_enclose};
use files::Received;
use futures::Stream;
use futures::stream::BoxStream;
use store::{Conn, EnclosureRow, Lock, NewEnclosure};

use super::sealed::Opened;
use super::{OwnResponse, QUALITY, facts, opened_round, read_own_response, round_of};
use crate::file::{name_of, or_drop, told};
use crate::sealed_file::{self, Sealing};
use crate::sealing::{Key, hex};
use crate::{Desk, Error, Result};

/// What is known of a file, and its bytes: the associated data of both.
fn file_place(response: i64, file: i64) -> String {
    format!("file:{response}:{file}")
}

/// The key of a file, under the draft's key.
fn key_place(response: i64, file: i64) -> String {
    format!("file-key:{response}:{file}")
}

/// The key of a file, under the key of an envelope that names it.
fn named_place(submission: SubmissionId, file: FileId) -> String {
    format!("file-key-of-submission:{}:{}", submission.get(), file.get())
}

/// The files of a draft, by the field that they answer.
pub(super) async fn enclosures(conn: &mut Conn, draft_key: &Key, id: ResponseId, round: RoundId) -> Result<Enclosures> {
    enclosures_in(draft_key, conn.enclosures(id, round).await?.iter())
}

pub(super) fn enclosures_in<'a>(draft_key: &Key, rows: impl Iterator<Item = &'a EnclosureRow>) -> Result<Enclosures> {
    let mut files: Enclosures = BTreeMap::new();
    for row in rows {
        files.entry(row.field.clone()).or_default().push(enclosed(draft_key, row)?);
    }
    Ok(files)
}

fn enclosed(draft_key: &Key, row: &EnclosureRow) -> Result<Enclosed> {
    let plain = draft_key.open(&file_place(row.response, row.id), &row.sealed)?;
    serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))
}

/// The keys of the files that a submission names, wrapped anew with its envelope's key. The draft's rows hold them so far.
pub(super) fn keys_for<'a>(
    desk: &Desk,
    own: &Opened,
    files: impl Iterator<Item = &'a Enclosed>,
    submission: SubmissionId,
    data_key: &Key,
) -> Result<Vec<(FileId, Vec<u8>)>> {
    let mut keys = Vec::new();
    for id in files.map(|file| file.id) {
        // Taken off since the draft was read: what was reviewed is not what there is.
        let row = own.held.iter().find(|row| row.id == id.get()).ok_or(Error::Stale)?;
        let key = own.draft_key.unwrap(&key_place(row.response, row.id), &row.sealed_key)?;
        keys.push((id, data_key.wrap(&named_place(submission, id), &key, &desk.chance)?));
    }
    Ok(keys)
}

fn question<'a>(terms: &'a Terms, field: &str) -> Option<&'a Question> {
    terms.questions.iter().find(|question| Field::Question(question.id).name() == field)
}

/// The question that a field answers, for its own supplier.
pub fn asks_files<'a>(own: &'a OwnResponse, field: &str) -> Result<&'a Question> {
    let asked = question(&own.terms, field).filter(|question| may_enclose(question, 0, None).is_ok());
    Ok(asked.ok_or(Refused::unseen::<ReadOwnResponse>(own.facts.response.get()))?)
}

/// Takes in one file that answers the question of a field (`question-…`), from a stream of its bytes. `name` is what the
/// browser says. Errors are told by the field `file`.
pub async fn enclose_file<S, E>(desk: &Desk, actor: &Actor, id: ResponseId, field: &str, name: &str, bytes: S) -> Result<Enclosed>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    E: std::fmt::Display,
{
    // Asked before the bytes are read, so that nobody fills the store who may not; asked again in the write.
    let own = read_own_response(desk, actor, id).await?;
    desk.told(actor, policy::save_answer(actor, &own.facts).map(drop).map_err(Error::from)).await?;
    let question = asks_files(&own, field)?.clone();
    let held = own.files.get(field).map_or(0, Vec::len);
    may_enclose(&question, held, None).map_err(|error| Error::Invalid(vec![error]))?;
    let place = |file: FileId| file_place(id.get(), file.get());
    let (file, key) = take_in(desk, name, bytes, place, |kind| may_enclose(&question, held, Some(kind))).await?;
    let taken = file.id;
    or_drop(desk, taken, keep(desk, actor, &own, &question, field, file, &key).await).await
}

/// Takes in the bytes of one file, sealed with a new key that it gives. `place`: what binds them. `may`: whether one of this kind
/// is wanted; where it is not, nothing stays.
pub(crate) async fn take_in<S, E>(
    desk: &Desk,
    name: &str,
    bytes: S,
    place: impl FnOnce(FileId) -> String,
    may: impl FnOnce(FileKind) -> Result<(), FieldError>,
) -> Result<(Enclosed, Key)>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    E: std::fmt::Display,
{
    let (file, key) = (FileId(desk.chance.id()), Key::random(&desk.chance));
    let mut sealing = Sealing::new(&key, place(file), &desk.chance);
    let Received { bytes, sha256, kind, .. } = desk.files.receive_sealed(file, bytes, &mut sealing).await.map_err(told)?;
    let enclosed = name_of(kind, name).and_then(|name| {
        may(kind).map_err(|error| Error::Invalid(vec![error]))?;
        Ok(Enclosed { id: file, name, kind, bytes, sha256: hex(&sha256) })
    });
    Ok((or_drop(desk, file, enclosed).await?, key))
}

async fn keep(
    desk: &Desk,
    actor: &Actor,
    own: &OwnResponse,
    question: &Question,
    field: &str,
    enclosed: Enclosed,
    key: &Key,
) -> Result<Enclosed> {
    let (id, round) = (own.facts.response, round_of(&own.facts.challenge)?);
    let draft_key = desk.draft_key(&mut desk.store.read().await?, own.facts.response, round).await?;
    let plain = serde_json::to_vec(&enclosed).map_err(|error| Error::Broken(error.to_string()))?;
    let new = NewEnclosure {
        id: enclosed.id,
        field: field.to_owned(),
        sealed: draft_key.seal(&file_place(id.get(), enclosed.id.get()), &plain, &desk.chance)?,
        sealed_key: draft_key.wrap(&key_place(id.get(), enclosed.id.get()), key, &desk.chance)?,
    };
    let (who, question) = (actor.clone(), question.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SaveAnswer>(tx, &who, id, Lock::Share).await?;
            let permit = policy::save_answer(&who, &facts)?;
            let held = tx.enclosures(id, round).await?.iter().filter(|row| row.field == new.field).count();
            may_enclose(&question, held, None).map_err(|error| Error::Invalid(vec![error]))?;
            Ok(tx.enclose_file(&permit, round, &new).await?)
        })
    })
    .await?;
    Ok(enclosed)
}

/// Off the draft. What a submission names stays readable there.
pub async fn remove_enclosed(desk: &Desk, actor: &Actor, id: ResponseId, file: FileId) -> Result<()> {
    let who = actor.clone();
    let gone = desk
        .write(actor, move |tx| {
            Box::pin(async move {
                let facts = facts::<SaveAnswer>(tx, &who, id, Lock::Share).await?;
                let permit = policy::save_answer(&who, &facts)?;
                Ok(tx.remove_enclosure(&permit, file).await?)
            })
        })
        .await?;
    if gone {
        // If this fails the bytes have no row any more, and are swept.
        crate::file::drop_bytes(desk, file).await?;
    }
    Ok(())
}

/// A file that was found, with what opens it.
pub struct SealedFile {
    pub file: Enclosed,
    key: Key,
    place: String,
}

impl SealedFile {
    pub(crate) fn new(file: Enclosed, key: Key, place: String) -> Self {
        Self { file, key, place }
    }
}

/// A file of an own response: of its draft, of anything it sent, or of a clarification.
pub async fn find_own_file(desk: &Desk, actor: &Actor, id: ResponseId, file: FileId) -> Result<SealedFile> {
    let own = read_own_response(desk, actor, id).await?;
    let mut conn = desk.store.read().await?;
    let clarified = conn.clarification_file(file).await?;
    match clarified.filter(|row| row.response == id.get() && row.destroyed_at.is_none()) {
        Some(row) => crate::check::open_file(desk, &mut conn, &row).await,
        None => file_of_draft(desk, &mut conn, &own, file).await,
    }
}

/// Of a response that was read as the policy allows.
pub(super) async fn file_of_draft(desk: &Desk, conn: &mut Conn, own: &OwnResponse, file: FileId) -> Result<SealedFile> {
    let id = own.facts.response;
    let unseen = || Refused::unseen::<ReadOwnResponse>(id.get());
    let row =
        conn.enclosure(file).await?.filter(|row| row.response == id.get() && row.destroyed_at.is_none()).ok_or_else(unseen)?;
    let draft_key = desk.draft_key(conn, own.facts.response, RoundId(row.round)).await?;
    Ok(SealedFile {
        file: enclosed(&draft_key, &row)?,
        key: draft_key.unwrap(&key_place(row.response, row.id), &row.sealed_key)?,
        place: file_place(row.response, row.id),
    })
}

/// A file of an opened response, for those who may read it. Where suppliers' names are hidden, its own name is too.
pub async fn find_opened_file(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    id: ResponseId,
    file: FileId,
) -> Result<SealedFile> {
    let mut conn = desk.store.read().await?;
    let outcome = opened_file(desk, &mut conn, actor, challenge, (id, file)).await;
    drop(conn);
    desk.told(actor, outcome).await
}

async fn opened_file(
    desk: &Desk,
    conn: &mut Conn,
    actor: &Actor,
    challenge: ChallengeId,
    (id, file): (ResponseId, FileId),
) -> Result<SealedFile> {
    let unseen = || Refused::unseen::<ReadOpenedResponse>(id.get());
    let mut facts = facts::<ReadOpenedResponse>(conn, actor, id, Lock::None).await?;
    // Of the round in which it came, as the page that shows it.
    let number = conn.round_of_file(file).await?.filter(|number| *number < facts.challenge.standing.round);
    if let Some(number) = number {
        let earlier = conn.response_round_facts(actor, id, number, Lock::None).await?;
        facts = earlier.ok_or_else(unseen)?;
    }
    policy::read_opened_response(actor, &facts)?;
    if facts.challenge.challenge != challenge {
        return Err(unseen().into());
    }
    let round = round_of(&facts.challenge)?;
    let opened = opened_round(desk, conn, facts.challenge).await?;
    let response = opened.responses.iter().find(|response| response.id == id).ok_or_else(unseen)?;
    let mut clarified = response.clarified.iter().filter_map(|asked| asked.answer.as_ref());
    if let Some(named) = clarified.find_map(|answer| answer.all_files().find(|one| one.id == file)) {
        let row = conn.clarification_file(file).await?.filter(|row| row.response == id.get() && row.destroyed_at.is_none());
        let found = crate::check::open_file(desk, conn, &row.ok_or_else(unseen)?).await?;
        return Ok(SealedFile { file: named.clone(), ..found });
    }
    let enclosed = response.content.all_files().find(|one| one.id == file).cloned().ok_or_else(unseen)?;
    let envelopes = conn.standing_envelopes(round, QUALITY).await?;
    let envelope = envelopes.into_iter().find(|envelope| envelope.response == id.get()).ok_or_else(unseen)?;
    let submission = SubmissionId(envelope.submission);
    let (_, sealed_key) = conn.submission_file(submission, file).await?.ok_or_else(unseen)?;
    let data_key = desk.keys.unwrap_opened(envelope.submission, QUALITY, &envelope.opened_key.ok_or_else(unseen)?)?;
    let key = data_key.unwrap(&named_place(submission, file), &sealed_key)?;
    Ok(SealedFile { file: enclosed, key, place: file_place(id.get(), file.get()) })
}

/// The bytes of a file that was found, as they were handed in.
pub async fn read_sealed_file(desk: &Desk, found: SealedFile) -> Result<BoxStream<'static, files::Result<Bytes>>> {
    let sealed = desk.files.read(found.file.id, None).await.map_err(Error::Files)?;
    Ok(sealed_file::open(sealed, found.key, found.place))
}
