//! Phrases as data: a line of `crates/domain/rules` is compiled once and matched against words.
//!
//! ```text
//! develop|build _3 [app|apps]     alternatives; up to 3 other words between; the part in brackets is what is reported
//! improv* the? <noun>             words that begin so; a word that may be missing; a class, defined by `<noun> = a|b|c`
//! # person days                   a number
//! =Excel                          letters and accents as typed
//! ! excel at                      an exception: a hit that it overlaps is dropped
//! pattern -> hint                 a code handed on with the hit
//! ```
//! A phrase runs across spaces and hyphens, across a comma only where words may stand between, and never across a clause.

use std::collections::HashMap;

use super::words::{Gap, Shape, Text, fold};

#[derive(Clone, Debug)]
enum Atom {
    /// A word in small letters without accents.
    Folded(String),
    Typed(String),
    Prefix(String),
    Number,
    Any,
    Class(usize),
    /// Up to so many other words.
    Between(u8),
}

#[derive(Clone, Debug)]
struct Step {
    atom: Atom,
    optional: bool,
}

#[derive(Debug)]
struct Phrase {
    list: usize,
    steps: Vec<Step>,
    /// The steps that are reported, half open.
    report: (usize, usize),
    exception: bool,
    hint: &'static str,
}

/// A phrase found: words are half open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub first: usize,
    pub end: usize,
    /// The whole phrase, with what stands around the reported part.
    pub outer: (usize, usize),
    pub hint: &'static str,
}

#[derive(Debug, Default)]
pub(super) struct Phrases {
    lists: Vec<&'static str>,
    classes: Vec<Vec<Atom>>,
    names: Vec<(&'static str, usize)>,
    phrases: Vec<Phrase>,
    /// First word -> phrases.
    words: HashMap<String, Vec<usize>>,
    /// First three letters -> phrases that begin with a prefix.
    prefixes: HashMap<String, Vec<usize>>,
    numbers: Vec<usize>,
}

impl Phrases {
    /// Reads lists: `@name` begins a list, other lines are classes, phrases and exceptions.
    pub fn compile(source: &'static str) -> Self {
        let mut all = Self::default();
        let mut list = usize::MAX;
        for line in source.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(name) = line.strip_prefix('@') {
                list = all.lists.iter().position(|l| *l == name).unwrap_or_else(|| {
                    all.lists.push(name);
                    all.lists.len() - 1
                });
            } else if let Some((name, words)) = line.strip_prefix('<').and_then(|l| l.split_once("> =")) {
                let class = words.split('|').filter_map(|word| all.atom(word.trim())).collect();
                all.classes.push(class);
                all.names.push((name, all.classes.len() - 1));
            } else {
                all.phrase(line, list);
            }
        }
        all
    }

    fn phrase(&mut self, line: &'static str, list: usize) {
        let (line, hint) = line.split_once(" -> ").map_or((line, ""), |(l, h)| (l, h.trim()));
        let (line, exception) = line.strip_prefix("! ").map_or((line, false), |l| (l, true));
        let mut steps = Vec::new();
        let (mut from, mut to) = (0, None);
        for token in line.split_whitespace() {
            if let Some(rest) = token.strip_prefix('[') {
                from = steps.len();
                steps.extend(self.step(rest.trim_end_matches(']')));
            } else {
                steps.extend(self.step(token.trim_end_matches(']')));
            }
            if token.ends_with(']') {
                to = Some(steps.len());
            }
        }
        let report = (from, to.unwrap_or(steps.len()));
        let index = self.phrases.len();
        let mut start = 0;
        while let Some(step) = steps.get(start) {
            self.index(&step.atom.clone(), index);
            if !step.optional {
                break;
            }
            start += 1;
        }
        self.phrases.push(Phrase { list, steps, report, exception, hint });
    }

