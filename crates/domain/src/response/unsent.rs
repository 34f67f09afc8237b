//! What of a draft is not in what was submitted: the one place that decides it, for pages and reminders alike.

use super::{Content, Enclosed, Enclosures, Field, gather_content, parties, typed_parties, written};
use crate::challenge::Terms;
use crate::form::Fields;

/// A field of the form in which draft and submission part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// As it is stored and posted.
    pub field: String,
    /// What is written is another than what was submitted.
    pub text: bool,
    /// Files of the draft that were not submitted.
    pub added: Vec<Enclosed>,
    /// Files that were submitted and are off the draft.
    pub gone: Vec<Enclosed>,
}

/// In the order in which it is asked; nothing where the same would be submitted again. `sent`: of the same round. Both are compared in
/// the one spelling that is sealed, so that a space more or less is no change; what could not be submitted as it is typed is one. What
/// these terms do not ask any more is left out: nobody can submit it.
pub fn unsent(terms: &Terms, sent: &Content, draft: &Fields, files: &Enclosures) -> Vec<Unsent> {
    let (now, errors) = gather_content(terms, sent.challenge_version, draft, files);
    let wrong = |name: &str| errors.iter().any(|error| error.field == name);
    let mut found = Vec::new();
    for field in written(terms) {
        let name = field.name();
        let text = match field {
            Field::Price if wrong(&name) => sent.price.is_some() || !draft.get(&name).is_empty(),
            Field::Price => now.price != sent.price,
            Field::Parties => {
                let (parties, wrong) = parties(&typed_parties(draft));
                !wrong.is_empty() || parties != sent.parties
            }
            _ if wrong(&name) => draft.get(&name) != sent.answer(field),
            _ => now.answer(field) != sent.answer(field),
        };
        let other = |one: &[Enclosed], other: &[Enclosed]| -> Vec<Enclosed> {
            one.iter().filter(|file| !other.iter().any(|same| same.id == file.id)).cloned().collect()
        };
        let (held, named) = (now.enclosed(field), sent.enclosed(field));
        let (added, gone) = (other(held, named), other(named, held));
        if text || !added.is_empty() || !gone.is_empty() {
            found.push(Unsent { field: name, text, added, gone });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::{Question, QuestionKind};
    use crate::file::FileKind;
    use crate::ids::{FileId, QuestionId};

    fn question(id: i64, kind: QuestionKind) -> Question {
        let (label, help) = (String::new(), String::new());
        Question { id: QuestionId(id), label, help, kind, max_words: 5, required: false, confidential: true }
    }

    fn terms() -> Terms {
        let files = QuestionKind::Files { kinds: Vec::new(), most: 3 };
        let number = QuestionKind::Number { unit: "km".into(), min: None, max: None };
        Terms {
            questions: vec![question(1, QuestionKind::LongText), question(2, files), question(3, number)],
            ..Terms::default()
        }
    }

    fn file(id: i64) -> Enclosed {
        Enclosed { id: FileId(id), name: format!("{id}.pdf"), kind: FileKind::Pdf, bytes: 1, sha256: String::new() }
    }

    fn held(ids: &[i64]) -> Enclosures {
        let files: Vec<_> = ids.iter().copied().map(file).collect();
        if files.is_empty() { Enclosures::new() } else { [(Field::Question(QuestionId(2)).name(), files)].into() }
    }

    fn draft(text: &str, number: &str) -> Fields {
        [(Field::Question(QuestionId(1)).name(), text), (Field::Question(QuestionId(3)).name(), number)].into_iter().collect()
    }

    #[test]
    fn each_text_and_each_file_that_differs_is_told_and_nothing_else() {
        let terms = terms();
        let sent = super::super::content(&terms, 1, &draft("Two words", "1,200"), &held(&[5, 6])).unwrap();
        let told = |text: &str, number: &str, files: &[i64]| -> Vec<(i64, bool, Vec<i64>, Vec<i64>)> {
            let ids = |files: &[Enclosed]| files.iter().map(|file| file.id.get()).collect();
            let found = unsent(&terms, &sent, &draft(text, number), &held(files));
            let of = |name: &str| (1..=3).find(|id| Field::Question(QuestionId(*id)).name() == name).unwrap();
            found.iter().map(|one| (of(&one.field), one.text, ids(&one.added), ids(&one.gone))).collect()
        };
        assert_eq!(told("Two words", "1200", &[5, 6]), [], "another spelling of the same");
        assert_eq!(told("Two words", "1200", &[6, 5]), [], "in another order");
        assert_eq!(told("Three", "1200", &[5, 6]), [(1, true, vec![], vec![])]);
        assert_eq!(told("Two words", "1200", &[5, 6, 7]), [(2, false, vec![7], vec![])], "handed in after it");
        assert_eq!(told("Two words", "1200", &[6]), [(2, false, vec![], vec![5])], "taken off after it");
        assert_eq!(told("Two words", "1200", &[]), [(2, false, vec![], vec![5, 6])]);
        assert_eq!(told("Two words", "far", &[5, 7]), [(2, false, vec![7], vec![6]), (3, true, vec![], vec![])]);
        assert_eq!(told("One two three four five six", "1200", &[5, 6]), [(1, true, vec![], vec![])], "too long is a change too");
        assert_eq!(told("", "", &[5, 6]), [(1, true, vec![], vec![]), (3, true, vec![], vec![])]);
    }

    #[test]
    fn what_is_not_asked_any_more_is_no_change_and_what_is_asked_since_is_none_until_it_is_answered() {
        let all = terms();
        let sent = super::super::content(&all, 1, &draft("Two words", ""), &held(&[5])).unwrap();
        let later =
            Terms { questions: vec![question(1, QuestionKind::LongText), question(9, QuestionKind::LongText)], ..terms() };
        assert_eq!(unsent(&later, &sent, &draft("Two words", ""), &held(&[5, 6])), []);
        let mut more = draft("Two words", "");
        more.set(Field::Question(QuestionId(9)).name(), "New");
        assert_eq!(unsent(&later, &sent, &more, &held(&[5])).len(), 1);
    }
}
