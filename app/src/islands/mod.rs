//! The HTML of islands: each is complete without a script; the crate `browser` adds to it by its `data-island`. What it says
//! then stands in attributes, as JSON, or in templates: the catalogue stays on the server.

mod category_finder;
mod check_panel;
mod draft_keeper;
mod file_upload;
mod notice_preview;
mod score_form;
mod search_box;

pub use category_finder::CategoryFinder;
pub use check_panel::{CheckPanel, CheckWords, RuleWords};
pub use draft_keeper::{ConflictWords, DraftKeeper};
pub use file_upload::{FileUpload, UploadWords};
pub use notice_preview::NoticePreview;
pub use score_form::{ScoreForm, ScoreWords};
pub use search_box::SearchBox;

/// What is said while something is saved as one works.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct SaveWords {
    pub saving: String,
    pub saved: String,
    pub offline: String,
    pub signed_out: String,
    pub failed: String,
    pub restored: String,
}

/// A value of an attribute.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