    /// A token of a line; a word with hyphens is several.
    fn step(&mut self, token: &'static str) -> Vec<Step> {
        let (token, optional) = token.strip_suffix('?').map_or((token, false), |t| (t, true));
        if token.contains('|') {
            let class = token.split('|').filter_map(|word| self.atom(word)).collect();
            self.classes.push(class);
            return vec![Step { atom: Atom::Class(self.classes.len() - 1), optional }];
        }
        let parts: Vec<&str> =
            if token.starts_with('<') { vec![token] } else { token.split(['-', '/']).filter(|p| !p.is_empty()).collect() };
        let typed = token.starts_with('=');
        parts
            .into_iter()
            .enumerate()
            .filter_map(|(i, part)| if typed && i > 0 { Some(Atom::Typed(part.to_owned())) } else { self.atom(part) })
            .map(|atom| Step { atom, optional })
            .collect()
    }

    fn atom(&self, token: &str) -> Option<Atom> {
        Some(match token {
            "" => return None,
            "#" => Atom::Number,
            "_" => Atom::Any,
            _ => {
                if let Some(typed) = token.strip_prefix('=') {
                    Atom::Typed(typed.to_owned())
                } else if let Some(n) = token.strip_prefix('_').and_then(|n| n.parse().ok()) {
                    Atom::Between(n)
                } else if let Some(name) = token.strip_prefix('<').and_then(|n| n.strip_suffix('>')) {
                    Atom::Class(self.names.iter().find(|(known, _)| *known == name)?.1)
                } else if let Some(prefix) = token.strip_suffix('*') {
                    Atom::Prefix(folded(prefix))
                } else {
                    Atom::Folded(folded(token))
                }
            }
        })
    }

    fn index(&mut self, atom: &Atom, phrase: usize) {
        match atom {
            Atom::Folded(word) => push(self.words.entry(word.clone()).or_default(), phrase),
            Atom::Typed(word) => push(self.words.entry(folded(word)).or_default(), phrase),
            Atom::Prefix(prefix) => {
                if let Some(key) = prefix.get(..3) {
                    push(self.prefixes.entry(key.to_owned()).or_default(), phrase);
                }
            }
            Atom::Number => push(&mut self.numbers, phrase),
            Atom::Class(class) => {
                for atom in self.classes[*class].clone() {
                    self.index(&atom, phrase);
                }
            }
            Atom::Any | Atom::Between(_) => {}
        }
    }

    /// Every phrase found in a text, by list. Of hits that overlap in one list the longest stands.
    pub fn find(&self, text: &Text) -> Found {
        let mut hits: Vec<Vec<Hit>> = vec![Vec::new(); self.lists.len()];
        let mut exceptions: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.lists.len()];
        for word in 0..text.words.len() {
            let shape = text.words[word].shape;
            if shape == Shape::Opaque {
                continue;
            }
            let folded = text.folded(word);
            let exact = self.words.get(folded).map_or(&[][..], Vec::as_slice);
            let prefixed = folded.get(..3).and_then(|key| self.prefixes.get(key)).map_or(&[][..], Vec::as_slice);
            let numbered = if shape == Shape::Number { &self.numbers[..] } else { &[] };
            for &index in exact.iter().chain(prefixed).chain(numbered) {
                let phrase = &self.phrases[index];
                let mut report = (word, word);
                if let Some(end) = self.run(text, phrase, 0, word, &mut report, true) {
                    if phrase.exception {
                        exceptions[phrase.list].push((word, end));
                    } else {
                        hits[phrase.list].push(Hit {
                            first: report.0,
                            end: report.1.max(report.0 + 1),
                            outer: (word, end),
                            hint: phrase.hint,
                        });
                    }
                }
            }
        }
        for (hits, exceptions) in hits.iter_mut().zip(&exceptions) {
            hits.retain(|hit| !exceptions.iter().any(|(from, to)| hit.first < *to && *from < hit.end));
            longest(hits);
        }
        Found { lists: self.lists.clone(), hits }
    }

    /// Matches `steps[step..]` at `word`; the end, half open.
    fn run(
        &self,
        text: &Text,
        phrase: &Phrase,
        step: usize,
        word: usize,
        report: &mut (usize, usize),
        first: bool,
    ) -> Option<usize> {
        if step == phrase.report.0 {
            report.0 = word;
        }
        if step == phrase.report.1 {
            report.1 = word;
        }
        let Some(Step { atom, optional }) = phrase.steps.get(step) else { return Some(word) };
        if let Atom::Between(most) = atom {
            for skip in 0..=usize::from(*most) {
                if skip > 0 && text.words.get(word + skip - 1).is_none_or(|w| w.gap > Gap::Comma) {
                    break;
                }
                let mut inner = *report;
                if let Some(end) = self.run(text, phrase, step + 1, word + skip, &mut inner, false) {
                    *report = inner;
                    return Some(end);
                }
            }
            return None;
        }
        let after_gap = step > 0 && matches!(phrase.steps[step - 1].atom, Atom::Between(_));
        let furthest = if after_gap { Gap::Comma } else { Gap::Space };
        let here = text.words.get(word).is_some_and(|w| first || w.gap <= furthest) && self.fits(atom, text, word);
        if here {
            let mut inner = *report;
            if let Some(end) = self.run(text, phrase, step + 1, word + 1, &mut inner, false) {
                *report = inner;
                return Some(end);
            }
        }
        if *optional { self.run(text, phrase, step + 1, word, report, first) } else { None }
    }

    fn fits(&self, atom: &Atom, text: &Text, word: usize) -> bool {
        match atom {
            Atom::Folded(want) => text.folded(word) == want,
            Atom::Typed(want) => text.typed(word) == want,
            Atom::Prefix(want) => text.folded(word).starts_with(want.as_str()),
            Atom::Number => text.words[word].shape == Shape::Number,
            Atom::Any => text.words[word].shape != Shape::Opaque,
            Atom::Class(class) => self.classes[*class].iter().any(|atom| self.fits(atom, text, word)),
            Atom::Between(_) => false,
        }
    }
}

