//! Submitting, many at once: in the last minute hundreds wait, and what is read and written for them is a statement each
//! for all that wait, not for each of them.

use std::collections::{BTreeMap, HashMap};

use domain::audit::{Hash, NamedRow, SealedRow, SubmittedRow};
use domain::ids::{ChallengeId, FileId, OrganisationId, ResponseId, RoundId, SubmissionId, UserId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{Permit, ResponseFacts, Subject, SubmitResponse};

use crate::agreement::key_digest;
use crate::conn::Conn;
use crate::enclosure::EnclosureRow;
use crate::facts::AskedFacts;
use crate::tx::Tx;
use crate::{Error, Lock, Result, corrupt};

/// What must be known of a response to seal a submission of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SubmittingRow {
    pub id: i64,
    pub challenge: i64,
    pub reference: String,
    pub supplier: i64,
    pub draft_key: Vec<u8>,
    pub round: i64,
    pub round_key: Vec<u8>,
    /// The round's number, and until when it may be answered.
    pub number: i64,
    pub deadline: i64,
    /// The published version.
    pub version: i64,
    /// The number of the last submission; 0 where there is none.
    pub last: i64,
}

/// An answer that was typed with a submission.
#[derive(Clone, Debug)]
pub struct TypedAnswer {
    pub question: String,
    /// The version that it has in the draft from now on.
    pub version: i64,
    /// Of its row in the draft, as it was read; 0 where there was none.
    pub row: i64,
    /// For the row that it becomes; `None` where the submission's envelopes hold it as it was typed, and no row is needed.
    pub sealed: Option<Vec<u8>>,
    /// Who wrote it and when, where that was before this submission.
    pub before: Option<(UserId, Moment)>,
}

/// A submission as its round's draft goes on from it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TypedRow {
    pub submission: i64,
    pub response: i64,
    pub n: i64,
    typed: Option<String>,
    /// The name of who submitted it.
    pub submitted_by: String,
    pub writer: i64,
    pub written_at: i64,
}

impl TypedRow {
    /// Whether its envelopes hold answers of the draft.
    pub fn holds(&self) -> bool {
        self.typed.is_some()
    }

    /// The answers that were typed with it, each with the version that it has in the draft.
    pub fn typed(&self) -> Result<BTreeMap<String, i64>> {
        let Some(typed) = &self.typed else { return Ok(BTreeMap::new()) };
        serde_json::from_str(typed).map_err(|_| corrupt("answers of a submission"))
    }
}

/// An answer of a draft, as far as a submission needs it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WrittenRow {
    pub response: i64,
    pub question: String,
    pub sealed: Vec<u8>,
    pub row_version: i64,
}

#[derive(Clone, Debug)]
pub struct NewEnvelope {
    pub kind: &'static str,
    pub sealed: Vec<u8>,
    pub sealed_key: Vec<u8>,
    /// Of what this envelope alone holds, salted as the submission's; `None` where it holds all of it.
    pub digest: Option<Vec<u8>>,
    /// The files that this envelope names, each with its key wrapped by the envelope's.
    pub files: Vec<(FileId, Vec<u8>)>,
}

impl NewEnvelope {
    fn bound(&self) -> SealedRow {
        let files = self.files.iter().map(|(file, key)| NamedRow::new(file.get(), key)).collect();
        SealedRow::new(self.kind, &self.sealed, &self.sealed_key, self.digest.as_deref()).naming(files)
    }
}

/// A submission, sealed and ready to be written.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    pub id: SubmissionId,
    pub round: RoundId,
    /// One after the last that was read.
    pub n: i64,
    /// Of the challenge.
    pub version: i64,
    /// When the server held the whole request.
    pub received_at: Moment,
    pub digest: Vec<u8>,
    pub salt: Vec<u8>,
    pub envelopes: Vec<NewEnvelope>,
    /// What was typed with it, or with an earlier one and stands in this one otherwise: the draft from now on.
    pub answers: Vec<TypedAnswer>,
}

