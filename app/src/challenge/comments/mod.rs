//! Comments on passages of a draft: the team's list with who was invited, those beside a section, and the invited person's page.

mod beside;
mod invited;
mod list;
mod readers;

pub use beside::beside;
pub use invited::{invited, invited_post};
use leptos::prelude::*;
pub use list::{comments, comments_post};
use workflow::reader::Passage;

use crate::cx::Cx;
use crate::ui::tag;
use crate::words::t;

/// The words that a comment quotes; that they are gone is said. `to`: where they stand in the workshop.
fn quote(cx: &Cx, passage: &Passage, to: Option<String>) -> Option<AnyView> {
    let words = &passage.row.quote;
    if words.is_empty() {
        return None;
    }
    let where_to = match (&passage.field, to) {
        (Some(field), Some(to)) => {
            Some(view! { <p><a class="govuk-link" href=format!("{to}#{field}")>{t!(cx, "comment-go")}</a></p> }.into_any())
        }
        (None, _) => Some(view! { <p>{tag("draft", t!(cx, "comment-gone"))}</p> }.into_any()),
        _ => None,
    };
    Some(view! { <blockquote class="wp-finding__words">{words.clone()}</blockquote>{where_to} }.into_any())
}

/// The team's answer, where there is one.
fn answered(cx: &Cx, passage: &Passage) -> Option<AnyView> {
    let answer = passage.row.answer.clone()?;
    Some(view! { <p class="wp-finding__reason"><strong>{t!(cx, "comment-answer-is")}</strong> " " {answer}</p> }.into_any())
}
