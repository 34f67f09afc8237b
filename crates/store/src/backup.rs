//! A copy of all tables, taken in one snapshot while others write. It is a file of SQLite whichever database it comes from,
//! and goes into either: the schema is one text for both, and no other program has to be there in the right version.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use domain::audit::Anchors;
use domain::ids::FileId;
use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePoolOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ColumnIndex, ConnectOptions, Connection, Decode, PgConnection, Row, Type};

use crate::clock::Clock;
use crate::conn::{Conn, Link};
use crate::migrate::{known, migrate_to, plain, steps};
use crate::pools::{Pools, postgres_options};
use crate::sql::MOST_PARAMETERS;
use crate::{Error, Options, Result, Verified};

/// What was copied, read again from the copy.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The version of its schema.
    pub schema: i64,
    pub record: Verified,
    /// Whose bytes belong to it.
    pub files: Vec<FileId>,
}

/// The tables whose rows are files: the bytes lie under their ids.
const NAMES_FILES: &[&str] = &["file", "enclosure", "clarification_file"];

/// Copies the database into `file`, which must not be there yet, synced to disk.
pub async fn copy_out(options: &Options, file: &Path) -> Result<()> {
    match &options.url {
        None => {
            let mut conn = sqlite(&options.file).read_only(true).connect().await?;
            // One statement, one snapshot: whoever writes meanwhile is not kept waiting.
            sqlx::query("vacuum into $1").bind(file.display().to_string()).execute(&mut conn).await?;
            conn.close().await?;
        }
        Some(url) => from_postgres(url, file).await?,
    }
    // SQLite does not sync what it writes this way.
    File::open(file).and_then(|file| file.sync_all()).map_err(|error| Error::Settings(error.to_string()))
}

/// Reads a copy and leaves it as it is: whether it is whole, and what belongs to it.
pub async fn read_copy(file: &Path) -> Result<Copy> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(sqlite(file).read_only(true)).await?;
    let (sound,): (String,) = sqlx::query_as("pragma integrity_check(1)").fetch_one(&pool).await?;
    if sound != "ok" {
        return Err(Error::Corrupt { what: "copy", why: sound });
    }
    let (schema,): (i64,) = sqlx::query_as("select coalesce(max(version), 0) from schema_version").fetch_one(&pool).await?;
    if schema > known() {
        return Err(Error::NewerSchema { found: schema, known: known() });
    }
    let mut conn = Conn::new(Link::Sqlite(pool.acquire().await?), Arc::new(Clock::default()));
    let record = conn.verify_record(&Anchors::new()).await?;
    drop(conn);
    let mut files = Vec::new();
    for table in NAMES_FILES {
        // An older copy may not have it.
        let there = sqlx::query("select 1 from sqlite_schema where type = 'table' and name = $1").bind(table);
        if there.fetch_optional(&pool).await?.is_some() {
            let text = AssertSqlSafe(format!("select id from {table} order by id"));
            let ids: Vec<(i64,)> = sqlx::query_as(text).fetch_all(&pool).await?;
            files.extend(ids.into_iter().map(|(id,)| FileId(id)));
        }
    }
    pool.close().await;
    Ok(Copy { schema, record, files })
}

/// Whether there is anything where a copy is to go.
pub async fn is_empty(options: &Options) -> Result<bool> {
    let Some(url) = &options.url else { return Ok(!options.file.exists()) };
    let mut conn = PgConnection::connect_with(&postgres_options(url)?).await?;
    let text = "select count(*) from information_schema.tables where table_schema = current_schema()";
    let (tables,): (i64,) = sqlx::query_as(text).fetch_one(&mut conn).await?;
    conn.close().await?;
    Ok(tables == 0)
}

/// Puts a copy where nothing is, all of it or nothing.
pub async fn copy_in(file: &Path, options: &Options) -> Result<()> {
    match &options.url {
        Some(url) => into_postgres(file, url).await,
        None => place(file, &options.file).map_err(|error| Error::Settings(error.to_string())),
    }
}

/// Under its name only once it is whole.
fn place(from: &Path, to: &Path) -> std::io::Result<()> {
    let coming = to.with_extension("restoring");
    std::fs::copy(from, &coming)?;
    File::open(&coming)?.sync_all()?;
    std::fs::rename(&coming, to)?;
    File::open(to.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// References are looked at when all is there, not row by row.
fn sqlite(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).foreign_keys(false)
}

struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Number,
    Text,
    Bytes,
    Truth,
}

