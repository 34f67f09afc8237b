//! How rare a word is and how long a text usually is, as the ranking sees it: from public text alone.
//!
//! The engine would count every document, and drafts that nobody else may see would then move public results about.
//! Numbers are rounded down to powers of two, so that two nodes whose indexes hold different numbers of outdated copies
//! still agree on the order, and a merge does not change it.

use std::collections::HashMap;

use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::query::Word;
use crate::schema::{Fields, Text};
use crate::visibility::Audience;

pub(crate) struct Statistics {
    documents: u64,
    /// By field, of either side.
    tokens: HashMap<Field, u64>,
    documents_with: HashMap<Term, u64>,
}

impl Statistics {
    /// For queries about these words.
    pub fn of<'a>(searcher: &Searcher, fields: &Fields, words: impl Iterator<Item = &'a Word>) -> tantivy::Result<Self> {
        let public = Term::from_field_text(fields.audience, &Audience::Public.term());
        let documents = searcher.doc_freq(&public)?.max(1);
        let mut tokens = HashMap::new();
        for text in fields.text() {
            let usual = searcher.total_num_tokens(text.public)? / documents;
            let total = coarse(usual.max(1)) * coarse(documents);
            tokens.insert(text.public, total);
            tokens.insert(text.restricted, total);
        }
        let mut documents_with = HashMap::new();
        for word in words {
            for text in fields.text() {
                let count = Self::documents_with(searcher, text, word)?.min(documents);
                for form in word.forms() {
                    for field in [text.public, text.restricted] {
                        documents_with.insert(Term::from_field_text(field, form), coarse(count));
                    }
                }
            }
        }
        Ok(Self { documents: coarse(documents), tokens, documents_with })
    }

    /// All forms of a word are as rare as the most frequent of them. Otherwise the French stem of an English word would
    /// be a rarity, and the few French documents would come first.
    fn documents_with(searcher: &Searcher, text: Text, word: &Word) -> tantivy::Result<u64> {
        let mut most = 0;
        for form in word.forms() {
            most = most.max(searcher.doc_freq(&Term::from_field_text(text.public, form))?);
        }
        Ok(most)
    }
}

impl Bm25StatisticsProvider for Statistics {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.tokens.get(&field).copied().unwrap_or(self.documents))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        Ok(self.documents_with.get(term).copied().unwrap_or(0))
    }
}

/// Down to a power of two; 0 stays 0. Keeps the order of two numbers, as the formula needs.
fn coarse(number: u64) -> u64 {
    number.checked_ilog2().map_or(0, |power| 1 << power)
}
