//! A look at the reasons of a panel before its record is approved: what a court would ask about.
//!
//! Courts set aside awards for notes that miss criteria or compare bids with each other (Lancashire Care v Lancashire CC,
//! 2018). So: no reason is empty, none is copied from another response, and none speaks of other responses. It warns; only an
//! empty reason, where one is asked, keeps the record from being approved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One written reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    pub response: i64,
    pub criterion: i64,
    /// The seat that wrote it; `None`: the panel's own, of an agreed score.
    pub seat: Option<i64>,
    pub text: &'a str,
    /// A reason is asked here: an empty one is a fault.
    pub asked: bool,
}

/// What a response is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// A supplier's name, and the response that it answers for. `None`: nobody may know which, so that it is a fault beside any
    /// response; a fault beside all but one would tell whose that one is.
    Supplier { name: &'a str, response: Option<i64> },
    /// A pseudonym: "Response 3".
    Number { number: u32, response: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing is written where a reason is asked.
    Empty,
    /// The same text stands beside another response.
    Copied,
    /// It names a supplier or another response.
    Names,
    /// It measures against other responses instead of the descriptors.
    Compares,
}

crate::organisation::codes!(FaultKind { Empty = "empty", Copied = "copied", Names = "names", Compares = "compares" });

/// What is to be mended, where, and the words that show it (none for an empty reason).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonFault {
    pub response: i64,
    pub criterion: i64,
    pub seat: Option<i64>,
    pub kind: FaultKind,
    pub words: String,
}

/// Shorter texts say the same without being copied: "Not answered."
const COPIED_FROM: usize = 20;

/// Words for a response before its number.
const RESPONSE_WORDS: &[&str] =
    &["response", "responses", "bid", "bidder", "tender", "supplier", "offer", "réponse", "offre", "soumission", "candidat"];

/// Whoever else answers.
const OTHERS: &[&str] = &[
    "other",
    "others",
    "another",
    "responses",
    "bids",
    "bidders",
    "tenders",
    "suppliers",
    "offers",
    "competitor",
    "competitors",
    "competition",
    "rest",
    "rivals",
    "theirs",
    "anyone",
    "everyone",
    "previous",
    "autre",
    "autres",
    "concurrent",
    "concurrents",
    "réponses",
    "offres",
    "précédent",
    "précédente",
];

/// What a reason may well measure against: the situation today, and what was asked.
const MEASURES: &[&str] = &[
    "today",
    "now",
    "baseline",
    "before",
    "present",
    "current",
    "currently",
    "existing",
    "asked",
    "required",
    "expected",
    "needed",
    "target",
    "minimum",
    "limit",
    "threshold",
    "promised",
    "nothing",
    "aujourd",
    "actuel",
    "actuelle",
    "demandé",
    "requis",
    "cible",
];

/// Comparatives that judge. "More than 40 %" and "less than a day" measure, and are left alone unless others are named.
const JUDGING: &[&str] = &[
    "better",
    "worse",
    "stronger",
    "weaker",
    "clearer",
    "poorer",
    "superior",
    "inferior",
    "preferable",
    "meilleur",
    "meilleure",
    "pire",
];

const SUPERLATIVES: &[&str] =
    &["best", "worst", "strongest", "weakest", "clearest", "poorest", "cheapest", "dearest", "meilleure", "meilleur", "pire"];

