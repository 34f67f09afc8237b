//! The last minute before a deadline, over HTTP: signed-in suppliers each post all their answers and submit them, in one
//! post; then once more with a file each, handed in before; against what the database gives to plain transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::moment::MINUTE;
use futures::FutureExt;
use hyper::StatusCode;
use store::bench::{raw_commits_per_s, raw_submissions_per_s};
use tokio::time::Instant;

use super::cluster::Cluster;
use super::served::{Client, Seeded, Served, Wish, file_form, processor_time};
use super::{Args, Bench, Figure};
use crate::Result;
use crate::failure::fail;
use crate::settings::Settings;

const NAME: &str = "rush";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

/// How many connections the plain transactions are tried with; the best counts.
const CONNECTIONS: &[usize] = &[1, 4, 16];
/// Bytes of a file, and how many are on their way at once.
const FILE: usize = 200 * 1024;
const UPLOADS: usize = 16;

const LASTS: Duration = Duration::from_secs(3);

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if args.on("sqlite") {
        measure(&args, &settings, None, "sqlite", &mut figures).await?;
    }
    if args.on("postgres") {
        match Cluster::find(settings.data.parent().unwrap_or(&settings.data)).await? {
            None => eprintln!("skipped on PostgreSQL: WELLPOSED_TEST_POSTGRES is not set and no initdb was found"),
            Some(cluster) => measure(&args, &settings, Some(cluster.url.clone()), "postgres", &mut figures).await?,
        }
    }
    Ok(figures)
}

