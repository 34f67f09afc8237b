//! Accounts: set-up, registration, signing in and out, passwords, sessions, and the dashboard.

mod agent;
mod notices;
mod work;

use agent::browser;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{FieldError, Fields};
use domain::ids::{MembershipId, from_text, to_text};
use domain::moment::Moment;
use domain::policy::Refusal;
use leptos::prelude::*;
pub use notices::{choices, choices_post, notice, notices, notices_post, stop, stop_post};
pub use work::work;
use workflow::account as verbs;

use crate::cx::{COOKIE, Cx};
use crate::fault::{Fault, Told};
use crate::frame::{App, Page};
use crate::guard::{Post, encode, own_path, parse};
use crate::ui::{Form, cells, error_summary, hidden, input, password, select, submit, table, tag};
use crate::words::t;

/// Errors that the form shows; whatever else went wrong is a fault.
pub fn shown(error: workflow::Error) -> Result<Vec<FieldError>, Fault> {
    match error {
        workflow::Error::Invalid(errors) => Ok(errors),
        workflow::Error::Stale => Ok(vec![FieldError::new("form", "stale")]),
        other => Err(Fault(other)),
    }
}

fn query(query: Option<String>) -> Fields {
    parse(query.unwrap_or_default().as_bytes())
}

fn cookie(app: &App, value: &str, age: i64) -> [(header::HeaderName, String); 1] {
    let secure = if app.secure { "; Secure" } else { "" };
    [(header::SET_COOKIE, format!("{COOKIE}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"))]
}

/// Of a session that goes on under a new secret.
pub fn session_cookie(app: &App, secret: &str) -> [(header::HeaderName, String); 1] {
    cookie(app, secret, COOKIE_AGE)
}

const COOKIE_AGE: i64 = 30 * 24 * 3600;

fn zones(cx: &Cx, form: &Form) -> AnyView {
    let choices = ZONES.iter().map(|zone| ((*zone).to_owned(), (*zone).replace('_', " "), None)).collect();
    select(cx, form, "zone", t!(cx, "zone"), "zone-hint", choices)
}

/// Zones to choose from; more come with more languages.
pub const ZONES: &[&str] = &[
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Amsterdam",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Vienna",
    "Europe/Zurich",
    "Europe/Warsaw",
    "Europe/Prague",
    "Europe/Stockholm",
    "Europe/Oslo",
    "Europe/Copenhagen",
    "Europe/Helsinki",
    "Europe/Athens",
    "Europe/Bucharest",
    "Europe/Kyiv",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Johannesburg",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
];

fn person_fields(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {input(cx, form, "name", t!(cx, "name"), "", "text", "name")}
        {input(cx, form, "email", t!(cx, "email"), "", "email", "email")}
        {password(cx, form, "password", t!(cx, "password"), "password-hint", true)}
        {zones(cx, form)}
    }
    .into_any()
}

fn simple(cx: &Cx, key: &str, text: &str, form: &Form, fields: AnyView, button: &str, foot: AnyView) -> Response {
    let title = t!(cx, key);
    let body = view! {
        {error_summary(cx, &form.errors)}
        <div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
            <h1 class="govuk-heading-l">{title.clone()}</h1>
            {(!text.is_empty()).then(|| view! { <p class="wp-lead">{t!(cx, text)}</p> })}
            <form method="post" novalidate>
                {fields}
                {submit(t!(cx, button), "")}
            </form>
            {foot}
        </div></div>
    };
    Page::new(title, body).invalid_if(form.invalid()).render(cx)
}

fn told(cx: &Cx, title: &str, text: &str) -> Response {
    let title = t!(cx, title);
    let body = view! { <h1 class="govuk-heading-l">{title.clone()}</h1><p class="wp-lead">{t!(cx, text)}</p> };
    Page::new(title, body).render(cx)
}

// Set-up

