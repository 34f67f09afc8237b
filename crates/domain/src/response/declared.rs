//! Declarations: conditions of the notice that a supplier declares to meet, or says why it does not. Signed once for all of them
//! by name and date. Pass or fail is the authority's to record after the opening; nobody is shut out here by a "no", because
//! nobody is excluded without having been asked (domain.md, "Life of a response").

use std::collections::BTreeMap;

use super::{Content, Field, answer};
use crate::challenge::{Requirement, Terms};
use crate::form::{FieldError, Fields};
use crate::ids::RequirementId;

/// The longest explanation, in letters.
const LONGEST_WHY: usize = 2_000;
/// The longest name, in letters.
const LONGEST_NAME: usize = 200;

/// Requirements that suppliers declare in their responses, in published order.
pub fn declared(terms: &Terms) -> impl Iterator<Item = &Requirement> {
    terms.requirements.iter().filter(|requirement| requirement.declare)
}

pub(super) fn fields(terms: &Terms) -> Vec<Field> {
    let mut fields: Vec<Field> = declared(terms).map(|requirement| Field::Declare(requirement.id)).collect();
    if !fields.is_empty() {
        fields.extend([Field::SignedBy, Field::SignedOn]);
    }
    fields
}

impl Content {
    /// Whether a condition is declared to be met, and why not; `None` where its version did not ask.
    pub fn declaration(&self, id: RequirementId) -> Option<(bool, &str)> {
        let said = self.answers.get(&Field::Declare(id).name())?;
        Some((said == "yes", self.answer(Field::DeclareWhy(id))))
    }

    /// Who signed the declarations and the day, as typed; the name is empty where names are hidden from the reader.
    pub fn signature(&self) -> (&str, &str) {
        (self.answer(Field::SignedBy), self.answer(Field::SignedOn))
    }
}

/// Reads all of it from a draft: what is written goes to the answers, what is missing or wrong to the errors.
pub(super) fn read(terms: &Terms, draft: &Fields, answers: &mut BTreeMap<String, String>, errors: &mut Vec<FieldError>) {
    if declared(terms).next().is_none() {
        return;
    }
    for requirement in declared(terms) {
        let [said, why] = [Field::Declare(requirement.id), Field::DeclareWhy(requirement.id)].map(Field::name);
        match draft.get(&said) {
            "yes" => drop(answers.insert(said, "yes".to_owned())),
            "no" => {
                answers.insert(said, "no".to_owned());
                let text = draft.get(&why);
                let length = text.chars().count();
                if length == 0 {
                    errors.push(FieldError::new(&why, "declare-why"));
                } else if length > LONGEST_WHY {
                    errors.push(FieldError::new(&why, "too-long").with("max", LONGEST_WHY).with("over", length - LONGEST_WHY));
                }
                answers.insert(why, text.to_owned());
            }
            _ => errors.push(FieldError::new(&said, "declare-missing").with("condition", &requirement.title)),
        }
    }
    let [by, on] = [Field::SignedBy, Field::SignedOn].map(Field::name);
    let name = draft.get(&by);
    if name.is_empty() {
        errors.push(FieldError::new(&by, "signed-by"));
    } else if name.chars().count() > LONGEST_NAME {
        let over = name.chars().count() - LONGEST_NAME;
        errors.push(FieldError::new(&by, "too-long").with("max", LONGEST_NAME).with("over", over));
    }
    answers.insert(by, name.to_owned());
    match answer::date(draft.get(&on)) {
        Some(date) => drop(answers.insert(on, date.to_string())),
        None if draft.get(&on).is_empty() => errors.push(FieldError::new(&on, "signed-on")),
        None => errors.push(FieldError::new(&on, "date")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Enclosures, content, form, written};
    use super::*;
    use crate::challenge::RequirementKind;

    fn terms(declare: bool) -> Terms {
        let requirement = |id: i64, declare| Requirement {
            id: RequirementId(id),
            kind: RequirementKind::Eligibility,
            title: format!("Condition {id}"),
            evidence: String::new(),
            declare,
        };
        Terms { requirements: vec![requirement(1, declare), requirement(2, declare), requirement(3, false)], ..Terms::default() }
    }

    fn draft(pairs: &[(Field, &str)]) -> Fields {
        pairs.iter().map(|(field, text)| (field.name(), *text)).collect()
    }

    fn codes(terms: &Terms, draft: &Fields) -> Vec<(String, String)> {
        let errors = content(terms, 1, draft, &Enclosures::new()).err().unwrap_or_default();
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    const ONE: RequirementId = RequirementId(1);
    const TWO: RequirementId = RequirementId(2);

    #[test]
    fn what_is_asked_to_be_declared_is_declared_or_explained_and_signed() {
        let terms = terms(true);
        let missing: Vec<String> = codes(&terms, &Fields::default()).into_iter().map(|(_, code)| code).collect();
        assert_eq!(missing, ["declare-missing", "declare-missing", "signed-by", "signed-on"]);
        let signed = [(Field::SignedBy, "Ada Acme"), (Field::SignedOn, "2026-11-26")];
        let yes = [(Field::Declare(ONE), "yes"), (Field::Declare(TWO), "yes")];
        let whole = draft(&[yes.as_slice(), &signed].concat());
        let content = content(&terms, 1, &whole, &Enclosures::new()).unwrap();
        assert_eq!(content.declaration(ONE), Some((true, "")));
        assert_eq!(content.declaration(RequirementId(3)), None, "that one is not asked");
        assert_eq!(content.signature(), ("Ada Acme", "2026-11-26"));
        let no = [(Field::Declare(ONE), "yes"), (Field::Declare(TWO), "no")];
        let unexplained = draft(&[no.as_slice(), &signed].concat());
        assert_eq!(codes(&terms, &unexplained), [(Field::DeclareWhy(TWO).name(), "declare-why".to_owned())]);
        let explained = draft(&[no.as_slice(), &signed, &[(Field::DeclareWhy(TWO), "Paid since.")]].concat());
        let content = super::super::content(&terms, 1, &explained, &Enclosures::new()).unwrap();
        assert_eq!(content.declaration(TWO), Some((false, "Paid since.")));
        let odd = draft(&[(Field::Declare(ONE), "perhaps"), (Field::SignedOn, "tomorrow")]);
        let said: Vec<String> = codes(&terms, &odd).into_iter().map(|(_, code)| code).collect();
        assert_eq!(said, ["declare-missing", "declare-missing", "signed-by", "date"]);
    }

    /// Otherwise a submission of before would be digested differently today.
    #[test]
    fn where_nothing_is_declared_nothing_is_asked_and_no_byte_is_added() {
        let terms = terms(false);
        assert!(form(&terms).is_empty());
        assert_eq!(written(&terms), [Field::Parties], "who answers together can always be named");
        let signed = draft(&[(Field::SignedBy, "Ada Acme"), (Field::Declare(ONE), "yes")]);
        let with = content(&terms, 1, &signed, &Enclosures::new()).unwrap();
        assert_eq!(with.canonical(), content(&terms, 1, &Fields::default(), &Enclosures::new()).unwrap().canonical());
    }

    #[test]
    fn names_of_fields_read_back_as_they_are_written() {
        let all = [Field::Declare(ONE), Field::DeclareWhy(ONE), Field::SignedBy, Field::SignedOn];
        for field in all {
            assert_eq!(Field::parse(&field.name()), Some(field));
        }
    }
}
