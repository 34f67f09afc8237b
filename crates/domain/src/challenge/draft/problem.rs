//! The problem: title, summary, and its parts.

use crate::challenge::Problem;
use crate::form::{Errors, Fields};

pub(super) struct Parsed {
    pub title: String,
    pub summary: String,
    pub parts: Problem,
    pub statement: String,
}

/// Who is affected and what happens now must be said, in their own fields or in a free text that says everything.
pub(super) fn problem(f: &Fields, e: &mut Errors) -> Parsed {
    let in_parts = f.get("statement").is_empty();
    Parsed {
        title: e.text(f, "title", true, 120),
        summary: e.text(f, "summary", true, 300),
        parts: Problem {
            affected: e.text(f, "affected", in_parts, 5_000),
            now: e.text(f, "now", in_parts, 10_000),
            source: e.text(f, "source", false, 500),
            why_now: e.text(f, "why_now", false, 5_000),
            tried: e.text(f, "tried", false, 5_000),
        },
        statement: e.text(f, "statement", false, 20_000),
    }
}