pub async fn set_up(cx: Cx) -> Result<Response, Fault> {
    if cx.desk.store.read().await?.any_administrator().await? {
        return Ok(Told::NotFound.into_response());
    }
    Ok(set_up_page(&cx, &Form::default()))
}

fn set_up_page(cx: &Cx, form: &Form) -> Response {
    simple(cx, "set-up-title", "set-up-text", form, person_fields(cx, form), "set-up-button", ().into_any())
}

pub async fn set_up_post(State(app): State<App>, cx: Cx, post: Post) -> Result<Response, Fault> {
    if let Err(told) = app.sign_ins.allow("set-up") {
        return Ok(told.into_response());
    }
    match verbs::set_up(&cx.desk, &post.fields).await {
        Ok(_) => Ok(Redirect::to("/sign-in?done=set-up").into_response()),
        Err(error) => Ok(set_up_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

// Signing in and out

fn sign_in_page(cx: &Cx, form: &Form) -> Response {
    let next = own_path(form.fields.get("next")).to_owned();
    let fields = view! {
        {hidden("next", next)}
        {input(cx, form, "email", t!(cx, "email"), "", "email", "username")}
        {password(cx, form, "password", t!(cx, "password"), "", false)}
    };
    let foot = view! {
        <p><a class="govuk-link" href="/reset">{t!(cx, "sign-in-forgot")}</a></p>
        <p>{t!(cx, "sign-in-new")} " " <a class="govuk-link" href="/register">{t!(cx, "register")}</a></p>
    };
    simple(cx, "sign-in-title", "", form, fields.into_any(), "sign-in", foot.into_any())
}

pub async fn sign_in(cx: Cx, RawQuery(raw): RawQuery) -> Response {
    sign_in_page(&cx, &Form::new(query(raw)))
}

pub async fn sign_in_post(State(app): State<App>, cx: Cx, post: Post) -> Result<Response, Fault> {
    let email = post.fields.get("email").to_owned();
    if let Err(told) = app.sign_ins.allow(&email) {
        return Ok(told.into_response());
    }
    match verbs::sign_in(&cx.desk, &email, post.fields.raw("password"), &cx.agent).await {
        Ok(secret) => {
            let next = own_path(post.fields.get("next")).to_owned();
            Ok((cookie(&app, &secret.0, COOKIE_AGE), Redirect::to(&next)).into_response())
        }
        Err(error) => Ok(sign_in_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

pub async fn sign_out(State(app): State<App>, cx: Cx) -> Result<Response, Fault> {
    if let Some(signed) = &cx.signed_in {
        verbs::end_session(&cx.desk, &cx.actor, signed.session.id).await?;
    }
    Ok((cookie(&app, "", 0), Redirect::to("/sign-in?done=signed-out")).into_response())
}

// Registration

fn register_page(cx: &Cx, form: &Form) -> Response {
    simple(cx, "register-title", "register-text", form, person_fields(cx, form), "register", ().into_any())
}

pub async fn register(cx: Cx) -> Response {
    register_page(&cx, &Form::default())
}

pub async fn register_post(State(app): State<App>, cx: Cx, post: Post) -> Result<Response, Fault> {
    if let Err(told) = app.mails.allow(post.fields.get("email")) {
        return Ok(told.into_response());
    }
    match verbs::register(&cx.desk, &post.fields).await {
        Ok(()) => Ok(self::told(&cx, "register-sent-title", "register-sent-text")),
        Err(error) => Ok(register_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

fn confirm_page(cx: &Cx, form: &Form) -> Response {
    // The error summary leads here: there is nothing else to lead to.
    let fields = view! { <div id="token" tabindex="-1">{hidden("token", form.fields.get("token"))}</div> }.into_any();
    simple(cx, "confirm-title", "confirm-text", form, fields, "confirm-button", ().into_any())
}

/// A page with a button: mail scanners follow links, they press no buttons.
pub async fn confirm(cx: Cx, RawQuery(raw): RawQuery) -> Response {
    confirm_page(&cx, &Form::new(query(raw)))
}

pub async fn confirm_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    match verbs::confirm_address(&cx.desk, post.fields.get("token")).await {
        Ok(()) => Ok(Redirect::to("/sign-in?done=confirmed").into_response()),
        Err(error) => Ok(confirm_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

fn reset_page(cx: &Cx, form: &Form) -> Response {
    let fields = input(cx, form, "email", t!(cx, "email"), "", "email", "email");
    simple(cx, "reset-title", "reset-text", form, fields, "reset-send", ().into_any())
}

pub async fn reset(cx: Cx) -> Response {
    reset_page(&cx, &Form::default())
}

pub async fn reset_post(State(app): State<App>, cx: Cx, post: Post) -> Result<Response, Fault> {
    if let Err(told) = app.mails.allow(post.fields.get("email")) {
        return Ok(told.into_response());
    }
    match verbs::request_reset(&cx.desk, post.fields.get("email")).await {
        Ok(()) => Ok(self::told(&cx, "register-sent-title", "register-sent-text")),
        Err(error) => Ok(reset_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

fn reset_new_page(cx: &Cx, form: &Form) -> Response {
    let fields = view! {
        {hidden("token", form.fields.get("token"))}
        {password(cx, form, "password", t!(cx, "account-new"), "password-hint", true)}
    };
    simple(cx, "reset-new-title", "", form, fields.into_any(), "reset-new-button", ().into_any())
}

pub async fn reset_new(cx: Cx, RawQuery(raw): RawQuery) -> Response {
    reset_new_page(&cx, &Form::new(query(raw)))
}

pub async fn reset_new_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    match verbs::reset_password(&cx.desk, post.fields.get("token"), &post.fields).await {
        Ok(()) => Ok(Redirect::to("/sign-in?done=reset").into_response()),
        Err(error) => Ok(reset_new_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

// The account's own page: profile, password, acting as, sessions.

pub async fn account(cx: Cx) -> Result<Response, Fault> {
    account_page(&cx, &Form::default()).await
}

/// Whoever needs to be signed in and is not is led to the door.
fn signed(cx: &Cx) -> Result<&verbs::SignedIn, Told> {
    cx.signed_in.as_ref().ok_or(Told::Refused(Refusal::SignIn))
}

async fn account_page(cx: &Cx, form: &Form) -> Result<Response, Fault> {
    let signed = match signed(cx) {
        Ok(signed) => signed,
        Err(told) => return Ok(told.into_response()),
    };
    let user = signed.session.user_id;
    let mut conn = cx.desk.store.read().await?;
    let memberships = conn.memberships_of(user).await?;
    let sessions = conn.sessions_of(user).await?;
    drop(conn);
    let mut profile = form.clone();
    if form.fields.get("do") != "profile" {
        profile.fields.set("name", signed.session.name.clone());
        profile.fields.set("zone", signed.session.zone.clone());
    }
    let acting = signed.session.membership;
    let act_rows = memberships
        .iter()
        .map(|row| (Some(row.id), row.name.clone(), t!(cx, &format!("kind-{}", row.kind)), t!(cx, &format!("role-{}", row.role))))
        .chain([(None, t!(cx, "account-acting-none"), String::new(), String::new())])
        .map(|(id, name, kind, role)| {
            let button = if id == acting {
                tag("open", t!(cx, "account-acting-now"))
            } else {
                view! { <button class="govuk-button govuk-button--secondary" name="membership" value=id.map(to_text).unwrap_or_default() aria-label=format!("{} {name}", t!(cx, "account-act"))>{t!(cx, "account-act")}</button> }.into_any()
            };
            cells![name, kind, role, button]
        })
        .collect();
    let organisations = memberships
        .iter()
        .map(|row| view! { <li><a class="govuk-link" href=format!("/organisations/{}", to_text(row.organisation))>{row.name.clone()}</a></li> })
        .collect_view();
    let session_rows = sessions
        .iter()
        .map(|row| {
            let own = row.id == signed.session.id;
            view! {
                <li>
                    <form class="wp-inline-form" method="post">
                        {hidden("do", "session")}{hidden("session", to_text(row.id))}
                        {browser(cx, &row.agent)} " " {own.then(|| tag("open", t!(cx, "account-session-this")))} " "
                        <span class="wp-muted">{t!(cx, "account-session-seen", when = crate::ui::relative(cx, Moment(row.seen_at)))}</span> " "
                        {(!own).then(|| view! { <button>{t!(cx, "account-session-end")}</button> })}
                    </form>
                </li>
            }
        })
        .collect_view();
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "account-title")}</h1>
        <div class="wp-two">
            <div class="wp-stack">
                <section>
                    <h2 class="govuk-heading-m">{t!(cx, "account-acting")}</h2>
                    <p>{t!(cx, "account-acting-text")}</p>
                    <form method="post">
                        {hidden("do", "act")}
                        {table(cx, "account-acting", &["column-organisation", "column-kind", "column-role", "column-act"], act_rows)}
                    </form>
                </section>
                <section>
                    <h2 class="govuk-heading-m">{t!(cx, "account-profile")}</h2>
                    <form method="post" novalidate>
                        {input(cx, &profile, "name", t!(cx, "name"), "", "text", "name")}
                        {zones(cx, &profile)}
                        {submit(t!(cx, "account-save"), "profile")}
                    </form>
                </section>
                <section>
                    <h2 class="govuk-heading-m">{t!(cx, "account-password")}</h2>
                    <form method="post" novalidate>
                        {password(cx, form, "current", t!(cx, "account-current"), "", false)}
                        {password(cx, form, "password", t!(cx, "account-new"), "password-hint", true)}
                        {submit(t!(cx, "account-password-button"), "password")}
                    </form>
                </section>
            </div>
            <aside class="wp-aside">
                <h2>{t!(cx, "account-organisations")}</h2>
                <ul class="govuk-list">{organisations}</ul>
                <p><a class="govuk-link" href="/organisations/new">{t!(cx, "account-new-organisation")}</a></p>
                <h2>{t!(cx, "account-sessions")}</h2>
                <ul class="govuk-list">{session_rows}</ul>
            </aside>
        </div>
    };
    Ok(Page::new(t!(cx, "account-title"), body).invalid_if(form.invalid()).render(cx))
}

pub async fn account_post(State(app): State<App>, cx: Cx, post: Post) -> Result<Response, Fault> {
    if let Err(told) = signed(&cx) {
        return Ok(told.into_response());
    }
    let fields = &post.fields;
    let own_cookie = cx.cookie.clone().unwrap_or_default();
    let outcome = match fields.get("do") {
        "act" => {
            let membership = MembershipId::parse(fields.get("membership"));
            let secret = verbs::act_as(&cx.desk, &cx.actor, &own_cookie, membership).await?;
            return Ok((cookie(&app, &secret.0, COOKIE_AGE), Redirect::to("/work?done=acting")).into_response());
        }
        "profile" => verbs::edit_profile(&cx.desk, &cx.actor, fields).await.map(|()| "saved"),
        "password" => {
            if let Err(told) = app.sign_ins.allow(&format!("password {own_cookie}")) {
                return Ok(told.into_response());
            }
            verbs::change_password(&cx.desk, &cx.actor, &own_cookie, fields).await.map(|()| "password")
        }
        "session" => {
            verbs::end_session(&cx.desk, &cx.actor, from_text(fields.get("session")).unwrap_or(0)).await.map(|()| "session")
        }
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/account?done={done}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            account_page(&cx, &Form::with(post.fields, errors)).await
        }
    }
}

/// A link to sign in that leads back to a page.
pub fn sign_in_link(path: &str) -> String {
    format!("/sign-in?next={}", encode(path))
}
