//! Approval: who must approve, who did and of which text, sending back by section, publication and its official notice.

use domain::challenge::{Section, Terms};
use domain::ids::{ChallengeId, RoundId};
use domain::moment::Moment;
use domain::policy::{
    ApproveChallenge, NameApproval, Permit, ReadDraft, RecordOfficialNotice, RescheduleChallenge, SendBackChallenge,
    SubmitForReview, TakeBackChallenge,
};
use sha2::{Digest, Sha256};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result};

/// An approval that is named, and the newest one that was given for it: of whatever text.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NeedRow {
    pub id: i64,
    /// finance, legal or service
    pub kind: String,
    pub user_id: i64,
    pub name: String,
    pub email: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ApprovalRow {
    pub n: i64,
    pub digest: Vec<u8>,
    /// finance, legal, service, or publication where none were named
    pub kind: String,
    pub user_id: i64,
    pub name: String,
    pub publish_at: Option<i64>,
    pub at: i64,
}

/// Why one section was sent back.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReasonRow {
    pub event: i64,
    pub section: String,
    pub reason: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OfficialNoticeRow {
    pub reference: String,
    pub url: String,
    /// The start of its day in the official journal.
    pub published_at: i64,
    pub at: i64,
    pub by_name: String,
}

/// One approval as its giver gives it.
pub struct NewApproval<'a> {
    pub id: i64,
    pub n: i64,
    pub digest: &'a [u8],
    pub kind: &'a str,
    pub publish_at: Option<Moment>,
}

/// What publication needs once the last approval is there.
pub struct Publication<'a> {
    pub event: i64,
    pub n: i64,
    pub publish_at: Moment,
    /// Above the threshold of its law profile.
    pub notice_needed: bool,
    pub round: RoundId,
    pub deadline: Moment,
    /// Used where the challenge has no round yet: one that was taken back keeps its own.
    pub sealed_key: &'a [u8],
    pub digest: Vec<u8>,
}

impl Conn {
    pub async fn approval_needs(&mut self, id: ChallengeId) -> Result<Vec<NeedRow>> {
        rows!(
            self,
            NeedRow,
            "select q.id, q.kind, q.user_id, u.name, u.email from approval_need q join users u on u.id = q.user_id
             where q.challenge = $1 and q.until is null order by q.kind",
            id.get()
        )
    }

    pub async fn approvals(&mut self, id: ChallengeId) -> Result<Vec<ApprovalRow>> {
        rows!(
            self,
            ApprovalRow,
            "select a.n, a.digest, a.kind, a.user_id, u.name, a.publish_at, a.at from approval a join users u on u.id = a.user_id
             where a.challenge = $1 order by a.at, a.id",
            id.get()
        )
    }

    pub async fn send_back_reasons(&mut self, id: ChallengeId) -> Result<Vec<ReasonRow>> {
        rows!(
            self,
            ReasonRow,
            "select s.event, s.section, s.reason from send_back_reason s join challenge_event e on e.id = s.event
             where e.challenge = $1 order by e.at desc, s.section",
            id.get()
        )
    }

    /// Ids of all who ever saved a section, and of those who froze a version.
    pub async fn writers(&mut self, id: ChallengeId) -> Result<Vec<i64>> {
        let found = rows!(
            self,
            (i64,),
            "select user_id from challenge_writer where challenge = $1
             union select created_by from challenge_version where challenge = $1",
            id.get()
        )?;
        Ok(found.into_iter().map(|(user,)| user).collect())
    }

    pub async fn official_notice(&mut self, id: ChallengeId) -> Result<Option<OfficialNoticeRow>> {
        row!(
            self,
            OfficialNoticeRow,
            "select o.reference, o.url, o.published_at, o.at, u.name as by_name from official_notice o join users u on u.id = o.by_user
             where o.challenge = $1 order by o.at desc, o.id desc limit 1",
            id.get()
        )
    }

    /// The newest version before `n` that the user saw, approved or sent back.
    pub async fn seen_before(&mut self, id: ChallengeId, user: i64, n: i64) -> Result<Option<i64>> {
        let found = row!(
            self,
            (Option<i64>,),
            "select max(n) from (
                select n from review_seen where challenge = $1 and user_id = $2 and n < $3
                union select n from approval where challenge = $1 and user_id = $2 and n < $3
                union select n from challenge_event where challenge = $1 and by_user = $2 and kind = 'sent_back' and n < $3) as seen",
            id.get(),
            user,
            n
        )?;
        Ok(found.and_then(|(n,)| n))
    }
}

