//! A page that several people work on: its parts (`data-live`, each with an id) are swapped when others changed them. What
//! somebody has typed or stands in stays as it is; whoever saves over a change is told so by the server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use crate::{dom, wire};

/// Milliseconds between two questions; after a failure it waits longer, up to [`LONGEST`].
const PAUSE: u32 = 2_000;
const LONGEST: u32 = 60_000;

struct Page {
    root: Element,
    address: String,
    known: RefCell<String>,
    pause: Cell<u32>,
}

pub fn start(root: &Element) -> Option<()> {
    let address = dom::attribute(root, "data-address");
    let known = RefCell::new(dom::attribute(root, "data-position"));
    later(Rc::new(Page { root: root.clone(), address, known, pause: Cell::new(PAUSE) }));
    Some(())
}

fn later(page: Rc<Page>) {
    let pause = page.pause.get();
    Timeout::new(pause, move || spawn_local(ask(page))).forget();
}

async fn ask(page: Rc<Page>) {
    // While nobody looks, nothing is asked.
    if dom::document().is_some_and(|document| !document.hidden()) {
        match wire::fetch(&page.address, None).await {
            Some((200, answer)) => {
                page.pause.set(PAUSE);
                let position = wire::text(&answer, "position");
                let moved = position != *page.known.borrow();
                if moved && swap(&page.root).await.is_some() {
                    *page.known.borrow_mut() = position;
                }
            }
            // No longer theirs to read, or signed out: the page says so when it is next used.
            Some((400..500, _)) => return,
            _ => page.pause.set((page.pause.get() * 2).min(LONGEST)),
        }
    }
    later(page);
}

/// Reads the page again and puts in what changed. `None`: it could not be read.
async fn swap(root: &Element) -> Option<()> {
    let here = dom::window()?.location();
    let html = wire::page(&format!("{}{}", here.pathname().ok()?, here.search().ok()?)).await?;
    let fresh = dom::document()?.create_element("template").ok()?;
    let fresh: web_sys::HtmlTemplateElement = fresh.dyn_into().ok()?;
    fresh.set_inner_html(&html);
    let fresh = fresh.content();
    let mut waits = false;
    let mut swapped = false;
    for old in dom::all("[data-live]") {
        let new = fresh.query_selector(&format!("[data-live=\"{}\"]", dom::attribute(&old, "data-live"))).ok().flatten();
        if new.as_ref().is_some_and(|new| new.outer_html() == old.outer_html()) {
            continue;
        }
        if in_use(&old) {
            waits = true;
            continue;
        }
        swapped = true;
        match new {
            Some(new) => drop(old.replace_with_with_node_1(&new)),
            None => old.remove(),
        }
    }
    // What was not there before stands behind the part before it, or where the fresh page's neighbour stands.
    let list = fresh.query_selector_all("[data-live]").ok()?;
    let mut before: Option<Element> = None;
    for at in 0..list.length() {
        let Some(new) = list.item(at).and_then(|node| node.dyn_into::<Element>().ok()) else { continue };
        let name = dom::attribute(&new, "data-live");
        let there = dom::find::<Element>(&format!("[data-live=\"{name}\"]"));
        if there.is_none()
            && let Some(before) = &before
        {
            swapped |= before.after_with_node_1(&new).is_ok();
        }
        before = dom::find(&format!("[data-live=\"{name}\"]")).or(before);
    }
    if swapped || waits {
        root.set_text_content(Some(&dom::attribute(root, if waits { "data-waits" } else { "data-changed" })));
    }
    Some(())
}

/// Somebody is in it, or has typed what the server does not know.
fn in_use(part: &Element) -> bool {
    let focus = dom::document().and_then(|document| document.active_element());
    if focus.is_some_and(|focus| part.contains(Some(&focus)) && focus.closest("a").ok().flatten().is_none()) {
        return true;
    }
    dom::all_within(part, "input, textarea").iter().any(|field| {
        if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
            match input.type_().as_str() {
                "hidden" => false,
                "checkbox" | "radio" => input.checked() != input.default_checked(),
                _ => input.value() != input.default_value(),
            }
        } else {
            field
                .dyn_ref::<HtmlTextAreaElement>()
                .is_some_and(|text| text.default_value().is_ok_and(|before| text.value() != before))
        }
    })
}
