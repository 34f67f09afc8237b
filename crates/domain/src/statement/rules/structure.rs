//! Exact rules about the form and the timetable; they read facts, not prose.

use jiff::civil::Weekday;

use super::unplaced;
use crate::statement::finding::{Finding, Rule};
use crate::statement::passage::Statement;

/// Office hours in which somebody can help a supplier whose upload fails; a deadline at the last full hour is fine.
const OFFICE: (i8, i8) = (9, 17);

pub(super) fn check(statement: &Statement, out: &mut Vec<Finding>) {
    let facts = &statement.facts;
    for (rule, links) in [(Rule::UnreadQuestion, &facts.questions), (Rule::UnfedCriterion, &facts.criteria)] {
        for link in links.iter().filter(|link| !link.linked) {
            let mut finding = unplaced(rule, &link.section, &link.field, &link.label);
            finding.args.push(("words".into(), link.label.clone()));
            out.push(finding);
        }
    }
    deadline(statement, out);
    let least = i64::from(facts.law.numbers().minimum_days);
    if let Some(days) = facts.published_days.filter(|days| *days < least) {
        let mut finding = unplaced(Rule::PeriodMinimum, "timetable", "deadline_date", "");
        finding.args = vec![("days".into(), days.to_string()), ("least".into(), least.to_string())];
        out.push(finding);
    }
}

fn deadline(statement: &Statement, out: &mut Vec<Finding>) {
    let Some(at) = statement.facts.deadline else { return };
    // Written out here: the calendar library brings its whole printer along.
    let when = format!("{}-{:02}-{:02} {:02}:{:02}", at.year(), at.month(), at.day(), at.hour(), at.minute());
    let mut say = |variant: &str, field: &str, day: &str| {
        let mut finding = unplaced(Rule::DeadlineTime, "timetable", field, &when);
        finding.variant = variant.to_owned();
        finding.args.push(("day".into(), day.to_owned()));
        out.push(finding);
    };
    if let Some(holiday) = statement.facts.law.holiday(at.date()) {
        say("holiday", "deadline_date", holiday);
    } else if matches!(at.date().weekday(), Weekday::Saturday | Weekday::Sunday) {
        say("weekend", "deadline_date", if at.date().weekday() == Weekday::Saturday { "saturday" } else { "sunday" });
    }
    let minutes = i32::from(at.hour()) * 60 + i32::from(at.minute());
    if minutes < i32::from(OFFICE.0) * 60 || minutes > i32::from(OFFICE.1) * 60 {
        say("hours", "deadline_time", "");
    }
}
