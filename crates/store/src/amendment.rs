//! New versions of a published challenge in the making, and their publication.

use domain::challenge::amendment::AmendmentKind;
use domain::challenge::{Section, Terms};
use domain::form::Fields;
use domain::ids::{AmendmentId, ChallengeId, RoundId, UserId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{
    AmendmentFacts, AmendmentState, AnswerEnquiry, ApproveAmendment, AskReopening, BeginAmendment, DropAmendment, EditAmendment,
    Permit, ProposeAmendment, SendBackAmendment, Subject, Verb,
};

use crate::challenge::{Sections, parse_terms};
use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result, corrupt};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AmendmentRow {
    pub id: i64,
    pub challenge: i64,
    pub kind: String,
    pub reason: String,
    pub failed_from: Option<i64>,
    pub failed_until: Option<i64>,
    pub author: i64,
    pub author_name: String,
    pub row_version: i64,
    /// The kind of the newest event.
    pub event: Option<String>,
    /// JSON of the terms that were proposed last.
    pub terms: Option<String>,
    /// Why it was sent back last.
    pub sent_back: Option<String>,
    /// The version that it became.
    pub n: Option<i64>,
    pub approved_at: Option<i64>,
}

impl AmendmentRow {
    pub fn kind(&self) -> Result<AmendmentKind> {
        AmendmentKind::parse(&self.kind).ok_or_else(|| corrupt("kind of an amendment"))
    }

    pub fn state(&self) -> Result<AmendmentState> {
        Ok(match self.event.as_deref() {
            None | Some("sent_back") => AmendmentState::Writing,
            Some("proposed") => AmendmentState::Proposed,
            Some("approved") => AmendmentState::Approved,
            Some("dropped") => AmendmentState::Dropped,
            Some(_) => return Err(corrupt("event of an amendment")),
        })
    }

    pub fn terms(&self) -> Result<Option<Terms>> {
        self.terms.as_deref().map(parse_terms).transpose()
    }
}

/// What is published by an amendment.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub challenge: ChallengeId,
    pub round: RoundId,
    pub terms: Terms,
    pub reason: String,
    pub author: UserId,
    /// The round's deadline so far, where it moves.
    pub moved_from: Option<Moment>,
    /// What the challenge's draft must say from then on, as typed.
    pub sections: Vec<(Section, Fields)>,
    pub digest: Vec<u8>,
}

macro_rules! amendment_columns {
    () => {
        "select a.id, a.challenge, a.kind, a.reason, a.failed_from, a.failed_until, a.author, u.name as author_name, a.row_version,
                (select e.kind from amendment_event e where e.amendment = a.id order by e.at desc, e.id desc limit 1) as event,
                (select e.terms from amendment_event e where e.amendment = a.id and e.kind = 'proposed' order by e.at desc limit 1) as terms,
                (select e.reason from amendment_event e where e.amendment = a.id and e.kind = 'sent_back' order by e.at desc limit 1) as sent_back,
                (select e.n from amendment_event e where e.amendment = a.id and e.kind = 'approved') as n,
                (select e.at from amendment_event e where e.amendment = a.id and e.kind = 'approved') as approved_at
         from amendment a join users u on u.id = a.author "
    };
}

impl Conn {
    pub async fn amendment(&mut self, id: AmendmentId) -> Result<Option<AmendmentRow>> {
        row!(self, AmendmentRow, concat!(amendment_columns!(), "where a.id = $1"), id.get())
    }

    /// All of a challenge, in the order in which they were begun.
    pub async fn amendments(&mut self, challenge: ChallengeId) -> Result<Vec<AmendmentRow>> {
        rows!(
            self,
            AmendmentRow,
            concat!(amendment_columns!(), "where a.challenge = $1 order by a.created_at, a.id"),
            challenge.get()
        )
    }

    /// Locks the challenge the way the verb needs it, then clock, then facts.
    pub async fn amendment_facts(&mut self, actor: &Actor, id: AmendmentId, lock: Lock) -> Result<Option<AmendmentFacts>> {
        let found = row!(self, (i64,), "select challenge from amendment where id = $1", id.get())?;
        let Some((challenge,)) = found else { return Ok(None) };
        let Some(challenge) = self.challenge_facts(actor, ChallengeId(challenge), lock).await? else { return Ok(None) };
        let Some(row) = self.amendment(id).await? else { return Ok(None) };
        let (state, reopens) = (row.state()?, row.kind()? == AmendmentKind::Reopening);
        Ok(Some(AmendmentFacts { challenge, amendment: id, state, author: UserId(row.author), reopens }))
    }

