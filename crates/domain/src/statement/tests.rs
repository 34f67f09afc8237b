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
fn plain_prescriptions_of_a_draft_are_found() {
    for (role, text, form) in [
        (Role::Statement, "We need a mobile app for parents.", "mobile app"),
        (Role::Statement, "The city is looking for a dashboard of all visits.", "dashboard"),
        (Role::Limits, "The supplier must deliver a blockchain platform.", "blockchain platform"),
        (Role::Requirement, "You must design, build and test a web portal.", "web portal"),
        (Role::Requirement, "The app must work without a connection.", "app"),
        (Role::Summary, "Develop machine learning models for floods.", "machine learning models"),
        (Role::Limits, "The system must use artificial intelligence.", "artificial intelligence"),
        (Role::OutcomeTitle, "A dashboard that shows every visit", "dashboard"),
        (Role::Statement, "The aim of building a chatbot is shared by all.", "chatbot"),
        (Role::Limits, "Answers must be based on machine learning.", "machine learning"),
    ] {
        assert_eq!(words(Rule::Technology, Lang::En, role, text), [form], "{text}");
    }
    for (role, text, form) in [
        (Role::Statement, "Nous souhaitons une application mobile pour les parents.", "application mobile"),
        (Role::Statement, "Il faut créer un tableau de bord des visites.", "tableau de bord"),
        (Role::Requirement, "Le titulaire doit fournir une plateforme web.", "plateforme web"),
        (Role::Requirement, "L’application doit fonctionner sans réseau.", "application"),
        (Role::OutcomeTitle, "Une application mobile pour les aidants", "application mobile"),
    ] {
        assert_eq!(words(Rule::Technology, Lang::Fr, role, text), [form], "{text}");
    }
}

