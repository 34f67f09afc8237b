//! One item of the moderation: all scores and reasons together, the agreed score beside them, minutes and dissent.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::evaluation::ReasonFault;
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId};
use domain::moment::Moment;
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Moderation, ModerationItem};

use super::moderation::{faults_view, item_address, item_name, live, progress, to_declaration};
use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::response_of;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Column, Form, Table, cells, error_summary, exact, hidden, radios, textarea, warning};
use crate::words::t;

/// What another has written over meanwhile is told by the field; then saving again is a knowing act.
pub(super) fn stale_or(error: workflow::Error, field: &str) -> Result<Vec<FieldError>, Fault> {
    match error {
        workflow::Error::Stale => Ok(vec![FieldError::new(field, "stale-item")]),
        other => shown(other),
    }
}

pub async fn moderation_item(cx: Cx, Path((id, response, criterion)): Path<(String, String, String)>) -> Result<Response, Fault> {
    let at = place(&response, &criterion)?;
    item_page(&cx, id_of(&id)?, at, None).await
}

fn place(response: &str, criterion: &str) -> Result<(ResponseId, CriterionId), Fault> {
    Ok((response_of(response)?, CriterionId::parse(criterion).ok_or_else(verbs::no_item)?))
}

async fn item_page(cx: &Cx, id: ChallengeId, at: (ResponseId, CriterionId), form: Option<Form>) -> Result<Response, Fault> {
    let found = match verbs::read_moderation(&cx.desk, &cx.actor, id).await {
        Ok(found) => found,
        Err(error) => return to_declaration(id, &error).ok_or(Fault(error)),
    };
    let item = found.item(at.0, at.1).ok_or_else(verbs::no_item)?;
    let leaf = found.terms.leaf(at.1).ok_or_else(verbs::no_item)?;
    let name = item_name(cx, &found, item);
    let here = found.items.iter().position(|other| std::ptr::eq(other, item)).unwrap_or(0);
    let link = |to: Option<&ModerationItem>, key: &str| {
        let to = to.map(|to| item_address(id, (to.response, to.criterion)))?;
        Some(view! { <li><a class="govuk-link" href=to>{t!(cx, key)}</a></li> })
    };
    let previous = here.checked_sub(1).and_then(|at| found.items.get(at));
    let own: Vec<&ReasonFault> =
        found.faults.iter().filter(|fault| (fault.response, fault.criterion) == (at.0.get(), at.1.get())).collect();
    let faults = faults_view(cx, &found, &own, None).map(|list| view! { {warning(cx, t!(cx, "faults-here"))} {list} });
    let descriptors = (0u8..).zip(&leaf.criterion.descriptors).filter(|(_, text)| !text.is_empty());
    let descriptors: Vec<_> =
        descriptors.map(|(n, text)| view! { <li><strong>{n.to_string()}</strong> " " {text.clone()}</li> }).collect();
    let errors = form.as_ref().map(|form| form.errors.clone()).unwrap_or_default();
    let typed = form.unwrap_or_default();
    let body = view! {
        {error_summary(cx, &errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{name.clone()} " " <span class="wp-muted" id="spread" data-live="spread">{t!(cx, "spread", n = item.spread)}</span></h1>
        {live(cx, id, &found)}
        {progress(cx, &found)}
        <nav aria-label=t!(cx, "item-nav")><ul class="wp-meta">
            <li><a class="govuk-link" href=format!("/challenges/{id}/moderation")>{t!(cx, "agenda-title")}</a></li>
            {link(previous, "item-previous")}
            {link(found.items.get(here + 1), "item-next")}
            <li><a class="govuk-link" href=format!("/challenges/{id}/responses/{}", item.response)>{t!(cx, "item-response")}</a></li>
        </ul></nav>
        {leaf.guidance().map(|text| view! { <p class="govuk-inset-text">{text.to_owned()}</p> }).collect_view()}
        {(!descriptors.is_empty()).then(|| view! {
            <details class="govuk-details">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "item-descriptors")}</span></summary>
                <div class="govuk-details__text"><ul class="govuk-list">{descriptors}</ul></div>
            </details>
        })}
        <section class="wp-score">
            <div>
                <h2 class="govuk-heading-m">{t!(cx, "item-scores")}</h2>
                <div id="scores" data-live="scores">{scores(cx, &found, item)}</div>
                <div id="faults" data-live="faults">{faults}</div>
                <div id="notes" data-live="notes">{notes(cx, item)}</div>
            </div>
            <div class="wp-score__panel">
                <div id="agreed" data-live="agreed">{agreed(cx, item)}</div>
                {forms(cx, &found, item, &typed)}
            </div>
        </section>
    };
    let mut above = crumbs(cx, id, &found.title);
    above.push((format!("/challenges/{id}/moderation"), t!(cx, "room-moderation")));
    let mut page = Page::new(name, body).under(above).wide();
    page.works = found.facts.stage() == Stage::Moderation;
    Ok(page.invalid_if(!errors.is_empty()).render(cx))
}

