//! Pages, orders, and instants exactly at the boundary.

use search::{Document, Index, Kind, Page, Query, Reader, Sort, When};

use crate::{NOW, challenge, index_of};

fn dated(id: i64, opens_at: Option<i64>, closes_at: Option<i64>) -> Document {
    Document { opens_at, closes_at, ..challenge(id, "Dated heat") }
}

fn search(index: &Index, query: &Query, now: i64) -> Page {
    index.search(query, &Reader::public(), now).unwrap()
}

fn ids(page: &Page) -> Vec<i64> {
    page.hits.iter().map(|hit| hit.id).collect()
}

#[test]
fn the_instant_of_opening_is_open_and_that_of_the_deadline_is_late() {
    let index = index_of([
        dated(1, Some(100), Some(200)),
        dated(2, None, Some(200)),
        dated(3, Some(100), None),
        dated(4, None, None),
        dated(5, Some(i64::MIN), Some(i64::MAX)),
    ]);
    let at = |when, now| {
        let query = Query { when, ..Query::default() };
        let mut found = ids(&search(&index, &query, now));
        found.sort_unstable();
        found
    };
    assert_eq!(at(When::Open, 99), [5]);
    assert_eq!(at(When::Open, 100), [1, 5]);
    assert_eq!(at(When::Open, 199), [1, 5]);
    assert_eq!(at(When::Open, 200), [5]);
    assert_eq!(at(When::Closed, 199), Vec::<i64>::new());
    assert_eq!(at(When::Closed, 200), [1, 2]);
    assert_eq!(at(When::Any, 200), [1, 2, 3, 4, 5]);
    assert_eq!(at(When::Closed, i64::MAX), [1, 2, 5]);
    assert_eq!(at(When::Open, i64::MIN), [5]);
}

#[test]
fn open_and_closed_hold_beside_words_too() {
    let index = index_of([dated(1, Some(0), Some(NOW)), dated(2, Some(0), Some(NOW + 1))]);
    let of = |when, text: &str| {
        let query = Query { text: text.to_owned(), when, ..Query::default() };
        ids(&search(&index, &query, NOW))
    };
    assert_eq!(of(When::Open, "heat"), [2]);
    assert_eq!(of(When::Closed, "heat"), [1]);
    assert_eq!(of(When::Closed, "frost"), Vec::<i64>::new());
    assert_eq!(of(When::Closed, "dateds"), [1]);
}

#[test]
fn the_nearest_deadline_comes_first_then_those_gone_by_then_none() {
    let index = index_of([
        dated(1, None, Some(NOW + 5)),
        dated(2, None, Some(NOW - 5)),
        dated(3, None, None),
        dated(4, None, Some(NOW + 1)),
        dated(5, None, Some(NOW)),
        dated(6, None, None),
        dated(7, None, Some(i64::MAX)),
        dated(8, None, Some(i64::MIN)),
    ]);
    for text in ["", "heat"] {
        let query = Query { text: text.to_owned(), sort: Sort::Closing, ..Query::default() };
        assert_eq!(ids(&search(&index, &query, NOW)), [4, 1, 7, 5, 2, 8, 6, 3], "{text:?}");
    }
}

#[test]
fn newest_is_by_publication_and_ties_go_by_kind_and_id() {
    let published = |kind, id, published_at| Document { kind, published_at, ..challenge(id, "Heat") };
    let index = index_of([
        published(Kind::Solution, 1, 5),
        published(Kind::Challenge, 9, 5),
        published(Kind::Challenge, 2, 5),
        published(Kind::PastChallenge, 3, 7),
        published(Kind::Challenge, 4, -1),
    ]);
    for (text, sort) in
        [("", Sort::Relevance), ("", Sort::Newest), ("heat", Sort::Newest), ("heat", Sort::Relevance), ("heat", Sort::Closing)]
    {
        let query = Query { text: text.to_owned(), sort, ..Query::default() };
        let page = search(&index, &query, NOW);
        assert_eq!(ids(&page), [3, 2, 9, 1, 4], "{text:?} {sort:?}");
        let scored = page.hits.iter().all(|hit| hit.score > 0.0);
        assert_eq!(scored, !text.is_empty() && sort == Sort::Relevance);
    }
}

#[test]
fn pages_cover_everything_once_and_end() {
    let index = index_of((0..53).map(|id| challenge(id, "Heat")));
    for text in ["", "heat"] {
        let mut all = Vec::new();
        for page in 1..=6 {
            let query = Query { text: text.to_owned(), page, per_page: 10, ..Query::default() };
            let found = search(&index, &query, NOW);
            assert_eq!(found.total, 53);
            assert_eq!(found.hits.len(), [10, 10, 10, 10, 10, 3][page as usize - 1]);
            all.extend(ids(&found));
        }
        assert_eq!(all, (0..53).rev().collect::<Vec<_>>());
    }
    let far = |page, per_page| {
        let query = Query { page, per_page, ..Query::default() };
        let found = search(&index, &query, NOW);
        assert_eq!(found.total, 53);
        found.hits.len()
    };
    assert_eq!(far(7, 10), 0);
    assert_eq!(far(0, 10), 10);
    assert_eq!(far(1, 10_000), 53);
    assert_eq!(far(1, 10_001), 0);
    assert_eq!(far(u32::MAX, u32::MAX), 0);
    assert_eq!(far(1, 0), 0);
}

#[test]
fn a_hit_carries_what_the_document_said() {
    let document =
        Document { kind: Kind::PastChallenge, lang: "fr-CA".to_owned(), body: "Corps".to_owned(), ..dated(-7, Some(3), Some(4)) };
    let index = index_of([document.clone()]);
    let page = search(&index, &Query::default(), NOW);
    let hit = &page.hits[0];
    assert_eq!((hit.kind, hit.id), (document.kind, document.id));
    assert_eq!((&hit.title, &hit.who), (&document.title, &document.who));
    assert_eq!((&hit.lang, hit.published_at), (&document.lang, -7));
    assert_eq!((hit.opens_at, hit.closes_at), (Some(3), Some(4)));
    assert_eq!(hit.snippet_html, "Corps");
}
