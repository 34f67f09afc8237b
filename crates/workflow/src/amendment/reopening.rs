//! Reopening a deadline for a recorded failure of the service, and the service's own record of its failures.

use std::time::Duration;

use domain::challenge::Terms;
use domain::challenge::amendment::reopen;
use domain::form::{Errors, Fields};
use domain::ids::{AmendmentId, ChallengeId, UserId};
use domain::moment::{DAY, Moment};
use domain::organisation::Actor;
use domain::outage::{HEARTBEAT, Outage, outages, within, wrong};
use domain::policy::{self, AskReopening, ChallengeFacts};
use store::{AmendmentRow, Conn, Lock};

use super::making::{approval_wanted, dated};
use super::{date, none_in_the_making, published, when};
use crate::{Desk, Error, Result};

/// How far back before a deadline the service's own outages are offered as evidence.
const EVIDENCE: i64 = 7 * DAY;

pub struct ReopeningView {
    pub facts: ChallengeFacts,
    pub terms: Terms,
    /// In the last days before the deadline, the newest first.
    pub outages: Vec<Outage>,
}

pub async fn read_reopening(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<ReopeningView> {
    let mut conn = desk.store.read().await?;
    let facts = crate::challenge::facts::<AskReopening>(&mut conn, actor, id, Lock::None).await?;
    if let Err(refused) = policy::ask_reopening(actor, &facts) {
        drop(conn);
        return desk.told(actor, Err(refused.into())).await;
    }
    let (_, terms) = published(&mut conn, id).await?;
    let found = outages(&conn.service_runs(terms.deadline.plus(-EVIDENCE)).await?);
    let near = found.into_iter().filter(|outage| outage.from.before(terms.deadline)).collect();
    Ok(ReopeningView { facts, terms, outages: near })
}

/// Fields `reason`, `from_date` and `until_date` of the failure, and the new `deadline_date` (with `enquiry_date` and
/// `decision_date` where they move too). Asked by one, confirmed by another (`approve_amendment`); for all, all told.
pub async fn ask_reopening(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<AmendmentId> {
    let (id, event, who, fields) = (AmendmentId(desk.chance.id()), desk.chance.id(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<AskReopening>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::ask_reopening(&who, &facts)?;
            let (_, before) = published(tx, challenge).await?;
            let mut errors = Errors::default();
            let reason = errors.text(&fields, "reason", true, 2_000);
            let from = date(&fields, "from", &before.zone, true, &mut errors).unwrap_or_default();
            let until = date(&fields, "until", &before.zone, true, &mut errors).unwrap_or_default();
            if errors.0.is_empty() {
                let published_at = facts.standing.publish_at.unwrap_or_default();
                for (part, why) in wrong(Outage { from, until }, published_at, before.deadline, facts.now) {
                    errors.say(format!("{part}_date"), why);
                }
            }
            let after = dated(&before, &fields, true, &mut errors);
            errors.done(()).map_err(Error::Invalid)?;
            reopen(&before, &after, when(&facts)).map_err(Error::Invalid)?;
            none_in_the_making(tx, challenge).await?;
            tx.ask_reopening(&permit, id, event, &reason, (from, until), &after).await?;
            let others: Vec<UserId> = tx.team(challenge).await?.iter().map(|row| UserId(row.user_id)).collect();
            approval_wanted(tx, &facts, event, &before.title, &who, &others).await?;
            Ok(id)
        })
    })
    .await
}

/// What the service itself recorded of the time that an amendment says it failed in; nothing where it is for no failure.
pub(super) async fn recorded(conn: &mut Conn, row: &AmendmentRow) -> Result<Vec<Outage>> {
    let Some((from, until)) = row.failed_from.zip(row.failed_until) else { return Ok(Vec::new()) };
    let told = Outage { from: Moment(from), until: Moment(until) };
    // An outage lies between two runs: the one before it was seen last when it began.
    Ok(within(&outages(&conn.service_runs(told.from.plus(-EVIDENCE)).await?), told))
}

/// This run of the server is alive; `run` is an id of its own.
pub async fn seen_alive(desk: &Desk, run: i64) -> Result<()> {
    desk.store.write(move |tx| Box::pin(async move { Ok(tx.seen_alive(run).await?) })).await
}

/// Says so from the start of the server until its end.
pub async fn stay_alive(desk: Desk) {
    let run = desk.chance.id();
    loop {
        if let Err(error) = seen_alive(&desk, run).await {
            tracing::error!(%error, "the server could not record that it is alive");
        }
        tokio::time::sleep(Duration::from_micros(HEARTBEAT.unsigned_abs())).await;
    }
}
