//! History that came from elsewhere: past challenges and published solutions, imported by a job and by nobody in particular.

use domain::moment::Moment;
use domain::policy::Subject;

use crate::Result;
use crate::conn::Conn;
use crate::tx::{NewEntry, Tx};

#[derive(Clone, Debug)]
pub struct NewPast {
    pub id: i64,
    pub source: String,
    pub source_id: String,
    pub licence: String,
    pub lang: String,
    pub country: String,
    pub buyer_name: String,
    pub title: String,
    pub summary: String,
    /// JSON: `[[heading code, text], …]`.
    pub body: String,
    pub opens_text: String,
    pub closes_text: String,
    pub opens_at: Option<Moment>,
    pub closes_at: Option<Moment>,
    pub url: String,
    pub digest: Vec<u8>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PastRow {
    pub id: i64,
    pub source: String,
    pub source_id: String,
    pub licence: String,
    pub lang: String,
    pub country: String,
    pub buyer_name: String,
    pub title: String,
    pub summary: String,
    pub body: String,
    pub opens_text: String,
    pub closes_text: String,
    pub opens_at: Option<i64>,
    pub closes_at: Option<i64>,
    pub url: String,
    pub imported_at: i64,
}

#[derive(Clone, Debug)]
pub struct NewSolution {
    pub id: i64,
    pub source: String,
    pub source_id: String,
    pub licence: String,
    pub lang: String,
    pub supplier_name: String,
    pub buyer_name: String,
    pub title: String,
    pub body: String,
    pub year: Option<i64>,
    pub url: String,
    pub published_at: Moment,
    pub digest: Vec<u8>,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SolutionRow {
    pub id: i64,
    pub source: String,
    pub source_id: String,
    pub licence: String,
    pub lang: String,
    pub supplier_name: String,
    pub buyer_name: String,
    pub title: String,
    pub body: String,
    pub year: Option<i64>,
    pub url: String,
    pub published_at: i64,
}

impl Conn {
    pub async fn past_challenge(&mut self, id: i64) -> Result<Option<PastRow>> {
        row!(
            self,
            PastRow,
            "select id, source, source_id, licence, lang, country, buyer_name, title, summary, body, opens_text, closes_text,
                    opens_at, closes_at, url, imported_at from past_challenge where id = $1",
            id
        )
    }

    pub async fn solution(&mut self, id: i64) -> Result<Option<SolutionRow>> {
        row!(
            self,
            SolutionRow,
            "select id, source, source_id, licence, lang, supplier_name, buyer_name, title, body, year, url, published_at
             from solution where id = $1",
            id
        )
    }

    pub async fn scan_past(&mut self, after: i64, most: i64) -> Result<Vec<PastRow>> {
        rows!(
            self,
            PastRow,
            "select id, source, source_id, licence, lang, country, buyer_name, title, summary, body, opens_text, closes_text,
                    opens_at, closes_at, url, imported_at from past_challenge where id > $1 order by id limit $2",
            after,
            most
        )
    }

    pub async fn scan_solutions(&mut self, after: i64, most: i64) -> Result<Vec<SolutionRow>> {
        rows!(
            self,
            SolutionRow,
            "select id, source, source_id, licence, lang, supplier_name, buyer_name, title, body, year, url, published_at
             from solution where id > $1 order by id limit $2",
            after,
            most
        )
    }

    /// What a supplier has in the library, the newest first: its own, and imported ones under exactly its name.
    pub async fn solutions_of(&mut self, supplier: i64, most: i64) -> Result<Vec<SolutionRow>> {
        rows!(
            self,
            SolutionRow,
            "select id, source, source_id, licence, lang, supplier_name, buyer_name, title, body, year, url, published_at
             from solution
             where supplier = $1 or supplier is null and supplier_name = (select name from organisation where id = $1)
             order by published_at desc, id limit $2",
            supplier,
            most
        )
    }

