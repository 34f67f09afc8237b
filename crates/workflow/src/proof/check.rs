//! Checking a paper against published keys, with nothing else at hand.

use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;

use super::once::{Unfit, parse};
use super::{ContentDigest, KeyList, Paper, PublishedKey};
use crate::sealing::{digest, hex, unhex};

/// Why a paper proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it is not JSON, or not a receipt or opening record of this kind of service")]
    Unreadable,
    #[error("a name stands in it twice, so that it says two things: no such paper was ever issued")]
    Twice,
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
            Fault::Twice => "twice",
            Fault::Unsigned => "unsigned",
            Fault::UnknownKey => "unknown-key",
            Fault::Forged => "forged",
        }
    }
}

impl From<Unfit> for Fault {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Unreadable => Fault::Unreadable,
            Unfit::Twice => Fault::Twice,
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
    let mut value = parse(text.as_bytes())?;
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

/// How content that is shown with a receipt stands to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentStanding {
    Same,
    /// Something else, or no JSON.
    Differs,
    /// A name stands in it twice: it says two things, whatever its digest.
    Twice,
}

/// Whether content, as JSON in any spelling, is what the digest was taken of.
pub fn content_holds(of: &ContentDigest, content: &[u8]) -> ContentStanding {
    let value = match parse(content) {
        Ok(value) => value,
        Err(Unfit::Twice) => return ContentStanding::Twice,
        Err(Unfit::Unreadable) => return ContentStanding::Differs,
    };
    let same =
        serde_json_canonicalizer::to_vec(&value).ok().zip(unhex(&of.salt)).map(|(canonical, salt)| digest(&salt, &canonical));
    if same.is_some_and(|same| hex(&same) == of.sha256) { ContentStanding::Same } else { ContentStanding::Differs }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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
        let holds = |text: &str| content_holds(&receipt.content, text.as_bytes());
        assert_eq!(holds(r#"{ "b": 2, "a": 1 }"#), ContentStanding::Same);
        assert_eq!(holds(r#"{ "b": 2, "a": 2 }"#), ContentStanding::Differs);
        assert_eq!(holds("a and b"), ContentStanding::Differs);
        assert_eq!(holds(r#"{ "a": 9, "b": 2, "a": 1 }"#), ContentStanding::Twice, "the last one would fit");
    }

    /// Another value put before a member, at any depth: readers that keep the first would read it, the signature the last.
    #[test]
    fn a_member_that_stands_twice_proves_nothing() {
        let signer = Signer::from_seed(&[1; 32]);
        let (signed, keys) = (signer.sign(&paper()).unwrap(), keys(&signer));
        for name in ["received_at", "number", "supplier", "position", "hash", "sha256", "key", "signature", "type"] {
            let put = signed.replacen(&format!("\"{name}\":"), &format!("\"{name}\": 1, \"{name}\":"), 1);
            assert_ne!(put, signed);
            assert_eq!(check(&put, &keys), Err(Fault::Twice), "{name}");
        }
    }

    /// The same members spelt otherwise: spaces, escapes, order.
    fn respelt(value: &Value, turn: usize, out: &mut String) {
        let gap = [" ", "", "\n\t", "  "][turn % 4];
        match value {
            Value::Object(map) => {
                let mut members: Vec<_> = map.iter().collect();
                let by = turn % members.len().max(1);
                members.rotate_left(by);
                out.push('{');
                for (at, (name, value)) in members.into_iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    out.push_str(gap);
                    respelt(&Value::String(name.clone()), turn + at, out);
                    out.push(':');
                    out.push_str(gap);
                    respelt(value, turn + at, out);
                }
                out.push('}');
            }
            Value::String(text) if turn % 2 == 1 => {
                let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
                out.push('"');
                out.extend(units);
                out.push('"');
            }
            other => out.push_str(&other.to_string()),
        }
    }

    proptest! {
        /// Whatever is done to the text of a receipt: it holds if and only if its members are those that were signed, each once.
        #[test]
        fn only_a_respelling_of_the_same_members_holds(turn in 0usize..40, at in 0usize..4000, put in "[ -~]{0,12}", cut in 0usize..12) {
            let signer = Signer::from_seed(&[1; 32]);
            let (signed, keys) = (signer.sign(&paper()).unwrap(), keys(&signer));
            let value: Value = serde_json::from_str(&signed).unwrap();
            let mut text = String::new();
            respelt(&value, turn, &mut text);
            prop_assert!(check(&text, &keys).is_ok(), "{}", text);
            // A piece of it replaced by another.
            let at = at % text.len();
            let end = (at + cut).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                let changed = format!("{}{put}{}", &text[..at], &text[end..]);
                let same = super::super::once::parse(changed.as_bytes()).is_ok_and(|other| other == value);
                prop_assert_eq!(check(&changed, &keys).is_ok(), same, "{}", changed);
            }
        }
    }
}
