//! After publication: amendments, extensions of the deadline, reopening it after a failure, and the versions that come of it.

mod making;
mod reopening;
mod versions;

use domain::challenge::amendment::{AmendmentKind, When, amend, reopen};
use domain::challenge::{Section, Terms};
use domain::form::{Errors, Fields};
use domain::ids::{AmendmentId, ChallengeId};
use domain::moment::{Moment, local, local_fields};
use domain::notice::{Event, EventKind};
use domain::organisation::Actor;
use domain::policy::{self, AmendmentFacts, ApproveAmendment, ChallengeFacts, DropAmendment, Refused, SendBackAmendment};
use sha2::{Digest, Sha256};
use store::{AmendmentRow, Conn, Lock, NewVersion};

pub use making::{
    AmendmentView, Making, begin_amendment, extend_deadline, propose_amendment, read_amendment, save_amendment_section,
};
pub use reopening::{ReopeningView, ask_reopening, read_reopening, seen_alive, stay_alive};
pub use versions::{VersionView, read_version};

use crate::{Desk, Error, Result};

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: AmendmentId, lock: Lock) -> Result<AmendmentFacts> {
    Ok(conn.amendment_facts(actor, id, lock).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

/// The published terms and their number.
pub(crate) async fn published(conn: &mut Conn, id: ChallengeId) -> Result<(i64, Terms)> {
    let row = conn.challenge_row(id).await?.ok_or_else(|| Error::Broken("a challenge without a row".into()))?;
    row.n.zip(row.terms()?).ok_or_else(|| Error::Broken("a published challenge without a version".into()))
}

pub(crate) fn when(facts: &ChallengeFacts) -> When {
    When { now: facts.now, publish_at: facts.standing.publish_at.unwrap_or(facts.now), stage: facts.stage() }
}

/// `<name>_date` and `<name>_time` (17:00 where it is empty) in the authority's zone; an empty date is none.
pub(crate) fn date(fields: &Fields, name: &str, zone: &str, required: bool, errors: &mut Errors) -> Option<Moment> {
    let (date_field, time_field) = (format!("{name}_date"), format!("{name}_time"));
    let (date, time) = (fields.get(&date_field), fields.get(&time_field));
    if date.is_empty() {
        if required {
            errors.say(date_field, "date-missing");
        }
        return None;
    }
    match local(date, if time.is_empty() { "17:00" } else { time }, zone) {
        Ok(at) => Some(at),
        Err(domain::moment::LocalError::Time) => {
            errors.say(time_field, "time");
            None
        }
        Err(_) => {
            errors.say(date_field, "date");
            None
        }
    }
}

/// The timetable as an officer would type it now: what the next amendment is written on.
pub(crate) async fn timetable(conn: &mut Conn, id: ChallengeId, terms: &Terms) -> Result<Vec<(Section, Fields)>> {
    let mut fields = conn.draft(id).await?.section(Section::Timetable);
    for (name, at) in [("deadline", Some(terms.deadline)), ("enquiry", terms.enquiry_deadline), ("decision", terms.decision_by)] {
        let Some(at) = at else { continue };
        let (date, time) = local_fields(at, &terms.zone);
        fields.set(format!("{name}_date"), date);
        fields.set(format!("{name}_time"), time);
    }
    Ok(vec![(Section::Timetable, fields)])
}

pub(crate) fn digest(terms: &Terms) -> Vec<u8> {
    Sha256::digest(serde_json::to_vec(terms).unwrap_or_default()).to_vec()
}

/// Published as the next version, dated, and told to everybody whom it concerns; nobody learns who that is. What the clock
/// decides (days left, the stage) is looked at again: it may have moved on since it was proposed.
pub async fn approve_amendment(desk: &Desk, actor: &Actor, id: AmendmentId) -> Result<i64> {
    let (event, version_event, who) = (desk.chance.id(), desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveAmendment>(tx, &who, id, Lock::Update).await?;
            let permit = policy::approve_amendment(&who, &facts)?;
            let row = tx.amendment(id).await?.ok_or_else(|| Error::Broken("no amendment".into()))?;
            let after = row.terms()?.ok_or_else(|| Error::Broken("nothing was proposed".into()))?;
            let (challenge, kind) = (&facts.challenge, row.kind()?);
            let (_, before) = published(tx, challenge.challenge).await?;
            let checked = if kind == AmendmentKind::Reopening { reopen } else { amend };
            checked(&before, &after, when(challenge)).map_err(Error::Invalid)?;
            let sections = match kind {
                AmendmentKind::Amendment => {
                    tx.amendment_sections(id).await?.into_iter().map(|(section, fields, _)| (section, fields)).collect()
                }
                AmendmentKind::Extension | AmendmentKind::Reopening => timetable(tx, challenge.challenge, &after).await?,
            };
            let version = NewVersion {
                challenge: challenge.challenge,
                round: challenge.round.ok_or_else(|| Error::Broken("a published challenge without a round".into()))?,
                moved_from: (before.deadline != after.deadline).then_some(before.deadline),
                reason: row.reason.clone(),
                author: facts.author,
                digest: digest(&after),
                terms: after,
                sections,
            };
            let n = tx.approve_amendment(&permit, event, version_event, &version).await?;
            let unrecorded = kind == AmendmentKind::Reopening && reopening::recorded(tx, &row).await?.is_empty();
            tx.tell(&told(&row, kind, n, &version, &who).unrecorded(unrecorded)).await?;
            Ok(n)
        })
    })
    .await
}

