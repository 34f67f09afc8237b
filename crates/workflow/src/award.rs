//! The decision: recommended by an officer, approved by somebody who neither wrote nor scored; then the letters go.

use domain::challenge::LaterRound;
use domain::decision::{ByRank, DecisionKind, Line, LineOutcome, by_rank};
use domain::evaluation::Cut;
use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, DecisionId, OrganisationId, ResponseId, RoundId};
use domain::moment::{Moment, local};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{
    self, ApproveDecision, ChallengeFacts, ReadDecision, ReadLetter, RecommendDecision, Refused, ResponseFacts, SendBackDecision,
};
use store::{Conn, DecisionRow, FinalRow, LineRow, Lock, NewDecision, NewRound, NextPointRow};

use crate::challenge::{facts, round_facts};
use crate::evaluation::{ResultView, result_mark, result_view};
use crate::response::round_of;
use crate::sealing::draft_place;
use crate::{Desk, Error, Result, notice};

/// Fields `kind`, `reason`, and for each response `outcome-<id>` and `reason-<id>`. A cut has no outcomes to choose: the published
/// rule says who goes on; its fields are `round_date`, `round_time` and `invitation`, what is said to those who do. `seen`: the mark of the result that was read.
pub async fn recommend_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let view = crate::evaluation::read_result(desk, actor, challenge).await?;
    // Nobody recommends on a result that they have not read.
    if fields.get("seen") != view.mark {
        return Err(Error::Stale);
    }
    let mut errors = Errors::default();
    let cut = view.cut();
    let kind = match (DecisionKind::parse(fields.get("kind")), &cut) {
        (Some(DecisionKind::NoneSuitable), _) => DecisionKind::NoneSuitable,
        // What was published binds: nothing is awarded while a round is still to come, and no round is added.
        (Some(DecisionKind::Shortlist), Some(_)) => DecisionKind::Shortlist,
        (Some(DecisionKind::Award), None) => DecisionKind::Award,
        _ => {
            errors.say("kind", "choose");
            DecisionKind::NoneSuitable
        }
    };
    let mut reason = errors.text(fields, "reason", true, 4_000);
    let mut lines = Vec::new();
    for standing in &view.outcome.standings {
        let id = ResponseId(standing.response);
        let outcome = match fields.get(&format!("outcome-{id}")) {
            _ if kind == DecisionKind::Shortlist => in_or_out(cut.as_ref(), standing.response),
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
        let said = errors.text(fields, &name, exclusion.is_none() && outcome != LineOutcome::Invited, 4_000);
        let said = if said.is_empty() { exclusion.map(|exclusion| exclusion.reason.clone()).unwrap_or_default() } else { said };
        lines.push(Line { response: id, outcome, reason: said });
    }
    let departure = errors.text(fields, "departure", false, 4_000);
    if kind == DecisionKind::Award {
        let awarded =
            |response: i64| lines.iter().any(|line| line.response.get() == response && line.outcome == LineOutcome::Awarded);
        match by_rank(&view.outcome.standings, awarded) {
            Some(ByRank::Tied(response)) => errors.say(format!("outcome-{}", ResponseId(response)), "award-tied"),
            Some(ByRank::Passed(_)) if departure.is_empty() => errors.say("departure", "award-departs"),
            // Published with the reason, and only where there is something to explain.
            Some(ByRank::Passed(_)) => reason = format!("{reason}\n\n{departure}"),
            None => {}
        }
    }
    let awarded = lines.iter().filter(|line| line.outcome == LineOutcome::Awarded).count();
    match kind {
        DecisionKind::Award if awarded == 0 => errors.say("kind", "award-nobody"),
        DecisionKind::NoneSuitable if awarded > 0 => errors.say("kind", "none-suitable-awarded"),
        DecisionKind::Shortlist if cut.as_ref().is_some_and(|(_, cut)| cut.lots.is_some()) => errors.say("kind", "cut-lots"),
        DecisionKind::Shortlist if !lines.iter().any(|line| line.outcome == LineOutcome::Invited) => {
            errors.say("kind", "cut-nobody");
        }
        _ => {}
    }
    let next = match (kind, &cut) {
        (DecisionKind::Shortlist, Some((round, _))) => Some(next_round(&view, round, fields, &mut errors)),
        _ => None,
    };
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who, mark) = (DecisionId(desk.chance.id()), actor.clone(), view.mark);
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RecommendDecision>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::recommend_decision(&who, &facts)?;
            let round = facts.round.ok_or_else(|| Error::Broken("a result without a round".into()))?;
            // Nor on one that a checked price or lots changed since it was read above.
            if result_mark(tx, round).await? != mark {
                return Err(Error::Stale);
            }
            let next = next.as_ref().map(|(deadline, invitation)| (*deadline, invitation.as_str()));
            tx.recommend_decision(&permit, NewDecision { id, round, kind, reason: &reason, lines: &lines, next }).await?;
            let told = notice::about(tx, EventKind::DecisionRecommended, id.get(), challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/decision"))).await?;
            Ok(())
        })
    })
    .await
}

