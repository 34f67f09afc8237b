//! The opening, and what was opened, for those who may read it.

use std::collections::{BTreeMap, BTreeSet};

use domain::audit::opened_digest;
use domain::challenge::Terms;
use domain::ids::{ChallengeId, ResponseId, RoundId, SubmissionId, UserId};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{
    self, AskOpening, ChallengeFacts, ListOpenedResponses, OpenResponses, ReadOpenedResponse, ReadOpening, Refusal, Refused,
    Subject, Verb,
};
use domain::response::{Content, Field};
use store::{Conn, EnvelopeRow, Left, Lock, NewOpening, Tx};

use super::partner::{SignOffState, signed_of_opened};
use super::unsealing::{MOST_TOLD, Unsealing, Unwhole, files_gone, unlike, unseal};
use super::{PRICE, QUALITY, facts, round_of};
use crate::check::{Clarification, Exclusion};
use crate::proof::{Anchor, OpenedSubmission, OpeningPaper, Paper};
use crate::sealing::{envelope_place, hex};
use crate::{Desk, Error, Result};

/// Asks that the round's envelopes be opened: another officer confirms it.
pub async fn ask_opening(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<()> {
    let (id, who, helper) = (desk.chance.id(), actor.clone(), desk.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<AskOpening>(tx, &who, challenge, Lock::Update).await?;
            let anonymous = anonymous(&helper, tx, &facts).await?;
            let permit = policy::ask_opening(&who, &facts, anonymous)?;
            tx.ask_opening(&permit, id, sealed_kind(&facts), anonymous).await?;
            let told = crate::notice::about(tx, EventKind::OpeningAsked, id, challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/opening"))).await?;
            Ok(())
        })
    })
    .await
}

/// Whether the panel sees pseudonyms. A challenge that was never published is not: there the policy refuses anyway.
pub(super) async fn anonymous(desk: &Desk, conn: &mut Conn, facts: &ChallengeFacts) -> Result<bool> {
    Ok(facts.standing.publish_at.is_some() && desk.round_terms(conn, facts).await?.1.anonymous)
}

/// What is to be opened next: the answers, then the prices where they are sealed apart.
fn sealed_kind(facts: &ChallengeFacts) -> &'static str {
    if facts.standing.opened_at.is_none() { QUALITY } else { PRICE }
}

