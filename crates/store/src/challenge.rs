//! Challenges: drafts by section, versions, events, team.

use std::collections::BTreeMap;

use domain::challenge::{Draft, Section, Standing, TeamRole, Terms};
use domain::form::Fields;
use domain::ids::{ChallengeId, OrganisationId, UserId};
use domain::moment::Moment;
use domain::money::Money;
use domain::policy::{
    CancelChallenge, ChallengeFacts, CreateChallenge, EditChallenge, FollowChallenge, NameTeam, Permit, Subject,
};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Result, corrupt};

/// A challenge in a list: its standing, and the title of the published version or of the draft.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ChallengeRow {
    pub challenge: i64,
    pub reference: String,
    pub buyer: i64,
    pub buyer_name: String,
    pub created_at: i64,
    pub round: Option<i64>,
    pub n: Option<i64>,
    pub submitted_at: Option<i64>,
    pub sent_back_at: Option<i64>,
    pub scheduled_for: Option<i64>,
    pub publish_at: Option<i64>,
    pub cancelled_at: Option<i64>,
    /// Of the newest round.
    pub round_number: Option<i64>,
    /// Until when anybody may answer: the first round's, whatever round it is in.
    pub deadline: Option<i64>,
    pub opened_at: Option<i64>,
    pub unchecked: i64,
    pub price_sealed: i64,
    pub scorers: i64,
    pub locked: i64,
    pub record_at: Option<i64>,
    pub recommended_at: Option<i64>,
    pub decision_sent_back_at: Option<i64>,
    pub decided_at: Option<i64>,
    /// JSON of the published terms.
    pub terms: Option<String>,
    /// JSON of the fields of the draft's first section.
    pub problem: Option<String>,
}

impl ChallengeRow {
    /// As the public knows it: a later round counts from the first one's deadline on.
    pub fn standing(&self) -> Standing {
        let at = |at: Option<i64>| at.map(Moment);
        Standing {
            submitted_at: at(self.submitted_at),
            sent_back_at: at(self.sent_back_at),
            scheduled_for: at(self.scheduled_for),
            publish_at: at(self.publish_at),
            cancelled_at: at(self.cancelled_at),
            round: self.round_number.unwrap_or_default(),
            rounds_after: 0,
            deadline: at(self.deadline),
            opened_at: at(self.opened_at),
            unchecked: self.unchecked,
            price_sealed: self.price_sealed > 0,
            scorers: self.scorers,
            locked: self.locked,
            record_at: at(self.record_at),
            recommended_at: at(self.recommended_at),
            decision_sent_back_at: at(self.decision_sent_back_at),
            decided_at: at(self.decided_at),
        }
    }

    /// The instant of publication; while that waits for the official notice, the one that the approvers chose.
    pub fn published_or_chosen(&self) -> Option<Moment> {
        self.publish_at.map(Moment).filter(|at| *at != Moment::NEVER).or(self.scheduled_for.map(Moment))
    }

    pub fn terms(&self) -> Result<Option<Terms>> {
        self.terms.as_deref().map(parse_terms).transpose()
    }

    /// What a list says of the published version: the rest of the terms is passed over, not read.
    pub fn heading(&self) -> Result<Option<Heading>> {
        let corrupt = |error: serde_json::Error| Error::Corrupt { what: "terms", why: error.to_string() };
        self.terms.as_deref().map(|text| serde_json::from_str(text).map_err(corrupt)).transpose()
    }

