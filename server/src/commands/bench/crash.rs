//! The server is killed at random moments of a rush, and on PostgreSQL the whole cluster stopped with it: whoever was given a
//! receipt finds the submission afterwards, and nothing is half there.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::SubmissionId;
use futures::FutureExt;
use hyper::StatusCode;
use store::bench::{Written, written};
use workflow::Chance;

use super::cluster::Cluster;
use super::served::{Client, Seeded, Served, Wish, file_form};
use super::{Args, Bench, Figure};
use crate::failure::fail;
use crate::settings::Settings;
use crate::{Result, open};

const NAME: &str = "crash";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

/// Each submits again and again: the last submission stands, and every one had its receipt.
const WISH: Wish = Wish { count: 128, before_deadline: None, file: true };

/// Each submission names the one file of its draft, of so many bytes.
const FILE: usize = 2 * 1024;

/// The longest until the first receipt of a round.
const BEGINS: Duration = Duration::from_secs(60);

/// The latest moment at which a round is cut, after its first receipt.
const LATEST: Duration = Duration::from_millis(1_200);

type Receipts = Arc<Mutex<BTreeSet<i64>>>;

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let rounds = args.count.unwrap_or(100);
    if args.on("sqlite") {
        let seeded = Seeded::make(&settings, None, WISH).await?;
        measure(&args, seeded, None, rounds, "sqlite", &mut figures).await?;
    }
    if args.on("postgres") {
        // Of our own in any case: another's is not ours to stop.
        match Cluster::start(settings.data.parent().unwrap_or(&settings.data)).await? {
            None => eprintln!("skipped on PostgreSQL: no initdb was found"),
            Some(cluster) => {
                let seeded = Seeded::make(&settings, Some(cluster.url.clone()), WISH).await?;
                measure(&args, seeded, Some(cluster), (rounds * 3 / 10).max(1), "postgres", &mut figures).await?;
            }
        }
    }
    Ok(figures)
}

async fn measure(
    args: &Args,
    seeded: Seeded,
    cluster: Option<Cluster>,
    rounds: u32,
    database: &str,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let (seeded, receipts, chance) = (Arc::new(seeded), Receipts::default(), Chance::system());
    let clients = args.clients.unwrap_or(16) as usize;
    let mut found = Written::default();
    for round in 0..rounds {
        let served = Served::start(&std::env::current_exe()?, &seeded).await?;
        if round == 0 {
            hand_in(&seeded, &served).await?;
        }
        let running: Vec<_> = (0..clients)
            .map(|client| tokio::spawn(submit_on(seeded.clone(), served.addr, receipts.clone(), (round, client, clients))))
            .collect();
        // The rush is on once there is a receipt: cut before it, a round would try nothing.
        let count = || receipts.lock().unwrap_or_else(PoisonError::into_inner).len();
        let before = count();
        let begun = async {
            while count() == before {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        if tokio::time::timeout(BEGINS, begun).await.is_err() {
            fail!("{database}: no submission was accepted within {} seconds", BEGINS.as_secs());
        }
        let cut = LATEST.mul_f64(f64::from(u16::from_be_bytes(chance.bytes())) / f64::from(u16::MAX));
        tokio::time::sleep(cut).await;
        // Every second round the database falls first, in the middle of what the server does with it.
        let falls = cluster.as_ref().filter(|_| round.is_multiple_of(2));
        if let Some(cluster) = falls {
            cluster.stop_at_once().await?;
        }
        served.kill().await?;
        for client in running {
            client.await?;
        }
        if let Some(cluster) = falls {
            cluster.start_again().await?;
        }
        found = look(&seeded).await?;
        let given = receipts.lock().unwrap_or_else(PoisonError::into_inner).len();
        eprintln!("{database}: round {} of {rounds}, cut after {} ms, {given} receipts", round + 1, cut.as_millis());
    }
    let receipts = receipts.lock().unwrap_or_else(PoisonError::into_inner);
    let mut add =
        |name: &str, value: usize, unit| figures.push(Figure::new(NAME, format!("{database}_{name}"), value as f64, unit));
    add("rounds", rounds as usize, "rounds");
    add("receipts", receipts.len(), "receipts");
    add("lost", receipts.difference(&found.submissions).count(), "receipts");
    add("half_written", found.half.len(), "submissions");
    Ok(())
}

/// A file to each draft.
async fn hand_in(seeded: &Seeded, served: &Served) -> Result<()> {
    let (mut client, file) = (Client::connect(served.addr).await?, file_form(FILE));
    for ready in &seeded.ready {
        let status = client.enclose(ready, seeded.file_field.as_deref().unwrap_or_default(), file.clone()).await?;
        if status != StatusCode::SEE_OTHER {
            fail!("a file was not taken: {status}");
        }
    }
    Ok(())
}

/// Posts until the server is gone.
async fn submit_on(
    seeded: Arc<Seeded>,
    addr: std::net::SocketAddr,
    receipts: Receipts,
    (round, first, clients): (u32, usize, usize),
) {
    let Ok(mut client) = Client::connect(addr).await else { return };
    for turn in 0.. {
        for ready in seeded.ready.iter().skip(first).step_by(clients) {
            let Ok(answer) = client.submit(ready, seeded.form(&format!("{round}-{turn}"))).await else { return };
            // Refused while the database falls: no receipt, nothing promised.
            let Ok(receipt) = answer else { continue };
            receipts.lock().unwrap_or_else(PoisonError::into_inner).insert(receipt.get());
        }
    }
}

/// What is there after the fall.
async fn look(seeded: &Seeded) -> Result<Written> {
    let store = open::existing_store(&seeded.settings).await?;
    let (_, broken) = store.verify_record().await?;
    if let Some(broken) = broken {
        fail!("the record is broken: {broken}");
    }
    let mut conn = store.read().await?;
    let with_file = seeded.ready.iter().map(|ready| ready.response.get()).collect();
    let found = written(&mut conn, &with_file, |id| SubmissionId(id).to_string()).await?;
    drop(conn);
    store.close().await;
    Ok(found)
}
