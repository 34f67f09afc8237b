//! Whether rows and record agree: submissions, withdrawals and openings against the entries that tell of them.

use std::collections::HashMap;

use domain::audit::{Differs, SubmittedRow, WithdrawnRow};
use domain::moment::Moment;

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
}

#[derive(sqlx::FromRow)]
struct Withdrawal {
    id: i64,
    response: i64,
    round: i64,
    n: i64,
    at: i64,
    by_user: i64,
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

    /// Every place where a row and the record part; nothing where they agree. That the record itself is whole is asked elsewhere.
    async fn differences(&mut self) -> Result<Vec<Differs>> {
        let submissions = rows!(
            self,
            Submission,
            "select id, response, round, n, challenge_version, received_at, submitted_by, digest from submission order by id"
        )?;
        let mut found = submitted(self.told("submit_response").await?, &submissions);
        let withdrawals = rows!(
            self,
            Withdrawal,
            "select id, response, round, n, at, by_user from response_event where kind = 'withdrawn' order by at, id"
        )?;
        found.extend(withdrawn(self.told("withdraw_response").await?, &withdrawals, &submissions));
        let openings =
            rows!(self, (i64, i64, i64), "select round, confirmed_by, confirmed_at from opening order by confirmed_at, round")?;
        found.extend(opened(self.told("open_responses").await?, &openings));
        Ok(found)
    }
}

fn submitted(told: Vec<Told>, rows: &[Submission]) -> Vec<Differs> {
    let mut told: HashMap<i64, Told> = told.into_iter().map(|told| (told.subject_id, told)).collect();
    let mut found = Vec::new();
    for row in rows {
        let Some(entry) = told.remove(&row.id) else {
            found.push(Differs::SubmissionAdded(row.id));
            continue;
        };
        let bound = SubmittedRow {
            response: row.response,
            round: row.round,
            n: row.n,
            version: row.challenge_version,
            received_at: Moment(row.received_at),
            content: &row.digest,
        };
        if !bound.agrees(entry.digest.as_deref()) || entry.user_id != Some(row.submitted_by) {
            found.push(Differs::SubmissionChanged(row.id, entry.position));
        }
    }
    let mut left: Vec<Told> = told.into_values().collect();
    left.sort_by_key(|entry| entry.position);
    found.extend(left.iter().map(|entry| Differs::SubmissionDeleted(entry.subject_id, entry.position)));
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

fn opened(mut told: Vec<Told>, rows: &[(i64, i64, i64)]) -> Vec<Differs> {
    let mut found = Vec::new();
    for (round, by, at) in rows {
        let same = |entry: &Told| entry.subject_id == *round && entry.user_id == Some(*by) && entry.at >= *at;
        match told.iter().position(same) {
            Some(at) => drop(told.remove(at)),
            None => found.push(Differs::OpeningAdded(*round)),
        }
    }
    found.extend(told.iter().map(|entry| Differs::OpeningDeleted(entry.subject_id, entry.position)));
    found
}

impl Store {
    /// Whether submissions, withdrawals and openings are what the record says of them.
    pub async fn verify_rows(&self) -> Result<Vec<Differs>> {
        self.read().await?.differences().await
    }
}
