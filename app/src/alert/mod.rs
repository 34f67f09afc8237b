//! Being told: keeping a search, a buyer or a category, with an account or an address; the list of what is kept; and the pages
//! behind the links of mails that confirm and stop.

mod link;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::alert::rhythm;
use domain::form::Fields;
use domain::ids::AlertId;
use domain::policy::{ManageAlert, Refused};
use leptos::prelude::*;
pub use link::{confirm, confirm_post, stop, stop_post};
use workflow::alert::{self as verbs, AlertView, Never, Saved, Wanted};

use crate::account::{shown, sign_in_link};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::{App, Page};
use crate::guard::{Post, parse};
use crate::public::search_text;
use crate::ui::{Form, empty, error_summary, hidden, input, radios, short, submit, tag};
use crate::words::{Words, t};

/// Carries the token that proves an address without an account, so that it is confirmed once.
const COOKIE: &str = "wp_alerts";
const COOKIE_AGE: i64 = 365 * 24 * 3600;

const RHYTHMS: [&str; 3] = ["at_once", "daily", "weekly"];

fn proven(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == COOKIE)
        .map(|(_, value)| value.to_owned())
}

fn cookie(app: &App, token: &str, age: i64) -> [(HeaderName, String); 1] {
    let secure = if app.secure { "; Secure" } else { "" };
    [(header::SET_COOKIE, format!("{COOKIE}={token}; Path=/alerts; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"))]
}

/// What is waited for, in words: on pages and in mails.
pub fn name(words: Words, wanted: &Wanted) -> String {
    match wanted {
        Wanted::Buyer { name, .. } => words.say("alert-of-buyer", vec![("buyer", name.into())]),
        Wanted::Category(code) => {
            let label = domain::challenge::categories::label(code).unwrap_or(code);
            words.say("alert-of-category", vec![("category", label.into())])
        }
        Wanted::Search(search) => {
            let fields = parse(search.as_bytes());
            let mut parts = Vec::new();
            for (name, value) in &fields.0 {
                let key = format!("{name}-{value}");
                match name.as_str() {
                    "q" => parts.insert(0, words.say("alert-of-words", vec![("words", value.into())])),
                    _ if Words::has(&key) => parts.push(words.say(&key, vec![])),
                    _ => parts.push(value.clone()),
                }
            }
            if parts.is_empty() { words.say("alert-of-all", vec![]) } else { parts.join(" · ") }
        }
    }
}

/// Where it is read without an alert.
pub fn address(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Search(search) if search.is_empty() => "/search".into(),
        Wanted::Search(search) => format!("/search?{search}"),
        Wanted::Buyer { id, .. } => format!("/buyers/{id}"),
        Wanted::Category(code) => {
            let label = domain::challenge::categories::label(code).unwrap_or(code);
            format!("/search?q={}", crate::guard::encode(label))
        }
    }
}

async fn wanted(cx: &Cx, raw: &str) -> Result<Option<Wanted>, Fault> {
    Ok(verbs::wanted(&cx.desk, &parse(raw.as_bytes()), search_text(raw)).await?)
}

pub async fn new(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let Some(wanted) = wanted(&cx, &raw.unwrap_or_default()).await? else { return Ok(Told::NotFound.into_response()) };
    if let Some(never) = verbs::never(&wanted) {
        return Ok(never_page(&cx, &wanted, never));
    }
    let mut fields = Fields::default();
    fields.set("rhythm", "daily");
    Ok(new_page(&cx, &wanted, &Form::new(fields)))
}

/// Why there is nothing to keep, instead of a form.
fn never_page(cx: &Cx, wanted: &Wanted, never: Never) -> Response {
    let title = t!(cx, "alert-never-title");
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{name(cx.words, wanted)}</p>
        <p>{t!(cx, &format!("error-{}", never.code()))}</p>
        <p><a class="govuk-link" href=address(wanted)>{t!(cx, "alert-never-back")}</a></p>
    };
    let crumbs = vec![("/alerts".to_owned(), t!(cx, "alerts-title"))];
    Page::new(title, body).under(crumbs).render(cx)
}

fn rhythms(cx: &Cx) -> Vec<(String, String, Option<String>)> {
    RHYTHMS.map(|code| (code.to_owned(), t!(cx, &format!("alert-{code}")), None)).to_vec()
}

fn new_page(cx: &Cx, wanted: &Wanted, form: &Form) -> Response {
    let who = cx.signed_in.as_ref().map_or_else(
        || {
            let sign_in = view! { <p>{t!(cx, "alert-or")} " " <a class="govuk-link" href=sign_in_link(&cx.uri)>{t!(cx, "sign-in")}</a></p> };
            view! { {input(cx, form, "email", t!(cx, "email"), "alert-email-hint", "email", "email")} {sign_in} }.into_any()
        },
        |_| view! { <p>{t!(cx, "alert-to-account")}</p> }.into_any(),
    );
    let title = t!(cx, "alert-new-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
            <h1 class="govuk-heading-l">{title.clone()}</h1>
            <p class="wp-lead">{name(cx.words, wanted)}</p>
            <p>{t!(cx, "alert-new-text")}</p>
            <form method="post" novalidate>
                {radios(cx, form, "rhythm", t!(cx, "alert-rhythm"), rhythms(cx))}
                {who}
                {submit(t!(cx, "alert-save"), "")}
            </form>
        </div></div>
    };
    let crumbs = vec![("/alerts".to_owned(), t!(cx, "alerts-title"))];
    Page::new(title, body).under(crumbs).invalid_if(form.invalid()).render(cx)
}

