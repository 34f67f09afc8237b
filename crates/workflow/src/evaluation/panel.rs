//! Who sits on the panel of a round.

use std::collections::BTreeMap;

use domain::challenge::{Stage, Terms};
use domain::evaluation::Short;
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, DeclarationId, ResponseId, RoundId, SeatId, UserId};
use domain::moment::DAY;
use domain::notice::{Event, EventKind};
use domain::organisation::Actor;
use domain::policy::{
    self, AppointSeat, Candidate, ChallengeFacts, EndSeat, NameDeputy, ReadPanel, RemindPanel, SeatRole, SeatStanding,
};
use store::{Conn, DeclarationRow, EndedSeatRow, Lock, SeatInvitationRow, SeatRow, Tx};

use super::round_of;
use super::score::SHORTEST_REASON;
use super::written::Written;
use crate::account::address;
use crate::challenge::facts;
use crate::response::parties_of;
use crate::{Desk, Error, Result, notice};

/// Fields `email`, `role`, and `replaces`: a seat that ended, or one that ends with it, so that the last scorer who is waited for
/// can be replaced; then `replace_reason` says why. Any user with an account; a seat belongs to the person. While the panel
/// moderates, whoever scores may join it where a response lacks own scores for the published quorum, for a reason.
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
    let replaces = SeatId::parse(fields.get("replaces"));
    if replaces.is_none() && !fields.get("replaces").is_empty() {
        errors.say("replaces", "choose");
    }
    let why = errors.text(fields, "replace_reason", false, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (email, role) = (email.unwrap_or_default(), role.unwrap_or(SeatRole::Evaluator));
    let (id, who) = (SeatId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AppointSeat>(tx, &who, challenge, Lock::Update).await?;
            let short = needs_another(tx, &facts).await?;
            policy::appoint_seat(&who, &facts, Candidate { short, ..Candidate::default() })?;
            let user = tx.user_by_email(&email).await?.filter(|user| user.confirmed_at.is_some());
            let user = user.ok_or_else(|| Error::field("email", "no-such-user"))?;
            let supplies = tx.supplies(user.id, challenge).await?;
            // Before the opening nobody may learn from an appointment who answers: only then is a clash told.
            let round = round_of(&facts)?;
            let handled = role.scores() && tx.handled_names(round, user.id).await?;
            let supplies = supplies && facts.standing.opened_at.is_some();
            let permit = policy::appoint_seat(&who, &facts, Candidate { supplies, handled, short })?;
            filling(&facts, role, "role", &why, "replace_reason")?;
            let seats = tx.seats(round).await?;
            if role.chairs() && seats.iter().any(|seat| seat.role.chairs() && Some(seat.id) != replaces) {
                return Err(Error::field("role", "one-chair"));
            }
            if let Some(seat) = replaces
                && !tx.ended_seats(round).await?.iter().any(|row| row.id == seat.get())
            {
                let row = seats.iter().find(|row| row.id == seat).ok_or_else(|| Error::field("replaces", "choose"))?;
                // Who was removed has left the round already.
                if row.standing != SeatStanding::Removed {
                    if why.is_empty() {
                        return Err(Error::field("replace_reason", "empty"));
                    }
                    if facts.stage() == Stage::Moderation {
                        return Err(Error::field("replaces", "replaces-seen"));
                    }
                    tx.end_seat(&policy::end_seat(&who, &facts, seat, row.locked)?, round, &why).await?;
                }
            }
            let filled = (facts.stage() == Stage::Moderation).then_some(why.as_str());
            match tx.appoint_seat(&permit, id, user.id, role, replaces, filled).await {
                Err(store::Error::Stale) => return Err(Error::field("email", "seat-taken")),
                done => done?,
            }
            let told = notice::about(tx, EventKind::PanelSeat, id.get(), challenge).await?;
            tx.tell(&told.naming([UserId(user.id)]).link(format!("/challenges/{challenge}/panel"))).await?;
            if filled.is_some() {
                tell_filled(tx, &who, challenge, id).await?;
            }
            Ok(id)
        })
    })
    .await
}

