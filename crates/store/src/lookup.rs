//! Whose cookie a request carries. Every signed-in request asks, and in the last minute many at once: those who come while others
//! are looked up are looked up together, next.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, oneshot};

use crate::account::{LOOKED_UP, SessionRow};
use crate::{Result, Store};

type Tell = oneshot::Sender<Option<SessionRow>>;

/// So many statements are under way at once.
const LOOKING: usize = 2;

/// Those who wait to be looked up.
pub(crate) struct Lookups {
    waiting: Mutex<Vec<(Vec<u8>, Tell)>>,
    turns: Semaphore,
}

impl Default for Lookups {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turns: Semaphore::new(LOOKING) }
    }
}

impl Lookups {
    fn put(&self, token: &[u8]) -> oneshot::Receiver<Option<SessionRow>> {
        let (tell, told) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push((token.to_owned(), tell));
        told
    }

    fn next(&self) -> (Vec<Vec<u8>>, Vec<Tell>) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let most = waiting.len().min(LOOKED_UP);
        waiting.drain(..most).unzip()
    }
}

impl Store {
    /// The session under the digest of a cookie, as it is now.
    pub async fn session(&self, token: &[u8]) -> Result<Option<SessionRow>> {
        if let Ok(_turn) = self.lookups().turns.try_acquire() {
            return self.read().await?.session(token).await;
        }
        let told = self.lookups().put(token);
        // Each brings somebody who takes out the next, so none is left though another's request ends before its turn.
        tokio::spawn(look_up(self.clone()));
        match told.await {
            Ok(found) => Ok(found),
            // What kept all of them from it is told to each.
            Err(_) => self.read().await?.session(token).await,
        }
    }
}

async fn look_up(store: Store) {
    let Ok(_turn) = store.lookups().turns.acquire().await else { return };
    let (tokens, tells) = store.lookups().next();
    if tokens.is_empty() {
        return;
    }
    let found = async { store.read().await?.sessions(&tokens).await };
    let Ok(found) = found.await else { return };
    for (token, tell) in tokens.iter().zip(tells) {
        // Whoever hung up needs no answer.
        let _ = tell.send(found.get(token).cloned());
    }
}
