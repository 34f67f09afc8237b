//! One score with its reason. Without a script it is a plain form; with one it saves as soon as there is a score and a
//! reason, keeps what could not be sent, and takes the keys 0 to 9 and j/k while the score has the focus.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The sentences that the island says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ScoreWords {
    pub legend: String,
    pub reason: String,
    pub reason_hint: String,
    pub save: String,
    pub save_next: String,
    pub saving: String,
    pub saved: String,
    pub offline: String,
    pub signed_out: String,
    pub failed: String,
    pub restored: String,
    pub keys: String,
    pub error_prefix: String,
}

#[island]
pub fn ScoreForm(
    action: String,
    max: u8,
    points: String,
    reason: String,
    /// The version that was read; 0 for none.
    seen: String,
    descriptors: Vec<String>,
    points_error: Option<String>,
    reason_error: Option<String>,
    /// Shown when the page comes: "saved 14:02", or nothing.
    status: String,
    previous: String,
    next: String,
    words: ScoreWords,
) -> impl IntoView {
    let chosen = RwSignal::new(points);
    let written = RwSignal::new(reason);
    let version = RwSignal::new(seen);
    let said = RwSignal::new((if status.is_empty() { "" } else { "saved" }, status));
    let wrong_points = RwSignal::new(points_error);
    let wrong_reason = RwSignal::new(reason_error);

    #[cfg(feature = "hydrate")]
    let (save, keyed, typed) =
        browser(&action, &previous, &next, max, &words, chosen, written, version, said, wrong_points, wrong_reason);
    #[cfg(not(feature = "hydrate"))]
    let (save, keyed, typed) = {
        let _ = (&previous, &next, version.get_untracked());
        (|| {}, |_: leptos::ev::KeyboardEvent| {}, || {})
    };

    let error_prefix = StoredValue::new(words.error_prefix.clone());
    let told = move |id: &'static str, error: RwSignal<Option<String>>| {
        move || {
            error.get().map(|text| {
                view! { <p class="govuk-error-message" id=id><span class="govuk-visually-hidden">{error_prefix.get_value()}</span> " " {text}</p> }
            })
        }
    };
    view! {
        <form class="wp-score__panel" method="post" action=action>
            <fieldset class="govuk-fieldset" aria-describedby="points-error" on:keydown=keyed>
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{words.legend}</legend>
                {told("points-error", wrong_points)}
                <div class="wp-scale">
                    {(0..=max).map(|point| {
                        let value = point.to_string();
                        let (own, picked) = (value.clone(), value.clone());
                        #[allow(clippy::clone_on_copy, clippy::redundant_clone, reason = "on the server it is a function that does nothing")]
                        let save = save.clone();
                        let id = if point == 0 { "points".to_owned() } else { format!("points-{point}") };
                        view! {
                            <label class="wp-scale__item">
                                <input type="radio" name="points" id=id value=value.clone() checked=chosen.get_untracked() == value
                                    prop:checked=move || chosen.get() == own
                                    on:change=move |_| { chosen.set(picked.clone()); save() }/>
                                <span class="wp-scale__box">{point.to_string()}</span>
                            </label>
                        }
                    }).collect_view()}
                </div>
                <ol class="wp-descriptors">
                    {descriptors.into_iter().enumerate().filter(|(_, text)| !text.is_empty()).map(|(point, text)| view! {
                        <li data-points=point.to_string()><strong>{point.to_string()}</strong><span>{text}</span></li>
                    }).collect_view()}
                </ol>
                <p class="wp-muted">{words.keys}</p>
            </fieldset>
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for="reason">{words.reason}</label>
                <div class="govuk-hint" id="reason-hint">{words.reason_hint}</div>
                {told("reason-error", wrong_reason)}
                <textarea class="govuk-textarea" id="reason" name="reason" rows="6" aria-describedby="reason-hint"
                    prop:value=move || written.get()
                    on:input=move |event| { written.set(event_target_value(&event)); typed() }>
                    {written.get_untracked()}
                </textarea>
            </div>
            <input type="hidden" name="seen" value=version.get_untracked() prop:value=move || version.get()/>
            <p class="wp-saved" role="status" data-state=move || said.get().0>{move || said.get().1}</p>
            <div class="govuk-button-group">
                <button class="govuk-button" name="do" value="next">{words.save_next}</button>
                <button class="govuk-button govuk-button--secondary" name="do" value="save">{words.save}</button>
            </div>
        </form>
    }
}

