//! A supplier's own responses, as it reads them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::challenge::amendment::needs_confirmation;
use domain::challenge::{RoundKind, Stage, Terms};
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SubmissionId, UserId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ReadOwnResponse, Refused, ResponseFacts};
use domain::response::{Content, Enclosures, Field, content};
use sha2::{Digest, Sha256};
use store::{AnswerRow, Conn, EnvelopeRow, Lock, ResponseRow, SubmissionRow, TypedRow};

use super::enclosing::enclosures;
use super::partner::{signed_digests, unsigned};
use super::{facts, round_of};
use crate::check::clarified;
use crate::sealing::{Key, answer_place, envelope_place, hex};
use crate::{Desk, Result};

/// One answer as its supplier sees it.
#[derive(Clone, Debug, Default)]
pub struct DraftAnswer {
    pub text: String,
    pub row_version: i64,
    /// The version of its row in the draft; older than `row_version`, or 0 for none, where it was typed with a submission and lies in
    /// that one's envelopes.
    pub(super) row: i64,
    /// It is not where it was submitted: an envelope is gone, or does not open. Nobody may take what else is there for it.
    pub lost: bool,
    pub updated_at: Option<Moment>,
    pub updated_by: String,
    /// The person behind that name.
    pub writer: Option<UserId>,
}

impl DraftAnswer {
    pub(crate) fn open(key: &Key, id: ResponseId, round: RoundId, row: AnswerRow) -> Result<Self> {
        let plain = key.open(&answer_place(id.get(), round.get(), &row.question), &row.sealed)?;
        Ok(Self {
            text: String::from_utf8_lossy(&plain).into_owned(),
            row_version: row.row_version,
            row: row.row_version,
            lost: false,
            updated_at: Some(Moment(row.updated_at)),
            updated_by: row.updated_by,
            writer: Some(UserId(row.writer)),
        })
    }

    /// When the reader saved it: in another tab, where the page did not know of it.
    pub fn own(&self, actor: &Actor) -> Option<Moment> {
        self.updated_at.filter(|_| self.writer.is_some() && self.writer == actor.user())
    }

    /// What a form posts back as `seen-<field>`: the version that it shows, and a mark of the text. By the mark an answer that
    /// stands in a form as it was read is told from one that somebody changed there.
    pub fn seen(&self) -> String {
        format!("{}.{}", self.row_version, mark(&self.text))
    }
}

/// Of a text that only its own supplier reads.
pub(super) fn mark(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes())[..6])
}

/// A supplier's own response: draft, submissions, what is missing.
pub struct OwnResponse {
    pub facts: ResponseFacts,
    pub row: ResponseRow,
    pub challenge: ChallengeId,
    pub reference: String,
    pub buyer: String,
    pub n: i64,
    pub terms: Terms,
    pub answers: BTreeMap<String, DraftAnswer>,
    /// Files that answer a question, by its field.
    pub files: Enclosures,
    /// Of one file, in bytes.
    pub most_bytes: u64,
    pub submissions: Vec<SubmissionRow>,
    /// The submission that stands was made under a version whose questions or prices have changed since.
    pub unconfirmed: bool,
    /// Whether what was opened is what was sent, by their digests; `None` before the opening.
    pub opened_same: Option<bool>,
    /// How many things its supplier was asked since the opening.
    pub clarifications: i64,
    /// The later round to which it was invited, where it is in one.
    pub invited: Option<Invited>,
    /// If the deadline were now: what keeps the draft from being accepted.
    pub missing: Vec<FieldError>,
}

/// To a later round.
pub struct Invited {
    /// From 2.
    pub number: u32,
    /// How many rounds are published.
    pub of: u32,
    pub kind: RoundKind,
    /// What the authority says to those who go on; may be empty.
    pub text: String,
    /// The deadline before it was moved last, and why.
    pub moved: Option<(Moment, String)>,
}

impl OwnResponse {
    pub fn draft(&self) -> Fields {
        self.answers.iter().map(|(name, answer)| (name.clone(), answer.text.clone())).collect()
    }

