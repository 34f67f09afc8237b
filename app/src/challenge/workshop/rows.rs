//! Lists in forms: rows of fields with a number.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, hidden};
use crate::words::t;

/// The rows of a list that were written, and so many empty ones behind.
pub(super) fn rows(cx: &Cx, form: &Form, list: &str, empty: u32, row: fn(&Cx, &Form, u32) -> AnyView) -> AnyView {
    let mut numbers = form.fields.rows(list);
    let last = numbers.last().copied().unwrap_or(0);
    let asked = u32::from(form.fields.get("do") == "more");
    let more = if numbers.is_empty() { empty.max(asked) } else { asked };
    numbers.extend(last + 1..=last + more);
    numbers
        .into_iter()
        .map(|n| {
            view! {
                <fieldset class="govuk-fieldset">
                    <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, &format!("row-{list}"), n = n)}</legend>
                    {hidden(&format!("{list}-{n}-id"), form.fields.of_row(list, n, "id"))}
                    {row(cx, form, n)}
                </fieldset>
            }
        })
        .collect_view()
        .into_any()
}
