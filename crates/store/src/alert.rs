//! Alerts: who keeps which search, buyer or category, and what each was told of.

use domain::alert::What;
use domain::ids::AlertId;
use domain::moment::{DAY, Moment};
use domain::notice::Choice;
use domain::policy::{AlertFacts, ManageAlert, Permit, SaveAlert, Subject};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

/// Who keeps alerts: an account, an address without one, or both in one browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    pub user: Option<i64>,
    pub address: Option<i64>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AlertRow {
    pub id: i64,
    pub user_id: Option<i64>,
    pub address: Option<i64>,
    pub what: String,
    pub value: String,
    pub rhythm: String,
    pub asked_at: i64,
    pub confirmed_at: Option<i64>,
    pub since: i64,
    pub stopped_at: Option<i64>,
    /// Where its mail goes now: an account's address can change.
    pub email: String,
    pub zone: String,
    /// Of the buyer that is followed.
    pub buyer: Option<String>,
    /// Documents it has told of.
    pub told: i64,
}

pub struct NewAlert<'a> {
    pub id: AlertId,
    pub owner: Owner,
    pub what: What,
    pub value: &'a str,
    pub rhythm: Choice,
    pub confirmed: bool,
}

macro_rules! alert_rows {
    ($conn:expr, $rest:literal $(, $bind:expr)* $(,)?) => {
        rows!(
            $conn,
            AlertRow,
            concat!(
                "select a.id, a.user_id, a.address, a.what, a.value, a.rhythm, a.asked_at, a.confirmed_at, a.since, a.stopped_at,
                        coalesce(u.email, d.email, '') as email, coalesce(u.zone, d.zone, 'UTC') as zone, o.name as buyer,
                        (select count(*) from alert_told t where t.alert = a.id) as told
                 from alert a left join users u on u.id = a.user_id left join alert_address d on d.id = a.address
                 left join organisation o on a.what = 'buyer' and cast(o.id as text) = a.value ",
                $rest
            )
            $(, $bind)*
        )
    };
}

impl Conn {
    /// The newest first.
    pub async fn alerts_of(&mut self, owner: Owner) -> Result<Vec<AlertRow>> {
        alert_rows!(
            self,
            "where a.user_id = $1 or a.address = $2 order by a.asked_at desc, a.id",
            owner.user.unwrap_or_default(),
            owner.address.unwrap_or_default()
        )
    }

    pub async fn alert(&mut self, id: AlertId) -> Result<Option<AlertRow>> {
        Ok(alert_rows!(self, "where a.id = $1", id.get())?.into_iter().next())
    }

    /// All that tell.
    pub async fn running_alerts(&mut self) -> Result<Vec<AlertRow>> {
        alert_rows!(self, "where a.stopped_at is null and a.confirmed_at is not null order by a.id")
    }

    /// Changes that an index has taken in since another position: (kind, id), each once. `soon`: microseconds before a deadline
    /// from which it is near. A deadline that came, or came near, is news to those who wait for just that; that of a later round is
    /// nobody's but who was invited to it.
    pub async fn news_between(&mut self, after: (i64, i64), until: (i64, i64), soon: i64) -> Result<Vec<(String, i64)>> {
        rows!(
            self,
            (String, i64),
            "select kind, id from change_log
             where ((position > $1 and position <= $2) or (due_at > $3 and due_at <= $4)) and kind <> 'challenge_deadline'
             union
             select 'challenge', challenge from round
             where number = 1 and ((deadline > $3 and deadline <= $4) or (deadline > $3 + $5 and deadline <= $4 + $5))
             order by kind, id",
            after.0,
            until.0,
            after.1,
            until.1,
            soon
        )
    }

    /// What a mail of an alert takes in.
    pub async fn alert_told(&mut self, id: AlertId, mail_at: Moment) -> Result<Vec<(String, i64)>> {
        rows!(
            self,
            (String, i64),
            "select kind, document from alert_told where alert = $1 and mail_at = $2 order by kind, document",
            id.get(),
            mail_at.micros()
        )
    }

    pub async fn alert_address(&mut self, email: &str) -> Result<Option<i64>> {
        Ok(row!(self, (i64,), "select id from alert_address where email = $1", email)?.map(|(id,)| id))
    }

    pub async fn alert_email(&mut self, address: i64) -> Result<Option<String>> {
        Ok(row!(self, (String,), "select email from alert_address where id = $1", address)?.map(|(email,)| email))
    }

    /// Whether its owner wants to be asked no more.
    pub async fn refused_alerts(&mut self, email: &str) -> Result<bool> {
        let found = row!(self, (i64,), "select id from alert_address where email = $1 and refused_at is not null", email)?;
        Ok(found.is_some())
    }

