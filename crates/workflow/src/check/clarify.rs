//! What a supplier was asked to clarify, beside what it sent, and its answers.

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::form::{Errors, Fields};
use domain::ids::{ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, AnswerClarification, ReadOwnResponse, Refused, ResponseFacts};
use domain::response::{Content, LONGEST_ANSWER};
use sha2::{Digest, Sha256};
use store::Lock;

use super::{Clarification, records};
use crate::response::{own_content, round_of};
use crate::{Desk, Error, Result, notice};

/// Where an answer is sealed: the associated data.
pub(super) fn place(response: i64, round: RoundId, clarification: i64) -> String {
    format!("clarification:{response}:{}:{clarification}", round.get())
}

/// What was asked of a response, for its supplier. That something was passed, or that it excludes, is told by the decision.
pub struct Clarifications {
    pub facts: ResponseFacts,
    pub title: String,
    pub terms: Terms,
    /// What was sent, as it was sent.
    pub content: Content,
    /// The oldest first.
    pub asked: Vec<Clarification>,
}

pub async fn read_clarifications(desk: &Desk, actor: &Actor, id: ResponseId) -> Result<Clarifications> {
    let mut conn = desk.store.read().await?;
    let outcome = async {
        let unseen = || Refused::unseen::<ReadOwnResponse>(id.get());
        let facts = conn.response_facts(actor, id, Lock::None).await?.ok_or_else(unseen)?;
        policy::read_own_response(actor, &facts)?;
        let round = round_of(&facts.challenge)?;
        let row = conn.response(id).await?.ok_or_else(unseen)?;
        let (_, terms) = desk.round_terms(&mut conn, &facts.challenge).await?;
        let content = match row.submission {
            Some(submission) => own_content(desk, &mut conn, SubmissionId(submission)).await?.0,
            None => Content::default(),
        };
        let records = records(desk, &mut conn, round).await?.into_iter();
        let asked = records.filter(|record| record.response == id).filter_map(|record| record.clarification).collect();
        Ok(Clarifications { facts, title: terms.title.clone(), terms, content, asked })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Fields `answer-<name>` for the fields that the clarification may touch; others are not read. `received_at`: when the server
/// held the complete request. May be answered again until the deadline; the newest answer counts.
pub async fn answer_clarification(
    desk: &Desk,
    actor: &Actor,
    id: ResponseId,
    clarification: i64,
    received_at: Moment,
    fields: &Fields,
) -> Result<()> {
    let (helper, who, fields) = (desk.clone(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let unseen = || Refused::unseen::<AnswerClarification>(id.get());
            // Exclusive: waits for an officer who is settling what this answers.
            let facts = tx.response_facts(&who, id, Lock::Update).await?.ok_or_else(unseen)?;
            let round = facts.challenge.round.ok_or_else(unseen)?;
            let of_round = records(&helper, tx, round).await?.into_iter().filter(|record| record.response == id);
            let asked = of_round.filter_map(|record| record.clarification).find(|asked| asked.id == clarification);
            let (deadline, open) = asked.as_ref().map_or((Moment::default(), false), |asked| (asked.deadline, asked.open));
            let permit = policy::answer_clarification(&who, &facts, deadline, open, received_at)?;
            let asked = asked.ok_or_else(unseen)?;
            let mut errors = Errors::default();
            let mut texts = BTreeMap::new();
            for name in &asked.fields {
                let text = errors.text(&fields, &format!("answer-{name}"), false, LONGEST_ANSWER);
                if !text.is_empty() {
                    texts.insert(name.clone(), text);
                }
            }
            if texts.is_empty()
                && let Some(first) = asked.fields.first()
            {
                errors.say(format!("answer-{first}"), "empty");
            }
            errors.done(()).map_err(Error::Invalid)?;
            let plain = serde_json_canonicalizer::to_vec(&texts).map_err(|error| Error::Broken(error.to_string()))?;
            let key = helper.round_key(tx, round).await?;
            let sealed = key.seal(&place(id.get(), round, clarification), &plain, &helper.chance)?;
            let answer = helper.chance.id();
            tx.answer_clarification(&permit, answer, clarification, &sealed, Sha256::digest(&sealed).to_vec()).await?;
            let challenge = facts.challenge.challenge;
            let told = notice::about(tx, EventKind::ClarificationAnswered, answer, challenge).await?;
            tx.tell(&told.link(format!("/challenges/{challenge}/check/{id}"))).await?;
            Ok(())
        })
    })
    .await
}
