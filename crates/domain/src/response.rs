//! What a supplier writes: answers to questions, promises of outcomes, a price. Also whether it is complete.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::challenge::{Criterion, CriterionKind, Terms};
use crate::form::{FieldError, Fields, words};
use crate::ids::{OutcomeId, QuestionId};
use crate::money::Money;

/// The name of one field of a round's form, as it is stored and posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Question(QuestionId),
    /// The value of an outcome that the response promises.
    Promise(OutcomeId),
    /// What makes the promise believable.
    Evidence(OutcomeId),
    Price,
}

impl Field {
    pub fn name(self) -> String {
        match self {
            Field::Question(id) => format!("question-{id}"),
            Field::Promise(id) => format!("promise-{id}"),
            Field::Evidence(id) => format!("evidence-{id}"),
            Field::Price => "price".into(),
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        if name == "price" {
            return Some(Field::Price);
        }
        let (kind, id) = name.split_once('-')?;
        match kind {
            "question" => QuestionId::parse(id).map(Field::Question),
            "promise" => OutcomeId::parse(id).map(Field::Promise),
            "evidence" => OutcomeId::parse(id).map(Field::Evidence),
            _ => None,
        }
    }
}

/// All fields of the form of a version, in the order in which they are asked.
pub fn form(terms: &Terms) -> Vec<Field> {
    let mut fields: Vec<Field> = terms.questions.iter().map(|question| Field::Question(question.id)).collect();
    for outcome in &terms.outcomes {
        fields.push(Field::Promise(outcome.id));
        fields.push(Field::Evidence(outcome.id));
    }
    if asks_price(terms) {
        fields.push(Field::Price);
    }
    fields
}

pub fn asks_price(terms: &Terms) -> bool {
    terms.criteria.iter().any(|Criterion { kind, .. }| matches!(kind, CriterionKind::Price(_)))
}

/// The content of a submission: what is sealed and what the digest is taken of (as canonical JSON, RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub challenge_version: i64,
    /// Field name -> text.
    pub answers: BTreeMap<String, String>,
    /// A string in canonical JSON: no float near money.
    pub price: Option<Money>,
}

impl Content {
    /// The canonical form (RFC 8785): the same content gives the same bytes wherever it is computed.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self).unwrap_or_default()
    }

    pub fn answer(&self, field: Field) -> &str {
        self.answers.get(&field.name()).map_or("", String::as_str)
    }
}

/// The longest answer that the server stores, in characters; a published word limit is usually far below.
pub const LONGEST_ANSWER: usize = 40_000;

/// What is missing or wrong before a draft can be submitted against these terms. Over-limit text is kept in the draft and
/// told here, never cut.
pub fn content(terms: &Terms, n: i64, draft: &Fields) -> Result<Content, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut answers = BTreeMap::new();
    for question in &terms.questions {
        let name = Field::Question(question.id).name();
        let text = draft.get(&name);
        let count = words(text);
        let limit = question.max_words as usize;
        if question.required && text.is_empty() {
            errors.push(FieldError::new(&name, "answer-missing"));
        } else if count > limit {
            errors.push(FieldError::new(&name, "too-many-words").with("max", limit).with("over", count - limit));
        }
        answers.insert(name, text.to_owned());
    }
    for outcome in &terms.outcomes {
        for (field, max, code) in
            [(Field::Promise(outcome.id), 60, "promise-missing"), (Field::Evidence(outcome.id), 2_000, "evidence-missing")]
        {
            let name = field.name();
            let text = draft.get(&name);
            let length = text.chars().count();
            if text.is_empty() {
                errors.push(FieldError::new(&name, code));
            } else if length > max {
                errors.push(FieldError::new(&name, "too-long").with("max", max).with("over", length - max));
            }
            answers.insert(name, text.to_owned());
        }
    }
    let mut price = None;
    if asks_price(terms) {
        match Money::parse(draft.get("price"), terms.currency) {
            Ok(money) => match price_refusal(terms, &money) {
                None => price = Some(money),
                Some(error) => errors.push(error),
            },
            Err(error) => errors.push(FieldError::new("price", error.code())),
        }
    }
    if errors.is_empty() { Ok(Content { challenge_version: n, answers, price }) } else { Err(errors) }
}

/// Zero is refused only where the formula divides by it.
fn price_refusal(terms: &Terms, price: &Money) -> Option<FieldError> {
    let relative =
        terms.criteria.iter().any(|c| matches!(c.kind, CriterionKind::Price(crate::evaluation::PriceFormula::Relative)));
    if price.minor < 0 {
        Some(FieldError::new("price", "price-negative"))
    } else if relative && price.minor == 0 {
        Some(FieldError::new("price", "price-zero"))
    } else {
        None
    }
}
