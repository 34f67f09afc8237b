//! `wellposed search`: what a person may find.

use std::process::ExitCode;

use domain::ids::{MembershipId, OrganisationId, UserId, to_text};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use search::Query;
use workflow::Desk;

use super::figure;
use crate::failure::fail;
use crate::open::{self, Uses};
use crate::settings::Settings;
use crate::{Failure, Result};

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
    wellposed search 'street lights'\n  \
    wellposed search pumps --as officer@city.example --acting-as 'City of Aldermouth'\n  \
    wellposed search '\"heat pump\" -gas'\n\n\
    The server must not be running: the index has one keeper at a time.")]
pub struct Args {
    /// Words, \"phrases\" and -exclusions; empty finds everything.
    query: String,
    /// Address of the person who searches. Without it: the public.
    #[arg(long = "as", value_name = "EMAIL")]
    who: Option<String>,
    /// The organisation that the person acts as, by name or id. Without it: the only one there is, if it is the only one.
    #[arg(long, value_name = "ORGANISATION", requires = "who")]
    acting_as: Option<String>,
}

pub async fn run(args: Args, settings: Settings) -> Result<ExitCode> {
    let desk = open::open_existing(&settings, Uses::Index).await?;
    workflow::follow::follow_once(&desk).await?;
    let actor = match &args.who {
        None => Actor::Visitor,
        Some(email) => person(&desk, email, args.acting_as.as_deref()).await?,
    };
    let page = workflow::find::search(&desk, &actor, Query { text: args.query, ..Query::default() }).await?;
    for hit in &page.hits {
        say!("{:9}  {}  {} ({})", hit.kind.as_str(), to_text(hit.id), hit.title, hit.who);
    }
    let counts: Vec<String> =
        page.counts.iter().map(|(kind, count)| format!("{} {}", figure(*count as f64), kind.as_str())).collect();
    let forgiven = if page.fuzzy { ", spelling forgiven" } else { "" };
    say!("{} found ({}){forgiven}", figure(page.total as f64), counts.join(", "));
    Ok(ExitCode::SUCCESS)
}

/// The actor that a signed-in person would be; the same choice of membership as at sign-in.
pub async fn person(desk: &Desk, email: &str, acting_as: Option<&str>) -> Result<Actor> {
    let mut conn = desk.store.read().await?;
    let address = workflow::account::address(email).ok_or_else(|| Failure(format!("{email} is not an address")))?;
    let Some(user) = conn.user_by_email(&address).await? else { fail!("nobody here has the address {address}") };
    let held = conn.memberships_of(user.id).await?;
    let chosen = match acting_as {
        Some(wanted) => {
            let found = held.iter().find(|row| row.name.eq_ignore_ascii_case(wanted) || to_text(row.organisation) == wanted);
            let names: Vec<&str> = held.iter().map(|row| row.name.as_str()).collect();
            Some(found.ok_or_else(|| Failure(format!("{address} does not belong to {wanted}, but to: {}", names.join(", "))))?)
        }
        None => held.first().filter(|_| held.len() == 1),
    };
    let acting_as = chosen.and_then(|row| {
        let (kind, role) = OrganisationKind::parse(&row.kind).zip(Role::parse(&row.role))?;
        Some(ActingAs { membership: MembershipId(row.id), organisation: OrganisationId(row.organisation), kind, role })
    });
    Ok(Actor::User { user: UserId(user.id), administrator: user.administrator, acting_as })
}
