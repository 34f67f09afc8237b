//! What an entry binds of the rows that it tells of: a row that was changed, put in or taken out afterwards agrees with no entry.

use sha2::{Digest, Sha256};

use super::Hash;
use crate::ids::to_text;
use crate::moment::Moment;

/// Begins a digest over a row. Entries of before hold the digest of the content alone, which is a byte shorter: so that nobody makes
/// a row pass for one of those.
const BOUND: u8 = 1;

/// Begins one over a submission and its envelopes. Those that begin with [`BOUND`] are from before, over the row alone.
const WITH_ENVELOPES: u8 = 2;

/// Begins one over a submission, its envelopes and the files that these name. Those of before that begin with [`WITH_ENVELOPES`] say
/// nothing of files.
const WITH_FILES: u8 = 3;

/// A file that an envelope names, as its row has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NamedRow {
    pub file: i64,
    /// SHA-256 of its key, wrapped with the envelope's.
    pub key: Hash,
}

impl NamedRow {
    pub fn new(file: i64, sealed_key: &[u8]) -> Self {
        Self { file, key: Sha256::digest(sealed_key).into() }
    }
}

/// An envelope as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    pub kind: String,
    /// SHA-256 of what is sealed.
    pub sealed: Hash,
    /// SHA-256 of the wrapped key; kept when the key is destroyed.
    pub key: Hash,
    /// Of what it alone holds, where it is one of several.
    pub digest: Option<Vec<u8>>,
    /// In the order of their ids.
    pub files: Vec<NamedRow>,
}

impl SealedRow {
    /// Without files.
    pub fn new(kind: &str, sealed: &[u8], sealed_key: &[u8], digest: Option<&[u8]>) -> Self {
        let digest = digest.map(<[u8]>::to_vec);
        let (sealed, key) = (Sha256::digest(sealed).into(), Sha256::digest(sealed_key).into());
        Self { kind: kind.to_owned(), sealed, key, digest, files: Vec::new() }
    }

    /// In whatever order they come.
    #[must_use]
    pub fn naming(mut self, mut files: Vec<NamedRow>) -> Self {
        files.sort();
        self.files = files;
        self
    }
}

/// A submission as its row has it, with its envelopes.
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
    pub salt: &'a [u8],
    /// In the order of their kinds.
    pub envelopes: &'a [SealedRow],
}

impl SubmittedRow<'_> {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        self.digest_as(WITH_FILES)
    }

    /// As entries of a release have it.
    fn digest_as(&self, form: u8) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.content, self.salt] {
            measured(&mut bytes, part);
        }
        for envelope in self.envelopes {
            measured(&mut bytes, envelope.kind.as_bytes());
            bytes.extend_from_slice(&envelope.sealed);
            bytes.extend_from_slice(&envelope.key);
            bytes.push(u8::from(envelope.digest.is_some()));
            measured(&mut bytes, envelope.digest.as_deref().unwrap_or_default());
            if form == WITH_FILES {
                bytes.extend_from_slice(&(envelope.files.len() as u64).to_be_bytes());
                for named in &envelope.files {
                    bytes.extend_from_slice(&named.file.to_be_bytes());
                    bytes.extend_from_slice(&named.key);
                }
            }
        }
        let kind: &[u8] = if form == WITH_FILES { b"wellposed/submission/3" } else { b"wellposed/submission/2" };
        let mut digest = bound(kind, &self.numbers(), &bytes);
        digest[0] = form;
        digest
    }

    fn numbers(&self) -> [i64; 5] {
        [self.response, self.round, self.n, self.version, self.received_at.micros()]
    }

    /// With whatever an entry bound when it was made: the row with its envelopes and their files, with its envelopes, the row, or the content.
    pub fn agrees(&self, recorded: Option<&[u8]>) -> bool {
        let Some(recorded) = recorded else { return false };
        match recorded.first() {
            Some(_) if recorded.len() == 32 => recorded == self.content,
            Some(&BOUND) => recorded == bound(b"wellposed/submission/1", &self.numbers(), self.content),
            Some(&WITH_ENVELOPES) => recorded == self.digest_as(WITH_ENVELOPES),
            _ => recorded == self.digest(),
        }
    }

    /// Whether an entry binds the envelopes too.
    pub fn binds_envelopes(recorded: Option<&[u8]>) -> bool {
        recorded.is_some_and(|recorded| recorded.len() == 33 && [WITH_ENVELOPES, WITH_FILES].contains(&recorded[0]))
    }
}

