//! Words quoted from a draft, found again in its text.

use std::ops::Range;

use crate::form::Fields;

/// Letters and digits in lower case, each with the bytes at which it stands: all that a quotation is compared by. Whoever
/// copies from a page copies neither its marks of emphasis nor its line breaks as they were typed.
fn squeezed(text: &str) -> Vec<(char, Range<usize>)> {
    text.char_indices()
        .filter(|(_, c)| c.is_alphanumeric())
        .flat_map(|(at, c)| c.to_lowercase().map(move |lower| (lower, at..at + c.len_utf8())))
        .collect()
}

/// Where the quoted words stand in the text, in bytes; `None` where they are gone, or nothing was quoted.
pub fn find_quote(text: &str, quote: &str) -> Option<Range<usize>> {
    let (text, quote) = (squeezed(text), squeezed(quote));
    let letters = |of: &[(char, Range<usize>)]| of.iter().map(|(c, _)| *c).collect::<Vec<_>>();
    let wanted = letters(&quote);
    if wanted.is_empty() {
        return None;
    }
    let found = letters(&text).windows(wanted.len()).position(|window| window == wanted)?;
    Some(text[found].1.start..text[found + wanted.len() - 1].1.end)
}

/// The field of a section that holds the quoted words.
pub fn quoted_field<'a>(fields: &'a Fields, quote: &str) -> Option<&'a str> {
    fields.0.iter().find(|(_, text)| find_quote(text, quote).is_some()).map(|(name, _)| name.as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_and_breaks_do_not_matter() {
        let text = "On a middle Saturday\n**3.2 tonnes** were swept up, “two thirds” of it cardboard.";
        for quote in ["3.2 tonnes were swept", "Saturday 3.2 tonnes", "\"two thirds\" of it", "  SWEPT\n up "] {
            assert!(find_quote(text, quote).is_some(), "{quote}");
        }
        assert_eq!(find_quote(text, "3.2 tonnes").map(|at| &text[at]), Some("3.2 tonnes"));
    }

    #[test]
    fn what_is_not_there_is_gone() {
        for quote in ["", " *!", "four tonnes", "cardboard. And more"] {
            assert_eq!(find_quote("3.2 tonnes of cardboard.", quote), None, "{quote:?}");
        }
    }

    #[test]
    fn the_field_that_holds_them_is_named() {
        let mut fields = Fields::default();
        fields.set("outcome-1-title", "Litter after the market");
        fields.set("outcome-2-title", "Hours of sweeping");
        assert_eq!(quoted_field(&fields, "hours of"), Some("outcome-2-title"));
        assert_eq!(quoted_field(&fields, "market Hours"), None, "no passage goes over two fields");
    }

    proptest! {
        #[test]
        fn any_part_of_a_text_is_found_in_it(text in "\\PC{0,60}", from in 0usize..60, len in 1usize..20) {
            let part: String = text.chars().skip(from).take(len).collect();
            let found = find_quote(&text, &part);
            prop_assert_eq!(found.is_some(), part.chars().any(char::is_alphanumeric));
            if let Some(at) = found {
                prop_assert!(text.get(at).is_some(), "at the borders of characters");
            }
        }
    }
}
