//! Documents like another, or like a text: those that share its telling words.
//!
//! Words are told apart by public statistics alone, as everywhere; a document that the reader may not find neither answers
//! nor is asked about.

use std::collections::HashMap;

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query as EngineQuery};

use crate::Error;
use crate::document::Kind;
use crate::highlight::Marker;
use crate::index::Index;
use crate::language::{Folder, Language, is_stop_word, unstemmed, words};
use crate::matching::{Matcher, Spelling};
use crate::query::{Hit, Query, Wanted, Word};
use crate::rank::{Gather, Order};
use crate::statistics::Statistics;
use crate::visibility::Reader;

/// Different words that are weighed, the first ones of a text.
const WEIGHED: usize = 160;
/// Of them so many are looked for. These three by measurement (`docs/search.md`).
const LOOKED_FOR: usize = 32;
/// How often a word of the title counts.
const TITLE: f32 = 3.0;
/// A word that more than one public document in so many has tells nothing.
const COMMON: f32 = 3.0;

/// So many of the telling words two documents share at least, where there are enough to share.
const SHARED: usize = 3;

/// A text that others are to be like. Plain, without markup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Likeness {
    pub title: String,
    pub text: String,
    /// BCP 47: only documents of the same word forms are alike.
    pub lang: String,
}

impl Index {
    /// Documents like one that this reader may find, the most alike first; not itself. Of the query only kinds, `when` and
    /// what else is chosen count, and `per_page`. Nothing for a document that the reader may not find.
    pub fn similar(&self, kind: Kind, id: i64, query: &Query, reader: &Reader, now: i64) -> Result<Vec<Hit>, Error> {
        let side = self.side();
        let searcher = side.searcher();
        let mut clauses = reader.clauses(&side.fields, &[]);
        let key = tantivy::query::TermQuery::new(side.fields.key_term(kind, id), tantivy::schema::IndexRecordOption::Basic);
        clauses.push((Occur::Must, Box::new(key)));
        let columns = side.cache.of(&searcher)?;
        let gather = Gather { columns, chosen: None, order: Order::Newest, limit: 1 };
        let found = searcher.search(&BooleanQuery::new(clauses), &gather)?;
        let Some((_, address)) = found.best.into_iter().next() else { return Ok(Vec::new()) };
        let shown = side.shown(&searcher, address)?;
        let likeness = Likeness { text: format!("{}\n{}", shown.summary, shown.body), title: shown.title, lang: shown.lang };
        self.like(&likeness, &[(kind, id)], query, reader, now)
    }

    /// The same for a text of one's own; `except`: what is known already.
    pub fn like(
        &self,
        likeness: &Likeness,
        except: &[(Kind, i64)],
        query: &Query,
        reader: &Reader,
        now: i64,
    ) -> Result<Vec<Hit>, Error> {
        let side = self.side();
        let (searcher, fields) = (side.searcher(), &side.fields);
        let weighed = weighed(likeness);
        let statistics = Statistics::of(&searcher, fields, weighed.iter().map(|(word, _)| word), reader.reads_public_only())?;
        let mut telling: Vec<(f32, usize)> = Vec::new();
        for (place, (word, often)) in weighed.iter().enumerate() {
            let terms = fields
                .text()
                .into_iter()
                .flat_map(|text| word.forms().map(move |form| Term::from_field_text(text.public, form)).collect::<Vec<_>>());
            if let Some(rarity) = statistics.rarity(terms).filter(|rarity| *rarity >= COMMON.ln()) {
                telling.push(((1.0 + often.ln()) * rarity, place));
            }
        }
        telling.sort_by(|(one, first), (other, second)| other.total_cmp(one).then(first.cmp(second)));
        telling.truncate(LOOKED_FOR);

        let query = Query { facets: false, ..query.clone() };
        let matcher = Matcher { searcher: &searcher, fields, reader, query: &query, now, cache: &side.cache, statistics };
        let any: Vec<Box<dyn EngineQuery>> = telling
            .iter()
            .filter_map(|(_, place)| weighed.get(*place))
            .map(|(word, often)| {
                let boost = 1.0 + often.ln();
                Box::new(BoostQuery::new(matcher.word(word, Spelling::Plain), boost)) as Box<dyn EngineQuery>
            })
            .collect();
        if any.is_empty() {
            return Ok(Vec::new());
        }
        let mut clauses = matcher.chosen();
        // One word in common is chance, most of all where there are few documents; of a few words one is enough.
        let shared = (any.len() / SHARED).clamp(1, SHARED);
        clauses.push((Occur::Must, Box::new(BooleanQuery::union_with_minimum_required_clauses(any, shared))));
        let most = query.per_page as usize;
        let gather = Gather {
            columns: side.cache.of(&searcher)?,
            chosen: None,
            order: Order::Score,
            // What is left out afterwards must not shorten the answer.
            limit: (most + except.len()).min(1_000),
        };
        let gathered = matcher.collect(clauses, &gather)?;
        let mut marker = Marker::new(&Wanted::default(), &[]);
        let mut hits = Vec::new();
        for (rank, address) in gathered.best {
            let shown = side.shown(&searcher, address)?;
            if hits.len() < most && !except.contains(&(shown.kind, shown.id)) {
                hits.push(shown.hit(&mut marker, rank.score(Order::Score)));
            }
        }
        Ok(hits)
    }
}

/// Each word once, in the order of the text, and how often it stands there.
fn weighed(likeness: &Likeness) -> Vec<(Word, f32)> {
    let language = Language::find(&likeness.lang);
    let mut folder = Folder::new();
    let mut found: Vec<(Word, f32)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let title = words(&likeness.title).map(|(_, word)| (word, TITLE));
    for (word, counts) in title.chain(words(&likeness.text).map(|(_, word)| (word, 1.0))) {
        let surface = folder.surface(word);
        if surface.chars().count() < 3 || surface.bytes().all(|byte| byte.is_ascii_digit()) || is_stop_word(&surface) {
            continue;
        }
        let stems = match language {
            Some(language) => folder.stems(word, language),
            None => vec![unstemmed(&surface)],
        };
        let Some(stem) = stems.first() else { continue };
        match places.get(stem) {
            Some(place) => found[*place].1 += counts,
            None if found.len() < WEIGHED => {
                places.insert(stem.clone(), found.len());
                found.push((Word { surface, stems }, counts));
            }
            None => {}
        }
    }
    found
}
