//! Questions: what suppliers are asked.

use leptos::prelude::*;

use crate::challenge::workshop::rows::rows;
use crate::cx::Cx;
use crate::ui::{Form, checkbox, input};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    rows(cx, form, "question", 1, row)
}

fn row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    view! {
        {input(cx, form, &format!("question-{n}-label"), t!(cx, "field-question-label"), "", "text", "")}
        {input(cx, form, &format!("question-{n}-help"), t!(cx, "field-question-help"), "", "text", "")}
        {input(cx, form, &format!("question-{n}-words"), t!(cx, "field-question-words"), "field-question-words-hint", "number", "")}
        {checkbox(cx, form, &format!("question-{n}-optional"), t!(cx, "field-question-optional"), "yes")}
    }
    .into_any()
}
