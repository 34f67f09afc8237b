//! The notice as it will look, below a button that opens it; read anew after each saving. Without a script it is a link.

use leptos::prelude::*;

#[island]
pub fn NoticePreview(address: String, title: String, link: String) -> impl IntoView {
    let html = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    browser::follow(format!("{address}?part=notice"), open, html);
    view! {
        <section class="wp-notice-preview">
            <p><a class="govuk-link" href=address>{link}</a></p>
            <details class="govuk-details wp-needs-script" on:toggle=move |event| open.set(event_target_open(&event))>
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{title}</span></summary>
                <div aria-busy=move || (open.get() && html.with(String::is_empty)).to_string() inner_html=move || html.get()></div>
            </details>
        </section>
    }
}

#[cfg(feature = "hydrate")]
fn event_target_open(event: &leptos::ev::Event) -> bool {
    event_target::<web_sys::Element>(event).has_attribute("open")
}

#[cfg(not(feature = "hydrate"))]
fn event_target_open(_: &leptos::ev::Event) -> bool {
    false
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;

    use super::super::{saver, wire};

    pub fn follow(address: String, open: RwSignal<bool>, html: RwSignal<String>) {
        let saved = RwSignal::new(0u32);
        let handle = window_event_listener_untyped(saver::SAVED, move |_| saved.update(|n| *n += 1));
        on_cleanup(move || handle.remove());
        Effect::new(move || {
            saved.track();
            if !open.get() {
                return;
            }
            let address = address.clone();
            leptos::task::spawn_local(async move {
                if let Some(text) = wire::page(&address).await {
                    html.set(text);
                }
            });
        });
    }
}