impl Tx {
    /// Whoever saves a section has written it, for good.
    pub(crate) async fn note_writer(&mut self, challenge: i64, section: Section, user: i64, at: i64) -> Result<()> {
        exec!(
            self,
            "insert into challenge_writer (challenge, user_id, section, at) values ($1, $2, $3, $4) on conflict do nothing",
            challenge,
            user,
            section.code(),
            at
        )?;
        Ok(())
    }

    /// Names who gives an approval, in place of whoever was named before; `None`: it is not needed.
    pub async fn name_approval(&mut self, permit: &Permit<NameApproval>, need: i64, kind: &str, user: Option<i64>) -> Result<()> {
        self.accept(permit)?;
        let (id, at) = (permit.subject().id, permit.now().micros());
        exec!(self, "update approval_need set until = $3 where challenge = $1 and kind = $2 and until is null", id, kind, at)?;
        if let Some(user) = user {
            exec!(
                self,
                "insert into approval_need (id, challenge, kind, user_id, at, by_user) values ($1, $2, $3, $4, $5, $6)",
                need,
                id,
                kind,
                user,
                at,
                permit.by().get()
            )?;
            // Who approves must be able to read it.
            exec!(
                self,
                "insert into challenge_team (challenge, user_id, role, since) select $1, $2, 'approver', cast($3 as bigint)
                 where not exists (select 1 from challenge_team where challenge = $1 and user_id = $2 and until is null)
                 on conflict do nothing",
                id,
                user,
                at
            )?;
        }
        self.changed("challenge", id, None);
        self.record(permit, None)
    }

    /// Freezes what the approvers will read as the next version.
    pub async fn submit_for_review(&mut self, permit: &Permit<SubmitForReview>, event: i64, terms: &Terms) -> Result<i64> {
        self.accept(permit)?;
        let id = permit.subject().id;
        let last = row!(self, (Option<i64>,), "select max(n) from challenge_version where challenge = $1", id)?;
        let n = last.and_then(|(n,)| n).unwrap_or(0) + 1;
        let text = serde_json::to_string(terms).map_err(|error| Error::Corrupt { what: "terms", why: error.to_string() })?;
        let digest = Sha256::digest(text.as_bytes()).to_vec();
        exec!(
            self,
            "insert into challenge_version (challenge, n, terms, reason, created_at, created_by, digest)
             values ($1, $2, $3, '', $4, $5, $6)",
            id,
            n,
            text,
            permit.now().micros(),
            permit.by().get(),
            digest.as_slice()
        )?;
        self.challenge_event(event, id, "submitted_for_review", Some(n), None, "", permit.now(), permit.by()).await?;
        self.record(permit, Some(digest))?;
        Ok(n)
    }

    /// `n`: the version that is sent back. Reasons by section; `reason` is about the whole.
    pub async fn send_back_challenge(
        &mut self,
        permit: &Permit<SendBackChallenge>,
        event: i64,
        n: i64,
        reason: &str,
        sections: &[(Section, String)],
    ) -> Result<()> {
        self.accept(permit)?;
        let id = permit.subject().id;
        self.challenge_event(event, id, "sent_back", Some(n), None, reason, permit.now(), permit.by()).await?;
        for (section, reason) in sections {
            exec!(
                self,
                "insert into send_back_reason (event, section, reason) values ($1, $2, $3)",
                event,
                section.code(),
                reason.as_str()
            )?;
        }
        self.record(permit, None)
    }

