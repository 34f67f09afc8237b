//! The program `wellposed`: settings, commands, the HTTP service around the pages, and the jobs that run beside it.
//!
//! It wires and it watches. It must never decide who may do what, hold a sentence of a page, speak to the database but
//! through `store` and `workflow`, or let a secret, a query string or a body reach a log.
//!
//! To add a command: a module in `commands/` with its arguments and `run`, a variant in [`cli::Command`], and an example in
//! its `after_help`. To add a setting: a field with its doc comment in [`settings::Flags`], and nothing else: help,
//! environment, file and `wellposed config` follow from it.

/// A line on standard output. Whoever listens may have gone (`wellposed audit verify | head`): that is no failure, and what was begun
/// is done to its end, with the code that it earned.
macro_rules! say {
    ($($text:tt)*) => { $crate::failure::line(format_args!($($text)*)) };
}

pub mod cli;
pub mod commands;
pub mod failure;
pub mod health;
pub mod http;
pub mod jobs;
pub mod key;
pub mod log;
pub mod mail;
pub mod open;
pub mod serve;
pub mod settings;

pub use failure::{Failure, Result};
