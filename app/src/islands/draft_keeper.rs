//! Saves the form of a draft's section as one types. It stands in the form and adds to it: the fields stay the page's own,
//! so that nothing typed before the script came can be lost. Where somebody else saved meanwhile, both texts stand side by
//! side and nothing more is saved before a choice.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::SaveWords;

/// The sentences of the choice between two texts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ConflictWords {
    pub yours: String,
    pub saved: String,
    pub empty: String,
    pub take: String,
    pub go_on: String,
    /// What is said where a text that was kept in this browser meets a newer one.
    pub kept: String,
}

/// A field in which two texts differ: its name, what it is called, and the other's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differing {
    pub field: String,
    pub label: String,
    pub mine: String,
    pub theirs: String,
}

#[island]
pub fn DraftKeeper(
    action: String,
    /// Person and section: what is kept in the browser is kept for them alone.
    key: String,
    /// The version that was read; 0 for none.
    seen: String,
    /// Shown when the page comes.
    status: String,
    words: SaveWords,
    conflict_words: ConflictWords,
) -> impl IntoView {
    let said = RwSignal::new((if status.is_empty() { "" } else { "saved" }, status));
    let version = RwSignal::new(seen);
    let differing = RwSignal::new(Vec::<Differing>::new());
    let told = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    let (take, go_on) = browser::keep(action, key, version, said, differing, told, words, conflict_words.kept.clone());
    #[cfg(not(feature = "hydrate"))]
    let (take, go_on) = {
        let _ = (action, key, version, words);
        (|_: &Differing| {}, || {})
    };
    let words = StoredValue::new(conflict_words);
    view! {
        <p class="wp-saved" role="status" data-state=move || said.get().0>{move || said.get().1}</p>
        {move || {
            let rows = differing.get();
            #[allow(clippy::clone_on_copy, clippy::redundant_clone, reason = "on the server they are functions that do nothing")]
            (!told.get().is_empty()).then(|| {
                let go_on = go_on.clone();
                view! {
                    <div class="wp-conflict wp-conflict--here" role="alert">
                        <p><strong>{told.get()}</strong></p>
                        {rows.into_iter().map(|row| {
                            let take = take.clone();
                            let taken = row.clone();
                            let none = row.theirs.trim().is_empty().then(|| words.with_value(|words| words.empty.clone()));
                            view! {
                                <div>
                                    <p class="govuk-label govuk-label--s">{row.label.clone()}</p>
                                    <div class="wp-conflict__sides">
                                        <div><p class="wp-muted">{words.with_value(|words| words.yours.clone())}</p><pre class="wp-conflict__theirs">{row.mine}</pre></div>
                                        <div>
                                            <p class="wp-muted">{words.with_value(|words| words.saved.clone())}</p><pre class="wp-conflict__theirs">{row.theirs}{none}</pre>
                                            <button class="govuk-button govuk-button--secondary" type="button" aria-label=format!("{}: {}", words.with_value(|words| words.take.clone()), row.label)
                                                on:click=move |_| take(&taken)>{words.with_value(|words| words.take.clone())}</button>
                                        </div>
                                    </div>
                                </div>
                            }
                        }).collect_view()}
                        <button class="govuk-button" type="button" on:click=move |_| go_on()>{words.with_value(|words| words.go_on.clone())}</button>
                    </div>
                }
            })
        }}
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::SubmitEvent;

    use super::super::saver::{Plan, Said, Saver};
    use super::super::{SaveWords, page_form, wire};
    use super::Differing;

    #[allow(clippy::too_many_arguments)]
    pub fn keep(
        action: String,
        key: String,
        version: RwSignal<String>,
        said: RwSignal<Said>,
        differing: RwSignal<Vec<Differing>>,
        told: RwSignal<String>,
        words: SaveWords,
        kept_words: String,
    ) -> (impl Fn(&Differing) + Clone + Send + 'static, impl Fn() + Clone + Send + 'static) {
        // The version to save over once the choice is made.
        let newest = RwSignal::new(String::new());
        let failed = words.failed.clone();
        let restored = words.restored.clone();
        let saver = Saver::new(Plan {
            action,
            key,
            words,
            said,
            version,
            read: Box::new(page_form::read),
            ready: Box::new(move || told.with_untracked(String::is_empty)),
            answered: Box::new(move |status, answer| {
                match status {
                    200 => page_form::set_ids(&wire::member(answer, "ids")),
                    409 => {
                        newest.set(wire::text(answer, "seen"));
                        differing.set(wire::list(answer, "differing").iter().map(row).collect());
                        told.set(wire::list(answer, "errors").first().map(|error| wire::text(error, "text")).unwrap_or_default());
                        said.set(("failed", failed.clone()));
                        return true;
                    }
                    _ => {}
                }
                false
            }),
        });
        Effect::new(move || {
            if let Some(input) = page_form::named("seen") {
                input.set(&version.get());
            }
        });
        let Some(form) = page_form::form() else { unreachable!("the island stands in the form") };
        page_form::listen(&form, "input", {
            let saver = saver.clone();
            move |_| saver.typed()
        });
        page_form::listen(&form, "change", {
            let saver = saver.clone();
            move |_| saver.chosen()
        });
        page_form::listen(&form, "submit", {
            let saver = saver.clone();
            move |event| {
                if let Some(event) = event.dyn_ref::<SubmitEvent>() {
                    saver.submitted(event);
                }
            }
        });
        // Once the page stands: what was typed before the script came is saved, what an earlier visit could not send comes
        // back.
        Effect::new({
            let saver = saver.clone();
            move || {
                let early = page_form::early();
                match saver.kept() {
                    None if early => saver.chosen(),
                    Some((kept, true)) if !early => {
                        page_form::write(&kept);
                        said.set(("offline", restored.clone()));
                    }
                    Some((kept, _)) => {
                        differing.set(page_form::write(&kept));
                        newest.set(version.get_untracked());
                        told.set(kept_words.clone());
                    }
                    None => {}
                }
            }
        });
        let take = move |row: &Differing| {
            page_form::set(&row.field, &row.theirs);
            differing.update(|rows| rows.retain(|one| one.field != row.field));
        };
        // The page has one thread; views ask for more.
        let saver = StoredValue::new_local(saver);
        let go_on = move || {
            version.set(newest.get_untracked());
            differing.set(Vec::new());
            told.set(String::new());
            saver.with_value(Saver::chosen);
        };
        (take, go_on)
    }

    fn row(row: &JsValue) -> Differing {
        Differing {
            field: wire::text(row, "field"),
            label: wire::text(row, "label"),
            mine: wire::text(row, "mine"),
            theirs: wire::text(row, "theirs"),
        }
    }
}
