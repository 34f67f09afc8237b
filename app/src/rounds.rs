//! The rounds of a challenge, for its team: where we are, who goes on, and what comes next.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{LaterRound, RoundKind, Stage};
use domain::form::FieldError;
use domain::ids::{ChallengeId, RoundExtensionId, UserId};
use domain::moment::Moment;
use leptos::prelude::*;
use workflow::rounds::{self as verbs, BegunRound, RoundsView};

use crate::account::shown;
use crate::challenge::{crumbs, id_of, shortlist_text};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, exact, hidden, input, paragraphs, stage_tag, submit, textarea};
use crate::words::t;

pub async fn rounds(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    rounds_page(&cx, id_of(&id)?, Form::default()).await
}

async fn rounds_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_rounds(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "rounds-title");
    let rows = (1..=found.terms.rounds()).map(|number| round(cx, id, &found, number, &form)).collect_view();
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "rounds-text")}</p>
        {rows}
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).invalid_if(form.invalid()).render(cx))
}

fn round(cx: &Cx, id: ChallengeId, found: &RoundsView, number: u32, form: &Form) -> AnyView {
    let planned = found.terms.later_round(number);
    let kind = planned.map(|round| t!(cx, &format!("round-kind-{}", round.kind.code())));
    let heading = match kind {
        Some(kind) => t!(cx, "round-title", n = number, kind = kind),
        None => t!(cx, "round-first"),
    };
    let begun = found.begun.iter().find(|begun| begun.number == number);
    let body = match begun {
        Some(begun) => view! { {as_begun(cx, id, found, begun)} {extensions(cx, found, begun, form)} }.into_any(),
        None => planned.map(|planned| as_planned(cx, found, planned)).into_any(),
    };
    view! { <section><h2 class="govuk-heading-m govuk-!-margin-top-6">{heading}</h2>{body}</section> }.into_any()
}

fn as_planned(cx: &Cx, found: &RoundsView, planned: &LaterRound) -> AnyView {
    let due = planned.deadline.map(|at| view! { <p>{t!(cx, "round-planned")} " " {exact(cx, at, Some(&found.terms.zone))}</p> });
    view! { <p>{t!(cx, "round-not-begun")} " " {shortlist_text(cx, planned)}</p>{due} }.into_any()
}

fn as_begun(cx: &Cx, id: ChallengeId, found: &RoundsView, begun: &BegunRound) -> AnyView {
    let newest = found.begun.iter().all(|other| other.number <= begun.number);
    let names = begun
        .invited
        .iter()
        .map(|(response, name)| {
            // What it said before is there to be read; what it says in this round, once it is opened.
            let to = format!("/challenges/{id}/responses/{response}?round={}", begun.number.saturating_sub(1));
            view! { <li><a class="govuk-link" href=to>{name.clone()}</a></li> }
        })
        .collect_view();
    let invited = (!begun.invited.is_empty())
        .then(|| view! { <p>{t!(cx, "round-invited")}</p><ul class="govuk-list govuk-list--bullet">{names}</ul> });
    let links: Vec<(&str, &str)> = if newest {
        next(begun.stage)
    } else {
        vec![("responses", "room-responses"), ("result", "room-result"), ("decision", "room-decision")]
    };
    let met = found.terms.later_round(begun.number).is_some_and(|planned| planned.kind == RoundKind::Interview);
    let interviews = (met && newest).then_some(("interviews", "interviews-title"));
    let links = links
        .into_iter()
        .chain(interviews)
        .map(|(page, key)| {
            let of = if newest { String::new() } else { format!("?round={}", begun.number) };
            view! { <li><a class="govuk-link" href=format!("/challenges/{id}/{page}{of}")>{t!(cx, key)}</a></li> }
        })
        .collect_view();
    view! {
        <p>{stage_tag(cx, begun.stage, true)}</p>
        <p>{t!(cx, if cx.now.before(begun.deadline) { "answers-by" } else { "answers-were-due" })} " " {exact(cx, begun.deadline, Some(&found.terms.zone))}</p>
        {invited}
        {newest.then(|| view! { <p>{t!(cx, &format!("round-next-{}", begun.stage.code()))}</p> })}
        <ul class="govuk-list">{links}</ul>
    }
    .into_any()
}

