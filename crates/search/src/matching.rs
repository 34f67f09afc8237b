//! From what is wanted to what matches: the engine's queries, and what is tried in turn.

use std::ops::Bound;

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EnableScoring, FuzzyTermQuery, Occur, PhraseQuery,
    Query as EngineQuery, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::exclusion::Exclusion;
use crate::language::Language;
use crate::query::{Wanted, When, Word};
use crate::rank::{Gather, Gathered};
use crate::schema::{Fields, Text};
use crate::statistics::Statistics;
use crate::visibility::Reader;

type Clause = (Occur, Box<dyn EngineQuery>);

/// How much the second best place of a word adds to the best one: a word in title and body is a little better than one
/// in the title, but no body outweighs a title by repetition.
const ALSO: f32 = 0.2;

pub(crate) struct Matcher<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    pub reader: &'a Reader,
    pub when: When,
    pub now: i64,
}

pub(crate) struct Matched {
    pub gathered: Gathered,
    /// Words that were found only with an error forgiven.
    pub respelled: Vec<Word>,
}

#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    Plain,
    Forgiven,
}

/// The languages that there are documents of: a query need not be stemmed in others.
pub(crate) fn languages(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<Language>> {
    let mut present = Vec::new();
    for language in Language::all() {
        if searcher.doc_freq(&Term::from_field_text(fields.stemmer, language.code))? > 0 {
            present.push(language);
        }
    }
    Ok(present)
}

impl Matcher<'_> {
    /// All words; else with spelling forgiven; else half of them (see `Query`). The reader's filter is in each.
    pub fn run(&self, wanted: &Wanted, gather: &Gather) -> tantivy::Result<Matched> {
        let statistics = Statistics::of(self.searcher, self.fields, wanted.positive())?;
        let collect = |clauses: Vec<Clause>| {
            self.searcher.search_with_statistics_provider(&BooleanQuery::new(clauses), gather, &statistics)
        };
        let plain = |word: &Word| (Occur::Must, self.word(word, Spelling::Plain));
        let mut clauses = self.fixed(wanted);
        clauses.extend(wanted.words.iter().map(plain));
        let mut matched = Matched { gathered: collect(clauses)?, respelled: Vec::new() };
        if !matched.gathered.is_empty() || wanted.words.is_empty() {
            return Ok(matched);
        }

        // A word that something findable has is spelt well, however odd; the rest may be slips.
        let mut tried = Vec::new();
        let mut lost = false;
        for word in &wanted.words {
            if self.any(self.word(word, Spelling::Plain))? {
                tried.push((word, Spelling::Plain));
            } else if word.tolerance() > 0 {
                tried.push((word, Spelling::Forgiven));
            } else {
                lost = true;
            }
        }
        let is_slip = |(_, spelling): &(&Word, Spelling)| *spelling == Spelling::Forgiven;
        if !lost && tried.iter().any(is_slip) {
            let mut clauses = self.fixed(wanted);
            clauses.extend(self.each(&tried).map(|query| (Occur::Must, query)));
            matched.gathered = collect(clauses)?;
        }
        if matched.gathered.is_empty() && wanted.words.len() > 1 {
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

    /// What holds in every attempt: the reader, the time, phrases, exclusions; and the wishes.
    fn fixed(&self, wanted: &Wanted) -> Vec<Clause> {
        let mut clauses = self.reader.clauses(self.fields);
        clauses.extend(self.when().map(|range| (Occur::Must, range)));
        for phrase in &wanted.phrases {
            clauses.push((Occur::Must, self.phrase(phrase)));
        }
        for wish in &wanted.wishes {
            clauses.push((Occur::Should, self.word(wish, Spelling::Plain)));
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

    fn when(&self) -> impl Iterator<Item = Box<dyn EngineQuery>> {
        let bound = |field, bound: fn(Term) -> Bound<Term>, below: bool| {
            let term = bound(Term::from_field_i64(field, self.now));
            let range = if below { RangeQuery::new(Bound::Unbounded, term) } else { RangeQuery::new(term, Bound::Unbounded) };
            Box::new(ConstScoreQuery::new(Box::new(range), 0.0)) as Box<dyn EngineQuery>
        };
        let Fields { opens_at, closes_at, .. } = *self.fields;
        match self.when {
            When::Any => Vec::new(),
            When::Open => vec![bound(opens_at, Bound::Included, true), bound(closes_at, Bound::Excluded, false)],
            When::Closed => vec![bound(closes_at, Bound::Included, true)],
        }
        .into_iter()
    }

    /// Where this reader's words can be.
    fn sides(&self, text: Text) -> impl Iterator<Item = Field> {
        let restricted = (!self.reader.reads_public_only()).then_some(text.restricted);
        std::iter::once(text.public).chain(restricted)
    }

    fn word(&self, word: &Word, spelling: Spelling) -> Box<dyn EngineQuery> {
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
                    Spelling::Plain => word.forms().for_each(|form| add(term(field, form))),
                    Spelling::Forgiven => {
                        add(Box::new(FuzzyTermQuery::new(Term::from_field_text(field, &word.surface), word.tolerance(), true)))
                    }
                }
            }
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(places, ALSO))
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
        Box::new(DisjunctionMaxQuery::with_tie_breaker(places, ALSO))
    }

    /// For suggestions: titles that have all these words, the last of them perhaps unfinished.
    pub fn titles(&self, words: &[Word], gather: &Gather) -> tantivy::Result<Gathered> {
        let Some((last, complete)) = words.split_last() else {
            return Ok(Gathered::default());
        };
        let mut clauses = self.reader.clauses(self.fields);
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

    /// Whether this reader may find any document that matches. Stops at the first.
    fn any(&self, query: Box<dyn EngineQuery>) -> tantivy::Result<bool> {
        let mut clauses = self.reader.clauses(self.fields);
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

fn term(field: Field, form: &str) -> Box<dyn EngineQuery> {
    Box::new(TermQuery::new(Term::from_field_text(field, form), IndexRecordOption::WithFreqs))
}
