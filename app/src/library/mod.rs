//! The open library and what stands around it: solutions, public pages of suppliers and buyers, suppliers that look for a partner,
//! how far a challenge reached, and why some did not answer.

mod entry;
mod organisations;
mod partners;
mod reach;

pub use entry::{change, change_post, entry, entry_post, list, mine, publish, publish_post};
pub use organisations::{buyer, supplier};
pub use partners::{partners, partners_post, standing as partners_standing};
pub use reach::{count_notice, count_reader, reach, why_not, why_not_post};
