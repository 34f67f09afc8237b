//! Soundings: a draft shown in public for comments, and what changed because of them.

use std::collections::BTreeMap;

use domain::challenge::{Section, Terms, parse_loosely};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, CommentId, SoundingId, UserId};
use domain::moment::Moment;
use domain::notice::{Event, EventKind};
use domain::organisation::Actor;
use domain::policy::{
    self, AnswerSounding, CommentOnSounding, EndSounding, HideSoundingComment, OpenSounding, ReadSounding, Refused,
    SoundingFacts, TakeDownSounding,
};
use domain::sounding::{SoundingState, shown};
use store::{Conn, Lock, SoundingCommentRow, SoundingOutcomeRow, SoundingRow, Tx};

use crate::amendment::date;
use crate::challenge::{DraftView, PER_PAGE, read_draft};
use crate::{Desk, Error, Result};

/// The longest comment, in characters.
const LONGEST: usize = 4_000;
/// Most comments of one person on one sounding.
const MOST: usize = 30;

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: SoundingId, lock: Lock) -> Result<SoundingFacts> {
    Ok(conn.sounding_facts(actor, id, lock).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

async fn row<V: policy::Verb>(conn: &mut Conn, id: SoundingId) -> Result<SoundingRow> {
    Ok(conn.sounding(id).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

fn link(id: SoundingId) -> String {
    format!("/soundings/{id}")
}

/// Fields `comments_date` and `comments_time` in the draft's zone; `section-<code>` for each section that is shown beside the
/// problem. What is shown is a copy: what is drafted afterwards is not in it.
pub async fn open_sounding(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<SoundingId> {
    let (id, who, fields) = (SoundingId(desk.chance.id()), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<OpenSounding>(tx, &who, challenge, Lock::Update).await?;
            let before = tx.soundings_of(challenge).await?;
            let open = before.iter().any(|row| row.standing().state(facts.now) == SoundingState::Open);
            let permit = policy::open_sounding(&who, &facts, open)?;
            let draft = tx.draft(challenge).await?;
            let whole = parse_loosely(&draft, facts.now).0;
            let zone = if jiff::tz::TimeZone::get(&whole.zone).is_ok() { whole.zone } else { "UTC".into() };
            let mut errors = Errors::default();
            let until = date(&fields, "comments", &zone, true, &mut errors).unwrap_or_default();
            if errors.0.is_empty() && !facts.now.before(until) {
                errors.say("comments_date", "sounding-until-past");
            }
            let chosen = |section: &&Section| {
                draft.0.contains_key(section)
                    && (**section == Section::Problem || fields.checked(&format!("section-{}", section.code())))
            };
            let sections: Vec<Section> = Section::ALL.iter().filter(chosen).copied().collect();
            // Which law applies is no text of a section: what is shown must not name another.
            let terms = Terms { law: whole.law, zone: zone.clone(), ..shown(&draft, &sections, facts.now) };
            if terms.title.is_empty() {
                errors.say("comments_date", "sounding-untitled");
            }
            errors.done(()).map_err(Error::Invalid)?;
            tx.open_sounding(&permit, id, &sections, &terms, until).await?;
            let opened = Event::of(EventKind::SoundingOpened, id.get()).on(challenge, &terms.title).link(link(id));
            let opened = opened.naming(commenters(tx, challenge).await?).act_by(until, &zone).by(who.user());
            tx.tell(&opened).await?;
            Ok(id)
        })
    })
    .await
}

/// Who commented on the challenge while it was a draft: told what goes on with it.
pub(crate) async fn commenters(conn: &mut Conn, challenge: ChallengeId) -> Result<Vec<UserId>> {
    Ok(conn.sounding_commenters(challenge).await?.into_iter().map(UserId).collect())
}

/// No more comments, before the date.
pub async fn end_sounding(desk: &Desk, actor: &Actor, id: SoundingId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EndSounding>(tx, &who, id, Lock::Update).await?;
            Ok(tx.end_sounding(&policy::end_sounding(&who, &facts)?, event).await?)
        })
    })
    .await
}

