//! How the panel works.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, checkbox, input};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {checkbox(cx, form, "anonymous", t!(cx, "field-anonymous"), "yes")}
        {input(cx, form, "total_threshold", t!(cx, "field-total-threshold"), "field-total-threshold-hint", "number", "")}
    }
    .into_any()
}
