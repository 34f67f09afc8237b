//! The open library: a supplier publishes what it can do, by its consent; a buyer that has the same problem begins from there; and
//! what everybody may read of suppliers and buyers.

use domain::form::Fields;
use domain::ids::{ChallengeId, OrganisationId, SolutionId};
use domain::library::Entry;
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{self, EditOrganisation, EditSolution, ReadSolution, Refused, ShareProblem, SolutionFacts, Verb};
use store::{Conn, EntryRow, OrganisationRow};

use crate::challenge::Listed;
use crate::{Desk, Error, Result};

pub const PER_PAGE: i64 = 20;

/// An entry with what its page shows.
pub struct EntryView {
    pub row: EntryRow,
    pub entry: Entry,
    /// The challenge in which its supplier was awarded: title and reference.
    pub solved: Option<Listed>,
    /// The reader acts for its supplier.
    pub own: bool,
}

async fn facts<V: Verb>(conn: &mut Conn, id: SolutionId) -> Result<SolutionFacts> {
    Ok(conn.solution_facts(id).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

async fn listed(conn: &mut Conn, challenge: ChallengeId, now: Moment) -> Result<Option<Listed>> {
    let row = conn.challenge_row(challenge).await?.filter(|row| row.standing().is_public(now));
    row.map(|row| Listed::of(&row, now)).transpose()
}

async fn view(conn: &mut Conn, actor: &Actor, row: EntryRow, now: Moment) -> Result<EntryView> {
    let solved = match row.challenge {
        Some(challenge) => listed(conn, ChallengeId(challenge), now).await?,
        None => None,
    };
    let own = actor.acts_for(OrganisationId(row.supplier));
    Ok(EntryView { entry: row.entry()?, solved, own, row })
}

/// Published entries, the newest first, and how many there are. `page` from 1.
pub async fn list_library(desk: &Desk, actor: &Actor, page: i64) -> Result<(Vec<EntryView>, i64)> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let all = conn.library_count().await?;
    let mut views = Vec::new();
    for row in conn.library(PER_PAGE, (page.max(1) - 1).saturating_mul(PER_PAGE)).await? {
        views.push(view(&mut conn, actor, row, now).await?);
    }
    Ok((views, all))
}

pub async fn read_entry(desk: &Desk, actor: &Actor, id: SolutionId) -> Result<EntryView> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<ReadSolution>(&mut conn, id).await?;
    policy::read_solution(actor, &facts)?;
    let row = conn.library_entry(id).await?.ok_or(Refused::unseen::<ReadSolution>(id.get()))?;
    view(&mut conn, actor, row, facts.now).await
}

/// Whether the supplier that the actor acts for was awarded there; `None` where no challenge is named.
async fn awarded(conn: &mut Conn, actor: &Actor, challenge: Option<ChallengeId>) -> Result<Option<bool>> {
    let (Some(challenge), Some(acting)) = (challenge, actor.acting_as()) else { return Ok(challenge.map(|_| false)) };
    let awards = conn.awards_to(acting.organisation).await?;
    Ok(Some(awards.iter().any(|award| award.challenge == challenge.get())))
}

/// What a form to publish begins with: of the challenge in which the supplier was awarded its outcomes, else nothing.
pub async fn begin_entry(desk: &Desk, actor: &Actor, challenge: Option<ChallengeId>) -> Result<(Fields, Option<Listed>)> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let awarded = awarded(&mut conn, actor, challenge).await?;
    policy::publish_solution(actor, conn.brand(), now, awarded)?;
    let Some(challenge) = challenge else { return Ok((Fields::default(), None)) };
    let Some(row) = conn.challenge_row(challenge).await? else { return Ok((Fields::default(), None)) };
    let mut fields = Fields::default();
    if let Some(terms) = row.terms()? {
        fields.set("problem", terms.problem.now.clone());
        for (at, outcome) in (1..=domain::library::ROWS).zip(&terms.outcomes) {
            fields.set(format!("proved-{at}-what"), format!("{} ({})", outcome.title, outcome.unit));
            fields.set(format!("proved-{at}-before"), outcome.baseline.to_string());
        }
    }
    Ok((fields, Some(Listed::of(&row, now)?)))
}

/// Fields as [`Entry::parse`] says. `challenge`: where the supplier was awarded. Sent twice it is published once.
pub async fn publish_solution(desk: &Desk, actor: &Actor, challenge: Option<ChallengeId>, fields: &Fields) -> Result<SolutionId> {
    let entry = Entry::parse(fields);
    let (id, who) = (SolutionId(desk.chance.id()), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let awarded = awarded(tx, &who, challenge).await?;
            let permit = policy::publish_solution(&who, tx.brand(), now, awarded)?;
            let entry = entry.map_err(Error::Invalid)?;
            if let Some(same) = tx.same_solution(OrganisationId(permit.subject().id), &entry).await? {
                tx.leave_no_entry();
                return Ok(same);
            }
            tx.publish_solution(&permit, id, challenge, &entry).await?;
            Ok(id)
        })
    })
    .await
}

