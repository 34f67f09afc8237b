//! Categories found while words are typed, below the field that finds them with a button too. What is ticked stays.

use leptos::prelude::*;

/// Code and label.
type Category = (String, String);

#[island]
pub fn CategoryFinder(
    /// The section's own address, which answers `?find=`.
    address: String,
    legend: String,
) -> impl IntoView {
    let found = RwSignal::new(Vec::<Category>::new());
    // Ticked ones stay where they are until other words are typed: the focus is on them.
    let ticked = StoredValue::new(Vec::<Category>::new());
    let kept = RwSignal::new(Vec::<Category>::new());
    #[cfg(feature = "hydrate")]
    browser::find(address, found, ticked, kept);
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
    let legend = StoredValue::new(legend);
    let row = move |category: Category, checked: bool| {
        let (code, label) = category.clone();
        let id = format!("found-{code}");
        let tick = move |event: leptos::ev::Event| {
            let on = event_target_checked(&event);
            ticked.update_value(|rows| {
                rows.retain(|one| *one != category);
                if on {
                    rows.push(category.clone());
                }
            });
        };
        view! {
            <div class="govuk-checkboxes__item">
                <input class="govuk-checkboxes__input" type="checkbox" id=id.clone() name=format!("category-{code}") value="yes" checked=checked prop:checked=checked on:change=tick/>
                <label class="govuk-label govuk-checkboxes__label" for=id>{format!("{label} ({code})")}</label>
            </div>
        }
    };
    view! {
        <div class="govuk-checkboxes" aria-live="polite">
            {move || kept.get().into_iter().map(|category| row(category, true)).collect_view()}
            {move || {
                let rows = found.get();
                (!rows.is_empty()).then(|| view! {
                    <fieldset class="govuk-fieldset">
                        <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{legend.get_value()}</legend>
                        {rows.into_iter().map(|category| row(category, false)).collect_view()}
                    </fieldset>
                })
            }}
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;

    use super::super::{page_form, wire};
    use super::Category;

    pub fn find(
        address: String,
        found: RwSignal<Vec<Category>>,
        ticked: StoredValue<Vec<Category>>,
        kept: RwSignal<Vec<Category>>,
    ) {
        Effect::new(move || {
            let Some(form) = page_form::form() else { return };
            let latest = StoredValue::new(0u32);
            let (form, address) = (form, address.clone());
            page_form::listen(&form, "input", move |event| {
                let input = event.target().and_then(|target| {
                    use wasm_bindgen::JsCast;
                    target.dyn_into::<web_sys::HtmlInputElement>().ok()
                });
                let Some(input) = input.filter(|input| input.name() == "find") else { return };
                let typed = input.value();
                // Of several answers only that of the newest question counts.
                latest.update_value(|n| *n += 1);
                let mine = latest.get_value();
                if typed.trim().chars().count() < 3 {
                    kept.set(ticked.get_value());
                    return found.set(Vec::new());
                }
                let address = address.clone();
                leptos::task::spawn_local(async move {
                    let Some(query) = wire::form(&[("find", &typed)]) else { return };
                    let Some((200, answer)) = wire::fetch(&format!("{address}?{query}"), None).await else { return };
                    if latest.get_value() != mine {
                        return;
                    }
                    let rows = wire::list(&answer, "categories");
                    let rows = rows.iter().map(|row| (wire::text(row, "code"), wire::text(row, "label")));
                    // What stands in the form already is not offered again.
                    let rows = rows.filter(|(code, _)| offered(code)).collect();
                    kept.set(ticked.get_value());
                    found.set(rows);
                });
            });
        });
    }

    fn offered(code: &str) -> bool {
        wire::find::<web_sys::HtmlInputElement>(&format!("form#form [name=\"category-{code}\"]:checked")).is_none()
    }
}
