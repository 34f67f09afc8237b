//! Beginning a challenge: blank, from a template, or from an earlier one.

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use domain::policy::Refusal;
use leptos::prelude::*;
use workflow::challenge as verbs;

use crate::account::shown;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::{Post, parse};
use crate::ui::{Choice, Form, error_summary, input, radios, select, submit};
use crate::words::t;

/// `?copy=<reference>` comes from a notice.
pub async fn new(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    if cx.signed_in.is_none() {
        return Ok(Told::Refused(Refusal::SignIn).into_response());
    }
    if !cx.acts_as(domain::organisation::OrganisationKind::Buyer) {
        return Ok(Told::Refused(Refusal::ActAsBuyer).into_response());
    }
    new_page(&cx, &Form::new(parse(raw.unwrap_or_default().as_bytes()))).await
}

async fn new_page(cx: &Cx, form: &Form) -> Result<Response, Fault> {
    let mut choices: Vec<Choice> = vec![(String::new(), t!(cx, "begin-blank"), Some(t!(cx, "begin-blank-hint")))];
    choices.extend(
        verbs::TEMPLATES.iter().map(|template| (template.code.to_owned(), template.name.clone(), Some(template.about.clone()))),
    );
    let mut earlier: Vec<Choice> = vec![(String::new(), t!(cx, "copy-none"), None)];
    earlier
        .extend(verbs::list_to_copy(&cx.desk, &cx.actor).await?.into_iter().map(|(reference, title)| (reference, title, None)));
    // One that was chosen on its notice is not among the own ones.
    let asked = form.fields.get("copy");
    if earlier.iter().all(|(reference, ..)| reference != asked) {
        earlier.push((asked.to_owned(), t!(cx, "copy-other", reference = asked), None));
    }
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "challenge-new-title")}</h1>
        <p class="wp-lead">{t!(cx, "challenge-new-text")}</p>
        <form method="post" novalidate>
            {input(cx, form, "title", t!(cx, "field-title"), "field-title-hint", "text", "")}
            {radios(cx, form, "template", t!(cx, "begin-with"), choices)}
            {select(cx, form, "copy", t!(cx, "field-copy"), "field-copy-hint", earlier)}
            <p class="wp-muted">{t!(cx, "begin-brief")}</p>
            {submit(t!(cx, "challenge-begin"), "")}
        </form>
    };
    Ok(Page::new(t!(cx, "challenge-new-title"), body).invalid_if(form.invalid()).render(cx))
}

pub async fn new_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    match verbs::begin_challenge(&cx.desk, &cx.actor, &post.fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/challenges/{id}/edit")).into_response()),
        Err(error) => new_page(&cx, &Form::with(post.fields, shown(error)?)).await,
    }
}
