//! Before publication: approvals, soundings, comments on a draft.

mod review;

pub use review::{review, review_post};
