use crate::challenge::Stage;
use crate::organisation::Actor;
use crate::policy::*;

fn inside(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
}

/// An officer of the team recommends, once the result stands.
pub fn recommend_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<RecommendDecision> {
    let refusal =
        inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or(at_stage(facts.stage(), &[Stage::Result]));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

fn approval(facts: &ChallengeFacts) -> Option<Refusal> {
    let alone = !facts.four_eyes && facts.officer();
    inside(facts)
        .or(unless(facts.approver() || alone, Refusal::NotYours))
        .or(at_stage(facts.stage(), &[Stage::Recommended]))
}

/// An approver who neither wrote nor scored; where the buyer has switched four eyes off, one person, on record.
pub fn approve_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<ApproveDecision> {
    let wrote = actor.user().is_some() && actor.user() == facts.recommended_by;
    let refusal =
        approval(facts).or(unless(!facts.four_eyes || !(wrote || facts.scored), Refusal::WroteOrScored));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

pub fn send_back_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<SendBackDecision> {
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), approval(facts))
}

/// The recommendation: the team. The approved decision (who was awarded, and why): everybody.
pub fn read_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadDecision> {
    let refusal = match facts.stage() {
        Stage::Decided => None,
        Stage::Recommended => inside(facts),
        _ => inside(facts).or(Some(Refusal::Stage)),
    };
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

/// A supplier's own letter, with its own scores and reasons, once the decision is approved; the team reads all letters.
pub fn read_letter(actor: &Actor, facts: &ResponseFacts) -> Decision<ReadLetter> {
    let own = actor.acts_for(facts.supplier) && facts.challenge.supplier(actor);
    let refusal = unless(own || facts.challenge.team.is_some(), Refusal::Unseen)
        .or(unless(facts.challenge.stage() == Stage::Decided, Refusal::Stage))
        .or(unless(facts.submitted, Refusal::NothingSubmitted));
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), refusal)
}
