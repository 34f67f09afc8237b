//! Answers that were written elsewhere, in the document that the draft hands out, and come back as one text.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Field;

/// What stands before the place of the n-th answer, from 1: alone at the beginning of a line, and unlike what people write.
/// `form`: as [`form_mark`] gives it.
pub fn marker(n: usize, form: &str) -> String {
    format!("[[{n}-{form}]]")
}

/// Tells a list of fields from any other: a number means another question once an amendment has taken one away or put one in.
pub fn form_mark<'a>(fields: impl IntoIterator<Item = &'a Field>) -> String {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update(field.name());
        hasher.update([0]);
    }
    hasher.finalize().iter().take(3).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text has markers of another list of fields: of a document that was made under other questions. `unamended`: there
/// never were others, so that a number without a mark is plain too.
pub fn of_another_form(pasted: &str, form: &str, unamended: bool) -> bool {
    pasted.lines().filter_map(marked).any(|(_, of)| of.map_or(!unamended, |of| of != form))
}

/// Begins a line that is not part of an answer: what is asked, and its limits.
pub const ASIDE: &str = "»";

/// A pasted text by the numbers of its markers; at 0 what stands before the first. Empty answers are left out. Where a number
/// comes twice, both texts are kept.
pub fn split(pasted: &str) -> BTreeMap<usize, String> {
    let mut parts: BTreeMap<usize, String> = BTreeMap::new();
    let mut at = 0;
    for line in pasted.replace("\r\n", "\n").split('\n') {
        match numbered(line) {
            Some(n) => {
                at = n;
                let part = parts.entry(at).or_default();
                if !part.is_empty() {
                    part.push('\n');
                }
            }
            None if line.trim_start().starts_with(ASIDE) => {}
            None => {
                let part = parts.entry(at).or_default();
                part.push_str(line.trim_end());
                part.push('\n');
            }
        }
    }
    parts.into_iter().map(|(n, text)| (n, text.trim().to_owned())).filter(|(_, text)| !text.is_empty()).collect()
}

/// The heading of a question begins with its marker; what follows on that line is the question. Gives number and form.
fn marked(line: &str) -> Option<(usize, Option<&str>)> {
    let (inside, _) = line.trim_start().strip_prefix("[[")?.split_once("]]")?;
    let (n, form) = match inside.split_once('-') {
        Some((n, form)) => (n, Some(form)),
        None => (inside, None),
    };
    Some((n.parse().ok().filter(|n| (1..1_000).contains(n))?, form))
}

fn numbered(line: &str) -> Option<usize> {
    marked(line).map(|(n, _)| n)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::ids::QuestionId;

    use super::*;

    #[test]
    fn answers_come_back_to_their_questions() {
        let text =
            "Title\n[[1]] How?\n» At most 300 words\r\nWith dogs.\r\n\r\nTrained ones.\n[[2]] Where?\n\n[[10]] When?\n  Now";
        let parts = split(text);
        assert_eq!(parts[&0], "Title");
        assert_eq!(parts[&1], "With dogs.\n\nTrained ones.");
        assert!(!parts.contains_key(&2));
        assert_eq!(parts[&10], "Now");
    }

    #[test]
    fn a_document_of_other_questions_is_told_from_one_of_these() {
        let fields = [Field::Question(QuestionId(1)), Field::Question(QuestionId(2)), Field::Price];
        let (all, fewer) = (form_mark(&fields), form_mark(&fields[1..]));
        assert_ne!(all, fewer);
        let text = format!("Title\n{} How?\nWith dogs.\n{} Where?\nHere", marker(1, &all), marker(2, &all));
        assert_eq!(split(&text)[&2], "Here");
        assert!(!of_another_form(&text, &all, false));
        assert!(of_another_form(&text, &fewer, true));
        assert!(
            of_another_form("[[1]] How?\nWith dogs.", &all, false),
            "without a mark nobody knows which questions it was made for"
        );
    }

    proptest! {
        #[test]
        fn nothing_that_was_written_is_lost(answers in proptest::collection::vec("[a-z]{1,9}( [a-z]{1,9}){0,4}", 1..6), before in "[a-z ]{0,20}") {
            let mut text = format!("{before}\n");
            for (n, answer) in (1..).zip(&answers) {
                text.push_str(&format!("{} Question\n{ASIDE} limit\n{answer}\n", marker(n, "a1b2c3")));
            }
            let parts = split(&text);
            for (n, answer) in (1..).zip(&answers) {
                prop_assert_eq!(&parts[&n], answer);
            }
            prop_assert_eq!(parts.get(&0).map_or("", String::as_str), before.trim());
        }
    }
}
