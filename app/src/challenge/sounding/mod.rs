//! Soundings: the public list, one of them with its comments, the team's page, and what changed because of it.

mod answer;
mod list;
mod show;
mod team;

pub use answer::{answer, answer_post};
use domain::ids::{CommentId, SoundingId};
use domain::policy::{ReadSounding, Refused};
use domain::sounding::SoundingState;
use leptos::prelude::*;
pub use list::soundings;
pub use show::{sounding, sounding_post};
use store::SoundingOutcomeRow;
pub use team::{team, team_post};
use workflow::sounding::Sounded;

use crate::cx::Cx;
use crate::fault::Fault;
use crate::ui::{exact, tag};
use crate::words::t;

fn sounding_id(text: &str) -> Result<SoundingId, Fault> {
    Ok(SoundingId::parse(text).ok_or(Refused::unseen::<ReadSounding>(0))?)
}

fn state_tag(cx: &Cx, state: SoundingState) -> AnyView {
    let kind = match state {
        SoundingState::Open => "open",
        SoundingState::Over => "closed",
        SoundingState::TakenDown => "cancelled",
    };
    tag(kind, t!(cx, &format!("sounding-state-{}", state.code())))
}

/// Taken up, or not.
fn became(cx: &Cx, taken_up: bool) -> AnyView {
    let (kind, key) = if taken_up { ("open", "sounding-taken-up") } else { ("draft", "sounding-not-taken-up") };
    tag(kind, t!(cx, key))
}

/// One thing that changed, or did not, and why; `to`: the comments that it answers, as links.
fn outcome(cx: &Cx, row: &SoundingOutcomeRow, to: Option<AnyView>) -> AnyView {
    view! { <li class="wp-enquiry"><p>{became(cx, row.taken_up)} " " {row.what.clone()}</p>{to}</li> }.into_any()
}

/// Where the comments stand on the page, by their numbers.
fn links(cx: &Cx, comments: &[(usize, CommentId)]) -> AnyView {
    let rows = comments
        .iter()
        .map(|(n, id)| view! { <li><a class="govuk-link" href=format!("#comment-{id}")>{t!(cx, "sounding-comment-n", n = *n)}</a></li> })
        .collect_view();
    view! { <ul class="wp-meta">{rows}</ul> }.into_any()
}

/// On the page of a published challenge: that its draft was shown, and what changed.
pub fn sounded(cx: &Cx, all: &[Sounded], zone: &str) -> Option<AnyView> {
    let rows = all
        .iter()
        .map(|sounding| {
            let changes = sounding.outcomes.iter().map(|row| outcome(cx, row, None)).collect_view();
            let changes = (!sounding.outcomes.is_empty()).then(|| view! { <ol class="wp-enquiries">{changes}</ol> });
            let read = t!(cx, "sounded-read", n = sounding.comments);
            view! {
                <p>{t!(cx, "sounded-text")} " " {exact(cx, sounding.opened_at, Some(zone))} ". "
                    <a class="govuk-link" href=format!("/soundings/{}", sounding.id)>{read}</a></p>
                {changes}
            }
        })
        .collect_view();
    (!all.is_empty())
        .then(|| view! { <section><h2 class="govuk-heading-m">{t!(cx, "sounded-title")}</h2>{rows}</section> }.into_any())
}
