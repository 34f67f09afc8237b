//! What an opening unseals. The list is that of the submissions that stand, never that of the envelopes that happen to be there: each
//! must have those that its terms demand, hold what its digest was taken of, and agree with the record. One that does not opens none.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::Differs;
use domain::ids::{FileId, RoundId, to_text};
use domain::moment::Moment;
use domain::policy::ChallengeFacts;
use domain::response::{Content, price_apart};
use futures::{StreamExt, TryStreamExt};
use store::{Conn, EnvelopeRow, StandingRow, Tx, Unsealed};
use zeroize::Zeroizing;

use super::{PRICE, QUALITY, round_of};
use crate::sealing::{Key, digest, envelope_place};
use crate::{Desk, Error, Result};

/// More are not told, nor recorded, at once: whatever befell them befell all.
pub const MOST_TOLD: usize = 20;

/// So many files are looked for at once.
const LOOKING: usize = 16;

/// What is wrong with a submission that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// The record tells of it, and it is not there at all.
    Gone,
    /// Its row is not as the record has it.
    Changed,
    /// The envelope that holds its answers is not there.
    NoAnswers,
    /// The envelope that holds its price is not there.
    NoPrice,
    /// A file of it is not there.
    NoFile,
    /// A seal does not open: what is sealed was changed, or its key.
    Seal,
    /// It opens, and is not what its receipt says.
    Content,
    /// A withdrawal of the response (whose id it is then) is not as the record has it.
    Withdrawal,
    /// It stands, and is not among what was opened.
    NotOpened,
    /// An ask for the opening of the round (whose id it is then) is not as the record has it.
    Ask,
    /// An opening of the round (whose id it is then) is not as the record has it.
    Opening,
    /// The deadline of the round (whose id it is then) is not the one that was approved.
    Deadline,
    /// A version of the challenge (whose id it is then) is not as the record has it.
    Version,
    /// That one alone opens for the buyer (whose id it is then) is not in the record.
    Rule,
}

impl Lack {
    pub fn code(self) -> &'static str {
        match self {
            Lack::Gone => "gone",
            Lack::Changed => "changed",
            Lack::NoAnswers => "no-answers",
            Lack::NoPrice => "no-price",
            Lack::NoFile => "no-file",
            Lack::Seal => "seal",
            Lack::Content => "content",
            Lack::Withdrawal => "withdrawal",
            Lack::NotOpened => "not-opened",
            Lack::Ask => "ask",
            Lack::Opening => "opening",
            Lack::Deadline => "deadline",
            Lack::Version => "version",
            Lack::Rule => "rule",
        }
    }

    /// What must be done is about what was approved, and about no receipt.
    pub fn is_of_the_approval(self) -> bool {
        matches!(self, Lack::Deadline | Lack::Version | Lack::Rule)
    }

    /// What its id is of, as the record names it.
    pub fn of(self) -> &'static str {
        match self {
            Lack::Withdrawal => "response",
            Lack::Ask | Lack::Opening | Lack::Deadline => "round",
            Lack::Version => "challenge",
            Lack::Rule => "organisation",
            _ => "submission",
        }
    }
}

/// One that keeps all from being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unwhole {
    /// Of the submission; of a withdrawal that of the response, of an opening and a deadline that of the round.
    pub id: i64,
    pub what: Lack,
}

impl Unwhole {
    /// The number of its receipt.
    pub fn reference(&self) -> String {
        to_text(self.id)
    }
}

/// What becomes readable, in the order of its ids.
pub(super) struct Unsealing {
    pub unsealed: Vec<Unsealed>,
    /// Prices that are sealed apart wait for an opening of their own.
    pub awaits_price: bool,
}

/// Reads each standing submission once, and gives the keys that its readers will have. A few statements, however many there are.
/// `NotWhole`, with all that is wrong, where one cannot be opened as it was received.
///
/// `gone`: files of which the bytes are not there.
pub(super) async fn unseal(
    desk: &Desk,
    tx: &mut Tx,
    facts: &ChallengeFacts,
    (round_key, kind): (&Key, &str),
    gone: &BTreeSet<FileId>,
) -> Result<Unsealing> {
    let round = round_of(facts)?;
    let apart = apart_by_version(tx, facts).await?;
    let is_apart = |row: &StandingRow| apart.get(&row.challenge_version).copied().unwrap_or_default();
    let standing = tx.standing_submissions(round).await?;
    let there: BTreeSet<(i64, String)> = tx.envelope_kinds(round).await?.into_iter().collect();
    let mut unwhole = against_the_record(tx, facts).await?;
    let envelopes = tx.standing_envelopes(round, kind).await?;
    let mut envelopes: BTreeMap<i64, EnvelopeRow> = envelopes.into_iter().map(|row| (row.submission, row)).collect();
    let files: BTreeSet<(i64, i64)> = tx.files_of_envelopes(round, kind).await?.into_iter().collect();
    let mut unsealed = Vec::new();
    for row in &standing {
        let missing = |what: &'static str| !there.contains(&(row.id, what.to_owned()));
        let price_missing = is_apart(row) && missing(PRICE);
        if missing(QUALITY) {
            unwhole.push(Unwhole { id: row.id, what: Lack::NoAnswers });
        }
        if price_missing {
            unwhole.push(Unwhole { id: row.id, what: Lack::NoPrice });
        }
        let Some(envelope) = envelopes.remove(&row.id) else { continue };
        let place = envelope_place(envelope.response, round.get(), envelope.n, kind);
        let opened = round_key.unwrap(&place, &envelope.sealed_key).and_then(|key| {
            let plain = Zeroizing::new(key.open(&place, &envelope.sealed)?);
            Ok((key, plain))
        });
        let Ok((key, plain)) = opened else {
            unwhole.push(Unwhole { id: row.id, what: Lack::Seal });
            continue;
        };
        let digest = digest(&envelope.salt, &plain);
        // Where there is one envelope it holds the whole, and the receipt's own digest is what counts.
        let sent = if is_apart(row) { envelope.digest.as_ref() } else { Some(&row.digest) };
        if sent != Some(&digest) {
            unwhole.push(Unwhole { id: row.id, what: Lack::Content });
        }
        if let Ok(content) = serde_json::from_slice::<Content>(&plain)
            && content.all_files().any(|file| !files.contains(&(row.id, file.id.get())) || gone.contains(&file.id))
        {
            unwhole.push(Unwhole { id: row.id, what: Lack::NoFile });
        }
        unsealed.push(Unsealed { submission: row.id, key: desk.keys.wrap_opened(row.id, kind, &key, &desk.chance)?, digest });
    }
    if unwhole.is_empty() {
        return Ok(Unsealing { unsealed, awaits_price: standing.iter().any(is_apart) });
    }
    Err(Error::NotWhole(listed(unwhole)))
}

