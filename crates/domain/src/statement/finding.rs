//! What the check says: rule, place, and a key under which an officer's reason for leaving it so is kept.

use serde::{Deserialize, Serialize};

/// One rule; its code is stable, stands in stored reasons and in the catalogue (`check-<code>-what`, `-why`, `-better`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    Brand,
    OneFirm,
    OutOfProportion,
    Technology,
    SolutionInTitle,
    FeatureList,
    Inputs,
    NobodyAffected,
    NoBaseline,
    NoTarget,
    NotMeasurable,
    ExperienceCriterion,
    VagueProperty,
    VagueWords,
    Jargon,
    ReadingLevel,
    Length,
    UnreadQuestion,
    UnfedCriterion,
    DeadlineTime,
    PeriodMinimum,
}

impl Rule {
    /// In the order in which findings of one place are told: what excludes suppliers first.
    pub const ALL: [Rule; 21] = [
        Self::Brand,
        Self::OneFirm,
        Self::OutOfProportion,
        Self::Technology,
        Self::SolutionInTitle,
        Self::FeatureList,
        Self::Inputs,
        Self::NobodyAffected,
        Self::NoBaseline,
        Self::NoTarget,
        Self::NotMeasurable,
        Self::ExperienceCriterion,
        Self::VagueProperty,
        Self::VagueWords,
        Self::Jargon,
        Self::ReadingLevel,
        Self::Length,
        Self::UnreadQuestion,
        Self::UnfedCriterion,
        Self::DeadlineTime,
        Self::PeriodMinimum,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Brand => "brand",
            Self::OneFirm => "one-firm",
            Self::OutOfProportion => "out-of-proportion",
            Self::Technology => "technology",
            Self::SolutionInTitle => "solution-in-title",
            Self::FeatureList => "feature-list",
            Self::Inputs => "inputs",
            Self::NobodyAffected => "nobody-affected",
            Self::NoBaseline => "no-baseline",
            Self::NoTarget => "no-target",
            Self::NotMeasurable => "not-measurable",
            Self::ExperienceCriterion => "experience-criterion",
            Self::VagueProperty => "vague-property",
            Self::VagueWords => "vague-words",
            Self::Jargon => "jargon",
            Self::ReadingLevel => "reading-level",
            Self::Length => "length",
            Self::UnreadQuestion => "unread-question",
            Self::UnfedCriterion => "unfed-criterion",
            Self::DeadlineTime => "deadline-time",
            Self::PeriodMinimum => "period-minimum",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// Asks for the calendar or for other sections' form: a browser that has one section's text leaves it to the server.
    pub fn needs_server(self) -> bool {
        matches!(self, Self::UnreadQuestion | Self::UnfedCriterion | Self::DeadlineTime | Self::PeriodMinimum)
    }
}

/// How much a finding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// The challenge does not go to review before the text changes or a reason is recorded.
    MustClear,
    Advice,
    /// Told, nothing asked.
    Note,
}

impl Gravity {
    pub fn code(self) -> &'static str {
        match self {
            Self::MustClear => "must-clear",
            Self::Advice => "advice",
            Self::Note => "note",
        }
    }
}

/// Half-open range in a field's text as it was given, three times: bytes slice a Rust `str`, chars count Unicode scalar
/// values (labels, SQL), utf16 is what `setSelectionRange` and `Range` of a browser count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub bytes: (u32, u32),
    pub chars: (u32, u32),
    pub utf16: (u32, u32),
}

impl Span {
    /// The words meant, where `text` is still the text that was checked; empty where it is not.
    pub fn of(self, text: &str) -> &str {
        text.get(self.bytes.0 as usize..self.bytes.1 as usize).unwrap_or("")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: Rule,
    pub gravity: Gravity,
    /// Code of the section, as in the draft; the page to mend it on.
    pub section: String,
    /// Name of the field, as in the form; empty where the finding is about the whole statement.
    pub field: String,
    /// None where something is missing.
    pub span: Option<Span>,
    /// The words meant, at most [`Finding::EXCERPT`] characters.
    pub excerpt: String,
    /// Which sentence of the catalogue says it, where a rule has several (`check-<rule>-what-<variant>`); often empty.
    pub variant: String,
    /// Parameters of the sentences.
    pub args: Vec<(String, String)>,
}

impl Finding {
    pub const EXCERPT: usize = 160;

    /// A sentence with this finding's parameters in the place of their names, `{name}`; `{words}` are those meant, where the
    /// rule gives no others.
    pub fn fill(&self, pattern: &str) -> String {
        let text = self.args.iter().fold(pattern.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
        text.replace("{words}", &self.excerpt)
    }

    /// Names this finding for as long as the words stay the same in the same field, whatever is edited elsewhere: rule,
    /// section, field and a digest of the words without regard to case and white space. The same words twice in one field
    /// share a key: a reason given for one holds for the other.
    pub fn key(&self) -> String {
        let mut hash = Fnv::default();
        hash.add(&self.variant);
        for word in self.excerpt.split_whitespace() {
            hash.add(" ");
            hash.add(&word.to_lowercase());
        }
        format!("{}.{}.{}.{:016x}", self.rule.code(), self.section, self.field, hash.0)
    }
}

/// FNV-1a, 64 bits: the same in the browser, on the server and next year; nothing depends on it being hard to forge.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(excerpt: &str) -> Finding {
        Finding {
            rule: Rule::Brand,
            gravity: Gravity::MustClear,
            section: "limits".into(),
            field: "limits".into(),
            span: None,
            excerpt: excerpt.into(),
            variant: String::new(),
            args: Vec::new(),
        }
    }

    #[test]
    fn a_key_ignores_case_and_white_space_and_nothing_else() {
        assert_eq!(finding("Big  Brand").key(), finding("big\nbrand").key());
        assert_ne!(finding("Big Brand").key(), finding("BigBrand").key());
        assert_eq!(finding("Excel").key(), "brand.limits.limits.4e8d3b270a7fe9ca", "stored reasons rest on it");
    }

    #[test]
    fn codes_parse_back() {
        for rule in Rule::ALL {
            assert_eq!(Rule::parse(rule.code()), Some(rule));
            assert_eq!(serde_json::to_string(&rule).unwrap(), format!("\"{}\"", rule.code()));
        }
    }
}
