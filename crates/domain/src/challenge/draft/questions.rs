//! Questions: what suppliers are asked, a card each.

use rust_decimal::Decimal;

use super::MOST_ROWS;
use crate::challenge::{FileKind, Outcome, Question, QuestionKind};
use crate::form::{Errors, FieldError, Fields};
use crate::ids::{OutcomeId, QuestionId};
use crate::number;

/// Most options of a choice, and most files of a question.
const MOST_OPTIONS: usize = 30;
const MOST_FILES: u8 = 20;

/// The words beside a promise or files, and of a short or a long text, where the officer names none.
const DEFAULT_WORDS: [u32; 3] = [150, 30, 300];

/// Every outcome is asked: where no card of its own says how, behind the others.
pub(super) fn questions(f: &Fields, outcomes: &[Outcome], e: &mut Errors) -> Vec<Question> {
    let rows = f.rows("question");
    if rows.is_empty() {
        e.say("question-1-label", "question-none");
    } else if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("question-{}-label", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let mut out: Vec<Question> = Vec::new();
    for row in rows {
        if let Some(question) = question(f, row, outcomes, &out, e) {
            out.push(question);
        }
    }
    for outcome in outcomes {
        if !out.iter().any(|question| question.outcome() == Some(outcome.id)) {
            out.push(promise(outcome.id));
        }
    }
    out
}

/// How an outcome is asked that has no card of its own. It takes the id of its outcome, and so keeps it in every version.
fn promise(outcome: OutcomeId) -> Question {
    Question {
        id: QuestionId(outcome.get()),
        label: String::new(),
        help: String::new(),
        kind: QuestionKind::Promise { outcome },
        max_words: DEFAULT_WORDS[0],
        required: true,
        confidential: false,
    }
}

/// `None` for the card of an outcome that there is no more.
fn question(f: &Fields, row: u32, outcomes: &[Outcome], before: &[Question], e: &mut Errors) -> Option<Question> {
    let name = |field: &str| format!("question-{row}-{field}");
    let kind = match kind(f, row, e) {
        QuestionKind::Promise { outcome } if !outcomes.iter().any(|known| known.id == outcome) => return None,
        QuestionKind::Promise { outcome } if before.iter().any(|other| other.outcome() == Some(outcome)) => return None,
        kind => kind,
    };
    let own = QuestionId::parse(f.of_row("question", row, "id")).unwrap_or(QuestionId(i64::from(row)));
    let is_promise = matches!(kind, QuestionKind::Promise { .. });
    Some(Question {
        id: match kind {
            QuestionKind::Promise { outcome } => QuestionId(outcome.get()),
            _ => own,
        },
        label: e.text(f, &name("label"), !is_promise, 300),
        help: e.text(f, &name("help"), false, 1_000),
        max_words: if kind.has_words() { word_limit(f, row, &kind, e) } else { 0 },
        required: f.of_row("question", row, "optional").is_empty(),
        confidential: f.checked(&name("confidential")),
        kind,
    })
}

fn word_limit(f: &Fields, row: u32, kind: &QuestionKind, e: &mut Errors) -> u32 {
    let default = match kind {
        QuestionKind::ShortText => DEFAULT_WORDS[1],
        QuestionKind::LongText => DEFAULT_WORDS[2],
        _ => DEFAULT_WORDS[0],
    };
    match f.of_row("question", row, "words") {
        "" => default,
        text => match text.parse::<u32>() {
            Ok(limit) if (1..=5_000).contains(&limit) => limit,
            _ => {
                e.say(format!("question-{row}-words"), "word-limit");
                default
            }
        },
    }
}

fn kind(f: &Fields, row: u32, e: &mut Errors) -> QuestionKind {
    let name = |field: &str| format!("question-{row}-{field}");
    match f.of_row("question", row, "kind") {
        "short_text" => QuestionKind::ShortText,
        "number" => number_kind(f, row, e),
        "money" => QuestionKind::Money,
        "date" => QuestionKind::Date,
        "yes_no" => QuestionKind::YesNo,
        code @ ("choice" | "choices") => QuestionKind::Choice { options: options(f, row, e), several: code == "choices" },
        "files" => {
            let checked = |kind: &FileKind| f.checked(&name(&format!("file_{}", kind.code())));
            let kinds: Vec<FileKind> = FileKind::ALL.iter().copied().filter(checked).collect();
            if kinds.is_empty() {
                e.say(name("file_pdf"), "files-kinds");
            }
            let most = match f.of_row("question", row, "most") {
                "" => 1,
                text => text.parse().ok().filter(|most| (1..=MOST_FILES).contains(most)).unwrap_or_else(|| {
                    e.add(FieldError::new(name("most"), "files-most").with("max", MOST_FILES));
                    1
                }),
            };
            QuestionKind::Files { kinds, most }
        }
        "promise" => {
            QuestionKind::Promise { outcome: OutcomeId::parse(f.of_row("question", row, "outcome")).unwrap_or(OutcomeId(0)) }
        }
        // Drafts of the first release name no kind: up to thirty words were a short text.
        "" if f.of_row("question", row, "words").parse::<u32>().is_ok_and(|limit| limit <= 30) => QuestionKind::ShortText,
        _ => QuestionKind::LongText,
    }
}

fn number_kind(f: &Fields, row: u32, e: &mut Errors) -> QuestionKind {
    let mut end = |field: &str| -> Option<Decimal> {
        match f.of_row("question", row, field) {
            "" => None,
            text => number::parse(text).map_err(|error| e.say(format!("question-{row}-{field}"), error.code())).ok(),
        }
    };
    let (min, max) = (end("min"), end("max"));
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        e.say(format!("question-{row}-max"), "number-ends");
    }
    QuestionKind::Number { unit: e.text(f, &format!("question-{row}-unit"), false, 40), min, max }
}