fn scores(cx: &Cx, found: &Moderation, item: &ModerationItem) -> AnyView {
    let rows = item
        .scores
        .iter()
        .map(|(seat, score, history)| {
            let name = found.seats.iter().find(|row| row.id == *seat).map(|row| row.name.clone()).unwrap_or_default();
            let before = history
                .iter()
                .map(|old| view! { <br/><span class="wp-muted">{t!(cx, "score-before", points = old.points)} " " {old.reason.clone()}</span> })
                .collect_view();
            let next = next_point(cx, score);
            cells![name, score.points.to_string(), view! { {score.reason.clone()}{next}{before} }]
        })
        .collect();
    let columns = ["column-name", "column-given", "column-reason"].map(|key| Column::of(cx, key)).into();
    Table::new(t!(cx, "item-scores"), columns, rows).steady().render()
}

/// Why it was not one point more, which its supplier reads too.
pub(super) fn next_point(cx: &Cx, score: &store::ScoreRow) -> Option<AnyView> {
    let text = Some(&score.next_point).filter(|text| !text.is_empty())?;
    Some(view! { <br/><span class="wp-muted">{t!(cx, "letter-next-point")}</span> " " {text.clone()} }.into_any())
}

fn agreed(cx: &Cx, item: &ModerationItem) -> Option<AnyView> {
    let newest = item.agreed.last()?;
    let before = item.agreed[..item.agreed.len() - 1]
        .iter()
        .map(|old| view! { <p class="wp-muted">{t!(cx, "score-before", points = old.points)} " " {old.reason.clone()}</p> })
        .collect_view();
    let anew = (!item.left.is_empty()).then(|| warning(cx, t!(cx, "anew-here")));
    Some(
        view! {
            {anew}
            <h2 class="govuk-heading-m">{t!(cx, "agreed-is", points = newest.points, max = item.max)}</h2>
            <p>{newest.reason.clone()}</p>
            <p class="wp-meta">{t!(cx, "written-by", name = newest.by_name.clone())} " " {exact(cx, Moment(newest.at), None)}</p>
            {before}
        }
        .into_any(),
    )
}

/// Minutes and dissent of an item, in the order in which they were written.
pub(super) fn notes(cx: &Cx, item: &ModerationItem) -> Option<AnyView> {
    if item.notes.is_empty() {
        return None;
    }
    let rows = item
        .notes
        .iter()
        .map(|note| {
            let kind = t!(cx, if note.kind == "dissent" { "dissent" } else { "minutes-kind" });
            view! { <li><strong>{kind}</strong> " " {note.text.clone()} <br/><span class="wp-meta">{note.name.clone()} " " {exact(cx, Moment(note.at), None)}</span></li> }
        })
        .collect_view();
    Some(
        view! { <h2 class="govuk-heading-s govuk-!-margin-top-4">{t!(cx, "notes-title")}</h2><ul class="govuk-list">{rows}</ul> }
            .into_any(),
    )
}

