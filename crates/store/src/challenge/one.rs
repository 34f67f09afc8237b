//! One challenge: its sections, versions, events and team, and what changed when.

use std::collections::BTreeMap;

use domain::challenge::{Draft, Section, Terms};
use domain::form::Fields;
use domain::ids::ChallengeId;
use domain::moment::Moment;
use domain::policy::ChallengeFacts;

use super::{EventRow, SectionRow, TeamRow, VersionRow, parse_terms};
use crate::conn::Conn;
use crate::{Error, Result, corrupt};

impl Conn {
    /// The published terms as the round of these facts has them; `None` before anything was approved.
    pub async fn terms_of(&mut self, facts: &ChallengeFacts) -> Result<Option<Terms>> {
        let terms = self.challenge_row(facts.challenge).await?.map(|row| row.terms()).transpose()?.flatten();
        let number = u32::try_from(facts.standing.round).unwrap_or_default();
        Ok(terms.map(|terms| if number > 1 { terms.of_round(number, facts.standing.deadline) } else { terms }))
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
