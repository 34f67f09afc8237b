//! Categories found while words are typed, below the field that finds them with a button too. What is ticked stays.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

use crate::{dom, page_form, wire};

#[derive(Clone)]
struct Finder {
    root: Element,
    kept: HtmlElement,
    group: HtmlElement,
    found: HtmlElement,
    /// Of several answers only that of the newest question counts.
    latest: Rc<Cell<u32>>,
}

pub fn start(root: &Element) -> Option<()> {
    let finder = Finder {
        root: root.clone(),
        kept: dom::slot(root, "kept")?,
        group: dom::within(root, "fieldset")?,
        found: dom::slot(root, "found")?,
        latest: Rc::default(),
    };
    let address = dom::attribute(root, "data-address");
    let form = page_form::form()?;
    dom::listen::<Event>(&form, "input", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input.filter(|input| input.name() == "find") else { return };
        finder.latest.set(finder.latest.get() + 1);
        if input.value().trim().chars().count() < 3 {
            finder.offer(&[]);
        } else {
            spawn_local(finder.clone().ask(address.clone(), input.value()));
        }
    });
    Some(())
}

impl Finder {
    async fn ask(self, address: String, typed: String) {
        let mine = self.latest.get();
        let Some(query) = wire::form(&[("find", &typed)]) else { return };
        let Some((200, answer)) = wire::fetch(&format!("{address}?{query}"), None).await else { return };
        if self.latest.get() == mine {
            self.offer(&wire::list(&answer, "categories"));
        }
    }

    fn offer(&self, categories: &[JsValue]) {
        // Ticked ones stay where they are until other words are typed: the focus is on them.
        for item in dom::all_within(&self.found, ".govuk-checkboxes__item") {
            if dom::within::<Element>(&item, "input:checked").is_some() {
                let _ = self.kept.append_child(&item);
            }
        }
        dom::empty(&self.found);
        for category in categories {
            let code = wire::text(category, "code");
            // What stands in the form already is not offered again.
            let stands = format!("form#form [name=\"category-{code}\"]:checked");
            if dom::find::<Element>(&stands).is_none()
                && let Some(item) = self.item(&code, &wire::text(category, "label"))
            {
                let _ = self.found.append_child(&item);
            }
        }
        dom::show(&self.group, self.found.child_element_count() > 0);
    }

    fn item(&self, code: &str, label: &str) -> Option<Element> {
        let item = dom::copy(&self.root, "category")?;
        let id = format!("found-{code}");
        let (input, words): (HtmlInputElement, Element) = (dom::within(&item, "input")?, dom::within(&item, "label")?);
        input.set_id(&id);
        input.set_name(&format!("category-{code}"));
        dom::set(&words, "for", &id);
        words.set_text_content(Some(&format!("{label} ({code})")));
        Some(item)
    }
}