/// Each once; that a submission was changed says nothing more of one of which something is known to be gone or broken.
fn listed(mut unwhole: Vec<Unwhole>) -> Vec<Unwhole> {
    unwhole.sort();
    unwhole.dedup();
    let known: BTreeSet<i64> = unwhole.iter().filter(|one| one.what > Lack::Changed).map(|one| one.id).collect();
    unwhole.retain(|one| one.what != Lack::Changed || !known.contains(&one.id));
    unwhole
}

/// The files that the round's envelopes of a kind name and whose bytes are not there. Asked before the write: nothing slow happens in it.
pub(super) async fn files_gone(desk: &Desk, round: RoundId, kind: &str) -> Result<BTreeSet<FileId>> {
    let files = desk.store.read().await?.files_of_envelopes(round, kind).await?;
    let files: BTreeSet<FileId> = files.into_iter().map(|(_, file)| FileId(file)).collect();
    let looked = futures::stream::iter(files).map(async |file| Ok((file, desk.files.has(file).await?))).buffer_unordered(LOOKING);
    let gone = looked.try_filter_map(async |(file, there)| Ok((!there).then_some(file))).try_collect().await;
    gone.map_err(Error::Files)
}

/// Whether the price is sealed apart, by the version under which a submission was made.
async fn apart_by_version(tx: &mut Tx, facts: &ChallengeFacts) -> Result<BTreeMap<i64, bool>> {
    let number = u32::try_from(facts.standing.round).unwrap_or_default();
    let deadline: Option<Moment> = facts.standing.deadline;
    let versions = tx.versions(facts.challenge).await?;
    versions.iter().map(|version| Ok((version.n, price_apart(&version.terms()?.of_round(number, deadline))))).collect()
}

/// What the record says of this challenge's submissions, withdrawals and openings, and the rows do not.
async fn against_the_record(conn: &mut Conn, facts: &ChallengeFacts) -> Result<Vec<Unwhole>> {
    let found = conn.differences_of(facts.challenge, round_of(facts)?).await?.into_iter().filter_map(|one| match one {
        Differs::SubmissionDeleted(id, _) => Some(Unwhole { id, what: Lack::Gone }),
        Differs::SubmissionChanged(id, _) | Differs::FileAdded(id) => Some(Unwhole { id, what: Lack::Changed }),
        Differs::WithdrawalAdded(id) | Differs::WithdrawalDeleted(id, _) => Some(Unwhole { id, what: Lack::Withdrawal }),
        Differs::AskAdded(id) | Differs::AskDeleted(id, _) => Some(Unwhole { id, what: Lack::Ask }),
        Differs::OpeningAdded(id) | Differs::OpeningDeleted(id, _) => Some(Unwhole { id, what: Lack::Opening }),
        Differs::Deadline(id) => Some(Unwhole { id, what: Lack::Deadline }),
        // Where two open it, they do whatever was done to the rule.
        Differs::RuleAdded(id) | Differs::RuleDeleted(id, _) => {
            (!facts.opening.by_two).then_some(Unwhole { id, what: Lack::Rule })
        }
        Differs::VersionChanged(..) | Differs::AmendmentDeleted(..) => {
            Some(Unwhole { id: facts.challenge.get(), what: Lack::Version })
        }
        // One that was put in has no seal of this round's key; one of this very batch has its entry with the batch.
        _ => None,
    });
    Ok(found.collect())
}

/// Of an opening that no entry tells of as it stands: what of it does not fit, for its team.
pub(super) async fn unlike(conn: &mut Conn, facts: &ChallengeFacts, kind: &str) -> Result<Vec<Unwhole>> {
    let round = round_of(facts)?;
    let mut found = against_the_record(conn, facts).await?;
    found.push(Unwhole { id: round.get(), what: Lack::Opening });
    let sent: BTreeMap<i64, Vec<u8>> =
        conn.standing_submissions(round).await?.into_iter().map(|row| (row.id, row.digest)).collect();
    for envelope in conn.standing_envelopes(round, kind).await? {
        let sent = envelope.digest.as_ref().or_else(|| sent.get(&envelope.submission));
        let what = match &envelope.opened_digest {
            _ if envelope.opened_key.is_none() => Lack::NotOpened,
            Some(opened) if Some(opened) != sent => Lack::Content,
            _ => continue,
        };
        found.push(Unwhole { id: envelope.submission, what });
    }
    found.sort_by_key(|one| (one.what != Lack::Opening, *one));
    found.dedup();
    Ok(found)
}
