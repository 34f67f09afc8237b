//! Checking a paper against published keys, with nothing else at hand.

use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;

use super::{ContentDigest, KeyList, Paper, PublishedKey};
use crate::sealing::{digest, hex, unhex};

/// Why a paper proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it is not JSON, or not a receipt or opening record of this kind of service")]
    Unreadable,
    #[error("it is not signed")]
    Unsigned,
    #[error("it is signed with a key that is not among the published ones")]
    UnknownKey,
    #[error("its signature does not fit: something in it was changed, or it was never issued")]
    Forged,
}

impl Fault {
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Unreadable => "unreadable",
            Fault::Unsigned => "unsigned",
            Fault::UnknownKey => "unknown-key",
            Fault::Forged => "forged",
        }
    }
}

/// A paper whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub paper: Paper,
    pub key: PublishedKey,
}

/// Reads a paper and checks its signature. Whatever stands in it beside what is known is signed with it.
pub fn check(text: &str, keys: &KeyList) -> Result<Held, Fault> {
    let mut value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| Fault::Unreadable)?;
    let paper: Paper = serde_json::from_value(value.clone()).map_err(|_| Fault::Unreadable)?;
    let signature = value.as_object_mut().and_then(|map| map.remove("signature"));
    let signature = signature.as_ref().and_then(Value::as_str).and_then(unhex).ok_or(Fault::Unsigned)?;
    let id = value["key"].as_str().ok_or(Fault::Unsigned)?;
    let key = keys.keys.iter().find(|key| key.id == id && key.algorithm == "Ed25519").ok_or(Fault::UnknownKey)?;
    let public = unhex(&key.public).ok_or(Fault::UnknownKey)?;
    let canonical = serde_json_canonicalizer::to_vec(&value).map_err(|_| Fault::Unreadable)?;
    UnparsedPublicKey::new(&ED25519, &public).verify(&canonical, &signature).map_err(|_| Fault::Forged)?;
    Ok(Held { paper, key: key.clone() })
}

/// Whether content, as JSON in any spelling, is what the digest was taken of. `None`: it is no JSON.
pub fn content_holds(of: &ContentDigest, content: &[u8]) -> Option<bool> {
    let value: Value = serde_json::from_slice(content).ok()?;
    let canonical = serde_json_canonicalizer::to_vec(&value).ok()?;
    let salt = unhex(&of.salt)?;
    Some(hex(&digest(&salt, &canonical)) == of.sha256)
}

#[cfg(test)]
mod tests {
    use super::super::{Anchor, ReceiptPaper, Signer};
    use super::*;

    fn paper() -> Paper {
        let text = |text: &str| text.to_owned();
        Paper::Receipt(ReceiptPaper {
            issuer: text("https://problems.example"),
            reference: text("0000000000001"),
            challenge: text("WP-2026-AAAAA"),
            title: text("Fewer missed visits – “é”"),
            version: 1,
            supplier: text("Acme"),
            supplier_id: text("0000000000002"),
            number: 1,
            received_at: text("2026-11-24T12:00:00.000001Z"),
            received_local: text("2026-11-24T13:00:00.000001+01:00"),
            zone: text("Europe/Paris"),
            content: ContentDigest {
                salt: hex(&[7; 16]),
                sha256: hex(&digest(&[7; 16], br#"{"a":1,"b":2}"#)),
                envelopes: Default::default(),
            },
            record: Anchor { position: 12, hash: hex(&[3; 32]) },
        })
    }

    fn keys(signer: &Signer) -> KeyList {
        let public = signer.public();
        let key =
            PublishedKey { id: public.id, algorithm: "Ed25519".into(), public: hex(&public.bytes), from: None, until: None };
        KeyList { issuer: "https://problems.example".into(), keys: vec![key] }
    }

    #[test]
    fn a_paper_holds_as_signed_and_in_no_other_way() {
        let signer = Signer::from_seed(&[1; 32]);
        let (signed, keys) = (signer.sign(&paper()).unwrap(), keys(&signer));
        assert_eq!(signed, signer.sign(&paper()).unwrap(), "the same each time");
        assert_eq!(check(&signed, &keys).unwrap().paper, paper());
        let value: Value = serde_json::from_str(&signed).unwrap();
        assert!(check(&value.to_string(), &keys).is_ok(), "spaces say nothing");

        for (name, changed) in value.as_object().unwrap().keys().filter(|name| *name != "signature").map(|name| {
            let mut changed = value.clone();
            changed[name] = match &changed[name] {
                Value::Number(n) => (n.as_i64().unwrap() + 1).into(),
                Value::String(text) => format!("{text} ").into(),
                _ => Value::Null,
            };
            (name, changed)
        }) {
            assert!(check(&changed.to_string(), &keys).is_err(), "{name}");
        }
        let mut more = value.clone();
        more["rank"] = 1.into();
        assert_eq!(check(&more.to_string(), &keys), Err(Fault::Forged), "nothing is added either");
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove("signature");
        assert_eq!(check(&less.to_string(), &keys), Err(Fault::Unsigned));
        assert_eq!(check("{}", &keys), Err(Fault::Unreadable));
        assert_eq!(check("a receipt", &keys), Err(Fault::Unreadable));
    }

    /// Somebody signs with a key of their own and puts it beside: only published keys count.
    #[test]
    fn a_key_inside_a_receipt_proves_nothing() {
        let (own, other) = (Signer::from_seed(&[1; 32]), Signer::from_seed(&[2; 32]));
        let forged = other.sign(&paper()).unwrap();
        assert_eq!(check(&forged, &keys(&own)), Err(Fault::UnknownKey));
        let mut value: Value = serde_json::from_str(&forged).unwrap();
        value["key"] = own.public().id.into();
        value["public"] = hex(&other.public().bytes).into();
        assert_eq!(check(&value.to_string(), &keys(&own)), Err(Fault::Forged));
    }

    #[test]
    fn content_is_compared_whatever_its_spelling() {
        let Paper::Receipt(receipt) = paper() else { unreachable!() };
        assert_eq!(content_holds(&receipt.content, b"{ \"b\": 2, \"a\": 1 }"), Some(true));
        assert_eq!(content_holds(&receipt.content, b"{ \"b\": 2, \"a\": 2 }"), Some(false));
        assert_eq!(content_holds(&receipt.content, b"a and b"), None);
    }
}
