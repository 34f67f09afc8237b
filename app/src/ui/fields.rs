//! Fields of forms in the patterns of govuk-frontend: label, hint, error by the field, what was typed kept.

use domain::form::{FieldError, Fields};
use leptos::prelude::*;

use super::format::escaped;
use crate::cx::Cx;
use crate::words::{Arg, t};

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    pub fields: Fields,
    pub errors: Vec<FieldError>,
}

impl Form {
    pub fn new(fields: Fields) -> Self {
        Self { fields, errors: Vec::new() }
    }

    pub fn with(fields: Fields, errors: Vec<FieldError>) -> Self {
        Self { fields, errors }
    }

    pub fn invalid(&self) -> bool {
        !self.errors.is_empty()
    }

    pub fn error(&self, cx: &Cx, name: &str) -> Option<String> {
        self.errors.iter().find(|error| error.field == name).map(|error| sentence(cx, error))
    }
}

/// The sentence of an error, with its parameters.
pub fn sentence(cx: &Cx, error: &FieldError) -> String {
    let args: Vec<(String, Arg)> = error
        .args
        .iter()
        .map(|(name, value)| (name.clone(), value.parse::<i64>().map_or_else(|_| Arg::Text(value.clone()), Arg::Number)))
        .collect();
    cx.words.say_with(&format!("error-{}", error.code), &args)
}

/// All errors of a form at its head, each leading to its field.
pub fn error_summary(cx: &Cx, errors: &[FieldError]) -> Option<AnyView> {
    if errors.is_empty() {
        return None;
    }
    let rows: Vec<_> = errors.iter().map(|error| (format!("#{}", error.field), sentence(cx, error))).collect();
    Some(
        view! {
            <div class="govuk-error-summary" tabindex="-1" id="errors">
                <div role="alert">
                    <h2 class="govuk-error-summary__title">{t!(cx, "errors-title")}</h2>
                    <div class="govuk-error-summary__body">
                        <ul class="govuk-list govuk-error-summary__list">
                            {rows.into_iter().map(|(href, text)| view! { <li><a href=href>{text}</a></li> }).collect_view()}
                        </ul>
                    </div>
                </div>
            </div>
        }
        .into_any(),
    )
}

