//! The panel's work: appointment, declarations, scoring, moderation, the record, the result.

use std::collections::BTreeMap;

use domain::challenge::{Reasons, Terms};
use domain::evaluation::{self, Candidate, FinalScores, Outcome};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, CriterionId, DeclarationId, ResponseId, RoundId, SeatId, UserId};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::points::Points;
use domain::policy::{
    self, AppointSeat, ApproveRecord, ChallengeFacts, DeclareInterest, LockScores, ReadModeration, ReadPanel, ReadResult,
    ReviseScore, ScoreResponse, SeatRole, SettleDeclaration,
};
use store::{DeclarationRow, FinalRow, Lock, PanelRow, ScoreRow, SeatRow};

use crate::account::address;
use crate::challenge::facts;
use crate::response::{Named, OpenedResponse, OpenedRound, opened_round};
use crate::{Desk, Error, Result, notice};

/// Least characters of a reason: long enough that "ok" is none.
pub const SHORTEST_REASON: usize = 10;
const LONGEST_REASON: usize = 4_000;

fn round_of(facts: &ChallengeFacts) -> Result<RoundId> {
    facts.round.ok_or_else(|| Error::Broken("a published challenge without a round".into()))
}

/// Fields `email`, `role`: any user with an account; a seat belongs to the person.
pub async fn appoint_seat(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<SeatId> {
    let mut errors = Errors::default();
    let email = address(fields.get("email"));
    if email.is_none() {
        errors.say("email", "email");
    }
    let role = SeatRole::parse(fields.get("role"));
    if role.is_none() {
        errors.say("role", "choose");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (email, role) = (email.unwrap_or_default(), role.unwrap_or(SeatRole::Evaluator));
    let (id, who) = (SeatId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AppointSeat>(tx, &who, challenge, Lock::Update).await?;
            policy::appoint_seat(&who, &facts, false, false)?;
            let user = tx.user_by_email(&email).await?.filter(|user| user.confirmed_at.is_some());
            let user = user.ok_or_else(|| Error::field("email", "no-such-user"))?;
            let supplies = tx.supplies(user.id, challenge).await?;
            // Before the opening nobody may learn from an appointment who answers: only then is a clash told.
            let round = round_of(&facts)?;
            let handled = role.scores() && tx.handled_names(round, user.id).await?;
            let permit = policy::appoint_seat(&who, &facts, supplies && facts.standing.opened_at.is_some(), handled)?;
            if role == SeatRole::Chair && tx.seats(round).await?.iter().any(|seat| seat.role == SeatRole::Chair) {
                return Err(Error::field("role", "one-chair"));
            }
            match tx.appoint_seat(&permit, id, user.id, role).await {
                Err(store::Error::Stale) => return Err(Error::field("email", "seat-taken")),
                done => done?,
            }
            let told = notice::about(tx, EventKind::PanelSeat, id.get(), challenge).await?;
            tx.tell(&told.naming([UserId(user.id)]).link(format!("/challenges/{challenge}/panel"))).await?;
            Ok(id)
        })
    })
    .await
}

/// Ends a seat; what it scored stays in the file and out of the result.
pub async fn end_seat(desk: &Desk, actor: &Actor, challenge: ChallengeId, seat: SeatId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AppointSeat>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::appoint_seat(&who, &facts, false, false)?;
            Ok(tx.end_seat(&permit, seat).await?)
        })
    })
    .await
}

/// The panel as the team and its members see it.
pub struct PanelView {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub seats: Vec<SeatRow>,
    /// With the parties named; the team sees all, a member the own ones.
    pub declarations: Vec<(DeclarationRow, Vec<String>)>,
    /// Suppliers in alphabetical order, for the declaration: names only, unlinked to pseudonyms. Empty before the opening.
    pub parties: Vec<(i64, String)>,
}

