//! Pages and forms, rendered on the server. What runs in the browser is the crate `browser`.
//!
//! A page reads through one workflow verb, renders and answers; a form posts to its page's own URL: parse, one verb, then
//! 303, or 422 with the same page, what was typed and the errors. It must never decide who may do what, and never hold a
//! sentence: those are in the catalogue (`locales/`).
//!
//! To add a page: its handler in the room's folder, its row in [`doors`], its sentences in `locales/en`, its journey in
//! `end2end`.
#![recursion_limit = "512"]

mod account;
mod alert;
mod award;
mod challenge;
mod cx;
mod doors;
mod enquiry;
mod evaluation;
mod fault;
mod file;
mod frame;
mod guard;
mod interview;
mod islands;
mod kept;
mod library;
mod mail;
mod organisation;
mod public;
mod response;
mod rounds;
mod ui;
mod words;

pub use doors::{DOORS, Door, Pages, Secret, router};
pub use frame::AppOptions;
pub use mail::{MailReader, MailText, mail_text};
pub use words::{Lang, Words};
