//! Writing, approving, publishing and reading challenges.

mod approval;
mod begin;
mod readiness;

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::challenge::{self, Draft, Section, Stage, TeamRole, Terms};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, OrganisationId, RoundId, UserId};
use domain::moment::Moment;
use domain::notice::{Event, EventKind};
use domain::organisation::Actor;
use domain::policy::{
    self, CancelChallenge, ChallengeFacts, CreateChallenge, EditChallenge, FollowChallenge, NameTeam, ReadChallenge, ReadDraft,
    Refused,
};
use store::{AnsweredRow, ChallengeRow, Conn, EventRow, Lock, SectionRow, TeamRow};

pub use approval::{
    ChangesView, Named, ReviewView, approve_challenge, name_approval, read_review, record_official_notice, reschedule_challenge,
    see_version, send_back_challenge, submit_for_review, take_back_challenge,
};
pub use begin::{TEMPLATES, Template, begin_challenge, list_to_copy, sort_brief, take_brief};
pub use readiness::{Dismissal, Readiness, Told, dismiss_finding, read_dismissed, read_readiness, take_back_finding};

use crate::account::address;
use crate::sounding::Sounded;
use crate::{Desk, Error, Result};

/// The facts of a challenge, or the refusal that says there is none.
pub(crate) async fn facts<V: policy::Verb>(
    conn: &mut Conn,
    actor: &Actor,
    id: ChallengeId,
    lock: Lock,
) -> Result<ChallengeFacts> {
    Ok(conn.challenge_facts(actor, id, lock).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

/// The same in one round, by its number; in the newest where none is named.
pub(crate) async fn round_facts<V: policy::Verb>(
    conn: &mut Conn,
    actor: &Actor,
    id: ChallengeId,
    round: Option<i64>,
) -> Result<ChallengeFacts> {
    let Some(round) = round else { return facts::<V>(conn, actor, id, Lock::None).await };
    // 0 would be the newest.
    let found = if round > 0 { conn.round_facts(actor, id, round, Lock::None).await? } else { None };
    Ok(found.ok_or(Refused::unseen::<V>(id.get()))?)
}

/// Rows of lists get ids when they are first saved; they stay the same in every later version.
pub(crate) fn give_ids(desk: &Desk, fields: &mut Fields) {
    let parts = fields.rows("criterion").into_iter().map(|row| format!("criterion-{row}-part"));
    let lists = ["outcome", "question", "criterion", "requirement", "milestone", "round"].map(str::to_owned);
    for list in lists.into_iter().chain(parts.collect::<Vec<_>>()) {
        for row in fields.rows(&list) {
            if fields.of_row(&list, row, "id").is_empty() {
                fields.set(format!("{list}-{row}-id"), domain::ids::to_text(desk.chance.id()));
            }
        }
    }
}

/// Fields of the first section (`title`, `summary`, `statement`); a draft may start with a title alone.
pub async fn create_challenge(desk: &Desk, actor: &Actor, fields: Fields) -> Result<ChallengeId> {
    let mut errors = Errors::default();
    errors.text(&fields, "title", true, 120);
    errors.done(()).map_err(Error::Invalid)?;
    let id = ChallengeId(desk.chance.id());
    let year = desk.store.now().rfc3339().chars().take(4).collect::<String>();
    let reference = format!("WP-{year}-{}", desk.chance.reference());
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let buyer = who.acting_as().map_or(OrganisationId(0), |acting| acting.organisation);
            let refused = Refused::unseen::<CreateChallenge>(buyer.get());
            let facts = match tx.organisation_facts(&who, buyer.get()).await? {
                Some(facts) => facts,
                None if who.user().is_none() => return Err(Refused { why: policy::Refusal::SignIn, ..refused }.into()),
                None => return Err(Refused { why: policy::Refusal::ActAsBuyer, ..refused }.into()),
            };
            let permit = policy::create_challenge(&who, &facts)?;
            tx.create_challenge(&permit, id, &reference).await?;
            let facts = self::facts::<EditChallenge>(tx, &who, id, Lock::None).await?;
            let permit = policy::edit_challenge(&who, &facts)?;
            tx.save_section(&permit, Section::Problem, &fields, 0).await?;
            Ok(id)
        })
    })
    .await
}

/// What no server should hold, though a draft keeps what does not parse.
pub(crate) fn too_long(fields: &Fields) -> Option<FieldError> {
    let (name, _) = fields.0.iter().find(|(_, text)| text.chars().count() > 40_000)?;
    Some(FieldError::new(name, "too-long").with("max", 40_000).with("over", ""))
}

