//! What is chosen beside the words, counted, and typed as `name:value`: against a naive reading of the documents.

use proptest::prelude::*;
use search::{Band, Document, Facets, Index, Kind, Likeness, Query, Reader, Sort, When};

use crate::{NOW, challenge, find, ids, index_of};

const DAY: i64 = 24 * 3_600_000_000;

fn document() -> impl Strategy<Value = Document> {
    let instant = prop::option::of(prop::sample::select(vec![NOW - 1, NOW, NOW + 1, NOW + 14 * DAY, NOW + 14 * DAY - 1]));
    let words = (
        prop::sample::select(vec!["heat", "heat pump", "light"]),
        prop::sample::select(vec!["", "Leeds", "Alder Valley"]),
        prop::sample::select(vec!["", "Town of Alder", "City of Leeds"]),
        prop::sample::select(vec!["en", "fr-CA", "cy"]),
    );
    let numbers = (
        prop::collection::vec(prop::sample::select(vec!["85000000", "85110000", "85143000", "90511000", "no"]), 0..3),
        prop::option::of(prop::sample::select(vec![0, 49_999, 50_000, 250_000, 1_000_000])),
    );
    let kind = prop::sample::select(&Kind::ALL[..]);
    (kind, instant.clone(), instant.clone(), instant, words, numbers).prop_map(
        |(kind, opens_at, closes_at, decided_at, (title, place, buyer, lang), (categories, budget))| Document {
            kind,
            opens_at,
            closes_at,
            decided_at,
            place: place.into(),
            buyer: buyer.into(),
            lang: lang.into(),
            categories: categories.into_iter().map(String::from).collect(),
            budget,
            ..challenge(0, title)
        },
    )
}

fn query() -> impl Strategy<Value = Query> {
    let some = |all: Vec<&'static str>| prop::option::of(prop::sample::select(all).prop_map(String::from));
    (
        prop::sample::select(vec!["", "heat"]),
        prop::option::of(prop::sample::select(&Kind::ALL[..])),
        prop::sample::select(vec![When::Any, When::Open, When::Soon, When::Closed, When::Decided]),
        (some(vec!["85", "85100000", "90", "x"]), some(vec!["Leeds", "leeds", "Nowhere"]), some(vec!["Town of Alder"])),
        some(vec!["fr", "de", "?"]),
        prop::option::of(prop::sample::select(&Band::ALL[..])),
    )
        .prop_map(|(text, kind, when, (category, place, buyer), lang, band)| Query {
            text: text.into(),
            kinds: kind.into_iter().collect(),
            when,
            category,
            place,
            buyer,
            lang,
            band,
            sort: Sort::Newest,
            per_page: 100,
            ..Query::default()
        })
}

fn open(it: &Document) -> bool {
    it.opens_at.is_some_and(|at| at <= NOW) && it.closes_at.is_some_and(|at| NOW < at)
}

fn is(it: &Document, when: When) -> bool {
    match when {
        When::Any => true,
        When::Open => open(it),
        When::Soon => open(it) && it.closes_at.is_some_and(|at| at - NOW < 14 * DAY),
        When::Closed => it.closes_at.is_some_and(|at| at <= NOW),
        When::Decided => it.decided_at.is_some_and(|at| at <= NOW),
    }
}

fn band(it: &Document) -> Option<Band> {
    it.budget.map(|budget| match budget {
        ..=49_999 => Band::Small,
        50_000..=249_999 => Band::Medium,
        250_000..=999_999 => Band::Large,
        _ => Band::Huge,
    })
}

fn lang(it: &Document) -> String {
    it.lang[..2].to_owned()
}

/// Without the zeros that fill up a code; two digits at least, unless there are none.
fn root(part: &str) -> &str {
    let root = part.trim_end_matches('0');
    if root.len() < 2 { &part[..part.len().min(2)] } else { root }
}

/// Of eight digits, and of this part of the tree.
fn codes<'a>(it: &'a Document, part: &'a str) -> impl Iterator<Item = &'a String> {
    let root = root(part);
    it.categories.iter().filter(move |code| code.len() == 8 && code.starts_with(root))
}

/// Names differ by no capital.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn admits(query: &Query, it: &Document) -> bool {
    (query.text.is_empty() || it.title.contains(&query.text))
        && (query.kinds.is_empty() || query.kinds.contains(&it.kind))
        && is(it, query.when)
        && query.category.as_ref().is_none_or(|part| part != "x" && codes(it, part).next().is_some())
        && query.place.as_ref().is_none_or(|place| same(place, &it.place))
        && query.buyer.as_ref().is_none_or(|buyer| same(buyer, &it.buyer))
        && query.lang.as_ref().is_none_or(|wanted| *wanted == lang(it))
        && query.band.is_none_or(|wanted| band(it) == Some(wanted))
}

/// Values with their counts as the index orders them.
fn counted<T: PartialEq>(documents: &[Document], query: &Query, values: impl Fn(&Document) -> Vec<T>) -> Vec<(T, usize)> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for document in documents.iter().filter(|document| admits(query, document)) {
        for value in values(document) {
            match counts.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += 1,
                None => counts.push((value, 1)),
            }
        }
    }
    counts
}

