//! Whether rows and record agree: submissions with their envelopes, withdrawals, asks for openings, openings and answers to
//! clarifications with their files against the entries that tell of them.

mod compare;
mod dated;
mod rows;

use std::collections::{BTreeSet, HashMap};

use domain::audit::Differs;
use domain::ids::{ChallengeId, RoundId, SubmissionId};
use sha2::{Digest, Sha256};

use self::compare::{Overtaken, asked, clarified, destroyed, opened, ruled, submitted, withdrawn};
use self::rows::{
    Ask, Clarified, Envelopes, Named, NamedByAnswer, Opening, Rule, Sealed, Submission, Told, Withdrawal, name_files,
};
use crate::Result;
use crate::conn::Conn;
use crate::writer::Store;

macro_rules! told {
    ($rest:literal) => {
        concat!("select a.position, a.at, a.user_id, a.acting_as, a.subject_id, a.digest from audit a ", $rest)
    };
}

/// `s`, of response `r` in round `q`.
macro_rules! submissions {
    ($rest:literal) => {
        concat!(
            "select s.id, s.response, s.round, s.n, s.challenge_version, s.received_at, s.submitted_by, s.digest, s.salt,
                    r.supplier, r.challenge, q.challenge as asked_in
             from submission s join response r on r.id = s.response join round q on q.id = s.round ",
            $rest
        )
    };
}

macro_rules! sealed {
    ($rest:literal) => {
        concat!(
            "select e.submission, e.kind, e.sealed, e.sealed_key, e.digest, e.key_digest,
                cast(case when e.opened_key is null then 0 else 1 end as bigint) as opened, e.opened_digest, e.destroyed_at
             from envelope e ",
            $rest
        )
    };
}

macro_rules! named {
    ($rest:literal) => {
        concat!("select f.submission, f.file, f.kind, f.sealed_key from submission_file f ", $rest)
    };
}

