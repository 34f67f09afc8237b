//! The result: totals, thresholds, ranks and honest ties.

use axum::extract::Path;
use axum::response::Response;
use domain::challenge::Terms;
use domain::evaluation::{Basis, Below, DecidedBy, Line, Standing};
use domain::ids::{CriterionId, ResponseId};
use domain::money::Money;
use domain::policy::SeatStanding;
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, ResultView};

use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::named;
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::{amount, bar, warning};
use crate::words::t;

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
    let chair = found.seats.iter().find(|seat| seat.role.chairs()).map(|seat| seat.name.clone()).unwrap_or_default();
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
