//! Criteria: what is scored, how much it counts, what a price covers; beside them the worked example and the panel's hours.

use domain::challenge::{CriterionKind, Draft, Question, SCALES, Tax, parse_loosely};
use domain::moment::Moment;
use leptos::prelude::*;
use workflow::challenge::DraftView;

use super::cards::{Head, add, card, numbers};
use crate::challenge::form::{panel_effort_view, price_example_view, question_title};
use crate::cx::Cx;
use crate::ui::{Form, checkbox, input, select, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, draft: &Draft, now: Moment, form: &Form) -> AnyView {
    let (terms, _) = parse_loosely(draft, now);
    let rows = numbers(form, "criterion", 2);
    let named: Vec<(&Question, String)> =
        terms.questions.iter().map(|question| (question, question_title(cx, &terms, question))).collect();
    let cards = rows.iter().enumerate().map(|(at, n)| criterion(cx, form, &named, *n, (at, rows.len()))).collect_view();
    let kinds = KINDS.map(|kind| (kind.to_owned(), t!(cx, &format!("criterion-kind-{kind}")))).to_vec();
    let priced = rows.iter().any(|n| form.fields.of_row("criterion", *n, "kind").starts_with("price"));
    view! {
        {cards}
        {add(cx, "criterion", t!(cx, "criterion-add"), kinds)}
        {priced.then(|| price(cx, form))}
    }
    .into_any()
}

const KINDS: [&str; 3] = ["scored", "price-absolute", "price-relative"];

fn criterion(cx: &Cx, form: &Form, questions: &[(&Question, String)], n: u32, place: (usize, usize)) -> AnyView {
    let name = |field: &str| format!("criterion-{n}-{field}");
    let kinds = KINDS.map(|kind| (kind.to_owned(), t!(cx, &format!("criterion-kind-{kind}")), None)).to_vec();
    let scored = !form.fields.of_row("criterion", n, "kind").starts_with("price");
    let title = match form.fields.of_row("criterion", n, "name") {
        "" => t!(cx, "row-criterion", n = place.0 + 1),
        title => title.to_owned(),
    };
    let body = view! {
        {input(cx, form, &name("name"), t!(cx, "field-criterion-name"), "", "text", "")}
        {input(cx, form, &name("weight"), t!(cx, "field-criterion-weight"), "field-criterion-weight-hint", "number", "")}
        {select(cx, form, &name("kind"), t!(cx, "field-criterion-kind"), "", kinds)}
        {textarea(cx, form, &name("guidance"), t!(cx, "field-criterion-guidance"), "field-criterion-guidance-hint", 3)}
        {scored.then(|| scale(cx, form, n))}
        {scored.then(|| reads(cx, form, n, questions))}
        {scored.then(|| parts(cx, form, n))}
    };
    card(cx, form, "criterion", n, Head { title, place, fixed: false }, body.into_any())
}

fn scale(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let name = |field: &str| format!("criterion-{n}-{field}");
    let max: u8 = form.fields.of_row("criterion", n, "max").parse().ok().filter(|max| SCALES.contains(max)).unwrap_or(SCALES[0]);
    let scales = SCALES.iter().map(|max| (max.to_string(), t!(cx, "scale-to", max = *max), None)).collect();
    let points = (0..=max)
        .map(|point| {
            input(cx, form, &name(&format!("point{point}")), t!(cx, "field-criterion-point", point = point), "", "text", "")
        })
        .collect_view();
    let written = (0..=max).any(|point| !form.fields.of_row("criterion", n, &format!("point{point}")).is_empty());
    view! {
        {select(cx, form, &name("max"), t!(cx, "field-criterion-max"), "field-criterion-max-hint", scales)}
        {input(cx, form, &name("threshold"), t!(cx, "field-criterion-threshold"), "field-criterion-threshold-hint", "number", "")}
        <details class="govuk-details" open=!written>
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "field-criterion-points")}</span></summary>
            <div class="govuk-details__text">{points}</div>
        </details>
    }
    .into_any()
}

fn reads(cx: &Cx, form: &Form, n: u32, questions: &[(&Question, String)]) -> AnyView {
    // A question without words cannot be named yet.
    let boxes = questions
        .iter()
        .filter(|(_, title)| !title.is_empty())
        .map(|(question, title)| checkbox(cx, form, &format!("criterion-{n}-reads_{}", question.id), title.clone(), "yes"))
        .collect_view();
    view! {
        <fieldset class="govuk-fieldset wp-reads">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "field-criterion-reads")}</legend>
            <p class="govuk-hint">{t!(cx, "field-criterion-reads-hint")}</p>
            {boxes}
        </fieldset>
    }
    .into_any()
}

fn parts(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let list = format!("criterion-{n}-part");
    let rows = form.fields.rows(&list);
    let cards = rows
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let name = |field: &str| format!("{list}-{part}-{field}");
            let title = match form.fields.of_row(&list, *part, "name") {
                "" => t!(cx, "row-part", n = at + 1),
                title => title.to_owned(),
            };
            let body = view! {
                {input(cx, form, &name("name"), t!(cx, "field-part-name"), "", "text", "")}
                {input(cx, form, &name("weight"), t!(cx, "field-part-weight"), "field-part-weight-hint", "number", "")}
                {textarea(cx, form, &name("guidance"), t!(cx, "field-criterion-guidance"), "", 2)}
            };
            card(cx, form, &list, *part, Head { title, place: (at, rows.len()), fixed: false }, body.into_any())
        })
        .collect_view();
    view! {
        <div class="wp-parts">
            <p class="govuk-hint">{t!(cx, "parts-hint")}</p>
            {cards}
            {add(cx, &list, t!(cx, "part-add"), Vec::new())}
        </div>
    }
    .into_any()
}

fn price(cx: &Cx, form: &Form) -> AnyView {
    let taxes = Tax::ALL.iter().map(|tax| (tax.code().to_owned(), t!(cx, &format!("price-tax-{}", tax.code())), None)).collect();
    view! {
        <fieldset class="govuk-fieldset">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "price-basis")}</legend>
            <p class="govuk-hint">{t!(cx, "price-basis-hint")}</p>
            {select(cx, form, "price_tax", t!(cx, "field-price-tax"), "", taxes)}
            {textarea(cx, form, "price_covers", t!(cx, "field-price-covers"), "field-price-covers-hint", 3)}
            {input(cx, form, "price_period", t!(cx, "field-price-period"), "field-price-period-hint", "text", "")}
            {checkbox(cx, form, "price_separate", t!(cx, "field-price-separate"), "yes")}
            <p class="govuk-hint">{t!(cx, "field-price-separate-hint")}</p>
        </fieldset>
    }
    .into_any()
}

/// The worked example of the price formula, and what scoring costs the panel.
pub(super) fn beside(cx: &Cx, found: &DraftView) -> AnyView {
    let (terms, _) = parse_loosely(&found.draft, found.facts.now);
    let priced = terms.criteria.iter().any(|criterion| matches!(criterion.kind, CriterionKind::Price(_)));
    view! {
        {priced.then(|| price_example_view(cx, &terms))}
        {panel_effort_view(cx, &terms)}
    }
    .into_any()
}
