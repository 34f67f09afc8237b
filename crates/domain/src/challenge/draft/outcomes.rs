//! Outcomes: what should be different, as numbers with a date.

use crate::challenge::Outcome;
use crate::form::{Errors, FieldError, Fields};
use crate::ids::OutcomeId;

/// Most outcomes a challenge may name; more would hide what matters.
pub const MOST_OUTCOMES: usize = 8;

pub(super) fn outcomes(f: &Fields, e: &mut Errors) -> Vec<Outcome> {
    let rows = f.rows("outcome");
    if rows.is_empty() {
        e.say("outcome-1-title", "outcome-none");
    } else if rows.len() > MOST_OUTCOMES {
        e.add(FieldError::new(format!("outcome-{}-title", rows[MOST_OUTCOMES]), "outcome-many").with("max", MOST_OUTCOMES));
    }
    let mut out = Vec::new();
    for row in rows {
        let mut text = |field: &str, required, max| e.text(f, &format!("outcome-{row}-{field}"), required, max);
        out.push(Outcome {
            id: OutcomeId::parse(f.of_row("outcome", row, "id")).unwrap_or(OutcomeId(i64::from(row))),
            title: text("title", true, 160),
            unit: text("unit", false, 60),
            baseline: text("baseline", true, 60),
            target: text("target", true, 60),
            by: text("by", true, 60),
            measured: text("measured", false, 500),
        });
    }
    out
}
