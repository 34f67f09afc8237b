//! Approval: what the approvers read, who approves what, and when it is published.

use std::collections::BTreeSet;

use domain::challenge::difference::{Change, changes};
use domain::challenge::{ApprovalKind, Section, Stage, TeamRole, Terms};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{ChallengeId, RoundId, UserId};
use domain::moment::{DAY, Moment, local};
use domain::notice::{Event, EventKind};
use domain::organisation::{Actor, Role};
use domain::policy::{
    self, ApproveChallenge, ChallengeFacts, NameApproval, ReadDraft, RecordOfficialNotice, RescheduleChallenge,
    SendBackChallenge, SubmitForReview, TakeBackChallenge,
};
use sha2::{Digest, Sha256};
use store::{ApprovalRow, Conn, EventRow, Lock, NeedRow, NewApproval, OfficialNoticeRow, Publication, ReasonRow, Tx, VersionRow};

use crate::account::address;
use crate::challenge::{facts, parsed, readiness};
use crate::{Desk, Error, Result, notice};

/// Of an approval that nobody was named for.
const PUBLICATION: &str = "publication";

/// Fields `kind` (finance, legal, service) and `email`: an approver of the buyer, or `none` where it is not needed.
pub async fn name_approval(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let kind = ApprovalKind::parse(fields.get("kind")).ok_or_else(|| Error::field("kind", "choose"))?;
    let email = match fields.get("email") {
        "none" => None,
        text => Some(address(text).ok_or_else(|| Error::field("email", "choose"))?),
    };
    let (need, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<NameApproval>(tx, &who, id, Lock::Update).await?;
            let permit = policy::name_approval(&who, &facts)?;
            let user = match email {
                Some(email) => Some(may_approve(tx, &facts, &email).await?),
                None => None,
            };
            Ok(tx.name_approval(&permit, need, kind.code(), user).await?)
        })
    })
    .await
}

/// An approver or owner of the buyer, or an approver of the team; not an officer of the team, and not who wrote a part of it.
async fn may_approve(tx: &mut Tx, facts: &ChallengeFacts, email: &str) -> Result<i64> {
    let members = tx.members_of(facts.buyer.get()).await?;
    let member = members.into_iter().find(|member| member.email == email).ok_or_else(|| Error::field("email", "not-a-member"))?;
    let team = tx.team(facts.challenge).await?;
    let on_team = team.iter().find(|row| row.user_id == member.user_id).and_then(|row| TeamRole::parse(&row.role));
    let allowed = match on_team {
        Some(role) => role == TeamRole::Approver,
        None => matches!(Role::parse(&member.role), Some(Role::Approver | Role::Owner)),
    };
    if !allowed {
        return Err(Error::field("email", "not-an-approver"));
    }
    if facts.four_eyes && tx.writers(facts.challenge).await?.contains(&member.user_id) {
        return Err(Error::field("email", "approver-wrote"));
    }
    Ok(member.user_id)
}

/// Freezes the draft as a version for the approver; everything that is missing is told, by section.
pub async fn submit_for_review(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SubmitForReview>(tx, &who, id, Lock::Update).await?;
            let permit = policy::submit_for_review(&who, &facts)?;
            let draft = tx.draft(id).await?;
            let mut terms = parsed(&draft, facts.now)?;
            let uncleared = readiness::uncleared(&draft, facts.now, tx.finding_events(id).await?);
            if !uncleared.is_empty() {
                return Err(Error::Invalid(uncleared));
            }
            terms.attachments = crate::file::attachments(tx, id).await?;
            tx.submit_for_review(&permit, event, &terms).await?;
            let asked = asked(tx, id).await?;
            for kind in [EventKind::ApprovalWanted, EventKind::SentForReview] {
                let told = Event::of(kind, event).on(id, &terms.title).by(who.user()).link(format!("/challenges/{id}/review"));
                tx.tell(&told.naming(asked.iter().copied())).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Who is asked to approve: those who are named, else every approver of the team.
async fn asked(tx: &mut Tx, id: ChallengeId) -> Result<BTreeSet<UserId>> {
    let named: BTreeSet<UserId> = tx.approval_needs(id).await?.into_iter().map(|row| UserId(row.user_id)).collect();
    if !named.is_empty() {
        return Ok(named);
    }
    let team = tx.team(id).await?.into_iter().filter(|row| row.role == TeamRole::Approver.code());
    Ok(team.map(|row| UserId(row.user_id)).collect())
}

/// Fields `reason-<section>` for each section that is sent back, and `reason` about the whole: at least one of them; `n`, the
/// version that was read.
pub async fn send_back_challenge(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", false, 2_000);
    let mut sections = Vec::new();
    for section in Section::ALL {
        let text = errors.text(fields, &format!("reason-{}", section.code()), false, 2_000);
        if !text.is_empty() {
            sections.push((*section, text));
        }
    }
    if reason.is_empty() && sections.is_empty() {
        errors.say("reason", "reason-none");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who, read) = (desk.chance.id(), actor.clone(), fields.get("n").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SendBackChallenge>(tx, &who, id, Lock::Update).await?;
            let permit = policy::send_back_challenge(&who, &facts)?;
            let version = newest(tx, id, &read).await?;
            tx.send_back_challenge(&permit, event, version.n, &reason, &sections).await?;
            let told = notice::about(tx, EventKind::SentBack, event, id).await?;
            tx.tell(&told.by(who.user()).link(format!("/challenges/{id}/edit"))).await?;
            Ok(())
        })
    })
    .await
}

