//! Whether rows and record agree: submissions with their envelopes, withdrawals, asks for openings, openings and answers to
//! clarifications with their files against the entries that tell of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::audit::{
    AskedRow, ClarifiedFile, ClarifiedRow, Differs, NamedRow, OpenedRow, SealedRow, SubmittedRow, WithdrawnRow, opened_digest,
};
use domain::ids::ChallengeId;
use domain::moment::Moment;
use sha2::{Digest, Sha256};

use crate::Result;
use crate::conn::Conn;
use crate::writer::Store;

#[derive(sqlx::FromRow)]
struct Told {
    position: i64,
    at: i64,
    user_id: Option<i64>,
    subject_id: i64,
    digest: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct Submission {
    id: i64,
    response: i64,
    round: i64,
    n: i64,
    challenge_version: i64,
    received_at: i64,
    submitted_by: i64,
    digest: Vec<u8>,
    salt: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Sealed {
    submission: i64,
    kind: String,
    sealed: Vec<u8>,
    sealed_key: Vec<u8>,
    digest: Option<Vec<u8>>,
    key_digest: Option<Vec<u8>>,
    opened: i64,
    opened_digest: Option<Vec<u8>>,
    destroyed_at: Option<i64>,
}

/// An envelope without what is sealed in it: a whole installation's do not lie in memory at once.
struct Envelope {
    bound: SealedRow,
    /// Its key is what the row says of it: the same digest, or overwritten at an instant.
    key_holds: bool,
    opened: bool,
    opened_digest: Option<Vec<u8>>,
    destroyed_at: Option<i64>,
}

impl Sealed {
    fn read(self) -> (i64, Envelope) {
        let mut bound = SealedRow::new(&self.kind, &self.sealed, &self.sealed_key, self.digest.as_deref());
        let kept: Option<[u8; 32]> = self.key_digest.as_deref().and_then(|digest| digest.try_into().ok());
        let key_holds = match (self.destroyed_at, &self.key_digest) {
            (None, None) => true,
            (None, Some(_)) => kept == Some(bound.key),
            (Some(_), _) => self.sealed_key.iter().all(|byte| *byte == 0),
        };
        if let (Some(_), Some(kept)) = (self.destroyed_at, kept) {
            bound.key = kept;
        }
        let Self { submission, opened, opened_digest, destroyed_at, .. } = self;
        (submission, Envelope { bound, key_holds, opened: opened == 1, opened_digest, destroyed_at })
    }
}

#[derive(sqlx::FromRow)]
struct Named {
    submission: i64,
    file: i64,
    kind: String,
    sealed_key: Vec<u8>,
}

/// Of submissions, in the order of their kinds.
type Envelopes = HashMap<i64, Vec<Envelope>>;

/// Puts files to the envelopes that name them; in the order of their ids. Gives those that no envelope can name.
fn name_files(envelopes: &mut Envelopes, named: Vec<Named>) -> BTreeSet<i64> {
    let mut nobodys = BTreeSet::new();
    for row in named {
        let sealed = envelopes.get_mut(&row.submission).into_iter().flatten().find(|one| one.bound.kind == row.kind);
        match sealed {
            Some(envelope) => envelope.bound.files.push(NamedRow::new(row.file, &row.sealed_key)),
            None => drop(nobodys.insert(row.submission)),
        }
    }
    nobodys
}

#[derive(sqlx::FromRow)]
struct Withdrawal {
    id: i64,
    response: i64,
    round: i64,
    n: i64,
    at: i64,
    by_user: i64,
    reason: String,
}

#[derive(sqlx::FromRow)]
struct Ask {
    id: i64,
    round: i64,
    envelope: String,
    at: i64,
    by_user: i64,
}

#[derive(sqlx::FromRow)]
struct Opening {
    round: i64,
    envelope: String,
    asked_by: i64,
    asked_at: i64,
    confirmed_by: i64,
    confirmed_at: i64,
    to_check: i64,
    awaits: Option<String>,
    deadline: i64,
}

#[derive(sqlx::FromRow)]
struct Clarified {
    id: i64,
    clarification: i64,
    response: i64,
    sealed: Vec<u8>,
    at: i64,
    by_user: i64,
}

#[derive(sqlx::FromRow)]
struct NamedByAnswer {
    answer: i64,
    clarification: i64,
    id: i64,
    field: String,
    sealed: Vec<u8>,
    sealed_key: Vec<u8>,
    destroyed_at: Option<i64>,
}

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

fn submitted(told: Vec<Told>, rows: &[Submission], envelopes: &Envelopes) -> Vec<Differs> {
    let mut told: HashMap<i64, Told> = told.into_iter().map(|told| (told.subject_id, told)).collect();
    let mut found = Vec::new();
    for row in rows {
        let sealed = envelopes.get(&row.id).map_or(&[][..], Vec::as_slice);
        let has = |kind: &str| sealed.iter().find(|envelope| envelope.bound.kind == kind);
        match has("quality") {
            None => found.push(Differs::EnvelopeDeleted(row.id, "quality")),
            // One that is one of several has a digest of its own, and wants the others.
            Some(quality) if quality.bound.digest.is_some() && has("price").is_none() => {
                found.push(Differs::EnvelopeDeleted(row.id, "price"));
            }
            Some(_) => {}
        }
        let Some(entry) = told.remove(&row.id) else {
            found.push(Differs::SubmissionAdded(row.id));
            continue;
        };
        let binds = SubmittedRow::binds_envelopes(entry.digest.as_deref());
        let bound: Vec<SealedRow> = sealed.iter().map(|envelope| envelope.bound.clone()).collect();
        let bound = SubmittedRow {
            response: row.response,
            round: row.round,
            n: row.n,
            version: row.challenge_version,
            received_at: Moment(row.received_at),
            content: &row.digest,
            salt: &row.salt,
            envelopes: &bound,
        };
        if !bound.agrees(entry.digest.as_deref()) || entry.user_id != Some(row.submitted_by) {
            found.push(Differs::SubmissionChanged(row.id, entry.position));
        }
        for envelope in sealed.iter().filter(|envelope| binds && !envelope.key_holds) {
            found.push(Differs::EnvelopeChanged(row.id, envelope.bound.kind.clone()));
        }
    }
    let mut left: Vec<Told> = told.into_values().collect();
    left.sort_by_key(|entry| entry.position);
    found.extend(left.iter().map(|entry| Differs::SubmissionDeleted(entry.subject_id, entry.position)));
    found
}

/// Keys end only by an entry that says so, of that round and instant.
fn destroyed(told: &[Told], rows: &[Submission], envelopes: &Envelopes) -> Vec<Differs> {
    let told: BTreeSet<(i64, i64)> = told.iter().map(|entry| (entry.subject_id, entry.at)).collect();
    let mut found = Vec::new();
    for row in rows {
        for envelope in envelopes.get(&row.id).into_iter().flatten() {
            if envelope.destroyed_at.is_some_and(|at| !told.contains(&(row.round, at))) {
                found.push(Differs::KeyDestroyed(row.id, envelope.bound.kind.clone()));
            }
        }
    }
    found
}

fn withdrawn(mut told: Vec<Told>, rows: &[Withdrawal], submissions: &[Submission]) -> Vec<Differs> {
    let mut found = Vec::new();
    for row in rows {
        let bound =
            WithdrawnRow { event: row.id, response: row.response, round: row.round, n: row.n, at: Moment(row.at) }.digest();
        // What a row of before withdraws is what was received by its instant.
        let before = || {
            let of = |one: &&Submission| one.response == row.response && one.round == row.round && one.received_at <= row.at;
            submissions.iter().filter(of).map(|one| one.n).max().unwrap_or_default()
        };
        let same = |entry: &Told| {
            entry.subject_id == row.response
                && entry.user_id == Some(row.by_user)
                // Nobody is asked for one.
                && row.reason.is_empty()
                && match &entry.digest {
                    Some(digest) => *digest == bound,
                    None => entry.at >= row.at && row.n == before(),
                }
        };
        match told.iter().position(same) {
            Some(at) => drop(told.remove(at)),
            None => found.push(Differs::WithdrawalAdded(row.response)),
        }
    }
    found.extend(told.iter().map(|entry| Differs::WithdrawalDeleted(entry.subject_id, entry.position)));
    found
}

fn asked(mut told: Vec<Told>, rows: &[Ask]) -> Vec<Differs> {
    let mut found = Vec::new();
    for row in rows {
        let bound = AskedRow { ask: row.id, round: row.round, kind: &row.envelope, at: Moment(row.at), by: row.by_user }.digest();
        let same = |entry: &Told| {
            entry.subject_id == row.round
                && entry.user_id == Some(row.by_user)
                && entry.digest.as_ref().map_or(entry.at == row.at, |digest| *digest == bound)
        };
        match told.iter().position(same) {
            Some(at) => drop(told.remove(at)),
            None => found.push(Differs::AskAdded(row.round)),
        }
    }
    found.extend(told.iter().map(|entry| Differs::AskDeleted(entry.subject_id, entry.position)));
    found
}

/// Answers to clarifications with the files that they name. The key of such a file never ends before the round's.
fn clarified(mut told: Vec<Told>, rows: &[Clarified], files: &[NamedByAnswer]) -> Vec<Differs> {
    let mut found = Vec::new();
    for row in rows {
        let named: Vec<&NamedByAnswer> = files.iter().filter(|file| file.answer == row.id).collect();
        let files: Vec<ClarifiedFile> =
            named.iter().map(|file| ClarifiedFile::new(file.id, &file.field, &file.sealed, &file.sealed_key)).collect();
        let bound = ClarifiedRow {
            answer: row.id,
            clarification: row.clarification,
            response: row.response,
            at: Moment(row.at),
            sealed: &row.sealed,
            files: &files,
        };
        let same = |entry: &Told| {
            entry.subject_id == row.response
                && entry.user_id == Some(row.by_user)
                && named.iter().all(|file| file.clarification == row.clarification && file.destroyed_at.is_none())
                && bound.agrees(entry.digest.as_deref(), Moment(entry.at))
        };
        match told.iter().position(same) {
            Some(at) => drop(told.remove(at)),
            None => found.push(Differs::ClarifiedAdded(row.response)),
        }
    }
    found.extend(told.iter().map(|entry| Differs::ClarifiedDeleted(entry.subject_id, entry.position)));
    found
}

/// A submission that an opening read: its id, the digest that was taken then, and that of its row.
type Read<'a> = (i64, Option<&'a [u8]>, &'a [u8]);

fn opened(mut told: Vec<Told>, rows: &[Opening], submissions: &[Submission], envelopes: &Envelopes) -> Vec<Differs> {
    let mut lists: BTreeMap<(i64, &str), Vec<Read<'_>>> = BTreeMap::new();
    // In the order of their ids, as the opening lists them.
    for row in submissions {
        for envelope in envelopes.get(&row.id).into_iter().flatten().filter(|envelope| envelope.opened) {
            let list = lists.entry((row.round, &envelope.bound.kind)).or_default();
            list.push((row.id, envelope.opened_digest.as_deref(), &row.digest));
        }
    }
    let mut found = Vec::new();
    for row in rows {
        let list = lists.remove(&(row.round, row.envelope.as_str())).unwrap_or_default();
        // Openings of the first release kept no digest beside the envelope; theirs are the submissions'.
        let strict = opened_digest(list.iter().map(|(id, digest, _)| (*id, digest.unwrap_or_default())));
        let loose = opened_digest(list.iter().map(|(id, digest, of)| (*id, digest.unwrap_or(of))));
        let same = |entry: &Told| {
            let old = entry.digest.as_ref().is_some_and(|digest| digest.len() == 32);
            let bound = OpenedRow {
                round: row.round,
                kind: &row.envelope,
                asked_by: row.asked_by,
                asked_at: Moment(row.asked_at),
                confirmed_by: row.confirmed_by,
                confirmed_at: Moment(row.confirmed_at),
                to_check: row.to_check,
                awaits: row.awaits.as_deref(),
                deadline: Moment(row.deadline),
                opened: if old { &loose } else { &strict },
            };
            entry.subject_id == row.round
                && entry.user_id == Some(row.confirmed_by)
                && bound.agrees(entry.digest.as_deref(), Moment(entry.at))
        };
        match told.iter().position(same) {
            Some(at) => drop(told.remove(at)),
            None => found.push(Differs::OpeningAdded(row.round)),
        }
    }
    // What is readable without an opening of its round and kind.
    found.extend(lists.into_keys().map(|(round, _)| Differs::OpeningAdded(round)));
    found.extend(told.iter().map(|entry| Differs::OpeningDeleted(entry.subject_id, entry.position)));
    found
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
