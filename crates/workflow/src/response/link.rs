//! A draft by a link: for somebody who has no account and only reads it, such as whoever must agree inside the supplier.
//!
//! The link holds 256 random bits. The table holds their SHA-256, and the link itself only under the draft's key, so that the
//! members can look it up again and a stolen database opens nothing.

use domain::form::{Errors, FieldError, Fields};
use domain::ids::{DraftLinkId, FileId, ResponseId};
use domain::moment::{DAY, MINUTE, Moment};
use domain::organisation::Actor;
use domain::policy::{self, DraftLinkFacts, DraftLinkKind, ReadSharedDraft, Refused, RevokeDraftLink, ShareDraft};
use serde::{Deserialize, Serialize};
use store::{Conn, DraftLinkRow, Lock, NewDraftLink};

use super::enclosing::{SealedFile, file_of_draft};
use super::read::{OwnResponse, composed};
use super::{facts, read_own_response, round_of};
use crate::account::Secret;
use crate::sealing::Key;
use crate::{Desk, Error, Result};

/// Days that a link can hold; the first is offered.
pub const LINK_DAYS: [i64; 4] = [7, 1, 3, 14];
/// Links of one draft that hold at the same time.
const MOST: usize = 20;

fn place(response: i64, link: i64) -> String {
    format!("draft-link:{response}:{link}")
}

/// What lies sealed beside a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LinkWords {
    /// What the link carries.
    pub token: String,
    /// For whom it is, in the members' words.
    pub whom: String,
    /// Which partner of the draft; empty where it only reads.
    #[serde(default)]
    pub partner: String,
}

impl LinkWords {
    pub fn open(key: &Key, row: &DraftLinkRow) -> Result<Self> {
        let plain = key.open(&place(row.response, row.id), &row.sealed)?;
        serde_json::from_slice(&plain).map_err(|error| Error::Broken(error.to_string()))
    }

    /// Sealed, as a link to be made.
    pub fn seal(
        &self,
        desk: &Desk,
        key: &Key,
        response: ResponseId,
        kind: DraftLinkKind,
        expires_at: Moment,
    ) -> Result<NewDraftLink> {
        let id = DraftLinkId(desk.chance.id());
        let plain = serde_json::to_vec(self).map_err(|error| Error::Broken(error.to_string()))?;
        let sealed = key.seal(&place(response.get(), id.get()), &plain, &desk.chance)?;
        Ok(NewDraftLink { id, kind, token: Secret::digest(&self.token), sealed, expires_at })
    }
}

/// A link as the supplier's members see it.
pub struct DraftLink {
    pub id: DraftLinkId,
    pub row: DraftLinkRow,
    pub whom: String,
    /// The whole address, where it holds still.
    pub address: Option<String>,
}

/// An own draft and the links by which it is read.
pub struct DraftLinks {
    pub own: OwnResponse,
    pub links: Vec<DraftLink>,
}

pub async fn read_draft_links(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<DraftLinks> {
    let own = read_own_response(desk, actor, id).await?;
    let mut conn = desk.store.read().await?;
    let round = round_of(&own.facts.challenge)?;
    let mut links = Vec::new();
    // With the draft the words beside its links end too.
    if conn.draft_is_gone(id, round).await? {
        return Ok(DraftLinks { own, links });
    }
    let key = desk.draft_key(&mut conn, own.facts.response, round).await?;
    for row in conn.draft_links_of(id).await? {
        if row.kind()? != DraftLinkKind::Read {
            continue;
        }
        // Of an earlier round: its words lie under that round's key, and it has ended.
        let Ok(words) = LinkWords::open(&key, &row) else { continue };
        let holds = row.holds(own.facts.challenge.now);
        let address = holds.then(|| format!("{}/shared?token={}", desk.base_url, words.token));
        links.push(DraftLink { id: DraftLinkId(row.id), row, whom: words.whom, address });
    }
    Ok(DraftLinks { own, links })
}

/// Fields `whom` (in own words, for the members alone) and `days`, one of [`LINK_DAYS`].
pub async fn share_draft(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<DraftLinkId> {
    let own = read_own_response(desk, actor, id).await?;
    desk.told(actor, policy::share_draft(actor, &own.facts).map(drop).map_err(Error::from)).await?;
    let mut errors = Errors::default();
    let whom = errors.text(fields, "whom", true, 200);
    let days = fields.get("days").parse().ok().filter(|days| LINK_DAYS.contains(days));
    if days.is_none() {
        errors.say("days", "choose");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let until = own.facts.challenge.now.plus(days.unwrap_or(LINK_DAYS[0]) * DAY);
    let key = {
        let mut conn = desk.store.read().await?;
        desk.draft_key(&mut conn, own.facts.response, round_of(&own.facts.challenge)?).await?
    };
    let words = LinkWords { token: Secret::fresh(desk).0, whom, partner: String::new() };
    let new = words.seal(desk, &key, id, DraftLinkKind::Read, until)?;
    make(desk, actor, id, new).await
}

pub(super) async fn make(desk: &Desk, actor: &Actor, id: ResponseId, new: NewDraftLink) -> Result<DraftLinkId> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ShareDraft>(tx, &who, id, Lock::Share).await?;
            let permit = policy::share_draft(&who, &facts)?;
            let held = tx.draft_links_of(id).await?.iter().filter(|row| row.holds(facts.challenge.now)).count();
            if held >= MOST {
                return Err(Error::Invalid(vec![FieldError::new("whom", "links-many").with("max", MOST)]));
            }
            tx.share_draft(&permit, &new).await?;
            Ok(new.id)
        })
    })
    .await
}