    /// `proven`: the address that a link proves.
    pub async fn alert_facts(&mut self, id: AlertId, proven: Option<i64>) -> Result<Option<AlertFacts>> {
        let Some(row) = self.alert(id).await? else { return Ok(None) };
        let now = self.now().await?;
        let proven = row.address.is_some() && row.address == proven;
        Ok(Some(AlertFacts { brand: self.brand(), now, alert: id, user: row.user_id.map(Into::into), proven }))
    }
}

impl Tx {
    /// The id of the address, made if it is new.
    pub async fn add_alert_address(&mut self, id: i64, email: &str, lang: &str, zone: &str) -> Result<i64> {
        let now = self.now().await?;
        exec!(
            self,
            "insert into alert_address (id, email, lang, zone, created_at) values ($1, $2, $3, $4, $5) on conflict (email) do nothing",
            id,
            email,
            lang,
            zone,
            now.micros()
        )?;
        Ok(self.alert_address(email).await?.unwrap_or(id))
    }

    /// Kept already: it tells by the new rhythm, and again where it was stopped. Gives its id.
    pub async fn save_alert(&mut self, permit: &Permit<SaveAlert>, new: &NewAlert<'_>) -> Result<AlertId> {
        self.accept(permit)?;
        let now = permit.now().micros();
        let kept = row!(
            self,
            (i64, Option<i64>),
            "select id, stopped_at from alert where (user_id = $1 or address = $2) and what = $3 and value = $4",
            new.owner.user.unwrap_or_default(),
            new.owner.address.unwrap_or_default(),
            new.what.code(),
            new.value
        )?;
        let confirmed = new.confirmed.then_some(now);
        let id = match kept {
            // Who has not proven the address changes nothing of what its owner chose.
            Some((id, _)) if !new.confirmed => {
                exec!(
                    self,
                    "update alert set asked_at = $2, rhythm = $3 where id = $1 and confirmed_at is null",
                    id,
                    now,
                    new.rhythm.code()
                )?;
                id
            }
            Some((id, stopped)) => {
                exec!(
                    self,
                    "update alert set rhythm = $2, confirmed_at = coalesce(confirmed_at, $3), stopped_at = null,
                            since = case when $4 = 1 then $3 else since end where id = $1",
                    id,
                    new.rhythm.code(),
                    now,
                    i64::from(stopped.is_some())
                )?;
                id
            }
            None => {
                exec!(
                    self,
                    "insert into alert (id, user_id, address, what, value, rhythm, asked_at, confirmed_at, since)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
                    new.id.get(),
                    new.owner.user,
                    new.owner.address,
                    new.what.code(),
                    new.value,
                    new.rhythm.code(),
                    now,
                    confirmed
                )?;
                new.id.get()
            }
        };
        self.record_on(permit, Subject { kind: "alert", id }, None)?;
        Ok(AlertId(id))
    }

    /// `None` stops it; while it waits for a yes, that is a no for the address, which a later yes takes back. Begun again, it tells
    /// of what comes from now on.
    pub async fn set_alert(&mut self, permit: &Permit<ManageAlert>, rhythm: Option<Choice>) -> Result<()> {
        self.accept(permit)?;
        let (id, now) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "update alert_address set refused_at = $2
             where id = (select address from alert where id = $1 and (cast($2 as bigint) is null or confirmed_at is null))",
            id,
            rhythm.is_none().then_some(now)
        )?;
        match rhythm {
            Some(rhythm) => exec!(
                self,
                "update alert set rhythm = $2, since = case when stopped_at is null and confirmed_at is not null then since else $3 end,
                        confirmed_at = coalesce(confirmed_at, $3), stopped_at = null where id = $1",
                id,
                rhythm.code(),
                now
            )?,
            None => exec!(self, "update alert set stopped_at = $2 where id = $1 and stopped_at is null", id, now)?,
        };
        self.record(permit, None)
    }

    /// Notes what an alert tells of; gives how much of it is new to it.
    pub async fn add_alert_told(&mut self, alert: AlertId, mail_at: Moment, documents: &[(&'static str, i64)]) -> Result<u64> {
        let now = self.now().await?;
        Ok(insert_all!(
            self,
            "insert into alert_told (alert, kind, document, at, mail_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
            documents,
            |(kind, id)| alert.get(),
            *kind,
            *id,
            now.micros(),
            mail_at.micros()
        ))
    }

    /// What was asked for and never confirmed is forgotten, with addresses that keep nothing; that an address wants to be asked no
    /// more is remembered for a year.
    pub async fn forget_unconfirmed_alerts(&mut self, before: Moment) -> Result<u64> {
        let gone = exec!(self, "delete from alert where confirmed_at is null and asked_at < $1", before.micros())?;
        exec!(
            self,
            "delete from alert_address where created_at < $1 and (refused_at is null or refused_at < $2)
             and not exists (select 1 from alert a where a.address = alert_address.id)",
            before.micros(),
            before.plus(-365 * DAY).micros()
        )?;
        self.leave_no_entry();
        Ok(gone)
    }
}
