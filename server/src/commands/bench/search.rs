//! How fast is found, beside what it is made of (the bare engine) and what an authority may have already (its database).

use std::io::{BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::search::bench::RawBuilder;
use ::search::{Audience, Document, Index, Kind, Query, Reader};
use futures::FutureExt;
use store::rivals::{Rival, Text};
use tokio::time::Instant;
use workflow::Desk;
use workflow::follow::{follow, follow_once, reindex};
use workflow::history::{History, import};

use super::cluster::Cluster;
use super::recombine::{Made, Sources};
use super::served::{Client, Served};
use super::{Args, Bench, Figure, fresh_at};
use crate::Result;
use crate::failure::fail;
use crate::settings::Settings;

const NAME: &str = "search";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

/// Titles that are searched for.
const TITLES: u64 = 350;
/// How long each engine answers.
const LASTS: Duration = Duration::from_secs(6);
/// Documents that are added one by one to see how soon each is found.
const FRESH: usize = 60;
/// Of the rivals' rows in one statement.
const BATCH: usize = 500;

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let Some(sources) = Sources::read(&args.data_files)? else {
        eprintln!(
            "skipped: challenges.jsonl and responses.jsonl are not in {}. Name their folder with --data-files",
            args.data_files.display()
        );
        return Ok(figures);
    };
    let sources = Arc::new(sources);
    let documents = u64::from(args.count.unwrap_or(100_000));
    let queries: Arc<Vec<(String, bool)>> = Arc::new(sources.titles(documents, TITLES));
    let mut add = |name: &str, value: f64, unit| figures.push(Figure::new(NAME, name, value, unit));
    add("docs", documents as f64, "documents");

    let (folder, own, desk) = fresh_at(&settings, None).await?;
    eprintln!("storing {documents} documents …");
    store(&desk, &sources, documents).await?;
    eprintln!("indexing them …");
    let begun = Instant::now();
    let indexed = reindex(&desk, |_| {}).await?;
    if indexed as u64 != documents {
        fail!("{indexed} documents are in the index, not {documents}");
    }
    add("index_docs_per_s", documents as f64 / begun.elapsed().as_secs_f64(), "documents/s");

    eprintln!("searching the product …");
    let (index, now) = (desk.index.clone(), desk.store.now().micros());
    let bare = product(&index, now, false);
    let (found, _) = answer(&queries, 1, &bare)?;
    let missed = queries.len() - found;
    let (product_qps, _) = throughput(&queries, bare)?;
    let (full_qps, took) = throughput(&queries, product(&index, now, true))?;
    add("product_qps", product_qps, "queries/s");
    add("product_full_qps", full_qps, "queries/s");
    add("product_p50_ms", at(&took, 0.5), "ms");
    add("product_p99_ms", at(&took, 0.99), "ms");
    let (similar_qps, took) = similar(&index, now)?;
    add("similar_qps", similar_qps, "queries/s");
    add("similar_p99_ms", at(&took, 0.99), "ms");
    add("not_found", missed as f64, "queries");

    let took = freshness(&desk, &sources, documents).await?;
    add("fresh_ms", at(&took, 0.95), "ms at p95");
    drop(index);
    desk.store.close().await;
    drop(desk);

    eprintln!("searching over HTTP …");
    let served = Served::start_in(&std::env::current_exe()?, &own, folder.path()).await?;
    let took = over_http(&served, &queries).await?;
    add("http_p50_ms", at(&took, 0.5), "ms");
    add("http_p99_ms", at(&took, 0.99), "ms");
    if let Some(memory) = served.own_memory() {
        add("rss_mb", memory, "MB");
    }
    served.kill().await?;

    eprintln!("searching the bare engine …");
    let raw_folder = folder.path().join("raw");
    std::fs::create_dir_all(&raw_folder)?;
    let mut builder = RawBuilder::new(&raw_folder)?;
    let begun = Instant::now();
    for number in 0..documents {
        builder.put(&document(sources.make(number), number))?;
    }
    let raw = builder.finish()?;
    add("raw_tantivy_docs_per_s", documents as f64 / begun.elapsed().as_secs_f64(), "documents/s");
    let (raw_qps, took) = throughput(&queries, move |(title, past)| Ok(raw.search(title, kind(*past))?))?;
    add("raw_tantivy_qps", raw_qps, "queries/s");
    add("raw_tantivy_p99_ms", at(&took, 0.99), "ms");
    add("product_to_raw", product_qps / raw_qps.max(1e-9), "times");

    if args.on("sqlite") {
        let options = store::Options { url: None, file: folder.path().join("fts5"), readers: 1 };
        let qps = rival(&options, &sources, documents, &queries).await?;
        add("fts5_qps", qps, "queries/s");
        add("product_to_fts5", product_qps / qps.max(1e-9), "times");
    }
    if args.on("postgres") {
        match Cluster::find(settings.data.parent().unwrap_or(&settings.data)).await? {
            None => eprintln!("skipped on PostgreSQL: WELLPOSED_TEST_POSTGRES is not set and no initdb was found"),
            Some(cluster) => {
                let options = store::Options { url: Some(cluster.url.clone()), file: folder.path().join("none"), readers: 1 };
                let qps = rival(&options, &sources, documents, &queries).await?;
                add("postgres_qps", qps, "queries/s");
                add("product_to_postgres", product_qps / qps.max(1e-9), "times");
            }
        }
    }
    Ok(figures)
}

