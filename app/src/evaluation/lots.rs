//! Lots on the page of the result: asked for, drawn, and drawn again by whoever wants to.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::evaluation::lot_order;
use domain::ids::{ResponseId, to_text};
use domain::moment::Moment;
use domain::policy;
use leptos::prelude::*;
use workflow::evaluation as verbs;

use super::result::{Reader, result_page};
use crate::account::shown;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::guard::Post;
use crate::ui::{cells, exact, hidden, table};
use crate::words::t;

pub async fn result_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let outcome = match post.fields.get("do") {
        "ask" => verbs::ask_lots(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "lots-asked"),
        "draw" => verbs::draw_lots(&cx.desk, &cx.actor, id, &post.fields).await.map(|()| "lots-drawn"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/challenges/{id}/result?done={done}#lots")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            result_page(&cx, id, errors).await
        }
    }
}

/// Nothing where nobody is tied and nothing was drawn.
pub fn section(reader: &Reader) -> Option<AnyView> {
    let cx = reader.cx;
    let found = reader.found;
    let mut ties: Vec<(u32, Vec<i64>)> = Vec::new();
    for standing in found.outcome.standings.iter().filter(|standing| standing.tied) {
        let rank = standing.rank.unwrap_or_default();
        if ties.last().is_none_or(|(last, _)| *last != rank) {
            ties.push((rank, Vec::new()));
        }
        if let Some((_, between)) = ties.last_mut() {
            between.push(standing.response);
        }
    }
    if ties.is_empty() && found.lots.is_empty() {
        return None;
    }
    // What is asked for is shown as that.
    ties.retain(|(_, between)| !found.lots_between.iter().any(|row| between.contains(&row.response)));
    let may_ask = policy::ask_lots(&cx.actor, &found.facts).is_ok();
    let open = ties
        .into_iter()
        .map(|(rank, between)| {
            let names: Vec<String> = between.iter().map(|response| reader.response(*response)).collect();
            let text = t!(cx, "lots-needed", rank = rank, names = names.join(", "));
            let ask = may_ask.then(|| {
                view! {
                    <form method="post" novalidate>
                        {hidden("rank", rank)}
                        <button class="govuk-button govuk-button--secondary" name="do" value="ask">{t!(cx, "lots-ask")}</button>
                    </form>
                }
            });
            view! { <p>{text}</p> {ask} }
        })
        .collect_view();
    let asked = found.lots.iter().map(|row| drawing(reader, row)).collect_view();
    Some(
        view! {
            <section aria-labelledby="lots">
                <h2 class="govuk-heading-m govuk-!-margin-top-6" id="lots">{t!(cx, "lots-title")}</h2>
                <p>{t!(cx, "lots-text")}</p>
                {open}
                {asked}
            </section>
        }
        .into_any(),
    )
}

fn drawing(reader: &Reader, row: &store::LotRow) -> AnyView {
    let cx = reader.cx;
    let found = reader.found;
    let between: Vec<i64> = found.lots_between.iter().filter(|lot| lot.ask == row.ask).map(|lot| lot.response).collect();
    let names: Vec<String> = between.iter().map(|response| reader.response(*response)).collect();
    let asked = t!(cx, "lots-asked-by", name = &row.asked_by_name, names = names.join(", "));
    let Some(seed) = &row.seed else {
        let act = match policy::draw_lots(&cx.actor, &found.facts, Some(row.asked_by.into())) {
            Ok(_) => view! {
                <form method="post" novalidate>
                    {hidden("ask", to_text(row.ask))}
                    <button class="govuk-button" name="do" value="draw">{t!(cx, "lots-draw")}</button>
                </form>
            }
            .into_any(),
            Err(refused) => {
                view! { <div class="govuk-inset-text">{t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }.into_any()
            }
        };
        return view! { <p>{asked} " " {exact(cx, Moment(row.asked_at), None)}</p> {act} }.into_any();
    };
    let drawn = t!(cx, "lots-drawn-by", name = row.drawn_by_name.clone().unwrap_or_default());
    let rows = (1..)
        .zip(lot_order(seed, &between))
        .map(|(place, (response, lot))| {
            cells![
                reader.response(response),
                place.to_string(),
                view! { <code class="wp-digest">{ResponseId(response).to_string()}</code> },
                view! { <code class="wp-digest">{lot}</code> },
            ]
        })
        .collect();
    let sign = between.first().map(|response| ResponseId(*response).to_string()).unwrap_or_default();
    let again = format!("printf '%s' '{seed}:{sign}' | sha256sum");
    view! {
        <p>{asked} " " {exact(cx, Moment(row.asked_at), None)} " " {drawn} " " {row.drawn_at.map(|at| exact(cx, Moment(at), None))}</p>
        <p>{t!(cx, "lots-seed")} " " <code class="wp-digest">{seed.clone()}</code></p>
        {table(cx, "lots-title", &["column-response-name", "column-place", "column-response-id", "column-lot"], rows)}
        <p class="wp-muted">{t!(cx, "lots-again")} " " <code class="wp-digest">{again}</code></p>
    }
    .into_any()
}
