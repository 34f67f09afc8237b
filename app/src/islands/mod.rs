//! The little that runs in the browser. Each island is complete HTML without a script; the script only adds to it.
//! Sentences arrive as parameters: the catalogue stays on the server.

mod category_finder;
mod check_panel;
mod draft_keeper;
mod file_upload;
mod notice_preview;
#[cfg(feature = "hydrate")]
mod page_form;
#[cfg(feature = "hydrate")]
mod saver;
mod score_form;
mod search_box;
#[cfg(feature = "hydrate")]
mod wire;

pub use category_finder::CategoryFinder;
pub use check_panel::{CheckPanel, CheckWords, RuleWords};
pub use draft_keeper::{ConflictWords, DraftKeeper};
pub use file_upload::{FileUpload, UploadWords};
pub use notice_preview::NoticePreview;
pub use score_form::{ScoreForm, ScoreWords};
pub use search_box::SearchBox;

/// What is said while something is saved as one works.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct SaveWords {
    pub saving: String,
    pub saved: String,
    pub offline: String,
    pub signed_out: String,
    pub failed: String,
    pub restored: String,
}