fn in_or_out(cut: Option<&(&LaterRound, Cut)>, response: i64) -> LineOutcome {
    let inside = cut.is_some_and(|(_, cut)| cut.inside.contains(&response));
    if inside { LineOutcome::Invited } else { LineOutcome::Unsuccessful }
}

/// When the answers of the next round are due: in the future, and not before the day that was published.
fn next_round(view: &ResultView, round: &LaterRound, fields: &Fields, errors: &mut Errors) -> (Moment, String) {
    let invitation = errors.text(fields, "invitation", false, 4_000);
    let time = match fields.get("round_time") {
        "" => "17:00",
        time => time,
    };
    let deadline = local(fields.get("round_date"), time, &view.terms.zone).unwrap_or_else(|_| {
        errors.say("round_date", "date");
        Moment::NEVER
    });
    if !view.facts.now.before(deadline) {
        errors.say("round_date", "round-past");
    } else if round.deadline.is_some_and(|planned| deadline.before(planned)) {
        errors.say("round_date", "round-early");
    }
    (deadline, invitation)
}

/// Approves what was recommended; a letter for each response, told to its supplier by mail. `seen`: the recommendation that was
/// read; another may have come in its place since.
pub async fn approve_decision(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    seen: Option<DecisionId>,
) -> Result<DecisionKind> {
    let (helper, who) = (desk.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveDecision>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::approve_decision(&who, &facts)?;
            let round = round_of(&facts)?;
            let decision = tx.decision(round).await?.ok_or(Refused::unseen::<ApproveDecision>(challenge.get()))?;
            if seen != Some(DecisionId(decision.id)) {
                return Err(Error::Stale);
            }
            let lines = tx.decision_lines(DecisionId(decision.id)).await?;
            let letters: Vec<(i64, ResponseId)> =
                lines.iter().map(|line| (helper.chance.id(), ResponseId(line.response))).collect();
            let kind = DecisionKind::parse(&decision.kind).ok_or_else(|| Error::Broken("a decision of no kind".into()))?;
            let next = next_of(&helper, tx, &facts, &decision, &lines).await?;
            let begun = next.as_ref().map(|next| NewRound {
                id: next.id,
                number: facts.standing.round + 1,
                kind: next.kind,
                deadline: next.deadline,
                sealed_key: &next.sealed_key,
                entries: &next.entries,
            });
            tx.approve_decision(&permit, DecisionId(decision.id), &letters, begun).await?;
            for (line, (letter, response)) in lines.iter().zip(&letters) {
                let told = notice::about(tx, EventKind::Letter, *letter, challenge).await?;
                let supplier = OrganisationId(line.supplier);
                tx.tell(&told.to_organisation(supplier, "").link(format!("/responses/{response}/letter"))).await?;
            }
            let Some(next) = next else {
                let told = notice::about(tx, EventKind::Decided, decision.id, challenge).await?;
                tx.tell(&told.by(who.user())).await?;
                return Ok(kind);
            };
            for line in lines.iter().filter(|line| line.outcome == LineOutcome::Invited.code()) {
                let response = ResponseId(line.response);
                let told = notice::about(tx, EventKind::Invited, next.id.get() ^ line.response, challenge).await?;
                let told = told.to_organisation(OrganisationId(line.supplier), "").act_by(next.deadline, &next.zone);
                tx.tell(&told.link(format!("/responses/{response}"))).await?;
            }
            let told = notice::about(tx, EventKind::RoundBegun, next.id.get(), challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/rounds"))).await?;
            Ok(kind)
        })
    })
    .await
}

/// What the approval of a cut begins.
struct Next {
    id: RoundId,
    kind: &'static str,
    deadline: Moment,
    zone: String,
    sealed_key: Vec<u8>,
    entries: Vec<(ResponseId, Vec<u8>)>,
}

