use crate::ids::{OrganisationId, UserId};
use crate::moment::Moment;
use crate::organisation::{Actor, OrganisationKind, Role};
use crate::policy::*;

/// Anybody signed in may register an organisation; a buyer is verified before it publishes.
pub fn create_organisation(actor: &Actor, brand: Brand, now: Moment) -> Decision<CreateOrganisation> {
    decide(actor, (brand, now), 0, false, unless(actor.user().is_some(), Refusal::SignIn))
}

fn owner(actor: &Actor, facts: &OrganisationFacts) -> Option<Refusal> {
    if actor.user().is_none() {
        return Some(Refusal::SignIn);
    }
    match facts.role {
        None => Some(Refusal::Unseen),
        Some(Role::Owner) => None,
        Some(_) => Some(Refusal::NotYours),
    }
}

pub fn edit_organisation(actor: &Actor, facts: &OrganisationFacts) -> Decision<EditOrganisation> {
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, owner(actor, facts))
}

/// Whether openings need two people: an owner says so, for the challenges approved from then on.
pub fn set_opening_rule(actor: &Actor, facts: &OrganisationFacts) -> Decision<SetOpeningRule> {
    let refusal = owner(actor, facts).or(unless(facts.kind == OrganisationKind::Buyer, Refusal::Unseen));
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// Administrators verify buyers; they see no content.
pub fn verify_buyer(actor: &Actor, facts: &OrganisationFacts) -> Decision<VerifyBuyer> {
    let refusal = if actor.user().is_none() {
        Some(Refusal::SignIn)
    } else {
        unless(actor.administrator() && facts.kind == OrganisationKind::Buyer, Refusal::Unseen)
    };
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// The pages of the administrator.
pub fn administer(actor: &Actor, brand: Brand, now: Moment) -> Decision<Administer> {
    let refusal = if actor.user().is_none() { Some(Refusal::SignIn) } else { unless(actor.administrator(), Refusal::Unseen) };
    decide(actor, (brand, now), 0, false, refusal)
}

pub fn invite_member(actor: &Actor, facts: &OrganisationFacts, role: Role) -> Decision<InviteMember> {
    let refusal = owner(actor, facts).or(unless(role.fits(facts.kind), Refusal::NotYours));
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// Whoever holds the link that was mailed to the own confirmed address may accept.
pub fn accept_invitation(actor: &Actor, facts: &OrganisationFacts, same_address: bool) -> Decision<AcceptInvitation> {
    let refusal = if actor.user().is_none() { Some(Refusal::SignIn) } else { unless(same_address, Refusal::Unseen) };
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// An owner ends a membership, or its holder leaves; the last owner stays.
pub fn end_membership(actor: &Actor, facts: &OrganisationFacts, of: UserId, of_role: Role) -> Decision<EndMembership> {
    let refusal = if actor.user().is_none() {
        Some(Refusal::SignIn)
    } else if actor.user() != Some(of) && facts.role != Some(Role::Owner) {
        Some(if facts.role.is_none() { Refusal::Unseen } else { Refusal::NotYours })
    } else {
        unless(of_role != Role::Owner || facts.owners > 1, Refusal::LastOwner)
    };
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// One membership at a time, chosen by its holder.
pub fn act_as(actor: &Actor, brand: Brand, now: Moment, organisation: OrganisationId, holds: bool) -> Decision<ActAs> {
    let refusal = if actor.user().is_none() { Some(Refusal::SignIn) } else { unless(holds, Refusal::Unseen) };
    decide(actor, (brand, now), organisation.get(), false, refusal)
}
