//! The panel's record as a page: everything in it, who has approved it, and what closes it.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Method, Stage};
use domain::evaluation::ReasonFault;
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, to_text};
use domain::moment::Moment;
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Moderation, ModerationItem};

use super::moderation::{faults_view, item_address, item_name, live, progress, short_of_quorum, to_agree_anew, to_declaration};
use super::moderation_item::{next_point, notes};
use super::result::approvals;
use crate::account::shown;
use crate::challenge::{asked_round, crumbs, id_of};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, exact, hidden, submit, tag, textarea, warning};
use crate::words::t;

pub async fn record(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    record_page(&cx, id_of(&id)?, Form::default()).await
}

async fn record_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let asked = asked_round(cx);
    let found = match verbs::read_moderation_of(&cx.desk, &cx.actor, id, asked).await {
        Ok(found) => found,
        Err(error) => return to_declaration(id, &error).ok_or(Fault(error)),
    };
    // Pages of single items are those of the newest round.
    let link = asked.is_none().then_some(id);
    let all: Vec<&ReasonFault> = found.faults.iter().collect();
    let faults = faults_view(cx, &found, &all, link).map(|list| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "faults-title")}</h2><p>{t!(cx, "faults-text")}</p>{list}</section> }
    });
    let closed = found.record.as_ref().map(|record| {
        let without = found
            .without
            .iter()
            .map(|row| view! { <li>{t!(cx, "record-without", name = row.name.clone())} " " {row.reason.clone()}</li> });
        view! {
            <p>{record.discussion.clone()}</p>
            <p class="wp-meta">{t!(cx, "record-by", name = &record.by_name)} " " {exact(cx, Moment(record.at), None)}</p>
            {approvals(cx, &found.approved)}
            <ul class="govuk-list">{without.collect_view()}</ul>
            {confirmation(cx, &found)}
        }
    });
    let proposed = found.proposal.as_ref().filter(|_| found.record.is_none()).map(|proposal| {
        view! {
            <p>{proposal.discussion.clone()}</p>
            <p class="wp-meta">{t!(cx, "written-by", name = proposal.by_name.clone())} " " {exact(cx, Moment(proposal.at), None)}</p>
            {confirmation(cx, &found)}
        }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "record")}</h1>
        <p class="wp-lead">{t!(cx, "record-text")}</p>
        {live(cx, id, &found)}
        {progress(cx, &found)}
        {short_of_quorum(cx, id, &found)}
        <div id="anew" data-live="anew">{to_agree_anew(cx, id, &found)}</div>
        <div id="discussion-text" data-live="discussion">{closed}{proposed}</div>
        <div id="members" data-live="members">{members(cx, &found)}</div>
        <div id="faults" data-live="faults">{faults}</div>
        {acts(cx, &found, &form)}
        <section id="items" data-live="items">
            <h2 class="govuk-heading-m">{t!(cx, "record-items")}</h2>
            {found.items.iter().map(|item| item_view(cx, link, &found, item)).collect_view()}
        </section>
    };
    let mut above = crumbs(cx, id, &found.title);
    above.push(match asked {
        Some(number) => (format!("/challenges/{id}/result?round={number}"), t!(cx, "room-result")),
        None => (format!("/challenges/{id}/moderation"), t!(cx, "room-moderation")),
    });
    let mut page = Page::new(t!(cx, "record"), body).under(above).wide();
    page.works = found.facts.stage() == Stage::Moderation;
    Ok(page.invalid_if(form.invalid()).render(cx))
}

/// Who confirmed that it is closed without members who did not approve it, and why.
fn confirmation(cx: &Cx, found: &Moderation) -> Option<AnyView> {
    let row = found.confirmed.as_ref()?;
    Some(
        view! { <p>{t!(cx, "record-confirmed", name = &row.by_name)} " " {row.reason.clone()} " " <span class="wp-meta">{exact(cx, Moment(row.at), None)}</span></p> }
            .into_any(),
    )
}

