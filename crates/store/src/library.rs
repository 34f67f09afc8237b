//! The open library: solutions of suppliers, who has the same problem, and what is public of organisations.

use domain::ids::{ChallengeId, OrganisationId, SolutionId};
use domain::library::Entry;
use domain::policy::{EditSolution, Permit, PublishSolution, ShareProblem, ShowProfile, SolutionFacts, Subject};

use crate::conn::Conn;
use crate::tx::Tx;
use crate::{Error, Lock, Result};

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EntryRow {
    pub id: i64,
    pub supplier: i64,
    pub supplier_name: String,
    /// Where the supplier was awarded.
    pub challenge: Option<i64>,
    /// JSON; see [`Self::entry`].
    pub fields: String,
    pub published_at: i64,
    pub changed_at: i64,
    pub withdrawn_at: Option<i64>,
    pub row_version: i64,
    /// Buyers that have the same problem; of those that are verified, as anybody may call an organisation a buyer.
    pub interest: i64,
}

impl EntryRow {
    pub fn entry(&self) -> Result<Entry> {
        parse(&self.fields)
    }
}

fn parse(text: &str) -> Result<Entry> {
    serde_json::from_str(text).map_err(|error| Error::Corrupt { what: "library", why: error.to_string() })
}

fn written(entry: &Entry) -> Result<String> {
    serde_json::to_string(entry).map_err(|error| Error::Corrupt { what: "library", why: error.to_string() })
}

/// An award, as everybody may read it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AwardRow {
    pub challenge: i64,
    pub supplier: i64,
    pub supplier_name: String,
    pub buyer: i64,
    pub buyer_name: String,
    pub at: i64,
}

/// What came of a challenge by a decision that was approved, as everybody may read it: one row for each that was awarded.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CameRow {
    pub challenge: i64,
    /// `award` or `none_suitable`.
    pub kind: String,
    pub supplier: Option<i64>,
    pub supplier_name: Option<String>,
    /// The supplier's solution in the library, where it published one with consent.
    pub entry: Option<i64>,
    fields: Option<String>,
}

impl CameRow {
    pub fn entry(&self) -> Result<Option<Entry>> {
        self.fields.as_deref().map(parse).transpose()
    }
}

macro_rules! entry_rows {
    ($conn:expr, $rest:literal $(, $bind:expr)* $(,)?) => {
        rows!(
            $conn,
            EntryRow,
            concat!(
                "select e.id, e.supplier, o.name as supplier_name, e.challenge, e.fields, e.published_at, e.changed_at, e.withdrawn_at,
                        e.row_version, (select count(*) from library_interest i where i.entry = e.id and coalesce((
                            select case when v.kind = 'verified' then 1 else 0 end from organisation_event v
                            where v.organisation = i.buyer order by v.at desc, v.id desc limit 1), 0) = 1) as interest
                 from library_entry e join organisation o on o.id = e.supplier ",
                $rest
            )
            $(, $bind)*
        )
    };
}

macro_rules! award_rows {
    ($conn:expr, $rest:literal $(, $bind:expr)* $(,)?) => {
        rows!(
            $conn,
            AwardRow,
            concat!(
                "select d.challenge, r.supplier, s.name as supplier_name, c.buyer, b.name as buyer_name, a.at
                 from decision d join decision_event a on a.decision = d.id and a.kind = 'approved'
                 join decision_line l on l.decision = d.id and l.outcome = 'awarded' join response r on r.id = l.response
                 join organisation s on s.id = r.supplier join challenge c on c.id = d.challenge join organisation b on b.id = c.buyer
                 where d.kind = 'award' and ",
                $rest,
                " order by a.at desc, d.id"
            )
            $(, $bind)*
        )
    };
}

impl Conn {
    pub async fn library_entry(&mut self, id: SolutionId) -> Result<Option<EntryRow>> {
        Ok(entry_rows!(self, "where e.id = $1", id.get())?.into_iter().next())
    }

