//! Writing an amendment: the changed sections over the challenge's own, or new dates alone; then proposing it.

use domain::challenge::amendment::{AmendmentKind, amend, with_dates};
use domain::challenge::difference::{Change, changes};
use domain::challenge::{self, Draft, Section, Terms};
use domain::form::{Errors, FieldError, Fields};
use domain::ids::{AmendmentId, ChallengeId};
use domain::moment::Moment;
use domain::notice::{Event, EventKind};
use domain::organisation::Actor;
use domain::outage::Outage;
use domain::policy::{self, AmendmentState, BeginAmendment, ChallengeFacts, EditAmendment, ProposeAmendment, ReadAmendment};
use store::{AmendmentRow, Conn, Lock};

use super::reopening::recorded;
use super::{date, facts, in_the_making, none_in_the_making, published, when};
use crate::challenge::give_ids;
use crate::{Desk, Error, Result};

/// Fields `other_suppliers` (yes or no) and `reason`. A change that would have drawn other suppliers is no amendment.
pub async fn begin_amendment(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<AmendmentId> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 2_000);
    match fields.get("other_suppliers") {
        "no" => {}
        "yes" => errors.say("other_suppliers", "amendment-new-challenge"),
        _ => errors.say("other_suppliers", "choose"),
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (id, who) = (AmendmentId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = crate::challenge::facts::<BeginAmendment>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::begin_amendment(&who, &facts)?;
            none_in_the_making(tx, challenge).await?;
            tx.begin_amendment(&permit, id, AmendmentKind::Amendment, &reason).await?;
            Ok(id)
        })
    })
    .await
}

/// Saves a section as typed, whether or not it parses, beside the published one. Gives the new version.
pub async fn save_amendment_section(
    desk: &Desk,
    actor: &Actor,
    id: AmendmentId,
    section: Section,
    mut fields: Fields,
    seen: i64,
) -> Result<i64> {
    give_ids(desk, &mut fields);
    if let Some(error) = crate::challenge::too_long(&fields) {
        return Err(Error::Invalid(vec![error]));
    }
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EditAmendment>(tx, &who, id, Lock::Share).await?;
            let permit = policy::edit_amendment(&who, &facts)?;
            Ok(tx.save_amendment_section(&permit, section, &fields, seen).await?)
        })
    })
    .await
}

/// Freezes what the changed sections say for the approver, with the `reason` that is published.
pub async fn propose_amendment(desk: &Desk, actor: &Actor, id: AmendmentId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let reason = errors.text(fields, "reason", true, 2_000);
    errors.done(()).map_err(Error::Invalid)?;
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ProposeAmendment>(tx, &who, id, Lock::Update).await?;
            let permit = policy::propose_amendment(&who, &facts)?;
            let challenge = &facts.challenge;
            let (_, before) = published(tx, challenge.challenge).await?;
            let (after, _) = amended(tx, challenge, id, &before).await?.map_err(Error::Invalid)?;
            tx.propose_amendment(&permit, event, &after, &reason).await?;
            approval_wanted(tx, challenge, event, &before.title, &who, &[]).await
        })
    })
    .await
}

/// Fields `reason` and later dates: `deadline_date`, and where they should move too `enquiry_date`, `decision_date`. The short
/// way to an amendment: begun and proposed in one step, for the approver.
pub async fn extend_deadline(desk: &Desk, actor: &Actor, challenge: ChallengeId, fields: &Fields) -> Result<AmendmentId> {
    let (id, event, who, fields) = (AmendmentId(desk.chance.id()), desk.chance.id(), actor.clone(), fields.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let of_challenge = crate::challenge::facts::<BeginAmendment>(tx, &who, challenge, Lock::Update).await?;
            let permit = policy::begin_amendment(&who, &of_challenge)?;
            let (_, before) = published(tx, challenge).await?;
            let mut errors = Errors::default();
            let reason = errors.text(&fields, "reason", true, 2_000);
            let after = dated(&before, &fields, false, &mut errors);
            errors.done(()).map_err(Error::Invalid)?;
            amend(&before, &after, when(&of_challenge)).map_err(Error::Invalid)?;
            none_in_the_making(tx, challenge).await?;
            tx.begin_amendment(&permit, id, AmendmentKind::Extension, &reason).await?;
            let facts = facts::<ProposeAmendment>(tx, &who, id, Lock::Update).await?;
            let permit = policy::propose_amendment(&who, &facts)?;
            tx.propose_amendment(&permit, event, &after, &reason).await?;
            approval_wanted(tx, &of_challenge, event, &before.title, &who, &[]).await?;
            Ok(id)
        })
    })
    .await
}

/// The terms with the dates that a form gives.
pub(super) fn dated(before: &Terms, fields: &Fields, deadline: bool, errors: &mut Errors) -> Terms {
    let at = |name: &str, required: bool, errors: &mut Errors| date(fields, name, &before.zone, required, errors);
    let deadline: Option<Moment> = at("deadline", deadline, errors);
    with_dates(before, deadline, at("enquiry", false, errors), at("decision", false, errors))
}

