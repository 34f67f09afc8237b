//! How the panel works: method, anonymity, thresholds, quorum, reasons, and what the officer reckons with.

use crate::challenge::{Assignment, Expected, Method, Panel, Reasons};
use crate::form::{Errors, FieldError, Fields};
use crate::points::Weight;

/// Most evaluators and most responses that an officer can reckon with.
const MOST_EVALUATORS: u32 = 50;
const MOST_RESPONSES: u32 = 10_000;

pub(super) struct Parsed {
    pub method: Method,
    pub anonymous: bool,
    pub total_threshold: Option<Weight>,
    pub panel: Panel,
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
    let evaluators = whole(f, "evaluators", MOST_EVALUATORS, e);
    let quorum = whole(f, "quorum", MOST_EVALUATORS, e).unwrap_or(1);
    if evaluators.is_some_and(|evaluators| evaluators < quorum) {
        e.say("quorum", "quorum-over-panel");
    }
    let responses = whole(f, "expected_responses", MOST_RESPONSES, e);
    let expected = responses.zip(evaluators).map(|(responses, evaluators)| Expected { responses, evaluators });
    let reasons = Reasons::parse(f.get("reasons")).unwrap_or_default();
    let assignment = Assignment::parse(f.get("assignment")).unwrap_or_default();
    let panel = Panel { quorum: u8::try_from(quorum).unwrap_or(u8::MAX), reasons, assignment, expected };
    let method = Method::parse(f.get("method")).unwrap_or_default();
    Parsed { method, anonymous: f.checked("anonymous"), total_threshold, panel }
}

/// A whole number from 1 on, or nothing.
fn whole(f: &Fields, field: &str, max: u32, e: &mut Errors) -> Option<u32> {
    match f.get(field) {
        "" => None,
        text => {
            let number = text.parse().ok().filter(|number| (1..=max).contains(number));
            if number.is_none() {
                e.add(FieldError::new(field, "whole-number").with("max", max));
            }
            number
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(pairs: &[(&str, &str)]) -> (Panel, Vec<String>) {
        let mut errors = Errors::default();
        let found = panel(&pairs.iter().copied().collect(), &mut errors);
        (found.panel, errors.0.into_iter().map(|e| format!("{}: {}", e.field, e.code)).collect())
    }

    #[test]
    fn an_empty_page_is_a_quorum_of_one_with_a_reason_for_each_score() {
        assert_eq!(parsed(&[]), (Panel::default(), Vec::new()));
    }

    #[test]
    fn a_quorum_is_no_larger_than_the_panel() {
        let (_, errors) = parsed(&[("quorum", "4"), ("evaluators", "3")]);
        assert_eq!(errors, ["quorum: quorum-over-panel"]);
        let (found, errors) = parsed(&[("quorum", "2"), ("evaluators", "3"), ("expected_responses", "24"), ("reasons", "sift")]);
        assert!(errors.is_empty());
        assert_eq!(found.expected, Some(Expected { responses: 24, evaluators: 3 }));
        assert_eq!((found.quorum, found.reasons), (2, Reasons::Sift));
    }

    #[test]
    fn what_is_no_number_is_told() {
        let (_, errors) = parsed(&[("quorum", "0"), ("evaluators", "many"), ("expected_responses", "-1")]);
        assert_eq!(errors, ["evaluators: whole-number", "quorum: whole-number", "expected_responses: whole-number"]);
    }
}
