//! Elements of the page. What is missing is `None`: an island whose HTML is not as expected stays as the server made it.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, EventTarget, HtmlElement, HtmlTemplateElement, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// The first element that a selector finds, as what it is.
pub fn find<T: JsCast>(selector: &str) -> Option<T> {
    document()?.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

pub fn all(selector: &str) -> Vec<Element> {
    document().and_then(|document| document.query_selector_all(selector).ok()).map(listed).unwrap_or_default()
}

/// The first element within another.
pub fn within<T: JsCast>(root: &Element, selector: &str) -> Option<T> {
    root.query_selector(selector).ok().flatten()?.dyn_into().ok()
}

pub fn all_within(root: &Element, selector: &str) -> Vec<Element> {
    root.query_selector_all(selector).map(listed).unwrap_or_default()
}

fn listed(list: web_sys::NodeList) -> Vec<Element> {
    (0..list.length()).filter_map(|at| list.item(at)?.dyn_into().ok()).collect()
}

pub fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// An attribute that holds JSON: sentences, mostly.
pub fn json(element: &Element, name: &str) -> JsValue {
    js_sys::JSON::parse(&attribute(element, name)).unwrap_or(JsValue::NULL)
}

/// The place for a text within an element, by the name in its `data-slot`.
pub fn slot(root: &Element, name: &str) -> Option<HtmlElement> {
    within(root, &format!("[data-slot={name}]"))
}

/// Writes a text into its place.
pub fn say(root: &Element, name: &str, text: &str) {
    if let Some(slot) = slot(root, name) {
        slot.set_text_content(Some(text));
    }
}

/// Shows an element, or hides it.
pub fn show(element: &HtmlElement, shown: bool) {
    element.set_hidden(!shown);
}

/// A copy of what stands in the island's template of a name.
pub fn copy(root: &Element, template: &str) -> Option<Element> {
    let template: HtmlTemplateElement = within(root, &format!("template[data-template={template}]"))?;
    template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into().ok()
}

pub fn empty(element: &Element) {
    element.set_text_content(None);
}

/// For as long as the page stands.
pub fn listen<E: JsCast>(target: &EventTarget, name: &str, then: impl Fn(E) + 'static) {
    let closure = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        if let Ok(event) = event.dyn_into() {
            then(event);
        }
    });
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// The element that an event happened to, or the nearest around it that a selector finds.
pub fn hit(event: &web_sys::Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

pub fn go(to: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_href(to);
    }
}

/// Whether the browser knows of a network at all.
pub fn online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}