/// Opens the round's envelopes of the kind that is next, all at once: refused before the deadline and a minute, whoever asks, and to whoever asked.
/// Prices that are sealed apart are refused until the quality scores are final. Each content is read once and its digest taken, so
/// that its supplier can see that what was opened is what it sent.
///
/// Every submission that stands is opened or none is: `NotWhole` where one is not there as it was received.
pub async fn open_responses(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<usize> {
    let opened = open_all(desk, actor, challenge).await;
    if let Err(Error::NotWhole(unwhole)) = &opened {
        // The record keeps which ones: whoever takes an envelope away to keep a response out leaves a trace of it.
        for one in unwhole.iter().take(MOST_TOLD) {
            let subject = Subject { kind: one.what.of(), id: one.id };
            let refused = Refused { why: Refusal::NotWhole, verb: OpenResponses::NAME, subject, sealed: true };
            desk.store.record_refusal(actor, refused).await?;
        }
    }
    opened
}

async fn open_all(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<usize> {
    let (keys, who, helper) = (desk.keys.clone(), actor.clone(), desk.clone());
    let mut conn = desk.store.read().await?;
    let before = crate::challenge::facts::<OpenResponses>(&mut conn, actor, challenge, Lock::None).await;
    drop(conn);
    // Whoever may not is told below.
    let gone = match before {
        Ok(facts) if facts.officer() && facts.round.is_some() => files_gone(desk, round_of(&facts)?, sealed_kind(&facts)).await?,
        _ => BTreeSet::new(),
    };
    desk.write(actor, move |tx| {
        Box::pin(async move {
            // Exclusive: waits for every submission that holds the challenge, so that a receipt is opened or was never given.
            let facts = crate::challenge::facts::<OpenResponses>(tx, &who, challenge, Lock::Update).await?;
            let anonymous = anonymous(&helper, tx, &facts).await?;
            let permit = policy::open_responses(&who, &facts, anonymous)?;
            let round = round_of(&facts)?;
            let row = tx.round_key(round.get()).await?.ok_or_else(|| Error::Broken("a round without a key".into()))?;
            let round_key = keys.round_key(round.get(), &row.sealed_key)?;
            let kind = sealed_kind(&facts);
            let Unsealing { unsealed, awaits_price } = unseal(&helper, tx, &facts, (&round_key, kind), &gone).await?;
            let over = digest_over(unsealed.iter().map(|one| (one.submission, one.digest.as_slice()))).1;
            let asked = facts.opening.asked.filter(|_| facts.opening.by_two).map(|(by, at)| (by.get(), at));
            let left =
                if kind == QUALITY { left_by(&helper, tx, &facts, unsealed.len(), awaits_price).await? } else { Left::default() };
            tx.open_responses(&permit, NewOpening { kind, asked, names: anonymous, digest: over, left }, &unsealed).await?;
            let (told, room) = if kind == QUALITY { (EventKind::Opened, "panel") } else { (EventKind::PricesOpened, "result") };
            let told = crate::notice::about(tx, told, round.get(), challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/{room}"))).await?;
            Ok(unsealed.len())
        })
    })
    .await
}

/// What the first opening leaves to be done: every requirement of every response to be checked, and prices that stay sealed.
async fn left_by(desk: &Desk, tx: &mut Tx, facts: &ChallengeFacts, responses: usize, apart: bool) -> Result<Left> {
    let cells = responses * desk.round_terms(tx, facts).await?.1.requirements.len();
    Ok(Left { to_check: i64::try_from(cells).unwrap_or(i64::MAX), awaits: apart.then_some(PRICE) })
}

/// The list of what was opened, without names, and SHA-256 over it as canonical JSON.
fn digest_over<'a>(opened: impl Iterator<Item = (i64, &'a [u8])>) -> (Vec<OpenedSubmission>, Vec<u8>) {
    let opened: Vec<(i64, &[u8])> = opened.collect();
    let over = opened_digest(opened.iter().copied());
    let list = opened
        .into_iter()
        .map(|(submission, digest)| OpenedSubmission { reference: SubmissionId(submission).to_string(), sha256: hex(digest) })
        .collect();
    (list, over.to_vec())
}

/// The record of an opening, for the team.
pub struct OpeningRecord {
    pub title: String,
    pub asked_at: Moment,
    pub confirmed_at: Moment,
    pub paper: OpeningPaper,
    /// The paper with its signature.
    pub signed: String,
}

/// The room of the opening: how it stands, and its record once there is one.
pub struct OpeningView {
    pub challenge: crate::challenge::DraftView,
    /// The name of who asked.
    pub asked_by: String,
    pub record: Option<OpeningRecord>,
    /// Of the prices, where they were sealed apart.
    pub prices: Option<OpeningRecord>,
    /// It was opened, and what stands of it is not as the record has it: no record of it is given then.
    pub unlike: Vec<Unwhole>,
}

pub async fn read_opening_room(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<OpeningView> {
    let challenge = crate::challenge::read_draft(desk, actor, id).await?;
    let mut conn = desk.store.read().await?;
    let asked_by = match challenge.facts.opening.asked {
        Some((user, _)) => conn.person(user.get()).await?.unwrap_or_default(),
        None => String::new(),
    };
    let mut view = OpeningView { challenge, asked_by, record: None, prices: None, unlike: Vec::new() };
    // An owner of the buyer who is not on the team sees the room, and no record.
    if policy::read_opening(actor, &view.challenge.facts).is_ok() {
        match records(desk, &mut conn, actor, &view.challenge.facts).await {
            Ok((record, prices)) => (view.record, view.prices) = (Some(record), prices),
            Err(Error::NotWhole(unlike)) => view.unlike = unlike,
            Err(error) => return Err(error),
        }
    }
    Ok(view)
}

/// Of the answers, and of the prices where these were opened apart.
async fn records(
    desk: &Desk,
    conn: &mut Conn,
    actor: &Actor,
    facts: &ChallengeFacts,
) -> Result<(OpeningRecord, Option<OpeningRecord>)> {
    let quality = record(desk, conn, actor, facts.challenge, QUALITY).await?;
    let prices = match conn.opening(round_of(facts)?, PRICE).await? {
        Some(_) => Some(record(desk, conn, actor, facts.challenge, PRICE).await?),
        None => None,
    };
    Ok((quality, prices))
}

/// `kind`: [`QUALITY`] or [`PRICE`]. `NotWhole`, with what does not fit, where the record does not tell of it as it stands.
pub async fn read_opening(desk: &Desk, actor: &Actor, challenge: ChallengeId, kind: &str) -> Result<OpeningRecord> {
    let mut conn = desk.store.read().await?;
    let outcome = record(desk, &mut conn, actor, challenge, kind).await;
    drop(conn);
    desk.told(actor, outcome).await
}

async fn record(desk: &Desk, conn: &mut Conn, actor: &Actor, challenge: ChallengeId, kind: &str) -> Result<OpeningRecord> {
    let facts = crate::challenge::facts::<ReadOpening>(conn, actor, challenge, Lock::None).await?;
    policy::read_opening(actor, &facts)?;
    let round = round_of(&facts)?;
    let unseen = || Refused::unseen::<ReadOpening>(round.get());
    let row = conn.opening(round, kind).await?.ok_or_else(unseen)?;
    let of = conn.challenge_row(challenge).await?.ok_or_else(unseen)?;
    let (_, terms) = desk.terms(conn, challenge).await?;
    let opened = conn.opened_submissions(round, kind).await?;
    let (submissions, over) = digest_over(opened.iter().map(|row| (row.submission, row.digest.as_slice())));
    let digests = [row.bound(round, kind, &over).digest(), over.clone()];
    let entry = conn.entry_over("open_responses", "round", round.get(), [&digests[0], &digests[1]]).await?;
    // What is not as it was recorded is signed for nobody; its team is told what does not fit.
    let Some((position, hash)) = entry else { return Err(Error::NotWhole(unlike(conn, &facts, kind).await?)) };
    let by = |user: i64| Some(UserId(user).to_string());
    let paper = OpeningPaper {
        asked_by_id: by(row.asked_by_id),
        confirmed_by_id: by(row.confirmed_by_id),
        issuer: desk.base_url.to_string(),
        reference: round.to_string(),
        challenge: of.reference,
        title: terms.title.clone(),
        envelope: kind.into(),
        deadline: facts.standing.deadline.unwrap_or_default().rfc3339(),
        zone: terms.zone,
        asked_by: row.asked_by,
        asked_at: Moment(row.asked_at).rfc3339(),
        confirmed_by: row.confirmed_by,
        confirmed_at: Moment(row.confirmed_at).rfc3339(),
        number: i64::try_from(submissions.len()).unwrap_or(i64::MAX),
        submissions,
        sha256: hex(&over),
        record: Anchor { position, hash: hex(&hash) },
    };
    Ok(OpeningRecord {
        title: terms.title,
        asked_at: Moment(row.asked_at),
        confirmed_at: Moment(row.confirmed_at),
        signed: desk.keys.signer().sign(&Paper::Opening(paper.clone()))?,
        paper,
    })
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
    /// Nothing while names are hidden: it stands on the supplier's receipt to the microsecond.
    pub received_at: Option<Moment>,
    /// Without a price that is still sealed.
    pub content: Content,
    /// The check excluded it: it is read, and neither scored nor ranked.
    pub excluded: Option<Exclusion>,
    /// What its supplier was asked after the opening, with its answers.
    pub clarified: Vec<Clarification>,
    /// How its partners stand to what was opened, by their ids; read for one response alone.
    pub signed: BTreeMap<String, SignOffState>,
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
    list_opened_responses_of(desk, actor, challenge, None).await
}

/// The same of one round, by its number; of the newest where none is named.
pub async fn list_opened_responses_of(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    round: Option<i64>,
) -> Result<OpenedRound> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = crate::challenge::round_facts::<ListOpenedResponses>(&mut conn, actor, challenge, round).await?;
        policy::list_opened_responses(actor, &facts)?;
        opened_round(desk, &mut conn, facts).await
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// A response as it is called, without what it says.
#[derive(Clone, Debug)]
pub struct NamedResponse {
    pub id: ResponseId,
    pub named: Named,
    /// Nothing while names are hidden.
    pub received_at: Option<Moment>,
    /// The check excluded it: it is read, and neither scored nor ranked.
    pub excluded: Option<Exclusion>,
    /// What its supplier was asked after the opening, with its answers.
    pub clarified: Vec<Clarification>,
}

/// The responses of a round that this actor may see, in the order of their random ids, without what they say: nothing is
/// decrypted for a list.
pub struct NamedRound {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub responses: Vec<NamedResponse>,
    /// The actor sees pseudonyms instead of names.
    pub anonymous: bool,
    /// Words that an officer left out of what this actor reads, by response.
    pub(crate) left_out: BTreeMap<ResponseId, Vec<String>>,
}

/// Without those that the actor's seat is recused from. The caller has asked the policy.
pub(crate) async fn named_round(desk: &Desk, conn: &mut Conn, facts: ChallengeFacts) -> Result<NamedRound> {
    let round = round_of(&facts)?;
    let (_, terms) = desk.round_terms(conn, &facts).await?;
    let hidden = match &facts.seat {
        Some(seat) => conn.recusals(seat.id).await?,
        None => Vec::new(),
    };
    let anonymous = hides_names(&facts, &terms);
    let rows = conn.standing_responses(round).await?;
    let records = crate::check::records(desk, conn, round).await?;
    let mut excluded = crate::check::exclusions(&records);
    let mut asked: BTreeMap<ResponseId, Vec<Clarification>> = BTreeMap::new();
    let mut left_out: BTreeMap<ResponseId, Vec<String>> = BTreeMap::new();
    if anonymous {
        for row in conn.redactions(round).await? {
            left_out.entry(ResponseId(row.response)).or_default().push(row.words);
        }
    }
    for mut record in records {
        if anonymous && let Some(clarification) = &mut record.clarification {
            clarification.hide_names(left_out.get(&record.response).map_or(&[], Vec::as_slice));
        }
        asked.entry(record.response).or_default().extend(record.clarification);
    }
    let responses = (1..)
        .zip(rows)
        .map(|(number, row)| NamedResponse {
            id: ResponseId(row.id),
            named: if anonymous { Named::Pseudonym(number) } else { Named::Supplier(row.supplier_name) },
            received_at: row.received_at.map(Moment).filter(|_| !anonymous),
            excluded: excluded.remove(&ResponseId(row.id)),
            clarified: asked.remove(&ResponseId(row.id)).unwrap_or_default(),
        })
        .filter(|response| !hidden.contains(&response.id))
        .collect();
    Ok(NamedRound { title: terms.title.clone(), facts, terms, responses, anonymous, left_out })
}

/// What the responses of a round say, as its reader may read it; of one of them where one is asked for.
pub(crate) async fn contents(
    desk: &Desk,
    conn: &mut Conn,
    of: &NamedRound,
    only: Option<ResponseId>,
) -> Result<BTreeMap<ResponseId, Content>> {
    let round = round_of(&of.facts)?;
    let seen = |id: i64| of.responses.iter().any(|response| response.id.get() == id);
    let read = async |conn: &mut Conn, kind: &str| match only {
        Some(id) => Ok::<_, Error>(conn.standing_envelope(round, kind, id).await?.into_iter().collect()),
        None => Ok(conn.standing_envelopes(round, kind).await?),
    };
    let envelopes: Vec<EnvelopeRow> = read(conn, QUALITY).await?;
    // None before the opening of prices that are sealed apart, nor where they are not.
    let prices: Vec<EnvelopeRow> =
        if conn.opening(round, PRICE).await?.is_some() { read(conn, PRICE).await? } else { Vec::new() };
    let mut prices: BTreeMap<i64, _> = prices.into_iter().map(|envelope| (envelope.submission, envelope)).collect();
    let mut contents = BTreeMap::new();
    for envelope in envelopes.into_iter().filter(|envelope| seen(envelope.response)) {
        let price = prices.remove(&envelope.submission);
        let Some(mut content) = opened_content(desk, round, &envelope)? else { continue };
        if let Some(price) = price.map(|price| opened_content(desk, round, &price)).transpose()?.flatten() {
            content = content.with_price(price);
        }
        if of.anonymous {
            content.hide_names();
            content.redact(of.left_out.get(&ResponseId(envelope.response)).map_or(&[], Vec::as_slice));
        }
        contents.insert(ResponseId(envelope.response), content);
    }
    Ok(contents)
}

/// The opened responses without those that the actor's seat is recused from. The caller has asked the policy.
pub(crate) async fn opened_round(desk: &Desk, conn: &mut Conn, facts: ChallengeFacts) -> Result<OpenedRound> {
    let round = named_round(desk, conn, facts).await?;
    let mut contents = contents(desk, conn, &round, None).await?;
    // All that stand were opened: nobody reads and scores the others as if these were all.
    if let Some(lost) = round.responses.iter().find(|response| !contents.contains_key(&response.id)) {
        tracing::error!(response = %lost.id, "a response that stands is not among what was opened");
        return Err(Error::NotWhole(Vec::new()));
    }
    let NamedRound { facts, title, terms, responses, anonymous, .. } = round;
    let responses = responses
        .into_iter()
        .filter_map(|response| {
            let NamedResponse { id, named, received_at, excluded, clarified } = response;
            Some(OpenedResponse {
                id,
                named,
                received_at,
                content: contents.remove(&id)?,
                excluded,
                clarified,
                signed: BTreeMap::new(),
            })
        })
        .collect();
    Ok(OpenedRound { facts, title, terms, responses, anonymous })
}

/// What an envelope holds; `None` where the opening did not make it readable.
fn opened_content(desk: &Desk, round: RoundId, envelope: &EnvelopeRow) -> Result<Option<Content>> {
    let Some(opened_key) = &envelope.opened_key else { return Ok(None) };
    let place = envelope_place(envelope.response, round.get(), envelope.n, &envelope.kind);
    let opened = desk.keys.unwrap_opened(envelope.submission, &envelope.kind, opened_key);
    let plain = opened.and_then(|key| key.open(&place, &envelope.sealed)).map_err(|error| {
        tracing::error!(submission = envelope.submission, %error, "what was opened of a submission was changed since");
        Error::NotWhole(Vec::new())
    })?;
    serde_json::from_slice(&plain).map(Some).map_err(|error| Error::Broken(error.to_string()))
}

/// One opened response.
pub async fn read_opened_response(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<(OpenedRound, OpenedResponse)> {
    read_opened_response_of(desk, actor, id, None).await
}

/// What it said in one round, by its number; in the newest that is opened where none is named.
pub async fn read_opened_response_of(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    round: Option<i64>,
) -> Result<(OpenedRound, OpenedResponse)> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let mut facts = facts::<ReadOpenedResponse>(&mut conn, actor, id, Lock::None).await?;
        let newest = facts.challenge.standing;
        let before = (newest.round > 1 && newest.opened_at.is_none()).then_some(newest.round - 1);
        if let Some(number) = round.or(before) {
            let earlier = number >= 1 && number <= newest.round && conn.takes_part(id, number).await?;
            let found = if earlier { conn.response_round_facts(actor, id, number, Lock::None).await? } else { None };
            facts = found.ok_or(Refused::unseen::<ReadOpenedResponse>(id.get()))?;
        }
        policy::read_opened_response(actor, &facts)?;
        let round = opened_round(desk, &mut conn, facts.challenge).await?;
        let response = round.responses.iter().find(|response| response.id == id).cloned();
        let mut response = response.ok_or(Refused::unseen::<ReadOpenedResponse>(id.get()))?;
        response.signed = signed_of_opened(desk, &mut conn, &round.facts, &round.terms, &response).await?;
        Ok((round, response))
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}
