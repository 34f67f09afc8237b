//! Before publication: approvals, publication by schedule and official notice.

mod findings;
mod named;
mod publication;
mod review;

pub use named::{approvals, approvals_post};
pub use publication::{official_line, publication, publication_post};
pub use review::{review, review_post};
