//! Abbreviations that nobody explained. Read over the whole statement: one explained in the summary is known in the limits.

use std::collections::HashSet;

use super::{Document, Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::words::{Gap, Kind, Shape};

pub(super) fn check(doc: &Document, out: &mut Vec<Raw>) {
    let small: HashSet<&str> = doc
        .reads
        .iter()
        .flat_map(|read| {
            (0..read.text.words.len()).filter(|&w| read.text.words[w].shape == Shape::Lower).map(|w| read.text.folded(w))
        })
        .collect();
    let mut seen: HashSet<String> = HashSet::new();
    for read in &doc.reads {
        for w in 0..read.text.words.len() {
            if !abbreviation(read, w) || small.contains(read.text.folded(w)) {
                continue;
            }
            let stem = stem(read.text.typed(w));
            if read.has("known", (w, w + 1)) || !seen.insert(stem.to_owned()) || explained(read, w, stem) {
                continue;
            }
            out.push(read.on(Rule::Jargon, Gravity::Advice, (w, w + 1)).with("words", read.text.typed(w)));
        }
    }
}

fn stem(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// Two to six letters, most of them capitals, in prose.
fn abbreviation(read: &Read, w: usize) -> bool {
    let text = &read.text;
    let word = text.words[w];
    let typed = stem(text.typed(w));
    let capitals = typed.chars().filter(|c| c.is_uppercase()).count();
    let letters = typed.chars().all(|c| c.is_alphanumeric() || c == '&');
    let length = typed.chars().count();
    let block = text.block_of(w);
    if !(2..=6).contains(&length)
        || !letters
        || capitals < 2
        || capitals * 2 < length
        || block.apparatus
        || roman(typed)
        || typed.chars().any(|c| c.is_ascii_digit())
    {
        return false;
    }
    let shouted = |w: usize| text.words[w].shape == Shape::Upper && text.folded(w).len() > 3;
    let beside = (w > 0 && word.gap <= Gap::Space && shouted(w - 1))
        || text.words.get(w + 1).is_some_and(|next| next.gap <= Gap::Space && shouted(w + 1));
    let label = block.kind == Kind::Heading && text.source[word.end..].starts_with(':');
    let part_of_code =
        word.gap == Gap::Joined && w > 0 && text.words[w - 1].end + 1 == word.start && text.words[w - 1].shape != Shape::Lower;
    !(beside || label || part_of_code)
}

fn roman(word: &str) -> bool {
    word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

/// "Full Name (FN)", "FN (full name)", "FN, or full name", "FN: full name".
fn explained(read: &Read, w: usize, stem: &str) -> bool {
    let text = &read.text;
    let initial = |w: usize| text.folded(w).chars().next();
    let Some(first) = stem.chars().next().map(|c| c.to_ascii_lowercase()) else { return false };
    let word = text.words[w];
    let (from, to) = read.sentence(w);
    if word.aside {
        let back = stem.len() * 2 + 2;
        return (from.max(w.saturating_sub(back))..w).any(|b| initial(b) == Some(first));
    }
    let bracket = text.source[word.end..].trim_start().starts_with(['(', '–', '—', ':']);
    let next = w + 1 < to && (bracket || read.has("or-rather", (w + 1, (w + 3).min(to))));
    next && (w + 1..to.min(w + 5)).any(|b| initial(b) == Some(first))
}