impl NewSubmission {
    /// The answers that its envelopes hold, as [`TypedRow::typed`] reads them.
    fn typed(&self) -> Option<String> {
        let held = self.answers.iter().filter(|answer| answer.sealed.is_none());
        let held: BTreeMap<&str, i64> = held.map(|answer| (answer.question.as_str(), answer.version)).collect();
        if held.is_empty() { None } else { serde_json::to_string(&held).ok() }
    }
}

impl Conn {
    /// In no order; none where the round's key is gone. What was asked for comes first, so that PostgreSQL, which in the last minute
    /// has no statistics of what just came, never begins with all responses of a challenge.
    pub async fn submitting(&mut self, responses: &[ResponseId]) -> Result<Vec<SubmittingRow>> {
        rows_of!(
            self,
            SubmittingRow,
            "with held as materialized (select id, challenge, supplier, draft_key from response where id in (values (cast($1 as bigint)))),
             called as materialized (select c.id, c.reference,
                    coalesce((select max(e.n) from challenge_event e where e.challenge = c.id and e.kind in ('approved', 'amended')), 0) as version
                from challenge c where c.id in (select challenge from held))
             select r.id, r.challenge, c.reference, r.supplier, coalesce(i.draft_key, r.draft_key) as draft_key, d.id as round, d.sealed_key as round_key, d.number, d.deadline,
                    c.version, coalesce((select max(s.n) from submission s where s.response = r.id), 0) as last
             from held r join called c on c.id = r.challenge
             left join round_entry i on i.response = r.id and i.number = (select max(x.number) from round_entry x where x.response = r.id)
             join round d on d.challenge = r.challenge and d.number = coalesce(i.number, 1)
             where d.destroyed_at is null",
            responses,
            |id| id.get()
        )
    }

    /// The answers of several drafts, each of its round.
    pub async fn written(&mut self, drafts: &[(ResponseId, RoundId)]) -> Result<Vec<WrittenRow>> {
        rows_of!(
            self,
            WrittenRow,
            "select a.response, a.question, a.sealed, a.row_version from draft_answer a
             where (a.response, a.round) in (values (cast($1 as bigint), cast($2 as bigint)))",
            drafts,
            |(response, round)| response.get(),
            round.get()
        )
    }

    /// The submissions of several drafts, each of its round, as they were made.
    pub async fn typed_with(&mut self, drafts: &[(ResponseId, RoundId)]) -> Result<Vec<TypedRow>> {
        rows_of!(
            self,
            TypedRow,
            "select s.id as submission, s.response, s.n, s.typed, u.name as submitted_by, s.submitted_by as writer, coalesce(s.written_at, s.received_at) as written_at
             from submission s join users u on u.id = s.submitted_by
             where (s.response, s.round) in (values (cast($1 as bigint), cast($2 as bigint))) order by s.response, s.n",
            drafts,
            |(response, round)| response.get(),
            round.get()
        )
    }

    /// The files of several drafts, in the order of coming.
    pub async fn enclosures_of(&mut self, drafts: &[(ResponseId, RoundId)]) -> Result<Vec<EnclosureRow>> {
        rows_of!(
            self,
            EnclosureRow,
            "select id, response, round, field, sealed, sealed_key, removed_at, destroyed_at from enclosure
             where (response, round) in (values (cast($1 as bigint), cast($2 as bigint))) and removed_at is null order by created_at, id",
            drafts,
            |(response, round)| response.get(),
            round.get()
        )
    }

    /// Mail addresses of several suppliers: (supplier, address).
    pub async fn addresses_of(&mut self, suppliers: &[i64]) -> Result<Vec<(i64, String)>> {
        rows_of!(
            self,
            (i64, String),
            "select m.organisation, u.email from membership m join users u on u.id = m.user_id
             where m.ended_at is null and m.organisation in (values (cast($1 as bigint))) order by m.organisation, u.email",
            suppliers,
            |supplier| *supplier
        )
    }

    /// The facts of several responses, each in the newest round that it takes part in, in the order asked. Locks, clock, facts.
    pub async fn response_facts_of(&mut self, asked: &[(&Actor, ResponseId)], lock: Lock) -> Result<Vec<Option<ResponseFacts>>> {
        self.response_facts_in(asked, 0, lock).await
    }

