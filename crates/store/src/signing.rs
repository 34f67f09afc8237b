//! Public halves of the keys that sign receipts, and what the record holds at a place that a receipt names.

use domain::moment::Moment;

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SigningKeyRow {
    pub id: String,
    /// 32 bytes, Ed25519.
    pub public: Vec<u8>,
    pub since: i64,
}

impl Conn {
    /// All that ever signed, the one in use last.
    pub async fn signing_keys(&mut self) -> Result<Vec<SigningKeyRow>> {
        rows!(self, SigningKeyRow, "select id, public, since from signing_key order by since, id")
    }

    /// The hash of the entry at a position, where the record has come so far.
    pub async fn entry_hash(&mut self, position: i64) -> Result<Option<Vec<u8>>> {
        let found = row!(self, (Vec<u8>,), "select hash from audit where position = $1", position)?;
        Ok(found.map(|(hash,)| hash))
    }
}

impl Tx {
    /// Adds a public half; one that is known already changes nothing. `since`: zero for an installation's first, which signs
    /// from the beginning: its clock is not read for it.
    pub async fn add_signing_key(&mut self, id: &str, public: &[u8], since: Moment) -> Result<()> {
        exec!(
            self,
            "insert into signing_key (id, public, since) values ($1, $2, $3) on conflict (id) do nothing",
            id,
            public,
            since.micros()
        )?;
        Ok(())
    }
}
