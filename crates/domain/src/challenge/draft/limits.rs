//! Limits that any solution must respect.

use crate::form::{Errors, Fields};

pub(super) fn limits(f: &Fields, e: &mut Errors) -> String {
    e.text(f, "limits", false, 10_000)
}