/// All faults, in the order of the reasons. `reasons` are those that the reader may see: a fault tells of both texts.
pub fn check_reasons(reasons: &[Reason], names: &[Name]) -> Vec<ReasonFault> {
    let mut faults = Vec::new();
    let mut same: BTreeMap<(Option<i64>, String), Vec<i64>> = BTreeMap::new();
    let split: Vec<Vec<String>> = reasons.iter().map(|reason| words(reason.text)).collect();
    for (reason, words) in reasons.iter().zip(&split) {
        let key = (reason.seat, words.join(" "));
        same.entry(key).or_default().push(reason.response);
    }
    let names: Vec<(&Name, Vec<String>)> = names
        .iter()
        .map(|name| match name {
            Name::Supplier { name: text, .. } => (name, words(text)),
            Name::Number { number, .. } => (name, vec![number.to_string()]),
        })
        .collect();
    for (reason, words) in reasons.iter().zip(&split) {
        let mut tell = |kind, words: String| {
            faults.push(ReasonFault { response: reason.response, criterion: reason.criterion, seat: reason.seat, kind, words });
        };
        if words.is_empty() {
            if reason.asked {
                tell(FaultKind::Empty, String::new());
            }
            continue;
        }
        let text = words.join(" ");
        let elsewhere = same.get(&(reason.seat, text.clone())).is_some_and(|of| of.iter().any(|other| *other != reason.response));
        if elsewhere && text.chars().count() >= COPIED_FROM {
            tell(FaultKind::Copied, start(reason.text));
        }
        if let Some(said) = named(reason.response, words, &names) {
            tell(FaultKind::Names, said);
        }
        if let Some(said) = compared(words) {
            tell(FaultKind::Compares, said);
        }
    }
    faults
}

/// Runs of letters and digits, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Its first words, to find it by.
fn start(text: &str) -> String {
    let all: Vec<&str> = text.split_whitespace().collect();
    let some = all.iter().take(8).copied().collect::<Vec<_>>().join(" ");
    if all.len() > 8 { format!("{some} …") } else { some }
}

fn named(own: i64, words: &[String], names: &[(&Name, Vec<String>)]) -> Option<String> {
    names.iter().find_map(|(name, parts)| match name {
        Name::Supplier { response, name } if *response != Some(own) && !parts.is_empty() => {
            words.windows(parts.len()).any(|run| run == parts.as_slice()).then(|| (*name).to_owned())
        }
        Name::Number { response, .. } if *response != own => words
            .windows(2)
            .find_map(|pair| (RESPONSE_WORDS.contains(&pair[0].as_str()) && pair[1] == parts[0]).then(|| pair.join(" "))),
        _ => None,
    })
}

