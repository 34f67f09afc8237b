//! Answering: one answer, to all, for one or several enquiries; where the law says so the deadline moves with it.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::enquiry::Timeliness;
use domain::ids::{AmendmentId, ChallengeId, EnquiryId};
use leptos::prelude::*;
use workflow::enquiry::{self as verbs, EnquiriesView};

use crate::account::shown;
use crate::challenge::instant_fields;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Choice, Form, checkbox, error_summary, exact, radios, select, submit, textarea, warning};
use crate::words::t;

pub async fn answer(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

/// What the profile says of an answer that is given now.
pub(super) fn lateness(cx: &Cx, found: &EnquiriesView) -> Option<AnyView> {
    let days = found.terms.law.enquiries().answer_days;
    match found.timely {
        Timeliness::InTime => None,
        Timeliness::Late => Some(warning(cx, t!(cx, "answer-late", days = days))),
        Timeliness::Moves(_) => Some(warning(cx, t!(cx, "answer-late-moves", days = days))),
    }
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_enquiries(&cx.desk, &cx.actor, id).await?;
    domain::policy::answer_enquiry(&cx.actor, &found.facts)?;
    let error = form.error(cx, "enquiries");
    let waiting: Vec<_> = found.asked.iter().flatten().filter(|row| row.state().is_ok_and(|state| state.is_open())).collect();
    let choices = waiting
        .iter()
        .map(|row| {
            let name = format!("enquiry-{}", EnquiryId(row.id));
            let waits = row.confidential.is_some() && row.event.as_deref() != Some("agreed");
            let label = if waits { t!(cx, "answer-waits", question = &row.question) } else { row.question.clone() };
            checkbox(cx, &form, &name, label, "on")
        })
        .collect_view();
    let mut links: Vec<Choice> = vec![(String::new(), t!(cx, "answer-amendment-none"), None)];
    links.extend(found.amendments.iter().map(|row| {
        let label = match row.n {
            Some(n) => t!(cx, "version-title", n = n),
            None => t!(cx, "answer-amendment-making"),
        };
        (AmendmentId(row.id).to_string(), label, None)
    }));
    let moves = match (found.timely, found.facts.stage()) {
        (Timeliness::Moves(least), Stage::Open) => {
            let useful =
                vec![("yes".to_owned(), t!(cx, "answer-useful-yes"), None), ("no".to_owned(), t!(cx, "answer-useful-no"), None)];
            Some(view! {
                {radios(cx, &form, "useful", t!(cx, "answer-useful"), useful)}
                <p>{t!(cx, "answer-least")} " " {exact(cx, least, Some(&found.terms.zone))}</p>
                {instant_fields(cx, &form, "deadline", "amend-deadline-hint")}
                {instant_fields(cx, &form, "decision", "amend-unchanged-hint")}
            })
        }
        _ => None,
    };
    let title = t!(cx, "answer-enquiries");
    let describes = error.is_some().then_some("enquiries-error");
    if waiting.is_empty() && !form.invalid() {
        let body = view! {
            <span class="govuk-caption-l">{found.terms.title.clone()}</span>
            <h1 class="govuk-heading-l">{title.clone()}</h1>
            <p class="wp-lead">{t!(cx, "enquiries-waiting-none")}</p>
            <p><a class="govuk-link" href=format!("/challenges/{id}/enquiries")>{t!(cx, "enquiries-title")}</a></p>
        };
        return Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).render(cx));
    }
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "answer-text")}</p>
        {lateness(cx, &found)}
        <form method="post" novalidate>
            <fieldset class="govuk-fieldset" id="enquiries" aria-describedby=describes>
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "answer-which")}</legend>
                {error.map(|error| view! { <p class="govuk-error-message" id="enquiries-error"><span class="govuk-visually-hidden">{t!(cx, "error-prefix")}</span> " " {error}</p> })}
                {choices}
            </fieldset>
            {textarea(cx, &form, "question", t!(cx, "answer-question"), "answer-question-hint", 4)}
            {textarea(cx, &form, "answer", t!(cx, "answer-answer"), "answer-answer-hint", 6)}
            {select(cx, &form, "amendment", t!(cx, "answer-amendment"), "answer-amendment-hint", links)}
            {moves}
            {submit(t!(cx, "answer-publish"), "")}
        </form>
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).invalid_if(form.invalid()).render(cx))
}

pub async fn answer_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::answer_enquiry(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(_) => Ok(Redirect::to(&format!("/challenges/{id}/enquiries?done=enquiry-answered")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
