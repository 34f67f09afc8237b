//! Answering: the draft, the review before submitting, the receipt, withdrawing.

mod answers;
mod away;
mod clarifications;
mod clarified_files;
mod draft;
mod fields;
mod files;
mod link;
mod partner;
mod receipt;
mod reuse;
mod verify;

pub use answers::{answers_across, answers_beside, answers_view};
pub use away::{document, paste, paste_post};
pub use clarifications::{clarifications, clarifications_post};
pub use clarified_files::{clarification_files, clarification_files_post};
pub use draft::{draft, draft_post};
pub use fields::{asked, files_wanted, form_fields, price_basis, price_view, typed_price};
pub use files::{enclosed, file, files, files_post, opened_file};
pub use link::{links, links_post, shared, shared_file};
pub use partner::{partners, partners_post, sign, sign_file, sign_offs_view, sign_post};
pub use receipt::{download, opened_links, opened_record, receipt, receipt_content, receipt_file};
pub use reuse::{reuse, reuse_post};
pub use verify::{keys, verify, verify_post};

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::form::{FieldError, Fields};
use domain::ids::ResponseId;
use domain::moment::SECOND;
use domain::policy::{ReadOwnResponse, Refused};
use domain::response::{Content, Field, asks_price, files_shown, files_since, form, parties, typed_parties};
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse};

use crate::account::shown;
use crate::challenge::id_of as challenge_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::islands::{KeptAt, KeptOf, kept_note};
use crate::ui::{confirm, error_summary, hidden, instant, relative, sentence, when};
use crate::words::t;

fn id_of(text: &str) -> Result<ResponseId, Fault> {
    Ok(ResponseId::parse(text).ok_or(Refused::unseen::<ReadOwnResponse>(0))?)
}

pub async fn start(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let response = verbs::start_response(&cx.desk, &cx.actor, challenge_of(&id)?).await?;
    Ok(Redirect::to(&format!("/responses/{response}")).into_response())
}

/// Where its supplier finds the files of a response.
fn files_at(id: ResponseId) -> String {
    format!("/responses/{id}/files")
}

/// Where a field of the draft is mended: who answers together has a page of its own.
fn place_of(id: ResponseId, field: &str) -> String {
    match ["parties", "partner-", "lead-"].iter().any(|part| field.starts_with(part)) {
        true => format!("/responses/{id}/partners#{field}"),
        false => format!("/responses/{id}#{field}"),
    }
}

/// The draft as it would be read: every field of the form is asked, whether or not it was answered.
fn drafted(own: &OwnResponse) -> Content {
    let mut answers = own.draft().0;
    for field in form(&own.terms) {
        answers.entry(field.name()).or_default();
    }
    let (parties, _) = parties(&typed_parties(&own.draft()));
    Content { challenge_version: own.n, answers, files: own.files.clone(), parties, ..Content::default() }
}

/// A late attempt is told plainly on the supplier's own page, where the draft still is.
async fn late_or(cx: &Cx, id: ResponseId, errors: Result<Vec<FieldError>, Fault>) -> Result<Vec<FieldError>, Fault> {
    match errors {
        Err(Fault(workflow::Error::Refused(refused))) if refused.why == domain::policy::Refusal::Late => {
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let deadline = instant(cx.words, own.terms.deadline, &own.terms.zone);
            // Many are late by seconds: those are counted.
            let late = (cx.now.micros() - own.terms.deadline.micros()) / SECOND;
            let ago = if late < 120 { t!(cx, "late-seconds", n = late.max(1)) } else { relative(cx, own.terms.deadline) };
            Ok(vec![FieldError::new("form", "late").with("deadline", deadline).with("ago", ago)])
        }
        other => other,
    }
}

/// Why what was posted to be submitted is not what there is. `draft`: the field with the draft's version.
fn stale(own: &OwnResponse, posted: &Fields, draft: &str) -> Vec<FieldError> {
    let differs = |field: &str, now: i64| posted.get(field).parse::<i64>().is_ok_and(|read| read != now);
    if differs("version", own.n) {
        return vec![FieldError::new("changed", "stale-version").with("n", own.n)];
    }
    // Which question's, because nothing else on the page says so.
    let other = posted.0.get("files").map(|shown| files_since(shown, &own.files)).unwrap_or_default();
    let label =
        |name: &str| own.terms.questions.iter().find(|one| Field::Question(one.id).name() == name).map(|one| one.label.as_str());
    let told: Vec<FieldError> =
        other.iter().filter_map(|name| Some(FieldError::new(name, "stale-files").with("question", label(name)?))).collect();
    if !told.is_empty() {
        return told;
    }
    vec![FieldError::new("form", if differs(draft, own.draft_version()) { "stale-review" } else { "stale-standing" })]
}

