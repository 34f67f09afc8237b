//! Moderation: the agenda by disagreement, and what can be agreed on in one step.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Method, Stage};
use domain::evaluation::ReasonFault;
use domain::form::Fields;
use domain::ids::{ChallengeId, CriterionId, ResponseId};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Moderation, ModerationItem};

use super::moderation_item::stale_or;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::{named, response_of};
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::islands::LivePage;
use crate::ui::{Column, Form, Table, cells, error_summary, hidden, tag, textarea, warning};
use crate::words::t;

/// Most forms of one-step agreement on one page: the others come up as these are agreed on.
const AT_ONCE: usize = 12;

pub async fn moderation(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    moderation_page(&cx, id_of(&id)?, Form::default()).await
}

/// Where the moderation stands for this reader: a mark that changes with whatever they can see, and says nothing else.
pub async fn moderation_position(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let position = verbs::read_moderation_position(&cx.desk, &cx.actor, id_of(&id)?).await?;
    Ok(axum::Json(serde_json::json!({ "position": position })).into_response())
}

pub(super) fn item_address(id: ChallengeId, item: (ResponseId, CriterionId)) -> String {
    format!("/challenges/{id}/moderation/{}/{}", item.0, item.1)
}

pub(super) fn item_name(cx: &Cx, found: &Moderation, item: &ModerationItem) -> String {
    let criterion = found.terms.leaf(item.criterion).map(|leaf| leaf.name()).unwrap_or_default();
    format!("{}: {criterion}", named(cx, &item.named))
}

/// "7 of 24 agreed", where the panel agrees.
pub(super) fn progress(cx: &Cx, found: &Moderation) -> Option<AnyView> {
    let (done, all) = found.progress();
    (found.terms.method == Method::Consensus).then(|| {
        view! {
            <div class="wp-progress" data-live="progress" id="progress">
                <progress aria-label=t!(cx, "agreed-label") max=all.to_string() value=done.to_string()></progress>
                <span>{t!(cx, "agreed-progress", done = done, all = all)}</span>
            </div>
        }
        .into_any()
    })
}

/// Responses below the published quorum, and the way on: for whoever leads and whoever appoints.
pub(super) fn short_of_quorum(cx: &Cx, id: ChallengeId, found: &Moderation) -> Option<AnyView> {
    let (officer, leads) = (found.facts.officer(), found.facts.seat.as_ref().is_some_and(|seat| seat.leads()));
    if found.short.is_empty() || found.facts.stage() != Stage::Moderation || !(officer || leads) {
        return None;
    }
    let name = |response: i64| found.items.iter().find(|item| item.response.get() == response).map(|item| named(cx, &item.named));
    let quorum = found.terms.panel.quorum;
    let rows = found.short.iter().map(|short| {
        let name = name(short.response).unwrap_or_default();
        view! { <li>{t!(cx, "short-response", name = name, have = short.have, quorum = quorum)}</li> }
    });
    let way = if officer {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/panel#short")>{t!(cx, "short-officer")}</a></p> }
            .into_any()
    } else {
        view! { <p>{t!(cx, "short-chair")}</p> }.into_any()
    };
    Some(
        view! {
            <section id="short" class="govuk-inset-text">
                <h2 class="govuk-heading-m">{t!(cx, "short-title")}</h2>
                <p>{t!(cx, "short-text", quorum = quorum)}</p>
                <ul class="govuk-list govuk-list--bullet">{rows.collect_view()}</ul>
                {way}
            </section>
        }
        .into_any(),
    )
}

