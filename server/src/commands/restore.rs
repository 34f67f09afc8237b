//! `wellposed restore`: see `workflow::backup`.

use std::path::PathBuf;
use std::process::ExitCode;

use workflow::backup::restore;

use super::figure;
use crate::settings::{MasterKey, Settings};
use crate::{Result, key, open};

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    wellposed restore /backups/2026-11-24 --data /var/lib/wellposed\n  \
    WELLPOSED_DATABASE_URL=postgres://wellposed:…@db/wellposed wellposed restore /backups/2026-11-24\n\n\
    Refused where there is a database or a file already. A backup goes into either kind of database, whichever it was made\n\
    from. What is restored is as it was then: mail that waited at the time is sent when the server starts.")]
pub struct Args {
    /// Folder of a backup.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    key::keyring_apart(&settings)?;
    open::make_folder(&settings)?;
    let database = open::database(&settings);
    let made = restore(&args.folder, &database, &open::files(&settings)?).await?;
    say!("Restored from {}, made {}.", args.folder.display(), made.made_at);
    say!("{} entries of the record, {} files.", figure(made.position as f64), figure(made.files.len() as f64));
    say!("head  {}  {}", made.position, made.head);
    let store = open::existing_store(&settings).await?;
    let check = store.read().await?.meta("master_key_check").await?;
    store.close().await;
    let place = match &settings.master_key {
        MasterKey::File(path) => path.display().to_string(),
        MasterKey::Digits(_) => "WELLPOSED_MASTER_KEY".into(),
    };
    match check.map(|check| key::fits(&settings.master_key, &check)).transpose()?.flatten() {
        Some(true) => say!("The master key in {place} is the right one. Next: wellposed serve"),
        Some(false) => {
            say!("The master key in {place} is of another installation. Put the right one there before you start the server.");
        }
        None => say!("Put the master key of that installation there before you start the server: {place}"),
    }
    Ok(ExitCode::SUCCESS)
}