    /// The title of the published version, else the draft's.
    pub fn title(&self) -> String {
        if let Ok(Some(heading)) = self.heading() {
            return heading.title;
        }
        self.problem
            .as_deref()
            .and_then(|text| serde_json::from_str::<Fields>(text).ok())
            .map(|fields| fields.get("title").to_owned())
            .unwrap_or_default()
    }
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SectionRow {
    pub section: String,
    pub fields: String,
    pub updated_at: i64,
    pub updated_by: String,
    pub row_version: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct VersionRow {
    pub n: i64,
    pub terms: String,
    pub reason: String,
    pub created_at: i64,
    /// SHA-256 of the terms as stored: what an approval binds. None in what the first release froze.
    pub digest: Option<Vec<u8>>,
}

impl VersionRow {
    pub fn terms(&self) -> Result<Terms> {
        parse_terms(&self.terms)
    }
}

/// A part of `domain::challenge::Terms`, under the same names.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Heading {
    pub title: String,
    pub summary: String,
    pub place: String,
    pub zone: String,
    pub budget: Option<Money>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EventRow {
    pub id: i64,
    pub kind: String,
    pub n: Option<i64>,
    pub publish_at: Option<i64>,
    pub reason: String,
    pub at: i64,
    pub by_name: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TeamRow {
    pub user_id: i64,
    pub name: String,
    pub email: String,
    pub role: String,
}

pub(crate) fn parse_terms(text: &str) -> Result<Terms> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt { what: "terms", why: error.to_string() })
}

/// Where challenges stand, as part of a [`ChallengeRow`].
macro_rules! standing_columns {
    () => {
        concat!(
            "select v.challenge, v.reference, v.buyer, v.buyer_name, v.created_at, v.round, v.n, v.submitted_at, v.sent_back_at,
                v.scheduled_for, v.publish_at, v.cancelled_at, v.round_number, v.deadline, v.opened_at, ",
            check_columns!(),
            ", v.scorers, v.locked, v.record_at, v.recommended_at, v.decision_sent_back_at,
                v.decided_at, "
        )
    };
}

/// The columns of a [`ChallengeRow`], once; what follows says which challenges.
macro_rules! challenge_columns {
    () => {
        concat!(standing_columns!(), "
                (select w.terms from challenge_version w where w.challenge = v.challenge and w.n = v.n) as terms,
                (select f.fields from challenge_section f where f.challenge = v.challenge and f.section = 'problem') as problem ")
    };
}

macro_rules! challenge_rows {
    ($conn:expr, $from:literal $(, $bind:expr)* $(,)?) => {
        rows!($conn, ChallengeRow, concat!(challenge_columns!(), $from) $(, $bind)*)
    };
}

macro_rules! challenge_row {
    ($conn:expr, $from:literal $(, $bind:expr)* $(,)?) => {
        row!($conn, ChallengeRow, concat!(challenge_columns!(), $from) $(, $bind)*)
    };
}

/// The same columns of a challenge that is open: what only comes after its deadline is not looked for, row by row.
macro_rules! open_columns {
    () => {
        "select v.challenge, v.reference, v.buyer, v.buyer_name, v.created_at, v.round, v.n, cast(null as bigint) as submitted_at,
                cast(null as bigint) as sent_back_at, v.scheduled_for, v.publish_at, cast(null as bigint) as cancelled_at, v.round_number, v.deadline,
                cast(null as bigint) as opened_at, cast(0 as bigint) as unchecked, cast(0 as bigint) as price_sealed,
                cast(0 as bigint) as scorers, cast(0 as bigint) as locked, cast(null as bigint) as record_at,
                cast(null as bigint) as recommended_at, cast(null as bigint) as decision_sent_back_at, cast(null as bigint) as decided_at,
                (select w.terms from challenge_version w where w.challenge = v.challenge and w.n = v.n) as terms,
                cast(null as text) as problem "
    };
}

impl Conn {
    pub async fn challenge_row(&mut self, id: ChallengeId) -> Result<Option<ChallengeRow>> {
        challenge_row!(self, "from challenge_standing v where v.challenge = $1", id.get())
    }

    /// Where each of these stands, in no order. Without what they say: their rows have no terms and no title.
    pub async fn standings(&mut self, challenges: &[ChallengeId]) -> Result<Vec<ChallengeRow>> {
        rows_of!(
            self,
            ChallengeRow,
            concat!(
                standing_columns!(),
                "cast(null as text) as terms, cast(null as text) as problem
                 from challenge_standing v where v.challenge in (values (cast($1 as bigint)))"
            ),
            challenges,
            |id| id.get()
        )
    }

    /// The published terms as the round of these facts has them; `None` before anything was approved.
    pub async fn terms_of(&mut self, facts: &ChallengeFacts) -> Result<Option<Terms>> {
        let terms = self.challenge_row(facts.challenge).await?.map(|row| row.terms()).transpose()?.flatten();
        let number = u32::try_from(facts.standing.round).unwrap_or_default();
        Ok(terms.map(|terms| if number > 1 { terms.of_round(number, facts.standing.deadline) } else { terms }))
    }

    pub async fn challenge_of_reference(&mut self, reference: &str) -> Result<Option<ChallengeId>> {
        let found = row!(self, (i64,), "select id from challenge where reference = $1", reference)?;
        Ok(found.map(|(id,)| ChallengeId(id)))
    }

    /// Published ones; open first by deadline when `open`, else newest first.
    pub async fn public_challenges(&mut self, now: Moment, open: bool, most: i64, skip: i64) -> Result<Vec<ChallengeRow>> {
        if open {
            rows!(
                self,
                ChallengeRow,
                concat!(
                    open_columns!(),
                    "from challenge_standing v where v.publish_at <= $1 and v.deadline > $1 and v.cancelled_at is null
                     order by v.deadline, v.reference limit $2 offset $3"
                ),
                now.micros(),
                most,
                skip
            )
        } else {
            challenge_rows!(
                self,
                "from challenge_standing v where v.publish_at <= $1 and (v.deadline <= $1 or v.cancelled_at is not null)
                 and (v.cancelled_at is null or v.cancelled_at >= v.publish_at)
                 order by v.publish_at desc, v.reference limit $2 offset $3",
                now.micros(),
                most,
                skip
            )
        }
    }

    /// How many are open, and how many were published and are not open any more.
    pub async fn public_counts(&mut self, now: Moment) -> Result<(i64, i64)> {
        let counts = row!(
            self,
            (i64, i64),
            "select count(case when v.deadline > $1 and v.cancelled_at is null then 1 end),
                    count(case when v.deadline <= $1 or v.cancelled_at is not null then 1 end)
             from challenge_standing v where v.publish_at <= $1 and (v.cancelled_at is null or v.cancelled_at >= v.publish_at)",
            now.micros()
        )?;
        Ok(counts.unwrap_or_default())
    }

    /// Lately decided, for the home page.
    pub async fn decided_challenges(&mut self, most: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from challenge_standing v where v.decided_at is not null and v.cancelled_at is null order by v.decided_at desc limit $1",
            most
        )
    }

    /// Where the user is on the team and the buyer is the one given.
    pub async fn team_challenges(&mut self, user: i64, buyer: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from challenge_team t join challenge_standing v on v.challenge = t.challenge
             where t.user_id = $1 and t.until is null and v.buyer = $2 order by v.created_at desc",
            user,
            buyer
        )
    }

