//! Files that answer a question: the list with its upload on a page of their own, and handing them out.

use axum::extract::{Path, RawQuery, Request};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Question, QuestionKind};
use domain::form::Fields;
use domain::ids::{FileId, ResponseId};
use domain::policy::{ReadOwnResponse, Refused};
use domain::response::{Enclosed, may_enclose};
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse};

use super::draft::unsent;
use super::{files_at, files_wanted, id_of, late_or};
use crate::account::shown;
use crate::challenge::id_of as challenge_of;
use crate::cx::Cx;
use crate::evaluation::response_of;
use crate::fault::Fault;
use crate::file::{Posted, Target, hand_out, posted, upload_words};
use crate::frame::Page;
use crate::islands::FileUpload;
use crate::ui::{Form, error_summary, escaped, hidden, size, when};
use crate::words::t;

pub(super) fn file_of(text: &str) -> Result<FileId, Fault> {
    Ok(FileId::parse(text).ok_or(Refused::unseen::<ReadOwnResponse>(0))?)
}

/// The files of an answer, for whoever reads it; `at`: as in [`address`].
pub fn enclosed(cx: &Cx, files: &[Enclosed], at: &str) -> Option<AnyView> {
    let rows = files
        .iter()
        .map(|file| view! { <li class="wp-files__row">{entry(cx, file, at)}</li> {framed(cx, file, at).map(|frame| view! { <li>{frame}</li> })} })
        .collect_view();
    (!files.is_empty()).then(|| view! { <ul class="wp-files">{rows}</ul> }.into_any())
}

/// Where a file is handed out: below a path, or as the field `file` of a link that has fields already.
fn address(at: &str, file: &Enclosed) -> String {
    if at.contains('?') { format!("{at}&file={}", file.id) } else { format!("{at}/{}", file.id) }
}

fn entry(cx: &Cx, file: &Enclosed, at: &str) -> AnyView {
    let kind = t!(cx, &format!("file-kind-{}", file.kind.code()));
    view! {
        <div>
            <a class="govuk-link wp-files__name" href=address(at, file)>{file.name.clone()}</a>
            <p class="wp-muted">{format!("{kind}, {}", size(cx, file.bytes))}</p>
        </div>
    }
    .into_any()
}

/// What a browser can show is read in the page, without leaving the answers; it is fetched once it is unfolded.
fn framed(cx: &Cx, file: &Enclosed, at: &str) -> Option<AnyView> {
    let shown = address(at, file);
    let source = format!("{shown}{}inline", if shown.contains('?') { '&' } else { '?' });
    file.kind.readable().then(|| {
        let shown = if file.kind.is_image() {
            view! { <img class="wp-file" src=source alt=file.name.clone() loading="lazy"/> }.into_any()
        } else {
            // As text, because the view has no `loading` for a frame; without it every file would be decrypted with the page.
            let (source, name) = (escaped(&source), escaped(&file.name));
            let frame = format!("<iframe class=\"wp-file wp-file--tall\" src=\"{source}\" title=\"{name}\" loading=\"lazy\"></iframe>");
            view! { <div inner_html=frame></div> }.into_any()
        };
        view! {
            <details class="govuk-details wp-files__framed wp-no-print">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "file-read-here")} <span class="govuk-visually-hidden">{file.name.clone()}</span></span></summary>
                {shown}
            </details>
        }
        .into_any()
    })
}

/// In the draft, by a question that asks for files: what was handed in, and where to hand in more.
pub(super) fn beside_question(cx: &Cx, own: &OwnResponse, field: &str) -> Option<AnyView> {
    let question = verbs::asks_files(own, field).ok()?;
    let files = own.files.get(field).map_or(&[][..], Vec::as_slice);
    let label = t!(cx, if files.is_empty() { "answer-files-add" } else { "answer-files-change" });
    Some(
        view! {
            {enclosed(cx, files, &files_at(own.facts.response))}
            <p><a class="govuk-link" href=format!("{}/of/{field}", files_at(own.facts.response))>{label} <span class="govuk-visually-hidden">": " {question.label.clone()}</span></a></p>
        }
        .into_any(),
    )
}

pub async fn files(cx: Cx, Path((id, field)): Path<(String, String)>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    page(&cx, &own, &field, &Form::default()).await
}

