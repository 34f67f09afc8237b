use crate::challenge::{Method, Stage};
use crate::ids::{SeatId, UserId};
use crate::organisation::Actor;
use crate::policy::*;

fn round(facts: &ChallengeFacts) -> i64 {
    facts.round.map_or(0, |round| round.get())
}

/// Strangers learn nothing of the panel's work, not even that there is a panel.
fn inside(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.team.is_some() || facts.seat.is_some(), Refusal::Unseen)
}

/// Seats are appointed until the panel has seen all scores; then only where a response lacks some for the published quorum,
/// or where every member who could close the record is recused from some of it: the panel would have no way on.
fn seats_are_appointed(facts: &ChallengeFacts, short: bool) -> Option<Refusal> {
    let stages = [Stage::Scheduled, Stage::Open, Stage::Closed, Stage::Checking, Stage::Scoring];
    at_stage(facts.stage(), &stages).filter(|_| !(short && facts.stage() == Stage::Moderation))
}

/// An officer appoints, from publication on.
pub fn appoint_seat(actor: &Actor, facts: &ChallengeFacts, candidate: Candidate) -> Decision<AppointSeat> {
    let refusal = inside(facts)
        .or(unless(facts.officer(), Refusal::NotYours))
        .or_else(|| seats_are_appointed(facts, candidate.short))
        .or(unless(!candidate.supplies || facts.standing.opened_at.is_none(), Refusal::Supplies))
        .or(unless(!candidate.handled, Refusal::HandledNames));
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// An officer ends a seat, until the panel has seen all scores: what it scored stays in the file and out of the result. `locked`:
/// the seat has locked its scores; where the panel was filled up, they had been seen, and nobody chooses among them.
pub fn end_seat(actor: &Actor, facts: &ChallengeFacts, seat: SeatId, locked: bool) -> Decision<EndSeat> {
    let refusal = inside(facts)
        .or(unless(facts.officer(), Refusal::NotYours))
        .or_else(|| seats_are_appointed(facts, false))
        .or(unless(!(facts.refilled && locked), Refusal::PanelFilled));
    decide(actor, facts.at(), seat.get(), false, refusal)
}

/// An officer names who may act as chair beside the chair: also while the panel moderates, where the chair is missing or recused.
pub fn name_deputy(actor: &Actor, facts: &ChallengeFacts, seat: SeatId) -> Decision<NameDeputy> {
    let stages = [Stage::Scheduled, Stage::Open, Stage::Closed, Stage::Checking, Stage::Scoring, Stage::Moderation];
    let refusal = inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or(at_stage(facts.stage(), &stages));
    decide(actor, facts.at(), seat.get(), false, refusal)
}

/// An officer has the responses assigned, once everybody who scores has declared; again where a seat ended.
pub fn assign_responses(actor: &Actor, facts: &ChallengeFacts) -> Decision<AssignResponses> {
    let refusal = inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or(at_stage(facts.stage(), &[Stage::Scoring]));
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// An officer invites somebody from outside by mail, as long as seats are appointed. `short`: as in [`Candidate`].
pub fn invite_expert(actor: &Actor, facts: &ChallengeFacts, short: bool) -> Decision<InviteExpert> {
    let refusal = inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or_else(|| seats_are_appointed(facts, short));
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// An officer takes an invitation back that nobody has taken up; `waits`: it is one of this round, and open.
pub fn withdraw_expert(actor: &Actor, facts: &ChallengeFacts, waits: bool) -> Decision<WithdrawExpert> {
    let refusal = inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or(unless(waits, Refusal::Unseen));
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// Whoever was invited takes the seat. `holds`: an invitation of the actor's own confirmed address that nobody has taken up and
/// whose time has not passed; the rest as in [`appoint_seat`]. Everybody else learns nothing of it.
pub fn accept_seat(actor: &Actor, facts: &ChallengeFacts, holds: bool, candidate: Candidate) -> Decision<AcceptSeat> {
    let refusal = unless(actor.user().is_some(), Refusal::SignIn)
        .or(unless(holds, Refusal::Unseen))
        .or_else(|| seats_are_appointed(facts, candidate.short))
        .or(unless(!candidate.supplies || facts.standing.opened_at.is_none(), Refusal::Supplies))
        .or(unless(!candidate.handled, Refusal::HandledNames));
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// An officer reminds those who have not declared or not locked; whom it reaches is not told, because it would count them.
pub fn remind_panel(actor: &Actor, facts: &ChallengeFacts) -> Decision<RemindPanel> {
    let refusal = inside(facts).or(unless(facts.officer(), Refusal::NotYours)).or(at_stage(facts.stage(), &[Stage::Scoring]));
    decide(actor, facts.at(), round(facts), false, refusal)
}

/// Who sits on the panel, and whether they have declared: the team and the panel, once an approval has made the round.
pub fn read_panel(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadPanel> {
    let over = || facts.interest().filter(|why| *why == Refusal::RoundOver);
    let refusal = inside(facts).or(unless(facts.round.is_some(), Refusal::Stage)).or_else(over);
    decide(actor, facts.at(), round(facts), false, refusal)
}

fn own_seat(facts: &ChallengeFacts) -> Result<&Seat, Refusal> {
    facts.seat.as_ref().ok_or(if facts.team.is_some() { Refusal::NotYours } else { Refusal::Unseen })
}

/// Each holder for the own seat, once the parties are known (after the opening); again whenever something changes. Once the own
/// scores are locked, and while the panel moderates, a `conflict` alone: what comes to light late is declared late, and nobody
/// says then that there is none. Who does not score and has not declared may still do either while the panel moderates: a chair
/// who only moderates could lead nothing otherwise, and nobody waited for that declaration.
pub fn declare_interest(actor: &Actor, facts: &ChallengeFacts, conflict: bool) -> Decision<DeclareInterest> {
    let (seat, refusal) = match own_seat(facts) {
        Err(refusal) => (SeatId(0), Some(refusal)),
        Ok(seat) => {
            let refusal = match facts.stage() {
                Stage::Checking | Stage::Scoring => unless(!seat.locked || conflict, Refusal::Locked),
                Stage::Moderation if seat.standing == SeatStanding::Undeclared => None,
                Stage::Moderation => unless(conflict, if seat.locked { Refusal::Locked } else { Refusal::Stage }),
                stage if stage.before_opening() => Some(Refusal::Sealed),
                _ => Some(Refusal::Stage),
            };
            (seat.id, refusal.or(unless(seat.standing != SeatStanding::Removed, Refusal::Removed)))
        }
    };
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// An officer of the team settles a conflict that somebody else declared.
pub fn settle_declaration(actor: &Actor, facts: &ChallengeFacts, seat: SeatId) -> Decision<SettleDeclaration> {
    let own = facts.seat.as_ref().is_some_and(|own| own.id == seat);
    let stages = [Stage::Checking, Stage::Scoring, Stage::Moderation];
    let refusal = inside(facts).or(unless(facts.officer() && !own, Refusal::NotYours)).or(at_stage(facts.stage(), &stages));
    decide(actor, facts.at(), seat.get(), false, refusal)
}

/// A scorer whose own declaration is settled: each may start without waiting for the others.
fn scorer(facts: &ChallengeFacts) -> (SeatId, Option<Refusal>) {
    match own_seat(facts) {
        Err(refusal) => (SeatId(0), Some(refusal)),
        Ok(seat) => {
            let refusal = if facts.standing.opened_at.is_none() {
                Some(Refusal::Sealed)
            } else if !seat.role.scores() {
                Some(Refusal::NotYours)
            } else if facts.opening.handled_names {
                Some(Refusal::HandledNames)
            } else {
                facts.interest().or(unless(seat.standing != SeatStanding::Undeclared, Refusal::Undeclared))
            };
            (seat.id, refusal)
        }
    }
}

fn locked(facts: &ChallengeFacts) -> bool {
    facts.seat.as_ref().is_some_and(|seat| seat.locked)
}

/// Nothing is scored while something of the check is open, also where scoring had begun.
fn scoring(stage: Stage) -> Option<Refusal> {
    if stage == Stage::Checking { Some(Refusal::Checking) } else { at_stage(stage, &[Stage::Scoring]) }
}

/// The scoring room: the own scores, before the lock and after it, until the panel discusses. While scoring rests they are read.
pub fn read_scoring_room(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadScoringRoom> {
    let (seat, refusal) = scorer(facts);
    let rests = facts.stage() == Stage::Checking && facts.scored;
    let refusal = refusal.or(if rests { None } else { scoring(facts.stage()) });
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// A score in the scoring room; a response that the seat is recused from does not exist for it.
pub fn score_response(actor: &Actor, facts: &ChallengeFacts, recused: bool) -> Decision<ScoreResponse> {
    let (seat, refusal) = scorer(facts);
    let refusal =
        refusal.or(unless(!locked(facts), Refusal::Locked)).or(scoring(facts.stage())).or(unless(!recused, Refusal::Unseen));
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

pub fn lock_scores(actor: &Actor, facts: &ChallengeFacts) -> Decision<LockScores> {
    let (seat, refusal) = scorer(facts);
    let refusal = refusal.or(unless(!locked(facts), Refusal::Locked)).or(scoring(facts.stage()));
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// The chair, or the deputy, gives a scorer's locked scores back to that scorer, as long as others have not locked: once the
/// panel has seen all scores, a change is a revision with its own reason, also where it was filled up since. `locked`: the seat
/// holds locked scores in this round.
pub fn unlock_scores(actor: &Actor, facts: &ChallengeFacts, seat: SeatId, locked: bool) -> Decision<UnlockScores> {
    let refusal = leader(facts).1.or(at_stage(facts.stage(), &[Stage::Scoring])).or(unless(locked, Refusal::Unseen));
    let refusal = refusal.or(unless(!facts.refilled, Refusal::PanelFilled));
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// Nobody sees others' scores, averages, orders or counts before moderation. Then the panel and the officers see all together.
pub fn read_moderation(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadModeration> {
    let panel = facts.seat.as_ref().is_some_and(|seat| {
        seat.role != SeatRole::Observer && matches!(seat.standing, SeatStanding::Clear | SeatStanding::Recused)
    });
    let stage = facts.stage();
    let joining = facts.refilled && matches!(stage, Stage::Checking | Stage::Scoring);
    // A member who has not declared yet is told so, as long as it can be mended.
    let undeclared = stage == Stage::Moderation
        && facts.seat.as_ref().is_some_and(|seat| seat.role != SeatRole::Observer && seat.standing == SeatStanding::Undeclared);
    let refusal = inside(facts)
        .or(unless(facts.officer() || panel || !undeclared, Refusal::Undeclared))
        .or(unless(facts.officer() || panel, Refusal::NotYours))
        .or(unless(!joining, Refusal::PanelFilled))
        .or(unless(matches!(stage, Stage::Moderation | Stage::Pricing) || stage.has_result(), Refusal::Stage))
        .or_else(|| facts.interest());
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// Where the mean counts: after the discussion each evaluator may revise the own score with a reason; the old one is kept.
pub fn revise_score(actor: &Actor, facts: &ChallengeFacts, method: Method, recused: bool) -> Decision<ReviseScore> {
    let (seat, refusal) = scorer(facts);
    let refusal = refusal
        .or(at_stage(facts.stage(), &[Stage::Moderation]))
        .or(unless(!recused, Refusal::Unseen))
        .or(unless(method == Method::MeanAfterDiscussion, Refusal::Method));
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// The chair, scoring or not, and the deputy: with an own settled declaration, like everybody who sees scores.
fn leader(facts: &ChallengeFacts) -> (SeatId, Option<Refusal>) {
    match own_seat(facts) {
        Err(refusal) => (SeatId(0), Some(refusal)),
        Ok(seat) if !seat.leads() => (seat.id, Some(Refusal::NotYours)),
        Ok(seat) => {
            let refusal = unless(facts.standing.opened_at.is_some(), Refusal::Sealed)
                .or(unless(!facts.opening.handled_names, Refusal::HandledNames))
                .or_else(|| facts.interest())
                .or(unless(seat.standing != SeatStanding::Undeclared, Refusal::Undeclared));
            (seat.id, refusal)
        }
    }
}

/// Where the panel agrees: whoever leads writes down the agreed score of a response that a recusal does not hide from them.
pub fn agree_score(actor: &Actor, facts: &ChallengeFacts, method: Method, recused: bool) -> Decision<AgreeScore> {
    let refusal = leader(facts)
        .1
        .or(at_stage(facts.stage(), &[Stage::Moderation]))
        .or(unless(!recused, Refusal::Unseen))
        .or(unless(method == Method::Consensus, Refusal::Method));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// Minutes of an item are kept by whoever leads.
pub fn record_minutes(actor: &Actor, facts: &ChallengeFacts, recused: bool) -> Decision<RecordMinutes> {
    let (seat, refusal) = leader(facts);
    let refusal = refusal.or(at_stage(facts.stage(), &[Stage::Moderation])).or(unless(!recused, Refusal::Unseen));
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// Each who scores may have it written down that they see an item otherwise.
pub fn record_dissent(actor: &Actor, facts: &ChallengeFacts, recused: bool) -> Decision<RecordDissent> {
    let (seat, refusal) = scorer(facts);
    let refusal = refusal.or(at_stage(facts.stage(), &[Stage::Moderation])).or(unless(!recused, Refusal::Unseen));
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal)
}

/// Whoever leads puts the record before the members.
pub fn propose_record(actor: &Actor, facts: &ChallengeFacts) -> Decision<ProposeRecord> {
    let refusal = leader(facts).1.or(at_stage(facts.stage(), &[Stage::Moderation])).or_else(|| checked(facts));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// A requirement that is asked about again may still take a response out of the record.
fn checked(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.standing.unchecked == 0, Refusal::CheckOpen)
}

/// Each who scores approves the record as they can see it.
pub fn sign_record(actor: &Actor, facts: &ChallengeFacts) -> Decision<SignRecord> {
    let (seat, refusal) = scorer(facts);
    decide(actor, facts.at(), seat.get(), facts.sealed(), refusal.or(at_stage(facts.stage(), &[Stage::Moderation])))
}

/// Where too few members approve the record, an officer who is no member of the panel confirms that it is closed without them:
/// the second person behind it. Not one with an interest, nor one from whom a recusal hides a part of it.
pub fn confirm_record(actor: &Actor, facts: &ChallengeFacts) -> Decision<ConfirmRecord> {
    let member = facts.seat.as_ref().is_some_and(|seat| seat.role.scores() || seat.leads());
    let refusal = inside(facts)
        .or(unless(facts.officer() && !member, Refusal::NotYours))
        .or(at_stage(facts.stage(), &[Stage::Moderation]))
        .or_else(|| super::award::disinterested(facts))
        .or_else(|| checked(facts));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// Whoever leads closes the record, once every member has approved it or was gone on without; that makes the scores final. Not
/// one who is recused from a response: it would close what it may not read, and learn from what is missing there.
pub fn approve_record(actor: &Actor, facts: &ChallengeFacts) -> Decision<ApproveRecord> {
    let recused = facts.seat.as_ref().is_some_and(|seat| seat.standing == SeatStanding::Recused);
    let refusal = leader(facts)
        .1
        .or(at_stage(facts.stage(), &[Stage::Moderation]))
        .or(unless(!recused, Refusal::Recused))
        .or_else(|| checked(facts));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// Totals, ranks and prices are closed to everyone until all final scores of the round are approved.
pub fn read_result(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadResult> {
    decide(actor, facts.at(), round(facts), facts.sealed(), result_refusal(facts))
}

/// The same result at other weights: whoever reads the one may ask for the other.
pub fn what_if(actor: &Actor, facts: &ChallengeFacts) -> Decision<WhatIf> {
    decide(actor, facts.at(), round(facts), facts.sealed(), result_refusal(facts))
}

fn result_refusal(facts: &ChallengeFacts) -> Option<Refusal> {
    // A recusal hides a response, and a ranking without it would be a false one: an officer with such a seat sees none either.
    let own = facts.seat.as_ref().and_then(|seat| match seat.standing {
        SeatStanding::Recused => Some(Refusal::Recused),
        SeatStanding::Undeclared if facts.team.is_none() && seat.role != SeatRole::Observer => Some(Refusal::Undeclared),
        _ => None,
    });
    inside(facts).or(unless(facts.stage().has_result(), Refusal::Stage)).or_else(|| facts.interest()).or(own)
}

/// Lots between those who are equal in everything published: an officer asks, once the result stands and before anything is
/// recommended. Nobody with an interest of their own.
pub fn ask_lots(actor: &Actor, facts: &ChallengeFacts) -> Decision<AskLots> {
    let refusal =
        result_refusal(facts).or(unless(facts.officer(), Refusal::NotYours)).or(at_stage(facts.stage(), &[Stage::Result]));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}

/// They are drawn before a second person: somebody else of the team, or the panel's chair.
pub fn draw_lots(actor: &Actor, facts: &ChallengeFacts, asked_by: Option<UserId>) -> Decision<DrawLots> {
    let chair = facts.seat.as_ref().is_some_and(|seat| seat.role.chairs());
    let refusal = result_refusal(facts)
        .or(unless(facts.officer() || facts.approver() || chair, Refusal::NotYours))
        .or(at_stage(facts.stage(), &[Stage::Result]))
        .or(unless(asked_by.is_some(), Refusal::LotsNotAsked))
        .or(unless(asked_by != actor.user(), Refusal::LotsOwn));
    decide(actor, facts.at(), round(facts), facts.sealed(), refusal)
}
