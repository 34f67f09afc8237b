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
pub(super) fn team(actor: &Actor, facts: &ChallengeFacts, is: bool) -> Option<Refusal> {
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

/// An officer names whose approvals it needs, while it is still written.
pub fn name_approval(actor: &Actor, facts: &ChallengeFacts) -> Decision<NameApproval> {
    let refusal = team(actor, facts, facts.officer()).or(at_stage(facts.stage(), &[Stage::Draft]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// An approver of the team; where a buyer has switched four eyes off, an officer too.
fn approves(facts: &ChallengeFacts) -> bool {
    facts.approver() || (!facts.four_eyes && facts.officer())
}

/// Four eyes: an approver who wrote no part of it, also not before they became an approver. A buyer may switch four eyes off;
/// the record then shows one person. Where approvals are named, their holders approve and nobody else.
pub fn approve_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<ApproveChallenge> {
    let wrote = facts.wrote || actor.user() == Some(facts.author);
    let refusal = team(actor, facts, approves(facts))
        .or(at_stage(facts.stage(), &[Stage::InReview]))
        .or(unless(!facts.four_eyes || !wrote, Refusal::OwnWork))
        .or(unless(facts.approvals.named == 0 || facts.approvals.own > 0, Refusal::NotAsked))
        .or(unless(facts.buyer_verified, Refusal::BuyerNotVerified));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn send_back_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<SendBackChallenge> {
    let refusal = team(actor, facts, approves(facts)).or(at_stage(facts.stage(), &[Stage::InReview]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Back to draft before anybody outside has read it: by the team, from review or while it waits for its instant.
pub fn take_back_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<TakeBackChallenge> {
    let refusal =
        team(actor, facts, facts.officer() || facts.approver()).or(at_stage(facts.stage(), &[Stage::InReview, Stage::Scheduled]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Another instant of publication, before the first has come: by those who may approve it.
pub fn reschedule_challenge(actor: &Actor, facts: &ChallengeFacts) -> Decision<RescheduleChallenge> {
    let wrote = facts.wrote || actor.user() == Some(facts.author);
    let refusal = team(actor, facts, approves(facts))
        .or(at_stage(facts.stage(), &[Stage::Scheduled]))
        .or(unless(!facts.four_eyes || !wrote, Refusal::OwnWork));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Reference and date of the notice in the official journal: by the team, before publication.
pub fn record_official_notice(actor: &Actor, facts: &ChallengeFacts) -> Decision<RecordOfficialNotice> {
    let refusal =
        team(actor, facts, facts.officer() || facts.approver()).or(unless(facts.stage().before_publication(), Refusal::Stage));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
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