/// What was agreed with somebody who left by a conflict since: which, and the way on. Who left is told to whoever leads.
pub(super) fn to_agree_anew(cx: &Cx, id: ChallengeId, found: &Moderation) -> Option<AnyView> {
    let (items, names) = found.anew();
    if items.is_empty() || found.terms.method != Method::Consensus || found.facts.stage() != Stage::Moderation {
        return None;
    }
    let leads = found.facts.seat.as_ref().is_some_and(|seat| seat.leads());
    let because = if leads {
        t!(cx, "anew-because", n = items.len(), count = names.len(), names = names.join(", "))
    } else {
        t!(cx, "anew-panel", n = items.len())
    };
    let rows = items.iter().map(|item| {
        let href = item_address(id, (item.response, item.criterion));
        view! { <li><a class="govuk-link" href=href>{item_name(cx, found, item)}</a></li> }
    });
    Some(
        view! {
            <section class="govuk-inset-text">
                <h2 class="govuk-heading-m">{t!(cx, "anew-title", n = items.len())}</h2>
                <p>{because}</p>
                <ul class="govuk-list govuk-list--bullet">{rows.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}

/// Swaps what others changed into the page, while the panel works.
pub(super) fn live(cx: &Cx, id: ChallengeId, found: &Moderation) -> Option<AnyView> {
    (found.facts.stage() == Stage::Moderation).then(|| {
        let address = format!("/challenges/{id}/moderation/position");
        view! { <LivePage address=address position=found.position.clone() changed=t!(cx, "live-changed") waits=t!(cx, "live-waits")/> }
            .into_any()
    })
}

/// What is to be mended in reasons: what, where it shows, and the way there.
pub(super) fn faults_view(cx: &Cx, found: &Moderation, faults: &[&ReasonFault], link: Option<ChallengeId>) -> Option<AnyView> {
    let rows = faults
        .iter()
        .filter_map(|fault| {
            let at = (ResponseId(fault.response), CriterionId(fault.criterion));
            let item = found.item(at.0, at.1)?;
            let who = fault.seat.and_then(|seat| found.seats.iter().find(|row| row.id.get() == seat)).map(|row| row.name.clone());
            let who = who.unwrap_or_else(|| t!(cx, "agreed-score"));
            let said = t!(cx, &format!("fault-{}", fault.kind.code()), words = fault.words.clone());
            let name = item_name(cx, found, item);
            let place = match link {
                Some(id) => view! { <a class="govuk-link" href=item_address(id, at)>{name}</a> }.into_any(),
                None => view! { <strong>{who.clone()}</strong> }.into_any(),
            };
            let who = link.map(|_| format!("({who})"));
            Some(view! { <li>{place} " " {who} " " {said}</li> })
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <ul class="govuk-list govuk-list--bullet">{rows}</ul> }.into_any())
}

/// Whoever has not declared yet is led to the declaration, which says why.
pub(super) fn to_declaration(id: ChallengeId, error: &workflow::Error) -> Option<Response> {
    let undeclared = error.refusal() == Some(domain::policy::Refusal::Undeclared);
    undeclared.then(|| Redirect::to(&format!("/challenges/{id}/declare?first=moderation")).into_response())
}

async fn moderation_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = match verbs::read_moderation(&cx.desk, &cx.actor, id).await {
        Ok(found) => found,
        Err(error) => return to_declaration(id, &error).ok_or(Fault(error)),
    };
    let consensus = found.terms.method == Method::Consensus;
    let text = t!(cx, if consensus { "moderation-consensus" } else { "moderation-mean" });
    let all: Vec<&ReasonFault> = found.faults.iter().collect();
    let faults = faults_view(cx, &found, &all, Some(id)).map(|list| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "faults-title")}</h2><p>{t!(cx, "faults-text")}</p>{list}</section> }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-moderation")}</h1>
        <p class="wp-lead">{text}</p>
        {live(cx, id, &found)}
        {progress(cx, &found)}
        {short_of_quorum(cx, id, &found)}
        <div id="anew" data-live="anew">{to_agree_anew(cx, id, &found)}</div>
        <p><a class="govuk-button govuk-button--secondary" href=format!("/challenges/{id}/moderation/record")>{t!(cx, "record")}</a></p>
        <section>
            <h2 class="govuk-heading-m">{t!(cx, "agenda-title")}</h2>
            {agenda(cx, id, &found)}
        </section>
        <div id="faults" data-live="faults">{faults}</div>
        {one_step(cx, &found, &form)}
    };
    let mut page = Page::new(t!(cx, "room-moderation"), body).under(crumbs(cx, id, &found.title)).wide();
    page.works = found.facts.stage() == Stage::Moderation;
    Ok(page.invalid_if(form.invalid()).render(cx))
}

