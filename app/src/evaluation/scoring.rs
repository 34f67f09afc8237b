//! The scoring room: the grid, one response and criterion at a time, the lock.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Reasons;
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId};
use domain::moment::Moment;
use domain::policy::{Refused, ScoreResponse};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, ScoringRoom};

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::{named, response_of};
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::islands::{SaveWords, ScoreForm, ScoreWords};
use crate::response::answers_beside;
use crate::ui::{Form, empty, error_summary, relative, warning};
use crate::words::t;

fn criterion_of(text: &str) -> Result<CriterionId, Fault> {
    Ok(CriterionId::parse(text).ok_or(Refused::unseen::<ScoreResponse>(0))?)
}

fn address(challenge: ChallengeId, (response, criterion): (ResponseId, CriterionId)) -> String {
    format!("/challenges/{challenge}/scoring/{response}/{criterion}")
}

pub async fn grid(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
    Ok(grid_page(&cx, id, &room, &[]))
}

fn progress(cx: &Cx, room: &ScoringRoom) -> AnyView {
    let (done, all) = room.progress();
    view! {
        <div class="wp-progress">
            <progress value=done.to_string() max=all.max(1).to_string() aria-label=t!(cx, "progress-label")></progress>
            <span>{t!(cx, "progress", done = done, all = all)}</span>
        </div>
    }
    .into_any()
}

fn grid_page(cx: &Cx, id: ChallengeId, room: &ScoringRoom, errors: &[FieldError]) -> Response {
    let round = &room.round;
    let head = round.terms.leaves().map(|leaf| view! { <th scope="col">{leaf.name()}</th> }).collect_view();
    let rows = round
        .responses
        .iter()
        .map(|response| {
            let cells = round
                .terms
                .leaves()
                .map(|leaf| {
                    let at = (response.id, leaf.id());
                    let score = room.scores.get(&at);
                    let (class, text, state) = match score {
                        Some(score) => ("is-scored", score.points.to_string(), t!(cx, "cell-scored")),
                        None => ("is-missing", String::new(), t!(cx, "cell-missing")),
                    };
                    let label = format!("{}, {}: {text} {state}", named(cx, &response.named), leaf.name());
                    view! { <td class=class><a href=address(id, at) aria-label=label>{text} " " <small>{state}</small></a></td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{named(cx, &response.named)}</th>{cells}</tr> }
        })
        .collect_view();
    let (done, all) = room.progress();
    let act = if room.locked {
        view! { <div class="govuk-inset-text">{t!(cx, "refusal-locked")}</div> }.into_any()
    } else if done < all {
        let next = room
            .next_unscored(None)
            .map(|at| view! { <p><a class="govuk-button" href=address(id, at)>{t!(cx, "score-next")}</a></p> });
        view! { {next} }.into_any()
    } else {
        view! {
            <form method="post">
                {warning(cx, t!(cx, "lock-warning"))}
                <button class="govuk-button" id="lock">{t!(cx, "lock-button")}</button>
            </form>
        }
        .into_any()
    };
    let table = if round.responses.is_empty() {
        empty(t!(cx, "responses-none"), t!(cx, "responses-none-text"))
    } else {
        view! {
            <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, "room-scoring")>
                <table class="wp-grid"><thead><tr><th scope="col">{t!(cx, "column-response-name")}</th>{head}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        }
        .into_any()
    };
    let body = view! {
        {error_summary(cx, errors)}
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-scoring")}</h1>
        {progress(cx, room)}
        {round.anonymous.then(|| view! { <p class="govuk-inset-text">{t!(cx, "anonymous-reader")}</p> })}
        {table}
        {act}
    };
    Page::new(t!(cx, "room-scoring"), body).under(crumbs(cx, id, &round.title)).wide().invalid_if(!errors.is_empty()).render(cx)
}

pub async fn lock(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    match verbs::lock_scores(&cx.desk, &cx.actor, id).await {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/panel?done=locked")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            Ok(grid_page(&cx, id, &room, &errors))
        }
    }
}

pub async fn score(cx: Cx, Path((id, response, criterion)): Path<(String, String, String)>) -> Result<Response, Fault> {
    let at = (response_of(&response)?, criterion_of(&criterion)?);
    let id = id_of(&id)?;
    let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
    score_page(&cx, id, &room, at, None)
}

