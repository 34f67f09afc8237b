//! Sealing of drafts and submissions (Directive 2014/24/EU, Annex IV): master key -> round key -> one data key a draft, one
//! a submission and envelope. XChaCha20-Poly1305; the associated data binds what is sealed to its place, so that nothing can
//! be moved from one response, round, number or field to another. Short texts are padded, so that lengths tell little.
//!
//! What it protects against: a stolen database, backup, disk or log, a curious administrator, a bug in one page. Not an
//! operator who holds master key and running server.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Chance;
use crate::proof::Signer;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the seal does not open: wrong key, or the content was changed")]
    Broken,
    #[error("the master key must be 64 hexadecimal digits")]
    MasterKey,
}

/// 32 bytes that are wiped when dropped and never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    pub fn random(chance: &Chance) -> Self {
        Self(chance.bytes())
    }

    fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        bytes.try_into().map(Self).map_err(|_| SealError::Broken)
    }

    pub(crate) fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.0).into())
    }

    /// nonce (24 bytes) || ciphertext and tag
    fn encrypt(&self, place: &str, plain: &[u8], chance: &Chance) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; 24] = chance.bytes();
        let sealed = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: place.as_bytes() })
            .map_err(|_| SealError::Broken)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn decrypt(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (nonce, body) = sealed.split_at_checked(24).ok_or(SealError::Broken)?;
        self.cipher()
            .decrypt(XNonce::from_slice(nonce), Payload { msg: body, aad: place.as_bytes() })
            .map_err(|_| SealError::Broken)
    }

    /// Seals text or bytes, padded.
    pub fn seal(&self, place: &str, plain: &[u8], chance: &Chance) -> Result<Vec<u8>, SealError> {
        self.encrypt(place, &pad(plain), chance)
    }

    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        unpad(&self.decrypt(place, sealed)?).map(<[u8]>::to_vec).ok_or(SealError::Broken)
    }

    /// Wraps another key.
    pub fn wrap(&self, place: &str, key: &Key, chance: &Chance) -> Result<Vec<u8>, SealError> {
        self.encrypt(place, &key.0, chance)
    }

    pub fn unwrap(&self, place: &str, wrapped: &[u8]) -> Result<Key, SealError> {
        let mut plain = self.decrypt(place, wrapped)?;
        let key = Key::from_slice(&plain);
        plain.zeroize();
        key
    }
}

/// What every short text is padded to: an answer of a few sentences, a number and a yes look the same.
const SHORT: usize = 1024;

/// Length, content, zeros up to the next step: all short texts alike, 256 bytes up to 4 KiB, then sixteenths of the length's
/// power of two.
fn pad(plain: &[u8]) -> Vec<u8> {
    let length = plain.len() + 4;
    let step = (length.next_power_of_two() / 16).max(256);
    let padded_length = length.next_multiple_of(step).max(SHORT);
    let mut padded = Vec::with_capacity(padded_length);
    padded.extend_from_slice(&u32::try_from(plain.len()).unwrap_or(u32::MAX).to_be_bytes());
    padded.extend_from_slice(plain);
    padded.resize(padded_length, 0);
    padded
}

fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    rest.get(..u32::from_be_bytes(*length) as usize)
}

/// What the master key opens. The master key itself stays here and nowhere else.
#[derive(Clone, Debug)]
pub struct Keyring {
    rounds: Key,
    opened: Key,
    signing: Key,
    check: String,
}

