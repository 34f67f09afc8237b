//! Rules of the draft.

use std::collections::BTreeMap;

use super::*;
use crate::moment::{DAY, local};

fn draft() -> Draft {
    let fields = |pairs: &[(&str, &str)]| pairs.iter().copied().collect::<Fields>();
    Draft(BTreeMap::from([
        (
            Section::Problem,
            fields(&[("title", "Fewer missed home visits"), ("summary", "One in nine visits fails."), ("statement", "# Now\n…")]),
        ),
        (
            Section::Outcomes,
            fields(&[
                ("outcome-1-title", "Failed visits"),
                ("outcome-1-baseline", "11 %"),
                ("outcome-1-target", "4 %"),
                ("outcome-1-by", "end of 2027"),
            ]),
        ),
        (Section::Budget, fields(&[("budget", "120000"), ("currency", "EUR")])),
        (Section::Questions, fields(&[("question-1-label", "How does it work?"), ("question-1-words", "300")])),
        (
            Section::Criteria,
            fields(&[
                ("criterion-1-name", "Effect"),
                ("criterion-1-weight", "60"),
                ("criterion-1-threshold", "2"),
                ("criterion-2-name", "Price"),
                ("criterion-2-weight", "40"),
                ("criterion-2-kind", "price-absolute"),
            ]),
        ),
        (Section::Timetable, fields(&[("deadline_date", "2026-12-20"), ("deadline_time", "12:00"), ("zone", "Europe/Dublin")])),
        (Section::Contact, fields(&[("contact", "Ana, procurement")])),
    ]))
}

fn now() -> Moment {
    local("2026-11-01", "09:00", "UTC").unwrap()
}

fn codes(draft: &Draft) -> Vec<String> {
    parse(draft, now()).unwrap_err().into_iter().map(|(_, e)| format!("{}: {}", e.field, e.code)).collect()
}

#[test]
fn a_complete_draft_parses() {
    let terms = parse(&draft(), now()).unwrap();
    assert_eq!(terms.criteria.len(), 2);
    assert_eq!(terms.criteria[0].threshold, Some(2));
    assert_eq!(terms.deadline.rfc3339(), "2026-12-20T12:00:00.000000Z");
}

#[test]
fn an_empty_draft_names_every_missing_part() {
    let codes = codes(&Draft::default());
    for wanted in [
        "title: empty",
        "outcome-1-title: outcome-none",
        "question-1-label: question-none",
        "criterion-1-name: criterion-none",
        "deadline_date: date-missing",
    ] {
        assert!(codes.iter().any(|code| code == wanted), "{wanted} not in {codes:?}");
    }
}

#[test]
fn weights_must_sum_to_one_hundred() {
    let mut d = draft();
    d.0.get_mut(&Section::Criteria).unwrap().set("criterion-1-weight", "59.99");
    assert_eq!(codes(&d), ["criterion-1-weight: weights-sum"]);
}

#[test]
fn the_law_profile_sets_the_least_period() {
    let mut d = draft();
    d.0.get_mut(&Section::Timetable).unwrap().set("law", "eu-2014-24");
    assert!(parse(&d, now()).is_ok(), "49 days are enough");
    d.0.get_mut(&Section::Timetable).unwrap().set("deadline_date", "2026-11-20");
    assert_eq!(codes(&d), ["deadline_date: deadline-too-soon"]);
}

#[test]
fn enquiries_are_asked_until_the_published_day_or_the_one_of_the_profile() {
    let mut d = draft();
    let terms = parse(&d, now()).unwrap();
    let deadline = terms.deadline;
    assert_eq!(terms.enquiries_until(now()), deadline.plus(-5 * DAY));
    assert_eq!(terms.enquiries_until(deadline.plus(-4 * DAY)), deadline.plus(-2 * DAY), "half of a short time");
    d.0.get_mut(&Section::Timetable).unwrap().set("enquiry_date", "2026-12-01");
    assert_eq!(parse(&d, now()).unwrap().enquiries_until(now()).rfc3339(), "2026-12-01T17:00:00.000000Z");
    d.0.get_mut(&Section::Timetable).unwrap().set("enquiry_date", "2026-12-20");
    assert_eq!(codes(&d), ["enquiry_date: enquiry-outside"], "five hours after the deadline");
}

#[test]
fn absolute_price_needs_a_ceiling_and_price_comes_once() {
    let mut d = draft();
    d.0.get_mut(&Section::Budget).unwrap().set("budget", "");
    assert_eq!(codes(&d), ["criterion-2-kind: price-needs-budget"]);
    let mut d = draft();
    d.0.get_mut(&Section::Criteria).unwrap().set("criterion-1-kind", "price-relative");
    assert!(codes(&d).contains(&"criterion-2-kind: price-once".to_owned()));
}

