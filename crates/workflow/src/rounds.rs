//! Where the rounds of a challenge stand, for its team, and how a later one's deadline moves.

use domain::challenge::{Stage, Terms};
use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, OrganisationId, ResponseId, RoundExtensionId, RoundId, UserId};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, ApproveRoundExtension, ChallengeFacts, DeclineRoundExtension, ExtendRound, ReadRounds, Refused};
use store::{Conn, Lock, RoundExtensionRow};

use crate::challenge::{facts, round_facts};
use crate::response::round_of;
use crate::{Desk, Error, Result, notice};

/// A round that has begun.
pub struct BegunRound {
    pub number: u32,
    pub stage: Stage,
    pub deadline: Moment,
    /// How its deadline was moved, or is proposed to, the oldest first.
    pub extensions: Vec<RoundExtensionRow>,
    /// Who was invited to it, by name; of the first round nobody, which is open to all.
    pub invited: Vec<(ResponseId, String)>,
}

pub struct RoundsView {
    /// Of the newest round.
    pub facts: ChallengeFacts,
    /// As published: rounds that have not begun are planned there.
    pub terms: Terms,
    pub begun: Vec<BegunRound>,
}

pub async fn read_rounds(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<RoundsView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadRounds>(&mut conn, actor, challenge, Lock::None).await?;
    policy::read_rounds(actor, &facts)?;
    let (_, terms) = desk.terms(&mut conn, challenge).await?;
    let mut begun = Vec::new();
    for row in conn.rounds(challenge).await? {
        let of = round_facts::<ReadRounds>(&mut conn, actor, challenge, Some(row.number)).await?;
        let invited = conn.round_entries(RoundId(row.id)).await?;
        begun.push(BegunRound {
            number: u32::try_from(row.number).unwrap_or_default(),
            stage: of.stage(),
            deadline: Moment(row.deadline),
            extensions: conn.round_extensions(RoundId(row.id)).await?,
            invited: invited.into_iter().map(|(response, name)| (ResponseId(response), name)).collect(),
        });
    }
    Ok(RoundsView { facts, terms, begun })
}

/// Fields `reason`, which all who were invited read, `deadline_date` and `deadline_time`: a later deadline of a later round, for
/// all who take part in it. An approver decides on it.
pub async fn extend_round(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<RoundExtensionId> {
    let (id, who, fields) = (RoundExtensionId(desk.chance.id()), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ExtendRound>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::extend_round(&who, &facts)?;
            let terms = tx.terms_of(&facts).await?.ok_or_else(|| Error::Broken("a round without terms".into()))?;
            let mut errors = Errors::default();
            let reason = errors.text(&fields, "reason", true, 2_000);
            let before = facts.standing.deadline.unwrap_or(Moment::NEVER);
            let after = crate::amendment::date(&fields, "deadline", &terms.zone, true, &mut errors);
            // A deadline moves later, never earlier.
            if after.is_some_and(|after| !before.before(after)) {
                errors.say("deadline_date", "deadline-earlier");
            }
            errors.done(()).map_err(Error::Invalid)?;
            let round = round_of(&facts)?;
            if waiting(tx, round).await?.is_some() {
                return Err(Error::field("deadline_date", "round-extension-waits"));
            }
            tx.extend_round(&permit, id, (before, after.unwrap_or(before)), &reason).await?;
            let told = notice::about(tx, EventKind::ApprovalWanted, id.get(), challenge).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{challenge}/rounds"))).await?;
            Ok(id)
        })
    })
    .await
}

/// The one that waits for its approver.
async fn waiting(conn: &mut Conn, round: RoundId) -> Result<Option<RoundExtensionRow>> {
    Ok(conn.round_extensions(round).await?.into_iter().find(|row| row.ended.is_none()))
}

/// The deadline by which this reader has to approve or decline a proposed extension of the newest round: the one that holds until
/// then. `None` where none waits, or it is not theirs to approve.
pub async fn waiting_extension(desk: &Desk, actor: &Actor, challenge: ChallengeId) -> Result<Option<Moment>> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ApproveRoundExtension>(&mut conn, actor, challenge, Lock::None).await?;
    let Some(round) = facts.round else { return Ok(None) };
    let row = waiting(&mut conn, round).await?;
    let may = |row: &RoundExtensionRow| policy::approve_round_extension(actor, &facts, Some(UserId(row.by_user))).is_ok();
    Ok(row.filter(may).map(|row| Moment(row.deadline_before)))
}

/// Moves the deadline for all who were invited, and tells each of them; nobody else. `id`: the proposal that was read.
pub async fn approve_round_extension(desk: &Desk, actor: &Actor, challenge: ChallengeId, id: RoundExtensionId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveRoundExtension>(tx, &who, challenge, Lock::Update).await?;
            let row = match facts.round {
                Some(round) => waiting(tx, round).await?.filter(|row| row.id == id.get()),
                None => None,
            };
            let proposed_by = row.as_ref().map(|row| UserId(row.by_user));
            let permit = policy::approve_round_extension(&who, &facts, proposed_by)?;
            let row = row.ok_or(Error::Stale)?;
            tx.approve_round_extension(&permit, &row).await?;
            let zone = tx.terms_of(&facts).await?.map(|terms| terms.zone).unwrap_or_default();
            for (response, _) in tx.round_entries(round_of(&facts)?).await? {
                let response = ResponseId(response);
                let unseen = || Refused::unseen::<ApproveRoundExtension>(challenge.get());
                let supplier = tx.response(response).await?.ok_or_else(unseen)?.supplier;
                let told = notice::about(tx, EventKind::RoundExtended, row.id ^ response.get(), challenge).await?;
                let told = told.to_organisation(OrganisationId(supplier), "").reason(&row.reason);
                let told = told.act_by(Moment(row.deadline), &zone);
                tx.tell(&told.link(format!("/responses/{response}"))).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Nothing moves: an approver does not want it, or an officer takes it back.
pub async fn decline_round_extension(desk: &Desk, actor: &Actor, challenge: ChallengeId, id: RoundExtensionId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<DeclineRoundExtension>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::decline_round_extension(&who, &facts)?;
            let row = waiting(tx, round_of(&facts)?).await?.filter(|row| row.id == id.get());
            row.ok_or(Error::Stale)?;
            Ok(tx.decline_round_extension(&permit, id).await?)
        })
    })
    .await
}
