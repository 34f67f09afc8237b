//! Interviews: times offered by the team, taken by those who go on, and both as a calendar.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::FieldError;
use domain::ids::{ChallengeId, ResponseId, from_text, to_text};
use domain::moment::Moment;
use domain::policy::{ReadOwnInterview, Refused};
use icalendar::{Calendar, Component, Event, EventLike};
use leptos::prelude::*;
use store::SlotRow;
use workflow::interview::{self as verbs, InterviewsView, OwnInterview};

use crate::account::shown;
use crate::challenge::{crumbs, id_of, utc};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::{Post, parse};
use crate::ui::{
    Form, Row, cells, clock, error_summary, exact, hidden, input, instant, paragraphs, radios, submit, table, tag, textarea,
    warning,
};
use crate::words::t;

pub async fn interviews(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    interviews_page(&cx, id_of(&id)?, Form::default()).await
}

async fn interviews_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_interviews(&cx.desk, &cx.actor, id).await?;
    let offers = domain::policy::offer_slots(&cx.actor, &found.facts, true).is_ok();
    let chosen = withdrawing(cx).and_then(|slot| found.slots.iter().find(|row| row.id == slot));
    if let Some(row) = chosen.filter(|_| offers) {
        return Ok(withdraw_page(cx, id, &found, row, &form));
    }
    let title = t!(cx, "interviews-title");
    let rows = found.slots.iter().map(|row| slot_row(cx, &found, row, offers)).collect();
    let list = if found.slots.is_empty() {
        view! { <p class="govuk-inset-text">{t!(cx, "interviews-none")}</p> }.into_any()
    } else {
        view! {
            {table(cx, "interviews-title", &["column-when", "column-where", "column-supplier", "column-act"], rows)}
            <p><a class="govuk-link" href=format!("/challenges/{id}/interviews.ics")>{t!(cx, "interviews-calendar")}</a></p>
        }
        .into_any()
    };
    let without =
        (!found.without.is_empty()).then(|| view! { <p>{t!(cx, "interviews-without", names = found.without.join(", "))}</p> });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {list}
        {without}
        {offers.then(|| offer(cx, &form, &found))}
    };
    Ok(Page::new(title, body).under(crumbs(cx, id, &found.terms.title)).invalid_if(form.invalid()).render(cx))
}

/// `?withdraw=…`: which time is to be withdrawn.
fn withdrawing(cx: &Cx) -> Option<i64> {
    let query = cx.uri.split_once('?').map_or("", |(_, query)| query);
    from_text(parse(query.as_bytes()).get("withdraw"))
}

/// Asked once, on a page of its own: which time, who loses it, and why.
fn withdraw_page(cx: &Cx, id: ChallengeId, found: &InterviewsView, row: &SlotRow, form: &Form) -> Response {
    let title = t!(cx, "interview-withdraw-title");
    let told = match &row.supplier_name {
        Some(name) => warning(cx, t!(cx, "interview-withdraw-taken", name = name)),
        None => view! { <p>{t!(cx, "interview-withdraw-free")}</p> }.into_any(),
    };
    let reason = row
        .supplier_name
        .is_some()
        .then(|| textarea(cx, form, "reason", t!(cx, "interview-withdraw-reason"), "interview-withdraw-reason-hint", 3));
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p><strong>{span(cx, row, &found.terms.zone)}</strong></p>
        <p class="wp-break">{row.place.clone()}</p>
        {told}
        <form class="wp-form" method="post" novalidate>
            {hidden("slot", to_text(row.id))}
            {reason}
            <div class="govuk-button-group">
                <button class="govuk-button govuk-button--warning" name="do" value="withdraw">{t!(cx, "interview-withdraw-button")}</button>
                <a class="govuk-link" href=format!("/challenges/{id}/interviews")>{t!(cx, "back")}</a>
            </div>
        </form>
    };
    let mut above = crumbs(cx, id, &found.terms.title);
    above.push((format!("/challenges/{id}/interviews"), t!(cx, "interviews-title")));
    Page::new(title, body).under(above).invalid_if(form.invalid()).render(cx)
}

/// "17 December 2026, 09:00 GMT to 09:45".
fn span(cx: &Cx, row: &SlotRow, zone: &str) -> AnyView {
    let ends = clock(row.slot().ends(), zone);
    view! { {exact(cx, Moment(row.starts_at), Some(zone))} " " {t!(cx, "interview-to", at = ends)} }.into_any()
}

