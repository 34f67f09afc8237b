//! Links to drafts for people without an account.

use domain::ids::{DraftLinkId, ResponseId, SignOffId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{
    AskSignOff, DraftLinkFacts, DraftLinkKind, Permit, ReadSharedDraft, RevokeDraftLink, ShareDraft, SignOff, Subject, Verb,
};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result, corrupt};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DraftLinkRow {
    pub id: i64,
    pub response: i64,
    /// Code of [`DraftLinkKind`].
    pub kind: String,
    pub sealed: Vec<u8>,
    pub created_at: i64,
    /// Name of whoever made it.
    pub created_by: String,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
    pub seen_at: Option<i64>,
    /// 1 where whoever made it is a member of the supplier still.
    pub maker_stays: i64,
}

impl DraftLinkRow {
    pub fn kind(&self) -> Result<DraftLinkKind> {
        DraftLinkKind::parse(&self.kind).ok_or_else(|| corrupt("kind of a draft link"))
    }

    pub fn holds(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && self.maker_stays > 0 && now.before(Moment(self.expires_at))
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignOffRow {
    pub id: i64,
    pub response: i64,
    pub sealed: Vec<u8>,
    pub at: i64,
}

/// A link to be made. `token`: SHA-256 of what it carries.
#[derive(Clone, Debug)]
pub struct NewDraftLink {
    pub id: DraftLinkId,
    pub kind: DraftLinkKind,
    pub token: Vec<u8>,
    pub sealed: Vec<u8>,
    pub expires_at: Moment,
}

macro_rules! link_columns {
    () => {
        "select l.id, l.response, l.kind, l.sealed, l.created_at, u.name as created_by, l.expires_at, l.revoked_at, l.seen_at,
                (select count(*) from membership m join response r on r.supplier = m.organisation
                 where r.id = l.response and m.user_id = l.created_by and m.ended_at is null) as maker_stays
         from draft_link l join users u on u.id = l.created_by "
    };
}

impl Conn {
    /// By the SHA-256 of what the link carries.
    pub async fn draft_link(&mut self, token: &[u8]) -> Result<Option<DraftLinkRow>> {
        row!(self, DraftLinkRow, concat!(link_columns!(), "where l.token = $1"), token)
    }

    /// The newest first, those that ended too.
    pub async fn draft_links_of(&mut self, response: ResponseId) -> Result<Vec<DraftLinkRow>> {
        rows!(
            self,
            DraftLinkRow,
            concat!(link_columns!(), "where l.response = $1 order by l.created_at desc, l.id"),
            response.get()
        )
    }

    /// The sign-offs of a response, the newest first.
    pub async fn sign_offs(&mut self, response: ResponseId) -> Result<Vec<SignOffRow>> {
        rows!(
            self,
            SignOffRow,
            "select id, response, sealed, at from sign_off where response = $1 order by at desc, id desc",
            response.get()
        )
    }

    /// Its challenge is locked with it. Gives the row as it is under the lock.
    pub async fn draft_link_facts(
        &mut self,
        actor: &Actor,
        token: &[u8],
        lock: Lock,
    ) -> Result<Option<(DraftLinkFacts, DraftLinkRow)>> {
        let Some(row) = self.draft_link(token).await? else { return Ok(None) };
        let Some(response) = self.response_facts(actor, ResponseId(row.response), lock).await? else { return Ok(None) };
        // Again under the lock: a revocation holds it too.
        let Some(row) = self.draft_link(token).await? else { return Ok(None) };
        let facts = DraftLinkFacts {
            response,
            link: DraftLinkId(row.id),
            kind: row.kind()?,
            expires_at: Moment(row.expires_at),
            revoked: row.revoked_at.is_some(),
            maker_stays: row.maker_stays > 0,
        };
        Ok(Some((facts, row)))
    }
}

impl Tx {
    pub async fn share_draft(&mut self, permit: &Permit<ShareDraft>, link: &NewDraftLink) -> Result<()> {
        self.make_draft_link(permit, link).await
    }

    /// The links by which the same partner was asked before are revoked by the caller.
    pub async fn ask_sign_off(&mut self, permit: &Permit<AskSignOff>, link: &NewDraftLink) -> Result<()> {
        self.make_draft_link(permit, link).await
    }

    /// `sealed`: what was agreed to, by whom.
    pub async fn sign_off(&mut self, permit: &Permit<SignOff>, id: SignOffId, response: ResponseId, sealed: &[u8]) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into sign_off (id, link, response, sealed, at) values ($1, $2, $3, $4, $5)",
            id.get(),
            permit.subject().id,
            response.get(),
            sealed,
            permit.now().micros()
        )?;
        self.record(permit, None)
    }

    async fn make_draft_link<V: Verb>(&mut self, permit: &Permit<V>, link: &NewDraftLink) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into draft_link (id, response, kind, token, sealed, created_at, created_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            link.id.get(),
            permit.subject().id,
            link.kind.code(),
            link.token.as_slice(),
            link.sealed.as_slice(),
            permit.now().micros(),
            permit.by().get(),
            link.expires_at.micros()
        )?;
        self.record_on(permit, Subject { kind: "draft_link", id: link.id.get() }, None)
    }

    /// `Stale` where the response has no such link, or it is revoked already.
    pub async fn revoke_draft_link(&mut self, permit: &Permit<RevokeDraftLink>, id: DraftLinkId) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "update draft_link set revoked_at = $3, revoked_by = $4 where response = $1 and id = $2 and revoked_at is null",
            permit.subject().id,
            id.get(),
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record_on(permit, Subject { kind: "draft_link", id: id.get() }, None)
    }

    /// That it was used: for the members, and on record.
    pub async fn read_shared_draft(&mut self, permit: &Permit<ReadSharedDraft>) -> Result<()> {
        self.accept(permit)?;
        exec!(self, "update draft_link set seen_at = $2 where id = $1", permit.subject().id, permit.now().micros())?;
        self.record(permit, None)
    }
}
