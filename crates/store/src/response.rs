//! Responses: sealed drafts, immutable submissions with their envelopes, withdrawals.

use domain::audit::WithdrawnRow;
use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SubmissionId};
use domain::organisation::Actor;
use domain::policy::{Permit, ResponseFacts, SaveAnswer, SaveClarification, StartResponse, Subject, Verb, WithdrawResponse};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ResponseRow {
    pub id: i64,
    pub challenge: i64,
    pub supplier: i64,
    pub supplier_name: String,
    pub created_at: i64,
    /// The newest round that it takes part in, its number and its deadline.
    pub round: i64,
    pub round_number: i64,
    pub deadline: i64,
    /// When the submission of that round that stands was received; `None` while there is none or it is withdrawn.
    pub received_at: Option<i64>,
    pub submission: Option<i64>,
    pub n: Option<i64>,
    pub withdrawn_at: Option<i64>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnswerRow {
    pub question: String,
    pub sealed: Vec<u8>,
    pub updated_at: i64,
    pub updated_by: String,
    /// The person behind that name.
    pub writer: i64,
    pub row_version: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SubmissionRow {
    pub id: i64,
    pub response: i64,
    pub round: i64,
    pub n: i64,
    pub challenge_version: i64,
    pub received_at: i64,
    pub submitted_by: String,
    pub digest: Vec<u8>,
    pub salt: Vec<u8>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EnvelopeRow {
    pub submission: i64,
    pub response: i64,
    pub n: i64,
    pub kind: String,
    pub sealed: Vec<u8>,
    pub sealed_key: Vec<u8>,
    pub opened_key: Option<Vec<u8>>,
    /// Of what it alone holds; `None` where it holds the whole submission.
    pub digest: Option<Vec<u8>>,
    /// What the opening took of it.
    pub opened_digest: Option<Vec<u8>>,
    /// Of the submission's digest.
    pub salt: Vec<u8>,
    /// When its key was overwritten.
    pub destroyed_at: Option<i64>,
}

/// A submission that stands, as an opening asks for it, whatever became of its envelopes.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StandingRow {
    pub id: i64,
    pub challenge_version: i64,
    pub digest: Vec<u8>,
}

/// An answer of a draft: `seen` is the version that was read, 0 where there was none.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    pub question: String,
    pub sealed: Vec<u8>,
    pub seen: i64,
}

/// A round that has begun.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct RoundRow {
    pub id: i64,
    pub challenge: i64,
    /// From 1.
    pub number: i64,
    pub deadline: i64,
}

macro_rules! response_columns {
    () => {
        "select r.id, r.challenge, r.supplier, o.name as supplier_name, r.created_at, q.id as round, q.number as round_number,
                q.deadline, s.received_at, s.id as submission, s.n,
                (select max(e.at) from response_event e where e.response = r.id and e.round = q.id and e.kind = 'withdrawn') as withdrawn_at
         from response r join organisation o on o.id = r.supplier
         join round q on q.challenge = r.challenge "
    };
}

/// The submission of a response `r` in round `q`, where one stands.
macro_rules! that_stands {
    () => {
        "submission s on s.response = r.id and s.round = q.id
            and s.n = (select max(x.n) from submission x where x.response = r.id and x.round = q.id)
            and not exists (select 1 from response_event e where e.response = r.id and e.round = q.id and e.kind = 'withdrawn' and e.n >= s.n) "
    };
}

/// The newest round that a response takes part in.
macro_rules! own_round {
    () => {
        "and q.number = coalesce((select max(i.number) from round_entry i where i.response = r.id), 1) left join "
    };
}

macro_rules! envelopes {
    () => {
        "select e.submission, s.response, s.n, e.kind, e.sealed, e.sealed_key, e.opened_key, e.digest, e.opened_digest, s.salt, e.destroyed_at
         from envelope e join submission s on s.id = e.submission "
    };
}

/// Of a round's submissions that stand: $1 the round, $2 the kind.
macro_rules! standing_envelopes {
    () => {
        concat!(
            envelopes!(),
            "where s.round = $1 and e.kind = $2
             and s.n = (select max(x.n) from submission x where x.response = s.response and x.round = s.round)
             and not exists (select 1 from response_event w where w.response = s.response and w.round = s.round and w.kind = 'withdrawn' and w.n >= s.n) "
        )
    };
}

