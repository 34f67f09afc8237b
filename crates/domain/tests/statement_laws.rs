//! What holds of the statement check for every text, however odd.

use domain::statement::{Facts, Finding, Gravity, Lang, Passage, Role, Rule, Statement, check};
use proptest::prelude::*;

const ROLES: [Role; 10] = [
    Role::Title,
    Role::Summary,
    Role::Statement,
    Role::OutcomeTitle,
    Role::OutcomeTarget,
    Role::Limits,
    Role::Requirement,
    Role::Question,
    Role::Criterion,
    Role::Guidance,
];

/// Pieces that rules look for, glued in any order with any punctuation: far likelier to find something than random letters.
fn prose() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            "develop a mobile app", "Excel", "or equivalent", "une application", "d’une", "The goal is to improve", "must include", "reports,",
            "and", "not", "10 %", "by 2027", "at least 5 years of experience", "state-of-the-art", "QXZ", "(QXZ)", "user-friendly", "etc.",
            "- item\n", "# Heading\n", "\n\n", "`code", "https://x.org/a?b=c", "« citation »", "\"quoted\"", "REFERENCES:", "améliorer", "l'",
            "irrevocable royalty-free license", "e.g.", "U.S.", "®", "😀", "e\u{301}", "\u{a0}", "ﬁ", "İ", "ẞ",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
    ];
    prop::collection::vec((piece, prop::sample::select(vec![" ", "", ", ", ". ", "\n", ": ", "'", "-"])), 0..40)
        .prop_map(|parts| parts.into_iter().flat_map(|(piece, mark)| [piece, mark.to_owned()]).collect())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![prose(), any::<String>(), "\\PC{0,200}"]
}

fn lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(vec![Lang::En, Lang::Fr, Lang::Other])
}

fn statement(lang: Lang, texts: &[(Role, String)]) -> Statement {
    let passages = texts
        .iter()
        .enumerate()
        .map(|(nth, (role, text))| Passage::new(format!("section-{nth}"), format!("field-{nth}"), *role, text));
    Statement { lang, passages: passages.collect(), facts: Facts::default() }
}

fn texts() -> impl Strategy<Value = Vec<(Role, String)>> {
    prop::collection::vec((prop::sample::select(ROLES.to_vec()), any_text()), 1..4)
}

/// Rules that read the whole statement, and say so.
fn whole(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::NobodyAffected
            | Rule::NoBaseline
            | Rule::NoTarget
            | Rule::Jargon
            | Rule::Length
            | Rule::VagueProperty
            | Rule::NotMeasurable
    )
}

proptest! {
    #[test]
    fn every_place_is_a_place_in_its_field(lang in lang(), texts in texts()) {
        let statement = statement(lang, &texts);
        for finding in check(&statement) {
            let Some(span) = finding.span else { continue };
            let text = &statement.passages.iter().find(|p| p.field == finding.field).expect("a field of the statement").text;
            let slice = text.get(span.bytes.0 as usize..span.bytes.1 as usize).expect("ends on character boundaries");
            prop_assert!(!slice.is_empty());
            prop_assert_eq!(text[..span.bytes.0 as usize].chars().count(), span.chars.0 as usize);
            prop_assert_eq!(text[..span.bytes.1 as usize].chars().count(), span.chars.1 as usize);
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(String::from_utf16(&units[span.utf16.0 as usize..span.utf16.1 as usize]).expect("no half characters"), slice);
            prop_assert!(slice.starts_with(&finding.excerpt));
        }
    }

    #[test]
    fn the_same_statement_has_the_same_findings(lang in lang(), texts in texts()) {
        prop_assert_eq!(check(&statement(lang, &texts)), check(&statement(lang, &texts)));
    }

    #[test]
    fn a_passage_is_judged_by_itself(lang in lang(), texts in texts()) {
        let own = |findings: Vec<Finding>, field: &str| -> Vec<Finding> {
            findings.into_iter().filter(|f| f.field == field && !whole(f.rule)).collect()
        };
        let together = check(&statement(lang, &texts));
        for nth in 0..texts.len() {
            let mut alone = statement(lang, &texts);
            alone.passages.swap(0, nth);
            alone.passages.truncate(1);
            let field = format!("field-{nth}");
            prop_assert_eq!(own(together.clone(), &field), own(check(&alone), &field));
        }
    }

    #[test]
    fn or_equivalent_after_a_brand_clears_it(before in "[a-z ]{0,40}", brand in prop::sample::select(vec!["Excel", "Salesforce", "AutoCAD", "Google Maps", "Power BI"]), french in any::<bool>()) {
        let (lang, words) = if french { (Lang::Fr, "ou équivalent") } else { (Lang::En, "or equivalent") };
        let brands = |text: String| check(&statement(lang, &[(Role::Requirement, text)])).into_iter().filter(|f| f.rule == Rule::Brand).collect::<Vec<_>>();
        let named = brands(format!("{before} {brand} files"));
        prop_assert_eq!(named.len(), 1);
        prop_assert_eq!(named[0].gravity, Gravity::MustClear);
        prop_assert_eq!(brands(format!("{before} {brand} {words} files")), vec![]);
    }

    #[test]
    fn a_key_survives_edits_around_the_words(brand in prop::sample::select(vec!["Excel", "Salesforce", "AutoCAD"]), before in "[a-z]{2,9}( [a-z]{2,9}){0,6}") {
        let keys = |text: String| check(&statement(Lang::En, &[(Role::Limits, text)])).into_iter().filter(|f| f.rule == Rule::Brand).map(|f| f.key()).collect::<Vec<_>>();
        prop_assert_eq!(keys(format!("Files are read by {brand}.")), keys(format!("{before}. Files of all kinds are read by {brand}, always.")));
    }
}
