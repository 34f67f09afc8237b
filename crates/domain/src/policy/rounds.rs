use crate::challenge::Stage;
use crate::ids::UserId;
use crate::organisation::Actor;
use crate::policy::*;

/// Where the rounds stand, and who goes on: the team, once it is public. To everybody else a later round is what was planned of it.
pub fn read_rounds(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadRounds> {
    let refusal = unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
        .or(unless(facts.round.is_some() && facts.is_public(), Refusal::Stage))
        .or_else(|| super::award::disinterested(facts));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// The deadline of a later round moves while the round is open, as the first one's does by an amendment: not once it has passed.
fn extendable(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
        .or(unless(facts.standing.round > 1, Refusal::Stage))
        .or(at_stage(facts.stage(), &[Stage::Open]))
}

fn round(facts: &ChallengeFacts) -> i64 {
    facts.round.map_or(0, |round| round.get())
}

/// An officer proposes a later deadline of a later round, for all who were invited to it.
pub fn extend_round(actor: &Actor, facts: &ChallengeFacts) -> Decision<ExtendRound> {
    let refusal = extendable(facts).or(unless(facts.officer(), Refusal::NotYours));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// Four eyes, as for an amendment: an approver who did not propose it. A buyer may switch four eyes off.
pub fn approve_round_extension(
    actor: &Actor,
    facts: &ChallengeFacts,
    proposed_by: Option<UserId>,
) -> Decision<ApproveRoundExtension> {
    let may = facts.approver() || (!facts.four_eyes && facts.officer());
    let refusal = extendable(facts)
        .or(unless(may, Refusal::NotYours))
        .or(unless(!facts.four_eyes || actor.user() != proposed_by, Refusal::OwnWork))
        .or(unless(facts.buyer_verified, Refusal::BuyerNotVerified));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// An approver sends it away, or an officer takes it back; also when the round has closed meanwhile.
pub fn decline_round_extension(actor: &Actor, facts: &ChallengeFacts) -> Decision<DeclineRoundExtension> {
    let refusal = unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
        .or(unless(facts.standing.round > 1, Refusal::Stage))
        .or(unless(facts.officer() || facts.approver(), Refusal::NotYours));
    decide(actor, facts.at(), round(facts), false, refusal)
}
