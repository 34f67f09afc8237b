//! What benchmarks measure against, and what is looked for after a crash: past the writer on purpose.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, Executor};

use crate::conn::Link;
use crate::pools::{postgres_options, sqlite_options};
use crate::{Conn, Options, Result};

/// Commits a second of plain transactions, each of one row with that many bytes and one of a record, by so many connections
/// set as the store's own are: what the database gives where nothing is asked of it but to keep.
pub async fn raw_commits_per_s(options: &Options, connections: usize, bytes: usize, lasts: Duration) -> Result<f64> {
    plain(options, connections, lasts, Rows { sealed: bytes, all: false }).await
}

/// The same where each transaction writes all rows of a submission, with nobody asking, checking or sealing: itself, its envelope,
/// its entry, its repeated post's answer and its mail, in as many statements.
pub async fn raw_submissions_per_s(options: &Options, connections: usize, bytes: usize, lasts: Duration) -> Result<f64> {
    plain(options, connections, lasts, Rows { sealed: bytes, all: true }).await
}

#[derive(Clone, Copy)]
struct Rows {
    /// Bytes of the envelope.
    sealed: usize,
    /// Or the envelope and its entry alone.
    all: bool,
}

const TABLES: [&str; 5] = [
    "bench_row (id bigint primary key, sealed {bytes} not null)",
    "bench_audit (id bigint primary key, verb text not null, subject bigint not null, digest {bytes} not null)",
    "bench_submission (id bigint primary key, response bigint not null, n bigint not null, typed text not null, digest {bytes} not null, unique (response, n))",
    "bench_answered (person bigint not null, key text not null, answer text not null, primary key (person, key))",
    "bench_mail (id bigint primary key, event text not null, recipient text not null, unique (event, recipient))",
];

/// Bytes of the versions of eight answers.
const TYPED: usize = 240;

async fn plain(options: &Options, connections: usize, lasts: Duration, rows: Rows) -> Result<f64> {
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    macro_rules! work {
        ($connect:expr, $begin:literal, $bytes:literal) => {{
            let mut first = $connect.await?;
            for table in TABLES {
                let (name, table) = (table.split(' ').next().unwrap_or_default(), table.replace("{bytes}", $bytes));
                let made = format!("create table if not exists {table}; delete from {name}");
                first.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(made))).await?;
            }
            for client in 0..connections {
                let mut c = $connect.await?;
                let sealed = incompressible(rows.sealed);
                running.spawn(async move {
                    let mut done = 0i64;
                    let begun = Instant::now();
                    while begun.elapsed() < lasts {
                        let mut id = (client as i64) << 32 | done;
                        if rows.all {
                            // As random as the id of a response is.
                            id = id.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64);
                        }
                        c.execute(sqlx::raw_sql($begin)).await?;
                        if rows.all {
                            let made = sqlx::query(
                                "insert into bench_submission (id, response, n, typed, digest) values ($1, $2, 1, $3, $4)",
                            );
                            c.execute(made.bind(id).bind(!id).bind("x".repeat(TYPED)).bind(vec![1u8; 32])).await?;
                            let answered = sqlx::query("insert into bench_answered (person, key, answer) values ($1, $2, $3)");
                            c.execute(answered.bind(id).bind(format!("{id}:key")).bind(id.to_string())).await?;
                            let mail = sqlx::query("insert into bench_mail (id, event, recipient) values ($1, $2, $3)");
                            c.execute(mail.bind(id).bind(format!("submit_response:{id}")).bind("a@example.org")).await?;
                        }
                        let row = sqlx::query("insert into bench_row (id, sealed) values ($1, $2)").bind(id).bind(&sealed);
                        c.execute(row).await?;
                        let record = sqlx::query("insert into bench_audit (id, verb, subject, digest) values ($1, $2, $3, $4)");
                        c.execute(record.bind(id).bind("submit_response").bind(id).bind(vec![1u8; 32])).await?;
                        c.execute(sqlx::raw_sql("commit")).await?;
                        done += 1;
                    }
                    Ok::<_, crate::Error>(done)
                });
            }
        }};
    }
    match &options.url {
        None => work!(sqlite_options(&options.file).connect(), "begin immediate", "blob"),
        Some(url) => work!(postgres_options(url)?.connect(), "begin", "bytea"),
    }
    let mut commits = 0;
    while let Some(done) = running.join_next().await {
        commits += done.map_err(|_| crate::Error::Panicked)??;
    }
    Ok(commits as f64 / begun.elapsed().max(lasts).as_secs_f64())
}

impl crate::Store {
    /// What PostgreSQL does by itself within a minute (autovacuum), and a town made in seconds has not had.
    pub async fn analyze(&self) -> Result<()> {
        let mut conn = self.read().await?;
        let Link::Postgres(c) = conn.link() else { return Ok(()) };
        sqlx::query("analyze").execute(&mut **c).await?;
        Ok(())
    }
}

/// As what is sealed is: PostgreSQL would press a row of like bytes to a few.
fn incompressible(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    (0..bytes).map(|_| next()).collect()
}

/// The submissions in the database, and those of which a part is missing or left over.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub submissions: BTreeSet<i64>,
    /// Ids without their envelope, entry, answer, mail or file; and entries, envelopes and files whose submission is not there.
    pub half: BTreeSet<i64>,
}

/// `with_file`: responses each of whose submissions names one file. `spelled`: an id as it stands in answers and in the names of
/// events.
pub async fn written(conn: &mut Conn, with_file: &BTreeSet<i64>, spelled: impl Fn(i64) -> String) -> Result<Written> {
    let ids = |rows: Vec<(i64,)>| rows.into_iter().map(|(id,)| id).collect::<BTreeSet<i64>>();
    let of: BTreeMap<i64, i64> = rows!(conn, (i64, i64), "select id, response from submission")?.into_iter().collect();
    let submissions: BTreeSet<i64> = of.keys().copied().collect();
    let files: Vec<i64> = rows!(conn, (i64,), "select submission from submission_file")?.into_iter().map(|(id,)| id).collect();
    let mut named: BTreeMap<i64, usize> = BTreeMap::new();
    files.iter().for_each(|id| *named.entry(*id).or_default() += 1);
    let envelopes = ids(rows!(conn, (i64,), "select distinct submission from envelope")?);
    let entries =
        "select subject_id from audit where verb = 'submit_response' and subject_kind = 'submission' and outcome = 'done'";
    let entries = ids(on!(conn, c => sqlx::query_as(entries).fetch_all(&mut **c).await)?);
    let texts = |rows: Vec<(String,)>| rows.into_iter().map(|(text,)| text).collect::<BTreeSet<String>>();
    let answers = texts(rows!(conn, (String,), "select answer from idempotency where verb = 'submit_response'")?);
    let events = texts(rows!(conn, (String,), "select event from outbox where event like 'submit_response:%'")?);
    let whole = |id: &i64| {
        let name = spelled(*id);
        let wants_file = of.get(id).is_some_and(|response| with_file.contains(response));
        envelopes.contains(id)
            && (!wants_file || named.get(id) == Some(&1))
            && entries.contains(id)
            && events.contains(&format!("submit_response:{name}"))
            && answers.contains(&name)
    };
    let mut half: BTreeSet<i64> = submissions.iter().filter(|id| !whole(id)).copied().collect();
    half.extend(entries.iter().chain(&envelopes).chain(&files).filter(|id| !submissions.contains(id)));
    Ok(Written { submissions, half })
}
