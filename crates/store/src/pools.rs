//! The connections to the database: one writes, several read, few are for lots. How each is set is said here alone.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, PgPool, SqlitePool};

use crate::Result;
use crate::conn::Link;

/// So many pages of 4 KiB (half a GiB) at most stand in SQLite's log before whoever commits has to bring them into the file: a page
/// that is written again and again goes once for all of them, and in the last minute nobody waits for it.
const MOST_LOGGED: &str = "128000";
/// So many are brought there beside the writer, as soon as nobody has committed for `TEND`; and so many though somebody has.
const LOGGED: i64 = 1_000;
const MUCH_LOGGED: i64 = 96_000;
pub(crate) const TEND: Duration = Duration::from_secs(1);

/// Connections for lots of submissions: readers, and on PostgreSQL writers beside the one.
const BESIDE: u32 = 2;
/// Milliseconds that one beside waits for a lock: less than PostgreSQL lets two wait for each other (`deadlock_timeout`, a
/// second) before it ends one of them, so that it is never the writer, whose verbs have nobody to do them again.
const PATIENCE_BESIDE: &str = "700";

/// A connection to PostgreSQL that lay idle for so long may have ended with its server.
const RESTED: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub struct Options {
    /// `postgres://…`, or `None` for the embedded database.
    pub url: Option<String>,
    /// The file of the embedded database.
    pub file: PathBuf,
    pub readers: u32,
}

pub(crate) enum Pools {
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        /// Reads for lots.
        beside: SqlitePool,
        /// Brings the log into the file.
        tend: SqlitePool,
    },
    /// The writer has a connection of its own here too: it must not queue behind those who read.
    Postgres { write: PgPool, beside: PgPool, read: PgPool },
}

impl Pools {
    pub(crate) async fn open(options: &Options) -> Result<Self> {
        match &options.url {
            Some(url) => postgres(url, options.readers).await,
            None => sqlite(&options.file, options.readers).await,
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Pools::Sqlite { write, read, beside, tend } => {
                tend.close().await;
                beside.close().await;
                read.close().await;
                write.close().await;
            }
            Pools::Postgres { write, beside, read } => {
                read.close().await;
                beside.close().await;
                write.close().await;
            }
        }
    }

    pub(crate) async fn write(&self) -> Result<Link> {
        Ok(match self {
            Pools::Sqlite { write, .. } => Link::Sqlite(write.acquire().await?),
            Pools::Postgres { write, .. } => Link::Postgres(write.acquire().await?),
        })
    }

    pub(crate) async fn read(&self) -> Result<Link> {
        Ok(match self {
            Pools::Sqlite { read, .. } => Link::Sqlite(read.acquire().await?),
            Pools::Postgres { read, .. } => Link::Postgres(read.acquire().await?),
        })
    }

    /// For lots.
    pub(crate) async fn beside(&self) -> Result<Link> {
        Ok(match self {
            Pools::Sqlite { beside, .. } => Link::Sqlite(beside.acquire().await?),
            Pools::Postgres { beside, .. } => Link::Postgres(beside.acquire().await?),
        })
    }

    /// Brings SQLite's log into its file; `rests`: nobody has committed for [`TEND`]. False where there is none to be brought, any more.
    pub(crate) async fn tend(&self, rests: bool) -> bool {
        let Pools::Sqlite { tend, .. } = self else { return false };
        if tend.is_closed() {
            return false;
        }
        if let Err(error) = bring_in(tend, if rests { LOGGED } else { MUCH_LOGGED }).await {
            tracing::warn!(%error, "the log was not brought into the file");
        }
        true
    }
}

pub(crate) fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("trusted_schema", "off")
        .pragma("cache_size", "-32000")
        .pragma("temp_store", "memory")
        .pragma("wal_autocheckpoint", MOST_LOGGED)
        // What a rush left behind does not keep its size.
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(400)
}

async fn sqlite(file: &Path, readers: u32) -> Result<Pools> {
    let options = sqlite_options(file);
    let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
    let tend = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
    let reading = options.pragma("query_only", "on");
    // A file does not go away: to ask a connection whether it lives, each time, costs as much as what it is asked for.
    let pool = |most: u32| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
    let beside = pool(BESIDE).connect_lazy_with(reading.clone());
    let read = pool(readers).connect_with(reading).await?;
    Ok(Pools::Sqlite { write, read, beside, tend })
}

pub(crate) fn postgres_options(url: &str) -> Result<PgConnectOptions> {
    let options: PgConnectOptions = url.parse()?;
    Ok(options.application_name("wellposed").statement_cache_capacity(400).options([
        ("synchronous_commit", "on"),
        ("lock_timeout", "10000"),
        // Compiling takes longer than any statement here runs, and is done again for each connection and length.
        ("jit", "off"),
        // No disk turns any more: by its default of 4 PostgreSQL reads whole tables rather than twenty rows by their index.
        ("random_page_cost", "1.1"),
        ("default_transaction_isolation", "read committed"),
    ]))
}

async fn postgres(url: &str, readers: u32) -> Result<Pools> {
    let options = postgres_options(url)?;
    // Asked whether it lives only after a rest: it was asked when it was given back.
    let pool = |most: u32| {
        let options = PgPoolOptions::new().max_connections(most).acquire_timeout(Duration::from_secs(10));
        options.test_before_acquire(false).before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
    };
    let write = pool(1).connect_with(options.clone()).await?;
    let beside = pool(BESIDE).connect_lazy_with(options.clone().options([
        ("lock_timeout", PATIENCE_BESIDE),
        // What is asked for a lot is looked up by its keys: planned once, and never by what a table seemed to hold before the rush.
        ("plan_cache_mode", "force_generic_plan"),
        ("enable_seqscan", "off"),
    ]));
    let read = pool(readers).connect_with(options).await?;
    Ok(Pools::Postgres { write, beside, read })
}

async fn bring_in(pool: &SqlitePool, most: i64) -> Result<(), sqlx::Error> {
    let mut c = pool.acquire().await?;
    let (_, logged, brought): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(noop)").fetch_one(&mut *c).await?;
    if logged - brought >= most {
        sqlx::query("pragma wal_checkpoint(passive)").execute(&mut *c).await?;
    }
    Ok(())
}
