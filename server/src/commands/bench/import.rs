//! How fast history is stored, and how soon it is found.

use std::path::Path;

use futures::FutureExt;
use workflow::Desk;
use workflow::history::History;

use super::cluster::Cluster;
use super::{Args, Bench, Figure, fresh};
use crate::Result;
use crate::commands::import;
use crate::settings::Settings;

const NAME: &str = "import";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if !args.data_files.join("challenges.jsonl").exists() {
        eprintln!("skipped: there is no challenges.jsonl in {}. Name its folder with --data-files", args.data_files.display());
        return Ok(figures);
    }
    let (_folder, desk) = fresh(&settings, None).await?;
    measure(&desk, &args.data_files, "sqlite", &mut figures).await?;
    desk.store.close().await;
    drop(desk);
    match Cluster::find(settings.data.parent().unwrap_or(&settings.data)).await? {
        None => eprintln!("skipped on PostgreSQL: WELLPOSED_TEST_POSTGRES is not set and no initdb was found"),
        Some(cluster) => {
            let (_folder, desk) = fresh(&settings, Some(cluster.url.clone())).await?;
            measure(&desk, &args.data_files, "postgres", &mut figures).await?;
            desk.store.close().await;
        }
    }
    Ok(figures)
}

async fn measure(desk: &Desk, folder: &Path, database: &str, figures: &mut Vec<Figure>) -> Result<()> {
    let (mut rows, mut rejected, mut stored, mut searchable) = (0, 0, 0.0, 0.0);
    for (what, name) in [(History::Challenges, "challenges.jsonl"), (History::Responses, "responses.jsonl")] {
        if !folder.join(name).exists() {
            eprintln!("skipped: {name} is not in {}", folder.display());
            continue;
        }
        let done = import::file(desk, what, &folder.join(name), false).await?;
        rows += done.rows();
        rejected += done.report.rejected.len();
        stored += done.stored_in.as_secs_f64();
        searchable += (done.stored_in + done.searchable_in).as_secs_f64();
    }
    let mut add = |name: &str, value, unit| figures.push(Figure::new(NAME, format!("{database}_{name}"), value, unit));
    add("rows", rows as f64, "rows");
    add("rejected", rejected as f64, "rows");
    add("stored_per_s", rows as f64 / stored.max(1e-9), "rows/s");
    add("searchable_per_s", rows as f64 / searchable.max(1e-9), "rows/s");
    Ok(())
}
