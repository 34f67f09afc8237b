//! What an amendment may change, and what it must then move: the rules between two versions of a published challenge.
//!
//! A published challenge is never edited. Which parts are frozen, and which are of substance, is data ([`WEIGHTS`]); a part
//! that is not named there is frozen, and a test fails until it is named.

use crate::challenge::difference::{Change, changes};
use crate::challenge::{Stage, Terms};
use crate::form::FieldError;
use crate::moment::{DAY, Moment};

/// What kind of new version it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmendmentKind {
    /// Any part that is not frozen.
    Amendment,
    /// Dates alone, later.
    Extension,
    /// The deadline again, after closing and before the opening, for a failure of the service.
    Reopening,
}

crate::organisation::codes!(AmendmentKind { Amendment = "amendment", Extension = "extension", Reopening = "reopening" });

/// How much a change of a part weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Frozen at publication.
    Frozen,
    /// What suppliers calculate and write by: with little time left it moves the deadline.
    Substance,
    /// An instant of the timetable.
    Date,
    /// Words that explain.
    Plain,
}

/// Criteria, scales, weights, formulae and thresholds stand within `criteria`; the tie-break follows from their order.
const WEIGHTS: &[(&str, Weight)] = &[
    ("criteria", Weight::Frozen),
    ("total_threshold", Weight::Frozen),
    ("method", Weight::Frozen),
    ("panel", Weight::Frozen),
    ("later", Weight::Frozen),
    ("anonymous", Weight::Frozen),
    ("law", Weight::Frozen),
    // Instants are published in it: with another they would read otherwise.
    ("zone", Weight::Frozen),
    ("currency", Weight::Frozen),
    ("outcomes", Weight::Substance),
    ("limits", Weight::Substance),
    ("requirements", Weight::Substance),
    ("budget", Weight::Substance),
    // What a price is for: quantities, period, tax. The formula stands within the criteria.
    ("price", Weight::Substance),
    // Submissions are sealed by it.
    ("price.separate", Weight::Frozen),
    ("adoption", Weight::Substance),
    ("offer", Weight::Substance),
    ("promises_bind", Weight::Substance),
    ("questions", Weight::Substance),
    ("attachments", Weight::Substance),
    ("deadline", Weight::Date),
    ("enquiry_deadline", Weight::Date),
    ("opening_at", Weight::Date),
    ("decision_by", Weight::Date),
    ("pilot_from", Weight::Date),
    ("title", Weight::Plain),
    ("summary", Weight::Plain),
    ("statement", Weight::Plain),
    ("problem", Weight::Plain),
    ("context", Weight::Plain),
    ("data", Weight::Plain),
    ("categories", Weight::Plain),
    ("place", Weight::Plain),
    ("route", Weight::Plain),
    ("contact", Weight::Plain),
    ("credit", Weight::Plain),
    ("lang", Weight::Plain),
];

/// What a field of the terms weighs: by its own key, else by that of the part it stands in; what is not named is frozen.
pub fn weight(key: &str) -> Weight {
    let named = |key: &str| WEIGHTS.iter().find(|(known, _)| *known == key).map(|(_, weight)| *weight);
    match (named(key), key.rsplit_once('.')) {
        (Some(weight), _) => weight,
        (None, Some((outer, _))) => weight(outer),
        (None, None) => Weight::Frozen,
    }
}

/// Parts that a submission answers: after their change an earlier one needs confirmation.
const ANSWERED: &[&str] = &["questions", "outcomes", "price", "budget", "currency", "criteria"];

/// Whether a submission made under `before` needs to be confirmed under `after`.
pub fn needs_confirmation(before: &Terms, after: &Terms) -> bool {
    let declared = |terms: &Terms| -> Vec<_> {
        crate::response::declared(terms).map(|requirement| (requirement.id, requirement.title.clone())).collect()
    };
    changes(before, after).iter().any(|change| ANSWERED.contains(&change.part())) || declared(before) != declared(after)
}

/// When an amendment would take effect.
#[derive(Clone, Copy, Debug)]
pub struct When {
    pub now: Moment,
    pub publish_at: Moment,
    pub stage: Stage,
}

impl When {
    /// Fewer days are left before the deadline than the law profile asks for after a change of substance.
    pub fn short(&self, terms: &Terms) -> bool {
        terms.deadline.micros() - self.now.micros() < i64::from(terms.law.numbers().amendment_days) * DAY
    }
}

