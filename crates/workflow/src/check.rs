//! The check between opening and scoring: what officers record of each response and requirement, what suppliers are asked, and
//! what they answer beside the untouched original.

mod clarify;
mod files;
mod record;

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::check::{CheckKind, CheckSubject};
use domain::ids::{ChallengeId, ResponseId, RoundId, to_text};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, ReadCheck};
use domain::response::{Enclosed, Enclosures, hide_file_names, redact_all};
use serde::{Deserialize, Serialize};
use store::{CheckRow, Conn, Lock};

pub(crate) use self::clarify::clarified;
pub use self::clarify::{ClarificationDraft, Clarifications, answer_clarification, read_clarifications, save_clarification};
pub(crate) use self::files::open_file;
pub use self::files::{add_clarification_file, remove_clarification_file};
pub use self::record::check_response;
use crate::response::{OpenedResponse, opened_round, round_of};
use crate::{Desk, Error, Result};

/// What was recorded of a cell.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: i64,
    pub n: i64,
    pub response: ResponseId,
    pub subject: CheckSubject,
    pub kind: CheckKind,
    /// Why; of a clarification what is asked.
    pub reason: String,
    pub at: Moment,
    pub by: String,
    pub clarification: Option<Clarification>,
}

/// Why a response is not scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    pub subject: CheckSubject,
    pub reason: String,
}

/// By the newest record of each cell; of several of one response the newest.
pub(crate) fn exclusions(records: &[Record]) -> BTreeMap<ResponseId, Exclusion> {
    let mut newest = BTreeMap::new();
    for record in records {
        newest.insert((record.response, record.subject), record);
    }
    let mut excluded: Vec<&Record> = newest.into_values().filter(|record| record.kind == CheckKind::Excluded).collect();
    excluded.sort_by_key(|record| record.n);
    let exclusion = |record: &Record| Exclusion { subject: record.subject, reason: record.reason.clone() };
    excluded.into_iter().map(|record| (record.response, exclusion(record))).collect()
}

/// What a supplier was asked, and what it answered.
#[derive(Clone, Debug)]
pub struct Clarification {
    pub id: i64,
    pub subject: CheckSubject,
    /// Who asked.
    pub by: String,
    pub question: String,
    /// Names of fields of the round's form, `requirement` or `price`, and `files`.
    pub fields: Vec<String>,
    pub asked_at: Moment,
    pub deadline: Moment,
    /// No later record has settled it.
    pub open: bool,
    pub answer: Option<ClarificationAnswer>,
}

impl Clarification {
    /// For a panel that reads without names: without who answered, and without the words that an officer left out.
    pub(crate) fn hide_names(&mut self, left_out: &[String]) {
        self.question = redact_all(&self.question, left_out);
        if let Some(answer) = &mut self.answer {
            answer.by.clear();
            answer.texts.values_mut().for_each(|text| *text = redact_all(text, left_out));
            hide_file_names(&mut answer.files);
        }
    }
}

#[derive(Clone, Debug)]
pub struct ClarificationAnswer {
    pub id: i64,
    pub at: Moment,
    /// Who answered; empty where its reader may not know.
    pub by: String,
    /// By the names of the fields.
    pub texts: BTreeMap<String, String>,
    /// By the names of the fields, as the answer was sent.
    pub files: Enclosures,
}

impl ClarificationAnswer {
    /// Every file that it brought, whatever it answers.
    pub fn all_files(&self) -> impl Iterator<Item = &Enclosed> {
        self.files.values().flatten()
    }
}

/// What is sealed of an answer: the digests of its files are in it. Before files could be brought it was the texts alone.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Said {
    Whole {
        texts: BTreeMap<String, String>,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        files: Enclosures,
    },
    Texts(BTreeMap<String, String>),
}

