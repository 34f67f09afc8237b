//! The check between opening and scoring (domain.md, "Life of a response": passed | clarifying | excluded). An officer records for
//! each response and requirement that it passes, what is to be clarified, or that it excludes the response; the newest record of
//! a cell counts, none is ever overwritten. A price that looks abnormally low is a cell of its own (directive 2014/24/EU, art. 69).

use std::collections::{BTreeMap, BTreeSet};

use crate::challenge::{FileKind, QuestionKind, Terms};
use crate::ids::{RequirementId, ResponseId};
use crate::moment::Moment;
use crate::response::Field;

/// What a clarification may touch beside the fields of the form and its own subject: files that show it.
pub const FILES: &str = "files";
/// Of such files, the most.
pub const MOST_FILES: u8 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckKind {
    Passed,
    /// The supplier is asked, with the fields it may touch and a deadline.
    Clarify,
    Excluded,
}

crate::organisation::codes!(CheckKind { Passed = "passed", Clarify = "clarify", Excluded = "excluded" });

/// What of a response is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckSubject {
    Requirement(RequirementId),
    /// The price, where it looks abnormally low.
    Price,
}

impl CheckSubject {
    /// The inverse of its text: `price`, or the id of a requirement.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "price" { Some(Self::Price) } else { RequirementId::parse(text).map(Self::Requirement) }
    }
}

impl std::fmt::Display for CheckSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Requirement(id) => id.fmt(f),
            Self::Price => f.write_str("price"),
        }
    }
}

/// One record of the check, in the order of `n` within its round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    pub n: i64,
    pub response: ResponseId,
    pub subject: CheckSubject,
    pub kind: CheckKind,
}

/// The newest record of each cell.
pub fn newest(checks: &[Check]) -> BTreeMap<(ResponseId, CheckSubject), Check> {
    let mut out: BTreeMap<(ResponseId, CheckSubject), Check> = BTreeMap::new();
    for check in checks {
        let kept = out.entry((check.response, check.subject)).or_insert(*check);
        if kept.n < check.n {
            *kept = *check;
        }
    }
    out
}

/// Responses of which the newest record of any cell is an exclusion.
pub fn excluded(checks: &[Check]) -> BTreeSet<ResponseId> {
    let newest = newest(checks).into_values();
    newest.filter(|check| check.kind == CheckKind::Excluded).map(|check| check.response).collect()
}

/// How many cells wait to be settled: each requirement that was not passed, and each price that was asked about, of the
/// responses that are not excluded. Scoring may start at 0.
pub fn left_open(responses: &[ResponseId], requirements: &[RequirementId], checks: &[Check]) -> i64 {
    let (newest, excluded) = (newest(checks), excluded(checks));
    let kind = |response, subject| newest.get(&(response, subject)).map(|check| check.kind);
    let open = responses.iter().filter(|response| !excluded.contains(response)).map(|response| {
        let required = requirements.iter().map(|id| CheckSubject::Requirement(*id));
        let waiting = required.filter(|subject| kind(*response, *subject) != Some(CheckKind::Passed)).count();
        waiting + usize::from(kind(*response, CheckSubject::Price) == Some(CheckKind::Clarify))
    });
    i64::try_from(open.sum::<usize>()).unwrap_or(i64::MAX)
}

/// The files that an answer to a clarification may bring for one of the fields that it touches: of which kinds (none: of any) and
/// how many. As the challenge asks for them where the field is a question that asks for files; `None` where it is answered in
/// words alone.
pub fn files_asked<'a>(terms: &'a Terms, name: &str) -> Option<(&'a [FileKind], u8)> {
    if name == FILES {
        return Some((&[], MOST_FILES));
    }
    let asked = terms.questions.iter().find(|question| Field::Question(question.id).name() == name)?;
    match &asked.kind {
        QuestionKind::Files { kinds, most } => Some((kinds, *most)),
        _ => None,
    }
}

/// Whether a supplier was heard on a cell: nobody is excluded, nor a price rejected as too low, without having been asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Never,
    /// Asked; there is no answer and the deadline lies ahead.
    Waiting,
    /// It answered, or let the deadline pass.
    Heard,
}

