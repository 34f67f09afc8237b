//! What the check promises, rule by rule, in short sentences; how well it keeps it on real ones is `docs/statement-check.md`.

use super::*;

fn passage(role: Role, text: &str) -> Passage {
    Passage::new("section", "field", role, text)
}

fn of(lang: Lang, role: Role, text: &str) -> Vec<Finding> {
    check(&Statement { lang, passages: vec![passage(role, text)], facts: Facts::default() })
}

/// The words that a rule reports in one text.
fn words(rule: Rule, lang: Lang, role: Role, text: &str) -> Vec<String> {
    of(lang, role, text)
        .into_iter()
        .filter(|f| f.rule == rule)
        .map(|f| f.span.map_or(String::new(), |s| s.of(text).to_owned()))
        .collect()
}

#[test]
fn a_brand_must_be_cleared_where_it_narrows_the_field_and_is_noted_elsewhere() {
    let gravity = |role| {
        of(Lang::En, role, "Data must be read by Microsoft Excel.").iter().find(|f| f.rule == Rule::Brand).map(|f| f.gravity)
    };
    for role in [Role::Limits, Role::OutcomeTitle, Role::Requirement, Role::Question, Role::Criterion, Role::Guidance] {
        assert_eq!(gravity(role), Some(Gravity::MustClear), "{role:?}");
    }
    assert_eq!(
        of(Lang::En, Role::Statement, "Our nurses keep a list in Excel.")
            .iter()
            .find(|f| f.rule == Rule::Brand)
            .map(|f| f.gravity),
        Some(Gravity::Note)
    );
}

#[test]
fn or_equivalent_clears_a_brand() {
    for (lang, text) in [
        (Lang::En, "Files open in Excel or equivalent."),
        (Lang::En, "Files open in Excel (or an equivalent product)."),
        (Lang::Fr, "Les fichiers s’ouvrent avec Excel ou équivalent."),
        (Lang::Fr, "Les fichiers s’ouvrent avec Excel ou un outil équivalent."),
    ] {
        assert_eq!(words(Rule::Brand, lang, Role::Requirement, text), Vec::<String>::new(), "{text}");
    }
    assert_eq!(words(Rule::Brand, Lang::En, Role::Requirement, "Files open in Excel. Or equivalent, who knows."), ["Excel"]);
}

#[test]
fn a_prescribed_form_is_told_and_a_denied_or_existing_one_is_not() {
    assert_eq!(
        words(Rule::Technology, Lang::En, Role::Statement, "We want to develop a mobile app for parents."),
        ["mobile app"]
    );
    assert_eq!(
        words(Rule::Technology, Lang::Fr, Role::Statement, "Il s’agit de développer une application mobile."),
        ["application mobile"]
    );
    for text in ["We do not want to develop an app.", "Parents use the existing app.", "Solutions could be, for example, an app."]
    {
        assert_eq!(words(Rule::Technology, Lang::En, Role::Statement, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_title_names_the_problem() {
    assert_eq!(words(Rule::SolutionInTitle, Lang::En, Role::Title, "Mobile App for Parents of Preterm Infants"), ["App"]);
    assert_eq!(
        words(Rule::SolutionInTitle, Lang::En, Role::Title, "Fewer missed visits among users of the app"),
        Vec::<String>::new()
    );
    assert_eq!(words(Rule::SolutionInTitle, Lang::Fr, Role::Title, "Une plateforme pour les aidants"), ["plateforme"]);
}

#[test]
fn what_is_missing_is_said_once() {
    let rules = |text: &str| {
        of(Lang::En, Role::Statement, text).into_iter().filter(|f| f.span.is_none()).map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(rules("Things are bad."), [Rule::NobodyAffected, Rule::NoBaseline, Rule::NoTarget]);
    assert_eq!(
        rules("Of 900 patients a year 110 miss a visit. The goal is at most 40 patients by the end of the year 2027."),
        []
    );
}

#[test]
fn an_abbreviation_is_told_once_unless_explained() {
    let text = "The QXZ is slow. A QXZ costs a lot. The Bulk Test Unit (BTU) works, and the BTU is old.";
    assert_eq!(words(Rule::Jargon, Lang::En, Role::Statement, text), ["QXZ"]);
}

#[test]
fn places_map_back_in_bytes_chars_and_utf16() {
    let text = "Été 😀 — the app: we must build a dashboard, innovative or not, in Excel.";
    let found = of(Lang::En, Role::Limits, text);
    assert!(!found.is_empty());
    let units: Vec<u16> = text.encode_utf16().collect();
    for finding in found.iter().filter_map(|f| f.span) {
        let chars: String =
            text.chars().skip(finding.chars.0 as usize).take((finding.chars.1 - finding.chars.0) as usize).collect();
        assert_eq!(chars, finding.of(text));
        assert_eq!(String::from_utf16(&units[finding.utf16.0 as usize..finding.utf16.1 as usize]).unwrap(), chars);
    }
}
