//! One published version: what it changed and why, then its full text beside the one before.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;
use workflow::amendment::{VersionView, read_version};

use super::failed;
use crate::challenge::difference::differences;
use crate::challenge::{crumbs, id_of, notice};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::{exact, paragraphs, when};
use crate::words::t;

pub async fn version(cx: Cx, Path((id, n)): Path<(String, String)>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = read_version(&cx.desk, &cx.actor, id, n.parse().unwrap_or(-1)).await?;
    let zone = found.terms.zone.clone();
    let newest = found.all.last() == Some(&found.n);
    let title = t!(cx, "version-title", n = found.n);
    let changed = found.before.as_ref().map(|(n, _, changes)| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "difference-title", n = *n)}</h2>
                {differences(&cx, changes, &zone)}
            </section>
        }
    });
    let text = |n: i64, terms: &domain::challenge::Terms, open: bool| {
        view! {
            <details class="govuk-details" open=open>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "version-full", n = n)}</span></summary>
                <div class="govuk-details__text wp-stack">
                    <p class="wp-lead">{terms.summary.clone()}</p>
                    <p>{t!(cx, "answers-by")} " " {exact(&cx, terms.deadline, Some(&terms.zone))}</p>
                    {notice(&cx, terms)}
                </div>
            </details>
        }
        .into_any()
    };
    let body = view! {
        <span class="govuk-caption-l">{found.terms.title.clone()} ", " {t!(cx, "reference", reference = &found.reference)}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-meta">{t!(cx, "version-dated")} " " {when(&cx, found.published_at, Some(&zone))}</p>
        {(!newest).then(|| view! { <div class="govuk-inset-text">{t!(cx, "version-old")} " " <a class="govuk-link" href=format!("/challenges/{id}")>{t!(cx, "version-newest")}</a></div> })}
        {why(&cx, &found)}
        {changed}
        {text(found.n, &found.terms, found.before.is_none())}
        {found.before.as_ref().map(|(n, terms, _)| text(*n, terms, false))}
        {others(&cx, &found)}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &found.terms.title)).kept().render(&cx))
}

fn why(cx: &Cx, found: &VersionView) -> Option<AnyView> {
    let amendment = found.amendment.as_ref()?;
    let failed = failed(cx, amendment, &found.recorded, &found.terms.zone);
    // Without a reason of its own it was an answer, given late, that moved the deadline.
    let reason = if found.reason.is_empty() {
        view! { <p>{t!(cx, "version-late-answer")}</p> }.into_any()
    } else {
        paragraphs(&found.reason)
    };
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "version-reason")}</h2>
                <p class="wp-muted">{t!(cx, &format!("amendment-kind-{}", amendment.kind))}</p>
                {reason}{failed}
            </section>
        }
        .into_any(),
    )
}

fn others(cx: &Cx, found: &VersionView) -> Option<AnyView> {
    let id = found.facts.challenge;
    let rows = found
        .all
        .iter()
        .filter(|n| **n != found.n)
        .map(|n| view! { <li><a class="govuk-link" href=format!("/challenges/{id}/versions/{n}")>{t!(cx, "version-title", n = *n)}</a></li> })
        .collect_view();
    (found.all.len() > 1).then(|| view! { <section><h2 class="govuk-heading-m">{t!(cx, "version-others")}</h2><ul class="govuk-list">{rows}</ul></section> }.into_any())
}