    /// One approval, recorded with the digest of what it covers.
    pub async fn give_approval(&mut self, permit: &Permit<ApproveChallenge>, approval: &NewApproval<'_>) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into approval (id, challenge, n, digest, kind, user_id, publish_at, at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            approval.id,
            permit.subject().id,
            approval.n,
            approval.digest,
            approval.kind,
            permit.by().get(),
            approval.publish_at.map(Moment::micros),
            permit.now().micros()
        )?;
        self.record(permit, Some(approval.digest.to_vec()))
    }

    /// The last approval is there: to be published at its instant, with the first round and its sealed key.
    pub async fn approve_challenge(&mut self, permit: &Permit<ApproveChallenge>, publication: Publication<'_>) -> Result<()> {
        self.accept(permit)?;
        let (id, at, of) = (permit.subject().id, permit.now(), publication);
        self.scheduling(of.event, id, "approved", of.n, of.publish_at, of.notice_needed, at, permit.by().get()).await?;
        exec!(
            self,
            "insert into round (id, challenge, number, kind, deadline, sealed_key, created_at) values ($1, $2, 1, 'single', $3, $4, $5)
             on conflict (challenge, number) do update set deadline = excluded.deadline, row_version = round.row_version + 1",
            of.round.get(),
            id,
            of.deadline.micros(),
            of.sealed_key,
            at.micros()
        )?;
        // Shown differently once the deadline has come.
        self.changed("challenge_deadline", id, Some(of.deadline));
        self.record(permit, Some(of.digest))
    }

    pub async fn reschedule_challenge(
        &mut self,
        permit: &Permit<RescheduleChallenge>,
        event: i64,
        n: i64,
        publish_at: Moment,
        notice_needed: bool,
    ) -> Result<()> {
        self.accept(permit)?;
        let id = permit.subject().id;
        self.scheduling(event, id, "rescheduled", n, publish_at, notice_needed, permit.now(), permit.by().get()).await?;
        self.record(permit, None)
    }

    #[allow(clippy::too_many_arguments)]
    async fn scheduling(
        &mut self,
        event: i64,
        id: i64,
        kind: &str,
        n: i64,
        publish_at: Moment,
        notice_needed: bool,
        at: Moment,
        by: i64,
    ) -> Result<()> {
        exec!(
            self,
            "insert into challenge_event (id, challenge, kind, n, publish_at, reason, at, by_user, notice_needed)
             values ($1, $2, $3, $4, $5, '', $6, $7, $8)",
            event,
            id,
            kind,
            n,
            publish_at.micros(),
            at.micros(),
            by,
            i64::from(notice_needed)
        )?;
        self.due_at_publication(id).await
    }

    /// Findable and shown from its instant on, as the view tells it; while that is not known, not at all.
    async fn due_at_publication(&mut self, id: i64) -> Result<()> {
        self.changed("challenge", id, None);
        let due = row!(self, (Option<i64>,), "select publish_at from challenge_standing where challenge = $1", id)?;
        if let Some(at) = due.and_then(|(at,)| at).map(Moment).filter(|at| *at != Moment::NEVER) {
            self.changed("challenge_due", id, Some(at));
        }
        Ok(())
    }

    pub async fn take_back_challenge(&mut self, permit: &Permit<TakeBackChallenge>, event: i64, reason: &str) -> Result<()> {
        self.accept(permit)?;
        let id = permit.subject().id;
        self.challenge_event(event, id, "taken_back", None, None, reason, permit.now(), permit.by()).await?;
        self.changed("challenge", id, None);
        self.record(permit, None)
    }

    pub async fn record_official_notice(
        &mut self,
        permit: &Permit<RecordOfficialNotice>,
        id: i64,
        reference: &str,
        url: &str,
        published_at: Moment,
    ) -> Result<()> {
        self.accept(permit)?;
        let challenge = permit.subject().id;
        exec!(
            self,
            "insert into official_notice (id, challenge, reference, url, published_at, at, by_user) values ($1, $2, $3, $4, $5, $6, $7)",
            id,
            challenge,
            reference,
            url,
            published_at.micros(),
            permit.now().micros(),
            permit.by().get()
        )?;
        self.due_at_publication(challenge).await?;
        self.record(permit, None)
    }

    /// An approver has had this version before them. Leaves no entry: it is their own bookmark.
    pub async fn see_version(&mut self, permit: &Permit<ReadDraft>, n: i64) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into review_seen (challenge, user_id, n, at) values ($1, $2, $3, $4) on conflict do nothing",
            permit.subject().id,
            permit.by().get(),
            n,
            permit.now().micros()
        )?;
        self.leave_no_entry();
        Ok(())
    }
}
