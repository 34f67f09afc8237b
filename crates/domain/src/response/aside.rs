//! What may be written beside the answers: how long the offer stands, what its price covers, and which passages are
//! confidential, why and until when. It is sealed with the answers, where anything is written at all.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Content, Field, Secret, answer, asks_price};
use crate::challenge::{Question, QuestionKind, Terms};
use crate::form::{FieldError, Fields};
use crate::ids::QuestionId;
use crate::moment::local_fields;

/// The ready reasons for confidentiality, by their codes (domain.md, "Decision and after"); another one is written out.
pub const REASONS: &[&str] = &["price", "know-how", "personal-data", "security"];
/// What is chosen where none of them fits.
const OTHER: &str = "other";
/// Letters that an own reason has at least: "confidential" is none.
const LEAST_REASON: usize = 30;
/// The longest text beside an answer, in letters.
const LONGEST: usize = 2_000;
/// The longest that an offer can stand, in days.
const MOST_DAYS: u32 = 1_000;
/// The longest that words can be claimed to be confidential, in years after the deadline: nothing is for ever (domain.md,
/// "Decision and after": "until when").
const MOST_YEARS: i16 = 30;
/// Of words that are not found, so many letters are told.
const TOLD: usize = 60;

/// What a supplier says of a confidential passage of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub words: String,
    /// One of [`REASONS`]; nothing where the reason is written out.
    pub why: Option<String>,
    pub reason: String,
    pub until: Option<Date>,
}

impl Content {
    /// The confidential passage of an answer, where one was named.
    pub fn claim(&self, question: QuestionId) -> Option<Claim> {
        let said = |part| self.answer(Field::Secret(question, part)).to_owned();
        let words = said(Secret::Words);
        (!words.is_empty()).then(|| Claim {
            words,
            why: Some(said(Secret::Why)).filter(|why| REASONS.contains(&why.as_str())),
            reason: said(Secret::Reason),
            until: said(Secret::Until).parse().ok(),
        })
    }

    /// For how many days from the deadline the offer stands, where it says so.
    pub fn valid_days(&self) -> Option<u32> {
        self.answer(Field::PriceValid).parse().ok()
    }
}

/// Reads all of it from a draft: what is written goes to the answers, what is wrong with it to the errors.
pub(super) fn read(terms: &Terms, draft: &Fields, answers: &mut BTreeMap<String, String>, errors: &mut Vec<FieldError>) {
    for question in terms.questions.iter().filter(|question| question.confidential && question.outcome().is_none()) {
        secret(question, terms, draft, answers, errors);
    }
    if !asks_price(terms) {
        return;
    }
    let days = draft.get(&Field::PriceValid.name());
    match days.parse::<u32>() {
        _ if days.is_empty() => {}
        Ok(n) if (1..=MOST_DAYS).contains(&n) => drop(answers.insert(Field::PriceValid.name(), n.to_string())),
        _ => errors.push(FieldError::new(Field::PriceValid.name(), "price-valid").with("max", MOST_DAYS)),
    }
    text(Field::PriceCovers, draft, answers, errors);
}

/// Kept where anything is written; told where it is too long.
fn text(field: Field, draft: &Fields, answers: &mut BTreeMap<String, String>, errors: &mut Vec<FieldError>) {
    let (name, text) = (field.name(), draft.get(&field.name()));
    let length = text.chars().count();
    if length > LONGEST {
        errors.push(FieldError::new(&name, "too-long").with("max", LONGEST).with("over", length - LONGEST));
    } else if length > 0 {
        answers.insert(name, text.to_owned());
    }
}

/// The first of the passages, a line each, that does not stand in the answer: white space and capitals do not matter, because
/// words are copied over the ends of lines.
fn not_there<'a>(words: &'a str, answer: &str) -> Option<&'a str> {
    let plain = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let answer = plain(answer);
    words.lines().map(str::trim).find(|line| !answer.contains(&plain(line)))
}

