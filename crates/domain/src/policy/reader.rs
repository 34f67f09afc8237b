use crate::ids::ReaderId;
use crate::moment::Moment;
use crate::organisation::Actor;
use crate::policy::challenge::team;
use crate::policy::*;

/// An invitation to read one draft, as the actor meets it.
#[derive(Clone, Debug)]
pub struct ReaderFacts {
    pub challenge: ChallengeFacts,
    pub reader: ReaderId,
    /// The actor's confirmed address is the one that was invited.
    pub own: bool,
    pub expires_at: Moment,
    pub revoked: bool,
}

impl ReaderFacts {
    /// Until it is revoked, until its date, and no longer than the challenge is a draft to others.
    pub fn holds(&self) -> bool {
        let now = self.challenge.now;
        !self.revoked && now.before(self.expires_at) && self.challenge.stage().before_publication()
    }
}

/// An officer invites by mail, as long as nothing is published.
pub fn invite_reader(actor: &Actor, facts: &ChallengeFacts) -> Decision<InviteReader> {
    let refusal = team(actor, facts, facts.officer()).or(unless(facts.stage().before_publication(), Refusal::Stage));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

pub fn revoke_reader(actor: &Actor, facts: &ChallengeFacts) -> Decision<RevokeReader> {
    decide(actor, facts.at(), facts.challenge.get(), false, team(actor, facts, facts.officer()))
}

/// Whoever is not signed in is asked to sign in, whether or not there is such an invitation.
fn invited(actor: &Actor, facts: &ReaderFacts) -> Option<Refusal> {
    unless(actor.user().is_some(), Refusal::SignIn).or(unless(facts.own && facts.holds(), Refusal::Unseen))
}

/// The draft as it will look, and the own comments: nothing else of the buyer.
pub fn read_invited_draft(actor: &Actor, facts: &ReaderFacts) -> Decision<ReadInvitedDraft> {
    decide(actor, facts.challenge.at(), facts.reader.get(), false, invited(actor, facts))
}

pub fn comment_on_draft(actor: &Actor, facts: &ReaderFacts) -> Decision<CommentOnDraft> {
    decide(actor, facts.challenge.at(), facts.reader.get(), false, invited(actor, facts))
}

/// An officer answers a comment, or says that it is done with.
pub fn settle_comment(actor: &Actor, facts: &ChallengeFacts) -> Decision<SettleComment> {
    decide(actor, facts.at(), facts.challenge.get(), false, team(actor, facts, facts.officer()))
}