/// Nobody but the team sees it any more.
pub async fn take_down_sounding(desk: &Desk, actor: &Actor, id: SoundingId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<TakeDownSounding>(tx, &who, id, Lock::Update).await?;
            Ok(tx.take_down_sounding(&policy::take_down_sounding(&who, &facts)?, event).await?)
        })
    })
    .await
}

/// Fields `section` (its code, or empty for the whole) and `comment`. The same comment sent twice is one.
pub async fn comment_on_sounding(desk: &Desk, actor: &Actor, id: SoundingId, fields: &Fields) -> Result<CommentId> {
    let (comment, who, fields) = (CommentId(desk.chance.id()), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<CommentOnSounding>(tx, &who, id, Lock::Share).await?;
            let permit = policy::comment_on_sounding(&who, &facts)?;
            let row = row::<CommentOnSounding>(tx, id).await?;
            let mut errors = Errors::default();
            let text = errors.text(&fields, "comment", true, LONGEST);
            let section = Section::parse(fields.get("section"));
            if !fields.get("section").is_empty() && !section.is_some_and(|section| row.sections().contains(&section)) {
                errors.say("section", "choose");
            }
            let all = tx.sounding_comments(id).await?;
            let own: Vec<_> = all.iter().filter(|row| Some(row.by_user) == who.user().map(UserId::get)).collect();
            let code = section.map(Section::code);
            if let Some(same) = own.iter().find(|row| row.comment == text && row.section.as_deref() == code) {
                tx.leave_no_entry();
                return Ok(CommentId(same.id));
            }
            if own.len() >= MOST {
                errors.add(FieldError::new("comment", "comment-many").with("max", MOST));
            }
            errors.done(()).map_err(Error::Invalid)?;
            tx.comment_on_sounding(&permit, comment, section, &text).await?;
            let told = Event::of(EventKind::CommentOnDraft, comment.get());
            let told = told.on(facts.challenge.challenge, &row.terms()?.title).link(link(id)).by(who.user());
            tx.tell(&told).await?;
            Ok(comment)
        })
    })
    .await
}

/// Fields `comment` (its id) and `reason`, which stands in its place.
pub async fn hide_sounding_comment(desk: &Desk, actor: &Actor, id: SoundingId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 500);
    errors.done(()).map_err(Error::Invalid)?;
    let unseen = Refused::unseen::<HideSoundingComment>(id.get());
    let comment = CommentId::parse(fields.get("comment")).ok_or(unseen)?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<HideSoundingComment>(tx, &who, id, Lock::Update).await?;
            Ok(tx.hide_sounding_comment(&policy::hide_sounding_comment(&who, &facts)?, comment, &reason).await?)
        })
    })
    .await
}

/// Fields `comment-<id>` for each comment that it answers, `taken_up` (yes or no), and `what` changed, or why nothing did. Who
/// wrote them is told.
pub async fn answer_sounding(desk: &Desk, actor: &Actor, id: SoundingId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let comments: Vec<CommentId> = fields.0.keys().filter_map(|name| CommentId::parse(name.strip_prefix("comment-")?)).collect();
    if comments.is_empty() {
        errors.say("comments", "sounding-comments-none");
    }
    let taken_up = match fields.get("taken_up") {
        "yes" => true,
        "no" => false,
        _ => {
            errors.say("taken_up", "choose");
            false
        }
    };
    let what = errors.text(fields, "what", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (outcome, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<AnswerSounding>(tx, &who, id, Lock::Update).await?;
            let permit = policy::answer_sounding(&who, &facts)?;
            tx.answer_sounding(&permit, outcome, taken_up, &what, &comments).await?;
            let writers = writers(tx, id, &comments).await?;
            let title = row::<AnswerSounding>(tx, id).await?.terms()?.title;
            let told = Event::of(EventKind::CommentAnswered, outcome).on(facts.challenge.challenge, &title).naming(writers);
            tx.tell(&told.link(link(id)).by(who.user())).await?;
            Ok(())
        })
    })
    .await
}

