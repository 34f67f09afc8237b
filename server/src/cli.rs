//! The commands and their help.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::{audit, backup, bench, clock, config, demo, import, key, receipt, reindex, restore, search, user};
use crate::failure::shown;
use crate::settings::{DEFAULTS, DERIVED, ENVIRONMENT, Flags, Kind, Settings};
use crate::{Result, log, open, serve, settings};

/// Wellposed, a portal for problem-based procurement: authorities publish the problem, suppliers answer with solutions.
#[derive(Parser, Debug)]
#[command(
    name = "wellposed",
    version,
    after_help = "Examples:\n  \
    wellposed demo\n  \
    wellposed user add --email ana@city.example --name 'Ana Ruiz' --administrator\n  \
    wellposed serve --base-url https://problems.city.example\n  \
    wellposed config\n\n\
    Settings come from flags, WELLPOSED_* variables, ./wellposed.toml and defaults, in this order."
)]
pub struct Cli {
    #[command(flatten)]
    pub flags: Flags,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run the server. A first start makes the data folder and the master key, and says where they are.
    #[command(after_help = "Examples:\n  \
        wellposed serve\n  \
        wellposed serve --addr 0.0.0.0:8080 --base-url https://problems.city.example --data /var/lib/wellposed\n  \
        WELLPOSED_DATABASE_URL=postgres://wellposed:…@db/wellposed wellposed serve --log json\n\n\
        /healthz answers while the process lives, /readyz once it can serve (or 503 and what is wrong).\n\
        SIGTERM or ctrl-c ends it: running requests may take 30 seconds more.")]
    Serve,
    /// Serve a filled small town to try everything in: prints a sign-in for each role. Never touches a live installation.
    Demo(demo::Args),
    /// Take in history: past challenges, or published solutions, as JSON Lines.
    Import(import::Args),
    /// Make the search index anew from the database. The server must not be running.
    Reindex,
    /// People's accounts.
    User(user::Args),
    /// What a person may find, as the search page would show it.
    Search(search::Args),
    /// The record of everything that was done.
    Audit(audit::Args),
    /// The master key: put another in its place.
    Key(key::Args),
    /// Receipts and opening records, checked far from the service.
    Receipt(receipt::Args),
    /// Copy everything but the master key into a folder, while the server runs.
    Backup(backup::Args),
    /// Put a backup back, where no installation is.
    Restore(restore::Args),
    /// The clock of a demo or test installation.
    Clock(clock::Args),
    /// Show the settings in force and where each comes from, without secrets.
    Config,
    /// Measure this build on this machine.
    Bench(bench::Args),
}

/// The command line with the variables and defaults in its help: said once, by the tables that are used.
pub fn command() -> clap::Command {
    Cli::command().mut_args(|argument| {
        let name = argument.get_id().to_string();
        if name == "config" || !argument.is_global_set() {
            return argument;
        }
        let default = DEFAULTS.iter().chain(DERIVED).find(|(of, _)| *of == name).map_or("none", |(_, default)| default);
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        argument.help(format!("{help} [env: {ENVIRONMENT}{}] [default: {default}]", name.to_uppercase()))
    })
}

pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&command().try_get_matches_from(args)?)
}

/// Runs a command to its end; a failure is told on standard error.
pub async fn run(cli: Cli) -> ExitCode {
    match dispatch(cli).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("wellposed: {}", shown(&failure.to_string()));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(cli: Cli) -> Result<ExitCode> {
    let kind = if matches!(cli.command, Command::Demo(_)) { Kind::Demo } else { Kind::Live };
    let env = |name: &str| std::env::var(name).ok();
    let settings = settings::load(&cli.flags, kind, &std::env::current_dir()?, &env)?;
    let long = matches!(cli.command, Command::Serve | Command::Demo(_));
    if !matches!(cli.command, Command::Bench(_)) {
        log::start(settings.log, long);
        // Databases, files, backups and keys are their owner's alone, wherever they are copied afterwards. A bench starts a cluster
        // that is another user's.
        #[cfg(unix)]
        rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    }
    match cli.command {
        Command::Serve => serve_command(settings).await,
        Command::Demo(args) => demo::run(args, settings).await,
        Command::Import(args) => import::run(args, settings).await,
        Command::Reindex => reindex::run(settings).await,
        Command::User(args) => user::run(args, settings).await,
        Command::Search(args) => search::run(args, settings).await,
        Command::Audit(args) => audit::run(args, settings).await,
        Command::Key(args) => key::run(args, settings).await,
        Command::Receipt(args) => receipt::run(&args),
        Command::Backup(args) => backup::run(args, settings).await,
        Command::Restore(args) => restore::run(args, settings).await,
        Command::Clock(args) => clock::run(args, settings).await,
        Command::Config => config::run(&settings),
        Command::Bench(args) => bench::run(args, settings).await,
    }
}

async fn serve_command(settings: Settings) -> Result<ExitCode> {
    let listener = serve::listen(&settings).await?;
    let desk = open::open(&settings, Kind::Live, open::Uses::Index).await?;
    serve::serve(listener, desk, &settings).await?;
    Ok(ExitCode::SUCCESS)
}
