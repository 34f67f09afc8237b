//! Organisations, memberships, invitations.

use domain::ids::OrganisationId;
use domain::organisation::{Actor, OrganisationKind, Role};
use domain::policy::{
    AcceptInvitation, CreateOrganisation, EditOrganisation, EndMembership, OrganisationFacts, Permit, Subject, VerifyBuyer,
};

use domain::profile::Profile;

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result, corrupt};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OrganisationRow {
    pub id: i64,
    pub kind: String,
    pub name: String,
    pub about: String,
    pub place: String,
    pub url: String,
    pub four_eyes: bool,
    pub created_at: i64,
    pub verified_at: Option<i64>,
    pub row_version: i64,
    /// JSON; see [`Self::profile`].
    pub profile: String,
}

impl OrganisationRow {
    pub fn profile(&self) -> Result<Profile> {
        serde_json::from_str(&self.profile).map_err(|_| corrupt("profile"))
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MembershipRow {
    pub id: i64,
    pub organisation: i64,
    pub name: String,
    pub kind: String,
    pub role: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MemberRow {
    pub membership: i64,
    pub user_id: i64,
    pub name: String,
    pub email: String,
    pub role: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct InvitationRow {
    pub email: String,
    pub role: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

impl Conn {
    pub async fn organisation(&mut self, id: i64) -> Result<Option<OrganisationRow>> {
        row!(
            self,
            OrganisationRow,
            "select o.id, o.kind, o.name, o.about, o.place, o.url, o.four_eyes, o.created_at, o.row_version, o.profile,
                    (select case when e.kind = 'verified' then e.at end from organisation_event e
                     where e.organisation = o.id order by e.at desc, e.id desc limit 1) as verified_at
             from organisation o where o.id = $1",
            id
        )
    }

    /// Every organisation's id, for the index's scan, in pages by id.
    pub async fn scan_organisations(&mut self, after: i64, most: i64) -> Result<Vec<i64>> {
        let found = rows!(self, (i64,), "select id from organisation where id > $1 order by id limit $2", after, most)?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    /// Buyers, those that wait for verification first.
    pub async fn buyers(&mut self) -> Result<Vec<OrganisationRow>> {
        rows!(
            self,
            OrganisationRow,
            "select o.id, o.kind, o.name, o.about, o.place, o.url, o.four_eyes, o.created_at, o.row_version, o.profile,
                    (select case when e.kind = 'verified' then e.at end from organisation_event e
                     where e.organisation = o.id order by e.at desc, e.id desc limit 1) as verified_at
             from organisation o where o.kind = 'buyer' order by 10 is not null, o.created_at"
        )
    }

    pub async fn memberships_of(&mut self, user: i64) -> Result<Vec<MembershipRow>> {
        rows!(
            self,
            MembershipRow,
            "select m.id, m.organisation, o.name, o.kind, m.role from membership m join organisation o on o.id = m.organisation
             where m.user_id = $1 and m.ended_at is null order by o.name",
            user
        )
    }

    pub async fn members_of(&mut self, organisation: i64) -> Result<Vec<MemberRow>> {
        rows!(
            self,
            MemberRow,
            "select m.id as membership, m.user_id, u.name, u.email, m.role from membership m join users u on u.id = m.user_id
             where m.organisation = $1 and m.ended_at is null order by u.name",
            organisation
        )
    }

    pub async fn invitations_to(&mut self, organisation: i64) -> Result<Vec<InvitationRow>> {
        let now = self.now().await?;
        rows!(
            self,
            InvitationRow,
            "select email, role, created_at, expires_at from token
             where subject_id = $1 and purpose = 'invitation' and used_at is null and expires_at > $2 order by created_at desc",
            organisation,
            now.micros()
        )
    }

    pub async fn organisation_facts(&mut self, actor: &Actor, id: i64) -> Result<Option<OrganisationFacts>> {
        let now = self.now().await?;
        let found = row!(
            self,
            (String, i64, Option<String>, i64),
            "select o.kind,
                    cast(coalesce((select case when e.kind = 'verified' then 1 else 0 end from organisation_event e
                        where e.organisation = o.id order by e.at desc, e.id desc limit 1), 0) as bigint),
                    (select m.role from membership m where m.organisation = o.id and m.user_id = $2 and m.ended_at is null),
                    (select count(*) from membership m where m.organisation = o.id and m.role = 'owner' and m.ended_at is null)
             from organisation o where o.id = $1",
            id,
            actor.user().map_or(0, |user| user.get())
        )?;
        let Some((kind, verified, role, owners)) = found else { return Ok(None) };
        Ok(Some(OrganisationFacts {
            brand: self.brand(),
            now,
            organisation: OrganisationId(id),
            kind: OrganisationKind::parse(&kind).ok_or_else(|| corrupt("kind of organisation"))?,
            verified: verified == 1,
            role: role.as_deref().map(|role| Role::parse(role).ok_or_else(|| corrupt("role"))).transpose()?,
            owners,
        }))
    }
}

impl Tx {
    #[allow(clippy::too_many_arguments)]
    pub async fn create_organisation(
        &mut self,
        permit: &Permit<CreateOrganisation>,
        id: i64,
        membership: i64,
        kind: OrganisationKind,
        name: &str,
        place: &str,
        profile: &Profile,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into organisation (id, kind, name, place, created_at, created_by, profile) values ($1, $2, $3, $4, $5, $6, $7)",
            id,
            kind.code(),
            name,
            place,
            permit.now().micros(),
            permit.by().get(),
            serde_json::to_string(profile).map_err(|_| corrupt("profile"))?
        )?;
        exec!(
            self,
            "insert into membership (id, user_id, organisation, role, created_at) values ($1, $2, $3, 'owner', $4)",
            membership,
            permit.by().get(),
            id,
            permit.now().micros()
        )?;
        self.record_on(permit, Subject { kind: "organisation", id }, None)
    }

    #[allow(clippy::too_many_arguments)]
    pub async fn edit_organisation(
        &mut self,
        permit: &Permit<EditOrganisation>,
        seen: i64,
        about: &str,
        place: &str,
        url: &str,
        four_eyes: bool,
        profile: &Profile,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "update organisation set about = $3, place = $4, url = $5, four_eyes = $6, profile = $7, row_version = row_version + 1
             where id = $1 and row_version = $2",
            permit.subject().id,
            seen,
            about,
            place,
            url,
            four_eyes,
            serde_json::to_string(profile).map_err(|_| corrupt("profile"))?
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.changed("organisation", permit.subject().id, None);
        self.record(permit, None)
    }

    /// Verification is a fact of its own; taking it back is another.
    pub async fn verify_buyer(&mut self, permit: &Permit<VerifyBuyer>, event: i64, verified: bool) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into organisation_event (id, organisation, kind, at, by_user) values ($1, $2, $3, $4, $5)",
            event,
            permit.subject().id,
            if verified { "verified" } else { "unverified" },
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    pub async fn accept_invitation(&mut self, permit: &Permit<AcceptInvitation>, membership: i64, role: Role) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into membership (id, user_id, organisation, role, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing",
            membership,
            permit.by().get(),
            permit.subject().id,
            role.code(),
            permit.now().micros()
        )?;
        self.record(permit, None)
    }

    /// Ends the membership, the sessions' acting as it, and the places it gave on teams of the buyer's challenges. `Stale` when
    /// there is none or it is the last owner's: two owners who leave at once on two nodes must not leave nobody, so the count
    /// is taken again under the organisation's lock.
    pub async fn end_membership(&mut self, permit: &Permit<EndMembership>, of: i64) -> Result<()> {
        self.accept(permit)?;
        let organisation = permit.subject().id;
        lock_row!(self, Lock::Update, "select id from organisation where id = $1", organisation)?;
        let ended = exec!(
            self,
            "update membership set ended_at = $3 where organisation = $1 and user_id = $2 and ended_at is null
             and (role <> 'owner' or 1 < (select count(*) from membership o
                where o.organisation = $1 and o.role = 'owner' and o.ended_at is null))",
            organisation,
            of,
            permit.now().micros()
        )?;
        if ended == 0 {
            return Err(Error::Stale);
        }
        exec!(
            self,
            "update challenge_team set until = $3 where user_id = $2 and until is null
             and challenge in (select id from challenge where buyer = $1)",
            organisation,
            of,
            permit.now().micros()
        )?;
        self.record(permit, None)
    }
}
