//! Answers that were written elsewhere, in the document that the draft hands out, and come back as one text.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Field, answer};
use crate::money::{Currency, Money};

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

/// Begins a line that is not part of an answer: what is asked, and its limits.
pub const ASIDE: &str = "»";
/// Stands before a line of an answer that would be read as a heading or an aside otherwise; taken off once as it comes back.
const ESCAPE: char = '\\';

/// One place of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// What is asked, behind the marker.
    pub heading: String,
    /// Limits and options, a line each, without [`ASIDE`].
    pub asides: Vec<String>,
}

/// The document as it was written out: only by it is told what of a pasted text is an answer.
#[derive(Clone, Debug)]
pub struct Sheet {
    form: String,
    places: Vec<Place>,
}

impl Sheet {
    /// `form`: as [`form_mark`] gives it.
    pub fn new(form: String, places: Vec<Place>) -> Self {
        Self { form, places }
    }

    pub fn form(&self) -> &str {
        &self.form
    }

    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The lines of an answer as they stand in the document.
    pub fn written(&self, text: &str) -> Vec<String> {
        text.replace("\r\n", "\n").split('\n').map(|line| self.escaped(line)).collect()
    }

    fn escaped(&self, line: &str) -> String {
        if self.is_special(bare(line)) { format!("{ESCAPE}{line}") } else { line.to_owned() }
    }

    /// Whether it would be read as a heading, or as an aside of any place.
    fn is_special(&self, line: &str) -> bool {
        self.marked(line).is_some() || self.places.iter().any(|place| is_aside(line, place))
    }

    /// A pasted text by the numbers of this form's markers; at 0 what stands before the first. Empty answers are left out. Where a
    /// number comes twice, both texts are kept. Left out are the headings and those lines that were written beside them, word for
    /// word: whatever else begins with the same sign is somebody's text. White space at the ends of lines and answers goes.
    pub fn split(&self, pasted: &str) -> BTreeMap<usize, String> {
        let mut parts: BTreeMap<usize, String> = BTreeMap::new();
        let mut at = 0;
        for line in pasted.replace("\r\n", "\n").split('\n') {
            if let Some((n, behind)) = self.marked(line) {
                at = n;
                let part = parts.entry(at).or_default();
                if !part.is_empty() {
                    part.push('\n');
                }
                // An answer that was typed behind the heading, on its line.
                let heading = self.places.get(n - 1).map_or("", |place| place.heading.trim());
                if let Some(answer) = behind.trim().strip_prefix(heading).map(str::trim).filter(|text| !text.is_empty()) {
                    part.push_str(answer);
                    part.push('\n');
                }
                continue;
            }
            if at.checked_sub(1).and_then(|n| self.places.get(n)).is_some_and(|place| is_aside(line, place)) {
                continue;
            }
            let part = parts.entry(at).or_default();
            part.push_str(self.plain(line).trim_end());
            part.push('\n');
        }
        parts.into_iter().map(|(n, text)| (n, text.trim().to_owned())).filter(|(_, text)| !text.is_empty()).collect()
    }

    /// The inverse of [`Self::escaped`].
    fn plain(&self, line: &str) -> String {
        match line.split_once(ESCAPE) {
            Some((before, behind)) if before.trim().is_empty() && self.is_special(bare(behind)) => format!("{before}{behind}"),
            _ => line.to_owned(),
        }
    }

