//! Files: where their bytes are kept, and what is done to them on the way in.
//!
//! **What this is.** [`Files`] takes a stream of bytes and gives back what it was: how many, their SHA-256, their kind by
//! content. Bytes pass once: they are counted, hashed, looked at, sent to the malware scanner and to the store at the same
//! time, and the store publishes them only when all of that has ended well. A folder (each file and its folder are synced
//! to disk before the answer) or a bucket of an S3-compatible service holds them, under a random id and nothing else.
//!
//! **What it must never do.**
//! - Believe a name. The kind comes from the content; what a browser could run is refused.
//! - Keep half a file: an upload that breaks, is too long or is infected leaves nothing behind.
//! - Let a file pass unscanned where a scanner was asked for and does not answer.
//! - Know what a file belongs to or who may read it: that is `policy`'s and `workflow`'s.
//!
//! **How to add one more kind of file.** A variant of `domain::file::FileKind`, and its content in [`kind`].

mod kind;
mod place;
mod receive;
mod scan;

use std::time::Duration;

use bytes::Bytes;
use domain::file::FileKind;
use domain::ids::FileId;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::{ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};

pub use place::Place;
pub use receive::Seal;
pub use scan::Scanner;

/// Cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: std::sync::Arc<dyn ObjectStore>,
    prefix: object_store::path::Path,
    scanner: Option<Scanner>,
    most_bytes: u64,
}

/// What came in, and is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub bytes: u64,
    pub sha256: [u8; 32],
    pub kind: FileKind,
    /// A scanner looked through it.
    pub scanned: bool,
}

/// Why a file was not taken. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the file is empty")]
    Empty,
    /// `most`: bytes.
    #[error("the file is longer than {most} bytes")]
    TooLong { most: u64 },
    /// Neither of the kinds that are taken; what it looks like, where that is known.
    #[error("files of this kind are not taken")]
    Kind { looks_like: Option<&'static str> },
    /// The scanner's own name for what it found.
    #[error("the scanner found {0}")]
    Infected(String),
    #[error("the scanner does not answer: {0}")]
    Unscanned(String),
    /// The sender went away, or sent nothing for a minute.
    #[error("the upload broke off: {0}")]
    Broken(String),
    #[error("the file could not be sealed, or its seal does not open")]
    Seal,
    #[error("there is no such file")]
    Missing,
    #[error("file store: {0}")]
    Store(#[from] object_store::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Files {
    /// `most_bytes`: of one file.
    pub fn open(place: &Place, scanner: Option<Scanner>, most_bytes: u64) -> Result<Self> {
        let (store, prefix) = place.open()?;
        Ok(Self { store, prefix, scanner, most_bytes })
    }

    pub fn most_bytes(&self) -> u64 {
        self.most_bytes
    }

    fn path(&self, id: FileId) -> object_store::path::Path {
        self.prefix.clone().join(id.to_string())
    }

    /// The bytes of a file, from `range` (from, up to and without) or whole.
    pub async fn read(&self, id: FileId, range: Option<std::ops::Range<u64>>) -> Result<BoxStream<'static, Result<Bytes>>> {
        let options = object_store::GetOptions { range: range.map(Into::into), ..Default::default() };
        match self.store.get_opts(&self.path(id), options).await {
            Ok(found) => Ok(found.into_stream().map_err(Error::from).boxed()),
            Err(object_store::Error::NotFound { .. }) => Err(Error::Missing),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether something lies under the id.
    pub async fn has(&self, id: FileId) -> Result<bool> {
        match self.store.head(&self.path(id)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of a file as they lie, to the same id of another place: backup and restore. Gives how many, and their SHA-256.
    pub async fn copy_to(&self, other: &Files, id: FileId) -> Result<(u64, [u8; 32])> {
        let mut from = self.read(id, None).await?;
        let mut to = WriteMultipart::new_with_chunk_size(other.store.put_multipart(&other.path(id)).await?, receive::PART);
        let (mut bytes, mut hash) = (0, Sha256::new());
        while let Some(chunk) = from.try_next().await? {
            bytes += chunk.len() as u64;
            hash.update(&chunk);
            to.wait_for_capacity(1).await?;
            to.put(chunk);
        }
        to.finish().await?;
        Ok((bytes, hash.finalize().into()))
    }

    /// Whether nothing is kept here.
    pub async fn is_empty(&self) -> Result<bool> {
        Ok(self.store.list(Some(&self.prefix)).try_next().await?.is_none())
    }

    /// Gone, also if it never was.
    pub async fn delete(&self, id: FileId) -> Result<()> {
        match self.store.delete(&self.path(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Ids of the files that were stored at least `age` ago.
    pub async fn older_than(&self, age: Duration) -> Result<Vec<FileId>> {
        let all: Vec<_> = self.store.list(Some(&self.prefix)).try_collect().await?;
        let age = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let newest = all.iter().map(|object| object.last_modified.timestamp()).max().unwrap_or_default();
        // Compared with the newest file, not with this machine's clock: the store's clock alone says what is old. Too
        // careful where nothing was stored lately, never too bold.
        Ok(all
            .iter()
            .filter(|object| newest.saturating_sub(object.last_modified.timestamp()) >= age)
            .filter_map(|object| FileId::parse(object.location.filename()?))
            .collect())
    }

    /// Whether the store answers: for the readiness of the service.
    pub async fn answers(&self) -> Result<()> {
        match self.store.head(&self.prefix.clone().join("readiness")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
