//! Organisations: registration, verification of buyers, members.

use domain::form::{Errors, Fields};
use domain::ids::{OrganisationId, UserId};
use domain::moment::DAY;
use domain::notice::{Event, EventKind};
use domain::organisation::{Actor, OrganisationKind, Role};
use domain::policy::{
    self, AcceptInvitation, EditOrganisation, EndMembership, InviteMember, OrganisationFacts, Refused, SetOpeningRule,
    VerifyBuyer,
};
use domain::profile::{Profile, Standing};
use serde_json::json;
use store::{Conn, InvitationRow, Mail, MemberRow, OrganisationRow};

use crate::account::{Secret, address};
use crate::{Desk, Error, Result};

const INVITATION: &str = "invitation";

async fn facts<V: policy::Verb>(conn: &mut Conn, actor: &Actor, id: OrganisationId) -> Result<OrganisationFacts> {
    Ok(conn.organisation_facts(actor, id.get()).await?.ok_or(Refused::unseen::<V>(id.get()))?)
}

/// Fields `kind`, `name`, `place`. Its registrar is its first owner.
pub async fn create_organisation(desk: &Desk, actor: &Actor, fields: &Fields) -> Result<OrganisationId> {
    let mut errors = Errors::default();
    let name = errors.text(fields, "name", true, 160);
    let place = errors.text(fields, "place", false, 120);
    // How a supplier stands in law is asked with what it is: who has no company need not look for another form.
    let standing = Standing::parse(fields.get("kind")).unwrap_or_default();
    let kind = if standing == Standing::Registered {
        OrganisationKind::parse(fields.get("kind"))
    } else {
        Some(OrganisationKind::Supplier)
    };
    let profile = Profile { standing, ..Profile::default() };
    if kind.is_none() {
        errors.say("kind", "choose");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let kind = kind.unwrap_or(OrganisationKind::Supplier);
    let (id, membership, who) = (desk.chance.id(), desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let now = tx.now().await?;
            let permit = policy::create_organisation(&who, tx.brand(), now)?;
            tx.create_organisation(&permit, id, membership, kind, &name, &place, &profile).await?;
            Ok(OrganisationId(id))
        })
    })
    .await
}

/// An organisation as its members see it.
pub struct OrganisationView {
    pub organisation: OrganisationRow,
    pub members: Vec<MemberRow>,
    pub invitations: Vec<InvitationRow>,
    pub role: Role,
}

/// Members only: everybody else is told that there is none.
pub async fn read_organisation(desk: &Desk, actor: &Actor, id: OrganisationId) -> Result<OrganisationView> {
    let mut conn = desk.store.read().await?;
    let unseen = || Refused::unseen::<EditOrganisation>(id.get());
    let facts = conn.organisation_facts(actor, id.get()).await?.ok_or_else(unseen)?;
    let role = facts.role.ok_or_else(unseen)?;
    let organisation = conn.organisation(id.get()).await?.ok_or_else(unseen)?;
    let members = conn.members_of(id.get()).await?;
    let invitations = conn.invitations_to(id.get()).await?;
    Ok(OrganisationView { organisation, members, invitations, role })
}

/// Fields `about`, `place`, `url`, `four_eyes`, those of a supplier's [`Profile`], and `seen` (the version that was read).
pub async fn edit_organisation(desk: &Desk, actor: &Actor, id: OrganisationId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let about = errors.text(fields, "about", false, 4_000);
    let place = errors.text(fields, "place", false, 120);
    let url = errors.text(fields, "url", false, 300);
    if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
        errors.say("url", "url");
    }
    let four_eyes = fields.checked("four_eyes");
    let profile = Profile::parse(fields, &mut errors);
    let seen = fields.get("seen").parse().unwrap_or(0);
    errors.done(()).map_err(Error::Invalid)?;
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EditOrganisation>(tx, &who, id).await?;
            let permit = policy::edit_organisation(&who, &facts)?;
            Ok(tx.edit_organisation(&permit, seen, &about, &place, &url, four_eyes, &profile).await?)
        })
    })
    .await
}

/// Whether openings take two people, for the challenges approved from now on.
pub async fn set_opening_rule(desk: &Desk, actor: &Actor, id: OrganisationId, by_two: bool) -> Result<()> {
    let (rule, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<SetOpeningRule>(tx, &who, id).await?;
            let permit = policy::set_opening_rule(&who, &facts)?;
            Ok(tx.set_opening_rule(&permit, rule, by_two).await?)
        })
    })
    .await
}