pub async fn read_panel(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<PanelView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadPanel>(&mut conn, actor, challenge, Lock::None).await?;
    policy::read_panel(actor, &facts)?;
    let round = round_of(&facts)?;
    let row = conn.challenge_row(challenge).await?.ok_or_else(|| Error::Broken("a round without a challenge".into()))?;
    let terms = row.terms()?.ok_or_else(|| Error::Broken("a round without terms".into()))?;
    let own = facts.seat.as_ref().map(|seat| seat.id.get());
    let mut declarations = Vec::new();
    for declaration in conn.declarations(round).await? {
        if facts.team.is_some() || Some(declaration.seat) == own {
            let parties = conn.declared_parties(DeclarationId(declaration.id)).await?;
            declarations.push((declaration, parties));
        }
    }
    let mut parties: Vec<(i64, String)> = Vec::new();
    if facts.standing.opened_at.is_some() {
        parties = conn.standing_responses(round).await?.into_iter().map(|row| (row.supplier, row.supplier_name)).collect();
        parties.sort_by_key(|(_, name)| name.to_lowercase());
    }
    let mut seats = conn.seats(round).await?;
    if facts.team.is_none() {
        // How far others have come is one of the counts that nobody sees before moderation.
        seats.iter_mut().filter(|seat| Some(seat.id.get()) != own).for_each(|seat| seat.scores = 0);
    }
    Ok(PanelView { title: terms.title.clone(), facts, terms, seats, declarations, parties })
}

/// Fields `statement` and `party-<supplier>` for each party with which there is a conflict. Without one the seat is clear.
pub async fn declare_interest(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let conflict = match fields.get("conflict") {
        "no" => false,
        "yes" => true,
        _ => {
            errors.say("conflict", "choose");
            false
        }
    };
    let chosen: Vec<i64> = fields.0.keys().filter_map(|name| domain::ids::from_text(name.strip_prefix("party-")?)).collect();
    if conflict && chosen.is_empty() {
        errors.say("parties", "party-none");
    }
    if !conflict && !chosen.is_empty() {
        errors.say("conflict", "party-without-conflict");
    }
    let statement = errors.text(fields, "statement", conflict, 2_000);
    if !fields.checked("undertaking") {
        errors.say("undertaking", "undertaking");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (DeclarationId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<DeclareInterest>(tx, &who, challenge, Lock::Share).await?;
            let permit = policy::declare_interest(&who, &facts)?;
            let standing = tx.standing_responses(round_of(&facts)?).await?;
            let parties: Vec<ResponseId> =
                standing.iter().filter(|row| chosen.contains(&row.supplier)).map(|row| ResponseId(row.id)).collect();
            if parties.len() != chosen.len() {
                return Err(Error::field("parties", "party-none"));
            }
            tx.declare_interest(&permit, id, &statement, &parties).await?;
            if !parties.is_empty() {
                // That there is something to settle; with whom is on the page of those who may know.
                let told = notice::about(tx, EventKind::ConflictDeclared, id.get(), challenge).await?;
                tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/panel"))).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Fields `kind` (clear, recused, removed) and `reason`: an officer's decision on a declared conflict.
pub async fn settle_declaration(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    declaration: DeclarationId,
    fields: &Fields,
) -> Result<()> {
    let mut errors = Errors::default();
    let kind = fields.get("kind").to_owned();
    if !matches!(kind.as_str(), "clear" | "recused" | "removed") {
        errors.say("kind", "choose");
    }
    let reason = errors.text(fields, "reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SettleDeclaration>(tx, &who, challenge, Lock::Update).await?;
            let all = tx.declarations(round_of(&facts)?).await?;
            let seat = all.iter().find(|row| row.id == declaration.get()).map_or(SeatId(0), |row| SeatId(row.seat));
            let permit = policy::settle_declaration(&who, &facts, seat)?;
            tx.settle_declaration(&permit, declaration, &kind, &reason).await?;
            let holder = tx.seats(round_of(&facts)?).await?.into_iter().find(|row| row.id == seat).map(|row| UserId(row.user));
            let told = notice::about(tx, EventKind::DeclarationSettled, declaration.get(), challenge).await?;
            tx.tell(&told.naming(holder).link(format!("/challenges/{challenge}/panel"))).await?;
            Ok(())
        })
    })
    .await
}

/// A scorer's room: responses, criteria, own scores, and how far along.
pub struct ScoringRoom {
    pub round: OpenedRound,
    pub seat: SeatId,
    pub locked: bool,
    pub scores: BTreeMap<(ResponseId, CriterionId), ScoreRow>,
}

impl ScoringRoom {
    /// (scored, of all)
    pub fn progress(&self) -> (usize, usize) {
        let all = self.round.responses.len() * self.round.terms.leaves().count();
        (self.scores.len(), all)
    }

    /// Cells in the order in which they are worked through: response by response.
    pub fn cells(&self) -> Vec<(ResponseId, CriterionId)> {
        let criteria: Vec<CriterionId> = self.round.terms.leaves().map(|leaf| leaf.id()).collect();
        self.round.responses.iter().flat_map(|response| criteria.iter().map(|criterion| (response.id, *criterion))).collect()
    }

    pub fn next_unscored(&self, after: Option<(ResponseId, CriterionId)>) -> Option<(ResponseId, CriterionId)> {
        let cells = self.cells();
        let start = after.and_then(|at| cells.iter().position(|cell| *cell == at)).map_or(0, |at| at + 1);
        cells[start..].iter().chain(&cells[..start]).find(|cell| !self.scores.contains_key(cell)).copied()
    }

    pub fn response(&self, id: ResponseId) -> Option<&OpenedResponse> {
        self.round.responses.iter().find(|response| response.id == id)
    }
}

pub async fn read_scoring_room(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<ScoringRoom> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ScoreResponse>(&mut conn, actor, challenge, Lock::None).await?;
        policy::score_response(actor, &facts, false)?;
        let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
        let locked = facts.seat.as_ref().is_some_and(|seat| seat.locked);
        let scores = conn
            .scores_of(seat)
            .await?
            .into_iter()
            .map(|row| ((ResponseId(row.response), CriterionId(row.criterion)), row))
            .collect::<BTreeMap<_, _>>();
        let round = opened_round(desk, &mut conn, facts).await?;
        let visible: Vec<ResponseId> = round.responses.iter().map(|response| response.id).collect();
        let scores = scores.into_iter().filter(|((response, _), _)| visible.contains(response)).collect();
        Ok(ScoringRoom { round, seat, locked, scores })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Fields `points` (0 to max), `reason` and `seen` (the version that was read, 0 for none).
pub async fn score_response(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<i64> {
    let fields = fields.clone();
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ScoreResponse>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let permit = policy::score_response(&who, &facts, target.hidden)?;
            let (points, reason, seen) = parse_score(&fields, &target)?;
            Ok(tx.score_response(&permit, response, criterion, points, &reason, seen).await?)
        })
    })
    .await
}