impl Conn {
    /// Locks the challenge the way the verb needs it, then clock, then facts.
    pub async fn response_facts(&mut self, actor: &Actor, id: ResponseId, lock: Lock) -> Result<Option<ResponseFacts>> {
        Ok(self.response_facts_of(&[(actor, id)], lock).await?.pop().flatten())
    }

    /// The same in one round, by its number: 404 where the response has no part in it is the caller's to say.
    pub async fn response_round_facts(
        &mut self,
        actor: &Actor,
        id: ResponseId,
        round: i64,
        lock: Lock,
    ) -> Result<Option<ResponseFacts>> {
        Ok(self.response_facts_in(&[(actor, id)], round, lock).await?.pop().flatten())
    }

    /// Which round it is.
    pub async fn round(&mut self, id: RoundId) -> Result<Option<RoundRow>> {
        row!(self, RoundRow, "select id, challenge, number, deadline from round where id = $1", id.get())
    }

    /// The rounds of a challenge that have begun, the first first.
    pub async fn rounds(&mut self, challenge: ChallengeId) -> Result<Vec<RoundRow>> {
        rows!(
            self,
            RoundRow,
            "select id, challenge, number, deadline from round where challenge = $1 order by number",
            challenge.get()
        )
    }

    /// Who takes part in a later round, by name.
    pub async fn round_entries(&mut self, round: RoundId) -> Result<Vec<(i64, String)>> {
        rows!(
            self,
            (i64, String),
            "select i.response, o.name from round_entry i join response r on r.id = i.response join organisation o on o.id = r.supplier
             where i.round = $1 order by o.name, i.response",
            round.get()
        )
    }

    /// Whether a response takes part in a round of its challenge.
    pub async fn takes_part(&mut self, response: ResponseId, number: i64) -> Result<bool> {
        let found =
            row!(self, (i64,), "select count(*) from round_entry where response = $1 and number = $2", response.get(), number)?;
        Ok(number <= 1 || found.is_some_and(|(n,)| n > 0))
    }

    /// The data key of a draft, under the key of the round that it is written for.
    pub async fn draft_key(&mut self, response: ResponseId, round: RoundId) -> Result<Option<Vec<u8>>> {
        let found = row!(
            self,
            (Vec<u8>,),
            "select coalesce(i.draft_key, case when q.number = 1 then r.draft_key end) as draft_key
             from response r join round q on q.challenge = r.challenge left join round_entry i on i.response = r.id and i.round = q.id
             where r.id = $1 and q.id = $2 and (i.draft_key is not null or q.number = 1)",
            response.get(),
            round.get()
        )?;
        Ok(found.map(|(key,)| key))
    }

    pub async fn response(&mut self, id: ResponseId) -> Result<Option<ResponseRow>> {
        row!(self, ResponseRow, concat!(response_columns!(), own_round!(), that_stands!(), "where r.id = $1"), id.get())
    }

    /// The responses of one supplier, the newest first.
    pub async fn responses_of(&mut self, supplier: OrganisationId) -> Result<Vec<ResponseRow>> {
        rows!(
            self,
            ResponseRow,
            concat!(response_columns!(), own_round!(), that_stands!(), "where r.supplier = $1 order by r.created_at desc"),
            supplier.get()
        )
    }

    /// The responses with a submission that stands in a round. Ids are random, so their order says nothing.
    pub async fn standing_responses(&mut self, round: RoundId) -> Result<Vec<ResponseRow>> {
        rows!(
            self,
            ResponseRow,
            concat!(response_columns!(), "join ", that_stands!(), "where q.id = $1 order by r.id"),
            round.get()
        )
    }

    /// Whether a submission of the response stands in the round: one row where the list would be hundreds.
    pub async fn stands(&mut self, round: RoundId, response: ResponseId) -> Result<bool> {
        let found = row!(
            self,
            (i64,),
            concat!(
                "select r.id from response r join round q on q.challenge = r.challenge join ",
                that_stands!(),
                "where q.id = $1 and r.id = $2"
            ),
            round.get(),
            response.get()
        )?;
        Ok(found.is_some())
    }

