//! A draft as typed, section by section, and its parsing into terms.

use std::collections::BTreeMap;

use crate::challenge::terms::{Criterion, CriterionKind, Method, Outcome, Question, QuestionKind, Terms};
use crate::evaluation::PriceFormula;
use crate::form::{Errors, FieldError, Fields};
use crate::ids::{CriterionId, OutcomeId, QuestionId};
use crate::law::LawProfile;
use crate::moment::{DAY, LocalError, Moment, local};
use crate::money::{Currency, Money};
use crate::points::Weight;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    Problem,
    Outcomes,
    Limits,
    Questions,
    Criteria,
    Timetable,
}

crate::organisation::codes!(Section {
    Problem = "problem",
    Outcomes = "outcomes",
    Limits = "limits",
    Questions = "questions",
    Criteria = "criteria",
    Timetable = "timetable",
});

#[derive(Clone, Debug, Default)]
pub struct Draft(pub BTreeMap<Section, Fields>);

impl Draft {
    pub fn section(&self, section: Section) -> Fields {
        self.0.get(&section).cloned().unwrap_or_default()
    }

    pub fn title(&self) -> &str {
        self.0.get(&Section::Problem).map_or("", |fields| fields.get("title"))
    }
}

/// Most outcomes a challenge may name; more would hide what matters.
pub const MOST_OUTCOMES: usize = 8;
const MOST_ROWS: usize = 30;

/// The terms that a draft states, if it is approved at `now` to be published at `publish_at`.
pub fn parse(draft: &Draft, publish_at: Moment) -> Result<Terms, Vec<(Section, FieldError)>> {
    let mut all = Vec::new();
    let mut take = |section: Section, errors: Errors| all.extend(errors.0.into_iter().map(|error| (section, error)));

    let f = draft.section(Section::Problem);
    let mut e = Errors::default();
    let title = e.text(&f, "title", true, 120);
    let summary = e.text(&f, "summary", true, 300);
    let statement = e.text(&f, "statement", true, 20_000);
    let place = e.text(&f, "place", false, 120);
    take(Section::Problem, e);

    let f = draft.section(Section::Outcomes);
    let mut e = Errors::default();
    let outcomes = outcomes(&f, &mut e);
    take(Section::Outcomes, e);

    let f = draft.section(Section::Limits);
    let mut e = Errors::default();
    let limits = e.text(&f, "limits", false, 10_000);
    let route = e.text(&f, "route", false, 10_000);
    let currency = Currency::parse(if f.get("currency").is_empty() { "EUR" } else { f.get("currency") });
    let budget = match (&currency, f.get("budget")) {
        (Err(_), _) => {
            e.say("currency", "currency");
            None
        }
        (Ok(_), "") => None,
        (Ok(currency), text) => match Money::parse(text, *currency) {
            Ok(money) if money.minor > 0 => Some(money),
            Ok(_) => {
                e.say("budget", "budget-positive");
                None
            }
            Err(error) => {
                e.say("budget", error.code());
                None
            }
        },
    };
    let promises_bind = f.checked("promises_bind");
    take(Section::Limits, e);

    let f = draft.section(Section::Questions);
    let mut e = Errors::default();
    let questions = questions(&f, &mut e);
    take(Section::Questions, e);

    let f = draft.section(Section::Criteria);
    let mut e = Errors::default();
    let criteria = criteria(&f, budget.as_ref(), &mut e);
    let total_threshold = match f.get("total_threshold") {
        "" => None,
        text => match Weight::parse(text) {
            Ok(weight) if weight.hundredths() <= 10_000 => Some(weight),
            Ok(_) | Err(_) => {
                e.say("total_threshold", "threshold-total");
                None
            }
        },
    };
    take(Section::Criteria, e);

    let f = draft.section(Section::Timetable);
    let mut e = Errors::default();
    let law = LawProfile::parse(if f.get("law").is_empty() { "below-threshold" } else { f.get("law") });
    if law.is_none() {
        e.say("law", "choose");
    }
    let law = law.unwrap_or_default();
    let zone = if f.get("zone").is_empty() { "UTC" } else { f.get("zone") };
    let deadline = instant(&f, "deadline", zone, true, &mut e);
    let enquiry_deadline = instant(&f, "enquiry", zone, false, &mut e);
    let decision_by = instant(&f, "decision", zone, false, &mut e);
    if let Some(deadline) = deadline {
        let least = i64::from(law.numbers().minimum_days);
        if !publish_at.before(deadline) {
            e.say("deadline_date", "deadline-past");
        } else if deadline.micros() - publish_at.micros() < least * DAY {
            e.add(FieldError::new("deadline_date", "deadline-too-soon").with("days", least));
        }
        if enquiry_deadline.is_some_and(|at| !publish_at.before(at) || !at.before(deadline)) {
            e.say("enquiry_date", "enquiry-outside");
        }
        if decision_by.is_some_and(|at| !deadline.before(at)) {
            e.say("decision_date", "decision-before-deadline");
        }
    }
    let contact = e.text(&f, "contact", true, 300);
    let anonymous = f.checked("anonymous");
    take(Section::Timetable, e);

    match (all.is_empty(), deadline, currency) {
        (true, Some(deadline), Ok(currency)) => Ok(Terms {
            title,
            summary,
            statement,
            outcomes,
            limits,
            budget,
            currency,
            route,
            questions,
            criteria,
            method: Method::MeanAfterDiscussion,
            total_threshold,
            deadline,
            enquiry_deadline,
            zone: zone.to_owned(),
            decision_by,
            law,
            place,
            contact,
            anonymous,
            promises_bind,
            lang: "en".into(),
        }),
        _ => Err(all),
    }
}

