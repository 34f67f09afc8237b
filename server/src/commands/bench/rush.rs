//! The last minute before a deadline, over HTTP: signed-in suppliers each post all their answers and submit them, in one
//! post; against what the database gives to plain transactions.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::FutureExt;
use store::bench::raw_commits_per_s;
use tokio::time::Instant;

use super::cluster::Cluster;
use super::served::{Client, Seeded, Served};
use super::{Args, Bench, Figure};
use crate::Result;
use crate::settings::Settings;

const NAME: &str = "rush";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

/// How many connections the plain transactions are tried with; the best counts.
const CONNECTIONS: &[usize] = &[1, 4, 16];
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
    let (count, clients) = (args.count.unwrap_or(5_000) as usize, args.clients.unwrap_or(64) as usize);
    eprintln!("{database}: making a town and {count} suppliers …");
    let seeded = Arc::new(Seeded::make(settings, url.clone(), count, true).await?);
    let served = Served::start(&std::env::current_exe()?, &seeded).await?;
    eprintln!("{database}: the last minute …");
    let begun = Instant::now();
    let (took, refused) = rush(&seeded, &served, clients).await?;
    let seconds = begun.elapsed().as_secs_f64();
    served.kill().await?;
    let options = store::Options { url, file: seeded.folder.path().join("raw.db"), readers: 1 };
    let mut raw = 0f64;
    for connections in CONNECTIONS {
        let lasts = if args.count.is_some_and(|count| count < 1_000) { LASTS / 10 } else { LASTS };
        let found = raw_commits_per_s(&options, *connections, seeded.form("").len(), lasts).await?;
        eprintln!("{database}: {found:.0} plain commits/s by {connections}");
        raw = raw.max(found);
    }
    let at = |share: f64| took.get(((took.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or_default();
    let accepted = took.len() as f64 / seconds.max(1e-9);
    let mut add = |name: &str, value, unit| figures.push(Figure::new(NAME, format!("{database}_{name}"), value, unit));
    add("accepted_per_s", accepted, "submissions/s");
    add("raw_commits_per_s", raw, "commits/s");
    add("of_raw", accepted / raw.max(1e-9), "");
    add("p50_ms", at(0.5), "ms");
    add("p99_ms", at(0.99), "ms");
    add("refused_in_error", refused as f64, "submissions");
    Ok(())
}

/// Milliseconds of each that was accepted, in order of length, and how many were not.
async fn rush(seeded: &Arc<Seeded>, served: &Served, clients: usize) -> Result<(Vec<f64>, usize)> {
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
    took.sort_by(f64::total_cmp);
    Ok((took, refused))
}
