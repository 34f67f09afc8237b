//! What a response must hold, against forms of every kind and of the first release.

use super::*;
use crate::challenge::Question;
use crate::money::Currency;

fn question(id: i64, kind: QuestionKind, required: bool) -> Question {
    let (label, help) = (String::new(), String::new());
    Question { id: QuestionId(id), label, help, kind, max_words: 5, required, confidential: false }
}

fn outcome(id: i64, target: &str) -> Outcome {
    let text = String::new;
    Outcome {
        id: OutcomeId(id),
        title: text(),
        unit: text(),
        baseline: text(),
        target: target.into(),
        by: text(),
        measured: text(),
    }
}

fn terms(questions: Vec<Question>, outcomes: Vec<Outcome>) -> Terms {
    Terms { questions, outcomes, currency: Currency::parse("EUR").unwrap(), ..Terms::default() }
}

fn fields(pairs: &[(Field, &str)]) -> Fields {
    pairs.iter().map(|(field, text)| (field.name(), *text)).collect()
}

fn codes(terms: &Terms, draft: &Fields) -> Vec<String> {
    content(terms, 1, draft, &Enclosures::new()).unwrap_err().into_iter().map(|error| error.code).collect()
}

const ASKED: Field = Field::Question(QuestionId(1));
const VALUE: Field = Field::Promise(OutcomeId(2));
const BY: Field = Field::By(OutcomeId(2));
const EVIDENCE: Field = Field::Evidence(OutcomeId(2));

fn with_promise(required: bool) -> Terms {
    let kind = QuestionKind::Promise { outcome: OutcomeId(2) };
    terms(vec![question(2, kind, required)], vec![outcome(2, "4 %")])
}

#[test]
fn answers_are_sealed_in_one_spelling() {
    let number = QuestionKind::Number { unit: "km".into(), min: None, max: None };
    let terms = terms(vec![question(1, number, true)], Vec::new());
    let sealed = content(&terms, 3, &fields(&[(ASKED, "1,200.50")]), &Enclosures::new()).unwrap();
    assert_eq!((sealed.answer(ASKED), sealed.challenge_version), ("1200.5", 3));
    assert_eq!(codes(&terms, &fields(&[(ASKED, "far")])), ["number-not-a-number"]);
    assert_eq!(codes(&terms, &Fields::default()), ["answer-missing"]);
}

#[test]
fn nobody_promises_a_day_that_is_over_before_responses_are_due() {
    let mut terms = with_promise(true);
    terms.zone = "Pacific/Auckland".into();
    // In Auckland it is the 2nd already.
    terms.deadline = crate::moment::local("2027-03-01", "20:00", "UTC").unwrap();
    let on = |day: &str| fields(&[(VALUE, "3 %"), (BY, day), (EVIDENCE, "Measured before.")]);
    for past in ["2027-03-01", "2020-01-01"] {
        assert_eq!(codes(&terms, &on(past)), ["by-past"], "{past}");
    }
    for day in ["2027-03-02", "2030-01-01"] {
        assert!(content(&terms, 1, &on(day), &Enclosures::new()).is_ok(), "{day}");
    }
}

#[test]
fn an_optional_question_may_stay_empty_and_what_is_in_it_must_parse() {
    let terms = terms(vec![question(1, QuestionKind::Date, false)], Vec::new());
    assert_eq!(content(&terms, 1, &Fields::default(), &Enclosures::new()).unwrap().answer(ASKED), "");
    assert_eq!(codes(&terms, &fields(&[(ASKED, "soon")])), ["date"]);
}

#[test]
fn a_promise_has_value_date_and_evidence() {
    let terms = with_promise(true);
    assert_eq!(form(&terms), [VALUE, BY, EVIDENCE]);
    assert_eq!(codes(&terms, &Fields::default()), ["promise-missing", "by-missing", "evidence-missing"]);
    let whole = fields(&[(VALUE, "3 %"), (BY, "30/6/2027"), (EVIDENCE, "Two towns")]);
    assert_eq!(content(&terms, 1, &whole, &Enclosures::new()).unwrap().answer(BY), "2027-06-30");
    let vague = fields(&[(VALUE, "very few"), (BY, "soon"), (EVIDENCE, "one two three four five six")]);
    assert_eq!(codes(&terms, &vague), ["promise-number", "date", "too-many-words"]);
}

#[test]
fn an_optional_promise_is_whole_or_absent() {
    let terms = with_promise(false);
    assert!(content(&terms, 1, &Fields::default(), &Enclosures::new()).is_ok());
    assert_eq!(codes(&terms, &fields(&[(VALUE, "3 %")])), ["by-missing", "evidence-missing"]);
}

