//! The judgement of each rule. The words they look for are data; here is what the words alone do not decide.

mod brand;
mod conditions;
mod features;
mod jargon;
mod length;
mod missing;
mod prescribed;
mod reading;
mod structure;
mod vague;

use super::finding::{Finding, Gravity, Rule, Span};
use super::pack;
use super::passage::{Lang, Passage, Role, Statement};
use super::pattern::{Found, Hit};
use super::words::{Gap, Shape, Text};

/// A passage as the rules see it.
pub(super) struct Read<'a> {
    pub index: usize,
    pub passage: &'a Passage,
    pub text: Text<'a>,
    found: Found,
}

pub(super) struct Document<'a> {
    pub statement: &'a Statement,
    pub lang: Lang,
    pub reads: Vec<Read<'a>>,
}

/// A finding whose place is still in bytes of one passage.
pub(super) struct Raw {
    passage: usize,
    bytes: (usize, usize),
    rule: Rule,
    gravity: Gravity,
    variant: &'static str,
    args: Vec<(String, String)>,
}

impl Raw {
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    pub fn variant(mut self, variant: &'static str) -> Self {
        self.variant = variant;
        self
    }
}

impl Read<'_> {
    pub fn role(&self) -> Role {
        self.passage.role
    }

    /// Hits of a list, but for those in references, code and the like.
    pub fn hits(&self, list: &str) -> impl Iterator<Item = &Hit> {
        self.found.of(list).iter().filter(|hit| !self.text.block_of(hit.first).apparatus)
    }

    /// Whether a list has a hit within these words.
    pub fn has(&self, list: &str, words: (usize, usize)) -> bool {
        self.found.of(list).iter().any(|hit| words.0 <= hit.first && hit.end <= words.1)
    }

    /// Whether one of the `most` words before `word`, within its sentence, begins a hit of a list.
    pub fn has_before(&self, list: &str, word: usize, most: usize) -> bool {
        let start = self.text.sentence_of(word).words.0.max(word.saturating_sub(most));
        self.found.of(list).iter().any(|hit| start <= hit.first && hit.first < word)
    }

    /// The sentence around a word.
    pub fn sentence(&self, word: usize) -> (usize, usize) {
        self.text.sentence_of(word).words
    }

    /// A finding on words, half open.
    pub fn on(&self, rule: Rule, gravity: Gravity, words: (usize, usize)) -> Raw {
        let bytes = (self.text.words[words.0].start, self.text.words[words.1 - 1].end);
        self.at(rule, gravity, bytes)
    }

    /// A finding on bytes.
    pub fn at(&self, rule: Rule, gravity: Gravity, bytes: (usize, usize)) -> Raw {
        Raw { passage: self.index, bytes, rule, gravity, variant: "", args: Vec::new() }
    }

    /// Words as they were typed.
    pub fn typed(&self, words: (usize, usize)) -> &str {
        &self.text.source[self.text.words[words.0].start..self.text.words[words.1 - 1].end]
    }

    /// Words, folded, for comparing.
    pub fn folded(&self, words: (usize, usize)) -> String {
        (words.0..words.1).map(|w| self.text.folded(w)).collect::<Vec<_>>().join(" ")
    }

    pub fn has_number(&self, words: (usize, usize)) -> bool {
        (words.0..words.1)
            .any(|w| self.text.words[w].shape == Shape::Number || self.text.folded(w).starts_with(|c: char| c.is_ascii_digit()))
            || self.has("number-words", words)
    }

    /// A capitalised word beside another capitalised one: part of a name.
    pub fn in_name(&self, words: (usize, usize)) -> bool {
        let text = &self.text;
        let capital = |w: usize| matches!(text.words[w].shape, Shape::Capital | Shape::Mixed | Shape::Upper);
        if !capital(words.0) {
            return false;
        }
        let before = words.0.checked_sub(1).is_some_and(|w| text.words[words.0].gap <= Gap::Space && capital(w));
        let after = text.words.get(words.1).is_some_and(|next| next.gap <= Gap::Space) && capital(words.1);
        before || after
    }

    /// The end of the clause in which a word stands, at most `most` words on.
    pub fn clause_end(&self, word: usize, most: usize) -> usize {
        let last = self.sentence(word).1.min(word + most);
        (word + 1..last).find(|&w| self.text.words[w].gap >= Gap::Clause).unwrap_or(last)
    }
}

