//! Attaching files to a challenge, and reading them. The bytes pass before the write: nothing slow happens inside it.

use std::time::Duration;

use bytes::Bytes;
use domain::challenge::Terms;
use domain::file::{Attachment, FileKind, MOST_FILES};
use domain::form::FieldError;
use domain::ids::{ChallengeId, FileId};
use domain::organisation::Actor;
use domain::policy::{self, AttachFile, ChallengeFacts, ReadDraft, ReadFile, Refused, RemoveFile};
use files::Received;
use futures::Stream;
use futures::stream::BoxStream;
use store::{Conn, Lock};

use crate::challenge::facts;
use crate::{Desk, Error, Result};

/// An upload that broke off may be tried again for so long before what it left is cleared away.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// The files of a draft, for its team.
pub struct DraftFiles {
    pub facts: ChallengeFacts,
    pub title: String,
    pub files: Vec<Attachment>,
    /// The actor may change them.
    pub may_change: bool,
    /// In bytes, of one file.
    pub most_bytes: u64,
}

pub async fn list_files(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<DraftFiles> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadDraft>(&mut conn, actor, id, Lock::None).await?;
    policy::read_draft(actor, &facts)?;
    let row = conn.challenge_row(id).await?.ok_or(Refused::unseen::<ReadDraft>(id.get()))?;
    let may_change = policy::attach_file(actor, &facts).is_ok();
    let files = attachments(&mut conn, id).await?;
    Ok(DraftFiles { facts, title: row.title(), files, may_change, most_bytes: desk.files.most_bytes() })
}

/// What is attached to the draft now: what its next version will name.
pub(crate) async fn attachments(conn: &mut Conn, id: ChallengeId) -> Result<Vec<Attachment>> {
    Ok(conn.attached(id).await?.iter().map(store::FileRow::attachment).collect::<store::Result<_>>()?)
}

/// Takes in one file from a stream of its bytes. `name` is what the browser says; `title` says what it is, and may be empty.
/// Errors are told by the field `file`.
pub async fn attach_file<S, E>(
    desk: &Desk,
    actor: &Actor,
    id: ChallengeId,
    title: &str,
    name: &str,
    bytes: S,
) -> Result<Attachment>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
    E: std::fmt::Display,
{
    let title = title.trim();
    if title.chars().count() > 200 {
        return Err(Error::Invalid(vec![
            FieldError::new("title", "too-long").with("max", 200).with("over", title.chars().count() - 200),
        ]));
    }
    // Asked before the bytes are read, so that nobody fills the store who may not; asked again in the write.
    {
        let mut conn = desk.store.read().await?;
        let facts = facts::<AttachFile>(&mut conn, actor, id, Lock::None).await?;
        policy::attach_file(actor, &facts)?;
        enough(conn.attached(id).await?.len())?;
    }
    let file = FileId(desk.chance.id());
    let received = desk.files.receive(file, bytes).await.map_err(told)?;
    let kept = keep(desk, actor, id, file, title, name, received).await;
    or_drop(desk, file, kept).await
}

async fn keep(
    desk: &Desk,
    actor: &Actor,
    id: ChallengeId,
    file: FileId,
    title: &str,
    name: &str,
    received: Received,
) -> Result<Attachment> {
    let Received { bytes, sha256, kind, scanned } = received;
    let name = name_of(kind, name)?;
    let attachment = Attachment { id: file, name, title: title.to_owned(), kind, bytes, sha256: crate::sealing::hex(&sha256) };
    let (who, made) = (actor.clone(), attachment.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AttachFile>(tx, &who, id, Lock::Share).await?;
            let permit = policy::attach_file(&who, &facts)?;
            enough(tx.attached(id).await?.len())?;
            Ok(tx.attach_file(&permit, &made, &sha256, scanned).await?)
        })
    })
    .await?;
    Ok(attachment)
}

fn enough(files: usize) -> Result<()> {
    if files < MOST_FILES {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new("file", "files-many").with("max", MOST_FILES)]))
}

/// The field of a form that brings a file.
const FIELD: &str = "file";

/// A file's name as it is kept: one whose ending says another kind than its bytes is refused.
pub(crate) fn name_of(kind: FileKind, name: &str) -> Result<String> {
    kind.name(name).map_err(|ending| {
        Error::Invalid(vec![FieldError::new(FIELD, "file-ending").with("kind", kind.code()).with("ending", ending)])
    })
}

/// What came of keeping a file: where nothing did, its bytes do not stay.
pub(crate) async fn or_drop<T>(desk: &Desk, file: FileId, kept: Result<T>) -> Result<T> {
    if kept.is_err() {
        desk.files.delete(file).await.map_err(Error::Files)?;
    }
    kept
}

