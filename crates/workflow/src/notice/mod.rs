//! Telling people: the own list and choices, links that stop mail, what a mail of the outbox says, and reminders.

mod due;
mod mail;
mod stop;

use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, from_text, to_text};
use domain::moment::Moment;
use domain::notice::{Choice, Event, EventKind, Words};
use domain::organisation::Actor;
use domain::policy::{self, ManageNotices, Refused};
pub use due::tell_due;
pub use mail::{Post, compose};
pub(crate) use stop::StopKey;
pub use stop::{read_stop, stop_by_link};
use store::{NoticeRow, Tx};

use crate::{Desk, Error, Result};

pub const PER_PAGE: i64 = 20;

/// What a person was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub event: i64,
    pub kind: EventKind,
    pub challenge: Option<ChallengeId>,
    pub words: Words,
    /// A path on this site.
    pub link: String,
    pub act_by: Option<Moment>,
    /// How long until then when it was told, or when its mail left: in microseconds.
    pub left: Option<i64>,
    /// The authority's, or empty.
    pub zone: String,
    pub at: Moment,
    /// Its mail cannot be switched off.
    pub required: bool,
    pub read: bool,
}

impl Told {
    fn of(row: &NoticeRow) -> Result<Self> {
        let broken = |what: &str| Error::Broken(format!("notice {}: {what}", to_text(row.event)));
        Ok(Self {
            event: row.event,
            kind: EventKind::parse(&row.kind).ok_or_else(|| broken("its kind is unknown"))?,
            challenge: row.challenge.map(ChallengeId),
            words: serde_json::from_str(&row.words).map_err(|_| broken("its words do not parse"))?,
            link: row.link.clone(),
            act_by: row.act_by.map(Moment),
            left: row.act_by.map(|by| by - row.at),
            zone: row.zone.clone(),
            at: Moment(row.at),
            required: row.required,
            read: row.read_at.is_some(),
        })
    }

    /// As its mail says it, which may leave later than it was told.
    fn leaving(row: &NoticeRow, now: Moment) -> Result<Self> {
        let told = Self::of(row)?;
        Ok(Self { left: told.act_by.map(|by| by.micros() - now.micros()), ..told })
    }
}

/// An event about a challenge, with its title.
pub(crate) async fn about(tx: &mut Tx, kind: EventKind, fact: i64, challenge: ChallengeId) -> Result<Event> {
    let title = tx.challenge_row(challenge).await?.map(|row| row.title()).unwrap_or_default();
    Ok(Event::of(kind, fact).on(challenge, &title))
}

/// One page of the own list, newest first.
pub struct NoticeList {
    pub all: i64,
    pub unread: i64,
    pub page: Vec<Told>,
}

/// `page` from 1.
pub async fn list_notices(desk: &Desk, actor: &Actor, page: i64) -> Result<NoticeList> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let permit = policy::manage_notices(actor, conn.brand(), now)?;
    let user = permit.by().get();
    let (all, unread) = conn.notice_counts(user).await?;
    let rows = conn.notices(user, PER_PAGE, (page.max(1) - 1).saturating_mul(PER_PAGE)).await?;
    Ok(NoticeList { all, unread, page: rows.iter().map(Told::of).collect::<Result<_>>()? })
}

/// Marks it as read and gives where it leads.
pub async fn open_notice(desk: &Desk, actor: &Actor, event: &str) -> Result<String> {
    let unseen = Refused::unseen::<ManageNotices>(0);
    let event = from_text(event).ok_or(unseen)?;
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let permit = policy::manage_notices(actor, conn.brand(), now)?;
    let row = conn.notice(permit.by().get(), event).await?.ok_or(unseen)?;
    drop(conn);
    if row.read_at.is_none() {
        mark(desk, actor, Some(event)).await?;
    }
    Ok(row.link)
}

pub async fn read_all_notices(desk: &Desk, actor: &Actor) -> Result<()> {
    mark(desk, actor, None).await
}

/// `event`: as [`to_text`] writes it; an unknown one is nobody's.
pub async fn read_notice(desk: &Desk, actor: &Actor, event: &str) -> Result<()> {
    let event = from_text(event).ok_or(Refused::unseen::<ManageNotices>(0))?;
    mark(desk, actor, Some(event)).await
}

async fn mark(desk: &Desk, actor: &Actor, event: Option<i64>) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let permit = policy::manage_notices(&who, tx.brand(), now)?;
            Ok(tx.read_notices(&permit, event).await?)
        })
    })
    .await
}

/// What holds for each kind, in the order of the page.
pub async fn notice_choices(desk: &Desk, actor: &Actor) -> Result<Vec<(EventKind, Choice)>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let permit = policy::manage_notices(actor, conn.brand(), now)?;
    let chosen = conn.notice_choices(permit.by().get()).await?;
    let of = |kind: EventKind| chosen.iter().find(|(code, _)| code == kind.code()).and_then(|(_, choice)| Choice::parse(choice));
    Ok(EventKind::ALL.iter().map(|kind| (*kind, of(*kind).unwrap_or(kind.usual()))).collect())
}

/// Fields: a choice under the code of each kind; kinds that are not named stay as they are.
pub async fn choose_notices(desk: &Desk, actor: &Actor, fields: &Fields) -> Result<()> {
    let mut choices = Vec::new();
    let mut errors = Vec::new();
    for kind in EventKind::ALL {
        let text = fields.get(kind.code());
        match Choice::parse(text) {
            Some(choice) => choices.push((*kind, choice)),
            None if text.is_empty() => {}
            None => errors.push(FieldError::new(kind.code(), "choose")),
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let permit = policy::manage_notices(&who, tx.brand(), now)?;
            Ok(tx.choose_notices(&permit, &choices).await?)
        })
    })
    .await
}
