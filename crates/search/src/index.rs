//! The index itself: opening, making anew, and who holds the writer.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tantivy::directory::{Directory, INDEX_WRITER_LOCK, MmapDirectory, RamDirectory};
use tantivy::indexer::IndexWriterOptions;
use tantivy::{Index as Engine, IndexReader, IndexSettings, IndexWriter, ReloadPolicy};

use crate::Error;
use crate::follow::{Payload, Position};
use crate::language::Forms;
use crate::schema::{self, Fields, READ_FROM, VERSION};
use crate::side::Side;

/// Bytes that the writer may hold before it writes a segment.
const WRITER_MEMORY: usize = 64 << 20;

/// A handle; clones share one index. Searches run beside each other and beside a write; each sees one commit.
#[derive(Clone)]
pub struct Index(pub(crate) Arc<Shared>);

/// An index that has been opened.
pub struct Opened {
    pub index: Index,
    /// It holds nothing of this version yet: fill it with `Index::bulk`, from a scan of everything. Until that is finished
    /// the documents of an older one are found, where their fields can be read.
    pub fresh: bool,
}

pub(crate) struct Shared {
    /// Where the index is; nowhere for tests.
    folder: Option<PathBuf>,
    /// What is written to.
    own: RwLock<Arc<Side>>,
    /// What is read while `own` is filled for the first time: an index of other fields, and its folder.
    old: RwLock<Option<(Arc<Side>, PathBuf)>>,
    slot: Mutex<Slot>,
    /// Held through a whole `apply`, so that a second one waits instead of finding the writer gone.
    pub turn: Mutex<()>,
    pub position: RwLock<Option<Position>>,
    /// Of what is read while there is no position: how far that had followed when it was left.
    left_at: RwLock<Option<Position>>,
}

/// The folder, within that of the index, to which one of other fields is put aside.
const OLD: &str = "put-aside";

/// The one writer. It moves out while it writes: a `Bulk` lives across `await`s, where a guard could not.
enum Slot {
    Idle(Box<IndexWriter>),
    Lent,
    /// It failed and could not be rolled back; the next one who needs it makes another.
    Lost,
}

impl Index {
    /// Opens the index in `folder`, which is made if it is missing. One that is broken is deleted and a fresh one made in its
    /// place; one of other fields is put aside and found in until the fresh one is whole, if what a search reads is in it.
    /// Files that are not the engine's are left alone.
    ///
    /// # Errors
    /// `Locked` if another process has it open; `Folder` and `Engine` if the disk does not let it be made.
    pub fn open(folder: &Path) -> Result<Opened, Error> {
        fs::create_dir_all(folder)?;
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        // Whoever holds this lock is at work there: nothing may be deleted under it.
        let lock = directory.acquire_lock(&INDEX_WRITER_LOCK);
        let lock = lock.map_err(|_| Error::Locked(folder.to_owned()))?;
        let aside = folder.join(OLD);
        let (engine, position, mut left_at) = match existing(&directory) {
            Ok((engine, at, true)) => (engine, at, None),
            Ok((engine, at, false)) => (engine, None, at),
            Err(reason) => {
                if fs::exists(folder.join("meta.json"))? {
                    tracing::warn!(folder = %folder.display(), %reason, "the search index is made anew");
                    // Only what can be found in is worth more than what was put aside before.
                    if Side::of_another(folder).is_some() {
                        put_aside(folder, &aside)?;
                    }
                }
                clear(folder)?;
                (create(MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?)?, None, None)
            }
        };
        drop(lock);
        let old = match position {
            Some(_) => None,
            None => Side::of_another(&aside).map(|(side, at)| {
                left_at = Some(at);
                (Arc::new(side), aside.clone())
            }),
        };
        if old.is_none() {
            discard(&aside)?;
        }
        let index = Self::new(Some(folder.to_owned()), engine, position, old, left_at).map_err(|error| match error {
            Error::Engine(tantivy::TantivyError::LockFailure(..)) => Error::Locked(folder.to_owned()),
            other => other,
        })?;
        Ok(Opened { fresh: position.is_none(), index })
    }

