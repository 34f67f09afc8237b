//! What a supplier says of itself: shown to its members and used to fill answers; nobody else is shown it.

use serde::{Deserialize, Serialize};

use crate::form::{Errors, Fields};
use crate::organisation::codes;

/// How a supplier stands in law: a team without registration or a person may answer as a company may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    #[default]
    Registered,
    Team,
    Person,
}

codes!(Standing { Registered = "registered", Team = "team", Person = "person" });

/// People who work there. The borders are those of Recommendation 2003/361/EC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    One,
    Micro,
    Small,
    Medium,
    Large,
}

codes!(Size { One = "one", Micro = "micro", Small = "small", Medium = "medium", Large = "large" });

/// Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    pub standing: Standing,
    /// Problems that were solved, each with its evidence, a paragraph each.
    pub solved: String,
    pub places: String,
    pub size: Option<Size>,
    /// Numbers of registers: company, tax, LEI. A team or a person has none.
    pub identifiers: String,
}

impl Profile {
    /// Fields `standing`, `solved`, `places`, `size`, `identifiers`.
    pub fn parse(fields: &Fields, errors: &mut Errors) -> Self {
        let size = fields.get("size");
        if !size.is_empty() && Size::parse(size).is_none() {
            errors.say("size", "choose");
        }
        Self {
            standing: Standing::parse(fields.get("standing")).unwrap_or_default(),
            solved: errors.text(fields, "solved", false, 6_000),
            places: errors.text(fields, "places", false, 300),
            size: Size::parse(size),
            identifiers: errors.text(fields, "identifiers", false, 300),
        }
    }

    /// As its form shows it.
    pub fn fields(&self) -> [(&'static str, String); 5] {
        [
            ("standing", self.standing.code().to_owned()),
            ("solved", self.solved.clone()),
            ("places", self.places.clone()),
            ("size", self.size.map_or("", Size::code).to_owned()),
            ("identifiers", self.identifiers.clone()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_reads_as_it_was_written_and_an_empty_one_is_none() {
        let fields: Fields =
            [("standing", "team"), ("solved", "A\n\nB"), ("places", "Aldermouth"), ("size", "micro")].into_iter().collect();
        let mut errors = Errors::default();
        let profile = Profile::parse(&fields, &mut errors);
        assert_eq!((profile.standing, profile.size), (Standing::Team, Some(Size::Micro)));
        let again = Profile::parse(&profile.fields().into_iter().collect(), &mut errors);
        assert_eq!(again, profile);
        assert!(errors.done(()).is_ok());
        let stored: Profile = serde_json::from_str("{}").unwrap();
        assert_eq!(stored, Profile::default(), "as it stands where nothing was ever written");
        let mut errors = Errors::default();
        Profile::parse(&[("size", "huge")].into_iter().collect(), &mut errors);
        assert!(errors.done(()).is_err());
    }
}
