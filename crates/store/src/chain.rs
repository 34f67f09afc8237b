//! The record as stored: appended in one go at the end of a batch, read in order by whoever verifies it.

use domain::audit::{Anchors, Broken, Entry, Hash, Verifier, alters_public_pages};
use domain::moment::Moment;

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result};

/// Where the record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub position: i64,
    pub hash: Vec<u8>,
    pub at: Moment,
    /// The last entry that may have altered a page which everybody can read.
    pub public_position: i64,
}

/// What a verification found.
#[derive(Clone, Debug)]
pub struct Verified {
    pub head: Head,
    pub broken: Option<Broken>,
}

#[derive(sqlx::FromRow)]
struct AuditRow {
    position: i64,
    previous: Vec<u8>,
    hash: Vec<u8>,
    at: i64,
    user_id: Option<i64>,
    acting_as: Option<i64>,
    verb: String,
    subject_kind: String,
    subject_id: i64,
    outcome: String,
    digest: Option<Vec<u8>>,
    counted: i64,
}

impl Conn {
    pub async fn head(&mut self) -> Result<Head> {
        let found =
            row!(self, (i64, Vec<u8>, i64, i64), "select position, hash, at, public_position from chain_head where id = 1")?;
        let (position, hash, at, public_position) = found.ok_or_else(|| crate::corrupt("head of the record"))?;
        Ok(Head { position, hash, at: Moment(at), public_position })
    }

    /// Position and hash of the entry that a verb wrote on a subject: what a receipt anchors.
    pub async fn entry_of(&mut self, verb: &str, kind: &str, id: i64) -> Result<Option<(i64, Vec<u8>)>> {
        row!(
            self,
            (i64, Vec<u8>),
            "select position, hash from audit where subject_kind = $2 and subject_id = $3 and verb = $1 and outcome = 'done'
             order by position desc limit 1",
            verb,
            kind,
            id
        )
    }

    /// The same of the entry with a digest: of several openings of a round, the one over what it opened.
    pub async fn entry_over(&mut self, verb: &str, kind: &str, id: i64, digests: [&[u8]; 2]) -> Result<Option<(i64, Vec<u8>)>> {
        row!(
            self,
            (i64, Vec<u8>),
            "select position, hash from audit where subject_kind = $2 and subject_id = $3 and verb = $1 and outcome = 'done'
             and digest in ($4, $5) order by position desc limit 1",
            verb,
            kind,
            id,
            digests[0],
            digests[1]
        )
    }

    /// Walks the whole record, and says where it breaks first, in itself or against what others keep of it.
    pub async fn verify_record(&mut self, anchors: &Anchors) -> Result<Verified> {
        const PAGE: i64 = 5_000;
        let head = self.head().await?;
        let mut verifier = Verifier::new(anchors.clone());
        let mut after = 0;
        loop {
            let page = rows!(
                self,
                AuditRow,
                "select position, previous, hash, at, user_id, acting_as, verb, subject_kind, subject_id, outcome, digest, counted
                 from audit where position > $1 and position <= $2 order by position limit $3",
                after,
                head.position,
                PAGE
            )?;
            let Some(last) = page.last() else { break };
            after = last.position;
            for row in page {
                let (previous, hash) = (row.previous.clone(), row.hash.clone());
                if let Err(broken) = verifier.next(&entry(row), &previous, &hash) {
                    return Ok(Verified { head, broken: Some(broken) });
                }
            }
        }
        let broken = verifier.finish(head.position, &head.hash).err();
        Ok(Verified { head, broken })
    }
}

fn entry(row: AuditRow) -> Entry {
    Entry {
        position: row.position,
        at: Moment(row.at),
        user_id: row.user_id,
        acting_as: row.acting_as,
        verb: row.verb,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        outcome: row.outcome,
        digest: row.digest,
        counted: row.counted,
    }
}

