use crate::moment::Moment;
use crate::organisation::Actor;
use crate::policy::*;

/// Anybody may ask to be told of what is public. Without an account the owner of the address says yes before any mail comes.
pub fn save_alert(actor: &Actor, brand: Brand, now: Moment) -> Decision<SaveAlert> {
    let refusal = unless(matches!(actor, Actor::User { .. } | Actor::Visitor), Refusal::NotYours);
    decide(actor, (brand, now), actor.user().map_or(0, |user| user.get()), false, refusal)
}

/// Whose an alert is: the account that keeps it, or whoever holds a link that was mailed to its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertFacts {
    pub brand: Brand,
    pub now: Moment,
    pub alert: AlertId,
    pub user: Option<UserId>,
    /// The address is proven by a link that only its mailbox got.
    pub proven: bool,
}

/// To change how often it tells, to stop it and to begin it again. Others do not learn that there is one.
pub fn manage_alert(actor: &Actor, facts: &AlertFacts) -> Decision<ManageAlert> {
    let own = facts.proven || facts.user.is_some() && facts.user == actor.user();
    decide(actor, (facts.brand, facts.now), facts.alert.get(), false, unless(own, Refusal::Unseen))
}
