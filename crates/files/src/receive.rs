//! The way in: one pass, nothing kept unless all ends well.

use std::time::Duration;

use bytes::Bytes;
use domain::ids::FileId;
use futures::{Stream, StreamExt};
use object_store::{ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};

use crate::kind::Look;
use crate::{Error, Files, Received, Result};

/// A sender that sends nothing for so long has gone away.
const PATIENCE: Duration = Duration::from_secs(60);
/// S3 takes parts from 5 MiB; so much of an upload is in memory, at most twice.
pub(crate) const PART: usize = 5 * 1024 * 1024;

/// What the bytes of a file are changed to on their way into the store. `None`: it cannot go on.
pub trait Seal: Send {
    fn feed(&mut self, chunk: &[u8]) -> Option<Vec<u8>>;
    /// What is left, once; nothing comes after it.
    fn end(&mut self) -> Option<Vec<u8>>;
}

impl Files {
    /// Takes a stream in, under an id that is not in use. Where it fails nothing is kept.
    pub async fn receive<S, E>(&self, id: FileId, stream: S) -> Result<Received>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: std::fmt::Display,
    {
        self.receive_through(id, stream, None).await
    }

    /// The same; what is kept is what `seal` makes of the bytes. They are counted, hashed, looked at and scanned as they came.
    pub async fn receive_sealed<S, E>(&self, id: FileId, stream: S, seal: &mut dyn Seal) -> Result<Received>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: std::fmt::Display,
    {
        self.receive_through(id, stream, Some(seal)).await
    }

    async fn receive_through<S, E>(&self, id: FileId, stream: S, seal: Option<&mut dyn Seal>) -> Result<Received>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: std::fmt::Display,
    {
        let upload = self.store.put_multipart(&self.path(id)).await?;
        let mut write = WriteMultipart::new_with_chunk_size(upload, PART);
        match self.pass(stream, &mut write, seal).await {
            Ok(received) => {
                write.finish().await?;
                Ok(received)
            }
            Err(error) => {
                if let Err(left) = write.abort().await {
                    tracing::warn!(%left, "an upload that failed could not be taken back; the store's own clean-up will");
                }
                Err(error)
            }
        }
    }

    async fn pass<S, E>(&self, mut stream: S, write: &mut WriteMultipart, mut seal: Option<&mut dyn Seal>) -> Result<Received>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin + Send,
        E: std::fmt::Display,
    {
        let (mut bytes, mut hash, mut look) = (0u64, Sha256::new(), Look::default());
        let mut scan = self.scanner.as_ref().map(crate::Scanner::begin);
        loop {
            let chunk = match tokio::time::timeout(PATIENCE, stream.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(None) => break,
                Ok(Some(Err(error))) => return Err(Error::Broken(error.to_string())),
                Err(_) => return Err(Error::Broken("nothing came for a minute".into())),
            };
            bytes += chunk.len() as u64;
            if bytes > self.most_bytes {
                return Err(Error::TooLong { most: self.most_bytes });
            }
            hash.update(&chunk);
            look.feed(&chunk);
            if let Some(scan) = &mut scan {
                scan.feed(chunk.clone()).await;
            }
            write.wait_for_capacity(1).await?;
            match &mut seal {
                Some(seal) => write.put(seal.feed(&chunk).ok_or(Error::Seal)?.into()),
                None => write.put(chunk),
            }
        }
        if bytes == 0 {
            return Err(Error::Empty);
        }
        let kind = look.end()?;
        let scanned = scan.is_some();
        if let Some(scan) = scan {
            scan.end().await?;
        }
        if let Some(seal) = seal {
            write.wait_for_capacity(1).await?;
            write.put(seal.end().ok_or(Error::Seal)?.into());
        }
        Ok(Received { bytes, sha256: hash.finalize().into(), kind, scanned })
    }
}
