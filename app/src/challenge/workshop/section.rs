//! One section a page, saved as typed.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Section;
use domain::form::{FieldError, Fields};
use domain::moment::Moment;
use domain::policy::{EditChallenge, Refused};
use leptos::prelude::*;
use workflow::challenge::{self as verbs, DraftView};

use super::{beside, fields, is_list};
use crate::account::shown;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, hidden, relative};
use crate::words::t;

fn section_of(code: &str) -> Result<Section, Fault> {
    Ok(Section::parse(code).ok_or(Refused::unseen::<EditChallenge>(0))?)
}

pub async fn section(cx: Cx, Path((id, section)): Path<(String, String)>) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    domain::policy::edit_challenge(&cx.actor, &found.facts)?;
    let fields = found.draft.section(section);
    // What is missing is shown once something was written: an empty page accuses nobody.
    let begun = found.sections.iter().any(|row| row.section == section.code())
        && !(section == Section::Problem && found.sections.len() == 1);
    let errors = found.missing.iter().filter(|(of, _)| *of == section && begun).map(|(_, error)| error.clone()).collect();
    Ok(section_page(&cx, &found, section, &Form::with(fields, errors), None, StatusCode::OK))
}

/// `stale`: what somebody else saved meanwhile, shown beside what was typed.
fn section_page(
    cx: &Cx,
    found: &DraftView,
    section: Section,
    form: &Form,
    stale: Option<&Fields>,
    status: StatusCode,
) -> Response {
    let id = found.facts.challenge;
    let name = t!(cx, &format!("section-{}", section.code()));
    let row = found.sections.iter().find(|row| row.section == section.code());
    let seen = row.map_or(0, |row| row.row_version);
    let saved = row.map(|row| t!(cx, "section-saved", name = &row.updated_by, when = relative(cx, Moment(row.updated_at))));
    let fields = fields(cx, found, section, form);
    let beside = beside(cx, found, section);
    let theirs = stale.map(|theirs| {
        let rows = theirs
            .0
            .iter()
            .filter(|(name, text)| !name.ends_with("-id") && form.fields.raw(name) != text.as_str())
            .map(|(name, text)| view! { <li><code>{name.clone()}</code><pre>{text.clone()}</pre></li> })
            .collect_view();
        view! { <div class="govuk-inset-text"><p>{t!(cx, "section-theirs")}</p><ul class="govuk-list">{rows}</ul></div> }
    });
    let list = is_list(section);
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{name.clone()}</h1>
        <p class="wp-lead">{t!(cx, &format!("section-{}-good", section.code()))}</p>
        <details class="govuk-details">
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "section-example")}</span></summary>
            <div class="govuk-details__text">{t!(cx, &format!("section-{}-example", section.code()))}</div>
        </details>
        {theirs}
        <form method="post" novalidate id="form">
            {hidden("seen", seen)}
            // The first button is the one that the Enter key presses: it saves, whatever the buttons of the cards do.
            <button class="govuk-visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">{t!(cx, "save-continue")}</button>
            {fields}
            <p class="wp-muted">{saved}</p>
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="save">{t!(cx, "save-continue")}</button>
                {list.then(|| view! { <button class="govuk-button govuk-button--secondary" name="do" value="more">{t!(cx, "save-more")}</button> })}
                <a class="govuk-link" href=format!("/challenges/{id}/edit")>{t!(cx, "back-to-tasks")}</a>
            </div>
        </form>
        {beside}
    };
    let mut above = vec![("/work".into(), t!(cx, "nav-work"))];
    above.push((format!("/challenges/{id}/edit"), found.title.clone()));
    Page::new(format!("{name} – {}", found.title), body).under(above).status(status).render(cx)
}

pub async fn section_post(cx: Cx, Path((id, section)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let seen = post.fields.get("seen").parse().unwrap_or(0);
    let mut fields = post.fields.clone();
    let act = fields.0.remove("do").unwrap_or_default();
    fields.0.remove("seen");
    // Cards are moved in what was typed, and saved as they then stand.
    let card = fields.act_on_cards(&act);
    fields.0.retain(|name, _| !name.starts_with("add_"));
    match verbs::save_section(&cx.desk, &cx.actor, id, section, fields, seen).await {
        Ok(_) if card.is_some() => {
            let at = card.unwrap_or_default();
            Ok(Redirect::to(&format!("/challenges/{id}/edit/{}#{at}", section.code())).into_response())
        }
        Ok(_) if act == "more" => {
            // Saved; the same page comes back with one more row.
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let mut fields = found.draft.section(section);
            fields.set("do", "more");
            Ok(section_page(&cx, &found, section, &Form::new(fields), None, StatusCode::OK))
        }
        Ok(_) => {
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let errors: Vec<FieldError> =
                found.missing.iter().filter(|(of, _)| *of == section).map(|(_, error)| error.clone()).collect();
            if errors.is_empty() {
                return Ok(Redirect::to(&format!("/challenges/{id}/edit?done=saved")).into_response());
            }
            // Saved as typed; what keeps it from being complete is told by the field.
            let form = Form::with(found.draft.section(section), errors);
            Ok(section_page(&cx, &found, section, &form, None, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(workflow::Error::Stale) => {
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let theirs = found.draft.section(section);
            let form = Form::with(post.fields, vec![FieldError::new("form", "stale-section")]);
            Ok(section_page(&cx, &found, section, &form, Some(&theirs), StatusCode::CONFLICT))
        }
        Err(error) => {
            let errors = shown(error)?;
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let form = Form::with(post.fields, errors);
            Ok(section_page(&cx, &found, section, &form, None, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