impl Keyring {
    /// From 64 hexadecimal digits, as the key's file or environment variable holds them.
    pub fn from_hex(text: &str) -> Result<Self, SealError> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(SealError::MasterKey);
        }
        let mut bytes = [0u8; 32];
        for (slot, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| SealError::MasterKey)?;
            *slot = u8::from_str_radix(pair, 16).map_err(|_| SealError::MasterKey)?;
        }
        let ring = Self::derive(&bytes);
        bytes.zeroize();
        Ok(ring)
    }

    fn derive(master: &[u8; 32]) -> Self {
        let hkdf = Hkdf::<Sha256>::new(None, master);
        let expand = |purpose: &str| {
            let mut key = [0u8; 32];
            // 32 bytes are within what HKDF-SHA256 gives, so this cannot fail.
            hkdf.expand(purpose.as_bytes(), &mut key).expect("32 bytes of HKDF");
            key
        };
        Self {
            rounds: Key(expand("wellposed/round-keys/1")),
            opened: Key(expand("wellposed/opened-keys/1")),
            signing: Key(expand("wellposed/signing/1")),
            check: hex(&expand("wellposed/check/1")),
        }
    }

    /// A fresh master key as hexadecimal digits.
    pub fn generate(chance: &Chance) -> String {
        hex(&chance.bytes::<32>())
    }

    /// What the database holds to tell whether the key is the right one; it opens nothing.
    pub fn check_value(&self) -> &str {
        &self.check
    }

    /// Signs receipts and opening records. Its secret half lives where the master key lives, and changes with it.
    pub fn signer(&self) -> Signer {
        Signer::from_seed(&self.signing.0)
    }

    pub fn new_round_key(&self, round: i64, chance: &Chance) -> Result<Vec<u8>, SealError> {
        self.wrap_round_key(round, &Key::random(chance), chance)
    }

    /// A round's key under this master key, when another takes its place.
    pub fn wrap_round_key(&self, round: i64, key: &Key, chance: &Chance) -> Result<Vec<u8>, SealError> {
        self.rounds.wrap(&format!("round:{round}"), key, chance)
    }

    pub fn round_key(&self, round: i64, sealed: &[u8]) -> Result<Key, SealError> {
        self.rounds.unwrap(&format!("round:{round}"), sealed)
    }

    /// Makes an envelope's key readable: done by the opening, for the submissions that stand.
    pub fn wrap_opened(&self, submission: i64, kind: &str, key: &Key, chance: &Chance) -> Result<Vec<u8>, SealError> {
        self.opened.wrap(&format!("opened:{submission}:{kind}"), key, chance)
    }

    pub fn unwrap_opened(&self, submission: i64, kind: &str, wrapped: &[u8]) -> Result<Key, SealError> {
        self.opened.unwrap(&format!("opened:{submission}:{kind}"), wrapped)
    }
}

/// Where something is sealed: the associated data.
pub fn draft_place(response: i64) -> String {
    format!("draft:{response}")
}

pub fn answer_place(response: i64, round: i64, field: &str) -> String {
    format!("answer:{response}:{round}:{field}")
}

pub fn envelope_place(response: i64, round: i64, n: i64, kind: &str) -> String {
    format!("envelope:{response}:{round}:{n}:{kind}")
}

/// Salted SHA-256 of canonical content: without the salt nobody can try contents against it.
pub fn digest(salt: &[u8], content: &[u8]) -> Vec<u8> {
    Sha256::new().chain_update(salt).chain_update(content).finalize().to_vec()
}

/// The inverse of [`hex`]; `None` for anything that it does not write.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
        _ => None,
    });
    pairs.collect()
}

pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(DIGITS[usize::from(half)])).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(plain in proptest::collection::vec(any::<u8>(), 0..6000), seed in any::<u64>()) {
            let chance = Chance::seeded(seed);
            let key = Key::random(&chance);
            let sealed = key.seal("answer:1:2:price", &plain, &chance).unwrap();
            prop_assert_eq!(key.open("answer:1:2:price", &sealed).unwrap(), plain);
            prop_assert_eq!(key.open("answer:1:3:price", &sealed), Err(SealError::Broken));
            prop_assert_eq!(Key::random(&chance).open("answer:1:2:price", &sealed), Err(SealError::Broken));
        }

        #[test]
        fn a_changed_byte_is_found(at in 0usize..300, seed in any::<u64>()) {
            let chance = Chance::seeded(seed);
            let key = Key::random(&chance);
            let mut sealed = key.seal("p", b"four words of text", &chance).unwrap();
            let at = at % sealed.len();
            sealed[at] ^= 1;
            prop_assert_eq!(key.open("p", &sealed), Err(SealError::Broken));
        }

        #[test]
        fn lengths_tell_little(a in 0usize..=1020, b in 0usize..=1020) {
            prop_assert_eq!(pad(&vec![1; a]).len(), pad(&vec![1; b]).len());
        }
    }

    #[test]
    fn the_hierarchy_opens_from_the_master_key_alone() {
        let chance = Chance::seeded(1);
        let master = Keyring::generate(&chance);
        let ring = Keyring::from_hex(&master).unwrap();
        let wrapped = ring.new_round_key(7, &chance).unwrap();
        let again = Keyring::from_hex(&master).unwrap();
        assert_eq!(again.check_value(), ring.check_value());
        assert_eq!(again.round_key(7, &wrapped).unwrap().0, ring.round_key(7, &wrapped).unwrap().0);
        assert!(matches!(ring.round_key(8, &wrapped), Err(SealError::Broken)), "a round's key opens no other round");
        let other = Keyring::from_hex(&Keyring::generate(&chance)).unwrap();
        assert!(other.round_key(7, &wrapped).is_err());
        assert_ne!(other.check_value(), ring.check_value());
    }

    #[test]
    fn a_master_key_that_is_none_is_refused() {
        for text in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Keyring::from_hex(text).map(drop), Err(SealError::MasterKey));
        }
    }
}
