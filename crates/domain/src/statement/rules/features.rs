//! Lists of functions where results should stand: a row in one sentence, or a Markdown list under an introduction.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::{Lang, Role};
use crate::statement::words::{Gap, Kind};

/// Functions in a row before it is a list.
const ROW: usize = 3;

pub(super) fn check(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    if matches!(read.role(), Role::Title | Role::Question | Role::Criterion | Role::Requirement) {
        return;
    }
    // In running English text four findings in ten were right (docs/statement-check.md): use cases, files to hand in, wanted
    // results look the same. Where an officer names limits there is nothing else that a list of functions could be.
    if lang != Lang::Fr && matches!(read.role(), Role::Summary | Role::Statement | Role::Part | Role::Tried | Role::Context) {
        return;
    }
    lists(read, out);
    rows(read, lang, out);
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
        let colon = at > 0 && ends_in_colon(read, words(at - 1).1);
        let announced = colon && read.has("feature-announce", words(at - 1));
        let functions = (at..end).filter(|&b| read.has("feature-item", (words(b).0, (words(b).0 + 4).min(words(b).1)))).count();
        if end - at >= ROW && (announced || (colon && functions * 3 >= (end - at) * 2)) {
            let last = words(end - 1).1;
            out.push(read.on(Rule::FeatureList, Gravity::Advice, (words(at).0, last)).with("n", end - at));
        }
        at = end;
    }
}

fn ends_in_colon(read: &Read, end: usize) -> bool {
    read.text.source[read.text.words[end - 1].end..].trim_start_matches(['*', '_', ' ', ')', '"', '\u{a0}']).starts_with(':')
}

/// A sentence such as "The solution must allow users to log in, export reports and filter by date": a row of commas and its
/// closing "and" in the clause after the cue.
fn rows(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    let text = &read.text;
    let mut told = 0;
    for hit in read.hits("feature-cue") {
        let (first, end) = read.sentence(hit.first);
        let clause = match lang {
            Lang::Fr => end,
            _ => read.clause_end(hit.end.max(1) - 1, 80),
        };
        let commas = (hit.end..clause).filter(|&w| text.words[w].gap == Gap::Comma).count();
        let ands = (hit.end..clause).filter(|&w| read.has("conjunction", (w, w + 1))).count();
        if commas + 1 >= ROW - 1 && ands > 0 && commas + ands >= ROW && hit.first >= told {
            told = end;
            out.push(read.on(Rule::FeatureList, Gravity::Advice, (first, end)).with("n", commas + 1));
        }
    }
}
