//! One response and one criterion: the answers that the criterion reads, its guidance and descriptors, and the score.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::evaluation::Cell;
use domain::form::{FieldError, Fields};
use domain::ids::ChallengeId;
use domain::policy::Refusal;
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Contents, ScoringRoom};

use super::{At, Shown, address, criterion_of, progress, score_form, unseen};
use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::check::clarified;
use crate::evaluation::{named, response_of};
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::response::answers_beside;
use crate::ui::{Form, error_summary};
use crate::words::t;

pub async fn score(cx: Cx, Path((id, response, criterion)): Path<(String, String, String)>) -> Result<Response, Fault> {
    let cell = (response_of(&response)?, criterion_of(&criterion)?);
    let id = id_of(&id)?;
    let read = verbs::read_to_score(&cx.desk, &cx.actor, id, cell.0).await?;
    page(&cx, id, &read, cell, None, false)
}

fn page(
    cx: &Cx,
    id: ChallengeId,
    (room, contents): &(ScoringRoom, Contents),
    cell: Cell,
    form: Option<&Form>,
    stale: bool,
) -> Result<Response, Fault> {
    let round = &room.round;
    let (response, content) = room.response(cell.0).zip(contents.get(&cell.0)).ok_or_else(unseen)?;
    let leaf = round.terms.leaf(cell.1).ok_or_else(unseen)?;
    let (before, after) = room.way.beside(cell);
    let to = |cell: Option<Cell>| cell.map(|cell| address(id, cell)).unwrap_or_default();
    let (previous, next, open) = (to(before), to(after), to(room.way.next_open(Some(cell))));
    let errors = form.map(|form| form.errors.clone()).unwrap_or_default();
    let name = named(cx, &response.named);
    let title = format!("{name}: {}", leaf.name());
    let mut ways = vec![
        (format!("/challenges/{id}/scoring"), "score-grid"),
        (format!("/challenges/{id}/across/{}", cell.1), "score-across"),
    ];
    ways.extend([(previous.clone(), "score-previous"), (next.clone(), "score-following")]);
    if !room.locked && room.rests.is_none() {
        ways.push((open.clone(), "score-next-open"));
    }
    let links = ways
        .into_iter()
        .filter(|(href, _)| !href.is_empty())
        .map(|(href, key)| view! { <li><a class="govuk-link" href=href>{t!(cx, key)}</a></li> })
        .collect_view();
    let at = room.way.cells().iter().position(|known| *known == cell).map_or(1, |at| at + 1);
    let form_at = At {
        action: address(id, cell),
        prefix: String::new(),
        way: [previous, next, open],
        descriptors: &leaf.criterion.descriptors,
        legend: t!(cx, "score-legend", criterion = leaf.name()),
    };
    let files = format!("/challenges/{id}/responses/{}/files", response.id);
    let body = view! {
        {error_summary(cx, &errors)}
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {progress(cx, room)}
        <nav aria-label=t!(cx, "score-nav")><ul class="wp-meta">
            {links}
            <li class="wp-muted">{t!(cx, "score-place", n = at, all = room.way.cells().len())}</li>
        </ul></nav>
        {leaf.guidance().map(|text| view! { <p class="govuk-inset-text">{text.to_owned()}</p> }).collect_view()}
        <div class="wp-score">
            <div class="wp-score__answers"><h2 class="govuk-visually-hidden">{t!(cx, "answers-of", name = &name)}</h2>{answers_beside(cx, &round.terms, content, &files, leaf)}{clarified(cx, &round.terms, &response.clarified, &files)}</div>
            {score_form(cx, room, leaf, cell, Shown { stored: room.scores.get(&cell), typed: form, stale }, form_at)}
        </div>
    };
    let mut above = crumbs(cx, id, &round.title);
    above.push((format!("/challenges/{id}/scoring"), t!(cx, "room-scoring")));
    Ok(Page::new(title, body).under(above).wide().works().invalid_if(!errors.is_empty()).render(cx))
}

