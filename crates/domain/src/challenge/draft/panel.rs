//! How the panel works: method, anonymity, thresholds.

use crate::challenge::Method;
use crate::form::{Errors, Fields};
use crate::points::Weight;

pub(super) struct Parsed {
    pub method: Method,
    pub anonymous: bool,
    pub total_threshold: Option<Weight>,
}

pub(super) fn panel(f: &Fields, e: &mut Errors) -> Parsed {
    let total_threshold = match f.get("total_threshold") {
        "" => None,
        text => match Weight::parse(text) {
            Ok(weight) if weight.hundredths() <= 10_000 => Some(weight),
            Ok(_) | Err(_) => {
                e.say("total_threshold", "threshold-total");
                None
            }
        },
    };
    Parsed { method: Method::MeanAfterDiscussion, anonymous: f.checked("anonymous"), total_threshold }
}
