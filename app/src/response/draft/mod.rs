//! The draft: all questions on one page or one a page, saved as one types, and what the deadline would make of it now.

mod beside;
mod editor;
mod save;
mod sent;

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
pub(super) use beside::unsent;
use beside::{deadline, elsewhere, invited, standing, submissions, unconfirmed};
use domain::challenge::Stage;
use domain::form::FieldError;
use domain::ids::ResponseId;
use leptos::prelude::*;
pub use save::draft_post;
use workflow::response::{self as verbs, OwnResponse};

use super::fields::{asked, asked_label};
use super::{changed, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::parse;
use crate::ui::{Form, clock, error_summary, stage_tag};
use crate::words::t;

/// What a draft page shows besides the draft.
#[derive(Default)]
pub(in crate::response) struct Shown {
    pub form: Form,
    /// Answers that a colleague saved meanwhile, by field: they stand beside what was typed.
    pub theirs: BTreeMap<String, String>,
    /// The only thing asked on this page, from 1.
    pub one: Option<usize>,
    /// The form holds what was pasted, and nothing of it is saved.
    pub pasted: bool,
}

/// `?one=3`: the third thing that is asked, on a page of its own.
fn one_of(query: Option<&str>) -> Option<usize> {
    parse(query.unwrap_or_default().as_bytes()).get("one").parse().ok()
}

fn address(id: ResponseId, one: Option<usize>) -> String {
    one.map_or_else(|| format!("/responses/{id}"), |n| format!("/responses/{id}?one={n}"))
}

pub async fn draft(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let own = verbs::read_own_response(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let shown = Shown { form: Form::new(own.draft()), one: one_of(query.as_deref()), ..Shown::default() };
    draft_page(&cx, &own, &shown).await
}

pub(in crate::response) async fn draft_page(cx: &Cx, own: &OwnResponse, shown: &Shown) -> Result<Response, Fault> {
    let id = own.facts.response;
    let stage = own.facts.challenge.stage();
    let open = stage == Stage::Open;
    let title = own.terms.title.clone();
    let main = if open {
        editor::editor(cx, own, shown)
    } else {
        sent::sent(cx, own, &shown.form, sent::standing_of(cx, own).await?.as_ref())
    };
    let differs = if open { verbs::read_unsent(&cx.desk, own).await? } else { None };
    // What stands and cannot be compared with the draft cannot be read.
    let lost = open && own.row.submission.is_some() && differs.is_none();
    let body = view! {
        {error_summary(cx, &named(cx, own, &shown.form.errors))}
        <p class="wp-meta">{stage_tag(cx, stage, false)} " " {own.buyer.clone()} ", " {t!(cx, "reference", reference = &own.reference)}</p>
        <h1 class="govuk-heading-l">{t!(cx, "response-title", title = &title)}</h1>
        <div class="wp-two wp-two--draft">
            // Before the form, where a narrow page has it; a wide one has it at the side.
            <div class="wp-actions">
                {deadline(cx, own)}
                {standing(cx, own, open, lost)}
                {unsent(cx, own, differs.as_deref())}
                {unconfirmed(cx, own, open)}
            </div>
            <div class="wp-stack">{changed(cx, own, &shown.form.errors)}{invited(cx, own)}{main}</div>
            <aside class="wp-aside">
                {open.then(|| elsewhere(cx, id))}
                <h2>{t!(cx, "submissions")}</h2>
                {submissions(cx, own)}
                <p><a class="govuk-link" href=format!("/challenges/{}", own.challenge)>{t!(cx, "read-notice")}</a></p>
                {(open && own.facts.submitted).then(|| view! { <p><a class="govuk-link" href=format!("/responses/{id}/withdraw")>{t!(cx, "withdraw")}</a></p> })}
            </aside>
        </div>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work"))];
    let page = Page::new(t!(cx, "response-title", title = &title), body).under(above).works().invalid_if(shown.form.invalid());
    let page = if shown.theirs.is_empty() || shown.pasted { page } else { page.status(StatusCode::CONFLICT) };
    Ok(page.render(cx))
}

/// What would read alike for each answer says of which it is told.
fn named(cx: &Cx, own: &OwnResponse, errors: &[FieldError]) -> Vec<FieldError> {
    let asked = asked(&own.terms);
    let label = |name: &str| {
        asked.iter().find(|one| one.fields().iter().any(|field| field.name() == name)).map(|one| asked_label(cx, *one))
    };
    let named = |error: &FieldError| match label(&error.field).filter(|_| error.code == "answer-lost") {
        Some(question) => FieldError::new(&error.field, "answer-lost-of").with("question", question),
        None => error.clone(),
    };
    errors.iter().map(named).collect()
}

fn text_of(own: &OwnResponse, name: &str) -> String {
    own.answers.get(name).map(|answer| answer.text.clone()).unwrap_or_default()
}

/// Under `theirs` where a colleague saved it, and under `own` where its reader did, in another tab, with the time.
fn theirs_or_own(cx: &Cx, own: &OwnResponse, name: &str, (theirs, mine): (&str, &str)) -> String {
    match own.answers.get(name).and_then(|answer| answer.own(&cx.actor)) {
        Some(at) => t!(cx, mine, time = clock(at, cx.zone.as_deref().unwrap_or(&own.terms.zone))),
        None => t!(cx, theirs),
    }
}
