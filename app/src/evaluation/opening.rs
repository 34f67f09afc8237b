//! The opening: asked for by one, confirmed by another, and its record.

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::OPENING_DELAY;
use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::policy;
use leptos::prelude::*;
use workflow::Error;
use workflow::response::{self as verbs, MOST_TOLD, OpeningRecord, OpeningView, PRICE, QUALITY, Unwhole};

use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::response::download;
use crate::ui::{cells, exact, instant, stage_tag, table, warning};
use crate::words::t;

/// Where the opening is asked for and confirmed, or when it can be; afterwards, its record.
pub async fn opening(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, &[]).await
}

/// `unwhole`: what kept the responses from being opened, where that was just tried.
async fn page(cx: &Cx, id: ChallengeId, unwhole: &[Unwhole]) -> Result<Response, Fault> {
    let view = verbs::read_opening_room(&cx.desk, &cx.actor, id).await?;
    let found = &view.challenge;
    let zone = found.terms.as_ref().map_or("UTC", |terms| terms.zone.as_str());
    let main = match &view.record {
        None if !view.unlike.is_empty() => view! { <p class="wp-lead">{t!(cx, "unlike-lead")}</p> }.into_any(),
        Some(record) => {
            let waits = found.facts.standing.price_sealed.then(|| {
                view! {
                    <section>
                        <h2 class="govuk-heading-m">{t!(cx, "opening-prices")}</h2>
                        <p class="wp-lead">{t!(cx, "opening-prices-text")}</p>
                        {act(cx, &view, zone)}
                    </section>
                }
            });
            let prices = view.prices.as_ref().map(|record| {
                view! { <section><h2 class="govuk-heading-m">{t!(cx, "opening-prices")}</h2>{recorded(cx, id, record, zone)}</section> }
            });
            view! { {waits}{prices}{recorded(cx, id, record, zone)} }.into_any()
        }
        None => {
            view! { <p class="wp-lead">{t!(cx, if found.facts.opening.by_two { "opening-text" } else { "opening-text-one" })}</p>{act(cx, &view, zone)} }
                .into_any()
        }
    };
    let title = t!(cx, "room-opening");
    let body = view! {
        {(!unwhole.is_empty()).then(|| {
            let approval = unwhole.iter().all(|one| one.what.is_of_the_approval());
            not_whole(cx, unwhole, ("not-whole-title", if approval { "not-whole-approval" } else { "not-whole-text" }))
        })}
        {(!view.unlike.is_empty()).then(|| not_whole(cx, &view.unlike, ("unlike-title", "unlike-text")))}
        <p class="wp-meta">{stage_tag(cx, found.facts.stage(), true)} " " {found.reference.clone()}</p>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {main}
    };
    let page = Page::new(title, body).under(crumbs(cx, id, &found.title)).invalid_if(!unwhole.is_empty());
    Ok(if view.unlike.is_empty() { page } else { page.status(StatusCode::CONFLICT) }.render(cx))
}

