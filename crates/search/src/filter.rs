//! What a search is confined to beside its words: what is chosen on the page, and what is typed as `place:leeds`.

use std::ops::Bound;

use crate::document::{Kind, tag};
use crate::language::{Folder, words};

/// "Closing soon": the deadline is less than so many microseconds ahead (fourteen days).
pub const SOON: i64 = 14 * 24 * 3_600_000_000;

/// Compared with `now` at query time, microseconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum When {
    #[default]
    Any,
    /// `opens_at <= now < closes_at`: the instant of a deadline is already late. A document that lacks either is never
    /// open.
    Open,
    /// Open, and its deadline less than fourteen days ahead.
    Soon,
    /// `closes_at <= now`.
    Closed,
    /// `decided_at <= now`.
    Decided,
}

impl When {
    /// All that choose something.
    pub const ALL: [Self; 4] = [Self::Open, Self::Soon, Self::Closed, Self::Decided];

    /// `"open"`, `"soon"`, `"closed"`, `"decided"`; empty for `Any`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Open => "open",
            Self::Soon => "soon",
            Self::Closed => "closed",
            Self::Decided => "decided",
        }
    }

    /// The reverse of `as_str`; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Any].into_iter().chain(Self::ALL).find(|when| when.as_str() == word)
    }

    /// When a document came into this state, if it has: microseconds UTC. `None` where its state is no event of its own.
    pub fn since(self, closes_at: Option<i64>, decided_at: Option<i64>, now: i64) -> Option<i64> {
        let at = match self {
            Self::Any | Self::Open => None,
            Self::Soon => closes_at.map(|at| at.saturating_sub(SOON)),
            Self::Closed => closes_at,
            Self::Decided => decided_at,
        };
        at.filter(|at| *at <= now)
    }

    pub(crate) fn holds(self, opens_at: Option<i64>, closes_at: Option<i64>, decided_at: Option<i64>, now: i64) -> bool {
        let open = || opens_at.is_some_and(|at| at <= now) && closes_at.is_some_and(|at| now < at);
        match self {
            Self::Any => true,
            Self::Open => open(),
            Self::Soon => open() && closes_at.is_some_and(|at| at < now.saturating_add(SOON)),
            Self::Closed => closes_at.is_some_and(|at| at <= now),
            Self::Decided => decided_at.is_some_and(|at| at <= now),
        }
    }
}

/// How large a budget is, in whole units of whatever currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// Below 50,000.
    Small,
    /// From 50,000 to below 250,000.
    Medium,
    /// From 250,000 to below a million.
    Large,
    /// A million and above.
    Huge,
}

impl Band {
    pub const ALL: [Self; 4] = [Self::Small, Self::Medium, Self::Large, Self::Huge];

    /// `"small"`, `"medium"`, `"large"`, `"huge"`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::Huge => "huge",
        }
    }

    /// The reverse of `as_str`; `None` for any other word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|band| band.as_str() == word)
    }

    pub(crate) fn of(budget: i64) -> Self {
        match budget {
            ..50_000 => Self::Small,
            50_000..250_000 => Self::Medium,
            250_000..1_000_000 => Self::Large,
            _ => Self::Huge,
        }
    }

    pub(crate) fn range(self) -> (Bound<i64>, Bound<i64>) {
        match self {
            Self::Small => (Bound::Unbounded, Bound::Excluded(50_000)),
            Self::Medium => (Bound::Included(50_000), Bound::Excluded(250_000)),
            Self::Large => (Bound::Included(250_000), Bound::Excluded(1_000_000)),
            Self::Huge => (Bound::Included(1_000_000), Bound::Unbounded),
        }
    }
}

/// A part of the tree of categories: the codes that begin with these digits, as a range; and what divides a code by the
/// part below. `None` for what is no beginning of a code.
pub(crate) fn branch(digits: &str) -> Option<Branch> {
    let digits = match digits.len() {
        2..=8 if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            // "85000000" is the division, "85100000" a group of it.
            let root = digits.trim_end_matches('0');
            if root.len() < 2 { &digits[..2] } else { root }
        }
        _ => return None,
    };
    let unit = 10u64.pow(8 - digits.len() as u32);
    let low = digits.parse::<u64>().ok()? * unit;
    Some(Branch { low, high: low + unit, below: below(digits.len()) })
}

/// The tree's divisions.
pub(crate) const ROOT: Branch = Branch { low: 0, high: u64::MAX, below: Some(2) };

/// How long the beginnings are on the next level.
fn below(length: usize) -> Option<u32> {
    (length < 5).then_some(length as u32 + 1)
}

/// No branch has more parts: the root has the divisions, all others a digit.
pub(crate) const PARTS: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Branch {
    pub low: u64,
    pub high: u64,
    /// Digits of the parts below; `None` where there are none.
    pub below: Option<u32>,
}

impl Branch {
    pub fn holds(&self, code: u64) -> bool {
        (self.low..self.high).contains(&code)
    }

    /// The part below that a code of this branch is in: which one it is of them, below `PARTS`.
    pub fn part(&self, code: u64) -> Option<usize> {
        let part = (code - self.low) / self.unit()?;
        usize::try_from(part).ok().filter(|part| *part < PARTS)
    }

    /// The inverse: a whole code, filled up with zeros.
    pub fn child(&self, part: usize) -> Option<u64> {
        Some(self.low + part as u64 * self.unit()?)
    }

    fn unit(&self) -> Option<u64> {
        Some(10u64.pow(8 - self.below?))
    }
}

/// What stands as `name:value` in a typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// All of these words.
    Buyer(Vec<String>),
    Place(Vec<String>),
    When(When),
    Kind(Kind),
    Lang(u64),
    Category(Branch),
    Budget(Bound<i64>, Bound<i64>),
}

