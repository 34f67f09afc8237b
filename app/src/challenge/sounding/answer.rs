//! What changed because of a sounding, said by an officer; and a comment taken off the page.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::{CommentId, SoundingId};
use domain::policy;
use leptos::prelude::*;
use store::SoundingCommentRow;
use workflow::sounding::{self as verbs, SoundingView};

use super::show::writer;
use super::sounding_id;
use crate::account::shown;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Choice, Form, checkbox, error_summary, radios, select, submit, textarea};
use crate::words::t;

pub async fn answer(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, sounding_id(&id)?, Form::default()).await
}

/// So much of a comment that it is known again.
fn label(cx: &Cx, n: usize, row: &SoundingCommentRow) -> String {
    let mut text: String = row.comment.chars().take(160).collect();
    if text.len() < row.comment.len() {
        text.push('…');
    }
    let answered = if row.outcome.is_some() { "sounding-label-answered" } else { "sounding-label" };
    t!(cx, answered, n = n, who = writer(row), text = text)
}

async fn page(cx: &Cx, id: SoundingId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_sounding(&cx.desk, &cx.actor, id).await?;
    policy::answer_sounding(&cx.actor, &found.facts)?;
    let labels: Vec<(CommentId, String)> = (1..)
        .zip(&found.comments)
        .filter(|(_, row)| row.hidden.is_none())
        .map(|(n, row)| (CommentId(row.id), label(cx, n, row)))
        .collect();
    let content = if labels.is_empty() {
        view! { <p>{t!(cx, "sounding-comments-empty")}</p> }.into_any()
    } else {
        view! { {changes(cx, &form, &labels)}{hiding(cx, &form, &labels)} }.into_any()
    };
    let title = t!(cx, "sounding-answer-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "sounding-answer-text")}</p>
        {content}
    };
    Ok(Page::new(title, body).under(above(cx, &found)).invalid_if(form.invalid()).render(cx))
}

fn above(cx: &Cx, found: &SoundingView) -> Vec<(String, String)> {
    vec![
        ("/soundings".into(), t!(cx, "soundings-title")),
        (format!("/soundings/{}", found.facts.sounding), found.terms.title.clone()),
    ]
}

fn changes(cx: &Cx, form: &Form, labels: &[(CommentId, String)]) -> AnyView {
    let error = form.error(cx, "comments");
    let describes = error.is_some().then_some("comments-error");
    let boxes = labels.iter().map(|(id, label)| checkbox(cx, form, &format!("comment-{id}"), label.clone(), "on")).collect_view();
    let choices = vec![
        ("yes".to_owned(), t!(cx, "sounding-taken-up"), Some(t!(cx, "sounding-taken-up-hint"))),
        ("no".to_owned(), t!(cx, "sounding-not-taken-up"), Some(t!(cx, "sounding-not-taken-up-hint"))),
    ];
    view! {
        <form method="post" novalidate>
            <fieldset class="govuk-fieldset" id="comments" aria-describedby=describes>
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "sounding-answer-which")}</legend>
                {error.map(|error| view! { <p class="govuk-error-message" id="comments-error"><span class="govuk-visually-hidden">{t!(cx, "error-prefix")}</span> " " {error}</p> })}
                {boxes}
            </fieldset>
            {radios(cx, form, "taken_up", t!(cx, "sounding-became"), choices)}
            {textarea(cx, form, "what", t!(cx, "sounding-what-changed"), "sounding-what-changed-hint", 4)}
            {submit(t!(cx, "sounding-answer-button"), "answer")}
        </form>
    }
    .into_any()
}

fn hiding(cx: &Cx, form: &Form, labels: &[(CommentId, String)]) -> AnyView {
    let choices: Vec<Choice> = labels.iter().map(|(id, label)| (id.to_string(), label.clone(), None)).collect();
    let open = form.fields.get("do") == "hide";
    view! {
        <details class="govuk-details" open=open>
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "sounding-hide-title")}</span></summary>
            <div class="govuk-details__text">
                <p>{t!(cx, "sounding-hide-text")}</p>
                <form method="post" novalidate>
                    {select(cx, form, "comment", t!(cx, "sounding-hide-which"), "", choices)}
                    {textarea(cx, form, "reason", t!(cx, "sounding-hide-reason"), "sounding-hide-hint", 2)}
                    <button class="govuk-button govuk-button--secondary" name="do" value="hide">{t!(cx, "sounding-hide")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

pub async fn answer_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = sounding_id(&id)?;
    let outcome = match post.fields.get("do") {
        "answer" => verbs::answer_sounding(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "sounding-answered#changed"),
        "hide" => verbs::hide_sounding_comment(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "sounding-hidden#comments"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/soundings/{id}?done={done}")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