/// What a score is given on.
#[derive(Clone, Copy, Debug, Default)]
struct Target {
    /// The actor's seat may not see the response: recused, or there is no such response or criterion here.
    hidden: bool,
    /// The end of the scale.
    max: u8,
    threshold: Option<u8>,
    reasons: Reasons,
}

async fn target(tx: &mut store::Tx, facts: &ChallengeFacts, response: ResponseId, criterion: CriterionId) -> Result<Target> {
    let unseen = Target { hidden: true, ..Target::default() };
    let Some(round) = facts.round else { return Ok(unseen) };
    let recused = match &facts.seat {
        Some(seat) => tx.recusals(seat.id).await?.contains(&response),
        None => true,
    };
    let here = tx.standing_responses(round).await?.iter().any(|row| row.id == response.get());
    let terms = tx.challenge_row(facts.challenge).await?.map(|row| row.terms()).transpose()?.flatten();
    let found = terms.as_ref().and_then(|terms| {
        let leaf = terms.leaf(criterion)?;
        Some(Target { hidden: false, max: leaf.max(), threshold: leaf.criterion.threshold, reasons: terms.panel.reasons })
    });
    Ok(found.filter(|_| here && !recused).unwrap_or(unseen))
}

fn parse_score(fields: &Fields, target: &Target) -> Result<(u8, String, i64)> {
    let mut errors = Errors::default();
    let max = target.max;
    let points = match Points::parse(fields.get("points"), max) {
        Ok(points) => points.get(),
        Err(_) => {
            errors.add(FieldError::new("points", "points").with("max", max));
            0
        }
    };
    let asked = target.reasons.asked(points, target.threshold);
    let reason = errors.text(fields, "reason", asked, LONGEST_REASON);
    let length = reason.chars().count();
    if length > 0 && length < SHORTEST_REASON {
        errors.add(FieldError::new("reason", "reason-short").with("min", SHORTEST_REASON));
    }
    let seen = fields.get("seen").parse().unwrap_or(0);
    errors.done((points, reason, seen)).map_err(Error::Invalid)
}

