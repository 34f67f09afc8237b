//! Where files are kept: a folder of this machine, or a bucket.

use std::path::PathBuf;
use std::sync::{Arc, Once};

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;

use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Folder(PathBuf),
    /// A bucket of an S3-compatible service, and what comes before each id in it (may be empty). Endpoint, region and keys
    /// come from the usual variables (`AWS_ENDPOINT`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, …).
    Bucket {
        bucket: String,
        prefix: String,
    },
    /// For tests: gone with the process.
    Memory,
}

impl Place {
    /// `s3://bucket` or `s3://bucket/prefix`; anything else is the path of a folder, from `folder`.
    pub fn parse(text: &str, folder: &std::path::Path) -> Result<Self, &'static str> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return if text.contains("://") {
                Err("it must be a folder, or s3://bucket or s3://bucket/prefix")
            } else {
                Ok(Self::Folder(folder.join(text)))
            };
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() || bucket.contains(['@', ':', '?']) {
            return Err("it must name a bucket, such as s3://bucket; keys and endpoint come from the AWS_ variables");
        }
        Ok(Self::Bucket { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
    }

    pub(crate) fn open(&self) -> Result<(Arc<dyn ObjectStore>, Path)> {
        match self {
            Self::Folder(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|source| object_store::Error::Generic { store: "folder", source: Box::new(source) })?;
                // Synced, file and folder: a file whose upload was confirmed survives a loss of power.
                Ok((Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)), Path::default()))
            }
            Self::Bucket { bucket, prefix } => {
                static CRYPTOGRAPHY: Once = Once::new();
                CRYPTOGRAPHY.call_once(|| {
                    // Another part of the program may have chosen already: the same.
                    let _ = rustls::crypto::ring::default_provider().install_default();
                });
                let endpoint_is_plain = std::env::var("AWS_ENDPOINT").is_ok_and(|endpoint| endpoint.starts_with("http://"));
                let store = AmazonS3Builder::from_env().with_bucket_name(bucket).with_allow_http(endpoint_is_plain).build()?;
                let prefix = Path::parse(prefix).map_err(|error| Error::Store(error.into()))?;
                Ok((Arc::new(store), prefix))
            }
            Self::Memory => Ok((Arc::new(InMemory::new()), Path::default())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        let parse = |text| Place::parse(text, std::path::Path::new("/srv"));
        assert_eq!(parse("files"), Ok(Place::Folder("/srv/files".into())));
        assert_eq!(parse("s3://b"), Ok(Place::Bucket { bucket: "b".into(), prefix: String::new() }));
        assert_eq!(parse("s3://b/a/c/"), Ok(Place::Bucket { bucket: "b".into(), prefix: "a/c".into() }));
        for text in ["s3://", "s3:///a", "s3://key:secret@b", "https://b.example/a", "gs://b"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