    /// The facts of several responses, in the order asked. Locks their challenges, then reads the clock, then the facts.
    /// `round`: as in [`AskedFacts`].
    pub(crate) async fn response_facts_in(
        &mut self,
        asked: &[(&Actor, ResponseId)],
        round: i64,
        lock: Lock,
    ) -> Result<Vec<Option<ResponseFacts>>> {
        let ids: Vec<ResponseId> = asked.iter().map(|(_, id)| *id).collect();
        let of = self.lock_responses(&ids, lock).await?;
        let place = |id: ResponseId| of.iter().find(|row| row.0 == id.get());
        let facts: Vec<AskedFacts> = asked
            .iter()
            .map(|(actor, id)| AskedFacts {
                actor,
                challenge: ChallengeId(place(*id).map_or(0, |row| row.1)),
                response: id.get(),
                round,
            })
            .collect();
        let found = self.facts_of_each(&facts).await?;
        let found = found.into_iter().zip(&ids).map(|(found, id)| {
            let (challenge, responded) = found?;
            Some(ResponseFacts {
                challenge,
                response: *id,
                supplier: OrganisationId(place(*id)?.2),
                submitted: responded.submitted,
                recused: responded.recused,
            })
        });
        Ok(found.collect())
    }
}

impl Tx {
    /// What posts were answered before: (user, key, answer).
    pub async fn answered_before(&mut self, verb: &str, posts: &[(i64, String)]) -> Result<Vec<(i64, String, String)>> {
        let found = rows_of!(
            self,
            (i64, String, Option<String>),
            // Each looked up by itself: PostgreSQL, which knows of no row yet in the last minute, reads all of them otherwise.
            "with posted (user_id, verb, key) as (values (cast($1 as bigint), cast($2 as text), cast($3 as text)))
             select p.user_id, p.key, (select i.answer from idempotency i where i.user_id = p.user_id and i.verb = p.verb and i.key = p.key)
             from posted p",
            posts,
            |(user, key)| *user,
            verb,
            key.as_str()
        )?;
        Ok(found.into_iter().filter_map(|(user, key, answer)| Some((user, key, answer?))).collect())
    }

    /// Gives posts their answers. `Stale` where one of them has one.
    pub async fn answer_all(&mut self, verb: &str, posts: &[(i64, String, String)]) -> Result<()> {
        let now = self.now().await?;
        let fresh = insert_all!(
            self,
            "insert into idempotency (user_id, verb, key, answer, at) values ($1, $2, $3, $4, $5) on conflict (user_id, verb, key) do nothing",
            posts,
            |(user, key, answer)| *user,
            verb,
            key.as_str(),
            answer.as_str(),
            now.micros()
        );
        if fresh == posts.len() as u64 { Ok(()) } else { Err(Error::Stale) }
    }

    /// All or nothing: submissions with their envelopes, the answers that were typed with them, the files that they name.
    /// `Stale` where an answer was saved, a file taken off or the number `n` taken since it was read, in any of them.
    pub async fn submit_responses(&mut self, submissions: &[(Permit<SubmitResponse>, NewSubmission)]) -> Result<()> {
        for (permit, new) in submissions {
            let mut envelopes: Vec<SealedRow> = new.envelopes.iter().map(NewEnvelope::bound).collect();
            envelopes.sort_by(|one, other| one.kind.cmp(&other.kind));
            let bound = SubmittedRow {
                response: permit.subject().id,
                round: new.round.get(),
                n: new.n,
                version: new.version,
                received_at: new.received_at,
                content: &new.digest,
                salt: &new.salt,
                envelopes: &envelopes,
            };
            self.record_on(permit, Subject { kind: "submission", id: new.id.get() }, Some(bound.digest()))?;
        }
        self.save_submitted(submissions).await?;
        let now = self.now().await?;
        let made = insert_all!(
            self,
            "insert into submission (id, response, round, n, challenge_version, received_at, submitted_by, digest, salt, written_at, typed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (response, round, n) do nothing",
            submissions,
            |(permit, new)| new.id.get(),
            permit.subject().id,
            new.round.get(),
            new.n,
            new.version,
            new.received_at.micros(),
            permit.by().get(),
            new.digest.as_slice(),
            new.salt.as_slice(),
            now.micros(),
            new.typed()
        );
        if made != submissions.len() as u64 {
            return Err(Error::Stale);
        }
        let envelopes: Vec<(SubmissionId, &NewEnvelope, Hash)> = submissions
            .iter()
            .flat_map(|(_, new)| new.envelopes.iter().map(|envelope| (new.id, envelope, key_digest(&envelope.sealed_key))))
            .collect();
        insert_all!(
            self,
            "insert into envelope (submission, kind, sealed, sealed_key, digest, key_digest) values ($1, $2, $3, $4, $5, $6)",
            envelopes,
            |(id, envelope, key)| id.get(),
            envelope.kind,
            envelope.sealed.as_slice(),
            envelope.sealed_key.as_slice(),
            envelope.digest.as_deref(),
            key.as_slice()
        );
        self.name_files(submissions).await
    }