    /// What a buyer has published, the newest first.
    pub async fn buyer_challenges(&mut self, buyer: OrganisationId, now: Moment) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from challenge c join challenge_standing v on v.challenge = c.id
             where c.buyer = $1 and v.publish_at <= $2 order by v.publish_at desc, v.reference",
            buyer.get(),
            now.micros()
        )
    }

    /// Published, not cancelled, and the deadline came after `since`.
    pub async fn deadlines_passed(&mut self, since: Moment, now: Moment) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from round x join challenge_standing v on v.round = x.id
             where x.number = 1 and x.deadline > $1 and x.deadline <= $2 and v.publish_at <= $2 and v.cancelled_at is null",
            since.micros(),
            now.micros()
        )
    }

    /// Where the user holds a seat.
    pub async fn seat_challenges(&mut self, user: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from seat s join challenge_standing v on v.round = s.round
             where s.user_id = $1 and s.ended_at is null order by v.created_at desc",
            user
        )
    }

    /// Challenges with opened responses where the user holds a seat, or is on the team while acting for its buyer (0: for
    /// none); the latest opening first. Who of them may read, the policy says.
    pub async fn opened_rooms(&mut self, user: i64, buyer: i64, most: i64) -> Result<Vec<i64>> {
        let found = rows!(
            self,
            (i64,),
            "select r.challenge from round r join opening p on p.round = r.id and p.envelope = 'quality'
             where r.id in (select s.round from seat s where s.user_id = $1 and s.ended_at is null)
                or r.challenge in (select t.challenge from challenge_team t join challenge c on c.id = t.challenge
                    where t.user_id = $1 and t.until is null and c.buyer = $2)
             group by r.challenge order by max(p.confirmed_at) desc, r.challenge limit $3",
            user,
            buyer,
            most
        )?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    pub async fn followed_challenges(&mut self, user: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from follow f join challenge_standing v on v.challenge = f.challenge where f.user_id = $1 order by v.deadline",
            user
        )
    }

    /// Published, not cancelled, with a deadline after `now` and within `ahead`.
    pub async fn deadlines_near(&mut self, now: Moment, ahead: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from round x join challenge_standing v on v.round = x.id
             where x.number = 1 and x.deadline > $1 and x.deadline <= $2 and v.publish_at <= $1 and v.cancelled_at is null",
            now.micros(),
            now.plus(ahead).micros()
        )
    }

    /// Those whose instant of publication came after `since` and has come, unless they were cancelled. The instant is that of the
    /// approval, or of the official notice: one of its own instants lies in the same span.
    pub async fn published_since(&mut self, since: Moment, now: Moment) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from (select e.challenge from challenge_event e where e.publish_at > $1 and e.publish_at <= $2
                   union select w.challenge from official_notice w where w.at > $1 and w.at <= $2
                   union select w.challenge from official_notice w where w.published_at > $1 and w.published_at <= $2) x
             join challenge_standing v on v.challenge = x.challenge
             where v.publish_at > $1 and v.publish_at <= $2 and v.cancelled_at is null",
            since.micros(),
            now.micros()
        )
    }

    /// Opened, and the panel's record is not approved yet.
    pub async fn scoring_now(&mut self) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(
            self,
            "from opening x join challenge_standing v on v.round = x.round
             where x.envelope = 'quality' and not exists (select 1 from panel_record p where p.round = x.round)
             and v.cancelled_at is null"
        )
    }

    /// Every challenge, for the index's scan, in pages by id.
    pub async fn scan_challenges(&mut self, after: i64, most: i64) -> Result<Vec<ChallengeRow>> {
        challenge_rows!(self, "from challenge_standing v where v.challenge > $1 order by v.challenge limit $2", after, most)
    }

    pub async fn sections(&mut self, id: ChallengeId) -> Result<Vec<SectionRow>> {
        rows!(
            self,
            SectionRow,
            "select s.section, s.fields, s.updated_at, u.name as updated_by, s.row_version from challenge_section s
             join users u on u.id = s.updated_by where s.challenge = $1 order by s.section",
            id.get()
        )
    }

    /// The draft as typed.
    pub async fn draft(&mut self, id: ChallengeId) -> Result<Draft> {
        let mut draft = BTreeMap::new();
        for row in self.sections(id).await? {
            let section = Section::parse(&row.section).ok_or_else(|| corrupt("section"))?;
            let fields: Fields =
                serde_json::from_str(&row.fields).map_err(|error| Error::Corrupt { what: "draft", why: error.to_string() })?;
            draft.insert(section, fields);
        }
        Ok(Draft(draft))
    }

    pub async fn versions(&mut self, id: ChallengeId) -> Result<Vec<VersionRow>> {
        rows!(
            self,
            VersionRow,
            "select n, terms, reason, created_at, digest from challenge_version where challenge = $1 order by n",
            id.get()
        )
    }

    pub async fn published_terms(&mut self, id: ChallengeId, n: i64) -> Result<Option<Terms>> {
        let found = row!(self, (String,), "select terms from challenge_version where challenge = $1 and n = $2", id.get(), n)?;
        found.map(|(text,)| parse_terms(&text)).transpose()
    }

    /// The terms that were put before the approver, or are published.
    pub async fn latest_terms(&mut self, id: ChallengeId) -> Result<Option<(i64, Terms)>> {
        let found = row!(
            self,
            (i64, String),
            "select n, terms from challenge_version where challenge = $1 order by n desc limit 1",
            id.get()
        )?;
        found.map(|(n, text)| Ok((n, parse_terms(&text)?))).transpose()
    }

    pub async fn challenge_events(&mut self, id: ChallengeId) -> Result<Vec<EventRow>> {
        rows!(
            self,
            EventRow,
            "select e.id, e.kind, e.n, e.publish_at, e.reason, e.at, u.name as by_name from challenge_event e join users u on u.id = e.by_user
             where e.challenge = $1 order by e.at, e.id",
            id.get()
        )
    }

    pub async fn team(&mut self, id: ChallengeId) -> Result<Vec<TeamRow>> {
        rows!(
            self,
            TeamRow,
            "select t.user_id, u.name, u.email, t.role from challenge_team t join users u on u.id = t.user_id
             where t.challenge = $1 and t.until is null order by t.role desc, u.name",
            id.get()
        )
    }

    /// Ids of the challenges whose team names the user, of the buyer that the user acts for.
    pub async fn teams_of(&mut self, user: i64, buyer: i64) -> Result<Vec<i64>> {
        let found = rows!(
            self,
            (i64,),
            "select t.challenge from challenge_team t join challenge c on c.id = t.challenge
             where t.user_id = $1 and t.until is null and c.buyer = $2",
            user,
            buyer
        )?;
        Ok(found.into_iter().map(|(id,)| id).collect())
    }

    pub async fn follows(&mut self, user: i64, id: ChallengeId) -> Result<bool> {
        let found = row!(self, (i64,), "select since from follow where user_id = $1 and challenge = $2", user, id.get())?;
        Ok(found.is_some())
    }

    /// The row of a change that the index follows: rows after a position, and rows that fell due in between.
    pub async fn changes_since(
        &mut self,
        position: i64,
        due_until: i64,
        now: Moment,
        most: i64,
    ) -> Result<Vec<(i64, String, i64)>> {
        rows!(
            self,
            (i64, String, i64),
            "select position, kind, id from change_log
             where position > $1 or (due_at > $2 and due_at <= $3) order by position limit $4",
            position,
            due_until,
            now.micros(),
            most
        )
    }

    /// The next instant at which a change falls due: what a follower sleeps until.
    pub async fn next_due(&mut self, after: i64) -> Result<Option<i64>> {
        let found = row!(self, (Option<i64>,), "select min(due_at) from change_log where due_at > $1", after)?;
        Ok(found.and_then(|(at,)| at))
    }
}