/// Words, why and until when: all of it or nothing. The words are the answer's own, and the day lies after the deadline: a claim
/// that protects nothing would only be found out once somebody asks for the file.
fn secret(
    question: &Question,
    terms: &Terms,
    draft: &Fields,
    answers: &mut BTreeMap<String, String>,
    errors: &mut Vec<FieldError>,
) {
    let id = question.id;
    let [words, why, reason, until] = Secret::ALL.map(|part| Field::Secret(id, part));
    if Secret::ALL.iter().all(|part| draft.get(&Field::Secret(id, *part).name()).is_empty()) {
        return;
    }
    text(words, draft, answers, errors);
    if draft.get(&words.name()).is_empty() {
        errors.push(FieldError::new(words.name(), "secret-words"));
    } else if !matches!(question.kind, QuestionKind::Files { .. })
        && let Some(line) = not_there(draft.get(&words.name()), draft.get(&Field::Question(id).name()))
    {
        let told: String = line.chars().take(TOLD).chain((line.chars().count() > TOLD).then_some('…')).collect();
        errors.push(FieldError::new(words.name(), "secret-not-there").with("words", told));
    }
    let (chosen, written) = (draft.get(&why.name()), draft.get(&reason.name()));
    if REASONS.contains(&chosen) {
        answers.insert(why.name(), chosen.to_owned());
    } else if chosen != OTHER {
        errors.push(FieldError::new(why.name(), "secret-why"));
    } else if written.chars().count() < LEAST_REASON {
        errors.push(FieldError::new(reason.name(), "secret-reason").with("min", LEAST_REASON));
    }
    text(reason, draft, answers, errors);
    let first: Option<Date> = local_fields(terms.deadline, &terms.zone).0.parse().ok();
    let last = first.and_then(|first| first.checked_add(jiff::Span::new().years(MOST_YEARS)).ok());
    match (answer::date(draft.get(&until.name())), first, last) {
        (None, ..) => errors.push(FieldError::new(until.name(), "secret-until")),
        (Some(date), Some(first), _) if date <= first => {
            errors.push(FieldError::new(until.name(), "secret-until-past").with("first", first.to_string()));
        }
        (Some(date), _, Some(last)) if date > last => {
            errors.push(FieldError::new(until.name(), "secret-until-far").with("last", last.to_string()));
        }
        (Some(date), ..) => drop(answers.insert(until.name(), date.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{Question, QuestionKind};

    const ID: QuestionId = QuestionId(4);

    fn terms(confidential: bool) -> Terms {
        let question = Question {
            id: ID,
            label: "How?".into(),
            help: String::new(),
            kind: QuestionKind::LongText,
            max_words: 50,
            required: false,
            confidential,
        };
        let deadline = crate::moment::local("2027-03-01", "17:00", "Europe/London").unwrap();
        Terms { questions: vec![question], deadline, zone: "Europe/London".into(), ..Terms::default() }
    }

    fn told(pairs: &[(Secret, &str)]) -> (Vec<String>, BTreeMap<String, String>) {
        let mut draft: Fields = pairs.iter().map(|(part, text)| (Field::Secret(ID, *part).name(), *text)).collect();
        draft.set(Field::Question(ID).name(), "We melt Our\n alloy twice.");
        let (mut answers, mut errors) = (BTreeMap::new(), Vec::new());
        read(&terms(true), &draft, &mut answers, &mut errors);
        (errors.into_iter().map(|error| error.code).collect(), answers)
    }

    #[test]
    fn a_confidential_passage_says_which_words_why_and_until_when_or_nothing() {
        use Secret::{Reason, Until, Why, Words};
        assert_eq!(told(&[]), (vec![], BTreeMap::new()));
        let (codes, answers) = told(&[(Words, "our alloy"), (Why, "know-how"), (Until, "31/12/2030")]);
        assert_eq!((codes.len(), answers.len()), (0, 3));
        assert_eq!(answers[&Field::Secret(ID, Until).name()], "2030-12-31");
        assert_eq!(told(&[(Words, "our alloy")]).0, ["secret-why", "secret-until"]);
        assert_eq!(told(&[(Why, "price"), (Until, "2030-01-01")]).0, ["secret-words"]);
        let short = [(Words, "our alloy"), (Why, "other"), (Reason, "It is confidential"), (Until, "2030-01-01")];
        assert_eq!(told(&short).0, ["secret-reason"]);
        let reason = "A partner told us under an agreement that binds us";
        assert!(told(&[(Words, "our alloy"), (Why, "other"), (Reason, reason), (Until, "2030-01-01")]).0.is_empty());
    }

    #[test]
    fn a_claim_is_of_words_that_stand_there_and_until_a_day_that_means_something() {
        use Secret::{Until, Why, Words};
        let claim = |words, until| told(&[(Words, words), (Why, "know-how"), (Until, until)]).0;
        assert_eq!(claim("our alloy\n\nmelt", "2027-03-02"), [] as [&str; 0]);
        assert_eq!(claim("our alloy\nour furnace", "2027-03-02"), ["secret-not-there"]);
        for (until, code) in [("2020-01-01", "past"), ("2027-03-01", "past"), ("2057-03-02", "far"), ("9999-12-31", "far")] {
            assert_eq!(claim("our alloy", until), [format!("secret-until-{code}")], "{until}");
        }
        assert_eq!(claim("our alloy", "2057-03-01"), [] as [&str; 0]);
    }

    #[test]
    fn where_it_may_not_be_claimed_nothing_is_kept_of_it() {
        let draft: Fields = [(Field::Secret(ID, Secret::Words).name(), "our alloy")].into_iter().collect();
        let (mut answers, mut errors) = (BTreeMap::new(), Vec::new());
        read(&terms(false), &draft, &mut answers, &mut errors);
        assert!(answers.is_empty() && errors.is_empty());
    }

    #[test]
    fn every_field_reads_as_it_is_written() {
        let mut terms = terms(true);
        terms.criteria.clear();
        for field in super::super::written(&terms).into_iter().chain([Field::PriceValid, Field::PriceCovers, Field::Price]) {
            assert_eq!(Field::parse(&field.name()), Some(field));
        }
    }
}
