//! The words and the rules of Wellposed.
//!
//! Nothing here reads a clock, a database, a file or a random number: time and chance are arguments. That keeps a rule
//! testable in microseconds and the same in the browser as on the server.
//!
//! To add a rule: put it in the room that owns its words, name its source in the docstring, and test it here. To add
//! something a person can do: name the verb in [`policy`] first, then write `workflow`, `store` and `app` around it.

pub mod alert;
pub mod audit;
pub mod challenge;
pub mod check;
pub mod decision;
pub mod effort;
pub mod enquiry;
pub mod evaluation;
pub mod file;
pub mod form;
pub mod ids;
pub mod interview;
pub mod law;
pub mod library;
pub mod moment;
pub mod money;
pub mod notice;
pub mod number;
pub mod organisation;
pub mod outage;
pub mod passage;
pub mod points;
pub mod policy;
pub mod profile;
pub mod response;
pub mod sounding;
pub mod statement;
