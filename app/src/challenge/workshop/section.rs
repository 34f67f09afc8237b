//! One section a page, saved as typed.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Section;
use domain::form::{FieldError, Fields};
use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::policy::{EditChallenge, Refused};
use leptos::prelude::*;
use workflow::challenge::{self as verbs, DraftView, Readiness};

use super::tasks::asked;
use super::{beside, categories, conflict, fields, is_list, live};
use crate::account::shown;
use crate::challenge::{comments, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, parse};
use crate::ui::{Form, error_summary, hidden, relative, sentence};
use crate::words::t;

/// Ends the address to which a card's button leads back: the page then accuses nobody of what is not written yet.
const CARD_MOVED: &str = "card=moved";

fn section_of(code: &str) -> Result<Section, Fault> {
    Ok(Section::parse(code).ok_or(Refused::unseen::<EditChallenge>(0))?)
}

/// What the section still lacks.
fn missing(found: &DraftView, section: Section) -> Vec<FieldError> {
    found.missing.iter().filter(|(of, _)| *of == section).map(|(_, error)| error.clone()).collect()
}

pub async fn section(
    cx: Cx,
    Path((id, section)): Path<(String, String)>,
    axum::extract::RawQuery(raw): axum::extract::RawQuery,
) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let ready = verbs::read_readiness(&cx.desk, &cx.actor, id).await?;
    let found = &ready.view;
    domain::policy::edit_challenge(&cx.actor, &found.facts)?;
    let query = parse(raw.unwrap_or_default().as_bytes());
    if cx.json && section == Section::Categories {
        return Ok(categories::suggestions(query.get("find")));
    }
    let mut fields = found.draft.section(section);
    // What is missing is shown once something was written: an empty page accuses nobody.
    let moved = cx.uri.ends_with(CARD_MOVED);
    let begun = !moved
        && found.sections.iter().any(|row| row.section == section.code())
        && !(section == Section::Problem && found.sections.len() == 1);
    let errors = if begun { missing(found, section) } else { Vec::new() };
    if section == Section::Categories {
        fields.set("find", query.get("find"));
    }
    section_page(&cx, &ready, section, &Form::with(fields, errors), StatusCode::OK).await
}

async fn section_page(cx: &Cx, ready: &Readiness, section: Section, form: &Form, status: StatusCode) -> Result<Response, Fault> {
    let found = &ready.view;
    let said = workflow::reader::open_comments(&cx.desk, found, section).await?;
    let id = found.facts.challenge;
    let name = t!(cx, &format!("section-{}", section.code()));
    let row = found.sections.iter().find(|row| row.section == section.code());
    let seen = row.map_or(0, |row| row.row_version);
    let saved = row
        .map(|row| t!(cx, "section-saved", name = &row.updated_by, when = relative(cx, Moment(row.updated_at))))
        .unwrap_or_default();
    let more = is_list(section).then(|| {
        view! { <button class="govuk-button govuk-button--secondary" name="do" value="more">{t!(cx, "save-more")}</button> }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{name.clone()}</h1>
        <p class="wp-lead">{t!(cx, &format!("section-{}-good", section.code()))}</p>
        <details class="govuk-details">
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "section-example")}</span></summary>
            <div class="govuk-details__text">{t!(cx, &format!("section-{}-example", section.code()))}</div>
        </details>
        {asked(cx, found, section)}
        <div class="wp-two wp-two--check">
        <form method="post" novalidate id="form">
            {hidden("seen", seen)}
            // The first button is the one that the Enter key presses: it saves, whatever the buttons of the cards do.
            <button class="govuk-visually-hidden" name="do" value="save" tabindex="-1" aria-hidden="true">{t!(cx, "save-continue")}</button>
            {fields(cx, &found.draft, found.facts.now, section, form)}
            {live::finder(cx, found, section)}
            {live::keeper(cx, found, section, saved, status != StatusCode::OK)}
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="save">{t!(cx, "save-continue")}</button>
                {more}
                <a class="govuk-link" href=format!("/challenges/{id}/edit")>{t!(cx, "back-to-tasks")}</a>
            </div>
        </form>
        <aside class="wp-aside">{comments::beside(cx, id, section, &said)}{live::check(cx, ready, section)}{live::preview(cx, found)}</aside>
        </div>
        {beside(cx, found, section)}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Ok(Page::new(format!("{name} – {}", found.title), body).under(above).wide().works().status(status).render(cx))
}

