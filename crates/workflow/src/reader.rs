//! People invited by mail to read a draft before it is published, and their comments on its passages.
//!
//! The link in the mail is no secret: it opens for whoever is signed in with the confirmed address that was invited. So a
//! forwarded mail, a log or a scanner of links gives nobody the draft, and every comment has a person.

use domain::challenge::{Draft, Section, Terms, parse_loosely};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, CommentId, ReaderId, UserId};
use domain::moment::{DAY, Moment};
use domain::notice::{Event, EventKind};
use domain::organisation::Actor;
use domain::passage::quoted_field;
use domain::policy::{
    self, CommentOnDraft, InviteReader, ReadInvitedDraft, ReaderFacts, Refusal, Refused, RevokeReader, SettleComment,
};
use serde_json::json;
use store::{Conn, Lock, Mail, PassageCommentRow, ReaderRow};

use crate::account::address;
use crate::amendment::date;
use crate::challenge::{DraftView, read_draft};
use crate::{Desk, Error, Result};

/// How long an invitation holds where no date is given, and at most.
const USUAL: i64 = 14 * DAY;
const LONGEST: i64 = 90 * DAY;
/// Most comments by one invitation.
const MOST: usize = 200;

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: ReaderId, lock: Lock) -> Result<ReaderFacts> {
    let unseen = Refused::unseen::<V>(id.get());
    match conn.reader_facts(actor, id, lock).await? {
        Some(facts) => Ok(facts),
        // As the policy answers where there is one: whether there is, is for nobody to find out.
        None if actor.user().is_none() => Err(Refused { why: Refusal::SignIn, ..unseen }.into()),
        None => Err(unseen.into()),
    }
}

fn zone_of(draft: &Draft, now: Moment) -> String {
    let zone = parse_loosely(draft, now).0.zone;
    if jiff::tz::TimeZone::get(&zone).is_ok() { zone } else { "UTC".into() }
}

/// Fields `email`; `until_date` in the draft's zone, at the end of that day. Inviting an address again takes the place of the
/// invitation before.
pub async fn invite_reader(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<ReaderId> {
    let (id, mail, who, fields) = (ReaderId(desk.chance.id()), desk.chance.id(), actor.clone(), fields.clone());
    let base = desk.base_url.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<InviteReader>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::invite_reader(&who, &facts)?;
            let mut errors = Errors::default();
            let email = address(fields.get("email"));
            if email.is_none() {
                errors.say("email", "email");
            }
            let email = email.unwrap_or_default();
            if tx.team(challenge).await?.iter().any(|row| row.email == email) {
                errors.say("email", "reader-on-team");
            }
            let mut dated = fields.clone();
            dated.set("until_time", "23:59");
            let zone = zone_of(&tx.draft(challenge).await?, facts.now);
            let until = date(&dated, "until", &zone, false, &mut errors).unwrap_or(facts.now.plus(USUAL));
            if !facts.now.before(until) {
                errors.say("until_date", "reader-until-past");
            } else if facts.now.plus(LONGEST).before(until) {
                errors.add(FieldError::new("until_date", "reader-until-late").with("days", LONGEST / DAY));
            }
            errors.done(()).map_err(Error::Invalid)?;
            let before = tx.readers_of(challenge).await?;
            if let Some(before) = before.iter().find(|row| row.email == email && row.revoked_at.is_none()) {
                tx.revoke_reader(&policy::revoke_reader(&who, &facts)?, ReaderId(before.id)).await?;
            }
            tx.invite_reader(&permit, id, &email, until).await?;
            let organisation = tx.organisation(facts.buyer.get()).await?.map(|row| row.name).unwrap_or_default();
            // Not even the title: the mail may reach somebody else than its reader.
            let params = json!({ "organisation": organisation, "link": format!("{base}/drafts/{id}"), "until": until.micros() });
            let event = format!("invite_reader:{mail}");
            tx.mail(Mail { id: mail, event, recipient: email, template: "draft-reader", params, due_at: None });
            Ok(id)
        })
    })
    .await
}

