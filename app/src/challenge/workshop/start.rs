//! Beginning a challenge.

use axum::response::{IntoResponse, Redirect, Response};
use domain::form::Fields;
use domain::policy::Refusal;
use leptos::prelude::*;
use workflow::challenge as verbs;

use crate::account::shown;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, input, submit};
use crate::words::t;

pub async fn new(cx: Cx) -> Response {
    if cx.signed_in.is_none() {
        return Told::Refused(Refusal::SignIn).into_response();
    }
    if !cx.acts_as(domain::organisation::OrganisationKind::Buyer) {
        return Told::Refused(Refusal::ActAsBuyer).into_response();
    }
    new_page(&cx, &Form::default())
}

fn new_page(cx: &Cx, form: &Form) -> Response {
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "challenge-new-title")}</h1>
        <p class="wp-lead">{t!(cx, "challenge-new-text")}</p>
        <form method="post" novalidate>
            {input(cx, form, "title", t!(cx, "field-title"), "field-title-hint", "text", "")}
            {submit(t!(cx, "challenge-begin"), "")}
        </form>
    };
    Page::new(t!(cx, "challenge-new-title"), body).invalid_if(form.invalid()).render(cx)
}

pub async fn new_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    let fields: Fields = [("title", post.fields.raw("title"))].into_iter().collect();
    match verbs::create_challenge(&cx.desk, &cx.actor, fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/challenges/{id}/edit")).into_response()),
        Err(error) => Ok(new_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}