fn full() -> Draft {
    let mut d = draft();
    let mut set = |section: Section, pairs: &[(&str, &str)]| {
        for (name, text) in pairs {
            d.0.entry(section).or_default().set(*name, *text);
        }
    };
    set(
        Section::Problem,
        &[("affected", "2,300 people"), ("now", "11 % fail"), ("source", "Log"), ("why_now", "April"), ("tried", "Texts")],
    );
    set(Section::Outcomes, &[("outcome-1-unit", "of visits"), ("outcome-1-measured", "Log")]);
    set(Section::Limits, &[("limits", "No cameras.")]);
    set(Section::Context, &[("context", "64 nurses"), ("data", "The log")]);
    set(
        Section::Budget,
        &[
            ("maximum", "900000"),
            ("duration", "six months"),
            ("buyers", "Three towns"),
            ("route", "All districts"),
            ("promises_bind", "yes"),
            ("milestone-1-title", "First district"),
            ("milestone-1-due", "month 2"),
            ("milestone-1-payment", "30 %"),
        ],
    );
    set(
        Section::Requirements,
        &[
            ("requirement-1-title", "Insured"),
            ("requirement-1-kind", "completeness"),
            ("requirement-1-evidence", "A letter"),
            ("requirement-1-declare", "yes"),
        ],
    );
    set(Section::Terms, &[("property", "shared"), ("conditions", "Paid monthly."), ("partners_sign", "yes")]);
    set(Section::Panel, &[("anonymous", "yes"), ("total_threshold", "60.5")]);
    set(Section::Categories, &[("category-85000000", "yes"), ("category-60000000", "yes")]);
    set(Section::Contact, &[("place", "Aldermouth"), ("lang", "fr"), ("credit", "After X")]);
    d
}

#[test]
fn terms_written_back_as_a_draft_parse_to_the_same() {
    let d = full();
    let terms = parse(&d, now()).unwrap();
    assert_eq!(terms.categories, ["60000000", "85000000"]);
    assert_eq!(terms.adoption.milestones[0].payment, "30 %");
    let mut again = draft_of(&terms);
    assert_eq!(again.section(Section::Timetable).get("deadline_date"), "", "dates belong to one publication");
    for as_typed in [Section::Timetable, Section::Questions, Section::Criteria, Section::Panel, Section::Rounds] {
        again.0.insert(as_typed, d.section(as_typed));
    }
    assert_eq!(parse(&again, now()).unwrap(), terms);
}

#[test]
fn a_version_published_before_the_workshop_reads_as_it_was() {
    let mut old = serde_json::to_value(parse(&draft(), now()).unwrap()).unwrap();
    for later in [
        "problem",
        "context",
        "data",
        "adoption",
        "requirements",
        "offer",
        "enquiry_deadline",
        "opening_at",
        "pilot_from",
        "categories",
        "credit",
    ] {
        old.as_object_mut().unwrap().remove(later).expect(later);
    }
    let read: Terms = serde_json::from_value(old).unwrap();
    assert_eq!(read, parse(&draft(), now()).unwrap());
    assert_eq!(read.offer.property, crate::challenge::Property::SupplierKeeps);
}

#[test]
fn the_problem_is_told_in_its_parts_or_in_one_text() {
    let mut d = draft();
    d.0.get_mut(&Section::Problem).unwrap().set("statement", "");
    assert_eq!(codes(&d), ["affected: empty", "now: empty"]);
    d.0.get_mut(&Section::Problem).unwrap().set("affected", "2,300 people");
    d.0.get_mut(&Section::Problem).unwrap().set("now", "11 % fail");
    assert!(parse(&d, now()).is_ok());
}

#[test]
fn dates_come_in_their_order_and_money_in_its() {
    let mut d = draft();
    let timetable = d.0.get_mut(&Section::Timetable).unwrap();
    for (name, text) in [("opening_date", "2026-12-19"), ("decision_date", "2027-01-10"), ("pilot_date", "2027-01-09")] {
        timetable.set(name, text);
    }
    d.0.get_mut(&Section::Budget).unwrap().set("maximum", "119999");
    let expected = ["maximum: maximum-below-pilot", "opening_date: opening-before-deadline", "pilot_date: pilot-before-decision"];
    assert_eq!(codes(&d), expected);
}

#[test]
fn garbage_in_any_choice_is_an_error_and_no_panic() {
    let mut d = draft();
    d.0.get_mut(&Section::Contact).unwrap().set("lang", "xx");
    d.0.insert(Section::Terms, [("property", "everything")].into_iter().collect());
    d.0.insert(Section::Categories, [("category-abc", "yes"), ("category-é", "yes")].into_iter().collect());
    assert_eq!(codes(&d), ["property: choose", "category-abc: category", "lang: choose"]);
}
