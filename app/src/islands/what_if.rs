//! Sliders for weights: without a script a form that shows the same by its address.

use domain::evaluation::{Basis, CriterionKind, Outcome, PriceFormula, Rules, TieBreak};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::json as text_of;

#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct WhatIfWords {
    /// With `{names}`.
    pub first: String,
    pub nobody: String,
}

#[component]
pub fn WhatIf(round: String, words: WhatIfWords, inside: AnyView) -> impl IntoView {
    view! { <div data-island="what-if" data-load="now" data-round=round data-words=text_of(&words)>{inside}</div> }
}

/// What the browser needs to compute the same result at other weights: the rules and each response's bases, as texts where a
/// number may be larger than JavaScript holds exactly. No single score and no name is in it.
pub fn what_if_round(rules: &Rules, outcome: &Outcome) -> String {
    let criteria: Vec<Value> = rules
        .criteria
        .iter()
        .map(|criterion| {
            let kind = match criterion.kind {
                CriterionKind::Scored => json!(["scored"]),
                CriterionKind::Carried => json!(["carried"]),
                CriterionKind::Price(PriceFormula::Relative) => json!(["relative"]),
                CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }) => json!(["absolute", ceiling_minor.to_string()]),
            };
            let parts: Vec<Value> =
                criterion.parts.iter().map(|part| json!([part.id.to_string(), part.weight.hundredths()])).collect();
            json!([criterion.id.to_string(), criterion.weight.hundredths(), criterion.max, criterion.threshold, kind, parts])
        })
        .collect();
    let ties: Vec<Option<String>> = rules
        .tie_break
        .iter()
        .map(|step| match step {
            TieBreak::Criterion(id) => Some(id.to_string()),
            TieBreak::Price => None,
        })
        .collect();
    let responses: Vec<Value> = outcome
        .standings
        .iter()
        .map(|standing| {
            let bases: Vec<Value> = standing
                .lines
                .iter()
                .map(|line| match &line.basis {
                    Basis::Scores { sum, count, .. } => json!([[sum, count]]),
                    Basis::Parts { parts, .. } => Value::Array(parts.iter().map(|part| json!([part.sum, part.count])).collect()),
                    Basis::Carried { total } => json!([total]),
                    Basis::Relative { .. } | Basis::Absolute { .. } | Basis::Unpriced => json!([]),
                })
                .collect();
            let lot = standing.lot.map(|lot| (lot.draw.to_string(), lot.place));
            let price = standing.price_minor.map(|price| price.to_string());
            json!([standing.response.to_string(), standing.excluded, price, lot, bases])
        })
        .collect();
    let least = rules.total_threshold.map(|least| least.hundredths());
    json!({ "criteria": criteria, "ties": ties, "least": least, "responses": responses }).to_string()
}
