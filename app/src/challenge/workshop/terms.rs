//! Terms: who owns what, and further conditions.

use domain::challenge::Property;
use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, checkbox, radios, textarea};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let mut form = form.clone();
    if form.fields.get("property").is_empty() {
        form.fields.set("property", Property::default().code());
    }
    let choices = Property::ALL
        .iter()
        .map(|choice| {
            let code = choice.code();
            (code.to_owned(), t!(cx, &format!("property-{code}")), Some(t!(cx, &format!("property-{code}-hint"))))
        })
        .collect();
    view! {
        {radios(cx, &form, "property", t!(cx, "field-property"), choices)}
        {textarea(cx, &form, "conditions", t!(cx, "field-conditions"), "field-conditions-hint", 8)}
        {checkbox(cx, &form, "partners_sign", t!(cx, "field-partners-sign"), "yes")}
    }
    .into_any()
}
