//! The opening, and what was opened, for those who may read it.

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::ids::{ChallengeId, ResponseId};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, ListOpenedResponses, OpenResponses, ReadOpenedResponse, Refused};
use domain::response::{Content, Field};
use sha2::{Digest, Sha256};
use store::{Conn, Lock};

use super::{QUALITY, facts, round_of};
use crate::sealing::envelope_place;
use crate::{Desk, Error, Result};

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
        let mut content: Content = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
        if anonymous {
            content.hide_file_names();
        }
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