    pub async fn draft_answers(&mut self, response: ResponseId, round: RoundId) -> Result<Vec<AnswerRow>> {
        rows!(
            self,
            AnswerRow,
            "select a.question, a.sealed, a.updated_at, u.name as updated_by, a.updated_by as writer, a.row_version from draft_answer a
             join users u on u.id = a.updated_by where a.response = $1 and a.round = $2",
            response.get(),
            round.get()
        )
    }

    pub async fn submissions(&mut self, response: ResponseId) -> Result<Vec<SubmissionRow>> {
        rows!(
            self,
            SubmissionRow,
            "select s.id, s.response, s.round, s.n, s.challenge_version, s.received_at, u.name as submitted_by, s.digest, s.salt
             from submission s join users u on u.id = s.submitted_by where s.response = $1 order by s.n desc",
            response.get()
        )
    }

    pub async fn submission(&mut self, id: SubmissionId) -> Result<Option<SubmissionRow>> {
        row!(
            self,
            SubmissionRow,
            "select s.id, s.response, s.round, s.n, s.challenge_version, s.received_at, u.name as submitted_by, s.digest, s.salt
             from submission s join users u on u.id = s.submitted_by where s.id = $1",
            id.get()
        )
    }

    pub async fn envelopes(&mut self, submission: SubmissionId) -> Result<Vec<EnvelopeRow>> {
        self.envelopes_of(&[submission]).await
    }

    /// Those of several submissions.
    pub async fn envelopes_of(&mut self, submissions: &[SubmissionId]) -> Result<Vec<EnvelopeRow>> {
        rows_of!(
            self,
            EnvelopeRow,
            concat!(envelopes!(), "where e.submission in (values (cast($1 as bigint)))"),
            submissions,
            |id| id.get()
        )
    }

    /// The envelopes of one kind of all submissions that stand: what an opening unseals, for all at once.
    pub async fn standing_envelopes(&mut self, round: RoundId, kind: &str) -> Result<Vec<EnvelopeRow>> {
        rows!(self, EnvelopeRow, concat!(standing_envelopes!(), "order by s.response"), round.get(), kind)
    }

    /// The submissions of a round that stand: what an opening owes an answer for, each of them.
    pub async fn standing_submissions(&mut self, round: RoundId) -> Result<Vec<StandingRow>> {
        rows!(
            self,
            StandingRow,
            concat!(
                "select s.id, s.challenge_version, s.digest from response r join round q on q.challenge = r.challenge join ",
                that_stands!(),
                "where q.id = $1 order by s.id"
            ),
            round.get()
        )
    }

    /// Which envelopes the submissions of a round have, without what they hold: (submission, kind).
    pub async fn envelope_kinds(&mut self, round: RoundId) -> Result<Vec<(i64, String)>> {
        rows!(
            self,
            (i64, String),
            "select e.submission, e.kind from envelope e join submission s on s.id = e.submission where s.round = $1",
            round.get()
        )
    }

    /// The files whose keys the envelopes of one kind hold, and that are there: (submission, file).
    pub async fn files_of_envelopes(&mut self, round: RoundId, kind: &str) -> Result<Vec<(i64, i64)>> {
        rows!(
            self,
            (i64, i64),
            "select f.submission, f.file from submission_file f join submission s on s.id = f.submission
             where s.round = $1 and f.kind = $2",
            round.get(),
            kind
        )
    }

    /// The one of a response, without reading what the others wrote.
    pub async fn standing_envelope(&mut self, round: RoundId, kind: &str, response: ResponseId) -> Result<Option<EnvelopeRow>> {
        row!(self, EnvelopeRow, concat!(standing_envelopes!(), "and s.response = $3"), round.get(), kind, response.get())
    }

    /// Mail addresses of a response's supplier.
    pub async fn supplier_addresses(&mut self, supplier: OrganisationId) -> Result<Vec<String>> {
        let found = rows!(
            self,
            (String,),
            "select u.email from membership m join users u on u.id = m.user_id where m.organisation = $1 and m.ended_at is null order by u.email",
            supplier.get()
        )?;
        Ok(found.into_iter().map(|(email,)| email).collect())
    }

