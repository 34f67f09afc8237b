//! New dates alone: the short way to an amendment.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
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
use crate::ui::{Form, error_summary, submit, textarea, when};
use crate::words::t;

pub async fn extension(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_amendment(&cx.desk, &cx.actor, id).await?;
    domain::policy::begin_amendment(&cx.actor, &found.facts)?;
    let form = Form::with(form.fields, named(cx, form.errors));
    let terms = &found.terms;
    let open = found.facts.stage() == Stage::Open;
    let until = terms.enquiries_until(found.facts.standing.publish_at.unwrap_or_default());
    let line = |key: &str, at| view! { <li>{t!(cx, key)} ": " {when(cx, at, Some(&terms.zone))}</li> };
    let title = t!(cx, if open { "extension-title" } else { "extension-title-closed" });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, if open { "extension-text" } else { "amendment-after-closing" })}</p>
        <ul class="govuk-list govuk-list--bullet">
            {line("term-deadline", terms.deadline)}
            {line("term-enquiry-deadline", until)}
            {terms.decision_by.map(|at| line("term-decision-by", at))}
        </ul>
        <form method="post" novalidate>
            {open.then(|| instant_fields(cx, &form, "deadline", "amend-deadline-hint"))}
            {open.then(|| instant_fields(cx, &form, "enquiry", "amend-unchanged-hint"))}
            {instant_fields(cx, &form, "decision", "amend-unchanged-hint")}
            {textarea(cx, &form, "reason", t!(cx, "amendment-reason"), "amendment-reason-hint", 4)}
            {submit(t!(cx, if found.facts.four_eyes { "amendment-propose" } else { "amendment-propose-alone" }), "")}
        </form>
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &terms.title)).invalid_if(form.invalid()).render(cx))
}

pub async fn extension_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::extend_deadline(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(_) => Ok(Redirect::to(&format!("/challenges/{id}/amendment?done=amendment-proposed")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