/// Lines that are made as they are read.
struct Lines<'a> {
    sources: &'a Sources,
    past: bool,
    next: u64,
    end: u64,
    line: Vec<u8>,
    read: usize,
}

impl Read for Lines<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.read == self.line.len() {
            if self.next == self.end {
                return Ok(0);
            }
            let made = self.sources.make(self.next);
            self.next += 1;
            if made.past == self.past {
                (self.line, self.read) = (made.line().into_bytes(), 0);
            }
        }
        let taken = into.len().min(self.line.len() - self.read);
        into[..taken].copy_from_slice(&self.line[self.read..self.read + taken]);
        self.read += taken;
        Ok(taken)
    }
}

async fn store(desk: &Desk, sources: &Sources, documents: u64) -> Result<()> {
    for (what, past) in [(History::Challenges, true), (History::Responses, false)] {
        let lines = Lines { sources, past, next: 0, end: documents, line: Vec::new(), read: 0 };
        let report = import(desk, what, BufReader::with_capacity(1 << 20, lines), |_| {}).await?;
        if let Some((line, why)) = report.rejected.first() {
            fail!("line {line} was rejected: {why}");
        }
    }
    Ok(())
}

fn kind(past: bool) -> Kind {
    if past { Kind::PastChallenge } else { Kind::Solution }
}

/// Both as the search page asks, and as the bare engine is asked: a kind, nothing counted, nothing marked.
fn product(index: &Index, now: i64, full: bool) -> impl Fn(&(String, bool)) -> Result<usize> + Send + Sync + use<> {
    let index = index.clone();
    move |(title, past)| {
        let kinds = if full { Vec::new() } else { vec![kind(*past)] };
        let query = Query { text: title.clone(), kinds, facets: full, marks: full, ..Query::default() };
        Ok(index.search(&query, &Reader::public(), now)?.total)
    }
}

