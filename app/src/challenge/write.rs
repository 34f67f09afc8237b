//! Writing a challenge: a task list, one section a page, saved as typed; then review by an approver.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Section, Stage, TeamRole};
use domain::form::{FieldError, Fields};
use domain::ids::ChallengeId;
use domain::law::LawProfile;
use domain::moment::Moment;
use domain::policy::{EditChallenge, Refusal, Refused};
use leptos::prelude::*;
use workflow::challenge::{self as verbs, DraftView};

use crate::account::{ZONES, shown};
use crate::challenge::{crumbs, id_of, notice};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{
    Choice, Form, checkbox, error_summary, hidden, input, relative, select, stage_tag, submit, tag, textarea, warning,
};
use crate::words::t;

pub async fn new(cx: Cx) -> Response {
    if cx.signed_in.is_none() {
        return Told::Refused(Refusal::SignIn).into_response();
    }
    if !cx.acts_as(domain::organisation::OrganisationKind::Buyer) {
        return Told::Refused(Refusal::ActAsBuyer).into_response();
    }
    new_page(&cx, &Form::default())
}

fn new_page(cx: &Cx, form: &Form) -> Response {
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "challenge-new-title")}</h1>
        <p class="wp-lead">{t!(cx, "challenge-new-text")}</p>
        <form method="post" novalidate>
            {input(cx, form, "title", t!(cx, "field-title"), "field-title-hint", "text", "")}
            {submit(t!(cx, "challenge-begin"), "")}
        </form>
    };
    Page::new(t!(cx, "challenge-new-title"), body).invalid_if(form.invalid()).render(cx)
}

pub async fn new_post(cx: Cx, post: Post) -> Result<Response, Fault> {
    let fields: Fields = [("title", post.fields.raw("title"))].into_iter().collect();
    match verbs::create_challenge(&cx.desk, &cx.actor, fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/challenges/{id}/edit")).into_response()),
        Err(error) => Ok(new_page(&cx, &Form::with(post.fields, shown(error)?))),
    }
}

// The task list, the team, submitting for review

pub async fn tasks(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    tasks_page(&cx, id_of(&id)?, Form::default()).await
}

async fn tasks_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    let stage = found.facts.stage();
    let officer = found.facts.team == Some(TeamRole::Officer);
    let drafting = stage == Stage::Draft;
    let mut missing: BTreeMap<Section, usize> = BTreeMap::new();
    for (section, _) in &found.missing {
        *missing.entry(*section).or_default() += 1;
    }
    let sections = Section::ALL
        .iter()
        .map(|section| {
            let begun = found.sections.iter().any(|row| row.section == section.code());
            let state = match missing.get(section) {
                None => view! { {t!(cx, "task-complete")} }.into_any(),
                Some(n) if begun => tag("waiting", t!(cx, "task-missing", n = *n)),
                Some(_) => tag("draft", t!(cx, "task-not-begun")),
            };
            let name = t!(cx, &format!("section-{}", section.code()));
            let link = if officer && drafting {
                view! { <a class="govuk-link govuk-task-list__link" href=format!("/challenges/{id}/edit/{}", section.code())>{name}</a> }.into_any()
            } else {
                view! { <span>{name}</span> }.into_any()
            };
            view! {
                <li class="govuk-task-list__item govuk-task-list__item--with-link">
                    <div class="govuk-task-list__name-and-hint">{link}<div class="govuk-task-list__hint">{t!(cx, &format!("section-{}-hint", section.code()))}</div></div>
                    <div class="govuk-task-list__status">{state}</div>
                </li>
            }
        })
        .collect_view();
    let next = next_step(cx, &found, officer);
    let history = found
        .events
        .iter()
        .map(|event| {
            let reason = (!event.reason.is_empty()).then(|| view! { <p>{event.reason.clone()}</p> });
            view! { <li>{t!(cx, &format!("event-{}", event.kind), name = &event.by_name)} " " <span class="wp-muted">{relative(cx, Moment(event.at))}</span>{reason}</li> }
        })
        .collect_view();
    let history = (!found.events.is_empty()).then(|| view! { <h2>{t!(cx, "history")}</h2><ul class="govuk-list">{history}</ul> });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{stage_tag(cx, stage, true)} " " {found.reference.clone()}</p>
        <h1 class="govuk-heading-l">{found.title.clone()}</h1>
        <div class="wp-two">
            <div class="wp-stack">
                <section>
                    <h2 class="govuk-heading-m">{t!(cx, "tasks")}</h2>
                    <ul class="govuk-task-list">{sections}</ul>
                </section>
                {next}
            </div>
            <aside class="wp-aside">{team(cx, &found, &form)}{history}</aside>
        </div>
    };
    Ok(Page::new(found.title.clone(), body)
        .under(vec![("/work".into(), t!(cx, "nav-work"))])
        .invalid_if(form.invalid())
        .render(cx))
}

