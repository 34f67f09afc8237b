//! The check: what was recorded of each response and requirement, what suppliers were asked, and what they answered.

use domain::audit::{ClarifiedFile, ClarifiedRow};
use domain::check::{Check, CheckKind, CheckSubject};
use domain::ids::{FileId, ResponseId, RoundId};
use domain::moment::Moment;
use domain::policy::{AnswerClarification, CheckResponse, Permit};

use crate::conn::Conn;
use crate::response::NewAnswer;
use crate::tx::Tx;
use crate::{Error, Result, corrupt};

/// One record of the check; of a clarification with what it may touch and by when.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CheckRow {
    pub id: i64,
    pub n: i64,
    pub response: i64,
    pub subject: String,
    pub kind: String,
    pub reason: String,
    pub at: i64,
    pub by_name: String,
    /// JSON array of names.
    pub fields: Option<String>,
    pub deadline: Option<i64>,
}

impl CheckRow {
    pub fn check(&self) -> Result<Check> {
        Ok(Check {
            n: self.n,
            response: ResponseId(self.response),
            subject: CheckSubject::parse(&self.subject).ok_or_else(|| corrupt("subject of a check"))?,
            kind: CheckKind::parse(&self.kind).ok_or_else(|| corrupt("kind of a check"))?,
        })
    }
}

/// An answer to a clarification, sealed under the round's key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnsweredClarificationRow {
    pub id: i64,
    pub clarification: i64,
    pub response: i64,
    pub sealed: Vec<u8>,
    pub at: i64,
    pub by_name: String,
}

/// A record to be made. `n`: one after the newest of the round that was read.
#[derive(Clone, Debug)]
pub struct NewCheck {
    pub id: i64,
    pub n: i64,
    pub subject: CheckSubject,
    pub kind: CheckKind,
    pub reason: String,
    /// How many cells of the round wait after it.
    pub left_open: i64,
    /// Of a clarification: names of fields as JSON, and the deadline.
    pub clarification: Option<(String, Moment)>,
}

impl Conn {
    /// All records of a round, the oldest first.
    pub async fn checks(&mut self, round: RoundId) -> Result<Vec<CheckRow>> {
        rows!(
            self,
            CheckRow,
            "select e.id, e.n, e.response, e.subject, e.kind, e.reason, e.at, u.name as by_name, c.fields, c.deadline
             from check_event e join users u on u.id = e.by_user left join clarification c on c.id = e.id
             where e.round = $1 order by e.n",
            round.get()
        )
    }

    /// All answers to clarifications of a round, the oldest first.
    pub async fn clarification_answers(&mut self, round: RoundId) -> Result<Vec<AnsweredClarificationRow>> {
        rows!(
            self,
            AnsweredClarificationRow,
            "select a.id, a.clarification, e.response, a.sealed, a.at, u.name as by_name from clarification_answer a
             join check_event e on e.id = a.clarification join users u on u.id = a.by_user
             where e.round = $1 order by a.at, a.id",
            round.get()
        )
    }

    /// How many clarifications a response was asked.
    pub async fn clarified(&mut self, response: ResponseId) -> Result<i64> {
        let found = row!(
            self,
            (i64,),
            "select count(*) from check_event e where e.response = $1 and e.kind = 'clarify'",
            response.get()
        )?;
        Ok(found.map_or(0, |(n,)| n))
    }

    /// The first deadline among a response's clarifications that are neither answered nor settled.
    pub async fn clarify_by(&mut self, response: ResponseId) -> Result<Option<Moment>> {
        let found = row!(
            self,
            (Option<i64>,),
            "select min(c.deadline) from check_event e join clarification c on c.id = e.id where e.response = $1
             and not exists (select 1 from clarification_answer a where a.clarification = c.id)
             and not exists (select 1 from check_event l where l.round = e.round and l.response = e.response
                and l.subject = e.subject and l.n > e.n)",
            response.get()
        )?;
        Ok(found.and_then(|(at,)| at).map(Moment))
    }

    /// Responses that the newest record of any cell excludes.
    pub async fn excluded(&mut self, round: RoundId) -> Result<Vec<ResponseId>> {
        let found = rows!(
            self,
            (i64,),
            "select distinct e.response from check_event e where e.round = $1 and e.kind = 'excluded'
             and not exists (select 1 from check_event l where l.round = e.round and l.response = e.response
                and l.subject = e.subject and l.n > e.n)",
            round.get()
        )?;
        Ok(found.into_iter().map(|(id,)| ResponseId(id)).collect())
    }
}

impl Tx {
    /// `names`: the round is anonymous, and who checks handles names. `Stale` where the number was taken since it was read.
    pub async fn check_response(
        &mut self,
        permit: &Permit<CheckResponse>,
        round: RoundId,
        names: bool,
        new: &[NewCheck],
    ) -> Result<()> {
        self.accept(permit)?;
        for check in new {
            let made = exec!(
                self,
                "insert into check_event (round, n, id, response, subject, kind, reason, left_open, at, by_user)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (round, n) do nothing",
                round.get(),
                check.n,
                check.id,
                permit.subject().id,
                check.subject.to_string(),
                check.kind.code(),
                check.reason.as_str(),
                check.left_open,
                permit.now().micros(),
                permit.by().get()
            )?;
            if made != 1 {
                return Err(Error::Stale);
            }
            if let Some((fields, deadline)) = &check.clarification {
                exec!(
                    self,
                    "insert into clarification (id, fields, deadline) values ($1, $2, $3)",
                    check.id,
                    fields.as_str(),
                    deadline.micros()
                )?;
            }
        }
        if names {
            exec!(
                self,
                "insert into name_handler (round, user_id, at) values ($1, $2, $3) on conflict do nothing",
                round.get(),
                permit.by().get(),
                permit.now().micros()
            )?;
        }
        self.record(permit, None)
    }

    /// `files`: those that it names; the record binds the row and theirs. `draft`: the same text as it lies with the draft of `round`
    /// from now on, unless somebody saved another one there since it was read: that stays, and is not sent.
    pub async fn answer_clarification(
        &mut self,
        permit: &Permit<AnswerClarification>,
        (id, clarification): (i64, i64),
        sealed: &[u8],
        (round, draft): (RoundId, &NewAnswer),
        files: &[FileId],
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into clarification_answer (id, clarification, sealed, at, by_user) values ($1, $2, $3, $4, $5)",
            id,
            clarification,
            sealed,
            permit.now().micros(),
            permit.by().get()
        )?;
        let mut named = Vec::new();
        for file in files {
            let row = self.clarification_file(*file).await?.ok_or_else(|| corrupt("file of an answer"))?;
            named.push(ClarifiedFile::new(row.id, &row.field, &row.sealed, &row.sealed_key));
            exec!(self, "insert into clarification_answer_file (answer, file) values ($1, $2)", id, file.get())?;
        }
        named.sort_by_key(|file| file.id);
        let (response, at) = (permit.subject().id, permit.now());
        let digest = ClarifiedRow { answer: id, clarification, response, at, sealed, files: &named }.digest();
        match self.keep_answer(permit, round, &draft.question, &draft.sealed, draft.seen).await {
            Ok(_) | Err(Error::Stale) => {}
            Err(error) => return Err(error),
        }
        self.record(permit, Some(digest))
    }
}
