//! What entries bind of when responses are opened, and by how many. The first round's deadline is in the terms, whose digest its approval
//! and each amendment record; a later round's is in rows of its own.

use super::bound::bound;
use crate::moment::Moment;

/// A later round as it begins.
#[derive(Clone, Copy, Debug)]
pub struct BegunRow {
    pub round: i64,
    pub challenge: i64,
    pub number: i64,
    pub deadline: Moment,
}

impl BegunRow {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        bound(b"wellposed/round/1", &[self.round, self.challenge, self.number, self.deadline.micros()], b"")
    }
}

/// A later round's deadline as it moves.
#[derive(Clone, Copy, Debug)]
pub struct ExtendedRow {
    /// The row's own id.
    pub extension: i64,
    pub round: i64,
    pub before: Moment,
    pub after: Moment,
}

impl ExtendedRow {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        let numbers = [self.extension, self.round, self.before.micros(), self.after.micros()];
        bound(b"wellposed/round-extension/1", &numbers, b"")
    }
}

/// How many a buyer's openings take, as its row has it.
#[derive(Clone, Copy, Debug)]
pub struct RuleRow {
    /// The row's own id.
    pub rule: i64,
    pub buyer: i64,
    pub by_two: bool,
    pub at: Moment,
    pub by: i64,
}

impl RuleRow {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        let numbers = [self.rule, self.buyer, i64::from(self.by_two), self.at.micros(), self.by];
        bound(b"wellposed/opening-rule/1", &numbers, b"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_round_of_its_extension_and_of_a_rule_is_bound() {
        let row = BegunRow { round: 1, challenge: 2, number: 3, deadline: Moment(4) };
        let others = [
            BegunRow { round: 9, ..row },
            BegunRow { challenge: 9, ..row },
            BegunRow { number: 9, ..row },
            BegunRow { deadline: Moment(9), ..row },
        ];
        assert!(others.iter().all(|other| other.digest() != row.digest()));
        let row = ExtendedRow { extension: 1, round: 2, before: Moment(3), after: Moment(4) };
        let others = [
            ExtendedRow { extension: 9, ..row },
            ExtendedRow { round: 9, ..row },
            ExtendedRow { before: Moment(9), ..row },
            ExtendedRow { after: Moment(9), ..row },
        ];
        assert!(others.iter().all(|other| other.digest() != row.digest()));
        let row = RuleRow { rule: 1, buyer: 2, by_two: true, at: Moment(3), by: 4 };
        let others = [
            RuleRow { rule: 9, ..row },
            RuleRow { buyer: 9, ..row },
            RuleRow { by_two: false, ..row },
            RuleRow { at: Moment(9), ..row },
            RuleRow { by: 9, ..row },
        ];
        assert!(others.iter().all(|other| other.digest() != row.digest()));
    }
}
