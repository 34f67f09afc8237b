//! Whether rows and record agree: submissions with their envelopes, withdrawals, asks for openings, openings and answers to
//! clarifications with their files against the entries that tell of them.

mod compare;
mod rows;

use std::collections::BTreeSet;

use domain::audit::Differs;
use domain::ids::ChallengeId;
use sha2::{Digest, Sha256};

use self::compare::{asked, clarified, destroyed, opened, submitted, withdrawn};
use self::rows::{Ask, Clarified, Envelopes, Named, NamedByAnswer, Opening, Sealed, Submission, Told, Withdrawal, name_files};
use crate::Result;
use crate::conn::Conn;
use crate::writer::Store;

impl Conn {
    /// What a verb did, in the order of the record.
    async fn told(&mut self, verb: &str) -> Result<Vec<Told>> {
        rows!(
            self,
            Told,
            "select position, at, user_id, subject_id, digest from audit where verb = $1 and outcome = 'done' order by position",
            verb
        )
    }

    /// All there are, a statement a thousand.
    async fn sealed(&mut self) -> Result<Envelopes> {
        const PAGE: i64 = 1_000;
        let mut all = Envelopes::new();
        let mut after = (i64::MIN, String::new());
        loop {
            let page = rows!(
                self,
                Sealed,
                "select submission, kind, sealed, sealed_key, digest, key_digest,
                    cast(case when opened_key is null then 0 else 1 end as bigint) as opened, opened_digest, destroyed_at
                 from envelope where submission > $1 or (submission = $1 and kind > $2) order by submission, kind limit $3",
                after.0,
                after.1.as_str(),
                PAGE
            )?;
            let Some(last) = page.last() else { return Ok(all) };
            after = (last.submission, last.kind.clone());
            for (submission, envelope) in page.into_iter().map(Sealed::read) {
                all.entry(submission).or_default().push(envelope);
            }
        }
    }

    /// All files that submissions name, a statement a thousand.
    async fn named(&mut self, envelopes: &mut Envelopes) -> Result<BTreeSet<i64>> {
        const PAGE: i64 = 1_000;
        let mut nobodys = BTreeSet::new();
        let mut after = (i64::MIN, i64::MIN);
        loop {
            let page = rows!(
                self,
                Named,
                "select submission, file, kind, sealed_key from submission_file
                 where submission > $1 or (submission = $1 and file > $2) order by submission, file limit $3",
                after.0,
                after.1,
                PAGE
            )?;
            let Some(last) = page.last() else { return Ok(nobodys) };
            after = (last.submission, last.file);
            nobodys.extend(name_files(envelopes, page));
        }
    }

    /// The same for one challenge, before its responses are opened and where what was opened does not fit: what the record holds of its
    /// submissions, of submissions that are gone since its first round began (whose they were is gone with them), of its withdrawals, and of
    /// asks for its openings and openings.
    pub async fn differences_of(&mut self, challenge: ChallengeId) -> Result<Vec<Differs>> {
        let told = rows!(
            self,
            Told,
            "select a.position, a.at, a.user_id, a.subject_id, a.digest from audit a
             left join submission s on s.id = a.subject_id left join response r on r.id = s.response
             where a.verb = 'submit_response' and a.outcome = 'done' and a.subject_kind = 'submission'
             and (r.challenge = $1 or (s.id is null and a.at >= (select min(q.created_at) from round q where q.challenge = $1)))
             order by a.position",
            challenge.get()
        )?;
        let submissions = rows!(
            self,
            Submission,
            "select s.id, s.response, s.round, s.n, s.challenge_version, s.received_at, s.submitted_by, s.digest, s.salt
             from submission s join response r on r.id = s.response where r.challenge = $1 order by s.id",
            challenge.get()
        )?;
        let sealed = rows!(
            self,
            Sealed,
            "select e.submission, e.kind, e.sealed, e.sealed_key, e.digest, e.key_digest,
                cast(case when e.opened_key is null then 0 else 1 end as bigint) as opened, e.opened_digest, e.destroyed_at
             from envelope e join submission s on s.id = e.submission join response r on r.id = s.response
             where r.challenge = $1 order by e.submission, e.kind",
            challenge.get()
        )?;
        let mut envelopes = Envelopes::new();
        for (submission, envelope) in sealed.into_iter().map(Sealed::read) {
            envelopes.entry(submission).or_default().push(envelope);
        }
        let named = rows!(
            self,
            Named,
            "select f.submission, f.file, f.kind, f.sealed_key from submission_file f
             join submission s on s.id = f.submission join response r on r.id = s.response
             where r.challenge = $1 order by f.submission, f.file",
            challenge.get()
        )?;
        let nobodys = name_files(&mut envelopes, named);
        let mut found = submitted(told, &submissions, &envelopes);
        found.extend(nobodys.into_iter().map(Differs::FileAdded));
        let told = rows!(
            self,
            Told,
            "select a.position, a.at, a.user_id, a.subject_id, a.digest from audit a join response r on r.id = a.subject_id
             where a.verb = 'withdraw_response' and a.outcome = 'done' and a.subject_kind = 'response' and r.challenge = $1
             order by a.position",
            challenge.get()
        )?;
        let withdrawals = rows!(
            self,
            Withdrawal,
            "select e.id, e.response, e.round, e.n, e.at, e.by_user, e.reason from response_event e join response r on r.id = e.response
             where e.kind = 'withdrawn' and r.challenge = $1 order by e.at, e.id",
            challenge.get()
        )?;
        found.extend(withdrawn(told, &withdrawals, &submissions));
        let asks = rows!(
            self,
            Ask,
            "select o.id, o.round, o.envelope, o.at, o.by_user from opening_ask o join round q on q.id = o.round
             where q.challenge = $1 order by o.at, o.id",
            challenge.get()
        )?;
        found.extend(asked(self.told_of_rounds("ask_opening", challenge).await?, &asks));
        let openings = rows!(
            self,
            Opening,
            "select o.round, o.envelope, o.asked_by, o.asked_at, o.confirmed_by, o.confirmed_at, o.to_check, o.awaits, q.deadline
             from opening o join round q on q.id = o.round where q.challenge = $1 order by o.confirmed_at, o.round",
            challenge.get()
        )?;
        found.extend(opened(self.told_of_rounds("open_responses", challenge).await?, &openings, &submissions, &envelopes));
        Ok(found)
    }

