//! What everybody may read: home, search, history, how it works; and the clock of a demonstration.

mod alike;
mod feed;
mod search;

use ::search::Kind;
pub use alike::{alike, alike_drafting, like_what_was_solved};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::FieldError;
use domain::ids::from_text;
use domain::moment::{HOUR, Moment};
use domain::policy;
pub use feed::feed;
pub(crate) use feed::search_text;
use leptos::prelude::*;
pub(crate) use search::address_of;
pub use search::{search, suggest};
use workflow::{challenge, history};

use crate::challenge::cards;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::{App, Page, search_box};
use crate::guard::{Post, own_path};
use crate::ui::{Form, empty, error_summary, exact, input, number, paragraphs, short, submit, summary};
use crate::words::{Words, t};

pub async fn nothing() -> Told {
    Told::NotFound
}

pub async fn home(cx: Cx) -> Result<Response, Fault> {
    // Before there is an administrator nothing else can be done.
    if cx.signed_in.is_none() && !cx.desk.store.read().await?.any_administrator().await? {
        return Ok(Redirect::to("/set-up").into_response());
    }
    let home = challenge::home(&cx.desk).await?;
    let open = if home.open.is_empty() {
        empty(t!(cx, "home-open-none"), t!(cx, "home-open-none-text"))
    } else {
        view! {
            {cards(&cx, &home.open)}
            <p><a class="govuk-link" href="/challenges">{t!(cx, "home-open-all", n = home.open_count)}</a></p>
        }
        .into_any()
    };
    let decided = (!home.decided.is_empty()).then(|| {
        view! {
            <h2 class="govuk-heading-l">{t!(cx, "home-decided")}</h2>
            {cards(&cx, &home.decided)}
        }
    });
    let (past, solutions) = home.history;
    let history = (past + solutions > 0).then(|| {
        view! { <p class="wp-muted">{t!(cx, "home-history", challenges = number(past), solutions = number(solutions))}</p> }
    });
    let body = view! {
        <div class="wp-home"><div class="govuk-width-container">
            <h1>{t!(cx, "home-title")}</h1>
            {search_box(&cx, "", true)}
        </div></div>
        <div class="govuk-width-container"><div class="govuk-main-wrapper">
            <h2 class="govuk-heading-l">{t!(cx, "home-open")}</h2>
            {open}
            {decided}
            {history}
        </div></div>
    };
    Ok(Page::new(t!(cx, "home-title"), body).search().kept().render(&cx))
}

pub async fn about(cx: Cx) -> Response {
    let body = view! {
        <h1 class="govuk-heading-xl">{t!(cx, "about-title")}</h1>
        <div class="wp-prose">
            <ol>{(1..=4).map(|n| view! { <li>{t!(cx, &format!("about-{n}"))}</li> }).collect_view()}</ol>
            <h2 id="sealing">{t!(cx, "about-sealing")}</h2>
            <p>{t!(cx, "about-sealing-text")}</p>
            <h2 id="accessibility">{t!(cx, "about-accessibility")}</h2>
            <p>{t!(cx, "about-accessibility-text")}</p>
        </div>
    };
    Page::new(t!(cx, "about-title"), body).kept().render(&cx)
}

/// History as its source has it.
pub async fn past(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = match from_text(&id) {
        Some(id) => history::read_past_challenge(&cx.desk, id).await?,
        None => None,
    };
    let Some(row) = found else { return Ok(Told::NotFound.into_response()) };
    let sections: Vec<(String, String)> = serde_json::from_str(&row.body).unwrap_or_default();
    let date = |at: Option<i64>, text: &str| at.map_or_else(|| text.to_owned(), |at| short(cx.words, Moment(at), "UTC"));
    let dates = (!row.opens_text.is_empty() || !row.closes_text.is_empty()).then(|| {
        t!(cx, "past-dates", opens = date(row.opens_at, &row.opens_text), closes = date(row.closes_at, &row.closes_text))
    });
    let link = (!row.url.is_empty()).then(
        || view! { <a class="govuk-link" rel="nofollow noopener noreferrer" href=row.url.clone()>{t!(cx, "past-link")}</a> },
    );
    let alike = alike(&cx, Kind::PastChallenge, row.id).await?;
    let shown_summary = sections.iter().all(|(_, text)| *text != row.summary);
    let body = view! {
        <article lang=row.lang.clone()>
            <p class="wp-meta" lang=cx.words.0.code()>{t!(cx, "past-meta", source = &row.source)}</p>
            <h1 class="govuk-heading-xl">{row.title.clone()}</h1>
            <p class="wp-meta">{row.buyer_name.clone()}</p>
            {shown_summary.then(|| view! { <p class="wp-lead">{row.summary.clone()}</p> })}
            <div class="govuk-inset-text" lang=cx.words.0.code()>{t!(cx, "past-note")}</div>
            {sections.into_iter().map(|(heading, text)| view! {
                <section>
                    <h2 class="govuk-heading-m" lang=cx.words.0.code()>{heading_of(&cx, &heading)}</h2>
                    {paragraphs(&text)}
                </section>
            }).collect_view()}
            <p class="wp-meta" lang=cx.words.0.code()>{dates}</p>
            <p class="wp-meta" lang=cx.words.0.code()>{t!(cx, "past-source")} ": " {row.source.clone()} ", " {row.licence.clone()} " " {link}</p>
        </article>
        {alike}
    };
    Ok(Page::new(row.title.clone(), body).under(vec![("/search".into(), t!(cx, "nav-search"))]).kept().render(&cx))
}

