//! What a supplier writes: answers to questions, promises of outcomes, a price. Also whether it is complete.

mod answer;
mod aside;
mod declared;
mod enclosed;
mod parties;
mod pasted;
mod redact;
#[cfg(test)]
mod tests;
mod twice;
mod unsent;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use answer::Answer;
pub use aside::{Claim, REASONS};
pub use declared::declared;
pub use enclosed::{Enclosed, Enclosures, files_shown, files_since, hide_file_names, may_add, may_enclose};
pub use parties::{Lead, MOST_PARTNERS, Parties, Partner, PartyKind, parties, typed_parties};
pub use pasted::{ASIDE, Place, Sheet, Typed, form_mark, marker};
pub use redact::{LEFT_OUT, may_redact, redact, redact_all};
pub use twice::{Longer, longer};
pub use unsent::{Unsent, unsent};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::challenge::{Criterion, CriterionKind, Outcome, QuestionKind, Terms};
use crate::form::{FieldError, Fields, words};
use crate::ids::{OutcomeId, QuestionId, RequirementId};
use crate::moment::local_fields;
use crate::money::Money;

/// The name of one field of a round's form, as it is stored and posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Question(QuestionId),
    /// The value of an outcome that the response promises.
    Promise(OutcomeId),
    /// The date by which it is promised.
    By(OutcomeId),
    /// What makes the promise believable.
    Evidence(OutcomeId),
    Price,
    /// For how many days from the deadline the offer stands.
    PriceValid,
    /// What the price covers, and what it does not.
    PriceCovers,
    /// A passage of an answer that is said to be confidential.
    Secret(QuestionId, Secret),
    /// Whether a condition of the notice is met.
    Declare(RequirementId),
    /// Why it is not.
    DeclareWhy(RequirementId),
    /// Who answers with the supplier: one text for all of it ([`typed_parties`]), kept by a page of its own.
    Parties,
    /// Who signs the declarations.
    SignedBy,
    SignedOn,
}

/// What is said of a confidential passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Secret {
    /// Its words.
    Words,
    /// One of [`REASONS`].
    Why,
    /// In own words, where none of them fits.
    Reason,
    Until,
}

impl Secret {
    pub const ALL: [Self; 4] = [Self::Words, Self::Why, Self::Reason, Self::Until];

    fn prefix(self) -> &'static str {
        match self {
            Self::Words => "secret",
            Self::Why => "secret_why",
            Self::Reason => "secret_reason",
            Self::Until => "secret_until",
        }
    }
}

impl Field {
    pub fn name(self) -> String {
        match self {
            Field::Question(id) => format!("question-{id}"),
            Field::Promise(id) => format!("promise-{id}"),
            Field::By(id) => format!("by-{id}"),
            Field::Evidence(id) => format!("evidence-{id}"),
            Field::Price => "price".into(),
            Field::PriceValid => "price_valid".into(),
            Field::PriceCovers => "price_covers".into(),
            Field::Secret(id, part) => format!("{}-{id}", part.prefix()),
            Field::Declare(id) => format!("declare-{id}"),
            Field::DeclareWhy(id) => format!("declare_why-{id}"),
            Field::Parties => "parties".into(),
            Field::SignedBy => "signed_by".into(),
            Field::SignedOn => "signed_on".into(),
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "price" => return Some(Field::Price),
            "price_valid" => return Some(Field::PriceValid),
            "price_covers" => return Some(Field::PriceCovers),
            "parties" => return Some(Field::Parties),
            "signed_by" => return Some(Field::SignedBy),
            "signed_on" => return Some(Field::SignedOn),
            _ => {}
        }
        let (kind, id) = name.split_once('-')?;
        match kind {
            "question" => QuestionId::parse(id).map(Field::Question),
            "promise" => OutcomeId::parse(id).map(Field::Promise),
            "by" => OutcomeId::parse(id).map(Field::By),
            "evidence" => OutcomeId::parse(id).map(Field::Evidence),
            "declare" => RequirementId::parse(id).map(Field::Declare),
            "declare_why" => RequirementId::parse(id).map(Field::DeclareWhy),
            _ => {
                let part = Secret::ALL.into_iter().find(|part| part.prefix() == kind)?;
                QuestionId::parse(id).map(|id| Field::Secret(id, part))
            }
        }
    }
}

/// All fields of the form of a version, in the order in which they are asked.
pub fn form(terms: &Terms) -> Vec<Field> {
    let mut fields = Vec::new();
    for question in &terms.questions {
        match question.outcome() {
            Some(outcome) => fields.extend([Field::Promise(outcome), Field::By(outcome), Field::Evidence(outcome)]),
            None => fields.push(Field::Question(question.id)),
        }
    }
    for outcome in terms.unasked_outcomes() {
        fields.extend([Field::Promise(outcome.id), Field::Evidence(outcome.id)]);
    }
    if asks_price(terms) {
        fields.push(Field::Price);
    }
    fields.extend(declared::fields(terms));
    fields
}

