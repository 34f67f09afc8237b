//! Moderation and the result: all scores together, then totals, thresholds, ranks and honest ties.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{Stage, Terms};
use domain::evaluation::{Basis, Below, DecidedBy, Line, Standing};
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, ResponseId, SeatId};
use domain::money::Money;
use domain::policy::{SeatRole, SeatStanding};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Moderation, ModerationItem, ResultView};

use crate::account::shown;
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::{named, response_of};
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, amount, bar, error_summary, hidden, input, steady_table, submit, textarea, warning};
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

pub async fn result(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_result(&cx.desk, &cx.actor, id).await?;
    let record = found.record.as_ref().map(|record| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "record")}</h2><p>{record.discussion.clone()}</p><p class="wp-meta">{t!(cx, "record-by", name = &record.by_name)}</p></section> }
    });
    let recommend = domain::policy::recommend_decision(&cx.actor, &found.facts).is_ok().then(|| {
        view! { <p><a class="govuk-button" href=format!("/challenges/{id}/recommend")>{t!(cx, "room-recommend")}</a></p> }
    });
    let scorers = found.seats.iter().filter(|seat| seat.role.scores() && seat.standing != SeatStanding::Removed).count();
    let chair = found.seats.iter().find(|seat| seat.role == SeatRole::Chair).map(|seat| seat.name.clone()).unwrap_or_default();
    let body = view! {
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{t!(cx, "room-result")}</h1>
        <p class="wp-meta">{t!(cx, "result-by", n = scorers, chair = chair)}</p>
        {found.outcome.different_evaluators.then(|| warning(&cx, t!(cx, "different-evaluators")))}
        {result_table(&cx, &found)}
        <h2 class="govuk-heading-m govuk-!-margin-top-6">{t!(cx, "how-computed")}</h2>
        <p>{t!(cx, "how-computed-text")}</p>
        {found.outcome.standings.iter().map(|standing| steps(&cx, &found, standing)).collect_view()}
        {record}
        {recommend}
    };
    Ok(Page::new(t!(cx, "room-result"), body).under(crumbs(&cx, id, &found.title)).wide().render(&cx))
}

fn name_of(cx: &Cx, found: &ResultView, response: i64) -> String {
    found.responses.get(&ResponseId(response)).map(|response| named(cx, &response.named)).unwrap_or_default()
}

/// The ranking as a table that people can defend in public, with a bar for each criterion's points.
pub fn result_table(cx: &Cx, found: &ResultView) -> AnyView {
    let rows = found.outcome.standings.iter().map(|standing| row(cx, found, standing)).collect_view();
    let legend = (1..)
        .zip(&found.terms.criteria)
        .map(|(at, criterion)| {
            let class = format!("wp-swatch wp-series-{}", (at - 1) % 8 + 1);
            view! { <li><span class=class></span>{criterion.name.clone()} " " <strong>{format!("{}%", criterion.weight)}</strong></li> }
        })
        .collect_view();
    view! {
        <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, "ranking")>
            <table class="wp-ranking">
                <caption>{t!(cx, "ranking-caption")}</caption>
                <thead><tr>
                    <th scope="col">{t!(cx, "column-rank")}</th><th scope="col">{t!(cx, "column-response-name")}</th>
                    <th scope="col">{t!(cx, "column-points")}</th><th scope="col" class="is-number">{t!(cx, "column-total")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <ul class="wp-legend">{legend}</ul>
    }
    .into_any()
}

