//! A throwaway database of either kind, for the tests of this crate and of those above it.

use std::sync::OnceLock;

use sqlx::{Connection, Executor, PgConnection};

use crate::{Options, Store};

/// A store in a folder of its own, gone with it.
pub struct Throwaway {
    pub store: Store,
    pub options: Options,
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    _folder: tempfile::TempDir,
}

/// Where tests find PostgreSQL: the address of a throwaway cluster, which `./dev test` starts. Without it tests run on
/// SQLite alone and say so.
pub fn postgres_url() -> Option<String> {
    std::env::var("WELLPOSED_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

pub async fn sqlite() -> Throwaway {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = Options { url: None, file: folder.path().join("wellposed.db"), readers: 4 };
    let store = Store::open(&options).await.expect("a fresh database");
    as_test(&store).await;
    Throwaway { store, options, kind: "sqlite", _folder: folder }
}

/// `None`, said once, where there is no cluster.
pub async fn postgres() -> Option<Throwaway> {
    static SAID: OnceLock<()> = OnceLock::new();
    let Some(base) = postgres_url() else {
        SAID.get_or_init(|| eprintln!("skipped on PostgreSQL: WELLPOSED_TEST_POSTGRES is not set"));
        return None;
    };
    // Named after the folder, whose name is drawn: process ids come again while a cluster lives.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let drawn = folder.path().file_name().unwrap_or_default().as_encoded_bytes();
    let name = drawn.iter().fold(String::from("t"), |name, byte| format!("{name}{byte:02x}"));
    let mut admin = PgConnection::connect(&base).await.expect("the test cluster");
    admin.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a fresh database");
    let (server, _) = base.rsplit_once('/').expect("a database in the address");
    let options = Options { url: Some(format!("{server}/{name}")), file: folder.path().join("unused.db"), readers: 4 };
    let store = Store::open(&options).await.expect("a fresh database");
    as_test(&store).await;
    Some(Throwaway { store, options, kind: "postgres", _folder: folder })
}

/// One of each kind that there is.
pub async fn each() -> Vec<Throwaway> {
    let mut all = vec![sqlite().await];
    all.extend(postgres().await);
    all
}

async fn as_test(store: &Store) {
    store
        .write(|tx| {
            Box::pin(async move {
                tx.set_meta("kind", "test").await?;
                tx.leave_no_entry();
                Ok::<_, crate::Error>(())
            })
        })
        .await
        .expect("a test installation");
}

/// Prepares every statement of this crate, and says which one a database refuses.
pub async fn prepare_all(options: &Options) -> Result<usize, String> {
    let mut prepared = 0;
    if let Some(url) = &options.url {
        let mut conn = PgConnection::connect(url).await.map_err(|error| error.to_string())?;
        for statement in crate::statements() {
            conn.prepare(sqlx::SqlStr::from_static(statement.text))
                .await
                .map_err(|error| format!("{}: {error}", statement.at))?;
            prepared += 1;
        }
    } else {
        let url = format!("sqlite://{}", options.file.display());
        let mut conn = sqlx::SqliteConnection::connect(&url).await.map_err(|error| error.to_string())?;
        // `for share` and `for update` are PostgreSQL's; SQLite gets the same text without.
        for statement in crate::statements().filter(|s| !s.text.ends_with(" for share") && !s.text.ends_with(" for update")) {
            conn.prepare(sqlx::SqlStr::from_static(statement.text))
                .await
                .map_err(|error| format!("{}: {error}", statement.at))?;
            prepared += 1;
        }
    }
    Ok(prepared)
}

/// What a connection of the store itself is set to (`pragma synchronous`, `show synchronous_commit`): a connection of the
/// test's own would not tell.
pub async fn setting(conn: &mut crate::Conn, question: &'static str) -> Result<String, sqlx::Error> {
    use sqlx::Row;
    match conn.link() {
        crate::conn::Link::Sqlite(c) => {
            let row = sqlx::query(question).fetch_one(&mut **c).await?;
            row.try_get::<i64, _>(0).map(|n| n.to_string()).or_else(|_| row.try_get::<String, _>(0))
        }
        crate::conn::Link::Postgres(c) => sqlx::query(question).fetch_one(&mut **c).await?.try_get(0),
    }
}

impl Throwaway {
    /// A change past the store: what another part of the program will do, or what somebody who has the database could.
    pub async fn tamper(&self, text: &str) {
        let text = sqlx::AssertSqlSafe(text.to_owned());
        if let Some(url) = &self.options.url {
            let mut conn = PgConnection::connect(url).await.expect("the test cluster");
            conn.execute(text).await.expect("a statement");
        } else {
            let url = format!("sqlite://{}", self.options.file.display());
            let mut conn = sqlx::SqliteConnection::connect(&url).await.expect("the file");
            conn.execute(text).await.expect("a statement");
        }
    }

    /// PostgreSQL alone: from now on the database's clock is so many minutes behind this machine's, for whoever connects anew.
    pub async fn clock_behind(&self, minutes: i64) {
        let url = self.options.url.as_deref().expect("a database with a clock of its own");
        let (_, name) = url.rsplit_once('/').expect("a database in the address");
        self.tamper("create schema fake").await;
        self.tamper(&format!(
            "create function fake.clock_timestamp() returns timestamptz language sql volatile
             as $$select pg_catalog.clock_timestamp() - interval '{minutes} minutes'$$"
        ))
        .await;
        self.tamper(&format!("alter database {name} set search_path = public, fake, pg_catalog")).await;
    }

    /// Every value that the database holds, a line a row: `table|column|column|…`, bytes in hexadecimal. For tests that
    /// look for what must not be there.
    pub async fn every_value(&self) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(url) = &self.options.url {
            let mut conn = PgConnection::connect(url).await.expect("the test cluster");
            let tables: Vec<(String,)> =
                sqlx::query_as("select tablename::text from pg_tables where schemaname = 'public' order by 1")
                    .fetch_all(&mut conn)
                    .await
                    .expect("tables");
            for (table,) in tables {
                let text = format!(
                    "select concat_ws('|', '{table}', (select string_agg(coalesce(e.value, ''), '|') from jsonb_each_text(to_jsonb(t)) e), '') from \"{table}\" t"
                );
                let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_all(&mut conn).await.expect("rows");
                all.extend(rows.into_iter().map(|(row,)| row));
            }
        } else {
            let mut conn =
                sqlx::SqliteConnection::connect(&format!("sqlite://{}", self.options.file.display())).await.expect("the file");
            let tables: Vec<(String,)> = sqlx::query_as("select name from sqlite_schema where type = 'table' order by 1")
                .fetch_all(&mut conn)
                .await
                .expect("tables");
            for (table,) in tables {
                let columns: Vec<(String, String)> = sqlx::query_as("select name, type from pragma_table_info($1)")
                    .bind(&table)
                    .fetch_all(&mut conn)
                    .await
                    .expect("columns");
                let values: Vec<String> = columns
                    .iter()
                    .map(
                        |(name, kind)| {
                            if kind.eq_ignore_ascii_case("blob") { format!("hex(\"{name}\")") } else { format!("\"{name}\"") }
                        },
                    )
                    .collect();
                let text = format!(
                    "select concat_ws('|', '{table}', coalesce({}, ''), '') from \"{table}\"",
                    values.join(", ''), coalesce(")
                );
                let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_all(&mut conn).await.expect("rows");
                all.extend(rows.into_iter().map(|(row,)| row));
            }
        }
        all
    }
}