async fn page(cx: &Cx, own: &OwnResponse, field: &str, form: &Form) -> Result<Response, Fault> {
    let question = verbs::asks_files(own, field)?;
    let id = own.facts.response;
    let held = own.files.get(field).map_or(&[][..], Vec::as_slice);
    let open = domain::policy::save_answer(&cx.actor, &own.facts).is_ok();
    let rows = held.iter().map(|file| row(cx, file, id, open)).collect_view();
    let list = if held.is_empty() {
        view! { <p class="wp-muted">{t!(cx, "answer-files-none")}</p> }.into_any()
    } else {
        view! { <ul class="wp-files">{rows}</ul> }.into_any()
    };
    let differs = if open { verbs::read_unsent(&cx.desk, own).await? } else { None };
    let more = open.then(|| match may_enclose(question, held.len(), None) {
        Ok(()) => upload_at(cx, &format!("{}/of/{field}", files_at(id)), own.most_bytes, form),
        Err(_) => view! { <p>{t!(cx, "answer-files-full")}</p> }.into_any(),
    });
    let title = if question.label.is_empty() { t!(cx, "answer-files-title") } else { question.label.clone() };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-lead">{wanted(cx, question)}</p>
        <p>{t!(cx, "answer-files-text")}</p>
        {list}
        {unsent(cx, own, differs.as_deref())}
        {more}
        <p class="wp-deadline"><strong>{t!(cx, "answers-by")}</strong> {when(cx, own.terms.deadline, Some(&own.terms.zone))}</p>
        <p><a class="govuk-link" href=format!("/responses/{id}#{field}")>{t!(cx, "back-to-draft")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    let page = Page::new(title, body).under(above).invalid_if(form.invalid());
    Ok(if open { page.works() } else { page }.render(cx))
}

fn wanted(cx: &Cx, question: &Question) -> String {
    match &question.kind {
        QuestionKind::Files { kinds, most } => files_wanted(cx, kinds, *most),
        _ => String::new(),
    }
}

pub(super) fn row(cx: &Cx, file: &Enclosed, id: ResponseId, open: bool) -> AnyView {
    let remove = open.then(|| {
        view! {
            <form method="post">
                {hidden("remove", file.id)}
                <button class="govuk-button govuk-button--secondary">
                    {t!(cx, "file-remove")} <span class="govuk-visually-hidden">{file.name.clone()}</span>
                </button>
            </form>
        }
    });
    view! { <li class="wp-files__row">{entry(cx, file, &files_at(id))}{remove}</li> }.into_any()
}

/// `at`: the address of its page; `most_bytes`: of one file.
pub(super) fn upload_at(cx: &Cx, at: &str, most_bytes: u64, form: &Form) -> AnyView {
    let mut words = upload_words(cx, most_bytes);
    // The question says what it is, and of which kinds.
    (words.title, words.title_hint) = (String::new(), String::new());
    words.file_hint = t!(cx, "answer-files-hint", megabytes = i64::try_from(most_bytes / (1024 * 1024)).unwrap_or(i64::MAX));
    view! {
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "file-add")}</h2>
            <FileUpload
                action=at.to_owned()
                title=String::new()
                title_error=None
                file_error=form.error(cx, "file")
                most_bytes=most_bytes
                done=format!("{at}?done=file-attached")
                words=words
            />
        </section>
    }
    .into_any()
}

pub async fn files_post(cx: Cx, Path((id, field)): Path<(String, String)>, request: Request) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let at = format!("{}/of/{field}", files_at(id));
    let into = Target::Answer(id, field.clone());
    match posted(&cx, &into, request).await? {
        Posted::Refused(response) => Ok(response),
        Posted::Form(fields) => {
            let file = file_of(fields.get("remove"))?;
            verbs::remove_enclosed(&cx.desk, &cx.actor, id, file).await?;
            Ok(Redirect::to(&format!("{at}?done=file-removed")).into_response())
        }
        Posted::Files(Ok(())) if cx.json => Ok(axum::Json(serde_json::json!({ "done": "file-attached" })).into_response()),
        Posted::Files(Ok(())) => Ok(Redirect::to(&format!("{at}?done=file-attached")).into_response()),
        Posted::Files(Err(error)) => {
            let errors = late_or(&cx, id, shown(error)).await?;
            if cx.json {
                return Err(Fault(workflow::Error::Invalid(errors)));
            }
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            page(&cx, &own, &field, &Form::with(Fields::default(), errors)).await
        }
    }
}

/// To its own supplier, before and after the opening.
pub async fn file(cx: Cx, Path((id, file)): Path<(String, String)>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let found = verbs::find_own_file(&cx.desk, &cx.actor, id_of(&id)?, file_of(&file)?).await?;
    out(&cx, found, inline(query.as_deref())).await
}

/// After the opening, to the team and the seats.
pub async fn opened_file(
    cx: Cx,
    Path((challenge, id, file)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let (challenge, id) = (challenge_of(&challenge)?, response_of(&id)?);
    let found = verbs::find_opened_file(&cx.desk, &cx.actor, challenge, id, file_of(&file)?).await?;
    out(&cx, found, inline(query.as_deref())).await
}

/// Asked for by the frame of a page that shows it.
pub(super) fn inline(query: Option<&str>) -> bool {
    query.is_some_and(|query| query.split('&').any(|part| part == "inline"))
}

/// As a download, or for the frame of the page that shows it.
pub(super) async fn out(cx: &Cx, found: verbs::SealedFile, inline: bool) -> Result<Response, Fault> {
    let Enclosed { kind, name, bytes, .. } = found.file.clone();
    let plain = verbs::read_sealed_file(&cx.desk, found).await?;
    Ok(hand_out(kind, &name, bytes, inline, plain))
}
