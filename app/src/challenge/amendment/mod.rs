//! After publication: the amendment in the making, new dates, reopening, published versions, the timetable as a calendar.

mod dates;
mod extension;
mod making;
mod reopening;
mod section;
mod version;

pub use dates::{dates, utc};
use domain::challenge::Section;
use domain::form::FieldError;
use domain::moment::Moment;
use domain::outage::Outage;
pub use extension::{extension, extension_post};
use leptos::prelude::*;
pub use making::{amendment, amendment_post};
pub use reopening::{reopening, reopening_post};
pub use section::{section, section_post};
use store::AmendmentRow;
pub use version::version;

use crate::cx::Cx;
use crate::ui::{Form, exact, input};
use crate::words::t;

/// Sections in which nothing can be amended: every part of them is frozen at publication.
const FROZEN: &[Section] = &[Section::Panel, Section::Rounds];

fn amendable() -> impl Iterator<Item = Section> {
    Section::ALL.iter().copied().filter(|section| !FROZEN.contains(section))
}

/// What is wrong names the part in words, not by its code.
fn named(cx: &Cx, errors: Vec<FieldError>) -> Vec<FieldError> {
    errors
        .into_iter()
        .map(|mut error| {
            for (_, value) in error.args.iter_mut().filter(|(name, _)| name == "part") {
                *value = t!(cx, &format!("term-{}", value.replace('_', "-")));
            }
            error
        })
        .collect()
}

/// A date and a time of day in the authority's zone, beside each other.
pub(crate) fn instant_fields(cx: &Cx, form: &Form, name: &str, hint: &str) -> AnyView {
    let (date, time) = (format!("{name}_date"), format!("{name}_time"));
    let label = |part: &str| t!(cx, &format!("amend-{name}-{part}"));
    view! {
        <div class="wp-pair">
            {input(cx, form, &date, label("date"), hint, "date", "")}
            {input(cx, form, &time, label("time"), "field-time-hint", "time", "")}
        </div>
    }
    .into_any()
}

/// The failure that a deadline was or is to be reopened for, as it was told, and beside it what the service itself recorded of that time.
fn failed(cx: &Cx, row: &AmendmentRow, recorded: &[Outage], zone: &str) -> Option<AnyView> {
    let (from, until) = row.failed_from.zip(row.failed_until)?;
    let time = |from: Moment, until: Moment| view! { {exact(cx, from, Some(zone))} " – " {exact(cx, until, Some(zone))} };
    let own = if recorded.is_empty() {
        view! { <p>{t!(cx, "failure-unrecorded")}</p> }.into_any()
    } else {
        let rows = recorded.iter().map(|one| view! { <li>{time(one.from, one.until)}</li> }).collect_view();
        view! { <p>{t!(cx, "failure-recorded")}</p><ul class="govuk-list govuk-list--bullet">{rows}</ul> }.into_any()
    };
    Some(view! { <p>{t!(cx, "version-failed")} " " {time(Moment(from), Moment(until))}</p>{own} }.into_any())
}
