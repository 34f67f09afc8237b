//! Reading level. English: Flesch-Kincaid grade (Kincaid, Fishburne, Rogers and Chissom, 1975). French: Kandel and Moles (1958),
//! Flesch's ease adapted to French.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::{Lang, Role};
use crate::statement::words::{Shape, Text};

/// Words below which a formula says little.
const LEAST: usize = 100;
/// Years of schooling above which a general professional reader is lost.
const GRADE: i64 = 17;
/// Ease below which French is "très difficile".
const EASE: i64 = 30;

/// Words a sentence below which the terms of the subject, and not the writing, give the score: in a description, and in rules,
/// whose subject needs few terms.
const LONG: i64 = 36;
const LONG_RULES: i64 = 26;

pub(super) fn check(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    if !matches!(
        read.role(),
        Role::Summary
            | Role::Statement
            | Role::Part
            | Role::Limits
            | Role::Context
            | Role::Route
            | Role::Terms
            | Role::Requirement
            | Role::Guidance
    ) {
        return;
    }
    let Some(counts) = counts(&read.text, lang) else { return };
    let long =
        if matches!(read.role(), Role::Requirement | Role::Terms | Role::Limits | Role::Guidance) { LONG_RULES } else { LONG };
    let (formula, score) = match lang {
        Lang::En => (counts.grade() > GRADE * 1_000, counts.grade()),
        Lang::Fr | Lang::Other => (counts.ease() < EASE * 1_000, counts.ease()),
    };
    let hard = formula && counts.words >= long * counts.sentences;
    if hard && let (Some(first), Some(last)) = (read.text.words.first(), read.text.words.last()) {
        let raw = read.at(Rule::ReadingLevel, Gravity::Advice, (first.start, last.end));
        out.push(raw.with("score", (score + 500) / 1_000).with("words", counts.words / counts.sentences));
    }
}

struct Counts {
    words: i64,
    sentences: i64,
    syllables: i64,
}

/// Whole numbers, in thousandths: the same on every machine, and no printer of fractions in the browser.
impl Counts {
    /// 0.39 words/sentence + 11.8 syllables/word - 15.59
    fn grade(&self) -> i64 {
        390 * self.words / self.sentences + 11_800 * self.syllables / self.words - 15_590
    }

    /// 207 - 1.015 words/sentence - 73.6 syllables/word
    fn ease(&self) -> i64 {
        207_000 - 1_015 * self.words / self.sentences - 73_600 * self.syllables / self.words
    }
}

/// Counts of the prose: headings, references and pieces of fewer than four words are left out.
fn counts(text: &Text, lang: Lang) -> Option<Counts> {
    let (mut words, mut sentences, mut syllables) = (0, 0_i64, 0);
    for sentence in &text.sentences {
        let count = text.count(sentence.words);
        if count < 4
            || text.blocks[sentence.block].apparatus
            || text.blocks[sentence.block].kind == crate::statement::words::Kind::Heading
        {
            continue;
        }
        sentences += 1;
        words += count;
        syllables += (sentence.words.0..sentence.words.1)
            .map(|w| match text.words[w].shape {
                Shape::Number | Shape::Opaque | Shape::Upper => 1,
                _ => match lang {
                    Lang::En => english(text.folded(w)),
                    Lang::Fr | Lang::Other => french(text.folded(w)),
                },
            })
            .sum::<usize>();
    }
    (words >= LEAST && sentences > 0).then_some(Counts { words: words as i64, sentences, syllables: syllables as i64 })
}

fn vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

fn groups(word: &str) -> usize {
    let bytes = word.as_bytes();
    (0..bytes.len()).filter(|&i| vowel(bytes[i]) && (i == 0 || !vowel(bytes[i - 1]))).count()
}

/// Groups of vowels, without a silent e.
fn english(word: &str) -> usize {
    let mut count = groups(word);
    let silent = (word.ends_with('e') && !word.ends_with("le"))
        || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"))
        || word.ends_with("es") && !word.ends_with("ses") && !word.ends_with("ces");
    if silent && count > 1 {
        count -= 1;
    }
    if word.ends_with("ia") || word.ends_with("io") || word.contains("ience") || word.contains("iat") {
        count += 1;
    }
    count.max(1)
}

/// Groups of vowels, without a mute ending.
fn french(word: &str) -> usize {
    if word.len() == 1 {
        return usize::from(word == "a" || word == "y");
    }
    let count = groups(word);
    let mute = word.ends_with('e') || word.ends_with("es") || word.ends_with("ent") && word.len() > 4;
    (if mute && count > 1 { count - 1 } else { count }).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables() {
        for (word, n) in [("house", 1), ("table", 2), ("resident", 3), ("asked", 1), ("wanted", 2), ("patients", 2)] {
            assert_eq!(english(word), n, "{word}");
        }
        for (word, n) in [("ville", 1), ("marche", 1), ("plateforme", 3), ("l", 0), ("utilisateur", 5)] {
            assert_eq!(french(word), n, "{word}");
        }
    }
}