/// What this reader may write here. `typed`: what came back with errors.
fn forms(cx: &Cx, found: &Moderation, item: &ModerationItem, typed: &Form) -> AnyView {
    let (facts, method) = (&found.facts, found.terms.method);
    let came_back = |act: &str| (typed.fields.get("do") == act).then(|| typed.clone());
    let scale = || (0..=item.max).map(|n| (n.to_string(), n.to_string(), None)).collect::<Vec<_>>();
    let agree = domain::policy::agree_score(&cx.actor, facts, method, false).ok().map(|_| {
        let newest = item.agreed.last();
        let points = newest.map(|row| row.points.to_string()).or_else(|| item.equal().map(|points| points.to_string()));
        let start: Fields =
            [("points", points.unwrap_or_default()), ("reason", newest.map(|row| row.reason.clone()).unwrap_or_default())]
                .into_iter()
                .collect();
        let form = came_back("agree").or_else(|| came_back("agree-next")).unwrap_or_else(|| Form::new(start));
        let title = t!(cx, if newest.is_some() { "agree-again" } else { "agree-title" });
        view! {
            <form method="post" novalidate id="agree" data-live="agree">
                <h2 class="govuk-heading-m">{title}</h2>
                {item.equal().map(|points| view! { <p>{t!(cx, "agreed-all", points = points)}</p> })}
                {hidden("seen", newest.map_or(0, |row| row.n))}
                <div class="wp-agree-scale">{radios(cx, &form, "points", t!(cx, "agree-points"), scale())}</div>
                {textarea(cx, &form, "reason", t!(cx, "agree-reason"), "agree-reason-hint", 5)}
                <div class="govuk-button-group">
                    <button class="govuk-button" name="do" value="agree-next">{t!(cx, "agree-next")}</button>
                    <button class="govuk-button govuk-button--secondary" name="do" value="agree">{t!(cx, "agree-button")}</button>
                </div>
            </form>
        }
    });
    let own = facts.seat.as_ref().and_then(|seat| item.scores.iter().find(|(of, _, _)| *of == seat.id));
    let revise = own.filter(|_| domain::policy::revise_score(&cx.actor, facts, method, false).is_ok()).map(|(_, score, _)| {
        let form = came_back("revise").unwrap_or_else(|| Form::new([("points", score.points.to_string())].into_iter().collect()));
        view! {
            <form method="post" novalidate id="revise" data-live="revise">
                <h2 class="govuk-heading-m">{t!(cx, "revise-title")}</h2>
                {hidden("seen", score.n)}
                <div class="wp-agree-scale">{radios(cx, &form, "points", t!(cx, "revise-points"), scale())}</div>
                {textarea(cx, &form, "reason", t!(cx, "revise-reason"), "", 4)}
                <button class="govuk-button" name="do" value="revise">{t!(cx, "revise-button")}</button>
            </form>
        }
    });
    let minutes = domain::policy::record_minutes(&cx.actor, facts, false).is_ok().then(|| {
        let form = came_back("minutes").unwrap_or_default();
        view! {
            <form method="post" novalidate id="minutes-form">
                {textarea(cx, &form, "minutes", t!(cx, "minutes-label"), "minutes-hint", 3)}
                <button class="govuk-button govuk-button--secondary" name="do" value="minutes">{t!(cx, "minutes-button")}</button>
            </form>
        }
    });
    let dissent = domain::policy::record_dissent(&cx.actor, facts, false).is_ok().then(|| {
        let seat = facts.seat.as_ref().map(|seat| seat.id.get());
        let before = item.notes.iter().rfind(|note| note.kind == "dissent" && Some(note.seat) == seat).map(|note| note.text.clone());
        let open = before.is_some() || came_back("dissent").is_some();
        let form = came_back("dissent")
            .unwrap_or_else(|| Form::new([("dissent", before.unwrap_or_default())].into_iter().collect()));
        view! {
            <details class="govuk-details" open=open>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "dissent-title")}</span></summary>
                <div class="govuk-details__text">
                    <form method="post" novalidate id="dissent-form">
                        {textarea(cx, &form, "dissent", t!(cx, "dissent-label"), "dissent-hint", 3)}
                        <button class="govuk-button govuk-button--secondary" name="do" value="dissent">{t!(cx, "dissent-button")}</button>
                    </form>
                </div>
            </details>
        }
    });
    view! { {agree} {revise} {minutes} {dissent} }.into_any()
}

pub async fn moderation_item_post(
    cx: Cx,
    Path((id, response, criterion)): Path<(String, String, String)>,
    post: Post,
) -> Result<Response, Fault> {
    let at = place(&response, &criterion)?;
    let id = id_of(&id)?;
    let fields: &Fields = &post.fields;
    let (outcome, field, done) = match fields.get("do") {
        "agree" | "agree-next" => (verbs::agree_score(&cx.desk, &cx.actor, id, at.0, at.1, fields).await, "reason", "agreed"),
        "revise" => (verbs::revise_score(&cx.desk, &cx.actor, id, at.0, at.1, fields).await, "reason", "revised"),
        "minutes" => (verbs::record_minutes(&cx.desk, &cx.actor, id, at.0, at.1, fields).await, "minutes", "minutes"),
        "dissent" => (verbs::record_dissent(&cx.desk, &cx.actor, id, at.0, at.1, fields).await, "dissent", "dissent"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) => {
            let next = match fields.get("do") {
                "agree-next" => verbs::read_moderation(&cx.desk, &cx.actor, id).await?.next_open(at),
                _ => Some(at),
            };
            let to = next.map_or_else(|| format!("/challenges/{id}/moderation"), |at| item_address(id, at));
            Ok(Redirect::to(&format!("{to}?done={done}")).into_response())
        }
        Err(error) => {
            let errors = stale_or(error, field)?;
            let mut typed = post.fields;
            if errors.iter().any(|error| error.code == "stale-item") {
                let found = verbs::read_moderation(&cx.desk, &cx.actor, id).await?;
                let seat = found.facts.seat.as_ref().map(|seat| seat.id);
                let seen = found.item(at.0, at.1).map_or(0, |item| match typed.get("do") {
                    "revise" => item.scores.iter().find(|(of, _, _)| Some(*of) == seat).map_or(0, |(_, score, _)| score.n),
                    _ => item.agreed.last().map_or(0, |row| row.n),
                });
                typed.set("seen", seen.to_string());
            }
            item_page(&cx, id, at, Some(Form::with(typed, errors))).await
        }
    }
}