fn slot_row(cx: &Cx, found: &InterviewsView, row: &SlotRow, offers: bool) -> Row {
    let who = match &row.supplier_name {
        Some(name) => name.clone().into_any(),
        None => tag("waiting", t!(cx, "interview-free")),
    };
    let act = (offers && cx.now.before(Moment(row.starts_at))).then(|| {
        let at = instant(cx.words, Moment(row.starts_at), &found.terms.zone);
        let href = format!("/challenges/{}/interviews?withdraw={}", found.facts.challenge, to_text(row.id));
        view! { <a class="govuk-link" href=href aria-label=t!(cx, "interview-withdraw-one", at = at)>{t!(cx, "interview-withdraw")}</a> }
    });
    cells![span(cx, row, &found.terms.zone), row.place.clone(), who, act]
}

fn offer(cx: &Cx, form: &Form, found: &InterviewsView) -> AnyView {
    view! {
        <form class="wp-form govuk-!-margin-top-6" method="post" novalidate>
            <h2 class="govuk-heading-m">{t!(cx, "interviews-offer")}</h2>
            <p>{t!(cx, "interviews-offer-text", zone = &found.terms.zone)}</p>
            {input(cx, form, "date", t!(cx, "interview-date"), "", "date", "")}
            {input(cx, form, "time", t!(cx, "interview-time"), "", "time", "")}
            {input(cx, form, "minutes", t!(cx, "interview-minutes"), "", "number", "")}
            {input(cx, form, "count", t!(cx, "interview-count"), "interview-count-hint", "number", "")}
            {input(cx, form, "pause", t!(cx, "interview-pause"), "interview-pause-hint", "number", "")}
            {input(cx, form, "place", t!(cx, "interview-place"), "interview-place-hint", "text", "")}
            {input(cx, form, "until_date", t!(cx, "interview-until-date"), "interview-until-hint", "date", "")}
            {input(cx, form, "until_time", t!(cx, "interview-until-time"), "", "time", "")}
            {submit(t!(cx, "interviews-offer-button"), "offer")}
        </form>
    }
    .into_any()
}

pub async fn interviews_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (outcome, done) = match post.fields.get("do") {
        "offer" => (verbs::offer_slots(&cx.desk, &cx.actor, id, &post.fields).await, "slots-offered"),
        "withdraw" => (verbs::withdraw_slot(&cx.desk, &cx.actor, id, &post.fields).await, "slot-withdrawn"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/interviews?done={done}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            interviews_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

fn response_of(text: &str) -> Result<ResponseId, Fault> {
    Ok(ResponseId::parse(text).ok_or(Refused::unseen::<ReadOwnInterview>(0))?)
}

pub async fn interview(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    interview_page(&cx, response_of(&id)?, Form::default()).await
}

async fn interview_page(cx: &Cx, id: ResponseId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_own_interview(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "interview-title");
    let held = found.held.as_ref().map(|row| own(cx, &found, row));
    // The last time that was taken from it, until it has another.
    let lost = found.taken.iter().filter(|row| row.withdrawn_at == Some(row.changed_at)).max_by_key(|row| row.changed_at);
    let lost = lost.filter(|_| found.held.is_none()).map(|row| {
        view! {
            <section class="govuk-inset-text" aria-labelledby="lost">
                <h2 class="govuk-heading-m" id="lost">{t!(cx, "interview-lost")}</h2>
                <p>{span(cx, row, &found.terms.zone)}</p>
                {paragraphs(&row.withdrawn_reason)}
                <p><a class="govuk-link" href=format!("/responses/{id}/interview.ics")>{t!(cx, "interview-lost-calendar")}</a></p>
            </section>
        }
    });
    let choices: Vec<_> = found
        .free
        .iter()
        .map(|row| {
            let at = instant(cx.words, Moment(row.starts_at), &found.terms.zone);
            let ends = t!(cx, "interview-to", at = clock(row.slot().ends(), &found.terms.zone));
            (to_text(row.id), format!("{at} {ends}, {}", row.place), None)
        })
        .collect();
    let choose = if found.open && !choices.is_empty() {
        let button = if found.held.is_some() { "interview-change" } else { "interview-book" };
        view! {
            <form class="wp-form" method="post" novalidate>
                {radios(cx, &form, "slot", t!(cx, "interview-choose"), choices)}
                <p class="govuk-hint">{t!(cx, "interview-until-text")}</p>
                {submit(t!(cx, button), "")}
            </form>
        }
        .into_any()
    } else {
        view! { <p class="govuk-inset-text">{t!(cx, if found.held.is_some() { "interview-fixed" } else { "interview-nothing-free" })}</p> }
            .into_any()
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {held}
        {lost}
        {choose}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), found.terms.title.clone())];
    Ok(Page::new(title, body).under(above).invalid_if(form.invalid()).render(cx))
}

