//! The decision: recommended by an officer, approved by somebody who neither wrote nor scored; then the letters go.

use domain::decision::{DecisionKind, LineOutcome};
use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, DecisionId, OrganisationId, ResponseId};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{
    self, ApproveDecision, ChallengeFacts, ReadDecision, ReadLetter, RecommendDecision, Refused, ResponseFacts, SendBackDecision,
};
use store::{DecisionRow, FinalRow, LineRow, Lock, NextPointRow};

use crate::challenge::facts;
use crate::evaluation::{ResultView, result_view};
use crate::{Desk, Error, Result, notice};

/// Fields `kind`, `reason`, and for each response `outcome-<id>` and `reason-<id>`.
pub async fn recommend_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let view = crate::evaluation::read_result(desk, actor, challenge).await?;
    let mut errors = Errors::default();
    let kind = match DecisionKind::parse(fields.get("kind")) {
        Some(kind @ (DecisionKind::Award | DecisionKind::NoneSuitable)) => kind,
        _ => {
            errors.say("kind", "choose");
            DecisionKind::NoneSuitable
        }
    };
    let reason = errors.text(fields, "reason", true, 4_000);
    let mut lines = Vec::new();
    for standing in &view.outcome.standings {
        let id = ResponseId(standing.response);
        let outcome = match fields.get(&format!("outcome-{id}")) {
            "awarded" => LineOutcome::Awarded,
            "unsuccessful" => LineOutcome::Unsuccessful,
            // Where none is suitable, or the check excluded it, there is nothing to choose.
            "" if kind == DecisionKind::NoneSuitable || standing.excluded => LineOutcome::Unsuccessful,
            _ => {
                errors.say(format!("outcome-{id}"), "choose");
                LineOutcome::Unsuccessful
            }
        };
        if outcome == LineOutcome::Awarded && standing.rank.is_none() {
            errors.say(format!("outcome-{id}"), "award-below");
        }
        // An excluded supplier learns why it was excluded, where nothing else is said to it.
        let exclusion = view.responses.get(&id).and_then(|response| response.excluded.as_ref());
        let name = format!("reason-{id}");
        let said = errors.text(fields, &name, exclusion.is_none(), 4_000);
        let said = if said.is_empty() { exclusion.map(|exclusion| exclusion.reason.clone()).unwrap_or_default() } else { said };
        lines.push((id, outcome, said));
    }
    let awarded = lines.iter().filter(|(_, outcome, _)| *outcome == LineOutcome::Awarded).count();
    match kind {
        DecisionKind::Award if awarded == 0 => errors.say("kind", "award-nobody"),
        DecisionKind::NoneSuitable if awarded > 0 => errors.say("kind", "none-suitable-awarded"),
        _ => {}
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (DecisionId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RecommendDecision>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::recommend_decision(&who, &facts)?;
            let round = facts.round.ok_or_else(|| Error::Broken("a result without a round".into()))?;
            tx.recommend_decision(&permit, id, round, kind, &reason, &lines).await?;
            let told = notice::about(tx, EventKind::DecisionRecommended, id.get(), challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/decision"))).await?;
            Ok(())
        })
    })
    .await
}

/// Approves what was recommended; a letter for each response, told to its supplier by mail.
pub async fn approve_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<()> {
    let (chance, who) = (desk.chance.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveDecision>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::approve_decision(&who, &facts)?;
            let decision = tx.decision(challenge).await?.ok_or(Refused::unseen::<ApproveDecision>(challenge.get()))?;
            let lines = tx.decision_lines(DecisionId(decision.id)).await?;
            let letters: Vec<(i64, ResponseId)> = lines.iter().map(|line| (chance.id(), ResponseId(line.response))).collect();
            tx.approve_decision(&permit, DecisionId(decision.id), &letters).await?;
            for (line, (letter, response)) in lines.iter().zip(&letters) {
                let told = notice::about(tx, EventKind::Letter, *letter, challenge).await?;
                let supplier = OrganisationId(line.supplier);
                tx.tell(&told.to_organisation(supplier, "").link(format!("/responses/{response}/letter"))).await?;
            }
            let told = notice::about(tx, EventKind::Decided, decision.id, challenge).await?;
            tx.tell(&told.by(who.user())).await?;
            Ok(())
        })
    })
    .await
}

