//! One score with its reason. Without a script it is a plain form; with one it saves as soon as there is a score and a
//! reason, keeps what could not be sent, and takes the keys 0 to 9 and j/k while the score has the focus.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::SaveWords;

/// The sentences that the island says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ScoreWords {
    pub legend: String,
    pub reason: String,
    pub reason_hint: String,
    pub save: String,
    pub save_next: String,
    pub keys: String,
    pub error_prefix: String,
}

#[island]
pub fn ScoreForm(
    action: String,
    /// Whose score it is: what is kept in the browser is kept for them alone.
    seat: String,
    max: u8,
    /// Fewest letters of a reason with which a score is saved while it is written.
    least_reason: u32,
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
    save_words: SaveWords,
) -> impl IntoView {
    let chosen = RwSignal::new(points);
    let written = RwSignal::new(reason);
    let version = RwSignal::new(seen);
    let said = RwSignal::new((if status.is_empty() { "" } else { "saved" }, status));
    let wrong_points = RwSignal::new(points_error);
    let wrong_reason = RwSignal::new(reason_error);

    #[cfg(feature = "hydrate")]
    let (save, typed, keyed, sent) = {
        let form = browser::Form { chosen, written, said, wrong_points, wrong_reason };
        browser::handlers(form, &action, &seat, (max, least_reason), version, save_words, previous, next)
    };
    #[cfg(not(feature = "hydrate"))]
    let (save, typed, keyed, sent) = {
        let _ = (&seat, &previous, &next, &save_words, least_reason, version.get_untracked());
        (|| {}, || {}, |_: leptos::ev::KeyboardEvent| {}, |_: leptos::ev::SubmitEvent| {})
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
        <form class="wp-score__panel" method="post" action=action on:submit=sent>
            <fieldset class="govuk-fieldset" aria-describedby=move || wrong_points.get().map(|_| "points-error") on:keydown=keyed>
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
                <p class="wp-muted wp-needs-script">{words.keys}</p>
            </fieldset>
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for="reason">{words.reason}</label>
                <div class="govuk-hint" id="reason-hint">{words.reason_hint}</div>
                {told("reason-error", wrong_reason)}
                <textarea class="govuk-textarea" id="reason" name="reason" rows="6"
                    aria-describedby=move || if wrong_reason.get().is_some() { "reason-hint reason-error" } else { "reason-hint" }
                    aria-invalid=move || wrong_reason.get().map(|_| "true")
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
mod browser {
    use leptos::ev::{KeyboardEvent, SubmitEvent};
    use leptos::prelude::*;
    use wasm_bindgen::JsValue;

    use super::super::SaveWords;
    use super::super::saver::{Plan, Said, Saver};
    use super::super::wire;

    #[derive(Clone, Copy)]
    pub struct Form {
        pub chosen: RwSignal<String>,
        pub written: RwSignal<String>,
        pub said: RwSignal<Said>,
        pub wrong_points: RwSignal<Option<String>>,
        pub wrong_reason: RwSignal<Option<String>>,
    }

    #[allow(clippy::too_many_arguments)]
    pub fn handlers(
        form: Form,
        action: &str,
        seat: &str,
        (max, least_reason): (u8, u32),
        version: RwSignal<String>,
        words: SaveWords,
        previous: String,
        next: String,
    ) -> (impl Fn() + Clone + 'static, impl Fn() + 'static, impl Fn(KeyboardEvent) + 'static, impl Fn(SubmitEvent) + 'static)
    {
        let restored = words.restored.clone();
        let saver = Saver::new(Plan {
            action: action.to_owned(),
            key: format!("wp-score:{seat}:{action}"),
            words,
            said: form.said,
            version,
            read: Box::new(move || {
                vec![("points".into(), form.chosen.get_untracked()), ("reason".into(), form.written.get_untracked())]
            }),
            ready: Box::new(move || {
                !form.chosen.get_untracked().is_empty()
                    && form.written.get_untracked().trim().chars().count() >= least_reason as usize
            }),
            answered: Box::new(move |status, answer| form.answered(status, answer)),
        });
        if form.take_from_page() {
            let saver = saver.clone();
            Effect::new(move || saver.chosen());
        } else if let Some((kept, _)) = saver.kept() {
            for (name, value) in kept {
                match name.as_str() {
                    "points" => form.chosen.set(value),
                    "reason" => form.written.set(value),
                    _ => {}
                }
            }
            // Once the page stands: what came from the server is not changed while it is taken over.
            Effect::new(move || form.said.set(("offline", restored.clone())));
        }
        let (save, typed, sent) = (saver.clone(), saver.clone(), saver.clone());
        let keyed = move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let pressed = event.key();
            let to = match pressed.as_str() {
                "j" => &next,
                "k" => &previous,
                _ => match pressed.parse::<u8>() {
                    Ok(points) if points <= max => {
                        event.prevent_default();
                        form.chosen.set(points.to_string());
                        return saver.chosen();
                    }
                    _ => return,
                },
            };
            if !to.is_empty() {
                event.prevent_default();
                saver.leave(to);
            }
        };
        (move || save.chosen(), move || typed.typed(), keyed, move |event| sent.submitted(&event))
    }

    impl Form {
        /// What was typed and chosen before the script came counts. True: there is something.
        fn take_from_page(self) -> bool {
            let points = wire::find::<web_sys::HtmlInputElement>("input[name=points]:checked").map(|input| input.value());
            let reason = wire::find::<web_sys::HtmlTextAreaElement>("#reason").map(|input| input.value());
            let mut early = false;
            for (signal, value) in [(self.chosen, points), (self.written, reason)] {
                if let Some(value) = value
                    && value.trim() != signal.get_untracked().replace("\r\n", "\n").trim()
                {
                    signal.set(value);
                    early = true;
                }
            }
            early
        }

        fn answered(self, status: u16, answer: &JsValue) -> bool {
            self.wrong_points.set(None);
            self.wrong_reason.set(None);
            let mut told = false;
            if status != 200 {
                for error in wire::list(answer, "errors") {
                    let text = wire::text(&error, "text");
                    match wire::text(&error, "field").as_str() {
                        "points" => self.wrong_points.set(Some(text)),
                        "reason" => self.wrong_reason.set(Some(text)),
                        _ => {
                            self.said.set(("failed", text));
                            told = true;
                        }
                    }
                }
            }
            told
        }
    }
}