    /// The place whose marker of this form begins the line, and what stands behind it.
    fn marked<'a>(&self, line: &'a str) -> Option<(usize, &'a str)> {
        let (n, form, behind) = marked(line)?;
        (form == Some(self.form.as_str()) && n <= self.places.len()).then_some((n, behind))
    }

    /// Whether a text has none of this form's markers but some that look like them: of a document that was made under other
    /// questions, or that has lost a part of its numbers.
    pub fn is_of_another(&self, pasted: &str) -> bool {
        let mut any = false;
        for line in pasted.lines() {
            if self.marked(line).is_some() {
                return false;
            }
            any = any || marked(line).is_some();
        }
        any
    }

    /// Such a text with this form's numbers, where each of its headings is one of ours, word for word, and of one place alone: the questions
    /// are the same, whatever the document was numbered by. `None` where one is not, comes twice, or says something beside it (a limit)
    /// that ours does not: nothing is put anywhere by guess.
    pub fn renumbered(&self, pasted: &str) -> Option<String> {
        let mut lines = Vec::new();
        let mut met: Vec<usize> = Vec::new();
        for line in pasted.lines() {
            let Some((.., behind)) = marked(line) else {
                let place = met.last().and_then(|n| self.places.get(n - 1));
                if place.is_some_and(|place| line.trim_start().starts_with(ASIDE) && !is_aside(line, place)) {
                    return None;
                }
                lines.push(line.to_owned());
                continue;
            };
            let mut ours =
                (1..).zip(&self.places).filter(|(_, place)| behind.split_whitespace().eq(place.heading.split_whitespace()));
            let (n, place) = ours.next()?;
            if ours.next().is_some() || met.contains(&n) {
                return None;
            }
            met.push(n);
            lines.push(format!("{} {}", marker(n, &self.form), place.heading));
        }
        Some(lines.join("\n"))
    }
}

fn bare(line: &str) -> &str {
    line.trim_start_matches(|letter: char| letter == ESCAPE || letter.is_whitespace())
}

/// White space is told apart by no program alike.
fn is_aside(line: &str, place: &Place) -> bool {
    let Some(said) = line.trim_start().strip_prefix(ASIDE) else { return false };
    place.asides.iter().any(|aside| said.split_whitespace().eq(aside.split_whitespace()))
}

/// Number, form, and what stands behind the marker on its line.
fn marked(line: &str) -> Option<(usize, Option<&str>, &str)> {
    let (inside, behind) = line.trim_start().strip_prefix("[[")?.split_once("]]")?;
    let (n, form) = match inside.split_once('-') {
        Some((n, form)) => (n, Some(form)),
        None => (inside, None),
    };
    Some((n.parse().ok().filter(|n| (1..1_000).contains(n))?, form, behind))
}

/// How a field is written where there are only words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Text,
    Date,
    /// A whole number, without its unit.
    Whole,
    Amount(Currency),
    /// One of the options: what is stored, and its words.
    One(Vec<(String, String)>),
    /// Some of them, a line each.
    Some(Vec<(String, String)>),
}

impl Typed {
    /// What is stored, in words.
    pub fn words(&self, stored: &str) -> String {
        match self {
            Typed::One(options) | Typed::Some(options) => {
                let word = |code: &str| {
                    options.iter().find(|(own, _)| own == code.trim()).map_or(code, |(_, word)| word.as_str()).to_owned()
                };
                stored.lines().map(word).collect::<Vec<_>>().join("\n")
            }
            _ => stored.to_owned(),
        }
    }

    /// What was pasted, as a page's own control posts it. `Err`: the code of what is wrong with it, and the words themselves where a
    /// control cannot show them.
    pub fn read(&self, pasted: &str) -> Result<String, (&'static str, String)> {
        let text = pasted.trim();
        match self {
            Typed::Text => Ok(text.to_owned()),
            Typed::Date => answer::date(text).map(|date| date.to_string()).ok_or_else(|| ("pasted-date", text.to_owned())),
            Typed::Whole => text.parse::<u32>().map(|n| n.to_string()).map_err(|_| ("pasted-whole", text.to_owned())),
            Typed::Amount(currency) => {
                let code = currency.to_string();
                let amount = text.strip_suffix(code.as_str()).or_else(|| text.strip_prefix(code.as_str())).unwrap_or(text);
                match Money::parse(amount.trim(), *currency) {
                    Ok(money) => Ok(money.to_string().trim_end_matches(code.as_str()).trim().to_owned()),
                    Err(_) => Err(("pasted-amount", text.to_owned())),
                }
            }
            Typed::One(options) => {
                let chosen = chosen(text, options)?;
                if chosen.len() > 1 { Err(("pasted-one", text.to_owned())) } else { Ok(chosen.concat()) }
            }
            Typed::Some(options) => Ok(chosen(text, options)?.join("\n")),
        }
    }
}

