//! Requirements: conditions that a response meets or does not.

use domain::challenge::RequirementKind;
use leptos::prelude::*;

use crate::challenge::workshop::rows::rows;
use crate::cx::Cx;
use crate::ui::{Form, checkbox, input, select};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    rows(cx, form, "requirement", 1, row)
}

fn row(cx: &Cx, form: &Form, n: u32) -> AnyView {
    let kinds = RequirementKind::ALL
        .iter()
        .map(|kind| (kind.code().to_owned(), t!(cx, &format!("requirement-kind-{}", kind.code())), None))
        .collect();
    view! {
        {input(cx, form, &format!("requirement-{n}-title"), t!(cx, "field-requirement-title"), "field-requirement-title-hint", "text", "")}
        {select(cx, form, &format!("requirement-{n}-kind"), t!(cx, "field-requirement-kind"), "", kinds)}
        {input(cx, form, &format!("requirement-{n}-evidence"), t!(cx, "field-requirement-evidence"), "field-requirement-evidence-hint", "text", "")}
        {checkbox(cx, form, &format!("requirement-{n}-declare"), t!(cx, "field-requirement-declare"), "yes")}
    }
    .into_any()
}