fn heading_of(cx: &Cx, code: &str) -> String {
    let key = format!("heading-{code}");
    if Words::has(&key) { t!(cx, &key) } else { code.to_owned() }
}

/// A solution that came from elsewhere. `alike`: others facing this.
pub(crate) fn imported_solution(cx: &Cx, row: &store::SolutionRow, alike: Option<AnyView>) -> Response {
    let mut facts = Vec::new();
    if !row.buyer_name.is_empty() {
        facts.push((t!(cx, "solution-for"), row.buyer_name.clone().into_any()));
    }
    if let Some(year) = row.year {
        facts.push((t!(cx, "solution-year"), year.to_string().into_any()));
    }
    let link = (!row.url.is_empty()).then(
        || view! { <a class="govuk-link" rel="nofollow noopener noreferrer" href=row.url.clone()>{t!(cx, "past-link")}</a> },
    );
    facts.push((t!(cx, "past-source"), view! { {row.source.clone()} ", " {row.licence.clone()} " " {link} }.into_any()));
    let body = view! {
        <article>
            <p class="wp-meta">{t!(cx, "solution-meta", supplier = &row.supplier_name)}</p>
            <h1 class="govuk-heading-xl" lang=row.lang.clone()>{row.title.clone()}</h1>
            <div class="govuk-inset-text">{t!(cx, "solution-note", source = &row.source)}</div>
            <div lang=row.lang.clone()>{paragraphs(&row.body)}</div>
            {summary(facts)}
        </article>
        {alike}
    };
    Page::new(row.title.clone(), body).under(vec![("/search".into(), t!(cx, "nav-search"))]).kept().render(cx)
}

pub async fn theme(State(app): State<App>, post: Post) -> Response {
    let secure = if app.secure { "; Secure" } else { "" };
    let cookie = match post.fields.get("theme") {
        value @ ("light" | "dark") => format!("wp_theme={value}; Path=/; Max-Age=31536000; SameSite=Lax{secure}"),
        _ => format!("wp_theme=; Path=/; Max-Age=0; SameSite=Lax{secure}"),
    };
    ([(header::SET_COOKIE, cookie)], Redirect::to(own_path(post.fields.get("next")))).into_response()
}

/// Only in a test or demonstration, and there for its administrator.
async fn may_move_clock(cx: &Cx) -> Result<(), Fault> {
    let conn = cx.desk.store.read().await?;
    policy::administer(&cx.actor, conn.brand(), cx.now)?;
    if cx.desk.is_live() { Err(policy::Refused::unseen::<policy::Administer>(0).into()) } else { Ok(()) }
}

fn clock_page(cx: &Cx, form: &Form) -> Response {
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "clock-title")}</h1>
        <p class="wp-lead">{t!(cx, "clock-text")}</p>
        <p>{t!(cx, "clock-now")} " " {exact(cx, cx.now, None)}</p>
        <form method="post">
            {input(cx, form, "hours", t!(cx, "clock-hours"), "clock-hours-hint", "number", "")}
            {submit(t!(cx, "clock-move"), "")}
        </form>
    };
    Page::new(t!(cx, "clock-title"), body).invalid_if(form.invalid()).render(cx)
}

pub async fn clock(cx: Cx) -> Result<Response, Fault> {
    may_move_clock(&cx).await?;
    Ok(clock_page(&cx, &Form::default()))
}

pub async fn move_clock(cx: Cx, post: Post) -> Result<Response, Fault> {
    may_move_clock(&cx).await?;
    match post.fields.get("hours").replace('−', "-").parse::<i64>() {
        Ok(hours) if (-9_000..=9_000).contains(&hours) => {
            let offset = cx.desk.store.clock_offset() + hours * HOUR;
            cx.desk.store.set_clock_offset(offset).await?;
            Ok(Redirect::to("/clock?done=clock").into_response())
        }
        _ => Ok(clock_page(&cx, &Form::with(post.fields, vec![FieldError::new("hours", "hours")]))),
    }
}