pub async fn new_post(
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    post: Post,
) -> Result<Response, Fault> {
    let Some(wanted) = wanted(&cx, &raw.unwrap_or_default()).await? else { return Ok(Told::NotFound.into_response()) };
    if cx.signed_in.is_none()
        && let Err(told) = app.mails.allow(post.fields.get("email"))
    {
        return Ok(told.into_response());
    }
    match verbs::save_alert(&cx.desk, &cx.actor, proven(&headers).as_deref(), &wanted, &post.fields).await {
        Ok(Saved::Running) => Ok(Redirect::to("/alerts?done=alert-saved").into_response()),
        Ok(Saved::Mailed) => Ok(Redirect::to("/alerts?done=alert-mailed").into_response()),
        Err(error) => Ok(new_page(&cx, &wanted, &Form::with(post.fields, shown(error)?))),
    }
}

/// `t`: the link of a mail; it is kept in the browser and goes out of the address.
pub async fn list(State(app): State<App>, cx: Cx, headers: HeaderMap, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let asked = parse(raw.unwrap_or_default().as_bytes());
    let token = asked.get("t");
    if !token.is_empty() && verbs::proves_address(&cx.desk, token) {
        return Ok((cookie(&app, token, COOKIE_AGE), Redirect::to("/alerts")).into_response());
    }
    let (kept, email) = verbs::list_alerts(&cx.desk, &cx.actor, proven(&headers).as_deref()).await?;
    let list = if kept.is_empty() {
        let known = cx.signed_in.is_some() || email.is_some();
        let text = if known { "alerts-empty-text" } else { "alerts-unknown-text" };
        view! {
            {empty(t!(&cx, "alerts-empty"), t!(&cx, text))}
            <p><a class="govuk-link" href="/search">{t!(&cx, "nav-search")}</a></p>
        }
        .into_any()
    } else {
        view! { <ul class="wp-cards">{kept.iter().map(|alert| row(&cx, alert)).collect_view()}</ul> }.into_any()
    };
    let forget = email.map(|email| {
        view! {
            <form method="post" class="wp-inline-form">
                <p>{t!(&cx, "alerts-address", email = email)} " " <button name="do" value="forget">{t!(&cx, "alerts-forget")}</button></p>
            </form>
        }
    });
    let title = t!(&cx, "alerts-title");
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(&cx, "alerts-text")}</p>
        {list}
        {forget}
    };
    Ok(Page::new(title, body).render(&cx))
}

fn row(cx: &Cx, alert: &AlertView) -> AnyView {
    let name = name(cx.words, &alert.wanted);
    let state = if alert.stopped {
        tag("closed", t!(cx, "alert-stopped"))
    } else {
        tag("open", t!(cx, &format!("alert-{}", alert.rhythm.code())))
    };
    let button = |act: &str, key: &str| {
        let (act, label) = (act.to_owned(), t!(cx, key));
        view! { <button class="govuk-button govuk-button--secondary" name="do" value=act aria-label=format!("{label}: {name}")>{label.clone()}</button> }.into_any()
    };
    let others = RHYTHMS.iter().filter(|code| alert.stopped || **code != alert.rhythm.code());
    let buttons = others.map(|code| button(code, &format!("alert-to-{code}"))).collect::<Vec<_>>();
    let stop = (!alert.stopped).then(|| button("stop", "alert-stop"));
    // Kept before this was looked at.
    let never = verbs::never(&alert.wanted).map(|never| view! { <p>{t!(cx, &format!("error-{}", never.code()))}</p> });
    let since = short(cx.words, alert.asked_at, cx.zone.as_deref().unwrap_or("UTC"));
    view! {
        <li class="wp-card">
            {state}
            <h2 class="wp-card__title"><a href=address(&alert.wanted)>{name.clone()}</a></h2>
            <p class="wp-card__meta">{t!(cx, "alert-meta", since = since, n = alert.told)}</p>
            {never}
            <form method="post">
                {hidden("alert", alert.id)}
                <div class="govuk-button-group">{stop}{buttons}</div>
            </form>
        </li>
    }
    .into_any()
}

pub async fn list_post(State(app): State<App>, cx: Cx, headers: HeaderMap, post: Post) -> Result<Response, Fault> {
    let act = post.fields.get("do");
    if act == "forget" {
        return Ok((cookie(&app, "", 0), Redirect::to("/alerts?done=alert-forgotten")).into_response());
    }
    let to = rhythm(act);
    if to.is_none() && act != "stop" {
        return Ok(Told::BadRequest.into_response());
    }
    let id = AlertId::parse(post.fields.get("alert")).ok_or(Refused::unseen::<ManageAlert>(0))?;
    verbs::set_alert(&cx.desk, &cx.actor, proven(&headers).as_deref(), id, to).await?;
    let done = if to.is_some() { "alert-saved" } else { "alert-stopped" };
    Ok(Redirect::to(&format!("/alerts?done={done}")).into_response())
}