fn ordered(mut counts: Vec<(String, usize)>) -> Vec<(String, usize)> {
    counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    counts
}

fn named(name: &str) -> Vec<String> {
    Some(name.to_owned()).filter(|name| !name.is_empty()).into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Hits are what is chosen; each group counts as if its own choice were not made; and a search that counts nothing finds
    /// the same, though the engine's filters choose there.
    #[test]
    fn choices_and_counts_are_what_a_naive_reading_says(
        mut documents in prop::collection::vec(document(), 0..30),
        query in query(),
        batches in 1..4usize,
    ) {
        for (id, document) in documents.iter_mut().enumerate() {
            (document.id, document.published_at) = (id as i64, id as i64);
        }
        let index = Index::in_memory().unwrap();
        for batch in documents.chunks(documents.len().div_ceil(batches).max(1)) {
            index.apply(batch.iter().cloned().map(search::Change::Put).collect(), crate::at(1)).unwrap();
        }
        let page = index.search(&query, &Reader::public(), NOW).unwrap();
        let expected: Vec<i64> = documents.iter().rev().filter(|it| admits(&query, it)).map(|it| it.id).collect();
        let found: Vec<i64> = page.hits.iter().map(|hit| hit.id).collect();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(page.total, expected.len());
        let bare = index.search(&Query { facets: false, marks: false, ..query.clone() }, &Reader::public(), NOW).unwrap();
        prop_assert_eq!(bare.hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), expected);

        let kinds = Query { kinds: Vec::new(), ..query.clone() };
        for (kind, count) in &page.counts {
            prop_assert_eq!(*count, documents.iter().filter(|it| it.kind == *kind && admits(&kinds, it)).count());
        }
        let any = Query { when: When::Any, ..query.clone() };
        let mut when = counted(&documents, &any, |it| When::ALL.into_iter().filter(|when| is(it, *when)).collect());
        when.sort_by_key(|(when, _)| When::ALL.iter().position(|it| it == when));
        let mut bands = counted(&documents, &Query { band: None, ..query.clone() }, |it| band(it).into_iter().collect());
        bands.sort_by_key(|(band, _)| *band as u8);
        // Within a category its parts; else the divisions.
        let part = query.category.clone();
        let children = |it: &Document| {
            let root = root(part.as_deref().unwrap_or("")).to_owned();
            let length = if root.is_empty() { 2 } else { root.len() + 1 };
            let mut children: Vec<String> =
                codes(it, &root).filter(|_| length <= 5).map(|code| format!("{:0<8}", &code[..length])).collect();
            children.sort();
            children.dedup();
            children
        };
        let facets = Facets {
            when,
            categories: ordered(counted(&documents, &query, children)),
            places: ordered(counted(&documents, &Query { place: None, ..query.clone() }, |it| named(&it.place))),
            buyers: ordered(counted(&documents, &Query { buyer: None, ..query.clone() }, |it| named(&it.buyer))),
            langs: ordered(counted(&documents, &Query { lang: None, ..query.clone() }, |it| vec![lang(it)])),
            bands,
        };
        prop_assert_eq!(page.facets, facets);
    }

    /// `name:value` in the text is the same choice.
    #[test]
    fn what_is_typed_chooses_like_what_is_clicked(documents in prop::collection::vec(document(), 0..20)) {
        let mut documents = documents;
        for (id, document) in documents.iter_mut().enumerate() {
            document.id = id as i64;
        }
        let index = index_of(documents.clone());
        let kind = |kind| Query { kinds: vec![kind], ..Query::default() };
        let when = |when| Query { when, ..Query::default() };
        let text = |text: &str| Some(text.to_owned());
        for (typed, clicked) in [
            ("kind:solution", kind(Kind::Solution)),
            ("status:open", when(When::Open)),
            ("status:closing", when(When::Soon)),
            ("Status:Decided", when(When::Decided)),
            ("place:leeds", Query { place: text("Leeds"), ..Query::default() }),
            ("place:\"valley alder\"", Query { place: text("Alder Valley"), ..Query::default() }),
            ("buyer: town", Query { buyer: text("Town of Alder"), ..Query::default() }),
            ("lang:french", Query { lang: text("fr"), ..Query::default() }),
            ("category:85", Query { category: text("85000000"), ..Query::default() }),
            ("budget>=1m", Query { band: Some(Band::Huge), ..Query::default() }),
            ("budget<50k", Query { band: Some(Band::Small), ..Query::default() }),
        ] {
            let clicked = Query { per_page: 100, ..clicked };
            let clicked: Vec<i64> =
                index.search(&clicked, &Reader::public(), NOW).unwrap().hits.iter().map(|hit| hit.id).collect();
            prop_assert_eq!(&ids(&index, typed), &clicked, "{}", typed);
            let others: Vec<i64> = ids(&index, &format!("-{typed}"));
            prop_assert_eq!(clicked.len() + others.len(), documents.len(), "-{}", typed);
            prop_assert!(others.iter().all(|id| !clicked.contains(id)));
        }
    }
}

