//! Files attached to a challenge: what is known of them. The bytes are elsewhere.

use domain::file::{Attachment, FileKind};
use domain::ids::{ChallengeId, FileId};
use domain::moment::Moment;
use domain::policy::{AttachFile, Permit, RemoveFile};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Result, corrupt};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FileRow {
    pub id: i64,
    pub challenge: i64,
    pub name: String,
    pub title: String,
    pub kind: String,
    pub bytes: i64,
    pub sha256: Vec<u8>,
    pub scanned: bool,
    pub created_at: i64,
    pub removed_at: Option<i64>,
}

impl FileRow {
    pub fn attachment(&self) -> Result<Attachment> {
        Ok(Attachment {
            id: FileId(self.id),
            name: self.name.clone(),
            title: self.title.clone(),
            kind: FileKind::parse(&self.kind).ok_or_else(|| corrupt("file"))?,
            bytes: u64::try_from(self.bytes).map_err(|_| corrupt("file"))?,
            sha256: self.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

impl Conn {
    /// What is attached to the draft now, in the order of coming.
    pub async fn attached(&mut self, challenge: ChallengeId) -> Result<Vec<FileRow>> {
        rows!(
            self,
            FileRow,
            "select id, challenge, name, title, kind, bytes, sha256, scanned, created_at, removed_at from file
             where challenge = $1 and removed_at is null order by created_at, id",
            challenge.get()
        )
    }

    /// Until when no bytes of files may be deleted, because a backup is under way.
    pub async fn files_held_until(&mut self) -> Result<Option<Moment>> {
        Ok(self.meta(HELD).await?.and_then(|text| text.parse().ok()).map(Moment))
    }

    /// A file, taken off its draft or not.
    pub async fn file(&mut self, id: FileId) -> Result<Option<FileRow>> {
        row!(
            self,
            FileRow,
            "select id, challenge, name, title, kind, bytes, sha256, scanned, created_at, removed_at from file where id = $1",
            id.get()
        )
    }
}

/// The setting in `meta`.
const HELD: &str = "files_held_until";

impl Tx {
    pub async fn hold_files(&mut self, until: Moment) -> Result<()> {
        self.set_meta(HELD, &until.micros().to_string()).await?;
        self.leave_no_entry();
        Ok(())
    }

    pub async fn attach_file(
        &mut self,
        permit: &Permit<AttachFile>,
        file: &Attachment,
        sha256: &[u8],
        scanned: bool,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into file (id, challenge, name, title, kind, bytes, sha256, scanned, created_at, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            file.id.get(),
            permit.subject().id,
            file.name.as_str(),
            file.title.as_str(),
            file.kind.code(),
            i64::try_from(file.bytes).unwrap_or(i64::MAX),
            sha256,
            scanned,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, Some(sha256.to_vec()))
    }

    /// Takes a file off the draft; its row goes too where no version names it, and the bytes follow. Gives whether it was on it.
    pub async fn remove_file(&mut self, permit: &Permit<RemoveFile>, id: FileId, named: bool) -> Result<bool> {
        self.accept(permit)?;
        let (challenge, id) = (permit.subject().id, id.get());
        let done = if named {
            exec!(
                self,
                "update file set removed_at = $3, removed_by = $4 where challenge = $1 and id = $2 and removed_at is null",
                challenge,
                id,
                permit.now().micros(),
                permit.by().get()
            )?
        } else {
            exec!(self, "delete from file where challenge = $1 and id = $2 and removed_at is null", challenge, id)?
        };
        self.record(permit, None)?;
        Ok(done > 0)
    }
}
