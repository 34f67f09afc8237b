//! Answering: sealed drafts, submissions with receipts, withdrawal, the opening, and reading what was opened.

use std::collections::BTreeMap;

use domain::challenge::amendment::needs_confirmation;
use domain::challenge::{Stage, Terms};
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{
    self, ChallengeFacts, ListOpenedResponses, OpenResponses, ReadOpenedResponse, ReadOwnResponse, Refused, ResponseFacts,
    SaveAnswer, StartResponse, SubmitResponse, WithdrawResponse,
};
use domain::response::{Content, Field, LONGEST_ANSWER, content, form};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Conn, Lock, Mail, NewEnvelope, ResponseRow, SubmissionRow};

use crate::sealing::{Key, answer_place, digest, draft_place, envelope_place};
use crate::{Desk, Error, Result};

/// The one envelope of a challenge that does not separate the price; `price` joins it where it does.
pub const QUALITY: &str = "quality";

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: ResponseId, lock: Lock) -> Result<ResponseFacts> {
    Ok(conn.response_facts(actor, id, lock).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

fn round_of(facts: &ChallengeFacts) -> Result<RoundId> {
    facts.round.ok_or_else(|| Error::Broken("a published challenge without a round".into()))
}

impl Desk {
    async fn round_key(&self, conn: &mut Conn, round: RoundId) -> Result<Key> {
        let row = conn.round_key(round.get()).await?.ok_or_else(|| Error::Broken("a round without a key".into()))?;
        Ok(self.keys.round_key(round.get(), &row.sealed_key)?)
    }

    async fn draft_key(&self, conn: &mut Conn, row: &ResponseRow, round: RoundId) -> Result<Key> {
        Ok(self.round_key(conn, round).await?.unwrap(&draft_place(row.id), &row.draft_key)?)
    }

    /// The published terms that a response answers.
    async fn terms(&self, conn: &mut Conn, challenge: ChallengeId) -> Result<(i64, Terms)> {
        let row = conn.challenge_row(challenge).await?.ok_or_else(|| Error::Broken("a response without a challenge".into()))?;
        row.n.zip(row.terms()?).ok_or_else(|| Error::Broken("a response to an unpublished challenge".into()))
    }
}

/// Begins the supplier's candidacy, or finds the one that there is.
pub async fn start_response(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResponseId> {
    let id = ResponseId(desk.chance.id());
    let mut conn = desk.store.read().await?;
    let seen = async {
        let facts = crate::challenge::facts::<StartResponse>(&mut conn, actor, challenge, Lock::None).await?;
        if let Some(own) = facts.own_response {
            return Ok(Err(own));
        }
        policy::start_response(actor, &facts)?;
        Ok(Ok(round_of(&facts)?))
    }
    .await;
    let round = match seen {
        Ok(Ok(round)) => round,
        Ok(Err(own)) => return Ok(own),
        refused => {
            // Given back before the refusal is recorded: many who are late at once must not hold what the writer waits for.
            drop(conn);
            return desk.told(actor, refused.map(|_| id)).await;
        }
    };
    let draft_key =
        desk.round_key(&mut conn, round).await?.wrap(&draft_place(id.get()), &Key::random(&desk.chance), &desk.chance)?;
    drop(conn);
    let who = actor.clone();
    let started = desk
        .write(actor, move |tx| {
            Box::pin(async move {
                let facts = crate::challenge::facts::<StartResponse>(tx, &who, challenge, Lock::Share).await?;
                let permit = policy::start_response(&who, &facts)?;
                if let Some(own) = facts.own_response {
                    return Err(Error::Broken(format!("answered already: {own}")));
                }
                tx.start_response(&permit, id, &draft_key).await?;
                Ok(id)
            })
        })
        .await;
    match started {
        // Two members, or a double click: the other one's start stands.
        Err(Error::Store(error)) if error.is_unique_violation() => own_response(desk, actor, challenge).await,
        Err(Error::Broken(why)) if why.starts_with("answered already") => own_response(desk, actor, challenge).await,
        other => other,
    }
}

async fn own_response(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResponseId> {
    let mut conn = desk.store.read().await?;
    let facts = crate::challenge::facts::<StartResponse>(&mut conn, actor, challenge, Lock::None).await?;
    Ok(facts.own_response.ok_or(Refused::unseen::<StartResponse>(challenge.get()))?)
}

/// One answer as its supplier sees it.
#[derive(Clone, Debug, Default)]
pub struct DraftAnswer {
    pub text: String,
    pub row_version: i64,
    pub updated_at: Option<Moment>,
    pub updated_by: String,
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
    pub submissions: Vec<SubmissionRow>,
    /// The submission that stands was made under a version whose questions or prices have changed since.
    pub unconfirmed: bool,
    /// If the deadline were now: what keeps the draft from being accepted.
    pub missing: Vec<FieldError>,
}

impl OwnResponse {
    pub fn draft(&self) -> Fields {
        self.answers.iter().map(|(name, answer)| (name.clone(), answer.text.clone())).collect()
    }

    /// Changes whenever any answer does: a review page posts it back, so that what is submitted is what was reviewed.
    pub fn draft_version(&self) -> i64 {
        self.answers.values().map(|answer| answer.row_version).sum()
    }
}

pub async fn read_own_response(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<OwnResponse> {
    let mut conn = desk.store.read().await?;
    let outcome = own(desk, &mut conn, actor, id).await;
    drop(conn);
    desk.told(actor, outcome).await
}

async fn own(desk: &Desk, conn: &mut Conn, actor: &Actor, id: ResponseId) -> Result<OwnResponse> {
    let facts = facts::<ReadOwnResponse>(conn, actor, id, Lock::None).await?;
    policy::read_own_response(actor, &facts)?;
    let challenge = facts.challenge.challenge;
    let round = round_of(&facts.challenge)?;
    let row = conn.response(id).await?.ok_or(Refused::unseen::<ReadOwnResponse>(id.get()))?;
    let of = conn.challenge_row(challenge).await?.ok_or(Refused::unseen::<ReadOwnResponse>(id.get()))?;
    let (n, terms) = desk.terms(conn, challenge).await?;
    let key = desk.draft_key(conn, &row, round).await?;
    let mut answers = BTreeMap::new();
    for answer in conn.draft_answers(id, round).await? {
        let plain = key.open(&answer_place(id.get(), round.get(), &answer.question), &answer.sealed)?;
        let draft = DraftAnswer {
            text: String::from_utf8_lossy(&plain).into_owned(),
            row_version: answer.row_version,
            updated_at: Some(Moment(answer.updated_at)),
            updated_by: answer.updated_by,
        };
        answers.insert(answer.question, draft);
    }
    let submissions = conn.submissions(id).await?;
    let mut own = OwnResponse {
        facts,
        row,
        challenge,
        reference: of.reference,
        buyer: of.buyer_name,
        n,
        terms,
        answers,
        submissions,
        unconfirmed: false,
        missing: Vec::new(),
    };
    let standing = own.submissions.iter().find(|row| own.row.submission == Some(row.id));
    if let Some(under) = standing.map(|row| row.challenge_version).filter(|under| *under != n) {
        let versions = conn.versions(challenge).await?;
        if let Some(version) = versions.iter().find(|version| version.n == under) {
            own.unconfirmed = needs_confirmation(&version.terms()?, &own.terms);
        }
    }
    own.missing = content(&own.terms, n, &own.draft()).err().unwrap_or_default();
    Ok(own)
}

/// What became of a save: the answers that were written, and those that somebody else had changed meanwhile.
#[derive(Debug, Default)]
pub struct Saved {
    pub versions: BTreeMap<String, i64>,
    pub stale: Vec<String>,
}

/// Saves what was typed, each answer by itself with compare-and-set. `fields` holds answers by field name and the version
/// that was read as `seen-<field>`. Over-limit text is kept; only what no server should hold is refused.
pub async fn save_answer(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<Saved> {
    let own = read_own_response(desk, actor, id).await?;
    desk.told(actor, policy::save_answer(actor, &own.facts).map(drop).map_err(Error::from)).await?;
    let round = round_of(&own.facts.challenge)?;
    let key = {
        let mut conn = desk.store.read().await?;
        desk.draft_key(&mut conn, &own.row, round).await?
    };
    let mut changed = Vec::new();
    for field in form(&own.terms) {
        let name = field.name();
        let Some(text) = fields.0.get(&name) else { continue };
        let text = text.replace("\r\n", "\n");
        let before = own.answers.get(&name).cloned().unwrap_or_default();
        if text == before.text {
            continue;
        }
        if text.chars().count() > LONGEST_ANSWER {
            return Err(Error::Invalid(vec![
                FieldError::new(name, "too-long").with("max", LONGEST_ANSWER).with("over", text.chars().count() - LONGEST_ANSWER),
            ]));
        }
        let seen = fields.get(&format!("seen-{name}")).parse::<i64>().unwrap_or(before.row_version);
        let sealed = key.seal(&answer_place(id.get(), round.get(), &name), text.as_bytes(), &desk.chance)?;
        changed.push((name, sealed, seen));
    }
    if changed.is_empty() {
        return Ok(Saved::default());
    }
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SaveAnswer>(tx, &who, id, Lock::Share).await?;
            let permit = policy::save_answer(&who, &facts)?;
            let mut saved = Saved::default();
            for (name, sealed, seen) in changed {
                match tx.save_answer(&permit, round, &name, &sealed, seen).await {
                    Ok(version) => {
                        saved.versions.insert(name, version);
                    }
                    Err(store::Error::Stale) => saved.stale.push(name),
                    Err(error) => return Err(error.into()),
                }
            }
            tx.leave_no_entry();
            Ok(saved)
        })
    })
    .await
}

/// Submits the saved draft. `received_at`: the instant at which the server held the complete request, stamped by whoever
/// read it. `draft_version`: what was reviewed. `key`: makes a repeated post the same post.
pub async fn submit_response(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    received_at: Moment,
    draft_version: Option<i64>,
    key: &str,
) -> Result<SubmissionId> {
    let own = read_own_response(desk, actor, id).await?;
    let user = actor.user().map_or(0, |user| user.get());
    let key = format!("{id}:{key}");
    let draft = policy::submit_response(actor, &own.facts, received_at)
        .map_err(Error::from)
        .and_then(|_| content(&own.terms, own.n, &own.draft()).map_err(Error::Invalid));
    let draft = match draft {
        Ok(draft) => draft,
        // Accepted before, and the answer was lost on its way: asking again, even when it is late now, gives it again.
        Err(refused) => match answered(desk, user, key).await? {
            Some(submission) => return Ok(submission),
            None => return desk.told(actor, Err(refused)).await,
        },
    };
    let mut conn = desk.store.read().await?;
    let round = round_of(&own.facts.challenge)?;
    let round_key = desk.round_key(&mut conn, round).await?;
    drop(conn);
    let reviewed = draft_version.is_none_or(|version| version == own.draft_version());
    let n = own.submissions.first().map_or(0, |last| last.n) + 1;
    let canonical = draft.canonical();
    let salt = desk.chance.bytes::<16>();
    let digest = digest(&salt, &canonical);
    let data_key = Key::random(&desk.chance);
    let place = envelope_place(id.get(), round.get(), n, QUALITY);
    let envelope = NewEnvelope {
        kind: QUALITY,
        sealed: data_key.seal(&place, &canonical, &desk.chance)?,
        sealed_key: round_key.wrap(&place, &data_key, &desk.chance)?,
    };
    let (submission, mail, who, base) = (SubmissionId(desk.chance.id()), desk.chance.id(), actor.clone(), desk.base_url.clone());
    let (version, title, reference) = (own.n, own.terms.title, own.reference);
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SubmitResponse>(tx, &who, id, Lock::Share).await?;
            if let Some(answer) = tx.answered(user, "submit_response", &key).await? {
                tx.leave_no_entry();
                return submission_of(&answer);
            }
            let permit = policy::submit_response(&who, &facts, received_at)?;
            if !reviewed || tx.next_submission(id, round).await? != n {
                return Err(Error::Stale);
            }
            tx.submit_response(&permit, submission, round, n, version, received_at, &digest, &salt, &[envelope]).await?;
            tx.answer(user, "submit_response", &key, &submission.to_string()).await?;
            for (at, recipient) in (1i64..).zip(tx.supplier_addresses(facts.supplier).await?) {
                let params = json!({ "title": title, "reference": reference, "received": received_at.micros(), "link": format!("{base}/receipts/{submission}") });
                tx.mail(Mail { id: mail ^ at, event: format!("submit_response:{submission}"), recipient, template: "receipt", params, due_at: None });
            }
            Ok(submission)
        })
    })
    .await
}

