//! From a draft's fields to what the check reads. The one place that knows both: whoever adds a field to the draft names its
//! role here.

use jiff::civil::{Date, Time};

use super::passage::{Facts, Lang, Linked, Passage, Role, Statement};
use crate::challenge::{Criterion, Draft, Question, Section, parse_loosely};
use crate::form::Fields;
use crate::ids::to_text;
use crate::law::LawProfile;
use crate::moment::{DAY, Moment, local};

/// Fields of one value: section, field, role.
const SINGLE: &[(Section, &str, Role)] = &[
    (Section::Problem, "title", Role::Title),
    (Section::Problem, "summary", Role::Summary),
    (Section::Problem, "affected", Role::Part),
    (Section::Problem, "now", Role::Part),
    (Section::Problem, "why_now", Role::Part),
    (Section::Problem, "tried", Role::Tried),
    (Section::Problem, "statement", Role::Statement),
    (Section::Limits, "limits", Role::Limits),
    (Section::Context, "context", Role::Context),
    (Section::Context, "data", Role::Context),
    (Section::Budget, "route", Role::Route),
    (Section::Budget, "buyers", Role::Route),
    (Section::Terms, "conditions", Role::Terms),
];

/// Fields of rows: section, list, field, role.
const ROWS: &[(Section, &str, &str, Role)] = &[
    (Section::Outcomes, "outcome", "title", Role::OutcomeTitle),
    (Section::Outcomes, "outcome", "baseline", Role::OutcomeBaseline),
    (Section::Outcomes, "outcome", "target", Role::OutcomeTarget),
    (Section::Outcomes, "outcome", "by", Role::OutcomeBy),
    (Section::Outcomes, "outcome", "measured", Role::OutcomeMeasured),
    (Section::Budget, "milestone", "title", Role::Route),
    (Section::Requirements, "requirement", "title", Role::Requirement),
    (Section::Requirements, "requirement", "evidence", Role::Requirement),
    (Section::Questions, "question", "label", Role::Question),
    (Section::Questions, "question", "help", Role::Question),
    (Section::Questions, "question", "options", Role::Question),
    (Section::Criteria, "criterion", "name", Role::Criterion),
    (Section::Criteria, "criterion", "guidance", Role::Guidance),
    (Section::Rounds, "round", "questions", Role::Question),
    (Section::Rounds, "round", "criteria", Role::Criterion),
];

/// What a draft says, for the check. `publish_at`: when it would be published, where that is known. Texts keep the bytes that
/// were typed, so that a place in a finding is a place in the field.
pub fn of_draft(draft: &Draft, publish_at: Option<Moment>) -> Statement {
    let passages = draft.0.iter().flat_map(|(section, fields)| of_section(*section, fields)).collect();
    let lang = match draft.section(Section::Contact).get("lang") {
        "" => Lang::En,
        tag => Lang::of(tag),
    };
    Statement { lang, passages, facts: facts(draft, publish_at) }
}

/// What one section says: in the browser, where only its form is.
pub fn of_section(section: Section, fields: &Fields) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut add = |field: String, role: Role, text: &str| {
        if !text.trim().is_empty() {
            passages.push(Passage::new(section.code(), field, role, text));
        }
    };
    for (_, field, role) in SINGLE.iter().filter(|(of, ..)| *of == section) {
        add((*field).to_owned(), *role, fields.raw(field));
    }
    let of_section: Vec<_> = ROWS.iter().filter(|(of, ..)| *of == section).collect();
    let mut lists: Vec<&str> = of_section.iter().map(|(_, list, ..)| *list).collect();
    lists.dedup();
    for list in lists {
        for row in fields.rows(list) {
            for (_, _, field, role) in of_section.iter().filter(|(_, of, ..)| *of == list) {
                let name = format!("{list}-{row}-{field}");
                add(name.clone(), *role, fields.raw(&name));
            }
        }
    }
    if section == Section::Criteria {
        for row in fields.rows("criterion") {
            let list = format!("criterion-{row}-part");
            for part in fields.rows(&list) {
                for (field, role) in [("name", Role::Criterion), ("guidance", Role::Guidance)] {
                    let name = format!("{list}-{part}-{field}");
                    add(name.clone(), role, fields.raw(&name));
                }
            }
            for name in (0..=10).map(|point| format!("criterion-{row}-point{point}")) {
                add(name.clone(), Role::Guidance, fields.raw(&name));
            }
        }
    }
    passages
}

fn facts(draft: &Draft, publish_at: Option<Moment>) -> Facts {
    let timetable = draft.section(Section::Timetable);
    let law = LawProfile::parse(timetable.get("law")).unwrap_or_default();
    let or = |name: &str, default: &'static str| {
        if timetable.get(name).is_empty() { default.to_owned() } else { timetable.get(name).to_owned() }
    };
    let (date, time, zone) = (timetable.get("deadline_date"), or("deadline_time", "17:00"), or("zone", "UTC"));
    let deadline = date.parse::<Date>().ok().zip(time.parse::<Time>().ok()).map(|(date, time)| date.to_datetime(time));
    let published_days =
        publish_at.zip(local(date, &time, &zone).ok()).map(|(from, to)| (to.micros() - from.micros()).div_euclid(DAY));
    let (questions, criteria) = loose_ends(draft);
    Facts { questions, criteria, deadline, law, published_days, by_field: true }
}

