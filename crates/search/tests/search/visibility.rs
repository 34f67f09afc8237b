//! A reader finds exactly the documents of their audiences less the hidden ones, and nothing tells of the others.

use proptest::prelude::*;
use search::{Audience, Change, Document, Index, Kind, Likeness, Query, Reader, Sort, When};

use crate::{NOW, at, challenge, index_of};

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![
        2 => Just(Audience::Public),
        1 => (0..4i64).prop_map(Audience::Team),
        1 => (0..4i64).prop_map(Audience::Seat),
        1 => (0..4i64).prop_map(Audience::Supplier),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(&Kind::ALL[..])
}

/// Documents with distinct keys that all say "common", and a few words more.
fn documents() -> impl Strategy<Value = Vec<Document>> {
    let one = (
        kind(),
        0..12i64,
        prop::collection::vec(audience(), 0..4),
        prop::sample::subsequence(vec!["heat", "pump", "school", "secret"], 0..=4),
        prop::bool::ANY,
    );
    prop::collection::vec(one, 0..25).prop_map(|all| {
        let mut documents: Vec<Document> = Vec::new();
        for (kind, id, audiences, words, in_body) in all {
            if documents.iter().any(|it| (it.kind, it.id) == (kind, id)) {
                continue;
            }
            let text = format!("Common {}", words.join(" "));
            let mut document = challenge(id, if in_body { "Title" } else { &text });
            if in_body {
                document.body = text;
            }
            let place = format!("Place {}", id % 3);
            documents.push(Document { kind, audiences, place, budget: Some(id * 30_000), ..document });
        }
        documents
    })
}

fn reader() -> impl Strategy<Value = Reader> {
    (prop::collection::vec(audience(), 0..4), prop::collection::vec((kind(), 0..12i64), 0..4))
        .prop_map(|(audiences, hidden)| Reader { audiences, hidden, only: None })
}

fn may_find(reader: &Reader, document: &Document) -> bool {
    !reader.hidden.contains(&(document.kind, document.id))
        && document.audiences.iter().any(|audience| reader.audiences.contains(audience))
}

/// By the naive filter, in the order of `visible_ids`.
fn expected(documents: &[Document], reader: &Reader) -> Vec<(Kind, i64)> {
    let mut keys: Vec<_> =
        documents.iter().filter(|document| may_find(reader, document)).map(|document| (document.kind, document.id)).collect();
    keys.sort_unstable();
    keys
}

fn found(index: &Index, text: &str, reader: &Reader) -> Vec<(Kind, i64)> {
    let query = Query { text: text.to_owned(), per_page: 1000, ..Query::default() };
    let page = index.search(&query, reader, NOW).unwrap();
    assert_eq!(page.total, page.hits.len());
    for (kind, count) in &page.counts {
        let hits = page.hits.iter().filter(|hit| hit.kind == *kind).count();
        assert_eq!(*count, hits);
    }
    let mut keys: Vec<_> = page.hits.iter().map(|hit| (hit.kind, hit.id)).collect();
    keys.sort_unstable();
    keys
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_door_agrees_with_the_naive_filter(
        documents in documents(),
        readers in prop::collection::vec(reader(), 1..5),
    ) {
        let index = index_of(documents.clone());
        for reader in &readers {
            let expected = expected(&documents, reader);
            prop_assert_eq!(&index.visible_ids(reader).unwrap(), &expected);
            prop_assert_eq!(&found(&index, "", reader), &expected);
            prop_assert_eq!(&found(&index, "common", reader), &expected);
            // Misspelt, excluded, or half of it unknown: never more than may be found.
            for text in ["comon", "secret", "secert", "heat pump school", "-heat", "heat zzzzzzzz"] {
                for key in found(&index, text, reader) {
                    prop_assert!(expected.contains(&key), "{:?} found {:?}", text, key);
                }
            }
            for (kind, id) in documents.iter().map(|document| (document.kind, document.id)) {
                for hit in index.similar(kind, id, &Query::default(), reader, NOW).unwrap() {
                    prop_assert!(expected.contains(&(hit.kind, hit.id)) && expected.contains(&(kind, id)));
                }
            }
            let counts = index.search(&Query::default(), reader, NOW).unwrap().facets;
            let places: usize = counts.places.iter().map(|(_, count)| count).sum();
            let bands: usize = counts.bands.iter().map(|(_, count)| count).sum();
            prop_assert_eq!((places, bands), (expected.len(), expected.len()));
            for prefix in ["c", "com", "common he", "title", "secret"] {
                for suggestion in index.suggest(prefix, reader, 50).unwrap() {
                    prop_assert!(expected.contains(&(suggestion.kind, suggestion.id)));
                }
            }
        }
    }

    /// What a reader may not find changes nothing of what they see: no hit, order, score, count, mark or suggestion.
    #[test]
    fn hidden_documents_change_nothing(
        documents in documents(),
        reader in reader(),
        batches in 1..4usize,
    ) {
        let all = Index::in_memory().unwrap();
        for batch in documents.chunks(documents.len().div_ceil(batches).max(1)) {
            all.apply(batch.iter().cloned().map(Change::Put).collect(), at(1)).unwrap();
        }
        // Public documents stay even where they are hidden from this reader: what is rare in public is public.
        let own = index_of(documents.into_iter().filter(|document| {
            may_find(&reader, document) || document.audiences.contains(&Audience::Public)
        }));
        for text in ["", "common", "heat school", "secret", "secert pump", "\"heat pump\"", "title -heat"] {
            for sort in [Sort::Relevance, Sort::Newest, Sort::Closing] {
                let query = Query { text: text.to_owned(), sort, ..Query::default() };
                prop_assert_eq!(
                    all.search(&query, &reader, NOW).unwrap(),
                    own.search(&query, &reader, NOW).unwrap()
                );
            }
            prop_assert_eq!(all.suggest(text, &reader, 10).unwrap(), own.suggest(text, &reader, 10).unwrap());
            let likeness = Likeness { title: text.to_owned(), text: String::new(), lang: "en".to_owned() };
            let like = |index: &Index| index.like(&likeness, &[], &Query::default(), &reader, NOW).unwrap();
            prop_assert_eq!(like(&all), like(&own));
        }
    }
}