fn members(cx: &Cx, found: &Moderation) -> Option<AnyView> {
    if found.record.is_some() || found.proposal.is_none() {
        return None;
    }
    let own = found.facts.seat.as_ref().map(|seat| seat.id);
    let rows = found
        .members
        .iter()
        .filter(|member| member.told)
        .map(|member| {
            let closes = Some(member.seat) == own && domain::policy::propose_record(&cx.actor, &found.facts).is_ok();
            let state = match member.signed {
                Some(_) => tag("decided", t!(cx, "member-signed")),
                None if closes => tag("open", t!(cx, "member-closes")),
                None => tag("waiting", t!(cx, "member-waits")),
            };
            view! { <li>{member.name.clone()} " " {state}</li> }
        })
        .collect_view();
    Some(view! { <h2 class="govuk-heading-m">{t!(cx, "members-title")}</h2><ul class="govuk-list">{rows}</ul> }.into_any())
}

/// What this reader may do with the record: put it before the members, approve it, close it.
fn acts(cx: &Cx, found: &Moderation, form: &Form) -> AnyView {
    let facts = &found.facts;
    let own = facts.seat.as_ref().map(|seat| seat.id);
    let leads = domain::policy::propose_record(&cx.actor, facts).is_ok();
    let came_back = |act: &str| (form.fields.get("do") == act).then(|| form.clone());
    let propose = leads.then(|| {
        let before = found.proposal.as_ref().map(|proposal| proposal.discussion.clone()).unwrap_or_default();
        let typed = came_back("propose").unwrap_or_else(|| Form::new([("discussion", before)].into_iter().collect()));
        let button = t!(cx, if found.proposal.is_some() { "propose-again" } else { "propose-button" });
        view! {
            <form method="post" novalidate id="propose">
                {hidden("seen", found.proposal.as_ref().map(|proposal| to_text(proposal.id)).unwrap_or_default())}
                {textarea(cx, &typed, "discussion", t!(cx, "record-discussion"), "record-discussion-hint", 6)}
                {submit(button, "propose")}
            </form>
        }
    });
    let signed = found.members.iter().any(|member| Some(member.seat) == own && member.signed.is_some());
    let sign =
        (found.proposal.is_some() && !signed && !leads && domain::policy::sign_record(&cx.actor, facts).is_ok()).then(|| {
            view! {
                <form method="post" novalidate id="sign" data-live="sign">
                    <p>{t!(cx, "record-sign-text")}</p>
                    {hidden("seen", found.position.clone())}
                    {submit(t!(cx, "record-sign-button"), "sign")}
                </form>
            }
        });
    let waiting: Vec<_> = found.members.iter().filter(|member| Some(member.seat) != own && member.signed.is_none()).collect();
    let close = (leads && found.proposal.is_some()).then(|| {
        let typed = came_back("record").unwrap_or_default();
        let missing = waiting
            .iter()
            .map(|member| {
                let name = format!("without-{}", member.seat);
                textarea(cx, &typed, &name, t!(cx, "without-label", name = member.name.clone()), "without-hint", 2)
            })
            .collect_view();
        let backing = found.backing();
        let thin = backing.thin(usize::from(found.terms.panel.quorum)) && found.confirmed.is_none();
        let thin = (!waiting.is_empty() && thin)
            .then(|| view! { <p>{t!(cx, "record-thin-text", quorum = found.terms.panel.quorum)}</p> });
        let error = form.error(cx, "close").map(|error| view! { <p class="govuk-error-message">{error}</p> });
        view! {
            <form method="post" novalidate id="close" data-live="close">
                {error}
                {warning(cx, t!(cx, "record-warning"))}
                {(!waiting.is_empty()).then(|| view! { <p>{t!(cx, "without-text", n = waiting.len())}</p> })}
                {thin}
                {missing}
                {hidden("seen", found.position.clone())}
                {submit(t!(cx, "record-button"), "record")}
            </form>
        }
    });
    let may_confirm = domain::policy::confirm_record(&cx.actor, facts).is_ok();
    let confirm = (may_confirm && found.proposal.is_some() && found.confirmed.is_none() && !waiting.is_empty()).then(|| {
        let typed = came_back("confirm").unwrap_or_default();
        view! {
            <section id="confirm" data-live="confirm">
                <h2 class="govuk-heading-m">{t!(cx, "record-confirm-title")}</h2>
                <p>{t!(cx, "record-confirm-text", quorum = found.terms.panel.quorum)}</p>
                <form method="post" novalidate>
                    {hidden("seen", found.position.clone())}
                    {textarea(cx, &typed, "confirm_reason", t!(cx, "record-confirm-reason"), "record-confirm-hint", 3)}
                    <button class="govuk-button govuk-button--secondary" name="do" value="confirm">{t!(cx, "record-confirm-button")}</button>
                </form>
            </section>
        }
    });
    let waits = (found.record.is_none() && found.proposal.is_none() && !leads)
        .then(|| view! { <p class="govuk-inset-text" id="waits" data-live="waits">{t!(cx, "record-waits")}</p> });
    view! { {propose} {sign} {close} {confirm} {waits} }.into_any()
}