pub async fn section_post(cx: Cx, Path((id, section)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let seen = post.fields.get("seen").parse().unwrap_or(0);
    let mut fields = post.fields.clone();
    let act = fields.0.remove("do").unwrap_or_default();
    fields.0.remove("seen");
    if act == "resolve" {
        let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
        fields = conflict::resolve(&fields, &found.draft.section(section));
    }
    let find = fields.0.remove("find").unwrap_or_default();
    // Cards are moved in what was typed, and saved as they then stand.
    let card = fields.act_on_cards(&act);
    fields.0.retain(|name, _| !name.starts_with("add_"));
    match verbs::save_section(&cx.desk, &cx.actor, id, section, fields, seen).await {
        Ok(version) => saved(&cx, id, section, &After { act, find, card }, version).await,
        Err(workflow::Error::Stale) => {
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            if cx.json {
                return Ok(conflict::json(&cx, &found, section, &post.fields));
            }
            Ok(conflict::page(&cx, &found, section, &post.fields))
        }
        Err(error) if cx.json => Err(Fault(error)),
        Err(error) => {
            let errors = shown(error)?;
            let ready = verbs::read_readiness(&cx.desk, &cx.actor, id).await?;
            let form = Form::with(post.fields, errors);
            section_page(&cx, &ready, section, &form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// What the button asked for besides saving.
struct After {
    act: String,
    /// Words to look for among the categories.
    find: String,
    /// The card to lead to.
    card: Option<String>,
}

/// Saved as typed: back to the tasks where the section is whole, else the page again with what keeps it from being so.
async fn saved(cx: &Cx, id: ChallengeId, section: Section, after: &After, version: i64) -> Result<Response, Fault> {
    let ready = verbs::read_readiness(&cx.desk, &cx.actor, id).await?;
    let found = &ready.view;
    let errors = missing(found, section);
    let mut fields = found.draft.section(section);
    if cx.json {
        return Ok(saved_json(cx, found, section, version, &fields, &errors));
    }
    if let Some(at) = &after.card {
        return Ok(Redirect::to(&format!("/challenges/{id}/edit/{}?{CARD_MOVED}#{at}", section.code())).into_response());
    }
    if after.act == "find" {
        let to = format!("/challenges/{id}/edit/{}?find={}#find", section.code(), crate::guard::encode(&after.find));
        return Ok(Redirect::to(&to).into_response());
    }
    if after.act == "more" {
        fields.set("do", "more");
        return section_page(cx, &ready, section, &Form::new(fields), StatusCode::OK).await;
    }
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("/challenges/{id}/edit?done=saved")).into_response());
    }
    section_page(cx, &ready, section, &Form::with(fields, errors), StatusCode::UNPROCESSABLE_ENTITY).await
}

/// For an island: the version to save over next, when it was saved, ids of new rows, what the section still lacks.
fn saved_json(cx: &Cx, found: &DraftView, section: Section, version: i64, fields: &Fields, errors: &[FieldError]) -> Response {
    let at = found.sections.iter().find(|row| row.section == section.code()).map_or(cx.now.micros(), |row| row.updated_at);
    let ids: std::collections::BTreeMap<_, _> = fields.0.iter().filter(|(name, _)| name.ends_with("-id")).collect();
    let errors: Vec<_> =
        errors.iter().map(|error| serde_json::json!({ "field": error.field, "text": sentence(cx, error) })).collect();
    axum::Json(serde_json::json!({
        "seen": version.to_string(),
        "saved_at": Moment(at).rfc3339(),
        "saved": t!(cx, "section-saved-now"),
        "ids": ids,
        "errors": errors,
    }))
    .into_response()
}
