//! The HTML of islands: each is complete without a script; the crate `browser` adds to it by its `data-island`. What it says
//! then stands in attributes, as JSON, or in templates: the catalogue stays on the server.

mod category_finder;
mod check_panel;
mod draft_keeper;
mod file_upload;
mod kept_note;
mod live_page;
mod notice_preview;
mod score_form;
mod search_box;
mod what_if;

pub use category_finder::CategoryFinder;
pub use check_panel::{CheckPanel, CheckWords, RuleWords};
pub use draft_keeper::{ConflictWords, DraftKeeper};
pub use file_upload::{FileUpload, UploadWords};
pub use kept_note::{KeptAt, KeptOf, draft_key, kept_note, person, score_key};
pub use live_page::LivePage;
pub use notice_preview::NoticePreview;
pub use score_form::{ScoreForm, ScoreWords, SetScore};
pub use search_box::SearchBox;
pub use what_if::{WhatIf, WhatIfWords, what_if_round};

use crate::cx::Cx;
use crate::words::t;

/// What is said while something is saved as one works.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct SaveWords {
    pub saving: String,
    pub saved: String,
    pub offline: String,
    pub signed_out: String,
    pub sign_in: String,
    pub unkept: String,
    pub choose: String,
    pub two: String,
    /// The same where each answer is saved by itself, and the link to the choice.
    pub two_each: String,
    pub lead_two: String,
    /// Of one field.
    pub unsaved: String,
    pub failed: String,
    pub restored: String,
}

impl SaveWords {
    /// `failed`: what is said where the server refused for a reason that the island does not know.
    pub fn of(cx: &Cx, failed: &str) -> Self {
        Self {
            saving: t!(cx, "score-saving"),
            saved: t!(cx, "score-saved-now"),
            offline: t!(cx, "score-offline"),
            signed_out: t!(cx, "score-signed-out"),
            sign_in: t!(cx, "score-sign-in"),
            unkept: t!(cx, "score-unkept"),
            choose: t!(cx, "score-choose"),
            two: t!(cx, "keep-two"),
            two_each: t!(cx, "keep-two-each"),
            lead_two: t!(cx, "keep-two-lead"),
            unsaved: t!(cx, "answer-unsaved"),
            failed: t!(cx, failed),
            restored: t!(cx, "score-restored"),
        }
    }
}

/// A value of an attribute.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