/// All that a draft keeps: the form, and what may be written beside its answers.
pub fn written(terms: &Terms) -> Vec<Field> {
    let mut fields = form(terms);
    let secret = terms.questions.iter().filter(|question| question.confidential && question.outcome().is_none());
    fields.extend(secret.flat_map(|question| Secret::ALL.map(|part| Field::Secret(question.id, part))));
    if asks_price(terms) {
        fields.extend([Field::PriceValid, Field::PriceCovers]);
    }
    fields.extend(declared(terms).map(|requirement| Field::DeclareWhy(requirement.id)));
    fields.push(Field::Parties);
    fields
}

/// The price has an envelope of its own.
pub fn price_apart(terms: &Terms) -> bool {
    terms.price.separate && asks_price(terms)
}

pub fn asks_price(terms: &Terms) -> bool {
    terms.criteria.iter().any(|Criterion { kind, .. }| matches!(kind, CriterionKind::Price(_)))
}

/// The content of a submission: what is sealed and what the digest is taken of (as canonical JSON, RFC 8785).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    pub challenge_version: i64,
    /// Field name -> text.
    pub answers: BTreeMap<String, String>,
    /// A string in canonical JSON: no float near money.
    pub price: Option<Money>,
    /// Absent where there are none: a submission of before reads, and is digested, as it was.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: Enclosures,
    /// Absent where the supplier answers alone, and in a submission of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parties: Option<Parties>,
    /// Random, where the price is sealed apart: whoever has read the answers and the receipt could try every likely price against
    /// its digest otherwise. Absent elsewhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub blind: String,
}

impl Content {
    /// What the envelope of answers holds, and what that of the price does.
    pub fn apart(mut self) -> (Content, Content) {
        let mut price = Content {
            challenge_version: self.challenge_version,
            price: self.price.take(),
            blind: std::mem::take(&mut self.blind),
            ..Content::default()
        };
        for name in [Field::PriceValid, Field::PriceCovers].map(Field::name) {
            price.answers.extend(self.answers.remove_entry(&name));
        }
        (self, price)
    }

    /// The inverse: the whole, as it was submitted and digested.
    #[must_use]
    pub fn with_price(mut self, price: Content) -> Content {
        self.answers.extend(price.answers);
        (self.price, self.blind) = (price.price, price.blind);
        self
    }

    /// The canonical form (RFC 8785): the same content gives the same bytes wherever it is computed.
    pub fn canonical(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self).unwrap_or_default()
    }

    pub fn answer(&self, field: Field) -> &str {
        self.answers.get(&field.name()).map_or("", String::as_str)
    }

    /// What a draft that was submitted so may have said in a field, by the field's name: where it is what was typed, letter for
    /// letter, the draft needs no copy of it.
    pub fn spelled(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.answers.get(name) {
            Some(text) => Some(text.into()),
            None if name == Field::Price.name() => self.price.map(|price| price.shortest().into()),
            None => None,
        }
    }

    pub fn enclosed(&self, field: Field) -> &[Enclosed] {
        self.files.get(&field.name()).map_or(&[], Vec::as_slice)
    }

    /// For readers who may not know whose it is: files are numbered in the order of the questions, and keep their endings; who
    /// signed, and who answers together, is left out.
    pub fn hide_names(&mut self) {
        self.parties = None;
        self.answers.remove(&Field::SignedBy.name());
        enclosed::hide_file_names(&mut self.files);
    }

    /// Every file that is named, whatever it answers.
    pub fn all_files(&self) -> impl Iterator<Item = &Enclosed> {
        self.files.values().flatten()
    }
}

/// The longest answer that the server stores, in characters; a published word limit is usually far below.
pub const LONGEST_ANSWER: usize = 40_000;

/// What is missing or wrong before a draft can be submitted against these terms. Over-limit text is kept in the draft and
/// told here, never cut. `files`: what was handed in; those of questions that the terms do not ask are left out.
pub fn content(terms: &Terms, n: i64, draft: &Fields, files: &Enclosures) -> Result<Content, Vec<FieldError>> {
    let (content, errors) = gather_content(terms, n, draft, files);
    if errors.is_empty() { Ok(content) } else { Err(errors) }
}

