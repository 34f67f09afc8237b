//! Questions: what suppliers are asked.

use super::MOST_ROWS;
use crate::challenge::{Question, QuestionKind};
use crate::form::{Errors, FieldError, Fields};
use crate::ids::QuestionId;

pub(super) fn questions(f: &Fields, e: &mut Errors) -> Vec<Question> {
    let rows = f.rows("question");
    if rows.is_empty() {
        e.say("question-1-label", "question-none");
    } else if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("question-{}-label", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let mut out = Vec::new();
    for row in rows {
        let words = f.of_row("question", row, "words");
        let max_words = match if words.is_empty() { Ok(300) } else { words.parse::<u32>() } {
            Ok(limit) if (1..=5_000).contains(&limit) => limit,
            _ => {
                e.say(format!("question-{row}-words"), "word-limit");
                300
            }
        };
        out.push(Question {
            id: QuestionId::parse(f.of_row("question", row, "id")).unwrap_or(QuestionId(i64::from(row))),
            label: e.text(f, &format!("question-{row}-label"), true, 300),
            help: e.text(f, &format!("question-{row}-help"), false, 1_000),
            kind: if max_words <= 30 { QuestionKind::ShortText } else { QuestionKind::LongText },
            max_words,
            required: f.of_row("question", row, "optional").is_empty(),
        });
    }
    out
}
