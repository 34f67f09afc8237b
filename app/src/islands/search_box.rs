//! The search box: a plain form; the island adds titles that begin with what is typed.

use leptos::prelude::*;

/// Address, title and kind of a suggestion.
type Found = (String, String, String);

#[island]
pub fn SearchBox(
    class: String,
    label: String,
    button: String,
    hint: Option<String>,
    text: String,
    kinds: Vec<(String, String)>,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<Found>::new());
    let said = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    let (ask, keyed, left) = browser::handlers(found, said, &text, kinds);
    #[cfg(not(feature = "hydrate"))]
    let (ask, keyed, left) = {
        let _ = kinds;
        (|_: String| {}, |_: leptos::ev::KeyboardEvent| {}, || {})
    };
    view! {
        <form class=class role="search" action="/search" method="get" on:keydown=keyed on:focusout=move |_| left()>
            <label for="q">{label}</label>
            <input id="q" type="search" name="q" value=text autocomplete="off" on:input=move |event| ask(event_target_value(&event))/>
            <button>{button}</button>
            {move || {
                let rows = found.get();
                (!rows.is_empty()).then(|| view! {
                    <div class="wp-search__list">
                        {rows.into_iter().map(|(href, title, kind)| view! { <a href=href>{title} " " <small>{kind}</small></a> }).collect_view()}
                    </div>
                })
            }}
            <span class="govuk-visually-hidden" role="status">{move || said.get()}</span>
            {hint.map(|hint| view! { <p>{hint}</p> })}
        </form>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::ev::KeyboardEvent;
    use leptos::prelude::*;

    use super::super::wire;
    use super::Found;

    pub fn handlers(
        found: RwSignal<Vec<Found>>,
        said: RwSignal<String>,
        text: &str,
        kinds: Vec<(String, String)>,
    ) -> (impl Fn(String) + Clone + 'static, impl Fn(KeyboardEvent) + 'static, impl Fn() + 'static) {
        let latest = StoredValue::new(0u32);
        let close = move || {
            // Whatever is still on its way comes too late.
            latest.update_value(|n| *n += 1);
            found.set(Vec::new());
            said.set(String::new());
        };
        let ask = move |typed: String| {
            // Of several answers only that of the newest question counts.
            latest.update_value(|n| *n += 1);
            let mine = latest.get_value();
            if typed.trim().chars().count() < 2 {
                return close();
            }
            let kinds = kinds.clone();
            leptos::task::spawn_local(async move {
                let Some(query) = wire::form(&[("q", &typed)]) else { return };
                let Some((200, answer)) = wire::fetch(&format!("/suggest?{query}"), None).await else { return };
                if latest.get_value() != mine {
                    return;
                }
                said.set(wire::text(&answer, "said"));
                let row = |row: &_| {
                    let kind = wire::text(row, "kind");
                    let name = kinds.iter().find(|(code, _)| *code == kind).map(|(_, name)| name.clone());
                    (wire::text(row, "href"), wire::text(row, "title"), name.unwrap_or_default())
                };
                found.set(wire::list(&answer, "found").iter().map(row).collect());
            });
        };
        // What was typed before the script came.
        if let Some(input) = wire::find::<web_sys::HtmlInputElement>("#q")
            && input.value() != text
        {
            let ask = ask.clone();
            Effect::new(move || ask(input.value()));
        }
        let keyed = move |event: KeyboardEvent| {
            if event.key() == "Escape" && !found.with_untracked(Vec::is_empty) {
                // Else the browser would empty the field as well.
                event.prevent_default();
                close();
                if let Some(input) = wire::find::<web_sys::HtmlElement>("#q") {
                    let _ = input.focus();
                }
            }
        };
        // Later, so that a click on a suggestion still finds it.
        let left = move || {
            set_timeout(
                move || {
                    if wire::find::<web_sys::Element>(".wp-search:focus-within").is_none() {
                        close();
                    }
                },
                Duration::from_millis(200),
            );
        };
        (ask, keyed, left)
    }
}
