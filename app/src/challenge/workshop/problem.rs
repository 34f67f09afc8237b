//! The problem, in parts.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, input, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {input(cx, form, "title", t!(cx, "field-title"), "field-title-hint", "text", "")}
        {textarea(cx, form, "summary", t!(cx, "field-summary"), "field-summary-hint", 3)}
        {textarea(cx, form, "affected", t!(cx, "field-affected"), "field-affected-hint", 4)}
        {textarea(cx, form, "now", t!(cx, "field-now"), "field-now-hint", 6)}
        {input(cx, form, "source", t!(cx, "field-source"), "field-source-hint", "text", "")}
        {textarea(cx, form, "why_now", t!(cx, "field-why-now"), "field-why-now-hint", 4)}
        {textarea(cx, form, "tried", t!(cx, "field-tried"), "field-tried-hint", 4)}
        {textarea(cx, form, "statement", t!(cx, "field-statement"), "field-statement-hint", 8)}
    }
    .into_any()
}