/// Locks the own scores: all given, each with its reason; nothing changes in them before moderation.
pub async fn lock_scores(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<LockScores>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::lock_scores(&who, &facts)?;
            let seat = facts.seat.as_ref().map_or(SeatId(0), |seat| seat.id);
            let terms = tx.challenge_row(challenge).await?.map(|row| row.terms()).transpose()?.flatten();
            let criteria = terms.as_ref().map_or(0, |terms| terms.leaves().count());
            let recused = tx.recusals(seat).await?;
            let standing: Vec<_> = tx
                .standing_responses(round_of(&facts)?)
                .await?
                .into_iter()
                .filter(|row| !recused.contains(&ResponseId(row.id)))
                .collect();
            let scores = tx.scores_of(seat).await?;
            let given = scores.iter().filter(|score| standing.iter().any(|row| row.id == score.response)).count();
            let missing = (standing.len() * criteria).saturating_sub(given);
            if missing > 0 {
                return Err(Error::Invalid(vec![FieldError::new("lock", "scores-missing").with("missing", missing)]));
            }
            if terms.is_some_and(|terms| terms.panel.reasons == Reasons::Sift) {
                let said = |response: i64| scores.iter().any(|score| score.response == response && !score.reason.is_empty());
                let missing = standing.iter().filter(|row| !said(row.id)).count();
                if missing > 0 {
                    return Err(Error::Invalid(vec![FieldError::new("lock", "sift-reasons").with("missing", missing)]));
                }
            }
            tx.lock_scores(&permit, event).await?;
            if facts.standing.locked + 1 == facts.standing.scorers {
                let told = notice::about(tx, EventKind::ModerationBegun, event, challenge).await?;
                tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/moderation"))).await?;
            }
            Ok(())
        })
    })
    .await
}

/// All scores and reasons together, widest disagreement first.
pub struct Moderation {
    pub facts: ChallengeFacts,
    pub title: String,
    pub terms: Terms,
    pub seats: Vec<SeatRow>,
    pub items: Vec<ModerationItem>,
    pub record: Option<PanelRow>,
}

pub struct ModerationItem {
    pub response: ResponseId,
    pub named: Named,
    pub criterion: CriterionId,
    /// Widest minus narrowest score.
    pub spread: u8,
    /// By seat: the newest score and, where it was revised, what it was before.
    pub scores: Vec<(SeatId, ScoreRow, Vec<ScoreRow>)>,
}

