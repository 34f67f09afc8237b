//! `wellposed user`: accounts made by the operator.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use clap::Subcommand;
use domain::form::{FieldError, Fields};
use domain::ids;
use workflow::{Desk, Error};

use crate::open::{self, Uses};
use crate::settings::{Kind, Settings};
use crate::{Failure, Result};

#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Make an account with a confirmed address; the server may be running.
    #[command(after_help = "Examples:\n  \
        wellposed user add --email ana@city.example --name 'Ana Ruiz' --administrator\n  \
        pass show wellposed/ana | wellposed user add --email ana@city.example --name 'Ana Ruiz' --password-stdin\n\n\
        On a terminal the password is asked for; an empty one, or no terminal, makes one up and prints it once.")]
    Add(Add),
}

#[derive(clap::Args, Debug)]
struct Add {
    /// Address, also the name to sign in with.
    #[arg(long)]
    email: String,
    /// Name as others see it.
    #[arg(long)]
    name: String,
    /// May verify buyers and see the state of the service; sees no content of challenges or responses.
    #[arg(long)]
    administrator: bool,
    /// Read the password from the first line of standard input.
    #[arg(long)]
    password_stdin: bool,
    /// Time zone of the person, such as Europe/Paris.
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    zone: String,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let What::Add(add) = args.what;
    let desk = open::open(&settings, Kind::Live, Uses::NoIndex).await?;
    let typed = if add.password_stdin { Some(first_line()?) } else { ask()? };
    let (password, made_up) = match typed {
        Some(password) => (password, false),
        None => (made_up(&desk), true),
    };
    let fields: Fields = [("name", &add.name), ("email", &add.email), ("password", &password), ("zone", &add.zone)]
        .map(|(name, text)| (name, text.as_str()))
        .into_iter()
        .collect();
    match workflow::account::add_user(&desk, &fields, add.administrator).await {
        Ok(_) => {}
        Err(Error::Invalid(errors)) => return Err(Failure(errors.iter().map(sentence).collect::<Vec<_>>().join("\n"))),
        Err(error) => return Err(error.into()),
    }
    let role = if add.administrator { "administrator" } else { "user" };
    say!("{} is a {role} now and signs in at {}/sign-in", add.email, settings.base_url);
    if made_up {
        say!("Password: {password}\nIt is shown this once; it can be changed after signing in.");
    }
    desk.store.close().await;
    Ok(ExitCode::SUCCESS)
}

fn first_line() -> Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Typed twice, unseen; `None` where nobody is there to type or nothing was.
fn ask() -> Result<Option<String>> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let first = rpassword::prompt_password("Password (empty: make one up): ")?;
    if first.is_empty() {
        return Ok(None);
    }
    if rpassword::prompt_password("The same again: ")? != first {
        return Err(Failure("the two are not the same: nothing was made".into()));
    }
    Ok(Some(first))
}

/// 100 random bits in groups of five that can be read aloud.
fn made_up(desk: &Desk) -> String {
    let letters = format!("{}{}", &ids::to_text(desk.chance.id())[3..], &ids::to_text(desk.chance.id())[3..]);
    letters.as_bytes().chunks(5).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join("-")
}

/// The catalogue speaks of forms; here the fields are flags.
fn sentence(error: &FieldError) -> String {
    let of = |name: &str| error.args.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    match error.code.as_str() {
        "password-short" => format!("the password must have at least {} characters", of("min")),
        "too-long" => format!("{}: at most {} characters", error.field, of("max")),
        "email" => "--email must be an address, such as ana@city.example".into(),
        "email-taken" => "somebody has this address already".into(),
        "empty" => format!("--{} must not be empty", error.field),
        "zone" => "--zone must be the name of a time zone, such as Europe/Paris".into(),
        code => format!("{}: {code}", error.field),
    }
}