/// Questions that nothing reads and criteria that nothing feeds, as the terms tell them, by the field of their card.
fn loose_ends(draft: &Draft) -> (Vec<Linked>, Vec<Linked>) {
    let (terms, _) = parse_loosely(draft, Moment::default());
    let linked = |section: Section, list: &str, id: &str, name: &str| {
        let fields = draft.section(section);
        let own = |row: &u32| match fields.of_row(list, *row, "id") {
            "" => to_text(i64::from(*row)) == id,
            own => own == id || fields.of_row(list, *row, "outcome") == id,
        };
        let row = fields.rows(list).into_iter().find(own)?;
        let field = format!("{list}-{row}-{name}");
        Some(Linked { section: section.code().to_owned(), label: fields.get(&field).to_owned(), field, linked: false })
    };
    let question = |question: &Question| linked(Section::Questions, "question", &question.id.to_string(), "label");
    let criterion = |criterion: &Criterion| linked(Section::Criteria, "criterion", &criterion.id.to_string(), "name");
    (terms.unread_questions().filter_map(question).collect(), terms.unfed_criteria().filter_map(criterion).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Fields;
    use crate::ids::QuestionId;
    use crate::statement::{Gravity, Rule, check};

    fn draft(sections: &[(Section, &[(&str, &str)])]) -> Draft {
        Draft(sections.iter().map(|(section, fields)| (*section, fields.iter().copied().collect::<Fields>())).collect())
    }

    #[test]
    fn findings_name_the_fields_of_the_form() {
        let draft = draft(&[
            (Section::Limits, &[("limits", "  Reads files of Excel.")]),
            (Section::Requirements, &[("requirement-2-title", "Runs on Salesforce")]),
            (
                Section::Outcomes,
                &[
                    ("outcome-1-title", "Fewer failed visits"),
                    ("outcome-1-baseline", "many"),
                    ("outcome-1-target", "4 %"),
                    ("outcome-1-by", "2027"),
                ],
            ),
        ]);
        let findings = check(&of_draft(&draft, None));
        let brands: Vec<_> = findings
            .iter()
            .filter(|f| f.rule == Rule::Brand)
            .map(|f| (f.section.as_str(), f.field.as_str(), f.gravity))
            .collect();
        assert_eq!(
            brands,
            [("limits", "limits", Gravity::MustClear), ("requirements", "requirement-2-title", Gravity::MustClear)]
        );
        let span = findings.iter().find(|f| f.field == "limits").and_then(|f| f.span).unwrap();
        assert_eq!(span.of("  Reads files of Excel."), "Excel", "places count from what was typed, spaces and all");
        assert!(findings.iter().any(|f| f.rule == Rule::NoBaseline && f.field == "outcome-1-baseline"));
        assert!(!findings.iter().any(|f| f.rule == Rule::NoTarget));
    }

    #[test]
    fn links_are_judged_once_a_criterion_says_what_it_reads() {
        let questions: (Section, &[(&str, &str)]) =
            (Section::Questions, &[("question-1-label", "How?"), ("question-2-label", "When?")]);
        let rules = |criteria: &[(&str, &str)]| {
            let found = check(&of_draft(&draft(&[questions, (Section::Criteria, criteria)]), None));
            found
                .into_iter()
                .filter(|f| matches!(f.rule, Rule::UnreadQuestion | Rule::UnfedCriterion))
                .map(|f| f.field)
                .collect::<Vec<_>>()
        };
        let reads = |n: i64| format!("criterion-1-reads_{}", QuestionId(n));
        assert_eq!(rules(&[("criterion-1-name", "Effect")]), Vec::<String>::new());
        assert_eq!(rules(&[("criterion-1-name", "Effect"), (&reads(1), "yes")]), ["question-2-label"]);
        let both = [("criterion-1-name", "Effect"), (&reads(1), "yes"), (&reads(2), "yes"), ("criterion-2-name", "Plan")];
        assert_eq!(rules(&both), ["criterion-2-name"]);
    }

    #[test]
    fn the_timetable_is_read_in_the_authority_s_zone() {
        let draft = draft(&[(
            Section::Timetable,
            &[("deadline_date", "2026-12-25"), ("deadline_time", "12:00"), ("zone", "Europe/Paris"), ("law", "eu-2014-24")],
        )]);
        let from = local("2026-12-01", "09:00", "Europe/Paris").ok();
        let rules: Vec<_> = check(&of_draft(&draft, from)).into_iter().map(|f| (f.rule, f.variant)).collect();
        assert_eq!(rules, [(Rule::DeadlineTime, "holiday".to_owned()), (Rule::PeriodMinimum, String::new())]);
    }

    #[test]
    fn a_text_in_another_language_is_not_read_with_english_words() {
        let draft =
            draft(&[(Section::Contact, &[("lang", "de")]), (Section::Limits, &[("limits", "Excel ist state of the art.")])]);
        assert_eq!(check(&of_draft(&draft, None)), []);
    }
}
