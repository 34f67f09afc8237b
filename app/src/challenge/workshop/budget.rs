//! Budget and route to adoption.

use leptos::prelude::*;

use crate::challenge::workshop::rows::rows;
use crate::cx::Cx;
use crate::ui::{Form, checkbox, input, select, textarea};
use crate::words::t;

const CURRENCIES: [&str; 15] =
    ["EUR", "GBP", "USD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "RON", "UAH", "CAD", "AUD", "NZD", "JPY"];

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let currencies = CURRENCIES.map(|code| (code.to_owned(), code.to_owned(), None)).to_vec();
    view! {
        {select(cx, form, "currency", t!(cx, "field-currency"), "", currencies)}
        {input(cx, form, "budget", t!(cx, "field-budget"), "field-budget-hint", "number", "")}
        {input(cx, form, "maximum", t!(cx, "field-maximum"), "field-maximum-hint", "number", "")}
        {input(cx, form, "duration", t!(cx, "field-duration"), "field-duration-hint", "text", "")}
        {textarea(cx, form, "buyers", t!(cx, "field-buyers"), "field-buyers-hint", 2)}
        {rows(cx, form, "milestone", 1, milestone)}
        {textarea(cx, form, "route", t!(cx, "field-route"), "field-route-hint", 6)}
        {checkbox(cx, form, "promises_bind", t!(cx, "field-promises-bind"), "yes")}
    }
    .into_any()
}

fn milestone(cx: &Cx, form: &Form, n: u32) -> AnyView {
    view! {
        {input(cx, form, &format!("milestone-{n}-title"), t!(cx, "field-milestone-title"), "field-milestone-title-hint", "text", "")}
        {input(cx, form, &format!("milestone-{n}-due"), t!(cx, "field-milestone-due"), "field-milestone-due-hint", "text", "")}
        {input(cx, form, &format!("milestone-{n}-payment"), t!(cx, "field-milestone-payment"), "field-milestone-payment-hint", "text", "")}
    }
    .into_any()
}
