//! A connection past the store: to look at rows, and to tamper with them as somebody who has the database could.

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use store::Options;

pub enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub async fn open(options: &Options) -> Self {
        match &options.url {
            Some(url) => Raw::Postgres(PgConnection::connect(url).await.expect("the database")),
            None => {
                let url = format!("sqlite://{}", options.file.display());
                Raw::Sqlite(SqliteConnection::connect(&url).await.expect("the file"))
            }
        }
    }

    pub async fn run(&mut self, text: &str) {
        match self {
            Raw::Sqlite(c) => c.execute(sqlx::AssertSqlSafe(text)).await.map(drop).expect("a statement"),
            Raw::Postgres(c) => c.execute(sqlx::AssertSqlSafe(text)).await.map(drop).expect("a statement"),
        }
    }

    pub async fn number(&mut self, text: &str) -> i64 {
        let (n,): (i64,) = match self {
            Raw::Sqlite(c) => sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_one(c).await.expect("a number"),
            Raw::Postgres(c) => sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_one(c).await.expect("a number"),
        };
        n
    }

    pub async fn text(&mut self, text: &str) -> String {
        let (found,): (String,) = match self {
            Raw::Sqlite(c) => sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_one(c).await.expect("a text"),
            Raw::Postgres(c) => sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_one(c).await.expect("a text"),
        };
        found
    }
}