fn next_step(cx: &Cx, found: &DraftView, officer: bool) -> AnyView {
    let id = found.facts.challenge;
    let stage = found.facts.stage();
    let preview = found
        .terms
        .is_some()
        .then(|| view! { <a class="govuk-link" href=format!("/challenges/{id}/preview")>{t!(cx, "preview")}</a> });
    let act = match stage {
        Stage::Draft if officer && found.missing.is_empty() => view! {
            <form method="post">
                <p>{t!(cx, if found.facts.four_eyes { "submit-text" } else { "submit-text-alone" })}</p>
                <div class="govuk-button-group"><button class="govuk-button" name="do" value="submit">{t!(cx, "submit-for-review")}</button>{preview}</div>
            </form>
        }
        .into_any(),
        Stage::Draft => view! { <p>{t!(cx, "submit-not-yet", n = found.missing.len())}</p>{preview} }.into_any(),
        Stage::InReview => view! { <p><a class="govuk-button" href=format!("/challenges/{id}/review")>{t!(cx, "go-to-review")}</a></p> }.into_any(),
        _ => view! { <p><a class="govuk-button" href=format!("/challenges/{id}")>{t!(cx, "go-to-notice")}</a></p> }.into_any(),
    };
    let cancel = (!matches!(stage, Stage::Cancelled | Stage::Decided)).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/cancel")>{t!(cx, "cancel-challenge")}</a></p> }
    });
    view! { <section><h2 class="govuk-heading-m">{t!(cx, "next-step")}</h2>{act}{cancel}</section> }.into_any()
}