    /// Published ones, the newest first.
    pub async fn library(&mut self, most: i64, skip: i64) -> Result<Vec<EntryRow>> {
        entry_rows!(self, "where e.withdrawn_at is null order by e.published_at desc, e.id limit $1 offset $2", most, skip)
    }

    pub async fn library_count(&mut self) -> Result<i64> {
        Ok(row!(self, (i64,), "select count(*) from library_entry where withdrawn_at is null")?.map_or(0, |(n,)| n))
    }

    /// Of a supplier, withdrawn ones too.
    pub async fn library_of(&mut self, supplier: OrganisationId) -> Result<Vec<EntryRow>> {
        entry_rows!(self, "where e.supplier = $1 order by e.published_at desc, e.id", supplier.get())
    }

    /// Published ones, for the index's scan.
    pub async fn scan_library(&mut self, after: i64, most: i64) -> Result<Vec<EntryRow>> {
        entry_rows!(self, "where e.id > $1 and e.withdrawn_at is null order by e.id limit $2", after, most)
    }

    pub async fn solution_facts(&mut self, id: SolutionId) -> Result<Option<SolutionFacts>> {
        let Some(row) = self.library_entry(id).await? else { return Ok(None) };
        let now = self.now().await?;
        let (supplier, withdrawn) = (OrganisationId(row.supplier), row.withdrawn_at.is_some());
        Ok(Some(SolutionFacts { brand: self.brand(), now, entry: id, supplier, withdrawn }))
    }

    /// Decisions that were approved, in which the supplier was awarded.
    pub async fn awards_to(&mut self, supplier: OrganisationId) -> Result<Vec<AwardRow>> {
        award_rows!(self, "r.supplier = $1", supplier.get())
    }

    pub async fn awards_by(&mut self, buyer: OrganisationId) -> Result<Vec<AwardRow>> {
        award_rows!(self, "c.buyer = $1", buyer.get())
    }

    /// The suppliers that a decision on the challenge awarded, once it was approved.
    pub async fn awarded_in(&mut self, challenge: ChallengeId) -> Result<Vec<i64>> {
        let awards: Vec<AwardRow> = award_rows!(self, "c.id = $1", challenge.get())?;
        Ok(awards.into_iter().map(|award| award.supplier).collect())
    }

    /// What was withdrawn since a position of the change log, and organisations whose page may show less since, its supplier among
    /// them: (kind, id), each once.
    pub async fn taken_back_since(&mut self, position: i64) -> Result<Vec<(String, i64)>> {
        rows!(
            self,
            (String, i64),
            "select distinct kind, id from change_log
             where position > $1 and (kind = 'organisation' or kind = 'solution' and id in (select e.id from library_entry e where e.withdrawn_at is not null))
             union
             select distinct 'organisation', e.supplier from change_log c join library_entry e on e.id = c.id
             where c.position > $1 and c.kind = 'solution' and e.withdrawn_at is not null
             order by kind, id",
            position
        )
    }

    /// What came of these challenges; nothing of one without an approved decision.
    pub async fn came_of(&mut self, challenges: &[ChallengeId]) -> Result<Vec<CameRow>> {
        let mut rows = rows_of!(
            self,
            CameRow,
            "select d.challenge, d.kind, r.supplier, s.name as supplier_name, e.id as entry, e.fields
             from decision d join decision_event a on a.decision = d.id and a.kind = 'approved'
             left join decision_line l on l.decision = d.id and l.outcome = 'awarded' left join response r on r.id = l.response
             left join organisation s on s.id = r.supplier
             left join library_entry e on e.challenge = d.challenge and e.supplier = r.supplier and e.withdrawn_at is null
             where d.kind in ('award', 'none_suitable') and d.challenge in (values (cast($1 as bigint)))",
            challenges,
            |id| id.get()
        )?;
        rows.sort_by(|one: &CameRow, other| {
            (&one.supplier_name, one.supplier, one.entry).cmp(&(&other.supplier_name, other.supplier, other.entry))
        });
        Ok(rows)
    }

