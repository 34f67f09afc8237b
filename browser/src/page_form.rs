//! The page's own form, to which islands add: its fields are the server's, read and written by name.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::draft_keeper::Differing;
use crate::pairs::{Pairs, of};
use crate::{dom, wire};

pub fn form() -> Option<HtmlFormElement> {
    dom::find("form#form")
}

/// What would be sent, but for the version and the buttons.
pub fn read() -> Pairs {
    form().map(|form| pairs(&form)).unwrap_or_default()
}

/// The same as the server sent it, whatever was typed since.
pub fn sent() -> Pairs {
    let copy = form().and_then(|form| form.clone_node_with_deep(true).ok()?.dyn_into::<HtmlFormElement>().ok());
    copy.map(|copy| {
        copy.reset();
        pairs(&copy)
    })
    .unwrap_or_default()
}

fn pairs(form: &HtmlFormElement) -> Pairs {
    let Ok(data) = web_sys::FormData::new_with_form(form) else { return Vec::new() };
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
            // Of radio buttons and boxes: what they are about, not what one of them says.
            Self::Line(input) if matches!(input.type_().as_str(), "radio" | "checkbox" | "hidden") => {
                let about = input.closest("fieldset").ok().flatten();
                let legend = about.and_then(|about| dom::within::<web_sys::Element>(&about, "legend")?.text_content());
                return legend.unwrap_or_else(|| input.name());
            }
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
        // Boxes speak for themselves: else the lines would stay when all are unticked.
        field.set(if n > 1 { "" } else { value });
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
    let mut rows = differing(kept, &read());
    for row in &mut rows {
        set(&row.field, &row.mine);
        row.label = named(&row.field).map_or_else(|| row.field.clone(), |field| field.label());
    }
    rows
}

/// Where two states of the form differ.
pub fn differing(mine: &Pairs, theirs: &Pairs) -> Vec<Differing> {
    let mut names: Vec<&String> = Vec::new();
    for (name, _) in theirs.iter().chain(mine) {
        if !name.ends_with("-id") && !name.starts_with("seen-") && !names.contains(&name) {
            names.push(name);
        }
    }
    let text = |pairs: &Pairs, name: &str| of(pairs, name).unwrap_or_default().to_owned();
    names
        .into_iter()
        .filter_map(|name| {
            let (mine, theirs) = (text(mine, name), text(theirs, name));
            let label = named(name).map_or_else(|| name.clone(), |field| field.label());
            (mine != theirs).then(|| Differing { field: name.clone(), label, mine, theirs })
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
