//! Lists of functions where results should stand: a row in one sentence, or a Markdown list under an introduction.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::Role;
use crate::statement::words::{Gap, Kind};

/// Functions in a row before it is a list.
const ROW: usize = 3;

pub(super) fn check(read: &Read, out: &mut Vec<Raw>) {
    if matches!(read.role(), Role::Title | Role::Question) {
        return;
    }
    lists(read, out);
    rows(read, out);
}

/// Items after a block that announces functions, or items that are functions by themselves.
fn lists(read: &Read, out: &mut Vec<Raw>) {
    let text = &read.text;
    let mut at = 0;
    while at < text.blocks.len() {
        if text.blocks[at].kind != Kind::Item || text.blocks[at].apparatus {
            at += 1;
            continue;
        }
        let end = (at..text.blocks.len()).find(|&b| text.blocks[b].kind != Kind::Item).unwrap_or(text.blocks.len());
        let words = |block: usize| {
            let (first, last) = text.blocks[block].sentences;
            (text.sentences[first].words.0, text.sentences[last - 1].words.1)
        };
        let announced = at > 0 && read.has("feature-announce", words(at - 1));
        let functions = (at..end).filter(|&b| read.has("feature-item", (words(b).0, (words(b).0 + 4).min(words(b).1)))).count();
        if end - at >= ROW && (announced || functions * 3 >= (end - at) * 2) {
            out.push(
                read.at(
                    Rule::FeatureList,
                    Gravity::Advice,
                    (text.words[words(at).0].start, text.words[words(end - 1).1 - 1].end),
                )
                .with("n", end - at),
            );
        }
        at = end;
    }
}

/// A sentence such as "The solution must allow users to log in, export reports and filter by date".
fn rows(read: &Read, out: &mut Vec<Raw>) {
    let text = &read.text;
    for hit in read.hits("feature-cue") {
        let (first, end) = read.sentence(hit.first);
        let after = hit.end..end;
        let commas = after.clone().filter(|&w| text.words[w].gap == Gap::Comma).count();
        let ands = after.filter(|&w| read.has("conjunction", (w, w + 1))).count();
        if commas + ands >= ROW
            && commas + 1 >= ROW - 1
            && out.last().is_none_or(|last| last.rule != Rule::FeatureList || last.bytes.0 != text.words[first].start)
        {
            out.push(read.on(Rule::FeatureList, Gravity::Advice, (first, end)).with("n", commas + 1));
        }
    }
}