/// With what keeps it from being one; a field that is wrong is in it as typed, or not at all.
fn gather_content(terms: &Terms, n: i64, draft: &Fields, files: &Enclosures) -> (Content, Vec<FieldError>) {
    let mut errors = Vec::new();
    let mut answers = BTreeMap::new();
    let mut named = Enclosures::new();
    for question in &terms.questions {
        match question.outcome().and_then(|outcome| terms.outcome(outcome)) {
            Some(outcome) => {
                let first = local_fields(terms.deadline, &terms.zone).0.parse().ok();
                let asked = Asked { required: question.required, by: true, first, evidence: Limit::Words(question.max_words) };
                promise(outcome, asked, draft, &mut answers, &mut errors);
            }
            None => {
                let name = Field::Question(question.id).name();
                let typed = draft.get(&name);
                let asks_files = matches!(question.kind, QuestionKind::Files { .. });
                if asks_files {
                    let handed_in = files.get(&name).cloned().unwrap_or_default();
                    errors.extend(enclosed::wrong(question, &name, &handed_in));
                    if !handed_in.is_empty() {
                        named.insert(name.clone(), handed_in);
                    }
                }
                let kept = match Answer::parse(question, terms.currency, typed) {
                    Ok(None) => {
                        // What is written beside files is a note to them.
                        if question.required && !asks_files {
                            errors.push(FieldError::new(&name, "answer-missing"));
                        }
                        String::new()
                    }
                    Ok(Some(answer)) => answer.canonical(),
                    Err(error) => {
                        errors.push(error);
                        typed.to_owned()
                    }
                };
                answers.insert(name, kept);
            }
        }
    }
    for outcome in terms.unasked_outcomes() {
        let asked = Asked { required: true, by: false, first: None, evidence: Limit::Letters(2_000) };
        promise(outcome, asked, draft, &mut answers, &mut errors);
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
    aside::read(terms, draft, &mut answers, &mut errors);
    declared::read(terms, draft, &mut answers, &mut errors);
    let (parties, wrong) = parties(&typed_parties(draft));
    errors.extend(wrong);
    (Content { challenge_version: n, answers, price, files: named, parties, blind: String::new() }, errors)
}

/// How an outcome is asked: versions of the first release asked for no date and limited letters.
#[derive(Clone, Copy)]
struct Asked {
    required: bool,
    by: bool,
    /// The first day that can be promised: that of the deadline. What is over before a response is due is no promise.
    first: Option<Date>,
    evidence: Limit,
}

#[derive(Clone, Copy)]
enum Limit {
    Words(u32),
    Letters(usize),
}

/// The longest promised value, in letters.
const LONGEST_PROMISE: usize = 60;

/// A promise is whole or absent: value, by when, evidence.
fn promise(
    outcome: &Outcome,
    asked: Asked,
    draft: &Fields,
    answers: &mut BTreeMap<String, String>,
    errors: &mut Vec<FieldError>,
) {
    let (value, by, evidence) =
        (Field::Promise(outcome.id).name(), Field::By(outcome.id).name(), Field::Evidence(outcome.id).name());
    let texts = [&value, &by, &evidence].map(|name| draft.get(name));
    let needed = asked.required || texts.iter().any(|text| !text.is_empty());
    let [promised, until, shown] = texts;
    let length = promised.chars().count();
    if promised.is_empty() && needed {
        errors.push(FieldError::new(&value, "promise-missing"));
    } else if length > LONGEST_PROMISE {
        errors.push(FieldError::new(&value, "too-long").with("max", LONGEST_PROMISE).with("over", length - LONGEST_PROMISE));
    } else if asked.by && !promised.is_empty() && has_number(&outcome.target) && !has_number(promised) {
        errors.push(FieldError::new(&value, "promise-number"));
    }
    answers.insert(value, promised.to_owned());
    if asked.by {
        let date = answer::date(until);
        if until.is_empty() && needed {
            errors.push(FieldError::new(&by, "by-missing"));
        } else if !until.is_empty() && date.is_none() {
            errors.push(FieldError::new(&by, "date"));
        } else if let Some(first) = asked.first.filter(|first| date.is_some_and(|date| date < *first)) {
            errors.push(FieldError::new(&by, "by-past").with("first", first.to_string()));
        }
        answers.insert(by, date.map_or_else(|| until.to_owned(), |date| date.to_string()));
    }
    let (count, limit, code) = match asked.evidence {
        Limit::Words(limit) => (words(shown), limit as usize, "too-many-words"),
        Limit::Letters(limit) => (shown.chars().count(), limit, "too-long"),
    };
    if shown.is_empty() && needed {
        errors.push(FieldError::new(&evidence, "evidence-missing"));
    } else if count > limit {
        errors.push(FieldError::new(&evidence, code).with("max", limit).with("over", count - limit));
    }
    answers.insert(evidence, shown.to_owned());
}

fn has_number(text: &str) -> bool {
    text.chars().any(|letter| letter.is_ascii_digit())
}

/// The boxes of a question that takes several options come as fields of their own (`question-<id>--1`, …) beside an empty field
/// of its name; here they become one answer again, an option a line.
pub fn gather(terms: &Terms, posted: &mut Fields) {
    for question in &terms.questions {
        let QuestionKind::Choice { options, several: true } = &question.kind else { continue };
        let name = Field::Question(question.id).name();
        if !posted.0.contains_key(&name) {
            continue;
        }
        let boxes = (1..=options.len()).filter_map(|n| posted.0.get(&box_name(&name, n)).cloned());
        let chosen: Vec<String> = boxes.collect();
        // A script, or a person with neither boxes nor script, may have written the lines themselves.
        if !chosen.is_empty() || posted.get(&name).is_empty() {
            posted.set(name, chosen.join("\n"));
        }
    }
}

/// The name of the box of option `n`, from 1.
pub fn box_name(question: &str, n: usize) -> String {
    format!("{question}--{n}")
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
