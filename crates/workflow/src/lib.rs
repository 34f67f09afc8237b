//! One function for each thing a person can do: the verbs, called by pages, jobs and commands alike.
//!
//! A verb reads its facts, asks the policy, changes, records, and answers after the commit; nothing slow (hashing, sealing,
//! network) happens inside the write. It must never decide who may do what, and never hand out more than its reader may see.
//!
//! To add a verb: the policy function first, then the store's facts and change, then a function here that reads like the rule.

pub mod account;
pub mod alert;
pub mod amendment;
pub mod award;
pub mod backup;
pub mod challenge;
mod chance;
pub mod check;
mod desk;
pub mod enquiry;
mod error;
pub mod evaluation;
pub mod file;
pub mod find;
pub mod follow;
pub mod history;
pub mod interview;
pub mod library;
mod lists;
pub mod notice;
pub mod organisation;
mod passwords;
pub mod proof;
pub mod reach;
pub mod reader;
pub mod response;
pub mod retention;
pub mod rotation;
pub mod rounds;
pub mod sealed_file;
pub mod sealing;
pub mod sounding;
pub mod town;

pub use chance::Chance;
pub use desk::{Desk, DeskOptions};
pub use error::{Error, Result};
pub use passwords::Passwords;
