//! Lists that read the same for everybody, as data: read once a change, whoever asks, and put into each reader's page anew.
//!
//! One is as good as read now while nothing was recorded that may have altered it (`Store::public_position`) and no instant came
//! at which it alters by itself: the next row of the change log that falls due, the next full minute.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use domain::moment::Moment;
use lru::LruCache;
use store::Conn;

use crate::{Desk, Result};

/// How many lists are held: pages far down are rarely asked for.
const MOST: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// What a list was read from. Equal again: the list is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Basis {
    position: i64,
    clock_offset: i64,
}

struct Held<T> {
    basis: Basis,
    until: Moment,
    list: Arc<T>,
}

/// The pages of one list, by `K`.
pub(crate) struct Lists<K: std::hash::Hash + Eq, T>(Mutex<LruCache<K, Held<T>>>);

impl<K: std::hash::Hash + Eq, T> Default for Lists<K, T> {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }
}

impl<K: std::hash::Hash + Eq, T> Lists<K, T> {
    /// The list, if it is held and holds; and what one that is read now is kept under.
    pub(crate) async fn get(&self, desk: &Desk, key: &K) -> Result<(Option<Arc<T>>, Basis)> {
        let basis = Basis { position: desk.store.public_position().await?, clock_offset: desk.store.clock_offset() };
        let now = desk.store.now();
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let held = lists.get(key).filter(|held| held.basis == basis && now.before(held.until));
        Ok((held.map(|held| held.list.clone()), basis))
    }

    /// Keeps what was read through `conn` at `now`, after `basis` was taken.
    pub(crate) async fn keep(&self, conn: &mut Conn, now: Moment, key: K, basis: Basis, list: T) -> Result<Arc<T>> {
        let due = conn.next_due(now.micros()).await?.map_or(Moment::NEVER, Moment);
        let list = Arc::new(list);
        let held = Held { basis, until: due.min(now.next_minute()), list: list.clone() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(key, held);
        Ok(list)
    }
}
