//! Files for the answer to a clarification: the list with its upload, on a page of its own. They are sent with the answer.

use axum::extract::{Path, Request};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::FileKind;
use domain::form::{FieldError, Fields};
use domain::ids::{ResponseId, from_text, to_text};
use domain::policy::{self, AnswerClarification, Refusal, Refused};
use domain::response::{Enclosed, may_add};
use leptos::prelude::*;
use workflow::check::{self as verbs, Clarification, Clarifications};

use super::files::{enclosed, file_of, row, upload_at};
use super::{files_at, files_wanted, id_of};
use crate::account::shown;
use crate::cx::Cx;
use crate::evaluation::field_label;
use crate::fault::Fault;
use crate::file::{Posted, Target, posted};
use crate::frame::Page;
use crate::ui::{Form, error_summary, paragraphs, tag, when};
use crate::words::t;

fn here(id: ResponseId, asked: i64, field: &str) -> String {
    format!("/responses/{id}/clarifications/{}/files/{field}", to_text(asked))
}

/// Where no kind is named, each is wanted.
fn wanted(cx: &Cx, kinds: &[FileKind], most: u8) -> String {
    if kinds.is_empty() { t!(cx, "clarify-files-any", n = most) } else { files_wanted(cx, kinds, most) }
}

fn asked_of(id: ResponseId, text: &str) -> Result<i64, Fault> {
    Ok(from_text(text).ok_or(Refused::unseen::<AnswerClarification>(id.get()))?)
}

/// Out of the form that is posted: to the files of a field, what is written being saved on the way.
pub(super) fn to_files(id: ResponseId, asked: i64, act: &str) -> Option<String> {
    act.strip_prefix("files-").map(|field| here(id, asked, field))
}

/// What lies ready for an answer and was not sent, once its time is over.
pub(super) fn never_sent(cx: &Cx, id: ResponseId, found: &Clarifications, asked: &Clarification) -> Option<AnyView> {
    let sent = |file: &Enclosed| asked.answer.as_ref().is_some_and(|answer| answer.all_files().any(|one| one.id == file.id));
    let held = asked.fields.iter().flat_map(|field| found.held(asked.id, field));
    enclosed(cx, &held.filter(|file| !sent(file)).cloned().collect::<Vec<_>>(), &files_at(id))
}

/// In the form of an answer: what lies ready for a field, whether it was sent already, and where it is changed. The button saves what
/// is typed before it leads there: without a script it would be lost.
pub(super) fn beside_answer(
    cx: &Cx,
    id: ResponseId,
    found: &Clarifications,
    asked: &Clarification,
    field: &str,
) -> Option<AnyView> {
    let (_, kinds, most) = found.wants(asked.id, field).ok()?;
    let held = found.held(asked.id, field);
    let sent = asked.answer.as_ref().and_then(|answer| answer.files.get(field)).map_or(&[][..], Vec::as_slice);
    let waits = held != sent;
    let label = t!(cx, if held.is_empty() { "answer-files-add" } else { "answer-files-change" });
    let of = field_label(cx, &found.terms, field);
    Some(
        view! {
            <div class="govuk-form-group" id=format!("files-{field}")>
                <p class="govuk-hint">{wanted(cx, kinds, most)}</p>
                {enclosed(cx, held, &files_at(id))}
                {waits.then(|| view! { <p>{tag("waiting", t!(cx, "clarify-files-unsent"))} " " {t!(cx, "clarify-files-send")}</p> })}
                <button class="govuk-button govuk-button--secondary" name="do" value=format!("files-{field}")>{label} <span class="govuk-visually-hidden">": " {of}</span></button>
            </div>
        }
        .into_any(),
    )
}

pub async fn clarification_files(cx: Cx, Path((id, asked, field)): Path<(String, String, String)>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    page(&cx, id, (asked_of(id, &asked)?, &field), &Form::default()).await
}

async fn page(cx: &Cx, id: ResponseId, (asked, field): (i64, &str), form: &Form) -> Result<Response, Fault> {
    let found = verbs::read_clarifications(&cx.desk, &cx.actor, id).await?;
    let (asked, kinds, most) = found.wants(asked, field)?;
    let held = found.held(asked.id, field);
    let open = policy::answer_clarification(&cx.actor, &found.facts, asked.deadline, asked.open, cx.now).is_ok();
    let rows = held.iter().map(|file| row(cx, file, id, open)).collect_view();
    let list = if held.is_empty() {
        view! { <p class="wp-muted">{t!(cx, "answer-files-none")}</p> }.into_any()
    } else {
        view! { <ul class="wp-files">{rows}</ul> }.into_any()
    };
    let more = open.then(|| match may_add(kinds, most, held.len(), None) {
        Ok(()) => upload_at(cx, &here(id, asked.id, field), found.most_bytes, form),
        Err(_) => view! { <p>{t!(cx, "answer-files-full")}</p> }.into_any(),
    });
    let title = field_label(cx, &found.terms, field);
    let answer = format!("/responses/{id}/clarifications?asked={}#files-{field}", to_text(asked.id));
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        {paragraphs(&asked.question)}
        <p class="wp-lead">{wanted(cx, kinds, most)}</p>
        <p>{t!(cx, "clarify-files-text")}</p>
        {list}
        {more}
        <p class="wp-deadline"><strong>{t!(cx, "clarify-by")}</strong> " " {when(cx, asked.deadline, Some(&found.terms.zone))}</p>
        <p><a class="govuk-button" href=answer>{t!(cx, "clarify-files-back")}</a></p>
    };
    let above = vec![
        ("/work".into(), t!(cx, "nav-work")),
        (format!("/responses/{id}"), found.title.clone()),
        (format!("/responses/{id}/clarifications"), t!(cx, "clarify-title")),
    ];
    let page = Page::new(title, body).under(above).invalid_if(form.invalid());
    Ok(if open { page.works() } else { page }.render(cx))
}

pub async fn clarification_files_post(
    cx: Cx,
    Path((id, asked, field)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let asked = asked_of(id, &asked)?;
    let at = here(id, asked, &field);
    let (outcome, done) = match posted(&cx, &Target::Clarification(id, asked, field.clone()), request).await? {
        Posted::Refused(response) => return Ok(response),
        Posted::Form(fields) => {
            let file = file_of(fields.get("remove"))?;
            (verbs::remove_clarification_file(&cx.desk, &cx.actor, id, asked, file).await, "file-removed")
        }
        Posted::Files(outcome) => (outcome, "file-attached"),
    };
    match outcome {
        Ok(()) if cx.json => Ok(axum::Json(serde_json::json!({ "done": done })).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("{at}?done={done}")).into_response()),
        Err(error) => {
            // What the clock or the authority has ended meanwhile is told on the page.
            let errors = match error.refusal() {
                Some(Refusal::Late) => vec![FieldError::new("file", "clarify-files-late")],
                Some(Refusal::ClarificationOver) => vec![FieldError::new("file", "clarify-files-over")],
                _ => shown(error)?,
            };
            if cx.json {
                return Err(Fault(workflow::Error::Invalid(errors)));
            }
            page(&cx, id, (asked, &field), &Form::with(Fields::default(), errors)).await
        }
    }
}
