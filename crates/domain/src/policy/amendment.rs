use crate::challenge::Stage;
use crate::organisation::Actor;
use crate::policy::*;

/// Where an amendment stands: its newest event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AmendmentState {
    /// Being written, or sent back.
    Writing,
    Proposed,
    Approved,
    Dropped,
}

/// An amendment as the actor meets it. One at a time is in the making.
#[derive(Clone, Debug)]
pub struct AmendmentFacts {
    pub challenge: ChallengeFacts,
    pub amendment: AmendmentId,
    pub state: AmendmentState,
    /// Who proposed it, or wrote it last.
    pub author: UserId,
    /// It opens a deadline again after closing.
    pub reopens: bool,
}

/// The team's business with a published challenge; others are not told that it goes on.
fn published(facts: &ChallengeFacts, is: bool) -> Option<Refusal> {
    unless(facts.team.is_some(), Refusal::Unseen).or(unless(is, Refusal::NotYours))
}

/// While it is published and not decided; which parts may change at which stage is `challenge::amendment`'s to say.
const AMENDABLE: &[Stage] = &[
    Stage::Open,
    Stage::Closed,
    Stage::Checking,
    Stage::Scoring,
    Stage::Moderation,
    Stage::Pricing,
    Stage::Result,
    Stage::Recommended,
];

/// What was published stands once a later round has begun: its deadline is moved by nobody who amends the first round's.
fn amendable(facts: &ChallengeFacts) -> Option<Refusal> {
    at_stage(facts.stage(), AMENDABLE).or(unless(facts.standing.round <= 1, Refusal::Stage))
}

pub fn begin_amendment(actor: &Actor, facts: &ChallengeFacts) -> Decision<BeginAmendment> {
    let refusal = published(facts, facts.officer()).or_else(|| amendable(facts));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// After closing and before the opening, for a failure of the service: asked by an officer, confirmed by another person.
pub fn ask_reopening(actor: &Actor, facts: &ChallengeFacts) -> Decision<AskReopening> {
    let refusal = published(facts, facts.officer()).or_else(|| reopenable(facts));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

fn reopenable(facts: &ChallengeFacts) -> Option<Refusal> {
    match facts.stage() {
        _ if facts.standing.round > 1 => Some(Refusal::Opened),
        Stage::Closed => None,
        Stage::Checking
        | Stage::Scoring
        | Stage::Moderation
        | Stage::Pricing
        | Stage::Result
        | Stage::Recommended
        | Stage::Decided => Some(Refusal::Opened),
        _ => Some(Refusal::Stage),
    }
}

/// What may be done with an amendment where it stands.
fn standing(facts: &AmendmentFacts, state: AmendmentState) -> Option<Refusal> {
    let stage = if facts.reopens { reopenable(&facts.challenge) } else { amendable(&facts.challenge) };
    stage.or(unless(facts.state == state, Refusal::AmendmentState))
}

/// Writing goes on until it is proposed, and again when it was sent back.
pub fn edit_amendment(actor: &Actor, facts: &AmendmentFacts) -> Decision<EditAmendment> {
    let challenge = &facts.challenge;
    let refusal = published(challenge, challenge.officer()).or_else(|| standing(facts, AmendmentState::Writing));
    decide(actor, challenge.at(), facts.amendment.get(), false, refusal)
}

pub fn propose_amendment(actor: &Actor, facts: &AmendmentFacts) -> Decision<ProposeAmendment> {
    let challenge = &facts.challenge;
    let refusal = published(challenge, challenge.officer()).or_else(|| standing(facts, AmendmentState::Writing));
    decide(actor, challenge.at(), facts.amendment.get(), false, refusal)
}

/// What is not published yet can be given up by any officer, also where the challenge has moved on.
pub fn drop_amendment(actor: &Actor, facts: &AmendmentFacts) -> Decision<DropAmendment> {
    let challenge = &facts.challenge;
    let making = matches!(facts.state, AmendmentState::Writing | AmendmentState::Proposed);
    let refusal = published(challenge, challenge.officer()).or(unless(making, Refusal::AmendmentState));
    decide(actor, challenge.at(), facts.amendment.get(), false, refusal)
}

/// Four eyes, as at publication: an approver who did not write it. A buyer may switch four eyes off.
pub fn approve_amendment(actor: &Actor, facts: &AmendmentFacts) -> Decision<ApproveAmendment> {
    let challenge = &facts.challenge;
    let refusal = approval(facts)
        .or(unless(!challenge.four_eyes || actor.user() != Some(facts.author), Refusal::OwnWork))
        .or(unless(challenge.buyer_verified, Refusal::BuyerNotVerified));
    decide(actor, challenge.at(), facts.amendment.get(), false, refusal)
}

pub fn send_back_amendment(actor: &Actor, facts: &AmendmentFacts) -> Decision<SendBackAmendment> {
    decide(actor, facts.challenge.at(), facts.amendment.get(), false, approval(facts))
}

/// Of a reopening the second person may be an officer too: what counts is that there are two.
fn approval(facts: &AmendmentFacts) -> Option<Refusal> {
    let challenge = &facts.challenge;
    let alone = !challenge.four_eyes && challenge.officer();
    let may = challenge.approver() || alone || (facts.reopens && challenge.officer());
    published(challenge, may).or_else(|| standing(facts, AmendmentState::Proposed))
}

/// What is in the making: the team alone. Published versions are everybody's, as the notice is.
pub fn read_amendment(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadAmendment> {
    decide(actor, facts.at(), facts.challenge.get(), false, published(facts, true))
}