fn submission_of(answer: &str) -> Result<SubmissionId> {
    SubmissionId::parse(answer).ok_or_else(|| Error::Broken("a stored answer does not parse".into()))
}

/// What a post with this key was answered before, if it was.
async fn answered(desk: &Desk, user: i64, key: String) -> Result<Option<SubmissionId>> {
    desk.store
        .write(move |tx| {
            Box::pin(
                async move { tx.answered(user, "submit_response", &key).await?.map(|answer| submission_of(&answer)).transpose() },
            )
        })
        .await
}

pub async fn withdraw_response(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<WithdrawResponse>(tx, &who, id, Lock::Share).await?;
            let permit = policy::withdraw_response(&who, &facts)?;
            let round = round_of(&facts.challenge)?;
            Ok(tx.withdraw_response(&permit, event, round).await?)
        })
    })
    .await
}

/// The proof of a submission, for its supplier.
pub struct Receipt {
    pub submission: SubmissionRow,
    pub response: ResponseId,
    pub supplier: String,
    pub reference: String,
    pub title: String,
    pub zone: String,
    pub position: i64,
    pub head: Vec<u8>,
    pub stands: bool,
    pub content: Content,
    pub terms: Terms,
}

pub async fn read_receipt(desk: &Desk, actor: &Actor, id: SubmissionId) -> Result<Receipt> {
    let mut conn = desk.store.read().await?;
    let outcome = receipt(desk, &mut conn, actor, id).await;
    drop(conn);
    desk.told(actor, outcome).await
}

