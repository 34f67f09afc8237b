//! A throwaway database of either kind, for the tests of this crate and of those above it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

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
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Some(base) = postgres_url() else {
        SAID.get_or_init(|| eprintln!("skipped on PostgreSQL: WELLPOSED_TEST_POSTGRES is not set"));
        return None;
    };
    let name = format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&base).await.expect("the test cluster");
    admin.execute(sqlx::AssertSqlSafe(format!("create database {name}"))).await.expect("a fresh database");
    let (server, _) = base.rsplit_once('/').expect("a database in the address");
    let folder = tempfile::tempdir().expect("a temporary folder");
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
            conn.prepare(sqlx::SqlStr::from_static(statement.text)).await.map_err(|error| format!("{}: {error}", statement.at))?;
            prepared += 1;
        }
    } else {
        let url = format!("sqlite://{}", options.file.display());
        let mut conn = sqlx::SqliteConnection::connect(&url).await.map_err(|error| error.to_string())?;
        // `for share` and `for update` are PostgreSQL's; SQLite gets the same text without.
        for statement in crate::statements().filter(|s| !s.text.ends_with(" for share") && !s.text.ends_with(" for update")) {
            conn.prepare(sqlx::SqlStr::from_static(statement.text)).await.map_err(|error| format!("{}: {error}", statement.at))?;
            prepared += 1;
        }
    }
    Ok(prepared)
}