/// Saves a section as typed, whether or not it parses; compare-and-set on the version that was read. Gives the new version.
pub async fn save_section(
    desk: &Desk,
    actor: &Actor,
    id: ChallengeId,
    section: Section,
    mut fields: Fields,
    seen: i64,
) -> Result<i64> {
    give_ids(desk, &mut fields);
    if let Some(error) = too_long(&fields) {
        return Err(Error::Invalid(vec![error]));
    }
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EditChallenge>(tx, &who, id, Lock::Share).await?;
            let permit = policy::edit_challenge(&who, &facts)?;
            Ok(tx.save_section(&permit, section, &fields, seen).await?)
        })
    })
    .await
}

/// Fields `email`, `role` (officer, approver, or none to leave): a member of the buyer.
pub async fn name_team(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let email = address(fields.get("email")).ok_or_else(|| Error::field("email", "email"))?;
    let role = TeamRole::parse(fields.get("role"));
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<NameTeam>(tx, &who, id, Lock::Update).await?;
            let permit = policy::name_team(&who, &facts)?;
            let members = tx.members_of(facts.buyer.get()).await?;
            let member =
                members.iter().find(|member| member.email == email).ok_or_else(|| Error::field("email", "not-a-member"))?;
            let team = tx.team(id).await?;
            let officers = team.iter().filter(|row| row.role == "officer" && row.user_id != member.user_id).count();
            if officers == 0 && role != Some(TeamRole::Officer) {
                return Err(Error::field("role", "last-officer"));
            }
            Ok(tx.name_team(&permit, member.user_id, role).await?)
        })
    })
    .await
}

fn parsed(draft: &Draft, publish_at: Moment) -> Result<Terms> {
    challenge::parse(draft, publish_at).map_err(|errors| {
        Error::Invalid(
            errors
                .into_iter()
                .map(|(section, error)| FieldError { field: format!("{}:{}", section.code(), error.field), ..error })
                .collect(),
        )
    })
}

pub async fn cancel_challenge(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<CancelChallenge>(tx, &who, id, Lock::Update).await?;
            let permit = policy::cancel_challenge(&who, &facts)?;
            tx.cancel_challenge(&permit, event, &reason).await?;
            // What was never public is told to its own people alone, of whom the store finds none by other ways.
            let title = tx.challenge_row(id).await?.map(|row| row.title()).unwrap_or_default();
            tx.tell(&Event::of(EventKind::Cancelled, event).on(id, &title).reason(&reason).by(who.user())).await?;
            Ok(())
        })
    })
    .await
}

pub async fn follow_challenge(desk: &Desk, actor: &Actor, id: ChallengeId, follow: bool) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<FollowChallenge>(tx, &who, id, Lock::None).await?;
            let permit = policy::follow_challenge(&who, &facts)?;
            Ok(tx.follow_challenge(&permit, follow).await?)
        })
    })
    .await
}

/// A challenge in a list, with where it stands for whoever reads the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: ChallengeId,
    pub reference: String,
    pub title: String,
    pub summary: String,
    pub buyer: String,
    pub place: String,
    pub stage: Stage,
    pub publish_at: Option<Moment>,
    pub deadline: Option<Moment>,
    pub zone: String,
    pub budget: Option<domain::money::Money>,
}

impl Listed {
    pub(crate) fn of(row: &ChallengeRow, now: Moment) -> Result<Self> {
        let heading = row.heading()?;
        Ok(Self {
            id: ChallengeId(row.challenge),
            reference: row.reference.clone(),
            title: heading.as_ref().map_or_else(|| row.title(), |heading| heading.title.clone()),
            buyer: row.buyer_name.clone(),
            stage: row.standing().stage(now),
            publish_at: row.published_or_chosen(),
            deadline: row.deadline.map(Moment),
            summary: heading.as_ref().map(|heading| heading.summary.clone()).unwrap_or_default(),
            place: heading.as_ref().map(|heading| heading.place.clone()).unwrap_or_default(),
            zone: heading.as_ref().map_or_else(|| "UTC".into(), |heading| heading.zone.clone()),
            budget: heading.and_then(|heading| heading.budget),
        })
    }

    pub(crate) fn all(rows: &[ChallengeRow], now: Moment) -> Result<Vec<Self>> {
        rows.iter().map(|row| Self::of(row, now)).collect()
    }
}

/// One page of what the public may read, and how many there are.
pub struct PublicList {
    pub open: i64,
    pub past: i64,
    /// Rows on a page.
    pub per: i64,
    pub page: Vec<Listed>,
}

pub const PER_PAGE: i64 = 20;
/// What a reader may choose instead.
pub const PER_PAGE_CHOICES: [i64; 3] = [PER_PAGE, 50, 150];

