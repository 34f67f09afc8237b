//! Users, their sessions and one-time links. What a person does to the own account needs no permit; it is recorded.

use std::collections::HashMap;

use domain::moment::Moment;

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct User {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub password: String,
    pub administrator: bool,
    pub confirmed_at: Option<i64>,
    pub lang: String,
    pub zone: String,
}

#[derive(Clone, Debug)]
pub struct NewUser {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub password: String,
    pub administrator: bool,
    pub confirmed: bool,
    pub zone: String,
}

/// A session with its user and the membership that is acted as, in one statement: read at each signed-in request.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    pub id: i64,
    pub user_id: i64,
    pub created_at: i64,
    pub seen_at: i64,
    pub expires_at: i64,
    pub agent: String,
    pub email: String,
    pub name: String,
    pub administrator: bool,
    pub lang: String,
    pub zone: String,
    pub membership: Option<i64>,
    pub organisation: Option<i64>,
    pub organisation_name: Option<String>,
    pub organisation_kind: Option<String>,
    pub role: Option<String>,
    /// Notices that the person has not read, counted up to [`crate::MOST_UNREAD`].
    pub unread: i64,
}

/// What `sessions` reads besides, to know which is whose.
#[derive(sqlx::FromRow)]
struct Found {
    token: Vec<u8>,
    #[sqlx(flatten)]
    session: SessionRow,
}

/// Cookies that are looked up in one statement.
pub(crate) const LOOKED_UP: usize = 8;

