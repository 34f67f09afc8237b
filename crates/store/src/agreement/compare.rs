//! Rows against entries: where they part. A row that was changed, put in or taken out agrees with no entry.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::audit::{
    AskedRow, ClarifiedFile, ClarifiedRow, Differs, OpenedRow, RuleRow, SealedRow, SubmittedRow, WithdrawnRow, opened_digest,
};
use domain::moment::Moment;

use super::rows::{Ask, Clarified, Envelopes, NamedByAnswer, Opening, Rule, Submission, Told, Withdrawal};

/// Entries of one verb by their subjects. Each tells of one row: what is left in the end tells of none.
struct Entries(BTreeMap<i64, Vec<Told>>);

impl Entries {
    fn new(told: Vec<Told>) -> Self {
        let mut all: BTreeMap<i64, Vec<Told>> = BTreeMap::new();
        for entry in told {
            all.entry(entry.subject_id).or_default().push(entry);
        }
        Self(all)
    }

    /// Takes out the first entry of a subject and a person that tells of the row which `same` knows.
    fn take(&mut self, subject: i64, by: i64, same: impl Fn(&Told) -> bool) -> Option<Told> {
        let entries = self.0.get_mut(&subject)?;
        let at = entries.iter().position(|entry| entry.user_id == Some(by) && same(entry))?;
        Some(entries.remove(at))
    }

    /// In the order of the record.
    fn left(self) -> Vec<Told> {
        let mut left: Vec<Told> = self.0.into_values().flatten().collect();
        left.sort_by_key(|entry| entry.position);
        left
    }
}

/// What an entry of a supplier overtakes: all that it did before in that round. By supplier, the last position.
pub(super) type Overtaken = HashMap<i64, i64>;

/// `overtaken`, of the round in question: by submissions that are as their entries have them.
pub(super) fn submitted(
    told: Vec<Told>,
    rows: &[Submission],
    envelopes: &Envelopes,
    (round, overtaken): (i64, &mut Overtaken),
) -> Vec<Differs> {
    let mut told: HashMap<i64, Told> = told.into_iter().map(|told| (told.subject_id, told)).collect();
    let mut found = Vec::new();
    for row in rows {
        let before = found.len();
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
        // Whose it is, and what it answers, lies in the rows of its response and its round.
        let moved = entry.acting_as != Some(row.supplier) || row.challenge != row.asked_in;
        if moved || !bound.agrees(entry.digest.as_deref()) || entry.user_id != Some(row.submitted_by) {
            found.push(Differs::SubmissionChanged(row.id, entry.position));
        }
        for envelope in sealed.iter().filter(|envelope| binds && !envelope.key_holds) {
            found.push(Differs::EnvelopeChanged(row.id, envelope.bound.kind.clone()));
        }
        if found.len() == before && row.round == round {
            overtakes(overtaken, &entry);
        }
    }
    let mut left: Vec<Told> = told.into_values().collect();
    left.sort_by_key(|entry| entry.position);
    found.extend(left.iter().map(|entry| Differs::SubmissionDeleted(entry.subject_id, entry.position)));
    found
}

fn overtakes(overtaken: &mut Overtaken, entry: &Told) {
    let Some(supplier) = entry.acting_as else { return };
    let last = overtaken.entry(supplier).or_default();
    *last = entry.position.max(*last);
}

