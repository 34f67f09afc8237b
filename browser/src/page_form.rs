//! The page's own form, to which islands add: its fields are the server's, read and written by name.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::draft_keeper::Differing;
use crate::saver::Pairs;
use crate::{dom, wire};

pub fn form() -> Option<HtmlFormElement> {
    dom::find("form#form")
}

/// What would be sent, but for the version and the buttons.
pub fn read() -> Pairs {
    let Some(data) = form().and_then(|form| web_sys::FormData::new_with_form(&form).ok()) else { return Vec::new() };
    let pairs = js_sys::Array::from(&data);
    pairs
        .iter()
        .map(|pair| js_sys::Array::from(&pair))
        .filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1).as_string()?)))
        .filter(|(name, _)| !matches!(name.as_str(), "seen" | "do"))
        .collect()
}

pub enum Field {
    Line(HtmlInputElement),
    Text(HtmlTextAreaElement),
    Choice(HtmlSelectElement),
}

/// A field of the form, of whatever kind; of radio buttons the first.
pub fn named(name: &str) -> Option<Field> {
    let name = name.replace(['"', '\\'], "");
    let element: web_sys::Element = dom::find(&format!("form#form [name=\"{name}\"]"))?;
    let element = match element.dyn_into::<HtmlInputElement>() {
        Ok(input) => return Some(Field::Line(input)),
        Err(element) => element,
    };
    match element.dyn_into::<HtmlTextAreaElement>() {
        Ok(input) => Some(Field::Text(input)),
        Err(element) => element.dyn_into::<HtmlSelectElement>().ok().map(Field::Choice),
    }
}

impl Field {
    pub fn set(&self, value: &str) {
        match self {
            Self::Line(input) if input.type_() == "checkbox" => input.set_checked(!value.is_empty()),
            Self::Line(input) if input.type_() == "radio" => {
                let selector = format!("form#form [name=\"{}\"][value=\"{value}\"]", input.name());
                if let Some(input) = dom::find::<HtmlInputElement>(&selector) {
                    input.set_checked(true);
                }
            }
            Self::Line(input) => input.set_value(value),
            Self::Text(input) => input.set_value(value),
            Self::Choice(input) => input.set_value(value),
        }
    }

    /// Shows words of the field, by UTF-16 units.
    pub fn select(&self, (from, to): (u32, u32)) {
        match self {
            Self::Line(input) => {
                let _ = input.focus();
                let _ = input.set_selection_range(from, to);
            }
            Self::Text(input) => {
                // The browser scrolls a field to where the caret is put by a focus, not to a selection.
                let _ = input.set_selection_range(from, from);
                let _ = input.blur();
                let _ = input.focus();
                let _ = input.set_selection_range(from, to);
            }
            Self::Choice(input) => {
                let _ = input.focus();
            }
        }
    }

    pub fn label(&self) -> String {
        let id = match self {
            Self::Line(input) => input.id(),
            Self::Text(input) => input.id(),
            Self::Choice(input) => input.id(),
        };
        let label = dom::find::<web_sys::Element>(&format!("label[for=\"{id}\"]"));
        label.and_then(|label| label.text_content()).unwrap_or(id)
    }
}

/// One field; where the form has none of that name, one that is not seen, so that it is saved all the same. The boxes of a
/// question (`<name>--1`, …) are ticked by the lines of the value.
pub fn set(name: &str, value: &str) {
    let mut n = 1;
    while let Some(Field::Line(input)) = named(&format!("{name}--{n}")) {
        input.set_checked(value.lines().any(|line| line == input.value()));
        n += 1;
    }
    if let Some(field) = named(name) {
        field.set(value);
        return;
    }
    let document = dom::document();
    if let (Some(form), Some(Ok(input))) = (form(), document.map(|document| document.create_element("input")))
        && let Ok(input) = input.dyn_into::<HtmlInputElement>()
    {
        input.set_type("hidden");
        input.set_name(name);
        input.set_value(value);
        let _ = form.append_child(&input);
    }
}

/// Puts what was kept into the form, and says what stood there instead.
pub fn write(kept: &Pairs) -> Vec<Differing> {
    let before = read();
    let of =
        |pairs: &Pairs, name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let mut names: Vec<String> = before
        .iter()
        .chain(kept)
        .map(|(name, _)| name.clone())
        .filter(|name| !name.ends_with("-id") && !name.starts_with("seen-"))
        .collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| {
            let (mine, theirs) = (of(kept, &name), of(&before, &name));
            (mine != theirs).then(|| {
                set(&name, &mine);
                let label = named(&name).map_or_else(|| name.clone(), |field| field.label());
                Differing { field: name, label, mine, theirs }
            })
        })
        .collect()
}

/// Ids that the server has given to new rows: without them the next saving would make the rows anew.
pub fn set_ids(ids: &JsValue) {
    let Some(ids) = ids.dyn_ref::<js_sys::Object>() else { return };
    for name in js_sys::Object::keys(ids).iter().filter_map(|name| name.as_string()) {
        if let Some(field) = named(&name) {
            field.set(&wire::text(ids, &name));
        }
    }
}

/// Whether anything stands in the form that the server did not send: typed before the script came, or put back by the browser.
pub fn early() -> bool {
    let Some(form) = form() else { return false };
    let elements = form.elements();
    (0..elements.length()).filter_map(|at| elements.item(at)).any(|element| {
        if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            match input.type_().as_str() {
                "hidden" => false,
                "checkbox" | "radio" => input.checked() != input.default_checked(),
                _ => input.value() != input.default_value(),
            }
        } else if let Some(input) = element.dyn_ref::<HtmlTextAreaElement>() {
            input.default_value().is_ok_and(|before| input.value() != before)
        } else {
            false
        }
    })
}