    /// `Stale` where a row of the draft is not as it was read. Whoever saves an answer has the response to themselves meanwhile, and
    /// two submissions do not have one number, which was read before the answers: nothing else alters the version of an answer.
    async fn save_submitted(&mut self, submissions: &[(Permit<SubmitResponse>, NewSubmission)]) -> Result<()> {
        let drafts = submissions.iter().filter(|(_, new)| !new.answers.is_empty());
        let drafts: Vec<(i64, RoundId)> = drafts.map(|(permit, new)| (permit.subject().id, new.round)).collect();
        let rows = rows_of!(
            self,
            (i64, String, i64),
            "select a.response, a.question, a.row_version from draft_answer a
             where (a.response, a.round) in (values (cast($1 as bigint), cast($2 as bigint)))",
            drafts,
            |(response, round)| *response,
            round.get()
        )?;
        let rows: HashMap<(i64, &str), i64> = rows.iter().map(|(of, question, row)| ((*of, question.as_str()), *row)).collect();
        let answers =
            submissions.iter().flat_map(|(permit, new)| new.answers.iter().map(move |answer| (permit, new.round, answer)));
        let mut kept = Vec::new();
        for (permit, round, answer) in answers {
            if rows.get(&(permit.subject().id, answer.question.as_str())).copied().unwrap_or_default() != answer.row {
                return Err(Error::Stale);
            }
            kept.extend(answer.sealed.as_ref().map(|sealed| (permit, round, answer, sealed)));
        }
        insert_all!(
            self,
            "insert into draft_answer (response, round, question, sealed, updated_by, updated_at, row_version)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (response, round, question) do update
             set sealed = excluded.sealed, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
                 row_version = excluded.row_version",
            kept,
            |(permit, round, answer, sealed)| permit.subject().id,
            round.get(),
            answer.question.as_str(),
            sealed.as_slice(),
            answer.before.map_or(permit.by(), |(writer, _)| writer).get(),
            answer.before.map_or(permit.now(), |(_, at)| at).micros(),
            answer.version
        );
        Ok(())
    }

    async fn name_files(&mut self, submissions: &[(Permit<SubmitResponse>, NewSubmission)]) -> Result<()> {
        let mut files = Vec::new();
        for (permit, new) in submissions {
            for envelope in &new.envelopes {
                files.extend(envelope.files.iter().map(|(file, key)| (permit.subject().id, new.id, envelope.kind, *file, key)));
            }
        }
        if files.is_empty() {
            return Ok(());
        }
        let held = rows_of!(
            self,
            (i64,),
            "select e.id from enclosure e where e.removed_at is null and (e.id, e.response) in (values (cast($1 as bigint), cast($2 as bigint)))",
            files,
            |(response, .., file, _)| file.get(),
            *response
        )?;
        if held.len() != files.len() {
            return Err(Error::Stale);
        }
        insert_all!(
            self,
            "insert into submission_file (submission, file, kind, sealed_key) values ($1, $2, $3, $4)",
            files,
            |(_, submission, kind, file, key)| submission.get(),
            file.get(),
            *kind,
            key.as_slice()
        );
        Ok(())
    }
}