/// One a line; each once.
fn options(f: &Fields, row: u32, e: &mut Errors) -> Vec<String> {
    let name = format!("question-{row}-options");
    let mut options: Vec<String> = Vec::new();
    for line in f.get(&name).lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.chars().count() > 200 {
            e.add(FieldError::new(&name, "too-long").with("max", 200).with("over", line.chars().count() - 200));
        } else if options.iter().any(|known| known == line) {
            e.add(FieldError::new(&name, "option-twice").with("option", line));
        } else {
            options.push(line.to_owned());
        }
    }
    if options.len() < 2 {
        e.say(&name, "options-two");
    } else if options.len() > MOST_OPTIONS {
        e.add(FieldError::new(&name, "options-many").with("max", MOST_OPTIONS));
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(id: i64) -> Outcome {
        let text = String::new;
        Outcome { id: OutcomeId(id), title: text(), unit: text(), baseline: text(), target: text(), by: text(), measured: text() }
    }

    fn parsed(pairs: &[(&str, &str)], outcomes: &[Outcome]) -> (Vec<Question>, Vec<String>) {
        let mut errors = Errors::default();
        let found = questions(&pairs.iter().copied().collect(), outcomes, &mut errors);
        (found, errors.0.into_iter().map(|e| format!("{}: {}", e.field, e.code)).collect())
    }

    #[test]
    fn each_kind_of_question_parses() {
        let (found, errors) = parsed(
            &[
                ("question-1-label", "How?"),
                ("question-2-label", "In a word?"),
                ("question-2-words", "30"),
                ("question-3-label", "How far?"),
                ("question-3-kind", "number"),
                ("question-3-unit", "km"),
                ("question-3-min", "0,5"),
                ("question-4-label", "Which ward?"),
                ("question-4-kind", "choices"),
                ("question-4-options", "North\n\nSouth\n"),
                ("question-5-label", "A plan"),
                ("question-5-kind", "files"),
                ("question-5-file_pdf", "yes"),
                ("question-5-most", "2"),
            ],
            &[],
        );
        assert!(errors.is_empty(), "{errors:?}");
        let kinds: Vec<QuestionKind> = found.into_iter().map(|question| question.kind).collect();
        let options = vec!["North".to_owned(), "South".to_owned()];
        assert_eq!(
            kinds,
            [
                QuestionKind::LongText,
                QuestionKind::ShortText,
                QuestionKind::Number { unit: "km".into(), min: Some(Decimal::new(5, 1)), max: None },
                QuestionKind::Choice { options, several: true },
                QuestionKind::Files { kinds: vec![FileKind::Pdf], most: 2 },
            ]
        );
    }

    #[test]
    fn what_a_kind_needs_is_told_by_its_field() {
        let (_, errors) = parsed(
            &[
                ("question-1-label", "How far?"),
                ("question-1-kind", "number"),
                ("question-1-min", "9"),
                ("question-1-max", "3"),
                ("question-2-label", "Which?"),
                ("question-2-kind", "choice"),
                ("question-2-options", "One\nOne"),
                ("question-3-label", "Files"),
                ("question-3-kind", "files"),
                ("question-3-most", "21"),
                ("question-4-kind", "date"),
                ("question-4-card", "1"),
            ],
            &[],
        );
        assert_eq!(
            errors,
            [
                "question-1-max: number-ends",
                "question-2-options: option-twice",
                "question-2-options: options-two",
                "question-3-file_pdf: files-kinds",
                "question-3-most: files-most",
                "question-4-label: empty",
            ]
        );
    }

    #[test]
    fn every_outcome_is_asked_once_and_where_its_card_stands() {
        let id = OutcomeId(2).to_string();
        let (found, errors) = parsed(
            &[
                ("question-1-kind", "promise"),
                ("question-1-outcome", &id),
                ("question-1-card", "1"),
                ("question-1-optional", "yes"),
                ("question-2-label", "How?"),
                ("question-3-kind", "promise"),
                ("question-3-outcome", &id),
                ("question-3-card", "1"),
            ],
            &[outcome(1), outcome(2)],
        );
        assert!(errors.is_empty(), "{errors:?}");
        let asked: Vec<_> = found.iter().map(|question| (question.outcome().map(OutcomeId::get), question.required)).collect();
        assert_eq!(asked, [(Some(2), false), (None, true), (Some(1), true)]);
        assert_eq!(found[0].id, QuestionId(2), "a promise has the id of its outcome");
    }
}
