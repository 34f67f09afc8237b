//! A solution where a result could be asked: a technology or form, in the text or in the title; effort instead of results.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::{Lang, Role};
use crate::statement::pattern::Hit;
use crate::statement::words::Gap;

pub(super) fn check(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    if read.role() == Role::Title {
        title(read, lang, out);
        return;
    }
    technology(read, lang, out);
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

/// A form or technology counts where the sentence asks for it, not where it tells, lists ideas, or names one.
fn technology(read: &Read, lang: Lang, out: &mut Vec<Raw>) {
    if matches!(read.role(), Role::OutcomeBaseline | Role::Tried | Role::Context) {
        return;
    }
    // "We want to develop an app": the nearer verb may be the one that counts.
    let verbs = |hit: &Hit| {
        let outer = hit.outer.0;
        (outer..hit.first).filter(move |&w| w == outer || read.has("technology-make", (w, w + 1)))
    };
    for hit in read.hits("technology") {
        let words = (hit.first, hit.end);
        let sentence = read.sentence(hit.first);
        let asked = match hit.hint {
            "made" => verbs(hit).any(|verb| made(read, lang, verb, hit.first)),
            // "A dashboard that shows": where the field asks for what is wanted, its first words prescribe.
            "head" => hit.outer.0 == sentence.0 && matches!(read.role(), Role::OutcomeTitle | Role::OutcomeTarget | Role::Limits),
            "whole" => true,
            hint => {
                // "looking for", "goal of": the phrase's own second word is no gap.
                let after = hit.outer.0 + if hint == "sought" { 2 } else { 1 };
                !read.has("technology-gap", (after, hit.first))
                    || verbs(hit).skip(1).any(|verb| made(read, lang, verb, hit.first))
            }
        };
        let existing = read.has_before("existing", hit.first, 3) || read.has("existing", words);
        let denied = read.has_before("negation", hit.first, 6);
        let told = read.has("technology-not", (sentence.0, hit.end)) || read.has_before("example", hit.first, 6);
        if !asked || existing || denied || told || read.text.words[hit.first].quoted || read.in_name(words) {
            continue;
        }
        out.push(read.on(Rule::Technology, Gravity::Advice, words).with("words", read.typed(words)));
    }
}

/// Whether a verb prescribes ("must build", "Develop" at the head of a clause) and the form is its own object.
fn made(read: &Read, lang: Lang, mut verb: usize, form: usize) -> bool {
    let start = read.sentence(form).0;
    if read.has("technology-gap", (verb + 1, form)) {
        return false;
    }
    let heads = |word: usize| word == start || read.text.words[word].gap >= Gap::Clause;
    if lang == Lang::Fr {
        return read.has("technology-lead", (start, verb)) || (heads(verb) && read.has("technology-verb", (verb, verb + 1)));
    }
    let joins = |w: usize| read.has("conjunction", (w, w + 1)) || read.has("technology-verb", (w, w + 1));
    while !heads(verb) && joins(verb - 1) {
        verb -= 1;
    }
    heads(verb) || read.has("technology-lead", (start.max(verb.saturating_sub(1)), verb))
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