/// The version under review; `Stale` where another one was read.
async fn newest(conn: &mut Conn, id: ChallengeId, read: &str) -> Result<VersionRow> {
    let version = conn.versions(id).await?.pop().ok_or_else(|| Error::Broken("no version to approve".into()))?;
    if !read.is_empty() && read != version.n.to_string() {
        return Err(Error::Stale);
    }
    Ok(version)
}

fn digest(version: &VersionRow) -> Vec<u8> {
    version.digest.clone().unwrap_or_else(|| Sha256::digest(version.terms.as_bytes()).to_vec())
}

/// Approves what was submitted for review, in all the roles that the actor was named for. With the last approval that is
/// needed it is published: at `publish_date`/`publish_time` in the challenge's zone, else at the latest instant that another
/// approver chose, else at once; above the threshold not before its official notice. `n`: the version that was read.
pub async fn approve_challenge(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let (event, round, who) = (desk.chance.id(), RoundId(desk.chance.id()), actor.clone());
    let mut ids: Vec<i64> = ApprovalKind::ALL.iter().map(|_| desk.chance.id()).collect();
    let sealed_key = desk.keys.new_round_key(round.get(), &desk.chance)?;
    let (fields, read) = (fields.clone(), fields.get("n").to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ApproveChallenge>(tx, &who, id, Lock::Update).await?;
            let permit = policy::approve_challenge(&who, &facts)?;
            let version = newest(tx, id, &read).await?;
            let (terms, digest) = (version.terms()?, digest(&version));
            let wish = instant(&fields, facts.now, &terms.zone)?;
            if let Some(at) = wish {
                long_enough(&terms, at, "publish_date")?;
            }
            let given: Vec<ApprovalRow> = tx.approvals(id).await?.into_iter().filter(|row| row.digest == digest).collect();
            for kind in own_kinds(tx, &facts, &given, permit.by().get()).await? {
                let id = ids.pop().unwrap_or_default();
                let approval = NewApproval { id, n: version.n, digest: &digest, kind: &kind, publish_at: wish };
                tx.give_approval(&permit, &approval).await?;
            }
            if facts.approvals.missing > facts.approvals.own {
                return Ok(());
            }
            let others = given.iter().filter_map(|row| row.publish_at).max().map(Moment).filter(|at| facts.now.before(*at));
            let publish_at = wish.or(others).unwrap_or(facts.now);
            long_enough(&terms, publish_at, "publish_date")?;
            let publication = Publication {
                event,
                n: version.n,
                publish_at,
                notice_needed: terms.needs_official_notice(),
                round,
                deadline: terms.deadline,
                sealed_key: &sealed_key,
                digest,
            };
            tx.approve_challenge(&permit, publication).await?;
            let told = Event::of(EventKind::Approved, event).on(id, &terms.title).by(who.user()).zone(&terms.zone);
            // Above the threshold the official notice says when, and it is not there yet.
            let told = if terms.needs_official_notice() { told.n(1) } else { told.at(publish_at) };
            tx.tell(&told.link(format!("/challenges/{id}/review"))).await?;
            Ok(())
        })
    })
    .await
}