async fn receipt(desk: &Desk, conn: &mut Conn, actor: &Actor, id: SubmissionId) -> Result<Receipt> {
    let unseen = || Refused::unseen::<ReadOwnResponse>(id.get());
    let submission = conn.submission(id).await?.ok_or_else(unseen)?;
    let response = ResponseId(submission.response);
    let facts = facts::<ReadOwnResponse>(conn, actor, response, Lock::None).await?;
    policy::read_own_response(actor, &facts)?;
    let row = conn.response(response).await?.ok_or_else(unseen)?;
    let challenge = conn.challenge_row(facts.challenge.challenge).await?.ok_or_else(unseen)?;
    let versions = conn.versions(facts.challenge.challenge).await?;
    let terms = versions.iter().find(|version| version.n == submission.challenge_version).ok_or_else(unseen)?;
    let terms: Terms = serde_json::from_str(&terms.terms).map_err(|error| Error::Broken(error.to_string()))?;
    let (position, head) = conn.entry_of("submit_response", "submission", id.get()).await?.ok_or_else(unseen)?;
    let round_key = desk.round_key(conn, RoundId(submission.round)).await?;
    let envelope = conn.envelopes(id).await?.into_iter().find(|envelope| envelope.kind == QUALITY).ok_or_else(unseen)?;
    let place = envelope_place(submission.response, submission.round, submission.n, QUALITY);
    let plain = round_key.unwrap(&place, &envelope.sealed_key)?.open(&place, &envelope.sealed)?;
    let content = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
    Ok(Receipt {
        stands: row.submission == Some(submission.id),
        supplier: row.supplier_name,
        reference: challenge.reference,
        title: terms.title.clone(),
        zone: terms.zone.clone(),
        submission,
        response,
        position,
        head,
        content,
        terms,
    })
}

