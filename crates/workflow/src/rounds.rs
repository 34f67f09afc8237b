//! Where the rounds of a challenge stand, for its team.

use domain::challenge::{Stage, Terms};
use domain::ids::{ChallengeId, ResponseId, RoundId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, ReadRounds};
use store::Lock;

use crate::challenge::{facts, round_facts};
use crate::{Desk, Result};

/// A round that has begun.
pub struct BegunRound {
    pub number: u32,
    pub stage: Stage,
    pub deadline: Moment,
    /// Who was invited to it, by name; of the first round nobody, which is open to all.
    pub invited: Vec<(ResponseId, String)>,
}

pub struct RoundsView {
    /// Of the newest round.
    pub facts: ChallengeFacts,
    /// As published: rounds that have not begun are planned there.
    pub terms: Terms,
    pub begun: Vec<BegunRound>,
}

pub async fn read_rounds(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<RoundsView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadRounds>(&mut conn, actor, challenge, Lock::None).await?;
    policy::read_rounds(actor, &facts)?;
    let (_, terms) = desk.terms(&mut conn, challenge).await?;
    let mut begun = Vec::new();
    for row in conn.rounds(challenge).await? {
        let of = round_facts::<ReadRounds>(&mut conn, actor, challenge, Some(row.number)).await?;
        let invited = conn.round_entries(RoundId(row.id)).await?;
        begun.push(BegunRound {
            number: u32::try_from(row.number).unwrap_or_default(),
            stage: of.stage(),
            deadline: Moment(row.deadline),
            invited: invited.into_iter().map(|(response, name)| (ResponseId(response), name)).collect(),
        });
    }
    Ok(RoundsView { facts, terms, begun })
}