/// With its length before it, so that no two lists share an encoding.
fn measured(to: &mut Vec<u8>, part: &[u8]) {
    to.extend_from_slice(&(part.len() as u64).to_be_bytes());
    to.extend_from_slice(part);
}

/// That an opening was asked for, as its row has it.
#[derive(Clone, Copy, Debug)]
pub struct AskedRow<'a> {
    /// The row's own id.
    pub ask: i64,
    pub round: i64,
    pub kind: &'a str,
    pub at: Moment,
    pub by: i64,
}

impl AskedRow<'_> {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        bound(b"wellposed/opening-ask/1", &[self.ask, self.round, self.at.micros(), self.by], self.kind.as_bytes())
    }
}

/// An opening as its row has it.
#[derive(Clone, Copy, Debug)]
pub struct OpenedRow<'a> {
    pub round: i64,
    /// Of the envelopes.
    pub kind: &'a str,
    pub asked_by: i64,
    pub asked_at: Moment,
    pub confirmed_by: i64,
    pub confirmed_at: Moment,
    pub to_check: i64,
    pub awaits: Option<&'a str>,
    /// Of the round, as it stood when it was opened and stands from then on.
    pub deadline: Moment,
    /// [`opened_digest`]
    pub opened: &'a [u8],
}

impl OpenedRow<'_> {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        measured(&mut bytes, self.kind.as_bytes());
        bytes.push(u8::from(self.awaits.is_some()));
        measured(&mut bytes, self.awaits.unwrap_or_default().as_bytes());
        bytes.extend_from_slice(self.opened);
        let (asked, confirmed) = (self.asked_at.micros(), self.confirmed_at.micros());
        let numbers = [self.round, self.asked_by, asked, self.confirmed_by, confirmed, self.to_check, self.deadline.micros()];
        bound(b"wellposed/opening/1", &numbers, &bytes)
    }

    /// An entry of before is over the list of what was opened alone, at the instant of the confirmation.
    pub fn agrees(&self, recorded: Option<&[u8]>, at: Moment) -> bool {
        recorded.is_some_and(|recorded| match recorded.len() {
            32 => {
                recorded == self.opened && at == self.confirmed_at && (self.asked_by != self.confirmed_by || self.asked_at == at)
            }
            _ => recorded == self.digest(),
        })
    }
}

