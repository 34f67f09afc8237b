//! What a supplier was asked to clarify, beside what it sent, and its answers.

use std::collections::BTreeMap;

use domain::challenge::Terms;
use domain::check::FILES;
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{FileId, ResponseId, RoundId, SubmissionId, from_text, to_text};
use domain::moment::Moment;
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::{self, AnswerClarification, ReadOwnResponse, Refused, ResponseFacts, SaveClarification};
use domain::response::{Content, Enclosures, LONGEST_ANSWER, Longer, longer};
use store::{Conn, Lock, NewAnswer};

use super::files::{self, held};
use super::{Clarification, Said, records};
use crate::response::{DraftAnswer, Own, own_content, round_of, typed};
use crate::sealing::answer_place;
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
    /// What was written of an answer and is not sent, by the clarification.
    pub drafts: BTreeMap<i64, ClarificationDraft>,
    /// Files that lie ready for the answers, by clarification and field: sent or not.
    pub(super) held: Vec<(i64, Enclosures)>,
    /// In bytes, of one file.
    pub most_bytes: u64,
}

/// What members of the supplier write together before one of them sends it.
pub struct ClarificationDraft {
    /// `answer-<name>`, as typed.
    pub texts: Fields,
    /// Of it as it is stored: its version, by whom and when.
    pub stored: DraftAnswer,
}

impl Clarifications {
    /// What is written of an answer and says something else than what was sent.
    pub fn unsent(&self, asked: &Clarification) -> Option<&ClarificationDraft> {
        let sent = |name: &str| asked.answer.as_ref().and_then(|answer| answer.texts.get(name)).map_or("", String::as_str);
        let differs = |name: &String, text: &str| text.trim() != sent(name).trim();
        self.drafts.get(&asked.id).filter(|draft| worded(asked).any(|name| differs(name, draft.text(name))))
    }
}

impl ClarificationDraft {
    /// By the name of the field.
    pub fn text(&self, name: &str) -> &str {
        self.texts.raw(&format!("answer-{name}"))
    }
}

/// Among the answers of a draft: which clarification it is about.
pub(crate) fn clarified(question: &str) -> Option<i64> {
    from_text(question.strip_prefix(DRAFT)?)
}

const DRAFT: &str = "clarification-";

fn question(clarification: i64) -> String {
    format!("{DRAFT}{}", to_text(clarification))
}

async fn drafts(desk: &Desk, conn: &mut Conn, id: ResponseId, round: RoundId) -> Result<BTreeMap<i64, ClarificationDraft>> {
    let rows = conn.draft_answers(id, round).await?.into_iter();
    let rows: Vec<_> = rows.filter_map(|row| Some((clarified(&row.question)?, row))).collect();
    if rows.is_empty() || conn.draft_is_gone(id, round).await? {
        return Ok(BTreeMap::new());
    }
    let key = desk.draft_key(conn, id, round).await?;
    let draft = |(clarification, row): (i64, store::AnswerRow)| {
        let stored = DraftAnswer::open(&key, id, round, row)?;
        let texts = serde_json::from_str(&stored.text).map_err(|error| Error::Broken(error.to_string()))?;
        Ok((clarification, ClarificationDraft { texts, stored }))
    };
    rows.into_iter().map(draft).collect()
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
            Some(submission) => match own_content(desk, &mut conn, SubmissionId(submission)).await? {
                Own::Kept(content) => content,
                Own::Destroyed(_) | Own::Lost(_) => Content::default(),
            },
            None => Content::default(),
        };
        let records = records(desk, &mut conn, round).await?.into_iter();
        let asked = records.filter(|record| record.response == id).filter_map(|record| record.clarification).collect();
        let drafts = drafts(desk, &mut conn, id, round).await?;
        let (held, most_bytes) = (files::held(desk, &mut conn, id, round).await?, desk.files.most_bytes());
        Ok(Clarifications { facts, title: terms.title.clone(), terms, content, asked, drafts, held, most_bytes })
    }
    .await;
    drop(conn);
    desk.told(actor, outcome).await
}

/// Fields `answer-<name>` for the fields that the clarification may touch; others are not read. `received_at`: when the server
/// held the complete request. May be answered again until the deadline; the newest answer counts. `seen`, where it is there: the
/// version of what was written that the page showed. Written text that the sender has not seen stays, unsent.
/// The files that lie ready for it are sent along; `held`: their ids as the page showed them.
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
            let files = held(&helper, tx, id, round).await?.into_iter().find(|(of, _)| *of == clarification);
            let mut files = files.map(|(_, files)| files).unwrap_or_default();
            files.retain(|field, _| asked.fields.contains(field));
            let ids: Vec<FileId> =
                asked.fields.iter().filter_map(|field| files.get(field)).flatten().map(|file| file.id).collect();
            let first = format!("answer-{}", asked.fields.first().map_or("", String::as_str));
            let mut errors = Errors::default();
            // Nobody sends files that they have not seen, nor misses one that a colleague took off.
            if let Some(seen) = fields.0.get("held")
                && *seen != ids.iter().map(FileId::to_string).collect::<Vec<_>>().join(",")
            {
                errors.say(first.clone(), "clarify-held");
            }
            let mut texts = BTreeMap::new();
            for name in worded(&asked) {
                let text = errors.text(&fields, &format!("answer-{name}"), false, LONGEST_ANSWER);
                if !text.is_empty() {
                    texts.insert(name.clone(), text);
                }
            }
            if texts.is_empty() && ids.is_empty() {
                errors.say(first, "empty");
            }
            errors.done(()).map_err(Error::Invalid)?;
            let plain = serde_json_canonicalizer::to_vec(&Said::Whole { texts, files })
                .map_err(|error| Error::Broken(error.to_string()))?;
            let key = helper.round_key(tx, round).await?;
            let sealed = key.seal(&place(id.get(), round, clarification), &plain, &helper.chance)?;
            let answer = helper.chance.id();
            let draft = helper.sent_as_draft(tx, (id, round), &asked, &fields).await?;
            tx.answer_clarification(&permit, (answer, clarification), &sealed, (round, &draft), &ids).await?;
            let challenge = facts.challenge.challenge;
            let told = notice::about(tx, EventKind::ClarificationAnswered, answer, challenge).await?;
            tx.tell(&told.link(format!("/challenges/{challenge}/check/{id}"))).await?;
            Ok(())
        })
    })
    .await
}

