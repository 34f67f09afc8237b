//! Place, language, and whom to ask.

use domain::challenge::LANGUAGES;
use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, input, select};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let languages = LANGUAGES.iter().map(|code| ((*code).to_owned(), t!(cx, &format!("language-{code}")), None)).collect();
    // Asked for only where there is one: the text was copied from another authority's.
    let credit = (!form.fields.get("credit").is_empty())
        .then(|| input(cx, form, "credit", t!(cx, "field-credit"), "field-credit-hint", "text", ""));
    view! {
        {input(cx, form, "contact", t!(cx, "field-contact"), "field-contact-hint", "text", "")}
        {input(cx, form, "place", t!(cx, "field-place"), "field-place-hint", "text", "")}
        {select(cx, form, "lang", t!(cx, "field-lang"), "field-lang-hint", languages)}
        {credit}
    }
    .into_any()
}
