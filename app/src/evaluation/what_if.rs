//! What if the weights were others: a form that answers by address, and sliders for those who have a script. Nothing of what was
//! published changes.

use std::collections::BTreeMap;

use axum::extract::{Path, RawQuery};
use axum::response::Response;
use domain::evaluation::{self, Outcome, Standing, WhatIfError, what_if_weights};
use domain::form::{FieldError, Fields};
use domain::ids::CriterionId;
use domain::points::Weight;
use leptos::prelude::*;
use workflow::evaluation as verbs;

use super::charts::percent;
use super::result::{Reader, hundredths};
use crate::challenge::{asked_round, crumbs, id_of};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::parse;
use crate::islands::{WhatIf, WhatIfWords, what_if_round};
use crate::ui::{Form, error_summary, hidden, input};
use crate::words::t;

pub async fn what_if(cx: Cx, Path(id): Path<String>, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let (id, round) = (id_of(&id)?, asked_round(&cx));
    let of_round = round.map(|number| format!("?round={number}")).unwrap_or_default();
    let found = verbs::what_if(&cx.desk, &cx.actor, id, round).await?;
    let asked = parse(raw.unwrap_or_default().as_bytes());
    let published: Vec<(CriterionId, Weight)> =
        found.terms.criteria.iter().map(|criterion| (criterion.id, criterion.weight)).collect();
    let (weights, errors) = weights(&published, &asked);
    let rules = found.terms.rules();
    let outcome = evaluation::reweigh(&rules, &found.outcome, &weights)
        .map_err(|error| workflow::Error::Broken(format!("what if: {error}")))?;
    let reader = Reader { cx: &cx, found: &found };

    // Errors keep what was typed; else the fields show what was computed.
    let mut fields = Fields::default();
    for ((criterion, _), weight) in published.iter().zip(&weights) {
        let name = format!("w-{criterion}");
        let typed = asked.0.get(&name).filter(|_| !errors.is_empty()).cloned();
        fields.set(name, typed.unwrap_or_else(|| weight.to_string()));
    }
    let form = Form::with(fields, errors);
    let rows = found
        .terms
        .criteria
        .iter()
        .zip(&weights)
        .map(|(criterion, weight)| {
            let name = format!("w-{}", criterion.id);
            let label = t!(cx, "what-if-weight", criterion = &criterion.name, weight = criterion.weight.to_string());
            let slider = t!(cx, "what-if-slider", criterion = &criterion.name);
            view! {
                <div class="wp-what-if__row">
                    {input(&cx, &form, &name, label, "", "number", "off")}
                    {hidden(&format!("was-{}", criterion.id), weight)}
                    <input class="wp-what-if__slider wp-needs-script" type="range" min="0" max="100" step="0.5" value=weight.to_string() aria-label=slider/>
                </div>
            }
        })
        .collect_view();
    let first: Vec<String> = outcome.first().map(|standing| reader.response(standing.response)).collect();
    let said = if first.is_empty() { t!(cx, "firmly-nobody") } else { t!(cx, "what-if-first", names = first.join(", ")) };
    let words = WhatIfWords { first: t!(cx, "what-if-first", names = "{names}"), nobody: t!(cx, "firmly-nobody") };
    let title = t!(cx, "what-if-title");
    let inside = view! {
        <form class="wp-form wp-what-if" method="get" novalidate>
            {round.map(|number| hidden("round", number))}
            {rows}
            <div class="govuk-button-group">
                <button class="govuk-button">{t!(cx, "what-if-show")}</button>
                <a class="govuk-link" href=format!("/challenges/{id}/what-if{of_round}")>{t!(cx, "what-if-back")}</a>
            </div>
        </form>
        <p class="wp-lead" role="status" data-slot="first">{said}</p>
        {table(&reader, &outcome)}
    };
    let inside = inside.into_any();
    let body = view! {
        {error_summary(&cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="govuk-inset-text">{t!(cx, "what-if-text")}</p>
        <WhatIf round=what_if_round(&rules, &found.outcome) words=words inside=inside/>
    };
    let mut above = crumbs(&cx, id, &found.title);
    above.push((format!("/challenges/{id}/result{of_round}"), t!(cx, "room-result")));
    Ok(Page::new(title, body).under(above).wide().works().invalid_if(form.invalid()).render(&cx))
}

/// The weights that were asked for, or the published ones and what was wrong. What was typed anew is set; what was left as it
/// stood takes the rest in proportion, unless all together make 100 as they are.
fn weights(published: &[(CriterionId, Weight)], asked: &Fields) -> (Vec<Weight>, Vec<FieldError>) {
    let as_published: Vec<Weight> = published.iter().map(|(_, weight)| *weight).collect();
    if asked.0.is_empty() {
        return (as_published, Vec::new());
    }
    let mut errors = Vec::new();
    let mut typed = Vec::new();
    for (criterion, _) in published {
        let name = format!("w-{criterion}");
        let text = asked.get(&name);
        match Weight::parse(text) {
            _ if text.is_empty() => typed.push(None),
            Ok(weight) => typed.push(Some(weight)),
            Err(error) => {
                typed.push(None);
                errors.push(FieldError::new(name, error.code()));
            }
        }
    }
    if !errors.is_empty() {
        return (as_published, errors);
    }
    let was = published.iter().map(|(criterion, _)| Weight::parse(asked.get(&format!("was-{criterion}"))).ok());
    let was: Option<Vec<Weight>> = was.collect();
    let before = was.clone().filter(|was| Weight::check_sum(was.iter().copied()).is_ok()).unwrap_or_else(|| as_published.clone());
    let complete = typed.iter().all(Option::is_some) && Weight::check_sum(typed.iter().flatten().copied()).is_ok();
    let set: Vec<Option<Weight>> = match was {
        Some(was) if !complete => typed.iter().zip(was).map(|(typed, was)| typed.filter(|typed| *typed != was)).collect(),
        _ => typed,
    };
    match what_if_weights(&before, &set) {
        Ok(weights) => (weights, Vec::new()),
        Err(WhatIfError::Sum(sum)) => (as_published, vec![sum_error(published, sum.sum)]),
        Err(WhatIfError::Over { sum }) => (as_published, vec![sum_error(published, sum)]),
    }
}

fn sum_error(published: &[(CriterionId, Weight)], sum: Weight) -> FieldError {
    let field = published.first().map(|(criterion, _)| format!("w-{criterion}")).unwrap_or_default();
    FieldError::new(field, "weights-sum").with("sum", sum)
}

fn table(reader: &Reader, outcome: &Outcome) -> AnyView {
    let cx = reader.cx;
    let before: BTreeMap<i64, Option<u32>> =
        reader.found.outcome.standings.iter().map(|standing| (standing.response, standing.rank)).collect();
    let rank = |rank: Option<u32>| rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
    let row = |standing: &Standing| {
        let was = before.get(&standing.response).copied().flatten();
        view! {
            <tr data-response=standing.response.to_string()>
                <td class="wp-ranking__rank" data-slot="rank">{rank(standing.rank)}</td>
                <th scope="row">{reader.response(standing.response)}</th>
                <td class="wp-ranking__was" data-label=t!(cx, "column-rank-published")>{rank(was)}</td>
                <td class="wp-ranking__bar">{bars(standing)}</td>
                <td class="wp-ranking__total" data-slot="total">{standing.total.as_ref().map(|total| total.display2()).unwrap_or_default()}</td>
            </tr>
        }
    };
    let legend = (0usize..)
        .zip(&reader.found.terms.criteria)
        .map(|(at, criterion)| {
            let class = format!("wp-swatch wp-series-{}", at % 8 + 1);
            view! { <li><span class=class></span>{criterion.name.clone()}</li> }
        })
        .collect_view();
    view! {
        <div class="wp-table-scroll" tabindex="0" role="region" aria-label=t!(cx, "what-if-caption")>
            <table class="wp-ranking">
                <caption>{t!(cx, "what-if-caption")}</caption>
                <thead><tr>
                    <th scope="col">{t!(cx, "column-rank")}</th><th scope="col">{t!(cx, "column-response-name")}</th>
                    <th scope="col">{t!(cx, "column-rank-published")}</th>
                    <th scope="col">{t!(cx, "column-points")}</th><th scope="col" class="is-number">{t!(cx, "column-total")}</th>
                </tr></thead>
                <tbody data-slot="ranking">{outcome.standings.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <ul class="wp-legend">{legend}</ul>
    }
    .into_any()
}

/// A part for each criterion, whether or not it has points: the browser moves them.
fn bars(standing: &Standing) -> AnyView {
    let mut from = 0;
    let parts = standing
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            // From what is displayed, for widths only.
            let wide = line.points.as_ref().map_or(0, |points| i64::from(hundredths(&points.display2())));
            let class = format!("wp-series-{}", at % 8 + 1);
            let x = percent(from);
            from += wide;
            view! { <rect class=class x=x y="0" width=percent(wide) height="100%"></rect> }
        })
        .collect_view();
    // Its figures stand beside it.
    view! {
        <svg class="wp-bar" width="100%" height="22" aria-hidden="true" focusable="false">
            <rect class="wp-bar__track" width="100%" height="100%"></rect>
            <g data-slot="parts">{parts}</g>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> Vec<(CriterionId, Weight)> {
        let weight = |text: &str| Weight::parse(text).expect("a weight");
        vec![(CriterionId(1), weight("50")), (CriterionId(2), weight("30")), (CriterionId(3), weight("20"))]
    }

    fn asked(weights: [&str; 3], was: [&str; 3]) -> (Vec<String>, Vec<String>) {
        let mut fields = Fields::default();
        for ((criterion, _), (weight, was)) in published().iter().zip(weights.iter().zip(was)) {
            fields.set(format!("w-{criterion}"), *weight);
            if !was.is_empty() {
                fields.set(format!("was-{criterion}"), was);
            }
        }
        let (weights, errors) = super::weights(&published(), &fields);
        (weights.iter().map(Weight::to_string).collect(), errors.into_iter().map(|error| error.code).collect())
    }

    #[test]
    fn what_was_changed_is_set_and_the_others_scale() {
        let (weights, errors) = asked(["75", "30", "20"], ["50", "30", "20"]);
        assert_eq!((weights, errors.len()), (["75", "15", "10"].map(str::to_owned).to_vec(), 0));
        // From what stood there, not from what was published.
        let (weights, _) = asked(["75", "15", "60"], ["75", "15", "10"]);
        assert_eq!(weights, ["33.33", "6.67", "60"]);
    }

    #[test]
    fn weights_that_make_100_are_taken_as_they_are() {
        assert_eq!(asked(["20", "30", "50"], ["50", "30", "20"]).0, ["20", "30", "50"]);
        assert_eq!(asked(["20", "30", "50"], ["", "", ""]).0, ["20", "30", "50"]);
    }

    #[test]
    fn what_cannot_be_computed_is_said_and_shows_what_was_published() {
        for (weights, code) in [
            (["20", "30", "40"], "weights-sum"),
            (["80", "30", "20"], "weights-sum"),
            (["x", "30", "20"], "weight-not-a-number"),
            (["-1", "30", "20"], "weight-negative"),
        ] {
            let (used, errors) = asked(weights, ["1", "1", "98"]);
            assert_eq!((used, errors), (["50", "30", "20"].map(str::to_owned).to_vec(), vec![code.to_owned()]), "{weights:?}");
        }
    }
}
