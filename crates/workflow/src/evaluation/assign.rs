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
pub(super) struct Assigned(Option<BTreeSet<ResponseId>>);

impl Assigned {
    pub async fn read(conn: &mut Conn, terms: &Terms, round: RoundId, seat: SeatId) -> Result<Self> {
        if terms.panel.assignment == Assignment::All {
            return Ok(Self(None));
        }
        let own = conn.assignments(round).await?.into_iter().filter(|(of, _)| *of == seat).map(|(_, response)| response);
        Ok(Self(Some(own.collect())))
    }

    pub fn has(&self, response: ResponseId) -> bool {
        self.0.as_ref().is_none_or(|own| own.contains(&response))
    }

    /// Nothing was given to the seat yet.
    pub fn waits(&self) -> bool {
        self.0.as_ref().is_some_and(BTreeSet::is_empty)
    }
}
