//! `wellposed audit`: the record, verified from its first entry, and against what others keep of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use domain::audit::Anchors;
use workflow::proof::{KeyList, Paper, check, compare_receipts};
use workflow::sealing::{hex, unhex};

use super::figure;
use super::receipt::{read, read_keys};
use crate::open;
use crate::settings::Settings;
use crate::{Failure, Result};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Walk the whole chain, and compare submissions, withdrawals and openings with it. Ends with 1, and says where, if an entry or
    /// one of these was changed, removed or added.
    #[command(after_help = "Examples:\n  wellposed audit verify --data /var/lib/wellposed\n  \
        wellposed audit verify --receipts kept/ --keys wellposed-keys.json\n\n\
        The chain alone shows that nothing was changed in between; who holds the database could cut its end or rewrite all of\n\
        it. Receipts and opening records that others keep cannot be rewritten: with them, a cut end and a rewritten record\n\
        are found too. Take the keys from a copy that was kept elsewhere.")]
    Verify(Verify),
}

#[derive(clap::Args, Debug)]
struct Verify {
    /// Receipts and opening records to compare with: files, or folders of .json files.
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "keys")]
    receipts: Vec<PathBuf>,
    /// The published keys: wellposed-keys.json.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let What::Verify(verify) = args.what;
    let anchors = match &verify.keys {
        Some(keys) => anchors(&verify.receipts, &read_keys(keys)?)?,
        None => Some((Anchors::new(), Vec::new())),
    };
    let Some((anchors, papers)) = anchors else { return Ok(ExitCode::FAILURE) };
    let store = open::existing_store(&settings).await?;
    let (head, broken) = store.verify_record_against(&anchors).await?;
    let mut differs = store.verify_rows().await?;
    differs.extend(compare_receipts(&store, &papers).await?);
    differs.iter().for_each(|one| eprintln!("The database differs from the record: {one}."));
    match broken {
        None if !differs.is_empty() => Ok(ExitCode::FAILURE),
        None => {
            say!("The record is whole: {} entries.", figure(head.position as f64));
            say!("Versions, deadlines, submissions, withdrawals and openings are as it says.");
            if !anchors.is_empty() {
                say!("It holds what {} receipts and opening records say.", figure(anchors.len() as f64));
            }
            say!("head  {}  {}  {}", head.position, hex(&head.hash), head.at.rfc3339());
            Ok(ExitCode::SUCCESS)
        }
        Some(broken) => {
            eprintln!("The record is broken: {broken}.");
            say!("head  {}  {}", head.position, hex(&head.hash));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What the papers say of the record. `None`, told why: one of them proves nothing, or two contradict each other.
fn anchors(paths: &[PathBuf], keys: &KeyList) -> Result<Option<(Anchors, Vec<Paper>)>> {
    let (mut anchors, mut papers): (Anchors, Vec<Paper>) = (BTreeMap::new(), Vec::new());
    for path in files(paths)? {
        let told = |why: String| {
            eprintln!("{} is no anchor: {why}.", path.display());
            Ok(None)
        };
        let held = match check(&read(&path)?, keys) {
            Ok(held) => held,
            Err(fault) => return told(fault.to_string()),
        };
        let anchor = held.paper.anchor().clone();
        let Some(hash) = unhex(&anchor.hash).and_then(|hash| hash.try_into().ok()) else {
            return told("its hash does not parse".into());
        };
        if anchors.insert(anchor.position, hash).is_some_and(|other| other != hash) {
            return told(format!("another one names another hash at position {}", anchor.position));
        }
        papers.push(held.paper);
    }
    Ok(Some((anchors, papers)))
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let cannot = |error| Failure(format!("{} cannot be read: {error}", path.display()));
        for entry in fs::read_dir(path).map_err(cannot)? {
            let file = entry.map_err(cannot)?.path();
            if file.extension().is_some_and(|kind| kind == "json") {
                found.push(file);
            }
        }
    }
    found.sort();
    Ok(found)
}