/// Ids of hint and error, for `aria-describedby`.
pub fn described(name: &str, hint: bool, error: bool) -> Option<String> {
    let parts: Vec<String> =
        [hint.then(|| format!("{name}-hint")), error.then(|| format!("{name}-error"))].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// A control with its label, hint and error.
pub fn field(cx: &Cx, name: &str, label: String, hint: Option<String>, error: Option<String>, control: AnyView) -> AnyView {
    let class = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    let (hint_id, error_id, name) = (format!("{name}-hint"), format!("{name}-error"), name.to_owned());
    view! {
        <div class=class>
            <label class="govuk-label govuk-label--s" for=name>{label}</label>
            {hint.map(|hint| view! { <div class="govuk-hint" id=hint_id>{hint}</div> })}
            {error.map(|error| view! {
                <p class="govuk-error-message" id=error_id><span class="govuk-visually-hidden">{t!(cx, "error-prefix")}</span> {error}</p>
            })}
            {control}
        </div>
    }
    .into_any()
}

fn hint_of(cx: &Cx, key: &str) -> Option<String> {
    (!key.is_empty()).then(|| t!(cx, key))
}

/// One line. `kind`: the input's type; `autocomplete` as WCAG 1.3.5 asks, or empty. `hint`: a key, or empty.
pub fn input(cx: &Cx, form: &Form, name: &str, label: String, hint: &str, kind: &str, autocomplete: &str) -> AnyView {
    let error = form.error(cx, name);
    let hint = hint_of(cx, hint);
    let width = match kind {
        "date" | "time" => "govuk-input govuk-input--width-10",
        "number" => "govuk-input govuk-input--width-5",
        _ => "govuk-input",
    };
    let class = if error.is_some() { format!("{width} govuk-input--error") } else { width.to_owned() };
    let numeric = (kind == "number").then_some("decimal");
    let kind = if kind == "number" { "text" } else { kind }.to_owned();
    let control = view! {
        <input class=class id=name.to_owned() name=name.to_owned() type=kind inputmode=numeric value=form.fields.raw(name).to_owned()
            autocomplete=(!autocomplete.is_empty()).then(|| autocomplete.to_owned())
            aria-describedby=described(name, hint.is_some(), error.is_some()) aria-invalid=error.is_some().then_some("true")/>
    };
    field(cx, name, label, hint, error, control.into_any())
}

/// Never filled in again: a password is not sent back to the page.
pub fn password(cx: &Cx, form: &Form, name: &str, label: String, hint: &str, new: bool) -> AnyView {
    let error = form.error(cx, name);
    let hint = hint_of(cx, hint);
    let class = if error.is_some() { "govuk-input govuk-input--error" } else { "govuk-input" };
    let control = view! {
        <input class=class id=name.to_owned() name=name.to_owned() type="password" autocomplete=if new { "new-password" } else { "current-password" }
            aria-describedby=described(name, hint.is_some(), error.is_some()) aria-invalid=error.is_some().then_some("true")/>
    };
    field(cx, name, label, hint, error, control.into_any())
}

pub fn textarea(cx: &Cx, form: &Form, name: &str, label: String, hint: &str, rows: u32) -> AnyView {
    textarea_with(cx, form, name, label, hint_of(cx, hint), rows)
}

/// With a hint that somebody wrote, as beside a question.
pub fn textarea_with(cx: &Cx, form: &Form, name: &str, label: String, hint: Option<String>, rows: u32) -> AnyView {
    let error = form.error(cx, name);
    let class = if error.is_some() { "govuk-textarea govuk-textarea--error" } else { "govuk-textarea" };
    let control = view! {
        <textarea class=class id=name.to_owned() name=name.to_owned() rows=rows.to_string()
            aria-describedby=described(name, hint.is_some(), error.is_some()) aria-invalid=error.is_some().then_some("true")>
            {in_textarea(form.fields.raw(name))}
        </textarea>
    };
    field(cx, name, label, hint, error, control.into_any())
}

/// What stands between the tags of a `textarea`, so that a browser reads it letter for letter: views write the children of one as they
/// are (it is no element whose children they escape), and the first line break after the tag is none.
pub fn in_textarea(text: &str) -> String {
    format!("\n{}", escaped(text))
}

/// Value, label, and an optional hint.
pub type Choice = (String, String, Option<String>);

pub fn select(cx: &Cx, form: &Form, name: &str, label: String, hint: &str, choices: Vec<Choice>) -> AnyView {
    let error = form.error(cx, name);
    let hint = hint_of(cx, hint);
    let chosen = form.fields.get(name).to_owned();
    let control = view! {
        <select class="govuk-select" id=name.to_owned() name=name.to_owned() aria-describedby=described(name, hint.is_some(), error.is_some())>
            {choices.into_iter().map(|(value, label, _)| {
                let selected = value == chosen;
                view! { <option value=value selected=selected>{label}</option> }
            }).collect_view()}
        </select>
    };
    field(cx, name, label, hint, error, control.into_any())
}

pub fn radios(cx: &Cx, form: &Form, name: &str, legend: String, choices: Vec<Choice>) -> AnyView {
    let error = form.error(cx, name);
    let class = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    let chosen = form.fields.get(name).to_owned();
    let describes = error.is_some().then(|| format!("{name}-error"));
    let described_by = describes.clone();
    let name = name.to_owned();
    view! {
        <div class=class>
            <fieldset class="govuk-fieldset" aria-describedby=described_by>
                <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{legend}</legend>
                {error.map(|error| view! {
                    <p class="govuk-error-message" id=describes.clone()><span class="govuk-visually-hidden">{t!(cx, "error-prefix")}</span> {error}</p>
                })}
                <div class="govuk-radios">
                    {choices.into_iter().enumerate().map(|(at, (value, label, hint))| {
                        // The first has the field's own id: the error summary leads to it.
                        let id = if at == 0 { name.clone() } else { format!("{name}-{at}") };
                        let checked = value == chosen;
                        let hint_id = hint.as_ref().map(|_| format!("{id}-hint"));
                        view! {
                            <div class="govuk-radios__item">
                                <input class="govuk-radios__input" id=id.clone() type="radio" name=name.clone() value=value checked=checked aria-describedby=hint_id.clone()/>
                                <label class="govuk-label govuk-radios__label" for=id>{label}</label>
                                {hint.map(|hint| view! { <div class="govuk-hint govuk-radios__hint" id=hint_id>{hint}</div> })}
                            </div>
                        }
                    }).collect_view()}
                </div>
            </fieldset>
        </div>
    }
    .into_any()
}

pub fn checkbox(cx: &Cx, form: &Form, name: &str, label: String, value: &str) -> AnyView {
    let error = form.error(cx, name);
    let class = if error.is_some() { "govuk-form-group govuk-form-group--error" } else { "govuk-form-group" };
    let checked = form.fields.checked(name);
    let describes = error.is_some().then(|| format!("{name}-error"));
    let (name, value) = (name.to_owned(), value.to_owned());
    view! {
        <div class=class>
            {error.map(|error| view! {
                <p class="govuk-error-message" id=describes.clone()><span class="govuk-visually-hidden">{t!(cx, "error-prefix")}</span> {error}</p>
            })}
            <div class="govuk-checkboxes">
                <div class="govuk-checkboxes__item">
                    <input class="govuk-checkboxes__input" id=name.clone() type="checkbox" name=name.clone() value=value checked=checked aria-describedby=describes/>
                    <label class="govuk-label govuk-checkboxes__label" for=name>{label}</label>
                </div>
            </div>
        </div>
    }
    .into_any()
}

pub fn hidden(name: &str, value: impl ToString) -> AnyView {
    view! { <input type="hidden" name=name.to_owned() value=value.to_string()/> }.into_any()
}

/// The button of a form; its value under `do` says which of a page's acts it is.
pub fn submit(label: String, act: &str) -> AnyView {
    let act = act.to_owned();
    if act.is_empty() {
        view! { <button class="govuk-button">{label}</button> }.into_any()
    } else {
        view! { <button class="govuk-button" name="do" value=act>{label}</button> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_textarea_is_read_letter_for_letter() {
        let text = "\n a&lt;b &region=1 </textarea><b>\"x\"";
        let html = view! { <textarea name="x">{in_textarea(text)}</textarea> }.to_html();
        assert_eq!(html, "<textarea name=\"x\">\n\n a&amp;lt;b &amp;region=1 &lt;/textarea&gt;&lt;b&gt;&quot;x&quot;</textarea>");
    }

    /// Views do not escape the children of these: whatever somebody typed must come through [`in_textarea`], or not at all.
    #[test]
    fn nothing_typed_stands_raw_where_views_do_not_escape() {
        fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    sources(&entry, found);
                } else if entry.extension().is_some_and(|ending| ending == "rs") {
                    found.push((entry.display().to_string(), std::fs::read_to_string(&entry).unwrap()));
                }
            }
        }
        let mut all = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        let mut areas = 0;
        for (file, text) in &all {
            for tag in ["<textarea", "<noscript", "<style"].map(|tag| format!("{tag} ")) {
                let (text, _) = text.split_once("#[cfg(test)]").unwrap_or((text, ""));
                for part in text.split(&tag).skip(1) {
                    let Some((inside, _)) = part.split_once("</textarea>") else { panic!("{file}: {tag}") };
                    let children = inside.rsplit_once('>').map_or("", |(_, children)| children.trim());
                    let raw = !children.is_empty() && !children.starts_with("{in_textarea(");
                    assert!(!raw, "{file}: {children}");
                    areas += 1;
                }
            }
        }
        assert!(areas >= 4, "the test finds none of them");
    }
}