/// The buyer's name, and whether its openings take two.
pub async fn read_opening_rule(desk: &Desk, actor: &Actor, id: OrganisationId) -> Result<(String, bool)> {
    let mut conn = desk.store.read().await?;
    let facts = facts::<SetOpeningRule>(&mut conn, actor, id).await?;
    policy::set_opening_rule(actor, &facts)?;
    let name = conn.organisation(id.get()).await?.map(|row| row.name).unwrap_or_default();
    Ok((name, conn.opening_by_two(id).await?))
}

pub async fn verify_buyer(desk: &Desk, actor: &Actor, id: OrganisationId, verified: bool) -> Result<()> {
    let (event, who) = (desk.chance.id(), actor.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<VerifyBuyer>(tx, &who, id).await?;
            let permit = policy::verify_buyer(&who, &facts)?;
            tx.verify_buyer(&permit, event, verified).await?;
            if verified {
                let name = tx.organisation(id.get()).await?.map(|row| row.name).unwrap_or_default();
                let told = Event::of(EventKind::BuyerVerified, event).to_organisation(id, &name);
                tx.tell(&told.link(format!("/organisations/{id}"))).await?;
            }
            Ok(())
        })
    })
    .await
}

/// The administrator's list of buyers.
pub async fn list_buyers(desk: &Desk, actor: &Actor) -> Result<Vec<OrganisationRow>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    policy::administer(actor, conn.brand(), now)?;
    Ok(conn.buyers().await?)
}

/// Fields `email`, `role`. The link in the mail works once, for two weeks, for that address.
pub async fn invite_member(desk: &Desk, actor: &Actor, id: OrganisationId, fields: &Fields) -> Result<()> {
    let mut errors = Errors::default();
    let email = address(fields.get("email"));
    if email.is_none() {
        errors.say("email", "email");
    }
    let role = Role::parse(fields.get("role"));
    if role.is_none() {
        errors.say("role", "choose");
    }
    errors.done(()).map_err(Error::Invalid)?;
    let (email, role) = (email.unwrap_or_default(), role.unwrap_or(Role::Member));
    let (secret, mail, who, base) = (Secret::fresh(desk), desk.chance.id(), actor.clone(), desk.base_url.clone());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<InviteMember>(tx, &who, id).await?;
            let permit = policy::invite_member(&who, &facts, role)?;
            let by = who.user().map(|user| user.get());
            tx.insert_token(&secret.stored(), INVITATION, &email, None, Some(id.get()), Some(role.code()), by, 14 * DAY).await?;
            let organisation = tx.organisation(id.get()).await?.map(|row| row.name).unwrap_or_default();
            let params = json!({ "organisation": organisation, "link": format!("{base}/invitation?token={}", secret.0) });
            tx.mail(Mail {
                id: mail,
                event: format!("invite_member:{mail}"),
                recipient: email,
                template: "invitation",
                params,
                due_at: None,
            });
            tx.record(&permit, None)?;
            Ok(())
        })
    })
    .await
}

/// What a mailed link invites to, shown before it is accepted.
pub async fn read_invitation(desk: &Desk, token: &str) -> Result<Option<(String, String)>> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let Some(found) = conn.token(&Secret::digest(token)).await? else { return Ok(None) };
    if found.purpose != INVITATION || found.used_at.is_some() || now.micros() >= found.expires_at {
        return Ok(None);
    }
    let organisation = conn.organisation(found.subject_id.unwrap_or_default()).await?;
    Ok(organisation.map(|row| (row.name, found.email)))
}

pub async fn accept_invitation(desk: &Desk, actor: &Actor, email: &str, token: &str) -> Result<OrganisationId> {
    let (token, membership, who, email) = (Secret::digest(token), desk.chance.id(), actor.clone(), email.to_owned());
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let Some(found) = tx.use_token(&token, INVITATION).await? else { return Err(Error::field("token", "link-used")) };
            let id = OrganisationId(found.subject_id.unwrap_or_default());
            let facts = facts::<AcceptInvitation>(tx, &who, id).await?;
            let role = found.role.as_deref().and_then(Role::parse).unwrap_or(Role::Member);
            let permit = policy::accept_invitation(&who, &facts, found.email == email)?;
            tx.accept_invitation(&permit, membership, role).await?;
            Ok(id)
        })
    })
    .await
}

pub async fn end_membership(desk: &Desk, actor: &Actor, id: OrganisationId, of: UserId) -> Result<()> {
    let who = actor.clone();
    desk.write(actor, move |tx| {
        Box::pin(async move {
            let facts = facts::<EndMembership>(tx, &who, id).await?;
            let members = tx.members_of(id.get()).await?;
            let role = members.iter().find(|member| member.user_id == of.get()).and_then(|member| Role::parse(&member.role));
            let role = role.ok_or(Refused::unseen::<EndMembership>(id.get()))?;
            let permit = policy::end_membership(&who, &facts, of, role)?;
            Ok(tx.end_membership(&permit, of.get()).await?)
        })
    })
    .await
}
