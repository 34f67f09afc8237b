//! Context and data on offer.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {textarea(cx, form, "context", t!(cx, "field-context"), "field-context-hint", 8)}
        {textarea(cx, form, "data", t!(cx, "field-data"), "field-data-hint", 6)}
    }
    .into_any()
}
