//! What suppliers are asked, and of what kind each answer is.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::{OutcomeId, QuestionId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    /// Empty for an outcome promise that is called as its outcome is.
    pub label: String,
    pub help: String,
    pub kind: QuestionKind,
    /// Of texts, and of what is written beside a promise or files; of no meaning elsewhere.
    pub max_words: u32,
    pub required: bool,
    /// Whether a supplier may claim that parts of the answer are confidential.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
}

/// The kinds of answers. Versions published before a kind existed name only the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    ShortText,
    #[default]
    LongText,
    /// A decimal number, within its ends where they are set.
    Number {
        unit: String,
        min: Option<Decimal>,
        max: Option<Decimal>,
    },
    /// An amount in the currency of the challenge.
    Money,
    Date,
    YesNo,
    /// One of the options, or several; an answer is the options' own words, so that it reads the same in every version.
    Choice {
        options: Vec<String>,
        several: bool,
    },
    /// Which files are wanted and how many; words beside them say what they hold.
    Files {
        kinds: Vec<FileKind>,
        most: u8,
    },
    /// The outcome promise: value, by when, evidence, beside an outcome of the challenge.
    Promise {
        outcome: OutcomeId,
    },
}

/// What may be handed in as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Pdf,
    Document,
    Spreadsheet,
    Slides,
    Image,
}

crate::organisation::codes!(FileKind {
    Pdf = "pdf",
    Document = "document",
    Spreadsheet = "spreadsheet",
    Slides = "slides",
    Image = "image",
});

impl FileKind {
    /// Whether a file that is of this kind by its content is meant.
    pub fn takes(self, kind: crate::file::FileKind) -> bool {
        use crate::file::FileKind as By;
        match self {
            FileKind::Pdf => kind == By::Pdf,
            FileKind::Document => matches!(kind, By::Docx | By::Odt | By::Text),
            // A table of plain text is one.
            FileKind::Spreadsheet => matches!(kind, By::Xlsx | By::Ods | By::Text),
            FileKind::Slides => matches!(kind, By::Pptx | By::Odp),
            FileKind::Image => kind.is_image(),
        }
    }
}

impl QuestionKind {
    /// The kinds in the order in which a builder offers them, by their codes. `choice` takes one option, `choices` several.
    pub const CODES: &'static [&'static str] =
        &["long_text", "short_text", "number", "money", "date", "yes_no", "choice", "choices", "files", "promise"];

    pub fn code(&self) -> &'static str {
        match self {
            QuestionKind::LongText => "long_text",
            QuestionKind::ShortText => "short_text",
            QuestionKind::Number { .. } => "number",
            QuestionKind::Money => "money",
            QuestionKind::Date => "date",
            QuestionKind::YesNo => "yes_no",
            QuestionKind::Choice { several: false, .. } => "choice",
            QuestionKind::Choice { several: true, .. } => "choices",
            QuestionKind::Files { .. } => "files",
            QuestionKind::Promise { .. } => "promise",
        }
    }

    /// Whether words are written, so that a limit on them means something.
    pub fn has_words(&self) -> bool {
        matches!(self, Self::ShortText | Self::LongText | Self::Files { .. } | Self::Promise { .. })
    }
}

impl Question {
    /// Most words that an answer can have: what a supplier may write and an evaluator must read.
    pub fn words(&self) -> u32 {
        if self.kind.has_words() { self.max_words } else { 0 }
    }

    pub fn outcome(&self) -> Option<OutcomeId> {
        match self.kind {
            QuestionKind::Promise { outcome } => Some(outcome),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_the_first_release_read_as_they_were() {
        let stored = r#"{"id":"0000000000007","label":"How?","help":"","kind":"long_text","max_words":300,"required":true}"#;
        let question: Question = serde_json::from_str(stored).unwrap();
        assert_eq!(question.kind, QuestionKind::LongText);
        assert!(!question.confidential);
        assert_eq!(serde_json::to_string(&question).unwrap(), stored, "and are written as they were");
    }

    #[test]
    fn every_kind_survives_json_with_decimals_as_strings() {
        let kinds = [
            QuestionKind::Number { unit: "km".into(), min: Some(Decimal::new(5, 1)), max: None },
            QuestionKind::Choice { options: vec!["A".into(), "B".into()], several: true },
            QuestionKind::Files { kinds: vec![FileKind::Pdf], most: 2 },
            QuestionKind::Promise { outcome: OutcomeId(4) },
            QuestionKind::Money,
        ];
        for kind in kinds {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(serde_json::from_str::<QuestionKind>(&json).unwrap(), kind, "{json}");
        }
        let number = QuestionKind::Number { unit: String::new(), min: Some(Decimal::new(25, 1)), max: None };
        assert!(serde_json::to_string(&number).unwrap().contains(r#""min":"2.5""#));
    }
}
