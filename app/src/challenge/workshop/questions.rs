//! Questions: what suppliers are asked, a card each; beside them what answering costs and the form as a supplier will see it.

use domain::challenge::{Draft, FileKind, Outcome, QuestionKind, Terms, parse_loosely};
use domain::effort::supplier_effort;
use domain::moment::Moment;
use leptos::prelude::*;
use workflow::challenge::DraftView;

use super::cards::{Head, add, card, kept, numbers};
use crate::challenge::form::supplier_effort_view;
use crate::cx::Cx;
use crate::response::{asked, form_fields};
use crate::ui::{Choice, Form, checkbox, hidden, input, select, textarea};
use crate::words::t;

/// Everything that some kind of question has beside label, help and whether it must be answered.
const OF_KINDS: [&str; 12] = [
    "words",
    "unit",
    "min",
    "max",
    "options",
    "most",
    "outcome",
    "file_pdf",
    "file_document",
    "file_spreadsheet",
    "file_slides",
    "file_image",
];

pub(super) fn fields(cx: &Cx, draft: &Draft, now: Moment, form: &Form) -> AnyView {
    let (terms, _) = parse_loosely(draft, now);
    let form = &with_promises(form, &terms.outcomes);
    let rows = numbers(form, "question", 1);
    let cards = rows.iter().enumerate().map(|(at, n)| question(cx, form, &terms.outcomes, *n, (at, rows.len()))).collect_view();
    let kinds = QuestionKind::CODES.iter().filter(|code| **code != "promise");
    let kinds = kinds.map(|code| ((*code).to_owned(), t!(cx, &format!("question-kind-{code}")))).collect();
    view! {
        {cards}
        {add(cx, "question", t!(cx, "question-add"), kinds)}
    }
    .into_any()
}

/// Every outcome has its card: those that were not placed yet stand behind the others.
fn with_promises(form: &Form, outcomes: &[Outcome]) -> Form {
    let mut form = form.clone();
    let rows = form.fields.rows("question");
    let placed = |outcome: &Outcome| {
        let id = outcome.id.to_string();
        rows.iter().any(|row| form.fields.of_row("question", *row, "outcome") == id)
    };
    let missing: Vec<String> = outcomes.iter().filter(|outcome| !placed(outcome)).map(|outcome| outcome.id.to_string()).collect();
    // The first card stays free for the first question.
    let last = rows.last().copied().unwrap_or(1);
    for (n, id) in (last + 1..).zip(missing) {
        for (field, value) in [("card", "1"), ("kind", "promise"), ("outcome", &id)] {
            form.fields.set(format!("question-{n}-{field}"), value);
        }
    }
    if rows.is_empty() && !form.fields.rows("question").is_empty() {
        form.fields.set("question-1-card", "1");
    }
    form
}

fn question(cx: &Cx, form: &Form, outcomes: &[Outcome], n: u32, place: (usize, usize)) -> AnyView {
    let prefix = format!("question-{n}");
    let name = |field: &str| format!("{prefix}-{field}");
    let code = match form.fields.of_row("question", n, "kind") {
        "" => "long_text",
        code => code,
    };
    let known = QuestionKind::CODES.contains(&code);
    let outcome = outcomes.iter().find(|outcome| outcome.id.to_string() == form.fields.of_row("question", n, "outcome"));
    let title = match (code, outcome) {
        ("promise", Some(outcome)) => t!(cx, "card-promise", outcome = &outcome.title),
        _ => t!(cx, "card-question", n = place.0 + 1),
    };
    let (special, shown) = of_kind(cx, form, &prefix, if known { code } else { "long_text" });
    let kind = if code == "promise" {
        view! { {hidden(&name("kind"), "promise")} <p class="govuk-hint">{t!(cx, "card-promise-hint")}</p> }.into_any()
    } else {
        let kinds: Vec<Choice> = QuestionKind::CODES
            .iter()
            .filter(|code| **code != "promise")
            .map(|code| ((*code).to_owned(), t!(cx, &format!("question-kind-{code}")), None))
            .collect();
        select(cx, form, &name("kind"), t!(cx, "field-question-kind"), "field-question-kind-hint", kinds)
    };
    let label = if code == "promise" { "field-promise-label" } else { "field-question-label" };
    let label_hint = if code == "promise" { "field-promise-label-hint" } else { "" };
    let body = view! {
        {kind}
        {input(cx, form, &name("label"), t!(cx, label), label_hint, "text", "")}
        {textarea(cx, form, &name("help"), t!(cx, "field-question-help"), "", 2)}
        {special}
        {checkbox(cx, form, &name("optional"), t!(cx, "field-question-optional"), "yes")}
        {checkbox(cx, form, &name("confidential"), t!(cx, "field-question-confidential"), "yes")}
        {kept(form, &prefix, &OF_KINDS, &shown)}
    };
    let head = Head { title, place, fixed: code == "promise" && outcome.is_some() };
    card(cx, form, "question", n, head, body.into_any())
}