fn team(cx: &Cx, found: &DraftView, form: &Form) -> AnyView {
    let rows = found
        .team
        .iter()
        .map(|row| view! { <li>{row.name.clone()} ", " {t!(cx, &format!("role-{}", row.role))}</li> })
        .collect_view();
    let members: Vec<Choice> = found.members.iter().map(|member| (member.email.clone(), member.name.clone(), None)).collect();
    let roles = vec![
        ("officer".to_owned(), t!(cx, "role-officer"), None),
        ("approver".to_owned(), t!(cx, "role-approver"), None),
        ("none".to_owned(), t!(cx, "team-leave"), None),
    ];
    view! {
        <h2>{t!(cx, "team")}</h2>
        <ul class="govuk-list">{rows}</ul>
        <details class="govuk-details" open=form.invalid()>
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "team-change")}</span></summary>
            <div class="govuk-details__text">
                <form method="post">
                    {select(cx, form, "email", t!(cx, "team-who"), "", members)}
                    {select(cx, form, "role", t!(cx, "organisation-role"), "", roles)}
                    <button class="govuk-button govuk-button--secondary" name="do" value="team">{t!(cx, "account-save")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

pub async fn tasks_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let outcome = match post.fields.get("do") {
        "team" => verbs::name_team(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "saved"),
        "submit" => verbs::submit_for_review(&cx.desk, &cx.actor, id).await.map(|()| "submitted"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/challenges/{id}/edit?done={done}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            tasks_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

// One section

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
    Ok(section_page(&cx, &found, section, &Form::with(fields, errors), None))
}

/// `stale`: what somebody else saved meanwhile, shown beside what was typed.
fn section_page(cx: &Cx, found: &DraftView, section: Section, form: &Form, stale: Option<&Fields>) -> Response {
    let id = found.facts.challenge;
    let name = t!(cx, &format!("section-{}", section.code()));
    let row = found.sections.iter().find(|row| row.section == section.code());
    let seen = row.map_or(0, |row| row.row_version);
    let saved = row.map(|row| t!(cx, "section-saved", name = &row.updated_by, when = relative(cx, Moment(row.updated_at))));
    let fields = match section {
        Section::Problem => problem(cx, form),
        Section::Outcomes => rows(cx, form, "outcome", 1, outcome_row),
        Section::Limits => limits(cx, form),
        Section::Questions => rows(cx, form, "question", 1, question_row),
        Section::Criteria => view! {
            {rows(cx, form, "criterion", 2, criterion_row)}
            {input(cx, form, "total_threshold", t!(cx, "field-total-threshold"), "field-total-threshold-hint", "number", "")}
        }
        .into_any(),
        Section::Timetable => timetable(cx, form),
    };
    let theirs = stale.map(|theirs| {
        let rows = theirs
            .0
            .iter()
            .filter(|(name, text)| !name.ends_with("-id") && form.fields.raw(name) != text.as_str())
            .map(|(name, text)| view! { <li><code>{name.clone()}</code><pre>{text.clone()}</pre></li> })
            .collect_view();
        view! { <div class="govuk-inset-text"><p>{t!(cx, "section-theirs")}</p><ul class="govuk-list">{rows}</ul></div> }
    });
    let list = matches!(section, Section::Outcomes | Section::Questions | Section::Criteria);
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{name.clone()}</h1>
        <p class="wp-lead">{t!(cx, &format!("section-{}-good", section.code()))}</p>
        {theirs}
        <form method="post" novalidate>
            {hidden("seen", seen)}
            {fields}
            <p class="wp-muted">{saved}</p>
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="save">{t!(cx, "save-continue")}</button>
                {list.then(|| view! { <button class="govuk-button govuk-button--secondary" name="do" value="more">{t!(cx, "save-more")}</button> })}
                <a class="govuk-link" href=format!("/challenges/{id}/edit")>{t!(cx, "back-to-tasks")}</a>
            </div>
        </form>
    };
    let mut above = vec![("/work".into(), t!(cx, "nav-work"))];
    above.push((format!("/challenges/{id}/edit"), found.title.clone()));
    let status = if stale.is_some() { axum::http::StatusCode::CONFLICT } else { axum::http::StatusCode::OK };
    let mut page = Page::new(format!("{name} – {}", found.title), body).under(above);
    page.status = status;
    page.render(cx)
}

fn problem(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {input(cx, form, "title", t!(cx, "field-title"), "field-title-hint", "text", "")}
        {textarea(cx, form, "summary", t!(cx, "field-summary"), "field-summary-hint", 3)}
        {textarea(cx, form, "statement", t!(cx, "field-statement"), "field-statement-hint", 14)}
        {input(cx, form, "place", t!(cx, "field-place"), "", "text", "")}
    }
    .into_any()
}

