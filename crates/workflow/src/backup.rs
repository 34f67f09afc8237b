//! A backup: everything that an installation knows but its master key, taken while it serves, and put back elsewhere.
//!
//! It is a folder: `wellposed.db` (a SQLite file, also of an installation on PostgreSQL; it goes back into either), `files`
//! with the bytes of every file that a row names, and `backup.json`, which comes last and says what belongs to it. First the
//! rows in one snapshot, then their files: none of those is deleted meanwhile, because the backup holds them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::ids::FileId;
use domain::moment::{DAY, Moment};
use files::{Files, Place};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::backup::{Copy, copy_in, copy_out, is_empty, read_copy};
use store::{Options, Store};

use crate::sealing::hex;
use crate::{Error, Result};

/// A backup that takes longer than this is none: files may be deleted again.
const HELD: i64 = 2 * DAY;

/// What is in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub made_at: String,
    /// Of the schema.
    pub schema: i64,
    /// Where the record stood: an anchor for `wellposed audit verify`.
    pub position: i64,
    pub head: String,
    /// SHA-256 of `wellposed.db`; `None` in backups made before it was kept.
    #[serde(default)]
    pub database: Option<String>,
    pub files: Vec<Kept>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub id: String,
    pub bytes: u64,
    pub sha256: String,
}

fn database(folder: &Path) -> PathBuf {
    folder.join("wellposed.db")
}

/// The files of a backup; nothing is received there, so no limit and no scanner.
fn bytes_of(folder: &Path) -> Result<Files> {
    Files::open(&Place::Folder(folder.join("files")), None, 0).map_err(Error::Files)
}

fn io(path: &Path) -> impl Fn(io::Error) -> Error {
    let place = path.display().to_string();
    move |error| Error::Broken(format!("{place}: {error}"))
}

/// Copies an installation into `folder`, which is made or must be empty.
pub async fn back_up(options: &Options, store: &Store, files: &Files, folder: &Path) -> Result<Manifest> {
    fs::create_dir_all(folder).map_err(io(folder))?;
    if fs::read_dir(folder).map_err(io(folder))?.next().is_some() {
        return Err(Error::Broken(format!("{} is not empty: a backup goes into a folder of its own", folder.display())));
    }
    #[cfg(unix)]
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(io(folder))?;
    hold(store, store.now().plus(HELD)).await?;
    let made = copy(options, store, files, folder).await;
    // Also where it failed; and a process that dies before this holds nothing for longer than `HELD`.
    hold(store, store.now()).await?;
    made
}

async fn hold(store: &Store, until: Moment) -> Result<()> {
    store.write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.hold_files(until).await?) })).await
}

async fn copy(options: &Options, store: &Store, files: &Files, folder: &Path) -> Result<Manifest> {
    let made_at = store.now();
    copy_out(options, &database(folder)).await?;
    let copied = sound(&database(folder)).await?;
    let to = bytes_of(folder)?;
    let mut kept = Vec::with_capacity(copied.files.len());
    for id in &copied.files {
        let (bytes, sha256) = match files.copy_to(&to, *id).await {
            Ok(copied) => copied,
            Err(files::Error::Missing) => {
                return Err(Error::Broken(format!(
                    "file {id} is in the database, but its bytes are gone from the place of files"
                )));
            }
            Err(error) => return Err(Error::Files(error)),
        };
        kept.push(Kept { id: id.to_string(), bytes, sha256: hex(&sha256) });
    }
    let manifest = Manifest {
        made_at: made_at.rfc3339(),
        schema: copied.schema,
        position: copied.record.head.position,
        head: hex(&copied.record.head.hash),
        database: Some(sha256_of(&database(folder))?),
        files: kept,
    };
    let path = folder.join("backup.json");
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| Error::Broken(error.to_string()))?;
    let mut file = File::create_new(&path).map_err(io(&path))?;
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(io(&path))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io(folder))?;
    Ok(manifest)
}

fn sha256_of(file: &Path) -> Result<String> {
    let mut hasher = Sha256::new();
    let mut bytes = File::open(file).map_err(io(file))?;
    io::copy(&mut bytes, &mut hasher).map_err(io(file))?;
    Ok(hex(&hasher.finalize()))
}

/// A copy that opens, and whose record is whole.
async fn sound(file: &Path) -> Result<Copy> {
    let copied = read_copy(file).await?;
    match &copied.record.broken {
        None => Ok(copied),
        Some(broken) => Err(Error::Broken(format!("the record in {} does not verify: {broken}", file.display()))),
    }
}

/// Puts a backup where no installation is. The files come first: what has a database is whole.
pub async fn restore(folder: &Path, options: &Options, files: &Files) -> Result<Manifest> {
    let path = folder.join("backup.json");
    let text = fs::read_to_string(&path)
        .map_err(|error| Error::Broken(format!("{}: {error}. Without it this is no whole backup", path.display())))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| Error::Broken(format!("{}: {error}", path.display())))?;
    if !is_empty(options).await? {
        return Err(Error::Broken("there is a database already, and it is left as it is: restore into an empty place".into()));
    }
    if !files.is_empty().await.map_err(Error::Files)? {
        return Err(Error::Broken("there are files already in the place of files: restore into an empty place".into()));
    }
    if let Some(expected) = &manifest.database
        && *expected != sha256_of(&database(folder))?
    {
        return Err(Error::Broken("wellposed.db was changed since the backup was made".into()));
    }
    let copied = sound(&database(folder)).await?;
    let (head, named) = (hex(&copied.record.head.hash), copied.files.iter().map(ToString::to_string));
    if (copied.record.head.position, head) != (manifest.position, manifest.head.clone())
        || !named.eq(manifest.files.iter().map(|kept| kept.id.clone()))
    {
        return Err(Error::Broken("wellposed.db and backup.json do not belong together".into()));
    }
    let from = bytes_of(folder)?;
    let mut put = Vec::new();
    let mut outcome = copy_files(&manifest, &from, files, &mut put).await;
    if outcome.is_ok() {
        outcome = copy_in(&database(folder), options).await.map_err(Error::from);
    }
    if let Err(error) = outcome {
        // The place was empty before: what this run put there goes, so that a good backup can be restored there next.
        for id in put {
            if let Err(error) = files.delete(id).await {
                return Err(Error::Broken(format!(
                    "{error}. Files of this backup were left in the place of files: empty it before the next restore"
                )));
            }
        }
        return Err(error);
    }
    Ok(manifest)
}

/// `put`: what came to the place of files, whole or not.
async fn copy_files(manifest: &Manifest, from: &Files, to: &Files, put: &mut Vec<FileId>) -> Result<()> {
    for kept in &manifest.files {
        let id = FileId::parse(&kept.id).ok_or_else(|| Error::Broken(format!("{} is no file's id", kept.id)))?;
        put.push(id);
        let (bytes, sha256) = match from.copy_to(to, id).await {
            Ok(copied) => copied,
            Err(files::Error::Missing) => {
                return Err(Error::Broken(format!("file {id} is not in the backup. Nothing was restored: take another backup")));
            }
            Err(error) => return Err(Error::Broken(format!("file {id}: {error}"))),
        };
        if (bytes, hex(&sha256)) != (kept.bytes, kept.sha256.clone()) {
            return Err(Error::Broken(format!(
                "file {id} was changed since the backup was made. Nothing was restored: take another backup"
            )));
        }
    }
    Ok(())
}
