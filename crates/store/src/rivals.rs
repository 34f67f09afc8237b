//! What searches are measured against: full text search by the databases themselves, over the same texts, in tables of its own.

use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};

use crate::pools::{postgres_options, sqlite_options};
use crate::{Options, Result};

/// A document as the rivals have it: for everybody to find.
pub struct Text {
    pub id: i64,
    pub kind: &'static str,
    pub title: String,
    pub body: String,
}

/// One connection. SQLite with FTS5 (porter stems, bm25), or PostgreSQL with tsvector and GIN (English stems, ts_rank).
pub enum Rival {
    Fts5(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Rival {
    pub async fn connect(options: &Options) -> Result<Self> {
        Ok(match &options.url {
            None => Self::Fts5(Box::new(sqlite_options(&options.file).connect().await?)),
            Some(url) => Self::Postgres(Box::new(postgres_options(url)?.connect().await?)),
        })
    }

    /// The table, empty.
    pub async fn make(&mut self) -> Result<()> {
        match self {
            Self::Fts5(c) => {
                let text = "drop table if exists rival;
                    create virtual table rival using fts5(title, body, audience unindexed, kind unindexed, tokenize='porter unicode61')";
                c.execute(sqlx::raw_sql(text)).await?;
            }
            Self::Postgres(c) => {
                let text = "drop table if exists rival;
                    create table rival (id bigint primary key, title text not null, body text not null, audience text not null, kind text not null,
                        words tsvector generated always as (setweight(to_tsvector('english', title), 'A') || to_tsvector('english', body)) stored)";
                c.execute(sqlx::raw_sql(text)).await?;
            }
        }
        Ok(())
    }

    pub async fn put(&mut self, texts: &[Text]) -> Result<()> {
        match self {
            Self::Fts5(c) => {
                let mut tx = c.begin().await?;
                for text in texts {
                    sqlx::query("insert into rival (rowid, title, body, audience, kind) values ($1, $2, $3, 'public', $4)")
                        .bind(text.id)
                        .bind(&text.title)
                        .bind(&text.body)
                        .bind(text.kind)
                        .execute(&mut *tx)
                        .await?;
                }
                tx.commit().await?;
            }
            Self::Postgres(c) => {
                let column = |of: fn(&Text) -> &str| texts.iter().map(of).map(str::to_owned).collect::<Vec<String>>();
                let ids: Vec<i64> = texts.iter().map(|text| text.id).collect();
                sqlx::query(
                    "insert into rival (id, title, body, audience, kind)
                     select id, title, body, 'public', kind from unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) as r (id, title, body, kind)",
                )
                .bind(ids)
                .bind(column(|text| &text.title))
                .bind(column(|text| &text.body))
                .bind(column(|text| text.kind))
                .execute(&mut **c)
                .await?;
            }
        }
        Ok(())
    }

    /// After the last `put`: what an administrator would do before the first search.
    pub async fn finish(&mut self) -> Result<()> {
        match self {
            Self::Fts5(c) => {
                c.execute(sqlx::raw_sql("insert into rival (rival) values ('optimize')")).await?;
            }
            Self::Postgres(c) => {
                let text = "create index rival_words on rival using gin (words); analyze rival";
                c.execute(sqlx::raw_sql(text)).await?;
            }
        }
        Ok(())
    }

    /// Those of a kind that have all the words: how many, and the best twenty read.
    pub async fn search(&mut self, words: &str, kind: &str) -> Result<i64> {
        match self {
            Self::Fts5(c) => {
                let words: Vec<String> = words.split_whitespace().map(|word| format!("\"{word}\"")).collect();
                let words = words.join(" ");
                let (count,): (i64,) =
                    sqlx::query_as("select count(*) from rival where rival match $1 and audience = 'public' and kind = $2")
                        .bind(&words)
                        .bind(kind)
                        .fetch_one(&mut **c)
                        .await?;
                let _: Vec<(i64, String, String)> = sqlx::query_as(
                    "select rowid, title, body from rival where rival match $1 and audience = 'public' and kind = $2
                     order by bm25(rival, 5.0, 1.0) limit 20",
                )
                .bind(&words)
                .bind(kind)
                .fetch_all(&mut **c)
                .await?;
                Ok(count)
            }
            Self::Postgres(c) => {
                let found: Vec<(i64, String, String, i64)> = sqlx::query_as(
                    "select id, title, body, count(*) over () from rival
                     where words @@ plainto_tsquery('english', $1) and audience = 'public' and kind = $2
                     order by ts_rank(words, plainto_tsquery('english', $1)) desc limit 20",
                )
                .bind(words)
                .bind(kind)
                .fetch_all(&mut **c)
                .await?;
                Ok(found.first().map_or(0, |(.., count)| *count))
            }
        }
    }
}
