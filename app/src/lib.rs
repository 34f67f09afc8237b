//! Pages and forms, rendered on the server; islands, the little that runs in the browser.
//!
//! A page reads through one workflow verb, renders and answers; a form posts to its page's own URL: parse, one verb, then
//! 303, or 422 with the same page, what was typed and the errors. It must never decide who may do what, and never hold a
//! sentence: those are in the catalogue (`locales/`).
//!
//! To add a page: its handler in the room's folder, its row in [`doors`], its sentences in `locales/en`, its journey in
//! `end2end`.
#![recursion_limit = "512"]

pub mod islands;

#[cfg(feature = "ssr")]
mod account;
#[cfg(feature = "ssr")]
mod award;
#[cfg(feature = "ssr")]
mod challenge;
#[cfg(feature = "ssr")]
mod cx;
#[cfg(feature = "ssr")]
mod doors;
#[cfg(feature = "ssr")]
mod enquiry;
#[cfg(feature = "ssr")]
mod evaluation;
#[cfg(feature = "ssr")]
mod fault;
#[cfg(feature = "ssr")]
mod file;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
mod guard;
#[cfg(feature = "ssr")]
mod mail;
#[cfg(feature = "ssr")]
mod organisation;
#[cfg(feature = "ssr")]
mod public;
#[cfg(feature = "ssr")]
mod response;
#[cfg(feature = "ssr")]
mod ui;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use doors::{DOORS, Door, router};
#[cfg(feature = "ssr")]
pub use frame::AppOptions;
#[cfg(feature = "ssr")]
pub use mail::{MailReader, MailText, mail_text};
#[cfg(feature = "ssr")]
pub use words::{Lang, Words};

/// Called by the loader once the browser's part has arrived.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
