//! The notice as it will look.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use workflow::challenge as verbs;

use crate::challenge::{id_of, notice};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::warning;
use crate::words::t;

pub async fn preview(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    let Some(terms) = &found.terms else { return Ok(Redirect::to(&format!("/challenges/{id}/edit")).into_response()) };
    let body = view! {
        {warning(&cx, t!(cx, "preview-text"))}
        <h1 class="govuk-heading-xl">{terms.title.clone()}</h1>
        <p class="wp-lead">{terms.summary.clone()}</p>
        <div class="wp-stack">{notice(&cx, terms)}</div>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Ok(Page::new(format!("{} – {}", t!(cx, "preview"), found.title), body).under(above).render(&cx))
}
