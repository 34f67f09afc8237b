//! `wellposed demo`: a filled town, made where there is none and made anew where its dates have passed.

use std::fs;
use std::io;
use std::process::ExitCode;

use domain::moment::DAY;
use workflow::follow::follow_once;
use workflow::{Desk, Error, town};

use super::Progress;
use crate::failure::fail;
use crate::open::{self, Uses};
use crate::settings::{Kind, Settings};
use crate::{Result, serve};

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    wellposed demo\n  \
    wellposed demo --addr 127.0.0.1:4000 --data /tmp/town\n  \
    wellposed demo --fill-only\n\n\
    The first start fills the town, a second one finds it as it was left. A town that is older than its own dates is made\n\
    anew. Only a folder that a demo has made is ever filled or emptied; mails are .eml files in its folder `mail`.")]
pub struct Args {
    /// Fill the town, say the sign-ins and end.
    #[arg(long)]
    fill_only: bool,
}

/// When the town was filled to its end: without it a fill was cut short.
const FILLED: &str = "town_filled_at";

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let listener = if args.fill_only { None } else { Some(serve::listen(&settings).await?) };
    let desk = filled(&settings).await?;
    follow_once(&desk).await?;
    introduce(&settings, listener.is_some());
    match listener {
        Some(listener) => serve::serve(listener, desk, &settings).await?,
        None => desk.store.close().await,
    }
    Ok(ExitCode::SUCCESS)
}

/// The town as it is to be shown.
pub async fn filled(settings: &Settings) -> Result<Desk> {
    let desk = open::open(settings, Kind::Demo, Uses::Index).await?;
    // A fresh installation's clock must not be read before the fill, which begins in the past.
    let (filled, begun) = {
        let mut conn = desk.store.read().await?;
        (conn.meta(FILLED).await?, conn.head().await?.position > 0)
    };
    let why = match filled.and_then(|at| at.parse::<i64>().ok()) {
        Some(at) => {
            // Real days: who moves the clock forward wants to see what happens, not a fresh town.
            let days = (desk.store.now().micros() - desk.store.clock_offset().max(0) - at) / DAY;
            if days < town::AGE {
                return Ok(desk);
            }
            format!("was filled {days} days ago and its dates have passed")
        }
        None if begun => "was not filled to its end".to_owned(),
        None => return fill(desk).await,
    };
    if settings.database_url.is_some() {
        if filled_to_its_end(&desk).await? {
            eprintln!("The demo in {} {why}. For a fresh one, give it an empty database.", open::place(settings));
            return Ok(desk);
        }
        fail!("the demo in {} {why}: give it an empty database", open::place(settings));
    }
    eprintln!("The demo in {} {why}: it is made anew.", open::place(settings));
    desk.store.close().await;
    drop(desk);
    clear(settings)?;
    fill(open::open(settings, Kind::Demo, Uses::Index).await?).await
}

async fn filled_to_its_end(desk: &Desk) -> Result<bool> {
    Ok(desk.store.read().await?.meta(FILLED).await?.is_some())
}

async fn fill(desk: Desk) -> Result<Desk> {
    let mut bar: Option<Progress> = None;
    let tell = |done: usize, all: usize| {
        bar.get_or_insert_with(|| Progress::new("filling the town", all as u64, "steps")).at(done as u64)
    };
    town::fill(&desk, tell).await?;
    if let Some(bar) = bar {
        bar.done();
    }
    let now = desk.store.now().micros().to_string();
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                tx.set_meta(FILLED, &now).await?;
                tx.leave_no_entry();
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(desk)
}

/// What an installation consists of, and nothing else that may lie in the folder. The caller has seen that it is a demo.
fn clear(settings: &Settings) -> Result<()> {
    let database = settings.database_file();
    for end in ["", "-wal", "-shm"] {
        let mut file = database.clone().into_os_string();
        file.push(end);
        gone(fs::remove_file(file))?;
    }
    gone(fs::remove_dir_all(settings.index_folder()))?;
    gone(fs::remove_dir_all(settings.mail_folder()))
}

fn gone(removed: io::Result<()>) -> Result<()> {
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn introduce(settings: &Settings, serving: bool) {
    let people = town::sign_ins();
    let wide =
        |part: fn(&town::SignIn) -> &str| people.iter().map(|person| part(person).chars().count()).max().unwrap_or_default();
    let (role, email) = (wide(|person| &person.role), wide(|person| &person.email));
    say!("\nSign in as");
    for person in &people {
        say!("  {:role$}  {:email$}  {}", person.role, person.email, person.name);
    }
    say!("each with the password  {}", town::PASSWORD);
    say!("Mails are files in {}", settings.mail_folder().display());
    if serving {
        say!("\nThe town is at  {}   (ctrl-c ends it)\n", settings.base_url);
    }
}
