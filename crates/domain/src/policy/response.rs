use crate::challenge::Stage;
use crate::law::LawProfile;
use crate::moment::DAY;
use crate::organisation::Actor;
use crate::policy::*;

/// Who may act for a response at all: a member of a supplier, acting for it, with no role in the buyer, and no seat before a
/// response was begun.
pub(super) fn supplying(actor: &Actor, facts: &ChallengeFacts) -> Option<Refusal> {
    answering(actor, facts).or(unless(facts.seat.is_none() || facts.own_response.is_some(), Refusal::Conflict))
}

/// The same for what is the supplier's own already: no seat keeps anybody from it, because an officer appoints to a seat
/// without asking. The clash is settled on the seat's side: it shows nothing to who supplies ([`ChallengeFacts::interest`]).
pub(super) fn answering(actor: &Actor, facts: &ChallengeFacts) -> Option<Refusal> {
    if !facts.is_public() && facts.team.is_none() {
        Some(Refusal::Unseen)
    } else if actor.user().is_none() {
        Some(Refusal::SignIn)
    } else if facts.buyer_role.is_some() {
        Some(Refusal::Conflict)
    } else {
        unless(facts.supplier(actor), Refusal::ActAsSupplier)
    }
}

/// While the challenge is open; once the deadline has come, the refusal says so plainly.
pub(super) fn in_time(facts: &ChallengeFacts) -> Option<Refusal> {
    match facts.stage() {
        Stage::Open => None,
        Stage::Draft | Stage::InReview | Stage::Scheduled | Stage::Cancelled => Some(Refusal::Stage),
        _ => Some(Refusal::Late),
    }
}

pub fn start_response(actor: &Actor, facts: &ChallengeFacts) -> Decision<StartResponse> {
    // In a later round only those go on whom the cut before it let in: nobody begins then.
    let refusal = supplying(actor, facts).or_else(|| in_time(facts)).or(unless(facts.standing.round <= 1, Refusal::Late));
    decide(actor, facts.at(), facts.challenge.get(), facts.sealed(), refusal)
}

/// The supplier's own: everybody else is told that there is none.
pub(super) fn own(actor: &Actor, facts: &ResponseFacts) -> Option<Refusal> {
    if !actor.acts_for(facts.supplier) {
        return Some(Refusal::Unseen);
    }
    answering(actor, &facts.challenge)
}

pub fn save_answer(actor: &Actor, facts: &ResponseFacts) -> Decision<SaveAnswer> {
    let refusal = own(actor, facts).or_else(|| in_time(&facts.challenge));
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), refusal)
}

/// `received_at` is when the server held the complete request: that instant is compared with the deadline, not the one at
/// which the write's turn came. What was opened cannot be answered any more, whatever was received when.
pub fn submit_response(actor: &Actor, facts: &ResponseFacts, received_at: crate::moment::Moment) -> Decision<SubmitResponse> {
    let challenge = &facts.challenge;
    let late = || {
        let in_time = challenge.standing.deadline.is_some_and(|deadline| received_at.before(deadline));
        match challenge.stage() {
            Stage::Open | Stage::Closed if in_time => None,
            Stage::Draft | Stage::InReview | Stage::Scheduled | Stage::Cancelled => Some(Refusal::Stage),
            _ => Some(Refusal::Late),
        }
    };
    let refusal = own(actor, facts).or_else(late);
    // A late attempt is recorded however late it is, also once the responses are open.
    let recorded = challenge.sealed() || refusal == Some(Refusal::Late);
    decide(actor, challenge.at(), facts.response.get(), recorded, refusal)
}

pub fn withdraw_response(actor: &Actor, facts: &ResponseFacts) -> Decision<WithdrawResponse> {
    let refusal = own(actor, facts).or_else(|| in_time(&facts.challenge)).or(unless(facts.submitted, Refusal::NothingSubmitted));
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), refusal)
}

/// The supplier can always read what it wrote and sent.
pub fn read_own_response(actor: &Actor, facts: &ResponseFacts) -> Decision<ReadOwnResponse> {
    decide(actor, facts.challenge.at(), facts.response.get(), facts.challenge.sealed(), own(actor, facts))
}

/// An officer of the team, a minute after the deadline and not before, whoever asks; nobody who scores the round under
/// pseudonyms. `anonymous`: the panel does not see names.
fn opener(facts: &ChallengeFacts, anonymous: bool) -> Option<Refusal> {
    if !facts.officer() {
        return Some(if facts.team.is_some() || facts.seat.is_some() { Refusal::NotYours } else { Refusal::Unseen });
    }
    let early = match facts.stage() {
        Stage::Closed => unless(facts.may_open(), Refusal::TooEarly),
        // The price envelopes, by the same two.
        Stage::Pricing => None,
        Stage::Checking | Stage::Scoring | Stage::Moderation if facts.standing.price_sealed => Some(Refusal::ScoresNotFinal),
        Stage::Draft | Stage::InReview | Stage::Scheduled | Stage::Open => Some(Refusal::Sealed),
        _ => Some(Refusal::Stage),
    };
    let scores = facts.seat.as_ref().is_some_and(|seat| seat.role.scores());
    early.or(unless(!(anonymous && scores), Refusal::ScoresHere))
}