fn score_page(
    cx: &Cx,
    id: ChallengeId,
    room: &ScoringRoom,
    at: (ResponseId, CriterionId),
    form: Option<&Form>,
) -> Result<Response, Fault> {
    let round = &room.round;
    let unseen = || Refused::unseen::<ScoreResponse>(0);
    let response = room.response(at.0).ok_or_else(unseen)?;
    let leaf = round.terms.leaf(at.1).ok_or_else(unseen)?;
    let criterion = leaf.criterion;
    let score = room.scores.get(&at);
    let cells = room.cells();
    let here = cells.iter().position(|cell| *cell == at).unwrap_or(0);
    let neighbour =
        |step: isize| here.checked_add_signed(step).and_then(|n| cells.get(n)).map(|cell| address(id, *cell)).unwrap_or_default();
    let stored = |name: &str| match (form, score, name) {
        (Some(form), _, name) => form.fields.raw(name).to_owned(),
        (None, Some(score), "points") => score.points.to_string(),
        (None, Some(score), "reason") => score.reason.clone(),
        (None, Some(score), "seen") => score.row_version.to_string(),
        _ => {
            if name == "seen" {
                "0".to_owned()
            } else {
                String::new()
            }
        }
    };
    let errors = form.map(|form| form.errors.clone()).unwrap_or_default();
    let error = |name: &str| form.and_then(|form| form.error(cx, name));
    let status = score
        .filter(|_| form.is_none())
        .map(|score| t!(cx, "score-saved", when = relative(cx, Moment(score.at))))
        .unwrap_or_default();
    let sift = round.terms.panel.reasons == Reasons::Sift;
    let words = ScoreWords {
        legend: t!(cx, "score-legend", criterion = leaf.name()),
        reason: t!(cx, "score-reason"),
        reason_hint: t!(cx, if sift { "score-reason-hint-sift" } else { "score-reason-hint" }),
        save: t!(cx, "score-save"),
        save_next: t!(cx, "score-save-next"),
        keys: t!(cx, "score-keys"),
        error_prefix: t!(cx, "error-prefix"),
    };
    let save_words = SaveWords::of(cx, "score-failed");
    // From how many letters on a score is saved by itself: where a reason may be left out, at once.
    let least_reason = if sift { 0 } else { 10 };
    let descriptors: Vec<String> = criterion.descriptors.clone();
    let name = named(cx, &response.named);
    let title = format!("{name}: {}", leaf.name());
    let (previous, next) = (neighbour(-1), neighbour(1));
    let links = [(&previous, "score-previous"), (&next, "score-following")]
        .into_iter()
        .filter(|(href, _)| !href.is_empty())
        .map(|(href, key)| view! { <li><a class="govuk-link" href=href.clone()>{t!(cx, key)}</a></li> })
        .collect_view();
    let body = view! {
        {error_summary(cx, &errors)}
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {progress(cx, room)}
        <nav aria-label=t!(cx, "score-nav")><ul class="wp-meta">
            <li><a class="govuk-link" href=format!("/challenges/{id}/scoring")>{t!(cx, "score-grid")}</a></li>
            {links}
        </ul></nav>
        {leaf.guidance().map(|text| view! { <p class="govuk-inset-text">{text.to_owned()}</p> }).collect_view()}
        <div class="wp-score">
            <div class="wp-score__answers"><h2 class="govuk-visually-hidden">{t!(cx, "answers-of", name = &name)}</h2>{answers_beside(cx, &round.terms, &response.content, &format!("/challenges/{id}/responses/{}/files/", response.id), leaf)}</div>
            <ScoreForm action=address(id, at) seat=room.seat.to_string() max=leaf.max() least_reason=least_reason points=stored("points") reason=stored("reason") seen=stored("seen")
                    descriptors=descriptors points_error=error("points") reason_error=error("reason") status=status
                    previous=previous next=next words=words save_words=save_words/>
        </div>
    };
    let mut above = crumbs(cx, id, &round.title);
    above.push((format!("/challenges/{id}/scoring"), t!(cx, "room-scoring")));
    Ok(Page::new(title, body).under(above).wide().works().invalid_if(!errors.is_empty()).render(cx))
}

pub async fn score_post(
    cx: Cx,
    Path((id, response, criterion)): Path<(String, String, String)>,
    post: Post,
) -> Result<Response, Fault> {
    let at = (response_of(&response)?, criterion_of(&criterion)?);
    let id = id_of(&id)?;
    match verbs::score_response(&cx.desk, &cx.actor, id, at.0, at.1, &post.fields).await {
        Ok(version) if cx.json => {
            let saved = t!(cx, "score-saved-now");
            Ok(axum::Json(serde_json::json!({ "seen": version.to_string(), "saved": saved })).into_response())
        }
        Ok(_) => {
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            let to = match room.next_unscored(Some(at)) {
                Some(next) if post.fields.get("do") == "next" => address(id, next),
                None if post.fields.get("do") == "next" => format!("/challenges/{id}/scoring?done=score"),
                _ => format!("{}?done=score", address(id, at)),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Err(workflow::Error::Stale) if cx.json => {
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            let score = room.scores.get(&at);
            let answer = serde_json::json!({
                "seen": score.map_or(0, |score| score.row_version).to_string(),
                "differing": [
                    { "field": "points", "theirs": score.map(|score| score.points.to_string()) },
                    { "field": "reason", "theirs": score.map(|score| &score.reason) },
                ],
                "errors": [{ "field": "", "text": t!(cx, "error-stale-score") }],
            });
            Ok((axum::http::StatusCode::CONFLICT, axum::Json(answer)).into_response())
        }
        Err(error) if cx.json => Err(Fault(error)),
        Err(error) => {
            let stale = matches!(error, workflow::Error::Stale);
            let errors = if stale { vec![FieldError::new("reason", "stale-score")] } else { shown(error)? };
            let room = verbs::read_scoring_room(&cx.desk, &cx.actor, id).await?;
            let mut fields: Fields = post.fields;
            if stale {
                // Now that it was told, saving again replaces it knowingly.
                fields.set("seen", room.scores.get(&at).map_or(0, |score| score.row_version).to_string());
            }
            score_page(&cx, id, &room, at, Some(&Form::with(fields, errors)))
        }
    }
}
