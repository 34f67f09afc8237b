//! Partners: named on the draft, asked by mail to sign it off, and what became of that.
//!
//! A partner signs the SHA-256 of the canonical content, the very bytes that are sealed. Whether a sign-off holds is computed by
//! comparison each time: any change of the draft, or of the challenge's version, makes it lapse, and the same text makes it
//! hold again.

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, DraftLinkId, ResponseId, RoundId, SignOffId, from_text, to_text};
use domain::moment::{DAY, Moment};
use domain::organisation::Actor;
use domain::policy::{self, AskSignOff, ChallengeFacts, DraftLinkKind, ReadSharedDraft, Refused, SignOff};
use domain::response::{Content, Field, Parties, Partner, content, parties, price_apart, typed_parties};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Conn, Lock, Mail, SignOffRow};

use super::link::{LinkWords, link_facts, read_shared_draft};
use super::opening::OpenedResponse;
use super::read::{OwnResponse, composed};
use super::{QUALITY, Saved, SharedDraft, facts, read_own_response, round_of, save_answer};
use crate::account::{Secret, address};
use crate::sealing::{Key, envelope_place, hex};
use crate::{Desk, Error, Result};

/// How long a partner has, in days: no longer than the deadline lets anything be submitted.
const DAYS: i64 = 30;

fn place(response: i64, id: i64) -> String {
    format!("sign-off:{response}:{id}")
}

/// What lies sealed of a sign-off.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Signed {
    partner: String,
    /// SHA-256 of the canonical content, hexadecimal.
    digest: String,
    /// Who signed, as typed.
    name: String,
}

/// How a partner stands to the draft as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignOffState {
    NotAsked,
    /// Asked, and has not answered.
    Asked(Moment),
    /// Signed what stands in the draft now.
    Holds {
        name: String,
        at: Moment,
    },
    /// Signed something else than what stands there now.
    Lapsed {
        name: String,
        at: Moment,
    },
}

impl SignOffState {
    pub fn holds(&self) -> bool {
        matches!(self, Self::Holds { .. })
    }
}

/// Of the canonical content: what partners sign, and what anybody can compute of the downloaded content.
pub fn content_digest(content: &Content) -> String {
    hex(&Sha256::digest(content.canonical()))
}

/// The content as it would be sealed now; `None` while anything is missing, and nobody can sign.
fn whole(own: &OwnResponse) -> Option<Content> {
    content(&own.terms, own.n, &own.draft(), &own.files).ok()
}

/// The sign-offs of a response in the round whose draft key this is, the newest first: those of another round lie under another.
async fn signed(conn: &mut Conn, key: &Key, response: ResponseId) -> Result<Vec<(SignOffRow, Signed)>> {
    let rows = conn.sign_offs(response).await?.into_iter();
    rows.filter_map(|row| Some((key.open(&place(row.response, row.id), &row.sealed).ok()?, row)))
        .map(|(plain, row)| Ok((row, serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?)))
        .collect()
}

/// Who signed what: partner and digest.
pub(super) async fn signed_digests(conn: &mut Conn, key: &Key, response: ResponseId) -> Result<Vec<(String, String)>> {
    Ok(signed(conn, key, response).await?.into_iter().map(|(_, signed)| (signed.partner, signed.digest)).collect())
}

/// What keeps a content from being submitted where the challenge has its partners sign: one error a partner.
pub(super) fn unsigned(signed: &[(String, String)], content: &Content) -> Vec<FieldError> {
    let digest = content_digest(content);
    let holds = |partner: &Partner| signed.iter().any(|(of, signed)| *of == partner.id && *signed == digest);
    let missing = content.partners().iter().filter(|partner| !holds(partner));
    missing.map(|partner| FieldError::new("parties", "partner-unsigned").with("name", &partner.name)).collect()
}

/// The page on which partners are named.
pub struct PartnersView {
    pub own: OwnResponse,
    /// As typed; the lead's identifiers are those of the profile where nothing was saved yet.
    pub typed: Fields,
    pub errors: Vec<FieldError>,
    pub parties: Option<Parties>,
    /// By the partner's id.
    pub states: BTreeMap<String, SignOffState>,
    /// Of the content as it stands; `None` while anything is missing.
    pub digest: Option<String>,
}