    /// The sections that differ from the challenge's own, as typed, each with its version.
    pub async fn amendment_sections(&mut self, id: AmendmentId) -> Result<Vec<(Section, Fields, i64)>> {
        let found = rows!(
            self,
            (String, String, i64),
            "select section, fields, row_version from amendment_section where amendment = $1 order by section",
            id.get()
        )?;
        found
            .into_iter()
            .map(|(section, fields, version)| {
                let section = Section::parse(&section).ok_or_else(|| corrupt("section"))?;
                let fields =
                    serde_json::from_str(&fields).map_err(|error| Error::Corrupt { what: "draft", why: error.to_string() })?;
                Ok((section, fields, version))
            })
            .collect()
    }
}

impl Tx {
    pub async fn begin_amendment(
        &mut self,
        permit: &Permit<BeginAmendment>,
        id: AmendmentId,
        kind: AmendmentKind,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        self.insert_amendment(permit, id, kind, reason, None).await?;
        self.record_on(permit, Subject { kind: "amendment", id: id.get() }, None)
    }

    /// Asked for by one person, with the failure that it is for; another confirms it.
    #[allow(clippy::too_many_arguments)]
    pub async fn ask_reopening(
        &mut self,
        permit: &Permit<AskReopening>,
        id: AmendmentId,
        event: i64,
        reason: &str,
        failed: (Moment, Moment),
        terms: &Terms,
    ) -> Result<()> {
        self.accept(permit)?;
        self.insert_amendment(permit, id, AmendmentKind::Reopening, reason, Some(failed)).await?;
        self.amendment_event(permit, event, id, "proposed", Some(terms), None, "").await?;
        self.record_on(permit, Subject { kind: "amendment", id: id.get() }, None)
    }

    async fn insert_amendment<V: Verb>(
        &mut self,
        permit: &Permit<V>,
        id: AmendmentId,
        kind: AmendmentKind,
        reason: &str,
        failed: Option<(Moment, Moment)>,
    ) -> Result<()> {
        exec!(
            self,
            "insert into amendment (id, challenge, kind, reason, failed_from, failed_until, author, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            id.get(),
            permit.subject().id,
            kind.code(),
            reason,
            failed.map(|(from, _)| from.micros()),
            failed.map(|(_, until)| until.micros()),
            permit.by().get(),
            permit.now().micros()
        )?;
        Ok(())
    }

    /// Compare-and-set on the section's version; see `save_section`. A version of 0: it was the challenge's own so far.
    pub async fn save_amendment_section(
        &mut self,
        permit: &Permit<EditAmendment>,
        section: Section,
        fields: &Fields,
        seen: i64,
    ) -> Result<i64> {
        self.accept(permit)?;
        let (id, by, at) = (permit.subject().id, permit.by().get(), permit.now().micros());
        let version = self.keep_section(Sections::Amendment, id, (section, fields), (by, at), seen).await?;
        self.record(permit, None)?;
        Ok(version)
    }

    /// Freezes what the approver will read. `seen`: the amendment's version whose reason was read.
    pub async fn propose_amendment(
        &mut self,
        permit: &Permit<ProposeAmendment>,
        event: i64,
        terms: &Terms,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let id = AmendmentId(permit.subject().id);
        exec!(
            self,
            "update amendment set reason = $2, author = $3, row_version = row_version + 1 where id = $1",
            id.get(),
            reason,
            permit.by().get()
        )?;
        self.amendment_event(permit, event, id, "proposed", Some(terms), None, "").await?;
        self.record(permit, None)
    }

    pub async fn send_back_amendment(&mut self, permit: &Permit<SendBackAmendment>, event: i64, reason: &str) -> Result<()> {
        self.accept(permit)?;
        self.amendment_event(permit, event, AmendmentId(permit.subject().id), "sent_back", None, None, reason).await?;
        self.record(permit, None)
    }

