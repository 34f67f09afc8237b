//! Soundings: drafts shown in public, what was said of them, and what became of it.

use domain::challenge::{Section, Terms};
use domain::ids::{ChallengeId, CommentId, SoundingId};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{
    AnswerSounding, CommentOnSounding, EndSounding, HideSoundingComment, OpenSounding, Permit, SoundingFacts, Subject,
    TakeDownSounding, Verb,
};
use domain::sounding::SoundingStanding;

use crate::challenge::parse_terms;
use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SoundingRow {
    pub id: i64,
    pub challenge: i64,
    pub buyer_name: String,
    sections: String,
    terms: String,
    pub opened_at: i64,
    pub open_until: i64,
    pub ended_at: Option<i64>,
    pub taken_down_at: Option<i64>,
    pub publish_at: Option<i64>,
    pub cancelled_at: Option<i64>,
    /// How many comments it has, those taken off the page among them.
    pub comments: i64,
}

impl SoundingRow {
    pub fn standing(&self) -> SoundingStanding {
        SoundingStanding {
            opened_at: Moment(self.opened_at),
            open_until: Moment(self.open_until),
            ended_at: self.ended_at.map(Moment),
            taken_down_at: self.taken_down_at.map(Moment),
            publish_at: self.publish_at.map(Moment),
            cancelled_at: self.cancelled_at.map(Moment),
        }
    }

    /// The draft as it was shown.
    pub fn terms(&self) -> Result<Terms> {
        parse_terms(&self.terms)
    }

    /// What of it is shown.
    pub fn sections(&self) -> Vec<Section> {
        self.sections.split(' ').filter_map(Section::parse).collect()
    }
}

/// A comment as everybody reads it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SoundingCommentRow {
    pub id: i64,
    pub section: Option<String>,
    /// Empty where it was taken off the page.
    pub comment: String,
    pub at: i64,
    pub by_user: i64,
    pub name: String,
    pub organisation: Option<String>,
    /// Why it was taken off the page.
    pub hidden: Option<String>,
    /// What became of it, the newest answer.
    pub outcome: Option<i64>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SoundingOutcomeRow {
    pub id: i64,
    pub taken_up: bool,
    pub what: String,
    pub at: i64,
}

macro_rules! sounding_rows {
    ($conn:expr, $rest:literal $(, $bind:expr)* $(,)?) => {
        rows!(
            $conn,
            SoundingRow,
            concat!(
                "select s.id, s.challenge, v.buyer_name, s.sections, s.terms, s.opened_at, s.open_until,
                        (select min(e.at) from sounding_event e where e.sounding = s.id and e.kind = 'ended') as ended_at,
                        (select min(e.at) from sounding_event e where e.sounding = s.id and e.kind = 'taken_down') as taken_down_at,
                        v.publish_at, v.cancelled_at,
                        (select count(*) from sounding_comment c where c.sounding = s.id) as comments
                 from sounding s join challenge_standing v on v.challenge = s.challenge ",
                $rest
            )
            $(, $bind)*
        )
    };
}

impl Conn {
    /// Its challenge is locked with it.
    pub async fn sounding_facts(&mut self, actor: &Actor, id: SoundingId, lock: Lock) -> Result<Option<SoundingFacts>> {
        let found = row!(self, (i64,), "select challenge from sounding where id = $1", id.get())?;
        let Some((challenge,)) = found else { return Ok(None) };
        let Some(challenge) = self.challenge_facts(actor, ChallengeId(challenge), lock).await? else { return Ok(None) };
        let standing = self.sounding(id).await?.map(|row| row.standing());
        Ok(standing.map(|standing| SoundingFacts { challenge, sounding: id, standing }))
    }

    pub async fn sounding(&mut self, id: SoundingId) -> Result<Option<SoundingRow>> {
        Ok(sounding_rows!(self, "where s.id = $1", id.get())?.into_iter().next())
    }

    /// All of a challenge, the newest first, those taken down too.
    pub async fn soundings_of(&mut self, challenge: ChallengeId) -> Result<Vec<SoundingRow>> {
        sounding_rows!(self, "where s.challenge = $1 order by s.opened_at desc, s.id", challenge.get())
    }

    /// Their date comes after `now` and within `ahead`.
    pub async fn soundings_near(&mut self, now: Moment, ahead: i64) -> Result<Vec<SoundingRow>> {
        sounding_rows!(self, "where s.open_until > $1 and s.open_until <= $2", now.micros(), now.plus(ahead).micros())
    }

    /// What the public may read: those first whose date is ahead, the newest first among each.
    pub async fn public_soundings(&mut self, now: Moment, most: i64, skip: i64) -> Result<Vec<SoundingRow>> {
        sounding_rows!(
            self,
            "where not exists (select 1 from sounding_event e where e.sounding = s.id and e.kind = 'taken_down')
             order by case when s.open_until > $1 and v.cancelled_at is null and (v.publish_at is null or v.publish_at > $1)
                and not exists (select 1 from sounding_event e where e.sounding = s.id and e.kind = 'ended') then 0 else 1 end,
                s.opened_at desc, s.id limit $2 offset $3",
            now.micros(),
            most,
            skip
        )
    }

    pub async fn count_soundings(&mut self) -> Result<i64> {
        let found = row!(
            self,
            (i64,),
            "select count(*) from sounding s
             where not exists (select 1 from sounding_event e where e.sounding = s.id and e.kind = 'taken_down')"
        )?;
        Ok(found.map_or(0, |(n,)| n))
    }

