//! The notice as it will look, at any time: what is missing is said in its place.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use domain::challenge::{Section, Stage, parse_loosely};
use leptos::prelude::*;
use workflow::challenge::{self as verbs, DraftView};

use crate::challenge::{id_of, notice_parts};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::parse;
use crate::ui::{sentence, warning};
use crate::words::t;

/// `?part=notice` gives the notice alone, for the preview beside the text.
pub async fn preview(cx: Cx, Path(id): Path<String>, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    let alone = parse(raw.unwrap_or_default().as_bytes()).get("part") == "notice";
    let content = content(&cx, &found);
    if alone {
        let html = view! { <div class="wp-preview">{content}</div> }.to_html();
        return Ok(axum::response::Html(html).into_response());
    }
    let body = view! { {warning(&cx, t!(cx, "preview-text"))} {content} };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Ok(Page::new(format!("{} – {}", t!(cx, "preview"), found.title), body).under(above).render(&cx))
}

fn content(cx: &Cx, found: &DraftView) -> AnyView {
    let terms = found.terms.clone().unwrap_or_else(|| parse_loosely(&found.draft, found.facts.now).0);
    let title = if terms.title.is_empty() { found.title.clone() } else { terms.title.clone() };
    let parts =
        notice_parts(cx, &terms).into_iter().map(|(section, part)| view! { {part} {gaps(cx, found, section)} }).collect_view();
    view! {
        <h1 class="govuk-heading-xl">{title}</h1>
        <p class="wp-lead">{terms.summary.clone()}</p>
        <div class="wp-stack">{parts}</div>
    }
    .into_any()
}

/// What a section still lacks, with the way to it.
fn gaps(cx: &Cx, found: &DraftView, section: Section) -> Option<AnyView> {
    let rows: Vec<String> = found.missing.iter().filter(|(of, _)| *of == section).map(|(_, error)| sentence(cx, error)).collect();
    // Of what is published nothing is missing, whatever a draft needs by now.
    if rows.is_empty() || !matches!(found.facts.stage(), Stage::Draft | Stage::InReview) {
        return None;
    }
    let to = format!("/challenges/{}/edit/{}", found.facts.challenge, section.code());
    let name = t!(cx, &format!("section-{}", section.code()));
    Some(
        view! {
            <div class="wp-gap">
                <p><a class="govuk-link" href=to>{t!(cx, "preview-gap", section = name)}</a></p>
                <ul class="govuk-list govuk-list--bullet">{rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view()}</ul>
            </div>
        }
        .into_any(),
    )
}
