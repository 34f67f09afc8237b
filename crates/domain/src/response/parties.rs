//! Who answers together: the lead (the supplier itself), partners and subcontractors, with their work, their share of it and
//! the people who are named. It is sealed with the answers; nothing of it is asked where a supplier answers alone.

use serde::{Deserialize, Serialize};

use super::{Content, Field};
use crate::form::{FieldError, Fields};
use crate::organisation::codes;

/// Partners of one response at most.
pub const MOST_PARTNERS: u32 = 30;
/// The longest text of a field, in letters.
const LONGEST: usize = 1_000;
/// The longest name, in letters.
const LONGEST_NAME: usize = 200;
/// People named for one party at most.
const MOST_PEOPLE: usize = 50;

/// What a party is to the response beside its lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// Answers with the lead, and is bound with it.
    #[default]
    Partner,
    /// Does a part of the work for the lead.
    Subcontractor,
}

codes!(PartyKind { Partner = "partner", Subcontractor = "subcontractor" });

/// The supplier that answers; its name stands on the response.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub work: String,
    /// Of the work, in percent.
    pub share: Option<u8>,
    pub people: Vec<String>,
    /// Numbers of registers, as its profile has them.
    pub identifiers: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Drawn at random when the row was first saved: whose sign-off is whose, whatever the rows are called later.
    pub id: String,
    pub kind: PartyKind,
    pub name: String,
    pub work: String,
    /// Of the work, in percent.
    pub share: Option<u8>,
    pub people: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    pub lead: Lead,
    pub partners: Vec<Partner>,
}

impl Parties {
    pub fn partner(&self, id: &str) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    /// Partners, subcontractors and people: everybody beside the supplier with whom a conflict of interest is possible.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let people = self.lead.people.iter().chain(self.partners.iter().flat_map(|partner| &partner.people));
        self.partners.iter().map(|partner| &partner.name).chain(people).map(String::as_str)
    }
}

impl Content {
    /// For submissions of before, and of a supplier that answers alone: nobody.
    pub fn partners(&self) -> &[Partner] {
        self.parties.as_ref().map_or(&[], |parties| &parties.partners)
    }
}

/// The fields as they were typed, as one text of a draft ([`Field::Parties`]): JSON of [`Fields`], whether or not it parses.
pub fn typed_parties(draft: &Fields) -> Fields {
    serde_json::from_str(draft.raw(&Field::Parties.name())).unwrap_or_default()
}

/// What is typed: fields `lead-work`, `-share`, `-people` (a name a line), `-identifiers`, and for each partner `partner-<n>-id`,
/// `-kind`, `-name`, `-work`, `-share`, `-people`. Nothing where nothing is typed. Everything is read as far as it can be.
pub fn parties(typed: &Fields) -> (Option<Parties>, Vec<FieldError>) {
    let mut errors = Vec::new();
    let rows = typed.rows("partner");
    let of_lead = ["work", "share", "people"].iter().any(|part| !typed.get(&format!("lead-{part}")).is_empty());
    if rows.is_empty() && !of_lead {
        return (None, errors);
    }
    if rows.len() > MOST_PARTNERS as usize {
        errors.push(FieldError::new("parties", "too-many-rows").with("max", MOST_PARTNERS));
    }
    let mut read = |prefix: &str| {
        (
            text(typed, &format!("{prefix}-work"), LONGEST, &mut errors),
            share(typed, &format!("{prefix}-share"), &mut errors),
            people(typed, &format!("{prefix}-people"), &mut errors),
        )
    };
    let (work, of_lead, people) = read("lead");
    let mut found = Vec::new();
    for row in &rows {
        let (work, share, people) = read(&format!("partner-{row}"));
        found.push((*row, work, share, people));
    }
    let identifiers = text(typed, "lead-identifiers", LONGEST, &mut errors);
    let lead = Lead { work, share: of_lead, people, identifiers };
    let mut partners = Vec::new();
    for (row, work, share, people) in found {
        let field = |part: &str| format!("partner-{row}-{part}");
        let name = text(typed, &field("name"), LONGEST_NAME, &mut errors);
        if name.is_empty() {
            errors.push(FieldError::new(field("name"), "partner-name"));
        }
        if work.is_empty() {
            errors.push(FieldError::new(field("work"), "partner-work"));
        }
        let id = typed.get(&field("id")).to_owned();
        // Whose sign-off is whose is told by it: a form of the page never posts it twice.
        if partners.iter().any(|other: &Partner| other.id == id) {
            errors.push(FieldError::new(field("name"), "partner-twice"));
        }
        let kind = PartyKind::parse(typed.get(&field("kind"))).unwrap_or_default();
        partners.push(Partner { id, kind, name, work, share, people });
    }
    let shares: u32 = partners.iter().filter_map(|partner| partner.share).chain(of_lead).map(u32::from).sum();
    if shares > 100 {
        errors.push(FieldError::new("lead-share", "shares-over").with("sum", shares));
    }
    (Some(Parties { lead, partners }), errors)
}

