//! The panel: opening, responses, seats and declarations, scoring, moderation, result.

mod panel;
mod result;
mod scoring;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::ids::ResponseId;
use domain::policy::{ReadOpenedResponse, Refused};
use leptos::prelude::*;
pub use panel::{declare, declare_post, panel, panel_post};
pub use result::{moderation, moderation_post, result, result_table, working};
pub use scoring::{grid, lock, score, score_post};
use workflow::challenge::read_draft;
use workflow::response::{self as verbs, Named};

use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::response::{answers_view, price_view};
use crate::ui::{amount, empty, exact, instant, stage_tag, warning};
use crate::words::t;

pub fn response_of(text: &str) -> Result<ResponseId, Fault> {
    Ok(ResponseId::parse(text).ok_or(Refused::unseen::<ReadOpenedResponse>(0))?)
}

/// The supplier's name, or what it is called by those who may not know it.
pub fn named(cx: &Cx, named: &Named) -> String {
    match named {
        Named::Supplier(name) => name.clone(),
        Named::Pseudonym(number) => t!(cx, "pseudonym", n = *number),
    }
}

/// Where the opening is asked for, or when it can be.
pub async fn opening(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = read_draft(&cx.desk, &cx.actor, id).await?;
    let facts = &found.facts;
    let act = match domain::policy::open_responses(&cx.actor, facts) {
        Ok(_) => view! {
            <form method="post">
                {warning(&cx, t!(cx, "opening-warning"))}
                <button class="govuk-button">{t!(cx, "opening-button")}</button>
            </form>
        }
        .into_any(),
        Err(refused) => {
            let opens = facts.standing.deadline.map(|deadline| {
                let zone = found.terms.as_ref().map_or("UTC", |terms| terms.zone.as_str());
                instant(cx.words, deadline.plus(domain::challenge::OPENING_DELAY), zone)
            });
            let from =
                opens.filter(|_| facts.stage().before_opening()).map(|at| view! { <p>{t!(cx, "opening-from", time = at)}</p> });
            view! { <div class="govuk-inset-text"><p>{t!(cx, &format!("refusal-{}", refused.why.code()))}</p>{from}</div> }
                .into_any()
        }
    };
    let opened = facts.standing.opened_at.map(|at| {
        view! { <p>{t!(cx, "opened-at")} " " {exact(&cx, at, None)} " " <a class="govuk-link" href=format!("/challenges/{id}/responses")>{t!(cx, "room-responses")}</a></p> }
    });
    let title = t!(cx, "room-opening");
    let body = view! {
        <p class="wp-meta">{stage_tag(&cx, facts.stage(), true)} " " {found.reference.clone()}</p>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "opening-text")}</p>
        {opened}
        {(facts.standing.opened_at.is_none()).then_some(act)}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &found.title)).render(&cx))
}

pub async fn opening_post(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    verbs::open_responses(&cx.desk, &cx.actor, id).await?;
    Ok(Redirect::to(&format!("/challenges/{id}/responses?done=opened")).into_response())
}

pub async fn responses(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let round = verbs::list_opened_responses(&cx.desk, &cx.actor, id).await?;
    let list = if round.responses.is_empty() {
        empty(t!(cx, "responses-none"), t!(cx, "responses-none-text"))
    } else {
        let rows = round
            .responses
            .iter()
            .map(|response| {
                view! {
                    <li class="wp-card">
                        <h2 class="wp-card__title"><a href=format!("/challenges/{id}/responses/{}", response.id)>{named(&cx, &response.named)}</a></h2>
                        <p class="wp-card__meta">{t!(cx, "received")} " " {exact(&cx, response.received_at, Some(&round.terms.zone))}</p>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="wp-cards">{rows}</ul> }.into_any()
    };
    let weak = (round.anonymous && round.responses.len() < 3).then(|| warning(&cx, t!(cx, "anonymity-weak")));
    let title = t!(cx, "room-responses");
    let body = view! {
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {round.anonymous.then(|| view! { <p class="govuk-inset-text">{t!(cx, "anonymous-reader")}</p> })}
        {weak}
        {list}
        {next_room(&cx, id, round.facts.stage())}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &round.title)).render(&cx))
}

fn next_room(cx: &Cx, id: domain::ids::ChallengeId, stage: Stage) -> Option<AnyView> {
    (stage == Stage::Scoring).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/panel")>{t!(cx, "room-panel")}</a></p> }.into_any()
    })
}

pub async fn response(cx: Cx, Path((id, response)): Path<(String, String)>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (round, found) = verbs::read_opened_response(&cx.desk, &cx.actor, response_of(&response)?).await?;
    if round.facts.challenge != id {
        return Err(Refused::unseen::<ReadOpenedResponse>(found.id.get()).into());
    }
    // Prices are closed to everyone until the scores are final.
    let price = round
        .facts
        .stage()
        .has_result()
        .then_some(())
        .and(found.content.price.as_ref())
        .map(|price| price_view(&cx, &found.content, amount(price)));
    let title = named(&cx, &found.named);
    let body = view! {
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-meta">{t!(cx, "received")} " " {exact(&cx, found.received_at, Some(&round.terms.zone))}</p>
        <div class="wp-score__answers">{answers_view(&cx, &round.terms, &found.content, &format!("/challenges/{id}/responses/{}/files", found.id))}</div>
        {price}
    };
    let mut above = crumbs(&cx, id, &round.title);
    above.push((format!("/challenges/{id}/responses"), t!(cx, "room-responses")));
    Ok(Page::new(title, body).under(above).render(&cx))
}
