use crate::challenge::Stage;
use crate::moment::Moment;
use crate::organisation::{Actor, OrganisationKind};
use crate::policy::response::supplying;
use crate::policy::*;

/// A supplier publishes a solution of its own. `awarded`: whether it was awarded in the challenge that it names, if it names one:
/// any other challenge is as if it were not there, so that nobody learns who answered.
pub fn publish_solution(actor: &Actor, brand: Brand, now: Moment, awarded: Option<bool>) -> Decision<PublishSolution> {
    let acting = actor.acting_as();
    let supplier = acting.is_some_and(|acting| acting.kind == OrganisationKind::Supplier);
    let refusal = unless(actor.user().is_some(), Refusal::SignIn)
        .or(unless(supplier, Refusal::ActAsSupplier))
        .or(unless(awarded != Some(false), Refusal::Unseen));
    let subject = acting.map_or(0, |acting| acting.organisation.get());
    decide(actor, (brand, now), subject, false, refusal)
}

/// An entry of the library as the actor meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SolutionFacts {
    pub brand: Brand,
    pub now: Moment,
    pub entry: SolutionId,
    pub supplier: OrganisationId,
    pub withdrawn: bool,
}

/// Everybody, until it is withdrawn; then its supplier alone.
pub fn read_solution(actor: &Actor, facts: &SolutionFacts) -> Decision<ReadSolution> {
    let refusal = unless(!facts.withdrawn || actor.acts_for(facts.supplier), Refusal::Unseen);
    decide(actor, (facts.brand, facts.now), facts.entry.get(), false, refusal)
}

/// To change and to withdraw it, and to publish it again: whoever acts for its supplier.
pub fn edit_solution(actor: &Actor, facts: &SolutionFacts) -> Decision<EditSolution> {
    let hidden = unless(!facts.withdrawn || actor.acts_for(facts.supplier), Refusal::Unseen);
    let refusal =
        hidden.or(unless(actor.user().is_some(), Refusal::SignIn)).or(unless(actor.acts_for(facts.supplier), Refusal::NotYours));
    decide(actor, (facts.brand, facts.now), facts.entry.get(), false, refusal)
}

/// "We have this problem too": somebody who acts for a buyer.
pub fn share_problem(actor: &Actor, facts: &SolutionFacts) -> Decision<ShareProblem> {
    let buyer = actor.acting_as().is_some_and(|acting| acting.kind == OrganisationKind::Buyer);
    let refusal = unless(!facts.withdrawn, Refusal::Unseen)
        .or(unless(actor.user().is_some(), Refusal::SignIn))
        .or(unless(buyer, Refusal::ActAsBuyer));
    decide(actor, (facts.brand, facts.now), facts.entry.get(), false, refusal)
}

/// A supplier's profile is shown to everybody, or to its members alone: its owner says which.
pub fn show_profile(actor: &Actor, facts: &OrganisationFacts) -> Decision<ShowProfile> {
    let refusal = match edit_organisation(actor, facts) {
        Err(refused) => Some(refused.why),
        Ok(_) => unless(facts.kind == OrganisationKind::Supplier, Refusal::Unseen),
    };
    decide(actor, (facts.brand, facts.now), facts.organisation.get(), false, refusal)
}

/// A public note of a supplier that looks for a partner, while the challenge is open. Whoever could not answer cannot seek one.
pub fn post_partner_note(actor: &Actor, facts: &ChallengeFacts) -> Decision<PostPartnerNote> {
    let refusal = supplying(actor, facts).or(at_stage(facts.public_stage(), &[Stage::Open]));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// By its supplier at any time, or by an officer of the team, with a reason.
pub fn end_partner_note(actor: &Actor, facts: &ChallengeFacts, supplier: OrganisationId) -> Decision<EndPartnerNote> {
    let may = actor.acts_for(supplier) || facts.officer();
    let refusal = unless(facts.is_public(), Refusal::Unseen)
        .or(unless(actor.user().is_some(), Refusal::SignIn))
        .or(unless(may, Refusal::NotYours));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// How far a challenge reached: its team, once it is public. How many began and answered is told by [`ChallengeFacts`]'s opening:
/// never before.
pub fn read_reach(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadReach> {
    let refusal = unless(facts.team.is_some(), Refusal::Unseen).or(unless(facts.is_public(), Refusal::Stage));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}

/// Why one did not answer: after the deadline, anybody signed in who has no part in deciding.
pub fn say_why_not(actor: &Actor, facts: &ChallengeFacts) -> Decision<SayWhyNot> {
    let over = facts.standing.round > 1 || facts.standing.deadline.is_some_and(|deadline| facts.now.reached(deadline));
    let refusal = unless(facts.is_public(), Refusal::Unseen)
        .or(unless(actor.user().is_some(), Refusal::SignIn))
        .or(unless(facts.buyer_role.is_none() && facts.seat.is_none(), Refusal::Conflict))
        .or(unless(over, Refusal::Stage));
    decide(actor, facts.at(), facts.challenge.get(), false, refusal)
}
