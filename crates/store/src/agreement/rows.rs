//! What is compared: rows of evidence as they lie in their tables, and the entries that tell of them.

use std::collections::{BTreeSet, HashMap};

use domain::audit::{NamedRow, SealedRow};

#[derive(sqlx::FromRow)]
pub(super) struct Told {
    pub(super) position: i64,
    pub(super) at: i64,
    pub(super) user_id: Option<i64>,
    /// The organisation that was acted for: of a submission its supplier.
    pub(super) acting_as: Option<i64>,
    pub(super) subject_id: i64,
    pub(super) digest: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
pub(super) struct Submission {
    pub(super) id: i64,
    pub(super) response: i64,
    pub(super) round: i64,
    pub(super) n: i64,
    pub(super) challenge_version: i64,
    pub(super) received_at: i64,
    pub(super) submitted_by: i64,
    pub(super) digest: Vec<u8>,
    pub(super) salt: Vec<u8>,
    /// Of its response.
    pub(super) supplier: i64,
    /// The challenge of its response, and that of its round: the same.
    pub(super) challenge: i64,
    pub(super) asked_in: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Sealed {
    pub(super) submission: i64,
    pub(super) kind: String,
    pub(super) sealed: Vec<u8>,
    pub(super) sealed_key: Vec<u8>,
    pub(super) digest: Option<Vec<u8>>,
    pub(super) key_digest: Option<Vec<u8>>,
    pub(super) opened: i64,
    pub(super) opened_digest: Option<Vec<u8>>,
    pub(super) destroyed_at: Option<i64>,
}

/// An envelope without what is sealed in it: a whole installation's do not lie in memory at once.
pub(super) struct Envelope {
    pub(super) bound: SealedRow,
    /// Its key is what the row says of it: the same digest, or overwritten at an instant.
    pub(super) key_holds: bool,
    pub(super) opened: bool,
    pub(super) opened_digest: Option<Vec<u8>>,
    pub(super) destroyed_at: Option<i64>,
}

impl Sealed {
    pub(super) fn read(self) -> (i64, Envelope) {
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
pub(super) struct Named {
    pub(super) submission: i64,
    pub(super) file: i64,
    pub(super) kind: String,
    pub(super) sealed_key: Vec<u8>,
}

/// Of submissions, in the order of their kinds.
pub(super) type Envelopes = HashMap<i64, Vec<Envelope>>;

/// Puts files to the envelopes that name them; in the order of their ids. Gives those that no envelope can name.
pub(super) fn name_files(envelopes: &mut Envelopes, named: Vec<Named>) -> BTreeSet<i64> {
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
pub(super) struct Withdrawal {
    pub(super) id: i64,
    pub(super) response: i64,
    pub(super) round: i64,
    pub(super) n: i64,
    pub(super) at: i64,
    pub(super) by_user: i64,
    pub(super) reason: String,
}

#[derive(sqlx::FromRow)]
pub(super) struct Ask {
    pub(super) id: i64,
    pub(super) round: i64,
    pub(super) envelope: String,
    pub(super) at: i64,
    pub(super) by_user: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Rule {
    pub(super) id: i64,
    pub(super) organisation: i64,
    pub(super) by_two: bool,
    pub(super) at: i64,
    pub(super) by_user: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Opening {
    pub(super) round: i64,
    pub(super) envelope: String,
    pub(super) asked_by: i64,
    pub(super) asked_at: i64,
    pub(super) confirmed_by: i64,
    pub(super) confirmed_at: i64,
    pub(super) to_check: i64,
    pub(super) awaits: Option<String>,
    pub(super) deadline: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct Clarified {
    pub(super) id: i64,
    pub(super) clarification: i64,
    pub(super) response: i64,
    pub(super) sealed: Vec<u8>,
    pub(super) at: i64,
    pub(super) by_user: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct NamedByAnswer {
    pub(super) answer: i64,
    pub(super) clarification: i64,
    pub(super) id: i64,
    pub(super) field: String,
    pub(super) sealed: Vec<u8>,
    pub(super) sealed_key: Vec<u8>,
    pub(super) destroyed_at: Option<i64>,
}
