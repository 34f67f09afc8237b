use crate::challenge::Stage;
use crate::interview::Slot;
use crate::organisation::Actor;
use crate::policy::*;

/// From the invitation until the panel's record is closed.
const HELD: &[Stage] = &[Stage::Open, Stage::Closed, Stage::Checking, Stage::Scoring, Stage::Moderation];

/// `interviews`: the round was published as one with an interview.
fn offering(facts: &ChallengeFacts, interviews: bool) -> Option<Refusal> {
    unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
        .or(unless(facts.officer(), Refusal::NotYours))
        .or(unless(interviews, Refusal::Stage))
        .or(at_stage(facts.stage(), HELD))
        .or_else(|| facts.interest())
}

fn round(facts: &ChallengeFacts) -> i64 {
    facts.round.map_or(0, |round| round.get())
}

/// An officer offers times to all who go on.
pub fn offer_slots(actor: &Actor, facts: &ChallengeFacts, interviews: bool) -> Decision<OfferSlots> {
    decide(actor, facts.at(), round(facts), false, offering(facts, interviews))
}

/// Also one that was taken: its supplier is told, and takes another.
pub fn withdraw_slot(actor: &Actor, facts: &ChallengeFacts, interviews: bool) -> Decision<WithdrawSlot> {
    decide(actor, facts.at(), round(facts), false, offering(facts, interviews))
}

/// Who comes when: the team, and the panel once the opening has told who takes part. A recusal hides rows, which is for whoever
/// lists.
pub fn read_interviews(actor: &Actor, facts: &ChallengeFacts, interviews: bool) -> Decision<ReadInterviews> {
    let panel = facts.standing.opened_at.is_some()
        && facts.seat.as_ref().is_some_and(|seat| matches!(seat.standing, SeatStanding::Clear | SeatStanding::Recused));
    let refusal = unless(facts.team.is_some() || facts.seat.is_some(), Refusal::Unseen)
        .or(unless(facts.team.is_some() || panel, Refusal::NotYours))
        .or(unless(interviews, Refusal::Stage))
        .or_else(|| facts.interest());
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// A supplier that takes part takes a time that is free, in place of the one that it had. `held`: that one; both may be changed
/// until their own instants. That a free one is given to one alone is the store's to keep.
pub fn book_slot(
    actor: &Actor,
    facts: &ResponseFacts,
    interviews: bool,
    slot: Option<Slot>,
    held: Option<Slot>,
) -> Decision<BookSlot> {
    let challenge = &facts.challenge;
    let now = challenge.now;
    let refusal =
        if actor.acts_for(facts.supplier) { super::response::supplying(actor, challenge) } else { Some(Refusal::Unseen) };
    let refusal = refusal
        .or(unless(interviews, Refusal::Stage))
        .or(at_stage(challenge.stage(), HELD))
        .or(unless(slot.is_some(), Refusal::Unseen))
        .or(unless(slot.is_none_or(|slot| slot.may_change(now)), Refusal::Late))
        .or(unless(held.is_none_or(|held| held.may_change(now)), Refusal::Late));
    decide(actor, challenge.at(), facts.response.get(), false, refusal)
}

/// The supplier's own time and those that are free. To everybody else, and in a round without an interview, there is no such page.
pub fn read_own_interview(actor: &Actor, facts: &ResponseFacts, interviews: bool) -> Decision<ReadOwnInterview> {
    let refusal = super::response::own(actor, facts).or(unless(interviews, Refusal::Unseen));
    decide(actor, facts.challenge.at(), facts.response.get(), false, refusal)
}
