//! People invited to read a draft, and what they say of its passages.

use domain::challenge::Section;
use domain::ids::{ChallengeId, CommentId, ReaderId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{CommentOnDraft, InviteReader, Permit, ReaderFacts, RevokeReader, SettleComment, Subject};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReaderRow {
    pub id: i64,
    pub challenge: i64,
    pub email: String,
    /// Of the account with this address, where there is one that is confirmed.
    pub name: Option<String>,
    pub invited_at: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
    pub comments: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PassageCommentRow {
    pub id: i64,
    pub reader: i64,
    pub section: String,
    pub quote: String,
    pub comment: String,
    pub at: i64,
    pub by_user: i64,
    pub name: String,
    /// The newest answer of the team.
    pub answer: Option<String>,
    pub answered_at: Option<i64>,
    /// The kind of the newest event that opens or closes it.
    pub event: Option<String>,
}

impl PassageCommentRow {
    /// The team is done with it.
    pub fn resolved(&self) -> bool {
        self.event.as_deref() == Some("resolved")
    }
}

macro_rules! reader_columns {
    () => {
        "select r.id, r.challenge, r.email, (select u.name from users u where u.email = r.email and u.confirmed_at is not null) as name,
                r.invited_at, r.expires_at, r.revoked_at, (select count(*) from draft_comment c where c.reader = r.id) as comments
         from draft_reader r "
    };
}

macro_rules! comment_columns {
    () => {
        "select c.id, c.reader, c.section, c.quote, c.comment, c.at, c.by_user, u.name,
                (select e.words from draft_comment_event e where e.comment = c.id and e.kind = 'answered' order by e.at desc, e.id desc limit 1) as answer,
                (select e.at from draft_comment_event e where e.comment = c.id and e.kind = 'answered' order by e.at desc, e.id desc limit 1) as answered_at,
                (select e.kind from draft_comment_event e where e.comment = c.id and e.kind <> 'answered' order by e.at desc, e.id desc limit 1) as event
         from draft_comment c join users u on u.id = c.by_user "
    };
}

impl Conn {
    /// Its challenge is locked with it.
    pub async fn reader_facts(&mut self, actor: &Actor, id: ReaderId, lock: Lock) -> Result<Option<ReaderFacts>> {
        let Some(row) = self.reader(id).await? else { return Ok(None) };
        let Some(challenge) = self.challenge_facts(actor, ChallengeId(row.challenge), lock).await? else { return Ok(None) };
        // Again under the lock: a revocation holds it too.
        let Some(row) = self.reader(id).await? else { return Ok(None) };
        let user = match actor.user() {
            Some(user) => self.user(user.get()).await?,
            None => None,
        };
        let own = user.is_some_and(|user| user.confirmed_at.is_some() && user.email == row.email);
        let revoked = row.revoked_at.is_some();
        Ok(Some(ReaderFacts { challenge, reader: id, own, expires_at: Moment(row.expires_at), revoked }))
    }

    pub async fn reader(&mut self, id: ReaderId) -> Result<Option<ReaderRow>> {
        row!(self, ReaderRow, concat!(reader_columns!(), "where r.id = $1"), id.get())
    }

    /// The newest first, those whose invitation ended too.
    pub async fn readers_of(&mut self, challenge: ChallengeId) -> Result<Vec<ReaderRow>> {
        rows!(
            self,
            ReaderRow,
            concat!(reader_columns!(), "where r.challenge = $1 order by r.invited_at desc, r.id"),
            challenge.get()
        )
    }

    /// Invitations of a person's confirmed address that were not revoked, those first that end first.
    pub async fn invitations_to_read(&mut self, user: i64) -> Result<Vec<ReaderRow>> {
        rows!(
            self,
            ReaderRow,
            concat!(
                reader_columns!(),
                "join users me on me.email = r.email
                 where me.id = $1 and me.confirmed_at is not null and r.revoked_at is null order by r.expires_at, r.id"
            ),
            user
        )
    }

    /// In the order in which they came.
    pub async fn passage_comments(&mut self, challenge: ChallengeId) -> Result<Vec<PassageCommentRow>> {
        rows!(self, PassageCommentRow, concat!(comment_columns!(), "where c.challenge = $1 order by c.at, c.id"), challenge.get())
    }

    /// Those of one reader.
    pub async fn passage_comments_by(&mut self, reader: ReaderId) -> Result<Vec<PassageCommentRow>> {
        rows!(self, PassageCommentRow, concat!(comment_columns!(), "where c.reader = $1 order by c.at, c.id"), reader.get())
    }
}

impl Tx {
    pub async fn invite_reader(
        &mut self,
        permit: &Permit<InviteReader>,
        id: ReaderId,
        email: &str,
        expires_at: Moment,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into draft_reader (id, challenge, email, invited_at, invited_by, expires_at) values ($1, $2, $3, $4, $5, $6)",
            id.get(),
            permit.subject().id,
            email,
            permit.now().micros(),
            permit.by().get(),
            expires_at.micros()
        )?;
        self.record_on(permit, Subject { kind: "reader", id: id.get() }, None)
    }

    /// `Stale` where the challenge has no such reader, or it is revoked already.
    pub async fn revoke_reader(&mut self, permit: &Permit<RevokeReader>, id: ReaderId) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "update draft_reader set revoked_at = $3, revoked_by = $4 where challenge = $1 and id = $2 and revoked_at is null",
            permit.subject().id,
            id.get(),
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record_on(permit, Subject { kind: "reader", id: id.get() }, None)
    }

    pub async fn comment_on_draft(
        &mut self,
        permit: &Permit<CommentOnDraft>,
        challenge: ChallengeId,
        id: CommentId,
        section: Section,
        quote: &str,
        comment: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into draft_comment (id, reader, challenge, section, quote, comment, at, by_user) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id.get(),
            permit.subject().id,
            challenge.get(),
            section.code(),
            quote,
            comment,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// `kind`: answered (in `words`), resolved, reopened. `Stale` where the challenge has no such comment.
    pub async fn settle_comment(
        &mut self,
        permit: &Permit<SettleComment>,
        event: i64,
        comment: CommentId,
        kind: &str,
        words: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into draft_comment_event (id, comment, kind, words, at, by_user)
             select $2, c.id, $4, $5, $6, $7 from draft_comment c where c.id = $3 and c.challenge = $1",
            permit.subject().id,
            event,
            comment.get(),
            kind,
            words,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record_on(permit, Subject { kind: "comment", id: comment.get() }, None)
    }
}