/// The named approvals that are the user's and missing; where none are named, the approval as such.
async fn own_kinds(tx: &mut Tx, facts: &ChallengeFacts, given: &[ApprovalRow], user: i64) -> Result<Vec<String>> {
    if facts.approvals.named == 0 {
        return Ok(vec![PUBLICATION.into()]);
    }
    let missing = |need: &NeedRow| !given.iter().any(|row| row.kind == need.kind && row.user_id == need.user_id);
    let needs = tx.approval_needs(facts.challenge).await?;
    Ok(needs.into_iter().filter(|need| need.user_id == user && missing(need)).map(|need| need.kind).collect())
}

/// `publish_date` and `publish_time` (default 09:00) in a zone, in the future; `None` where no date was typed.
fn instant(fields: &Fields, now: Moment, zone: &str) -> Result<Option<Moment>> {
    let (date, time) = (fields.get("publish_date"), fields.get("publish_time"));
    if date.is_empty() {
        return Ok(None);
    }
    let at = local(date, if time.is_empty() { "09:00" } else { time }, zone).map_err(|_| Error::field("publish_date", "date"))?;
    if now.before(at) { Ok(Some(at)) } else { Err(Error::field("publish_date", "publish-past")) }
}

/// The periods count from publication, so they are checked against it, not against the day of the draft.
fn long_enough(terms: &Terms, publish_at: Moment, field: &str) -> Result<()> {
    let least = terms.law.numbers().minimum_days;
    if publish_at.before(terms.deadline) && terms.deadline.micros() - publish_at.micros() >= i64::from(least) * DAY {
        return Ok(());
    }
    Err(Error::Invalid(vec![FieldError::new(field, "publish-too-late").with("days", least)]))
}

/// Another instant, by an approver, before the first has come. No date: at once.
pub async fn reschedule_challenge(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let (event, who, fields) = (desk.chance.id(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RescheduleChallenge>(tx, &who, id, Lock::Update).await?;
            let permit = policy::reschedule_challenge(&who, &facts)?;
            let version = newest(tx, id, "").await?;
            let terms = version.terms()?;
            let at = instant(&fields, facts.now, &terms.zone)?.unwrap_or(facts.now);
            long_enough(&terms, at, "publish_date")?;
            let waits = terms.needs_official_notice();
            tx.reschedule_challenge(&permit, event, version.n, at, waits).await?;
            let told = Event::of(EventKind::Rescheduled, event).on(id, &terms.title).by(who.user()).zone(&terms.zone);
            let told = if waits { told.n(1) } else { told.at(at) };
            tx.tell(&told.link(format!("/challenges/{id}/review"))).await?;
            Ok(())
        })
    })
    .await
}

/// Back to draft before publication. Field `reason`.
pub async fn take_back_challenge(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "take_back_reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<TakeBackChallenge>(tx, &who, id, Lock::Update).await?;
            let permit = policy::take_back_challenge(&who, &facts)?;
            tx.take_back_challenge(&permit, event, &reason).await?;
            let told = notice::about(tx, EventKind::TakenBack, event, id).await?;
            tx.tell(&told.by(who.user()).reason(&reason).link(format!("/challenges/{id}/edit"))).await?;
            Ok(())
        })
    })
    .await
}

/// Fields `notice_reference`, `notice_date` (the day on which it stands in the official journal), `notice_url` (may be empty).
pub async fn record_official_notice(desk: &Desk, actor: &Actor, id: ChallengeId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reference = errors.text(fields, "notice_reference", true, 120);
    let url = errors.text(fields, "notice_url", false, 300);
    if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
        errors.say("notice_url", "url");
    }
    let date = errors.text(fields, "notice_date", true, 10);
    errors.done(()).map_err(Error::Invalid)?;
    let (notice, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<RecordOfficialNotice>(tx, &who, id, Lock::Update).await?;
            let permit = policy::record_official_notice(&who, &facts)?;
            let terms = tx.latest_terms(id).await?.map(|(_, terms)| terms);
            let zone = terms.as_ref().map_or("UTC", |terms| &terms.zone);
            let printed = local(&date, "00:00", zone).map_err(|_| Error::field("notice_date", "date"))?;
            if let (Some(terms), Some(chosen)) = (terms, facts.standing.scheduled_for) {
                // Whatever comes last publishes it, and the periods count from there.
                long_enough(&terms, chosen.max(printed).max(facts.now), "notice_date")?;
            }
            Ok(tx.record_official_notice(&permit, notice, &reference, &url, printed).await?)
        })
    })
    .await
}

