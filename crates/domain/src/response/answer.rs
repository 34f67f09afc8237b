//! One answer by the kind of its question: parsed once from what was typed, kept as text in one spelling, read again for
//! whoever may see it.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::challenge::{Question, QuestionKind};
use crate::form::{FieldError, words};
use crate::money::{Currency, Money};
use crate::number;

/// An answer as its readers are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Text(String),
    Number(Decimal),
    Money(Money),
    Date(Date),
    YesNo(bool),
    /// In the order of the options.
    Choices(Vec<String>),
}

impl Answer {
    /// What was typed for a question: `None` for nothing, or the code of what is wrong with it. Text over its limit is refused
    /// here and kept in the draft, never cut.
    pub fn parse(question: &Question, currency: Currency, typed: &str) -> Result<Option<Answer>, FieldError> {
        let name = super::Field::Question(question.id).name();
        let wrong = |code: &str| FieldError::new(name.as_str(), code);
        let text = typed.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let answer = match &question.kind {
            QuestionKind::Number { min, max, .. } => {
                let number = number::parse(text).map_err(|error| wrong(error.code()))?;
                if let Some(least) = min.filter(|least| number < *least) {
                    return Err(wrong("number-under").with("min", number::canonical(least)));
                }
                if let Some(most) = max.filter(|most| number > *most) {
                    return Err(wrong("number-over").with("max", number::canonical(most)));
                }
                Answer::Number(number)
            }
            QuestionKind::Money => Answer::Money(money(text, currency).map_err(wrong)?),
            QuestionKind::Date => Answer::Date(date(text).ok_or_else(|| wrong("date"))?),
            QuestionKind::YesNo => Answer::YesNo(yes_no(text).ok_or_else(|| wrong("yes-or-no"))?),
            QuestionKind::Choice { options, several } => Answer::Choices(choices(text, options, *several).map_err(wrong)?),
            QuestionKind::ShortText | QuestionKind::LongText | QuestionKind::Files { .. } | QuestionKind::Promise { .. } => {
                let (count, limit) = (words(text), question.max_words as usize);
                if count > limit {
                    return Err(wrong("too-many-words").with("max", limit).with("over", count - limit));
                }
                Answer::Text(text.to_owned())
            }
        };
        Ok(Some(answer))
    }

    /// The text that is sealed: no groups in numbers, ISO dates, money with its currency, an option a line.
    pub fn canonical(&self) -> String {
        match self {
            Answer::Text(text) => text.clone(),
            Answer::Number(number) => number::canonical(*number),
            Answer::Money(money) => money.to_string(),
            Answer::Date(date) => date.to_string(),
            Answer::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Answer::Choices(chosen) => chosen.join("\n"),
        }
    }

    /// A stored answer for its readers. What is not of the question's kind (it was asked otherwise in an earlier version, or is
    /// a draft that does not parse yet) is shown as it was written.
    pub fn read(question: &Question, currency: Currency, stored: &str) -> Option<Answer> {
        // The one spelling of a number can be ambiguous to a person ("1.234"), never here.
        if let (QuestionKind::Number { .. }, Ok(number)) = (&question.kind, stored.trim().parse()) {
            return Some(Answer::Number(number));
        }
        match Answer::parse(question, currency, stored) {
            Ok(answer) => answer,
            Err(_) => Some(Answer::Text(stored.trim().to_owned())),
        }
    }
}

/// An amount, with or without the currency behind it.
fn money(text: &str, currency: Currency) -> Result<Money, &'static str> {
    let amount = text.strip_suffix(&currency.to_string()).unwrap_or(text);
    Money::parse_price(amount, currency).map_err(|error| error.code())
}

/// `2027-06-30`, as a date field sends it; `30/6/2027` or `30.6.2027`, as people write it who have no such field.
pub fn date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split(['/', '.']).map(str::trim);
    let (day, month, year) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && (1900..=2200).contains(&year)).then(|| Date::new(year, month, day).ok()).flatten()
}