impl Conn {
    /// When challenges were last changed in public after their publication: amended, cancelled or decided. Those that never
    /// were are left out.
    pub async fn publicly_changed(&mut self, challenges: &[ChallengeId]) -> Result<Vec<(i64, i64)>> {
        rows_of!(
            self,
            (i64, i64),
            "select p.challenge, max(p.at) from (
                 select challenge, at from challenge_event where kind in ('amended', 'cancelled')
                 union all
                 select d.challenge, e.at from decision d join decision_event e on e.decision = d.id and e.kind = 'approved'
                 where d.kind in ('award', 'none_suitable')
             ) p where p.challenge in (values (cast($1 as bigint))) group by p.challenge",
            challenges,
            |id| id.get()
        )
    }
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
        let text = serde_json::to_string(fields).map_err(|error| Error::Corrupt { what: "draft", why: error.to_string() })?;
        let (id, by, at) = (permit.subject().id, permit.by().get(), permit.now().micros());
        let done = if seen == 0 {
            exec!(
                self,
                "insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
                 values ($1, $2, $3, $4, $5, 1) on conflict do nothing",
                id,
                section.code(),
                text,
                by,
                at
            )?
        } else {
            exec!(
                self,
                "update challenge_section set fields = $4, updated_by = $5, updated_at = $6, row_version = row_version + 1
                 where challenge = $1 and section = $2 and row_version = $3",
                id,
                section.code(),
                seen,
                text,
                by,
                at
            )?
        };
        if done == 0 {
            return Err(Error::Stale);
        }
        self.note_writer(id, section, by, at).await?;
        self.changed("challenge", id, None);
        self.record(permit, None)?;
        Ok(seen + 1)
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