/// Which receipts are not there as they were received or opened, under a title and with what to do.
fn not_whole(cx: &Cx, unwhole: &[Unwhole], (title, what): (&str, &str)) -> AnyView {
    let lines = unwhole.iter().take(MOST_TOLD).map(|one| {
        view! { <li>{t!(cx, &format!("not-whole-{}", one.what.code()), receipt = one.reference())}</li> }
    });
    let more = unwhole.len().saturating_sub(MOST_TOLD);
    view! {
        <div class="govuk-error-summary" tabindex="-1" id="errors">
            <div role="alert">
                <h2 class="govuk-error-summary__title">{t!(cx, title)}</h2>
                <div class="govuk-error-summary__body">
                    <ul class="govuk-list govuk-list--bullet">{lines.collect_view()}</ul>
                    {(more > 0).then(|| view! { <p>{t!(cx, "not-whole-more", n = more)}</p> })}
                    <p>{t!(cx, what)}</p>
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// The one button that is this reader's to press, or why there is none.
fn act(cx: &Cx, view: &OpeningView, zone: &str) -> AnyView {
    let facts = &view.challenge.facts;
    let anonymous = view.challenge.terms.as_ref().is_some_and(|terms| terms.anonymous);
    let asked = facts.opening.asked.map(|(_, at)| {
        view! { <p>{t!(cx, "opening-asked-by", name = view.asked_by.clone())} " " {exact(cx, at, Some(zone))}</p> }
    });
    let button = |act: &'static str, text: &str| {
        view! {
            <form method="post">
                {anonymous.then(|| warning(cx, t!(cx, "opening-names")))}
                {warning(cx, t!(cx, "opening-warning"))}
                <button class="govuk-button" name="do" value=act>{t!(cx, text)}</button>
            </form>
        }
        .into_any()
    };
    let ask = policy::ask_opening(&cx.actor, facts, anonymous);
    let open = policy::open_responses(&cx.actor, facts, anonymous);
    let inner = match (ask, open) {
        (_, Ok(_)) if facts.opening.by_two => button("open", "opening-confirm"),
        (_, Ok(_)) => button("open", "opening-button"),
        (Ok(_), _) => button("ask", "opening-ask"),
        (_, Err(refused)) => {
            let opens = facts.standing.deadline.map(|deadline| instant(cx.words, deadline.plus(OPENING_DELAY), zone));
            // Once it can be opened, what is waited for is another person.
            let early = facts.standing.deadline.is_some_and(|deadline| facts.now.before(deadline.plus(OPENING_DELAY)));
            let from = opens
                .filter(|_| early && facts.stage().before_opening())
                .map(|at| view! { <p>{t!(cx, "opening-from", time = at)}</p> });
            view! { <div class="govuk-inset-text"><p>{t!(cx, &format!("refusal-{}", refused.why.code()))}</p>{from}</div> }
                .into_any()
        }
    };
    view! { {asked}{inner} }.into_any()
}

/// Who opened what, and when: a document, like a receipt.
fn recorded(cx: &Cx, id: ChallengeId, record: &OpeningRecord, zone: &str) -> AnyView {
    let paper = &record.paper;
    let row = |key: &str, value: AnyView| view! { <div><dt>{t!(cx, key)}</dt><dd>{value}</dd></div> };
    let digest =
        |key: &str, value: &str| view! { <div><dt>{t!(cx, key)}</dt><dd class="wp-digest">{value.to_owned()}</dd></div> };
    let signed: serde_json::Value = serde_json::from_str(&record.signed).unwrap_or_default();
    let who = |name: &str, at: Moment| view! { {name.to_owned()} ", " {exact(cx, at, Some(zone))} }.into_any();
    let rows = paper.submissions.iter().map(|one| cells![one.reference.clone(), one.sha256.clone()]).collect();
    view! {
        <p class="wp-lead">{t!(cx, "opening-done", n = paper.number)} " " <a class="govuk-link" href=format!("/challenges/{id}/responses")>{t!(cx, "room-responses")}</a></p>
        <article class="wp-receipt">
            <header class="wp-receipt__head"><h2>{t!(cx, "opening-record")}</h2><span class="wp-receipt__reference">{paper.challenge.clone()}</span></header>
            <dl>
                {row("opening-asked", who(&paper.asked_by, record.asked_at))}
                {row("opening-confirmed", who(&paper.confirmed_by, record.confirmed_at))}
                {row("room-responses", paper.number.to_string().into_any())}
                {digest("opening-digest", &paper.sha256)}
                {row("receipt-position", paper.record.position.to_string().into_any())}
                {digest("receipt-head", &paper.record.hash)}
                {digest("receipt-key", signed["key"].as_str().unwrap_or_default())}
                {digest("receipt-signature", signed["signature"].as_str().unwrap_or_default())}
            </dl>
            <p class="wp-receipt__note">{t!(cx, "opening-note")}</p>
        </article>
        <div class="govuk-button-group wp-no-print">
            <a class="govuk-button" href=format!("/challenges/{id}/opening/record.json?envelope={}", paper.envelope)>{t!(cx, "opening-download")}</a>
            <a class="govuk-link" href="/receipts/verify">{t!(cx, "receipt-verify")}</a>
        </div>
        {(paper.number > 0).then(|| table(cx, "opening-list", &["opening-list-reference", "receipt-digest"], rows))}
    }
    .into_any()
}

pub async fn opening_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    if post.fields.get("do") == "ask" {
        verbs::ask_opening(&cx.desk, &cx.actor, id).await?;
        return Ok(Redirect::to(&format!("/challenges/{id}/opening?done=opening-asked")).into_response());
    }
    match verbs::open_responses(&cx.desk, &cx.actor, id).await {
        Err(Error::NotWhole(unwhole)) => return page(&cx, id, &unwhole).await,
        opened => opened?,
    };
    // What was opened says where to go on: the prices lead to the result.
    let priced = verbs::read_opening(&cx.desk, &cx.actor, id, PRICE).await.is_ok();
    let (room, done) = if priced { ("opening", "prices-opened") } else { ("responses", "opened") };
    Ok(Redirect::to(&format!("/challenges/{id}/{room}?done={done}")).into_response())
}

/// The signed record.
pub async fn opening_file(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let kind = if query.is_some_and(|query| query == "envelope=price") { PRICE } else { QUALITY };
    let id = id_of(&id)?;
    let record = match verbs::read_opening(&cx.desk, &cx.actor, id, kind).await {
        // There is none to give: the page says why, and what to do.
        Err(Error::NotWhole(_)) => return page(&cx, id, &[]).await,
        record => record?,
    };
    let name = if kind == PRICE { "opening-prices" } else { "opening" };
    Ok(download(&format!("{name}-{}.json", record.paper.challenge), record.signed.into_bytes()))
}
