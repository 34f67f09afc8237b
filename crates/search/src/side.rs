//! What is read from: one index with its columns. Usually there is one; while an index of this version is filled for the first
//! time, that of another version is read beside it.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use tantivy::directory::MmapDirectory;
use tantivy::{Index as Engine, IndexReader, Searcher, Term};

use crate::Error;
use crate::columns::Cache;
use crate::follow::{Payload, Position};
use crate::index::reader;
use crate::language::{Forms, Language};
use crate::schema::{self, Fields, READ_FROM};

pub(crate) struct Side {
    pub engine: Engine,
    reader: IndexReader,
    pub fields: Fields,
    pub cache: Cache,
    /// That there are documents of: a query need not be stemmed in others.
    languages: RwLock<Arc<[Language]>>,
}

impl Side {
    pub fn new(engine: Engine, fields: Fields) -> Result<Self, Error> {
        let reader = reader(&engine)?;
        let side = Self { engine, reader, fields, cache: Cache::default(), languages: RwLock::new(Arc::new([])) };
        side.look()?;
        Ok(side)
    }

    /// An index of other fields, if documents were committed to it by a version that is read, and all that a search reads is among
    /// them, and how far it has followed. Never written to.
    pub fn of_another(folder: &Path) -> Option<(Self, Position)> {
        let engine = Engine::open(MmapDirectory::open(folder).ok()?).ok()?;
        engine.tokenizers().register(Forms::NAME, Forms::new());
        let fields = schema::fields_in(&engine.schema())?;
        let payload: Payload = serde_json::from_str(&engine.load_metas().ok()?.payload?).ok()?;
        if payload.schema < READ_FROM {
            return None;
        }
        Some((Self::new(engine, fields).ok()?, payload.at))
    }

    /// After a commit: searches see it from now on.
    pub fn reload(&self) -> Result<(), Error> {
        self.reader.reload()?;
        self.look()
    }

    /// What is the same for every search until the next commit.
    fn look(&self) -> Result<(), Error> {
        let searcher = self.searcher();
        let mut present = Vec::new();
        for language in Language::all() {
            if searcher.doc_freq(&Term::from_field_text(self.fields.stemmer, language.code))? > 0 {
                present.push(language);
            }
        }
        *self.languages.write().unwrap_or_else(PoisonError::into_inner) = present.into();
        self.cache.keep(&searcher);
        // Read by who follows, so that no search has to.
        self.cache.of(&searcher)?;
        Ok(())
    }

    pub fn languages(&self) -> Arc<[Language]> {
        self.languages.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }
}