#[test]
fn a_summary_in_another_language_of_stems_is_still_found() {
    let index = index_of([Document { lang: "cy".into(), ..challenge(1, "Ysgolion") }, challenge(2, "Schools")]);
    assert_eq!(ids(&index, "ysgolion"), [1]);
    assert_eq!(ids(&index, "schools"), [2]);
}

fn like(index: &Index, text: &str, reader: &Reader) -> Vec<i64> {
    let likeness = Likeness { title: text.into(), text: String::new(), lang: "en".into() };
    let hits = index.like(&likeness, &[], &Query::default(), reader, NOW).unwrap();
    hits.iter().map(|hit| hit.id).collect()
}

/// A world large enough that some words are rare: documents 1 and 2 are about the same thing.
fn world() -> Vec<Document> {
    let themes = ["bridges", "libraries", "parking", "ferries", "museums", "forests", "harbours", "archives"];
    let other = (10..90).map(|id| challenge(id, &format!("Council wants better {}", themes[id as usize % 8])));
    [
        challenge(1, "Missed home visits by nurses"),
        Document { kind: Kind::Solution, ..challenge(2, "Route planning for nurses on home visits") },
    ]
    .into_iter()
    .chain(other)
    .collect()
}

#[test]
fn what_is_alike_shares_telling_words_and_is_never_itself() {
    let index = index_of(world());
    let similar = |kind, id, kinds: &[Kind]| -> Vec<i64> {
        let query = Query { kinds: kinds.to_vec(), ..Query::default() };
        let hits = index.similar(kind, id, &query, &Reader::public(), NOW).unwrap();
        hits.iter().map(|hit| hit.id).collect()
    };
    assert_eq!(similar(Kind::Challenge, 1, &[]), [2]);
    assert_eq!(similar(Kind::Solution, 2, &[Kind::Challenge]), [1]);
    assert_eq!(similar(Kind::Challenge, 1, &[Kind::PastChallenge]), Vec::<i64>::new());
    assert_eq!(similar(Kind::Challenge, 999, &[]), Vec::<i64>::new());
    assert_eq!(like(&index, "a nurse's home visit", &Reader::public()).len(), 2);
    assert_eq!(like(&index, "the of and", &Reader::public()), Vec::<i64>::new());
    assert_eq!(like(&index, "", &Reader::public()), Vec::<i64>::new());
}

#[test]
fn nobody_asks_what_is_like_a_document_that_they_may_not_find() {
    let mut documents = world();
    documents[0].audiences = vec![search::Audience::Team(1)];
    let index = index_of(documents);
    let team = Reader { audiences: vec![search::Audience::Public, search::Audience::Team(1)], hidden: Vec::new(), only: None };
    let similar = |reader: &Reader| index.similar(Kind::Challenge, 1, &Query::default(), reader, NOW).unwrap().len();
    assert_eq!((similar(&team), similar(&Reader::public())), (1, 0));
    assert_eq!(like(&index, "missed nurses", &Reader::public()), [2]);
    assert_eq!(like(&index, "missed nurses", &team), [1, 2]);
}

#[test]
fn a_name_is_one_however_it_is_spelt() {
    let at = |id, place: &str| Document { place: place.into(), buyer: "City of Montréal".into(), ..challenge(id, "Heat") };
    let hidden = Document { audiences: vec![search::Audience::Team(1)], ..at(9, "MONTREAL") };
    // What is hidden is spelt first, and more often than it is.
    let second = Document { id: 10, ..hidden.clone() };
    let index = index_of([hidden, second, at(1, "Montréal"), at(2, "Montréal"), at(3, "montreal"), at(4, "Leeds")]);
    for facets in [true, false] {
        for name in ["Montréal", "montreal", " MONTREAL "] {
            let query = Query { place: Some(name.into()), facets, sort: Sort::Newest, ..Query::default() };
            let page = index.search(&query, &Reader::public(), NOW).unwrap();
            assert_eq!(page.total, 3, "{name} {facets}");
            if facets {
                assert_eq!(page.facets.places, [("Montréal".to_owned(), 3), ("Leeds".to_owned(), 1)], "as most spell it");
            }
        }
        let query = Query { buyer: Some("city of montreal".into()), facets, ..Query::default() };
        assert_eq!(index.search(&query, &Reader::public(), NOW).unwrap().total, 4);
        let query = Query { place: Some("Montr".into()), facets, ..Query::default() };
        assert_eq!(index.search(&query, &Reader::public(), NOW).unwrap().total, 0, "a whole name");
    }
}

#[test]
fn a_choice_does_not_make_words_misspelt() {
    let index = index_of([challenge(1, "Heat pumps"), Document { place: "Leeds".into(), ..challenge(2, "Heap of rubble") }]);
    let query = Query { text: "heat".into(), place: Some("Leeds".into()), ..Query::default() };
    let page = index.search(&query, &Reader::public(), NOW).unwrap();
    assert_eq!((page.total, page.fuzzy), (0, false));
    assert_eq!(find(&index, "heat").total, 1);
}