/// What a person can mend, by the field; the rest is ours.
pub(crate) fn told(error: files::Error) -> Error {
    let said = |code| Error::field(FIELD, code);
    match error {
        files::Error::Empty => said("file-empty"),
        files::Error::TooLong { most } => {
            Error::Invalid(vec![FieldError::new("file", "file-too-long").with("megabytes", most / (1024 * 1024))])
        }
        files::Error::Kind { looks_like: Some("macros") } => said("file-macros"),
        files::Error::Kind { .. } => said("file-kind"),
        files::Error::Infected(name) => {
            tracing::warn!(found = name, "an upload was infected and was not kept");
            said("file-infected")
        }
        files::Error::Unscanned(why) => {
            tracing::error!(why, "the malware scanner does not answer; uploads are refused until it does");
            said("file-unscanned")
        }
        files::Error::Broken(_) => said("file-broken"),
        error @ (files::Error::Missing | files::Error::Seal | files::Error::Store(_)) => Error::Files(error),
    }
}

/// Off the draft. What a published version names stays readable there.
pub async fn remove_file(desk: &Desk, actor: &Actor, id: ChallengeId, file: FileId) -> Result<()> {
    let who = actor.clone();
    let gone = desk
        .write(actor, move |tx| {
            Box::pin(async move {
                let facts = facts::<RemoveFile>(tx, &who, id, Lock::Update).await?;
                let permit = policy::remove_file(&who, &facts)?;
                let named = named(tx, id, file, i64::MAX).await?;
                Ok(tx.remove_file(&permit, file, named).await? && !named)
            })
        })
        .await?;
    if gone {
        // If this fails the bytes have no row any more, and are swept.
        drop_bytes(desk, file).await?;
    }
    Ok(())
}

/// Deletes the bytes of a file whose row is gone, unless a backup that may name it is under way: then they are swept later.
pub(crate) async fn drop_bytes(desk: &Desk, file: FileId) -> Result<()> {
    if held(desk).await? { Ok(()) } else { desk.files.delete(file).await.map_err(Error::Files) }
}

async fn held(desk: &Desk) -> Result<bool> {
    let until = desk.store.read().await?.files_held_until().await?;
    Ok(until.is_some_and(|until| desk.store.now().before(until)))
}

/// Whether a version up to `n` names the file.
async fn named(conn: &mut Conn, id: ChallengeId, file: FileId, n: i64) -> Result<bool> {
    for version in conn.versions(id).await?.iter().filter(|version| version.n <= n) {
        let terms: Terms = serde_json::from_str(&version.terms).map_err(|error| Error::Broken(error.to_string()))?;
        if terms.attachments.iter().any(|attachment| attachment.id == file) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a file belongs to.
pub struct FileOf {
    pub id: ChallengeId,
    pub title: String,
}

/// A file with what it belongs to, for whoever may read it.
pub async fn find_file(desk: &Desk, actor: &Actor, file: FileId) -> Result<(Attachment, FileOf)> {
    let mut conn = desk.store.read().await?;
    let unseen = || Refused::unseen::<ReadFile>(0);
    let found = conn.file(file).await?.ok_or_else(unseen)?;
    let id = ChallengeId(found.challenge);
    let facts = facts::<ReadFile>(&mut conn, actor, id, Lock::None).await?;
    let row = conn.challenge_row(id).await?.ok_or_else(unseen)?;
    let published = match row.n {
        Some(n) => named(&mut conn, id, file, n).await?,
        None => false,
    };
    policy::read_file(actor, &facts, published)?;
    if !published && found.removed_at.is_some() {
        return Err(unseen().into());
    }
    Ok((found.attachment()?, FileOf { id, title: row.title() }))
}

/// The bytes of a file that was found: `range` in bytes, or whole.
pub async fn read_file(
    desk: &Desk,
    file: &Attachment,
    range: Option<std::ops::Range<u64>>,
) -> Result<BoxStream<'static, files::Result<Bytes>>> {
    desk.files.read(file.id, range).await.map_err(Error::Files)
}

/// Clears away bytes that belong to nothing: an upload whose row was never written. Gives how many.
pub async fn sweep_files(desk: &Desk) -> Result<usize> {
    if held(desk).await? {
        return Ok(0);
    }
    let mut swept = 0;
    let mut conn = desk.store.read().await?;
    for file in desk.files.older_than(LEFT).await.map_err(Error::Files)? {
        let known = conn.file(file).await?.is_some() || conn.enclosure(file).await?.is_some();
        if !known && conn.clarification_file(file).await?.is_none() {
            desk.files.delete(file).await.map_err(Error::Files)?;
            swept += 1;
        }
    }
    Ok(swept)
}
