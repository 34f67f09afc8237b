//! Sealing of whole files, in chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015), by which chunks can
//! be neither left out nor moved nor cut off at the end. A file of any length passes with little of it in memory.

use bytes::Bytes;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::Payload;
use chacha20poly1305::aead::generic_array::GenericArray;
use chacha20poly1305::aead::stream::{DecryptorBE32, EncryptorBE32};
use futures::stream::BoxStream;
use futures::{StreamExt, stream};

use crate::Chance;
use crate::sealing::Key;

/// Plain bytes of a chunk.
const CHUNK: usize = 64 * 1024;
/// A sealed chunk is longer by its tag.
const TAG: usize = 16;
/// What stands before the first chunk: the random part of the nonces.
const NONCE: usize = 19;

/// The way in. `place` is bound to every chunk.
pub struct Sealing {
    stream: Option<EncryptorBE32<XChaCha20Poly1305>>,
    place: String,
    nonce: Option<[u8; NONCE]>,
    held: Vec<u8>,
}

impl Sealing {
    pub fn new(key: &Key, place: String, chance: &Chance) -> Self {
        let nonce: [u8; NONCE] = chance.bytes();
        let stream = EncryptorBE32::from_aead(key.cipher(), GenericArray::from_slice(&nonce));
        Self { stream: Some(stream), place, nonce: Some(nonce), held: Vec::new() }
    }

    fn begin(&mut self) -> Vec<u8> {
        self.nonce.take().map(|nonce| nonce.to_vec()).unwrap_or_default()
    }
}

impl files::Seal for Sealing {
    fn feed(&mut self, chunk: &[u8]) -> Option<Vec<u8>> {
        let mut out = self.begin();
        self.held.extend_from_slice(chunk);
        // The last chunk is sealed as such: one is held back until it is known that more follows.
        while self.held.len() > CHUNK {
            let rest = self.held.split_off(CHUNK);
            let whole = std::mem::replace(&mut self.held, rest);
            out.extend(self.stream.as_mut()?.encrypt_next(Payload { msg: &whole, aad: self.place.as_bytes() }).ok()?);
        }
        Some(out)
    }

    fn end(&mut self) -> Option<Vec<u8>> {
        let mut out = self.begin();
        let last = std::mem::take(&mut self.held);
        out.extend(self.stream.take()?.encrypt_last(Payload { msg: &last, aad: self.place.as_bytes() }).ok()?);
        Some(out)
    }
}

struct Opening {
    sealed: BoxStream<'static, files::Result<Bytes>>,
    key: Key,
    place: String,
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    held: Vec<u8>,
    /// Nothing more comes.
    ended: bool,
    /// The last chunk was given.
    done: bool,
}

