//! Saves the form of a draft's section as one types. It stands in the form and adds to it. Where somebody else saved
//! meanwhile, both texts stand side by side and nothing more is saved before a choice.

use leptos::prelude::*;

use super::{SaveWords, json};
use crate::cx::Cx;
use crate::words::t;

/// The sentences of the choice between two texts.
#[derive(Clone, Debug, Default)]
pub struct ConflictWords {
    pub yours: String,
    pub saved: String,
    pub empty: String,
    pub take: String,
    pub go_on: String,
    /// What is said where a text that was kept in this browser meets a newer one.
    pub kept: String,
    /// What an answer is called that stands on another page.
    pub elsewhere: String,
}

impl ConflictWords {
    pub fn of(cx: &Cx, kept: &str) -> Self {
        Self {
            yours: t!(cx, "keep-yours"),
            saved: t!(cx, "keep-saved"),
            empty: t!(cx, "keep-empty"),
            take: t!(cx, "keep-take"),
            go_on: t!(cx, "keep-go-on"),
            kept: t!(cx, kept),
            elsewhere: t!(cx, "keep-elsewhere"),
        }
    }
}

#[component]
pub fn DraftKeeper(
    action: String,
    /// Person and what is written: what is kept in the browser is kept for them alone.
    key: String,
    person: String,
    /// Each field is saved by itself, on whichever page of the same thing it stands.
    each: bool,
    /// The page came back with what was typed: what stands in the form is not what the server has.
    unsaved: bool,
    /// Shown when the page comes.
    status: String,
    /// It says that something is not saved.
    #[prop(optional)]
    failed: bool,
    words: SaveWords,
    conflict_words: ConflictWords,
) -> impl IntoView {
    let state = match (status.is_empty(), failed) {
        (true, _) => "",
        (false, true) => "failed",
        (false, false) => "saved",
    };
    view! {
        <div data-island="draft-keeper" data-action=action data-key=key data-person=person
            data-each=each.then_some("") data-unsaved=unsaved.then_some("") data-elsewhere=conflict_words.elsewhere data-words=json(&words) data-kept=conflict_words.kept>
            <p class="wp-saved" role="status" data-state=state>{status}</p>
            <template data-template="differing">
                <div>
                    <p class="govuk-label govuk-label--s" data-slot="label"></p>
                    <div class="wp-conflict__sides">
                        <div><p class="wp-muted">{conflict_words.yours}</p><pre class="wp-conflict__theirs" data-slot="mine"></pre></div>
                        <div>
                            <p class="wp-muted">{conflict_words.saved}</p>
                            <pre class="wp-conflict__theirs"><span data-slot="theirs"></span><span data-slot="empty">{conflict_words.empty}</span></pre>
                            <button class="govuk-button govuk-button--secondary" type="button" data-slot="take">{conflict_words.take}</button>
                        </div>
                    </div>
                </div>
            </template>
            <div class="wp-conflict wp-conflict--here" id="two-texts" role="alert" tabindex="-1" hidden>
                <p><strong data-slot="told"></strong></p>
                <div data-slot="rows"></div>
                <button class="govuk-button" type="button" data-slot="go-on">{conflict_words.go_on}</button>
            </div>
        </div>
    }
}