pub async fn read_moderation(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<Moderation> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<ReadModeration>(&mut conn, actor, challenge, Lock::None).await?;
        policy::read_moderation(actor, &facts)?;
        let round = round_of(&facts)?;
        let seats = conn.seats(round).await?;
        let record = conn.panel_record(round).await?;
        let all = conn.scores(round).await?;
        let opened = opened_round(desk, &mut conn, facts).await?;
        let mut items = Vec::new();
        for response in &opened.responses {
            for leaf in opened.terms.leaves() {
                let mut by_seat: BTreeMap<i64, Vec<ScoreRow>> = BTreeMap::new();
                for score in all.iter().filter(|score| score.response == response.id.get() && score.criterion == leaf.id().get())
                {
                    by_seat.entry(score.seat).or_default().push(score.clone());
                }
                let mut scores = Vec::new();
                for seat in seats.iter().filter(|seat| seat.standing != policy::SeatStanding::Removed) {
                    if let Some(mut history) = by_seat.remove(&seat.id.get())
                        && let Some(newest) = history.pop()
                    {
                        scores.push((seat.id, newest, history));
                    }
                }
                let points = scores.iter().map(|(_, score, _)| score.points);
                let spread = points.clone().max().unwrap_or(0) - points.min().unwrap_or(0);
                let spread = u8::try_from(spread).unwrap_or(u8::MAX);
                items.push(ModerationItem {
                    response: response.id,
                    named: response.named.clone(),
                    criterion: leaf.id(),
                    spread,
                    scores,
                });
            }
        }
        // A stable sort: equal spreads stay in the order of the form.
        items.sort_by_key(|item| std::cmp::Reverse(item.spread));
        Ok(Moderation { title: opened.title, facts: opened.facts, terms: opened.terms, seats, items, record })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Fields `points`, `reason`, `seen` (the revision that was read). The old value is kept.
pub async fn revise_score(
    desk: &Desk,
    actor: &Actor,
    challenge: ChallengeId,
    response: ResponseId,
    criterion: CriterionId,
    fields: &Fields,
) -> Result<()> {
    let (fields, who) = (fields.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ReviseScore>(tx, &who, challenge, Lock::Share).await?;
            let target = target(tx, &facts, response, criterion).await?;
            let permit = policy::revise_score(&who, &facts, target.hidden)?;
            let (points, reason, seen) = parse_score(&fields, &Target { reasons: Reasons::EachScore, ..target })?;
            Ok(tx.revise_score(&permit, response, criterion, points, &reason, seen).await?)
        })
    })
    .await
}

/// Field `discussion`: what was discussed. The chair's approval makes each scorer's newest score final.
pub async fn approve_record(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let discussion = errors.text(fields, "discussion", true, 20_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (chance, who) = (desk.chance.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveRecord>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::approve_record(&who, &facts)?;
            let round = round_of(&facts)?;
            let seats = tx.seats(round).await?;
            let standing = tx.standing_responses(round).await?;
            let mut finals = Vec::new();
            for seat in seats.iter().filter(|seat| seat.role.scores() && seat.standing != policy::SeatStanding::Removed) {
                let recused = tx.recusals(seat.id).await?;
                for score in tx.scores_of(seat.id).await? {
                    let id = ResponseId(score.response);
                    if !recused.contains(&id) && standing.iter().any(|row| row.id == id.get()) {
                        let row = FinalRow {
                            response: score.response,
                            criterion: score.criterion,
                            seat: Some(score.seat),
                            points: score.points,
                            reason: score.reason,
                        };
                        finals.push((chance.id(), row));
                    }
                }
            }
            let terms = tx.challenge_row(challenge).await?.map(|row| row.terms()).transpose()?.flatten();
            let terms = terms.ok_or_else(|| Error::Broken("a round without terms".into()))?;
            let responses: Vec<i64> = standing.iter().map(|row| row.id).collect();
            quorum(&terms, &responses, finals.iter().map(|(_, row)| row))?;
            Ok(tx.approve_record(&permit, &discussion, &finals).await?)
        })
    })
    .await
}

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

/// Each response has the published number of final scores in everything that is scored.
fn quorum<'a>(terms: &Terms, responses: &[i64], finals: impl Iterator<Item = &'a FinalRow> + Clone) -> Result<()> {
    let quorum = usize::from(terms.panel.quorum);
    let mut missing = 0;
    for response in responses {
        for leaf in terms.leaves() {
            let given = finals.clone().filter(|row| row.response == *response && row.criterion == leaf.id().get()).count();
            missing += quorum.saturating_sub(given);
        }
    }
    if missing == 0 {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new("discussion", "quorum-missing").with("missing", missing).with("quorum", quorum)]))
}

/// Feeds the one exact function of `domain` with what was published and what is final.
pub fn result(terms: &Terms, responses: &[OpenedResponse], finals: &[FinalRow]) -> Result<Outcome> {
    let candidates: Vec<Candidate> = responses
        .iter()
        .map(|response| Candidate {
            response: response.id.get(),
            excluded: false,
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
