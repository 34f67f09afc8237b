//! Experts from outside: invited by mail to one seat, which they take with an undertaking, and which ends with its round.
//!
//! As with readers of a draft, the link is no secret: it opens for whoever is signed in with the confirmed address that was
//! invited.

use domain::challenge::Stage;
use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, RoundId, SeatId, SeatInvitationId};
use domain::moment::{DAY, Moment};
use domain::organisation::Actor;
use domain::policy::{self, AcceptSeat, Candidate, ChallengeFacts, InviteExpert, Refusal, Refused, SeatRole, WithdrawExpert};
use serde_json::json;
use store::{Conn, Lock, Mail, SeatInvitationRow};

use super::panel::{filling, needs_another, tell_filled};
use super::round_of;
use crate::account::address;
use crate::challenge::facts;
use crate::{Desk, Error, Result};

/// How long an invitation can be taken up.
const HOLDS: i64 = 14 * DAY;

/// Fields `expert_email`, `expert_role`, and while the panel moderates `expert_reason`, why it is filled up. Whether the address has an account is told to nobody.
pub async fn invite_expert(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<SeatInvitationId> {
    let mut errors = Errors::default();
    let email = address(fields.get("expert_email"));
    if email.is_none() {
        errors.say("expert_email", "email");
    }
    let role = SeatRole::parse(fields.get("expert_role"));
    if role.is_none() {
        errors.say("expert_role", "choose");
    }
    let why = errors.text(fields, "expert_reason", false, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (email, role) = (email.unwrap_or_default(), role.unwrap_or(SeatRole::Evaluator));
    let (id, mail, who, base) = (SeatInvitationId(desk.chance.id()), desk.chance.id(), actor.clone(), desk.base_url.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<InviteExpert>(tx, &who, challenge, Lock::Update).await?;
            let short = needs_another(tx, &facts).await?;
            let permit = policy::invite_expert(&who, &facts, short)?;
            filling(&facts, role, "expert_role", &why, "expert_reason")?;
            // A second press, or a colleague's: one open invitation to an address, under the lock.
            let open = |row: &SeatInvitationRow| {
                row.email == email && row.seat.is_none() && row.withdrawn_at.is_none() && facts.now.before(Moment(row.expires_at))
            };
            if tx.seat_invitations(round_of(&facts)?).await?.iter().any(open) {
                return Err(Error::field("expert_email", "expert-invited"));
            }
            let until = facts.now.plus(HOLDS);
            tx.invite_expert(&permit, id, &email, role, until, &why).await?;
            let organisation = tx.organisation(facts.buyer.get()).await?.map(|row| row.name).unwrap_or_default();
            // Not even the title: the mail may reach somebody else than its reader.
            let params = json!({ "organisation": organisation, "link": format!("{base}/seats/{id}"), "until": until.micros() });
            let event = format!("invite_expert:{mail}");
            tx.mail(Mail { id: mail, event, recipient: email, template: "seat", params, due_at: None });
            Ok(id)
        })
    })
    .await
}

/// Takes an invitation back before it is taken up: from then on its link is told like one that there is not.
pub async fn withdraw_expert(desk: &Desk, actor: &Actor, challenge: ChallengeId, id: SeatInvitationId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<WithdrawExpert>(tx, &who, challenge, Lock::Update).await?;
            let row = tx.seat_invitation(id).await?.filter(|row| facts.round == Some(RoundId(row.round)));
            let permit = policy::withdraw_expert(&who, &facts, row.is_some_and(|row| row.seat.is_none()))?;
            Ok(tx.withdraw_expert(&permit, id).await?)
        })
    })
    .await
}

/// An invitation as its person reads it.
pub struct SeatInvitation {
    pub challenge: ChallengeId,
    pub title: String,
    pub buyer: String,
    pub role: SeatRole,
    pub expires_at: Moment,
}

/// The invitation with the facts of its challenge to the actor. What is not theirs is told like what there is not.
async fn invited(
    conn: &mut Conn,
    actor: &Actor,
    id: SeatInvitationId,
    lock: Lock,
) -> Result<(SeatInvitationRow, ChallengeFacts, bool)> {
    let unseen = Refused::unseen::<AcceptSeat>(id.get());
    let Some(user) = actor.user() else { return Err(Refused { why: Refusal::SignIn, ..unseen }.into()) };
    let row = conn.seat_invitation(id).await?.ok_or(unseen)?;
    let facts = conn.challenge_facts(actor, ChallengeId(row.challenge), lock).await?.ok_or(unseen)?;
    // Again under the lock: somebody may have taken it up meanwhile.
    let row = conn.seat_invitation(id).await?.ok_or(unseen)?;
    let own = conn.user(user.get()).await?.is_some_and(|user| user.confirmed_at.is_some() && user.email == row.email);
    let holds = own && row.seat.is_none() && row.withdrawn_at.is_none() && facts.now.before(Moment(row.expires_at));
    Ok((row, facts, holds))
}

pub async fn read_seat_invitation(desk: &Desk, actor: &Actor, id: SeatInvitationId) -> Result<SeatInvitation> {
    let mut conn = desk.store.read().await?;
    let (row, facts, holds) = invited(&mut conn, actor, id, Lock::None).await?;
    let short = needs_another(&mut conn, &facts).await?;
    policy::accept_seat(actor, &facts, holds, Candidate { short, ..Candidate::default() })?;
    let challenge = ChallengeId(row.challenge);
    let title = conn.challenge_row(challenge).await?.map(|row| row.title()).unwrap_or_default();
    let buyer = conn.organisation(facts.buyer.get()).await?.map(|row| row.name).unwrap_or_default();
    let role = SeatRole::parse(&row.role).ok_or_else(|| Error::Broken("an invitation to no role".into()))?;
    Ok(SeatInvitation { challenge, title, buyer, role, expires_at: Moment(row.expires_at) })
}

/// Field `undertaking`: what is read here stays here. Gives the challenge.
pub async fn accept_seat(desk: &Desk, actor: &Actor, id: SeatInvitationId, fields: &Fields) -> Result<ChallengeId> {
    let (seat, who, undertakes) = (SeatId(desk.chance.id()), actor.clone(), fields.checked("undertaking"));
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let (row, facts, holds) = invited(tx, &who, id, Lock::Update).await?;
            let role = SeatRole::parse(&row.role).ok_or_else(|| Error::Broken("an invitation to no role".into()))?;
            let user = who.user().map_or(0, |user| user.get());
            let supplies = tx.supplies(user, facts.challenge).await? && facts.standing.opened_at.is_some();
            let handled = role.scores() && tx.handled_names(RoundId(row.round), user).await?;
            let short = role.scores() && needs_another(tx, &facts).await?;
            let permit = policy::accept_seat(&who, &facts, holds, Candidate { supplies, handled, short })?;
            if !undertakes {
                return Err(Error::field("undertaking", "undertaking"));
            }
            if role.chairs() && tx.seats(round_of(&facts)?).await?.iter().any(|seat| seat.role.chairs()) {
                return Err(Error::field("undertaking", "one-chair"));
            }
            let filled = (facts.stage() == Stage::Moderation).then_some(row.reason.as_str());
            match tx.accept_seat(&permit, seat, id, role, row.replaces.map(SeatId), filled).await {
                Err(store::Error::Stale) => return Err(Error::field("undertaking", "seat-taken")),
                done => done?,
            }
            if filled.is_some() {
                tell_filled(tx, &who, facts.challenge, seat).await?;
            }
            Ok(facts.challenge)
        })
    })
    .await
}
