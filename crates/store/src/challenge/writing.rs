//! What is written of a challenge while it is made, and its end.

use domain::challenge::{Section, TeamRole};
use domain::form::Fields;
use domain::ids::{ChallengeId, UserId};
use domain::moment::Moment;
use domain::policy::{CancelChallenge, CreateChallenge, EditChallenge, FollowChallenge, NameTeam, Permit, Subject};

use crate::tx::Tx;
use crate::{Error, Result};

/// Whose sections: a challenge's own, or those that an amendment writes over them.
#[derive(Clone, Copy)]
pub(crate) enum Sections {
    Challenge,
    Amendment,
}

impl Tx {
    /// A draft with its author as the first officer of its team.
    pub async fn create_challenge(&mut self, permit: &Permit<CreateChallenge>, id: ChallengeId, reference: &str) -> Result<()> {
        self.accept(permit)?;
        let at = permit.now().micros();
        exec!(
            self,
            "insert into challenge (id, reference, buyer, author, created_at) values ($1, $2, $3, $4, $5)",
            id.get(),
            reference,
            permit.subject().id,
            permit.by().get(),
            at
        )?;
        exec!(
            self,
            "insert into challenge_team (challenge, user_id, role, since) values ($1, $2, 'officer', $3)",
            id.get(),
            permit.by().get(),
            at
        )?;
        self.changed("challenge", id.get(), None);
        self.record_on(permit, Subject { kind: "challenge", id: id.get() }, None)
    }

    /// Compare-and-set on the section's version: `Stale` when somebody else saved it since it was read. A version of 0 means
    /// that there was none. Gives the new version.
    pub async fn save_section(
        &mut self,
        permit: &Permit<EditChallenge>,
        section: Section,
        fields: &Fields,
        seen: i64,
    ) -> Result<i64> {
        self.accept(permit)?;
        let (id, by, at) = (permit.subject().id, permit.by().get(), permit.now().micros());
        let version = self.keep_section(Sections::Challenge, id, (section, fields), (by, at), seen).await?;
        self.note_writer(id, section, by, at).await?;
        self.changed("challenge", id, None);
        self.record(permit, None)?;
        Ok(version)
    }

    /// The compare-and-set of both tables: the new version, or `Stale`. The caller has accepted a permit.
    pub(crate) async fn keep_section(
        &mut self,
        of: Sections,
        id: i64,
        (section, fields): (Section, &Fields),
        (by, at): (i64, i64),
        seen: i64,
    ) -> Result<i64> {
        let text = serde_json::to_string(fields).map_err(|error| Error::Corrupt { what: "draft", why: error.to_string() })?;
        macro_rules! keep {
            ($table:literal, $of:literal) => {
                if seen == 0 {
                    exec!(
                        self,
                        concat!(
                            "insert into ",
                            $table,
                            " (",
                            $of,
                            ", section, fields, updated_by, updated_at, row_version) values ($1, $2, $3, $4, $5, 1) on conflict do nothing"
                        ),
                        id,
                        section.code(),
                        text,
                        by,
                        at
                    )?
                } else {
                    exec!(
                        self,
                        concat!(
                            "update ",
                            $table,
                            " set fields = $4, updated_by = $5, updated_at = $6, row_version = row_version + 1 where ",
                            $of,
                            " = $1 and section = $2 and row_version = $3"
                        ),
                        id,
                        section.code(),
                        seen,
                        text,
                        by,
                        at
                    )?
                }
            };
        }
        let done = match of {
            Sections::Challenge => keep!("challenge_section", "challenge"),
            Sections::Amendment => keep!("amendment_section", "amendment"),
        };
        if done == 0 { Err(Error::Stale) } else { Ok(seen + 1) }
    }

    pub async fn name_team(&mut self, permit: &Permit<NameTeam>, user: i64, role: Option<TeamRole>) -> Result<()> {
        self.accept(permit)?;
        let (id, at) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "update challenge_team set until = $3 where challenge = $1 and user_id = $2 and until is null",
            id,
            user,
            at
        )?;
        if let Some(role) = role {
            exec!(
                self,
                "insert into challenge_team (challenge, user_id, role, since) values ($1, $2, $3, $4)
                 on conflict (challenge, user_id, since) do update set role = excluded.role, until = null",
                id,
                user,
                role.code(),
                at
            )?;
        }
        self.changed("challenge", id, None);
        self.record(permit, None)
    }

    pub async fn cancel_challenge(&mut self, permit: &Permit<CancelChallenge>, event: i64, reason: &str) -> Result<()> {
        self.accept(permit)?;
        let id = permit.subject().id;
        self.challenge_event(event, id, "cancelled", None, None, reason, permit.now(), permit.by()).await?;
        self.changed("challenge", id, None);
        self.record(permit, None)
    }

    #[allow(clippy::too_many_arguments)]
    pub(crate) async fn challenge_event(
        &mut self,
        event: i64,
        challenge: i64,
        kind: &str,
        n: Option<i64>,
        publish_at: Option<Moment>,
        reason: &str,
        at: Moment,
        by: UserId,
    ) -> Result<()> {
        exec!(
            self,
            "insert into challenge_event (id, challenge, kind, n, publish_at, reason, at, by_user) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            event,
            challenge,
            kind,
            n,
            publish_at.map(Moment::micros),
            reason,
            at.micros(),
            by.get()
        )?;
        Ok(())
    }

    pub async fn follow_challenge(&mut self, permit: &Permit<FollowChallenge>, follow: bool) -> Result<()> {
        self.accept(permit)?;
        let (user, id) = (permit.by().get(), permit.subject().id);
        if follow {
            exec!(
                self,
                "insert into follow (user_id, challenge, since) values ($1, $2, $3) on conflict do nothing",
                user,
                id,
                permit.now().micros()
            )?;
        } else {
            exec!(self, "delete from follow where user_id = $1 and challenge = $2", user, id)?;
        }
        self.record(permit, None)
    }
}
