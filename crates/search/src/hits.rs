//! A search from beginning to end, and what of a document is shown.

use std::ops::Range;

use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument};

use crate::Error;
use crate::document::Kind;
use crate::facets::{Chosen, Facets};
use crate::highlight::Marker;
use crate::index::Index;
use crate::language::{Folder, Language};
use crate::matching::Matcher;
use crate::query::{Hit, Page, Query, Sort, Wanted};
use crate::rank::{Gather, Keys, Order};
use crate::side::Side;
use crate::statistics::Statistics;
use crate::visibility::Reader;

/// How deep one may page: each search keeps as many ranks as lie before the end of the page.
const DEEPEST: usize = 10_000;

/// The stored part of a document.
pub(crate) struct Shown {
    pub kind: Kind,
    pub id: i64,
    pub title: String,
    pub summary: String,
    pub body: String,
    who: String,
    pub lang: String,
    published_at: i64,
    opens_at: Option<i64>,
    closes_at: Option<i64>,
    decided_at: Option<i64>,
}

impl Index {
    /// Answers a page of what this reader may find. `now`: microseconds UTC.
    ///
    /// # Errors
    /// Only where the index itself cannot be read; never for anything in the query.
    pub fn search(&self, query: &Query, reader: &Reader, now: i64) -> Result<Page, Error> {
        let side = self.side();
        let (searcher, fields) = (side.searcher(), &side.fields);
        let wanted = Wanted::parse(&query.text, &mut Folder::new(), &side.languages());
        let order = match query.sort {
            Sort::Relevance if !wanted.is_empty() => Order::Score,
            Sort::Relevance | Sort::Newest => Order::Newest,
            Sort::Closing => Order::Closing { now },
        };
        let range = page_range(query);
        // Columns first: names that are chosen are looked up in them.
        let columns = side.cache.of(&searcher)?;
        let chosen = query.facets.then(|| Chosen::new(query, &side.cache, now));
        let gather = Gather { columns, chosen, order, limit: range.end };
        let statistics = Statistics::of(&searcher, fields, wanted.all(), reader.reads_public_only())?;
        let matcher = Matcher { searcher: &searcher, fields, reader, query, now, cache: &side.cache, statistics };
        let matched = matcher.run(&wanted, &gather)?;

        let mut marker =
            if query.marks { Marker::new(&wanted, &matched.respelled) } else { Marker::new(&Wanted::default(), &[]) };
        let mut hits = Vec::new();
        let gathered = matched.gathered;
        for (rank, address) in gathered.best.into_iter().skip(range.start) {
            let shown = side.shown(&searcher, address)?;
            hits.push(shown.hit(&mut marker, rank.score(order)));
        }
        let kinds = gathered.counts.kinds;
        let (counts, facets) = match &gather.chosen {
            Some(chosen) => {
                (Kind::ALL.map(|kind| (kind, kinds[kind.number()])).to_vec(), gathered.counts.facets(chosen, &side.cache))
            }
            None => (Vec::new(), Facets::default()),
        };
        Ok(Page { total: gathered.total, hits, counts, facets, fuzzy: !matched.respelled.is_empty() })
    }

    /// Every document that this reader may find, ordered by kind and id.
    pub fn visible_ids(&self, reader: &Reader) -> Result<Vec<(Kind, i64)>, Error> {
        let side = self.side();
        let searcher = side.searcher();
        let filter = tantivy::query::BooleanQuery::new(reader.clauses(&side.fields, &[]));
        let mut keys = searcher.search(&filter, &Keys(side.cache.of(&searcher)?))?;
        keys.sort_unstable();
        Ok(keys)
    }
}

impl Side {
    pub fn shown(&self, searcher: &Searcher, address: DocAddress) -> Result<Shown, Error> {
        let fields = &self.fields;
        let stored: TantivyDocument = searcher.doc(address)?;
        let text = |field: Field| {
            let value = stored.get_first(field);
            value.and_then(|value| value.as_str()).unwrap_or_default().to_owned()
        };
        let number = |field: Field| stored.get_first(field).and_then(|value| value.as_i64());
        let kind = stored
            .get_first(fields.kind)
            .and_then(|value| value.as_u64())
            .and_then(|kind| Kind::ALL.get(kind as usize))
            .ok_or_else(|| tantivy::TantivyError::InternalError("a document without a kind".to_owned()))?;
        Ok(Shown {
            kind: *kind,
            id: number(fields.id).unwrap_or_default(),
            title: text(fields.shown_title),
            summary: text(fields.shown_summary),
            body: text(fields.shown_body),
            who: text(fields.shown_who),
            lang: text(fields.shown_lang),
            published_at: number(fields.published_at).unwrap_or_default(),
            opens_at: number(fields.opens_at),
            closes_at: number(fields.closes_at),
            decided_at: number(fields.decided_at),
        })
    }
}

impl Shown {
    pub fn hit(self, marker: &mut Marker, score: f32) -> Hit {
        let language = Language::find(&self.lang);
        Hit {
            title_html: marker.mark(&self.title, language),
            snippet_html: marker.snippet([&self.summary, &self.body], language),
            kind: self.kind,
            id: self.id,
            title: self.title,
            who: self.who,
            lang: self.lang,
            published_at: self.published_at,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            decided_at: self.decided_at,
            score,
        }
    }
}

/// Which ranks are on the page; none where it would end too deep.
fn page_range(query: &Query) -> Range<usize> {
    let size = u64::from(query.per_page);
    let end = u64::from(query.page.max(1)) * size;
    if end > DEEPEST as u64 {
        return 0..0;
    }
    (end - size) as usize..end as usize
}
