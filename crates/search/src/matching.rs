//! From what is wanted to what matches: the engine's queries, and what is tried in turn.

use std::ops::Bound;

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, EnableScoring, FuzzyTermQuery, Occur, PhraseQuery,
    Query as EngineQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::columns::Cache;
use crate::document::{Kind, tag};
use crate::exclusion::Exclusion;
use crate::filter::{Branch, Filter, SOON, When, branch};
use crate::language::unstemmed;
use crate::places::Places;
use crate::query::{Query, Wanted, Word};
use crate::rank::{Gather, Gathered};
use crate::schema::{Fields, Text};
use crate::statistics::Statistics;
use crate::visibility::Reader;

pub(crate) type Clause = (Occur, Box<dyn EngineQuery>);

/// How much the second best place of a word adds to the best one: a word in title and body is a little better than one
/// in the title, but no body outweighs a title by repetition.
const ALSO: f32 = 0.2;

pub(crate) struct Matcher<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    pub reader: &'a Reader,
    /// What is chosen in it confines the engine's query only where nothing is counted beside it.
    pub query: &'a Query,
    pub now: i64,
    /// Knows how names are spelt.
    pub cache: &'a Cache,
    /// Of all words that are looked for.
    pub statistics: Statistics,
}

pub(crate) struct Matched {
    pub gathered: Gathered,
    /// Words that were found only with an error forgiven.
    pub respelled: Vec<Word>,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Spelling {
    Plain,
    Forgiven,
}

impl Matcher<'_> {
    /// All words; else with spelling forgiven; else half of them (see `Query`). The reader's filter is in each. Of single
    /// documents (`Reader::only`) as much is forgiven as among all that the reader may find, with nothing chosen: what a
    /// search finds on its page is what it tells of later.
    pub fn run(&self, wanted: &Wanted, gather: &Gather) -> tantivy::Result<Matched> {
        let collect = |clauses: Vec<Clause>| self.collect(clauses, gather);
        let plain = |word: &Word| (Occur::Must, self.word(word, Spelling::Plain));
        let mut matched = Matched { gathered: Gathered::default(), respelled: Vec::new() };
        // Whether it found something, if only elsewhere.
        let mut settled = false;
        if wanted.words.iter().all(|word| self.is_known(word)) {
            let words = || wanted.words.iter().map(plain);
            matched.gathered = collect(self.fixed(wanted).into_iter().chain(words()).collect())?;
            settled = !matched.gathered.is_empty() || self.elsewhere(wanted, words().collect())?;
        }
        if settled || wanted.words.is_empty() {
            return Ok(matched);
        }

        // A word that something findable has is spelt well, however odd; the rest may be slips.
        let mut tried = Vec::new();
        let mut lost = false;
        for word in &wanted.words {
            if self.is_known(word) && self.any(self.word(word, Spelling::Plain))? {
                tried.push((word, Spelling::Plain));
            } else if word.tolerance() > 0 {
                tried.push((word, Spelling::Forgiven));
            } else {
                lost = true;
            }
        }
        let is_slip = |(_, spelling): &(&Word, Spelling)| *spelling == Spelling::Forgiven;
        if !lost && tried.iter().any(is_slip) {
            let words = || self.each(&tried).map(|query| (Occur::Must, query));
            matched.gathered = collect(self.fixed(wanted).into_iter().chain(words()).collect())?;
            settled = !matched.gathered.is_empty() || self.elsewhere(wanted, words().collect())?;
        }
        if !settled && wanted.words.len() > 1 {
            // What is found in no spelling does not count against the others.
            let mut found = Vec::new();
            for (word, spelling) in tried {
                if spelling == Spelling::Plain || self.any(self.word(word, spelling))? {
                    found.push((word, spelling));
                }
            }
            tried = found;
            if !tried.is_empty() {
                let half =
                    BooleanQuery::union_with_minimum_required_clauses(self.each(&tried).collect(), tried.len().div_ceil(2));
                let mut clauses = self.fixed(wanted);
                clauses.push((Occur::Must, Box::new(half)));
                matched.gathered = collect(clauses)?;
            }
        }
        if !matched.gathered.is_empty() {
            let slips = tried.iter().filter(|it| is_slip(it));
            matched.respelled = slips.map(|(word, _)| (*word).clone()).collect();
        }
        Ok(matched)
    }

