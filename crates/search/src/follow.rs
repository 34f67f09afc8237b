//! Following the change log: batches of changes, each committed with the position it brings the index to.

use std::sync::PoisonError;

use serde::{Deserialize, Serialize};
use tantivy::IndexWriter;

use crate::Error;
use crate::document::{Change, Document, to_engine};
use crate::index::Index;
use crate::schema::VERSION;

/// How far an index has followed. Lives in the payload of the engine's commit, so that documents and position can never
/// disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The last change row that is in.
    pub position: i64,
    /// Rows that fell due up to this instant are in: microseconds UTC.
    pub due_until: i64,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub schema: u32,
    #[serde(flatten)]
    pub at: Position,
}

impl Index {
    /// How far the last commit had followed; `None` before the first.
    pub fn position(&self) -> Option<Position> {
        let position = self.0.position.read();
        *position.unwrap_or_else(PoisonError::into_inner)
    }

    /// Applies the changes in their order and commits them with `at`, in one step; then searches see them. With no
    /// change it only moves the position. Applying the same changes again is harmless.
    ///
    /// # Errors
    /// `Busy` while a `Bulk` is open. After any error either nothing of this batch is in the index or all of it (the
    /// commit was written, but could not be opened): applied again it comes to the same. Where the files were deleted under it the
    /// index is empty then, without a `position`, and searches read what they read before until `Bulk::finish`.
    pub fn apply(&self, changes: Vec<Change>, at: Position) -> Result<(), Error> {
        let _turn = self.0.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut writer = self.0.borrow()?;
        let result = self.write(&mut writer, &changes, at);
        self.0.settle(writer, result.is_ok());
        result
    }

    fn write(&self, writer: &mut IndexWriter, changes: &[Change], at: Position) -> Result<(), Error> {
        let fields = self.fields();
        for change in changes {
            match change {
                Change::Put(document) => {
                    writer.delete_term(fields.key_term(document.kind, document.id));
                    writer.add_document(to_engine(&fields, document))?;
                }
                Change::Remove { kind, id } => {
                    writer.delete_term(fields.key_term(*kind, *id));
                }
            }
        }
        self.commit(writer, at)
    }

    fn commit(&self, writer: &mut IndexWriter, at: Position) -> Result<(), Error> {
        let payload = Payload { schema: VERSION, at };
        let payload = serde_json::to_string(&payload).map_err(std::io::Error::from)?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.0.own().reload()?;
        self.take_over();
        // Last: whoever reads the position before they search finds at least what it says. A page is kept by it.
        let position = self.0.position.write();
        *position.unwrap_or_else(PoisonError::into_inner) = Some(at);
        Ok(())
    }

    /// Begins to fill the index anew. Until `Bulk::finish`, searches find what was there before; dropping the `Bulk`
    /// keeps that. Meanwhile `apply` answers `Busy`. If another `Bulk` is open, the first `put` of this one says `Busy`.
    pub fn bulk(&self) -> Bulk {
        let (writer, refused) = match self.0.borrow() {
            Ok(writer) => (Some(writer), None),
            Err(error) => (None, Some(error)),
        };
        Bulk { index: self.clone(), writer, refused, begun: false }
    }
}

/// A whole new content for an index: every document once, then `finish`. Memory stays bounded however many there are.
pub struct Bulk {
    index: Index,
    writer: Option<Box<IndexWriter>>,
    refused: Option<Error>,
    begun: bool,
}

impl Bulk {
    /// Each kind and id once: later ones do not replace earlier ones here.
    ///
    /// # Errors
    /// `Busy` if another `Bulk` was open when this one was begun. After any error, drop it and begin again.
    pub fn put(&mut self, document: Document) -> Result<(), Error> {
        let document = to_engine(&self.index.fields(), &document);
        self.writer()?.add_document(document)?;
        Ok(())
    }

    /// Replaces all that was in the index by what was put, in one commit with `at`.
    pub fn finish(mut self, at: Position) -> Result<(), Error> {
        self.writer()?;
        let Some(mut writer) = self.writer.take() else {
            return Err(Error::Busy);
        };
        let result = self.index.commit(&mut writer, at);
        self.index.0.settle(writer, result.is_ok());
        result
    }

    fn writer(&mut self) -> Result<&mut IndexWriter, Error> {
        if let Some(error) = self.refused.take() {
            return Err(error);
        }
        let writer = self.writer.as_mut().ok_or(Error::Busy)?;
        if !self.begun {
            writer.delete_all_documents()?;
            self.begun = true;
        }
        Ok(writer)
    }
}

impl Drop for Bulk {
    fn drop(&mut self) {
        if let Some(writer) = self.writer.take() {
            self.index.0.settle(writer, false);
        }
    }
}