    /// What a verb did on the rounds of a challenge.
    async fn told_of_rounds(&mut self, verb: &str, challenge: ChallengeId) -> Result<Vec<Told>> {
        rows!(
            self,
            Told,
            "select a.position, a.at, a.user_id, a.subject_id, a.digest from audit a join round q on q.id = a.subject_id
             where a.verb = $1 and a.outcome = 'done' and a.subject_kind = 'round' and q.challenge = $2 order by a.position",
            verb,
            challenge.get()
        )
    }

    /// Every place where a row and the record part; nothing where they agree. That the record itself is whole is asked elsewhere.
    async fn differences(&mut self) -> Result<Vec<Differs>> {
        let submissions = rows!(
            self,
            Submission,
            "select id, response, round, n, challenge_version, received_at, submitted_by, digest, salt from submission order by id"
        )?;
        let mut envelopes = self.sealed().await?;
        let nobodys = self.named(&mut envelopes).await?;
        let mut found = submitted(self.told("submit_response").await?, &submissions, &envelopes);
        found.extend(nobodys.into_iter().map(Differs::FileAdded));
        found.extend(destroyed(&self.told("destroy_keys").await?, &submissions, &envelopes));
        let withdrawals = rows!(
            self,
            Withdrawal,
            "select id, response, round, n, at, by_user, reason from response_event where kind = 'withdrawn' order by at, id"
        )?;
        found.extend(withdrawn(self.told("withdraw_response").await?, &withdrawals, &submissions));
        let asks = rows!(self, Ask, "select id, round, envelope, at, by_user from opening_ask order by at, id")?;
        found.extend(asked(self.told("ask_opening").await?, &asks));
        let openings = rows!(
            self,
            Opening,
            "select o.round, o.envelope, o.asked_by, o.asked_at, o.confirmed_by, o.confirmed_at, o.to_check, o.awaits, q.deadline
             from opening o join round q on q.id = o.round order by o.confirmed_at, o.round"
        )?;
        found.extend(opened(self.told("open_responses").await?, &openings, &submissions, &envelopes));
        let answers = rows!(
            self,
            Clarified,
            "select a.id, a.clarification, e.response, a.sealed, a.at, a.by_user from clarification_answer a
             join check_event e on e.id = a.clarification order by a.at, a.id"
        )?;
        let files = rows!(
            self,
            NamedByAnswer,
            "select n.answer, f.clarification, f.id, f.field, f.sealed, f.sealed_key, f.destroyed_at from clarification_answer_file n
             join clarification_file f on f.id = n.file order by n.answer, f.id"
        )?;
        found.extend(clarified(self.told("answer_clarification").await?, &answers, &files));
        Ok(found)
    }
}

impl Store {
    /// Whether submissions with their envelopes, withdrawals, asks, openings and answers to clarifications are what the record says of them.
    pub async fn verify_rows(&self) -> Result<Vec<Differs>> {
        self.read().await?.differences().await
    }
}

/// SHA-256 of a wrapped key.
pub(crate) fn key_digest(sealed_key: &[u8]) -> [u8; 32] {
    Sha256::digest(sealed_key).into()
}
