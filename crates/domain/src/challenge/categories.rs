//! The Common Procurement Vocabulary (Regulation (EC) No 213/2008): divisions, groups, classes and categories with their
//! English labels, and finding one by typing words. The table is `data/cpv.txt`; nothing that runs in the browser reads it.

use std::sync::LazyLock;

use crate::form::Fields;

/// Eight digits and what they stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub code: String,
    pub label: &'static str,
}

struct Entry {
    /// Without trailing zeros; two digits at least.
    root: &'static str,
    label: &'static str,
    words: Vec<String>,
}

static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    include_str!("../../data/cpv.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(' '))
        .map(|(root, label)| Entry { root, label, words: words(label) })
        .collect()
});

fn full(root: &str) -> String {
    format!("{root:0<8}")
}

/// The codes that were ticked, in order: each is a field of its own (`category-72000000`), so that what two people choose
/// adds up.
pub fn chosen(f: &Fields) -> impl Iterator<Item = &str> {
    f.0.iter().filter(|(_, value)| !value.trim().is_empty()).filter_map(|(name, _)| name.strip_prefix("category-"))
}

/// What a code stands for; `None` where the table has no such code.
pub fn label(code: &str) -> Option<&'static str> {
    (code.len() == 8).then(|| TABLE.iter().find(|entry| full(entry.root) == code).map(|entry| entry.label)).flatten()
}

/// Whether a category is another one or a part of it: `72210000` is within `72000000`. Codes as the table has them.
pub fn within(code: &str, whole: &str) -> bool {
    let root = whole.trim_end_matches('0');
    // A division ends in a nought of its own: 30000000.
    let root = if root.len() < 2 { whole.get(..2).unwrap_or(whole) } else { root };
    code.len() == 8 && code.starts_with(root)
}

/// The categories that fit some words best, at most `most`: in any order, by their beginnings, in other forms (`cleaner`
/// finds `cleaning services`), with a letter wrong. Digits find codes.
pub fn find(text: &str, most: usize) -> Vec<Category> {
    let wanted = words(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).take(8).collect();
    let mut found: Vec<(u32, usize, &Entry)> = TABLE
        .iter()
        .filter_map(|entry| {
            let score = if digits.len() >= 2 && wanted.len() <= 1 {
                u32::from(full(entry.root).starts_with(&digits)) * 10
            } else {
                wanted.iter().map(|word| entry.words.iter().map(|own| likeness(word, own)).max().unwrap_or(0)).sum()
            };
            // A broad category before its parts, a short label before a long one.
            (score > 0).then_some((score, entry.root.len() * 100 + entry.label.len(), entry))
        })
        .collect();
    // A category that answers one word of several, and only nearly, is no answer where another answers them all.
    let best = found.iter().map(|(score, ..)| *score).max().unwrap_or(0);
    found.retain(|(score, ..)| score * 2 > best);
    found.sort_by_key(|(score, length, entry)| (std::cmp::Reverse(*score), *length, entry.root));
    found.into_iter().take(most).map(|(.., entry)| Category { code: full(entry.root), label: entry.label }).collect()
}

/// Words that stand in half of the labels tell nothing.
const EMPTY: &[&str] = &["and", "the", "for", "with", "other", "services", "service", "related", "products", "from"];

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.chars().count() > 2 && !EMPTY.contains(&word.as_str()))
        .collect()
}

/// 0 to 10: the same word, the same stem, its beginning, nearly it.
fn likeness(wanted: &str, own: &str) -> u32 {
    if wanted == own {
        10
    } else if stem(wanted) == stem(own) {
        9
    } else if own.starts_with(wanted) {
        8
    } else if wanted.len() > 4 && own.starts_with(stem(wanted)) {
        6
    } else if wanted.len() > 4 && own.len() > 4 && nearly(wanted, own) {
        4
    } else {
        0
    }
}

/// A word without its common English endings, at least four letters of it.
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 16] =
        ["ations", "ation", "ments", "ment", "ings", "ing", "ances", "ance", "ers", "er", "ies", "ed", "es", "s", "y", "e"];
    ENDINGS.iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.len() >= 4)).unwrap_or(word)
}

/// One letter more, less or other.
fn nearly(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let head = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let rest = one.len().min(other.len()) - head;
    let tail = one.iter().rev().zip(other.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    one.len().max(other.len()) - head - tail <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        find(text, 20).into_iter().map(|category| category.code).collect()
    }

    #[test]
    fn the_table_is_whole_and_its_codes_are_distinct() {
        let mut roots: Vec<&str> = TABLE.iter().map(|entry| entry.root).collect();
        assert!(roots.len() > 3_000, "{}", roots.len());
        assert!(roots.iter().all(|root| (2..=5).contains(&root.len()) && root.bytes().all(|byte| byte.is_ascii_digit())));
        roots.sort_unstable();
        roots.dedup();
        assert_eq!(roots.len(), TABLE.len());
        assert_eq!(label("85000000"), Some("Health and social work services"));
        assert_eq!(label("85"), None);
        assert_eq!(label("99999999"), None);
    }

    #[test]
    fn words_find_categories_in_any_order_form_and_nearly() {
        assert_eq!(codes("refuse collection")[0], "90511000");
        assert_eq!(codes("collecting refuse")[0], "90511000");
        assert_eq!(codes("refus collecton")[0], "90511000", "a letter is missing");
        assert!(codes("cleaners").contains(&"90910000".to_owned()), "{:?}", codes("cleaners"));
        assert!(codes("softw").contains(&"48000000".to_owned()), "a beginning");
        assert!(codes("health")[0].starts_with("85"));
    }

    #[test]
    fn digits_find_codes_and_nonsense_finds_nothing() {
        assert_eq!(codes("9051")[0], "90510000");
        for text in ["", "  ", "zzzzqqqq", "and the", "🦊", "0"] {
            assert!(codes(text).is_empty(), "{text}: {:?}", codes(text));
        }
    }
}
