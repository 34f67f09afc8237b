//! Cancelling a challenge.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::ChallengeId;
use leptos::prelude::*;
use workflow::challenge as verbs;

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, textarea, warning};
use crate::words::t;

pub async fn cancel(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    cancel_page(&cx, id_of(&id)?, Form::default()).await
}

async fn cancel_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    domain::policy::cancel_challenge(&cx.actor, &found.facts)?;
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "cancel-challenge")}</h1>
        {warning(cx, t!(cx, "cancel-warning"))}
        {found.facts.is_public().then(|| view! { <p>{t!(cx, "cancel-sealed")}</p> })}
        <form method="post" novalidate>
            {textarea(cx, &form, "reason", t!(cx, "cancel-reason"), "cancel-reason-hint", 4)}
            <div class="govuk-button-group">
                <button class="govuk-button govuk-button--warning">{t!(cx, "cancel-button")}</button>
                <a class="govuk-link" href=format!("/challenges/{id}/edit")>{t!(cx, "back")}</a>
            </div>
        </form>
    };
    Ok(Page::new(t!(cx, "cancel-challenge"), body).under(crumbs(cx, id, &found.title)).invalid_if(form.invalid()).render(cx))
}

pub async fn cancel_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::cancel_challenge(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}?done=cancelled")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            cancel_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
