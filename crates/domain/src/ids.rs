//! Ids: random 63-bit integers, so that their order tells nobody who came first; written as 13 letters and digits.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Crockford's base 32: no I, L, O or U, so that an id can be read over the telephone.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Thirteen characters for a non-negative 63-bit integer.
pub fn to_text(id: i64) -> String {
    let mut rest = id as u64;
    let mut out = [b'0'; 13];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The inverse of [`to_text`]; `None` for anything that it does not write.
pub fn from_text(text: &str) -> Option<i64> {
    if text.len() != 13 {
        return None;
    }
    let mut id: u64 = 0;
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|&letter| letter == byte)? as u64;
        id = id.checked_mul(32)?.checked_add(digit)?;
    }
    i64::try_from(id).ok()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            pub fn get(self) -> i64 { self.0 }
            pub fn parse(text: &str) -> Option<Self> { from_text(text).map(Self) }
        }
        impl From<i64> for $name { fn from(id: i64) -> Self { Self(id) } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&to_text(self.0)) }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "{}({self})", stringify!($name)) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(&to_text(self.0)) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom(concat!("not a ", stringify!($name))))
            }
        }
    )+};
}

ids! {
    /// An invitation by mail to a seat.
    SeatInvitationId,
    UserId, SessionId, OrganisationId, MembershipId, ChallengeId, RoundId, ResponseId, SubmissionId, SeatId, DeclarationId,
    DecisionId, LetterId,
    /// Stable across the versions of a challenge.
    OutcomeId,
    /// Stable across the versions of a challenge.
    QuestionId,
    /// Stable across the versions of a challenge.
    CriterionId,
    /// A later round as it is planned; stable across the versions of a challenge.
    RoundPlanId,
    /// Stable across the versions of a challenge.
    RequirementId,
    /// Stable across the versions of a challenge.
    MilestoneId,
    AmendmentId, EnquiryId, AnswerId, SoundingId, CommentId, ReaderId,
    DraftLinkId, SignOffId, PastChallengeId, SolutionId, FileId, AlertId,
    RoundExtensionId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_back(id in 0..=i64::MAX) {
            prop_assert_eq!(from_text(&to_text(id)), Some(id));
        }

        #[test]
        fn nothing_else_parses_to_another_text(text in "[0-9a-z]{13}") {
            if let Some(id) = from_text(&text) {
                prop_assert_eq!(to_text(id), text);
            }
        }
    }

    #[test]
    fn garbage_is_refused() {
        for text in ["", "1", "uuuuuuuuuuuuu", "zzzzzzzzzzzzz", "00000000000000", "0000000000ab€"] {
            assert_eq!(from_text(text), None, "{text}");
        }
    }
}
