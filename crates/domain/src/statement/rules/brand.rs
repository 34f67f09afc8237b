//! Brands and products (Directive 2014/24/EU art. 42(4)): cleared by "or equivalent" beside the name.

use super::{Raw, Read};
use crate::statement::finding::{Gravity, Rule};
use crate::statement::passage::Role;

/// Words between a name and its "or equivalent" for the one to clear the other.
const NEAR: usize = 12;

pub(super) fn check(read: &Read, out: &mut Vec<Raw>) {
    let mut all: Vec<(usize, usize)> = read.hits("brand").map(|hit| (hit.first, hit.end)).collect();
    for marked in trade_marks(read) {
        all.insert(all.partition_point(|listed| *listed < marked), marked);
    }
    all.dedup_by(|b, a| b.0 < a.1);
    for words in all {
        if cleared(read, words) {
            continue;
        }
        out.push(read.on(Rule::Brand, gravity(read, words), words).with("words", read.typed(words)));
    }
}

fn gravity(read: &Read, words: (usize, usize)) -> Gravity {
    match read.role() {
        Role::Title => Gravity::Advice,
        role if !role.describes() => Gravity::MustClear,
        Role::Tried => Gravity::Note,
        _ if read.has_before("prescribing", words.0, 8) => Gravity::Advice,
        _ => Gravity::Note,
    }
}

fn cleared(read: &Read, (first, end): (usize, usize)) -> bool {
    let (from, to) = read.sentence(first);
    read.has("equivalent", (first.saturating_sub(NEAR).max(from), (end + NEAR).min(to)))
}

/// Words with a trade mark's sign after them, with the capitalised words before.
fn trade_marks<'r>(read: &'r Read) -> impl Iterator<Item = (usize, usize)> + 'r {
    let text = &read.text;
    (0..text.words.len()).filter_map(move |w| {
        let signed = text.source[text.words[w].end..].starts_with(['®', '™']);
        let campaign = read.has("not-brand", (w.saturating_sub(3), w + 1));
        if !signed || campaign || text.block_of(w).apparatus {
            return None;
        }
        let mut first = w;
        while first > text.sentence_of(w).words.0
            && read.in_name((first, w + 1))
            && w - first < 3
            && text.typed(first - 1).starts_with(char::is_uppercase)
        {
            first -= 1;
        }
        Some((first, w + 1))
    })
}