/// The way out: the plain bytes, or an error in place of the first that is not as it was sealed.
pub fn open(
    sealed: BoxStream<'static, files::Result<Bytes>>,
    key: Key,
    place: String,
) -> BoxStream<'static, files::Result<Bytes>> {
    let opening = Opening { sealed, key, place, stream: None, held: Vec::new(), ended: false, done: false };
    stream::unfold(Some(opening), |state| async move {
        let mut opening = state?;
        match opening.next().await {
            Ok(Some(plain)) => Some((Ok(plain), Some(opening))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed()
}

impl Opening {
    async fn next(&mut self) -> files::Result<Option<Bytes>> {
        while !self.ended && self.held.len() <= NONCE + CHUNK + TAG {
            match self.sealed.next().await {
                Some(part) => self.held.extend_from_slice(&part?),
                None => self.ended = true,
            }
        }
        if self.stream.is_none() && self.held.len() >= NONCE {
            let rest = self.held.split_off(NONCE);
            let nonce = std::mem::replace(&mut self.held, rest);
            self.stream = Some(DecryptorBE32::from_aead(self.key.cipher(), GenericArray::from_slice(&nonce)));
        }
        if self.held.len() > CHUNK + TAG {
            let rest = self.held.split_off(CHUNK + TAG);
            let whole = std::mem::replace(&mut self.held, rest);
            let stream = self.stream.as_mut().ok_or(files::Error::Seal)?;
            let plain = stream.decrypt_next(Payload { msg: &whole, aad: self.place.as_bytes() });
            return plain.map(|plain| Some(plain.into())).map_err(|_| files::Error::Seal);
        }
        if self.done {
            return Ok(None);
        }
        self.done = true;
        let last = std::mem::take(&mut self.held);
        let stream = self.stream.take().ok_or(files::Error::Seal)?;
        let plain = stream.decrypt_last(Payload { msg: &last, aad: self.place.as_bytes() });
        plain.map(|plain| Some(plain.into())).map_err(|_| files::Error::Seal)
    }
}

#[cfg(test)]
mod tests {
    use files::Seal;
    use proptest::prelude::*;

    use super::*;

    fn seal(key: &Key, parts: &[&[u8]]) -> Vec<u8> {
        let mut sealing = Sealing::new(key, "file:1:2".into(), &Chance::seeded(3));
        let mut sealed: Vec<u8> = parts.iter().flat_map(|part| sealing.feed(part).unwrap()).collect();
        sealed.extend(sealing.end().unwrap());
        sealed
    }

    fn unseal(key: &Key, place: &str, sealed: &[u8], part: usize) -> Option<Vec<u8>> {
        let parts: Vec<files::Result<Bytes>> = sealed.chunks(part.max(1)).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
        let plain = open(stream::iter(parts).boxed(), key.clone(), place.into());
        let all: Vec<_> = futures::executor::block_on(plain.collect());
        all.into_iter().collect::<files::Result<Vec<Bytes>>>().ok().map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn a_file_opens_as_it_was_however_it_came(
            length in prop_oneof![0usize..200, CHUNK - 2..CHUNK + 3, 2 * CHUNK - 1..2 * CHUNK + 2],
            cut in 0usize..200_000,
            part in prop_oneof![Just(7_919usize), Just(CHUNK), Just(usize::MAX)],
        ) {
            let key = Key::random(&Chance::seeded(1));
            let plain: Vec<u8> = (0..length).map(|n| (n % 251) as u8).collect();
            let (a, b) = plain.split_at(cut.min(length));
            let sealed = seal(&key, &[a, b]);
            prop_assert_eq!(unseal(&key, "file:1:2", &sealed, part), Some(plain));
            prop_assert_eq!(unseal(&key, "file:1:3", &sealed, part), None, "bound to its place");
            prop_assert_eq!(unseal(&Key::random(&Chance::seeded(2)), "file:1:2", &sealed, part), None);
        }

        #[test]
        fn nothing_can_be_changed_cut_or_moved(at in 0usize..150_000, cut in 1usize..150_000) {
            let key = Key::random(&Chance::seeded(1));
            let sealed = seal(&key, &[&vec![7u8; 2 * CHUNK + 5_000]]);
            let mut changed = sealed.clone();
            let at = at % changed.len();
            changed[at] ^= 1;
            prop_assert_eq!(unseal(&key, "file:1:2", &changed, CHUNK), None);
            prop_assert_eq!(unseal(&key, "file:1:2", &sealed[..sealed.len() - cut.min(sealed.len())], CHUNK), None);
            // A whole chunk left out, two exchanged, or the file ended at the border of one.
            let (head, body) = sealed.split_at(NONCE);
            let chunks: Vec<&[u8]> = body.chunks(CHUNK + TAG).collect();
            for order in [vec![0, 2], vec![1, 0, 2], vec![0, 1]] {
                let moved = order.into_iter().fold(head.to_vec(), |all, n| [all.as_slice(), chunks[n]].concat());
                prop_assert_eq!(unseal(&key, "file:1:2", &moved, CHUNK), None);
            }
        }
    }
}