pub(super) async fn approval_wanted(
    tx: &mut store::Tx,
    facts: &ChallengeFacts,
    event: i64,
    title: &str,
    by: &Actor,
    named: &[domain::ids::UserId],
) -> Result<()> {
    let id = facts.challenge;
    let wanted = Event::of(EventKind::ApprovalWanted, event).on(id, title).naming(named.iter().copied()).by(by.user());
    tx.tell(&wanted.link(format!("/challenges/{id}/amendment"))).await?;
    Ok(())
}

/// What the amendment's sections would make of the published terms, and what that changes; or what is wrong with them. Fields
/// of errors are `section:field` where a section does not parse.
async fn amended(
    conn: &mut Conn,
    facts: &ChallengeFacts,
    id: AmendmentId,
    before: &Terms,
) -> Result<std::result::Result<(Terms, Vec<Change>), Vec<FieldError>>> {
    let own = conn.draft(facts.challenge).await?;
    let mut draft = own.clone();
    for (section, fields, _) in conn.amendment_sections(id).await? {
        draft.0.insert(section, fields);
    }
    let publish_at = facts.standing.publish_at.unwrap_or(facts.now);
    let after = match challenge::parse(&draft, publish_at) {
        Ok(after) => merged(before, challenge::parse(&own, publish_at).ok().as_ref(), &after)?,
        Err(errors) => {
            let named = errors
                .into_iter()
                .map(|(section, error)| FieldError { field: format!("{}:{}", section.code(), error.field), ..error });
            return Ok(Err(named.collect()));
        }
    };
    Ok(amend(before, &after, when(facts)).map(|found| (after, found)))
}

/// The published terms with those parts that the officer changed: what the draft's own sections say anew in a newer release of
/// this program is no amendment.
fn merged(published: &Terms, own: Option<&Terms>, after: &Terms) -> Result<Terms> {
    let changed: Vec<String> = changes(own.unwrap_or(published), after).iter().map(|change| change.part().to_owned()).collect();
    let broken = |error: serde_json::Error| Error::Broken(error.to_string());
    let mut terms = serde_json::to_value(published).map_err(broken)?;
    let after = serde_json::to_value(after).map_err(broken)?;
    for part in changed {
        terms[&part] = after[&part].clone();
    }
    serde_json::from_value(terms).map_err(broken)
}

/// An amendment in the making.
pub struct Making {
    pub row: AmendmentRow,
    pub kind: AmendmentKind,
    pub state: AmendmentState,
    /// The challenge's own sections with the changed ones in their place.
    pub draft: Draft,
    /// The changed sections with their versions.
    pub changed: Vec<(Section, i64)>,
    /// What would be published, and what that changes; or what keeps it from being proposed.
    pub outcome: std::result::Result<(Terms, Vec<Change>), Vec<FieldError>>,
    /// What the service itself recorded of the failure that it is for.
    pub recorded: Vec<Outage>,
}

pub struct AmendmentView {
    pub facts: ChallengeFacts,
    pub n: i64,
    pub terms: Terms,
    pub making: Option<Making>,
}

/// The team's view of what is in the making.
pub async fn read_amendment(desk: &Desk, actor: &Actor, id: ChallengeId) -> Result<AmendmentView> {
    let mut conn = desk.store.read().await?;
    let facts = crate::challenge::facts::<ReadAmendment>(&mut conn, actor, id, Lock::None).await?;
    policy::read_amendment(actor, &facts)?;
    if facts.standing.publish_at.is_none() {
        return Err(policy::Refused::unseen::<ReadAmendment>(id.get()).into());
    }
    let (n, terms) = published(&mut conn, id).await?;
    let making = match in_the_making(&mut conn, id).await? {
        Some(row) => Some(making(&mut conn, &facts, row, &terms).await?),
        None => None,
    };
    Ok(AmendmentView { facts, n, terms, making })
}

async fn making(conn: &mut Conn, facts: &ChallengeFacts, row: AmendmentRow, terms: &Terms) -> Result<Making> {
    let (id, kind, state) = (AmendmentId(row.id), row.kind()?, row.state()?);
    let mut draft = conn.draft(facts.challenge).await?;
    let mut changed = Vec::new();
    for (section, fields, version) in conn.amendment_sections(id).await? {
        draft.0.insert(section, fields);
        changed.push((section, version));
    }
    let outcome = match (state, row.terms()?) {
        // What was proposed is what the approver reads, whatever was typed since.
        (AmendmentState::Proposed, Some(after)) => {
            let checked = if kind == AmendmentKind::Reopening { challenge::amendment::reopen } else { amend };
            checked(terms, &after, when(facts)).map(|found| (after, found))
        }
        (_, proposed) if kind != AmendmentKind::Amendment => {
            let after = proposed.unwrap_or_else(|| terms.clone());
            Ok((after.clone(), changes(terms, &after)))
        }
        _ => amended(conn, facts, id, terms).await?,
    };
    let recorded = recorded(conn, &row).await?;
    Ok(Making { row, kind, state, draft, changed, outcome, recorded })
}
