//! Reopening a deadline after a failure of the service: asked here, confirmed by another person on the amendment's page.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::ChallengeId;
use leptos::prelude::*;
use workflow::amendment as verbs;

use super::{instant_fields, named};
use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, exact, submit, textarea, warning};
use crate::words::t;

pub async fn reopening(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_reopening(&cx.desk, &cx.actor, id).await?;
    let form = Form::with(form.fields, named(cx, form.errors));
    let zone = Some(found.terms.zone.as_str());
    let outages = if found.outages.is_empty() {
        view! { <p>{t!(cx, "reopening-outages-none")}</p> }.into_any()
    } else {
        let rows = found
            .outages
            .iter()
            .map(|outage| view! { <li>{exact(cx, outage.from, zone)} " – " {exact(cx, outage.until, zone)}</li> })
            .collect_view();
        view! { <ul class="govuk-list govuk-list--bullet">{rows}</ul> }.into_any()
    };
    let title = t!(cx, "reopening-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "reopening-text")}</p>
        <p>{t!(cx, "answers-were-due")} " " {exact(cx, found.terms.deadline, zone)}</p>
        <h2 class="govuk-heading-m">{t!(cx, "reopening-outages")}</h2>
        <p class="wp-muted">{t!(cx, "reopening-outages-text")}</p>
        {outages}
        <form method="post" novalidate>
            {instant_fields(cx, &form, "from", "field-date-hint")}
            {instant_fields(cx, &form, "until", "field-date-hint")}
            {instant_fields(cx, &form, "deadline", "amend-deadline-hint")}
            {instant_fields(cx, &form, "decision", "amend-unchanged-hint")}
            {textarea(cx, &form, "reason", t!(cx, "reopening-reason"), "reopening-reason-hint", 4)}
            {warning(cx, t!(cx, "reopening-warning"))}
            {submit(t!(cx, "reopening-ask"), "")}
        </form>
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).invalid_if(form.invalid()).render(cx))
}

pub async fn reopening_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::ask_reopening(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(_) => Ok(Redirect::to(&format!("/challenges/{id}/amendment?done=reopening-asked")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
