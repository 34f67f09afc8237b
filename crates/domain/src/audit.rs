//! The record's chain: each entry's hash is taken over the entry and the hash before it, so that a changed, missing or
//! added row breaks every hash after it. Entries hold ids, verbs and digests, never names or free text.

mod bound;
mod dated;

use std::collections::BTreeMap;

pub use bound::{
    AskedRow, ClarifiedFile, ClarifiedRow, Differs, NamedRow, OpenedRow, SealedRow, SubmittedRow, WithdrawnRow, opened_digest,
};
pub use dated::{BegunRow, ExtendedRow, RuleRow};
use sha2::{Digest, Sha256};

use crate::moment::Moment;

pub type Hash = [u8; 32];

/// Hashes by their positions, as signed papers that others keep name them: who holds the database cannot rewrite those.
pub type Anchors = BTreeMap<i64, Hash>;

/// The hash before the first entry.
pub const GENESIS: Hash = [0; 32];

/// What is done often and leaves every page as it was that a visitor can read: what suppliers and scorers do before the opening
/// and before the result, looks, and what people do with their own account. Any other verb counts as altering such pages.
const UNSEEN: &[&str] = &[
    "act_as",
    "ask_enquiry",
    "follow_challenge",
    "manage_alert",
    "manage_notices",
    "read_draft",
    "read_letter",
    "read_opened_response",
    "read_result",
    "revise_score",
    "save_alert",
    "save_answer",
    "say_why_not",
    "score_response",
    "start_response",
    "submit_response",
    "withdraw_response",
];

/// Whether an entry may have altered a page that everybody can read. A refusal alters nothing.
pub fn alters_public_pages(verb: &str, outcome: &str) -> bool {
    outcome == "done" && UNSEEN.binary_search(&verb).is_err()
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Gapless, from 1.
    pub position: i64,
    pub at: Moment,
    pub user_id: Option<i64>,
    pub acting_as: Option<i64>,
    pub verb: String,
    pub subject_kind: String,
    pub subject_id: i64,
    /// `done`, or the code of a refusal.
    pub outcome: String,
    /// SHA-256 of what was written, where that is worth anchoring.
    pub digest: Option<Vec<u8>>,
    /// How many equal attempts this row sums (anonymous refusals, per minute).
    pub counted: i64,
}

impl Entry {
    /// SHA-256 over the previous hash and each field with its length, so that no two entries share an encoding.
    pub fn hash(&self, previous: &Hash) -> Hash {
        let mut hasher = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        };
        field(b"wellposed/audit/1");
        field(previous);
        field(&self.position.to_be_bytes());
        field(&self.at.micros().to_be_bytes());
        field(&optional(self.user_id));
        field(&optional(self.acting_as));
        field(self.verb.as_bytes());
        field(self.subject_kind.as_bytes());
        field(&self.subject_id.to_be_bytes());
        field(self.outcome.as_bytes());
        field(&[u8::from(self.digest.is_some())]);
        field(self.digest.as_deref().unwrap_or_default());
        field(&self.counted.to_be_bytes());
        hasher.finalize().into()
    }
}

fn optional(id: Option<i64>) -> Vec<u8> {
    id.map(|id| id.to_be_bytes().to_vec()).unwrap_or_default()
}

/// What is wrong with a chain, at the first place where it shows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("entry {at} follows entry {after}: {} entries are missing", at - after - 1)]
    Gap { after: i64, at: i64 },
    #[error("entry {0} does not name the hash of the entry before it")]
    Link(i64),
    #[error("entry {0} was changed after it was written")]
    Changed(i64),
    #[error("the head says {head}, the last entry is {last}")]
    Head { head: i64, last: i64 },
    #[error("entry {0} is not the one that a receipt names: the record was written anew from there or before")]
    Rewritten(i64),
    #[error("the record ends with entry {last}, a receipt names entry {anchor}: its end was cut off")]
    Cut { last: i64, anchor: i64 },
}

/// Follows a chain entry by entry, in order of position.
#[derive(Clone, Debug)]
pub struct Verifier {
    position: i64,
    hash: Hash,
    anchors: Anchors,
}

impl Verifier {
    pub fn new(anchors: Anchors) -> Self {
        Self { position: 0, hash: GENESIS, anchors }
    }

    pub fn next(&mut self, entry: &Entry, previous: &[u8], hash: &[u8]) -> Result<(), Broken> {
        if entry.position != self.position + 1 {
            return Err(Broken::Gap { after: self.position, at: entry.position });
        }
        if previous != self.hash {
            return Err(Broken::Link(entry.position));
        }
        let computed = entry.hash(&self.hash);
        if hash != computed {
            return Err(Broken::Changed(entry.position));
        }
        if self.anchors.get(&entry.position).is_some_and(|anchor| *anchor != computed) {
            return Err(Broken::Rewritten(entry.position));
        }
        self.position = entry.position;
        self.hash = computed;
        Ok(())
    }