fn own(cx: &Cx, found: &OwnInterview, row: &SlotRow) -> AnyView {
    let id = found.facts.response;
    let zone = &found.terms.zone;
    let here = cx.zone.as_deref().filter(|here| here != zone).map(|here| instant(cx.words, Moment(row.starts_at), here));
    view! {
        <section class="govuk-inset-text" aria-labelledby="held">
            <h2 class="govuk-heading-m" id="held">{t!(cx, "interview-yours")}</h2>
            <p><strong>{span(cx, row, zone)}</strong></p>
            {here.map(|here| view! { <p class="wp-muted">{t!(cx, "where-you-are", time = here)}</p> })}
            <p class="wp-break">{row.place.clone()}</p>
            <p>{t!(cx, "interview-change-until")} " " {exact(cx, Moment(row.book_until), Some(zone))}</p>
            <p><a class="govuk-link" href=format!("/responses/{id}/interview.ics")>{t!(cx, "interview-calendar")}</a></p>
        </section>
    }
    .into_any()
}

pub async fn interview_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = response_of(&id)?;
    match verbs::book_slot(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/responses/{id}/interview?done=slot-booked")).into_response()),
        Err(error) => {
            let errors = match error {
                // Another was quicker: the page shows what is still free.
                workflow::Error::Stale => vec![FieldError::new("slot", "slot-taken")],
                error => shown(error)?,
            };
            interview_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}

/// For the team: who comes when.
pub async fn interviews_calendar(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_interviews(&cx.desk, &cx.actor, id).await?;
    let link = format!("/challenges/{id}/interviews");
    let rows = found.slots.iter().filter_map(|row| Some((row, row.supplier_name.clone()?)));
    let taken = rows
        .map(|(row, name)| event(&cx, row, t!(cx, "calendar-interview-with", name = name, title = &found.terms.title), &link));
    let over = found.cancelled.iter().map(|row| event(&cx, row, t!(cx, "calendar-interview", title = &found.terms.title), &link));
    Ok(calendar(&found.terms.title, "PUBLISH", taken.chain(over)))
}

/// For the supplier: its own, and as cancelled those that it has no more.
pub async fn interview_calendar(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = response_of(&id)?;
    let found = verbs::read_own_interview(&cx.desk, &cx.actor, id).await?;
    if found.taken.is_empty() {
        return Err(Refused::unseen::<ReadOwnInterview>(id.get()).into());
    }
    let link = format!("/responses/{id}/interview");
    let events = found.taken.iter().map(|row| event(&cx, row, t!(cx, "calendar-interview", title = &found.terms.title), &link));
    // RFC 5546: a calendar that only takes back says so as a whole.
    let method = if found.held.is_some() { "PUBLISH" } else { "CANCEL" };
    Ok(calendar(&found.terms.title, method, events))
}

/// The same time keeps its id whoever takes it; each taking and giving back counts the sequence on (RFC 5545).
fn event(cx: &Cx, row: &SlotRow, summary: String, link: &str) -> Event {
    let host = cx.desk.base_url.split("://").last().unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    let link = format!("{}{link}", cx.desk.base_url);
    let mut event = Event::new();
    event.uid(&format!("{}-interview@{host}", to_text(row.id)));
    event.summary(&summary);
    event.location(&row.place);
    event.description(&link);
    event.add_property("DTSTAMP", utc(Moment(row.changed_at)));
    event.add_property("DTSTART", utc(Moment(row.starts_at)));
    event.add_property("DTEND", utc(row.slot().ends()));
    event.add_property("SEQUENCE", row.sequence().to_string());
    event.add_property("URL", &link);
    event.add_property("STATUS", if row.response.is_some() { "CONFIRMED" } else { "CANCELLED" });
    event.done()
}

fn calendar(name: &str, method: &str, events: impl Iterator<Item = Event>) -> Response {
    let mut calendar = Calendar::new();
    calendar.name(name);
    calendar.append_property(("METHOD", method));
    for event in events {
        calendar.push(event);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"interviews.ics\"".to_owned()),
    ];
    (headers, calendar.to_string()).into_response()
}
