//! A form that sends a file. Without a script it is a plain form; with one it says how far the upload is, and a broken one
//! can be tried again without choosing the file anew.

use leptos::prelude::*;
use serde::Serialize;

use super::json;

/// The sentences of the form, and those that are said while a file is sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UploadWords {
    /// Empty where a file has no title of its own.
    #[serde(skip)]
    pub title: String,
    #[serde(skip)]
    pub title_hint: String,
    #[serde(skip)]
    pub file: String,
    #[serde(skip)]
    pub file_hint: String,
    #[serde(skip)]
    pub send: String,
    /// Holds `%`, where the percentage goes.
    pub sending: String,
    pub checking: String,
    pub broken: String,
    pub again: String,
    pub too_long: String,
    #[serde(skip)]
    pub error_prefix: String,
}

#[component]
pub fn FileUpload(
    action: String,
    title: String,
    title_error: Option<String>,
    file_error: Option<String>,
    most_bytes: u64,
    /// Where a file that was sent with a script leads.
    done: String,
    words: UploadWords,
) -> impl IntoView {
    let said = json(&words);
    let prefix = words.error_prefix;
    let message = move |text: String| {
        view! { <p class="govuk-error-message"><span class="govuk-visually-hidden">{prefix.clone()}</span> " " <span data-slot="text">{text}</span></p> }
    };
    view! {
        <div data-load="now" data-island="file-upload" data-most=most_bytes.to_string() data-done=done data-words=said>
            <template data-template="error">{message(String::new())}</template>
            <form method="post" action=action enctype="multipart/form-data">
                {(!words.title.is_empty()).then(|| view! {
                    <div class="govuk-form-group">
                        <label class="govuk-label govuk-label--s" for="title">{words.title}</label>
                        <div class="govuk-hint" id="title-hint">{words.title_hint}</div>
                        {title_error.map(|text| view! { <div id="title-error">{message(text)}</div> })}
                        <input class="govuk-input" id="title" name="title" type="text" maxlength="200" value=title aria-describedby="title-hint"/>
                    </div>
                })}
                <div class="govuk-form-group">
                    <label class="govuk-label govuk-label--s" for="file">{words.file}</label>
                    <div class="govuk-hint" id="file-hint">{words.file_hint}</div>
                    <div id="file-error" role="alert" data-slot="error">{file_error.map(&message)}</div>
                    <input class="govuk-file-upload" id="file" name="file" type="file" multiple aria-describedby="file-hint file-error"/>
                </div>
                <div class="wp-upload" hidden>
                    <progress class="wp-upload__bar" max="100" value="0" aria-hidden="true"></progress>
                    <p role="status" data-slot="said"></p>
                </div>
                <button class="govuk-button">{words.send}</button>
            </form>
        </div>
    }
}
