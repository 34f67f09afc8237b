//! How many submissions are accepted a second: the hour before a deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::challenge::{Stage, Terms};
use domain::form::Fields;
use domain::ids::{ChallengeId, MembershipId, OrganisationId, ResponseId};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use futures::FutureExt;
use futures::stream::{self, StreamExt, TryStreamExt};
use tokio::time::Instant;
use workflow::{Desk, account, organisation, response, town};

use super::{Args, Bench, Figure, fresh, statements};
use crate::settings::Settings;
use crate::{Failure, Result};

const NAME: &str = "submit";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

const COUNT: u32 = 2_000;

/// Submissions whose statements are counted, once one after another and once many at a time.
const COUNTED: usize = 64;

/// A response that is ready to be submitted, and who does it.
type Ready = (Actor, ResponseId);

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let (_folder, desk) = fresh(&settings, None).await?;
    eprintln!("making a town and {} drafts in it …", args.count.unwrap_or(COUNT));
    let (clients, count) = (args.clients.unwrap_or(16) as usize, args.count.unwrap_or(COUNT) as usize);
    let mut ready = drafts(&desk, count + 2 * COUNTED).await?;
    let (alone, together) = (ready.split_off(count + COUNTED), ready.split_off(count));
    let (alone_statements, outcome) = statements::of(all(&desk, alone, 1)).await;
    outcome?;
    let (together_statements, outcome) = statements::of(all(&desk, together, clients)).await;
    outcome?;
    let begun = Instant::now();
    let mut took = all(&desk, ready, clients).await?;
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or_default();
    let figure = |name: &str, value, unit| Figure::new(NAME, name, value, unit);
    desk.store.close().await;
    Ok(vec![
        figure("submissions", count as f64, "submissions"),
        figure("clients", clients as f64, "clients"),
        figure("accepted_per_s", count as f64 / seconds.max(1e-9), "submissions/s"),
        figure("p50", at(0.5), "ms"),
        figure("p99", at(0.99), "ms"),
        figure("statements_per_submission", together_statements as f64 / COUNTED as f64, "statements"),
        figure("statements_alone", alone_statements as f64 / COUNTED as f64, "statements"),
    ])
}

/// Submits all, so many at once; how long each took, in milliseconds. One that is refused ends the benchmark: it would
/// count work that was not done.
async fn all(desk: &Desk, ready: Vec<Ready>, clients: usize) -> Result<Vec<f64>> {
    let (ready, next) = (Arc::new(ready), Arc::new(AtomicUsize::new(0)));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let (desk, ready, next) = (desk.clone(), ready.clone(), next.clone());
        running.spawn(async move {
            let mut took = Vec::new();
            while let Some((actor, id)) = ready.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                response::submit_response(&desk, actor, *id, desk.store.now(), None, "bench").await?;
                took.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            Ok::<_, workflow::Error>(took)
        });
    }
    let mut took = Vec::new();
    while let Some(client) = running.join_next().await {
        took.extend(client??);
    }
    Ok(took)
}

/// People among whom the firms are shared: what a submission costs depends on how many memberships its person has, and
/// nobody has thousands.
const PEOPLE: usize = 100;

/// Firms, each with a complete draft.
async fn drafts(desk: &Desk, count: usize) -> Result<Vec<Ready>> {
    let town = town::fill(desk, |_, _| {}).await?;
    let (challenge, fields, ..) = model(desk, &town).await?;
    let mut owners = Vec::with_capacity(PEOPLE);
    for n in 0..PEOPLE {
        let email = format!("bench{n}@example.org");
        let person = [("name", "Bench"), ("email", email.as_str()), ("password", "a long password"), ("zone", "UTC")];
        let user = account::add_user(desk, &person.into_iter().collect(), false).await?;
        owners.push(Actor::User { user, administrator: false, acting_as: None });
    }
    let _: Vec<OrganisationId> = stream::iter(0..count)
        .map(|n| {
            let owner = &owners[n % PEOPLE];
            async move {
                let fields: Fields =
                    [("kind", "supplier"), ("name", format!("Firm {n}").as_str()), ("place", "")].into_iter().collect();
                organisation::create_organisation(desk, owner, &fields).await
            }
        })
        .buffer_unordered(64)
        .try_collect()
        .await?;
    let mut actors = Vec::with_capacity(count);
    for user in owners.iter().filter_map(Actor::user) {
        for row in desk.store.read().await?.memberships_of(user.get()).await? {
            let (membership, organisation) = (MembershipId(row.id), OrganisationId(row.organisation));
            let acting_as = ActingAs { membership, organisation, kind: OrganisationKind::Supplier, role: Role::Owner };
            actors.push(Actor::User { user, administrator: false, acting_as: Some(acting_as) });
        }
    }
    let fields = &fields;
    let ready: Vec<Ready> = stream::iter(actors)
        .map(|actor| async move {
            let id = response::start_response(desk, &actor, challenge).await?;
            response::save_answer(desk, &actor, id, fields).await?;
            Ok::<_, workflow::Error>((actor, id))
        })
        .buffer_unordered(32)
        .try_collect()
        .await?;
    Ok(ready)
}

/// An open challenge of the town, the answers of one who has answered it, and the published terms with their number.
pub(super) async fn model(desk: &Desk, town: &town::Town) -> Result<(ChallengeId, Fields, Terms, i64)> {
    model_that(desk, town, false).await
}

/// The same, of one that asks for files or of one that does not.
pub(super) async fn model_that(desk: &Desk, town: &town::Town, asks_files: bool) -> Result<(ChallengeId, Fields, Terms, i64)> {
    for (key, challenge, _) in town.challenges().filter(|(.., stage)| *stage == Stage::Open) {
        for (_, _, id) in town.responses().filter(|(of, ..)| *of == key) {
            for person in &town.people {
                let Ok(own) = response::read_own_response(desk, &town.actor(&person.key), id).await else { continue };
                if own.missing.is_empty() && own.files.is_empty() != asks_files {
                    return Ok((challenge, own.draft(), own.terms, own.n));
                }
            }
        }
    }
    Err(Failure("the town has no open challenge with a complete answer".into()))
}
