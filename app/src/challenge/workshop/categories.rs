//! Categories of the common procurement vocabulary: found by typing words, chosen by ticking.

use axum::response::{IntoResponse, Response};
use domain::challenge::categories::{self, Category};
use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, checkbox, input};
use crate::words::t;

/// Most matches on a page.
const MOST: usize = 20;

/// Matches as an island reads them.
pub(super) fn suggestions(words: &str) -> Response {
    let found: Vec<_> = categories::find(words, MOST)
        .into_iter()
        .map(|category| serde_json::json!({ "code": category.code, "label": category.label }))
        .collect();
    axum::Json(serde_json::json!({ "categories": found })).into_response()
}

/// Chosen ones stay ticked; matches of the words in `find` stand below, each with its box. The button saves what is ticked
/// and looks again, so nothing is lost without a script.
pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let chosen: Vec<&str> = categories::chosen(&form.fields).collect();
    let ticked = chosen.iter().map(|code| tick(cx, form, code, categories::label(code).unwrap_or_default())).collect_view();
    let none = chosen.is_empty().then(|| view! { <p class="wp-muted">{t!(cx, "categories-none")}</p> });
    let words = form.fields.get("find");
    let found: Vec<Category> =
        categories::find(words, MOST).into_iter().filter(|found| !chosen.contains(&found.code.as_str())).collect();
    let matches = (!words.is_empty()).then(|| {
        let rows = found.iter().map(|category| tick(cx, form, &category.code, category.label)).collect_view();
        let nothing = found.is_empty().then(|| view! { <p>{t!(cx, "categories-nothing", words = words)}</p> });
        view! {
            <fieldset class="govuk-fieldset">
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t!(cx, "categories-found", words = words)}</legend>
                {nothing}
                {rows}
            </fieldset>
        }
    });
    view! {
        <fieldset class="govuk-fieldset">
            <legend class="govuk-fieldset__legend govuk-fieldset__legend--m">{t!(cx, "categories-chosen")}</legend>
            {none}
            {ticked}
        </fieldset>
        {input(cx, form, "find", t!(cx, "field-find"), "field-find-hint", "search", "off")}
        <p><button class="govuk-button govuk-button--secondary" name="do" value="find">{t!(cx, "categories-find")}</button></p>
        {matches}
    }
    .into_any()
}

fn tick(cx: &Cx, form: &Form, code: &str, label: &str) -> AnyView {
    checkbox(cx, form, &format!("category-{code}"), format!("{label} ({code})"), "yes")
}
