//! The pages behind the links of mails. Each has a button: mail scanners follow links, they press no buttons. A mail program's
//! one click (RFC 8058) posts to the same address.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use workflow::alert as verbs;

use super::{COOKIE_AGE, cookie, name};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::{App, Page};
use crate::guard::{Post, parse};
use crate::ui::submit;
use crate::words::t;

fn page(cx: &Cx, title: &str, text: AnyView, button: AnyView) -> Response {
    let title = t!(cx, title);
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {text}
        {button}
        <p><a class="govuk-link" href="/alerts">{t!(cx, "alerts-title")}</a></p>
    };
    Page::new(title, body).render(cx)
}

fn bad_link(cx: &Cx) -> Response {
    let title = t!(cx, "alert-link-bad-title");
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "alert-link-bad")}</p>
        <p><a class="govuk-link" href="/alerts">{t!(cx, "alerts-title")}</a></p>
    };
    Page::new(title, body).status(StatusCode::NOT_FOUND).render(cx)
}

fn token(raw: Option<String>) -> String {
    parse(raw.unwrap_or_default().as_bytes()).get("t").to_owned()
}

pub async fn confirm(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let Some(alert) = verbs::read_alert_confirm(&cx.desk, &token(raw)).await? else { return Ok(bad_link(&cx)) };
    let asked = view! { <p class="wp-lead">{name(cx.words, &alert.wanted)}</p> };
    if alert.confirmed && !alert.stopped {
        let text = view! { {asked} <p>{t!(cx, "alert-confirmed-already")}</p> };
        return Ok(page(&cx, "alert-confirm-title", text.into_any(), ().into_any()));
    }
    let text = view! { {asked} <p>{t!(cx, "alert-confirm-text")}</p> };
    let button = view! { <form method="post">{submit(t!(cx, "alert-confirm-button"), "")}</form> };
    Ok(page(&cx, "alert-confirm-title", text.into_any(), button.into_any()))
}

pub async fn confirm_post(State(app): State<App>, cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    match verbs::confirm_alert(&cx.desk, &token(raw)).await {
        Ok(proof) => Ok((cookie(&app, &proof, COOKIE_AGE), Redirect::to("/alerts?done=alert-confirmed")).into_response()),
        Err(workflow::Error::Invalid(_)) => Ok(bad_link(&cx)),
        Err(error) => Err(error.into()),
    }
}

pub async fn stop(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let Some(alert) = verbs::read_alert_stop(&cx.desk, &token(raw)).await? else { return Ok(bad_link(&cx)) };
    // Who never said yes is asked no more; who did is told no more.
    let [title, said, label] = if alert.confirmed {
        ["alert-stop-title", "alert-stop-text", "alert-stop"]
    } else {
        ["alert-refuse-title", "alert-refuse-text", "alert-refuse"]
    };
    let text = view! { <p class="wp-lead">{name(cx.words, &alert.wanted)}</p><p>{t!(cx, said)}</p> };
    let button = view! { <form method="post">{submit(t!(cx, label), "stop")}</form> };
    Ok(page(&cx, title, text.into_any(), button.into_any()))
}

pub async fn stop_post(cx: Cx, RawQuery(raw): RawQuery, post: Post) -> Result<Response, Fault> {
    let again = post.fields.get("do") == "again";
    let token = token(raw);
    let confirmed = verbs::read_alert_stop(&cx.desk, &token).await?.is_none_or(|alert| alert.confirmed);
    match verbs::stop_alert_by_link(&cx.desk, &token, again).await {
        Ok(()) if again => Ok(page(&cx, "alert-again-title", ().into_any(), ().into_any())),
        Ok(()) => {
            let button = view! { <form method="post">{submit(t!(cx, "alert-again"), "again")}</form> };
            let said = if confirmed { "alert-stopped-text" } else { "alert-refused-text" };
            let text = view! { <p class="wp-lead">{t!(cx, said)}</p> };
            Ok(page(&cx, "alert-stopped-title", text.into_any(), button.into_any()))
        }
        Err(workflow::Error::Invalid(_)) => Ok(bad_link(&cx)),
        Err(error) => Err(error.into()),
    }
}
