//! The workshop: a task list, one thing a page, saved as typed. A file a section holds its fields.

mod brief;
mod budget;
mod cards;
mod categories;
mod conflict;
mod contact;
mod context;
mod criteria;
pub(super) mod findings;
mod limits;
mod live;
mod outcomes;
mod panel;
mod preview;
mod problem;
mod questions;
mod readiness;
mod requirements;
mod rounds;
mod rows;
mod section;
mod start;
mod tasks;
mod terms;
mod timetable;

pub use brief::{brief, brief_post};
use domain::challenge::{Draft, Section};
use domain::moment::Moment;
use leptos::prelude::AnyView;
pub use preview::preview;
pub use readiness::{readiness, readiness_post};
pub use section::{section, section_post};
pub use start::{new, new_post};
pub use tasks::{tasks, tasks_post};
use workflow::challenge::DraftView;

use crate::cx::Cx;
use crate::ui::Form;

/// The fields of a section's page: of a draft, and of an amendment.
pub(super) fn fields(cx: &Cx, draft: &Draft, now: Moment, section: Section, form: &Form) -> AnyView {
    match section {
        Section::Problem => problem::fields(cx, form),
        Section::Outcomes => outcomes::fields(cx, form),
        Section::Limits => limits::fields(cx, form),
        Section::Context => context::fields(cx, form),
        Section::Budget => budget::fields(cx, form),
        Section::Timetable => timetable::fields(cx, form),
        Section::Requirements => requirements::fields(cx, form),
        Section::Terms => terms::fields(cx, form),
        Section::Questions => questions::fields(cx, draft, now, form),
        Section::Criteria => criteria::fields(cx, draft, now, form),
        Section::Panel => panel::fields(cx, form),
        Section::Rounds => rounds::fields(cx, form),
        Section::Categories => categories::fields(cx, form),
        Section::Contact => contact::fields(cx, form),
    }
}

/// What stands behind the form: what it costs, how it will look.
fn beside(cx: &Cx, found: &DraftView, section: Section) -> Option<AnyView> {
    match section {
        Section::Questions => Some(questions::beside(cx, found)),
        Section::Criteria => Some(criteria::beside(cx, found)),
        Section::Panel => Some(panel::beside(cx, found)),
        _ => None,
    }
}

/// Sections that are lists: another row can be asked for.
pub(super) fn is_list(section: Section) -> bool {
    matches!(section, Section::Outcomes | Section::Budget | Section::Requirements)
}
