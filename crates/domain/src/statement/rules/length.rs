//! Lengths: what a list shows, what a reader takes in at once, what somebody deciding whether to answer will read.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::Role;

const TITLE: (usize, usize) = (10, 120);
const SUMMARY: usize = 300;
const STATEMENT: (usize, usize) = (100, 1_500);
const SENTENCE: usize = 45;

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
        Role::Statement => match text.count((0, text.words.len())) {
            n if n < STATEMENT.0 => say("statement-short", n, STATEMENT.0, whole),
            n if n > STATEMENT.1 => say("statement-long", n, STATEMENT.1, whole),
            _ => {}
        },
        _ => {}
    }
    for sentence in text.sentences.iter().filter(|s| !text.blocks[s.block].apparatus) {
        let n = text.count(sentence.words);
        if n > SENTENCE {
            say("sentence-long", n, SENTENCE, (sentence.start, sentence.end));
        }
    }
}
