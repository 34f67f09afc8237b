use crate::challenge::Stage;
use crate::check::{Asked, CheckKind, CheckSubject};
use crate::moment::Moment;
use crate::organisation::Actor;
use crate::policy::*;

/// What is recorded of a cell, and how its supplier was asked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckFacts {
    pub subject: CheckSubject,
    pub kind: CheckKind,
    pub asked: Asked,
    /// The panel does not see names: whoever checks does.
    pub anonymous: bool,
}

/// The team, from the opening on: what its own interest or recusal hides is left out by whoever lists.
pub fn read_check(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadCheck> {
    let stranger = facts.team.is_none() && facts.seat.is_none();
    let refusal = unless(!stranger, Refusal::Unseen)
        .or(unless(facts.team.is_some(), Refusal::NotYours))
        .or(unless(facts.standing.opened_at.is_some(), Refusal::Sealed))
        .or_else(|| facts.interest());
    decide(actor, facts.at(), facts.round.map_or(0, |round| round.get()), facts.sealed(), refusal)
}

/// An officer of the team without an interest. Requirements from the opening until the final scores; a price once prices may be
/// seen and until a decision is recommended. Nobody is excluded, nor a price rejected as too low, without having been asked and
/// heard (directive 2014/24/EU, art. 56(3) and 69).
pub fn check_response(actor: &Actor, facts: &ResponseFacts, check: CheckFacts) -> Decision<CheckResponse> {
    let challenge = &facts.challenge;
    let exists = (challenge.team.is_some() || challenge.seat.is_some())
        && challenge.standing.opened_at.is_some()
        && facts.submitted
        && !facts.recused;
    let stages: &[Stage] = match check.subject {
        CheckSubject::Requirement(_) => &[Stage::Checking, Stage::Scoring, Stage::Moderation],
        CheckSubject::Price => &[Stage::Result],
    };
    let scores = challenge.seat.as_ref().is_some_and(|seat| seat.role.scores());
    let heard = match (check.kind, check.asked) {
        (CheckKind::Excluded, Asked::Never) => Some(Refusal::NotAskedFirst),
        (CheckKind::Excluded, Asked::Waiting) => Some(Refusal::ClarificationOpen),
        _ => None,
    };
    let refusal = unless(exists, Refusal::Unseen)
        .or(unless(challenge.officer(), Refusal::NotYours))
        .or_else(|| challenge.interest())
        .or(unless(!(check.anonymous && scores), Refusal::ScoresHere))
        .or(at_stage(challenge.stage(), stages))
        .or(heard);
    decide(actor, challenge.at(), facts.response.get(), challenge.sealed(), refusal)
}

/// What keeps a supplier from answering what it was asked.
fn answering(actor: &Actor, facts: &ResponseFacts, open: bool, in_time: bool) -> Option<Refusal> {
    let challenge = &facts.challenge;
    let theirs =
        if actor.acts_for(facts.supplier) { super::response::answering(actor, challenge) } else { Some(Refusal::Unseen) };
    let stages = [Stage::Checking, Stage::Scoring, Stage::Moderation, Stage::Pricing, Stage::Result];
    theirs
        .or(unless(facts.submitted && challenge.standing.opened_at.is_some(), Refusal::Unseen))
        .or(at_stage(challenge.stage(), &stages))
        .or(unless(open, Refusal::ClarificationOver))
        .or(unless(in_time, Refusal::Late))
}

/// What is written before it is sent: by whoever may send it, as long as that can be done. Nobody is late with it: that is not
/// recorded.
pub fn save_clarification(actor: &Actor, facts: &ResponseFacts, deadline: Moment, open: bool) -> Decision<SaveClarification> {
    let at = facts.challenge.at();
    let refusal = answering(actor, facts, open, facts.challenge.now.before(deadline));
    decide(actor, at, facts.response.get(), false, refusal)
}

/// The supplier, before the deadline that it was given, as long as what was asked is not settled. `received_at`: when the server
/// held the complete request. A late answer is recorded as refused.
pub fn answer_clarification(
    actor: &Actor,
    facts: &ResponseFacts,
    deadline: Moment,
    open: bool,
    received_at: Moment,
) -> Decision<AnswerClarification> {
    let refusal = answering(actor, facts, open, received_at.before(deadline));
    decide(actor, facts.challenge.at(), facts.response.get(), refusal == Some(Refusal::Late), refusal)
}
