//! The search box: a plain form, to which titles are added that begin with what is typed.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::json;

#[component]
pub fn SearchBox(
    class: String,
    label: String,
    button: String,
    hint: Option<String>,
    text: String,
    /// What a kind of document is called, by its code.
    kinds: BTreeMap<&'static str, String>,
) -> impl IntoView {
    view! {
        <div data-load="focus" data-island="search-box" data-kinds=json(&kinds)>
            <template data-template="found"><a><span data-slot="title"></span>" "<small data-slot="kind"></small></a></template>
            <form class=class role="search" action="/search" method="get">
                <label for="q">{label}</label>
                <input id="q" type="search" name="q" value=text autocomplete="off"/>
                <button>{button}</button>
                <div class="wp-search__list" hidden></div>
                <span class="govuk-visually-hidden" role="status" data-slot="said"></span>
                {hint.map(|hint| view! { <p>{hint}</p> })}
            </form>
        </div>
    }
}
