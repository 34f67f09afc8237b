//! The little that runs in the browser. Each island is complete HTML without a script, made by `app/src/islands`; what
//! stands here only adds to it, on the elements that the server sent: nothing is rendered anew, so nothing typed before the
//! script came can be lost, and no framework travels.
//!
//! To add an island: its HTML in `app/src/islands`, its behaviour in a file here, its name in [`start`], its journey in
//! `end2end/tests/b-islands.spec.ts`. Sentences arrive in the HTML: the catalogue stays on the server.

mod category_finder;
mod check_panel;
mod dom;
mod draft_keeper;
mod file_upload;
mod live_page;
mod notice_preview;
mod page_form;
mod saver;
mod score_form;
mod search_box;
mod what_if;
mod wire;

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the loader once the browser's part has arrived.
#[wasm_bindgen]
pub fn start() {
    for island in dom::all("[data-island]") {
        match dom::attribute(&island, "data-island").as_str() {
            "category-finder" => category_finder::start(&island),
            "check-panel" => check_panel::start(&island),
            "draft-keeper" => draft_keeper::start(&island),
            "file-upload" => file_upload::start(&island),
            "live-page" => live_page::start(&island),
            "notice-preview" => notice_preview::start(&island),
            "score-form" => score_form::start(&island),
            "search-box" => search_box::start(&island),
            "what-if" => what_if::start(&island),
            _ => None,
        };
    }
}