async fn measure(args: &Args, settings: &Settings, url: Option<String>, database: &str, figures: &mut Vec<Figure>) -> Result<()> {
    let clients = args.clients.unwrap_or(64) as usize;
    let wish = Wish { count: args.count.unwrap_or(5_000) as usize, before_deadline: Some(MINUTE), file: false };
    eprintln!("{database}: making a town and {} suppliers …", wish.count);
    let seeded = Arc::new(Seeded::make(settings, url.clone(), wish).await?);
    let served = Served::start(&std::env::current_exe()?, &seeded).await?;
    eprintln!("{database}: the last minute …");
    let plain = rush(&seeded, &served, clients).await?;
    served.kill().await?;
    let (raw, rows) = raw(args, url.clone(), &seeded, database).await?;
    drop(seeded);
    // The first installation's database is taken.
    let url = match url {
        Some(url) => Some(Cluster::another(&url).await?),
        None => None,
    };
    // Time for the files to come before the last minute.
    let wish = Wish { before_deadline: Some(20 * MINUTE), file: true, ..wish };
    eprintln!("{database}: the same with a file each …");
    let seeded = Arc::new(Seeded::make(settings, url, wish).await?);
    let served = Served::start(&std::env::current_exe()?, &seeded).await?;
    let handed_in = hand_in(&seeded, &served, clients).await?;
    let with_file = rush(&seeded, &served, clients).await?;
    served.kill().await?;
    let mut add = |name: &str, value, unit| figures.push(Figure::new(NAME, format!("{database}_{name}"), value, unit));
    add("raw_commits_per_s", raw, "commits/s");
    add("raw_submissions_per_s", rows, "commits/s");
    for (kind, rushed) in [("", plain), ("file_", with_file)] {
        let mut add = |name: &str, value, unit| add(&format!("{kind}{name}"), value, unit);
        let at = |share: f64| {
            rushed.took.get(((rushed.took.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or_default()
        };
        let accepted = rushed.took.len() as f64 / rushed.seconds.max(1e-9);
        add("accepted_per_s", accepted, "submissions/s");
        add("of_raw", accepted / raw.max(1e-9), "");
        add("of_raw_submissions", accepted / rows.max(1e-9), "");
        add("p50_ms", at(0.5), "ms");
        add("p99_ms", at(0.99), "ms");
        add("refused_in_error", rushed.refused as f64, "submissions");
        if let Some((server, clients)) = rushed.processor {
            let each = |time: Duration| time.as_secs_f64() * 1e6 / rushed.took.len().max(1) as f64;
            add("server_cpu_us", each(server), "µs a submission");
            add("clients_cpu_us", each(clients), "µs a submission");
        }
    }
    add("file_handed_in_per_s", handed_in, "files/s");
    Ok(())
}

/// What plain transactions get, with rows as long as a form; and what they get that write all rows of a submission.
async fn raw(args: &Args, url: Option<String>, seeded: &Seeded, database: &str) -> Result<(f64, f64)> {
    let options = store::Options { url, file: seeded.folder.path().join("raw.db"), readers: 1 };
    let (mut raw, mut rows) = (0f64, 0f64);
    for connections in CONNECTIONS {
        let lasts = if args.count.is_some_and(|count| count < 1_000) { LASTS / 10 } else { LASTS };
        let found = raw_commits_per_s(&options, *connections, seeded.form("").len(), lasts).await?;
        let whole = raw_submissions_per_s(&options, *connections, seeded.form("").len(), lasts).await?;
        eprintln!("{database}: by {connections}: {found:.0} plain commits/s, {whole:.0} of all rows of a submission");
        (raw, rows) = (raw.max(found), rows.max(whole));
    }
    Ok((raw, rows))
}

/// A file to each draft, before the rush. How many a second.
async fn hand_in(seeded: &Arc<Seeded>, served: &Served, clients: usize) -> Result<f64> {
    let next = Arc::new(AtomicUsize::new(0));
    let (file, field) = (file_form(FILE), seeded.file_field.clone().unwrap_or_default());
    let mut running = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for _ in 0..clients.min(UPLOADS) {
        let mut client = Client::connect(served.addr).await?;
        let (seeded, next, file, field) = (seeded.clone(), next.clone(), file.clone(), field.clone());
        running.spawn(async move {
            while let Some(ready) = seeded.ready.get(next.fetch_add(1, Ordering::Relaxed)) {
                let status = client.enclose(ready, &field, file.clone()).await?;
                if status != StatusCode::SEE_OTHER {
                    fail!("a file was not taken: {status}");
                }
            }
            Ok::<_, crate::Failure>(())
        });
    }
    while let Some(client) = running.join_next().await {
        client??;
    }
    Ok(seeded.ready.len() as f64 / begun.elapsed().as_secs_f64().max(1e-9))
}

/// What came of a rush.
struct Rushed {
    /// Milliseconds of each that was accepted, in order of length.
    took: Vec<f64>,
    refused: usize,
    seconds: f64,
    /// What the server and the clients had of the processors.
    processor: Option<(Duration, Duration)>,
}

async fn rush(seeded: &Arc<Seeded>, served: &Served, clients: usize) -> Result<Rushed> {
    let spent = || served.processor_time().zip(processor_time("self"));
    let (begun, before) = (Instant::now(), spent());
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = tokio::task::JoinSet::new();
    let form = seeded.form("0-0");
    for _ in 0..clients {
        let mut client = Client::connect(served.addr).await?;
        let (seeded, next, form) = (seeded.clone(), next.clone(), form.clone());
        running.spawn(async move {
            let (mut took, mut refused) = (Vec::new(), 0);
            while let Some(ready) = seeded.ready.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                match client.submit(ready, form.clone()).await? {
                    Ok(_) => took.push(begun.elapsed().as_secs_f64() * 1000.0),
                    Err(status) => {
                        if refused == 0 {
                            eprintln!("refused: {status}");
                        }
                        refused += 1;
                    }
                }
            }
            Ok::<_, crate::Failure>((took, refused))
        });
    }
    let (mut took, mut refused) = (Vec::new(), 0);
    while let Some(client) = running.join_next().await {
        let (own, turned_away) = client??;
        took.extend(own);
        refused += turned_away;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let processor = before.zip(spent()).map(|(before, after)| (after.0 - before.0, after.1 - before.1));
    took.sort_by(f64::total_cmp);
    Ok(Rushed { took, refused, seconds, processor })
}