/// `page` from 1; `per` is one of the choices, anything else the first.
pub async fn list_public(desk: &Desk, open: bool, page: i64, per: i64) -> Result<Arc<PublicList>> {
    let per = PER_PAGE_CHOICES.into_iter().find(|choice| *choice == per).unwrap_or(PER_PAGE);
    let key = (open, page.max(1), per);
    let (held, basis) = desk.lists.get(desk, &key).await?;
    if let Some(list) = held {
        return Ok(list);
    }
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let list = read_public(&mut conn, now, key).await?;
    desk.lists.keep(&mut conn, now, key, basis, list).await
}

/// What [`list_public`] reads when nothing is held.
async fn read_public(conn: &mut Conn, now: Moment, (open, page, per): (bool, i64, i64)) -> Result<PublicList> {
    let (open_count, past) = conn.public_counts(now).await?;
    let rows = conn.public_challenges(now, open, per, (page - 1).saturating_mul(per)).await?;
    Ok(PublicList { open: open_count, past, per, page: Listed::all(&rows, now)? })
}

/// The first page of so many open challenges, read from the database whatever is held: for whoever measures what that costs.
pub async fn read_open(desk: &Desk, per: i64) -> Result<PublicList> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    read_public(&mut conn, now, (true, 1, per)).await
}

/// What the home page shows: open ones by deadline, lately decided ones, counts.
pub struct Home {
    pub open: Vec<Listed>,
    pub decided: Vec<Listed>,
    pub open_count: i64,
    pub history: (i64, i64),
}

pub async fn home(desk: &Desk) -> Result<Home> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let open = conn.public_challenges(now, true, 6, 0).await?;
    let decided = conn.decided_challenges(4).await?;
    let (open_count, _) = conn.public_counts(now).await?;
    let history = conn.history_counts().await?;
    Ok(Home { open: Listed::all(&open, now)?, decided: Listed::all(&decided, now)?, open_count, history })
}

/// A published challenge with what this reader may know of it.
pub struct ChallengeView {
    pub facts: ChallengeFacts,
    pub reference: String,
    pub buyer: String,
    pub n: i64,
    pub terms: Terms,
    pub events: Vec<EventRow>,
    /// Questions of suppliers that were answered.
    pub answered: Vec<AnsweredRow>,
    pub follows: bool,
    pub published: bool,
    /// Reference and date in the official journal, where they are recorded.
    pub official: Option<store::OfficialNoticeRow>,
    /// Its draft was shown before, as these.
    pub sounded: Vec<Sounded>,
    /// Suppliers that look for a partner here.
    pub partners: usize,
    /// The newest round behind the first: for its team, its panel and who was invited to it, and nobody else.
    pub later: Option<LaterRound>,
}

pub struct LaterRound {
    /// From 2.
    pub number: i64,
    /// Until when those who were invited may answer.
    pub deadline: Moment,
    /// How often that was moved.
    pub moved: usize,
}

async fn later_round(conn: &mut Conn, facts: &ChallengeFacts) -> Result<Option<LaterRound>> {
    let inside = facts.team.is_some() || facts.seat.is_some();
    let found = match (inside, facts.own_response) {
        (true, _) => facts.round.map(|round| round.get()).zip(facts.standing.deadline).map(|at| (facts.standing.round, at)),
        (false, Some(own)) => conn.response(own).await?.map(|row| (row.round_number, (row.round, Moment(row.deadline)))),
        (false, None) => None,
    };
    let Some((number, (round, deadline))) = found.filter(|(number, _)| *number > 1) else { return Ok(None) };
    let extensions = conn.round_extensions(RoundId(round)).await?;
    let moved = extensions.iter().filter(|row| row.ended.as_deref() == Some("approved")).count();
    Ok(Some(LaterRound { number, deadline, moved }))
}

