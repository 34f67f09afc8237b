//! The result of a round, computed anew from what is final at each reading.

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::evaluation::{self, Candidate, FinalScores, Outcome};
use domain::ids::{ChallengeId, ResponseId};
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, ReadResult};
use store::{FinalRow, Lock, PanelRow, SeatRow};

use super::round_of;
use crate::challenge::facts;
use crate::response::{OpenedResponse, opened_round};
use crate::{Desk, Error, Result};

/// Totals, thresholds, ranks, ties, and every step to them.
pub struct ResultView {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub responses: BTreeMap<ResponseId, OpenedResponse>,
    pub finals: Vec<FinalRow>,
    pub seats: Vec<SeatRow>,
    pub outcome: Outcome,
    pub record: Option<PanelRow>,
}

pub async fn read_result(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResultView> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadResult>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_result(actor, &facts)?;
        result_view(desk, &mut conn, facts).await
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// The caller has asked the policy.
pub(crate) async fn result_view(desk: &Desk, conn: &mut store::Conn, facts: ChallengeFacts) -> Result<ResultView> {
    let round = round_of(&facts)?;
    let finals = conn.final_scores(round).await?;
    let seats = conn.seats(round).await?;
    let record = conn.panel_record(round).await?;
    let opened = opened_round(desk, conn, facts).await?;
    let outcome = result(&opened.terms, &opened.responses, &finals)?;
    let responses = opened.responses.into_iter().map(|response| (response.id, response)).collect();
    Ok(ResultView { facts: opened.facts, title: opened.title, terms: opened.terms, responses, finals, seats, outcome, record })
}

/// Feeds the one exact function of `domain` with what was published and what is final.
pub fn result(terms: &Terms, responses: &[OpenedResponse], finals: &[FinalRow]) -> Result<Outcome> {
    let candidates: Vec<Candidate> = responses
        .iter()
        .map(|response| Candidate {
            response: response.id.get(),
            excluded: response.excluded.is_some(),
            price_minor: response.content.price.as_ref().map(|price| price.minor),
            scores: terms
                .leaves()
                .map(|leaf| FinalScores {
                    criterion: leaf.id().get(),
                    scores: finals
                        .iter()
                        .filter(|row| row.response == response.id.get() && row.criterion == leaf.id().get())
                        .filter_map(|row| u8::try_from(row.points).ok())
                        .collect(),
                })
                .collect(),
        })
        .collect();
    evaluation::result(&terms.rules(), &candidates).map_err(|error| Error::Broken(format!("result: {error}")))
}
