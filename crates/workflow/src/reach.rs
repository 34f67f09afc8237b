//! How far a challenge reaches: counting readers, telling the team, suppliers that look for a partner, and why some did not answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, OrganisationId};
use domain::library::NoAnswer;
use domain::organisation::{Actor, OrganisationKind};
use domain::policy::{self, EndPartnerNote, PostPartnerNote, ReadReach, SayWhyNot};
use store::{Lock, PartnerRow, ReachRow};

use crate::challenge::facts;
use crate::{Desk, Error, Result};

/// How often each notice was read since the last minute. Kept in memory: a count that a crash loses is no loss.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<BTreeMap<ChallengeId, i64>>>);

impl Seen {
    pub fn count(&self, challenge: ChallengeId) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(challenge).or_default() += 1;
    }

    fn take(&self) -> Vec<(ChallengeId, i64)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

/// Writes what was counted. Gives how many challenges it was.
pub async fn write_seen(desk: &Desk) -> Result<usize> {
    let seen = desk.seen.take();
    if seen.is_empty() {
        return Ok(0);
    }
    let n = seen.len();
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                let now = tx.now().await?;
                Ok::<_, Error>(tx.add_seen(&seen, now).await?)
            })
        })
        .await?;
    Ok(n)
}

/// Until the program ends.
pub async fn keep_counting(desk: Desk) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        if let Err(error) = write_seen(&desk).await {
            tracing::error!(%error, "how often notices were read in the last minute was not written");
        }
    }
}

/// For the team. `started` and `submitted` are told after the opening alone; until then nobody is told how many answer.
pub struct Reach {
    pub title: String,
    pub seen: i64,
    pub followed: i64,
    pub partners: usize,
    pub answers: Option<(i64, i64)>,
    /// Reasons of those who did not answer, with how many gave each.
    pub reasons: Vec<(NoAnswer, i64)>,
}

pub async fn read_reach(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<Reach> {
    write_seen(desk).await?;
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadReach>(&mut conn, actor, id, Lock::None).await?;
    policy::read_reach(actor, &facts)?;
    let ReachRow { seen, followed, started, submitted } = conn.reach(id).await?;
    let opened = facts.standing.opened_at.is_some();
    // Who gives a reason has followed or drafted: how many there are says nothing of who answered, and waits all the same.
    let reasons = if opened { conn.no_answers(id).await? } else { Vec::new() };
    let title = conn.challenge_row(id).await?.map(|row| row.title()).unwrap_or_default();
    let partners = conn.partner_notes(id).await?.iter().filter(|note| note.ended_at.is_none()).count();
    Ok(Reach {
        title,
        seen,
        followed,
        partners,
        answers: opened.then_some((started, submitted)),
        reasons: reasons.into_iter().filter_map(|(code, n)| Some((NoAnswer::parse(&code)?, n))).collect(),
    })
}

/// Notes of suppliers that look for a partner, for everybody.
pub struct Partners {
    pub title: String,
    pub notes: Vec<PartnerRow>,
    /// The reader may post one.
    pub may_post: Result<(), policy::Refusal>,
    /// The supplier that the reader acts for.
    pub supplier: Option<OrganisationId>,
    /// The reader may take notes off the page.
    pub officer: bool,
    pub open: bool,
    /// The note that the reader's supplier posted last, 0 for none: a post says over which one it was written.
    pub newest: i64,
    /// The team took it off the page: a new one is an act of its own.
    pub taken_off: bool,
}

pub async fn read_partners(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<Partners> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<policy::ReadChallenge>(&mut conn, actor, id, Lock::None).await?;
    policy::read_challenge(actor, &facts)?;
    let title = conn.challenge_row(id).await?.map(|row| row.title()).unwrap_or_default();
    let acting = actor.acting_as().filter(|acting| acting.kind == OrganisationKind::Supplier);
    let newest = match acting {
        Some(acting) => conn.newest_partner_note(id, acting.organisation.get()).await?,
        None => None,
    };
    Ok(Partners {
        newest: newest.as_ref().map_or(0, |note| note.id),
        taken_off: newest.is_some_and(|note| note.ended_by_team),
        title,
        notes: conn.partner_notes(id).await?,
        may_post: policy::post_partner_note(actor, &facts).map(drop).map_err(|refused| refused.why),
        supplier: acting.map(|acting| acting.organisation),
        officer: facts.team == Some(domain::challenge::TeamRole::Officer),
        open: facts.stage() == domain::challenge::Stage::Open,
    })
}

/// Fields `brings`, `seeks`, `contact`; `after`: the note that its supplier had posted last when the form was read. The same post
/// again is the same note; one that was taken off meanwhile is not brought back by it.
pub async fn post_partner_note(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let brings = errors.text(fields, "brings", true, 600);
    let seeks = errors.text(fields, "seeks", true, 600);
    let contact = errors.text(fields, "contact", true, 200);
    let parsed = errors.done((brings, seeks, contact));
    let after = domain::ids::from_text(fields.get("after")).unwrap_or_default();
    let (note, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<PostPartnerNote>(tx, &who, id, Lock::Share).await?;
            let permit = policy::post_partner_note(&who, &facts)?;
            let (brings, seeks, contact) = parsed.map_err(Error::Invalid)?;
            let newest = tx.newest_partner_note(id, permit.acting_as().unwrap_or_default()).await?;
            if newest.as_ref().map_or(0, |note| note.id) != after {
                let same = |note: &PartnerRow| (&note.brings, &note.seeks, &note.contact) == (&brings, &seeks, &contact);
                if newest.is_some_and(|note| note.ended_at.is_none() && same(&note)) {
                    tx.leave_no_entry();
                    return Ok(());
                }
                return Err(Error::field("brings", "partner-meanwhile"));
            }
            Ok(tx.post_partner_note(&permit, note, &brings, &seeks, &contact).await?)
        })
    })
    .await
}

/// Fields `supplier`, and `reason` where the team takes it off the page.
pub async fn end_partner_note(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let supplier = OrganisationId::parse(fields.get("supplier")).ok_or_else(|| Error::field("supplier", "choose"))?;
    let by_team = !actor.acts_for(supplier);
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", by_team, 500);
    let reason = errors.done(reason);
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EndPartnerNote>(tx, &who, id, Lock::None).await?;
            let permit = policy::end_partner_note(&who, &facts, supplier)?;
            let reason = reason.map_err(Error::Invalid)?;
            Ok(tx.end_partner_note(&permit, supplier, by_team, &reason).await?)
        })
    })
    .await
}

/// The title, and the reason that the reader gave before.
pub async fn read_why_not(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<(String, Option<NoAnswer>)> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<SayWhyNot>(&mut conn, actor, id, Lock::None).await?;
    let permit = policy::say_why_not(actor, &facts)?;
    let title = conn.challenge_row(id).await?.map(|row| row.title()).unwrap_or_default();
    let given = conn.why_not(id, permit.by().get()).await?;
    Ok((title, given.as_deref().and_then(NoAnswer::parse)))
}

/// Field `reason`.
pub async fn say_why_not(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let reason = NoAnswer::parse(fields.get("reason"));
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SayWhyNot>(tx, &who, id, Lock::None).await?;
            let permit = policy::say_why_not(&who, &facts)?;
            let reason = reason.ok_or_else(|| Error::field("reason", "choose"))?;
            Ok(tx.say_why_not(&permit, reason).await?)
        })
    })
    .await
}
