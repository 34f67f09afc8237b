//! A solution where a result could be asked: a technology or form, in the text or in the title; effort instead of results.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::{Lang, Role};
use crate::statement::words::Gap;

pub(super) fn check(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    if read.role() == Role::Title {
        title(read, lang, out);
        return;
    }
    technology(read, out);
    for hit in read.hits("inputs") {
        if !read.has_before("negation", hit.first, 3) {
            out.push(read.on(Rule::Inputs, Gravity::Advice, (hit.first, hit.end)));
        }
    }
}

fn technology(read: &Read, out: &mut Vec<Raw>) {
    if matches!(read.role(), Role::OutcomeBaseline | Role::Tried | Role::Context) {
        return;
    }
    let mut named: Vec<String> = Vec::new();
    for hit in read.hits("technology") {
        let words = (hit.first, hit.end);
        let existing = read.has_before("existing", hit.first, 3) || read.has("existing", words);
        let denied = read.has_before("negation", hit.first, 6);
        let example = read.has_before("example", hit.first, 6);
        let name = read.folded(words);
        if existing || denied || example || read.text.words[hit.first].quoted || named.contains(&name) {
            continue;
        }
        let advice = read.on(Rule::Technology, Gravity::Advice, words);
        let typed = &read.text.source[read.text.words[hit.first].start..read.text.words[hit.end - 1].end];
        out.push(advice.with("words", typed));
        named.push(name);
    }
}

/// A title names a solution where the head of its first phrase does: "Mobile app for parents", not "Fewer calls about the app".
fn title(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    let text = &read.text;
    let Some(hit) = read.hits("title-form").find(|hit| {
        lang == Lang::Fr || {
            let ends = text.words.get(hit.end).is_none_or(|next| next.gap >= Gap::Comma)
                || read.has("title-after", (hit.end, (hit.end + 1).min(text.words.len())));
            let start = text.sentence_of(hit.first).words.0;
            let inner = (start..hit.first).any(|w| read.has("title-before", (w, w + 1)));
            ends && !inner
        }
    }) else {
        return;
    };
    if !read.has_before("negation", hit.first, 6) {
        out.push(read.on(Rule::SolutionInTitle, Gravity::Advice, (hit.first, hit.end)));
    }
}
