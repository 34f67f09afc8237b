//! Interviews of a round: times that an officer offers, and that those who go on take.

use domain::challenge::{RoundKind, Terms};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, OrganisationId, ResponseId, from_text};
use domain::interview::{LONGEST, MOST_IN_A_ROW, SHORTEST, Slot, in_a_row};
use domain::moment::{Moment, local, local_fields};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{
    self, BookSlot, ChallengeFacts, OfferSlots, ReadInterviews, ReadOwnInterview, Refused, ResponseFacts, WithdrawSlot,
};
use store::{Conn, Lock, SlotRow};

use crate::challenge::facts;
use crate::response::round_of;
use crate::{Desk, Error, Result, notice};

/// Whether the round of these facts was published as one with an interview; and its published terms.
async fn published(desk: &Desk, conn: &mut Conn, facts: &ChallengeFacts) -> Result<(bool, Terms)> {
    let (_, terms) = desk.round_terms(conn, facts).await?;
    let number = u32::try_from(facts.standing.round).unwrap_or_default();
    let interviews = terms.later_round(number).is_some_and(|round| round.kind == RoundKind::Interview);
    Ok((interviews, terms))
}

/// Who comes when, for the team and the panel.
pub struct InterviewsView {
    pub facts: ChallengeFacts,
    pub terms: Terms,
    pub slots: Vec<SlotRow>,
    /// That were taken once and are not any more, also withdrawn ones: a calendar has them still.
    pub cancelled: Vec<SlotRow>,
    /// Of those who go on, by name, who has taken no time.
    pub without: Vec<String>,
}

pub async fn read_interviews(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<InterviewsView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadInterviews>(&mut conn, actor, challenge, Lock::None).await?;
    let (interviews, terms) = match facts.standing.round {
        0 => (false, Terms::default()),
        _ => published(desk, &mut conn, &facts).await?,
    };
    policy::read_interviews(actor, &facts, interviews)?;
    let round = round_of(&facts)?;
    let hidden = match &facts.seat {
        Some(seat) => conn.recusals(seat.id).await?,
        None => Vec::new(),
    };
    let seen = |response: i64| !hidden.contains(&ResponseId(response));
    let all = conn.slots(round).await?;
    // A seat that a recusal hides something from learns nothing of takings that are over.
    let over = |row: &&SlotRow| hidden.is_empty() && row.response.is_none() && row.bookings > 0;
    let cancelled = all.iter().filter(over).cloned().collect();
    let mut slots = all;
    slots.retain(|row| row.withdrawn_at.is_none() && row.response.is_none_or(seen));
    let has = |response: i64| slots.iter().any(|row| row.response == Some(response));
    let entries = conn.round_entries(round).await?.into_iter();
    let without = entries.filter(|(response, _)| seen(*response) && !has(*response)).map(|(_, name)| name).collect();
    Ok(InterviewsView { facts, terms, slots, cancelled, without })
}

/// Fields `date`, `time` (of the first, in the challenge's zone), `minutes`, `count`, `pause` (minutes, none: 0), `place` (or a
/// link), and `until_date`, `until_time` (until when a time may be taken or changed; none: a day before the first).
pub async fn offer_slots(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let (helper, who, fields) = (desk.clone(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<OfferSlots>(tx, &who, challenge, Lock::Update).await?;
            let (interviews, terms) = published(&helper, tx, &facts).await?;
            let permit = policy::offer_slots(&who, &facts, interviews)?;
            let round = round_of(&facts)?;
            let (slots, place) = typed(&fields, &terms.zone, facts.now)?;
            let deadline = facts.standing.deadline.unwrap_or_default();
            if slots.iter().any(|slot| slot.before_answers(deadline)) {
                let (date, time) = local_fields(deadline, &terms.zone);
                let early = FieldError::new("date", "slot-before-answers").with("date", date).with("time", time);
                return Err(Error::Invalid(vec![early]));
            }
            let offered: Vec<Slot> =
                tx.slots(round).await?.iter().filter(|row| row.withdrawn_at.is_none()).map(SlotRow::slot).collect();
            if slots.iter().any(|slot| offered.iter().any(|other| slot.overlaps(other))) {
                return Err(Error::field("time", "slot-overlaps"));
            }
            let slots: Vec<(i64, Slot)> = slots.into_iter().map(|slot| (helper.chance.id(), slot)).collect();
            tx.offer_slots(&permit, &slots, &place).await?;
            let first = slots.first().map_or(0, |(id, _)| *id);
            let until = slots.first().map(|(_, slot)| slot.book_until).unwrap_or_default();
            for (response, _) in tx.round_entries(round).await? {
                let Some(row) = tx.response(ResponseId(response)).await? else { continue };
                let told = notice::about(tx, EventKind::SlotsOffered, first ^ response, challenge).await?;
                let told = told.to_organisation(OrganisationId(row.supplier), "").act_by(until, &terms.zone);
                tx.tell(&told.link(format!("/responses/{}/interview", ResponseId(response)))).await?;
            }
            Ok(())
        })
    })
    .await
}