pub async fn read_partners(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<PartnersView> {
    let own = read_own_response(desk, actor, id).await?;
    let mut typed = typed_parties(&own.draft());
    let (parties, errors) = parties(&typed);
    let mut conn = desk.store.read().await?;
    if !typed.0.contains_key("lead-identifiers")
        && let Some(row) = conn.organisation(own.facts.supplier.get()).await?
    {
        typed.set("lead-identifiers", row.profile()?.identifiers);
    }
    let digest = whole(&own).map(|content| content_digest(&content));
    let mut states = BTreeMap::new();
    if let Some(parties) = &parties {
        let key = desk.draft_key(&mut conn, own.facts.response, round_of(&own.facts.challenge)?).await?;
        states = standing(&mut conn, &key, (id, own.facts.challenge.now), parties, digest.as_deref()).await?;
    }
    Ok(PartnersView { own, typed, errors, parties, states, digest })
}

async fn standing(
    conn: &mut Conn,
    key: &Key,
    (id, now): (ResponseId, Moment),
    parties: &Parties,
    digest: Option<&str>,
) -> Result<BTreeMap<String, SignOffState>> {
    let mut asked = BTreeMap::new();
    for row in conn.draft_links_of(id).await? {
        if row.kind()? == DraftLinkKind::Sign && row.holds(now) {
            let words = LinkWords::open(key, &row)?;
            asked.entry(words.partner).or_insert(Moment(row.created_at));
        }
    }
    let signed = signed(conn, key, id).await?;
    let state = |partner: &Partner| {
        let of: Vec<_> = signed.iter().filter(|(_, signed)| signed.partner == partner.id).collect();
        let told = |(row, signed): &&&(SignOffRow, Signed)| (signed.name.clone(), Moment(row.at));
        let holding = of.iter().find(|(_, signed)| Some(signed.digest.as_str()) == digest).as_ref().map(told);
        match (holding, of.first().as_ref().map(told), asked.get(&partner.id)) {
            (Some((name, at)), ..) => SignOffState::Holds { name, at },
            (None, Some((name, at)), _) => SignOffState::Lapsed { name, at },
            (None, None, Some(at)) => SignOffState::Asked(*at),
            (None, None, None) => SignOffState::NotAsked,
        }
    };
    Ok(parties.partners.iter().map(|partner| (partner.id.clone(), state(partner))).collect())
}

/// How the partners that an opened response names stand to what was opened, by their ids. Empty where its reader sees no names,
/// and while a price of it is still sealed: they signed it with the rest.
pub(super) async fn signed_of_opened(
    desk: &Desk,
    conn: &mut Conn,
    facts: &ChallengeFacts,
    terms: &Terms,
    of: &OpenedResponse,
) -> Result<BTreeMap<String, SignOffState>> {
    let sealed = price_apart(terms) && of.content.price.is_none();
    let (Some(parties), false) = (&of.content.parties, sealed) else { return Ok(BTreeMap::new()) };
    let round = round_of(facts)?;
    if conn.draft_is_gone(of.id, round).await? {
        return Ok(BTreeMap::new());
    }
    let key = desk.draft_key(conn, of.id, round).await?;
    // What hides the price's digest came with the seal, after they had signed.
    let digest = content_digest(&Content { blind: String::new(), ..of.content.clone() });
    standing(conn, &key, (of.id, facts.now), parties, Some(&digest)).await
}

/// Fields as in [`parties`], `partner-<n>-email`, and `seen` (the version that was read). Kept as typed, whether or not it can
/// be read; a row gets its id when it is first saved.
pub async fn save_partners(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<Saved> {
    let of_parties = |name: &str| name.starts_with("partner-") || name.starts_with("lead-");
    let mut typed: Fields = fields.0.iter().filter(|(name, _)| of_parties(name)).collect();
    let rows = typed.rows("partner");
    // Rows in which nothing stands any more are gone, with the id that the form posted for them.
    typed.0.retain(|name, _| {
        let row = name.strip_prefix("partner-").and_then(|rest| rest.split_once('-')).map(|(row, _)| row.parse());
        row.is_none_or(|row| row.is_ok_and(|row| rows.contains(&row)))
    });
    let mut ids = Vec::new();
    for row in rows {
        let name = format!("partner-{row}-id");
        if from_text(typed.get(&name)).is_none_or(|id| ids.contains(&id)) {
            typed.set(name.as_str(), to_text(desk.chance.id()));
        }
        ids.extend(from_text(typed.get(&name)));
    }
    let text = serde_json::to_string(&typed).map_err(|error| Error::Broken(error.to_string()))?;
    let name = Field::Parties.name();
    let mut saved = Fields::default();
    saved.set(format!("seen-{name}"), fields.get("seen"));
    saved.set(name, text);
    save_answer(desk, actor, id, &saved).await
}

/// Field `partner`, its id: mails it a link to what it would sign. An earlier link of the same partner ends.
pub async fn ask_sign_off(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<()> {
    let found = read_partners(desk, actor, id).await?;
    let own = &found.own;
    desk.told(actor, policy::ask_sign_off(actor, &own.facts).map(drop).map_err(Error::from)).await?;
    let rows = found.typed.rows("partner");
    let row = rows.into_iter().find(|row| found.typed.of_row("partner", *row, "id") == fields.get("partner"));
    let (Some(row), Some(parties)) = (row, &found.parties) else { return Err(Error::field("parties", "choose")) };
    let Some(partner) = parties.partner(fields.get("partner")) else { return Err(Error::field("parties", "choose")) };
    let email_field = format!("partner-{row}-email");
    let email = address(found.typed.get(&email_field)).ok_or_else(|| Error::field(&email_field, "email"))?;
    let mut conn = desk.store.read().await?;
    let key = desk.draft_key(&mut conn, own.facts.response, round_of(&own.facts.challenge)?).await?;
    let mut before = Vec::new();
    for row in conn.draft_links_of(id).await? {
        let live = row.kind()? == DraftLinkKind::Sign && row.holds(own.facts.challenge.now);
        if live && LinkWords::open(&key, &row)?.partner == partner.id {
            before.push(DraftLinkId(row.id));
        }
    }
    drop(conn);
    let words = LinkWords { token: Secret::fresh(desk).0, whom: partner.name.clone(), partner: partner.id.clone() };
    let until = own.facts.challenge.now.plus(DAYS * DAY).min(own.terms.deadline);
    let new = words.seal(desk, &key, id, DraftLinkKind::Sign, until)?;
    let params = json!({
        "supplier": own.row.supplier_name,
        "title": own.terms.title,
        "until": until.micros(),
        "link": format!("{}/sign-off?token={}", desk.base_url, words.token),
    });
    let (mail, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AskSignOff>(tx, &who, id, Lock::Share).await?;
            let permit = policy::ask_sign_off(&who, &facts)?;
            for link in before {
                tx.revoke_draft_link(&policy::revoke_draft_link(&who, &facts)?, link).await?;
            }
            tx.ask_sign_off(&permit, &new).await?;
            let event = format!("ask_sign_off:{mail}");
            tx.mail(Mail { id: mail, event, recipient: email, template: "sign-off", params, due_at: None });
            Ok(())
        })
    })
    .await
}