    fn each(&self, words: &[(&Word, Spelling)]) -> impl Iterator<Item = Box<dyn EngineQuery>> {
        words.iter().map(|(word, spelling)| self.word(word, *spelling))
    }

    pub fn collect(&self, clauses: Vec<Clause>, gather: &Gather) -> tantivy::Result<Gathered> {
        self.searcher.search_with_statistics_provider(&BooleanQuery::new(clauses), gather, &self.statistics)
    }

    /// Whether a word is anywhere in what this reader's words can be in.
    fn is_known(&self, word: &Word) -> bool {
        self.fields.text().into_iter().any(|text| {
            self.sides(text).any(|field| word.forms().any(|form| self.statistics.knows(&Term::from_field_text(field, form))))
        })
    }

    /// What holds in every attempt: the reader, what is chosen, what confines it, phrases, exclusions; and the wishes.
    fn fixed(&self, wanted: &Wanted) -> Vec<Clause> {
        let mut clauses = self.chosen();
        clauses.extend(self.confined(wanted));
        clauses
    }

    /// Whether words find anything at all where single documents are asked for: then nothing more is forgiven for these.
    fn elsewhere(&self, wanted: &Wanted, words: Vec<Clause>) -> tantivy::Result<bool> {
        if self.reader.only.is_none() {
            return Ok(false);
        }
        let clauses = self.confined(wanted).into_iter().chain(words);
        self.any(Box::new(BooleanQuery::new(clauses.collect())))
    }

    fn confined(&self, wanted: &Wanted) -> Vec<Clause> {
        let mut clauses = Vec::new();
        let filters = wanted.filters.iter().map(|filter| (Occur::Must, self.filter(filter)));
        clauses.extend(filters);
        let not = wanted.not.iter().map(|filter| Box::new(Exclusion(self.filter(filter))) as Box<dyn EngineQuery>);
        clauses.extend(not.map(|filter| (Occur::MustNot, filter)));
        for phrase in &wanted.phrases {
            clauses.push((Occur::Must, self.phrase(phrase)));
        }
        let wishes = wanted.wishes.iter().filter(|wish| self.is_known(wish));
        let wishes: Vec<_> = wishes.map(|wish| self.word(wish, Spelling::Plain)).collect();
        if !wishes.is_empty() {
            // Together: of several optional clauses the engine would make a union, and these words are everywhere.
            clauses.push((Occur::Should, Box::new(Places::new(wishes, 1.0))));
        }
        for words in &wanted.excluded {
            let excluded = match words.as_slice() {
                [word] => self.word(word, Spelling::Plain),
                words => self.phrase(words),
            };
            clauses.push((Occur::MustNot, Box::new(Exclusion(excluded))));
        }
        clauses
    }

    /// The reader, and what is chosen where nothing is counted beside it.
    pub fn chosen(&self) -> Vec<Clause> {
        let query = self.query;
        if query.facets {
            return self.reader.clauses(self.fields, &[]);
        }
        let mut clauses = self.reader.clauses(self.fields, &query.kinds);
        let mut must = |filter: Box<dyn EngineQuery>| clauses.push((Occur::Must, filter));
        if query.when != When::Any {
            must(self.when(query.when));
        }
        for (field, name) in [(self.fields.place, &query.place), (self.fields.buyer, &query.buyer)] {
            if let Some(name) = name {
                let terms = self.cache.spellings(name);
                must(silent(Box::new(TermSetQuery::new(terms.iter().map(|name| Term::from_field_text(field, name))))));
            }
        }
        if let Some(digits) = &query.category {
            must(branch(digits).map_or_else(|| Box::new(EmptyQuery) as _, |branch| self.category(branch)));
        }
        if let Some(lang) = &query.lang {
            must(tag(lang).map_or_else(|| Box::new(EmptyQuery) as _, |tag| self.lang(tag)));
        }
        if let Some(band) = query.band {
            let (low, high) = band.range();
            must(self.budget(low, high));
        }
        clauses
    }

