//! The timetable as a calendar (RFC 5545) to subscribe to. Instants are in UTC, so that every calendar shows them right in
//! its own zone; ids stay the same for ever, and each amendment counts the sequence on.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::moment::Moment;
use icalendar::{Calendar, Component, Event};
use workflow::challenge::{ChallengeView, read_challenge};

use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::words::t;

pub async fn dates(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = read_challenge(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let name = format!("attachment; filename=\"{}.ics\"", found.reference);
    let headers = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, calendar(&cx, &found)).into_response())
}

fn calendar(cx: &Cx, found: &ChallengeView) -> String {
    let (terms, standing) = (&found.terms, &found.facts.standing);
    let amended = found.events.iter().filter(|event| event.kind == "amended").count();
    let line = |name: &str, at: Option<Moment>| {
        Some((name.to_owned(), at?, t!(cx, &format!("calendar-{name}"), title = &terms.title), amended))
    };
    let later = found.later.as_ref().map(|later| {
        let said = t!(cx, "calendar-round", round = later.number, title = &terms.title);
        (format!("deadline-{}", later.number), later.deadline, said, later.moved)
    });
    let lines = [
        line("published", standing.publish_at),
        line("enquiries", Some(terms.enquiries_until(standing.publish_at.unwrap_or_default()))),
        line("deadline", Some(terms.deadline)),
        later,
        line("decision", terms.decision_by),
    ];
    // As old as what it says: the same version gives the same bytes.
    let stamp = found.events.iter().map(|event| event.at).max().map_or(cx.now, Moment);
    let host = cx.desk.base_url.split("://").last().unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    let link = format!("{}/challenges/{}", cx.desk.base_url, found.facts.challenge);
    let mut calendar = Calendar::empty();
    // No METHOD: that is for calendars that are sent to somebody by somebody (RFC 5546); this one is fetched.
    for (name, value) in [("VERSION", "2.0"), ("PRODID", "-//Wellposed//Timetable//EN"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property((name, value));
    }
    calendar.name(&terms.title);
    for (line, at, said, moved) in lines.into_iter().flatten() {
        let sequence = moved + usize::from(standing.cancelled_at.is_some());
        let mut event = Event::new();
        event.uid(&format!("{}-{line}@{host}", found.facts.challenge));
        event.summary(&said);
        event.description(&format!("{}\n{link}", found.buyer));
        event.add_property("DTSTAMP", utc(stamp));
        event.add_property("DTSTART", utc(at));
        event.add_property("SEQUENCE", sequence.to_string());
        event.add_property("URL", &link);
        event.add_property("TRANSP", "TRANSPARENT");
        event.add_property("STATUS", if standing.cancelled_at.is_some() { "CANCELLED" } else { "CONFIRMED" });
        calendar.push(event.done());
    }
    calendar.to_string()
}

/// `20261201T160000Z`
pub fn utc(at: Moment) -> String {
    jiff::Timestamp::from_microsecond(at.micros()).map(|at| at.strftime("%Y%m%dT%H%M%SZ").to_string()).unwrap_or_default()
}
