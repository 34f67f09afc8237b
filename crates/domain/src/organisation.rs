//! Organisations, memberships and the actor: who does something, and as whom.

use serde::{Deserialize, Serialize};

use crate::ids::{MembershipId, OrganisationId, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    Buyer,
    Supplier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Officer,
    Approver,
    Member,
}

macro_rules! codes {
    ($type:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            pub fn code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            pub fn parse(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
        }
    };
}
pub(crate) use codes;

codes!(OrganisationKind { Buyer = "buyer", Supplier = "supplier" });
codes!(Role { Owner = "owner", Officer = "officer", Approver = "approver", Member = "member" });

impl Role {
    pub fn fits(self, kind: OrganisationKind) -> bool {
        match kind {
            OrganisationKind::Buyer => self != Role::Member,
            OrganisationKind::Supplier => matches!(self, Role::Owner | Role::Member),
        }
    }
}

/// One membership, the one that its holder acts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingAs {
    pub membership: MembershipId,
    pub organisation: OrganisationId,
    pub kind: OrganisationKind,
    pub role: Role,
}

/// Who does something. Seats and teams belong to the challenge and come with its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Visitor,
    User {
        user: UserId,
        administrator: bool,
        acting_as: Option<ActingAs>,
    },
    /// A job of the service, by name; it can do only what the policy says of jobs.
    System(&'static str),
}

impl Actor {
    pub fn user(&self) -> Option<UserId> {
        match self {
            Actor::User { user, .. } => Some(*user),
            Actor::Visitor | Actor::System(_) => None,
        }
    }

    pub fn administrator(&self) -> bool {
        matches!(self, Actor::User { administrator: true, .. })
    }

    pub fn acting_as(&self) -> Option<&ActingAs> {
        match self {
            Actor::User { acting_as, .. } => acting_as.as_ref(),
            Actor::Visitor | Actor::System(_) => None,
        }
    }

    pub fn acts_for(&self, organisation: OrganisationId) -> bool {
        self.acting_as().is_some_and(|acting| acting.organisation == organisation)
    }
}