    fn filter(&self, filter: &Filter) -> Box<dyn EngineQuery> {
        let all = |field: Field, words: &[String]| {
            let words = words.iter().map(|word| {
                let term = Term::from_field_text(field, &unstemmed(word));
                (Occur::Must, Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn EngineQuery>)
            });
            silent(Box::new(BooleanQuery::new(words.collect())))
        };
        match filter {
            Filter::Buyer(words) => all(self.fields.buyer_words, words),
            Filter::Place(words) => all(self.fields.place_words, words),
            Filter::When(when) => self.when(*when),
            Filter::Kind(kind) => self.kind(*kind),
            Filter::Lang(tag) => self.lang(*tag),
            Filter::Category(branch) => self.category(*branch),
            Filter::Budget(low, high) => self.budget(*low, *high),
        }
    }

    fn kind(&self, kind: Kind) -> Box<dyn EngineQuery> {
        let term = Term::from_field_u64(self.fields.kind, kind.number() as u64);
        silent(Box::new(RangeQuery::new(Bound::Included(term.clone()), Bound::Included(term))))
    }

    fn lang(&self, tag: u64) -> Box<dyn EngineQuery> {
        let term = Term::from_field_u64(self.fields.lang, tag);
        silent(Box::new(RangeQuery::new(Bound::Included(term.clone()), Bound::Included(term))))
    }

    fn category(&self, branch: Branch) -> Box<dyn EngineQuery> {
        let term = |code| Term::from_field_u64(self.fields.category, code);
        silent(Box::new(RangeQuery::new(Bound::Included(term(branch.low)), Bound::Excluded(term(branch.high)))))
    }

    fn budget(&self, low: Bound<i64>, high: Bound<i64>) -> Box<dyn EngineQuery> {
        let term = |at: i64| Term::from_field_i64(self.fields.budget, at);
        silent(Box::new(RangeQuery::new(low.map(term), high.map(term))))
    }

    /// The same as `When::holds`.
    fn when(&self, when: When) -> Box<dyn EngineQuery> {
        let Fields { opens_at, closes_at, decided_at, .. } = *self.fields;
        let range = |field, low: Bound<i64>, high: Bound<i64>| {
            let term = |at: i64| Term::from_field_i64(field, at);
            let range: Box<dyn EngineQuery> = Box::new(RangeQuery::new(low.map(term), high.map(term)));
            (Occur::Must, range)
        };
        let (any, now) = (Bound::Unbounded, self.now);
        let all = match when {
            When::Any => return Box::new(tantivy::query::AllQuery),
            When::Open => vec![range(opens_at, any, Bound::Included(now)), range(closes_at, Bound::Excluded(now), any)],
            When::Soon => vec![
                range(opens_at, any, Bound::Included(now)),
                range(closes_at, Bound::Excluded(now), Bound::Excluded(now.saturating_add(SOON))),
            ],
            When::Closed => vec![range(closes_at, any, Bound::Included(now))],
            When::Decided => vec![range(decided_at, any, Bound::Included(now))],
        };
        silent(Box::new(BooleanQuery::new(all)))
    }

    /// Where this reader's words can be.
    fn sides(&self, text: Text) -> impl Iterator<Item = Field> {
        let restricted = (!self.reader.reads_public_only()).then_some(text.restricted);
        std::iter::once(text.public).chain(restricted)
    }