/// Field `reader`. Whoever has the page open gets nothing more from it.
pub async fn revoke_reader(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let reader = ReaderId::parse(fields.get("reader")).ok_or(Refused::unseen::<RevokeReader>(challenge.get()))?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<RevokeReader>(tx, &who, challenge, Lock::Update).await?;
            Ok(tx.revoke_reader(&policy::revoke_reader(&who, &facts)?, reader).await?)
        })
    })
    .await
}

/// Fields `section`, `quote` (words of it, or empty for the section as a whole) and `comment`. The same sent twice is one.
pub async fn comment_on_draft(desk: &Desk, actor: &Actor, id: ReaderId, fields: &Fields) -> Result<CommentId> {
    let (comment, who, fields) = (CommentId(desk.chance.id()), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<CommentOnDraft>(tx, &who, id, Lock::Share).await?;
            let permit = policy::comment_on_draft(&who, &facts)?;
            let challenge = facts.challenge.challenge;
            let draft = tx.draft(challenge).await?;
            let mut errors = Errors::default();
            let section = Section::parse(fields.get("section")).filter(|section| draft.0.contains_key(section));
            let quote = errors.text(&fields, "quote", false, 1_000);
            let text = errors.text(&fields, "comment", true, 4_000);
            match section {
                None => errors.say("section", "choose"),
                Some(section) if !quote.is_empty() && quoted_field(&draft.section(section), &quote).is_none() => {
                    errors.say("quote", "quote-not-found");
                }
                Some(_) => {}
            }
            let own = tx.passage_comments_by(id).await?;
            if own.len() >= MOST {
                errors.add(FieldError::new("comment", "comment-many").with("max", MOST));
            }
            errors.done(()).map_err(Error::Invalid)?;
            let section = section.unwrap_or(Section::Problem);
            let same = |row: &&PassageCommentRow| row.section == section.code() && row.quote == quote && row.comment == text;
            if let Some(same) = own.iter().find(same) {
                tx.leave_no_entry();
                return Ok(CommentId(same.id));
            }
            tx.comment_on_draft(&permit, challenge, comment, section, &quote, &text).await?;
            let told = Event::of(EventKind::CommentOnDraft, comment.get()).on(challenge, draft.title());
            tx.tell(&told.link(format!("/challenges/{challenge}/comments#comment-{comment}")).by(who.user())).await?;
            Ok(comment)
        })
    })
    .await
}

/// Fields `comment` (its id) and `do`: answer (with `answer`, which its reader sees and is told of), resolve, reopen.
pub async fn settle_comment(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<()> {
    let id = CommentId::parse(fields.get("comment")).ok_or(Refused::unseen::<SettleComment>(challenge.get()))?;
    let kind = match fields.get("do") {
        "answer" => "answered",
        "reopen" => "reopened",
        _ => "resolved",
    };
    let mut errors = Errors::default();
    let words = if kind == "answered" { errors.text(fields, "answer", true, 2_000) } else { String::new() };
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<SettleComment>(tx, &who, challenge, Lock::Update).await?;
            tx.settle_comment(&policy::settle_comment(&who, &facts)?, event, id, kind, &words).await?;
            let all = tx.passage_comments(challenge).await?;
            let Some(row) = all.iter().find(|row| row.id == id.get()).filter(|_| kind == "answered") else { return Ok(()) };
            let draft = tx.draft(challenge).await?;
            let told = Event::of(EventKind::CommentAnswered, event).on(challenge, draft.title());
            let told = told.naming([UserId(row.by_user)]).link(format!("/drafts/{}", ReaderId(row.reader)));
            tx.tell(&told.by(who.user())).await?;
            Ok(())
        })
    })
    .await
}

/// A comment, and whether the words that it quotes still stand in the draft.
pub struct Passage {
    pub row: PassageCommentRow,
    /// The field that holds them, as the section's page names it; `None` where they are gone, or nothing was quoted.
    pub field: Option<String>,
}

