//! Briefs as people paste them.

use proptest::prelude::*;

use super::*;

const BRIEF: &str = "Fewer missed home visits

1. Background
Our nurses visit 2,300 people at home.

2. The problem
One visit in nine fails because nobody is in.

Who is affected:
2,300 people, mostly over 75, and 64 nurses.

OBJECTIVES
- Failed visits fall from 11 % to 4 % by the end of 2027
- Nurses are told before they drive

Budget
The pilot may cost up to EUR 120,000 without tax.

Constraints
Health data stays in the country.

Evaluation criteria
* Effect on failed visits: 50 %
* Care for those without a telephone (20%)
* Price - 30%

Timeline
Deadline for submissions: 2027-01-29 at noon.

Parking and access
Visitors park behind the depot.

Contact
procurement@aldermouth.example
";

#[test]
fn a_brief_is_sorted_by_its_headings() {
    let draft = sort(BRIEF);
    let get = |section, field: &str| draft.section(section).get(field).to_owned();
    assert_eq!(get(Section::Problem, "title"), "Fewer missed home visits");
    assert_eq!(get(Section::Problem, "now"), "One visit in nine fails because nobody is in.");
    assert_eq!(get(Section::Problem, "affected"), "2,300 people, mostly over 75, and 64 nurses.");
    assert_eq!(get(Section::Outcomes, "outcome-1-title"), "Failed visits fall from 11 % to 4 % by the end of 2027");
    assert_eq!(get(Section::Outcomes, "outcome-2-title"), "Nurses are told before they drive");
    assert_eq!(get(Section::Budget, "budget"), "120000");
    assert_eq!(get(Section::Budget, "currency"), "EUR");
    assert_eq!(get(Section::Limits, "limits"), "Health data stays in the country.");
    assert_eq!(get(Section::Criteria, "criterion-1-name"), "Effect on failed visits");
    assert_eq!(get(Section::Criteria, "criterion-1-weight"), "50");
    assert_eq!(get(Section::Criteria, "criterion-2-weight"), "20");
    assert_eq!(get(Section::Criteria, "criterion-3-name"), "Price");
    assert_eq!(get(Section::Timetable, "deadline_date"), "2027-01-29");
    assert_eq!(get(Section::Contact, "contact"), "procurement@aldermouth.example");
}

#[test]
fn what_fits_nowhere_goes_to_the_context_under_its_heading() {
    let context = sort(BRIEF).section(Section::Context).get("context").to_owned();
    assert!(context.contains("## Parking and access"), "{context}");
    assert!(context.contains("Visitors park behind the depot."), "{context}");
}

#[test]
fn french_headings_are_known() {
    let draft = sort(
        "Contexte\n\nLa ville compte 40 agents.\n\nObjectifs :\n- Moins de 3 jours d'attente\n\nContraintes :\nDonnées en France.",
    );
    assert_eq!(draft.section(Section::Outcomes).get("outcome-1-title"), "Moins de 3 jours d'attente");
    assert_eq!(draft.section(Section::Limits).get("limits"), "Données en France.");
    assert!(draft.section(Section::Context).get("context").contains("40 agents"));
}

#[test]
fn a_text_without_headings_is_the_problem() {
    let draft = sort("One visit in nine fails.\nNobody is in.");
    assert_eq!(draft.section(Section::Problem).get("statement"), "One visit in nine fails.\nNobody is in.");
    assert!(sort("").0.is_empty());
}

fn letters(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Words of headings that only name the field they are put into may go.
fn kept(draft: &Draft) -> String {
    draft.0.values().flat_map(|fields| fields.0.values()).cloned().collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn nothing_but_the_name_of_a_section_is_lost(
        lines in proptest::collection::vec(
            prop_oneof![
                "[a-zé]{1,8}( [a-z0-9]{1,8}){0,12}[.!?]?",
                "(- |\\* |1\\. |2\\) |• )[a-z]{1,8}( [a-z0-9%]{1,6}){0,6}",
                "(Budget|Objectives|Criteria|Timeline|Contact|Limits|Questions|Requirements|The problem):?",
                "#{1,3} [A-Z][a-z]{1,9}",
                "[A-Z]{4,9}",
                Just(String::new()),
            ],
            0..40,
        )
    ) {
        let text = lines.join("\n");
        let out = letters(&kept(&sort(&text)));
        let named: std::collections::BTreeSet<String> = parts(&text).iter().flat_map(|part| letters(&part.heading)).collect();
        for word in letters(&text) {
            // `1.` before an item is the list's own numbering; a heading that names its field is the field.
            let numbering = word.len() == 1 && word.chars().all(|c| c.is_ascii_digit());
            prop_assert!(out.contains(&word) || named.contains(&word) || numbering, "lost {word:?} of {text:?}");
        }
    }

    #[test]
    fn any_text_is_sorted_without_panicking(text in "\\PC{0,400}") {
        sort(&text);
    }
}