    /// Changes whenever any answer or file does: a review page posts it back, so that what is submitted is what was reviewed.
    pub fn draft_version(&self) -> i64 {
        draft_version(&self.answers, &self.files)
    }
}

pub(super) fn draft_version(answers: &BTreeMap<String, DraftAnswer>, files: &Enclosures) -> i64 {
    let answers: i64 = answers.values().map(|answer| answer.row_version).sum();
    // Ids are random: no other set of files gives the same.
    files.values().flatten().fold(answers, |version, file| version.wrapping_add(file.id.get()))
}

pub async fn read_own_response(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<OwnResponse> {
    let mut conn = desk.store.read().await?;
    let outcome = own(desk, &mut conn, actor, id).await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// The draft's answers and files.
pub(super) async fn written(
    desk: &Desk,
    conn: &mut Conn,
    id: ResponseId,
    round: RoundId,
) -> Result<(BTreeMap<String, DraftAnswer>, Enclosures)> {
    let key = desk.draft_key(conn, id, round).await?;
    let mut answers = BTreeMap::new();
    for answer in conn.draft_answers(id, round).await?.into_iter().filter(|row| clarified(&row.question).is_none()) {
        answers.insert(answer.question.clone(), DraftAnswer::open(&key, id, round, answer)?);
    }
    let made = conn.typed_with(&[(id, round)]).await?;
    if let Some(last) = typed_since(&answers, &made)? {
        let envelopes = conn.envelopes(SubmissionId(last.submission)).await?;
        lay_over(&mut answers, &made, (&desk.round_key(conn, round).await?, round), &envelopes)?;
    }
    Ok((answers, enclosures(conn, &key, id, round).await?))
}

/// The last submission of a draft, where an answer was typed with one and has no newer row.
fn typed_since<'a>(answers: &BTreeMap<String, DraftAnswer>, made: &'a [TypedRow]) -> Result<Option<&'a TypedRow>> {
    for row in made {
        let newer = |(name, version): (&String, &i64)| answers.get(name).is_none_or(|answer| answer.row < *version);
        if row.typed()?.iter().any(newer) {
            return Ok(made.last());
        }
    }
    Ok(None)
}

/// Puts what was typed with submissions over the rows that are older. `made`: the submissions of the draft's round, as they were made;
/// `envelopes`: of the last of them, for each holds all of the draft as it was.
pub(super) fn lay_over(
    answers: &mut BTreeMap<String, DraftAnswer>,
    made: &[TypedRow],
    (round_key, round): (&Key, RoundId),
    envelopes: &[EnvelopeRow],
) -> Result<()> {
    for row in made {
        for (name, version) in row.typed()? {
            let answer = answers.entry(name).or_default();
            if answer.row_version < version {
                answer.row_version = version;
                answer.updated_at = Some(Moment(row.written_at));
                answer.updated_by.clone_from(&row.submitted_by);
                answer.writer = Some(UserId(row.writer));
            }
        }
    }
    let parts: Vec<Content> = envelopes.iter().filter_map(|envelope| own_part(round_key, round, envelope).ok()).collect();
    let ended = envelopes.iter().any(|envelope| envelope.destroyed_at.is_some());
    for (name, answer) in answers.iter_mut().filter(|(_, answer)| answer.row < answer.row_version) {
        let text = parts.iter().find_map(|part| part.spelled(name));
        // What its time has ended for, with the envelope, is gone as it should be.
        answer.lost = text.is_none() && !ended;
        answer.text = text.map(Cow::into_owned).unwrap_or_default();
    }
    if answers.values().any(|answer| answer.lost) {
        tracing::error!(submission = made.last().map(|row| row.submission), "answers are not where they were submitted");
    }
    Ok(())
}