/// Keys end only by an entry that says so, of that round and instant.
pub(super) fn destroyed(told: &[Told], rows: &[Submission], envelopes: &Envelopes) -> Vec<Differs> {
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

pub(super) fn withdrawn(
    told: Vec<Told>,
    rows: &[Withdrawal],
    submissions: &[Submission],
    (round, overtaken): (i64, &mut Overtaken),
) -> Vec<Differs> {
    let (mut told, mut found) = (Entries::new(told), Vec::new());
    for row in rows {
        let bound =
            WithdrawnRow { event: row.id, response: row.response, round: row.round, n: row.n, at: Moment(row.at) }.digest();
        // What a row of before withdraws is what was received by its instant.
        let before = || {
            let of = |one: &&Submission| one.response == row.response && one.round == row.round && one.received_at <= row.at;
            submissions.iter().filter(of).map(|one| one.n).max().unwrap_or_default()
        };
        let same = |entry: &Told| match &entry.digest {
            // Nobody is asked for a reason.
            _ if !row.reason.is_empty() => false,
            Some(digest) => *digest == bound,
            None => entry.at >= row.at && row.n == before(),
        };
        match told.take(row.response, row.by_user, same) {
            Some(entry) if row.round == round => overtakes(overtaken, &entry),
            Some(_) => {}
            None => found.push(Differs::WithdrawalAdded(row.response)),
        }
    }
    found.extend(told.left().iter().map(|entry| Differs::WithdrawalDeleted(entry.subject_id, entry.position)));
    found
}

pub(super) fn asked(told: Vec<Told>, rows: &[Ask]) -> Vec<Differs> {
    let (mut told, mut found) = (Entries::new(told), Vec::new());
    for row in rows {
        let bound = AskedRow { ask: row.id, round: row.round, kind: &row.envelope, at: Moment(row.at), by: row.by_user }.digest();
        let same = |entry: &Told| entry.digest.as_ref().map_or(entry.at == row.at, |digest| *digest == bound);
        if told.take(row.round, row.by_user, same).is_none() {
            found.push(Differs::AskAdded(row.round));
        }
    }
    found.extend(told.left().iter().map(|entry| Differs::AskDeleted(entry.subject_id, entry.position)));
    found
}

/// How many open the responses of buyers.
pub(super) fn ruled(told: Vec<Told>, rows: &[Rule]) -> Vec<Differs> {
    let (mut told, mut found) = (Entries::new(told), Vec::new());
    for row in rows {
        let (buyer, by_two, at, by) = (row.organisation, row.by_two, Moment(row.at), row.by_user);
        let bound = RuleRow { rule: row.id, buyer, by_two, at, by }.digest();
        let same = |entry: &Told| entry.at == row.at && entry.digest.as_ref().is_none_or(|digest| *digest == bound);
        if told.take(buyer, by, same).is_none() {
            found.push(Differs::RuleAdded(buyer));
        }
    }
    found.extend(told.left().iter().map(|entry| Differs::RuleDeleted(entry.subject_id, entry.position)));
    found
}

/// Answers to clarifications with the files that they name. The key of such a file never ends before the round's.
pub(super) fn clarified(told: Vec<Told>, rows: &[Clarified], files: &[NamedByAnswer]) -> Vec<Differs> {
    let (mut told, mut found) = (Entries::new(told), Vec::new());
    let mut named: HashMap<i64, Vec<&NamedByAnswer>> = HashMap::new();
    for file in files {
        named.entry(file.answer).or_default().push(file);
    }
    for row in rows {
        let named = named.remove(&row.id).unwrap_or_default();
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
            named.iter().all(|file| file.clarification == row.clarification && file.destroyed_at.is_none())
                && bound.agrees(entry.digest.as_deref(), Moment(entry.at))
        };
        if told.take(row.response, row.by_user, same).is_none() {
            found.push(Differs::ClarifiedAdded(row.response));
        }
    }
    found.extend(told.left().iter().map(|entry| Differs::ClarifiedDeleted(entry.subject_id, entry.position)));
    found
}

/// A submission that an opening read: its id, the digest that was taken then, and that of its row.
type Read<'a> = (i64, Option<&'a [u8]>, &'a [u8]);

pub(super) fn opened(told: Vec<Told>, rows: &[Opening], submissions: &[Submission], envelopes: &Envelopes) -> Vec<Differs> {
    let mut lists: BTreeMap<(i64, &str), Vec<Read<'_>>> = BTreeMap::new();
    // In the order of their ids, as the opening lists them.
    for row in submissions {
        for envelope in envelopes.get(&row.id).into_iter().flatten().filter(|envelope| envelope.opened) {
            let list = lists.entry((row.round, &envelope.bound.kind)).or_default();
            list.push((row.id, envelope.opened_digest.as_deref(), &row.digest));
        }
    }
    let (mut told, mut found) = (Entries::new(told), Vec::new());
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
            bound.agrees(entry.digest.as_deref(), Moment(entry.at))
        };
        if told.take(row.round, row.confirmed_by, same).is_none() {
            found.push(Differs::OpeningAdded(row.round));
        }
    }
    // What is readable without an opening of its round and kind.
    found.extend(lists.into_keys().map(|(round, _)| Differs::OpeningAdded(round)));
    found.extend(told.left().iter().map(|entry| Differs::OpeningDeleted(entry.subject_id, entry.position)));
    found
}