    /// In the order in which they came.
    pub async fn sounding_comments(&mut self, id: SoundingId) -> Result<Vec<SoundingCommentRow>> {
        rows!(
            self,
            SoundingCommentRow,
            "select c.id, c.section, case when h.comment is null then c.comment else '' end as comment, c.at, c.by_user, u.name,
                    o.name as organisation, h.reason as hidden,
                    (select q.outcome from sounding_outcome_comment q join sounding_outcome x on x.id = q.outcome
                        where q.comment = c.id order by x.at desc, x.id desc limit 1) as outcome
             from sounding_comment c join users u on u.id = c.by_user
             left join organisation o on o.id = c.organisation
             left join sounding_comment_hidden h on h.comment = c.id
             where c.sounding = $1 order by c.at, c.id",
            id.get()
        )
    }

    pub async fn sounding_outcomes(&mut self, id: SoundingId) -> Result<Vec<SoundingOutcomeRow>> {
        rows!(
            self,
            SoundingOutcomeRow,
            "select id, taken_up, what, at from sounding_outcome where sounding = $1 order by at, id",
            id.get()
        )
    }

    /// Everybody who commented on a sounding of the challenge that is still shown.
    pub async fn sounding_commenters(&mut self, challenge: ChallengeId) -> Result<Vec<i64>> {
        let found = rows!(
            self,
            (i64,),
            "select distinct c.by_user from sounding_comment c join sounding s on s.id = c.sounding
             where s.challenge = $1
                and not exists (select 1 from sounding_event e where e.sounding = s.id and e.kind = 'taken_down')",
            challenge.get()
        )?;
        Ok(found.into_iter().map(|(user,)| user).collect())
    }
}

impl Tx {
    pub async fn open_sounding(
        &mut self,
        permit: &Permit<OpenSounding>,
        id: SoundingId,
        sections: &[Section],
        terms: &Terms,
        until: Moment,
    ) -> Result<()> {
        self.accept(permit)?;
        let codes: Vec<&str> = sections.iter().map(|section| section.code()).collect();
        let terms = serde_json::to_string(terms).map_err(|error| Error::Corrupt { what: "sounding", why: error.to_string() })?;
        exec!(
            self,
            "insert into sounding (id, challenge, sections, terms, opened_at, open_until, opened_by) values ($1, $2, $3, $4, $5, $6, $7)",
            id.get(),
            permit.subject().id,
            codes.join(" "),
            terms,
            permit.now().micros(),
            until.micros(),
            permit.by().get()
        )?;
        self.record_on(permit, Subject { kind: "sounding", id: id.get() }, None)
    }

    pub async fn end_sounding(&mut self, permit: &Permit<EndSounding>, event: i64) -> Result<()> {
        self.sounding_event(permit, event, "ended").await
    }

    pub async fn take_down_sounding(&mut self, permit: &Permit<TakeDownSounding>, event: i64) -> Result<()> {
        self.sounding_event(permit, event, "taken_down").await
    }

    async fn sounding_event<V: Verb>(&mut self, permit: &Permit<V>, event: i64, kind: &str) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into sounding_event (id, sounding, kind, at, by_user) values ($1, $2, $3, $4, $5)",
            event,
            permit.subject().id,
            kind,
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    /// `section`: none for the whole.
    pub async fn comment_on_sounding(
        &mut self,
        permit: &Permit<CommentOnSounding>,
        id: CommentId,
        section: Option<Section>,
        comment: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into sounding_comment (id, sounding, section, comment, at, by_user, organisation) values ($1, $2, $3, $4, $5, $6, $7)",
            id.get(),
            permit.subject().id,
            section.map(Section::code),
            comment,
            permit.now().micros(),
            permit.by().get(),
            permit.acting_as()
        )?;
        self.record(permit, None)
    }

    /// `Stale` where the sounding has no such comment, or it is off the page already.
    pub async fn hide_sounding_comment(
        &mut self,
        permit: &Permit<HideSoundingComment>,
        comment: CommentId,
        reason: &str,
    ) -> Result<()> {
        self.accept(permit)?;
        let done = exec!(
            self,
            "insert into sounding_comment_hidden (comment, reason, at, by_user)
             select c.id, $3, $4, $5 from sounding_comment c where c.id = $2 and c.sounding = $1 on conflict do nothing",
            permit.subject().id,
            comment.get(),
            reason,
            permit.now().micros(),
            permit.by().get()
        )?;
        if done == 0 {
            return Err(Error::Stale);
        }
        self.record(permit, None)
    }

    /// `Stale` where one of the comments is not of this sounding.
    pub async fn answer_sounding(
        &mut self,
        permit: &Permit<AnswerSounding>,
        id: i64,
        taken_up: bool,
        what: &str,
        comments: &[CommentId],
    ) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into sounding_outcome (id, sounding, taken_up, what, at, by_user) values ($1, $2, $3, $4, $5, $6)",
            id,
            permit.subject().id,
            taken_up,
            what,
            permit.now().micros(),
            permit.by().get()
        )?;
        for comment in comments {
            let done = exec!(
                self,
                "insert into sounding_outcome_comment (outcome, comment)
                 select $2, c.id from sounding_comment c where c.id = $3 and c.sounding = $1",
                permit.subject().id,
                id,
                comment.get()
            )?;
            if done == 0 {
                return Err(Error::Stale);
            }
        }
        self.record(permit, None)
    }
}