fn yes_no(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Only what is among the options, in their order; a choice among one takes one.
fn choices(text: &str, options: &[String], several: bool) -> Result<Vec<String>, &'static str> {
    let chosen: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if chosen.iter().any(|choice| !options.iter().any(|option| option == choice)) {
        return Err("choice-unknown");
    }
    if !several && chosen.len() > 1 {
        return Err("choice-one");
    }
    Ok(options.iter().filter(|option| chosen.contains(&option.as_str())).cloned().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ids::QuestionId;

    fn question(kind: QuestionKind) -> Question {
        let (label, help) = (String::new(), String::new());
        Question { id: QuestionId(7), label, help, kind, max_words: 3, required: true, confidential: false }
    }

    fn euro() -> Currency {
        Currency::parse("EUR").unwrap()
    }

    fn canonical(kind: QuestionKind, typed: &str) -> Result<String, String> {
        match Answer::parse(&question(kind), euro(), typed) {
            Ok(answer) => Ok(answer.map(|answer| answer.canonical()).unwrap_or_default()),
            Err(error) => Err(error.code),
        }
    }

    fn number() -> QuestionKind {
        QuestionKind::Number { unit: "km".into(), min: Some(Decimal::new(1, 0)), max: Some(Decimal::new(100, 0)) }
    }

    fn choice(several: bool) -> QuestionKind {
        QuestionKind::Choice { options: vec!["North".into(), "South".into(), "Both, in turn".into()], several }
    }

    #[test]
    fn a_number_is_within_its_ends() {
        assert_eq!(canonical(number(), " 12,50 "), Ok("12.5".into()));
        assert_eq!(canonical(number(), "0.5"), Err("number-under".into()));
        assert_eq!(canonical(number(), "100.01"), Err("number-over".into()));
        assert_eq!(canonical(number(), "ten"), Err("number-not-a-number".into()));
    }

    #[test]
    fn money_is_in_the_currency_of_the_challenge() {
        assert_eq!(canonical(QuestionKind::Money, "1,200"), Ok("1200.00 EUR".into()));
        assert_eq!(canonical(QuestionKind::Money, "1200.00 EUR"), Ok("1200.00 EUR".into()));
        assert_eq!(canonical(QuestionKind::Money, "1200 USD"), Err("money-not-a-number".into()));
        assert_eq!(canonical(QuestionKind::Money, "-1"), Err("money-negative".into()));
    }

    #[test]
    fn a_date_is_read_in_both_spellings_and_must_exist() {
        assert_eq!(canonical(QuestionKind::Date, "30/6/2027"), Ok("2027-06-30".into()));
        assert_eq!(canonical(QuestionKind::Date, "2027-06-30"), Ok("2027-06-30".into()));
        for wrong in ["31/6/2027", "2027-02-30", "soon", "1/2/3/4", "1/2"] {
            assert_eq!(canonical(QuestionKind::Date, wrong), Err("date".into()), "{wrong}");
        }
    }

    #[test]
    fn yes_no_is_yes_or_no() {
        assert_eq!(canonical(QuestionKind::YesNo, "no"), Ok("no".into()));
        assert_eq!(canonical(QuestionKind::YesNo, "maybe"), Err("yes-or-no".into()));
    }

    #[test]
    fn choices_are_among_the_options_and_stand_in_their_order() {
        assert_eq!(canonical(choice(true), "South\nNorth"), Ok("North\nSouth".into()));
        assert_eq!(canonical(choice(false), "Both, in turn"), Ok("Both, in turn".into()));
        assert_eq!(canonical(choice(false), "North\nSouth"), Err("choice-one".into()));
        assert_eq!(canonical(choice(true), "West"), Err("choice-unknown".into()));
    }

    #[test]
    fn text_over_its_limit_is_told_with_how_much() {
        assert_eq!(canonical(QuestionKind::LongText, "one two three"), Ok("one two three".into()));
        let error = Answer::parse(&question(QuestionKind::ShortText), euro(), "one two three four five").unwrap_err();
        assert_eq!(error, FieldError::new("question-0000000000007", "too-many-words").with("max", 3).with("over", 2));
    }

    #[test]
    fn nothing_typed_is_no_answer_of_any_kind() {
        for kind in [number(), choice(true), QuestionKind::Money, QuestionKind::Date, QuestionKind::YesNo, QuestionKind::LongText]
        {
            assert_eq!(Answer::parse(&question(kind), euro(), " \n"), Ok(None));
        }
    }

    #[test]
    fn an_answer_of_another_kind_is_shown_as_it_was_written() {
        let read = Answer::read(&question(number()), euro(), "about ten");
        assert_eq!(read, Some(Answer::Text("about ten".into())));
        let long = Answer::read(&question(QuestionKind::LongText), euro(), "one two three four");
        assert_eq!(long, Some(Answer::Text("one two three four".into())), "over the limit and never cut");
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_as_the_same_answer(typed in "[0-9]{1,3}(,[0-9]{1,2}0?)?") {
            for kind in [QuestionKind::Money, QuestionKind::Number { unit: String::new(), min: None, max: None }] {
                if Answer::parse(&question(kind.clone()), euro(), &typed).is_err() {
                    continue;
                }
                let first = Answer::parse(&question(kind.clone()), euro(), &typed).unwrap().unwrap();
                let again = Answer::read(&question(kind), euro(), &first.canonical());
                prop_assert_eq!(again, Some(first));
            }
        }
    }
}
