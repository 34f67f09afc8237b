//! Words left out where a panel reads without names. What was handed in is never changed: this is how a seat reads it.

use super::Content;

/// What stands where words were left out: a mark that no keyboard has a key for, so that nobody can have written it.
pub const LEFT_OUT: &str = "▇▇▇▇";

/// Whether words say enough to be left out: fewer than three letters would take out half of a text, a short number the
/// figures that are scored. A number of telephone is long enough.
pub fn may_redact(words: &str) -> bool {
    let count = |kind: fn(char) -> bool| words.chars().filter(|letter| kind(*letter)).count();
    count(char::is_alphabetic) >= 3 || count(char::is_numeric) >= 6
}

/// The text without the words, wherever they stand as whole words: case and white space between them do not matter, because
/// a name comes back in capitals, and over a line break.
pub fn redact(text: &str, words: &str) -> String {
    let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if !may_redact(words) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before: Option<char> = None;
    while let Some(letter) = rest.chars().next() {
        let whole = |from: char| !before.is_some_and(char::is_alphanumeric) || !from.is_alphanumeric();
        if whole(letter)
            && let Some(length) = matched(rest, &wanted)
        {
            out.push_str(LEFT_OUT);
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        } else {
            out.push(letter);
            before = Some(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
}

/// How many bytes of the text the words take at its beginning, if they stand there and end with a whole word.
fn matched(text: &str, wanted: &[String]) -> Option<usize> {
    let mut at = 0;
    for (n, word) in wanted.iter().enumerate() {
        if n > 0 {
            let gap = text[at..].len() - text[at..].trim_start().len();
            if gap == 0 {
                return None;
            }
            at += gap;
        }
        let mut lower = word.chars().peekable();
        while lower.peek().is_some() {
            let letter = text[at..].chars().next()?;
            for part in letter.to_lowercase() {
                if lower.next() != Some(part) {
                    return None;
                }
            }
            at += letter.len_utf8();
        }
    }
    let last = text[..at].chars().next_back()?;
    let whole = !last.is_alphanumeric() || !text[at..].chars().next().is_some_and(char::is_alphanumeric);
    whole.then_some(at)
}

impl Content {
    /// For readers who may not know whose it is: without the words by which they could.
    pub fn redact(&mut self, all: &[String]) {
        self.answers.values_mut().for_each(|answer| *answer = redact_all(answer, all));
    }
}

/// Without any of these words. The longest go first: of "Hedgerow Works" and "Hedgerow" nothing of the first must be left.
pub fn redact_all(text: &str, all: &[String]) -> String {
    let mut ordered: Vec<&String> = all.iter().collect();
    ordered.sort_by_key(|words| std::cmp::Reverse(words.chars().count()));
    ordered.into_iter().fold(text.to_owned(), |text, words| redact(&text, words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_left_out_wherever_it_stands() {
        let text = "Hedgerow Works has swept since 2011; HEDGEROW\nWORKS will sweep, and Hedgerow Works’ people too.";
        assert_eq!(redact(text, "Hedgerow Works"), "▇▇▇▇ has swept since 2011; ▇▇▇▇ will sweep, and ▇▇▇▇’ people too.");
        assert_eq!(redact("Write to ada@hedgerow.example.", "ada@hedgerow.example"), "Write to ▇▇▇▇.");
    }

    #[test]
    fn other_words_stay() {
        assert_eq!(redact("A hedgerow of hedgerows, and a Hedge.", "Hedge"), "A hedgerow of hedgerows, and a ▇▇▇▇.");
        assert_eq!(redact("It is what it is.", "it"), "It is what it is.", "too short to be a name");
        assert!(!may_redact(" - a! "));
        assert_eq!(redact("Straße 5 and STRASSE 5", "straße 5"), "▇▇▇▇ and STRASSE 5");
        assert_eq!(redact("", "Hedgerow"), "");
    }

    #[test]
    fn of_two_names_the_longer_goes_first() {
        let answers = [("question-1".to_owned(), "Hedgerow Works, that is Hedgerow.".to_owned())].into();
        let mut content = Content { answers, ..Content::default() };
        content.redact(&["Hedgerow".into(), "Hedgerow Works".into()]);
        assert_eq!(content.answers["question-1"], "▇▇▇▇, that is ▇▇▇▇.");
    }

    proptest! {
        #[test]
        fn what_is_left_out_is_not_there_and_the_rest_is(before in "[a-z ,.]{0,30}", after in "[a-z ,.]{0,30}", name in "[A-Z][a-z]{3,9}( [A-Z][a-z]{2,9})?") {
            let text = format!("{before} {name} {after}");
            let shown = redact(&text, &name);
            let (around, wanted) = (format!(" {shown} ").to_lowercase(), format!(" {} ", name.to_lowercase()));
            prop_assert!(!around.contains(&wanted));
            if !before.contains(&name.to_lowercase()) && !after.contains(&name.to_lowercase()) {
                prop_assert_eq!(shown, format!("{before} {LEFT_OUT} {after}"));
            }
            prop_assert_eq!(redact(&text, "Nobody Else"), text);
        }
    }
}
