//! The little that runs in the browser. Each island is complete HTML without a script; the script only adds to it.
//! Sentences arrive as parameters: the catalogue stays on the server.

mod score_form;
mod search_box;
#[cfg(feature = "hydrate")]
mod wire;

pub use score_form::{ScoreForm, ScoreWords};
pub use search_box::SearchBox;
