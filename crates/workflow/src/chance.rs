//! Chance as an argument: the system's in a live installation, seeded in tests and the demo town.

use std::sync::{Arc, Mutex};

use rand::rngs::{OsRng, StdRng};
use rand::{RngCore, SeedableRng, TryRngCore};

#[derive(Clone)]
pub struct Chance(Source);

#[derive(Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl Chance {
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// The same sequence for the same seed: never for keys that guard anything real.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    pub fn fill(&self, bytes: &mut [u8]) {
        match &self.0 {
            // A machine without randomness cannot seal: stopping is the only safe thing.
            Source::System => OsRng.try_fill_bytes(bytes).expect("the system's randomness"),
            Source::Seeded(rng) => rng.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).fill_bytes(bytes),
        }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A fresh id: 63 random bits, never 0.
    pub fn id(&self) -> i64 {
        (i64::from_be_bytes(self.bytes()) & i64::MAX).max(1)
    }

    /// Five letters and digits for a reference that is read over the telephone.
    pub fn reference(&self) -> String {
        domain::ids::to_text(self.id())[8..].to_uppercase()
    }
}