pub async fn send_back_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SendBackDecision>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::send_back_decision(&who, &facts)?;
            let decision = tx.decision(challenge).await?.ok_or(Refused::unseen::<SendBackDecision>(challenge.get()))?;
            tx.send_back_decision(&permit, DecisionId(decision.id), &reason).await?;
            let told = notice::about(tx, EventKind::DecisionSentBack, decision.id, challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/decision"))).await?;
            Ok(())
        })
    })
    .await
}

/// The decision as its reader may see it: the team all of it, the public what was awarded and why once it is approved.
pub struct DecisionView {
    pub facts: ChallengeFacts,
    pub title: String,
    pub decision: DecisionRow,
    pub lines: Vec<LineRow>,
    pub team: bool,
}

pub async fn read_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<DecisionView> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadDecision>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_decision(actor, &facts)?;
        let unseen = || Refused::unseen::<ReadDecision>(challenge.get());
        let decision = conn.decision(challenge).await?.ok_or_else(unseen)?;
        let title = conn.challenge_row(challenge).await?.ok_or_else(unseen)?.title();
        let team = facts.team.is_some();
        let mut lines = conn.decision_lines(DecisionId(decision.id)).await?;
        // Who was not chosen is nobody's business but their own and the team's.
        if !team {
            lines.retain(|line| line.outcome == LineOutcome::Awarded.code());
        }
        Ok(DecisionView { facts, title, decision, lines, team })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// A supplier's letter: its own scores and reasons, the decision on it, and who was awarded.
pub struct Letter {
    pub facts: ResponseFacts,
    pub decision: DecisionRow,
    pub line: LineRow,
    pub awarded: Vec<String>,
    pub sent_at: Option<i64>,
    pub result: ResultView,
    /// Why not one point more, as the scorers wrote it beside scores that stood to the end.
    pub next_points: Vec<NextPointRow>,
}

impl Letter {
    /// What is missing for the next point of a final score, if its scorer said so.
    pub fn next_point(&self, row: &FinalRow) -> Option<&str> {
        let same =
            |said: &&NextPointRow| Some(said.seat) == row.seat && said.criterion == row.criterion && said.points == row.points;
        self.next_points.iter().find(same).map(|said| said.next_point.as_str())
    }
}

pub async fn read_letter(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<Letter> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let unseen = || Refused::unseen::<ReadLetter>(id.get());
        let facts = conn.response_facts(actor, id, Lock::None).await?.ok_or_else(unseen)?;
        policy::read_letter(actor, &facts)?;
        let decision = conn.decision(facts.challenge.challenge).await?.ok_or_else(unseen)?;
        let lines = conn.decision_lines(DecisionId(decision.id)).await?;
        let line = lines.iter().find(|line| line.response == id.get()).cloned().ok_or_else(unseen)?;
        let awarded = lines.into_iter().filter(|line| line.outcome == "awarded").map(|line| line.supplier_name).collect();
        let sent_at = conn.letter(id).await?;
        let mut result = result_view(desk, &mut conn, facts.challenge.clone()).await?;
        // Only what is the supplier's own leaves this function.
        result.responses.retain(|response, _| *response == id);
        result.finals.retain(|row| row.response == id.get());
        result.outcome.standings.retain(|standing| standing.response == id.get());
        result.seats.clear();
        // The panel's record speaks of others too.
        result.record = None;
        result.lots.clear();
        result.lots_between.clear();
        let next_points = conn.next_points(id).await?;
        Ok(Letter { facts, decision, line, awarded, sent_at, result, next_points })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}