    /// Everything that a scan for the index reads.
    pub async fn document_count(&mut self) -> Result<i64> {
        let counted = row!(
            self,
            (i64,),
            "select (select count(*) from challenge) + (select count(*) from past_challenge) + (select count(*) from solution)"
        )?;
        Ok(counted.map_or(0, |(count,)| count))
    }

    /// (past challenges, solutions) stored.
    pub async fn history_counts(&mut self) -> Result<(i64, i64)> {
        let counts = row!(self, (i64, i64), "select (select count(*) from past_challenge), (select count(*) from solution)")?;
        Ok(counts.unwrap_or_default())
    }
}

impl Tx {
    /// New or changed rows are written; equal ones (same digest) are left alone. True when something was written.
    pub async fn import_past(&mut self, new: &NewPast) -> Result<bool> {
        let now = self.now().await?;
        let found = row!(
            self,
            (i64,),
            "insert into past_challenge (id, source, source_id, licence, lang, country, buyer_name, title, summary, body,
                                         opens_text, closes_text, opens_at, closes_at, url, digest, imported_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             on conflict (source, source_id) do update set licence = excluded.licence, lang = excluded.lang, country = excluded.country,
                buyer_name = excluded.buyer_name, title = excluded.title, summary = excluded.summary, body = excluded.body,
                opens_text = excluded.opens_text, closes_text = excluded.closes_text, opens_at = excluded.opens_at,
                closes_at = excluded.closes_at, url = excluded.url, digest = excluded.digest, imported_at = excluded.imported_at
             where past_challenge.digest <> excluded.digest
             returning id",
            new.id,
            new.source.as_str(),
            new.source_id.as_str(),
            new.licence.as_str(),
            new.lang.as_str(),
            new.country.as_str(),
            new.buyer_name.as_str(),
            new.title.as_str(),
            new.summary.as_str(),
            new.body.as_str(),
            new.opens_text.as_str(),
            new.closes_text.as_str(),
            new.opens_at.map(Moment::micros),
            new.closes_at.map(Moment::micros),
            new.url.as_str(),
            new.digest.as_slice(),
            now.micros()
        )?;
        self.count_write();
        if let Some((id,)) = found {
            self.changed("past", id, None);
        }
        Ok(found.is_some())
    }

    pub async fn import_solution(&mut self, new: &NewSolution) -> Result<bool> {
        let found = row!(
            self,
            (i64,),
            "insert into solution (id, source, source_id, licence, lang, supplier_name, buyer_name, title, body, year, url, published_at, digest)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             on conflict (source, source_id) do update set licence = excluded.licence, lang = excluded.lang,
                supplier_name = excluded.supplier_name, buyer_name = excluded.buyer_name, title = excluded.title, body = excluded.body,
                year = excluded.year, url = excluded.url, digest = excluded.digest
             where solution.digest <> excluded.digest
             returning id",
            new.id,
            new.source.as_str(),
            new.source_id.as_str(),
            new.licence.as_str(),
            new.lang.as_str(),
            new.supplier_name.as_str(),
            new.buyer_name.as_str(),
            new.title.as_str(),
            new.body.as_str(),
            new.year,
            new.url.as_str(),
            new.published_at.micros(),
            new.digest.as_slice()
        )?;
        self.count_write();
        if let Some((id,)) = found {
            self.changed("solution", id, None);
        }
        Ok(found.is_some())
    }

    /// One entry a batch: what was imported, by which job, with a digest over the rows.
    pub async fn record_import(&mut self, kind: &'static str, rows: i64, digest: Vec<u8>) -> Result<()> {
        let at = self.now().await?;
        self.entries.push(NewEntry {
            at,
            user_id: None,
            acting_as: None,
            verb: "import",
            subject: Subject { kind, id: 0 },
            outcome: "done",
            digest: Some(digest),
            counted: rows,
        });
        Ok(())
    }
}