    pub async fn shows_profile(&mut self, organisation: OrganisationId) -> Result<bool> {
        Ok(row!(self, (i64,), "select at from public_profile where organisation = $1", organisation.get())?.is_some())
    }
}

impl Tx {
    /// A supplier's entry with just this text, where one is published; others wait meanwhile to publish for it. A form that is
    /// sent twice is one entry.
    pub async fn same_solution(&mut self, supplier: OrganisationId, entry: &Entry) -> Result<Option<SolutionId>> {
        lock_row!(self, Lock::Update, "select id from organisation where id = $1", supplier.get())?;
        let found = row!(
            self,
            (i64,),
            "select id from library_entry where supplier = $1 and fields = $2 and withdrawn_at is null order by id limit 1",
            supplier.get(),
            written(entry)?
        )?;
        Ok(found.map(|(id,)| SolutionId(id)))
    }

    pub async fn publish_solution(
        &mut self,
        permit: &Permit<PublishSolution>,
        id: SolutionId,
        challenge: Option<ChallengeId>,
        entry: &Entry,
    ) -> Result<()> {
        self.accept(permit)?;
        let (supplier, now) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "insert into library_entry (id, supplier, challenge, fields, consent_at, published_at, published_by, changed_at)
             values ($1, $2, $3, $4, $5, $5, $6, $5)",
            id.get(),
            supplier,
            challenge.map(|challenge| challenge.get()),
            written(entry)?,
            now,
            permit.by().get()
        )?;
        self.changed("solution", id.get(), None);
        self.record_on(permit, Subject { kind: "solution", id: id.get() }, None)
    }

    /// Changed, and published again where it was withdrawn: the consent is given anew. `seen`: the version that was read.
    pub async fn change_solution(&mut self, permit: &Permit<EditSolution>, entry: &Entry, seen: i64) -> Result<()> {
        self.accept(permit)?;
        let (id, now) = (permit.subject().id, permit.now().micros());
        let changed = exec!(
            self,
            "update library_entry set fields = $2, consent_at = $3, changed_at = $3, withdrawn_at = null, row_version = row_version + 1
             where id = $1 and row_version = $4",
            id,
            written(entry)?,
            now,
            seen
        )?;
        if changed == 0 {
            return Err(Error::Stale);
        }
        self.changed("solution", id, None);
        self.record(permit, None)
    }

    pub async fn withdraw_solution(&mut self, permit: &Permit<EditSolution>) -> Result<()> {
        self.accept(permit)?;
        let (id, now) = (permit.subject().id, permit.now().micros());
        exec!(
            self,
            "update library_entry set withdrawn_at = $2, row_version = row_version + 1 where id = $1 and withdrawn_at is null",
            id,
            now
        )?;
        self.changed("solution", id, None);
        self.record(permit, None)
    }

    pub async fn share_problem(&mut self, permit: &Permit<ShareProblem>) -> Result<()> {
        self.accept(permit)?;
        exec!(
            self,
            "insert into library_interest (entry, buyer, at, by_user) values ($1, $2, $3, $4) on conflict do nothing",
            permit.subject().id,
            permit.acting_as().unwrap_or_default(),
            permit.now().micros(),
            permit.by().get()
        )?;
        self.record(permit, None)
    }

    pub async fn show_profile(&mut self, permit: &Permit<ShowProfile>, show: bool) -> Result<()> {
        self.accept(permit)?;
        let id = permit.subject().id;
        if show {
            exec!(
                self,
                "insert into public_profile (organisation, at, by_user) values ($1, $2, $3) on conflict do nothing",
                id,
                permit.now().micros(),
                permit.by().get()
            )?;
        } else {
            exec!(self, "delete from public_profile where organisation = $1", id)?;
        }
        self.changed("organisation", id, None);
        self.record(permit, None)
    }
}
