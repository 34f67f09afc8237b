//! Files attached to a challenge: the officer's list and upload, the download, and the page that shows one.

mod serve;
mod upload;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::file::Attachment;
use domain::ids::{ChallengeId, FileId};
use domain::policy::{ReadFile, Refused};
use leptos::prelude::*;
pub use serve::{download, hand_out, view};
pub use upload::{Posted, Target, post, posted};
use workflow::file::{self as verbs, DraftFiles};

use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::islands::{FileUpload, UploadWords};
use crate::ui::{Form, empty, error_summary, size};
use crate::words::t;

fn file_of(text: &str) -> Result<FileId, Fault> {
    Ok(FileId::parse(text).ok_or(Refused::unseen::<ReadFile>(0))?)
}

pub async fn list(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    list_page(&cx, id_of(&id)?, &Form::default()).await
}

async fn list_page(cx: &Cx, id: ChallengeId, form: &Form) -> Result<Response, Fault> {
    let found = verbs::list_files(&cx.desk, &cx.actor, id).await?;
    let rows = if found.files.is_empty() {
        empty(t!(cx, "files-none"), t!(cx, "files-none-text"))
    } else {
        view! { <ul class="wp-files">{found.files.iter().map(|file| row(cx, id, file, found.may_change)).collect_view()}</ul> }
            .into_any()
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "files-title")}</h1>
        <p class="wp-lead">{t!(cx, "files-text")}</p>
        {rows}
        {found.may_change.then(|| upload_form(cx, id, &found, form))}
    };
    let crumbs = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    let page = Page::new(t!(cx, "files-title"), body).under(crumbs).invalid_if(form.invalid());
    Ok(if found.may_change { page.works() } else { page }.render(cx))
}

fn row(cx: &Cx, id: ChallengeId, file: &Attachment, may_change: bool) -> AnyView {
    let remove = may_change.then(|| {
        view! {
            <form method="post" action=format!("/challenges/{id}/files")>
                <input type="hidden" name="remove" value=file.id.to_string()/>
                <button class="govuk-button govuk-button--secondary">
                    {t!(cx, "file-remove")} <span class="govuk-visually-hidden">{file.name.clone()}</span>
                </button>
            </form>
        }
    });
    view! { <li class="wp-files__row">{entry(cx, file)}{remove}</li> }.into_any()
}

/// A file in a list: what it is, its kind and length, where to read it.
fn entry(cx: &Cx, file: &Attachment) -> AnyView {
    let kind = t!(cx, &format!("file-kind-{}", file.kind.code()));
    let title = if file.title.is_empty() { file.name.clone() } else { file.title.clone() };
    let read = file.kind.readable().then(|| {
        view! { <a class="govuk-link" href=format!("/files/{}/view", file.id)>{t!(cx, "file-read")} <span class="govuk-visually-hidden">{title.clone()}</span></a> }
    });
    view! {
        <div>
            <a class="govuk-link wp-files__name" href=format!("/files/{}", file.id)>{title.clone()}</a>
            <p class="wp-muted">{format!("{kind}, {}", size(cx, file.bytes))} " " {read}</p>
        </div>
    }
    .into_any()
}

/// The files of a notice; nothing where there are none.
pub fn attachments(cx: &Cx, files: &[Attachment]) -> Option<AnyView> {
    (!files.is_empty()).then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "files-title")}</h2>
                <ul class="wp-files">{files.iter().map(|file| view! { <li class="wp-files__row">{entry(cx, file)}</li> }).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// What an upload says; `most_bytes`: of one file.
pub fn upload_words(cx: &Cx, most_bytes: u64) -> UploadWords {
    let megabytes = i64::try_from(most_bytes / (1024 * 1024)).unwrap_or(i64::MAX);
    UploadWords {
        title: t!(cx, "file-title"),
        title_hint: t!(cx, "file-title-hint"),
        file: t!(cx, "file-choose"),
        file_hint: t!(cx, "file-choose-hint", megabytes = megabytes),
        send: t!(cx, "file-send"),
        sending: t!(cx, "file-sending"),
        checking: t!(cx, "file-checking"),
        broken: t!(cx, "error-file-broken"),
        again: t!(cx, "file-again"),
        too_long: t!(cx, "error-file-too-long", megabytes = megabytes),
        error_prefix: t!(cx, "error-prefix"),
    }
}

fn upload_form(cx: &Cx, id: ChallengeId, found: &DraftFiles, form: &Form) -> AnyView {
    let words = upload_words(cx, found.most_bytes);
    view! {
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "file-add")}</h2>
            <FileUpload
                action=format!("/challenges/{id}/files")
                title=form.fields.raw("title").to_owned()
                title_error=form.error(cx, "title")
                file_error=form.error(cx, "file")
                most_bytes=found.most_bytes
                done=format!("/challenges/{id}/files?done=file-attached")
                words=words
            />
        </section>
    }
    .into_any()
}

async fn remove(cx: &Cx, id: ChallengeId, file: &str) -> Result<Response, Fault> {
    verbs::remove_file(&cx.desk, &cx.actor, id, file_of(file)?).await?;
    Ok(Redirect::to(&format!("/challenges/{id}/files?done=file-removed")).into_response())
}
