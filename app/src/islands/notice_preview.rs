//! The notice as it will look, below a line that opens it; read anew after each saving. Without a script it is a link.

use leptos::prelude::*;

#[component]
pub fn NoticePreview(address: String, title: String, link: String) -> impl IntoView {
    let href = address.clone();
    view! {
        <section class="wp-notice-preview" data-island="notice-preview" data-address=address>
            <p><a class="govuk-link" href=href>{link}</a></p>
            <details class="govuk-details wp-needs-script">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{title}</span></summary>
                <div data-slot="notice" aria-busy="true"></div>
            </details>
        </section>
    }
}
