//! Files that answers to clarifications bring: sealed rows, and which answer names which. The bytes are elsewhere.

use domain::ids::{FileId, ResponseId, RoundId};
use domain::policy::{AnswerClarification, Permit};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ClarificationFileRow {
    pub id: i64,
    pub clarification: i64,
    pub response: i64,
    pub round: i64,
    pub field: String,
    pub sealed: Vec<u8>,
    pub sealed_key: Vec<u8>,
    /// When its key was overwritten.
    pub destroyed_at: Option<i64>,
}

pub struct NewClarificationFile {
    pub id: FileId,
    pub clarification: i64,
    pub field: String,
    pub sealed: Vec<u8>,
    pub sealed_key: Vec<u8>,
}

impl Conn {
    /// What a response holds for its answers of a round, in the order of coming, without what was taken off.
    pub async fn clarification_files(&mut self, response: ResponseId, round: RoundId) -> Result<Vec<ClarificationFileRow>> {
        rows!(
            self,
            ClarificationFileRow,
            "select f.id, f.clarification, e.response, e.round, f.field, f.sealed, f.sealed_key, f.destroyed_at
             from clarification_file f join check_event e on e.id = f.clarification
             where e.response = $1 and e.round = $2 and f.removed_at is null order by f.created_at, f.id",
            response.get(),
            round.get()
        )
    }

    /// A file, taken off or not.
    pub async fn clarification_file(&mut self, id: FileId) -> Result<Option<ClarificationFileRow>> {
        row!(
            self,
            ClarificationFileRow,
            "select f.id, f.clarification, e.response, e.round, f.field, f.sealed, f.sealed_key, f.destroyed_at
             from clarification_file f join check_event e on e.id = f.clarification where f.id = $1",
            id.get()
        )
    }

    /// The number of the round in which a file of a response came, as an answer or with a clarification.
    pub async fn round_of_file(&mut self, id: FileId) -> Result<Option<i64>> {
        let found = row!(
            self,
            (i64,),
            "select q.number from round q where q.id in (select x.round from enclosure x where x.id = $1
                union all select e.round from clarification_file f join check_event e on e.id = f.clarification where f.id = $1)",
            id.get()
        )?;
        Ok(found.map(|(number,)| number))
    }
}

impl Tx {
    /// Not sent yet: it leaves no entry, as the file of a draft does not.
    pub async fn add_clarification_file(
        &mut self,
        permit: &Permit<AnswerClarification>,
        file: &NewClarificationFile,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into clarification_file (id, clarification, field, sealed, sealed_key, created_at, created_by)
             values ($1, $2, $3, $4, $5, $6, $7)",
            file.id.get(),
            file.clarification,
            file.field.as_str(),
            file.sealed.as_slice(),
            file.sealed_key.as_slice(),
            permit.now().micros(),
            permit.by().get()
        )?;
        self.leave_no_entry();
        Ok(())
    }

    /// Takes a file off; the row goes too where no answer names it. True: its bytes belong to nothing any more.
    pub async fn remove_clarification_file(
        &mut self,
        permit: &Permit<AnswerClarification>,
        clarification: i64,
        file: FileId,
    ) -> Result<bool> {
        self.accept(permit)?;
        let gone = exec!(
            self,
            "delete from clarification_file where id = $1 and clarification = $2 and removed_at is null
             and not exists (select 1 from clarification_answer_file n where n.file = clarification_file.id)",
            file.get(),
            clarification
        )?;
        if gone == 0 {
            exec!(
                self,
                "update clarification_file set removed_at = $3 where id = $1 and clarification = $2 and removed_at is null",
                file.get(),
                clarification,
                permit.now().micros()
            )?;
        }
        self.leave_no_entry();
        Ok(gone > 0)
    }
}
