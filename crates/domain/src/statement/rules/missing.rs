//! What a problem needs and is not there: somebody affected, how things stand, what is wanted by when.
//!
//! Of a draft with outcomes in fields of their own the field is named; otherwise these read the whole statement.

use super::{Document, Read, unplaced};
use crate::statement::finding::{Finding, Rule};
use crate::statement::passage::{Lang, Role};

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
    read.text.sentences.iter().any(|s| {
        !read.text.blocks[s.block].apparatus
            && read.has("quantity", s.words)
            && !read.has("wanted", s.words)
            && !read.has("competition", s.words)
    })
}

fn has_target(read: &Read) -> bool {
    read.text.sentences.iter().any(|s| {
        !read.text.blocks[s.block].apparatus
            && read.has_number(s.words)
            && read.has("wanted", s.words)
            && !read.has("competition", s.words)
            && read.has("quantity", s.words)
    })
}
