//! Conditions that shut suppliers out: those only one firm meets, those heavy for a pilot, a firm's past as a criterion, and
//! sweeping claims on what suppliers own (Directive 2014/24/EU arts. 18, 58, 67).

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::Role;
use crate::statement::words::Shape;

/// Years of trading or experience that a pilot may ask without shutting young firms out.
const YEARS: u64 = 2;

/// Whether it is said what suppliers keep; said once, it holds for the whole statement.
pub(super) fn keeps(read: &Read) -> bool {
    read.hits("keeps").next().is_some()
}

pub(super) fn check(read: &Read, keeps: bool, out: &mut Vec<Raw>) {
    for hit in read.hits("one-firm") {
        out.push(read.on(Rule::OneFirm, Gravity::Advice, (hit.first, hit.end)));
    }
    for hit in read.hits("out-of-proportion") {
        let none = hit.hint == "insurance" && waived(read, hit.first);
        let few = hit.hint == "years" && years(read, (hit.first, hit.end)).is_some_and(|years| years <= YEARS);
        if !none && !few && !read.has_before("negation", hit.first, 4) {
            out.push(read.on(Rule::OutOfProportion, Gravity::Advice, (hit.first, hit.end)).variant(hit.hint));
        }
    }
    for hit in read.hits("experience") {
        let scored = read.role().scores() || read.has("judging", read.sentence(hit.first));
        if scored && read.role() != Role::Question && !read.has_before("negation", hit.first, 3) {
            out.push(read.on(Rule::ExperienceCriterion, Gravity::Advice, (hit.first, hit.end)));
        }
    }
    for hit in read.hits("vague-property").filter(|_| !keeps) {
        out.push(read.on(Rule::VagueProperty, Gravity::Advice, (hit.first, hit.end)));
    }
}

/// "No participant is required to obtain insurance", "in the amount of $0".
fn waived(read: &Read, word: usize) -> bool {
    let (first, end) = read.sentence(word);
    read.has("negation", (first, word)) || (word..end).any(|w| read.text.folded(w) == "0")
}

fn years(read: &Read, words: (usize, usize)) -> Option<u64> {
    (words.0..words.1).find(|&w| read.text.words[w].shape == Shape::Number).and_then(|w| read.text.folded(w).parse().ok())
}
