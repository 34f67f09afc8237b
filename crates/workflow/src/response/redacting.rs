//! Words left out of what a panel without names reads; what was handed in stays as it is.

use domain::form::{Errors, Fields};
use domain::ids::{ChallengeId, ResponseId};
use domain::organisation::Actor;
use domain::policy::{self, RedactResponse, Refused};
use domain::response::{may_redact, redact};
use store::{Lock, RedactionRow};

use super::opening::anonymous;
use super::{contents, facts, named_round, round_of};
use crate::{Desk, Error, Result};

const LONGEST: usize = 200;

/// What is left out of a response, for an officer who may change it; `None` for everybody else.
pub async fn read_redactions(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<Option<Vec<RedactionRow>>> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<RedactResponse>(&mut conn, actor, id, Lock::None).await?;
    let anonymous = anonymous(desk, &mut conn, &facts.challenge).await?;
    if policy::redact_response(actor, &facts, anonymous).is_err() {
        return Ok(None);
    }
    let mut rows = conn.redactions(round_of(&facts.challenge)?).await?;
    rows.retain(|row| row.response == id.get());
    Ok(Some(rows))
}

/// Field `words`: they are left out wherever they stand in the response. They must stand in it.
pub async fn redact_response(desk: &Desk, actor: &Actor, challenge: ChallengeId, id: ResponseId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let words = errors.text(fields, "words", true, LONGEST).split_whitespace().collect::<Vec<_>>().join(" ");
    if !words.is_empty() && !may_redact(&words) {
        errors.say("words", "redact-short");
    }
    let said = errors.done(()).map_err(Error::Invalid);
    if said.is_ok() && !stands(desk, actor, id, &words).await? {
        return Err(Error::field("words", "redact-not-found"));
    }
    let (row, who, own) = (desk.chance.id(), actor.clone(), desk.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RedactResponse>(tx, &who, id, Lock::Share).await?;
            let anonymous = anonymous(&own, tx, &facts.challenge).await?;
            let permit = policy::redact_response(&who, &facts, anonymous)?;
            if facts.challenge.challenge != challenge {
                return Err(Refused::unseen::<RedactResponse>(id.get()).into());
            }
            said?;
            match tx.redact_response(&permit, row, round_of(&facts.challenge)?, &words).await {
                Err(store::Error::Stale) => Err(Error::field("words", "redact-twice")),
                done => Ok(done?),
            }
        })
    })
    .await
}

/// Whether the words stand in any answer. Decrypted outside of the writer, and only for who may read it with names.
async fn stands(desk: &Desk, actor: &Actor, id: ResponseId, words: &str) -> Result<bool> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let facts = facts::<RedactResponse>(&mut conn, actor, id, Lock::None).await?;
        let anonymous = anonymous(desk, &mut conn, &facts.challenge).await?;
        policy::redact_response(actor, &facts, anonymous)?;
        let round = named_round(desk, &mut conn, facts.challenge).await?;
        let contents = contents(desk, &mut conn, &round, Some(id)).await?;
        Ok(contents.values().flat_map(|content| content.answers.values()).any(|answer| redact(answer, words) != *answer))
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Seats read the words again. Field `redaction`: which.
pub async fn end_redaction(desk: &Desk, actor: &Actor, id: ResponseId, fields: &Fields) -> Result<()> {
    let (row, who, own) = (domain::ids::from_text(fields.get("redaction")).unwrap_or(0), actor.clone(), desk.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RedactResponse>(tx, &who, id, Lock::Share).await?;
            let anonymous = anonymous(&own, tx, &facts.challenge).await?;
            let permit = policy::redact_response(&who, &facts, anonymous)?;
            Ok(tx.end_redaction(&permit, row).await?)
        })
    })
    .await
}