fn on_round<V: Verb>(actor: &Actor, facts: &ChallengeFacts, refusal: Option<Refusal>) -> Decision<V> {
    let sealed = facts.sealed() || facts.standing.price_sealed;
    decide(actor, facts.at(), facts.round.map_or(0, |round| round.get()), sealed, refusal)
}

/// The first of the two: asks that the responses be opened; later, where they are sealed apart, the prices.
pub fn ask_opening(actor: &Actor, facts: &ChallengeFacts, anonymous: bool) -> Decision<AskOpening> {
    let refusal = opener(facts, anonymous)
        .or(unless(facts.opening.by_two, Refusal::Stage))
        .or(unless(facts.opening.asked.is_none(), Refusal::OpeningAsked));
    on_round(actor, facts, refusal)
}

/// The second of the two confirms, and that opens; one alone where the buyer has set so.
pub fn open_responses(actor: &Actor, facts: &ChallengeFacts, anonymous: bool) -> Decision<OpenResponses> {
    let second = || match facts.opening.asked {
        _ if !facts.opening.by_two => None,
        None => Some(Refusal::OpeningNotAsked),
        Some((by, _)) => unless(actor.user() != Some(by), Refusal::OpeningOwn),
    };
    on_round(actor, facts, opener(facts, anonymous).or_else(second))
}

/// The record of the opening: for the team, which saw the names with it.
pub fn read_opening(actor: &Actor, facts: &ChallengeFacts) -> Decision<ReadOpening> {
    let stranger = facts.team.is_none() && facts.seat.is_none();
    let refusal = unless(!stranger, Refusal::Unseen)
        .or(unless(facts.team.is_some(), Refusal::NotYours))
        .or(unless(facts.standing.opened_at.is_some(), Refusal::Sealed));
    on_round(actor, facts, refusal)
}

/// A job of the service alone, once the law's time for keeping the papers is over: what was never opened becomes unreadable.
pub fn destroy_keys(actor: &Actor, facts: &ChallengeFacts, law: LawProfile) -> Decision<DestroyKeys> {
    let kept = i64::from(law.numbers().retention_days) * DAY;
    let ended = facts.standing.cancelled_at.or(facts.standing.decided_at);
    let over = ended.is_some_and(|at| facts.now.reached(at.plus(kept)));
    let job = matches!(actor, Actor::System(_));
    on_round(actor, facts, unless(job, Refusal::Unseen).or(unless(over, Refusal::Stage)))
}

/// Seats that see responses: those that scored or advise, once their own declaration is settled.
fn sees_responses(facts: &ChallengeFacts) -> Option<Refusal> {
    if facts.interest().is_some() || facts.team.is_some() {
        return facts.interest();
    }
    let Some(seat) = &facts.seat else { return Some(Refusal::Unseen) };
    match (seat.role, seat.standing) {
        (SeatRole::Observer, _) => Some(Refusal::NotYours),
        (_, SeatStanding::Undeclared) => Some(Refusal::Undeclared),
        (_, SeatStanding::Unsettled) => Some(Refusal::Unsettled),
        (_, SeatStanding::Removed) => Some(Refusal::Removed),
        (_, SeatStanding::Clear | SeatStanding::Recused) => None,
    }
}

/// Before the opening there is nothing to list for anybody.
fn opened(facts: &ChallengeFacts) -> Option<Refusal> {
    unless(facts.standing.opened_at.is_some(), Refusal::Sealed)
}

pub fn list_opened_responses(actor: &Actor, facts: &ChallengeFacts) -> Decision<ListOpenedResponses> {
    let stranger = facts.team.is_none() && facts.seat.is_none();
    let refusal = unless(!stranger, Refusal::Unseen).or_else(|| opened(facts)).or_else(|| sees_responses(facts));
    decide(actor, facts.at(), facts.round.map_or(0, |round| round.get()), facts.sealed(), refusal)
}

/// Before the opening no response exists for anybody but its supplier: a link that leaked must not tell that one was begun.
/// What a recusal hides is told the same way.
pub fn read_opened_response(actor: &Actor, facts: &ResponseFacts) -> Decision<ReadOpenedResponse> {
    let challenge = &facts.challenge;
    let stranger = challenge.team.is_none() && challenge.seat.is_none();
    let refusal = unless(!stranger, Refusal::Unseen)
        .or(unless(challenge.standing.opened_at.is_some() && facts.submitted, Refusal::Unseen))
        .or_else(|| sees_responses(challenge))
        .or(unless(!facts.recused, Refusal::Unseen));
    decide(actor, challenge.at(), facts.response.get(), challenge.sealed(), refusal)
}

/// An officer, who knows the names, leaves words out of what an anonymous panel reads. Not one with a seat: it reads without
/// names itself. `anonymous`: the panel does.
pub fn redact_response(actor: &Actor, facts: &ResponseFacts, anonymous: bool) -> Decision<RedactResponse> {
    let challenge = &facts.challenge;
    let stranger = challenge.team.is_none() && challenge.seat.is_none();
    let refusal = unless(!stranger && anonymous, Refusal::Unseen)
        .or(unless(challenge.standing.opened_at.is_some() && facts.submitted, Refusal::Unseen))
        .or_else(|| sees_responses(challenge))
        .or(unless(challenge.officer() && challenge.seat.is_none(), Refusal::NotYours))
        .or(at_stage(challenge.stage(), &[Stage::Checking, Stage::Scoring, Stage::Moderation]));
    decide(actor, challenge.at(), facts.response.get(), challenge.sealed(), refusal)
}
