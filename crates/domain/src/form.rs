//! What was typed in a form, and what is wrong with it. A draft keeps the typed text whether or not it parses.

mod cards;

use std::collections::BTreeMap;

pub use cards::CARD;

use serde::{Deserialize, Serialize};

/// Field name -> text as typed. Lists are fields with a number: `outcome-1-title`, `outcome-2-title`, …
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub BTreeMap<String, String>);

impl Fields {
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str).trim()
    }

    /// As typed, untrimmed: for showing it again.
    pub fn raw(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    pub fn checked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The numbers of the rows of a list in which anything was typed: ids and choices that a form always posts do not count.
    pub fn rows(&self, list: &str) -> Vec<u32> {
        let mut rows: Vec<u32> = self
            .0
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .filter_map(|(name, _)| {
                let (number, field) = name.strip_prefix(list)?.strip_prefix('-')?.split_once('-')?;
                (!matches!(field, "id" | "kind" | "max")).then(|| number.parse().ok()).flatten()
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    pub fn of_row(&self, list: &str, row: u32, field: &str) -> &str {
        self.get(&format!("{list}-{row}-{field}"))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Fields {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
    }
}

/// One thing that a person can mend: the field it concerns and the code of the sentence that says so in the catalogue
/// (`error-<code>`), with its parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: String,
    pub code: String,
    pub args: Vec<(String, String)>,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: &str) -> Self {
        Self { field: field.into(), code: code.to_owned(), args: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }
}

/// Collects errors while a form is parsed, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Errors(pub Vec<FieldError>);

impl Errors {
    pub fn add(&mut self, error: FieldError) {
        self.0.push(error);
    }

    pub fn say(&mut self, field: impl Into<String>, code: &str) {
        self.0.push(FieldError::new(field, code));
    }

    /// Text of at most `max` characters; an empty one is an error when `required`.
    pub fn text(&mut self, fields: &Fields, field: &str, required: bool, max: usize) -> String {
        let text = fields.get(field).replace("\r\n", "\n");
        let length = text.chars().count();
        if required && text.is_empty() {
            self.say(field, "empty");
        } else if length > max {
            self.add(FieldError::new(field, "too-long").with("max", max).with("over", length - max));
        }
        text
    }

    pub fn done<T>(self, value: T) -> Result<T, Vec<FieldError>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}

/// Words as a word limit counts them: runs of letters and digits between white space.
pub fn words(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}