fn text(typed: &Fields, name: &str, most: usize, errors: &mut Vec<FieldError>) -> String {
    let text = typed.get(name).replace("\r\n", "\n");
    let length = text.chars().count();
    if length > most {
        errors.push(FieldError::new(name, "too-long").with("max", most).with("over", length - most));
    }
    text
}

fn share(typed: &Fields, name: &str, errors: &mut Vec<FieldError>) -> Option<u8> {
    let text = typed.get(name).trim_end_matches(['%', ' ']);
    match text.parse::<u8>() {
        Ok(share) if share <= 100 => Some(share),
        _ if text.is_empty() => None,
        _ => {
            errors.push(FieldError::new(name, "share"));
            None
        }
    }
}

fn people(typed: &Fields, name: &str, errors: &mut Vec<FieldError>) -> Vec<String> {
    let people: Vec<String> = typed.get(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    if people.len() > MOST_PEOPLE || people.iter().any(|person| person.chars().count() > LONGEST_NAME) {
        errors.push(FieldError::new(name, "people-many").with("max", MOST_PEOPLE));
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().copied().collect()
    }

    #[test]
    fn who_answers_alone_is_asked_nothing() {
        assert_eq!(parties(&Fields::default()), (None, Vec::new()));
        // What a form always posts, and what the profile fills in, name nobody.
        let posted = typed(&[("partner-1-kind", "partner"), ("partner-1-id", "x"), ("lead-identifiers", "DE 1")]);
        assert_eq!(parties(&posted), (None, Vec::new()));
    }

    #[test]
    fn partners_are_read_and_what_is_missing_is_told_by_their_fields() {
        let whole = typed(&[
            ("lead-work", "All on site"),
            ("lead-share", "60 %"),
            ("lead-people", "Ada Acme\n\n Bo Acme "),
            ("partner-1-id", "one"),
            ("partner-1-name", "Brook"),
            ("partner-1-work", "Sensors"),
            ("partner-1-share", "40"),
            ("partner-3-id", "two"),
            ("partner-3-name", "Cole"),
            ("partner-3-kind", "subcontractor"),
            ("partner-3-work", "Mounting"),
            ("partner-3-people", "Cy Cole"),
        ]);
        let (read, errors) = parties(&whole);
        let read = read.unwrap();
        assert_eq!(errors, Vec::new());
        assert_eq!(read.lead.people, ["Ada Acme", "Bo Acme"]);
        assert_eq!(
            read.partners.iter().map(|one| (one.kind, one.share)).collect::<Vec<_>>(),
            [(PartyKind::Partner, Some(40)), (PartyKind::Subcontractor, None)]
        );
        assert_eq!(read.names().collect::<Vec<_>>(), ["Brook", "Cole", "Ada Acme", "Bo Acme", "Cy Cole"]);
        let wrong =
            typed(&[("lead-share", "70"), ("partner-2-share", "40"), ("partner-4-name", "D"), ("partner-4-share", "lots")]);
        let errors: Vec<_> = parties(&wrong).1.into_iter().map(|error| (error.field, error.code)).collect();
        let expected = [
            ("partner-4-share", "share"),
            ("partner-2-name", "partner-name"),
            ("partner-2-work", "partner-work"),
            ("partner-4-work", "partner-work"),
            ("partner-4-name", "partner-twice"),
            ("lead-share", "shares-over"),
        ];
        assert_eq!(errors, expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
    }
}