/// What a partner is asked to sign.
pub struct ToSign {
    pub shared: SharedDraft,
    pub partner: Partner,
    pub state: SignOffState,
    /// Of the content as it stands; `None` while anything is missing, and it cannot be signed yet.
    pub digest: Option<String>,
}

pub async fn read_to_sign(desk: &Desk, actor: &Actor, token: &str) -> Result<ToSign> {
    let shared = read_shared_draft(desk, actor, token, DraftLinkKind::Sign).await?;
    let mut conn = desk.store.read().await?;
    to_sign(desk, &mut conn, shared, token).await
}

async fn to_sign(desk: &Desk, conn: &mut Conn, shared: SharedDraft, token: &str) -> Result<ToSign> {
    let own = &shared.own;
    let unseen = || Refused::unseen::<ReadSharedDraft>(shared.facts.link.get());
    let key = desk.draft_key(conn, own.facts.response, round_of(&own.facts.challenge)?).await?;
    let row = conn.draft_link(&Secret::digest(token)).await?.ok_or_else(unseen)?;
    let words = LinkWords::open(&key, &row)?;
    // Who is not named any more has nothing to sign, and nothing to read.
    let (parties, _) = parties(&typed_parties(&own.draft()));
    let parties = parties.ok_or_else(unseen)?;
    let partner = parties.partner(&words.partner).cloned().ok_or_else(unseen)?;
    let digest = whole(own).map(|content| content_digest(&content));
    let at = (own.facts.response, own.facts.challenge.now);
    let mut states = standing(conn, &key, at, &parties, digest.as_deref()).await?;
    let state = states.remove(&partner.id).unwrap_or(SignOffState::NotAsked);
    Ok(ToSign { shared, partner, state, digest })
}

