//! Drafts that authorities show in public, those first that still take comments.

use axum::extract::RawQuery;
use axum::response::Response;
use domain::ids::SoundingId;
use domain::sounding::SoundingState;
use leptos::prelude::*;
use workflow::challenge::PER_PAGE;
use workflow::sounding::{self as verbs, ListedSounding};

use super::state_tag;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{beyond, parse};
use crate::ui::{days_left, empty, pager};
use crate::words::t;

pub async fn soundings(cx: Cx, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let fields = parse(raw.unwrap_or_default().as_bytes());
    let page: i64 = fields.get("page").parse().unwrap_or(1).clamp(1, 100_000);
    let (total, found) = verbs::list_soundings(&cx.desk, page).await?;
    let pages = (total + PER_PAGE - 1) / PER_PAGE;
    let address = |n| format!("/soundings?page={n}");
    if let Some(last) = beyond(page, pages, address) {
        return Ok(last);
    }
    let rows = if found.is_empty() {
        empty(t!(cx, "soundings-none"), t!(cx, "soundings-none-text"))
    } else {
        view! { <ul class="wp-cards">{found.iter().map(|row| card(&cx, row)).collect_view()}</ul> }.into_any()
    };
    let title = t!(cx, "soundings-title");
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "soundings-text")}</p>
        <h2 class="govuk-visually-hidden">{t!(cx, "soundings-list", n = total)}</h2>
        {rows}
        {pager(&cx, page, pages, address)}
    };
    Ok(Page::new(title, body).under(vec![("/challenges".into(), t!(cx, "nav-challenges"))]).kept().render(&cx))
}

fn card(cx: &Cx, found: &ListedSounding) -> AnyView {
    let badge = match found.state {
        SoundingState::Open => days_left(cx, found.row.standing().closes_at()),
        state => state_tag(cx, state),
    };
    let meta = format!("{} · {}", found.row.buyer_name, t!(cx, "sounding-comments-n", n = found.row.comments));
    view! {
        <li class="wp-card">
            {badge}
            <h3 class="wp-card__title"><a href=format!("/soundings/{}", SoundingId(found.row.id))>{found.terms.title.clone()}</a></h3>
            <p class="wp-card__text">{found.terms.summary.clone()}</p>
            <p class="wp-card__meta">{meta}</p>
        </li>
    }
    .into_any()
}