/// How its deadline was moved, what is proposed, and the form for it.
fn extensions(cx: &Cx, found: &RoundsView, begun: &BegunRound, form: &Form) -> AnyView {
    let (facts, zone) = (&found.facts, found.terms.zone.as_str());
    let newest = facts.standing.round == i64::from(begun.number);
    let moved = begun.extensions.iter().filter(|row| row.ended.as_deref() == Some("approved")).map(|row| {
        view! { <li>{t!(cx, "round-moved")} " " {exact(cx, Moment(row.deadline_before), Some(zone))} ". " {row.reason.clone()}</li> }
    });
    let waiting = begun.extensions.iter().find(|row| row.ended.is_none()).filter(|_| newest);
    let proposed = waiting.map(|row| {
        let id = RoundExtensionId(row.id);
        let by = Some(UserId(row.by_user));
        let approve = domain::policy::approve_round_extension(&cx.actor, facts, by).is_ok().then(|| {
            view! { <form method="post" novalidate>{hidden("extension", id)}{submit(t!(cx, "round-extend-approve"), "approve")}</form> }
        });
        let decline = domain::policy::decline_round_extension(&cx.actor, facts).is_ok().then(|| {
            view! {
                <form method="post" novalidate>
                    {hidden("extension", id)}
                    <button class="govuk-button govuk-button--secondary" name="do" value="decline">{t!(cx, "round-extend-decline")}</button>
                </form>
            }
        });
        view! {
            <div class="govuk-inset-text">
                <p>{t!(cx, "round-extend-proposed", name = &row.by_name)} " " <strong>{exact(cx, Moment(row.deadline), Some(zone))}</strong></p>
                {paragraphs(&row.reason)}
                {approve}{decline}
            </div>
        }
    });
    let may = newest && waiting.is_none() && domain::policy::extend_round(&cx.actor, facts).is_ok();
    let ask = may.then(|| {
        view! {
            <details class="govuk-details" open=form.invalid()>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "round-extend-title")}</span></summary>
                <form class="govuk-details__text" method="post" novalidate>
                    <p>{t!(cx, "round-extend-text", zone = zone)}</p>
                    <div class="wp-pair">
                        {input(cx, form, "deadline_date", t!(cx, "round-date"), "", "date", "")}
                        {input(cx, form, "deadline_time", t!(cx, "round-time"), "field-time-hint", "time", "")}
                    </div>
                    {textarea(cx, form, "reason", t!(cx, "round-extend-reason"), "round-extend-reason-hint", 3)}
                    {submit(t!(cx, "round-extend-button"), "extend")}
                </form>
            </details>
        }
    });
    view! { <ul class="govuk-list">{moved.collect_view()}</ul> {proposed} {ask} }.into_any()
}

pub async fn rounds_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let extension = RoundExtensionId::parse(post.fields.get("extension")).unwrap_or(RoundExtensionId(0));
    let (outcome, done) = match post.fields.get("do") {
        "extend" => (verbs::extend_round(&cx.desk, &cx.actor, id, &post.fields).await.map(drop), "round-proposed"),
        "approve" => (verbs::approve_round_extension(&cx.desk, &cx.actor, id, extension).await, "round-extended"),
        "decline" => (verbs::decline_round_extension(&cx.desk, &cx.actor, id, extension).await, "round-declined"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/rounds?done={done}")).into_response()),
        Err(workflow::Error::Stale) => {
            let errors = vec![FieldError::new("deadline_date", "stale-extension")];
            rounds_page(&cx, id, Form::with(post.fields, errors)).await
        }
        Err(error) => {
            let errors = shown(error)?;
            rounds_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

/// Where the team goes on at a stage.
fn next(stage: Stage) -> Vec<(&'static str, &'static str)> {
    match stage {
        Stage::Open => vec![("panel", "room-panel")],
        Stage::Closed | Stage::Pricing => vec![("opening", "room-opening"), ("panel", "room-panel")],
        Stage::Checking => vec![("check", "room-check"), ("panel", "room-panel")],
        Stage::Scoring => vec![("panel", "room-panel"), ("responses", "room-responses")],
        Stage::Moderation => vec![("moderation", "room-moderation")],
        Stage::Result => vec![("result", "room-result"), ("recommend", "room-recommend")],
        Stage::Recommended | Stage::Decided => vec![("result", "room-result"), ("decision", "room-decision")],
        _ => Vec::new(),
    }
}