/// What would change, or why it may not. Errors name the part (`criteria`) or the field of a date (`deadline_date`).
pub fn amend(before: &Terms, after: &Terms, when: When) -> Result<Vec<Change>, Vec<FieldError>> {
    let found = changes(before, after);
    let mut errors = later(before, after, when);
    if found.is_empty() {
        errors.push(FieldError::new("form", "amendment-nothing"));
    }
    let frozen = found.iter().filter(|change| weight(&change.key) == Weight::Frozen);
    let mut frozen: Vec<&str> = frozen.map(Change::part).collect();
    frozen.dedup();
    errors.extend(frozen.into_iter().map(|part| FieldError::new(part, "amendment-frozen").with("part", part)));
    let open = when.stage == Stage::Open;
    if !open && found.iter().any(|change| weight(&change.key) != Weight::Date) {
        errors.push(FieldError::new("form", "amendment-closed"));
    }
    if !open && before.deadline != after.deadline {
        errors.push(FieldError::new("deadline_date", "deadline-reopen"));
    }
    let substance = found.iter().any(|change| weight(&change.key) == Weight::Substance);
    let days = before.law.numbers().amendment_days;
    if open && substance && when.short(before) && when.short(after) {
        errors.push(FieldError::new("deadline_date", "deadline-must-move").with("days", days));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// The same for a reopening: the deadline alone, and what follows from it.
pub fn reopen(before: &Terms, after: &Terms, when: When) -> Result<Vec<Change>, Vec<FieldError>> {
    let found = changes(before, after);
    let mut errors = later(before, after, when);
    if !when.now.before(after.deadline) {
        errors.push(FieldError::new("deadline_date", "deadline-past"));
    }
    if found.iter().any(|change| weight(&change.key) != Weight::Date) {
        errors.push(FieldError::new("form", "amendment-closed"));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// A deadline moves later, never earlier; after closing that holds for the other dates too.
fn later(before: &Terms, after: &Terms, when: When) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if after.deadline.before(before.deadline) {
        errors.push(FieldError::new("deadline_date", "deadline-earlier"));
    }
    if after.enquiries_until(when.publish_at).before(before.enquiries_until(when.publish_at)) {
        errors.push(FieldError::new("enquiry_date", "deadline-earlier"));
    }
    if after.enquiry_deadline.is_some_and(|at| !at.before(after.deadline)) {
        errors.push(FieldError::new("enquiry_date", "enquiry-outside"));
    }
    if after.decision_by.is_some_and(|at| !after.deadline.before(at)) {
        errors.push(FieldError::new("decision_date", "decision-before-deadline"));
    }
    if when.stage != Stage::Open && after.decision_by.unwrap_or_default().before(before.decision_by.unwrap_or_default()) {
        errors.push(FieldError::new("decision_date", "deadline-earlier"));
    }
    errors
}

/// The same terms with later dates; a date that is not given stays.
pub fn with_dates(terms: &Terms, deadline: Option<Moment>, enquiries: Option<Moment>, decision: Option<Moment>) -> Terms {
    Terms {
        deadline: deadline.unwrap_or(terms.deadline),
        enquiry_deadline: enquiries.or(terms.enquiry_deadline),
        decision_by: decision.or(terms.decision_by),
        ..terms.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    use crate::law::LawProfile;
    use crate::money::{Currency, Money};

    fn terms() -> Terms {
        let outcome = json!({ "id": "0000000000001", "title": "Failed visits", "unit": "", "baseline": "11 %", "target": "4 %", "by": "2027", "measured": "" });
        let question = json!({ "id": "0000000000002", "label": "How?", "help": "", "kind": "long_text", "max_words": 300, "required": true });
        let criterion = json!({ "id": "0000000000003", "name": "Effect", "guidance": "", "weight": "100", "kind": "scored", "max": 5,
            "threshold": 2, "descriptors": ["", "", "", "", "", ""] });
        let terms = json!({ "title": "Fewer missed visits", "summary": "One in nine.", "statement": "11 % fail.", "outcomes": [outcome],
            "limits": "", "budget": { "amount": "80000.00", "currency": "EUR" }, "currency": "EUR", "route": "", "questions": [question],
            "criteria": [criterion], "method": "mean_after_discussion", "total_threshold": null, "deadline": 1_800_000_000_000_000_i64,
            "zone": "UTC", "decision_by": null, "law": "below-threshold", "place": "", "contact": "The desk", "anonymous": false,
            "promises_bind": false, "lang": "en" });
        serde_json::from_value(terms).unwrap()
    }

    /// So many days before the deadline of the terms, while it is open.
    fn left(terms: &Terms, days: i64) -> When {
        When { now: terms.deadline.plus(-days * DAY), publish_at: terms.deadline.plus(-30 * DAY), stage: Stage::Open }
    }

    fn codes(before: &Terms, after: &Terms, when: When) -> Vec<String> {
        let errors = amend(before, after, when).err().unwrap_or_default();
        errors.into_iter().map(|error| format!("{}: {}", error.field, error.code)).collect()
    }

    #[test]
    fn every_part_of_the_terms_has_a_weight() {
        let serde_json::Value::Object(parts) = serde_json::to_value(terms()).unwrap() else { panic!("an object") };
        let unknown: Vec<_> = parts.keys().filter(|part| WEIGHTS.iter().all(|(known, _)| known != part)).collect();
        assert!(unknown.is_empty(), "say in WEIGHTS how a change of these weighs: {unknown:?}");
    }

    #[test]
    fn what_is_frozen_at_publication_cannot_be_amended() {
        let before = terms();
        type Frozen = (&'static str, fn(&mut Terms));
        let changed: [Frozen; 6] = [
            ("criteria", |terms| terms.criteria[0].threshold = Some(3)),
            ("criteria", |terms| terms.criteria[0].descriptors[0] = "nothing".into()),
            ("total_threshold", |terms| terms.total_threshold = crate::points::Weight::parse("50").ok()),
            ("anonymous", |terms| terms.anonymous = !terms.anonymous),
            ("law", |terms| terms.law = LawProfile::Uk2023),
            ("zone", |terms| terms.zone = "Europe/Paris".into()),
        ];
        for (part, change) in changed {
            let mut after = before.clone();
            change(&mut after);
            let told = codes(&before, &after, left(&before, 20));
            assert!(told.contains(&format!("{part}: amendment-frozen")), "{part}: {told:?}");
        }
    }

    #[test]
    fn a_change_of_substance_with_less_than_the_profiles_days_left_moves_the_deadline() {
        let before = terms();
        let mut after = before.clone();
        after.budget = Some(Money::new(9_000_000, Currency::parse("EUR").unwrap()));
        assert!(codes(&before, &after, left(&before, 7)).is_empty(), "seven days are enough");
        let late = When { now: before.deadline.plus(1 - 7 * DAY), ..left(&before, 7) };
        assert_eq!(codes(&before, &after, late), ["deadline_date: deadline-must-move"]);
        after.deadline = late.now.plus(7 * DAY - 1);
        assert_eq!(codes(&before, &after, late), ["deadline_date: deadline-must-move"], "not far enough");
        after.deadline = late.now.plus(7 * DAY);
        assert!(codes(&before, &after, late).is_empty());
    }

    #[test]
    fn a_change_of_words_that_explain_moves_nothing() {
        let before = terms();
        let after = Terms { contact: "Another desk".into(), ..before.clone() };
        assert!(codes(&before, &after, left(&before, 1)).is_empty());
    }

    #[test]
    fn a_deadline_moves_later_never_earlier() {
        let before = terms();
        let earlier = with_dates(&before, Some(before.deadline.plus(-1)), None, None);
        // Asking ends with it, as the profile counts from the deadline.
        assert_eq!(
            codes(&before, &earlier, left(&before, 20)),
            ["deadline_date: deadline-earlier", "enquiry_date: deadline-earlier"]
        );
        let later = with_dates(&before, Some(before.deadline.plus(1)), None, None);
        assert!(codes(&before, &later, left(&before, 20)).is_empty());
        let asked = Terms { enquiry_deadline: Some(before.deadline.plus(-9 * DAY)), ..before.clone() };
        assert_eq!(codes(&before, &asked, left(&before, 20)), ["enquiry_date: deadline-earlier"]);
    }

    #[test]
    fn after_closing_nothing_changes_but_later_dates() {
        let before = Terms { decision_by: Some(terms().deadline.plus(20 * DAY)), ..terms() };
        let closed = When { stage: Stage::Scoring, ..left(&before, -5) };
        let words = Terms { contact: "Another desk".into(), ..before.clone() };
        assert_eq!(codes(&before, &words, closed), ["form: amendment-closed"]);
        let sooner = with_dates(&before, None, None, Some(before.deadline.plus(19 * DAY)));
        assert_eq!(codes(&before, &sooner, closed), ["decision_date: deadline-earlier"]);
        let later = with_dates(&before, None, None, Some(before.deadline.plus(21 * DAY)));
        assert!(codes(&before, &later, closed).is_empty());
        let reopened = with_dates(&before, Some(before.deadline.plus(9 * DAY)), None, None);
        assert_eq!(codes(&before, &reopened, closed), ["deadline_date: deadline-reopen"]);
    }

    #[test]
    fn an_amendment_changes_something() {
        let before = terms();
        assert_eq!(codes(&before, &before, left(&before, 20)), ["form: amendment-nothing"]);
    }

    #[test]
    fn a_reopening_sets_a_deadline_that_lies_ahead_and_nothing_else() {
        let before = terms();
        let closed = When { stage: Stage::Closed, ..left(&before, -1) };
        let codes = |after: &Terms| {
            let errors = reopen(&before, after, closed).err().unwrap_or_default();
            errors.into_iter().map(|error| error.code).collect::<Vec<_>>()
        };
        assert_eq!(codes(&before), ["deadline-past"]);
        let ahead = with_dates(&before, Some(closed.now.plus(DAY)), None, None);
        assert!(codes(&ahead).is_empty());
        assert_eq!(codes(&Terms { contact: "Another".into(), ..ahead }), ["amendment-closed"]);
    }

    #[test]
    fn a_submission_needs_confirmation_after_a_change_of_what_it_answers() {
        let before = terms();
        let words = Terms { contact: "Another desk".into(), deadline: before.deadline.plus(DAY), ..before.clone() };
        assert!(!needs_confirmation(&before, &words));
        let mut asked = before.clone();
        asked.questions[0].label = "How, and where?".into();
        assert!(needs_confirmation(&before, &asked));
        assert!(needs_confirmation(&before, &Terms { budget: None, ..before.clone() }));
    }
}