/// Opens the round's envelopes, all at once: refused before the deadline and a minute, whoever asks.
pub async fn open_responses(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<usize> {
    let (keys, chance, who) = (desk.keys.clone(), desk.chance.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            // Exclusive: waits for every submission that holds the challenge, so that a receipt is opened or was never given.
            let facts = crate::challenge::facts::<OpenResponses>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::open_responses(&who, &facts)?;
            let round = round_of(&facts)?;
            let row = tx.round_key(round.get()).await?.ok_or_else(|| Error::Broken("a round without a key".into()))?;
            let round_key = keys.round_key(round.get(), &row.sealed_key)?;
            let (mut opened, mut over) = (Vec::new(), Sha256::new());
            for envelope in tx.standing_envelopes(round, QUALITY).await? {
                let key = round_key
                    .unwrap(&envelope_place(envelope.response, round.get(), envelope.n, QUALITY), &envelope.sealed_key)?;
                opened.push((envelope.submission, keys.wrap_opened(envelope.submission, QUALITY, &key, &chance)?));
                over.update(envelope.submission.to_be_bytes());
            }
            tx.open_responses(&permit, QUALITY, &opened, over.finalize().to_vec()).await?;
            let told = crate::notice::about(tx, EventKind::Opened, round.get(), challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/panel"))).await?;
            Ok(opened.len())
        })
    })
    .await
}

