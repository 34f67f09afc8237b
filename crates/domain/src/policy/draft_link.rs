//! Links by which somebody without an account meets one draft.

use super::response::{in_time, own};
use crate::ids::DraftLinkId;
use crate::moment::Moment;
use crate::organisation::Actor;
use crate::policy::*;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftLinkKind {
    /// Reads the draft, and nothing else.
    Read,
    /// Is asked, as a partner named on the draft, to sign it off.
    Sign,
}

crate::organisation::codes!(DraftLinkKind { Read = "read", Sign = "sign" });

/// A link as whoever holds it meets it. `response` holds the facts of the draft as they are to the actor: mostly a visitor.
#[derive(Clone, Debug)]
pub struct DraftLinkFacts {
    pub response: ResponseFacts,
    pub link: DraftLinkId,
    pub kind: DraftLinkKind,
    pub expires_at: Moment,
    pub revoked: bool,
    /// Whoever made it is a member of the supplier still.
    pub maker_stays: bool,
}

impl DraftLinkFacts {
    /// The instant of the end is late, as everywhere.
    pub fn holds(&self) -> bool {
        !self.revoked && self.maker_stays && self.response.challenge.now.before(self.expires_at)
    }
}

/// A member makes a link to the draft while it can be answered: afterwards there is nothing left to advise on.
pub fn share_draft(actor: &Actor, facts: &ResponseFacts) -> Decision<ShareDraft> {
    let refusal = own(actor, facts).or_else(|| in_time(&facts.challenge));
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), refusal)
}

/// Any member, at any time.
pub fn revoke_draft_link(actor: &Actor, facts: &ResponseFacts) -> Decision<RevokeDraftLink> {
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), own(actor, facts))
}

/// Whoever holds the link, signed in or not; but nobody who is known to belong to the buyer or to sit on the panel, to whom it
/// may have been forwarded by mistake: before the opening the existence of a response is a secret to them.
pub(super) fn holder(facts: &DraftLinkFacts) -> Option<Refusal> {
    let challenge = &facts.response.challenge;
    let other_side = challenge.team.is_some() || challenge.buyer_role.is_some() || challenge.seat.is_some();
    unless(facts.holds() && !other_side, Refusal::Unseen)
}

pub fn read_shared_draft(actor: &Actor, facts: &DraftLinkFacts) -> Decision<ReadSharedDraft> {
    let challenge = &facts.response.challenge;
    decide(actor, challenge.at(), facts.link.get(), challenge.sealed(), holder(facts))
}

/// A member asks a partner that the draft names to sign it off, while it can be submitted.
pub fn ask_sign_off(actor: &Actor, facts: &ResponseFacts) -> Decision<AskSignOff> {
    let refusal = own(actor, facts).or_else(|| in_time(&facts.challenge));
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), refusal)
}

/// The partner, by the link that was mailed to it, while the content can still be submitted.
pub fn sign_off(actor: &Actor, facts: &DraftLinkFacts) -> Decision<SignOff> {
    let challenge = &facts.response.challenge;
    let for_it = unless(facts.kind == DraftLinkKind::Sign, Refusal::Unseen);
    let refusal = holder(facts).or(for_it).or_else(|| in_time(challenge));
    decide(actor, challenge.at(), facts.link.get(), challenge.sealed(), refusal)
}