/// The fields that only this kind has, and their names.
fn of_kind(cx: &Cx, form: &Form, prefix: &str, code: &str) -> (AnyView, Vec<&'static str>) {
    let name = |field: &str| format!("{prefix}-{field}");
    let number = |field: &str, key: &str, hint: &str| input(cx, form, &name(field), t!(cx, key), hint, "number", "");
    let words = || number("words", "field-question-words", "field-question-words-hint");
    match code {
        "number" => (
            view! {
                {input(cx, form, &name("unit"), t!(cx, "field-question-unit"), "field-question-unit-hint", "text", "")}
                <div class="wp-pair">{number("min", "field-question-min", "")}{number("max", "field-question-max", "")}</div>
            }
            .into_any(),
            vec!["unit", "min", "max"],
        ),
        "choice" | "choices" => (
            textarea(cx, form, &name("options"), t!(cx, "field-question-options"), "field-question-options-hint", 5),
            vec!["options"],
        ),
        "files" => {
            let kinds = FileKind::ALL
                .iter()
                .map(|kind| {
                    checkbox(
                        cx,
                        form,
                        &name(&format!("file_{}", kind.code())),
                        t!(cx, &format!("file-kind-{}", kind.code())),
                        "yes",
                    )
                })
                .collect_view();
            let fields = view! {
                <fieldset class="govuk-fieldset"><legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "field-question-files")}</legend>
                    <p class="govuk-hint">{t!(cx, "field-question-files-hint")}</p>{kinds}</fieldset>
                {number("most", "field-question-most", "field-question-most-hint")}
                {words()}
            };
            (
                fields.into_any(),
                vec!["most", "words", "file_pdf", "file_document", "file_spreadsheet", "file_slides", "file_image"],
            )
        }
        "promise" => (
            view! { {hidden(&name("outcome"), form.fields.get(&name("outcome")))}{words()} }.into_any(),
            vec!["outcome", "words"],
        ),
        "money" | "date" | "yes_no" => (().into_any(), Vec::new()),
        _ => (words(), vec!["words"]),
    }
}

/// What answering costs, and the form as a supplier will see it.
pub(super) fn beside(cx: &Cx, found: &DraftView) -> AnyView {
    let (terms, _) = parse_loosely(&found.draft, found.facts.now);
    view! {
        {supplier_effort_view(cx, &supplier_effort(&terms), true)}
        {preview(cx, &terms)}
    }
    .into_any()
}

fn preview(cx: &Cx, terms: &Terms) -> Option<AnyView> {
    (!terms.questions.is_empty()).then(|| {
        let shown = form_fields(cx, terms, &asked(terms), &Form::default(), &|_| ().into_any());
        view! {
            <details class="govuk-details">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "form-preview")}</span></summary>
                <div class="govuk-details__text"><p class="govuk-hint">{t!(cx, "form-preview-hint")}</p><fieldset class="wp-form-preview" disabled>{shown}</fieldset></div>
            </details>
        }
        .into_any()
    })
}