fn limits(cx: &Cx, form: &Form) -> AnyView {
    let currencies = ["EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "RON", "UAH", "CAD", "AUD", "NZD", "JPY"];
    let currencies = currencies.map(|code| (code.to_owned(), code.to_owned(), None)).to_vec();
    view! {
        {textarea(cx, form, "limits", t!(cx, "field-limits"), "field-limits-hint", 8)}
        {input(cx, form, "budget", t!(cx, "field-budget"), "field-budget-hint", "number", "")}
        {select(cx, form, "currency", t!(cx, "field-currency"), "", currencies)}
        {textarea(cx, form, "route", t!(cx, "field-route"), "field-route-hint", 6)}
        {checkbox(cx, form, "promises_bind", t!(cx, "field-promises-bind"), "yes")}
    }
    .into_any()
}

fn timetable(cx: &Cx, form: &Form) -> AnyView {
    let laws = LawProfile::ALL.iter().map(|law| (law.code().to_owned(), t!(cx, &format!("law-{}", law.code())), None)).collect();
    let zones = ZONES.iter().map(|zone| ((*zone).to_owned(), (*zone).replace('_', " "), None)).collect();
    let mut form = form.clone();
    // The reader's own zone, until another is chosen.
    if form.fields.get("zone").is_empty() {
        form.fields.set("zone", cx.zone.clone().unwrap_or_else(|| "UTC".into()));
    }
    let form = &form;
    view! {
        {input(cx, form, "deadline_date", t!(cx, "field-deadline-date"), "field-date-hint", "date", "")}
        {input(cx, form, "deadline_time", t!(cx, "field-deadline-time"), "field-time-hint", "time", "")}
        {select(cx, form, "zone", t!(cx, "field-zone"), "", zones)}
        {input(cx, form, "enquiry_date", t!(cx, "field-enquiry-date"), "field-enquiry-hint", "date", "")}
        {input(cx, form, "enquiry_time", t!(cx, "field-enquiry-time"), "field-time-hint", "time", "")}
        {input(cx, form, "decision_date", t!(cx, "field-decision-date"), "field-decision-hint", "date", "")}
        {select(cx, form, "law", t!(cx, "field-law"), "field-law-hint", laws)}
        {input(cx, form, "contact", t!(cx, "field-contact"), "field-contact-hint", "text", "")}
        {checkbox(cx, form, "anonymous", t!(cx, "field-anonymous"), "yes")}
    }
    .into_any()
}

/// The rows of a list that were written, and so many empty ones behind.
fn rows(cx: &Cx, form: &Form, list: &str, empty: u32, row: fn(&Cx, &Form, u32) -> AnyView) -> AnyView {
    let mut numbers = form.fields.rows(list);
    let last = numbers.last().copied().unwrap_or(0);
    let more = if numbers.is_empty() { empty.max(1) } else { u32::from(form.fields.get("do") == "more") };
    numbers.extend(last + 1..=last + more);
    numbers
        .into_iter()
        .map(|n| {
            view! {
                <fieldset class="govuk-fieldset">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, &format!("row-{list}"), n = n)}</legend>
                    {hidden(&format!("{list}-{n}-id"), form.fields.of_row(list, n, "id"))}
                    {row(cx, form, n)}
                </fieldset>
            }
        })
        .collect_view()
        .into_any()
}

fn outcome_row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let field =
        |name: &str, key: &str, hint: &str| input(cx, form, &format!("outcome-{n}-{name}"), t!(cx, key), hint, "text", "");
    view! {
        {field("title", "field-outcome-title", "field-outcome-title-hint")}
        {field("baseline", "field-outcome-baseline", "field-outcome-baseline-hint")}
        {field("target", "field-outcome-target", "field-outcome-target-hint")}
        {field("unit", "field-outcome-unit", "field-outcome-unit-hint")}
        {field("by", "field-outcome-by", "field-outcome-by-hint")}
        {field("measured", "field-outcome-measured", "field-outcome-measured-hint")}
    }
    .into_any()
}

fn question_row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    view! {
        {input(cx, form, &format!("question-{n}-label"), t!(cx, "field-question-label"), "", "text", "")}
        {input(cx, form, &format!("question-{n}-help"), t!(cx, "field-question-help"), "", "text", "")}
        {input(cx, form, &format!("question-{n}-words"), t!(cx, "field-question-words"), "field-question-words-hint", "number", "")}
        {checkbox(cx, form, &format!("question-{n}-optional"), t!(cx, "field-question-optional"), "yes")}
    }
    .into_any()
}

