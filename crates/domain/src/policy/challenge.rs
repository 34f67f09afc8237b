use crate::challenge::Stage;
use crate::organisation::{Actor, OrganisationKind, Role};
use crate::policy::*;

/// Owners and officers of a buyer write challenges; publishing needs the buyer verified, writing does not.
pub fn create_challenge(actor: &Actor, facts: &OrganisationFacts) -> Decision<CreateChallenge> {
    let refusal = if actor.user().is_none() {
        Some(Refusal::SignIn)
    } else if facts.kind != OrganisationKind::Buyer || !actor.acts_for(facts.organisation) {
        Some(Refusal::ActAsBuyer)
    } else {
        unless(matches!(facts.role, Some(Role::Owner | Role::Officer)), Refusal::NotYours)
    };
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// What the team may do, and nobody else knows of: before publication a challenge does not exist for others.
fn team(actor: &Actor, facts: &ChallengeFacts, is: bool) -> Option<Refusal> {
    if is {
        None
    } else if facts.team.is_some() {
        Some(Refusal::NotYours)
    } else if !facts.is_public() {
        Some(Refusal::Unseen)
    } else if actor.user().is_none() {
        Some(Refusal::SignIn)
    } else {
        Some(Refusal::NotYours)
    }
}

pub fn edit_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<EditChallenge> {
    let refusal = team(actor, facts, facts.officer()).or(at_stage(facts.stage(), &[Stage::Draft]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Whoever may mend a finding may leave it with a reason.
pub fn dismiss_finding(actor: &Actor, facts: &ChallengeFacts) -> Decision<DismissFinding> {
    let refusal = team(actor, facts, facts.officer()).or(at_stage(facts.stage(), &[Stage::Draft]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn take_back_finding(actor: &Actor, facts: &ChallengeFacts) -> Decision<TakeBackFinding> {
    let refusal = team(actor, facts, facts.officer()).or(at_stage(facts.stage(), &[Stage::Draft]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// An officer of the challenge, or an owner of its buyer, names its team, as long as it is not decided.
pub fn name_team(actor: &Actor, facts: &ChallengeFacts) -> Decision<NameTeam> {
    let owner = facts.buyer_role == Some(Role::Owner) && actor.acts_for(facts.buyer);
    let refusal = team(actor, facts, facts.officer() || owner)
        .or(unless(!matches!(facts.stage(), Stage::Decided | Stage::Cancelled), Refusal::Stage));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn submit_for_review(actor: &Actor, facts: &ChallengeFacts) -> Decision<SubmitForReview> {
    let refusal = team(actor, facts, facts.officer()).or(at_stage(facts.stage(), &[Stage::Draft]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Four eyes: an approver who is not the author. A buyer may switch four eyes off; the record then shows one person.
fn approval(actor: &Actor, facts: &ChallengeFacts) -> Option<Refusal> {
    let alone = !facts.four_eyes && facts.officer();
    team(actor, facts, facts.approver() || alone).or(at_stage(facts.stage(), &[Stage::InReview]))
}

pub fn approve_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<ApproveChallenge> {
    let refusal = approval(actor, facts)
        .or(unless(!facts.four_eyes || actor.user() != Some(facts.author), Refusal::OwnWork))
        .or(unless(facts.buyer_verified, Refusal::BuyerNotVerified));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn send_back_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<SendBackChallenge> {
    decide(actor, facts.at(), facts.challenge.get(), false, approval(actor, facts))
}

/// From any state before it is contracted, with a reason that is published.
pub fn cancel_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<CancelChallenge> {
    let refusal =
        team(actor, facts, facts.officer() || facts.approver()).or(unless(facts.stage() != Stage::Cancelled, Refusal::Stage));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

/// The published notice: everybody. Before: its team, its approvers, those who hold a seat in it.
pub fn read_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadChallenge> {
    let refusal = unless(facts.is_public() || facts.team.is_some() || facts.seat.is_some(), Refusal::Unseen);
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// The draft, its history and its team: the team, and the buyer's owner who names it, at every stage.
pub fn read_draft(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadDraft> {
    let owner = facts.buyer_role == Some(Role::Owner) && actor.acts_for(facts.buyer);
    let refusal = unless(facts.team.is_some() || owner, Refusal::Unseen);
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn follow_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<FollowChallenge> {
    let refusal = unless(facts.is_public(), Refusal::Unseen).or(unless(actor.user().is_some(), Refusal::SignIn));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}
