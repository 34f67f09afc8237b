//! Lots: asked for by one person, drawn before another.

use domain::evaluation::lot_order;
use domain::form::Fields;
use domain::ids::{ChallengeId, UserId};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, AskLots, DrawLots, Refused};
use sha2::{Digest, Sha256};
use store::Lock;

use super::{result, round_of};
use crate::challenge::facts;
use crate::sealing::hex;
use crate::{Desk, Error, Result, notice};

/// Field `rank`: the rank that is shared. All who share it are drawn between.
pub async fn ask_lots(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let view = result::view(desk, actor, challenge).await?;
    let rank: Option<u32> = fields.get("rank").parse().ok();
    let tied = view.outcome.standings.iter().filter(|standing| standing.tied && standing.rank == rank);
    let between: Vec<i64> = tied.map(|standing| standing.response).collect();
    if between.len() < 2 {
        return Err(Error::field("rank", "not-tied"));
    }
    let (id, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AskLots>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::ask_lots(&who, &facts)?;
            tx.ask_lots(&permit, id, &between).await?;
            // Whoever may draw them; that is the team and the chair.
            let seats = tx.seats(round_of(&facts)?).await?;
            let chairs = seats.iter().filter(|seat| seat.role.chairs()).map(|seat| UserId(seat.user));
            let told = notice::about(tx, EventKind::LotsAsked, id, challenge).await?;
            let told = told.by(who.user()).naming(chairs).link(format!("/challenges/{challenge}/result"));
            tx.tell(&told).await?;
            Ok(())
        })
    })
    .await
}

/// Field `ask`. The seed is made here, after the second person has pressed: nobody knows it before, and it is drawn once.
pub async fn draw_lots(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let ask = domain::ids::from_text(fields.get("ask")).ok_or(Refused::unseen::<DrawLots>(0))?;
    let (seed, who) = (hex(&desk.chance.bytes::<32>()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<DrawLots>(tx, &who, challenge, Lock::Update).await?;
            let round = round_of(&facts)?;
            let asked = tx.lots(round).await?.into_iter().find(|row| row.ask == ask);
            let permit = policy::draw_lots(&who, &facts, asked.as_ref().map(|row| row.asked_by.into()))?;
            let between: Vec<i64> =
                tx.lots_between(round).await?.into_iter().filter(|row| row.ask == ask).map(|row| row.response).collect();
            let order: Vec<i64> = lot_order(&seed, &between).into_iter().map(|(response, _)| response).collect();
            let digest = Sha256::digest(seed.as_bytes()).to_vec();
            Ok(tx.draw_lots(&permit, ask, &seed, &order, digest).await?)
        })
    })
    .await
}
