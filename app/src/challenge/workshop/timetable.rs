//! The timetable, and the law that sets its least periods.

use domain::law::LawProfile;
use leptos::prelude::*;

use crate::account::ZONES;
use crate::cx::Cx;
use crate::ui::{Form, input, select};
use crate::words::t;

/// Name, and whether a time goes with the date.
const DATES: [(&str, bool); 5] =
    [("enquiry", true), ("deadline", true), ("opening", true), ("decision", false), ("pilot", false)];

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let laws = LawProfile::ALL.iter().map(|law| (law.code().to_owned(), t!(cx, &format!("law-{}", law.code())), None)).collect();
    let zones = ZONES.iter().map(|zone| ((*zone).to_owned(), (*zone).replace('_', " "), None)).collect();
    let mut form = form.clone();
    // The reader's own zone, until another is chosen.
    if form.fields.get("zone").is_empty() {
        form.fields.set("zone", cx.zone.clone().unwrap_or_else(|| "UTC".into()));
    }
    let form = &form;
    let dates = DATES
        .iter()
        .map(|(name, timed)| {
            let time = timed.then(|| {
                input(cx, form, &format!("{name}_time"), t!(cx, &format!("field-{name}-time")), "field-time-hint", "time", "")
            });
            view! {
                {input(cx, form, &format!("{name}_date"), t!(cx, &format!("field-{name}-date")), &format!("field-{name}-hint"), "date", "")}
                {time}
            }
        })
        .collect_view();
    view! {
        {select(cx, form, "law", t!(cx, "field-law"), "field-law-hint", laws)}
        {select(cx, form, "zone", t!(cx, "field-zone"), "", zones)}
        {dates}
    }
    .into_any()
}
