//! Finding things: the only crate that knows the search engine (Tantivy).
//!
//! **What this is.** One index a node, made from documents that the caller hands over (`Change::Put`) and followed by
//! position: each commit carries, in its payload, how far in the change log it has come. A search takes the text, the
//! reader and `now`, and answers a page of hits, an exact total and counts by kind. All calls block (a disk, a merge);
//! from async code they belong on a blocking thread.
//!
//! **What it must never do.**
//! - Answer anything that the reader may not find: the reader's filter (`visibility`) is intersected with every query,
//!   also with the counts, the retry with forgiven spelling and the suggestions.
//! - Let what is hidden change a byte of what is not. Text that the public may not see is indexed in fields of its own,
//!   and every statistic that ranks (how rare a word is, how long a title usually is) is taken from the public fields
//!   alone (`statistics`). Ties are broken by date and id, never by place in the index.
//! - Suggest from the term dictionary, which knows every reader's words. Suggestions are titles of documents found.
//! - Fail on what somebody typed. A query is words, "phrases", -exclusions and `name:value`; anything else is words or
//!   nothing.
//! - Read a clock, or store what time decides: "open" and "closed" compare stored instants with `now`.
//! - Hold the only copy of anything. An index that is broken or of another version is made anew; one of other fields
//!   is read until then.
//!
//! **How to add one more text field.** Best into `rest` (`document::to_engine`): each field costs every word of every query
//! a list. Else a `schema::Text` with its weight, listed in `Fields::text`. `schema::VERSION` goes up by one: nodes then
//! rebuild. **One more facet:** a column (`schema`), its place in `columns::Row`, its group in `facets`, its choice in `Query` and, for searches
//! that count nothing, in `matching`. **One more kind:** a variant of
//! `document::Kind`, its word and its number; the counts follow by themselves. **One more language:** a row in
//! `language::LANGUAGES`, the stemmer's feature in `Cargo.toml`, and the version up by one.

pub mod bench;
mod columns;
mod document;
mod exclusion;
mod facets;
mod filter;
mod follow;
mod highlight;
mod hits;
mod index;
mod language;
mod matching;
mod places;
mod query;
mod rank;
mod schema;
mod side;
mod similar;
mod statistics;
mod suggest;
mod visibility;

pub use columns::is_same_name;
pub use document::{Change, Document, Kind};
pub use facets::Facets;
pub use filter::{Band, NAMES, SOON, When};
pub use follow::{Bulk, Position};
pub use index::{Index, Opened};
pub use query::{Confines, Hit, Page, Query, Sort};
pub use similar::Likeness;
pub use suggest::Suggestion;
pub use visibility::{Audience, Reader};

/// What a person cannot fix. Texts name files and causes for the log, never words of a query or a document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process (or another `Index` in this one) writes into the same folder.
    #[error("the search index in {0} is in use by another process; stop that one first, or give this one another folder")]
    Locked(std::path::PathBuf),
    /// A `Bulk` is being filled. Try again when it has finished.
    #[error("the search index is being rebuilt; changes can be applied when that has finished")]
    Busy,
    #[error("the folder of the search index: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the search engine: {0}")]
    Engine(#[from] tantivy::TantivyError),
}
