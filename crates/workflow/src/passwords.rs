//! Passwords: Argon2id with OWASP's parameters (19 MiB, two passes, one lane), off the async threads, and no more at once
//! than there are cores, so that a storm of sign-ins cannot starve the rest.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::{Chance, Error, Result};

#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Verified against where there is no such user, so that both answers take the same time.
    nobody: Arc<str>,
    params: Params,
}

/// Least characters (NIST SP 800-63B asks for 8; 10 costs nobody much) and most, which bounds the work.
pub const SHORTEST: usize = 10;
pub const LONGEST: usize = 200;

impl Passwords {
    pub fn new(chance: &Chance) -> Self {
        Self::with(Params::new(19 * 1024, 2, 1, None).expect("OWASP's parameters"), chance)
    }

    /// Cheap ones, for towns of fifty people in tests; refused by [`crate::Desk`] in a live installation.
    pub fn cheap(chance: &Chance) -> Self {
        Self::with(Params::new(8, 1, 1, None).expect("the least parameters"), chance)
    }

    fn with(params: Params, chance: &Chance) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let nobody = hash(&params, "nobody's password", &chance.bytes()).expect("a hash of a constant");
        Self { turns: Arc::new(Semaphore::new(cores)), nobody: nobody.into(), params }
    }

    pub async fn hash(&self, password: String, chance: &Chance) -> Result<String> {
        let (salt, params) = (chance.bytes::<16>(), self.params.clone());
        self.in_turn(move || hash(&params, &password, &salt)).await?
    }

    /// Whether the password is that of the hash; with no hash, false after the same work.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.to_string());
        let matches = self
            .in_turn(move || {
                PasswordHash::new(&stored)
                    .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(matches && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _turn = self.turns.acquire().await.map_err(|_| Error::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(error.to_string()))
    }
}

fn hash(params: &Params, password: &str, salt: &[u8; 16]) -> Result<String> {
    let salt = SaltString::encode_b64(salt).map_err(|error| Error::Broken(error.to_string()))?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Broken(error.to_string()))
}
