//! Moderation: all scores and reasons together, revised after the discussion, and the record.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, SeatId};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Moderation, ModerationItem};

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::{named, response_of};
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, hidden, input, steady_table, submit, textarea, warning};
use crate::words::t;

pub async fn moderation(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    moderation_page(&cx, id_of(&id)?, Form::default()).await
}

async fn moderation_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_moderation(&cx.desk, &cx.actor, id).await?;
    let own = found.facts.seat.as_ref().map(|seat| seat.id);
    let revising = found.facts.stage() == Stage::Moderation;
    let items = found.items.iter().map(|item| item_view(cx, &found, item, own.filter(|_| revising), &form)).collect_view();
    let record = match &found.record {
        Some(record) => view! {
            <section><h2 class="govuk-heading-m">{t!(cx, "record")}</h2><p>{record.discussion.clone()}</p><p class="wp-meta">{t!(cx, "record-by", name = &record.by_name)}</p></section>
        }
        .into_any(),
        None if domain::policy::approve_record(&cx.actor, &found.facts).is_ok() => view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "record")}</h2>
                {warning(cx, t!(cx, "record-warning"))}
                <form method="post" novalidate>
                    {textarea(cx, &form, "discussion", t!(cx, "record-discussion"), "record-discussion-hint", 8)}
                    {submit(t!(cx, "record-button"), "record")}
                </form>
            </section>
        }
        .into_any(),
        None => view! { <p class="govuk-inset-text">{t!(cx, "record-waits")}</p> }.into_any(),
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-moderation")}</h1>
        <p class="wp-lead">{t!(cx, "moderation-text")}</p>
        {items}
        {record}
    };
    Ok(Page::new(t!(cx, "room-moderation"), body)
        .under(crumbs(cx, id, &found.title))
        .wide()
        .invalid_if(form.invalid())
        .render(cx))
}

fn item_view(cx: &Cx, found: &Moderation, item: &ModerationItem, own: Option<SeatId>, form: &Form) -> AnyView {
    let criterion = found.terms.leaf(item.criterion).map(|leaf| leaf.name()).unwrap_or_default();
    let rows = item
        .scores
        .iter()
        .map(|(seat, score, history)| {
            let name = found.seats.iter().find(|row| row.id == *seat).map(|row| row.name.clone()).unwrap_or_default();
            let before = history
                .iter()
                .map(|old| view! { <br/><span class="wp-muted">{t!(cx, "score-before", points = old.points)} " " {old.reason.clone()}</span> })
                .collect_view();
            view! { <tr><th scope="row">{name}</th><td class="is-number">{score.points.to_string()}</td><td>{score.reason.clone()}{before}</td></tr> }
        })
        .collect_view();
    let key = format!("{}-{}", item.response, item.criterion);
    let revise = own.and_then(|own| item.scores.iter().find(|(seat, _, _)| *seat == own)).map(|(_, score, _)| {
        let posted = form.fields.get("item") == key;
        let own_form = if posted { form.clone() } else { Form::new([("points", score.points.to_string())].into_iter().collect()) };
        view! {
            <details class="govuk-details" open=posted>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "revise-title")}</span></summary>
                <div class="govuk-details__text">
                    <form method="post" novalidate>
                        {hidden("item", key.clone())}{hidden("response", item.response)}{hidden("criterion", item.criterion)}{hidden("seen", score.n)}
                        {ids(posted, || input(cx, &own_form, "points", t!(cx, "revise-points"), "", "number", ""), &key)}
                        {ids(posted, || textarea(cx, &own_form, "reason", t!(cx, "revise-reason"), "", 3), &key)}
                        <button class="govuk-button govuk-button--secondary" name="do" value="revise">{t!(cx, "revise-button")}</button>
                    </form>
                </div>
            </details>
        }
    });
    view! {
        <section class="govuk-!-margin-bottom-6">
            <h2 class="govuk-heading-s">{named(cx, &item.named)} ": " {criterion} " " <span class="wp-muted">{t!(cx, "spread", n = item.spread)}</span></h2>
            {steady_table(cx, "room-moderation", &["column-name", "column-given", "column-reason"], rows.into_any())}
            {revise}
        </section>
    }
    .into_any()
}

/// Several forms of one page would repeat their ids: only the one that came back keeps the plain ones, to which the error
/// summary leads.
fn ids(posted: bool, field: impl Fn() -> AnyView, key: &str) -> AnyView {
    if posted {
        return field();
    }
    let html = field().to_html();
    let mut html = html
        .replace(" id=\"points\"", &format!(" id=\"points-{key}\""))
        .replace(" for=\"points\"", &format!(" for=\"points-{key}\""));
    html = html
        .replace(" id=\"reason\"", &format!(" id=\"reason-{key}\""))
        .replace(" for=\"reason\"", &format!(" for=\"reason-{key}\""));
    view! { <div inner_html=html></div> }.into_any()
}

pub async fn moderation_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let fields: &Fields = &post.fields;
    let outcome = match fields.get("do") {
        "revise" => {
            let response = response_of(fields.get("response"))?;
            let criterion = CriterionId::parse(fields.get("criterion")).unwrap_or(CriterionId(0));
            verbs::revise_score(&cx.desk, &cx.actor, id, response, criterion, fields)
                .await
                .map(|()| format!("/challenges/{id}/moderation?done=revised"))
        }
        "record" => {
            verbs::approve_record(&cx.desk, &cx.actor, id, fields).await.map(|()| format!("/challenges/{id}/result?done=record"))
        }
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            let errors: Vec<FieldError> = shown(error)?;
            moderation_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
