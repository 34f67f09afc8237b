//! `wellposed audit`: the record, verified from its first entry.

use std::process::ExitCode;

use clap::Subcommand;
use workflow::sealing::hex;

use super::figure;
use crate::Result;
use crate::open;
use crate::settings::Settings;

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Walk the whole chain. Ends with 1, and says where, if an entry was changed, removed or added.
    #[command(after_help = "Example:\n  wellposed audit verify --data /var/lib/wellposed\n\n\
        The chain shows that nothing was changed in between; who holds the database could rewrite all of it. Compare\n\
        position and hash with what receipts show, or with what an earlier run printed: those cannot be rewritten.")]
    Verify,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let What::Verify = args.what;
    let (head, broken) = open::existing_store(&settings).await?.verify_record().await?;
    match broken {
        None => {
            println!("The record is whole: {} entries.", figure(head.position as f64));
            println!("head  {}  {}  {}", head.position, hex(&head.hash), head.at.rfc3339());
            Ok(ExitCode::SUCCESS)
        }
        Some(broken) => {
            eprintln!("The record is broken: {broken}.");
            println!("head  {}  {}", head.position, hex(&head.hash));
            Ok(ExitCode::FAILURE)
        }
    }
}
