//! Later rounds, as far as they are planned.

use domain::challenge::RoundKind;
use leptos::prelude::*;

use super::cards::{Head, add, card};
use crate::cx::Cx;
use crate::ui::{Form, input, select, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let rows = form.fields.rows("round");
    let cards = rows.iter().enumerate().map(|(at, n)| round(cx, form, *n, (at, rows.len()))).collect_view();
    let kinds =
        RoundKind::ALL.iter().map(|kind| (kind.code().to_owned(), t!(cx, &format!("round-kind-{}", kind.code())))).collect();
    view! {
        {rows.is_empty().then(|| view! { <p class="govuk-inset-text">{t!(cx, "rounds-none")}</p> })}
        {cards}
        {add(cx, "round", t!(cx, "round-add"), kinds)}
    }
    .into_any()
}

fn round(cx: &Cx, form: &Form, n: u32, place: (usize, usize)) -> AnyView {
    let name = |field: &str| format!("round-{n}-{field}");
    let kinds = RoundKind::ALL
        .iter()
        .map(|kind| (kind.code().to_owned(), t!(cx, &format!("round-kind-{}", kind.code())), None))
        .collect();
    // The first round is the form of this challenge.
    let title = t!(cx, "card-round", n = place.0 + 2);
    let body = view! {
        {select(cx, form, &name("kind"), t!(cx, "field-round-kind"), "", kinds)}
        {input(cx, form, &name("places"), t!(cx, "field-round-places"), "field-round-places-hint", "number", "")}
        {input(cx, form, &name("least"), t!(cx, "field-round-least"), "field-round-least-hint", "text", "")}
        {input(cx, form, &name("date"), t!(cx, "field-round-date"), "field-round-date-hint", "date", "")}
        {textarea(cx, form, &name("questions"), t!(cx, "field-round-questions"), "field-round-questions-hint", 4)}
        {textarea(cx, form, &name("criteria"), t!(cx, "field-round-criteria"), "field-round-criteria-hint", 4)}
        {input(cx, form, &name("carried"), t!(cx, "field-round-carried"), "field-round-carried-hint", "text", "")}
    };
    card(cx, form, "round", n, Head { title, place, fixed: false }, body.into_any())
}