impl Passage {
    fn of(row: PassageCommentRow, draft: &Draft) -> Self {
        let section = Section::parse(&row.section).map(|section| draft.section(section)).unwrap_or_default();
        Self { field: quoted_field(&section, &row.quote).map(str::to_owned), row }
    }

    pub fn gone(&self) -> bool {
        !self.row.quote.is_empty() && self.field.is_none()
    }
}

/// For the team: who may read the draft, and what they say of it.
pub struct CommentsView {
    pub view: DraftView,
    pub readers: Vec<ReaderRow>,
    pub comments: Vec<Passage>,
    pub zone: String,
}

pub async fn read_comments(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<CommentsView> {
    let view = read_draft(desk, actor, id).await?;
    let mut conn = desk.store.read().await?;
    let readers = conn.readers_of(id).await?;
    let comments = conn.passage_comments(id).await?.into_iter().map(|row| Passage::of(row, &view.draft)).collect();
    Ok(CommentsView { zone: zone_of(&view.draft, view.facts.now), readers, comments, view })
}

/// The comments on one section that are not done with: for whoever may read the draft.
pub async fn open_comments(desk: &Desk, view: &DraftView, section: Section) -> Result<Vec<Passage>> {
    let rows = desk.store.read().await?.passage_comments(view.facts.challenge).await?;
    let rows = rows.into_iter().filter(|row| row.section == section.code() && !row.resolved());
    Ok(rows.map(|row| Passage::of(row, &view.draft)).collect())
}

/// What an invited person sees: the draft as it will look, and the own comments.
pub struct InvitedView {
    pub facts: ReaderFacts,
    pub buyer: String,
    pub title: String,
    pub terms: Terms,
    /// The sections that have text: what can be commented on.
    pub sections: Vec<Section>,
    pub comments: Vec<Passage>,
}

pub async fn read_invited_draft(desk: &Desk, actor: &Actor, id: ReaderId) -> Result<InvitedView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadInvitedDraft>(&mut conn, actor, id, Lock::None).await?;
    policy::read_invited_draft(actor, &facts)?;
    let draft = conn.draft(facts.challenge.challenge).await?;
    // What is attached is not among the terms that a draft states: files stay with the team.
    let terms = parse_loosely(&draft, facts.challenge.now).0;
    let buyer = conn.organisation(facts.challenge.buyer.get()).await?.map(|row| row.name).unwrap_or_default();
    let comments = conn.passage_comments_by(id).await?.into_iter().map(|row| Passage::of(row, &draft)).collect();
    let sections = Section::ALL.iter().copied().filter(|section| draft.0.contains_key(section)).collect();
    Ok(InvitedView { facts, buyer, title: draft.title().to_owned(), terms, sections, comments })
}

/// A draft that a person is invited to read.
pub struct InvitedDraft {
    pub id: ReaderId,
    pub title: String,
    pub buyer: String,
    pub expires_at: Moment,
}

/// The drafts that the actor may read by invitation now.
pub async fn list_invited(desk: &Desk, actor: &Actor) -> Result<Vec<InvitedDraft>> {
    let Some(user) = actor.user() else { return Ok(Vec::new()) };
    let mut conn = desk.store.read().await?;
    let mut all = Vec::new();
    for row in conn.invitations_to_read(user.get()).await? {
        let id = ReaderId(row.id);
        let facts = facts::<ReadInvitedDraft>(&mut conn, actor, id, Lock::None).await?;
        let challenge = conn.challenge_row(facts.challenge.challenge).await?;
        if let (Ok(_), Some(challenge)) = (policy::read_invited_draft(actor, &facts), challenge) {
            let (title, buyer) = (challenge.title(), challenge.buyer_name);
            all.push(InvitedDraft { id, title, buyer, expires_at: facts.expires_at });
        }
    }
    Ok(all)
}