fn told(row: &AmendmentRow, kind: AmendmentKind, n: i64, version: &NewVersion, by: &Actor) -> Event {
    let kind = match kind {
        AmendmentKind::Amendment => EventKind::Amended,
        AmendmentKind::Extension => EventKind::DeadlineExtended,
        AmendmentKind::Reopening => EventKind::Reopened,
    };
    let terms = &version.terms;
    Event::of(kind, row.id)
        .on(version.challenge, &terms.title)
        .link(format!("/challenges/{}/versions/{n}", version.challenge))
        .reason(&version.reason)
        .n(n)
        .act_by(terms.deadline, &terms.zone)
        .by(by.user())
}

pub async fn send_back_amendment(desk: &Desk, actor: &Actor, id: AmendmentId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SendBackAmendment>(tx, &who, id, Lock::Update).await?;
            let permit = policy::send_back_amendment(&who, &facts)?;
            tx.send_back_amendment(&permit, event, &reason).await?;
            let challenge = facts.challenge.challenge;
            let (_, terms) = published(tx, challenge).await?;
            let sent_back = Event::of(EventKind::SentBack, event).on(challenge, &terms.title).by(who.user());
            tx.tell(&sent_back.link(format!("/challenges/{challenge}/amendment"))).await?;
            Ok(())
        })
    })
    .await
}

pub async fn drop_amendment(desk: &Desk, actor: &Actor, id: AmendmentId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<DropAmendment>(tx, &who, id, Lock::Update).await?;
            Ok(tx.drop_amendment(&policy::drop_amendment(&who, &facts)?, event).await?)
        })
    })
    .await
}

/// The one in the making, if there is one.
pub(crate) async fn in_the_making(conn: &mut Conn, id: ChallengeId) -> Result<Option<AmendmentRow>> {
    for row in conn.amendments(id).await?.into_iter().rev() {
        if matches!(row.state()?, policy::AmendmentState::Writing | policy::AmendmentState::Proposed) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// One at a time: two at once would each be approved against a text that the other changes.
async fn none_in_the_making(conn: &mut Conn, id: ChallengeId) -> Result<()> {
    match in_the_making(conn, id).await? {
        None => Ok(()),
        Some(_) => Err(Error::field("form", "amendment-in-making")),
    }
}
