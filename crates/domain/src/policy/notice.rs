use crate::moment::Moment;
use crate::organisation::Actor;
use crate::policy::*;

/// The own list of notices and the own choices: nobody reads or changes another's, so there is nothing to ask but who.
pub fn manage_notices(actor: &Actor, brand: Brand, now: Moment) -> Decision<ManageNotices> {
    let own = actor.user().map_or(0, |user| user.get());
    decide(actor, (brand, now), own, false, unless(actor.user().is_some(), Refusal::SignIn))
}