#[test]
fn nobody_and_no_audience_find_nothing() {
    let index = index_of([Document { audiences: vec![], ..challenge(1, "Orphan") }, challenge(2, "Public")]);
    assert_eq!(index.visible_ids(&Reader::default()).unwrap(), []);
    assert_eq!(found(&index, "", &Reader::default()), []);
    assert_eq!(index.visible_ids(&Reader::public()).unwrap(), [(Kind::Challenge, 2)]);
}

#[test]
fn a_team_finds_its_draft_and_the_public_not_even_its_words() {
    let draft = Document { audiences: vec![Audience::Team(7)], ..challenge(7, "Photovoltaic roofs") };
    let index = index_of([draft, challenge(8, "Photography of roofs")]);
    let team = Reader { audiences: vec![Audience::Public, Audience::Team(7)], hidden: vec![], only: None };
    assert_eq!(found(&index, "photovoltaic", &team), [(Kind::Challenge, 7)]);
    assert_eq!(found(&index, "photovoltaic", &Reader::public()), []);
    assert_eq!(found(&index, "fotovoltaic", &Reader::public()), []);
    let titles = |reader: &Reader| -> Vec<i64> {
        let suggestions = index.suggest("photo", reader, 10).unwrap();
        suggestions.iter().map(|it| it.id).collect()
    };
    assert_eq!(titles(&Reader::public()), [8]);
    assert_eq!(titles(&team), [8, 7]);

    let recused = Reader { hidden: vec![(Kind::Challenge, 7)], ..team };
    assert_eq!(found(&index, "photovoltaic", &recused), []);
    assert_eq!(titles(&recused), [8]);
}

#[test]
fn counts_keep_to_the_reader_and_the_time_but_not_to_the_kinds() {
    let index = index_of([
        Document { opens_at: Some(0), closes_at: Some(NOW + 1), ..challenge(1, "Heat") },
        challenge(2, "Heat"),
        Document { kind: Kind::Solution, ..challenge(1, "Heat") },
        Document { kind: Kind::Solution, audiences: vec![Audience::Supplier(1)], ..challenge(2, "Heat") },
    ]);
    let search = |kinds: &[Kind], when| {
        let query = Query { text: "heat".to_owned(), kinds: kinds.to_vec(), when, ..Query::default() };
        index.search(&query, &Reader::public(), NOW).unwrap()
    };
    let all = [(Kind::Challenge, 2), (Kind::PastChallenge, 0), (Kind::Solution, 1)];
    let page = search(&[], When::Any);
    assert_eq!((page.total, &page.counts[..3]), (3, all.as_slice()));
    let page = search(&[Kind::Solution], When::Any);
    assert_eq!((page.total, &page.counts[..3]), (1, all.as_slice()));
    assert_eq!(page.hits[0].kind, Kind::Solution);
    // The kind asked for has none, but the text was found plainly: nothing is respelled.
    let page = search(&[Kind::PastChallenge], When::Any);
    assert_eq!((page.total, page.fuzzy), (0, false));
    let page = search(&[], When::Open);
    assert_eq!((page.total, page.counts[0].1), (1, 1));
}