/// What a typed text may be confined by, in any case of letters.
pub const NAMES: [&str; 7] = ["buyer", "place", "status", "kind", "lang", "category", "budget"];

/// `"budget>=1000 x"` is `("budget", ">=", "1000 x")`. `None` where the text begins with none of the names.
pub(crate) fn named(text: &str) -> Option<(&'static str, &'static str, &str)> {
    let name = NAMES.into_iter().find(|name| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))?;
    let rest = &text[name.len()..];
    // "budget > 200k" is meant like "budget>200k"; before a colon or "=" a space is none of a name's.
    let spaced = rest.trim_start();
    let rest = if name == "budget" && spaced.starts_with(['<', '>', '=', ':']) { spaced } else { rest };
    let signs: &[&'static str] =
        if name == "budget" { &[":>=", ":<=", ">=", "<=", ":>", ":<", ">", "<", ":", "="] } else { &[":"] };
    let sign = signs.iter().find(|sign| rest.starts_with(**sign))?;
    Some((name, sign.trim_start_matches(':'), &rest[sign.len()..]))
}

impl Filter {
    /// `None` for a value that means nothing here: what was typed is words then.
    pub fn parse(name: &str, sign: &str, value: &str, folder: &mut Folder) -> Option<Self> {
        let value = value.trim();
        let lower = value.to_lowercase();
        let mut surfaces = || -> Option<Vec<String>> {
            let found: Vec<String> = words(value).take(8).map(|(_, word)| folder.surface(word)).collect();
            (!found.is_empty()).then_some(found)
        };
        Some(match name {
            "buyer" => Self::Buyer(surfaces()?),
            "place" => Self::Place(surfaces()?),
            "status" => Self::When(match lower.as_str() {
                "closing" => When::Soon,
                "awarded" => When::Decided,
                "" => return None,
                other => When::parse(other)?,
            }),
            "kind" => Self::Kind(Kind::parse(lower.strip_suffix('s').unwrap_or(&lower))?),
            "lang" => Self::Lang(match lower.as_str() {
                "english" => tag("en"),
                "french" | "français" | "francais" => tag("fr"),
                "german" | "deutsch" => tag("de"),
                "spanish" | "español" | "espanol" => tag("es"),
                other => tag(other),
            }?),
            "category" => Self::Category(branch(value)?),
            "budget" => {
                let amount = amount(&lower)?;
                let (low, high) = match sign {
                    ">" => (Bound::Excluded(amount), Bound::Unbounded),
                    "<" => (Bound::Unbounded, Bound::Excluded(amount)),
                    "<=" => (Bound::Unbounded, Bound::Included(amount)),
                    "=" => (Bound::Included(amount), Bound::Included(amount)),
                    // "budget:50k" asks for at least that.
                    _ => (Bound::Included(amount), Bound::Unbounded),
                };
                Self::Budget(low, high)
            }
            _ => return None,
        })
    }
}

/// "100,000", "€50k", "1.5m" in whole units.
fn amount(text: &str) -> Option<i64> {
    let text = text.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let (digits, unit) = match text.as_bytes().last()? {
        b'k' => (&text[..text.len() - 1], 1_000.0),
        b'm' => (&text[..text.len() - 1], 1_000_000.0),
        _ => (text, 1.0),
    };
    // A point or comma followed by three digits groups them; any other is a decimal point.
    let mut plain = String::new();
    for (at, letter) in digits.char_indices() {
        let after = &digits[at + letter.len_utf8()..];
        let groups = after.bytes().take_while(u8::is_ascii_digit).count() == 3;
        match letter {
            '0'..='9' => plain.push(letter),
            '_' | ' ' | '\'' => {}
            '.' | ',' if groups => {}
            '.' | ',' if !plain.contains('.') => plain.push('.'),
            _ => return None,
        }
    }
    let amount = plain.parse::<f64>().ok()? * unit;
    (amount < 1e15).then_some(amount as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_type_them() {
        for (text, wanted) in [
            ("100000", Some(100_000)),
            ("100,000", Some(100_000)),
            ("1.500.000", Some(1_500_000)),
            ("€50k", Some(50_000)),
            ("1.5m", Some(1_500_000)),
            ("2,5m", Some(2_500_000)),
            ("", None),
            ("k", None),
            ("1e5", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(amount(text), wanted, "{text}");
        }
    }

    #[test]
    fn branches_of_the_tree() {
        let health = branch("85000000").unwrap();
        assert_eq!(branch("85"), Some(health));
        assert!(health.holds(85_143_000) && !health.holds(86_000_000));
        let child = |branch: Branch, code| branch.part(code).and_then(|part| branch.child(part));
        assert_eq!(child(health, 85_143_000), Some(85_100_000));
        assert_eq!(child(ROOT, 85_143_000), Some(85_000_000));
        assert_eq!(branch("30000000").map(|it| (it.low, it.below)), Some((30_000_000, Some(3))));
        assert_eq!(branch("85143000").and_then(|it| child(it, 85_143_000)), None);
        assert_eq!((branch("8"), branch("85x"), branch("")), (None, None, None));
    }

    #[test]
    fn names_are_known_in_any_case_and_nothing_else_is_one() {
        assert_eq!(named("Place:leeds x"), Some(("place", "", "leeds x")));
        assert_eq!(named("budget>=1"), Some(("budget", ">=", "1")));
        assert_eq!(named("budget:<1"), Some(("budget", "<", "1")));
        assert_eq!(named("budget > 200k"), Some(("budget", ">", " 200k")));
        assert_eq!((named("budget cuts"), named("place : leeds")), (None, None));
        assert_eq!((named("title:x"), named("place leeds"), named("places:x"), named("é:")), (None, None, None, None));
    }
}