/// A row an item, widest disagreement first: each member's points, the agreed score, and where there is something to mend.
fn agenda(cx: &Cx, id: ChallengeId, found: &Moderation) -> AnyView {
    let consensus = found.terms.method == Method::Consensus;
    let scorers: Vec<_> = found.seats.iter().filter(|seat| seat.role.scores()).collect();
    let agreed = consensus.then(|| Column::of(cx, "agreed-score"));
    let own = scorers.iter().map(|seat| Column::number(seat.name.clone()));
    let columns = ["column-item", "column-spread"].map(|key| Column::of(cx, key)).into_iter().chain(agreed).chain(own).collect();
    let rows = found
        .items
        .iter()
        .map(|item| {
            let points = scorers.iter().map(|seat| {
                let own = item.scores.iter().find(|(of, _, _)| *of == seat.id);
                own.map_or_else(|| "–".to_owned(), |(_, score, _)| score.points.to_string()).into_any()
            });
            let agreed = consensus.then(|| match item.agreed.last() {
                Some(_) if !item.left.is_empty() => tag("waiting", t!(cx, "agreed-anew")),
                Some(row) => tag("open", t!(cx, "agreed-on", points = row.points)),
                None if item.equal().is_some() => tag("decided", t!(cx, "agreed-equal")),
                None => tag("waiting", t!(cx, "agreed-open")),
            });
            let dissent = item.notes.iter().any(|note| note.kind == "dissent").then(|| tag("waiting", t!(cx, "dissent")));
            let href = item_address(id, (item.response, item.criterion));
            let name = view! { <a class="govuk-link" href=href>{item_name(cx, found, item)}</a> " " {dissent} };
            cells![name, t!(cx, "spread", n = item.spread)].into_iter().chain(agreed).chain(points).collect()
        })
        .collect();
    Table::new(t!(cx, "agenda-title"), columns, rows).live("agenda").render()
}

/// Where all gave the same, the panel agrees in one step: the score is there, its reason is still the panel's to write.
fn one_step(cx: &Cx, found: &Moderation, form: &Form) -> Option<AnyView> {
    domain::policy::agree_score(&cx.actor, &found.facts, found.terms.method, false).ok()?;
    let open: Vec<_> =
        found.items.iter().filter(|item| !item.is_agreed()).filter_map(|item| Some((item, item.equal()?))).collect();
    if open.is_empty() {
        return None;
    }
    let more = open.len().saturating_sub(AT_ONCE);
    let forms = open
        .iter()
        .take(AT_ONCE)
        .map(|(item, points)| {
            let key = format!("{}-{}", item.response, item.criterion);
            let posted = form.fields.get("item") == key;
            let name = item_name(cx, found, item);
            let own = if posted { form.clone() } else { Form::default() };
            let reasons = item.scores.iter().map(|(seat, score, _)| {
                let who = found.seats.iter().find(|row| row.id == *seat).map(|row| row.name.clone()).unwrap_or_default();
                view! { <li><strong>{who}</strong> " " {score.reason.clone()}</li> }
            });
            let label = t!(cx, "agree-equal-reason", points = *points, name = name.clone());
            view! {
                <li class="wp-card" id=format!("equal-{key}") data-live=format!("equal-{key}")>
                    <h3 class="wp-card__title">{name}</h3>
                    <ul class="govuk-list">{reasons.collect_view()}</ul>
                    <form method="post" novalidate>
                        {hidden("item", key.clone())}{hidden("response", item.response)}{hidden("criterion", item.criterion)}
                        {hidden("points", points)}{hidden("seen", item.agreed.last().map_or(0, |row| row.n))}
                        {own_ids(posted, "reason", &key, || textarea(cx, &own, "reason", label.clone(), "", 2))}
                        <button class="govuk-button govuk-button--secondary" name="do" value="agree">{t!(cx, "agree-equal-button", points = *points)}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    Some(
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "agree-equal-title")}</h2>
                <p>{t!(cx, "agree-equal-text")}</p>
                <ul class="wp-cards" id="equal">{forms}</ul>
                {(more > 0).then(|| warning(cx, t!(cx, "agree-equal-more", n = more)))}
            </section>
        }
        .into_any(),
    )
}

/// Several forms of one page would repeat their ids: only the one that came back keeps the plain one, to which the error
/// summary leads.
fn own_ids(posted: bool, name: &str, key: &str, field: impl Fn() -> AnyView) -> AnyView {
    if posted {
        return field();
    }
    let html = field().to_html();
    let html = html
        .replace(&format!(" id=\"{name}\""), &format!(" id=\"{name}-{key}\""))
        .replace(&format!(" for=\"{name}\""), &format!(" for=\"{name}-{key}\""));
    view! { <div inner_html=html></div> }.into_any()
}

pub async fn moderation_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let fields: &Fields = &post.fields;
    let response = response_of(fields.get("response"))?;
    let criterion = CriterionId::parse(fields.get("criterion")).unwrap_or(CriterionId(0));
    let (outcome, done) = match fields.get("do") {
        "agree" => (verbs::agree_score(&cx.desk, &cx.actor, id, response, criterion, fields).await, "agreed"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/moderation?done={done}#equal")).into_response()),
        Err(error) => {
            let errors = stale_or(error, "reason")?;
            moderation_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