/// SHA-256 over what was opened, as the opening's paper lists it: canonical JSON (RFC 8785) of references and digests, by their ids.
pub fn opened_digest<'a>(opened: impl Iterator<Item = (i64, &'a [u8])>) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"[");
    for (at, (submission, digest)) in opened.enumerate() {
        hasher.update(if at > 0 { b",".as_slice() } else { b"" });
        hasher.update(format!(r#"{{"reference":"{}","sha256":""#, to_text(submission)));
        digest.iter().for_each(|byte| hasher.update(format!("{byte:02x}")));
        hasher.update(br#""}"#);
    }
    hasher.update(b"]");
    hasher.finalize().into()
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

/// A file that an answer to a clarification names, as its row has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClarifiedFile {
    pub id: i64,
    pub field: String,
    /// SHA-256 of what is sealed of it: its name and its digest.
    pub sealed: Hash,
    /// SHA-256 of its wrapped key.
    pub key: Hash,
}

impl ClarifiedFile {
    pub fn new(id: i64, field: &str, sealed: &[u8], sealed_key: &[u8]) -> Self {
        Self { id, field: field.to_owned(), sealed: Sha256::digest(sealed).into(), key: Sha256::digest(sealed_key).into() }
    }
}

/// An answer to a clarification as its row has it, with the files that it names.
#[derive(Clone, Copy, Debug)]
pub struct ClarifiedRow<'a> {
    /// The row's own id.
    pub answer: i64,
    pub clarification: i64,
    pub response: i64,
    pub at: Moment,
    pub sealed: &'a [u8],
    /// In the order of their ids.
    pub files: &'a [ClarifiedFile],
}

impl ClarifiedRow<'_> {
    /// 33 bytes.
    pub fn digest(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        measured(&mut bytes, self.sealed);
        for file in self.files {
            bytes.extend_from_slice(&file.id.to_be_bytes());
            measured(&mut bytes, file.field.as_bytes());
            bytes.extend_from_slice(&file.sealed);
            bytes.extend_from_slice(&file.key);
        }
        let numbers = [self.answer, self.clarification, self.response, self.at.micros()];
        bound(b"wellposed/clarification-answer/1", &numbers, &bytes)
    }

    /// `at`: of the entry. Entries of before, when answers brought no files, hold the digest of what is sealed alone.
    pub fn agrees(&self, recorded: Option<&[u8]>, at: Moment) -> bool {
        recorded.is_some_and(|recorded| match recorded.len() {
            32 => recorded == Sha256::digest(self.sealed).as_slice() && self.at == at && self.files.is_empty(),
            _ => recorded == self.digest(),
        })
    }
}