    /// Whether a person is a member of a supplier whose submission to the challenge stands. A draft does not count: that it
    /// exists is told to nobody.
    pub async fn supplies(&mut self, user: i64, challenge: ChallengeId) -> Result<bool> {
        let found = row!(
            self,
            (i64,),
            "select count(*) from membership m cross join response r
             where m.user_id = $2 and m.ended_at is null and r.challenge = $1 and r.supplier = m.organisation
             and exists (select 1 from submission b where b.response = r.id
                and not exists (select 1 from response_event w where w.response = r.id and w.round = b.round and w.kind = 'withdrawn'
                    and w.n >= b.n))",
            challenge.get(),
            user
        )?;
        Ok(found.is_some_and(|(n,)| n > 0))
    }
}

impl Tx {
    pub async fn start_response(&mut self, permit: &Permit<StartResponse>, id: ResponseId, draft_key: &[u8]) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into response (id, challenge, supplier, created_at, created_by, draft_key) values ($1, $2, $3, $4, $5, $6)",
            id.get(),
            permit.subject().id,
            permit.acting_as().unwrap_or_default(),
            permit.now().micros(),
            permit.by().get(),
            draft_key
        )?;
        self.record_on(permit, Subject { kind: "response", id: id.get() }, None)
    }

    /// Compare-and-set per answer; see `save_section`. Saves of drafts leave no entry: who writes when is nobody's business.
    pub async fn save_answer(
        &mut self,
        permit: &Permit<SaveAnswer>,
        round: RoundId,
        question: &str,
        sealed: &[u8],
        seen: i64,
    ) -> Result<i64> {
        self.keep_answer(permit, round, question, sealed, seen).await
    }

    /// The same for what is written of a clarification before it is sent: it lies with the draft, under its key.
    pub async fn save_clarification(
        &mut self,
        permit: &Permit<SaveClarification>,
        round: RoundId,
        question: &str,
        sealed: &[u8],
        seen: i64,
    ) -> Result<i64> {
        self.keep_answer(permit, round, question, sealed, seen).await
    }

    /// Of an answer of a draft, whether it is a row or was typed with a submission; 0 where there is none. Stays so while the caller's
    /// transaction has the response locked, as all do that took their facts for writing.
    async fn answer_version(&mut self, response: ResponseId, round: RoundId, question: &str) -> Result<i64> {
        let row = row!(
            self,
            (i64,),
            "select row_version from draft_answer where response = $1 and round = $2 and question = $3",
            response.get(),
            round.get(),
            question
        )?;
        let mut version = row.map_or(0, |(version,)| version);
        for row in self.typed_with(&[(response, round)]).await? {
            version = version.max(row.typed()?.get(question).copied().unwrap_or_default());
        }
        Ok(version)
    }

    pub(crate) async fn keep_answer<V: Verb>(
        &mut self,
        permit: &Permit<V>,
        round: RoundId,
        question: &str,
        sealed: &[u8],
        seen: i64,
    ) -> Result<i64> {
        self.accept(permit)?;
        let (id, by, at) = (permit.subject().id, permit.by().get(), permit.now().micros());
        if self.answer_version(ResponseId(id), round, question).await? != seen {
            return Err(Error::Stale);
        }
        exec!(
            self,
            "insert into draft_answer (response, round, question, sealed, updated_by, updated_at, row_version)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (response, round, question) do update
             set sealed = excluded.sealed, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
                 row_version = excluded.row_version",
            id,
            round.get(),
            question,
            sealed,
            by,
            at,
            seen + 1
        )?;
        self.leave_no_entry();
        Ok(seen + 1)
    }

    /// Withdraws all that is submitted by now; what is submitted after it stands.
    pub async fn withdraw_response(&mut self, permit: &Permit<WithdrawResponse>, event: i64, round: RoundId) -> Result<()> {
        self.accept(permit)?;
        let (response, at) = (permit.subject().id, permit.now());
        let found = row!(
            self,
            (i64,),
            "select coalesce(max(n), 0) from submission where response = $1 and round = $2",
            response,
            round.get()
        )?;
        let n = found.map_or(0, |(n,)| n);
        let bound = WithdrawnRow { event, response, round: round.get(), n, at };
        exec!(
            self,
            "insert into response_event (id, response, round, kind, at, by_user, n) values ($1, $2, $3, 'withdrawn', $4, $5, $6)",
            event,
            response,
            round.get(),
            at.micros(),
            permit.by().get(),
            n
        )?;
        self.record(permit, Some(bound.digest()))
    }
}
