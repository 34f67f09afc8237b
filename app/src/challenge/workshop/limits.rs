//! Limits that any solution must respect.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    textarea(cx, form, "limits", t!(cx, "field-limits"), "field-limits-hint", 10)
}
