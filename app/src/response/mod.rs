//! Answering: the draft, the review before submitting, the receipt, withdrawing.

mod answers;
mod fields;
mod receipt;
mod verify;

use std::collections::BTreeMap;

pub use answers::{answers_beside, answers_view};
pub use fields::{files_wanted, form_fields, price_basis, typed_price};
pub use receipt::{receipt, receipt_content, receipt_file};
pub use verify::{keys, verify, verify_post};

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::form::FieldError;
use domain::ids::{ResponseId, SubmissionId};
use domain::moment::Moment;
use domain::policy::{ReadOwnResponse, Refused};
use domain::response::{Content, asks_price, form, gather};
use leptos::prelude::*;
use workflow::response::{self as verbs, OwnResponse};

use crate::account::shown;
use crate::challenge::id_of as challenge_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, confirm, error_summary, exact, hidden, instant, paragraphs, relative, sentence, stage_tag, tag, when};
use crate::words::t;

fn id_of(text: &str) -> Result<ResponseId, Fault> {
    Ok(ResponseId::parse(text).ok_or(Refused::unseen::<ReadOwnResponse>(0))?)
}

pub async fn start(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let response = verbs::start_response(&cx.desk, &cx.actor, challenge_of(&id)?).await?;
    Ok(Redirect::to(&format!("/responses/{response}")).into_response())
}

pub async fn draft(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let fields = own.draft();
    Ok(draft_page(&cx, &own, &Form::new(fields), &BTreeMap::new()))
}

/// `theirs`: answers that a colleague saved meanwhile, beside what was typed.
fn draft_page(cx: &Cx, own: &OwnResponse, form: &Form, theirs: &BTreeMap<String, String>) -> Response {
    let id = own.facts.response;
    let stage = own.facts.challenge.stage();
    let open = stage == Stage::Open;
    let title = own.terms.title.clone();
    let main = if open { editor(cx, own, form, theirs) } else { sent(cx, own) };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{stage_tag(cx, stage, false)} " " {own.buyer.clone()} ", " {t!(cx, "reference", reference = &own.reference)}</p>
        <h1 class="govuk-heading-l">{t!(cx, "response-title", title = &title)}</h1>
        <div class="wp-two">
            <div class="wp-stack" id="form">{main}</div>
            <aside class="wp-aside">
                <div class="wp-actions">
                    <p class="wp-deadline"><strong>{t!(cx, "answers-by")}</strong> {when(cx, own.terms.deadline, Some(&own.terms.zone))}</p>
                    {standing(cx, own, open)}
                    {unconfirmed(cx, own, open)}
                </div>
                <h2>{t!(cx, "submissions")}</h2>
                {submissions(cx, own)}
                <p><a class="govuk-link" href=format!("/challenges/{}", own.challenge)>{t!(cx, "read-notice")}</a></p>
                {(open && own.facts.submitted).then(|| view! { <p><a class="govuk-link" href=format!("/responses/{id}/withdraw")>{t!(cx, "withdraw")}</a></p> })}
            </aside>
        </div>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work"))];
    let page = Page::new(t!(cx, "response-title", title = &title), body).under(above).invalid_if(form.invalid());
    if theirs.is_empty() { page } else { page.status(StatusCode::CONFLICT) }.render(cx)
}

/// If the deadline were now: accepted or not, and what is missing.
fn standing(cx: &Cx, own: &OwnResponse, open: bool) -> AnyView {
    let stands = own.facts.submitted;
    let said = match (open, stands, own.row.withdrawn_at.is_some()) {
        (true, true, _) => t!(cx, "standing-submitted"),
        (true, false, true) => t!(cx, "standing-withdrawn"),
        (true, false, false) => t!(cx, "standing-draft"),
        (false, true, _) => t!(cx, "standing-was-submitted"),
        (false, false, _) => t!(cx, "standing-nothing"),
    };
    let missing = (open && !own.missing.is_empty()).then(|| {
        let rows = own
            .missing
            .iter()
            .map(|error| view! { <li><a class="govuk-link" href=format!("#{}", error.field)>{sentence(cx, error)}</a></li> })
            .collect_view();
        view! { <details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "missing-n", n = own.missing.len())}</span></summary><div class="govuk-details__text"><ul class="govuk-list">{rows}</ul></div></details> }
    });
    view! { <p>{said}</p>{missing} }.into_any()
}

