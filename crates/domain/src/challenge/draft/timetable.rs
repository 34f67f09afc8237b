//! The timetable, and the law that sets its least periods.

use crate::form::{Errors, FieldError, Fields};
use crate::law::LawProfile;
use crate::moment::{DAY, LocalError, Moment, local};

pub(super) struct Parsed {
    pub law: LawProfile,
    pub zone: String,
    pub enquiries: Option<Moment>,
    pub deadline: Moment,
    pub opening: Option<Moment>,
    pub decision: Option<Moment>,
    pub pilot: Option<Moment>,
}

pub(super) fn timetable(f: &Fields, publish_at: Moment, e: &mut Errors) -> Parsed {
    let law = LawProfile::parse(if f.get("law").is_empty() { "below-threshold" } else { f.get("law") });
    if law.is_none() {
        e.say("law", "choose");
    }
    let law = law.unwrap_or_default();
    let zone = if f.get("zone").is_empty() { "UTC" } else { f.get("zone") };
    let deadline = instant(f, "deadline", zone, true, e);
    let parsed = Parsed {
        law,
        zone: zone.to_owned(),
        enquiries: instant(f, "enquiry", zone, false, e),
        deadline: deadline.unwrap_or_default(),
        opening: instant(f, "opening", zone, false, e),
        decision: instant(f, "decision", zone, false, e),
        pilot: instant(f, "pilot", zone, false, e),
    };
    if deadline.is_some() {
        order(&parsed, publish_at, e);
    }
    parsed
}

/// Each date after the one before it: publication, enquiries, deadline, opening, decision, pilot.
fn order(dates: &Parsed, publish_at: Moment, e: &mut Errors) {
    let Parsed { deadline, .. } = *dates;
    let least = i64::from(dates.law.numbers().minimum_days);
    if !publish_at.before(deadline) {
        e.say("deadline_date", "deadline-past");
    } else if deadline.micros() - publish_at.micros() < least * DAY {
        e.add(FieldError::new("deadline_date", "deadline-too-soon").with("days", least));
    }
    if dates.enquiries.is_some_and(|at| !publish_at.before(at) || !at.before(deadline)) {
        e.say("enquiry_date", "enquiry-outside");
    }
    if dates.opening.is_some_and(|at| at.before(deadline)) {
        e.say("opening_date", "opening-before-deadline");
    }
    if dates.decision.is_some_and(|at| !deadline.before(at)) {
        e.say("decision_date", "decision-before-deadline");
    }
    if dates.pilot.is_some_and(|at| !dates.decision.unwrap_or(deadline).before(at)) {
        e.say("pilot_date", "pilot-before-decision");
    }
}

/// `<name>_date` and `<name>_time` (default 17:00) in a zone.
fn instant(f: &Fields, name: &str, zone: &str, required: bool, e: &mut Errors) -> Option<Moment> {
    let (date, time) = (f.get(&format!("{name}_date")), f.get(&format!("{name}_time")));
    if date.is_empty() {
        if required {
            e.say(format!("{name}_date"), "date-missing");
        }
        return None;
    }
    match local(date, if time.is_empty() { "17:00" } else { time }, zone) {
        Ok(at) => Some(at),
        Err(LocalError::Date) => {
            e.say(format!("{name}_date"), "date");
            None
        }
        Err(LocalError::Time) => {
            e.say(format!("{name}_time"), "time");
            None
        }
        Err(LocalError::Zone) => {
            e.say("zone", "zone");
            None
        }
    }
}
