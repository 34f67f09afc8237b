//! The dates by which responses are opened, against what was approved: versions with their terms, the deadline of the first round, which
//! is theirs, and those of later rounds, which decisions and extensions set.

use std::collections::BTreeMap;

use domain::audit::{BegunRow, Differs, ExtendedRow};
use domain::ids::ChallengeId;
use domain::moment::Moment;
use sha2::{Digest, Sha256};

use crate::Result;
use crate::challenge::parse_terms;
use crate::conn::Conn;

#[derive(sqlx::FromRow)]
struct Told {
    at: i64,
    verb: String,
    digest: Option<Vec<u8>>,
}

impl Told {
    /// An entry of before says nothing of what it is about.
    fn is_of(&self, digest: &[u8]) -> bool {
        self.digest.as_ref().is_none_or(|recorded| recorded == digest)
    }
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    n: i64,
    terms: String,
}

struct Version {
    digest: Vec<u8>,
    /// None where its terms are none.
    deadline: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Round {
    id: i64,
    number: i64,
    deadline: i64,
    created_at: i64,
    /// Of a later one, as the decision before it says.
    first: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Extension {
    id: i64,
    round: i64,
    deadline_before: i64,
    deadline: i64,
    at: i64,
}

/// What was approved to be published: a version, and when.
type Approved = (i64, i64);

impl Conn {
    /// Where the versions and the deadlines of a challenge part from what was approved.
    pub(super) async fn dates_of(&mut self, challenge: ChallengeId) -> Result<Vec<Differs>> {
        let id = challenge.get();
        let entries = rows!(
            self,
            Told,
            "select position, at, verb, digest from audit where subject_kind = 'challenge' and subject_id = $1 and outcome = 'done'
                and verb in ('submit_for_review', 'approve_challenge', 'approve_decision')
             union all
             select a.position, a.at, a.verb, a.digest from amendment m join audit a on a.subject_kind = 'amendment' and a.subject_id = m.id
             where m.challenge = $1 and a.outcome = 'done' and a.verb in ('approve_amendment', 'answer_enquiry') order by 1",
            id
        )?;
        let versions = rows!(self, VersionRow, "select n, terms from challenge_version where challenge = $1 order by n", id)?;
        let versions: BTreeMap<i64, Version> = versions
            .into_iter()
            .map(|row| {
                let deadline = parse_terms(&row.terms).ok().map(|terms| terms.deadline.micros());
                (row.n, Version { digest: Sha256::digest(row.terms.as_bytes()).to_vec(), deadline })
            })
            .collect();
        let mut found: Vec<Differs> = changed(&entries, &versions).into_iter().map(|n| Differs::VersionChanged(id, n)).collect();
        let approvals = rows!(
            self,
            Approved,
            "select coalesce(n, 0), at from challenge_event where challenge = $1 and kind = 'approved' order by at, id",
            id
        )?;
        // At what instant it was approved decides which rule of the buyer's counts.
        let approves = |at: i64| entries.iter().any(|entry| entry.verb == "approve_challenge" && entry.at == at);
        found.extend(approvals.iter().filter(|(_, at)| !approves(*at)).map(|(n, _)| Differs::VersionChanged(id, *n)));
        let rounds = rows!(
            self,
            Round,
            "select q.id, q.number, q.deadline, q.created_at, (select w.deadline from decision_round w
                    join decision d on d.id = w.decision join decision_event e on e.decision = d.id and e.kind = 'approved'
                    join round p on p.id = d.round
                    where p.challenge = q.challenge and p.number = q.number - 1 and e.at = q.created_at) as first
             from round q where q.challenge = $1 order by q.number",
            id
        )?;
        let extensions = rows!(
            self,
            Extension,
            "select x.id, x.round, x.deadline_before, x.deadline, e.at from round q join round_extension x on x.round = q.id
             join round_extension_end e on e.extension = x.id and e.kind = 'approved' where q.challenge = $1 order by e.at, x.id",
            id
        )?;
        let extended = rows!(
            self,
            (i64, i64, Option<Vec<u8>>),
            "select a.subject_id, a.at, a.digest from round q join audit a on a.subject_kind = 'round' and a.subject_id = q.id
             where q.challenge = $1 and a.outcome = 'done' and a.verb = 'approve_round_extension' order by a.position",
            id
        )?;
        for round in rounds {
            let began = match round.number {
                1 => approvals.last().and_then(|approved| published(&entries, &versions, *approved)),
                _ => round.first.filter(|first| begun(&entries, id, &round, *first)),
            };
            let own = |of: i64| of == round.id;
            let moves: Vec<&Extension> = extensions.iter().filter(|one| own(one.round)).collect();
            let told: Vec<(i64, Option<&[u8]>)> =
                extended.iter().filter(|(of, ..)| own(*of)).map(|(_, at, digest)| (*at, digest.as_deref())).collect();
            if began.and_then(|began| moved(began, &moves, &told)) != Some(round.deadline) {
                found.push(Differs::Deadline(round.id));
            }
        }
        Ok(found)
    }

    /// Entries of amendments that are not there, since an instant: nothing says whose they were. Nor of one that is said to be another
    /// challenge's, which knows nothing of its publication.
    pub(super) async fn amendments_gone(&mut self, since: i64) -> Result<Vec<Differs>> {
        let gone = rows!(
            self,
            (i64, i64),
            "select a.subject_id, a.position from audit a left join amendment m on m.id = a.subject_id
             where a.verb in ('approve_amendment', 'answer_enquiry') and a.subject_kind = 'amendment' and a.outcome = 'done' and a.at >= $1
                and not exists (select 1 from challenge_event e where e.challenge = m.challenge and e.kind = 'amended' and e.at = a.at)
             order by a.position",
            since
        )?;
        Ok(gone.into_iter().map(|(amendment, position)| Differs::AmendmentDeleted(amendment, position)).collect())
    }

    /// The same for all challenges there are, one after the other: the terms of all do not lie in memory at once.
    pub(super) async fn all_dates(&mut self) -> Result<Vec<Differs>> {
        let mut found = self.amendments_gone(i64::MIN).await?;
        let all = rows!(self, (i64,), "select challenge from challenge_version union select challenge from round order by 1")?;
        for (challenge,) in all {
            found.extend(self.dates_of(ChallengeId(challenge)).await?);
        }
        Ok(found)
    }
}

/// The numbers of versions that are not as their entries have them: each is made by one entry, in their order.
fn changed(entries: &[Told], versions: &BTreeMap<i64, Version>) -> Vec<i64> {
    let made = entries.iter().filter(|entry| !matches!(&*entry.verb, "approve_challenge" | "approve_decision"));
    let made: BTreeMap<i64, &Told> = (1..).zip(made).collect();
    let whole = |n: &i64| made.get(n).zip(versions.get(n)).is_some_and(|(entry, version)| entry.is_of(&version.digest));
    let mut all: Vec<i64> = made.keys().chain(versions.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|n| !whole(n));
    all
}

/// The deadline of the version that is public: the newest amendment's, before any that of what was approved, by its entry.
fn published(entries: &[Told], versions: &BTreeMap<i64, Version>, (n, at): Approved) -> Option<i64> {
    let amended = entries.iter().any(|entry| matches!(&*entry.verb, "approve_amendment" | "answer_enquiry"));
    if amended {
        return versions.values().next_back()?.deadline;
    }
    let version = versions.get(&n)?;
    let approves = |entry: &&Told| entry.verb == "approve_challenge" && entry.at == at && entry.is_of(&version.digest);
    entries.iter().find(approves)?;
    version.deadline
}

/// Whether an entry tells that a round began with such a deadline: of that instant, and over it where it is not from before.
fn begun(entries: &[Told], challenge: i64, round: &Round, deadline: i64) -> bool {
    let bound = BegunRow { round: round.id, challenge, number: round.number, deadline: Moment(deadline) }.digest();
    entries.iter().any(|entry| entry.verb == "approve_decision" && entry.at == round.created_at && entry.is_of(&bound))
}

/// Where a deadline comes to by its extensions; none where they do not follow from each other, or are not those of the record.
fn moved(began: i64, moves: &[&Extension], told: &[(i64, Option<&[u8]>)]) -> Option<i64> {
    if moves.len() != told.len() {
        return None;
    }
    moves.iter().zip(told).try_fold(began, |deadline, (one, (at, digest))| {
        let (before, after) = (Moment(one.deadline_before), Moment(one.deadline));
        let bound = ExtendedRow { extension: one.id, round: one.round, before, after }.digest();
        let same = one.deadline_before == deadline && one.at == *at && digest.is_none_or(|digest| digest == bound);
        same.then_some(one.deadline)
    })
}