/// What the browser adds: saving, keeping, keys.
#[cfg(feature = "hydrate")]
#[allow(clippy::too_many_arguments)]
fn browser(
    action: &str,
    previous: &str,
    next: &str,
    max: u8,
    words: &ScoreWords,
    chosen: RwSignal<String>,
    written: RwSignal<String>,
    version: RwSignal<String>,
    said: RwSignal<(&'static str, String)>,
    wrong_points: RwSignal<Option<String>>,
    wrong_reason: RwSignal<Option<String>>,
) -> (impl Fn() + Clone + 'static, impl Fn(leptos::ev::KeyboardEvent) + 'static, impl Fn() + Clone + 'static) {
    use std::time::Duration;

    use super::wire;

    let key = format!("wp-score:{action}");
    // What an earlier visit could not send comes back, if it says something else.
    if let Some(kept) = wire::storage().and_then(|storage| storage.get_item(&key).ok().flatten())
        && let Some((points, reason)) = kept.split_once('\n')
        && (points != chosen.get_untracked() || reason != written.get_untracked())
    {
        chosen.set(points.to_owned());
        written.set(reason.to_owned());
        said.set(("offline", words.restored.clone()));
    }
    let keep = {
        let key = key.clone();
        move || {
            if let Some(storage) = wire::storage() {
                let _ = storage.set_item(&key, &format!("{}\n{}", chosen.get_untracked(), written.get_untracked()));
            }
        }
    };
    let busy = StoredValue::new(false);
    let again = StoredValue::new(false);
    let save = {
        let (action, words, keep, key) = (action.to_owned(), words.clone(), keep.clone(), key.clone());
        move || {
            keep();
            // Saved as soon as there is something to save; a half-filled form is told by its own button.
            if chosen.get_untracked().is_empty() || written.get_untracked().trim().chars().count() < 10 {
                return;
            }
            if busy.get_value() {
                again.set_value(true);
                return;
            }
            busy.set_value(true);
            said.set(("saving", words.saving.clone()));
            let (action, words, key) = (action.clone(), words.clone(), key.clone());
            leptos::task::spawn_local(async move {
                loop {
                    again.set_value(false);
                    let (points, reason, seen) = (chosen.get_untracked(), written.get_untracked(), version.get_untracked());
                    let body = wire::form(&[("points", &points), ("reason", &reason), ("seen", &seen), ("do", "save")])
                        .unwrap_or_default();
                    match wire::fetch(&action, Some(&body)).await {
                        None => said.set(("offline", words.offline.clone())),
                        Some((401, _)) => said.set(("offline", words.signed_out.clone())),
                        Some((200, answer)) => {
                            version.set(wire::text(&answer, "seen"));
                            wrong_points.set(None);
                            wrong_reason.set(None);
                            let time = wire::text(&answer, "saved");
                            said.set(("saved", if time.is_empty() { words.saved.clone() } else { time }));
                            if let Some(storage) = wire::storage() {
                                let _ = storage.remove_item(&key);
                            }
                        }
                        Some((_, answer)) => {
                            said.set(("failed", words.failed.clone()));
                            for error in wire::list(&answer, "errors") {
                                let text = wire::text(&error, "text");
                                match wire::text(&error, "field").as_str() {
                                    "points" => wrong_points.set(Some(text)),
                                    "reason" => wrong_reason.set(Some(text)),
                                    _ => said.set(("failed", text)),
                                }
                            }
                        }
                    }
                    if !again.get_value() {
                        break;
                    }
                }
                busy.set_value(false);
            });
        }
    };
    let timer = StoredValue::new(None::<leptos::leptos_dom::helpers::TimeoutHandle>);
    let typed = {
        let save = save.clone();
        move || {
            keep();
            timer.update_value(|timer| {
                if let Some(timer) = timer.take() {
                    timer.clear();
                }
            });
            let save = save.clone();
            timer.set_value(set_timeout_with_handle(save, Duration::from_millis(900)).ok());
        }
    };
    let keyed = {
        let (save, previous, next) = (save.clone(), previous.to_owned(), next.to_owned());
        move |event: leptos::ev::KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let pressed = event.key();
            if let Ok(point) = pressed.parse::<u8>()
                && point <= max
            {
                event.prevent_default();
                chosen.set(point.to_string());
                save();
                return;
            }
            let to = match pressed.as_str() {
                "j" => &next,
                "k" => &previous,
                _ => return,
            };
            if !to.is_empty()
                && let Some(window) = web_sys::window()
            {
                event.prevent_default();
                let _ = window.location().set_href(to);
            }
        }
    };
    (save, keyed, typed)
}
