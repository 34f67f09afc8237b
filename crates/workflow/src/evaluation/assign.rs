//! Who scores which response, where the challenge publishes a balanced assignment.

use std::collections::BTreeSet;

use domain::challenge::{Assignment, Terms};
use domain::evaluation::{Kept, assign};
use domain::form::FieldError;
use domain::ids::{ChallengeId, ResponseId, RoundId, SeatId};
use domain::organisation::Actor;
use domain::policy::{self, AssignResponses, SeatStanding};
use store::{Conn, Lock};

use super::moderate::terms_of;
use super::round_of;
use super::score::scored_responses;
use super::written::Written;
use crate::challenge::facts;
use crate::{Desk, Error, Result};

/// Assigns the responses, or what is missing where a seat ended since: what was given stays. Everybody who scores has declared
/// before, because a conflict that comes out later would leave a response without its quorum.
pub async fn assign_responses(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<usize> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AssignResponses>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::assign_responses(&who, &facts)?;
            let terms = terms_of(tx, &facts).await?;
            if terms.panel.assignment != Assignment::Balanced {
                return Err(Error::field("assign", "assignment-all"));
            }
            let round = round_of(&facts)?;
            let written = Written::read(tx, round).await?;
            let waits = |standing| matches!(standing, SeatStanding::Undeclared | SeatStanding::Unsettled);
            let waiting = written.members().filter(|seat| waits(seat.standing)).count();
            if waiting > 0 {
                return Err(Error::Invalid(vec![FieldError::new("assign", "assignment-undeclared").with("waiting", waiting)]));
            }
            let evaluators: Vec<i64> = written.members().map(|seat| seat.id.get()).collect();
            let responses: Vec<i64> = written.responses.iter().map(|response| response.get()).collect();
            let given = tx.assignments(round).await?;
            let kept: Kept = given.iter().map(|(seat, response)| (seat.get(), response.get())).collect();
            let mut recused: BTreeSet<(i64, i64)> =
                written.recusals.iter().map(|(seat, response)| (seat.get(), response.get())).collect();
            // Whoever has locked is done.
            for seat in written.members().filter(|seat| seat.locked) {
                let more = responses.iter().map(|response| (seat.id.get(), *response));
                recused.extend(more.filter(|pair| !kept.contains(pair)));
            }
            let pairs = assign(&responses, &evaluators, usize::from(terms.panel.quorum), &recused, &kept).map_err(|error| {
                let (possible, quorum) = (error.possible, error.quorum);
                Error::Invalid(vec![
                    FieldError::new("assign", "assignment-quorum").with("possible", possible).with("quorum", quorum),
                ])
            })?;
            let fresh: Vec<(SeatId, ResponseId)> = pairs
                .into_iter()
                .filter(|pair| !kept.contains(pair))
                .map(|(seat, response)| (SeatId(seat), ResponseId(response)))
                .collect();
            if fresh.is_empty() {
                return Err(Error::field("assign", "assignment-nothing"));
            }
            tx.assign_responses(&permit, round, &fresh).await?;
            Ok(fresh.len())
        })
    })
    .await
}

/// Whether a seat scores a response: everybody does, or those to whom it was given.
pub(super) struct Assigned {
    own: Option<BTreeSet<ResponseId>>,
    /// Every response has as many evaluators as published: whoever has none is not needed.
    complete: bool,
}

/// A seat to which nothing was given, where responses are assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unassigned {
    /// Something may still be given to it.
    Waits,
    /// Every response was given to others: it has nothing to score, and locks that.
    Spare,
}

impl Assigned {
    pub async fn read(conn: &mut Conn, terms: &Terms, round: RoundId, seat: SeatId) -> Result<Self> {
        if terms.panel.assignment == Assignment::All {
            return Ok(Self { own: None, complete: true });
        }
        let all = conn.assignments(round).await?;
        let own: BTreeSet<ResponseId> = all.iter().filter(|(of, _)| *of == seat).map(|(_, response)| *response).collect();
        let mut complete = false;
        if own.is_empty() {
            // What was given to somebody who was removed, or recused from it, is to be given again.
            let removed = conn.seats(round).await?.into_iter().filter(|row| row.standing == SeatStanding::Removed);
            let removed: BTreeSet<SeatId> = removed.map(|row| row.id).collect();
            let recusals = conn.recusals_in(round).await?;
            let counts = |pair: &&(SeatId, ResponseId)| !removed.contains(&pair.0) && !recusals.contains(*pair);
            let have = |response| all.iter().filter(counts).filter(|(_, of)| *of == response).count();
            let scored = scored_responses(conn, round).await?;
            complete = scored.iter().all(|row| have(ResponseId(row.id)) >= usize::from(terms.panel.quorum));
        }
        Ok(Self { own: Some(own), complete })
    }

    pub fn has(&self, response: ResponseId) -> bool {
        self.own.as_ref().is_none_or(|own| own.contains(&response))
    }

    /// Of a seat to which nothing was given.
    pub fn nothing(&self) -> Option<Unassigned> {
        let none = self.own.as_ref().is_some_and(BTreeSet::is_empty);
        none.then_some(if self.complete { Unassigned::Spare } else { Unassigned::Waits })
    }
}
