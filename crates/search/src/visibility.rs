//! Who may find what: audiences of a document, the reader's own, and the filter that every query is intersected with.

use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;

use crate::document::Kind;
use crate::schema::Fields;

/// Somebody who may find a document. A document with several is found by the readers of any of them, one with none by
/// nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    Public,
    /// The team of a challenge, by the challenge's id.
    Team(i64),
    /// Everyone with a seat in a round, by the round's id.
    Seat(i64),
    /// The members of a supplier, by the supplier's id.
    Supplier(i64),
}

impl Audience {
    /// `"public"`, `"team:123"`, `"seat:123"`, `"supplier:123"`.
    pub fn term(&self) -> String {
        match self {
            Self::Public => "public".to_owned(),
            Self::Team(challenge) => format!("team:{challenge}"),
            Self::Seat(round) => format!("seat:{round}"),
            Self::Supplier(supplier) => format!("supplier:{supplier}"),
        }
    }

    /// The same confined to a kind, `"public/past"`: where one kind is asked for and nothing is counted beside it, one
    /// list is read instead of two.
    pub(crate) fn term_of(&self, kind: Kind) -> String {
        format!("{}/{}", self.term(), kind.as_str())
    }
}

/// What a person may find: documents of any of these audiences, less those hidden (what they are recused from).
///
/// `Default` finds nothing at all, so that a forgotten field fails closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    pub audiences: Vec<Audience>,
    pub hidden: Vec<(Kind, i64)>,
    /// Only these, where some are named: whether a search finds them. No more is forgiven than where all are searched: what
    /// single documents lack is no reason to look for less.
    pub only: Option<Vec<(Kind, i64)>>,
}

impl Reader {
    /// Somebody who is not signed in.
    pub fn public() -> Self {
        Self { audiences: vec![Audience::Public], ..Self::default() }
    }

    /// The same reader, not confined to single documents.
    pub(crate) fn of_all(&self) -> Self {
        Self { only: None, ..self.clone() }
    }

    /// Whether all that this reader may find is in the public text fields, so that the others need not be looked into.
    pub(crate) fn reads_public_only(&self) -> bool {
        self.audiences.iter().all(|audience| *audience == Audience::Public)
    }

    /// The clauses that confine a query to what this reader may find of these kinds (empty: of all); always with a required
    /// one. They score nothing.
    pub(crate) fn clauses(&self, fields: &Fields, kinds: &[Kind]) -> Vec<(Occur, Box<dyn Query>)> {
        let exact = |term: Term| Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>;
        let mut audiences = self.audiences.clone();
        audiences.sort_unstable();
        audiences.dedup();
        let mut terms: Vec<_> = audiences
            .iter()
            .flat_map(|audience| match kinds {
                [] => vec![audience.term()],
                kinds => kinds.iter().map(|kind| audience.term_of(*kind)).collect(),
            })
            .map(|term| exact(Term::from_field_text(fields.audience, &term)))
            .collect();
        let any: Box<dyn Query> = match terms.len() {
            0 => Box::new(EmptyQuery),
            1 => terms.remove(0),
            _ => Box::new(BooleanQuery::union(terms)),
        };
        let allowed: Box<dyn Query> = Box::new(ConstScoreQuery::new(any, 0.0));
        let hidden = self.hidden.iter().map(|(kind, id)| (Occur::MustNot, exact(fields.key_term(*kind, *id))));
        let only = self.only.as_ref().map(|keys| {
            let keys = TermSetQuery::new(keys.iter().map(|(kind, id)| fields.key_term(*kind, *id)));
            (Occur::Must, Box::new(ConstScoreQuery::new(Box::new(keys), 0.0)) as Box<dyn Query>)
        });
        std::iter::once((Occur::Must, allowed)).chain(hidden).chain(only).collect()
    }
}
