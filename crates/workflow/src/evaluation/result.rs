//! The result of a round, computed anew from what is final at each reading.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::challenge::{CriterionKind, LaterRound, Terms};
use domain::evaluation::{self, Candidate, Cut, CutRule, Exact, FinalScores, Lot, Outcome, Robustness, Rules, Voice};
use domain::ids::{ChallengeId, ResponseId, RoundId};
use domain::organisation::Actor;
use domain::policy::{self, ChallengeFacts, ReadResult, WhatIf};
use sha2::{Digest, Sha256};
use store::{ConfirmationRow, FinalRow, LotOfRow, LotRow, NoteRow, PanelRow, SeatRow, WithoutRow};

use super::round_of;
use super::written::{Approval, Written};
use crate::challenge::round_facts;
use crate::response::{OpenedResponse, opened_round};
use crate::sealing::hex;
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
    /// Members without whom it was closed, and the second person who confirmed that.
    pub without: Vec<WithoutRow>,
    pub confirmed: Option<ConfirmationRow>,
    /// Who approved it beside whoever closed it, and who saw an item otherwise, for those who read single scores.
    pub approved: Vec<Approval>,
    pub dissents: Vec<NoteRow>,
    /// Drawings of lots, and who was in them.
    pub lots: Vec<LotRow>,
    pub lots_between: Vec<LotOfRow>,
    /// The totals of the round before, where they are carried into this one.
    pub carried: BTreeMap<i64, Exact>,
    /// Changes with whatever may still change this result: a price that was checked, lots that were drawn.
    pub mark: String,
}

impl ResultView {
    /// Whether the reader may see who gave which score: the team and the chair. Others see evaluators by number.
    pub fn names_scorers(&self) -> bool {
        self.facts.team.is_some() || self.facts.seat.as_ref().is_some_and(|seat| seat.role.chairs())
    }

    /// The round after this one, where one is published, and who goes on to it.
    pub fn cut(&self) -> Option<(&LaterRound, Cut)> {
        let next = self.terms.later_round(self.number().saturating_add(1))?;
        Some((next, self.outcome.cut_by(CutRule { places: next.places(), least: next.least })))
    }

    /// Of the round.
    pub fn number(&self) -> u32 {
        u32::try_from(self.facts.standing.round).unwrap_or(1).max(1)
    }

    /// Whether the reader may see single scores at all, as in the moderation.
    pub fn shows_scores(&self, actor: &Actor) -> bool {
        policy::read_moderation(actor, &self.facts).is_ok()
    }
}

/// Every reading is recorded: the result is closed until it is final, and who looked at it afterwards stays known.
pub async fn read_result(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResultView> {
    read_result_of(desk, actor, challenge, None).await
}

/// The same of one round, by its number; of the newest where none is named.
pub async fn read_result_of(desk: &Desk, actor: &Actor, challenge: ChallengeId, round: Option<i64>) -> Result<ResultView> {
    let view = view_of(desk, actor, challenge, round).await?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = round_facts::<ReadResult>(tx, &who, challenge, round).await?;
            let permit = policy::read_result(&who, &facts)?;
            Ok(tx.note_reading(&permit)?)
        })
    })
    .await?;
    Ok(view)
}

/// The same result, for a look at it under other weights; recorded as that. Of one round, by its number, as [`read_result_of`].
pub async fn what_if(desk: &Desk, actor: &Actor, challenge: ChallengeId, round: Option<i64>) -> Result<ResultView> {
    let view = view_of(desk, actor, challenge, round).await?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = round_facts::<WhatIf>(tx, &who, challenge, round).await?;
            let permit = policy::what_if(&who, &facts)?;
            Ok(tx.note_reading(&permit)?)
        })
    })
    .await?;
    Ok(view)
}

pub(super) async fn view(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ResultView> {
    view_of(desk, actor, challenge, None).await
}

async fn view_of(desk: &Desk, actor: &Actor, challenge: ChallengeId, round: Option<i64>) -> Result<ResultView> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = round_facts::<ReadResult>(&mut conn, actor, challenge, round).await?;
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
    let lots = conn.lots(round).await?;
    let lots_between = conn.lots_between(round).await?;
    let mark = result_mark(conn, round).await?;
    let carried = match opened.terms.criteria.iter().any(|criterion| criterion.kind == CriterionKind::Carried) {
        true => Box::pin(totals_before(desk, conn, &opened.facts)).await?,
        false => BTreeMap::new(),
    };
    let mut outcome = result(&opened.terms, &opened.responses, &finals, &lots_between, &carried)?;
    let written = Written::read(conn, round).await?;
    outcome.different_evaluators |= different(&written);
    let without = conn.record_without(round).await?;
    let approved = match &record {
        Some(record) => written.approvals(&conn.record_signatures(round).await?, &without, record),
        None => Vec::new(),
    };
    let mut dissents = written.notes.clone();
    dissents.retain(|note| note.kind == "dissent" && written.responses.contains(&ResponseId(note.response)));
    let whole = written.digest(None)?;
    let confirmed = conn.record_confirmations(round).await?.into_iter().rfind(|row| row.digest == whole);
    let responses = opened.responses.into_iter().map(|response| (response.id, response)).collect();
    let (facts, title, terms) = (opened.facts, opened.title, opened.terms);
    Ok(ResultView {
        facts,
        title,
        terms,
        responses,
        finals,
        seats,
        outcome,
        record,
        without,
        confirmed,
        approved,
        dissents,
        lots,
        lots_between,
        carried,
        mark,
    })
}

