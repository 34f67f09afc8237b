//! What people of the town type into forms.

use domain::challenge::{Section, Terms};
use domain::form::Fields;
use domain::response::Field;
use sha2::{Digest, Sha256};

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
        outcomes.set(format!("outcome-{row}-id"), id(plan, &format!("o{row}")));
    }
    let limits = of(&[("limits", &plan.limits)]);
    let context = of(&[("context", &plan.context), ("data", &plan.data)]);
    let terms = of(&[("property", "supplier-keeps"), ("conditions", &plan.conditions)]);
    let categories: Fields = plan.categories.iter().map(|code| (format!("category-{code}"), "yes")).collect();
    let mut requirements = Fields::default();
    for (row, [title, kind, evidence]) in (1..).zip(&plan.requirements) {
        for (field, text) in [("title", title), ("kind", kind), ("evidence", evidence)] {
            requirements.set(format!("requirement-{row}-{field}"), text.as_str());
        }
    }
    let mut budget = of(&[
        ("route", &plan.route),
        ("maximum", &plan.maximum),
        ("duration", &plan.duration),
        ("buyers", &plan.buyers),
        ("budget", &plan.budget),
        ("currency", "GBP"),
        ("promises_bind", on(plan.promises_bind)),
    ]);
    for (row, [title, due, payment]) in (1..).zip(&plan.milestones) {
        for (field, text) in [("title", title), ("due", due), ("payment", payment)] {
            budget.set(format!("milestone-{row}-{field}"), text.as_str());
        }
    }
    let mut questions = Fields::default();
    for (row, question) in (1..).zip(&plan.question) {
        questions.set(format!("question-{row}-label"), question.label.as_str());
        questions.set(format!("question-{row}-help"), question.help.as_str());
        questions.set(format!("question-{row}-words"), question.words.map(|words| words.to_string()).unwrap_or_default());
        questions.set(format!("question-{row}-optional"), on(question.optional));
        questions.set(format!("question-{row}-id"), id(plan, &row.to_string()));
        for (field, text) in &question.card {
            questions.set(format!("question-{row}-{field}"), text.as_str());
        }
    }
    let mut criteria: Fields = plan.price.iter().map(|(field, text)| (format!("price_{field}"), text.as_str())).collect();
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
        for read in &criterion.reads {
            criteria.set(format!("criterion-{row}-reads_{}", id(plan, read)), "yes");
        }
        for (n, part) in (1..).zip(&criterion.part) {
            for (field, text) in [("name", &part.name), ("weight", &part.weight), ("guidance", &part.guidance)] {
                criteria.set(format!("criterion-{row}-part-{n}-{field}"), text.as_str());
            }
        }
    }
    let (date, time) = calendar.deadline(plan)?;
    let timetable = of(&[
        ("deadline_date", &date),
        ("deadline_time", &time),
        ("opening_date", &calendar.day(plan.deadline + 5)?),
        ("opening_time", "10:00"),
        ("decision_date", &calendar.day(plan.deadline + 35)?),
        ("pilot_date", &calendar.day(plan.deadline + 70)?),
        ("zone", ZONE),
        ("law", &plan.law),
    ]);
    let mut panel = of(&[("total_threshold", plan.total_threshold.as_str()), ("anonymous", on(plan.anonymous))]);
    panel.0.extend(plan.rules.clone());
    let mut rounds = Fields::default();
    for (row, round) in (1..).zip(&plan.round) {
        for (field, text) in round {
            // Days after the deadline, in a text: dates count from the day on which the town is filled.
            let text = match text.parse::<i64>().ok().filter(|_| field == "date") {
                Some(days) => calendar.day(plan.deadline + days)?,
                None => text.clone(),
            };
            rounds.set(format!("round-{row}-{field}"), text);
        }
    }
    let contact = of(&[("place", &plan.place), ("contact", &plan.contact)]);
    let written = [
        (Section::Outcomes, outcomes, !plan.outcome.is_empty()),
        (Section::Limits, limits, !plan.limits.is_empty()),
        (Section::Context, context, !plan.context.is_empty()),
        (Section::Terms, terms, !plan.criterion.is_empty()),
        (Section::Categories, categories, !plan.categories.is_empty()),
        (Section::Requirements, requirements, !plan.requirements.is_empty()),
        (Section::Budget, budget, !plan.limits.is_empty()),
        (Section::Questions, questions, !plan.question.is_empty()),
        (Section::Criteria, criteria, !plan.criterion.is_empty()),
        (Section::Timetable, timetable, !plan.criterion.is_empty()),
        (Section::Panel, panel, !plan.criterion.is_empty()),
        (Section::Rounds, rounds, !plan.round.is_empty()),
        (Section::Contact, contact, !plan.criterion.is_empty()),
    ];
    Ok(written.into_iter().filter(|(.., written)| *written).map(|(section, fields, _)| (section, fields)).collect())
}

/// The id of a question or outcome of a plan, so that its criteria can name it before anything is saved.
fn id(plan: &Plan, row: &str) -> String {
    let hash = Sha256::digest(format!("town {} {row}", plan.key));
    let bytes: [u8; 8] = hash[..8].try_into().unwrap_or_default();
    domain::ids::to_text(i64::from_be_bytes(bytes) & i64::MAX)
}

/// What a supplier types, by the names of the published form. `by`: the date of its promises.
pub(super) fn answers(terms: &Terms, response: &Response, by: &str) -> Fields {
    let mut fields = Fields::default();
    let asked = terms.questions.iter().filter(|question| question.outcome().is_none());
    for (question, text) in asked.zip(&response.answers) {
        fields.set(Field::Question(question.id).name(), text.as_str());
    }
    for (outcome, text) in terms.outcomes.iter().zip(&response.promises) {
        fields.set(Field::Promise(outcome.id).name(), text.as_str());
        fields.set(Field::By(outcome.id).name(), by);
    }
    for (outcome, text) in terms.outcomes.iter().zip(&response.evidence) {
        fields.set(Field::Evidence(outcome.id).name(), text.as_str());
    }
    if !response.price.is_empty() {
        fields.set("price", response.price.as_str());
    }
    fields
}
