//! Lengths: what a list shows, what a reader takes in at once, what somebody deciding whether to answer will read.

use super::{Document, Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::Role;

const TITLE: (usize, usize) = (10, 120);
const SUMMARY: usize = 300;
const STATEMENT: (usize, usize) = (100, 1_500);
const SENTENCE: usize = 45;

/// The whole statement, whether it stands in one field or in parts; told at its first field.
pub(super) fn whole(doc: &Document, out: &mut Vec<Raw>) {
    let parts = || doc.reads.iter().filter(|read| matches!(read.role(), Role::Statement | Role::Part | Role::Tried));
    let n: usize = parts().map(|read| read.text.count((0, read.text.words.len()))).sum();
    let Some((read, last)) = parts().find_map(|read| Some((read, read.text.words.len().checked_sub(1)?))) else { return };
    let (variant, limit) = match n {
        n if n < STATEMENT.0 => ("statement-short", STATEMENT.0),
        n if n > STATEMENT.1 => ("statement-long", STATEMENT.1),
        _ => return,
    };
    out.push(read.on(Rule::Length, Gravity::Advice, (0, last + 1)).variant(variant).with("n", n).with("limit", limit));
}

pub(super) fn check(read: &Read, out: &mut Vec<Raw>) {
    let text = &read.text;
    let (Some(first), Some(last)) = (text.words.first(), text.words.last()) else { return };
    let whole = (first.start, last.end);
    let mut say = |variant: &'static str, n: usize, limit: usize, bytes| {
        out.push(read.at(Rule::Length, Gravity::Advice, bytes).variant(variant).with("n", n).with("limit", limit));
    };
    match read.role() {
        Role::Title => match text.source.trim().chars().count() {
            n if n > TITLE.1 => say("title-long", n, TITLE.1, whole),
            n if n < TITLE.0 => say("title-short", n, TITLE.0, whole),
            _ => {}
        },
        Role::Summary => {
            let n = text.source.trim().chars().count();
            if n > SUMMARY {
                say("summary-long", n, SUMMARY, whole);
            }
        }
        _ => {}
    }
    for sentence in text.sentences.iter().filter(|s| !text.blocks[s.block].apparatus) {
        let n = text.count(sentence.words);
        if n > SENTENCE {
            say("sentence-long", n, SENTENCE, (sentence.start, sentence.end));
        }
    }
}
