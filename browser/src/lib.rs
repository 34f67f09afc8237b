//! The little that runs in the browser. Each island is complete HTML without a script, made by `app/src/islands`; what
//! stands here only adds to it, on the elements that the server sent: nothing is rendered anew, so nothing typed before the
//! script came can be lost, and no framework travels.
//!
//! To add an island: its HTML in `app/src/islands`, its behaviour in a file here, its name in [`start`], its journey in
//! `end2end/tests/b-islands.spec.ts`. Sentences arrive in the HTML: the catalogue stays on the server.
//!
//! Two modules are built of it: the rooms' own, and with the feature `what-if` the sliders alone. They carry the whole sum of a
//! result, a quarter of everything else, and only one page has them.
#![cfg_attr(feature = "what-if", allow(dead_code))]

#[cfg(not(feature = "what-if"))]
mod category_finder;
#[cfg(not(feature = "what-if"))]
mod check_panel;
mod dom;
#[cfg(not(feature = "what-if"))]
mod draft_keeper;
#[cfg(not(feature = "what-if"))]
mod file_upload;
#[cfg(not(feature = "what-if"))]
mod kept;
#[cfg(not(feature = "what-if"))]
mod kept_note;
#[cfg(not(feature = "what-if"))]
mod live_page;
#[cfg(not(feature = "what-if"))]
mod notice_preview;
#[cfg(not(feature = "what-if"))]
mod page_form;
#[cfg(not(feature = "what-if"))]
mod pairs;
#[cfg(not(feature = "what-if"))]
mod said;
#[cfg(not(feature = "what-if"))]
mod saver;
#[cfg(not(feature = "what-if"))]
mod score_form;
#[cfg(not(feature = "what-if"))]
mod search_box;
#[cfg(feature = "what-if")]
mod what_if;
mod wire;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the loader once the browser's part has arrived.
#[wasm_bindgen]
pub fn start() {
    for island in dom::all("[data-island]") {
        match dom::attribute(&island, "data-island").as_str() {
            #[cfg(not(feature = "what-if"))]
            "category-finder" => category_finder::start(&island),
            #[cfg(not(feature = "what-if"))]
            "check-panel" => check_panel::start(&island),
            #[cfg(not(feature = "what-if"))]
            "draft-keeper" => draft_keeper::start(&island),
            #[cfg(not(feature = "what-if"))]
            "file-upload" => file_upload::start(&island),
            #[cfg(not(feature = "what-if"))]
            "kept-note" => kept_note::start(&island),
            #[cfg(not(feature = "what-if"))]
            "live-page" => live_page::start(&island),
            #[cfg(not(feature = "what-if"))]
            "notice-preview" => notice_preview::start(&island),
            #[cfg(not(feature = "what-if"))]
            "score-form" => score_form::start(&island),
            #[cfg(not(feature = "what-if"))]
            "search-box" => search_box::start(&island),
            #[cfg(feature = "what-if")]
            "what-if" => what_if::start(&island),
            _ => None,
        };
    }
}
