//! What every verb has at hand.

use std::sync::Arc;

use domain::moment::Moment;
use domain::organisation::Actor;
use files::Files;
use search::Index;
use store::{Store, Tx, Work};

use crate::challenge::PublicList;
use crate::lists::Lists;
use crate::notice::StopKey;
use crate::reach::Seen;
use crate::response::Inbox;
use crate::sealing::Keyring;
use crate::{Chance, Error, Passwords, Result};

/// Cheap to clone: every layer of every request holds one.
#[derive(Clone)]
pub struct Desk(Arc<Tools>);

#[derive(Clone)]
pub struct Tools {
    pub store: Store,
    pub index: Index,
    pub files: Files,
    pub chance: Chance,
    pub passwords: Passwords,
    pub(crate) keys: Arc<Keyring>,
    /// Signs the links in mails that stop them.
    pub(crate) stops: Arc<StopKey>,
    /// Where links in mails lead, without a slash at the end.
    pub base_url: Arc<str>,
    /// live, test or demo.
    pub kind: Arc<str>,
    /// Counts how often notices are read.
    pub seen: Seen,
    /// Where submissions wait for each other.
    pub(crate) inbox: Arc<Inbox>,
    /// Lists of challenges that everybody may read: open ones or past, the page, its length.
    pub(crate) lists: Arc<Lists<(bool, i64, i64), PublicList>>,
    /// Up to which position of the record the index is known to have followed; the end of time while nobody follows, so that
    /// nobody waits for it.
    pub(crate) followed: Arc<tokio::sync::watch::Sender<i64>>,
}

impl std::ops::Deref for Desk {
    type Target = Tools;
    fn deref(&self) -> &Tools {
        &self.0
    }
}

pub struct DeskOptions {
    pub store: Store,
    pub index: Index,
    pub files: Files,
    pub chance: Chance,
    pub passwords: Passwords,
    pub keys: Keyring,
    pub base_url: String,
    /// What to make of a fresh database; an existing one stays what it is.
    pub kind: &'static str,
}

impl Desk {
    /// Another node over the same database, with an index of its own.
    #[cfg(feature = "testing")]
    pub fn beside(&self, index: Index) -> Self {
        Self(Arc::new(Tools { index, followed: Arc::new(tokio::sync::watch::Sender::new(i64::MAX)), ..Tools::clone(self) }))
    }

    /// Checks the master key against the database's check value, or writes it where there is none yet.
    pub async fn open(options: DeskOptions) -> Result<Self> {
        let DeskOptions { store, index, files, chance, passwords, keys, base_url, kind } = options;
        let check = keys.check_value().to_owned();
        let fresh = StopKey::fresh(&chance);
        let signing = keys.signer().public();
        let (kind, stops) = store
            .write(move |tx| {
                Box::pin(async move {
                    match tx.meta("master_key_check").await? {
                        Some(stored) if stored != check => return Err(Error::Broken(WRONG_KEY.into())),
                        Some(_) => {}
                        None => tx.set_meta("master_key_check", &check).await?,
                    }
                    let kind = match tx.meta("kind").await? {
                        Some(kind) => kind,
                        None => {
                            tx.set_meta("kind", kind).await?;
                            kind.to_owned()
                        }
                    };
                    let stops = match tx.meta(StopKey::STORED).await? {
                        Some(stored) => stored,
                        None => {
                            tx.set_meta(StopKey::STORED, &fresh).await?;
                            fresh
                        }
                    };
                    tx.leave_no_entry();
                    tx.add_signing_key(&signing.id, &signing.bytes, Moment::default()).await?;
                    Ok((kind, stops))
                })
            })
            .await?;
        let base_url = base_url.trim_end_matches('/').into();
        Ok(Self(Arc::new(Tools {
            store,
            index,
            files,
            chance,
            passwords,
            keys: Arc::new(keys),
            stops: Arc::new(StopKey(stops)),
            base_url,
            kind: kind.into(),
            seen: Seen::default(),
            inbox: Arc::default(),
            lists: Arc::default(),
            followed: Arc::new(tokio::sync::watch::Sender::new(i64::MAX)),
        })))
    }

    pub fn is_live(&self) -> bool {
        &*self.kind == "live"
    }

    /// Runs a verb in the store's writer. A refusal on a sealed subject is recorded in a transaction of its own.
    pub async fn write<T, F>(&self, actor: &Actor, verb: F) -> Result<T>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.told(actor, self.store.write(verb).await).await
    }

    /// The same for what was refused outside a write: a page that may not be read.
    pub async fn told<T>(&self, actor: &Actor, outcome: Result<T>) -> Result<T> {
        if let Err(Error::Refused(refused)) = &outcome
            && refused.sealed
        {
            self.store.record_refusal(actor, *refused).await?;
        }
        outcome
    }
}

const WRONG_KEY: &str = "the master key is not the one that this database was made with. Put the right key where \
    `wellposed config` shows its path (or into WELLPOSED_MASTER_KEY); without it nothing that is sealed can be opened";
