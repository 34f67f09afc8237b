//! What an entry binds of the rows that it tells of: a row that was changed, put in or taken out afterwards agrees with no entry.

use sha2::{Digest, Sha256};

use crate::ids::to_text;
use crate::moment::Moment;

/// Begins a digest over a row. Entries of before hold the digest of the content alone, which is a byte shorter: so that nobody makes
/// a row pass for one of those.
const BOUND: u8 = 1;

/// A submission as its row has it.
#[derive(Clone, Copy, Debug)]
pub struct SubmittedRow<'a> {
    pub response: i64,
    pub round: i64,
    pub n: i64,
    /// Of the challenge.
    pub version: i64,
    pub received_at: Moment,
    /// The salted digest of the content.
    pub content: &'a [u8],
}

impl SubmittedRow<'_> {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        bound(
            b"wellposed/submission/1",
            &[self.response, self.round, self.n, self.version, self.received_at.micros()],
            self.content,
        )
    }

    pub fn agrees(&self, recorded: Option<&[u8]>) -> bool {
        recorded.is_some_and(|recorded| recorded == self.digest() || (recorded.len() == 32 && recorded == self.content))
    }
}

/// A withdrawal as its row has it.
#[derive(Clone, Copy, Debug)]
pub struct WithdrawnRow {
    /// The row's own id.
    pub event: i64,
    pub response: i64,
    pub round: i64,
    /// The newest submission that it withdraws.
    pub n: i64,
    pub at: Moment,
}

impl WithdrawnRow {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        bound(b"wellposed/withdrawal/1", &[self.event, self.response, self.round, self.n, self.at.micros()], b"")
    }
}

fn bound(kind: &[u8], numbers: &[i64], bytes: &[u8]) -> Vec<u8> {
    let mut hasher = Sha256::new();
    hasher.update((kind.len() as u64).to_be_bytes());
    hasher.update(kind);
    numbers.iter().for_each(|number| hasher.update(number.to_be_bytes()));
    hasher.update(bytes);
    [&[BOUND], hasher.finalize().as_slice()].concat()
}

/// Where rows and record part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Differs {
    #[error("submission {} is not in the record: it was put in", to_text(*.0))]
    SubmissionAdded(i64),
    #[error("submission {} is not as entry {} recorded it: it was changed", to_text(*.0), .1)]
    SubmissionChanged(i64, i64),
    #[error("submission {}, which entry {} records, is not there: it was deleted", to_text(*.0), .1)]
    SubmissionDeleted(i64, i64),
    #[error("a withdrawal of response {} is not in the record: it was put in or changed", to_text(*.0))]
    WithdrawalAdded(i64),
    #[error("the withdrawal of response {}, which entry {} records, is not there: it was deleted or changed", to_text(*.0), .1)]
    WithdrawalDeleted(i64, i64),
    #[error("an opening of round {} is not in the record: it was put in or changed", to_text(*.0))]
    OpeningAdded(i64),
    #[error("the opening of round {}, which entry {} records, is not there: it was deleted or changed", to_text(*.0), .1)]
    OpeningDeleted(i64, i64),
    #[error("submission {} is not what its receipt says", to_text(*.0))]
    Receipt(i64),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_submission_is_bound() {
        let row = SubmittedRow { response: 1, round: 2, n: 3, version: 4, received_at: Moment(5), content: &[6; 32] };
        let recorded = row.digest();
        assert!(row.agrees(Some(&recorded)));
        let others = [
            SubmittedRow { response: 9, ..row },
            SubmittedRow { round: 9, ..row },
            SubmittedRow { n: 9, ..row },
            SubmittedRow { version: 9, ..row },
            SubmittedRow { received_at: Moment(9), ..row },
            SubmittedRow { content: &[9; 32], ..row },
        ];
        assert!(others.iter().all(|other| !other.agrees(Some(&recorded))));
        assert!(row.agrees(Some(&[6; 32])), "an entry of before");
        assert!(!row.agrees(None));
        assert!(!SubmittedRow { content: &recorded, ..row }.agrees(Some(&recorded)), "a new entry passes for none of before");
    }
}
