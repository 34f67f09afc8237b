//! A form that sends a file. Without a script it is a plain form; with one it says how far the upload is, and a broken one
//! can be tried again without choosing the file anew.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The sentences that the island says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct UploadWords {
    pub title: String,
    pub title_hint: String,
    pub file: String,
    pub file_hint: String,
    pub send: String,
    /// Holds `%`, where the percentage goes.
    pub sending: String,
    pub checking: String,
    pub broken: String,
    pub again: String,
    pub too_long: String,
    pub error_prefix: String,
}

#[island]
pub fn FileUpload(
    action: String,
    title: String,
    title_error: Option<String>,
    file_error: Option<String>,
    most_bytes: String,
    words: UploadWords,
) -> impl IntoView {
    // How far it is, in percent; nothing is under way without one.
    let far = RwSignal::new(None::<u32>);
    let wrong = RwSignal::new(file_error);
    let (send, sending, checking) = (words.send.clone(), words.sending.clone(), words.checking.clone());
    let again = words.again.clone();
    let prefix = words.error_prefix.clone();
    let broke = RwSignal::new(false);

    #[cfg(feature = "hydrate")]
    let submit = browser(&action, &most_bytes, &words, far, wrong, broke);
    #[cfg(not(feature = "hydrate"))]
    let submit = {
        let _ = (most_bytes, broke);
        |_: leptos::ev::SubmitEvent| {}
    };

    let said = move || match far.get() {
        None => String::new(),
        Some(100) => checking.clone(),
        Some(percent) => sending.replace('%', &percent.to_string()),
    };
    let (title_prefix, file_prefix) = (prefix.clone(), prefix);
    view! {
        <form method="post" action=action enctype="multipart/form-data" on:submit=submit>
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for="title">{words.title}</label>
                <div class="govuk-hint" id="title-hint">{words.title_hint}</div>
                {title_error.map(|text| view! {
                    <p class="govuk-error-message" id="title-error"><span class="govuk-visually-hidden">{title_prefix}</span> " " {text}</p>
                })}
                <input class="govuk-input" id="title" name="title" type="text" maxlength="200" value=title aria-describedby="title-hint"/>
            </div>
            <div class="govuk-form-group">
                <label class="govuk-label govuk-label--s" for="file">{words.file}</label>
                <div class="govuk-hint" id="file-hint">{words.file_hint}</div>
                <div id="file-error" role="alert">{move || wrong.get().map(|text| view! {
                    <p class="govuk-error-message"><span class="govuk-visually-hidden">{file_prefix.clone()}</span> " " {text}</p>
                })}</div>
                <input class="govuk-file-upload" id="file" name="file" type="file" multiple aria-describedby="file-hint file-error"/>
            </div>
            <div class="wp-upload" hidden=move || far.get().is_none()>
                <progress class="wp-upload__bar" max="100" prop:value=move || far.get().unwrap_or(0) aria-hidden="true"></progress>
                <p role="status">{said}</p>
            </div>
            <button class="govuk-button" disabled=move || far.get().is_some()>
                {move || if broke.get() { again.clone() } else { send.clone() }}
            </button>
        </form>
    }
}

#[cfg(feature = "hydrate")]
fn browser(
    action: &str,
    most_bytes: &str,
    words: &UploadWords,
    far: RwSignal<Option<u32>>,
    wrong: RwSignal<Option<String>>,
    broke: RwSignal<bool>,
) -> impl Fn(leptos::ev::SubmitEvent) + 'static {
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    use crate::islands::wire;

    let (action, most) = (action.to_owned(), most_bytes.parse::<f64>().unwrap_or(f64::MAX));
    let (too_long, broken) = (words.too_long.clone(), words.broken.clone());
    move |event| {
        let Some(form) = event.target().and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()) else { return };
        let (Ok(data), Ok(request)) = (web_sys::FormData::new_with_form(&form), web_sys::XmlHttpRequest::new()) else { return };
        let chosen = form.query_selector("input[type=file]").ok().flatten();
        let files = chosen.and_then(|input| input.dyn_into::<web_sys::HtmlInputElement>().ok()).and_then(|input| input.files());
        let Some(files) = files.filter(|files| files.length() > 0) else { return };
        event.prevent_default();
        // Told before a minute is spent on sending it.
        if (0..files.length()).any(|n| files.get(n).is_some_and(|file| file.size() > most)) {
            wrong.set(Some(too_long.clone()));
            return;
        }
        wrong.set(None);
        far.set(Some(0));
        let progressed = Closure::<dyn Fn(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
            if event.total() > 0.0 {
                far.set(Some((event.loaded() / event.total() * 100.0) as u32));
            }
        });
        let (ended, broken) = (request.clone(), broken.clone());
        let finished = Closure::<dyn Fn()>::new(move || {
            far.set(None);
            match ended.status() {
                Ok(200) => {
                    if let Some(window) = web_sys::window() {
                        let path = window.location().pathname().unwrap_or_default();
                        let _ = window.location().set_href(&format!("{path}?done=file-attached"));
                    }
                }
                Ok(status) if status >= 400 => {
                    let answer = ended.response_text().ok().flatten().and_then(|text| js_sys::JSON::parse(&text).ok());
                    let text =
                        answer.and_then(|answer| wire::list(&answer, "errors").first().map(|error| wire::text(error, "text")));
                    wrong.set(Some(text.filter(|text| !text.is_empty()).unwrap_or_else(|| broken.clone())));
                }
                _ => {
                    broke.set(true);
                    wrong.set(Some(broken.clone()));
                }
            }
        });
        if let Ok(upload) = request.upload() {
            upload.set_onprogress(Some(progressed.as_ref().unchecked_ref()));
        }
        request.set_onloadend(Some(finished.as_ref().unchecked_ref()));
        progressed.forget();
        finished.forget();
        let sent = request
            .open("POST", &action)
            .and_then(|()| request.set_request_header("accept", "application/json"))
            .and_then(|()| request.send_with_opt_form_data(Some(&data)));
        if sent.is_err() {
            far.set(None);
            broke.set(true);
        }
    }
}
