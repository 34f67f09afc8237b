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
use crate::schema::Fields;
use crate::visibility::Audience;

pub(crate) struct Statistics {
    documents: u64,
    /// By field, of either side.
    tokens: HashMap<Field, u64>,
    documents_with: HashMap<Term, u64>,
}

impl Statistics {
    /// For queries about these words, by a reader who reads public text alone or not.
    pub fn of<'a>(
        searcher: &Searcher,
        fields: &Fields,
        words: impl Iterator<Item = &'a Word>,
        public_only: bool,
    ) -> tantivy::Result<Self> {
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
                // All forms of a word are as rare as the most frequent of them. Otherwise the French stem of an English word
                // would be a rarity, and the few French documents would come first.
                let (mut most, mut there) = (0, Vec::new());
                for form in word.forms() {
                    let term = Term::from_field_text(text.public, form);
                    let count = searcher.doc_freq(&term)?;
                    most = most.max(count);
                    if count > 0 {
                        there.push(term);
                    }
                    if !public_only {
                        let term = Term::from_field_text(text.restricted, form);
                        if searcher.doc_freq(&term)? > 0 {
                            there.push(term);
                        }
                    }
                }
                let count = coarse(most.min(documents));
                documents_with.extend(there.into_iter().map(|term| (term, count)));
                // Phrases are made of surfaces.
                for field in [text.public, text.restricted] {
                    documents_with.insert(Term::from_field_text(field, &word.surface), count);
                }
            }
        }
        Ok(Self { documents: coarse(documents), tokens, documents_with })
    }

    /// Whether any document has it in a field that this reader reads; so that no query looks for what is nowhere.
    pub fn knows(&self, term: &Term) -> bool {
        self.documents_with.contains_key(term)
    }

    /// How telling a word is, from 0; `None` if it is nowhere in public text.
    pub fn rarity(&self, terms: impl Iterator<Item = Term>) -> Option<f32> {
        let most = terms.filter_map(|term| self.documents_with.get(&term)).max().filter(|most| **most > 0)?;
        Some((self.documents as f32 / *most as f32).ln().max(0.0))
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
