//! An old brief, pasted: shown sorted, with what the check says of it, before it is taken over.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Draft, Section};
use domain::form::{Errors, Fields};
use domain::ids::ChallengeId;
use domain::statement;
use leptos::prelude::*;
use workflow::challenge::{self as verbs, DraftView};

use super::conflict::label;
use super::findings::sentences;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, hidden, textarea};
use crate::words::t;

/// Most characters of a brief: some forty pages.
const MOST: usize = 100_000;

async fn editable(cx: &Cx, id: ChallengeId) -> Result<DraftView, Fault> {
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    domain::policy::edit_challenge(&cx.actor, &found.facts)?;
    Ok(found)
}

pub async fn brief(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = editable(&cx, id_of(&id)?).await?;
    Ok(paste_page(&cx, &found, &Form::default()))
}

fn paste_page(cx: &Cx, found: &DraftView, form: &Form) -> Response {
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "brief-title")}</h1>
        <p class="wp-lead">{t!(cx, "brief-text")}</p>
        <form method="post" novalidate>
            {textarea(cx, form, "brief", t!(cx, "field-brief"), "field-brief-hint", 20)}
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="sort">{t!(cx, "brief-sort")}</button>
                <a class="govuk-link" href=format!("/challenges/{}/edit", found.facts.challenge)>{t!(cx, "back-to-tasks")}</a>
            </div>
        </form>
    };
    page(cx, found, body).invalid_if(form.invalid()).render(cx)
}

fn page(cx: &Cx, found: &DraftView, body: impl IntoView + 'static) -> Page {
    let above =
        vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{}/edit", found.facts.challenge), found.title.clone())];
    Page::new(format!("{} – {}", t!(cx, "brief-title"), found.title), body).under(above)
}

fn sorted_page(cx: &Cx, found: &DraftView, text: &str) -> Response {
    let draft = verbs::sort_brief(text);
    let findings = statement::check(&statement::of_draft(&draft, None));
    let sections = Section::ALL.iter().filter_map(|section| part(cx, &draft, &findings, *section)).collect_view();
    let untouched: Vec<String> = Section::ALL
        .iter()
        .filter(|section| draft.section(**section).0.is_empty())
        .map(|section| t!(cx, &format!("section-{}", section.code())))
        .collect();
    let untouched =
        (!untouched.is_empty()).then(|| view! { <p>{t!(cx, "brief-untouched", sections = untouched.join(", "))}</p> });
    let body = view! {
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "brief-sorted")}</h1>
        <p class="wp-lead">{t!(cx, "brief-sorted-text")}</p>
        {sections}
        {untouched}
        <form method="post" novalidate>
            {hidden("brief", text)}
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="take">{t!(cx, "brief-take")}</button>
                <button class="govuk-button govuk-button--secondary" name="do" value="again">{t!(cx, "brief-again")}</button>
            </div>
        </form>
    };
    page(cx, found, body).render(cx)
}

fn part(cx: &Cx, draft: &Draft, findings: &[statement::Finding], section: Section) -> Option<AnyView> {
    let fields: Fields = draft.section(section);
    if fields.0.is_empty() {
        return None;
    }
    let rows = fields
        .0
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| view! { <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{label(cx, name)}</dt><dd class="govuk-summary-list__value wp-brief__text">{text.clone()}</dd></div> })
        .collect_view();
    let told: Vec<_> = findings
        .iter()
        .filter(|finding| finding.section == section.code())
        .map(|finding| {
            let says = sentences(cx, finding);
            view! { <li><strong>{says.what}</strong> " " {says.better}</li> }
        })
        .collect();
    let told = (!told.is_empty()).then(|| {
        view! { <div class="wp-gap"><p>{t!(cx, "brief-findings", n = told.len())}</p><ul class="govuk-list govuk-list--bullet">{told}</ul></div> }
    });
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, &format!("section-{}", section.code()))}</h2>
                <dl class="govuk-summary-list">{rows}</dl>
                {told}
            </section>
        }
        .into_any(),
    )
}

pub async fn brief_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = editable(&cx, id).await?;
    let mut errors = Errors::default();
    let text = errors.text(&post.fields, "brief", true, MOST);
    if let Err(errors) = errors.done(()) {
        return Ok(paste_page(&cx, &found, &Form::with(post.fields, errors)));
    }
    match post.fields.get("do") {
        "sort" => Ok(sorted_page(&cx, &found, &text)),
        "again" => Ok(paste_page(&cx, &found, &Form::new(post.fields))),
        "take" => {
            verbs::take_brief(&cx.desk, &cx.actor, id, &text).await?;
            Ok(Redirect::to(&format!("/challenges/{id}/readiness?done=brief")).into_response())
        }
        _ => Ok(Told::BadRequest.into_response()),
    }
}
