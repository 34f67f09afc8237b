//! What the policy decides on: read by the store in one transaction, after its locks and its clock.

use crate::challenge::{OPENING_DELAY, Stage, Standing, TeamRole};
use crate::ids::{ChallengeId, OrganisationId, ResponseId, RoundId, SeatId, UserId};
use crate::moment::Moment;
use crate::organisation::{Actor, OrganisationKind, Role};
use crate::policy::{Brand, Refusal};

/// An organisation as the actor meets it.
#[derive(Clone, Debug)]
pub struct OrganisationFacts {
    pub brand: Brand,
    pub now: Moment,
    pub organisation: OrganisationId,
    pub kind: OrganisationKind,
    pub verified: bool,
    /// The actor's own role in it, whichever membership they act as.
    pub role: Option<Role>,
    pub owners: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatRole {
    /// Leads the moderation, and scores.
    Chair,
    /// A chair who only moderates: leads, and does not score.
    Moderator,
    Evaluator,
    /// Sees, does not score.
    Adviser,
    /// Sees the result, neither responses nor scores before it.
    Observer,
}

crate::organisation::codes!(SeatRole {
    Chair = "chair",
    Moderator = "moderator",
    Evaluator = "evaluator",
    Adviser = "adviser",
    Observer = "observer",
});

impl SeatRole {
    /// In a small panel the chair scores too.
    pub fn scores(self) -> bool {
        matches!(self, SeatRole::Chair | SeatRole::Evaluator)
    }

    /// There is one of these in a panel.
    pub fn chairs(self) -> bool {
        matches!(self, SeatRole::Chair | SeatRole::Moderator)
    }
}

/// Where a seat's newest declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatStanding {
    Undeclared,
    /// A conflict is declared and nobody has settled it.
    Unsettled,
    Clear,
    /// Settled: may not see or score the responses named.
    Recused,
    /// Settled: out of the round.
    Removed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub id: SeatId,
    pub role: SeatRole,
    pub standing: SeatStanding,
    pub locked: bool,
    /// Named to act as chair beside the chair.
    pub deputy: bool,
    /// An expert from outside, with an undertaking: the seat ends with its round.
    pub outside: bool,
}

impl Seat {
    /// May do what the chair does.
    pub fn leads(&self) -> bool {
        self.role.chairs() || self.deputy
    }
}

/// The approvals that are named for a challenge, as the newest version's text has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Approvals {
    /// How many are named; none: any approver of the team will do.
    pub named: i64,
    /// How many of them are missing.
    pub missing: i64,
    /// How many of the missing ones are the actor's to give.
    pub own: i64,
}

/// How a round's opening stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpeningFacts {
    /// It takes two: the buyer's rule when the challenge was approved.
    pub by_two: bool,
    /// Who asked for it since the deadline, and when: for the opening of what is still sealed, responses or prices.
    pub asked: Option<(UserId, Moment)>,
    /// The actor handled names at the opening of this anonymous round.
    pub handled_names: bool,
}

/// A challenge as the actor meets it.
#[derive(Clone, Debug)]
pub struct ChallengeFacts {
    pub brand: Brand,
    pub now: Moment,
    pub challenge: ChallengeId,
    pub round: Option<RoundId>,
    pub buyer: OrganisationId,
    pub buyer_verified: bool,
    pub four_eyes: bool,
    pub author: UserId,
    /// The actor saved a section of this challenge or froze a version of it, whatever they are on the team now.
    pub wrote: bool,
    pub approvals: Approvals,
    pub standing: Standing,
    pub opening: OpeningFacts,
    /// A role in the buyer, whichever membership the actor acts as: a conflict for a supplier.
    pub buyer_role: Option<Role>,
    /// Named on this challenge's team and acting for its buyer. Being an officer of the buyer alone opens nothing.
    pub team: Option<TeamRole>,
    /// The actor's seat in the round: it belongs to the person, whichever membership they act as.
    pub seat: Option<Seat>,
    /// The response of the supplier that the actor acts for.
    pub own_response: Option<ResponseId>,
    /// The actor is a member of some supplier whose submission stands here.
    pub supplies: bool,
    pub recommended_by: Option<UserId>,
    pub scored: bool,
    /// Somebody joined the panel of the round after it had seen all scores, because a response had too few.
    pub refilled: bool,
}

/// Who is to take a seat, and whether the panel is short of scorers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Candidate {
    /// A member of a supplier that answered; told only once the opening has told who did.
    pub supplies: bool,
    /// Would score, and handled names at the opening of this anonymous round.
    pub handled: bool,
    /// The panel moderates, and a response has fewer own scores than the published quorum, or nobody may close its record.
    pub short: bool,
}

impl ChallengeFacts {
    pub fn stage(&self) -> Stage {
        self.standing.stage(self.now)
    }

    /// How it stands to those who have no part in a later round.
    pub fn public_stage(&self) -> Stage {
        self.standing.public_stage(self.now)
    }

    pub fn is_public(&self) -> bool {
        self.standing.is_public(self.now)
    }

    pub(super) fn at(&self) -> (Brand, Moment) {
        (self.brand, self.now)
    }

    pub fn officer(&self) -> bool {
        self.team == Some(TeamRole::Officer)
    }

    pub(super) fn approver(&self) -> bool {
        self.team == Some(TeamRole::Approver)
    }

    /// What keeps a person from responses and scores whatever else they are, an officer of the team too: a place in a
    /// supplier that answered, or an own seat whose conflict is open or was settled as a removal.
    pub(super) fn interest(&self) -> Option<Refusal> {
        if self.supplies {
            return Some(Refusal::Supplies);
        }
        let seat = self.seat.as_ref()?;
        if seat.outside && self.team.is_none() && matches!(self.stage(), Stage::Decided | Stage::Cancelled) {
            return Some(Refusal::RoundOver);
        }
        match seat.standing {
            SeatStanding::Unsettled => Some(Refusal::Unsettled),
            SeatStanding::Removed => Some(Refusal::Removed),
            SeatStanding::Undeclared | SeatStanding::Clear | SeatStanding::Recused => None,
        }
    }

    /// The opening may be asked for: a minute after the deadline, so that it waits for what was received in time.
    pub fn may_open(&self) -> bool {
        self.standing.deadline.is_some_and(|deadline| self.now.reached(deadline.plus(OPENING_DELAY)))
    }

    pub(super) fn sealed(&self) -> bool {
        self.standing.publish_at.is_some() && self.standing.opened_at.is_none()
    }

    pub(super) fn supplier(&self, actor: &Actor) -> bool {
        actor.acting_as().is_some_and(|acting| acting.kind == OrganisationKind::Supplier)
    }
}

/// A response as the actor meets it.
#[derive(Clone, Debug)]
pub struct ResponseFacts {
    pub challenge: ChallengeFacts,
    pub response: ResponseId,
    pub supplier: OrganisationId,
    /// A submission stands (and is not withdrawn).
    pub submitted: bool,
    /// The actor's seat is recused from this one.
    pub recused: bool,
}