    pub fn finish(self, head_position: i64, head_hash: &[u8]) -> Result<(i64, Hash), Broken> {
        if head_position != self.position || head_hash != self.hash {
            return Err(Broken::Head { head: head_position, last: self.position });
        }
        if let Some((&anchor, _)) = self.anchors.range(self.position + 1..).next() {
            return Err(Broken::Cut { last: self.position, anchor });
        }
        Ok((self.position, self.hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(position: i64) -> Entry {
        Entry {
            position,
            at: Moment(position * 10),
            user_id: Some(7),
            acting_as: None,
            verb: "submit_response".into(),
            subject_kind: "response".into(),
            subject_id: 42,
            outcome: "done".into(),
            digest: Some(vec![1, 2, 3]),
            counted: 1,
        }
    }

    fn chain(n: i64) -> Vec<(Entry, Hash, Hash)> {
        let mut previous = GENESIS;
        (1..=n)
            .map(|position| {
                let entry = entry(position);
                let hash = entry.hash(&previous);
                let row = (entry, previous, hash);
                previous = hash;
                row
            })
            .collect()
    }

    fn verify(rows: &[(Entry, Hash, Hash)], head: (i64, Hash)) -> Result<(i64, Hash), Broken> {
        against(rows, head, Anchors::new())
    }

    fn against(rows: &[(Entry, Hash, Hash)], head: (i64, Hash), anchors: Anchors) -> Result<(i64, Hash), Broken> {
        let mut verifier = Verifier::new(anchors);
        for (entry, previous, hash) in rows {
            verifier.next(entry, previous, hash)?;
        }
        verifier.finish(head.0, &head.1)
    }

    #[test]
    fn what_alters_no_public_page_is_a_list_of_verbs_in_order() {
        assert!(UNSEEN.is_sorted(), "it is searched by halves");
        for verb in UNSEEN {
            assert!(crate::policy::VERBS.contains(verb), "{verb} is no verb");
        }
        assert!(alters_public_pages("approve_challenge", "done"));
        assert!(!alters_public_pages("approve_challenge", "unseen"));
        assert!(!alters_public_pages("submit_response", "done"));
    }

    #[test]
    fn a_whole_chain_verifies_and_each_kind_of_damage_is_named() {
        let rows = chain(5);
        let head = (5, rows[4].2);
        assert_eq!(verify(&rows, head), Ok(head));

        let mut changed = rows.clone();
        changed[2].0.outcome = "refused".into();
        assert_eq!(verify(&changed, head), Err(Broken::Changed(3)));

        let mut missing = rows.clone();
        missing.remove(2);
        assert_eq!(verify(&missing, head), Err(Broken::Gap { after: 2, at: 4 }));

        assert_eq!(verify(&rows[..4], head), Err(Broken::Head { head: 5, last: 4 }));

        let mut relinked = rows.clone();
        relinked[3].1 = [9; 32];
        assert_eq!(verify(&relinked, head), Err(Broken::Link(4)));
    }

    /// A chain that fits itself is still found by what others keep of it.
    #[test]
    fn anchors_find_a_cut_end_and_a_record_written_anew() {
        let rows = chain(5);
        let head = |rows: &[(Entry, Hash, Hash)]| rows.last().map(|(entry, _, hash)| (entry.position, *hash)).unwrap();
        let anchors = Anchors::from([(2, rows[1].2), (4, rows[3].2)]);
        assert!(against(&rows, head(&rows), anchors.clone()).is_ok());

        let cut = &rows[..3];
        assert!(verify(cut, head(cut)).is_ok());
        assert_eq!(against(cut, head(cut), anchors.clone()), Err(Broken::Cut { last: 3, anchor: 4 }));

        let mut anew = rows.clone();
        let mut previous = GENESIS;
        for (entry, before, hash) in &mut anew {
            entry.subject_id += 1;
            (*before, *hash) = (previous, entry.hash(&previous));
            previous = *hash;
        }
        assert!(verify(&anew, head(&anew)).is_ok());
        assert_eq!(against(&anew, head(&anew), anchors), Err(Broken::Rewritten(2)));
    }

    #[test]
    fn an_absent_id_is_not_a_zero_id() {
        let (mut with, mut without) = (entry(1), entry(1));
        with.acting_as = Some(0);
        without.acting_as = None;
        assert_ne!(with.hash(&GENESIS), without.hash(&GENESIS));
    }
}
