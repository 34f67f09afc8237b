//! Beside a section's fields: what invited people say of it and the team is not done with.

use domain::challenge::Section;
use domain::ids::{ChallengeId, CommentId};
use leptos::prelude::*;
use workflow::reader::Passage;

use super::{answered, quote};
use crate::cx::Cx;
use crate::ui::paragraphs;
use crate::words::t;

pub fn beside(cx: &Cx, id: ChallengeId, section: Section, all: &[Passage]) -> Option<AnyView> {
    let rows = all
        .iter()
        .map(|passage| {
            let to = format!("/challenges/{id}/comments#comment-{}", CommentId(passage.row.id));
            view! {
                <li class="wp-finding">
                    <p><strong>{passage.row.name.clone()}</strong></p>
                    {quote(cx, passage, Some(format!("/challenges/{id}/edit/{}", section.code())))}
                    {paragraphs(&passage.row.comment)}
                    {answered(cx, passage)}
                    <p><a class="govuk-link" href=to>{t!(cx, "comment-settle")}</a></p>
                </li>
            }
        })
        .collect_view();
    (!all.is_empty()).then(|| {
        view! {
            <section class="govuk-!-margin-bottom-6">
                <h2 class="govuk-heading-m">{t!(cx, "comments-beside", n = all.len())}</h2>
                <ol class="govuk-list wp-findings">{rows}</ol>
            </section>
        }
        .into_any()
    })
}