/// How a response is called by those who may not know names: drawn at random, as the order of random ids is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Supplier(String),
    /// 1, 2, 3, … in an order that means nothing.
    Pseudonym(usize),
}

/// An opened response, for its readers.
#[derive(Clone, Debug)]
pub struct OpenedResponse {
    pub id: ResponseId,
    pub named: Named,
    pub received_at: Moment,
    pub content: Content,
}

impl OpenedResponse {
    pub fn answer(&self, field: Field) -> &str {
        self.content.answer(field)
    }
}

/// Everything opened in a round that this actor may see, in the order of their random ids.
pub struct OpenedRound {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub responses: Vec<OpenedResponse>,
    /// The actor sees pseudonyms instead of names.
    pub anonymous: bool,
}

/// Names are hidden from the panel until the result; the team knew them since the opening.
fn hides_names(facts: &ChallengeFacts, terms: &Terms) -> bool {
    terms.anonymous && facts.seat.is_some() && !facts.stage().has_result()
}

pub async fn list_opened_responses(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<OpenedRound> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = crate::challenge::facts::<ListOpenedResponses>(&mut conn, actor, challenge, Lock::None).await?;
        policy::list_opened_responses(actor, &facts)?;
        opened_round(desk, &mut conn, facts).await
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// The opened responses without those that the actor's seat is recused from. The caller has asked the policy.
pub(crate) async fn opened_round(desk: &Desk, conn: &mut Conn, facts: ChallengeFacts) -> Result<OpenedRound> {
    let round = round_of(&facts)?;
    let (_, terms) = desk.terms(conn, facts.challenge).await?;
    let hidden = match &facts.seat {
        Some(seat) => conn.recusals(seat.id).await?,
        None => Vec::new(),
    };
    let anonymous = hides_names(&facts, &terms);
    let rows = conn.standing_responses(round).await?;
    let mut envelopes: BTreeMap<i64, _> =
        conn.standing_envelopes(round, QUALITY).await?.into_iter().map(|envelope| (envelope.submission, envelope)).collect();
    let mut responses = Vec::new();
    for (number, row) in (1..).zip(rows) {
        let id = ResponseId(row.id);
        if hidden.contains(&id) {
            continue;
        }
        let Some(envelope) = row.submission.and_then(|submission| envelopes.remove(&submission)) else { continue };
        let Some(opened_key) = &envelope.opened_key else { continue };
        let key = desk.keys.unwrap_opened(envelope.submission, QUALITY, opened_key)?;
        let plain = key.open(&envelope_place(envelope.response, round.get(), envelope.n, QUALITY), &envelope.sealed)?;
        let content = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
        let named = if anonymous { Named::Pseudonym(number) } else { Named::Supplier(row.supplier_name) };
        responses.push(OpenedResponse { id, named, received_at: Moment(row.received_at.unwrap_or_default()), content });
    }
    Ok(OpenedRound { title: terms.title.clone(), facts, terms, responses, anonymous })
}

/// One opened response.
pub async fn read_opened_response(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<(OpenedRound, OpenedResponse)> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadOpenedResponse>(&mut conn, actor, id, Lock::None).await?;
        policy::read_opened_response(actor, &facts)?;
        let round = opened_round(desk, &mut conn, facts.challenge).await?;
        let response = round.responses.iter().find(|response| response.id == id).cloned();
        Ok((round, response.ok_or(Refused::unseen::<ReadOpenedResponse>(id.get()))?))
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// A supplier's responses, each with the challenge it answers.
pub struct OwnListed {
    pub id: ResponseId,
    pub challenge: crate::challenge::Listed,
    pub submitted_at: Option<Moment>,
    pub withdrawn: bool,
    pub stage: Stage,
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
        let withdrawn = row.received_at.is_none() && row.withdrawn_at.is_some();
        out.push(OwnListed {
            id: ResponseId(row.id),
            stage: listed.stage,
            challenge: listed,
            submitted_at: row.received_at.map(Moment),
            withdrawn,
        });
    }
    Ok(out)
}
