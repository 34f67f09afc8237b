//! Terms: who owns what, and further conditions.

use crate::challenge::{Offer, Property};
use crate::form::{Errors, Fields};

/// Where nothing is chosen the supplier keeps its intellectual property.
pub(super) fn offer(f: &Fields, e: &mut Errors) -> Offer {
    let property = match f.get("property") {
        "" => Property::default(),
        code => Property::parse(code).unwrap_or_else(|| {
            e.say("property", "choose");
            Property::default()
        }),
    };
    Offer { property, conditions: e.text(f, "conditions", false, 10_000), partners_sign: f.checked("partners_sign") }
}