/// After an amendment of what it answers.
fn unconfirmed(cx: &Cx, own: &OwnResponse, open: bool) -> Option<AnyView> {
    own.unconfirmed.then(|| {
        view! {
            <div class="govuk-inset-text">
                <p>{tag("waiting", t!(cx, "unconfirmed-title"))}</p>
                <p>{t!(cx, "unconfirmed-text")}</p>
                <p><a class="govuk-link" href=format!("/challenges/{}/versions/{}", own.challenge, own.n)>{t!(cx, "unconfirmed-read")}</a></p>
                {(open && own.missing.is_empty()).then(|| view! { <p><a class="govuk-button" href=format!("/responses/{}/review", own.facts.response)>{t!(cx, "save-review")}</a></p> })}
            </div>
        }
        .into_any()
    })
}

fn submissions(cx: &Cx, own: &OwnResponse) -> AnyView {
    if own.submissions.is_empty() {
        return view! { <p class="wp-muted">{t!(cx, "submissions-none")}</p> }.into_any();
    }
    let rows = own
        .submissions
        .iter()
        .map(|row| {
            let stands = own.row.submission == Some(row.id);
            view! {
                <li>
                    <a class="govuk-link" href=format!("/receipts/{}", SubmissionId(row.id))>{t!(cx, "receipt-n", n = row.n)}</a> " "
                    {exact(cx, Moment(row.received_at), Some(&own.terms.zone))} " " {stands.then(|| t!(cx, "stands"))}
                    {(stands && own.unconfirmed).then(|| view! { " " {tag("waiting", t!(cx, "unconfirmed-title"))} })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="govuk-list">{rows}</ul> }.into_any()
}

fn editor(cx: &Cx, own: &OwnResponse, form: &Form, theirs: &BTreeMap<String, String>) -> AnyView {
    let seen = |name: &str| {
        let version = own.answers.get(name).map_or(0, |answer| answer.row_version);
        // A form that comes back with a conflict keeps the version it was read at, unless the conflict was shown.
        hidden(&format!("seen-{name}"), version)
    };
    let saved = |name: &str| {
        own.answers.get(name).and_then(|answer| answer.updated_at.map(|at| (at, answer.updated_by.clone()))).map(|(at, by)| {
            view! { <p class="wp-saved" data-state="saved">{t!(cx, "answer-saved", name = by, when = relative(cx, at))}</p> }
        })
    };
    let other = |name: &str| {
        theirs.get(name).map(|text| {
            view! { <div class="govuk-inset-text"><p>{t!(cx, "answer-theirs")}</p>{paragraphs(text)}</div> }
        })
    };
    let beside = |name: &str| view! { {flag(cx, own, form, name)}{other(name)}{saved(name)}{seen(name)} }.into_any();
    let asked = form_fields(cx, &own.terms, form, &beside);
    view! {
        <form method="post" novalidate>
            <p>{t!(cx, "draft-text")}</p>
            {asked}
            // One key a draft as read: a double click gives the same receipt.
            {hidden("key", format!("{}-{}", own.draft_version(), own.submissions.len()))}
            <div class="govuk-button-group govuk-!-margin-top-6">
                <button class="govuk-button" name="do" value="review">{t!(cx, "save-review")}</button>
                <button class="govuk-button govuk-button--secondary" name="do" value="submit" aria-describedby="submit-at-once">{t!(cx, "save-submit")}</button>
                <button class="govuk-button govuk-button--secondary" name="do" value="save">{t!(cx, "save-draft")}</button>
            </div>
            <p class="govuk-hint" id="submit-at-once">{t!(cx, "save-submit-text")}</p>
        </form>
    }
    .into_any()
}

/// What keeps a saved answer from being accepted, by the field itself; what is only missing is told beside the form.
fn flag(cx: &Cx, own: &OwnResponse, form: &Form, name: &str) -> Option<AnyView> {
    let told = form.errors.iter().any(|error| error.field == name);
    let wrong = own.missing.iter().find(|error| error.field == name && !told)?;
    let typed = !form.fields.get(name).is_empty();
    // The count of words says so already.
    (typed && wrong.code != "too-many-words").then(|| view! { <p class="wp-over">{sentence(cx, wrong)}</p> }.into_any())
}

/// After the deadline: what was sent, and where the decision will be.
fn sent(cx: &Cx, own: &OwnResponse) -> AnyView {
    let letter = (own.facts.challenge.stage() == Stage::Decided && own.facts.submitted).then(|| {
        view! { <p><a class="govuk-button" href=format!("/responses/{}/letter", own.facts.response)>{t!(cx, "read-letter")}</a></p> }
    });
    let said = if own.facts.submitted { t!(cx, "sent-text") } else { t!(cx, "sent-nothing") };
    let content = drafted(own);
    view! {
        {letter}
        <p class="wp-lead">{said}</p>
        <h2 class="govuk-heading-m">{t!(cx, "your-draft")}</h2>
        <div class="wp-score__answers">{answers_view(cx, &own.terms, &content)}</div>
    }
    .into_any()
}

/// The draft as it would be read: every field of the form is asked, whether or not it was answered.
fn drafted(own: &OwnResponse) -> Content {
    let mut answers = own.draft().0;
    for field in form(&own.terms) {
        answers.entry(field.name()).or_default();
    }
    Content { challenge_version: own.n, answers, price: None }
}

pub async fn draft_post(cx: Cx, Path(id): Path<String>, mut post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
    gather(&own.terms, &mut post.fields);
    let mut refused = Vec::new();
    if post.fields.get("do") == "submit" {
        let key = post.fields.get("key").to_owned();
        match verbs::submit_answers(&cx.desk, &cx.actor, id, post.received_at, &post.fields, &key).await {
            Ok(submission) => {
                return Ok(Redirect::to(&format!("/receipts/{submission}?done=submitted-response")).into_response());
            }
            // Saved below without being submitted, or told beside the answers of colleagues.
            Err(workflow::Error::Stale) => refused = vec![FieldError::new("form", "stale-review")],
            Err(error) => refused = late_or(&cx, id, shown(error)).await?,
        }
    }
    match verbs::save_answer(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(saved) if saved.stale.is_empty() && !refused.is_empty() => {
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            Ok(draft_page(&cx, &own, &Form::with(own.draft(), refused), &BTreeMap::new()))
        }
        Ok(saved) if saved.stale.is_empty() => {
            let to = if post.fields.get("do") == "review" {
                format!("/responses/{id}/review")
            } else {
                format!("/responses/{id}?done=draft-saved")
            };
            Ok(Redirect::to(&to).into_response())
        }
        Ok(saved) => {
            // What a colleague wrote stands beside what was typed; saving again then replaces it knowingly.
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let theirs = saved
                .stale
                .iter()
                .map(|name| (name.clone(), own.answers.get(name).map(|answer| answer.text.clone()).unwrap_or_default()))
                .collect();
            let errors = saved.stale.iter().map(|name| FieldError::new(name, "stale-answer")).collect();
            Ok(draft_page(&cx, &own, &Form::with(post.fields, errors), &theirs))
        }
        Err(error) => {
            let errors = late_or(&cx, id, shown(error)).await?;
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            Ok(draft_page(&cx, &own, &Form::with(post.fields, errors), &BTreeMap::new()))
        }
    }
}

/// A late attempt is told plainly on the supplier's own page, where the draft still is.
async fn late_or(cx: &Cx, id: ResponseId, errors: Result<Vec<FieldError>, Fault>) -> Result<Vec<FieldError>, Fault> {
    match errors {
        Err(Fault(workflow::Error::Refused(refused))) if refused.why == domain::policy::Refusal::Late => {
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
            let deadline = instant(cx.words, own.terms.deadline, &own.terms.zone);
            Ok(vec![FieldError::new("form", "late").with("deadline", deadline)])
        }
        other => other,
    }
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
        let shown = typed_price(&own.terms, &text);
        view! { <section><h3 class="wp-score__question">{t!(cx, "price")}</h3><p>{shown}</p></section> }
    });
    let content = drafted(own);
    let act = if own.missing.is_empty() {
        view! {
            <form method="post">
                <p>{t!(cx, "submit-response-text", deadline = instant(cx.words, own.terms.deadline, &own.terms.zone))}</p>
                {hidden("draft", own.draft_version())}
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
            .map(|error| view! { <li><a class="govuk-link" href=format!("/responses/{id}#{}", error.field)>{sentence(cx, error)}</a></li> })
            .collect_view();
        view! { <div class="govuk-inset-text"><p>{t!(cx, "review-missing")}</p><ul class="govuk-list">{rows}</ul></div><p><a class="govuk-button" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a></p> }.into_any()
    };
    let body = view! {
        {error_summary(cx, errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <div class="wp-score__answers govuk-!-margin-bottom-6">{answers_view(cx, &own.terms, &content)}{price}</div>
        {act}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    Page::new(title, body).under(above).invalid_if(!errors.is_empty()).render(cx)
}

pub async fn submit(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let draft = post.fields.get("draft").parse().ok();
    match verbs::submit_response(&cx.desk, &cx.actor, id, post.received_at, draft, post.fields.get("key")).await {
        Ok(submission) => Ok(Redirect::to(&format!("/receipts/{submission}?done=submitted-response")).into_response()),
        Err(error) => {
            let errors = match error {
                workflow::Error::Stale => vec![FieldError::new("form", "stale-review")],
                error => late_or(&cx, id, shown(error)).await?,
            };
            let own = verbs::read_own_response(&cx.desk, &cx.actor, id).await?;
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
