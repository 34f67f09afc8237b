//! Challenges: lists, the notice, writing, review.

mod amendment;
mod approval;
mod cancel;
mod cards;
mod comments;
mod difference;
mod form;
mod notice;
mod sounding;
mod workshop;

pub(crate) use amendment::instant_fields;
pub use amendment::utc;
pub use amendment::{
    amendment, amendment_post, dates, extension, extension_post, reopening, reopening_post, section as amendment_section,
    section_post as amendment_section_post, version,
};
pub use approval::{approvals, approvals_post, publication, publication_post, review, review_post};
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
pub use cancel::{cancel, cancel_post};
pub use cards::cards;
pub use comments::{comments, comments_post, invited, invited_post};
use domain::ids::ChallengeId;
use domain::policy::{ReadChallenge, Refused};
pub use form::shortlist_text;
use leptos::prelude::*;
pub use notice::{notice, parts as notice_parts};
pub use sounding::{
    answer as sounding_answer, answer_post as sounding_answer_post, sounding, sounding_post, soundings, team as sounding_team,
    team_post as sounding_team_post,
};
use workflow::challenge::{self as verbs, PER_PAGE, PER_PAGE_CHOICES};
pub use workshop::{
    brief, brief_post, new, new_post, preview, readiness, readiness_post, section, section_post, tasks, tasks_post,
};

use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, beyond, parse};
use crate::public;
use crate::ui::{empty, pager};
use crate::words::t;

/// The id in a path; anything else is a page that is not there.
pub fn id_of(text: &str) -> Result<ChallengeId, Fault> {
    Ok(ChallengeId::parse(text).ok_or(Refused::unseen::<ReadChallenge>(0))?)
}

/// `?round=2`: of which round a page is asked for.
pub fn asked_round(cx: &Cx) -> Option<i64> {
    let query = cx.uri.split_once('?').map_or("", |(_, query)| query);
    parse(query.as_bytes()).get("round").parse().ok()
}

pub fn crumbs(cx: &Cx, id: ChallengeId, title: &str) -> Vec<(String, String)> {
    vec![("/challenges".into(), t!(cx, "nav-challenges")), (format!("/challenges/{id}"), title.to_owned())]
}

pub async fn list(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let fields = parse(raw.unwrap_or_default().as_bytes());
    let open = fields.get("show") != "past";
    let page: i64 = fields.get("page").parse().unwrap_or(1).clamp(1, 100_000);
    let found = verbs::list_public(&cx.desk, open, page, fields.get("per").parse().unwrap_or_default()).await?;
    let (total, per) = (if open { found.open } else { found.past }, found.per);
    let kept_per = if per == PER_PAGE { String::new() } else { format!("&per={per}") };
    let show = if open { "open" } else { "past" };
    let pages = (total + per - 1) / per;
    let address = |n| format!("/challenges?show={show}&page={n}{kept_per}");
    if let Some(last) = beyond(page, pages, address) {
        return Ok(last);
    }
    let tabs = [("open", "list-open", found.open), ("past", "list-past", found.past)]
        .into_iter()
        .map(|(value, key, n)| {
            let current = (value == show).then_some("page");
            view! { <li><a class="govuk-link" href=format!("/challenges?show={value}") aria-current=current>{t!(cx, key, n = n)}</a></li> }
        })
        .collect_view();
    let rows = if found.page.is_empty() {
        empty(t!(cx, "home-open-none"), t!(cx, "home-open-none-text"))
    } else {
        cards(&cx, &found.page)
    };
    let body = view! {
        <h1 class="govuk-heading-l">{t!(cx, "nav-challenges")}</h1>
        <nav aria-label=t!(cx, "list-which")><ul class="wp-meta">{tabs}<li><a class="govuk-link" href="/soundings">{t!(cx, "soundings-link")}</a></li></ul></nav>
        <h2 class="govuk-visually-hidden">{t!(cx, if open { "list-open" } else { "list-past" }, n = total)}</h2>
        {rows}
        {pager(&cx, page, pages, address)}
        {(total > PER_PAGE).then(|| per_page(&cx, show, per))}
    };
    Ok(Page::new(t!(cx, "nav-challenges"), body).kept().render(&cx))
}

/// How many on a page: a long list is read through, or searched by the browser.
fn per_page(cx: &Cx, show: &str, per: i64) -> AnyView {
    let choices = PER_PAGE_CHOICES
        .map(|choice| {
            let current = (choice == per).then_some("true");
            view! { <li><a class="govuk-link" href=format!("/challenges?show={show}&per={choice}") aria-current=current>{choice}</a></li> }
        })
        .collect_view();
    view! { <nav aria-label=t!(cx, "list-per-page")><ul class="wp-meta"><li>{t!(cx, "list-per-page")}</li>{choices}</ul></nav> }
        .into_any()
}

/// The notice as the public reads it, with what this reader can do next.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = match verbs::read_challenge(&cx.desk, &cx.actor, id).await {
        // Its team has the draft's own pages.
        Err(workflow::Error::Refused(_))
            if cx.signed_in.is_some() && verbs::read_draft(&cx.desk, &cx.actor, id).await.is_ok() =>
        {
            return Ok(Redirect::to(&format!("/challenges/{id}/edit")).into_response());
        }
        found => found?,
    };
    let alike = public::alike(&cx, search::Kind::Challenge, id.get()).await?;
    Ok(notice::page(&cx, found, alike))
}

pub async fn follow(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let follow = post.fields.get("follow") == "yes";
    verbs::follow_challenge(&cx.desk, &cx.actor, id, follow).await?;
    Ok(Redirect::to(&format!("/challenges/{id}?done={}", if follow { "followed" } else { "unfollowed" })).into_response())
}