    pub fn word(&self, word: &Word, spelling: Spelling) -> Box<dyn EngineQuery> {
        self.word_in(&self.fields.text(), word, spelling)
    }

    fn word_in(&self, texts: &[Text], word: &Word, spelling: Spelling) -> Box<dyn EngineQuery> {
        let mut places: Vec<Box<dyn EngineQuery>> = Vec::new();
        for text in texts {
            for field in self.sides(*text) {
                let mut add = |query: Box<dyn EngineQuery>| {
                    places.push(Box::new(BoostQuery::new(query, text.weight)));
                };
                match spelling {
                    Spelling::Plain => {
                        for form in word.forms() {
                            let known = Term::from_field_text(field, form);
                            if self.statistics.knows(&known) {
                                add(Box::new(TermQuery::new(known, IndexRecordOption::WithFreqs)));
                            }
                        }
                    }
                    Spelling::Forgiven => {
                        add(Box::new(FuzzyTermQuery::new(Term::from_field_text(field, &word.surface), word.tolerance(), true)));
                        // A slip in "pothle" may have a text with "potholes" only: in its other form it is near as well.
                        for stem in word.stemmed() {
                            add(Box::new(FuzzyTermQuery::new(Term::from_field_text(field, stem), word.tolerance(), true)));
                        }
                    }
                }
            }
        }
        Box::new(Places::new(places, ALSO))
    }

    fn phrase(&self, words: &[Word]) -> Box<dyn EngineQuery> {
        let mut places: Vec<Box<dyn EngineQuery>> = Vec::new();
        for text in self.fields.text() {
            for field in self.sides(text) {
                let terms: Vec<_> = words.iter().map(|word| Term::from_field_text(field, &word.surface)).collect();
                let query = match words {
                    [word] => term(field, &word.surface),
                    _ => Box::new(PhraseQuery::new(terms)),
                };
                places.push(Box::new(BoostQuery::new(query, text.weight)));
            }
        }
        Box::new(Places::new(places, ALSO))
    }

    /// For suggestions: titles that have all these words, the last of them perhaps unfinished.
    pub fn titles(&self, words: &[Word], gather: &Gather) -> tantivy::Result<Gathered> {
        let Some((last, complete)) = words.split_last() else {
            return Ok(Gathered::default());
        };
        let mut clauses = self.reader.clauses(self.fields, &[]);
        for word in complete {
            let query = self.word_in(&[self.fields.title], word, Spelling::Plain);
            clauses.push((Occur::Must, query));
        }
        let beginnings = self.sides(self.fields.title).map(|field| {
            let term = Term::from_field_text(field, &last.surface);
            Box::new(FuzzyTermQuery::new_prefix(term, 0, true)) as Box<dyn EngineQuery>
        });
        clauses.push((Occur::Must, Box::new(BooleanQuery::union(beginnings.collect()))));
        self.searcher.search(&BooleanQuery::new(clauses), gather)
    }

    /// Whether this reader may find any document that matches, also besides the single ones asked for. Stops at the first.
    fn any(&self, query: Box<dyn EngineQuery>) -> tantivy::Result<bool> {
        let mut clauses = self.reader.of_all().clauses(self.fields, &[]);
        clauses.push((Occur::Must, query));
        let weight = BooleanQuery::new(clauses).weight(EnableScoring::disabled_from_searcher(self.searcher))?;
        for segment in self.searcher.segment_readers() {
            let mut matches = weight.scorer(segment, 1.0)?;
            let mut doc = matches.doc();
            while doc != TERMINATED {
                if segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc)) {
                    return Ok(true);
                }
                doc = matches.advance();
            }
        }
        Ok(false)
    }
}

/// What scores nothing.
fn silent(query: Box<dyn EngineQuery>) -> Box<dyn EngineQuery> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn term(field: Field, form: &str) -> Box<dyn EngineQuery> {
    Box::new(TermQuery::new(Term::from_field_text(field, form), IndexRecordOption::WithFreqs))
}
