//! What a paper says. Ids are text, instants RFC 3339, hashes hexadecimal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Paper {
    #[serde(rename = "wellposed-receipt/1")]
    Receipt(ReceiptPaper),
    #[serde(rename = "wellposed-opening/1")]
    Opening(OpeningPaper),
    #[serde(rename = "wellposed-opened/1")]
    Opened(OpenedPaper),
}

impl Paper {
    pub fn anchor(&self) -> &Anchor {
        match self {
            Paper::Receipt(receipt) => &receipt.record,
            Paper::Opening(opening) => &opening.record,
            Paper::Opened(opened) => &opened.record,
        }
    }
}

/// A place in the installation's record: a record that has another hash there was written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub position: i64,
    /// SHA-256 of the entry there and of all before it.
    pub hash: String,
}

/// SHA-256 over the salt's bytes, then the content as canonical JSON (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentDigest {
    pub salt: String,
    pub sha256: String,
    /// Where the price is sealed apart: the digest of what each envelope holds, by its kind, as its opening records it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub envelopes: BTreeMap<String, String>,
}

/// That a submission was received, when, and what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptPaper {
    /// The installation's address.
    pub issuer: String,
    /// The submission's id.
    pub reference: String,
    /// The challenge's reference, title and version as answered.
    pub challenge: String,
    pub title: String,
    pub version: i64,
    pub supplier: String,
    pub supplier_id: String,
    /// The first submission of this response is 1.
    pub number: i64,
    /// When the server held the complete request: UTC, and in the challenge's zone.
    pub received_at: String,
    pub received_local: String,
    pub zone: String,
    pub content: ContentDigest,
    pub record: Anchor,
}

/// One opened submission, without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedSubmission {
    pub reference: String,
    /// The same digest as in its receipt: of the content, or of this envelope where there are several.
    pub sha256: String,
}

/// Who opened a round, when, and what was in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningPaper {
    pub issuer: String,
    /// The round's id.
    pub reference: String,
    pub challenge: String,
    pub title: String,
    pub envelope: String,
    pub deadline: String,
    pub zone: String,
    pub asked_by: String,
    /// By id: names change. Not in records of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by_id: Option<String>,
    pub asked_at: String,
    pub confirmed_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by_id: Option<String>,
    pub confirmed_at: String,
    /// How many were opened, which, and SHA-256 over their list as canonical JSON.
    pub number: i64,
    pub submissions: Vec<OpenedSubmission>,
    pub sha256: String,
    pub record: Anchor,
}

/// What was opened of one submission, for its supplier: the record of the opening without the others, of whom it tells nothing, not even how
/// many they were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedPaper {
    pub issuer: String,
    /// The submission's id, as in its receipt.
    pub reference: String,
    pub challenge: String,
    pub title: String,
    pub supplier: String,
    pub supplier_id: String,
    /// Of the submission.
    pub number: i64,
    /// `quality` or `price`.
    pub envelope: String,
    /// Of what the opening read: the same digest as in the receipt, or something else was opened.
    pub sha256: String,
    pub opened_at: String,
    /// The opening's own entry.
    pub record: Anchor,
}