/// What a result of approved scores still depends on, as a mark: a decision is taken on the result that was read, or not at all.
pub(crate) async fn result_mark(conn: &mut store::Conn, round: RoundId) -> Result<String> {
    let mut digest = Sha256::new();
    let checks = conn.checks(round).await?;
    digest.update(checks.last().map_or(0, |check| check.n).to_be_bytes());
    for row in conn.lots_between(round).await? {
        for part in [row.ask, row.response, row.place.unwrap_or(-1)] {
            digest.update(part.to_be_bytes());
        }
    }
    Ok(hex(&digest.finalize()[..12]))
}

/// The totals of the round before, by response: computed anew from what was final there, by the same function.
async fn totals_before(desk: &Desk, conn: &mut store::Conn, facts: &ChallengeFacts) -> Result<BTreeMap<i64, Exact>> {
    let number = facts.standing.round - 1;
    let before = conn.rounds(facts.challenge).await?.into_iter().find(|round| round.number == number);
    let before = before.ok_or_else(|| Error::Broken("points carried from no round".into()))?;
    let mut earlier = facts.clone();
    earlier.round = Some(before.id.into());
    (earlier.standing.round, earlier.standing.deadline) = (number, Some(before.deadline.into()));
    // A seat of this round hides nothing of that one from a sum.
    earlier.seat = None;
    let view = result_view(desk, conn, earlier).await?;
    Ok(view.outcome.standings.into_iter().filter_map(|standing| Some((standing.response, standing.total?))).collect())
}

/// Not every response was scored by the same people, in the same criterion: also where as many scored each.
fn different(written: &Written) -> bool {
    let mut by: BTreeMap<i64, BTreeMap<i64, BTreeSet<i64>>> = BTreeMap::new();
    for score in &written.scores {
        by.entry(score.criterion).or_default().entry(score.response).or_default().insert(score.seat);
    }
    by.values().any(|responses| responses.values().collect::<BTreeSet<_>>().len() > 1)
}

/// Feeds the one exact function of `domain` with what was published and what is final.
pub fn result(
    terms: &Terms,
    responses: &[OpenedResponse],
    finals: &[FinalRow],
    lots: &[LotOfRow],
    carried: &BTreeMap<i64, Exact>,
) -> Result<Outcome> {
    evaluation::result(&terms.rules(), &candidates(terms, responses.iter(), finals, lots, carried)).map_err(fault)
}

fn fault(error: evaluation::ResultError) -> Error {
    Error::Broken(format!("result: {error}"))
}

/// What a result depends on, of each response.
fn candidates<'a>(
    terms: &Terms,
    responses: impl Iterator<Item = &'a OpenedResponse>,
    finals: &[FinalRow],
    lots: &[LotOfRow],
    carried: &BTreeMap<i64, Exact>,
) -> Vec<Candidate> {
    let lot = |response: i64| {
        let row = lots.iter().find(|row| row.response == response)?;
        Some(Lot { draw: row.ask, place: u32::try_from(row.place?).ok()? })
    };
    let mut given: HashMap<(i64, i64), Vec<u8>> = HashMap::new();
    for row in finals {
        if let Ok(points) = u8::try_from(row.points) {
            given.entry((row.response, row.criterion)).or_default().push(points);
        }
    }
    let mut scores = |response: i64| {
        let leaves = terms.leaves().map(|leaf| leaf.id().get());
        leaves
            .map(|criterion| FinalScores { criterion, scores: given.remove(&(response, criterion)).unwrap_or_default() })
            .collect()
    };
    responses
        .map(|response| Candidate {
            response: response.id.get(),
            excluded: response.excluded.is_some(),
            price_minor: response.content.price.as_ref().map(|price| price.minor),
            scores: scores(response.id.get()),
            lot: lot(response.id.get()),
            carried: carried.get(&response.id.get()).cloned(),
        })
        .collect()
}

/// How firmly the first place stands. It takes some ten milliseconds of a processor in a large round, so it is computed beside
/// what serves pages.
pub async fn firmness(view: &ResultView) -> Result<Robustness> {
    let rules: Rules = view.terms.rules();
    let candidates = candidates(&view.terms, view.responses.values(), &view.finals, &view.lots_between, &view.carried);
    let voices: Vec<Voice> = view.finals.iter().filter_map(voice).collect();
    let report = tokio::task::spawn_blocking(move || evaluation::robustness(&rules, &candidates, &voices));
    report.await.map_err(|error| Error::Broken(format!("robustness: {error}")))?.map_err(fault)
}

/// Of a score on which the panel agreed there is none.
fn voice(row: &FinalRow) -> Option<Voice> {
    let points = u8::try_from(row.points).ok()?;
    Some(Voice { evaluator: row.seat?, response: row.response, criterion: row.criterion, points })
}