pub(super) struct Found {
    lists: Vec<&'static str>,
    hits: Vec<Vec<Hit>>,
}

impl Found {
    /// Hits of a list, in order; none of a list that the language does not have.
    pub fn of(&self, list: &str) -> &[Hit] {
        self.lists.iter().position(|name| *name == list).map_or(&[], |index| &self.hits[index])
    }
}

fn longest(hits: &mut Vec<Hit>) {
    // Hits come nearly in order; a general sort would cost the browser more than it saves here.
    for at in 1..hits.len() {
        let order = |hit: &Hit| (hit.first, usize::MAX - hit.end);
        let mut back = at;
        while back > 0 && order(&hits[back]) < order(&hits[back - 1]) {
            hits.swap(back, back - 1);
            back -= 1;
        }
    }
    let mut end = 0;
    hits.retain(|hit| {
        let keep = hit.first >= end;
        if keep {
            end = hit.end;
        }
        keep
    });
}

fn push(list: &mut Vec<usize>, phrase: usize) {
    if list.last() != Some(&phrase) {
        list.push(phrase);
    }
}

fn folded(word: &str) -> String {
    let mut out = String::new();
    fold(word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(rules: &'static str, source: &str) -> Vec<String> {
        let text = Text::read(source);
        let found = Phrases::compile(rules).find(&text);
        found.of("x").iter().map(|hit| source[text.words[hit.first].start..text.words[hit.end - 1].end].to_owned()).collect()
    }

    #[test]
    fn words_hyphens_and_accents() {
        assert_eq!(found("@x\nuser-friendly", "A User friendly, user-friendly thing."), ["User friendly", "user-friendly"]);
        assert_eq!(found("@x\nequipe d une", "L'équipe d'une ville"), ["équipe d'une"]);
        assert_eq!(found("@x\nuser friendly", "user. Friendly"), Vec::<String>::new(), "not across a sentence");
    }

    #[test]
    fn the_bracketed_part_is_reported() {
        assert_eq!(found("@x\nbuild|develop _3 [app|apps]", "We build a new mobile app now"), ["app"]);
        assert_eq!(found("@x\nbuild _3 [a? mobile? app]", "build an app, build a mobile app"), ["app", "a mobile app"]);
    }

    #[test]
    fn classes_prefixes_numbers_and_options() {
        assert_eq!(
            found("@x\n<who> = staff|people\n# full? time? <who>", "5 full-time staff, 3 people"),
            ["5 full-time staff", "3 people"]
        );
        assert_eq!(found("@x\nimprov* the service", "Improving the service"), ["Improving the service"]);
    }

    #[test]
    fn typed_words_keep_their_case_and_exceptions_win() {
        assert_eq!(found("@x\n=Excel\n! =Excel at", "excel at it; in Excel; Excel at sums"), ["Excel"]);
    }
}
