//! What a problem needs and is not there: somebody affected, how things stand, what is wanted by when.
//!
//! Of a draft with outcomes in fields of their own the field is named; otherwise these read the whole statement.

use super::{Document, Read, unplaced};
use crate::statement::finding::{Finding, Rule};
use crate::statement::passage::{Lang, Role};
use crate::statement::words::{Gap, Shape};

pub(super) fn check(doc: &Document, out: &mut Vec<Finding>) {
    if doc.lang == Lang::Other {
        return;
    }
    let posed: Vec<&Read> = doc.reads.iter().filter(|read| read.role().poses() || read.role().outcome()).collect();
    let Some(main) = doc.reads.iter().find(|read| matches!(read.role(), Role::Statement | Role::Part)).or(posed.first().copied())
    else {
        return;
    };
    let main = main.passage;
    if !posed.iter().any(|read| read.hits("people").next().is_some()) {
        out.push(unplaced(Rule::NobodyAffected, &main.section, &main.field, ""));
    }
    if doc.statement.facts.by_field {
        by_field(doc, out);
    }
    if !posed.iter().any(|read| has_baseline(read)) {
        out.push(unplaced(Rule::NoBaseline, &main.section, &main.field, ""));
    }
    if !doc.statement.facts.by_field {
        let number = posed.iter().any(|read| has_target(read));
        let date = posed.iter().any(|read| read.hits("by-when").next().is_some());
        let variant = match (number, date) {
            (true, true) => return,
            (false, true) => "number",
            (true, false) => "date",
            (false, false) => "both",
        };
        let mut finding = unplaced(Rule::NoTarget, &main.section, &main.field, "");
        finding.variant = variant.to_owned();
        out.push(finding);
    }
}

/// Outcome by outcome: now, wanted, by when.
fn by_field(doc: &Document, out: &mut Vec<Finding>) {
    for read in &doc.reads {
        let words = (0, read.text.words.len());
        let (rule, variant) = match read.role() {
            Role::OutcomeBaseline => (Rule::NoBaseline, "outcome"),
            Role::OutcomeTarget => (Rule::NoTarget, "number"),
            Role::OutcomeBy => (Rule::NoTarget, "date"),
            _ => continue,
        };
        let said = read.has_number(words) || (read.role() == Role::OutcomeBy && read.has("by-when", words));
        if !said {
            let mut finding = unplaced(rule, &read.passage.section, &read.passage.field, read.text.source.trim());
            finding.variant = variant.to_owned();
            out.push(finding);
        }
    }
}

/// A sentence about the present with a number in it.
fn has_baseline(read: &Read) -> bool {
    if read.role() == Role::OutcomeBaseline {
        return read.has_number((0, read.text.words.len()));
    }
    told(read).any(|words| quantity(read, words) && !read.has("wanted", words) && !read.has("competition", words))
}

fn has_target(read: &Read) -> bool {
    told(read).any(|words| quantity(read, words) && read.has("wanted", words) && !read.has("competition", words))
}

/// The sentences that are prose.
fn told<'r>(read: &'r Read) -> impl Iterator<Item = (usize, usize)> + 'r {
    read.text.sentences.iter().filter(|s| !read.text.blocks[s.block].apparatus).map(|s| s.words)
}

/// A number that says how much or how many: with a unit, a share or a crowd; not a year, a phase or a paragraph.
fn quantity(read: &Read, (first, end): (usize, usize)) -> bool {
    let text = &read.text;
    let counted = |w: usize| {
        let after = text.source[text.words[w].end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let percent = after.starts_with(['%', '€', '$', '£', '°']);
        let thousands = w + 1 < end && text.words[w + 1].gap == Gap::Space && text.folded(w + 1) == "000";
        percent
            || thousands
            || text.source[..text.words[w].start].ends_with(['$', '€', '£'])
            || (w + 1..(w + 3).min(end)).any(|u| read.has("unit", (u, u + 1)))
    };
    read.has("quantity", (first, end))
        || (first..end).any(|w| text.words[w].shape == Shape::Number && !year(text.folded(w)) && counted(w))
}

fn year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}