/// The same fields, and `seen`, the version that was read. What was withdrawn is published again.
pub async fn change_solution(desk: &Desk, actor: &Actor, id: SolutionId, fields: &Fields) -> Result<()> {
    let (entry, seen) = (Entry::parse(fields), fields.get("seen").parse().unwrap_or(0));
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EditSolution>(tx, id).await?;
            let permit = policy::edit_solution(&who, &facts)?;
            let entry = entry.map_err(Error::Invalid)?;
            Ok(tx.change_solution(&permit, &entry, seen).await?)
        })
    })
    .await
}

pub async fn withdraw_solution(desk: &Desk, actor: &Actor, id: SolutionId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EditSolution>(tx, id).await?;
            let permit = policy::edit_solution(&who, &facts)?;
            Ok(tx.withdraw_solution(&permit).await?)
        })
    })
    .await
}

/// "We have this problem too". Gives the reference of the challenge to begin from, where there is one.
pub async fn share_problem(desk: &Desk, actor: &Actor, id: SolutionId) -> Result<Option<String>> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<ShareProblem>(tx, id).await?;
            let permit = policy::share_problem(&who, &facts)?;
            tx.share_problem(&permit).await?;
            let challenge = tx.library_entry(id).await?.and_then(|row| row.challenge);
            Ok(match challenge {
                Some(challenge) => listed(tx, ChallengeId(challenge), facts.now).await?.map(|listed| listed.reference),
                None => None,
            })
        })
    })
    .await
}

/// Own entries, withdrawn ones too.
pub async fn own_entries(desk: &Desk, actor: &Actor) -> Result<Vec<EntryView>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let permit = policy::publish_solution(actor, conn.brand(), now, None)?;
    let mut views = Vec::new();
    for row in conn.library_of(OrganisationId(permit.subject().id)).await? {
        views.push(view(&mut conn, actor, row, now).await?);
    }
    Ok(views)
}

/// A public award.
pub struct Award {
    pub challenge: Listed,
    pub supplier: (OrganisationId, String),
    pub at: Moment,
}

async fn awards(conn: &mut Conn, rows: Vec<store::AwardRow>, now: Moment) -> Result<Vec<Award>> {
    let mut awards = Vec::new();
    for row in rows {
        if let Some(challenge) = listed(conn, ChallengeId(row.challenge), now).await? {
            awards.push(Award { challenge, supplier: (OrganisationId(row.supplier), row.supplier_name), at: Moment(row.at) });
        }
    }
    Ok(awards)
}

/// What everybody may read of a supplier.
pub struct SupplierPage {
    pub organisation: OrganisationRow,
    /// It shows its profile; else only its name and what is public anyway.
    pub shows: bool,
    pub entries: Vec<EntryView>,
    pub awards: Vec<Award>,
}

/// There is none for a supplier of which nothing is public: that it is registered is nobody's business.
pub async fn read_supplier(desk: &Desk, actor: &Actor, id: OrganisationId) -> Result<SupplierPage> {
    let unseen = Refused::unseen::<EditOrganisation>(id.get());
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let organisation = conn.organisation(id.get()).await?.filter(|row| row.kind == "supplier").ok_or(unseen)?;
    let shows = conn.shows_profile(id).await?;
    let mut entries = Vec::new();
    for row in conn.library_of(id).await?.into_iter().filter(|row| row.withdrawn_at.is_none()) {
        entries.push(view(&mut conn, actor, row, now).await?);
    }
    let rows = conn.awards_to(id).await?;
    let awards = awards(&mut conn, rows, now).await?;
    if !shows && entries.is_empty() && awards.is_empty() {
        return Err(unseen.into());
    }
    Ok(SupplierPage { organisation, shows, entries, awards })
}

/// What everybody may read of a buyer: its published challenges and its awards.
pub struct BuyerPage {
    pub organisation: OrganisationRow,
    pub challenges: Vec<Listed>,
    pub awards: Vec<Award>,
}

/// There is none for a buyer that has published nothing.
pub async fn read_buyer(desk: &Desk, id: OrganisationId) -> Result<BuyerPage> {
    let unseen = Refused::unseen::<EditOrganisation>(id.get());
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let organisation = conn.organisation(id.get()).await?.filter(|row| row.kind == "buyer").ok_or(unseen)?;
    let rows = conn.buyer_challenges(id, now).await?;
    let challenges: Vec<_> =
        rows.iter().filter(|row| row.standing().is_public(now)).map(|row| Listed::of(row, now)).collect::<Result<_>>()?;
    if challenges.is_empty() {
        return Err(unseen.into());
    }
    let rows = conn.awards_by(id).await?;
    let awards = awards(&mut conn, rows, now).await?;
    Ok(BuyerPage { organisation, challenges, awards })
}

/// Shows the profile to everybody, or no longer.
pub async fn show_profile(desk: &Desk, actor: &Actor, id: OrganisationId, show: bool) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = tx.organisation_facts(&who, id.get()).await?.ok_or(Refused::unseen::<EditOrganisation>(id.get()))?;
            let permit = policy::show_profile(&who, &facts)?;
            Ok(tx.show_profile(&permit, show).await?)
        })
    })
    .await
}