    pub async fn drop_amendment(&mut self, permit: &Permit<DropAmendment>, event: i64) -> Result<()> {
        self.accept(permit)?;
        self.amendment_event(permit, event, AmendmentId(permit.subject().id), "dropped", None, None, "").await?;
        self.record(permit, None)
    }

    /// Publishes what was proposed as the next version. Gives its number.
    pub async fn approve_amendment(
        &mut self,
        permit: &Permit<ApproveAmendment>,
        event: i64,
        version_event: i64,
        version: &NewVersion,
    ) -> Result<i64> {
        self.accept(permit)?;
        let n = self.publish_version(permit, version_event, version).await?;
        self.amendment_event(permit, event, AmendmentId(permit.subject().id), "approved", None, Some(n), "").await?;
        self.record(permit, Some(version.digest.clone()))?;
        Ok(n)
    }

    /// A useful answer that is late by the law profile moves the deadline in the same step: the profile commands it, so no
    /// second person is asked.
    pub async fn extend_with_answer(
        &mut self,
        permit: &Permit<AnswerEnquiry>,
        id: AmendmentId,
        event: i64,
        version_event: i64,
        version: &NewVersion,
    ) -> Result<i64> {
        self.accept(permit)?;
        self.insert_amendment(permit, id, AmendmentKind::Extension, &version.reason, None).await?;
        let n = self.publish_version(permit, version_event, version).await?;
        self.amendment_event(permit, event, id, "approved", None, Some(n), "").await?;
        self.record_on(permit, Subject { kind: "amendment", id: id.get() }, Some(version.digest.clone()))?;
        Ok(n)
    }

    async fn publish_version<V: Verb>(&mut self, permit: &Permit<V>, event: i64, version: &NewVersion) -> Result<i64> {
        let (id, at) = (version.challenge.get(), permit.now());
        let last = row!(self, (Option<i64>,), "select max(n) from challenge_version where challenge = $1", id)?;
        let n = last.and_then(|(n,)| n).unwrap_or(0) + 1;
        let text =
            serde_json::to_string(&version.terms).map_err(|error| Error::Corrupt { what: "terms", why: error.to_string() })?;
        exec!(
            self,
            "insert into challenge_version (challenge, n, terms, reason, created_at, created_by) values ($1, $2, $3, $4, $5, $6)",
            id,
            n,
            text,
            version.reason.as_str(),
            at.micros(),
            version.author.get()
        )?;
        self.challenge_event(event, id, "amended", Some(n), None, &version.reason, at, permit.by()).await?;
        if let Some(before) = version.moved_from {
            let moved = exec!(
                self,
                "update round set deadline = $3, row_version = row_version + 1 where id = $1 and deadline = $2",
                version.round.get(),
                before.micros(),
                version.terms.deadline.micros()
            )?;
            if moved != 1 {
                return Err(Error::Stale);
            }
            self.changed("challenge_deadline", id, Some(version.terms.deadline));
        }
        for (section, fields) in &version.sections {
            let text = serde_json::to_string(fields).map_err(|error| Error::Corrupt { what: "draft", why: error.to_string() })?;
            exec!(
                self,
                "insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
                 values ($1, $2, $3, $4, $5, 1)
                 on conflict (challenge, section) do update set fields = excluded.fields, updated_by = excluded.updated_by,
                    updated_at = excluded.updated_at, row_version = challenge_section.row_version + 1",
                id,
                section.code(),
                text,
                version.author.get(),
                at.micros()
            )?;
        }
        self.changed("challenge", id, None);
        Ok(n)
    }

    #[allow(clippy::too_many_arguments)]
    async fn amendment_event<V: Verb>(
        &mut self,
        permit: &Permit<V>,
        event: i64,
        amendment: AmendmentId,
        kind: &str,
        terms: Option<&Terms>,
        n: Option<i64>,
        reason: &str,
    ) -> Result<()> {
        let terms = terms.map(serde_json::to_string).transpose();
        let terms = terms.map_err(|error| Error::Corrupt { what: "terms", why: error.to_string() })?;
        exec!(
            self,
            "insert into amendment_event (id, amendment, kind, terms, n, reason, at, by_user) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            event,
            amendment.get(),
            kind,
            terms,
            n,
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        Ok(())
    }
}