#[cfg(feature = "testing")]
impl Tx {
    /// What somebody who holds the database can do: changes every entry from a position on, and makes all hashes fit again.
    pub async fn rewrite_record(&mut self, from: i64) -> Result<()> {
        let rows = rows!(
            self,
            AuditRow,
            "select position, previous, hash, at, user_id, acting_as, verb, subject_kind, subject_id, outcome, digest, counted
             from audit where position >= $1 order by position",
            from
        )?;
        let mut previous: Option<Hash> = None;
        for row in rows {
            let before = previous.or_else(|| row.previous.as_slice().try_into().ok()).unwrap_or_default();
            let entry = Entry { subject_id: row.subject_id ^ 1, ..entry(row) };
            let hash = entry.hash(&before);
            exec!(
                self,
                "update audit set subject_id = $2, previous = $3, hash = $4 where position = $1",
                entry.position,
                entry.subject_id,
                before.as_slice(),
                hash.as_slice()
            )?;
            previous = Some(hash);
        }
        if let Some(hash) = previous {
            exec!(self, "update chain_head set hash = $1 where id = 1", hash.as_slice())?;
        }
        self.leave_no_entry();
        Ok(())
    }
}

impl Tx {
    /// Locks the head, gives each entry its position and hash, and writes entries, changes and outbox rows: a statement each
    /// for the whole batch, the mails first, because the head is what other nodes wait for.
    pub(crate) async fn append(&mut self) -> Result<Option<Head>> {
        let entries = std::mem::take(&mut self.entries);
        let changes = std::mem::take(&mut self.changes);
        self.insert_mails().await?;
        if entries.is_empty() && !changes.is_empty() {
            // Changes always come with an entry; a change log row alone would share a position with somebody else's.
            return Err(Error::Unrecorded);
        }
        if entries.is_empty() {
            return Ok(None);
        }
        let found = lock_row!(
            self,
            Lock::Update,
            as (i64, Vec<u8>, i64, i64),
            "select position, hash, at, public_position from chain_head where id = 1"
        )?;
        let (mut position, hash, at, mut public_position) = found.ok_or_else(|| crate::corrupt("head of the record"))?;
        let mut previous: Hash = hash.as_slice().try_into().map_err(|_| crate::corrupt("head of the record"))?;
        let mut at = Moment(at);
        let mut chained = Vec::with_capacity(entries.len());
        for new in entries {
            position += 1;
            at = at.max(new.at);
            let entry = Entry {
                position,
                at,
                user_id: new.user_id,
                acting_as: new.acting_as,
                verb: new.verb.to_owned(),
                subject_kind: new.subject.kind.to_owned(),
                subject_id: new.subject.id,
                outcome: new.outcome.to_owned(),
                digest: new.digest,
                counted: new.counted,
            };
            if alters_public_pages(&entry.verb, &entry.outcome) {
                public_position = position;
            }
            let hash = entry.hash(&previous);
            chained.push((entry, previous, hash));
            previous = hash;
        }
        insert_all!(
            self,
            "insert into audit (position, previous, hash, at, user_id, acting_as, verb, subject_kind, subject_id, outcome, digest, counted)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            chained,
            |(entry, previous, hash)| entry.position,
            previous.as_slice(),
            hash.as_slice(),
            entry.at.micros(),
            entry.user_id,
            entry.acting_as,
            entry.verb.as_str(),
            entry.subject_kind.as_str(),
            entry.subject_id,
            entry.outcome.as_str(),
            entry.digest.as_deref(),
            entry.counted
        );
        insert_all!(
            self,
            "insert into change_log (position, kind, id, due_at) values ($1, $2, $3, $4) on conflict do nothing",
            changes,
            |change| position,
            change.kind,
            change.id,
            change.due_at.map(Moment::micros)
        );
        exec!(
            self,
            "update chain_head set position = $1, hash = $2, at = $3, public_position = $4 where id = 1",
            position,
            previous.as_slice(),
            at.micros(),
            public_position
        )?;
        Ok(Some(Head { position, hash: previous.to_vec(), at, public_position }))
    }
}