/// A line each: exactly an option's words, but for white space and capitals.
fn chosen(text: &str, options: &[(String, String)]) -> Result<Vec<String>, (&'static str, String)> {
    let plain = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let mut out: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let exact = options.iter().find(|(_, word)| word.trim() == line);
        match exact.or_else(|| options.iter().find(|(_, word)| plain(word) == plain(line))) {
            Some((code, _)) if out.contains(code) => {}
            Some((code, _)) => out.push(code.clone()),
            None => return Err(("pasted-choice", line.to_owned())),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::ids::QuestionId;

    use super::*;

    fn sheet(places: &[(&str, &[&str])]) -> Sheet {
        let place = |(heading, asides): &(&str, &[&str])| Place {
            heading: (*heading).to_owned(),
            asides: asides.iter().map(|aside| (*aside).to_owned()).collect(),
        };
        Sheet::new("a1b2c3".into(), places.iter().map(place).collect())
    }

    /// As the document has it.
    fn document(sheet: &Sheet, before: &str, answers: &[String]) -> String {
        let mut text = format!("{before}\n");
        for (n, (place, answer)) in (1..).zip(sheet.places().iter().zip(answers)) {
            text.push_str(&format!("{} {}\n", marker(n, sheet.form()), place.heading));
            place.asides.iter().for_each(|aside| text.push_str(&format!("{ASIDE} {aside}\n")));
            sheet.written(answer).iter().for_each(|line| text.push_str(&format!("{line}\n")));
        }
        text
    }

    #[test]
    fn answers_come_back_to_their_questions() {
        let sheet = sheet(&[("How?", &["At most 300 words"]), ("Where?", &[]), ("When?", &[])]);
        let text = "Title\n[[1-a1b2c3]] How?\n» At most  300 words\r\nWith dogs.\r\n\r\nTrained ones.\n[[2-a1b2c3]] Where?\n\n[[3-a1b2c3]] When? Soon\n  Now";
        let parts = sheet.split(text);
        assert_eq!(parts[&0], "Title");
        assert_eq!(parts[&1], "With dogs.\n\nTrained ones.");
        assert!(!parts.contains_key(&2));
        assert_eq!(parts[&3], "Soon\n  Now", "what was typed on the heading's line is an answer too");
    }

    #[test]
    fn a_line_that_only_looks_like_ours_is_somebody_s_text() {
        let sheet = sheet(&[("How?", &["At most 300 words"]), ("Where?", &[])]);
        for answer in [
            "»Blei« klingt anders.\nZweite Zeile",
            "As in\n[[7]] of the list\nand more",
            "[[2-ffffff]] of another form",
            "» At most 300 words\nis what was asked",
            "[[2-a1b2c3]] Where?\nas it says",
            "\\[[2-a1b2c3]] Where?",
            "\\a line",
        ] {
            let text = document(&sheet, "Title", &[answer.to_owned(), "Here".to_owned()]);
            let parts = sheet.split(&text);
            assert_eq!(parts[&1], answer, "{text}");
            assert_eq!(parts[&2], "Here");
        }
    }

    #[test]
    fn a_document_of_other_questions_is_told_from_one_of_these() {
        let fields = [Field::Question(QuestionId(1)), Field::Question(QuestionId(2)), Field::Price];
        let (all, fewer) = (form_mark(&fields), form_mark(&fields[1..]));
        assert_ne!(all, fewer);
        let of = |form: &str, n: usize| Sheet::new(form.to_owned(), vec![Place::default(); n]);
        let text = format!("Title\n{} How?\nWith dogs.\n{} Where?\nHere", marker(1, &all), marker(2, &all));
        assert_eq!(of(&all, 3).split(&text)[&2], "Where?\nHere", "a heading that was changed is kept: nobody can tell");
        assert!(!of(&all, 3).is_of_another(&text));
        assert!(of(&fewer, 2).is_of_another(&text));
        assert!(
            of(&all, 3).is_of_another("[[1]] How?\nWith dogs."),
            "without a mark nobody knows which questions it was made for"
        );
        assert!(!of(&all, 3).is_of_another("No number"));
    }

    #[test]
    fn a_document_numbered_otherwise_is_read_where_its_questions_are_these() {
        let ours = sheet(&[("How?", &["At most 300 words"]), ("Where?", &[]), ("Why?", &[]), ("Why?", &[])]);
        for number in ["[[1]]", "[[9-ffffff]]"] {
            let text = format!("Title\n{number} How?\n» At most 300 words\nWith dogs.\n[[4]]  Where?\nHere");
            assert!(ours.is_of_another(&text));
            let parts = ours.split(&ours.renumbered(&text).unwrap());
            assert_eq!((parts[&1].as_str(), parts[&2].as_str(), parts.len()), ("With dogs.", "Here", 3), "{parts:?}");
        }
        for (text, why) in [
            ("[[1]] How often?\nDaily", "another question"),
            ("[[1]] How?\n» At most 200 words\nWith dogs.", "another limit"),
            ("[[1]] How?\nWith dogs.\n[[2]] How?\nWith cats.", "twice"),
            ("[[1]] Why?\nSo.", "two are called so"),
            ("[[1]] How? With dogs.", "typed on the heading's line"),
        ] {
            assert_eq!(ours.renumbered(text), None, "{why}");
        }
    }

    #[test]
    fn choices_go_out_and_come_back_by_their_words() {
        let options = |words: &[(&str, &str)]| words.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
        let yes = Typed::One(options(&[("yes", "Yes"), ("no", "No")]));
        assert_eq!(yes.words("no"), "No");
        assert_eq!(yes.read(" yes "), Ok("yes".into()));
        assert_eq!(yes.read("Maybe"), Err(("pasted-choice", "Maybe".into())));
        assert_eq!(yes.read("Yes\nNo"), Err(("pasted-one", "Yes\nNo".into())));
        let some = Typed::Some(options(&[("North", "North"), ("Both, in turn", "Both, in turn")]));
        assert_eq!(some.read("Both,  in turn\n\nNorth\nNorth"), Ok("Both, in turn\nNorth".into()));
        assert_eq!(some.read("North\nWest"), Err(("pasted-choice", "West".into())));
    }

    #[test]
    fn dates_numbers_and_amounts_come_back_as_their_controls_post_them() {
        assert_eq!(Typed::Date.read("31/12/2030"), Ok("2030-12-31".into()));
        assert_eq!(Typed::Date.read("soon"), Err(("pasted-date", "soon".into())));
        assert_eq!(Typed::Whole.read("120"), Ok("120".into()));
        assert_eq!(Typed::Whole.read("120 days"), Err(("pasted-whole", "120 days".into())));
        let euro = Typed::Amount(Currency::parse("EUR").unwrap());
        assert_eq!(euro.read("12,000 EUR"), Ok("12000.00".into()));
        assert_eq!(euro.read("cheap"), Err(("pasted-amount", "cheap".into())));
    }

    /// What goes: other ends of lines, and white space at the ends of lines and of the answer.
    fn kept(answer: &str) -> String {
        let lines: Vec<String> = answer.replace("\r\n", "\n").split('\n').map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n").trim().to_owned()
    }

    /// Any text, with lines among it that look like the document's own.
    fn any_answer() -> impl Strategy<Value = String> {
        let line = prop_oneof![
            3 => "(?s).{0,20}",
            1 => "[ \\\\]{0,3}(\\[\\[[1-3](-a1b2c3)?\\]\\]|» ?limit|»)( Question)?",
        ];
        proptest::collection::vec(line, 0..5).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn nothing_that_was_written_is_lost(answers in proptest::collection::vec(any_answer(), 1..4), before in "[^\\[]{0,20}") {
            let places: Vec<(&str, &[&str])> = answers.iter().map(|_| ("Question", &["limit"] as &[&str])).collect();
            let sheet = sheet(&places);
            let parts = sheet.split(&document(&sheet, &before, &answers));
            for (n, answer) in (1..).zip(&answers) {
                prop_assert_eq!(parts.get(&n).map_or("", String::as_str), kept(answer));
            }
        }
    }
}
