use crate::challenge::Stage;
use crate::ids::SoundingId;
use crate::organisation::Actor;
use crate::policy::challenge::team;
use crate::policy::*;
use crate::sounding::{SoundingStanding, SoundingState};

/// A sounding as the actor meets it.
#[derive(Clone, Debug)]
pub struct SoundingFacts {
    pub challenge: ChallengeFacts,
    pub sounding: SoundingId,
    pub standing: SoundingStanding,
}

impl SoundingFacts {
    pub fn state(&self) -> SoundingState {
        self.standing.state(self.challenge.now)
    }

    fn shown(&self) -> Option<Refusal> {
        unless(self.state() != SoundingState::TakenDown || self.challenge.team.is_some(), Refusal::Unseen)
    }

    fn decide<V: Verb>(&self, actor: &Actor, refusal: Option<Refusal>) -> Decision<V> {
        decide(actor, self.challenge.at(), self.sounding.get(), false, refusal)
    }

    /// Who is not on the team is told what everybody may know of it: that there is one, or that there is none.
    fn officer(&self, actor: &Actor) -> Option<Refusal> {
        self.shown().or(unless(actor.user().is_some(), Refusal::SignIn)).or(unless(self.challenge.officer(), Refusal::NotYours))
    }
}

/// An officer shows the draft; it is read by all, so its buyer is verified as for a publication. `open`: another one of this
/// challenge takes comments now.
pub fn open_sounding(actor: &Actor, facts: &ChallengeFacts, open: bool) -> Decision<OpenSounding> {
    let refusal = team(actor, facts, facts.officer())
        .or(at_stage(facts.stage(), &[Stage::Draft]))
        .or(unless(facts.buyer_verified, Refusal::BuyerNotVerified))
        .or(unless(!open, Refusal::SoundingState));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn end_sounding(actor: &Actor, facts: &SoundingFacts) -> Decision<EndSounding> {
    let refusal = facts.officer(actor).or(unless(facts.state() == SoundingState::Open, Refusal::SoundingState));
    facts.decide(actor, refusal)
}

pub fn take_down_sounding(actor: &Actor, facts: &SoundingFacts) -> Decision<TakeDownSounding> {
    let refusal = facts.officer(actor).or(unless(facts.state() != SoundingState::TakenDown, Refusal::SoundingState));
    facts.decide(actor, refusal)
}

/// Everybody, until it is taken down; its team also then. It opens nothing else of the draft.
pub fn read_sounding(actor: &Actor, facts: &SoundingFacts) -> Decision<ReadSounding> {
    facts.decide(actor, facts.shown())
}

/// Anybody with an account (which has a confirmed address), but nobody of the buyer, until it closes.
pub fn comment_on_sounding(actor: &Actor, facts: &SoundingFacts) -> Decision<CommentOnSounding> {
    let refusal = facts
        .shown()
        .or(unless(actor.user().is_some(), Refusal::SignIn))
        .or(unless(facts.challenge.buyer_role.is_none(), Refusal::NotYours))
        .or(unless(facts.state() == SoundingState::Open, Refusal::Late));
    facts.decide(actor, refusal)
}

/// What offends or gives somebody away is taken off the page, with a reason that stands in its place.
pub fn hide_sounding_comment(actor: &Actor, facts: &SoundingFacts) -> Decision<HideSoundingComment> {
    facts.decide(actor, facts.officer(actor))
}

/// What became of the comments: at any time, as long as it is shown.
pub fn answer_sounding(actor: &Actor, facts: &SoundingFacts) -> Decision<AnswerSounding> {
    let refusal = facts.officer(actor).or(unless(facts.state() != SoundingState::TakenDown, Refusal::SoundingState));
    facts.decide(actor, refusal)
}