/// What is told of answers that a form of these terms asks and that are lost.
pub(super) fn lost(terms: &Terms, answers: &BTreeMap<String, DraftAnswer>) -> Vec<FieldError> {
    let asked = domain::response::written(terms).into_iter().map(Field::name);
    let lost = asked.filter(|name| answers.get(name).is_some_and(|answer| answer.lost));
    lost.map(|name| FieldError::new(name, "answer-lost")).collect()
}

/// What an envelope holds, for its own supplier; or why it cannot be read, for the log.
pub(super) fn own_part(round_key: &Key, round: RoundId, envelope: &EnvelopeRow) -> Result<Content, &'static str> {
    let place = envelope_place(envelope.response, round.get(), envelope.n, &envelope.kind);
    let opened = round_key.unwrap(&place, &envelope.sealed_key).and_then(|key| key.open(&place, &envelope.sealed));
    let plain = opened.map_err(|_| "a seal does not open")?;
    serde_json::from_slice(&plain).map_err(|_| "an envelope holds no answers")
}

pub(super) async fn own(desk: &Desk, conn: &mut Conn, actor: &Actor, id: ResponseId) -> Result<OwnResponse> {
    let facts = facts::<ReadOwnResponse>(conn, actor, id, Lock::None).await?;
    policy::read_own_response(actor, &facts)?;
    composed(desk, conn, facts).await
}

/// The response of facts on which the policy has decided already.
pub(super) async fn composed(desk: &Desk, conn: &mut Conn, facts: ResponseFacts) -> Result<OwnResponse> {
    let id = facts.response;
    let challenge = facts.challenge.challenge;
    let round = round_of(&facts.challenge)?;
    let row = conn.response(id).await?.ok_or(Refused::unseen::<ReadOwnResponse>(id.get()))?;
    let of = conn.challenge_row(challenge).await?.ok_or(Refused::unseen::<ReadOwnResponse>(id.get()))?;
    let (n, terms) = desk.round_terms(conn, &facts.challenge).await?;
    // Before the answers: what was typed with a submission that comes in between is not among them then, and the next one's number,
    // made of these, is taken.
    let submissions = conn.submissions(id).await?;
    let gone = conn.draft_is_gone(id, round).await?;
    let (answers, files) = if gone { Default::default() } else { written(desk, conn, id, round).await? };
    let number = u32::try_from(facts.challenge.standing.round).unwrap_or_default();
    let invited = match terms.later_round(number) {
        Some(planned) => {
            let extended = conn.round_extensions(round).await?.into_iter().rfind(|row| row.ended.as_deref() == Some("approved"));
            let moved = extended.map(|row| (Moment(row.deadline_before), row.reason));
            Some(Invited { number, of: terms.rounds(), kind: planned.kind, text: conn.invitation(round).await?, moved })
        }
        None => None,
    };
    let mut own = OwnResponse {
        facts,
        row,
        challenge,
        reference: of.reference,
        buyer: of.buyer_name,
        n,
        terms,
        answers,
        files,
        most_bytes: desk.files.most_bytes(),
        submissions,
        unconfirmed: false,
        invited,
        opened_same: None,
        clarifications: 0,
        missing: Vec::new(),
    };
    let standing = own.submissions.iter().find(|row| own.row.submission == Some(row.id));
    own.clarifications = conn.clarified(id).await?;
    if let Some(row) = standing.filter(|_| own.facts.challenge.standing.opened_at.is_some()) {
        let opened = conn.envelopes(SubmissionId(row.id)).await?.into_iter().filter_map(|envelope| {
            let sent = envelope.digest.unwrap_or_else(|| row.digest.clone());
            Some(envelope.opened_digest? == sent)
        });
        own.opened_same = opened.reduce(|all, one| all && one);
    }
    if let Some(under) = standing.map(|row| row.challenge_version).filter(|under| *under != n) {
        let standing = own.facts.challenge.standing;
        own.unconfirmed = unconfirmed(conn, challenge, under, (standing.round, standing.deadline), &own.terms).await?;
    }
    own.missing = match content(&own.terms, n, &own.draft(), &own.files) {
        Err(missing) => missing,
        Ok(content) if own.terms.offer.partners_sign && !gone => {
            let key = desk.draft_key(conn, own.facts.response, round).await?;
            unsigned(&signed_digests(conn, &key, id).await?, &content)
        }
        Ok(_) => Vec::new(),
    };
    let lost = lost(&own.terms, &own.answers);
    own.missing.retain(|error| !lost.iter().any(|lost| lost.field == error.field));
    own.missing.extend(lost);
    Ok(own)
}

