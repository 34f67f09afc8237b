//! How far a challenge reached, for its team; and the one click of those who did not answer.

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::ChallengeId;
use domain::library::NoAnswer;
use leptos::prelude::*;
use workflow::reach as verbs;

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::{App, Page};
use crate::guard::Post;
use crate::ui::{Form, cells, error_summary, number, summary, table};
use crate::words::t;

/// Counts that a notice was read; not by whom.
pub async fn count_reader(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = (request.method() == Method::GET).then(|| request.uri().path().to_owned());
    let response = next.run(request).await;
    if let Some(path) = path
        && matches!(response.status(), StatusCode::OK | StatusCode::NOT_MODIFIED)
    {
        count_notice(&app, &path);
    }
    response
}

/// The notice at `path`, if there is one, was read.
pub fn count_notice(app: &App, path: &str) {
    if let Some(challenge) = path.strip_prefix("/challenges/").and_then(ChallengeId::parse) {
        app.desk.seen.count(challenge);
    }
}

pub async fn reach(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_reach(&cx.desk, &cx.actor, id).await?;
    let partners = i64::try_from(found.partners).unwrap_or(i64::MAX);
    let mut rows = vec![
        (t!(cx, "reach-seen"), number(found.seen).into_any()),
        (t!(cx, "reach-followed"), number(found.followed).into_any()),
        (t!(cx, "reach-partners"), number(partners).into_any()),
    ];
    match found.answers {
        Some((started, submitted)) => {
            rows.push((t!(cx, "reach-started"), number(started).into_any()));
            rows.push((t!(cx, "reach-submitted"), number(submitted).into_any()));
        }
        None => rows.push((t!(cx, "reach-answers"), t!(cx, "reach-sealed").into_any())),
    }
    let reasons = found.answers.map(|_| {
        if found.reasons.is_empty() {
            return view! { <h2 class="govuk-heading-m">{t!(cx, "reach-reasons")}</h2><p>{t!(cx, "reach-reasons-none")}</p> }.into_any();
        }
        let rows = found.reasons.iter().map(|(reason, n)| {
            cells![t!(cx, &format!("why-{}", reason.code())), number(*n)]
        });
        let rows = rows.collect();
        view! { <h2 class="govuk-heading-m">{t!(cx, "reach-reasons")}</h2>{table(&cx, "reach-reasons", &["reach-reason", "reach-people"], rows)} }.into_any()
    });
    let title = t!(cx, "reach-title");
    let body = view! {
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "reach-text")}</p>
        {summary(rows)}
        {reasons}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &found.title)).render(&cx))
}

pub async fn why_not(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    why_page(&cx, id_of(&id)?, &Form::default()).await
}

/// A button a reason: one click is all.
async fn why_page(cx: &Cx, id: ChallengeId, form: &Form) -> Result<Response, Fault> {
    let (title, given) = verbs::read_why_not(&cx.desk, &cx.actor, id).await?;
    let buttons = NoAnswer::ALL.iter().map(|reason| {
        let chosen = given == Some(*reason);
        view! {
            <li><button class="govuk-button govuk-button--secondary" name="reason" value=reason.code() aria-pressed=chosen.to_string()>
                {t!(cx, &format!("why-{}", reason.code()))}
            </button></li>
        }
    });
    let heading = t!(cx, "why-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{title.clone()}</span>
        <h1 class="govuk-heading-l">{heading.clone()}</h1>
        <p class="wp-lead">{t!(cx, "why-text")}</p>
        <form method="post" id="reason"><ul class="govuk-list">{buttons.collect_view()}</ul></form>
    };
    Ok(Page::new(heading, body).under(crumbs(cx, id, &title)).invalid_if(form.invalid()).render(cx))
}

pub async fn why_not_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::say_why_not(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/why-not?done=why-not")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            why_page(&cx, id, &Form::with(post.fields, errors)).await
        }
    }
}
