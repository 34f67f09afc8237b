//! Abbreviations that nobody explained. Read over the whole statement: one explained in the summary is known in the limits.

use super::{Document, Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::Role;
use crate::statement::words::{Gap, Kind, Shape};

pub(super) fn check(doc: &Document, out: &mut Vec<Raw>) {
    let mut seen: Vec<&str> = Vec::new();
    // A title is a name; what it shortens is explained below it.
    for read in doc.reads.iter().filter(|read| read.role() != Role::Title) {
        let places: Vec<usize> = (0..read.text.words.len()).filter(|&w| abbreviation(read, w)).collect();
        for &w in &places {
            let stem = stem(read.text.typed(w));
            if read.has("known", (w, w + 1)) || seen.contains(&stem) || is_a_word(doc, read.text.folded(w)) {
                continue;
            }
            seen.push(stem);
            if named(read, w) {
                continue;
            }
            let own_name = doc.reads.iter().any(|title| title.role() == Role::Title && is_in(title, stem));
            // Explained a little further down is explained.
            let told = places.iter().any(|&other| self::stem(read.text.typed(other)) == stem && explained(read, other, stem));
            if !own_name && !told && !doc.reads.iter().any(|other| spelled(other, stem, (other.index == read.index).then_some(w)))
            {
                out.push(read.on(Rule::Jargon, Gravity::Advice, (w, w + 1)).with("words", read.text.typed(w)));
            }
        }
    }
}

/// Whether it stands in small letters somewhere: then the capitals only raise the voice, or it is a place.
fn is_a_word(doc: &Document, folded: &str) -> bool {
    let small = |read: &Read| {
        (0..read.text.words.len())
            .any(|w| matches!(read.text.words[w].shape, Shape::Lower | Shape::Capital) && read.text.folded(w) == folded)
    };
    doc.reads.iter().any(small)
}

fn is_in(title: &Read, stem: &str) -> bool {
    (0..title.text.words.len()).any(|w| title.text.typed(w).eq_ignore_ascii_case(stem))
}

fn stem(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// Two to five letters, most of them capitals, in prose.
fn abbreviation(read: &Read, w: usize) -> bool {
    let text = &read.text;
    let word = text.words[w];
    let typed = stem(text.typed(w));
    let capitals = typed.chars().filter(|c| c.is_uppercase()).count();
    let letters = typed.chars().all(|c| c.is_alphanumeric() || c == '&');
    let length = typed.chars().count();
    let block = text.block_of(w);
    if !(2..=5).contains(&length)
        || !letters
        || capitals < 2
        || capitals * 2 < length
        || block.apparatus
        || roman(typed)
        // Chemistry and trade names: GaAs, mRNA, IoT.
        || word.shape != Shape::Upper
        || typed.chars().any(|c| c.is_ascii_digit())
    {
        return false;
    }
    let long = text.folded(w).len() > 3;
    let shouted = |w: usize| text.words[w].shape == Shape::Upper && (long || text.folded(w).len() > 3);
    let beside = (w > 0 && word.gap <= Gap::Space && shouted(w - 1))
        || text.words.get(w + 1).is_some_and(|next| next.gap <= Gap::Space && shouted(w + 1));
    let label = block.kind == Kind::Heading && text.source[word.end..].trim_start().starts_with(':');
    let glued = |c: Option<char>| matches!(c, Some('-' | '_' | '/' | '#' | '\'' | '’' | '.'));
    let joined_after = text.words.get(w + 1).is_some_and(|next| next.gap == Gap::Joined && !matches!(next.shape, Shape::Lower));
    let joined_before = w > 0 && word.gap == Gap::Joined && !matches!(text.words[w - 1].shape, Shape::Lower);
    let code = (joined_after && glued(text.source[word.end..].chars().next()))
        || (joined_before && glued(text.source[..word.start].chars().next_back()));
    !(beside || label || code)
}

/// Whether it is part of a name, or stands in a list of names: "Raytheon BBN", "Chase, NAGGL, UPS Store", "AMK Microfinance Plc".
fn named(read: &Read, w: usize) -> bool {
    let text = &read.text;
    let capital = |w: usize| matches!(text.words[w].shape, Shape::Capital | Shape::Mixed | Shape::Upper);
    let (from, to) = read.sentence(w);
    let before = w > from && capital(w - 1) && !(w - 1 == from && read.has("article", (from, from + 1)));
    let after = w + 1 < to && capital(w + 1);
    let beside = (before && text.words[w].gap <= Gap::Comma) || (after && text.words[w + 1].gap <= Gap::Comma);
    // "Verizon, Visa and NAGGL"
    let joined = w > from + 1
        && read.has("conjunction", (w - 1, w))
        && text.words[w].gap == Gap::Space
        && text.words[w - 1].gap == Gap::Comma
        && capital(w - 2);
    // "CLASP, the implementing partner"
    let apposed = w + 1 < to && text.words[w + 1].gap == Gap::Comma && read.has("article", (w + 1, w + 2));
    beside || joined || apposed
}

fn roman(word: &str) -> bool {
    word.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'e'))
}

