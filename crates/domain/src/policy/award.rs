use crate::challenge::Stage;
use crate::organisation::Actor;
use crate::policy::*;

fn inside(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.team.is_some(), if facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen })
}

/// Nobody decides with an interest of their own, nor on a ranking of which a recusal hides a part.
pub(super) fn disinterested(facts: &ChallengeFacts) -> Option<Refusal> {
    let recused = facts.seat.as_ref().is_some_and(|seat| seat.standing == SeatStanding::Recused);
    facts.interest().or(unless(!recused, Refusal::Recused))
}

/// An officer of the team recommends, once the result stands.
pub fn recommend_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<RecommendDecision> {
    let refusal = inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or(at_stage(facts.stage(), &[Stage::Result]));
    // A price that was asked about is answered for before anybody decides.
    let refusal = refusal.or_else(|| disinterested(facts)).or(unless(facts.standing.unchecked == 0, Refusal::CheckOpen));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

fn approval(facts: &ChallengeFacts) -> Option<Refusal> {
    let alone = !facts.four_eyes && facts.officer();
    inside(facts).or(unless(facts.approver() || alone, Refusal::NotYours)).or(at_stage(facts.stage(), &[Stage::Recommended]))
}

/// An approver who neither wrote nor scored; where the buyer has switched four eyes off, one person, on record.
pub fn approve_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<ApproveDecision> {
    let wrote = actor.user().is_some() && actor.user() == facts.recommended_by;
    let refusal = approval(facts).or(unless(!facts.four_eyes || !(wrote || facts.scored), Refusal::WroteOrScored));
    let refusal = refusal.or_else(|| disinterested(facts));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

pub fn send_back_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<SendBackDecision> {
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), approval(facts))
}

/// The recommendation: the team. The approved decision (who was awarded, and why): everybody.
pub fn read_decision(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadDecision> {
    let refusal = match facts.stage() {
        // A cut is between the team and each supplier, by its letter: who goes on is nobody else's business.
        Stage::Decided | Stage::Cancelled if facts.standing.rounds_after > 0 => inside(facts).or_else(|| disinterested(facts)),
        Stage::Decided => None,
        // What was decided stays readable when the challenge is cancelled afterwards.
        Stage::Cancelled if facts.standing.decided_at.is_some() => None,
        Stage::Recommended => inside(facts).or_else(|| disinterested(facts)),
        _ => inside(facts).or(Some(Refusal::Stage)),
    };
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

/// A supplier's own letter, with its own scores and reasons, once the decision is approved; the team reads all letters. What
/// was not submitted or not opened does not exist for the team.
pub fn read_letter(actor: &Actor, facts: &ResponseFacts) -> Decision<ReadLetter> {
    let challenge = &facts.challenge;
    let decided = unless(challenge.standing.decided_at.is_some(), Refusal::Stage);
    let refusal = if actor.acts_for(facts.supplier) && challenge.supplier(actor) {
        unless(challenge.buyer_role.is_none(), Refusal::Conflict)
            .or(decided)
            .or(unless(facts.submitted, Refusal::NothingSubmitted))
    } else {
        let exists = challenge.team.is_some() && challenge.standing.opened_at.is_some() && facts.submitted && !facts.recused;
        unless(exists, Refusal::Unseen).or_else(|| challenge.interest()).or(decided)
    };
    decide(actor, challenge.at(), facts.response.get(), challenge.sealed(), refusal)
}