/// All queries so many times, one after the other: how many found something, and milliseconds of each in order of length.
fn answer<Q>(queries: &[Q], times: usize, search: &impl Fn(&Q) -> Result<usize>) -> Result<(usize, Vec<f64>)> {
    let (mut found, mut took) = (0, Vec::new());
    for query in std::iter::repeat_n(queries, times).flatten() {
        let begun = Instant::now();
        found += usize::from(search(query)? > 0);
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    Ok((found, took))
}

/// Queries a second, each processor asking without a pause; and milliseconds of each in order of length. Warm.
fn throughput<Q: Sync>(queries: &[Q], search: impl Fn(&Q) -> Result<usize> + Sync) -> Result<(f64, Vec<f64>)> {
    answer(queries, 1, &search)?;
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (next, begun) = (AtomicUsize::new(0), Instant::now());
    let mut took: Vec<f64> = std::thread::scope(|scope| {
        let work = || -> Result<Vec<f64>> {
            let mut took = Vec::new();
            while begun.elapsed() < LASTS {
                let query = &queries[next.fetch_add(1, Ordering::Relaxed) % queries.len()];
                let begun = Instant::now();
                search(query)?;
                took.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            Ok(took)
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Vec::new();
        for thread in running {
            all.extend(thread.join().map_err(|_| crate::Failure("a search panicked".into()))??);
        }
        Ok::<_, crate::Failure>(all)
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    Ok((took.len() as f64 / seconds, took))
}

fn similar(index: &Index, now: i64) -> Result<(f64, Vec<f64>)> {
    let newest =
        index.search(&Query { per_page: 200, facets: false, marks: false, ..Query::default() }, &Reader::public(), now)?;
    let documents: Vec<(Kind, i64)> = newest.hits.iter().map(|hit| (hit.kind, hit.id)).collect();
    let query = Query { per_page: 5, ..Query::default() };
    throughput(&documents, |(kind, id)| Ok(index.similar(*kind, *id, &query, &Reader::public(), now)?.len()))
}

/// From the answer to a write until anybody finds it, in milliseconds, in order of length.
async fn freshness(desk: &Desk, sources: &Sources, documents: u64) -> Result<Vec<f64>> {
    follow_once(desk).await?;
    let follower = tokio::spawn(follow(desk.clone()));
    let mut took = Vec::new();
    for nth in 0..FRESH {
        let mut made = sources.make(documents + nth as u64);
        let mark = format!("freshly{nth}wrought");
        made.title.push(' ');
        made.title.push_str(&mark);
        let what = if made.past { History::Challenges } else { History::Responses };
        import(desk, what, made.line().as_bytes(), |_| {}).await?;
        let begun = Instant::now();
        let query = Query { text: mark, ..Query::default() };
        while desk.index.search(&query, &Reader::public(), 0)?.total == 0 {
            if begun.elapsed() > Duration::from_secs(10) {
                fail!("a new document was not found in ten seconds");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    follower.abort();
    let _ = follower.await;
    took.sort_by(f64::total_cmp);
    Ok(took)
}

/// Pages of results over one connection a processor, milliseconds each in order of length. Warm.
async fn over_http(served: &Served, queries: &Arc<Vec<(String, bool)>>) -> Result<Vec<f64>> {
    let mut took = Vec::new();
    for round in 0..2 {
        let mut running = tokio::task::JoinSet::new();
        let clients = std::thread::available_parallelism().map_or(2, usize::from);
        for nth in 0..clients {
            let (queries, addr) = (queries.clone(), served.addr);
            running.spawn(async move {
                let (mut client, mut took) = (Client::connect(addr).await?, Vec::new());
                for (title, _) in queries.iter().skip(nth).step_by(clients) {
                    let path = format!("/search?q={}", title.replace(' ', "+"));
                    let path: String = path.chars().filter(char::is_ascii).collect();
                    let begun = Instant::now();
                    let status = client.read(&path).await?;
                    took.push(begun.elapsed().as_secs_f64() * 1000.0);
                    if !status.is_success() {
                        fail!("{path} answered {status}");
                    }
                }
                Ok(took)
            });
        }
        took.clear();
        while let Some(done) = running.join_next().await {
            let done = done.map_err(|error| crate::Failure(error.to_string()))??;
            if round > 0 {
                took.extend(done);
            }
        }
    }
    took.sort_by(f64::total_cmp);
    Ok(took)
}

fn document(made: Made, number: u64) -> Document {
    Document {
        kind: kind(made.past),
        id: number as i64,
        title: made.title,
        summary: made.summary,
        body: made.body,
        who: String::new(),
        place: String::new(),
        lang: "en".into(),
        audiences: vec![Audience::Public],
        published_at: 0,
        opens_at: None,
        closes_at: None,
        decided_at: None,
        buyer: String::new(),
        categories: Vec::new(),
        budget: None,
    }
}

/// Queries a second of a database, each processor with a connection of its own.
async fn rival(options: &store::Options, sources: &Sources, documents: u64, queries: &Arc<Vec<(String, bool)>>) -> Result<f64> {
    let name = if options.url.is_some() { "PostgreSQL" } else { "FTS5" };
    eprintln!("searching {name} …");
    let mut first = Rival::connect(options).await?;
    first.make().await?;
    let mut batch = Vec::with_capacity(BATCH);
    for number in 0..documents {
        let made = sources.make(number);
        let body = format!("{}\n{}", made.summary, made.body);
        batch.push(Text { id: number as i64, kind: kind(made.past).as_str(), title: made.title, body });
        if batch.len() == BATCH || number + 1 == documents {
            first.put(&batch).await?;
            batch.clear();
        }
    }
    first.finish().await?;
    for (title, past) in queries.iter().take(50) {
        first.search(title, kind(*past).as_str()).await?;
    }
    let (next, begun) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
        let (mut rival, queries, next) = (Rival::connect(options).await?, queries.clone(), next.clone());
        running.spawn(async move {
            while begun.elapsed() < LASTS * 2 {
                let (title, past) = &queries[next.fetch_add(1, Ordering::Relaxed) % queries.len()];
                rival.search(title, kind(*past).as_str()).await?;
            }
            Ok::<_, crate::Failure>(())
        });
    }
    while let Some(done) = running.join_next().await {
        done.map_err(|error| crate::Failure(error.to_string()))??;
    }
    Ok(next.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or_default()
}