/// "Full Name (FN)", "FN (full name)", "full names, or FN": words around it whose initials spell it.
fn explained(read: &Read, w: usize, stem: &str) -> bool {
    let (from, to) = read.sentence(w);
    let letters: Vec<char> = stem.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let reach = letters.len() * 2 + 3;
    let bracketed = read.text.source[..read.text.words[w].start].ends_with('(');
    // A name may be broken over two lines before its brackets.
    let from = if bracketed { 0 } else { from };
    let before: Vec<usize> = (from.max(w.saturating_sub(reach))..w).rev().collect();
    let after: Vec<usize> = (w + 1..to.min(w + 1 + reach)).collect();
    let backwards: Vec<char> = letters.iter().rev().copied().collect();
    let begins = |w: usize| read.text.folded(w).len() > 3 && read.text.folded(w).chars().next() == letters.first().copied();
    (bracketed && before.iter().any(|&b| begins(b))) || spells(read, &letters, &after, 2) || spells(read, &backwards, &before, 2)
}

/// How far back small words may explain an abbreviation of three letters.
const NEAR: usize = 60;

/// Whether words one after another spell it by their initials: capitalised ones anywhere, small ones for four letters or more, or
/// for three a little before it. "Synthetic aperture radar is used. ... The SAR".
fn spelled(read: &Read, stem: &str, place: Option<usize>) -> bool {
    let text = &read.text;
    let letters: Vec<char> = stem.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let initial = |w: usize| text.folded(w).chars().next();
    let small = |w: usize| {
        matches!(
            text.folded(w),
            "of" | "and" | "the" | "for" | "in" | "on" | "to" | "de" | "des" | "et" | "du" | "la" | "d" | "l"
        )
    };
    (0..text.words.len()).filter(|&w| initial(w) == letters.first().copied() && text.words[w].shape != Shape::Upper).any(
        |first| {
            let (mut at, mut capitals) = (first, 0);
            for (nth, letter) in letters.iter().enumerate() {
                while nth > 0 && at < text.words.len() && small(at) && initial(at) != Some(*letter) {
                    at += 1;
                }
                let fits = at < text.words.len()
                    && initial(at) == Some(*letter)
                    && text.words[at].sentence == text.words[first].sentence
                    && text.words[at].shape != Shape::Upper;
                if !fits {
                    return false;
                }
                capitals += usize::from(text.words[at].shape == Shape::Capital);
                at += 1;
            }
            let near = place.is_some_and(|place| first < place && place - first < NEAR);
            capitals == letters.len() || letters.len() > 3 || (letters.len() == 3 && near)
        },
    )
}

/// Whether initials of the words, in order, give the letters, beginning within the first `lead` words.
fn spells(read: &Read, letters: &[char], words: &[usize], lead: usize) -> bool {
    let mut left = letters.iter().peekable();
    for (nth, &w) in words.iter().enumerate() {
        let initial = read.text.folded(w).chars().next();
        if left.peek().is_some_and(|letter| initial == Some(**letter)) {
            left.next();
        }
        if left.len() == letters.len() && nth >= lead {
            return false;
        }
    }
    // A letter may come from inside a word: "Medical Applications, Reusable Technologies (SMART)".
    left.len() <= usize::from(letters.len() > 3)
}
