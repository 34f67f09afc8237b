//! How far a challenge reaches: readers, followers, those who look for a partner, and why some did not answer.

use domain::ids::{ChallengeId, OrganisationId};
use domain::library::NoAnswer;
use domain::moment::{DAY, Moment};
use domain::policy::{EndPartnerNote, Permit, PostPartnerNote, SayWhyNot};

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PartnerRow {
    pub id: i64,
    pub supplier: i64,
    pub supplier_name: String,
    pub brings: String,
    pub seeks: String,
    pub contact: String,
    pub at: i64,
    pub ended_at: Option<i64>,
    pub ended_by_team: bool,
    pub reason: String,
}

/// Sums about a challenge. Whether the last two may be shown is the policy's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct ReachRow {
    pub seen: i64,
    pub followed: i64,
    pub started: i64,
    pub submitted: i64,
}

impl Conn {
    /// Those that stand, and those that the team took off the page; the newest first.
    pub async fn partner_notes(&mut self, challenge: ChallengeId) -> Result<Vec<PartnerRow>> {
        rows!(
            self,
            PartnerRow,
            "select p.id, p.supplier, o.name as supplier_name, p.brings, p.seeks, p.contact, p.at, p.ended_at, p.ended_by_team, p.reason
             from partner_note p join organisation o on o.id = p.supplier
             where p.challenge = $1 and (p.ended_at is null or p.ended_by_team) order by p.at desc, p.id",
            challenge.get()
        )
    }

    /// The note that a supplier posted last, whether or not it stands.
    pub async fn newest_partner_note(&mut self, challenge: ChallengeId, supplier: i64) -> Result<Option<PartnerRow>> {
        row!(
            self,
            PartnerRow,
            "select p.id, p.supplier, o.name as supplier_name, p.brings, p.seeks, p.contact, p.at, p.ended_at, p.ended_by_team, p.reason
             from partner_note p join organisation o on o.id = p.supplier
             where p.challenge = $1 and p.supplier = $2 order by p.at desc, p.ended_at is null desc, p.id desc limit 1",
            challenge.get(),
            supplier
        )
    }

    /// Everybody who follows counts, whoever they are.
    pub async fn reach(&mut self, challenge: ChallengeId) -> Result<ReachRow> {
        let found = row!(
            self,
            ReachRow,
            "select cast(coalesce((select sum(n) from challenge_seen where challenge = $1), 0) as bigint) as seen,
                    (select count(*) from follow where challenge = $1) as followed,
                    (select count(*) from response where challenge = $1) as started,
                    (select count(distinct b.response) from submission b join response r on r.id = b.response where r.challenge = $1) as submitted",
            challenge.get()
        )?;
        Ok(found.unwrap_or_default())
    }

    /// Reasons with how many gave each. Whoever acts for a supplier that did answer is left out: to be asked after the opening
    /// only, as the sums tell how many of them answered.
    pub async fn no_answers(&mut self, challenge: ChallengeId) -> Result<Vec<(String, i64)>> {
        rows!(
            self,
            (String, i64),
            "select reason, count(*) from no_answer where challenge = $1 and not exists (
                 select r.id from response r join submission s on s.response = r.id
                 join membership m on m.organisation = r.supplier and m.user_id = no_answer.user_id and m.ended_at is null
                 where r.challenge = $1
             ) group by reason order by count(*) desc, reason",
            challenge.get()
        )
    }

    pub async fn why_not(&mut self, challenge: ChallengeId, user: i64) -> Result<Option<String>> {
        let found =
            row!(self, (String,), "select reason from no_answer where challenge = $1 and user_id = $2", challenge.get(), user)?;
        Ok(found.map(|(reason,)| reason))
    }
}

impl Tx {
    /// A supplier has one note; a new one stands in place of the one before.
    pub async fn post_partner_note(
        &mut self,
        permit: &Permit<PostPartnerNote>,
        id: i64,
        brings: &str,
        seeks: &str,
        contact: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let (challenge, supplier) = (permit.subject().id, permit.acting_as().unwrap_or_default());
        let now = permit.now().micros();
        exec!(
            self,
            "update partner_note set ended_at = $3 where challenge = $1 and supplier = $2 and ended_at is null",
            challenge,
            supplier,
            now
        )?;
        exec!(
            self,
            "insert into partner_note (id, challenge, supplier, brings, seeks, contact, at, by_user) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id,
            challenge,
            supplier,
            brings,
            seeks,
            contact,
            now,
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// `reason`: of the team; empty where the supplier takes it back.
    pub async fn end_partner_note(
        &mut self,
        permit: &Permit<EndPartnerNote>,
        supplier: OrganisationId,
        by_team: bool,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "update partner_note set ended_at = $3, ended_by_team = $4, reason = $5
             where challenge = $1 and supplier = $2 and ended_at is null",
            permit.subject().id,
            supplier.get(),
            permit.now().micros(),
            by_team,
            reason
        )?;
        self.record(permit, None)
    }

    /// The newest reason counts.
    pub async fn say_why_not(&mut self, permit: &Permit<SayWhyNot>, reason: NoAnswer) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into no_answer (challenge, user_id, reason, at) values ($1, $2, $3, $4)
             on conflict (challenge, user_id) do update set reason = excluded.reason, at = excluded.at",
            permit.subject().id,
            permit.by().get(),
            reason.code(),
            permit.now().micros()
        )?;
        self.record(permit, None)
    }

    /// Adds to the sums of a day what a node counted.
    pub async fn add_seen(&mut self, seen: &[(ChallengeId, i64)], at: Moment) -> Result<()> {
        let day = at.micros().div_euclid(DAY);
        for (challenge, n) in seen {
            exec!(
                self,
                "insert into challenge_seen (challenge, day, n) values ($1, $2, $3)
                 on conflict (challenge, day) do update set n = challenge_seen.n + excluded.n",
                challenge.get(),
                day,
                *n
            )?;
        }
        self.leave_no_entry();
        Ok(())
    }
}