fn typed(fields: &Fields, zone: &str, now: Moment) -> Result<(Vec<Slot>, String)> {
    let mut errors = Errors::default();
    let place = errors.text(fields, "place", true, 500);
    let mut whole = |name: &str, least: u32, most: u32, usual: u32| match fields.get(name) {
        "" if usual >= least => usual,
        text => text.parse().ok().filter(|n| (least..=most).contains(n)).unwrap_or_else(|| {
            errors.add(FieldError::new(name, "whole-between").with("min", least).with("max", most));
            least
        }),
    };
    let minutes = whole("minutes", SHORTEST, LONGEST, 0);
    let count = whole("count", 1, MOST_IN_A_ROW, 1);
    let pause = whole("pause", 0, LONGEST, 0);
    let mut instant = |date: &str, time: &str, usual: &str| {
        let typed = fields.get(time);
        local(fields.get(date), if typed.is_empty() { usual } else { typed }, zone).map_err(|_| errors.say(date, "date")).ok()
    };
    let first = instant("date", "time", "");
    let until = if fields.get("until_date").is_empty() { None } else { instant("until_date", "until_time", "17:00") };
    let Some(first) = first else { return Err(Error::Invalid(errors.0)) };
    let slots = in_a_row(first, minutes, pause, count, until);
    if !now.before(first) {
        errors.say("date", "slot-past");
    } else if slots.iter().any(|slot| !slot.may_change(now)) {
        errors.say(if until.is_some() { "until_date" } else { "date" }, "slot-until-past");
    } else if slots.iter().any(|slot| !slot.book_until.before(slot.starts)) {
        errors.say("until_date", "slot-until-late");
    }
    errors.done((slots, place)).map_err(Error::Invalid)
}

/// Fields `slot`, and `reason` where somebody has taken it: who is told, and takes another.
pub async fn withdraw_slot(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let slot = from_text(fields.get("slot")).ok_or(Refused::unseen::<WithdrawSlot>(0))?;
    let (helper, who, fields) = (desk.clone(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<WithdrawSlot>(tx, &who, challenge, Lock::Update).await?;
            let (interviews, terms) = published(&helper, tx, &facts).await?;
            let permit = policy::withdraw_slot(&who, &facts, interviews)?;
            let row = tx.slots(round_of(&facts)?).await?.into_iter().find(|row| row.id == slot && row.withdrawn_at.is_none());
            let row = row.ok_or(Error::Stale)?;
            let mut errors = Errors::default();
            let reason = errors.text(&fields, "reason", row.response.is_some(), 2_000);
            errors.done(()).map_err(Error::Invalid)?;
            tx.withdraw_slot(&permit, slot, &reason).await?;
            let starts = Moment(row.starts_at);
            if let Some(row) = match row.response {
                Some(response) => tx.response(ResponseId(response)).await?,
                None => None,
            } {
                let told = notice::about(tx, EventKind::SlotWithdrawn, slot ^ row.id, challenge).await?;
                let told = told.to_organisation(OrganisationId(row.supplier), "").reason(&reason).at(starts).zone(&terms.zone);
                tx.tell(&told.link(format!("/responses/{}/interview", ResponseId(row.id)))).await?;
            }
            Ok(())
        })
    })
    .await
}

/// The own time and those that are free; nothing of others.
pub struct OwnInterview {
    pub facts: ResponseFacts,
    pub terms: Terms,
    pub held: Option<SlotRow>,
    /// All that it has ever taken, for its calendar: those that it has no more are cancelled there.
    pub taken: Vec<SlotRow>,
    pub free: Vec<SlotRow>,
    /// Whether a time may be taken now.
    pub open: bool,
}

pub async fn read_own_interview(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<OwnInterview> {
    let mut conn = desk.store.read().await?;
    let unseen = || Refused::unseen::<ReadOwnInterview>(id.get());
    let facts = conn.response_facts(actor, id, Lock::None).await?.ok_or_else(unseen)?;
    let (interviews, terms) = published(desk, &mut conn, &facts.challenge).await?;
    policy::read_own_interview(actor, &facts, interviews)?;
    let round = round_of(&facts.challenge)?;
    let (slots, taken) = (conn.slots(round).await?, conn.own_slots(round, id).await?);
    let held = taken.iter().find(|row| row.response.is_some()).cloned();
    let now = facts.challenge.now;
    let free: Vec<SlotRow> = slots
        .into_iter()
        .filter(|row| row.withdrawn_at.is_none() && row.response.is_none() && row.slot().may_change(now))
        .collect();
    let first = free.first().map(SlotRow::slot);
    let open = policy::book_slot(actor, &facts, interviews, first, held.as_ref().map(SlotRow::slot)).is_ok();
    Ok(OwnInterview { facts, terms, held, taken, free, open })
}

/// Field `slot`: in place of the one that it had. `Stale` where another took it meanwhile.
pub async fn book_slot(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<()> {
    let slot = from_text(fields.get("slot")).ok_or_else(|| Error::field("slot", "choose"))?;
    let (helper, booking, who) = (desk.clone(), desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let unseen = || Refused::unseen::<BookSlot>(id.get());
            let facts = tx.response_facts(&who, id, Lock::Share).await?.ok_or_else(unseen)?;
            let (interviews, terms) = published(&helper, tx, &facts.challenge).await?;
            let round = round_of(&facts.challenge)?;
            let slots = tx.slots(round).await?;
            let held = slots.iter().find(|row| row.response == Some(id.get()));
            let wanted = slots.iter().find(|row| row.id == slot);
            let permit = policy::book_slot(&who, &facts, interviews, wanted.map(SlotRow::slot), held.map(SlotRow::slot))?;
            tx.book_slot(&permit, booking, round, slot).await?;
            let challenge = facts.challenge.challenge;
            let told = notice::about(tx, EventKind::SlotBooked, booking, challenge).await?;
            let starts = wanted.map(|row| Moment(row.starts_at)).unwrap_or_default();
            let told = told.by(who.user()).act_by(starts, &terms.zone);
            tx.tell(&told.link(format!("/challenges/{challenge}/interviews"))).await?;
            Ok(())
        })
    })
    .await
}