pub(super) fn bound(kind: &[u8], numbers: &[i64], bytes: &[u8]) -> Vec<u8> {
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
    #[error("submission {} is not as entry {} recorded it: it, an envelope of it or a file that it names was changed", to_text(*.0), .1)]
    SubmissionChanged(i64, i64),
    #[error("submission {}, which entry {} records, is not there: it was deleted", to_text(*.0), .1)]
    SubmissionDeleted(i64, i64),
    #[error("the {} envelope of submission {} is not there: it was deleted", .1, to_text(*.0))]
    EnvelopeDeleted(i64, &'static str),
    #[error("a file is named for submission {}, which has no envelope that could name it: it was put in", to_text(*.0))]
    FileAdded(i64),
    #[error("a withdrawal of response {} is not in the record: it was put in or changed", to_text(*.0))]
    WithdrawalAdded(i64),
    #[error("the withdrawal of response {}, which entry {} records, is not there: it was deleted or changed", to_text(*.0), .1)]
    WithdrawalDeleted(i64, i64),
    #[error("an opening of round {} is not in the record: it was put in or changed", to_text(*.0))]
    OpeningAdded(i64),
    #[error("the opening of round {}, which entry {} records, is not there: it was deleted or changed", to_text(*.0), .1)]
    OpeningDeleted(i64, i64),
    #[error("the {} envelope of submission {} is not as it was received: its key or its digest of before was changed", .1, to_text(*.0))]
    EnvelopeChanged(i64, String),
    #[error("the key of the {} envelope of submission {} is gone, and no entry records that it was destroyed", .1, to_text(*.0))]
    KeyDestroyed(i64, String),
    #[error("an ask for the opening of round {} is not in the record: it was put in or changed", to_text(*.0))]
    AskAdded(i64),
    #[error("the ask for the opening of round {}, which entry {} records, is not there: it was deleted or changed", to_text(*.0), .1)]
    AskDeleted(i64, i64),
    #[error("an answer to a clarification of response {} is not in the record: it or one of its files was put in or changed", to_text(*.0))]
    ClarifiedAdded(i64),
    #[error("the answer to a clarification of response {}, which entry {} records, is not there: it or one of its files was deleted or changed", to_text(*.0), .1)]
    ClarifiedDeleted(i64, i64),
    #[error("the opening of round {} is not what its signed record says", to_text(*.0))]
    OpeningPaper(i64),
    #[error("what was opened of submission {} is not what the record of its opening says", to_text(*.0))]
    OpenedPaper(i64),
    #[error("submission {} is not what its receipt says", to_text(*.0))]
    Receipt(i64),
    #[error("the deadline of round {} is not the one that was approved: it, or what it follows from, was changed", to_text(*.0))]
    Deadline(i64),
    #[error("challenge {}: its version {} is not as the record has it: it was changed, put in or deleted", to_text(*.0), .1)]
    VersionChanged(i64, i64),
    #[error("the amendment {}, whose publication entry {} records, is not there: it was deleted or moved", to_text(*.0), .1)]
    AmendmentDeleted(i64, i64),
    #[error("a rule of how many open responses for organisation {} is not in the record: it was put in or changed", to_text(*.0))]
    RuleAdded(i64),
    #[error("the rule of how many open responses for organisation {}, which entry {} records, is not there: it was deleted or changed", to_text(*.0), .1)]
    RuleDeleted(i64, i64),
}

impl Differs {
    /// The submission that it befell.
    pub fn submission(&self) -> Option<i64> {
        match self {
            Differs::SubmissionAdded(id)
            | Differs::SubmissionChanged(id, _)
            | Differs::SubmissionDeleted(id, _)
            | Differs::EnvelopeDeleted(id, _)
            | Differs::EnvelopeChanged(id, _)
            | Differs::FileAdded(id) => Some(*id),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_submission_is_bound() {
        let files = vec![NamedRow::new(8, b"other key"), NamedRow::new(7, b"file key")];
        let envelope = SealedRow::new("quality", b"sealed", b"key", None).naming(files.clone());
        let one = [envelope.clone()];
        let row = SubmittedRow {
            response: 1,
            round: 2,
            n: 3,
            version: 4,
            received_at: Moment(5),
            content: &[6; 32],
            salt: &[7; 16],
            envelopes: &one,
        };
        let recorded = row.digest();
        assert!(row.agrees(Some(&recorded)) && SubmittedRow::binds_envelopes(Some(&recorded)));
        let envelopes = [
            [SealedRow { kind: "price".into(), ..envelope.clone() }],
            [SealedRow { sealed: [9; 32], ..envelope.clone() }],
            [SealedRow { key: [9; 32], ..envelope.clone() }],
            [SealedRow { digest: Some(vec![]), ..envelope.clone() }],
            [SealedRow { files: vec![], ..envelope.clone() }],
            [envelope.clone().naming(files[..1].to_vec())],
            [envelope.clone().naming(vec![files[0].clone(), NamedRow::new(9, b"file key")])],
            [envelope.clone().naming(vec![files[0].clone(), NamedRow::new(7, b"another key")])],
        ];
        let mut others = vec![
            SubmittedRow { response: 9, ..row },
            SubmittedRow { round: 9, ..row },
            SubmittedRow { n: 9, ..row },
            SubmittedRow { version: 9, ..row },
            SubmittedRow { received_at: Moment(9), ..row },
            SubmittedRow { content: &[9; 32], ..row },
            SubmittedRow { salt: &[9; 16], ..row },
            SubmittedRow { envelopes: &[], ..row },
        ];
        others.extend(envelopes.iter().map(|envelopes| SubmittedRow { envelopes, ..row }));
        assert!(others.iter().all(|other| !other.agrees(Some(&recorded))));
        assert!(row.agrees(Some(&[6; 32])), "an entry of the first release");
        let before = bound(b"wellposed/submission/1", &row.numbers(), row.content);
        assert!(row.agrees(Some(&before)) && !SubmittedRow::binds_envelopes(Some(&before)), "an entry of the second");
        assert!(!SubmittedRow { n: 9, ..row }.agrees(Some(&before)));
        let before = row.digest_as(WITH_ENVELOPES);
        assert!(row.agrees(Some(&before)) && SubmittedRow::binds_envelopes(Some(&before)), "an entry of the third");
        let files = envelopes.iter().map(|envelopes| SubmittedRow { envelopes, ..row }.agrees(Some(&before))).collect::<Vec<_>>();
        assert_eq!(files, [false, false, false, false, true, true, true, true], "says nothing of files");
        let other = [envelope.naming(vec![NamedRow::new(7, b"file key"), NamedRow::new(8, b"other key")])];
        assert!(SubmittedRow { envelopes: &other, ..row }.agrees(Some(&recorded)), "in whatever order rows come");
        assert!(!row.agrees(None));
        assert!(!SubmittedRow { content: &recorded, ..row }.agrees(Some(&recorded)), "a new entry passes for none of before");
    }

    #[test]
    fn each_part_of_an_answer_to_a_clarification_is_bound() {
        let file = ClarifiedFile::new(5, "files", b"name", b"key");
        let one = [file.clone()];
        let row = ClarifiedRow { answer: 1, clarification: 2, response: 3, at: Moment(4), sealed: b"sealed", files: &one };
        let recorded = row.digest();
        assert!(row.agrees(Some(&recorded), Moment(0)));
        let files = [
            [ClarifiedFile { id: 9, ..file.clone() }],
            [ClarifiedFile { field: "price".into(), ..file.clone() }],
            [ClarifiedFile { sealed: [9; 32], ..file.clone() }],
            [ClarifiedFile { key: [9; 32], ..file.clone() }],
        ];
        let mut others = vec![
            ClarifiedRow { answer: 9, ..row },
            ClarifiedRow { clarification: 9, ..row },
            ClarifiedRow { response: 9, ..row },
            ClarifiedRow { at: Moment(9), ..row },
            ClarifiedRow { sealed: b"other", ..row },
            ClarifiedRow { files: &[], ..row },
        ];
        others.extend(files.iter().map(|files| ClarifiedRow { files, ..row }));
        assert!(others.iter().all(|other| !other.agrees(Some(&recorded), Moment(4))));
        let before: Hash = Sha256::digest(b"sealed").into();
        let bare = ClarifiedRow { files: &[], ..row };
        assert!(bare.agrees(Some(&before), Moment(4)), "an entry of before");
        assert!(!bare.agrees(Some(&before), Moment(5)) && !row.agrees(Some(&before), Moment(4)) && !row.agrees(None, Moment(4)));
    }

    #[test]
    fn each_part_of_an_opening_is_bound() {
        let row = OpenedRow {
            round: 1,
            kind: "quality",
            asked_by: 2,
            asked_at: Moment(3),
            confirmed_by: 4,
            confirmed_at: Moment(5),
            to_check: 6,
            awaits: None,
            deadline: Moment(7),
            opened: &[8; 32],
        };
        let recorded = row.digest();
        assert!(row.agrees(Some(&recorded), Moment(0)));
        let others = [
            OpenedRow { round: 9, ..row },
            OpenedRow { kind: "price", ..row },
            OpenedRow { asked_by: 9, ..row },
            OpenedRow { asked_at: Moment(9), ..row },
            OpenedRow { confirmed_by: 9, ..row },
            OpenedRow { confirmed_at: Moment(9), ..row },
            OpenedRow { to_check: 9, ..row },
            OpenedRow { awaits: Some(""), ..row },
            OpenedRow { deadline: Moment(9), ..row },
            OpenedRow { opened: &[9; 32], ..row },
        ];
        assert!(others.iter().all(|other| !other.agrees(Some(&recorded), Moment(5))));
        assert!(row.agrees(Some(&[8; 32]), Moment(5)), "an entry of before");
        assert!(!row.agrees(Some(&[8; 32]), Moment(6)) && !row.agrees(Some(&[9; 32]), Moment(5)));
    }
}