impl Desk {
    /// What is sent, as what is written from now on.
    async fn sent_as_draft(
        &self,
        conn: &mut Conn,
        (id, round): (ResponseId, RoundId),
        asked: &Clarification,
        fields: &Fields,
    ) -> Result<NewAnswer> {
        let question = question(asked.id);
        let texts = written(asked, fields)?;
        let text = serde_json::to_string(&texts).map_err(|error| Error::Broken(error.to_string()))?;
        let key = self.draft_key(conn, id, round).await?;
        let sealed = key.seal(&answer_place(id.get(), round.get(), &question), text.as_bytes(), &self.chance)?;
        let newest = conn.draft_answers(id, round).await?.into_iter().find(|row| row.question == question);
        let seen = fields.get("seen").parse().unwrap_or(newest.map_or(0, |row| row.row_version));
        Ok(NewAnswer { question, sealed, seen })
    }
}

/// The fields that are answered in words: files that show it have none of their own.
fn worded(asked: &Clarification) -> impl Iterator<Item = &String> {
    asked.fields.iter().filter(|name| *name != FILES)
}

/// `answer-<name>` of the fields that the clarification may touch, as typed.
fn written(asked: &Clarification, fields: &Fields) -> Result<Fields> {
    let mut texts = Fields::default();
    for name in worded(asked).map(|name| format!("answer-{name}")) {
        let text = typed(fields.raw(&name)).into_owned();
        let over = text.chars().count().saturating_sub(LONGEST_ANSWER);
        if over > 0 {
            return Err(Error::Invalid(vec![FieldError::new(name, "too-long").with("max", LONGEST_ANSWER).with("over", over)]));
        }
        texts.set(name, text);
    }
    Ok(texts)
}

/// What is written of an answer before it is sent: fields as of [`answer_clarification`], kept as typed, and `seen`, the version
/// that was read (0 where there was none). `Stale` where somebody saved another text meanwhile; what a person saved in another tab
/// is no other's where the newer text only goes on. The version that it has now.
pub async fn save_clarification(desk: &Desk, actor: &Actor, id: ResponseId, clarification: i64, fields: &Fields) -> Result<i64> {
    let found = read_clarifications(desk, actor, id).await?;
    let asked = found.asked.iter().find(|asked| asked.id == clarification);
    let (deadline, open) = asked.map_or((Moment::default(), false), |asked| (asked.deadline, asked.open));
    desk.told(actor, policy::save_clarification(actor, &found.facts, deadline, open).map(drop).map_err(Error::from)).await?;
    let asked = asked.ok_or_else(|| Refused::unseen::<SaveClarification>(id.get()))?;
    let texts = written(asked, fields)?;
    let before = found.drafts.get(&clarification);
    let newest = before.map_or(0, |draft| draft.stored.row_version);
    let mut seen = fields.get("seen").parse().unwrap_or(newest);
    if before.is_some_and(|draft| draft.texts == texts) {
        return Ok(newest);
    }
    let goes_on = |draft: &ClarificationDraft| {
        let on = |(name, theirs): (&String, &String)| {
            texts.raw(name) == theirs || longer(texts.raw(name), theirs) == Some(Longer::Mine)
        };
        draft.stored.own(actor).is_some() && draft.texts.0.iter().all(on)
    };
    if before.is_some_and(goes_on) {
        seen = newest;
    }
    let text = serde_json::to_string(&texts).map_err(|error| Error::Broken(error.to_string()))?;
    let (round, question) = (round_of(&found.facts.challenge)?, question(clarification));
    let key = desk.draft_key(&mut desk.store.read().await?, id, round).await?;
    let sealed = key.seal(&answer_place(id.get(), round.get(), &question), text.as_bytes(), &desk.chance)?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let unseen = || Refused::unseen::<SaveClarification>(id.get());
            let facts = tx.response_facts(&who, id, Lock::Share).await?.ok_or_else(unseen)?;
            let permit = policy::save_clarification(&who, &facts, deadline, open)?;
            Ok(tx.save_clarification(&permit, round, &question, &sealed, seen).await?)
        })
    })
    .await
}