/// Field `end_reason`. Ends a seat; what it scored stays in the file and out of the result.
pub async fn end_seat(desk: &Desk, actor: &Actor, challenge: ChallengeId, seat: SeatId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "end_reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (helper, who) = (desk.clone(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EndSeat>(tx, &who, challenge, Lock::Update).await?;
            let round = round_of(&facts)?;
            let locked = tx.seats(round).await?.iter().any(|row| row.id == seat && row.locked);
            let permit = policy::end_seat(&who, &facts, seat, locked)?;
            // After the opening a panel below the published quorum could not close its record, and could not be filled up either.
            let quorum = usize::from(panel_terms(&helper, tx, &facts).await?.panel.quorum);
            let scorers: Vec<SeatId> = scoring_seats(tx, round).await?;
            if facts.standing.opened_at.is_some() && scorers.contains(&seat) && scorers.len() <= quorum {
                return Err(Error::Invalid(vec![FieldError::new("end_reason", "end-quorum").with("quorum", quorum)]));
            }
            tx.end_seat(&permit, round, &reason).await?;
            tell_moderation(tx, &who, &facts, seat.get()).await
        })
    })
    .await
}

/// The panel moderates, and has too few own scores of a response, or nobody who may close its record: asked at no other stage,
/// because it reads all scores.
pub(super) async fn needs_another(conn: &mut Conn, facts: &ChallengeFacts) -> Result<bool> {
    if facts.stage() != Stage::Moderation {
        return Ok(false);
    }
    let (short, closable) = short(conn, facts).await?;
    Ok(!short.is_empty() || !closable)
}

/// The responses that have, or while the panel scores can get, fewer own scores than published; and whether anybody may close the
/// record.
async fn short(conn: &mut Conn, facts: &ChallengeFacts) -> Result<(Vec<Short>, bool)> {
    let Some(terms) = conn.terms_of(facts).await? else { return Ok((Vec::new(), true)) };
    let written = Written::read(conn, round_of(facts)?).await?;
    let moderates = facts.stage() == Stage::Moderation;
    let short = if moderates { written.short(&terms, None) } else { written.short_to_come(&terms) };
    Ok((short, written.closable()))
}

/// Who joins a panel that moderates scores, and it is said why. `role` and `why`: the fields of the form.
pub(super) fn filling(facts: &ChallengeFacts, of: SeatRole, role: &str, reason: &str, why: &str) -> Result<()> {
    let mut errors = Errors::default();
    if facts.stage() == Stage::Moderation && !of.scores() {
        errors.say(role, "filled-scores");
    }
    if facts.stage() == Stage::Moderation && reason.chars().count() < SHORTEST_REASON {
        errors.add(FieldError::new(why, "reason-short").with("min", SHORTEST_REASON));
    }
    errors.done(()).map_err(Error::Invalid)
}

async fn scoring_seats(tx: &mut Tx, round: RoundId) -> Result<Vec<SeatId>> {
    let seats = tx.seats(round).await?.into_iter();
    Ok(seats.filter(|seat| seat.role.scores() && seat.standing != SeatStanding::Removed).map(|seat| seat.id).collect())
}

/// All are told that the discussion rests while somebody who joined scores. That it goes on is told when the last has locked.
pub(super) async fn tell_filled(tx: &mut Tx, who: &Actor, challenge: ChallengeId, seat: SeatId) -> Result<()> {
    let told = notice::about(tx, EventKind::PanelFilled, seat.get(), challenge).await?;
    tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/panel"))).await?;
    Ok(())
}

/// The last who was waited for has locked, or is waited for no more: all are told that the panel discusses. `before`: how it
/// stood; `cause`: what changed it.
pub(super) async fn tell_moderation(tx: &mut Tx, who: &Actor, before: &ChallengeFacts, cause: i64) -> Result<()> {
    let challenge = before.challenge;
    let after = facts::<ReadPanel>(tx, who, challenge, Lock::None).await?;
    if before.stage() != Stage::Moderation && after.stage() == Stage::Moderation {
        let told = notice::about(tx, EventKind::ModerationBegun, cause, challenge).await?;
        tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/moderation"))).await?;
    }
    Ok(())
}

/// Field `deputy_reason`. From now on the seat may act as chair beside the chair; an evaluator's, because who neither scores
/// nor chairs leads nothing.
pub async fn name_deputy(desk: &Desk, actor: &Actor, challenge: ChallengeId, seat: SeatId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "deputy_reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<NameDeputy>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::name_deputy(&who, &facts, seat)?;
            let round = round_of(&facts)?;
            let row = tx.seats(round).await?.into_iter().find(|row| row.id == seat);
            let row =
                row.filter(|row| row.role == SeatRole::Evaluator).ok_or_else(|| Error::field("deputy", "deputy-evaluator"))?;
            tx.name_deputy(&permit, id, round, &reason).await?;
            let told = notice::about(tx, EventKind::PanelSeat, id, challenge).await?;
            tx.tell(&told.naming([UserId(row.user)]).link(format!("/challenges/{challenge}/panel"))).await?;
            Ok(())
        })
    })
    .await
}

