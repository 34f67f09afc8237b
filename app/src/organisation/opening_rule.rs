//! Whether a buyer's openings take two people: said by its owner, on record.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use workflow::organisation as verbs;

use super::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, radios, submit};
use crate::words::t;

pub async fn opening_rule(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (name, by_two) = verbs::read_opening_rule(&cx.desk, &cx.actor, id).await?;
    let form = Form::new([("people", if by_two { "two" } else { "one" })].into_iter().collect());
    let choices = ["two", "one"].map(|code| {
        (code.to_owned(), t!(cx, &format!("opening-rule-{code}")), Some(t!(cx, &format!("opening-rule-{code}-hint"))))
    });
    let title = t!(cx, "opening-rule-title");
    let body = view! {
        <span class="govuk-caption-l">{name.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "opening-rule-text")}</p>
        <form method="post" novalidate>
            {radios(&cx, &form, "people", t!(cx, "opening-rule-legend"), choices.to_vec())}
            {submit(t!(cx, "opening-rule-button"), "")}
        </form>
    };
    Ok(Page::new(title, body).under(vec![(format!("/organisations/{id}"), name)]).render(&cx))
}

pub async fn opening_rule_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    verbs::set_opening_rule(&cx.desk, &cx.actor, id, post.fields.get("people") != "one").await?;
    Ok(Redirect::to(&format!("/organisations/{id}/opening?done=opening-rule")).into_response())
}
