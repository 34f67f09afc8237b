//! What suppliers are asked.

use serde::{Deserialize, Serialize};

use crate::ids::QuestionId;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    ShortText,
    #[default]
    LongText,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: QuestionId,
    pub label: String,
    pub help: String,
    pub kind: QuestionKind,
    pub max_words: u32,
    pub required: bool,
}