/// Reminds everybody who scores and has not locked, declared or not: once a day, however often it is asked for.
pub async fn remind_panel(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RemindPanel>(tx, &who, challenge, Lock::Share).await?;
            let permit = policy::remind_panel(&who, &facts)?;
            let title = tx.challenge_row(challenge).await?.map(|row| row.title()).unwrap_or_default();
            let fact = format!("{}:{}", round_of(&facts)?, facts.now.micros().div_euclid(DAY));
            let told = Event::once(EventKind::PanelReminded, fact).on(challenge, &title);
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/panel"))).await?;
            Ok(tx.record(&permit, None)?)
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
    /// Invitations by mail, those taken up too; for the team.
    pub invited: Vec<SeatInvitationRow>,
    /// Who scores what, where it is assigned; for the team.
    pub assigned: Vec<(SeatId, ResponseId)>,
    /// Responses with fewer own scores, or possible scorers, than published; for the team, while it can be mended.
    pub short: Vec<Short>,
    /// Somebody could close the record: not where each who could lead is recused from a part of it. For the team.
    pub closable: bool,
    /// Seats that ended, with the reason; for the team.
    pub ended: Vec<EndedSeatRow>,
    /// With the parties as they were chosen; the team sees all, a member the own ones.
    pub declarations: Vec<(DeclarationRow, Vec<String>)>,
    /// The suppliers whose responses a declaration concerns, by its id: for the team alone. Who has a conflict with a partner
    /// is not told by it whose partner that is.
    pub behind: BTreeMap<i64, Vec<String>>,
    /// Suppliers, their partners and subcontractors, and the people they name, in alphabetical order and each once, for the
    /// declaration: names only, unlinked to pseudonyms and to each other. Empty before the opening.
    pub parties: Vec<(i64, String)>,
}

pub async fn read_panel(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<PanelView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadPanel>(&mut conn, actor, challenge, Lock::None).await?;
    policy::read_panel(actor, &facts)?;
    let round = round_of(&facts)?;
    let terms = panel_terms(desk, &mut conn, &facts).await?;
    let own = facts.seat.as_ref().map(|seat| seat.id.get());
    let mut parties: Vec<(i64, String)> = Vec::new();
    if facts.standing.opened_at.is_some() {
        parties = parties_of(desk, &mut conn, &facts).await?;
    }
    let chosen = conn.chosen_parties(round).await?;
    let (mut declarations, mut behind) = (Vec::new(), BTreeMap::new());
    for declaration in conn.declarations(round).await? {
        if facts.team.is_none() && Some(declaration.seat) != own {
            continue;
        }
        let keys: Vec<i64> = chosen.iter().filter(|(of, _)| *of == declaration.id).map(|(_, key)| *key).collect();
        let named = parties.iter().filter(|(key, _)| keys.contains(key)).map(|(_, name)| name.clone()).collect();
        if facts.team.is_some() && declaration.conflict {
            behind.insert(declaration.id, conn.declared_parties(DeclarationId(declaration.id)).await?);
        }
        declarations.push((declaration, named));
    }
    let mut seats = conn.seats(round).await?;
    if facts.team.is_none() {
        // How far others have come is one of the counts that nobody sees before moderation.
        seats.iter_mut().filter(|seat| Some(seat.id.get()) != own).for_each(|seat| seat.scores = 0);
    }
    let assigned = if facts.team.is_some() { conn.assignments(round).await? } else { Vec::new() };
    let invited = if facts.team.is_some() { conn.seat_invitations(round).await? } else { Vec::new() };
    let ended = if facts.team.is_some() { conn.ended_seats(round).await? } else { Vec::new() };
    let mendable = matches!(facts.stage(), Stage::Checking | Stage::Scoring | Stage::Moderation);
    let (short, closable) = if facts.team.is_some() && mendable { short(&mut conn, &facts).await? } else { (Vec::new(), true) };
    let title = terms.title.clone();
    Ok(PanelView { title, facts, terms, seats, invited, assigned, short, closable, ended, declarations, behind, parties })
}

/// What is published, or before publication what was approved.
async fn panel_terms(desk: &Desk, conn: &mut store::Conn, facts: &ChallengeFacts) -> Result<Terms> {
    Ok(desk.round_terms(conn, facts).await?.1)
}