impl Conn {
    /// What a verb did, in the order of the record.
    async fn told(&mut self, verb: &str) -> Result<Vec<Told>> {
        rows!(self, Told, told!("where a.verb = $1 and a.outcome = 'done' order by a.position"), verb)
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
                sealed!("where e.submission > $1 or (e.submission = $1 and e.kind > $2) order by e.submission, e.kind limit $3"),
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
                named!("where f.submission > $1 or (f.submission = $1 and f.file > $2) order by f.submission, f.file limit $3"),
                after.0,
                after.1,
                PAGE
            )?;
            let Some(last) = page.last() else { return Ok(nobodys) };
            after = (last.submission, last.file);
            nobodys.extend(name_files(envelopes, page));
        }
    }

    /// The same for a round of one challenge, before its responses are opened and where what was opened does not fit: what the record holds
    /// of its submissions, of submissions that are gone since its first round began (which challenge they answered is gone with them), of
    /// its withdrawals, of asks for its openings and openings, of how many open it, and of its versions and deadlines. What befell a
    /// submission that its supplier replaced or withdrew afterwards, and that the record has so, keeps nobody's from being opened.
    pub async fn differences_of(&mut self, challenge: ChallengeId, round: RoundId) -> Result<Vec<Differs>> {
        let mut overtaken = Overtaken::new();
        let told = rows!(
            self,
            Told,
            told!(
                "left join submission s on s.id = a.subject_id left join response r on r.id = s.response left join round q on q.id = s.round
                 where a.verb = 'submit_response' and a.outcome = 'done' and a.subject_kind = 'submission'
                 and (r.challenge = $1 or q.challenge = $1
                    or (s.id is null and a.at >= (select min(x.created_at) from round x where x.challenge = $1)))
                 order by a.position"
            ),
            challenge.get()
        )?;
        let whose: HashMap<i64, (Option<i64>, i64)> =
            told.iter().map(|entry| (entry.subject_id, (entry.acting_as, entry.position))).collect();
        // By its response and by its round: one that was moved elsewhere is missed here.
        let submissions =
            rows!(self, Submission, submissions!("where r.challenge = $1 or q.challenge = $1 order by s.id"), challenge.get())?;
        let sealed = rows!(
            self,
            Sealed,
            sealed!(
                "join submission s on s.id = e.submission join response r on r.id = s.response join round q on q.id = s.round
                 where r.challenge = $1 or q.challenge = $1 order by e.submission, e.kind"
            ),
            challenge.get()
        )?;
        let mut envelopes = Envelopes::new();
        for (submission, envelope) in sealed.into_iter().map(Sealed::read) {
            envelopes.entry(submission).or_default().push(envelope);
        }
        let named = rows!(
            self,
            Named,
            named!(
                "join submission s on s.id = f.submission join response r on r.id = s.response join round q on q.id = s.round
                 where r.challenge = $1 or q.challenge = $1 order by f.submission, f.file"
            ),
            challenge.get()
        )?;
        let nobodys = name_files(&mut envelopes, named);
        let mut found = submitted(told, &submissions, &envelopes, (round.get(), &mut overtaken));
        found.extend(nobodys.into_iter().map(Differs::FileAdded));
        let told = rows!(
            self,
            Told,
            told!(
                "join response r on r.id = a.subject_id
                 where a.verb = 'withdraw_response' and a.outcome = 'done' and a.subject_kind = 'response' and r.challenge = $1
                 order by a.position"
            ),
            challenge.get()
        )?;
        let withdrawals = rows!(
            self,
            Withdrawal,
            "select e.id, e.response, e.round, e.n, e.at, e.by_user, e.reason from response_event e join response r on r.id = e.response
             where e.kind = 'withdrawn' and r.challenge = $1 order by e.at, e.id",
            challenge.get()
        )?;
        found.extend(withdrawn(told, &withdrawals, &submissions, (round.get(), &mut overtaken)));
        found.retain(|one| {
            let of = one.submission().and_then(|id| whose.get(&id));
            of.is_none_or(|(supplier, position)| supplier.and_then(|id| overtaken.get(&id)).is_none_or(|last| position >= last))
        });
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
        // Those that were set before it was approved: others do not count for it.
        let rules = rows!(
            self,
            Rule,
            "select p.id, p.organisation, p.by_two, p.at, p.by_user from challenge c join opening_rule p on p.organisation = c.buyer
             where c.id = $1 and p.at <= (select min(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'approved')
             order by p.at, p.id",
            challenge.get()
        )?;
        let told = rows!(
            self,
            Told,
            "select a.position, a.at, a.user_id, a.acting_as, a.subject_id, a.digest from challenge c
             join audit a on a.subject_kind = 'organisation' and a.subject_id = c.buyer
             where c.id = $1 and a.verb = 'set_opening_rule' and a.outcome = 'done'
             and a.at <= (select min(e.at) from challenge_event e where e.challenge = c.id and e.kind = 'approved') order by a.position",
            challenge.get()
        )?;
        found.extend(ruled(told, &rules));
        found.extend(self.dates_of(challenge).await?);
        let began = row!(self, (Option<i64>,), "select min(created_at) from round where challenge = $1", challenge.get())?;
        if let Some((Some(began),)) = began {
            found.extend(self.amendments_gone(began).await?);
        }
        Ok(found)
    }

    /// Whether a submission, with its envelopes and whose it is, is what the record says of it: nothing else is signed for anybody.
    pub async fn agrees(&mut self, id: SubmissionId) -> Result<bool> {
        let told = rows!(
            self,
            Told,
            told!(
                "where a.verb = 'submit_response' and a.outcome = 'done' and a.subject_kind = 'submission' and a.subject_id = $1"
            ),
            id.get()
        )?;
        let submissions = rows!(self, Submission, submissions!("where s.id = $1"), id.get())?;
        let sealed = rows!(self, Sealed, sealed!("where e.submission = $1 order by e.kind"), id.get())?;
        let mut envelopes = Envelopes::from([(id.get(), sealed.into_iter().map(|row| row.read().1).collect())]);
        let nobodys =
            name_files(&mut envelopes, rows!(self, Named, named!("where f.submission = $1 order by f.file"), id.get())?);
        let there = told.len() == 1 && submissions.len() == 1 && nobodys.is_empty();
        Ok(there && submitted(told, &submissions, &envelopes, (0, &mut Overtaken::new())).is_empty())
    }

    /// What a verb did on the rounds of a challenge.
    async fn told_of_rounds(&mut self, verb: &str, challenge: ChallengeId) -> Result<Vec<Told>> {
        rows!(
            self,
            Told,
            told!(
                "join round q on q.id = a.subject_id
                 where a.verb = $1 and a.outcome = 'done' and a.subject_kind = 'round' and q.challenge = $2 order by a.position"
            ),
            verb,
            challenge.get()
        )
    }

    /// Every place where a row and the record part; nothing where they agree. That the record itself is whole is asked elsewhere.
    async fn differences(&mut self) -> Result<Vec<Differs>> {
        let mut overtaken = Overtaken::new();
        let submissions = rows!(self, Submission, submissions!("order by s.id"))?;
        let mut envelopes = self.sealed().await?;
        let nobodys = self.named(&mut envelopes).await?;
        let mut found = submitted(self.told("submit_response").await?, &submissions, &envelopes, (0, &mut overtaken));
        found.extend(nobodys.into_iter().map(Differs::FileAdded));
        found.extend(destroyed(&self.told("destroy_keys").await?, &submissions, &envelopes));
        let withdrawals = rows!(
            self,
            Withdrawal,
            "select id, response, round, n, at, by_user, reason from response_event where kind = 'withdrawn' order by at, id"
        )?;
        found.extend(withdrawn(self.told("withdraw_response").await?, &withdrawals, &submissions, (0, &mut overtaken)));
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
        let rules = rows!(self, Rule, "select id, organisation, by_two, at, by_user from opening_rule order by at, id")?;
        found.extend(ruled(self.told("set_opening_rule").await?, &rules));
        found.extend(self.all_dates().await?);
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
