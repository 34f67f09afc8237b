//! The open library: what a supplier publishes of a solution, and the words of what stands around it.

use serde::{Deserialize, Serialize};

use crate::challenge::LANGUAGES;
use crate::form::{Errors, FieldError, Fields};
use crate::organisation::codes;

/// What a solution costs a buyer in its first year, roughly. A band, because a figure without its circumstances misleads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceBand {
    Free,
    Under10k,
    Under50k,
    Under250k,
    Under1m,
    Over1m,
}

codes!(PriceBand {
    Free = "free",
    Under10k = "under_10k",
    Under50k = "under_50k",
    Under250k = "under_250k",
    Under1m = "under_1m",
    Over1m = "over_1m",
});

/// A result that was reached: what, from where to where, and how one knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proved {
    pub what: String,
    pub before: String,
    pub after: String,
    pub proof: String,
}

/// An entry as its supplier writes it. Plain text; paragraphs are separated by empty lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    pub title: String,
    pub summary: String,
    /// The problem solved, in the words of those who had it.
    pub problem: String,
    pub how: String,
    pub proved: Vec<Proved>,
    pub price: Option<PriceBand>,
    /// Who can be asked.
    pub references: String,
    pub url: String,
    /// In which it is written, one of `challenge::LANGUAGES`; empty in an entry of before there was a choice.
    pub lang: String,
}

/// Rows of the form for what was proved.
pub const ROWS: u32 = 4;

impl Entry {
    /// Fields `title`, `summary`, `problem`, `how`, `proved-<row>-what|before|after|proof`, `price`, `references`, `url`, and
    /// `consent`, without which nothing is published.
    pub fn parse(fields: &Fields) -> Result<Self, Vec<FieldError>> {
        let mut errors = Errors::default();
        let mut proved = Vec::new();
        for row in fields.rows("proved").into_iter().take(ROWS as usize) {
            let name = |field: &str| format!("proved-{row}-{field}");
            proved.push(Proved {
                what: errors.text(fields, &name("what"), true, 200),
                before: errors.text(fields, &name("before"), false, 100),
                after: errors.text(fields, &name("after"), true, 100),
                proof: errors.text(fields, &name("proof"), false, 500),
            });
        }
        let price = PriceBand::parse(fields.get("price"));
        if price.is_none() && !fields.get("price").is_empty() {
            errors.say("price", "choose");
        }
        let url = errors.text(fields, "url", false, 300);
        if !url.is_empty() && !url.starts_with("https://") {
            errors.say("url", "url");
        }
        let lang = fields.get("lang").trim();
        if !lang.is_empty() && !LANGUAGES.contains(&lang) {
            errors.say("lang", "choose");
        }
        let entry = Self {
            lang: lang.to_owned(),
            title: errors.text(fields, "title", true, 120),
            summary: errors.text(fields, "summary", true, 300),
            problem: errors.text(fields, "problem", true, 4_000),
            how: errors.text(fields, "how", true, 6_000),
            proved,
            price,
            references: errors.text(fields, "references", false, 2_000),
            url,
        };
        if !fields.checked("consent") {
            errors.say("consent", "consent");
        }
        errors.done(entry)
    }

    /// The inverse, without the consent: that is given anew each time.
    pub fn fields(&self) -> Fields {
        let price = self.price.map(PriceBand::code).unwrap_or_default();
        let plain = [
            ("title", &*self.title),
            ("summary", &self.summary),
            ("problem", &self.problem),
            ("how", &self.how),
            ("price", price),
            ("references", &self.references),
            ("url", &self.url),
            ("lang", self.lang()),
        ];
        let mut fields: Fields = plain.into_iter().collect();
        for (row, one) in (1..).zip(&self.proved) {
            for (field, text) in [("what", &one.what), ("before", &one.before), ("after", &one.after), ("proof", &one.proof)] {
                fields.set(format!("proved-{row}-{field}"), text.clone());
            }
        }
        fields
    }

    /// What was published before there was a choice is English.
    pub fn lang(&self) -> &str {
        if self.lang.is_empty() { "en" } else { &self.lang }
    }

    /// All its words, for the index.
    pub fn text(&self) -> String {
        let mut text = [&*self.problem, &self.how, &self.references].join("\n");
        for one in &self.proved {
            text.push_str(&format!("\n{} {} {} {}", one.what, one.before, one.after, one.proof));
        }
        text
    }
}

/// Why somebody did not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoAnswer {
    Time,
    Effort,
    Requirements,
    Budget,
    Terms,
    Unclear,
    NotOurs,
    Other,
}

codes!(NoAnswer {
    Time = "time",
    Effort = "effort",
    Requirements = "requirements",
    Budget = "budget",
    Terms = "terms",
    Unclear = "unclear",
    NotOurs = "not_ours",
    Other = "other",
});

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Fields {
        let fields = [
            ("lang", "fr"),
            ("title", "Visits that come"),
            ("summary", "Routes planned anew each hour"),
            ("problem", "Carers came late."),
            ("how", "A plan that follows the traffic."),
            ("proved-1-what", "Missed visits"),
            ("proved-1-before", "9 a week"),
            ("proved-1-after", "1 a week"),
            ("proved-3-what", "Kilometres"),
            ("proved-3-after", "-12 %"),
            ("price", "under_50k"),
            ("url", "https://acme.example"),
            ("consent", "yes"),
        ];
        fields.into_iter().collect()
    }

    #[test]
    fn what_is_typed_is_what_is_read() {
        let entry = Entry::parse(&typed()).unwrap();
        assert_eq!(entry.proved.len(), 2, "empty rows do not count");
        assert_eq!(entry.price, Some(PriceBand::Under50k));
        let mut again = entry.fields();
        again.set("consent", "yes");
        assert_eq!(Entry::parse(&again).unwrap(), entry);
        assert!(entry.text().contains("9 a week"));
    }

    #[test]
    fn nothing_is_published_without_consent_or_with_half_a_result() {
        let codes = |change: (&str, &str)| {
            let mut fields = typed();
            fields.set(change.0, change.1);
            let errors = Entry::parse(&fields).unwrap_err();
            errors.into_iter().map(|error| (error.field, error.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes(("consent", "")), [("consent".into(), "consent".into())]);
        assert_eq!(codes(("proved-3-after", "")), [("proved-3-after".into(), "empty".into())]);
        assert_eq!(codes(("url", "javascript:alert(1)")), [("url".into(), "url".into())]);
        assert_eq!(codes(("price", "cheap")), [("price".into(), "choose".into())]);
    }
}