fn row(cx: &Cx, found: &ResultView, standing: &Standing) -> AnyView {
    let name = name_of(cx, found, standing.response);
    let class = match standing.rank {
        Some(1) => "is-first",
        Some(_) => "",
        None => "wp-below",
    };
    let mut from = 0;
    let mut parts = Vec::new();
    for (at, line) in (1..).zip(&standing.lines) {
        let width = line.points.as_ref().map_or(0, |points| hundredths(&points.display2()));
        if width > 0 {
            parts.push((at, from, width, None));
        }
        from += width;
    }
    let total = standing.total.as_ref().map(|total| total.display2()).unwrap_or_default();
    let why = below(cx, found, standing);
    let tie = (standing.tied || matches!(standing.decided_by, Some(DecidedBy::Criterion(_) | DecidedBy::Price))).then(|| {
        let text = match standing.decided_by {
            Some(DecidedBy::Criterion(id)) => {
                let name = found.terms.criterion(CriterionId(id)).map(|criterion| criterion.name.clone()).unwrap_or_default();
                t!(cx, "tie-by-criterion", criterion = name)
            }
            Some(DecidedBy::Price) => t!(cx, "tie-by-price"),
            _ => t!(cx, "tie-lots"),
        };
        view! { <br/><span class="wp-tie">{text}</span> }
    });
    let label = t!(cx, "bar-label", name = &name, total = &total);
    let line_at = found.terms.total_threshold.map(|least| least.hundredths());
    view! {
        <tr class=class>
            <td class="wp-ranking__rank">{standing.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string())}</td>
            <th scope="row">{name} {tie} {why.map(|why| view! { <br/><span>{why}</span> })}</th>
            <td class="wp-ranking__bar">{bar(label, 22, parts, line_at)}</td>
            <td class="wp-ranking__total">{total}</td>
        </tr>
    }
    .into_any()
}

fn below(cx: &Cx, found: &ResultView, standing: &Standing) -> Option<String> {
    standing.below.first().map(|below| match below {
        Below::Score { criterion } => {
            let name = found.terms.criterion(CriterionId(*criterion)).map(|criterion| criterion.name.clone()).unwrap_or_default();
            t!(cx, "below-criterion", criterion = name)
        }
        Below::Total => {
            t!(cx, "below-total", least = found.terms.total_threshold.map(|least| least.to_string()).unwrap_or_default())
        }
    })
}

/// "12.50" as 1250: for widths only, from what is displayed.
fn hundredths(text: &str) -> u32 {
    text.replace('.', "").parse().unwrap_or(0)
}

/// Step by step, with a pencil.
fn steps(cx: &Cx, found: &ResultView, standing: &Standing) -> AnyView {
    let rows = standing
        .lines
        .iter()
        .map(|line| {
            let name = found.terms.criterion(CriterionId(line.criterion)).map(|criterion| criterion.name.clone()).unwrap_or_default();
            let points = line.points.as_ref().map_or_else(|| "–".to_owned(), |points| points.display2());
            view! { <tr><th scope="row">{name}</th><td>{working(cx, &found.terms, line)}</td><td class="is-number">{points}</td></tr> }
        })
        .collect_view();
    let total = standing.total.as_ref().map(|total| total.display2()).unwrap_or_default();
    let name = name_of(cx, found, standing.response);
    view! {
        <details class="govuk-details">
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{name.clone()}</span></summary>
            <div class="govuk-details__text">
                <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, "steps-of", name = name)>
                    <table class="wp-table"><tbody>{rows}</tbody><tfoot><tr><th scope="row">{t!(cx, "column-total")}</th><td></td><td class="is-number">{total}</td></tr></tfoot></table>
                </div>
            </div>
        </details>
    }
    .into_any()
}

pub fn working(cx: &Cx, terms: &Terms, line: &Line) -> String {
    let weight = line.weight.to_string();
    let money = |minor: i64| amount(&Money::new(minor, terms.currency));
    match &line.basis {
        Basis::Scores { sum, count, max, .. } => {
            t!(cx, "working-scores", weight = weight, sum = sum.to_string(), count = count.to_string(), max = max.to_string())
        }
        Basis::Parts { parts, max, .. } => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| {
                    let (sum, count) = (part.sum.to_string(), part.count.to_string());
                    t!(cx, "working-part", weight = part.weight.to_string(), sum = sum, count = count)
                })
                .collect();
            t!(cx, "working-parts", weight = weight, parts = parts.join(" + "), max = max.to_string())
        }
        Basis::Relative { lowest_minor, own_minor } => {
            t!(cx, "working-relative", weight = weight, lowest = money(*lowest_minor), own = money(*own_minor))
        }
        Basis::Absolute { ceiling_minor, own_minor } => {
            t!(cx, "working-absolute", weight = weight, ceiling = money(*ceiling_minor), own = money(*own_minor))
        }
        Basis::Unpriced => t!(cx, "working-unpriced"),
    }
}