/// Whether what was submitted under a version is to be confirmed under these terms of its round (its number and deadline).
pub(crate) async fn unconfirmed(
    conn: &mut Conn,
    challenge: ChallengeId,
    under: i64,
    (round, deadline): (i64, Option<Moment>),
    terms: &Terms,
) -> Result<bool> {
    let versions = conn.versions(challenge).await?;
    let Some(version) = versions.iter().find(|version| version.n == under) else { return Ok(false) };
    // As this round has them: what an amendment changed of the first one is nothing to a later one.
    let before = version.terms()?.of_round(u32::try_from(round).unwrap_or_default(), deadline);
    Ok(needs_confirmation(&before, terms))
}

/// A supplier's responses, each with the challenge it answers.
pub struct OwnListed {
    pub id: ResponseId,
    pub challenge: crate::challenge::Listed,
    pub submitted_at: Option<Moment>,
    pub withdrawn: bool,
    /// It is open, and what stands was submitted before an amendment of what it answers.
    pub unconfirmed: bool,
    /// Something of it is to be clarified by then.
    pub clarify_by: Option<Moment>,
    /// Of the newest round that it takes part in.
    pub stage: Stage,
    /// Until when it may be answered in that round.
    pub deadline: Moment,
    /// A letter is there, on a round before the one that it is in.
    pub letter: bool,
}

pub async fn list_own_responses(desk: &Desk, actor: &Actor) -> Result<Vec<OwnListed>> {
    let Some(acting) = actor.acting_as().filter(|acting| acting.kind == domain::organisation::OrganisationKind::Supplier) else {
        return Ok(Vec::new());
    };
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let mut out = Vec::new();
    for row in conn.responses_of(OrganisationId(acting.organisation.get())).await? {
        let Some(challenge) = conn.challenge_row(ChallengeId(row.challenge)).await? else { continue };
        let listed = crate::challenge::Listed::of(&challenge, now)?;
        let standing = challenge.standing();
        let deadline = Moment(row.deadline);
        let stage = match listed.stage {
            Stage::Cancelled => Stage::Cancelled,
            // A cut left it out.
            _ if row.round_number < standing.round => Stage::Decided,
            _ if row.round_number > 1 && now.before(deadline) => Stage::Open,
            stage => stage,
        };
        let waiting = if stage.before_opening() { None } else { conn.clarify_by(ResponseId(row.id)).await? };
        let clarify_by = waiting.filter(|by| now.before(*by) && stage != Stage::Decided && stage != Stage::Cancelled);
        let withdrawn = row.received_at.is_none() && row.withdrawn_at.is_some();
        let standing = if stage == Stage::Open { row.submission } else { None };
        let under = match standing {
            Some(id) => conn.submission(SubmissionId(id)).await?.map(|submission| submission.challenge_version),
            None => None,
        };
        let unconfirmed = match (under.filter(|under| Some(*under) != challenge.n), challenge.terms()?) {
            (Some(under), Some(terms)) => {
                let of = (row.round_number, Some(deadline));
                let terms = terms.of_round(u32::try_from(of.0).unwrap_or_default(), of.1);
                unconfirmed(&mut conn, ChallengeId(row.challenge), under, of, &terms).await?
            }
            _ => false,
        };
        out.push(OwnListed {
            unconfirmed,
            id: ResponseId(row.id),
            stage,
            deadline,
            letter: row.round_number > 1,
            challenge: listed,
            submitted_at: row.received_at.map(Moment),
            withdrawn,
            clarify_by,
        });
    }
    Ok(out)
}