impl<'a> Document<'a> {
    fn read(statement: &'a Statement) -> Self {
        let phrases = pack::phrases(statement.lang);
        let reads = statement.passages.iter().enumerate().map(|(index, passage)| {
            let text = Text::read(&passage.text);
            let found = phrases.find(&text);
            Read { index, passage, text, found }
        });
        Self { statement, lang: statement.lang, reads: reads.collect() }
    }
}

pub(super) fn run(statement: &Statement) -> Vec<Finding> {
    let doc = Document::read(statement);
    let mut raw = Vec::new();
    for read in &doc.reads {
        length::check(read, &mut raw);
    }
    length::whole(&doc, &mut raw);
    if doc.lang != Lang::Other {
        let keeps = doc.reads.iter().any(conditions::keeps);
        for read in &doc.reads {
            brand::check(read, &mut raw);
            conditions::check(read, keeps, &mut raw);
            prescribed::check(read, doc.lang, &mut raw);
            features::check(read, doc.lang, &mut raw);
            vague::check(read, &doc, &mut raw);
            reading::check(read, doc.lang, &mut raw);
        }
        jargon::check(&doc, &mut raw);
    }
    raw.sort_by_key(|f| (f.passage, f.bytes, f.rule));
    raw.dedup_by_key(|f| (f.passage, f.bytes, f.rule));
    let mut out = placed(&doc, raw);
    missing::check(&doc, &mut out);
    structure::check(statement, &mut out);
    out
}

/// Turns places in bytes into places in characters and UTF-16 units, in one walk over each passage.
fn placed(doc: &Document, raw: Vec<Raw>) -> Vec<Finding> {
    let mut out = Vec::with_capacity(raw.len());
    let mut of_passage = raw.into_iter().peekable();
    for read in &doc.reads {
        let mut walk = Walk { source: read.text.source, bytes: 0, chars: 0, utf16: 0 };
        while let Some(raw) = of_passage.next_if(|raw| raw.passage == read.index) {
            let start = walk.to(raw.bytes.0);
            let end = walk.ahead(raw.bytes.1);
            let span = Span { bytes: (start.0, end.0), chars: (start.1, end.1), utf16: (start.2, end.2) };
            let excerpt = span.of(read.text.source).chars().take(Finding::EXCERPT).collect();
            out.push(Finding {
                rule: raw.rule,
                gravity: raw.gravity,
                section: read.passage.section.clone(),
                field: read.passage.field.clone(),
                span: Some(span),
                excerpt,
                variant: raw.variant.to_owned(),
                args: raw.args,
            });
        }
    }
    out
}

struct Walk<'a> {
    source: &'a str,
    bytes: usize,
    chars: u32,
    utf16: u32,
}

impl Walk<'_> {
    fn ahead(&self, to: usize) -> (u32, u32, u32) {
        let (mut chars, mut utf16) = (self.chars, self.utf16);
        for c in self.source[self.bytes..to].chars() {
            chars += 1;
            utf16 += c.len_utf16() as u32;
        }
        (to as u32, chars, utf16)
    }

    fn to(&mut self, to: usize) -> (u32, u32, u32) {
        let place = self.ahead(to);
        (self.bytes, self.chars, self.utf16) = (to, place.1, place.2);
        place
    }
}

/// A finding without a place in the text.
pub(super) fn unplaced(rule: Rule, section: &str, field: &str, excerpt: &str) -> Finding {
    Finding {
        rule,
        gravity: Gravity::Advice,
        section: section.to_owned(),
        field: field.to_owned(),
        span: None,
        excerpt: excerpt.chars().take(Finding::EXCERPT).collect(),
        variant: String::new(),
        args: Vec::new(),
    }
}