    /// For tests: empty, and gone with its last handle.
    pub fn in_memory() -> Result<Self, Error> {
        Self::new(None, create(RamDirectory::create())?, None, None, None)
    }

    fn new(
        folder: Option<PathBuf>,
        engine: Engine,
        position: Option<Position>,
        old: Option<(Arc<Side>, PathBuf)>,
        left_at: Option<Position>,
    ) -> Result<Self, Error> {
        let (_, fields) = schema::build();
        let writer = writer(&engine)?;
        let own = Side::new(engine, fields)?;
        Ok(Self(Arc::new(Shared {
            folder,
            own: RwLock::new(Arc::new(own)),
            old: RwLock::new(old),
            slot: Mutex::new(Slot::Idle(writer)),
            turn: Mutex::new(()),
            position: RwLock::new(position),
            left_at: RwLock::new(left_at),
        })))
    }

    /// What a search reads, from beginning to end: a change meanwhile is for the next one.
    pub(crate) fn side(&self) -> Arc<Side> {
        let old = self.0.old.read().unwrap_or_else(PoisonError::into_inner);
        old.as_ref().map_or_else(|| self.0.own(), |(side, _)| side.clone())
    }

    /// While documents of another version are read until this one's are whole: how far those had followed. Nothing that was
    /// taken back since is taken out of them, so whoever searches hides it (`Reader::hidden`).
    pub fn left_at(&self) -> Option<Position> {
        *self.0.left_at.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The own documents are whole: what was read in their place goes.
    pub(crate) fn take_over(&self) {
        *self.0.left_at.write().unwrap_or_else(PoisonError::into_inner) = None;
        let old = self.0.old.write().unwrap_or_else(PoisonError::into_inner).take();
        // Searches that still read it have its files open.
        if let Some((_, folder)) = old
            && let Err(error) = discard(&folder)
        {
            tracing::warn!(%error, "what was put aside of the search index could not be deleted");
        }
    }

    pub(crate) fn fields(&self) -> Fields {
        self.0.own().fields
    }
}

impl Shared {
    pub fn own(&self) -> Arc<Side> {
        self.own.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the writer out. Who takes it gives it back by `settle`, whatever happens.
    pub fn borrow(&self) -> Result<Box<IndexWriter>, Error> {
        let mut slot = self.slot();
        match std::mem::replace(&mut *slot, Slot::Lent) {
            Slot::Idle(writer) => Ok(writer),
            Slot::Lent => Err(Error::Busy),
            Slot::Lost => {
                *slot = Slot::Lost;
                drop(slot);
                self.recover()?;
                let mut slot = self.slot();
                match std::mem::replace(&mut *slot, Slot::Lent) {
                    Slot::Idle(writer) => Ok(writer),
                    Slot::Lent => Err(Error::Busy),
                    Slot::Lost => writer(&self.own().engine).inspect_err(|_| *slot = Slot::Lost),
                }
            }
        }
    }

    /// Somebody deleted the files under a running program, or broke them: an empty index takes their place, to be filled from a
    /// scan of everything as after `Index::open`, and what was read goes on being read until then. Nothing is done where the
    /// files are whole.
    fn recover(&self) -> Result<(), Error> {
        let Some(folder) = &self.folder else { return Ok(()) };
        fs::create_dir_all(folder)?;
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let Err(reason) = existing(&directory) else { return Ok(()) };
        tracing::warn!(folder = %folder.display(), %reason, "the search index was lost under the running program and is made anew");
        // The old writer goes first: it holds the lock.
        *self.slot() = Slot::Lost;
        clear(folder)?;
        let engine = create(directory)?;
        let (_, fields) = schema::build();
        let fresh = Slot::Idle(writer(&engine)?);
        let fresh_side = Arc::new(Side::new(engine, fields)?);
        let read = std::mem::replace(&mut *self.own.write().unwrap_or_else(PoisonError::into_inner), fresh_side);
        let followed = self.position.write().unwrap_or_else(PoisonError::into_inner).take();
        // Where another was read already, that goes on: what was being filled was not whole.
        if let Some(at) = followed {
            *self.left_at.write().unwrap_or_else(PoisonError::into_inner) = Some(at);
            *self.old.write().unwrap_or_else(PoisonError::into_inner) = Some((read, folder.join(OLD)));
        }
        *self.slot() = fresh;
        Ok(())
    }

    /// Gives the writer back. What it has not committed must not slip into the next commit.
    pub fn settle(&self, mut writer: Box<IndexWriter>, committed: bool) {
        let usable = committed
            || writer.rollback().inspect_err(|error| tracing::error!(%error, "the search index's writer is lost")).is_ok();
        *self.slot() = if usable { Slot::Idle(writer) } else { Slot::Lost };
        if !committed && let Err(error) = self.recover() {
            tracing::error!(%error, "the search index could not be made anew");
        }
    }
}

fn settings() -> IndexSettings {
    IndexSettings {
        // Commits are small and many: a thread for each would cost more than it compresses.
        docstore_compress_dedicated_thread: false,
        ..IndexSettings::default()
    }
}

fn create(directory: impl Into<Box<dyn Directory>>) -> Result<Engine, Error> {
    let (schema, _) = schema::build();
    let engine = Engine::create(directory, schema, settings())?;
    engine.tokenizers().register(Forms::NAME, Forms::new());
    Ok(engine)
}

/// An index that can be read, how far it has followed, and whether by the rules of this version; else why not.
fn existing(directory: &MmapDirectory) -> Result<(Engine, Option<Position>, bool), Box<dyn std::error::Error>> {
    let engine = Engine::open(directory.clone())?;
    engine.tokenizers().register(Forms::NAME, Forms::new());
    let (expected, _) = schema::build();
    if engine.schema() != expected {
        return Err("other fields".into());
    }
    let (position, own) = match engine.load_metas()?.payload {
        // Made, but never committed to.
        None => (None, true),
        Some(payload) => {
            let payload: Payload = serde_json::from_str(&payload)?;
            if payload.schema < READ_FROM {
                return Err("a version that is not read".into());
            }
            // The same fields, filled by other rules: what it finds is found until the new one is whole. Who may find it is
            // the reader's terms, as ever.
            (Some(payload.at), payload.schema == VERSION)
        }
    };
    // Opens every file of every segment, so that what is missing or cut short shows now.
    reader(&engine)?;
    Ok((engine, position, own))
}

pub(crate) fn reader(engine: &Engine) -> tantivy::Result<IndexReader> {
    // Reloaded by hand after each commit: no thread that watches files, and no delay.
    let builder = engine.reader_builder();
    builder.reload_policy(ReloadPolicy::Manual).try_into()
}

fn writer(engine: &Engine) -> Result<Box<IndexWriter>, Error> {
    let options =
        IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(WRITER_MEMORY).num_merge_threads(1).build();
    Ok(Box::new(engine.writer_with_options(options)?))
}

/// Deletes the engine's files, and nothing else that somebody may keep there. Lock files stay: one is held.
fn clear(folder: &Path) -> Result<(), Error> {
    for path in own_files(folder)? {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Moves the engine's files, in place of what was there. The list of segments goes last: until it is there nothing is.
fn put_aside(folder: &Path, aside: &Path) -> Result<(), Error> {
    discard(aside)?;
    fs::create_dir_all(aside)?;
    let mut files = own_files(folder)?;
    files.sort_by_key(|path| path.ends_with("meta.json"));
    for path in files {
        if let Some(name) = path.file_name() {
            fs::rename(&path, aside.join(name))?;
        }
    }
    Ok(())
}

fn discard(aside: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(aside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn own_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let segment = name.split_once('.').is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|it| it.is_ascii_hexdigit()));
        if (segment || matches!(&*name, "meta.json" | ".managed.json")) && entry.file_type()?.is_file() {
            files.push(entry.path());
        }
    }
    Ok(files)
}
