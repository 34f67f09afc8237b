//! Keys that end: what nobody opened and nobody will is made unreadable once the law's time for keeping it is over.

use domain::ids::ChallengeId;
use domain::law::LawProfile;
use domain::moment::DAY;
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, DestroyKeys};
use store::Lock;

use crate::{Desk, Error, Result};

const JOB: Actor = Actor::System("retention");

/// Destroys the keys of withdrawn and superseded submissions whose time is over, and those of cancelled challenges whole.
/// Gives how many challenges it did so for.
pub async fn destroy_due_keys(desk: &Desk) -> Result<usize> {
    let due = {
        let mut conn = desk.store.read().await?;
        let now = conn.now().await?;
        let shortest = LawProfile::ALL.into_iter().map(|law| law.numbers().retention_days).min().unwrap_or_default();
        conn.challenges_with_idle_keys(now.plus(-i64::from(shortest) * DAY)).await?
    };
    let mut done = 0;
    for challenge in due {
        match destroy_keys(desk, challenge).await {
            Ok(()) => done += 1,
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Refused before the law profile's time is over.
async fn destroy_keys(desk: &Desk, challenge: ChallengeId) -> Result<()> {
    desk.write(&JOB, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<DestroyKeys>(tx, &JOB, challenge, Lock::Update).await?;
            let terms = tx.challenge_row(challenge).await?.map(|row| row.terms()).transpose()?.flatten();
            let law = terms.map(|terms| terms.law).unwrap_or_default();
            // When the time is over follows from the end of the whole; the keys are those of every round.
            for round in tx.rounds(challenge).await? {
                let of_round = tx.round_facts(&JOB, challenge, round.number, Lock::None).await?;
                let opened = of_round.is_some_and(|facts| facts.standing.opened_at.is_some());
                let facts = ChallengeFacts { round: Some(round.id.into()), ..facts.clone() };
                let permit = policy::destroy_keys(&JOB, &facts, law)?;
                tx.destroy_keys(&permit, !opened).await?;
            }
            Ok(())
        })
    })
    .await
}