/// Fields `digest` (what was shown), `name` (who signs) and `agree`. `Stale` where the draft says something else by now: nobody
/// signs what they have not seen.
pub async fn sign_off(desk: &Desk, actor: &Actor, token: &str, fields: &Fields) -> Result<()> {
    let mut conn = desk.store.read().await?;
    let (facts, _) = link_facts::<SignOff>(&mut conn, actor, token, Lock::None).await?;
    if let Err(refused) = policy::sign_off(actor, &facts) {
        drop(conn);
        return desk.told(actor, Err(refused.into())).await;
    }
    let own = composed(desk, &mut conn, facts.response.clone()).await?;
    let key = desk.draft_key(&mut conn, own.facts.response, round_of(&own.facts.challenge)?).await?;
    let asked = to_sign(desk, &mut conn, SharedDraft { facts, own }, token).await?;
    drop(conn);
    let mut errors = Errors::default();
    let name = errors.text(fields, "name", true, 200);
    if !fields.checked("agree") {
        errors.say("agree", "sign-agree");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let digest = asked.digest.filter(|digest| digest == fields.get("digest")).ok_or(Error::Stale)?;
    if asked.state.holds() {
        return Ok(());
    }
    let (id, response) = (SignOffId(desk.chance.id()), asked.shared.facts.response.response);
    let plain = serde_json::to_vec(&Signed { partner: asked.partner.id, digest, name });
    let plain = plain.map_err(|error| Error::Broken(error.to_string()))?;
    let sealed = key.seal(&place(response.get(), id.get()), &plain, &desk.chance)?;
    let (who, token) = (actor.clone(), token.to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let (facts, _) = link_facts::<SignOff>(tx, &who, &token, Lock::Share).await?;
            let permit = policy::sign_off(&who, &facts)?;
            Ok(tx.sign_off(&permit, id, response, &sealed).await?)
        })
    })
    .await
}

/// Somebody with whom a conflict of interest is possible: a supplier that answered, its partner or subcontractor, a person that
/// one of them names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Names it in a form: the supplier's id, or a number that follows from the name alone.
    pub key: i64,
    pub name: String,
    pub responses: Vec<ResponseId>,
}

/// All that the responses opened in a round name, each name once and in alphabetical order, so that the list tells nothing of
/// who answers with whom: in a later round also whom they named before, because a partner of the written answers is one of the
/// interview too. The caller has asked the policy.
pub(crate) async fn named_in(desk: &Desk, conn: &mut Conn, facts: &policy::ChallengeFacts) -> Result<Vec<Named>> {
    let round = round_of(facts)?;
    let rows = conn.standing_responses(round).await?;
    let mut all: BTreeMap<String, Named> = BTreeMap::new();
    for row in &rows {
        let name = row.supplier_name.clone();
        let entry = all.entry(name.to_lowercase());
        entry.or_insert(Named { key: row.supplier, name, responses: Vec::new() }).responses.push(ResponseId(row.id));
    }
    let mut envelopes = Vec::new();
    for of in conn.rounds(facts.challenge).await?.into_iter().filter(|of| of.number <= facts.standing.round) {
        let opened = conn.standing_envelopes(RoundId(of.id), QUALITY).await?;
        envelopes.extend(opened.into_iter().map(|envelope| (of.id, envelope)));
    }
    envelopes.retain(|(_, envelope)| rows.iter().any(|row| row.id == envelope.response));
    for (round, envelope) in envelopes {
        let Some(opened_key) = &envelope.opened_key else { continue };
        let key = desk.keys.unwrap_opened(envelope.submission, QUALITY, opened_key)?;
        let plain = key.open(&envelope_place(envelope.response, round, envelope.n, QUALITY), &envelope.sealed)?;
        let content: Content = serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))?;
        let id = ResponseId(envelope.response);
        for name in content.parties.iter().flat_map(Parties::names) {
            let folded = name.to_lowercase();
            let entry = all.entry(folded.clone());
            let named = entry.or_insert_with(|| Named { key: key_of(&folded), name: name.to_owned(), responses: Vec::new() });
            if !named.responses.contains(&id) {
                named.responses.push(id);
            }
        }
    }
    Ok(all.into_values().collect())
}

/// The first 63 bits of the name's SHA-256.
fn key_of(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    let first: [u8; 8] = std::array::from_fn(|n| digest[n]);
    i64::from_be_bytes(first) & i64::MAX
}

/// For lists of the panel: keys and names of [`named_in`].
pub(crate) async fn parties_of(desk: &Desk, conn: &mut Conn, facts: &policy::ChallengeFacts) -> Result<Vec<(i64, String)>> {
    Ok(named_in(desk, conn, facts).await?.into_iter().map(|named| (named.key, named.name)).collect())
}

/// The responses behind keys that were chosen in such a list; `None` where one of them names nothing.
pub(crate) async fn responses_behind(
    desk: &Desk,
    actor: &Actor,
    id: ChallengeId,
    chosen: &[i64],
) -> Result<Option<Vec<ResponseId>>> {
    let mut conn = desk.store.read().await?;
    let Some(facts) = conn.challenge_facts(actor, id, Lock::None).await? else { return Ok(None) };
    if facts.round.is_none() || facts.standing.opened_at.is_none() {
        return Ok(None);
    }
    let all = named_in(desk, &mut conn, &facts).await?;
    let mut responses = Vec::new();
    for key in chosen {
        let Some(named) = all.iter().find(|named| named.key == *key) else { return Ok(None) };
        responses.extend(named.responses.iter().copied().filter(|id| !responses.contains(id)).collect::<Vec<_>>());
    }
    Ok(Some(responses))
}