impl Asked {
    /// From the deadline of the cell's newest clarification and whether that was answered.
    pub fn of(clarification: Option<(Moment, bool)>, now: Moment) -> Self {
        match clarification {
            None => Self::Never,
            Some((deadline, answered)) if answered || now.reached(deadline) => Self::Heard,
            Some(_) => Self::Waiting,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const A: ResponseId = ResponseId(1);
    const B: ResponseId = ResponseId(2);
    const R: RequirementId = RequirementId(8);
    const S: RequirementId = RequirementId(9);

    fn checks(list: &[(ResponseId, CheckSubject, CheckKind)]) -> Vec<Check> {
        (1..)
            .zip(list)
            .map(|(n, (response, subject, kind))| Check { n, response: *response, subject: *subject, kind: *kind })
            .collect()
    }

    #[test]
    fn every_requirement_of_every_response_waits_until_it_is_passed_or_the_response_is_excluded() {
        use CheckKind::{Clarify, Excluded, Passed};
        let [r, s] = [R, S].map(CheckSubject::Requirement);
        let left = |list: &[_]| left_open(&[A, B], &[R, S], &checks(list));
        assert_eq!(left(&[]), 4);
        assert_eq!(left(&[(A, r, Passed)]), 3);
        assert_eq!(left(&[(A, r, Passed), (A, s, Clarify)]), 3, "what is asked is not settled");
        assert_eq!(left(&[(A, r, Clarify), (A, r, Excluded)]), 2, "nothing of an excluded response waits");
        assert_eq!(left(&[(A, r, Excluded), (A, r, Passed)]), 3, "the newest record counts");
        assert_eq!(left(&[(A, r, Passed), (A, r, Clarify)]), 4, "also where it opens a cell again");
        assert_eq!(left_open(&[A, B], &[], &[]), 0, "without requirements it is checked by itself");
        assert_eq!(left_open(&[A, B], &[], &checks(&[(B, CheckSubject::Price, Clarify)])), 1);
        assert_eq!(left_open(&[A, B], &[], &checks(&[(B, CheckSubject::Price, Clarify), (B, CheckSubject::Price, Passed)])), 0);
    }

    #[test]
    fn who_was_asked_is_heard_by_an_answer_or_by_the_deadline() {
        let now = Moment(10);
        assert_eq!(Asked::of(None, now), Asked::Never);
        assert_eq!(Asked::of(Some((Moment(11), false)), now), Asked::Waiting);
        assert_eq!(Asked::of(Some((Moment(10), false)), now), Asked::Heard, "the instant of the deadline is already late");
        assert_eq!(Asked::of(Some((Moment(11), true)), now), Asked::Heard);
    }

    #[test]
    fn a_subject_reads_as_it_is_written() {
        for subject in [CheckSubject::Price, CheckSubject::Requirement(R)] {
            assert_eq!(CheckSubject::parse(&subject.to_string()), Some(subject));
        }
        assert_eq!(CheckSubject::parse("prices"), None);
    }

    proptest! {
        /// In whatever order records are read, and whatever they are: an excluded response leaves nothing open, and all passed is 0.
        #[test]
        fn what_is_left_open_depends_on_the_newest_records_alone(kinds in proptest::collection::vec((0..2usize, 0..3usize, 0..3usize), 0..30)) {
            let subjects = [CheckSubject::Requirement(R), CheckSubject::Requirement(S), CheckSubject::Price];
            let list: Vec<_> = kinds.iter().map(|(a, b, c)| ([A, B][*a], subjects[*b], CheckKind::ALL[*c])).collect();
            let all = checks(&list);
            let mut reversed = all.clone();
            reversed.reverse();
            let left = left_open(&[A, B], &[R, S], &all);
            prop_assert_eq!(left, left_open(&[A, B], &[R, S], &reversed));
            let only_newest: Vec<Check> = newest(&all).into_values().collect();
            prop_assert_eq!(left, left_open(&[A, B], &[R, S], &only_newest));
            for response in excluded(&all) {
                prop_assert_eq!(left_open(&[response], &[R, S], &all), 0);
            }
        }
    }
}
