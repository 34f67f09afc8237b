//! One section of an amendment: the workshop's fields over the published ones.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Section;
use domain::form::{FieldError, Fields};
use domain::ids::{AmendmentId, ChallengeId};
use domain::policy::{ReadAmendment, Refused};
use leptos::prelude::*;
use workflow::amendment::{self as verbs, AmendmentView};

use super::amendable;
use crate::account::shown;
use crate::challenge::id_of;
use crate::challenge::workshop::{fields, is_list};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, hidden};
use crate::words::t;

fn section_of(code: &str) -> Result<Section, Fault> {
    Ok(Section::parse(code).filter(|section| amendable().any(|of| of == *section)).ok_or(Refused::unseen::<ReadAmendment>(0))?)
}

pub async fn section(cx: Cx, Path((id, section)): Path<(String, String)>) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let found = verbs::read_amendment(&cx.desk, &cx.actor, id).await?;
    let Some(making) = &found.making else {
        return Ok(Redirect::to(&format!("/challenges/{id}/amendment")).into_response());
    };
    let fields = making.draft.section(section);
    let errors = of_section(&making.outcome, section);
    Ok(page(&cx, &found, section, &Form::with(fields, errors), None))
}

/// The errors of one section's fields, as its page names them.
fn of_section<T>(outcome: &Result<T, Vec<FieldError>>, section: Section) -> Vec<FieldError> {
    let errors = outcome.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    let of = |error: &FieldError| match error.field.split_once(':') {
        Some((code, field)) => (code == section.code()).then(|| FieldError { field: field.to_owned(), ..error.clone() }),
        None => (error.field.ends_with("_date") && section == Section::Timetable).then(|| error.clone()),
    };
    errors.iter().filter_map(of).collect()
}

/// `stale`: what somebody else saved meanwhile, shown beside what was typed.
fn page(cx: &Cx, found: &AmendmentView, section: Section, form: &Form, stale: Option<&Fields>) -> Response {
    let id = found.facts.challenge;
    let name = t!(cx, &format!("section-{}", section.code()));
    let changed = found.making.as_ref().and_then(|making| making.changed.iter().find(|(of, _)| *of == section));
    let seen = changed.map_or(0, |(_, version)| *version);
    let theirs = stale.map(|theirs| {
        let rows = theirs
            .0
            .iter()
            .filter(|(name, text)| !name.ends_with("-id") && form.fields.raw(name) != text.as_str())
            .map(|(name, text)| view! { <li><code>{name.clone()}</code><pre>{text.clone()}</pre></li> })
            .collect_view();
        view! { <div class="govuk-inset-text"><p>{t!(cx, "section-theirs")}</p><ul class="govuk-list">{rows}</ul></div> }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{t!(cx, "amendment-title")}</span>
        <h1 class="govuk-heading-l" id="form">{name.clone()}</h1>
        <p class="wp-lead">{t!(cx, "amendment-section-text")}</p>
        {(section == Section::Criteria).then(|| view! { <div class="govuk-inset-text">{t!(cx, "amendment-criteria-text")}</div> })}
        {theirs}
        <form method="post" novalidate>
            {hidden("seen", seen)}
            {found.making.as_ref().map(|making| fields(cx, &making.draft, found.facts.now, section, form))}
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="save">{t!(cx, "save-continue")}</button>
                {is_list(section).then(|| view! { <button class="govuk-button govuk-button--secondary" name="do" value="more">{t!(cx, "save-more")}</button> })}
                <a class="govuk-link" href=format!("/challenges/{id}/amendment")>{t!(cx, "amendment-back")}</a>
            </div>
        </form>
    };
    let above = vec![
        (format!("/challenges/{id}"), found.terms.title.clone()),
        (format!("/challenges/{id}/amendment"), t!(cx, "amendment-title")),
    ];
    let mut page = Page::new(format!("{name} – {}", t!(cx, "amendment-title")), body).under(above).invalid_if(form.invalid());
    if stale.is_some() {
        page.status = axum::http::StatusCode::CONFLICT;
    }
    page.render(cx)
}

pub async fn section_post(cx: Cx, Path((id, section)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let found = verbs::read_amendment(&cx.desk, &cx.actor, id).await?;
    let Some(amendment) = found.making.as_ref().map(|making| AmendmentId(making.row.id)) else {
        return Ok(Redirect::to(&format!("/challenges/{id}/amendment")).into_response());
    };
    let seen = post.fields.get("seen").parse().unwrap_or(0);
    let mut fields = post.fields.clone();
    let act = fields.0.remove("do").unwrap_or_default();
    fields.0.remove("seen");
    // Cards are moved in what was typed, and saved as they then stand.
    let card = fields.act_on_cards(&act);
    fields.0.retain(|name, _| !name.starts_with("add_"));
    match verbs::save_amendment_section(&cx.desk, &cx.actor, amendment, section, fields, seen).await {
        Ok(_) if card.is_some() => {
            let at = card.unwrap_or_default();
            Ok(Redirect::to(&format!("/challenges/{id}/amendment/{}#{at}", section.code())).into_response())
        }
        Ok(_) => saved(&cx, id, section, &act).await,
        Err(workflow::Error::Stale) => {
            let found = verbs::read_amendment(&cx.desk, &cx.actor, id).await?;
            let theirs = found.making.as_ref().map(|making| making.draft.section(section)).unwrap_or_default();
            let form = Form::with(post.fields, vec![FieldError::new("form", "stale-section")]);
            Ok(page(&cx, &found, section, &form, Some(&theirs)))
        }
        Err(error) => Ok(page(&cx, &found, section, &Form::with(post.fields, shown(error)?), None)),
    }
}

/// Saved as typed: back to the list, or the same page with what is wrong, or with one more row.
async fn saved(cx: &Cx, id: ChallengeId, section: Section, act: &str) -> Result<Response, Fault> {
    let found = verbs::read_amendment(&cx.desk, &cx.actor, id).await?;
    let Some(making) = &found.making else {
        return Ok(Redirect::to(&format!("/challenges/{id}/amendment")).into_response());
    };
    let mut fields = making.draft.section(section);
    if act == "more" {
        fields.set("do", "more");
        return Ok(page(cx, &found, section, &Form::new(fields), None));
    }
    let errors = of_section(&making.outcome, section);
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("/challenges/{id}/amendment?done=saved")).into_response());
    }
    Ok(page(cx, &found, section, &Form::with(fields, errors), None))
}
