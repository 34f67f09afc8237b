//! The notice as it will look, below a line that opens it; read anew after each saving.

use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement};

use crate::{dom, saver, wire};

pub fn start(root: &Element) -> Option<()> {
    let details: Element = dom::within(root, "details")?;
    let place = dom::slot(root, "notice")?;
    let address = format!("{}?part=notice", dom::attribute(root, "data-address"));
    let opened = details.clone();
    let read = move || {
        if opened.has_attribute("open") {
            spawn_local(fill(place.clone(), address.clone()));
        }
    };
    let again = read.clone();
    dom::listen::<Event>(&details, "toggle", move |_| read());
    let window = dom::window()?;
    dom::listen::<Event>(&window, saver::SAVED, move |_| again());
    Some(())
}

async fn fill(place: HtmlElement, address: String) {
    if let Some(html) = wire::page(&address).await {
        place.set_inner_html(&html);
    }
    dom::set(&place, "aria-busy", "false");
}
