//! The context of the problem, and the data on offer.

use crate::form::{Errors, Fields};

/// Context and data.
pub(super) fn context(f: &Fields, e: &mut Errors) -> (String, String) {
    (e.text(f, "context", false, 20_000), e.text(f, "data", false, 10_000))
}
