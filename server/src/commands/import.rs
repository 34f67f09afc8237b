//! `wellposed import`: history from elsewhere.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::ValueEnum;
use tokio::time::Instant;
use workflow::Desk;
use workflow::follow::follow_once;
use workflow::history::{History, Imported, import};

use super::{Progress, figure};
use crate::open::{self, Uses};
use crate::settings::{Kind, Settings};
use crate::{Failure, Result};

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    wellposed import challenges past-challenges.jsonl\n  \
    wellposed import responses awards.jsonl 2> rejected.txt\n\n\
    One JSON object a line. Needed: `id` and `source`; of a response also `supplier` and `text`. A row that cannot be taken\n\
    is told with its line and reason, and the others are taken. Rows that are stored already are left as they are, so an\n\
    import that was stopped is simply run again. The server must not be running.")]
pub struct Args {
    /// What the rows are.
    what: What,
    /// The file, or - for standard input.
    file: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// Problems published elsewhere before.
    Challenges,
    /// Solutions that suppliers described publicly.
    Responses,
}

impl From<What> for History {
    fn from(what: What) -> Self {
        match what {
            What::Challenges => History::Challenges,
            What::Responses => History::Responses,
        }
    }
}

/// What an import came to.
pub struct Done {
    pub report: Imported,
    pub stored_in: Duration,
    pub searchable_in: Duration,
}

impl Done {
    pub fn taken(&self) -> u64 {
        self.report.written + self.report.unchanged
    }

    pub fn rows(&self) -> u64 {
        self.taken() + self.report.rejected.len() as u64
    }

    pub fn stored_per_s(&self) -> f64 {
        self.rows() as f64 / self.stored_in.as_secs_f64().max(1e-9)
    }

    /// From the first row read to the last one found.
    pub fn searchable_per_s(&self) -> f64 {
        self.rows() as f64 / (self.stored_in + self.searchable_in).as_secs_f64().max(1e-9)
    }
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    // Before anything is made for it.
    if args.file != Path::new("-") {
        readable(&args.file)?;
    }
    let desk = open::open(&settings, Kind::Live, Uses::Index).await?;
    let done = file(&desk, args.what.into(), &args.file, true).await?;
    let (report, rejected) = (&done.report, done.report.rejected.len() as u64);
    for (line, reason) in &report.rejected {
        eprintln!("line {line}: {reason}");
    }
    say!(
        "{} rows in {:.1} s ({} a second): {} written, {} unchanged, {} rejected",
        figure(done.rows() as f64),
        done.stored_in.as_secs_f64(),
        figure(done.stored_per_s()),
        figure(report.written as f64),
        figure(report.unchanged as f64),
        figure(rejected as f64)
    );
    say!(
        "searchable after {:.1} s more ({} rows a second in all)",
        done.searchable_in.as_secs_f64(),
        figure(done.searchable_per_s())
    );
    desk.store.close().await;
    if done.taken() == 0 {
        eprintln!("wellposed: nothing in {} could be taken", args.file.display());
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Stores the rows of a file, then brings the index up to them.
pub async fn file(desk: &Desk, what: History, path: &Path, told: bool) -> Result<Done> {
    let stdin = path == Path::new("-");
    let size = if stdin { 0 } else { std::fs::metadata(path).map_or(0, |data| data.len()) };
    let mut progress = told.then(|| Progress::new("storing", size, "bytes"));
    let tell = |bytes| {
        if let Some(progress) = &mut progress {
            progress.at(bytes);
        }
    };
    let begun = Instant::now();
    let report = if stdin {
        import(desk, what, BufReader::new(std::io::stdin()), tell).await?
    } else {
        import(desk, what, BufReader::with_capacity(1 << 20, readable(path)?), tell).await?
    };
    let stored_in = begun.elapsed();
    if let Some(progress) = progress {
        progress.done();
    }
    let begun = Instant::now();
    follow_once(desk).await?;
    Ok(Done { report, stored_in, searchable_in: begun.elapsed() })
}

fn readable(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| Failure(format!("{} cannot be read: {error}", path.display())))
}
