//! Criteria: what is scored, and how much it counts.

use leptos::prelude::*;

use crate::challenge::workshop::rows::rows;
use crate::cx::Cx;
use crate::ui::{Form, input, select};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    rows(cx, form, "criterion", 2, row)
}

fn row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let kinds = ["scored", "price-absolute", "price-relative"]
        .map(|kind| (kind.to_owned(), t!(cx, &format!("criterion-kind-{kind}")), None))
        .to_vec();
    let points = (0..=5)
        .map(|point| {
            input(
                cx,
                form,
                &format!("criterion-{n}-point{point}"),
                t!(cx, "field-criterion-point", point = point),
                "",
                "text",
                "",
            )
        })
        .collect_view();
    view! {
        {input(cx, form, &format!("criterion-{n}-name"), t!(cx, "field-criterion-name"), "", "text", "")}
        {input(cx, form, &format!("criterion-{n}-weight"), t!(cx, "field-criterion-weight"), "field-criterion-weight-hint", "number", "")}
        {select(cx, form, &format!("criterion-{n}-kind"), t!(cx, "field-criterion-kind"), "", kinds)}
        {input(cx, form, &format!("criterion-{n}-threshold"), t!(cx, "field-criterion-threshold"), "field-criterion-threshold-hint", "number", "")}
        {input(cx, form, &format!("criterion-{n}-guidance"), t!(cx, "field-criterion-guidance"), "field-criterion-guidance-hint", "text", "")}
        <details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "field-criterion-points")}</span></summary>
            <div class="govuk-details__text">{points}</div></details>
    }
    .into_any()
}