fn compared(words: &[String]) -> Option<String> {
    let is = |at: usize, of: &[&str]| words.get(at).is_some_and(|word| of.contains(&word.as_str()));
    let any = |from: usize, to: usize, of: &[&str]| (from..to.min(words.len())).any(|at| is(at, of));
    let said = |from: usize, to: usize| Some(words[from..to.min(words.len())].join(" "));
    for at in 0..words.len() {
        // "better than the others", "meilleur que les autres"; "faster than all other responses".
        if is(at, &["than", "que"]) && at > 0 {
            let judged = is(at - 1, JUDGING) && !any(at + 1, at + 4, MEASURES);
            let than = is(at, &["than"]) || is(at - 1, JUDGING);
            if judged || (than && any(at + 1, at + 5, OTHERS)) {
                return said(at - 1, at + 4);
            }
        }
        // "the best of all", "the strongest response", "la meilleure offre".
        if is(at, SUPERLATIVES) && at > 0 && is(at - 1, &["the", "le", "la"]) {
            let among = is(at + 1, RESPONSE_WORDS) || is(at + 1, &["of", "answer", "proposal", "among", "des", "de"]);
            if among {
                return said(at - 1, at + 3);
            }
        }
        // "compared with other bids", "unlike the others", "par rapport aux autres".
        let turns = is(at, &["unlike", "contrairement"])
            || (is(at, &["compared", "comparison", "relative"]) && is(at + 1, &["with", "to"]))
            || (is(at, &["rapport"]) && is(at + 1, &["aux", "à"]));
        if turns && any(at + 1, at + 5, OTHERS) {
            return said(at, at + 5);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(response: i64, text: &str) -> Reason<'_> {
        Reason { response, criterion: 1, seat: Some(7), text, asked: true }
    }

    fn faults(texts: &[&str]) -> Vec<(i64, FaultKind)> {
        let reasons: Vec<Reason> = (1..).zip(texts).map(|(n, text)| reason(n, text)).collect();
        check_reasons(&reasons, &[]).into_iter().map(|fault| (fault.response, fault.kind)).collect()
    }

    #[test]
    fn an_empty_reason_is_a_fault_only_where_one_is_asked() {
        assert_eq!(faults(&[" – \n"]), [(1, FaultKind::Empty)]);
        let sift = Reason { asked: false, ..reason(1, "") };
        assert_eq!(check_reasons(&[sift], &[]), []);
    }

    #[test]
    fn the_same_text_beside_another_response_is_copied_however_it_is_set() {
        let found =
            faults(&["It shows how, with two trials.", "it shows how - with two  trials", "It shows nothing of that kind."]);
        assert_eq!(found, [(1, FaultKind::Copied), (2, FaultKind::Copied)]);
        assert_eq!(faults(&["Not answered.", "Not answered."]), [], "short texts say the same by chance");
        let other = Reason { seat: Some(8), ..reason(2, "It shows how, with two trials.") };
        assert_eq!(check_reasons(&[reason(1, "It shows how, with two trials."), other], &[]), [], "two people, one opinion");
        let second = Reason { criterion: 2, ..reason(1, "It shows how, with two trials.") };
        assert_eq!(check_reasons(&[reason(1, "It shows how, with two trials."), second], &[]), [], "of the same response");
    }

    #[test]
    fn comparing_with_others_is_a_fault_and_measuring_is_none() {
        for text in [
            "Better than the other bids in its plan.",
            "It is much weaker than Response 2.",
            "Faster than all the others.",
            "Clearly the best response on safety.",
            "The strongest of the four.",
            "Compared with the others it says little.",
            "Unlike other suppliers they tried it.",
            "Meilleur que les autres offres.",
            "Worse than what Acme offers.",
        ] {
            assert_eq!(faults(&[text]), [(1, FaultKind::Compares)], "{text}");
        }
        for text in [
            "Better than today by a third.",
            "It promises more than 40 % within a year, less than a day each.",
            "Worse than the baseline on rainy days.",
            "They train with the best people; other sites are named.",
            "No more than was asked.",
            "The plan is better, and says why.",
            "Compared with the target it falls short.",
            "Il faut que les autres services suivent.",
        ] {
            assert_eq!(faults(&[text]), [], "{text}");
        }
    }

    #[test]
    fn names_of_others_are_faults() {
        let names = [
            Name::Supplier { name: "Hedgerow Analytics", response: Some(1) },
            Name::Supplier { name: "Brook", response: Some(2) },
            Name::Number { number: 3, response: 3 },
        ];
        let told =
            |text: &str| check_reasons(&[reason(1, text)], &names).into_iter().map(|fault| fault.words).collect::<Vec<_>>();
        assert_eq!(told("Hedgerow Analytics says how."), Vec::<String>::new(), "the own name");
        assert_eq!(told("Brook's sensors would do it too."), ["Brook"]);
        assert_eq!(told("As in response 3, sensors are used."), ["response 3"]);
        assert_eq!(told("It needs 3 sensors; brooks are crossed."), Vec::<String>::new());
    }

    #[test]
    fn where_names_are_hidden_each_name_is_a_fault_beside_each_response_so_that_none_is_told() {
        let names = ["Acme", "Brook"].map(|name| Name::Supplier { name, response: None });
        for own in [1, 2, 3] {
            for text in ["I think this is Acme.", "I think this is Brook."] {
                assert_eq!(check_reasons(&[reason(own, text)], &names).len(), 1);
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_looked_at_and_an_order_changes_nothing(texts in proptest::collection::vec("\\PC{0,60}", 0..8)) {
            let mut reasons: Vec<Reason> = (1..).zip(&texts).map(|(n, text)| reason(n, text)).collect();
            let key = |fault: &ReasonFault| (fault.response, fault.kind);
            let mut found: Vec<_> = check_reasons(&reasons, &[]).iter().map(key).collect();
            reasons.reverse();
            let mut again: Vec<_> = check_reasons(&reasons, &[]).iter().map(key).collect();
            found.sort_unstable();
            again.sort_unstable();
            prop_assert_eq!(found, again);
        }
    }
}