/// All records of a round with their clarifications and the newest answer to each, the oldest first. The caller has asked the
/// policy, and leaves out what its reader may not see.
pub(crate) async fn records(desk: &Desk, conn: &mut Conn, round: RoundId) -> Result<Vec<Record>> {
    let rows = conn.checks(round).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut answers = BTreeMap::new();
    let answered = conn.clarification_answers(round).await?;
    if !answered.is_empty() {
        let key = desk.round_key(conn, round).await?;
        for row in answered {
            let plain = key.open(&clarify::place(row.response, round, row.clarification), &row.sealed)?;
            let said = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
            let (texts, files) = match said {
                Said::Whole { texts, files } => (texts, files),
                Said::Texts(texts) => (texts, Enclosures::new()),
            };
            answers
                .insert(row.clarification, ClarificationAnswer { id: row.id, at: Moment(row.at), by: row.by_name, texts, files });
        }
    }
    let newest: BTreeMap<(i64, String), i64> = rows.iter().map(|row| ((row.response, row.subject.clone()), row.n)).collect();
    let open = |row: &CheckRow| newest.get(&(row.response, row.subject.clone())) == Some(&row.n);
    rows.iter().map(|row| record(row, open(row), answers.remove(&row.id))).collect()
}

fn record(row: &CheckRow, open: bool, answer: Option<ClarificationAnswer>) -> Result<Record> {
    let check = row.check()?;
    let fields = row.fields.as_deref().map(serde_json::from_str::<Vec<String>>).transpose();
    let fields = fields.map_err(|error| Error::Broken(error.to_string()))?;
    let clarification = fields.zip(row.deadline).map(|(fields, deadline)| Clarification {
        id: row.id,
        subject: check.subject,
        by: row.by_name.clone(),
        question: row.reason.clone(),
        fields,
        asked_at: Moment(row.at),
        deadline: Moment(deadline),
        open,
        answer,
    });
    Ok(Record {
        id: row.id,
        n: row.n,
        response: check.response,
        subject: check.subject,
        kind: check.kind,
        reason: row.reason.clone(),
        at: Moment(row.at),
        by: row.by_name.clone(),
        clarification,
    })
}

/// What a page showed of these records, as a mark: it changes with a record, and with an answer of the supplier.
pub(crate) fn mark<'a>(records: impl Iterator<Item = &'a Record>) -> String {
    let (mut newest, mut answers) = (0, String::new());
    for record in records {
        newest = newest.max(record.n);
        if let Some(answer) = record.clarification.as_ref().and_then(|asked| asked.answer.as_ref()) {
            answers.push('-');
            answers.push_str(&to_text(answer.id));
        }
    }
    format!("{newest}{answers}")
}

/// The check of a round, for its team: every response that this reader may see, and what was recorded of it.
pub struct CheckView {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub responses: Vec<OpenedResponse>,
    /// The oldest first.
    pub records: Vec<Record>,
}

impl CheckView {
    /// What was recorded of a cell, the newest last.
    pub fn cell(&self, response: ResponseId, subject: CheckSubject) -> impl DoubleEndedIterator<Item = &Record> {
        self.records.iter().filter(move |record| record.response == response && record.subject == subject)
    }

    /// The field `seen` of [`check_response`]: of one cell, or (`None`) of everything of a response.
    pub fn mark(&self, response: ResponseId, subject: Option<CheckSubject>) -> String {
        mark(of(&self.records, response, subject))
    }
}

pub(crate) fn of(
    records: &[Record],
    response: ResponseId,
    subject: Option<CheckSubject>,
) -> impl DoubleEndedIterator<Item = &Record> {
    records.iter().filter(move |record| record.response == response && subject.is_none_or(|subject| record.subject == subject))
}

pub async fn read_check(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<CheckView> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = crate::challenge::facts::<ReadCheck>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_check(actor, &facts)?;
        let round = round_of(&facts)?;
        let opened = opened_round(desk, &mut conn, facts).await?;
        let mut records = records(desk, &mut conn, round).await?;
        records.retain(|record| opened.responses.iter().any(|response| response.id == record.response));
        Ok(CheckView { facts: opened.facts, title: opened.title, terms: opened.terms, responses: opened.responses, records })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}