fn outcomes(f: &Fields, e: &mut Errors) -> Vec<Outcome> {
    let rows = f.rows("outcome");
    if rows.is_empty() {
        e.say("outcome-1-title", "outcome-none");
    } else if rows.len() > MOST_OUTCOMES {
        e.add(FieldError::new(format!("outcome-{}-title", rows[MOST_OUTCOMES]), "outcome-many").with("max", MOST_OUTCOMES));
    }
    let mut out = Vec::new();
    for row in rows {
        let mut text = |field: &str, required, max| e.text(f, &format!("outcome-{row}-{field}"), required, max);
        out.push(Outcome {
            id: OutcomeId::parse(f.of_row("outcome", row, "id")).unwrap_or(OutcomeId(i64::from(row))),
            title: text("title", true, 160),
            unit: text("unit", false, 60),
            baseline: text("baseline", true, 60),
            target: text("target", true, 60),
            by: text("by", true, 60),
            measured: text("measured", false, 500),
        });
    }
    out
}

fn questions(f: &Fields, e: &mut Errors) -> Vec<Question> {
    let rows = f.rows("question");
    if rows.is_empty() {
        e.say("question-1-label", "question-none");
    } else if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("question-{}-label", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let mut out = Vec::new();
    for row in rows {
        let words = f.of_row("question", row, "words");
        let max_words = match if words.is_empty() { Ok(300) } else { words.parse::<u32>() } {
            Ok(limit) if (1..=5_000).contains(&limit) => limit,
            _ => {
                e.say(format!("question-{row}-words"), "word-limit");
                300
            }
        };
        out.push(Question {
            id: QuestionId::parse(f.of_row("question", row, "id")).unwrap_or(QuestionId(i64::from(row))),
            label: e.text(f, &format!("question-{row}-label"), true, 300),
            help: e.text(f, &format!("question-{row}-help"), false, 1_000),
            kind: if max_words <= 30 { QuestionKind::ShortText } else { QuestionKind::LongText },
            max_words,
            required: f.of_row("question", row, "optional").is_empty(),
        });
    }
    out
}

fn criteria(f: &Fields, budget: Option<&Money>, e: &mut Errors) -> Vec<Criterion> {
    let rows = f.rows("criterion");
    if rows.is_empty() {
        e.say("criterion-1-name", "criterion-none");
        return Vec::new();
    }
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("criterion-{}-name", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let (mut out, mut sum, mut prices, mut readable) = (Vec::new(), 0u32, 0, true);
    for &row in &rows {
        let name = |field: &str| format!("criterion-{row}-{field}");
        let weight = match Weight::parse(f.of_row("criterion", row, "weight")) {
            Ok(weight) if weight.hundredths() > 0 => weight,
            _ => {
                e.say(name("weight"), "weight");
                readable = false;
                Weight::parse("0").unwrap_or_default()
            }
        };
        sum = sum.saturating_add(weight.hundredths());
        let kind = match f.of_row("criterion", row, "kind") {
            "price-relative" => CriterionKind::Price(PriceFormula::Relative),
            "price-absolute" => {
                if budget.is_none() {
                    e.say(name("kind"), "price-needs-budget");
                }
                CriterionKind::Price(PriceFormula::Absolute { ceiling_minor: budget.map_or(1, |money| money.minor) })
            }
            _ => CriterionKind::Scored,
        };
        prices += u32::from(kind != CriterionKind::Scored);
        if prices > 1 && kind != CriterionKind::Scored {
            e.say(name("kind"), "price-once");
        }
        let max = 5;
        let threshold = match f.of_row("criterion", row, "threshold") {
            "" => None,
            text => match text.parse::<u8>() {
                Ok(points) if points <= max => Some(points),
                _ => {
                    e.add(FieldError::new(name("threshold"), "threshold").with("max", max));
                    None
                }
            },
        };
        let descriptors = (0..=max).map(|point| e.text(f, &name(&format!("point{point}")), false, 400)).collect();
        out.push(Criterion {
            id: CriterionId::parse(f.of_row("criterion", row, "id")).unwrap_or(CriterionId(i64::from(row))),
            name: e.text(f, &name("name"), true, 160),
            guidance: e.text(f, &name("guidance"), false, 2_000),
            weight,
            kind,
            max,
            threshold,
            descriptors,
        });
    }
    if readable && sum != 10_000 {
        let sum = format!("{}.{:02}", sum / 100, sum % 100);
        e.add(FieldError::new(format!("criterion-{}-weight", rows[0]), "weights-sum").with("sum", sum));
    }
    if out.iter().all(|criterion| criterion.kind != CriterionKind::Scored) {
        e.say(format!("criterion-{}-kind", rows[0]), "criterion-scored-none");
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::local;

    fn draft() -> Draft {
        let fields = |pairs: &[(&str, &str)]| pairs.iter().copied().collect::<Fields>();
        Draft(BTreeMap::from([
            (
                Section::Problem,
                fields(&[
                    ("title", "Fewer missed home visits"),
                    ("summary", "One in nine visits fails."),
                    ("statement", "# Now\n…"),
                ]),
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
            (Section::Limits, fields(&[("budget", "120000"), ("currency", "EUR")])),
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
            (
                Section::Timetable,
                fields(&[
                    ("deadline_date", "2026-12-20"),
                    ("deadline_time", "12:00"),
                    ("zone", "Europe/Dublin"),
                    ("contact", "Ana, procurement"),
                ]),
            ),
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
        d.0.get_mut(&Section::Limits).unwrap().set("budget", "");
        assert_eq!(codes(&d), ["criterion-2-kind: price-needs-budget"]);
        let mut d = draft();
        d.0.get_mut(&Section::Criteria).unwrap().set("criterion-1-kind", "price-relative");
        assert!(codes(&d).contains(&"criterion-2-kind: price-once".to_owned()));
    }
}
