//! What a member declares, and what an officer settles about a conflict.

use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, DeclarationId, SeatId, UserId};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, DeclareInterest, SettleDeclaration};
use store::Lock;

use super::panel::tell_moderation;
use super::round_of;
use crate::challenge::facts;
use crate::response::responses_behind;
use crate::{Desk, Error, Result, notice};

/// Fields `statement` and `party-<key>` (of [`super::PanelView::parties`]) for each party with which there is a conflict: a
/// supplier, a partner, a person. Behind a name stand all responses that name it. Without one the seat is clear. What is declared
/// after the own scores were seen waits for an officer like any other, and the record with it.
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
    // Read before the write, in which nothing is unsealed; after the opening nothing of it changes any more.
    let behind = if chosen.is_empty() { Some(Vec::new()) } else { responses_behind(desk, actor, challenge, &chosen).await? };
    let (id, who) = (DeclarationId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<DeclareInterest>(tx, &who, challenge, Lock::Share).await?;
            let permit = policy::declare_interest(&who, &facts, conflict)?;
            let parties = behind.ok_or_else(|| Error::field("parties", "party-none"))?;
            tx.declare_interest(&permit, id, &statement, &chosen, &parties).await?;
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
            tell_moderation(tx, &who, &facts, declaration.get()).await
        })
    })
    .await
}
