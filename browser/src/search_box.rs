//! The search box: a plain form, to which titles are added that begin with what is typed.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::{dom, wire};

#[derive(Clone)]
struct Suggestions {
    root: Element,
    list: HtmlElement,
    kinds: JsValue,
    /// Of several answers only that of the newest question counts.
    latest: Rc<Cell<u32>>,
}

/// So that a click on a suggestion still finds it, in milliseconds.
const LINGER: u32 = 200;

pub fn start(root: &Element) -> Option<()> {
    let form: Element = dom::within(root, "form")?;
    let input: HtmlInputElement = dom::within(root, "#q")?;
    let suggestions = Suggestions {
        root: root.clone(),
        list: dom::within(root, ".wp-search__list")?,
        kinds: dom::json(root, "data-kinds"),
        latest: Rc::default(),
    };
    let (typed, keyed, left) = (suggestions.clone(), suggestions.clone(), suggestions.clone());
    let (asking, back) = (input.clone(), input.clone());
    dom::listen::<Event>(&input, "input", move |_| typed.ask(asking.value()));
    dom::listen::<KeyboardEvent>(&form, "keydown", move |event| {
        if event.key() == "Escape" && !keyed.list.hidden() {
            // Else the browser would empty the field as well.
            event.prevent_default();
            keyed.close();
            let _ = back.focus();
        }
    });
    dom::listen::<Event>(&form, "focusout", move |_| {
        let left = left.clone();
        Timeout::new(LINGER, move || {
            if dom::find::<Element>(".wp-search:focus-within").is_none() {
                left.close();
            }
        })
        .forget();
    });
    // What was typed before the script came.
    if input.value() != input.default_value() {
        suggestions.ask(input.value());
    }
    Some(())
}

impl Suggestions {
    fn close(&self) {
        // Whatever is still on its way comes too late.
        self.latest.set(self.latest.get() + 1);
        self.fill(&JsValue::NULL);
    }

    fn ask(&self, typed: String) {
        self.latest.set(self.latest.get() + 1);
        if typed.trim().chars().count() < 2 {
            return self.close();
        }
        let (mine, suggestions) = (self.latest.get(), self.clone());
        spawn_local(async move {
            let Some(query) = wire::form(&[("q", &typed)]) else { return };
            let Some((200, answer)) = wire::fetch(&format!("/suggest?{query}"), None).await else { return };
            if suggestions.latest.get() == mine {
                suggestions.fill(&answer);
            }
        });
    }

    fn fill(&self, answer: &JsValue) {
        dom::empty(&self.list);
        let found = wire::list(answer, "found");
        for row in &found {
            if let Some(link) = dom::copy(&self.root, "found") {
                dom::set(&link, "href", &wire::text(row, "href"));
                dom::say(&link, "title", &wire::text(row, "title"));
                dom::say(&link, "kind", &wire::text(&self.kinds, &wire::text(row, "kind")));
                let _ = self.list.append_child(&link);
            }
        }
        dom::show(&self.list, !found.is_empty());
        dom::say(&self.root, "said", &wire::text(answer, "said"));
    }
}
