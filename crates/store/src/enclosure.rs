//! Files that answer a question: sealed rows of a draft, and the keys by which a submission names them. The bytes are elsewhere.

use domain::ids::{FileId, ResponseId, RoundId, SubmissionId};
use domain::policy::{Permit, SaveAnswer};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EnclosureRow {
    pub id: i64,
    pub response: i64,
    pub round: i64,
    pub field: String,
    pub sealed: Vec<u8>,
    pub sealed_key: Vec<u8>,
    pub removed_at: Option<i64>,
    /// When its key was overwritten.
    pub destroyed_at: Option<i64>,
}

pub struct NewEnclosure {
    pub id: FileId,
    pub field: String,
    pub sealed: Vec<u8>,
    pub sealed_key: Vec<u8>,
}

impl Conn {
    /// The files of a draft, in the order of coming.
    pub async fn enclosures(&mut self, response: ResponseId, round: RoundId) -> Result<Vec<EnclosureRow>> {
        rows!(
            self,
            EnclosureRow,
            "select id, response, round, field, sealed, sealed_key, removed_at, destroyed_at from enclosure
             where response = $1 and round = $2 and removed_at is null order by created_at, id",
            response.get(),
            round.get()
        )
    }

    /// A file, taken off its draft or not.
    pub async fn enclosure(&mut self, id: FileId) -> Result<Option<EnclosureRow>> {
        row!(
            self,
            EnclosureRow,
            "select id, response, round, field, sealed, sealed_key, removed_at, destroyed_at from enclosure where id = $1",
            id.get()
        )
    }

    /// The key of a file that a submission names, wrapped with its envelope's key; and the envelope's kind.
    pub async fn submission_file(&mut self, submission: SubmissionId, file: FileId) -> Result<Option<(String, Vec<u8>)>> {
        row!(
            self,
            (String, Vec<u8>),
            "select kind, sealed_key from submission_file where submission = $1 and file = $2",
            submission.get(),
            file.get()
        )
    }
}

impl Tx {
    /// Of a draft: it leaves no entry, as the saving of an answer does not.
    pub async fn enclose_file(&mut self, permit: &Permit<SaveAnswer>, round: RoundId, file: &NewEnclosure) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into enclosure (id, response, round, field, sealed, sealed_key, created_at, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            file.id.get(),
            permit.subject().id,
            round.get(),
            file.field.as_str(),
            file.sealed.as_slice(),
            file.sealed_key.as_slice(),
            permit.now().micros(),
            permit.by().get()
        )?;
        self.leave_no_entry();
        Ok(())
    }

    /// Takes a file off its draft; the row goes too where no submission names it. True: its bytes belong to nothing any more.
    pub async fn remove_enclosure(&mut self, permit: &Permit<SaveAnswer>, file: FileId) -> Result<bool> {
        self.accept(permit)?;
        let (response, id) = (permit.subject().id, file.get());
        let gone = exec!(
            self,
            "delete from enclosure where response = $1 and id = $2 and removed_at is null
             and not exists (select 1 from submission_file s where s.file = enclosure.id)",
            response,
            id
        )?;
        if gone == 0 {
            exec!(
                self,
                "update enclosure set removed_at = $3 where response = $1 and id = $2 and removed_at is null",
                response,
                id,
                permit.now().micros()
            )?;
        }
        self.leave_no_entry();
        Ok(gone > 0)
    }
}
