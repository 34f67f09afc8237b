//! Words without a measure, and goals without one.

use super::{Document, Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::{Lang, Role};
use crate::statement::words::{Gap, Kind};

pub(super) fn check(read: &Read, doc: &Document, out: &mut Vec<Raw>) {
    words(read, out);
    goals(read, doc, out);
}

fn words(read: &Read, out: &mut Vec<Raw>) {
    let mut named: Vec<String> = Vec::new();
    for hit in read.hits("vague-words") {
        let words = (hit.first, hit.end);
        let name = read.folded(words);
        let near = (hit.first, (hit.end + 4).min(read.sentence(hit.first).1));
        if read.text.words[hit.first].quoted || read.in_name(words) || read.has_number(near) || named.contains(&name) {
            continue;
        }
        out.push(read.on(Rule::VagueWords, Gravity::Advice, words).with("words", read.typed(words)));
        named.push(name);
    }
}

/// "The goal is to improve access" without a number, a unit or a way to tell.
fn goals(read: &Read, doc: &Document, out: &mut Vec<Raw>) {
    let outcome = read.role() == Role::OutcomeTitle;
    if !outcome && !matches!(read.role(), Role::Summary | Role::Statement | Role::Part) {
        return;
    }
    if outcome && target_has_number(read, doc) {
        return;
    }
    let mut told = 0;
    for hit in read.hits("vague-goal") {
        let sentence = read.sentence(hit.first);
        let goal = outcome || states_goal(read, doc.lang, sentence, hit.first);
        let measured = read.has_number(sentence) || read.has("measure", sentence);
        if hit.first < told
            || !goal
            || measured
            || (!outcome && read.has("goal-not", (sentence.0, hit.first)))
            || read.has_before("negation", hit.first, 4)
            || read.has_before("existing", hit.first, 3)
        {
            continue;
        }
        told = read.clause_end(hit.first, 14);
        out.push(read.on(Rule::NotMeasurable, Gravity::Advice, (hit.first, told)));
    }
}

/// Whether the words before say that a goal of this call follows, or are an order ("Develop a sensor to reduce ..."). A text's
/// first words and a heading do so by themselves. French puts the goal first: "Afin de simplifier ..., elle souhaite ...".
fn states_goal(read: &Read, lang: Lang, sentence: (usize, usize), word: usize) -> bool {
    let (first, last) = sentence;
    let heads = word == first && (first == 0 || read.text.block_of(word).kind == Kind::Heading);
    let ordered = |w: usize| (w == first || read.text.words[w].gap >= Gap::Clause) && read.has("goal-verb", (w, w + 1));
    heads || read.has("goal", (first, if lang == Lang::Fr { last } else { word })) || (first..word).any(ordered)
}

/// Whether the same outcome's target or baseline has a number: then the title may be as short as it likes.
fn target_has_number(read: &Read, doc: &Document) -> bool {
    let row = |field: &str| field.rsplit_once('-').map(|(row, _)| row.to_owned());
    doc.reads.iter().any(|other| {
        matches!(other.role(), Role::OutcomeTarget)
            && other.passage.section == read.passage.section
            && row(&other.passage.field) == row(&read.passage.field)
            && other.has_number((0, other.text.words.len()))
    })
}