fn criterion_row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let kinds = ["scored", "price-absolute", "price-relative"]
        .map(|kind| (kind.to_owned(), t!(cx, &format!("criterion-kind-{kind}")), None))
        .to_vec();
    let points = (0..=5)
        .map(|point| {
            input(
                cx,
                form,
                &format!("criterion-{n}-point{point}"),
                t!(cx, "field-criterion-point", point = point),
                "",
                "text",
                "",
            )
        })
        .collect_view();
    view! {
        {input(cx, form, &format!("criterion-{n}-name"), t!(cx, "field-criterion-name"), "", "text", "")}
        {input(cx, form, &format!("criterion-{n}-weight"), t!(cx, "field-criterion-weight"), "field-criterion-weight-hint", "number", "")}
        {select(cx, form, &format!("criterion-{n}-kind"), t!(cx, "field-criterion-kind"), "", kinds)}
        {input(cx, form, &format!("criterion-{n}-threshold"), t!(cx, "field-criterion-threshold"), "field-criterion-threshold-hint", "number", "")}
        {input(cx, form, &format!("criterion-{n}-guidance"), t!(cx, "field-criterion-guidance"), "field-criterion-guidance-hint", "text", "")}
        <details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "field-criterion-points")}</span></summary>
            <div class="govuk-details__text">{points}</div></details>
    }
    .into_any()
}

pub async fn section_post(cx: Cx, Path((id, section)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, section) = (id_of(&id)?, section_of(&section)?);
    let seen = post.fields.get("seen").parse().unwrap_or(0);
    let mut fields = post.fields.clone();
    let act = fields.0.remove("do").unwrap_or_default();
    fields.0.remove("seen");
    match verbs::save_section(&cx.desk, &cx.actor, id, section, fields, seen).await {
        Ok(_) if act == "more" => {
            // Saved; the same page comes back with one more row.
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let mut fields = found.draft.section(section);
            fields.set("do", "more");
            Ok(section_page(&cx, &found, section, &Form::new(fields), None))
        }
        Ok(_) => {
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let errors: Vec<FieldError> =
                found.missing.iter().filter(|(of, _)| *of == section).map(|(_, error)| error.clone()).collect();
            if errors.is_empty() {
                return Ok(Redirect::to(&format!("/challenges/{id}/edit?done=saved")).into_response());
            }
            // Saved as typed; what keeps it from being complete is told by the field.
            let mut response = section_page(&cx, &found, section, &Form::with(found.draft.section(section), errors), None);
            *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(workflow::Error::Stale) => {
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let theirs = found.draft.section(section);
            let form = Form::with(post.fields, vec![FieldError::new("form", "stale-section")]);
            Ok(section_page(&cx, &found, section, &form, Some(&theirs)))
        }
        Err(error) => {
            let errors = shown(error)?;
            let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
            let mut response = section_page(&cx, &found, section, &Form::with(post.fields, errors), None);
            *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

// Preview, cancelling

pub async fn preview(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    let Some(terms) = &found.terms else { return Ok(Redirect::to(&format!("/challenges/{id}/edit")).into_response()) };
    let body = view! {
        {warning(&cx, t!(cx, "preview-text"))}
        <h1 class="govuk-heading-xl">{terms.title.clone()}</h1>
        <p class="wp-lead">{terms.summary.clone()}</p>
        {notice(&cx, terms)}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Ok(Page::new(format!("{} – {}", t!(cx, "preview"), found.title), body).under(above).render(&cx))
}

pub async fn cancel(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    cancel_page(&cx, id_of(&id)?, Form::default()).await
}

async fn cancel_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    domain::policy::cancel_challenge(&cx.actor, &found.facts)?;
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{t!(cx, "cancel-challenge")}</h1>
        {warning(cx, t!(cx, "cancel-warning"))}
        <form method="post" novalidate>
            {textarea(cx, &form, "reason", t!(cx, "cancel-reason"), "cancel-reason-hint", 4)}
            <div class="govuk-button-group">
                <button class="govuk-button govuk-button--warning">{t!(cx, "cancel-button")}</button>
                <a class="govuk-link" href=format!("/challenges/{id}/edit")>{t!(cx, "back")}</a>
            </div>
        </form>
    };
    Ok(Page::new(t!(cx, "cancel-challenge"), body).under(crumbs(cx, id, &found.title)).invalid_if(form.invalid()).render(cx))
}

pub async fn cancel_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::cancel_challenge(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}?done=cancelled")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            cancel_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
