//! The panel: opening, responses, seats and declarations, scoring, moderation, result.

mod charts;
mod check;
mod cut;
mod expert;
mod firmly;
mod lots;
mod moderation;
mod moderation_item;
mod opening;
mod panel;
mod record;
mod redaction;
mod result;
mod scoring;
mod steps;
mod what_if;

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
pub use check::{check, check_one, check_one_post, field_label};
pub use cut::section;
use domain::challenge::Stage;
use domain::ids::{ChallengeId, ResponseId};
use domain::moment::Moment;
use domain::policy::{ReadOpenedResponse, Refused};
pub use expert::{expert, expert_post};
use leptos::prelude::*;
pub use lots::result_post;
pub use moderation::{moderation, moderation_position, moderation_post};
pub use moderation_item::{moderation_item, moderation_item_post};
pub use opening::{opening, opening_file, opening_post};
pub use panel::{declare, declare_post, panel, panel_post};
pub use record::{record, record_post};
pub use result::{Reader, different_evaluators, result, result_table};
pub use scoring::{across, across_post, grid, lock, score, score_post};
pub use steps::working;
pub use what_if::what_if;
use workflow::response::{self as verbs, Named};

use crate::account::shown;
use crate::challenge::{asked_round, crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::response::{answers_view, price_view, sign_offs_view};
use crate::ui::{Form, amount, empty, error_summary, exact, warning};
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

pub async fn responses(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let asked = asked_round(&cx);
    let round = verbs::list_opened_responses_of(&cx.desk, &cx.actor, id, asked).await?;
    let of_round = asked.map(|number| format!("?round={number}")).unwrap_or_default();
    let list = if round.responses.is_empty() {
        empty(t!(cx, "responses-none"), t!(cx, "responses-none-text"))
    } else {
        let rows = round
            .responses
            .iter()
            .map(|response| {
                view! {
                    <li class="wp-card">
                        <h2 class="wp-card__title"><a href=format!("/challenges/{id}/responses/{}{of_round}", response.id)>{named(&cx, &response.named)}</a></h2>
                        {received(&cx, response.received_at, &round.terms.zone).map(|received| view! { <p class="wp-card__meta">{received}</p> })}
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
        {round.anonymous.then(|| view! { <p class="govuk-inset-text">{t!(cx, "anonymous-reader")} " " {t!(cx, "redacted-reader", mark = domain::response::LEFT_OUT)}</p> })}
        {weak}
        {list}
        {next_room(&cx, id, round.facts.stage())}
    };
    Ok(Page::new(title, body).under(crumbs(&cx, id, &round.title)).render(&cx))
}

fn received(cx: &Cx, at: Option<Moment>, zone: &str) -> Option<impl IntoView + use<>> {
    at.map(|at| view! { {t!(cx, "received")} " " {exact(cx, at, Some(zone))} })
}

fn next_room(cx: &Cx, id: ChallengeId, stage: Stage) -> Option<AnyView> {
    matches!(stage, Stage::Checking | Stage::Scoring).then(|| {
        view! { <p><a class="govuk-link" href=format!("/challenges/{id}/panel")>{t!(cx, "room-panel")}</a></p> }.into_any()
    })
}

pub async fn response(cx: Cx, Path((id, response)): Path<(String, String)>) -> Result<Response, Fault> {
    response_page(&cx, id_of(&id)?, response_of(&response)?, &Form::default()).await
}

async fn response_page(cx: &Cx, id: ChallengeId, response: ResponseId, form: &Form) -> Result<Response, Fault> {
    let (round, found) = verbs::read_opened_response_of(&cx.desk, &cx.actor, response, asked_round(cx)).await?;
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
        .map(|price| price_view(cx, &found.content, amount(price)));
    let title = named(cx, &found.named);
    // What is left out is said of the newest round; an earlier one is past being scored.
    let redactions = match round.facts.standing.rounds_after {
        0 => verbs::read_redactions(&cx.desk, &cx.actor, found.id).await?,
        _ => None,
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{round.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {received(cx, found.received_at, &round.terms.zone).map(|received| view! { <p class="wp-meta">{received}</p> })}
        <div class="wp-score__answers">{answers_view(cx, &round.terms, &found.content, &format!("/challenges/{id}/responses/{}/files", found.id))}</div>
        {price}
        {sign_offs_view(cx, &found, &round.terms.zone)}
        {check::clarified(cx, &round.terms, &found.clarified, &format!("/challenges/{id}/responses/{}/files", found.id))}
        {redactions.map(|rows| redaction::view(cx, &rows, form))}
    };
    let mut above = crumbs(cx, id, &round.title);
    let of_round = asked_round(cx).map(|number| format!("?round={number}")).unwrap_or_default();
    above.push((format!("/challenges/{id}/responses{of_round}"), t!(cx, "room-responses")));
    Ok(Page::new(title, body).under(above).invalid_if(form.invalid()).render(cx))
}

/// An officer leaves words out of what the panel reads, or takes that back.
pub async fn response_post(cx: Cx, Path((id, response)): Path<(String, String)>, post: Post) -> Result<Response, Fault> {
    let (id, response) = (id_of(&id)?, response_of(&response)?);
    let outcome = match post.fields.get("do") {
        "end" => verbs::end_redaction(&cx.desk, &cx.actor, response, &post.fields).await.map(|()| "redaction-ended"),
        _ => verbs::redact_response(&cx.desk, &cx.actor, id, response, &post.fields).await.map(|()| "redacted"),
    };
    match outcome {
        Ok(done) => {
            let of_round = asked_round(&cx).map(|number| format!("&round={number}")).unwrap_or_default();
            Ok(Redirect::to(&format!("/challenges/{id}/responses/{response}?done={done}{of_round}")).into_response())
        }
        Err(error) => {
            let errors = shown(error)?;
            response_page(&cx, id, response, &Form::with(post.fields, errors)).await
        }
    }
}