/// The published notice: anybody once its instant has come, its team before.
pub async fn read_challenge(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<ChallengeView> {
    let mut conn = desk.store.read().await?;
    let mut facts = facts::<ReadChallenge>(&mut conn, actor, id, Lock::None).await?;
    policy::read_challenge(actor, &facts)?;
    let row = conn.challenge_row(id).await?.ok_or(Refused::unseen::<ReadChallenge>(id.get()))?;
    let later = later_round(&mut conn, &facts).await?;
    if facts.team.is_none() && facts.seat.is_none() {
        // Until when those may answer who were invited to a later round is nobody else's business.
        facts.standing.deadline = row.deadline.map(Moment);
    }
    let (n, terms) = match (row.n, row.terms()?) {
        (Some(n), Some(terms)) => (n, terms),
        // Not approved yet: its team has the draft's own pages.
        _ => return Err(Refused::unseen::<ReadChallenge>(id.get()).into()),
    };
    let follows = match actor.user() {
        Some(user) => conn.follows(user.get(), id).await?,
        None => false,
    };
    let events = conn
        .challenge_events(id)
        .await?
        .into_iter()
        .filter(|event| matches!(event.kind.as_str(), "approved" | "amended" | "cancelled"))
        .collect();
    let published = facts.is_public();
    let answered = conn.answers_to_enquiries(id).await?;
    let official = conn.official_notice(id).await?;
    let sounded = crate::sounding::sounded(&mut conn, id).await?;
    let partners = conn.partner_notes(id).await?.iter().filter(|note| note.ended_at.is_none()).count();
    Ok(ChallengeView {
        facts,
        reference: row.reference,
        buyer: row.buyer_name,
        n,
        terms,
        events,
        answered,
        follows,
        published,
        official,
        sounded,
        partners,
        later,
    })
}

/// A draft with its team and history: for its team alone.
pub struct DraftView {
    pub facts: ChallengeFacts,
    pub reference: String,
    pub title: String,
    pub sections: Vec<SectionRow>,
    pub draft: Draft,
    pub team: Vec<TeamRow>,
    pub members: Vec<store::MemberRow>,
    pub events: Vec<EventRow>,
    /// What the approver who sent it back asks to be changed, by code of the section, until it is submitted again.
    pub reasons: BTreeMap<String, String>,
    /// What keeps it from being submitted, by section; empty when it is complete.
    pub missing: Vec<(Section, FieldError)>,
    /// What the approver reads: the version under review, or what the draft says now.
    pub terms: Option<Terms>,
}

pub async fn read_draft(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<DraftView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadDraft>(&mut conn, actor, id, Lock::None).await?;
    policy::read_draft(actor, &facts)?;
    let row = conn.challenge_row(id).await?.ok_or(Refused::unseen::<ReadDraft>(id.get()))?;
    let sections = conn.sections(id).await?;
    let draft = conn.draft(id).await?;
    let team = conn.team(id).await?;
    let members = conn.members_of(facts.buyer.get()).await?;
    let events = conn.challenge_events(id).await?;
    let newest = events.iter().rfind(|event| matches!(event.kind.as_str(), "submitted" | "sent_back"));
    let reasons = match newest {
        Some(event) if event.kind == "sent_back" => {
            let rows = conn.send_back_reasons(id).await?.into_iter().filter(|row| row.event == event.id);
            rows.map(|row| (row.section, row.reason)).collect()
        }
        _ => BTreeMap::new(),
    };
    let (missing, parsed) = match challenge::parse(&draft, facts.now) {
        Ok(mut terms) => {
            terms.attachments = crate::file::attachments(&mut conn, id).await?;
            (Vec::new(), Some(terms))
        }
        Err(missing) => (missing, None),
    };
    let terms = if facts.stage() == Stage::Draft { parsed } else { conn.latest_terms(id).await?.map(|(_, terms)| terms) };
    let title = row.title();
    Ok(DraftView { facts, reference: row.reference, title, sections, draft, team, members, events, reasons, missing, terms })
}

/// The challenges of the actor's teams, of the buyer that the actor acts for, with what the policy needs to say whose turn it is.
pub async fn list_team(desk: &Desk, actor: &Actor) -> Result<Vec<(Listed, ChallengeFacts)>> {
    let (Some(user), Some(acting)) = (actor.user(), actor.acting_as()) else { return Ok(Vec::new()) };
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let rows = conn.team_challenges(user.get(), acting.organisation.get()).await?;
    with_facts(&mut conn, actor, rows, now).await
}

async fn with_facts(
    conn: &mut Conn,
    actor: &Actor,
    rows: Vec<ChallengeRow>,
    now: Moment,
) -> Result<Vec<(Listed, ChallengeFacts)>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut listed = Listed::of(&row, now)?;
        if let Some(facts) = conn.challenge_facts(actor, listed.id, Lock::None).await? {
            // Inside, the round that runs counts, and not only until when the public could answer.
            (listed.stage, listed.deadline) = (facts.stage(), facts.standing.deadline);
            out.push((listed, facts));
        }
    }
    Ok(out)
}

/// Where the user holds a seat: it belongs to the person, whoever they act as.
pub async fn list_seats(desk: &Desk, user: UserId) -> Result<Vec<(Listed, ChallengeFacts)>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let actor = Actor::User { user, administrator: false, acting_as: None };
    let rows = conn.seat_challenges(user.get()).await?;
    with_facts(&mut conn, &actor, rows, now).await
}

pub async fn list_followed(desk: &Desk, user: UserId) -> Result<Vec<Listed>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let rows = conn.followed_challenges(user.get()).await?;
    Listed::all(&rows, now)
}
