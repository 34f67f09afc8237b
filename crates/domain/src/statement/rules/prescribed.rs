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
        let format = hit.hint == "document" && (read.role().scores() || read.role() == Role::Requirement);
        let title = hit.hint == "document"
            && read.in_name((hit.first, hit.first + 1))
            && hit.first > 0
            && !read.has("article", (hit.first - 1, hit.first));
        if !format && !title && !read.has_before("negation", hit.first, 3) {
            out.push(read.on(Rule::Inputs, Gravity::Advice, (hit.first, hit.end)));
        }
    }
}

fn technology(read: &Read, out: &mut Vec<Raw>) {
    if matches!(read.role(), Role::OutcomeBaseline | Role::Tried | Role::Context) {
        return;
    }
    for hit in read.hits("technology") {
        let words = (hit.first, hit.end);
        let existing = read.has_before("existing", hit.first, 3) || read.has("existing", words);
        let denied = read.has_before("negation", hit.first, 6);
        let example = read.has_before("example", hit.first, 6);
        if existing || denied || example || read.text.words[hit.first].quoted {
            continue;
        }
        out.push(read.on(Rule::Technology, Gravity::Advice, words).with("words", read.typed(words)));
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
