//! Categories found while words are typed, below the field that finds them with a button too.

use leptos::prelude::*;

#[component]
pub fn CategoryFinder(
    /// The section's own address, which answers `?find=`.
    address: String,
    legend: String,
) -> impl IntoView {
    view! {
        <div class="govuk-checkboxes" aria-live="polite" data-island="category-finder" data-address=address>
            <template data-template="category">
                <div class="govuk-checkboxes__item">
                    <input class="govuk-checkboxes__input" type="checkbox" value="yes"/>
                    <label class="govuk-label govuk-checkboxes__label"></label>
                </div>
            </template>
            <div data-slot="kept"></div>
            <fieldset class="govuk-fieldset" hidden>
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{legend}</legend>
                <div data-slot="found"></div>
            </fieldset>
        </div>
    }
}
