use crate::organisation::Actor;
use crate::policy::*;

/// Where the rounds stand, and who goes on: the team, once it is public. To everybody else a later round is what was planned of it.
pub fn read_rounds(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadRounds> {
    let refusal = unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
        .or(unless(facts.round.is_some() && facts.is_public(), Refusal::Stage))
        .or_else(|| super::award::disinterested(facts));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}