#[test]
fn a_form_of_the_first_release_is_answered_as_it_was() {
    let terms = terms(vec![question(1, QuestionKind::LongText, true)], vec![outcome(2, "4 %")]);
    assert_eq!(form(&terms), [ASKED, VALUE, EVIDENCE], "no date was asked for");
    let sealed =
        content(&terms, 1, &fields(&[(ASKED, "As usual"), (VALUE, "as few as can be"), (EVIDENCE, "e")]), &Enclosures::new())
            .unwrap();
    assert_eq!(sealed.answers.len(), 3);
    let stored = r#"{"answers":{"question-0000000000001":"As usual"},"challenge_version":1,"price":null}"#;
    let old: Content = serde_json::from_str(stored).unwrap();
    assert_eq!(old.canonical(), stored.as_bytes(), "digests of the first release still hold");
}

#[test]
fn boxes_become_one_answer_and_none_ticked_is_an_empty_one() {
    let kind = QuestionKind::Choice { options: vec!["North".into(), "South".into(), "West".into()], several: true };
    let terms = terms(vec![question(1, kind, true)], Vec::new());
    let name = ASKED.name();
    let mut posted: Fields =
        [(name.clone(), ""), (box_name(&name, 3), "West"), (box_name(&name, 1), "North")].into_iter().collect();
    gather(&terms, &mut posted);
    assert_eq!(posted.get(&name), "North\nWest");
    let mut none: Fields = [(name.clone(), "")].into_iter().collect();
    gather(&terms, &mut none);
    assert_eq!(none.raw(&name), "");
    let mut not_posted = Fields::default();
    gather(&terms, &mut not_posted);
    assert!(not_posted.0.is_empty(), "a form without the question says nothing about it");
}

fn file(kind: crate::file::FileKind) -> Enclosed {
    Enclosed { id: crate::ids::FileId(7), name: "plan".into(), kind, bytes: 12, sha256: "ab".repeat(32) }
}

#[test]
fn a_question_that_asks_for_files_is_answered_with_files() {
    use crate::challenge::FileKind as Wanted;
    use crate::file::FileKind;
    let asks =
        |required| terms(vec![question(1, QuestionKind::Files { kinds: vec![Wanted::Pdf], most: 1 }, required)], Vec::new());
    let with = |kinds: &[FileKind]| -> Enclosures {
        if kinds.is_empty() { Enclosures::new() } else { [(ASKED.name(), kinds.iter().map(|kind| file(*kind)).collect())].into() }
    };
    let told = |terms: &Terms, files: &Enclosures| match content(terms, 1, &fields(&[(ASKED, "A note")]), files) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.into_iter().map(|error| error.code).collect(),
    };
    assert_eq!(told(&asks(true), &with(&[])), ["files-none-sent"], "words alone are no file");
    assert_eq!(told(&asks(false), &with(&[])), [""; 0]);
    assert_eq!(told(&asks(true), &with(&[FileKind::Pdf])), [""; 0]);
    assert_eq!(told(&asks(true), &with(&[FileKind::Pdf, FileKind::Pdf])), ["files-over"]);
    assert_eq!(told(&asks(true), &with(&[FileKind::Docx])), ["files-other"]);
    let whole = content(&asks(true), 1, &Fields::default(), &with(&[FileKind::Pdf])).unwrap();
    assert_eq!(whole.enclosed(ASKED).len(), 1);
    let canonical = String::from_utf8(whole.canonical()).unwrap();
    assert!(canonical.contains(&"ab".repeat(32)) && canonical.contains("\"bytes\":12"), "{canonical}");
    // Without files the content is spelled as it always was.
    let without = content(&asks(false), 1, &Fields::default(), &Enclosures::new()).unwrap();
    assert!(!String::from_utf8(without.canonical()).unwrap().contains("files"));
}

#[test]
fn a_form_says_which_files_it_showed() {
    use crate::file::FileKind::Pdf;
    use crate::ids::FileId;
    let of = |held: &[(&str, &[i64])]| -> Enclosures {
        let with = |id: &i64| Enclosed { id: FileId(*id), ..file(Pdf) };
        held.iter().map(|(name, ids)| ((*name).to_owned(), ids.iter().map(with).collect())).collect()
    };
    let (none, two) = (Enclosures::new(), of(&[("a", &[1, 2]), ("b", &[3])]));
    for files in [&none, &two] {
        assert_eq!(files_since(&files_shown(files), files), [""; 0]);
    }
    assert_eq!(files_since(&files_shown(&two), &of(&[("a", &[2, 1]), ("b", &[3]), ("c", &[])])), [""; 0], "in whichever order");
    assert_eq!(files_since(&files_shown(&two), &of(&[("a", &[1]), ("b", &[3])])), ["a"]);
    assert_eq!(files_since(&files_shown(&two), &of(&[("a", &[1, 2, 4]), ("b", &[5])])), ["a", "b"]);
    assert_eq!(files_since(&files_shown(&two), &none), ["a", "b"]);
    assert_eq!(files_since("", &two), ["a", "b"], "a form that showed none");
    // Whatever else is posted is no reason to believe that they were seen.
    assert_eq!(files_since(";=;a=,x;no such", &two), ["a", "b"]);
}
