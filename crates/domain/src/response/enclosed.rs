//! Files that answer a question: what the content of a submission says of them. The bytes are elsewhere, sealed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::challenge::{Question, QuestionKind};
use crate::file::FileKind;
use crate::form::FieldError;
use crate::ids::FileId;

/// A file as a submission names it: `bytes` and `sha256` (64 hexadecimal digits) are of the file as it was handed in, so that
/// the digest of the content covers every byte of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    pub id: FileId,
    pub name: String,
    pub kind: FileKind,
    pub bytes: u64,
    pub sha256: String,
}

/// Files by the name of the field that they answer, in the order of coming.
pub type Enclosures = BTreeMap<String, Vec<Enclosed>>;

/// Which files stand by which field, as a form posts it back: `question-3=17,18;question-4=9`.
pub fn files_shown(files: &Enclosures) -> String {
    let ids = |files: &[Enclosed]| files.iter().map(|file| file.id.to_string()).collect::<Vec<_>>().join(",");
    let held = files.iter().filter(|(_, files)| !files.is_empty());
    held.map(|(name, files)| format!("{name}={}", ids(files))).collect::<Vec<_>>().join(";")
}

/// The fields whose files are others now than a form showed ([`files_shown`]): one was added or removed since, whoever did it.
pub fn files_since(shown: &str, now: &Enclosures) -> Vec<String> {
    let mut read: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, ids) in shown.split(';').filter_map(|part| part.split_once('=')) {
        read.entry(name).or_default().extend(ids.split(',').filter(|id| !id.is_empty()));
    }
    let names: BTreeSet<&str> = read.keys().copied().chain(now.keys().map(String::as_str)).collect();
    let differs = |name: &&str| {
        let ids: BTreeSet<String> = now.get(*name).into_iter().flatten().map(|file| file.id.to_string()).collect();
        !ids.iter().map(String::as_str).eq(read.get(name).into_iter().flatten().copied())
    };
    names.into_iter().filter(differs).map(str::to_owned).collect()
}

/// A number in place of each name: it may say whose the file is.
pub fn hide_file_names(files: &mut Enclosures) {
    for (n, file) in (1..).zip(files.values_mut().flatten()) {
        let ending = file.name.rsplit_once('.').map_or("", |(_, ending)| ending).to_owned();
        file.name = format!("{n}.{ending}");
    }
}

/// What keeps the files of a question from being accepted, if anything.
pub(super) fn wrong(question: &Question, name: &str, files: &[Enclosed]) -> Option<FieldError> {
    let QuestionKind::Files { kinds, most } = &question.kind else { return None };
    if question.required && files.is_empty() {
        return Some(FieldError::new(name, "files-none-sent"));
    }
    if files.len() > usize::from(*most) {
        return Some(FieldError::new(name, "files-over").with("max", *most).with("over", files.len() - usize::from(*most)));
    }
    let other = files.iter().find(|file| !wanted(kinds, file.kind))?;
    Some(FieldError::new(name, "files-other").with("name", &other.name))
}

/// Where no kind is named, each is wanted.
fn wanted(kinds: &[crate::challenge::FileKind], kind: FileKind) -> bool {
    kinds.is_empty() || kinds.iter().any(|wanted| wanted.takes(kind))
}

/// Whether one more file of a kind, by its content, may answer a question that has `held` already; the code of what is wrong
/// is told by the field `file`.
pub fn may_enclose(question: &Question, held: usize, kind: Option<FileKind>) -> Result<(), FieldError> {
    match &question.kind {
        QuestionKind::Files { kinds, most } => may_add(kinds, *most, held, kind),
        _ => Err(FieldError::new("file", "files-not-asked")),
    }
}

/// The same of a number and kinds that are asked for; where no kind is named, each is.
pub fn may_add(kinds: &[crate::challenge::FileKind], most: u8, held: usize, kind: Option<FileKind>) -> Result<(), FieldError> {
    if held >= usize::from(most) {
        return Err(FieldError::new("file", "answer-files-many").with("max", most));
    }
    match kind {
        Some(kind) if !wanted(kinds, kind) => Err(FieldError::new("file", "file-not-wanted").with("kind", kind.code())),
        _ => Ok(()),
    }
}