macro_rules! session_head {
    () => {
        "select s.token, s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.agent, u.email, u.name, u.administrator, u.lang, u.zone,
                m.id as membership, o.id as organisation, o.name as organisation_name, o.kind as organisation_kind, m.role,
                (select count(*) from (select 1 from notice n where n.user_id = s.user_id and n.read_at is null limit 100) few) as unread
         from session s
         join users u on u.id = s.user_id
         left join membership m on m.id = s.membership and m.user_id = s.user_id and m.ended_at is null
         left join organisation o on o.id = m.organisation"
    };
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PendingToken {
    pub purpose: String,
    pub email: String,
    pub user_id: Option<i64>,
    pub subject_id: Option<i64>,
    pub role: Option<String>,
    pub created_by: Option<i64>,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

impl Conn {
    pub async fn user_by_email(&mut self, email: &str) -> Result<Option<User>> {
        row!(
            self,
            User,
            "select id, email, name, password, administrator, confirmed_at, lang, zone from users where email = $1",
            email
        )
    }

    pub async fn user(&mut self, id: i64) -> Result<Option<User>> {
        row!(self, User, "select id, email, name, password, administrator, confirmed_at, lang, zone from users where id = $1", id)
    }

    pub async fn any_administrator(&mut self) -> Result<bool> {
        let found = row!(self, (i64,), "select count(*) from users where administrator")?;
        Ok(found.is_some_and(|(n,)| n > 0))
    }

    /// By the SHA-256 of the cookie.
    pub(crate) async fn session(&mut self, token: &[u8]) -> Result<Option<SessionRow>> {
        row!(self, SessionRow, concat!(session_head!(), " where s.token = $1"), token)
    }

    /// The sessions of up to [`LOOKED_UP`] cookies, by token; the last may be asked for several times. None where none is asked for.
    pub(crate) async fn sessions(&mut self, tokens: &[Vec<u8>]) -> Result<HashMap<Vec<u8>, SessionRow>> {
        let Some(last) = tokens.len().checked_sub(1) else { return Ok(HashMap::new()) };
        let token = |at: usize| tokens[at.min(last)].as_slice();
        let found = rows!(
            self,
            Found,
            concat!(session_head!(), " where s.token in ($1, $2, $3, $4, $5, $6, $7, $8)"),
            token(0),
            token(1),
            token(2),
            token(3),
            token(4),
            token(5),
            token(6),
            token(7)
        )?;
        Ok(found.into_iter().map(|found| (found.token, found.session)).collect())
    }

    pub async fn sessions_of(&mut self, user: i64) -> Result<Vec<SessionRow>> {
        rows!(
            self,
            SessionRow,
            "select s.id, s.user_id, s.created_at, s.seen_at, s.expires_at, s.agent, u.email, u.name, u.administrator, u.lang, u.zone,
                    m.id as membership, o.id as organisation, o.name as organisation_name, o.kind as organisation_kind, m.role, cast(0 as bigint) as unread
             from session s
             join users u on u.id = s.user_id
             left join membership m on m.id = s.membership and m.ended_at is null
             left join organisation o on o.id = m.organisation
             where s.user_id = $1 order by s.seen_at desc",
            user
        )
    }

    pub async fn token(&mut self, token: &[u8]) -> Result<Option<PendingToken>> {
        row!(
            self,
            PendingToken,
            "select purpose, email, user_id, subject_id, role, created_by, expires_at, used_at from token where token = $1",
            token
        )
    }
}

impl Tx {
    /// `Stale` when the address is taken.
    pub async fn insert_user(&mut self, user: &NewUser) -> Result<()> {
        let now = self.now().await?;
        let made = exec!(
            self,
            "insert into users (id, email, name, password, administrator, confirmed_at, zone, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (email) do nothing",
            user.id,
            user.email.as_str(),
            user.name.as_str(),
            user.password.as_str(),
            user.administrator,
            user.confirmed.then_some(now.micros()),
            user.zone.as_str(),
            now.micros()
        )?;
        if made == 0 {
            return Err(Error::Stale);
        }
        self.record_account("register", user.id).await
    }

    pub async fn confirm_user(&mut self, user: i64) -> Result<()> {
        let now = self.now().await?;
        exec!(self, "update users set confirmed_at = $2 where id = $1 and confirmed_at is null", user, now.micros())?;
        self.record_account("confirm_address", user).await
    }

    /// A new password ends all other sessions.
    pub async fn set_password(&mut self, user: i64, password: &str, keep: Option<&[u8]>) -> Result<()> {
        exec!(self, "update users set password = $2, row_version = row_version + 1 where id = $1", user, password)?;
        exec!(self, "delete from session where user_id = $1 and token <> $2", user, keep.unwrap_or_default())?;
        self.record_account("change_password", user).await
    }

    pub async fn set_profile(&mut self, user: i64, name: &str, zone: &str) -> Result<()> {
        exec!(self, "update users set name = $2, zone = $3, row_version = row_version + 1 where id = $1", user, name, zone)?;
        self.record_account("edit_profile", user).await
    }

    pub async fn insert_session(
        &mut self,
        token: &[u8],
        id: i64,
        user: i64,
        membership: Option<i64>,
        expires_at: Moment,
        agent: &str,
    ) -> Result<()> {
        let now = self.now().await?;
        exec!(
            self,
            "insert into session (token, id, user_id, membership, created_at, seen_at, expires_at, agent)
             values ($1, $2, $3, $4, $5, $5, $6, $7)",
            token,
            id,
            user,
            membership,
            now.micros(),
            expires_at.micros(),
            agent
        )?;
        exec!(self, "delete from session where expires_at < $1", now.micros())?;
        self.record_account("sign_in", user).await
    }

    /// The session goes on under another token (a rotation), acting as another membership.
    pub async fn rotate_session(&mut self, old: &[u8], new: &[u8], membership: Option<i64>) -> Result<()> {
        exec!(self, "update session set token = $2, membership = $3 where token = $1", old, new, membership)?;
        self.leave_no_entry();
        Ok(())
    }

    pub async fn touch_session(&mut self, token: &[u8], seen_at: Moment) -> Result<()> {
        exec!(self, "update session set seen_at = $2 where token = $1", token, seen_at.micros())?;
        self.leave_no_entry();
        Ok(())
    }

    pub async fn end_session(&mut self, user: i64, id: i64) -> Result<()> {
        exec!(self, "delete from session where user_id = $1 and id = $2", user, id)?;
        self.record_account("sign_out", user).await
    }

    #[allow(clippy::too_many_arguments)]
    pub async fn insert_token(
        &mut self,
        token: &[u8],
        purpose: &str,
        email: &str,
        user: Option<i64>,
        subject: Option<i64>,
        role: Option<&str>,
        created_by: Option<i64>,
        lives: i64,
    ) -> Result<()> {
        let now = self.now().await?;
        exec!(
            self,
            "insert into token (token, purpose, email, user_id, subject_id, role, created_at, created_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            token,
            purpose,
            email,
            user,
            subject,
            role,
            now.micros(),
            created_by,
            now.plus(lives).micros()
        )?;
        Ok(())
    }

    /// Uses a link up; `None` when it is unknown, used or too old. Compare-and-set: it works once.
    pub async fn use_token(&mut self, token: &[u8], purpose: &str) -> Result<Option<PendingToken>> {
        let now = self.now().await?;
        let Some(found) = self.token(token).await? else { return Ok(None) };
        if found.purpose != purpose || found.used_at.is_some() || now.reached(Moment(found.expires_at)) {
            return Ok(None);
        }
        let used = exec!(self, "update token set used_at = $2 where token = $1 and used_at is null", token, now.micros())?;
        Ok((used == 1).then_some(found))
    }
}
