//! Requirements: pass or fail.

use super::MOST_ROWS;
use crate::challenge::{Requirement, RequirementKind};
use crate::form::{Errors, FieldError, Fields};
use crate::ids::RequirementId;

pub(super) fn requirements(f: &Fields, e: &mut Errors) -> Vec<Requirement> {
    let rows = f.rows("requirement");
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("requirement-{}-title", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    rows.into_iter()
        .map(|row| Requirement {
            id: RequirementId::parse(f.of_row("requirement", row, "id")).unwrap_or(RequirementId(i64::from(row))),
            kind: RequirementKind::parse(f.of_row("requirement", row, "kind")).unwrap_or_default(),
            title: e.text(f, &format!("requirement-{row}-title"), true, 500),
            evidence: e.text(f, &format!("requirement-{row}-evidence"), false, 500),
            declare: !f.of_row("requirement", row, "declare").is_empty(),
        })
        .collect()
}