/// Leads to what an amendment changed, where a post was kept back because of it.
fn changed(cx: &Cx, own: &OwnResponse, errors: &[FieldError]) -> Option<AnyView> {
    errors.iter().any(|error| error.code == "stale-version").then(|| {
        let href = format!("/challenges/{}/versions/{}", own.challenge, own.n);
        view! { <p class="govuk-inset-text" id="changed" tabindex="-1"><a class="govuk-link" href=href>{t!(cx, "unconfirmed-read")}</a></p> }.into_any()
    })
}

pub async fn review(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    Ok(review_page(&cx, &own, &[]))
}

fn review_page(cx: &Cx, own: &OwnResponse, errors: &[FieldError]) -> Response {
    let id = own.facts.response;
    let title = t!(cx, "review-title");
    let price = asks_price(&own.terms).then(|| {
        let text = own.answers.get("price").map(|answer| answer.text.clone()).unwrap_or_default();
        price_view(cx, &drafted(own), typed_price(&own.terms, &text))
    });
    let content = drafted(own);
    let act = if own.facts.challenge.stage() != Stage::Open {
        closed(cx, own)
    } else if own.missing.is_empty() {
        view! {
            <form method="post" id="submit-response">
                <p>{t!(cx, "submit-response-text", deadline = instant(cx.words, own.terms.deadline, &own.terms.zone))}</p>
                {hidden("draft", own.draft_version())}
                {hidden("files", files_shown(&own.files))}
                {hidden("version", own.n)}
                // One key a draft as reviewed: a double click or a reload of the post gives the same receipt.
                {hidden("key", format!("{}-{}", own.draft_version(), own.submissions.len()))}
                <div class="govuk-button-group">
                    <button class="govuk-button">{t!(cx, "submit-response")}</button>
                    <a class="govuk-link" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a>
                </div>
            </form>
        }
        .into_any()
    } else {
        let links: Vec<FieldError> = own.missing.clone();
        let rows = links
            .iter()
            .map(|error| view! { <li><a class="govuk-link" href=place_of(id, &error.field)>{sentence(cx, error)}</a></li> })
            .collect_view();
        view! { <div class="govuk-inset-text"><p>{t!(cx, "review-missing")}</p><ul class="govuk-list">{rows}</ul></div><p><a class="govuk-button" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a></p> }.into_any()
    };
    let body = view! {
        {error_summary(cx, errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        {changed(cx, own, errors)}
        <div class="wp-score__answers govuk-!-margin-bottom-6">{answers_view(cx, &own.terms, &content, &files_at(id))}{price}</div>
        {kept_note(cx, &KeptOf::Response(id), KeptAt { before: "form#submit-response", shows: true, ..KeptAt::default() })}
        {act}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    Page::new(title, body).under(above).works().invalid_if(!errors.is_empty()).render(cx)
}

/// In the place of the button, once there is nothing to press it for. A page that was loaded before posts still, and is told.
fn closed(cx: &Cx, own: &OwnResponse) -> AnyView {
    let stands = t!(cx, if own.facts.submitted { "review-closed-stands" } else { "review-closed-none" });
    view! {
        <div class="govuk-inset-text">
            <h2 class="govuk-heading-m">{t!(cx, "review-closed-title")}</h2>
            <p>{t!(cx, "review-closed-late")} " " {when(cx, own.terms.deadline, Some(&own.terms.zone))}</p>
            <p>{stands}</p>
            <p><a class="govuk-button" href=format!("/responses/{}", own.facts.response)>{t!(cx, "review-closed-back")}</a></p>
        </div>
    }
    .into_any()
}

pub async fn submit(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let version = post.fields.get("version").parse().ok();
    let reviewed = post.fields.get("draft").parse().ok().map(|draft_version| verbs::Reviewed { draft_version, version });
    match verbs::submit_response(&cx.desk, &cx.actor, id, post.received_at, reviewed, post.fields.get("key")).await {
        Ok(submission) => Ok(Redirect::to(&format!("/receipts/{submission}?done=submitted-response")).into_response()),
        Err(error) => {
            let late = match error {
                workflow::Error::Stale => None,
                error => Some(late_or(&cx, id, shown(error)).await?),
            };
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let errors = late.unwrap_or_else(|| stale(&own, &post.fields, "draft"));
            Ok(review_page(&cx, &own, &errors))
        }
    }
}

pub async fn withdraw(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "withdraw");
    let body = view! {
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {confirm(&cx, format!("/responses/{id}/withdraw"), t!(cx, "withdraw-text"), t!(cx, "withdraw"), format!("/responses/{id}"))}
    };
    Ok(Page::new(title, body).render(&cx))
}

pub async fn withdraw_post(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    verbs::withdraw_response(&cx.desk, &cx.actor, id).await?;
    Ok(Redirect::to(&format!("/responses/{id}?done=withdrawn")).into_response())
}
