//! The crate from outside: what readers find, what changes do, what typed text means.

mod changes;
mod choosing;
mod killed;
mod listing;
mod visibility;
mod words;

use search::{Audience, Change, Document, Index, Kind, Page, Position, Query, Reader};

const NOW: i64 = 1_000_000;

fn at(position: i64) -> Position {
    Position { position, due_until: position * 10 }
}

/// A public English challenge without dates.
fn challenge(id: i64, title: &str) -> Document {
    Document {
        kind: Kind::Challenge,
        id,
        title: title.to_owned(),
        summary: String::new(),
        body: String::new(),
        who: "Town of Alder".to_owned(),
        place: "Alder Valley".to_owned(),
        lang: "en".to_owned(),
        audiences: vec![Audience::Public],
        published_at: id,
        opens_at: None,
        closes_at: None,
        decided_at: None,
        buyer: "Town of Alder".to_owned(),
        categories: Vec::new(),
        budget: None,
    }
}

fn index_of(documents: impl IntoIterator<Item = Document>) -> Index {
    let index = Index::in_memory().unwrap();
    let changes = documents.into_iter().map(Change::Put).collect();
    index.apply(changes, at(1)).unwrap();
    index
}

fn find(index: &Index, text: &str) -> Page {
    let query = Query { text: text.to_owned(), per_page: 100, ..Query::default() };
    index.search(&query, &Reader::public(), NOW).unwrap()
}

/// Ids in the order found, plainly.
fn ids(index: &Index, text: &str) -> Vec<i64> {
    let page = find(index, text);
    assert!(!page.fuzzy, "{text:?} was found only with an error");
    assert_eq!(page.total, page.hits.len());
    page.hits.iter().map(|hit| hit.id).collect()
}
