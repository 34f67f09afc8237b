//! Outcomes: what should be different.

use leptos::prelude::*;

use crate::challenge::workshop::rows::rows;
use crate::cx::Cx;
use crate::ui::{Form, input};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    rows(cx, form, "outcome", 1, row)
}

fn row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let field =
        |name: &str, key: &str, hint: &str| input(cx, form, &format!("outcome-{n}-{name}"), t!(cx, key), hint, "text", "");
    view! {
        {field("title", "field-outcome-title", "field-outcome-title-hint")}
        {field("baseline", "field-outcome-baseline", "field-outcome-baseline-hint")}
        {field("target", "field-outcome-target", "field-outcome-target-hint")}
        {field("unit", "field-outcome-unit", "field-outcome-unit-hint")}
        {field("by", "field-outcome-by", "field-outcome-by-hint")}
        {field("measured", "field-outcome-measured", "field-outcome-measured-hint")}
    }
    .into_any()
}
