use crate::challenge::Standing;
use crate::ids::ChallengeId;
use crate::moment::Moment;
use crate::organisation::Actor;

/// What a reader may find: the public, and the challenges whose team the reader is on while acting for their buyer.
/// Every search is intersected with it; the index holds the same words as terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindScope {
    pub teams: Vec<ChallengeId>,
}

/// `teams`: challenges that name the actor on their team and whose buyer the actor acts for.
pub fn find_scope(actor: &Actor, teams: Vec<ChallengeId>) -> FindScope {
    if actor.user().is_some() && actor.acting_as().is_some() { FindScope { teams } } else { FindScope { teams: Vec::new() } }
}

/// The same rule from the document's side: who may find a challenge now.
pub fn may_find(scope: &FindScope, challenge: ChallengeId, standing: &Standing, now: Moment) -> bool {
    standing.is_public(now) || scope.teams.contains(&challenge)
}
