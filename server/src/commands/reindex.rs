//! `wellposed reindex`.

use std::process::ExitCode;

use tokio::time::Instant;

use super::{Progress, figure};
use crate::Result;
use crate::open::{self, Uses};
use crate::settings::Settings;

pub async fn run(settings: Settings) -> Result<ExitCode> {
    let desk = open::open_existing(&settings, Uses::Index).await?;
    let begun = Instant::now();
    let all = desk.store.read().await?.document_count().await?;
    let mut progress = Progress::new("indexing", u64::try_from(all).unwrap_or(0), "documents");
    let count = workflow::follow::reindex(&desk, |done| progress.at(done as u64)).await?;
    progress.done();
    let took = begun.elapsed().as_secs_f64();
    say!("{} documents in {took:.1} s ({} a second)", figure(count as f64), figure(count as f64 / took.max(1e-9)));
    Ok(ExitCode::SUCCESS)
}