#[test]
fn a_form_that_is_told_of_is_not_prescribed() {
    for text in [
        "Our nurses use an app that the county built.",
        "A dashboard for every ward hangs in the hall.",
        "You could build an app.",
        "Staff were able to build a dashboard.",
        "Develop a method to monitor software applications.",
        "Firms develop apps for many towns.",
        "Develop a better tool for planning visits.",
    ] {
        assert_eq!(words(Rule::Technology, Lang::En, Role::Statement, text), Vec::<String>::new(), "{text}");
    }
    for text in [
        "Marion a développé une application mobile.",
        "Ils construisent une plateforme web.",
        "Le défi a permis de créer un tableau de bord.",
        "Il faut améliorer l’usage de notre application.",
    ] {
        assert_eq!(words(Rule::Technology, Lang::Fr, Role::Statement, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_goal_of_this_call_is_told_and_background_is_not() {
    let all = |text: &str| words(Rule::NotMeasurable, Lang::En, Role::Statement, text).len();
    assert_eq!(all("Visits fail. Develop a way to reduce failed visits."), 1);
    assert_eq!(all("Visits fail. Many towns wear badges in order to reduce failed visits."), 0);
    assert_eq!(all("Visits fail. The goal is to increase the number of visits."), 0);
    let french = |text: &str| words(Rule::NotMeasurable, Lang::Fr, Role::Statement, text).len();
    assert_eq!(french("Les plaintes montent. Afin de simplifier les démarches, la ville souhaite agir."), 1);
    assert_eq!(french("Les plaintes montent. Une équipe a été formée pour simplifier les démarches."), 0);
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
    for text in [
        "It costs EUR 3 and USD 4 a day.",
        "The judges came from Raytheon BBN Technologies.",
        "Our partners are Chase, QXZ, and Visa.",
        "We scan with quantum xylem zoning. The QXZ is slow.",
        "We scanned it with the help of QXZ, the regional laboratory.",
        "The film is of GaAs and the vaccine of mRNA.",
    ] {
        assert_eq!(words(Rule::Jargon, Lang::En, Role::Statement, text), Vec::<String>::new(), "{text}");
    }
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

#[test]
fn exact_rules_of_form_and_timetable() {
    let link = |field: &str, linked| Linked { section: "form".into(), field: field.into(), label: "How many?".into(), linked };
    let at = |text: &str| text.parse().ok();
    let facts = |facts: Facts| check(&Statement { lang: Lang::En, passages: Vec::new(), facts });
    let rules = |found: Vec<Finding>| found.into_iter().map(|f| (f.rule, f.field, f.variant)).collect::<Vec<_>>();
    let say = |rule, field: &str, variant: &str| (rule, field.to_owned(), variant.to_owned());
    assert_eq!(rules(facts(Facts::default())), []);
    assert_eq!(
        rules(facts(Facts {
            questions: vec![link("question-1-label", true), link("question-2-label", false)],
            ..Facts::default()
        })),
        [say(Rule::UnreadQuestion, "question-2-label", "")]
    );
    assert_eq!(
        rules(facts(Facts { criteria: vec![link("criterion-1-name", false)], ..Facts::default() })),
        [say(Rule::UnfedCriterion, "criterion-1-name", "")]
    );
    let deadline = |text: &str, law| rules(facts(Facts { deadline: at(text), law, ..Facts::default() }));
    use crate::law::LawProfile::{BelowThreshold, Eu2014_24, Uk2023};
    assert_eq!(deadline("2026-12-01T12:00", Eu2014_24), []);
    assert_eq!(deadline("2026-12-01T17:00", Eu2014_24), [], "the last minute of the office is fine");
    assert_eq!(deadline("2026-12-01T17:01", Eu2014_24), [say(Rule::DeadlineTime, "deadline_time", "hours")]);
    assert_eq!(deadline("2026-12-01T08:59", Eu2014_24), [say(Rule::DeadlineTime, "deadline_time", "hours")]);
    assert_eq!(deadline("2026-11-28T12:00", BelowThreshold), [say(Rule::DeadlineTime, "deadline_date", "weekend")]);
    assert_eq!(deadline("2026-05-25T12:00", Uk2023), [say(Rule::DeadlineTime, "deadline_date", "holiday")]);
    let days = |days, law| rules(facts(Facts { published_days: Some(days), law, ..Facts::default() }));
    assert_eq!(days(29, Eu2014_24), [say(Rule::PeriodMinimum, "deadline_date", "")]);
    assert_eq!(days(30, Eu2014_24), []);
    assert_eq!(days(24, Uk2023), [say(Rule::PeriodMinimum, "deadline_date", "")]);
    assert_eq!(days(0, BelowThreshold), []);
}

#[test]
fn conditions_that_shut_firms_out() {
    let all = |rule, role, text: &str| words(rule, Lang::En, role, text);
    assert_eq!(
        all(Rule::OneFirm, Role::Requirement, "The supplier must be an authorised reseller of our system."),
        ["authorised reseller"]
    );
    assert_eq!(
        all(Rule::OutOfProportion, Role::Requirement, "At least 10 years of experience in the field."),
        ["At least 10 years of experience"]
    );
    assert_eq!(
        all(Rule::OutOfProportion, Role::Requirement, "At least 2 years of experience in the field."),
        Vec::<String>::new()
    );
    assert_eq!(
        all(Rule::ExperienceCriterion, Role::Criterion, "Qualifications and experience of the team"),
        ["Qualifications and experience"]
    );
    assert_eq!(all(Rule::ExperienceCriterion, Role::Criterion, "The experience of users at the counter"), Vec::<String>::new());
    assert_eq!(all(Rule::VagueProperty, Role::Terms, "All ideas become the property of the city."), ["property of"]);
    assert_eq!(
        all(Rule::VagueProperty, Role::Terms, "You retain ownership. All reports become the property of the city."),
        Vec::<String>::new()
    );
}

#[test]
fn goals_want_a_measure() {
    let all = |lang, role, text: &str| words(Rule::NotMeasurable, lang, role, text).len();
    assert_eq!(all(Lang::En, Role::Statement, "We see many complaints. The goal is to improve access to advice."), 1);
    assert_eq!(
        all(
            Lang::En,
            Role::Statement,
            "We see many complaints. The goal is to improve access: 9 in 10 people wait less than 3 days."
        ),
        0
    );
    assert_eq!(all(Lang::Fr, Role::Statement, "Les plaintes sont nombreuses. L’objectif est d’améliorer l’accès au conseil."), 1);
    let outcome = |target: &str| {
        let passages = vec![
            Passage::new("outcomes", "outcome-1-title", Role::OutcomeTitle, "Improve access to advice"),
            Passage::new("outcomes", "outcome-1-target", Role::OutcomeTarget, target),
        ];
        check(&Statement { lang: Lang::En, passages, facts: Facts::default() })
            .iter()
            .filter(|f| f.rule == Rule::NotMeasurable)
            .count()
    };
    assert_eq!((outcome("better"), outcome("3 days")), (1, 0));
}

#[test]
fn long_and_hard_texts() {
    let long = "word ".repeat(46) + ".";
    assert_eq!(words(Rule::Length, Lang::Other, Role::Limits, &long).len(), 1, "lengths are told in every language");
    assert_eq!(words(Rule::Length, Lang::En, Role::Limits, &("word ".repeat(45) + ".")), Vec::<String>::new());
    let hard = "The aforementioned organisational considerations necessitate a comprehensive interdepartmental reconsideration of administrative responsibilities, \
         notwithstanding the infrastructural implications that the respective authorities have repeatedly communicated to participating institutions. "
        .repeat(5);
    assert_eq!(words(Rule::ReadingLevel, Lang::En, Role::Limits, &hard).len(), 1);
    let plain = "We visit people at home. One visit in nine fails. Nobody is there, or the door stays shut. ".repeat(8);
    assert_eq!(words(Rule::ReadingLevel, Lang::En, Role::Limits, &plain), Vec::<String>::new());
}