/// Field `link`. Whoever has the page open gets nothing more by it.
pub async fn revoke_draft_link(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<()> {
    let link = DraftLinkId::parse(fields.get("link")).ok_or(Refused::unseen::<RevokeDraftLink>(id.get()))?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RevokeDraftLink>(tx, &who, id, Lock::Share).await?;
            let permit = policy::revoke_draft_link(&who, &facts)?;
            Ok(tx.revoke_draft_link(&permit, link).await?)
        })
    })
    .await
}

pub(super) async fn link_facts<V: policy::Verb>(
    conn: &mut Conn,
    actor: &Actor,
    token: &str,
    lock: Lock,
) -> Result<(DraftLinkFacts, DraftLinkRow)> {
    let found = conn.draft_link_facts(actor, &Secret::digest(token), lock).await?;
    Ok(found.ok_or(Refused::unseen::<V>(0))?)
}

/// A draft as whoever holds a link to it reads it.
pub struct SharedDraft {
    pub facts: DraftLinkFacts,
    pub own: OwnResponse,
}

/// Recorded, and told to the members, at most once a minute.
pub async fn read_shared_draft(desk: &Desk, actor: &Actor, token: &str, kind: DraftLinkKind) -> Result<SharedDraft> {
    let mut conn = desk.store.read().await?;
    let found = shared(desk, &mut conn, actor, token, kind).await;
    drop(conn);
    let (shared, row) = desk.told(actor, found).await?;
    if row.seen_at.is_none_or(|at| at + MINUTE <= shared.facts.response.challenge.now.micros()) {
        let (who, token) = (actor.clone(), token.to_owned());
        desk.write(actor, move |tx| {
            Box::pin(async move {
                let (facts, _) = link_facts::<ReadSharedDraft>(tx, &who, &token, Lock::None).await?;
                let permit = policy::read_shared_draft(&who, &facts)?;
                Ok(tx.read_shared_draft(&permit).await?)
            })
        })
        .await?;
    }
    Ok(shared)
}

async fn shared(
    desk: &Desk,
    conn: &mut Conn,
    actor: &Actor,
    token: &str,
    kind: DraftLinkKind,
) -> Result<(SharedDraft, DraftLinkRow)> {
    let (facts, row) = link_facts::<ReadSharedDraft>(conn, actor, token, Lock::None).await?;
    policy::read_shared_draft(actor, &facts)?;
    if facts.kind != kind {
        return Err(Refused::unseen::<ReadSharedDraft>(0).into());
    }
    let own = composed(desk, conn, facts.response.clone()).await?;
    Ok((SharedDraft { facts, own }, row))
}

/// A file that stands on the draft, for whoever holds a link of this kind to it.
pub async fn find_shared_file(desk: &Desk, actor: &Actor, token: &str, kind: DraftLinkKind, file: FileId) -> Result<SealedFile> {
    let shared = read_shared_draft(desk, actor, token, kind).await?;
    // Of what was taken off the draft since, the link shows nothing.
    let stands = shared.own.files.values().flatten().any(|one| one.id == file);
    if !stands {
        return Err(Refused::unseen::<ReadSharedDraft>(shared.facts.link.get()).into());
    }
    let mut conn = desk.store.read().await?;
    file_of_draft(desk, &mut conn, &shared.own, file).await
}
