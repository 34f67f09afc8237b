//! `wellposed backup`: see `workflow::backup`.

use std::path::PathBuf;
use std::process::ExitCode;

use workflow::backup::back_up;

use super::figure;
use crate::settings::Settings;
use crate::{Result, open};

#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  wellposed backup /backups/2026-11-24 --data /var/lib/wellposed\n\n\
    The server may run. The database is copied in one snapshot (into a SQLite file, also from PostgreSQL), then every file\n\
    that it names; the copy is read again, and its record verified. The search index is not in it: it is made anew.\n\
    Nor is the master key: keep that elsewhere. Without it nothing that is sealed in the backup can be opened.")]
pub struct Args {
    /// Folder of the backup: made if it is missing, and refused if there is anything in it.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let store = open::existing_store(&settings).await?;
    let made = back_up(&open::database(&settings), &store, &open::files(&settings)?, &args.folder).await;
    let differs = if made.is_ok() { store.verify_rows().await?.len() } else { 0 };
    store.close().await;
    let made = made?;
    say!("The backup is whole: {}", args.folder.display());
    if differs > 0 {
        eprintln!(
            "But what is backed up is not what its record says, in {differs} places: wellposed audit verify names them. Keep the older backups."
        );
    }
    say!("{} entries of the record, {} files.", figure(made.position as f64), figure(made.files.len() as f64));
    say!("head  {}  {}", made.position, made.head);
    say!("The master key is not in it. Keep the key apart from it.");
    Ok(ExitCode::SUCCESS)
}
