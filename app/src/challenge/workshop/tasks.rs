//! The task list, the team, submitting for review.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Section, Stage, TeamRole};
use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::statement::Gravity;
use leptos::prelude::*;
use workflow::challenge::{self as verbs, DraftView, Readiness};

use crate::account::shown;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::public;
use crate::ui::{Choice, Form, error_summary, relative, select, stage_tag, tag};
use crate::words::t;

pub async fn tasks(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    tasks_page(&cx, id_of(&id)?, Form::default()).await
}

async fn tasks_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let Readiness { view: found, findings } = verbs::read_readiness(&cx.desk, &cx.actor, id).await?;
    let stage = found.facts.stage();
    let officer = found.facts.team == Some(TeamRole::Officer);
    let drafting = stage == Stage::Draft;
    let mut missing: BTreeMap<Section, usize> = BTreeMap::new();
    // Of what is published nothing is missing, whatever a draft needs by now.
    if matches!(stage, Stage::Draft | Stage::InReview) {
        for (section, _) in &found.missing {
            *missing.entry(*section).or_default() += 1;
        }
    }
    let sections = Section::ALL
        .iter()
        .map(|section| {
            let begun = found.sections.iter().any(|row| row.section == section.code());
            let state = match missing.get(section) {
                None if begun => view! { {t!(cx, "task-complete")} }.into_any(),
                None => view! { <span class="wp-muted">{t!(cx, "task-optional")}</span> }.into_any(),
                Some(n) if begun => tag("waiting", t!(cx, "task-missing", n = *n)),
                Some(_) => tag("draft", t!(cx, "task-not-begun")),
            };
            let told = findings.iter().filter(|told| told.finding.section == section.code() && told.dismissed.is_none());
            let told = told.filter(|told| told.finding.gravity != Gravity::Note).count();
            let told = (told > 0 && drafting).then(|| tag("draft", t!(cx, "task-findings", n = told)));
            let name = t!(cx, &format!("section-{}", section.code()));
            let asked = drafting.then(|| asked(cx, &found, *section)).flatten();
            let link = if officer && drafting {
                view! { <a class="govuk-link govuk-task-list__link" href=format!("/challenges/{id}/edit/{}", section.code())>{name}</a> }.into_any()
            } else {
                view! { <span>{name}</span> }.into_any()
            };
            view! {
                <li class="govuk-task-list__item govuk-task-list__item--with-link">
                    <div class="govuk-task-list__name-and-hint">{link}<div class="govuk-task-list__hint">{t!(cx, &format!("section-{}-hint", section.code()))}</div>{asked}</div>
                    <div class="govuk-task-list__status">{state} " " {told}</div>
                </li>
            }
        })
        .collect_view();
    let files = view! {
        <li class="govuk-task-list__item govuk-task-list__item--with-link">
            <div class="govuk-task-list__name-and-hint">
                <a class="govuk-link govuk-task-list__link" href=format!("/challenges/{id}/files")>{t!(cx, "files-title")}</a>
                <div class="govuk-task-list__hint">{t!(cx, "files-task-hint")}</div>
            </div>
            <div class="govuk-task-list__status"><span class="wp-muted">{t!(cx, "task-optional")}</span></div>
        </li>
    };
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
    let alike = if drafting { public::alike_drafting(cx, id.get()).await? } else { None };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{stage_tag(cx, stage, true)} " " {found.reference.clone()}</p>
        <h1 class="govuk-heading-l">{found.title.clone()}</h1>
        <div class="wp-two">
            <div class="wp-stack">
                <section>
                    <h2 class="govuk-heading-m">{t!(cx, "tasks")}</h2>
                    <ul class="govuk-task-list">{sections}{files}</ul>
                </section>
                {next}
                {alike}
            </div>
            <aside class="wp-aside">{team(cx, &found, &form)}{history}</aside>
        </div>
    };
    Ok(Page::new(found.title.clone(), body)
        .under(vec![("/work".into(), t!(cx, "nav-work"))])
        .invalid_if(form.invalid())
        .render(cx))
}

/// What the approver asks to be changed in a section.
pub(super) fn asked(cx: &Cx, found: &DraftView, section: Section) -> Option<AnyView> {
    let reason = found.reasons.get(section.code())?.clone();
    Some(view! { <p class="govuk-inset-text"><strong>{t!(cx, "task-asked")}</strong> " " {reason}</p> }.into_any())
}

fn next_step(cx: &Cx, found: &DraftView, officer: bool) -> AnyView {
    let id = found.facts.challenge;
    let stage = found.facts.stage();
    let preview = view! { <a class="govuk-link" href=format!("/challenges/{id}/preview")>{t!(cx, "preview")}</a> };
    let ready =
        view! { <a class="govuk-link" id="readiness" href=format!("/challenges/{id}/readiness")>{t!(cx, "readiness")}</a> };
    let brief = (stage == Stage::Draft && officer)
        .then(|| view! { <p><a class="govuk-link" href=format!("/challenges/{id}/brief")>{t!(cx, "brief-title")}</a></p> });
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
    let cancel = (stage != Stage::Cancelled).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/cancel")>{t!(cx, "cancel-challenge")}</a></p> }
    });
    let approvals = stage.before_publication().then(|| {
        view! {
            <p><a class="govuk-link" href=format!("/challenges/{id}/comments")>{t!(cx, "comments-title")}</a></p>
            <p><a class="govuk-link" href=format!("/challenges/{id}/sounding")>{t!(cx, "sounding-team")}</a></p>
            <p><a class="govuk-link" href=format!("/challenges/{id}/approvals")>{t!(cx, "link-approvals")}</a></p>
            <p><a class="govuk-link" href=format!("/challenges/{id}/publication")>{t!(cx, "link-publication")}</a></p>
        }
    });
    view! { <section><h2 class="govuk-heading-m">{t!(cx, "next-step")}</h2>{act}<p>{ready}</p>{brief}{approvals}{cancel}</section> }.into_any()
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
    let list = view! { <h2>{t!(cx, "team")}</h2><ul class="govuk-list">{rows}</ul> };
    if domain::policy::name_team(&cx.actor, &found.facts).is_err() {
        return list.into_any();
    }
    view! {
        {list}
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
