//! The rounds of a challenge, for its team: where we are, who goes on, and what comes next.

use axum::extract::Path;
use axum::response::Response;
use domain::challenge::{LaterRound, RoundKind, Stage};
use domain::ids::ChallengeId;
use leptos::prelude::*;
use workflow::rounds::{self as verbs, BegunRound, RoundsView};

use crate::challenge::{crumbs, id_of, shortlist_text};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::{exact, stage_tag};
use crate::words::t;

pub async fn rounds(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_rounds(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "rounds-title");
    let rows = (1..=found.terms.rounds()).map(|number| round(&cx, id, &found, number)).collect_view();
    let body = view! {
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "rounds-text")}</p>
        {rows}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &found.terms.title)).render(&cx))
}

fn round(cx: &Cx, id: ChallengeId, found: &RoundsView, number: u32) -> AnyView {
    let planned = found.terms.later_round(number);
    let kind = planned.map(|round| t!(cx, &format!("round-kind-{}", round.kind.code())));
    let heading = match kind {
        Some(kind) => t!(cx, "round-title", n = number, kind = kind),
        None => t!(cx, "round-first"),
    };
    let begun = found.begun.iter().find(|begun| begun.number == number);
    let body = match begun {
        Some(begun) => as_begun(cx, id, found, begun),
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
