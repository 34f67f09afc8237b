//! The keys of papers: what signs, and the public halves as they are published.

use domain::moment::Moment;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Paper;
use crate::sealing::hex;
use crate::{Desk, Error, Result};

/// The public half of a key, and its name: the first 16 hexadecimal digits of its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    pub id: String,
    pub bytes: Vec<u8>,
}

impl PublicKey {
    fn of(bytes: Vec<u8>) -> Self {
        let id = hex(&Sha256::digest(&bytes)[..8]);
        Self { id, bytes }
    }

    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(&self.bytes).to_vec()
    }
}

/// Signs papers. Made anew each time it is needed, so that its secret lies about in one place only.
pub struct Signer(Ed25519KeyPair);

impl Signer {
    pub(crate) fn from_seed(seed: &[u8; 32]) -> Self {
        // Any 32 bytes are an Ed25519 seed, so this cannot fail.
        Self(Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes of seed"))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey::of(self.0.public_key().as_ref().to_vec())
    }

    /// The paper with `key` and `signature`, indented for people; the signature is over its canonical form.
    pub fn sign(&self, paper: &Paper) -> Result<String> {
        let broken = |error: serde_json::Error| Error::Broken(error.to_string());
        let mut value = serde_json::to_value(paper).map_err(broken)?;
        value["key"] = self.public().id.into();
        let canonical = serde_json_canonicalizer::to_vec(&value).map_err(broken)?;
        value["signature"] = hex(self.0.sign(&canonical).as_ref()).into();
        serde_json::to_string_pretty(&value).map_err(broken)
    }
}

/// One key of `/.well-known/wellposed-keys.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    pub id: String,
    pub algorithm: String,
    /// 32 bytes in hexadecimal.
    pub public: String,
    /// RFC 3339: from when it signed, if not from the beginning, and until when, where another took its place.
    pub from: Option<String>,
    pub until: Option<String>,
}

/// All keys that an installation ever signed with, the one in use last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyList {
    /// The installation's address.
    pub issuer: String,
    pub keys: Vec<PublishedKey>,
}

pub async fn published_keys(desk: &Desk) -> Result<KeyList> {
    let rows = desk.store.read().await?.signing_keys().await?;
    let until = rows.iter().skip(1).map(|row| Some(Moment(row.since).rfc3339())).chain([None]);
    let keys = rows.iter().zip(until).map(|(row, until)| PublishedKey {
        id: row.id.clone(),
        algorithm: "Ed25519".into(),
        public: hex(&row.public),
        from: (row.since > 0).then(|| Moment(row.since).rfc3339()),
        until,
    });
    Ok(KeyList { issuer: desk.base_url.to_string(), keys: keys.collect() })
}