fn item_view(cx: &Cx, link: Option<ChallengeId>, found: &Moderation, item: &ModerationItem) -> AnyView {
    let name = item_name(cx, found, item);
    let name = match link {
        Some(id) => view! { <a class="govuk-link" href=item_address(id, (item.response, item.criterion))>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let rows = item
        .scores
        .iter()
        .map(|(seat, score, _)| {
            let name = found.seats.iter().find(|row| row.id == *seat).map(|row| row.name.clone()).unwrap_or_default();
            view! { <li>{name} ": " <strong>{score.points.to_string()}</strong> " " {score.reason.clone()}{next_point(cx, score)}</li> }
        })
        .collect_view();
    let agreed = item.agreed.last().map(|row| {
        view! { <p><strong>{t!(cx, "agreed-is", points = row.points, max = item.max)}</strong> " " {row.reason.clone()}</p> }
    });
    let key = if item.agreed.is_empty() { "agreed-open" } else { "agreed-anew" };
    let missing = (found.terms.method == Method::Consensus && !item.is_agreed()).then(|| tag("waiting", t!(cx, key)));
    view! {
        <article class="wp-measure govuk-!-margin-bottom-6">
            <h3 class="govuk-heading-s">{name} " " {missing}</h3>
            {agreed}
            <ul class="govuk-list">{rows}</ul>
            {notes(cx, item)}
        </article>
    }
    .into_any()
}

pub async fn record_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let fields: &Fields = &post.fields;
    let here = format!("/challenges/{id}/moderation/record");
    let outcome = match fields.get("do") {
        "propose" => verbs::propose_record(&cx.desk, &cx.actor, id, fields).await.map(|()| format!("{here}?done=proposed")),
        "sign" => verbs::sign_record(&cx.desk, &cx.actor, id, fields).await.map(|()| format!("{here}?done=signed")),
        "confirm" => {
            verbs::confirm_record(&cx.desk, &cx.actor, id, fields).await.map(|()| format!("{here}?done=record-confirmed"))
        }
        "record" => {
            verbs::approve_record(&cx.desk, &cx.actor, id, fields).await.map(|()| format!("/challenges/{id}/result?done=record"))
        }
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(workflow::Error::Stale) => {
            // What was typed stays in its form; what stands now is read above it.
            let (field, code) = match fields.get("do") {
                "propose" => ("discussion", "stale-proposal"),
                "record" => ("close", "stale-closing"),
                _ => ("members", "stale-record"),
            };
            let errors = vec![FieldError::new(field, code)];
            record_page(&cx, id, Form::with(post.fields, errors)).await
        }
        Err(error) => {
            let errors = shown(error)?;
            record_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
