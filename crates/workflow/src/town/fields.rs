//! What people of the town type into forms.

use domain::challenge::{Section, Terms};
use domain::form::Fields;
use domain::response::Field;

use super::texts::{Plan, Response};
use super::timeline::{Calendar, ZONE};
use crate::Result;

pub(super) fn of(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().copied().collect()
}

pub(super) fn problem(plan: &Plan) -> Fields {
    of(&[("title", &plan.title), ("summary", &plan.summary), ("statement", &plan.statement)])
}

/// The sections after the first, those in which anything is written.
pub(super) fn sections(plan: &Plan, scale: &[String], calendar: &Calendar) -> Result<Vec<(Section, Fields)>> {
    let on = |is: bool| if is { "on" } else { "" };
    let mut outcomes = Fields::default();
    for (row, outcome) in (1..).zip(&plan.outcome) {
        for (field, text) in [
            ("title", &outcome.title),
            ("unit", &outcome.unit),
            ("baseline", &outcome.baseline),
            ("target", &outcome.target),
            ("by", &outcome.by),
            ("measured", &outcome.measured),
        ] {
            outcomes.set(format!("outcome-{row}-{field}"), text.as_str());
        }
    }
    let limits = of(&[("limits", &plan.limits)]);
    let budget =
        of(&[("route", &plan.route), ("budget", &plan.budget), ("currency", "GBP"), ("promises_bind", on(plan.promises_bind))]);
    let mut questions = Fields::default();
    for (row, question) in (1..).zip(&plan.question) {
        questions.set(format!("question-{row}-label"), question.label.as_str());
        questions.set(format!("question-{row}-help"), question.help.as_str());
        questions.set(format!("question-{row}-words"), question.words.to_string());
        questions.set(format!("question-{row}-optional"), on(question.optional));
    }
    let mut criteria = Fields::default();
    for (row, criterion) in (1..).zip(&plan.criterion) {
        for (field, text) in [
            ("name", &criterion.name),
            ("guidance", &criterion.guidance),
            ("weight", &criterion.weight),
            ("kind", &criterion.kind),
            ("threshold", &criterion.threshold),
        ] {
            criteria.set(format!("criterion-{row}-{field}"), text.as_str());
        }
        for (point, text) in scale.iter().enumerate().filter(|_| criterion.kind.is_empty()) {
            criteria.set(format!("criterion-{row}-point{point}"), text.as_str());
        }
    }
    let (date, time) = calendar.deadline(plan)?;
    let timetable = of(&[
        ("deadline_date", &date),
        ("deadline_time", &time),
        ("decision_date", &calendar.day(plan.deadline + 35)?),
        ("zone", ZONE),
        ("law", &plan.law),
    ]);
    let panel = of(&[("total_threshold", plan.total_threshold.as_str()), ("anonymous", on(plan.anonymous))]);
    let contact = of(&[("place", &plan.place), ("contact", &plan.contact)]);
    let written = [
        (Section::Outcomes, outcomes, !plan.outcome.is_empty()),
        (Section::Limits, limits, !plan.limits.is_empty()),
        (Section::Budget, budget, !plan.limits.is_empty()),
        (Section::Questions, questions, !plan.question.is_empty()),
        (Section::Criteria, criteria, !plan.criterion.is_empty()),
        (Section::Timetable, timetable, !plan.criterion.is_empty()),
        (Section::Panel, panel, !plan.criterion.is_empty()),
        (Section::Contact, contact, !plan.criterion.is_empty()),
    ];
    Ok(written.into_iter().filter(|(.., written)| *written).map(|(section, fields, _)| (section, fields)).collect())
}

/// What a supplier types, by the names of the published form.
pub(super) fn answers(terms: &Terms, response: &Response) -> Fields {
    let mut fields = Fields::default();
    for (question, text) in terms.questions.iter().zip(&response.answers) {
        fields.set(Field::Question(question.id).name(), text.as_str());
    }
    for (outcome, text) in terms.outcomes.iter().zip(&response.promises) {
        fields.set(Field::Promise(outcome.id).name(), text.as_str());
    }
    for (outcome, text) in terms.outcomes.iter().zip(&response.evidence) {
        fields.set(Field::Evidence(outcome.id).name(), text.as_str());
    }
    if !response.price.is_empty() {
        fields.set("price", response.price.as_str());
    }
    fields
}
