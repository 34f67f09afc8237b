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
    #[cfg(feature = "hydrate")]
    let ask = {
        use super::wire;
        let latest = StoredValue::new(0u32);
        move |typed: String| {
            // Of several answers only that of the newest question counts.
            latest.update_value(|n| *n += 1);
            let mine = latest.get_value();
            if typed.trim().chars().count() < 2 {
                found.set(Vec::new());
                return;
            }
            let kinds = kinds.clone();
            leptos::task::spawn_local(async move {
                let Some(query) = wire::form(&[("q", &typed)]) else { return };
                let Some((200, answer)) = wire::fetch(&format!("/suggest?{query}"), None).await else { return };
                if latest.get_value() != mine {
                    return;
                }
                let rows = wire::list(&answer, "found");
                found.set(
                    rows.iter()
                        .map(|row| {
                            let kind = wire::text(row, "kind");
                            let name = kinds.iter().find(|(code, _)| *code == kind).map(|(_, name)| name.clone());
                            (wire::text(row, "href"), wire::text(row, "title"), name.unwrap_or_default())
                        })
                        .collect(),
                );
            });
        }
    };
    #[cfg(not(feature = "hydrate"))]
    let ask = {
        let _ = kinds;
        |_: String| {}
    };
    view! {
        <form class=class role="search" action="/search" method="get">
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
            {hint.map(|hint| view! { <p>{hint}</p> })}
        </form>
    }
}
