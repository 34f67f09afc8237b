//! The grid: responses in one's own order by criteria, each cell with what it lacks; where to go on; the lock.

use std::fmt::Write as _;

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use domain::evaluation::CellState;
use domain::form::FieldError;
use domain::ids::{ChallengeId, CriterionId, ResponseId};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, ScoringRoom, Unassigned};

use super::{address, progress};
use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::named;
use crate::fault::Fault;
use crate::frame::Page;
use crate::islands::{KeptAt, KeptOf, kept_note};
use crate::ui::{empty, error_summary, escaped, warning};
use crate::words::t;

/// `?go=on` leads to the place where one was.
pub async fn grid(cx: Cx, Path(id): Path<String>, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
    match room.way.resume() {
        Some(cell) if raw.as_deref() == Some("go=on") && !room.locked && room.rests.is_none() => {
            Ok(Redirect::to(&address(id, cell)).into_response())
        }
        _ => Ok(page(&cx, id, &room, &[])),
    }
}

fn page(cx: &Cx, id: ChallengeId, room: &ScoringRoom, errors: &[FieldError]) -> Response {
    let round = &room.round;
    let table = if round.responses.is_empty() {
        match room.unassigned {
            Some(Unassigned::Waits) => empty(t!(cx, "unassigned-waits"), t!(cx, "unassigned-waits-text")),
            Some(Unassigned::Spare) => empty(t!(cx, "unassigned-spare"), t!(cx, "unassigned-spare-text")),
            None => empty(t!(cx, "responses-none"), t!(cx, "responses-none-text")),
        }
    } else {
        let head = round
            .terms
            .leaves()
            .map(|leaf| view! { <th scope="col"><a class="govuk-link" href=format!("/challenges/{id}/across/{}", leaf.id())>{leaf.name()}</a></th> })
            .collect_view();
        view! {
            <p>{t!(cx, "room-order")}</p>
            <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, "room-scoring")>
                <table class="wp-grid"><thead><tr><th scope="col">{t!(cx, "column-response-name")}</th>{head}</tr></thead>
                <tbody inner_html=rows(cx, id, room)></tbody></table>
            </div>
        }
        .into_any()
    };
    let body = view! {
        {error_summary(cx, errors)}
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-scoring")}</h1>
        {progress(cx, room)}
        {go_on(cx, id, room)}
        {round.anonymous.then(|| view! { <p class="govuk-inset-text">{t!(cx, "anonymous-reader")} " " {t!(cx, "redacted-reader", mark = domain::response::LEFT_OUT)}</p> })}
        {table}
        {faults(cx, id, room)}
        {kept_note(cx, &KeptOf::Seat(room.seat.to_string()), KeptAt { before: "form#lock-scores", shows: true, ..KeptAt::default() })}
        {lock_form(cx, room)}
    };
    Page::new(t!(cx, "room-scoring"), body)
        .under(crumbs(cx, id, &round.title))
        .wide()
        .works()
        .invalid_if(!errors.is_empty())
        .render(cx)
}

/// To the exact place where one was: it is said which.
fn go_on(cx: &Cx, id: ChallengeId, room: &ScoringRoom) -> Option<AnyView> {
    let cell = room.way.resume().filter(|_| !room.locked && room.rests.is_none())?;
    let (response, leaf) = (room.response(cell.0)?, room.round.terms.leaf(cell.1)?);
    let key = if room.way.begun() { "room-go-on" } else { "room-begin" };
    let place = format!("{}, {}", named(cx, &response.named), leaf.name());
    Some(
        view! { <p><a class="govuk-button" href=format!("/challenges/{id}/scoring?go=on")>{t!(cx, key)} <span class="wp-button__place">{place}</span></a></p> }
            .into_any(),
    )
}

/// As text, not as views: hundreds of responses make thousands of cells, and a page has to be there at once.
fn rows(cx: &Cx, id: ChallengeId, room: &ScoringRoom) -> String {
    let leaves: Vec<_> = room.round.terms.leaves().map(|leaf| (leaf.id(), escaped(&leaf.name()))).collect();
    let states =
        CellState::ALL.iter().map(|state| (*state, escaped(&t!(cx, &format!("cell-{}", state.code()))))).collect::<Vec<_>>();
    let said = |state: CellState| states.iter().find(|(known, _)| *known == state).map_or("", |(_, text)| text.as_str());
    let mut out = String::with_capacity(room.way.cells().len() * 260);
    for response in room.way.responses() {
        let Some(found) = room.response(response) else { continue };
        let name = escaped(&named(cx, &found.named));
        let _ = write!(out, "<tr><th scope=\"row\">{name}</th>");
        for (leaf, criterion) in &leaves {
            let cell = (response, *leaf);
            let state = room.way.state(cell);
            let points = room.scores.get(&cell).map(|score| score.points.to_string()).unwrap_or_default();
            let said = said(state);
            let _ = write!(
                out,
                "<td class=\"is-{}\"><a href=\"{}\" aria-label=\"{name}, {criterion}: {points} {said}\">{points} <small>{said}</small></a></td>",
                state.code(),
                address(id, cell),
            );
        }
        out.push_str("</tr>");
    }
    out
}

/// What a court would ask about, while it can still be mended.
fn faults(cx: &Cx, id: ChallengeId, room: &ScoringRoom) -> Option<AnyView> {
    let faults = if room.locked { Vec::new() } else { verbs::own_faults(room) };
    let rows: Vec<_> = faults
        .iter()
        .filter_map(|fault| {
            let cell = (ResponseId(fault.response), CriterionId(fault.criterion));
            let (response, leaf) = (room.response(cell.0)?, room.round.terms.leaf(cell.1)?);
            let place = format!("{}, {}", named(cx, &response.named), leaf.name());
            let said = t!(cx, &format!("fault-{}", fault.kind.code()), words = &fault.words);
            Some(view! { <li><a class="govuk-link" href=address(id, cell)>{place}</a> " " {said}</li> })
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section id="reasons">
                <h2 class="govuk-heading-m">{t!(cx, "faults-title")}</h2>
                <p>{t!(cx, "faults-own")}</p>
                <ul class="govuk-list govuk-list--bullet">{rows}</ul>
            </section>
        }
        .into_any()
    })
}

fn lock_form(cx: &Cx, room: &ScoringRoom) -> Option<AnyView> {
    let whole = room.way.cells().iter().all(|cell| room.way.state(*cell) == CellState::Scored);
    (whole && !room.locked && room.rests.is_none() && room.unassigned != Some(Unassigned::Waits)).then(|| {
        view! {
            <form method="post" id="lock-scores">
                {warning(cx, t!(cx, "lock-warning"))}
                <button class="govuk-button" id="lock">{t!(cx, "lock-button")}</button>
            </form>
        }
        .into_any()
    })
}

pub async fn lock(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::lock_scores(&cx.desk, &cx.actor, id).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/panel?done=locked")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            Ok(page(&cx, id, &room, &errors))
        }
    }
}