/// What became of a posted score, whichever page it was posted from.
pub(super) enum Posted {
    Saved,
    Json(Response),
    /// What was typed, what is wrong with it, and whether somebody saved meanwhile.
    Again(Form, bool),
}

/// `do=clear` takes the score back; anything else saves it.
pub(super) async fn posted(cx: &Cx, id: ChallengeId, cell: Cell, fields: Fields) -> Result<Posted, Fault> {
    let clear = fields.get("do") == "clear";
    let outcome = if clear {
        verbs::clear_score(&cx.desk, &cx.actor, id, cell.0, cell.1, &fields).await.map(|()| 0)
    } else {
        verbs::score_response(&cx.desk, &cx.actor, id, cell.0, cell.1, &fields).await
    };
    match outcome {
        Ok(version) if cx.json => {
            let need = !clear && verbs::needs_reason(&cx.desk, &cx.actor, id, cell).await?;
            let (saved, missing) = (t!(cx, "score-saved-now"), t!(cx, "score-saved-need"));
            let saved = if need { format!("{saved}. {missing}") } else { saved };
            Ok(Posted::Json(axum::Json(serde_json::json!({ "seen": version.to_string(), "saved": saved })).into_response()))
        }
        Ok(_) => Ok(Posted::Saved),
        Err(workflow::Error::Stale) if cx.json => {
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            let score = room.scores.get(&cell);
            let answer = serde_json::json!({
                "seen": score.map_or(0, |score| score.row_version).to_string(),
                "differing": [
                    { "field": "points", "theirs": score.map_or(String::new(), |score| score.points.to_string()) },
                    { "field": "reason", "theirs": score.map_or("", |score| &score.reason) },
                    { "field": "next_point", "theirs": score.map_or("", |score| &score.next_point) },
                ],
                "errors": [{ "field": "", "text": t!(cx, "error-stale-score") }],
            });
            Ok(Posted::Json((StatusCode::CONFLICT, axum::Json(answer)).into_response()))
        }
        Err(workflow::Error::Refused(refused)) if refused.why == Refusal::Checking => {
            // Who may read the own scores is told why nothing was saved, and keeps what was typed.
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            let (end, name, until) = match &room.rests {
                Some(rest) => super::rest_said(cx, &room, rest),
                None => ("-plain", String::new(), String::new()),
            };
            let error = FieldError::new("reason", &format!("scoring-rests{end}")).with("name", name).with("until", until);
            match cx.json {
                true => Err(Fault(workflow::Error::Invalid(vec![error]))),
                false => Ok(Posted::Again(Form::with(fields, vec![error]), false)),
            }
        }
        Err(error) if cx.json => Err(Fault(error)),
        Err(workflow::Error::Stale) => {
            Ok(Posted::Again(Form::with(fields, vec![FieldError::new("reason", "stale-score")]), true))
        }
        Err(error) => Ok(Posted::Again(Form::with(fields, shown(error)?), false)),
    }
}

pub async fn score_post(
    cx: Cx,
    Path((id, response, criterion)): Path<(String, String, String)>,
    post: Post,
) -> Result<Response, Fault> {
    let cell = (response_of(&response)?, criterion_of(&criterion)?);
    let id = id_of(&id)?;
    let act = post.fields.get("do").to_owned();
    match posted(&cx, id, cell, post.fields).await? {
        Posted::Json(answer) => Ok(answer),
        Posted::Saved => {
            // The whole room is read only where the way leads on.
            let to = match act.as_str() {
                "next" => match verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?.way.next_open(Some(cell)) {
                    Some(next) => address(id, next),
                    None => format!("/challenges/{id}/scoring?done=score"),
                },
                "clear" => format!("{}?done=score-cleared", address(id, cell)),
                _ => format!("{}?done=score", address(id, cell)),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Posted::Again(form, stale) => {
            let read = verbs::read_to_score(&cx.desk, &cx.actor, id, cell.0).await?;
            page(&cx, id, &read, cell, Some(&form), stale)
        }
    }
}
