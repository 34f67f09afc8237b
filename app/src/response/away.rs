//! Working on a draft elsewhere: the questions with their limits as a document, and what was written there put back.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use docx_rs::{Docx, Paragraph, Run, Style, StyleType};
use domain::challenge::{QuestionKind, Terms};
use domain::form::{FieldError, Fields};
use domain::response::{ASIDE, Field, form_mark, marker, of_another_form, split_pasted};
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse};

use super::draft::{Shown, draft_page};
use super::fields::{Asked, asked, asked_label, hint_of};
use super::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, instant, textarea};
use crate::words::t;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What can be written elsewhere: fields of words, numbers and dates, with what each is called and its limits. What is chosen
/// or handed in as a file is done on the page.
fn elsewhere(cx: &Cx, terms: &Terms) -> Vec<(Field, String, String)> {
    let mut rows = Vec::new();
    for part in asked(terms) {
        let label = asked_label(cx, part);
        match part {
            Asked::Question(question) => {
                let chosen =
                    matches!(question.kind, QuestionKind::Choice { .. } | QuestionKind::YesNo | QuestionKind::Files { .. });
                if !chosen {
                    let words = question.kind.has_words().then(|| t!(cx, "away-words", max = question.max_words));
                    let hint = [hint_of(cx, terms, question), words.unwrap_or_default()].join(" ");
                    rows.push((Field::Question(question.id), label, hint.trim().to_owned()));
                }
            }
            Asked::Outcome(outcome, question) => {
                let said = t!(
                    cx,
                    "promise-outcome",
                    now = &outcome.baseline,
                    wanted = &outcome.target,
                    unit = &outcome.unit,
                    by = &outcome.by
                );
                rows.push((Field::Promise(outcome.id), t!(cx, "promise-value", outcome = &label), said));
                if question.is_some() {
                    rows.push((Field::By(outcome.id), t!(cx, "promise-by", outcome = &label), String::new()));
                }
                let words = question.map(|question| t!(cx, "away-words", max = question.max_words)).unwrap_or_default();
                rows.push((Field::Evidence(outcome.id), t!(cx, "promise-evidence", outcome = &label), words));
            }
            // Chosen and signed on the page.
            Asked::Declarations(_) => {}
            Asked::Price => {
                rows.push((Field::Price, t!(cx, "price-label", currency = terms.currency.to_string()), String::new()));
            }
        }
    }
    rows
}

/// The document, with what is written already.
pub async fn document(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let bytes = docx(&cx, &own).ok_or_else(|| Fault::broken("a document could not be made"))?;
    let name = format!("attachment; filename=\"{}.docx\"", own.reference);
    let headers = [
        (header::CONTENT_TYPE, DOCX.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn docx(cx: &Cx, own: &OwnResponse) -> Option<Vec<u8>> {
    let line = |text: &str| Paragraph::new().add_run(Run::new().add_text(text));
    let aside = |text: String| Paragraph::new().add_run(Run::new().add_text(format!("{ASIDE} {text}")).italic());
    let heading = Style::new("Heading2", StyleType::Paragraph).name("heading 2").size(26).bold();
    let title = Style::new("Heading1", StyleType::Paragraph).name("heading 1").size(34).bold();
    let mut docx = Docx::new().add_style(title).add_style(heading);
    docx = docx.add_paragraph(line(&own.terms.title).style("Heading1"));
    let deadline = instant(cx.words, own.terms.deadline, &own.terms.zone);
    docx = docx.add_paragraph(aside(t!(cx, "away-how", deadline = deadline)));
    let rows = elsewhere(cx, &own.terms);
    let mark = form_mark(rows.iter().map(|(field, ..)| field));
    for (n, (field, label, limits)) in (1..).zip(rows) {
        docx = docx.add_paragraph(line(&format!("{} {label}", marker(n, &mark))).style("Heading2"));
        if !limits.is_empty() {
            docx = docx.add_paragraph(aside(limits));
        }
        let text = own.answers.get(&field.name()).map(|answer| answer.text.clone()).unwrap_or_default();
        for paragraph in text.split('\n') {
            docx = docx.add_paragraph(line(paragraph));
        }
    }
    let mut bytes = std::io::Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).ok()?;
    Some(bytes.into_inner())
}

pub async fn paste(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    Ok(paste_page(&cx, &own, &Form::default()))
}

fn first_marker(cx: &Cx, own: &OwnResponse) -> String {
    marker(1, &form_mark(elsewhere(cx, &own.terms).iter().map(|(field, ..)| field)))
}

fn paste_page(cx: &Cx, own: &OwnResponse, form: &Form) -> Response {
    let id = own.facts.response;
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "paste-title")}</h1>
        <p class="wp-lead">{t!(cx, "paste-text", marker = first_marker(cx, own))}</p>
        <p><a class="govuk-link" href=format!("/responses/{id}/document") download="">{t!(cx, "away-document")}</a></p>
        <form method="post" novalidate>
            {textarea(cx, form, "pasted", t!(cx, "paste-field"), "paste-field-hint", 16)}
            <button class="govuk-button">{t!(cx, "paste-button")}</button>
        </form>
        <p><a class="govuk-link" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    Page::new(t!(cx, "paste-title"), body).under(above).invalid_if(form.invalid()).works().render(cx)
}

/// The draft with what was pasted in its fields. Nothing is saved before it was looked at: where an answer says something else
/// already, both stand there.
pub async fn paste_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let rows = elsewhere(&cx, &own.terms);
    let mut parts = split_pasted(post.fields.raw("pasted"));
    parts.remove(&0);
    if parts.is_empty() || parts.keys().any(|n| *n > rows.len()) {
        let error = FieldError::new("pasted", "pasted-nothing").with("marker", first_marker(&cx, &own));
        return Ok(paste_page(&cx, &own, &Form::with(post.fields, vec![error])));
    }
    // Its numbers stand for other questions than ours do: nothing is put anywhere by guess.
    if of_another_form(post.fields.raw("pasted"), &form_mark(rows.iter().map(|(field, ..)| field)), own.n == 1) {
        let error = FieldError::new("pasted", "pasted-other-form");
        return Ok(paste_page(&cx, &own, &Form::with(post.fields, vec![error])));
    }
    let mut fields: Fields = own.draft();
    let mut theirs = BTreeMap::new();
    for (n, (field, ..)) in (1..).zip(&rows) {
        let Some(text) = parts.remove(&n) else { continue };
        let name = field.name();
        let before = fields.raw(&name).to_owned();
        if !before.trim().is_empty() && before.trim() != text {
            theirs.insert(name.clone(), before);
        }
        fields.set(name, text);
    }
    draft_page(&cx, &own, &Shown { form: Form::new(fields), theirs, one: None, pasted: true }).await
}
