//! `wellposed receipt`: a receipt or opening record, checked far from the service that issued it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use workflow::proof::{ContentStanding, Held, KeyList, Paper, Unfit, check, content_holds, parse};

use crate::{Failure, Result};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Check a receipt or opening record against published keys, without a network and without an installation.
    #[command(after_help = "Example:\n  \
        curl -O https://problems.city.example/.well-known/wellposed-keys.json\n  \
        wellposed receipt verify receipt.json --keys wellposed-keys.json --content content.json\n\n\
        Ends with 0 if everything that was asked holds, with 1 if not. Take the keys from the service's own address, and keep\n\
        them: a key that came with a receipt proves nothing. Whether the service's record still has the entry that the\n\
        receipt names is for the service to show: its page /receipts/verify, or wellposed audit verify --receipts.")]
    Verify(Verify),
}

#[derive(clap::Args, Debug)]
struct Verify {
    /// The receipt or opening record.
    file: PathBuf,
    /// The published keys: wellposed-keys.json.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// The content that the receipt is for, to be compared with its digest.
    #[arg(long, value_name = "FILE")]
    content: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<ExitCode> {
    let What::Verify(verify) = &args.what;
    let keys = read_keys(&verify.keys)?;
    let held = match check(&read(&verify.file)?, &keys) {
        Ok(held) => held,
        Err(fault) => {
            say!("{} proves nothing: {fault}.", verify.file.display());
            return Ok(ExitCode::FAILURE);
        }
    };
    say(&held, &keys);
    let Some(content) = &verify.content else { return Ok(ExitCode::SUCCESS) };
    let Paper::Receipt(receipt) = &held.paper else {
        say!("An opening record has no content to compare.");
        return Ok(ExitCode::FAILURE);
    };
    Ok(match content_holds(&receipt.content, read(content)?.as_bytes()) {
        ContentStanding::Same => {
            say!("The content is what was received.");
            ExitCode::SUCCESS
        }
        ContentStanding::Twice => {
            say!("The content proves nothing: a name stands in it twice, so that it says two things.");
            ExitCode::FAILURE
        }
        ContentStanding::Differs => {
            say!("The content is NOT what was received, or it was changed.");
            ExitCode::FAILURE
        }
    })
}

fn say(held: &Held, keys: &KeyList) {
    say!("The signature holds: {} issued this, and nothing in it was changed.", keys.issuer);
    if let Some(until) = &held.key.until {
        say!("Its key {} was replaced on {until}.", held.key.id);
    }
    match &held.paper {
        Paper::Receipt(receipt) => {
            say!("Submission {} of {} was received at {}", receipt.number, receipt.supplier, receipt.received_at);
            say!("({}, {}),", receipt.received_local, receipt.zone);
            say!("for {}, {}, version {}.", receipt.title, receipt.challenge, receipt.version);
        }
        Paper::Opened(opened) => {
            say!("Of submission {} of {}, {},", opened.number, opened.supplier, opened.reference);
            say!("to {}, {}, the {} was opened at {}.", opened.title, opened.challenge, opened.envelope, opened.opened_at);
            say!("What was opened has the digest {}.", opened.sha256);
            say!("Compare it with the one in the receipt: content, sha256, or content, envelopes where there are several.");
        }
        Paper::Opening(opening) => {
            say!(
                "{} submissions to {}, {}, were opened at {},",
                opening.number,
                opening.title,
                opening.challenge,
                opening.confirmed_at
            );
            say!("asked for by {}, confirmed by {}.", opening.asked_by, opening.confirmed_by);
        }
    }
    let anchor = held.paper.anchor();
    say!("It stands at position {} of the record, with hash {}.", anchor.position, anchor.hash);
}

pub fn read_keys(path: &Path) -> Result<KeyList> {
    let told = |why: &str| Failure(format!("{} does not hold published keys: {why}", path.display()));
    let value = parse(read(path)?.as_bytes())
        .map_err(|unfit| told(if unfit == Unfit::Twice { "a name stands in it twice" } else { "it is not JSON" }))?;
    serde_json::from_value(value).map_err(|error| told(&error.to_string()))
}

pub fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Failure(format!("{} cannot be read: {error}", path.display())))
}