/// An approval that is named, and the one that was given for the text under review.
pub struct Named {
    pub need: NeedRow,
    pub given: Option<ApprovalRow>,
}

/// What differs between two versions.
pub struct ChangesView {
    /// Number of the older one.
    pub from: i64,
    /// The reader has had the older one before them; else it is the one before this.
    pub seen: bool,
    pub changes: Vec<Change>,
}

/// What an approver reads.
pub struct ReviewView {
    pub facts: ChallengeFacts,
    pub reference: String,
    pub title: String,
    /// The newest version and its terms; none before the first was submitted.
    pub version: Option<(i64, Terms)>,
    pub named: Vec<Named>,
    /// Every approval that was ever given, with the version it was given for; those of the newest text are `standing`.
    pub approvals: Vec<(ApprovalRow, bool)>,
    pub changed: Option<ChangesView>,
    pub events: Vec<EventRow>,
    pub reasons: Vec<ReasonRow>,
    pub notice: Option<OfficialNoticeRow>,
    /// Name and address of those who may be named for an approval.
    pub approvers: Vec<(String, String)>,
}

/// For the team. What changed is told against the version that the reader last had before them.
pub async fn read_review(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<ReviewView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadDraft>(&mut conn, actor, id, Lock::None).await?;
    let permit = policy::read_draft(actor, &facts)?;
    let row = conn.challenge_row(id).await?.ok_or(policy::Refused::unseen::<ReadDraft>(id.get()))?;
    let versions = conn.versions(id).await?;
    let newest = versions.last().map(digest).unwrap_or_default();
    let approvals: Vec<(ApprovalRow, bool)> = conn
        .approvals(id)
        .await?
        .into_iter()
        .map(|row| {
            let standing = row.digest == newest;
            (row, standing)
        })
        .collect();
    let given = |need: &NeedRow| {
        let found = approvals.iter().find(|(row, standing)| *standing && row.kind == need.kind && row.user_id == need.user_id);
        found.map(|(row, _)| row.clone())
    };
    let named = conn.approval_needs(id).await?.into_iter().map(|need| Named { given: given(&need), need }).collect();
    let changed = changed(&mut conn, id, &versions, permit.by().get()).await?;
    let team = conn.team(id).await?;
    let approvers = conn.members_of(facts.buyer.get()).await?.into_iter().filter(|member| {
        match team.iter().find(|row| row.user_id == member.user_id) {
            Some(row) => row.role == TeamRole::Approver.code(),
            None => matches!(Role::parse(&member.role), Some(Role::Approver | Role::Owner)),
        }
    });
    let approvers = approvers.map(|member| (member.name, member.email)).collect();
    Ok(ReviewView {
        reference: row.reference.clone(),
        title: row.title(),
        version: versions.last().map(|version| Ok::<_, Error>((version.n, version.terms()?))).transpose()?,
        named,
        approvals,
        changed,
        events: conn.challenge_events(id).await?,
        reasons: conn.send_back_reasons(id).await?,
        notice: conn.official_notice(id).await?,
        approvers,
        facts,
    })
}

async fn changed(conn: &mut Conn, id: ChallengeId, versions: &[VersionRow], user: i64) -> Result<Option<ChangesView>> {
    let [.., before, newest] = versions else { return Ok(None) };
    let seen = conn.seen_before(id, user, newest.n).await?;
    let older = seen.and_then(|n| versions.iter().find(|version| version.n == n)).unwrap_or(before);
    let changes = changes(&older.terms()?, &newest.terms()?);
    Ok(Some(ChangesView { from: older.n, seen: seen.is_some(), changes }))
}

/// An approver has the version under review before them; the next one is shown as what changed since.
pub async fn see_version(desk: &Desk, actor: &Actor, id: ChallengeId, n: i64) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ReadDraft>(tx, &who, id, Lock::None).await?;
            let permit = policy::read_draft(&who, &facts)?;
            if facts.team == Some(TeamRole::Approver) && facts.stage() == Stage::InReview {
                tx.see_version(&permit, n).await?;
            }
            Ok(())
        })
    })
    .await
}