enum Value {
    Number(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Truth(Option<bool>),
}

impl Table {
    fn columns(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> String {
        format!("select {} from {}", self.columns(), self.name)
    }

    fn insert(&self, rows: usize) -> String {
        let wide = self.columns.len();
        let row = |n: usize| (1..=wide).map(|at| format!("${}", n * wide + at)).collect::<Vec<_>>().join(", ");
        let rows: Vec<String> = (0..rows).map(|n| format!("({})", row(n))).collect();
        format!("insert into {} ({}) values {}", self.name, self.columns(), rows.join(", "))
    }

    fn read<'r, R>(&self, row: &'r R) -> Result<Vec<Value>, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        i64: Decode<'r, R::Database> + Type<R::Database>,
        String: Decode<'r, R::Database> + Type<R::Database>,
        Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
        bool: Decode<'r, R::Database> + Type<R::Database>,
    {
        let value = |(at, (_, kind)): (usize, &(String, Kind))| {
            Ok(match kind {
                Kind::Number => Value::Number(row.try_get(at)?),
                Kind::Text => Value::Text(row.try_get(at)?),
                Kind::Bytes => Value::Bytes(row.try_get(at)?),
                Kind::Truth => Value::Truth(row.try_get(at)?),
            })
        };
        self.columns.iter().enumerate().map(value).collect()
    }
}

/// The tables in the order in which they were made: one that refers to another comes after it.
async fn tables(conn: &mut SqliteConnection) -> Result<Vec<Table>> {
    let text = "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> 'schema_version'
                order by rowid";
    let names: Vec<(String,)> = sqlx::query_as(text).fetch_all(&mut *conn).await?;
    let mut tables = Vec::with_capacity(names.len());
    for (name,) in names {
        let rows: Vec<SqliteRow> =
            sqlx::query("select name, lower(type) from pragma_table_info($1)").bind(&name).fetch_all(&mut *conn).await?;
        let mut columns = Vec::with_capacity(rows.len());
        for row in rows {
            let kind = match row.try_get::<String, _>(1)?.as_str() {
                "bigint" => Kind::Number,
                "text" => Kind::Text,
                "blob" => Kind::Bytes,
                "boolean" => Kind::Truth,
                other => return Err(Error::Settings(format!("a column of type {other}, which a backup does not know"))),
            };
            columns.push((row.try_get(0)?, kind));
        }
        tables.push(Table { name, columns });
    }
    Ok(tables)
}

/// Most rows that are held at once and written in one statement.
const CHUNK: usize = 64;

/// Moves all rows of all tables from one connection to the other.
macro_rules! move_rows {
    ($tables:expr, $from:expr, $to:expr) => {
        // What migrations put there comes again with the rows.
        for table in $tables.iter().rev() {
            sqlx::query(AssertSqlSafe(format!("delete from {}", table.name))).execute(&mut $to).await?;
        }
        for table in &$tables {
            let most = CHUNK.min(MOST_PARAMETERS / table.columns.len().max(1));
            let mut found = sqlx::query(AssertSqlSafe(table.select())).fetch(&mut $from);
            loop {
                let mut rows = Vec::with_capacity(most);
                while rows.len() < most
                    && let Some(row) = found.try_next().await?
                {
                    rows.push(table.read(&row)?);
                }
                if rows.is_empty() {
                    break;
                }
                let mut query = sqlx::query(AssertSqlSafe(table.insert(rows.len())));
                for value in rows.into_iter().flatten() {
                    query = match value {
                        Value::Number(value) => query.bind(value),
                        Value::Text(value) => query.bind(value),
                        Value::Bytes(value) => query.bind(value),
                        Value::Truth(value) => query.bind(value),
                    };
                }
                query.execute(&mut $to).await?;
            }
        }
    };
}

async fn from_postgres(url: &str, file: &Path) -> Result<()> {
    let mut from = PgConnection::connect_with(&postgres_options(url)?).await?;
    sqlx::raw_sql("begin transaction isolation level repeatable read, read only").execute(&mut from).await?;
    let (schema,): (i64,) = sqlx::query_as("select max(version) from schema_version").fetch_one(&mut from).await?;
    if schema > known() {
        return Err(Error::NewerSchema { found: schema, known: known() });
    }
    let pools = Pools::open(&Options { url: None, file: file.to_owned(), readers: 1 }).await?;
    migrate_to(&mut Conn::new(pools.write().await?, Arc::new(Clock::default())), schema).await?;
    pools.close().await;
    let mut to = sqlite(file).connect().await?;
    let tables = tables(&mut to).await?;
    sqlx::raw_sql("pragma journal_mode = delete; begin").execute(&mut to).await?;
    move_rows!(tables, from, to);
    let lost = sqlx::query("pragma foreign_key_check").fetch_all(&mut to).await?;
    if !lost.is_empty() {
        return Err(Error::Corrupt { what: "copy", why: "a row refers to none".into() });
    }
    sqlx::raw_sql("commit").execute(&mut to).await?;
    to.close().await?;
    from.close().await?;
    Ok(())
}

async fn into_postgres(file: &Path, url: &str) -> Result<()> {
    let mut from = sqlite(file).read_only(true).connect().await?;
    let (schema,): (i64,) = sqlx::query_as("select max(version) from schema_version").fetch_one(&mut from).await?;
    let tables = tables(&mut from).await?;
    let pools = Pools::open(&Options { url: Some(url.to_owned()), file: file.to_owned(), readers: 1 }).await?;
    let mut conn = Conn::new(pools.write().await?, Arc::new(Clock::default()));
    // The tables in the same transaction: a restore that ends early leaves an empty database.
    plain(&mut conn, "begin").await?;
    let outcome: Result<()> = async {
        steps(&mut conn, true, schema).await?;
        let Link::Postgres(to) = conn.link() else { return Err(Error::Closed) };
        move_rows!(tables, from, **to);
        Ok(())
    }
    .await;
    plain(&mut conn, if outcome.is_ok() { "commit" } else { "rollback" }).await?;
    drop(conn);
    pools.close().await;
    from.close().await?;
    outcome
}
