//! Enquiries: what was asked and answered, asking, and for the team what waits.

mod answer;
mod one;

pub use answer::{answer, answer_post};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::enquiry::EnquiryState;
use domain::ids::{ChallengeId, EnquiryId};
use domain::moment::Moment;
use domain::organisation::OrganisationKind;
use domain::policy;
use leptos::prelude::*;
pub use one::{one, one_post};
use store::{AnsweredRow, EnquiryRow};
use workflow::enquiry::{self as verbs, EnquiriesView};

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, checkbox, empty, error_summary, exact, paragraphs, submit, tag, textarea, when};
use crate::words::t;

pub async fn enquiries(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_enquiries(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "enquiries-title");
    let answered = if found.answered.is_empty() {
        empty(t!(cx, "enquiries-none"), t!(cx, "enquiries-none-text"))
    } else {
        answers(cx, id, &found.answered, &found.terms.zone)
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "enquiries-text")}</p>
        <p>{t!(cx, "enquiries-until")} " " {when(cx, found.until, Some(&found.terms.zone))}</p>
        {asked(cx, &found)}
        {own(cx, &found)}
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "enquiries-answered")}</h2>
            {answered}
        </section>
        {ask(cx, &found, &form)}
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).invalid_if(form.invalid()).kept().render(cx))
}

/// Published questions with their answers.
pub fn answers(cx: &Cx, id: ChallengeId, rows: &[AnsweredRow], zone: &str) -> AnyView {
    let rows = rows
        .iter()
        .map(|row| {
            let version = row.n.map(|n| {
                view! { " " <a class="govuk-link" href=format!("/challenges/{id}/versions/{n}")>{t!(cx, "answer-version", n = n)}</a> }
            });
            view! {
                <li class="wp-enquiry">
                    <h3 class="wp-enquiry__question">{row.question.clone()}</h3>
                    {paragraphs(&row.answer)}
                    <p class="wp-muted">{t!(cx, "answered-on")} " " {exact(cx, Moment(row.at), Some(zone))}{version}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="wp-enquiries">{rows}</ol> }.into_any()
}

/// A list of enquiries as their asker or the team sees them.
fn list(cx: &Cx, id: ChallengeId, rows: &[&EnquiryRow], zone: &str) -> AnyView {
    let rows = rows
        .iter()
        .map(|row| {
            let state = row.state().unwrap_or(EnquiryState::Waiting);
            let kind = match state {
                EnquiryState::Answered => "open",
                EnquiryState::Withdrawn => "cancelled",
                _ => "waiting",
            };
            let confidential = row.confidential.is_some().then(|| tag("closed", t!(cx, "enquiry-is-confidential")));
            view! {
                <li class="wp-enquiry">
                    <p class="wp-enquiry__question"><a class="govuk-link" href=format!("/challenges/{id}/enquiries/{}", EnquiryId(row.id))>{row.question.clone()}</a></p>
                    <p class="wp-meta">{tag(kind, t!(cx, &format!("enquiry-state-{}", state.code())))} " " {confidential} " " {exact(cx, Moment(row.asked_at), Some(zone))}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="wp-enquiries">{rows}</ul> }.into_any()
}

/// For the team: what waits, without names, and whether an answer would be late by now.
fn asked(cx: &Cx, found: &EnquiriesView) -> Option<AnyView> {
    let rows = found.asked.as_ref()?;
    let waiting: Vec<&EnquiryRow> = rows.iter().filter(|row| row.state().is_ok_and(EnquiryState::is_open)).collect();
    let id = found.facts.challenge;
    let late = (!waiting.is_empty()).then(|| answer::lateness(cx, found)).flatten();
    let act = (!waiting.is_empty() && policy::answer_enquiry(&cx.actor, &found.facts).is_ok()).then(|| {
        view! { <p><a class="govuk-button" href=format!("/challenges/{id}/enquiries/answer")>{t!(cx, "answer-enquiries")}</a></p> }
    });
    let shown = if waiting.is_empty() {
        view! { <p>{t!(cx, "enquiries-waiting-none")}</p> }.into_any()
    } else {
        list(cx, id, &waiting, &found.terms.zone)
    };
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "enquiries-waiting")}</h2>
                <p class="wp-muted">{t!(cx, "enquiries-waiting-text")}</p>
                {late}{shown}{act}
            </section>
        }
        .into_any(),
    )
}

fn own(cx: &Cx, found: &EnquiriesView) -> Option<AnyView> {
    let rows: Vec<&EnquiryRow> = found.own.iter().collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "enquiries-own")}</h2>
                <p class="wp-muted">{t!(cx, "enquiries-own-text")}</p>
                {list(cx, found.facts.challenge, &rows, &found.terms.zone)}
            </section>
        }
        .into_any()
    })
}

fn ask(cx: &Cx, found: &EnquiriesView, form: &Form) -> Option<AnyView> {
    match policy::ask_enquiry(&cx.actor, &found.facts, found.until) {
        Ok(_) => Some(
            view! {
                <form method="post" novalidate>
                    <h2 class="govuk-heading-m">{t!(cx, "ask-title")}</h2>
                    <p>{t!(cx, "ask-text")}</p>
                    {textarea(cx, form, "question", t!(cx, "ask-question"), "ask-question-hint", 5)}
                    {checkbox(cx, form, "confidential", t!(cx, "ask-confidential"), "yes")}
                    {textarea(cx, form, "why", t!(cx, "ask-why"), "ask-why-hint", 2)}
                    {submit(t!(cx, "ask-button"), "")}
                </form>
            }
            .into_any(),
        ),
        Err(refused) if cx.acts_as(OrganisationKind::Supplier) => {
            Some(view! { <p>{t!(cx, &format!("refusal-{}", refused.why.code()))}</p> }.into_any())
        }
        Err(_) if cx.signed_in.is_none() && cx.now.before(found.until) => Some(
            view! { <p><a class="govuk-button" href=crate::account::sign_in_link(&cx.uri)>{t!(cx, "ask-sign-in")}</a></p> }
                .into_any(),
        ),
        Err(_) => None,
    }
}

pub async fn enquiries_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::ask_enquiry(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(_) => Ok(Redirect::to(&format!("/challenges/{id}/enquiries?done=enquiry-asked")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
