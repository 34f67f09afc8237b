//! What was written before, to be put into an answer: one's own profile, one's own earlier answers.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::FieldError;
use domain::ids::ResponseId;
use leptos::prelude::*;
use workflow::response::{self as verbs, From, OwnResponse, Reusable, Source};

use super::{id_of, late_or};
use crate::account::shown;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{empty, error_summary, hidden, paragraphs};
use crate::words::t;

/// In the draft, by a question that is answered in words.
pub(super) fn beside_words(cx: &Cx, own: &OwnResponse, field: &str) -> Option<AnyView> {
    let question = verbs::asks_words(&own.terms, field)?;
    let to = format!("/responses/{}/reuse/{field}", own.facts.response);
    Some(
        view! { <p><a class="govuk-link" href=to>{t!(cx, "reuse-link")} <span class="govuk-visually-hidden">": " {question.label.clone()}</span></a></p> }
            .into_any(),
    )
}

pub async fn reuse(cx: Cx, Path((id, field)): Path<(String, String)>) -> Result<Response, Fault> {
    let found = verbs::read_reusable(&cx.desk, &cx.actor, id_of(&id)?, &field, &|key| t!(cx, key)).await?;
    Ok(page(&cx, &found, &field, &[]))
}

fn page(cx: &Cx, found: &Reusable, field: &str, errors: &[FieldError]) -> Response {
    let id = found.own.facts.response;
    let seen = found.own.answers.get(field).map_or(0, |answer| answer.row_version);
    let rows = found.sources.iter().map(|source| row(cx, source, seen)).collect_view();
    let list = if found.sources.is_empty() { empty(t!(cx, "reuse-none"), t!(cx, "reuse-none-text")) } else { rows.into_any() };
    let profile = format!("/organisations/{}", found.own.facts.supplier);
    let body = view! {
        {error_summary(cx, errors)}
        <span class="govuk-caption-l">{found.own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l" id="form">{t!(cx, "reuse-title", question = &found.question.label)}</h1>
        <p class="wp-lead">{t!(cx, "reuse-text")}</p>
        {list}
        <p><a class="govuk-link" href=profile>{t!(cx, "reuse-profile")}</a></p>
        <p><a class="govuk-link" href=format!("/responses/{id}#{field}")>{t!(cx, "back-to-draft")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), found.own.terms.title.clone())];
    let title = t!(cx, "reuse-title", question = &found.question.label);
    Page::new(title, body).under(above).invalid_if(!errors.is_empty()).works().render(cx)
}

fn row(cx: &Cx, source: &Source, seen: i64) -> AnyView {
    let (title, under) = match &source.from {
        From::Profile(part) => (t!(cx, &format!("profile-{part}")), t!(cx, "reuse-from-profile")),
        From::Earlier { challenge, question } => (question.clone(), challenge.clone()),
    };
    view! {
        <section class="wp-card govuk-!-margin-bottom-4">
            <h2 class="wp-card__title">{title.clone()}</h2>
            <p class="wp-card__meta">{under}</p>
            {paragraphs(&source.text)}
            <form method="post">
                {hidden("source", &source.key)}
                {hidden("seen", seen)}
                <button class="govuk-button govuk-button--secondary">{t!(cx, "reuse-button")} <span class="govuk-visually-hidden">": " {title}</span></button>
            </form>
        </section>
    }
    .into_any()
}

pub async fn reuse_post(cx: Cx, Path((id, field)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let id: ResponseId = id_of(&id)?;
    let (seen, say) = (post.fields.get("seen").parse().ok(), |key: &str| t!(cx, key));
    let errors = match verbs::reuse_answer(&cx.desk, &cx.actor, id, &field, post.fields.get("source"), seen, &say).await {
        Ok(saved) if saved.stale.is_empty() => {
            return Ok(Redirect::to(&format!("/responses/{id}?done=answer-reused#{field}")).into_response());
        }
        Ok(_) => vec![FieldError::new("form", "stale-reuse")],
        Err(error) => late_or(&cx, id, shown(error)).await?,
    };
    let found = verbs::read_reusable(&cx.desk, &cx.actor, id, &field, &|key| t!(cx, key)).await?;
    Ok(page(&cx, &found, &field, &errors))
}
