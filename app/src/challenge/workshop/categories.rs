//! Categories of the common procurement vocabulary.

use leptos::prelude::*;

use crate::cx::Cx;
use crate::ui::{Form, checkbox};

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let chosen = form.fields.0.keys().filter(|name| name.starts_with("category-"));
    let chosen =
        chosen.map(|name| checkbox(cx, form, name, name.trim_start_matches("category-").to_owned(), "yes")).collect_view();
    view! {
        {chosen}
    }
    .into_any()
}