async fn writers(tx: &mut Tx, id: SoundingId, comments: &[CommentId]) -> Result<Vec<UserId>> {
    let all = tx.sounding_comments(id).await?;
    let answered = all.iter().filter(|row| comments.contains(&CommentId(row.id)));
    let mut writers: Vec<UserId> = answered.map(|row| UserId(row.by_user)).collect();
    writers.sort_unstable();
    writers.dedup();
    Ok(writers)
}

/// A sounding in the public list.
pub struct ListedSounding {
    pub row: SoundingRow,
    pub terms: Terms,
    pub state: SoundingState,
}

/// One page of them (from 1), and how many there are.
pub async fn list_soundings(desk: &Desk, page: i64) -> Result<(i64, Vec<ListedSounding>)> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let rows = conn.public_soundings(now, PER_PAGE, (page.max(1) - 1).saturating_mul(PER_PAGE)).await?;
    let rows = rows.into_iter().map(|row| listed(row, now)).collect::<Result<_>>()?;
    Ok((conn.count_soundings().await?, rows))
}

fn listed(row: SoundingRow, now: Moment) -> Result<ListedSounding> {
    Ok(ListedSounding { terms: row.terms()?, state: row.standing().state(now), row })
}

/// A sounding as its reader may see it.
pub struct SoundingView {
    pub facts: SoundingFacts,
    pub buyer: String,
    pub terms: Terms,
    pub sections: Vec<Section>,
    pub comments: Vec<SoundingCommentRow>,
    /// What became of comments, each with the comments whose newest answer it is; an answer that was replaced is not there.
    pub outcomes: Vec<(SoundingOutcomeRow, Vec<CommentId>)>,
}

pub async fn read_sounding(desk: &Desk, actor: &Actor, id: SoundingId) -> Result<SoundingView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadSounding>(&mut conn, actor, id, Lock::None).await?;
    policy::read_sounding(actor, &facts)?;
    let row = row::<ReadSounding>(&mut conn, id).await?;
    let comments = conn.sounding_comments(id).await?;
    let outcomes = outcomes(&mut conn, id, &comments).await?;
    Ok(SoundingView { terms: row.terms()?, sections: row.sections(), buyer: row.buyer_name, facts, comments, outcomes })
}

async fn outcomes(
    conn: &mut Conn,
    id: SoundingId,
    comments: &[SoundingCommentRow],
) -> Result<Vec<(SoundingOutcomeRow, Vec<CommentId>)>> {
    let mut of: BTreeMap<i64, Vec<CommentId>> = BTreeMap::new();
    for comment in comments {
        if let Some(outcome) = comment.outcome {
            of.entry(outcome).or_default().push(CommentId(comment.id));
        }
    }
    let rows = conn.sounding_outcomes(id).await?;
    Ok(rows.into_iter().filter_map(|row| of.remove(&row.id).map(|comments| (row, comments))).collect())
}

/// What the page of a published challenge says of a sounding of its draft.
pub struct Sounded {
    pub id: SoundingId,
    pub opened_at: Moment,
    pub comments: i64,
    pub outcomes: Vec<SoundingOutcomeRow>,
}

/// The soundings of a challenge that the public may read, the newest first.
pub(crate) async fn sounded(conn: &mut Conn, challenge: ChallengeId) -> Result<Vec<Sounded>> {
    let mut all = Vec::new();
    for row in conn.soundings_of(challenge).await?.into_iter().filter(|row| row.taken_down_at.is_none()) {
        let id = SoundingId(row.id);
        let comments = conn.sounding_comments(id).await?;
        let outcomes = outcomes(conn, id, &comments).await?.into_iter().map(|(row, _)| row).collect();
        all.push(Sounded { id, opened_at: Moment(row.opened_at), comments: row.comments, outcomes });
    }
    Ok(all)
}

/// For the team: the draft, and its soundings, the newest first.
pub async fn read_soundings_of(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<(DraftView, Vec<ListedSounding>)> {
    let view = read_draft(desk, actor, id).await?;
    let rows = desk.store.read().await?.soundings_of(id).await?;
    let rows = rows.into_iter().map(|row| listed(row, view.facts.now)).collect::<Result<_>>()?;
    Ok((view, rows))
}