/// The next round with its own key, to which the draft of everybody who goes on is wrapped; `None` where no cut is decided.
async fn next_of(
    desk: &Desk,
    conn: &mut Conn,
    facts: &ChallengeFacts,
    decision: &DecisionRow,
    lines: &[LineRow],
) -> Result<Option<Next>> {
    let Some((deadline, _)) = conn.decision_round(DecisionId(decision.id)).await? else { return Ok(None) };
    if !facts.now.before(deadline) {
        return Err(Error::field("form", "round-past"));
    }
    let number = u32::try_from(facts.standing.round).unwrap_or_default().saturating_add(1);
    let (_, terms) = desk.terms(conn, facts.challenge).await?;
    let kind = terms.later_round(number).ok_or_else(|| Error::Broken("a cut before no round".into()))?.kind.code();
    let id = RoundId(desk.chance.id());
    let sealed_key = desk.keys.new_round_key(id.get(), &desk.chance)?;
    let key = desk.keys.round_key(id.get(), &sealed_key)?;
    let mut entries = Vec::new();
    for line in lines.iter().filter(|line| line.outcome == LineOutcome::Invited.code()) {
        let response = ResponseId(line.response);
        let draft = desk.draft_key(conn, response, round_of(facts)?).await?;
        entries.push((response, key.wrap(&draft_place(response.get()), &draft, &desk.chance)?));
    }
    Ok(Some(Next { id, kind, deadline, zone: terms.zone, sealed_key, entries }))
}

/// Fields `reason`, and `seen`: the recommendation that was read.
pub async fn send_back_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let seen = DecisionId::parse(fields.get("seen"));
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SendBackDecision>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::send_back_decision(&who, &facts)?;
            let decision = tx.decision(round_of(&facts)?).await?.ok_or(Refused::unseen::<SendBackDecision>(challenge.get()))?;
            if seen != Some(DecisionId(decision.id)) {
                return Err(Error::Stale);
            }
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
    /// The next round as a cut was recommended with it: when its answers are due, and what is said to those who go on.
    pub next: Option<(Moment, String)>,
    pub zone: String,
}

pub async fn read_decision(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<DecisionView> {
    read_decision_of(desk, actor, challenge, None).await
}

/// The same of one round, by its number; of the newest where none is named.
pub async fn read_decision_of(desk: &Desk, actor: &Actor, challenge: ChallengeId, round: Option<i64>) -> Result<DecisionView> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = round_facts::<ReadDecision>(&mut conn, actor, challenge, round).await?;
        policy::read_decision(actor, &facts)?;
        let unseen = || Refused::unseen::<ReadDecision>(challenge.get());
        let decision = conn.decision(round_of(&facts)?).await?.ok_or_else(unseen)?;
        let (_, terms) = desk.terms(&mut conn, challenge).await?;
        let next = conn.decision_round(DecisionId(decision.id)).await?;
        let team = facts.team.is_some();
        let mut lines = conn.decision_lines(DecisionId(decision.id)).await?;
        // Who was not chosen is nobody's business but their own and the team's.
        if !team {
            lines.retain(|line| line.outcome == LineOutcome::Awarded.code());
        }
        Ok(DecisionView { facts, title: terms.title, decision, lines, team, next, zone: terms.zone })
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

/// The newest that there is.
pub async fn read_letter(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<Letter> {
    read_letter_of(desk, actor, id, None).await
}

/// The same of one round, by its number.
pub async fn read_letter_of(desk: &Desk, actor: &Actor, id: ResponseId, round: Option<i64>) -> Result<Letter> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let unseen = || Refused::unseen::<ReadLetter>(id.get());
        let mut facts = conn.response_facts(actor, id, Lock::None).await?.ok_or_else(unseen)?;
        let newest = facts.challenge.standing;
        // The letter of the cut before stands while the round that it invited to goes on.
        let before = (newest.round > 1 && newest.decided_at.is_none()).then_some(newest.round - 1);
        if let Some(round) = round.or(before) {
            let earlier = round >= 1 && round <= newest.round && conn.takes_part(id, round).await?;
            let found = if earlier { conn.response_round_facts(actor, id, round, Lock::None).await? } else { None };
            facts = found.ok_or_else(unseen)?;
        }
        policy::read_letter(actor, &facts)?;
        let decision = conn.decision(round_of(&facts.challenge)?).await?.ok_or_else(unseen)?;
        let lines = conn.decision_lines(DecisionId(decision.id)).await?;
        let line = lines.iter().find(|line| line.response == id.get()).cloned().ok_or_else(unseen)?;
        let awarded = lines.into_iter().filter(|line| line.outcome == "awarded").map(|line| line.supplier_name).collect();
        let sent_at = conn.letter(DecisionId(decision.id), id).await?;
        let mut result = result_view(desk, &mut conn, facts.challenge.clone()).await?;
        // Only what is the supplier's own leaves this function.
        result.responses.retain(|response, _| *response == id);
        result.finals.retain(|row| row.response == id.get());
        result.outcome.standings.retain(|standing| standing.response == id.get());
        result.seats.clear();
        // The panel's record speaks of others too.
        result.record = None;
        result.without.clear();
        result.confirmed = None;
        result.lots.clear();
        result.lots_between.clear();
        let next_points = conn.next_points(id).await?;
        Ok(Letter { facts, decision, line, awarded, sent_at, result, next_points })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}
