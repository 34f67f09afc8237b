//! `wellposed key`: the master key changed for another.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use domain::moment::MINUTE;
use workflow::Chance;
use workflow::rotation::rotate_key;
use workflow::sealing::Keyring;

use crate::failure::fail;
use crate::settings::{MasterKey, Settings};
use crate::{Failure, Result, key, open};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Put another master key in the place of this one, and wrap everything that it opens anew. No server may run.
    #[command(after_help = "Examples:\n  wellposed key rotate\n  \
        WELLPOSED_MASTER_KEY=<the old 64 digits> wellposed key rotate --new /etc/wellposed/new.key\n\n\
        Without --new a key is made; it takes the place of the old one, which stays beside it as .old: older backups open only\n\
        with it. Cut off at any moment, the command can be run again, and a server finds the key that fits the database.\n\
        Receipts that were signed before stay good: the old public key stays published.")]
    Rotate {
        /// A file with the new key, 64 hexadecimal digits. It stays where it is: the server is then started with it.
        #[arg(long, value_name = "FILE")]
        new: Option<PathBuf>,
    },
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let What::Rotate { new } = args.what;
    // The old one may lie in the data folder: this is how it is made good. Where the new one goes may not.
    if let Some(file) = &new {
        key::must_be_apart(file, &settings)?;
    } else {
        key::keyring_apart(&settings)?;
    }
    let (store, _index) = open::quiet_store(&settings).await?;
    let alive = store.read().await?.service_runs(store.now().plus(-2 * MINUTE)).await?;
    if settings.database_url.is_some() && !alive.is_empty() {
        fail!("a server was alive on this database within the last two minutes: stop all of them first, then wait so long");
    }
    let check = store.read().await?.meta("master_key_check").await?;
    let chance = Chance::system();
    let old = key::keyring(&settings.master_key, check.as_deref(), crate::settings::Kind::Live, &chance)?;
    let place = match (&new, &settings.master_key) {
        (Some(file), _) => file.clone(),
        (None, MasterKey::File(path)) => key::beside(path, ".new"),
        (None, MasterKey::Digits(_)) => {
            fail!("the key comes from WELLPOSED_MASTER_KEY: say with --new where the new one lies")
        }
    };
    let ring = match fs::read_to_string(&place) {
        Ok(digits) => key::parse(&digits, &place.display().to_string())?,
        Err(_) if new.is_none() => {
            let digits = Keyring::generate(&chance);
            key::write(&place, &digits).map_err(|error| Failure(format!("{} cannot be written: {error}", place.display())))?;
            key::parse(&digits, "the new key")?
        }
        Err(error) => fail!("{} cannot be read: {error}", place.display()),
    };
    let done = rotate_key(&store, &old, &ring, &chance).await?;
    store.close().await;
    if done.before {
        say!("The database is with the new key already.");
    } else {
        say!("{} round keys and {} keys of opened responses are wrapped anew.", done.rounds, done.opened);
    }
    match (&new, &settings.master_key) {
        (None, MasterKey::File(path)) => {
            key::replace(path)?;
            say!("The new key is in its place: {}. The old one lies beside it. Keep a copy of both elsewhere.", path.display());
        }
        _ => say!(
            "Start the server with the key of {} from now on. Keep the old one: older backups open only with it.",
            place.display()
        ),
    }
    Ok(ExitCode::SUCCESS)
}
