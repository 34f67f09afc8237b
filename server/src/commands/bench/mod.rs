//! `wellposed bench`: figures of this build on this machine, for people and, line by line, for machines.
//!
//! To add one: a module with a [`Bench`], and its place in [`BENCHES`].

mod cluster;
mod crash;
mod import;
mod pages;
mod quality;
mod recombine;
mod rush;
mod score;
mod search;
mod served;
mod statements;
mod submit;
mod typing;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use futures::future::BoxFuture;
use serde::Serialize;
use tempfile::TempDir;
use workflow::Desk;

use super::figure;
use crate::Result;
use crate::open::{self, Uses};
use crate::settings::{Kind, MasterKey, Settings};

#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "Benchmarks:\n  \
    import   stores past challenges and solutions from --data-files and makes them searchable, on each database there is\n  \
    submit   submits --count responses by --clients clients at once, through the verbs, on the embedded database\n  \
    rush     64 clients post and submit --count (5,000) responses over HTTP in the last minute, on each database\n  \
    crash    kills the server at --count (100) random moments of a rush, and PostgreSQL with it: nothing may be lost\n  \
    pages    the list of 150 open challenges: rendered each time, kept, and as plain bytes, by --clients (4) connections\n  \
    typing   50 officers save their drafts, --count saves in all, at the pace of people and without a pause, on each database\n  \
    search   searches --count (100,000) documents recombined from --data-files, beside the bare engine, FTS5 and PostgreSQL\n  \
    quality  finds the documents of --data-files by misspelt titles and by their summaries, and problems like others\n  \
    score    a large result with its robustness, the grid of 200 responses, 30 evaluators saving --count (1,500) scores at once\n\n\
    Examples:\n  \
    wellposed bench import --data-files ../shared/data\n  \
    wellposed bench submit --count 5000 --clients 32\n  \
    wellposed bench typing --count 2000\n  \
    wellposed bench search --count 1000000 --only product\n\n\
    Works in a folder of its own beside the data folder, gone afterwards. PostgreSQL is used if WELLPOSED_TEST_POSTGRES\n\
    names one (an address of a database on it, whose role may make databases) or its programs are installed. The last\n\
    lines of the output are JSON, one a figure.")]
pub struct Args {
    /// Which one.
    #[arg(value_parser = PossibleValuesParser::new(BENCHES.iter().map(|bench| bench.name)))]
    name: String,
    /// Folder with challenges.jsonl and responses.jsonl.
    #[arg(long, value_name = "FOLDER", default_value = "../shared/data")]
    pub data_files: PathBuf,
    /// How many times the measured thing is done, instead of what the benchmark does by itself.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub count: Option<u32>,
    /// How many do it at once.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub clients: Option<u32>,
    /// On this database alone (rush and crash); of the rivals of search this one alone (product: only the bare engine).
    #[arg(long, value_name = "DATABASE", value_parser = ["sqlite", "postgres", "product"])]
    pub only: Option<String>,
}

impl Args {
    fn on(&self, database: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == database)
    }
}

pub struct Bench {
    pub name: &'static str,
    pub run: fn(Args, Settings) -> BoxFuture<'static, Result<Vec<Figure>>>,
}

#[rustfmt::skip] // one a line, so that two that are added at once do not meet
pub const BENCHES: &[Bench] = &[
    import::BENCH,
    submit::BENCH,
    rush::BENCH,
    crash::BENCH,
    pages::BENCH,
    typing::BENCH,
    search::BENCH,
    quality::BENCH,
    score::BENCH,
];

#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    pub bench: &'static str,
    pub figure: String,
    pub value: f64,
    pub unit: &'static str,
}

impl Figure {
    pub fn new(bench: &'static str, name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { bench, figure: name.into(), value: (value * 100.0).round() / 100.0, unit }
    }
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    statements::listen();
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == args.name) else { return Ok(ExitCode::FAILURE) };
    let figures = (bench.run)(args, settings).await?;
    let wide = figures.iter().map(|figure| figure.figure.len()).max().unwrap_or_default();
    for row in &figures {
        say!("{:wide$}  {:>12}  {}", row.figure, figure(row.value), row.unit);
    }
    for row in &figures {
        say!("{}", serde_json::to_string(row)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// A fresh installation on a real disk: beside the data folder, because a temporary folder may live in memory, where an
/// fsync costs nothing.
async fn fresh(settings: &Settings, url: Option<String>) -> Result<(TempDir, Desk)> {
    let (folder, _, desk) = fresh_at(settings, url).await?;
    Ok((folder, desk))
}

/// The same, with its settings.
async fn fresh_at(settings: &Settings, url: Option<String>) -> Result<(TempDir, Settings, Desk)> {
    let beside = settings.data.parent().unwrap_or(&settings.data);
    std::fs::create_dir_all(beside)?;
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(std::path::absolute(beside)?)?;
    let data = folder.path().join("data");
    let key = workflow::sealing::Keyring::generate(&workflow::Chance::system());
    let (files, site_root) = (files::Place::Folder(data.join("files")), std::path::absolute(&settings.site_root)?);
    let site_root = site_root.display().to_string();
    let own = Settings { data, files, site_root, database_url: url, master_key: MasterKey::Digits(key), ..settings.clone() };
    let desk = open::open(&own, Kind::Test, Uses::Index).await?;
    Ok((folder, own, desk))
}
