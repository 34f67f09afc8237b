//! How long a save takes while many officers write: each its own draft, first at the pace of people, then without a pause.

use std::time::Duration;

use domain::challenge::Section;
use domain::form::Fields;
use domain::ids::{ChallengeId, MembershipId, OrganisationId};
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use futures::FutureExt;
use tokio::time::Instant;
use workflow::{Desk, account, challenge, organisation};

use super::cluster::Cluster;
use super::{Args, Bench, Figure, fresh};
use crate::Result;
use crate::settings::Settings;

const NAME: &str = "typing";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

const OFFICERS: usize = 50;

/// A page saves at most so often while somebody types.
const PAUSE: Duration = Duration::from_millis(500);

/// What an officer types on: a problem of some 700 words, growing by one word a save.
const WORDS: usize = 700;

type Officer = (Actor, ChallengeId);

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    let (_folder, desk) = fresh(&settings, None).await?;
    measure(&desk, &args, "sqlite", &mut figures).await?;
    desk.store.close().await;
    drop(desk);
    match Cluster::find(settings.data.parent().unwrap_or(&settings.data)).await? {
        None => eprintln!("skipped on PostgreSQL: WELLPOSED_TEST_POSTGRES is not set and no initdb was found"),
        Some(cluster) => {
            let (_folder, desk) = fresh(&settings, Some(cluster.url.clone())).await?;
            measure(&desk, &args, "postgres", &mut figures).await?;
            desk.store.close().await;
        }
    }
    Ok(figures)
}

async fn measure(desk: &Desk, args: &Args, database: &str, figures: &mut Vec<Figure>) -> Result<()> {
    eprintln!("{database}: {OFFICERS} officers with a draft each …");
    let officers = officers(desk).await?;
    let each = (args.count.unwrap_or(2_000) as usize / OFFICERS).max(1);
    let (_, paced) = all(desk, &officers, each, Some(PAUSE), 1).await?;
    let seen = 1 + i64::try_from(each).unwrap_or(i64::MAX);
    let (seconds, flat) = all(desk, &officers, each, None, seen).await?;
    let mut add = |name: &str, value, unit| figures.push(Figure::new(NAME, format!("{database}_{name}"), value, unit));
    add("p50_ms", at(&paced, 0.5), "ms");
    add("p99_ms", at(&paced, 0.99), "ms");
    add("worst_ms", at(&paced, 1.0), "ms");
    add("saves_per_s", flat.len() as f64 / seconds.max(1e-9), "saves/s");
    add("without_pause_p99_ms", at(&flat, 0.99), "ms");
    Ok(())
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or_default()
}

/// Seconds in all, and milliseconds of each save in order of length: the save, and reading back what the page then says.
async fn all(desk: &Desk, officers: &[Officer], each: usize, pause: Option<Duration>, seen: i64) -> Result<(f64, Vec<f64>)> {
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for (n, (actor, id)) in officers.iter().cloned().enumerate() {
        let desk = desk.clone();
        running.spawn(async move {
            let (mut took, mut seen) = (Vec::with_capacity(each), seen);
            let mut text = "word ".repeat(WORDS);
            if let Some(pause) = pause {
                // People do not begin on the same beat.
                tokio::time::sleep(pause.mul_f64(n as f64 / OFFICERS as f64)).await;
            }
            for _ in 0..each {
                text.push_str("another ");
                let fields = [("title", "Fewer missed home visits"), ("now", text.as_str())].into_iter().collect();
                let begun = Instant::now();
                seen = challenge::save_section(&desk, &actor, id, Section::Problem, fields, seen).await?;
                challenge::read_draft(&desk, &actor, id).await?;
                took.push(begun.elapsed().as_secs_f64() * 1000.0);
                if let Some(pause) = pause {
                    tokio::time::sleep(pause).await;
                }
            }
            Ok::<_, workflow::Error>(took)
        });
    }
    let mut took = Vec::new();
    while let Some(officer) = running.join_next().await {
        took.extend(officer??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    took.sort_by(f64::total_cmp);
    Ok((seconds, took))
}

async fn officers(desk: &Desk) -> Result<Vec<Officer>> {
    let mut made = Vec::with_capacity(OFFICERS);
    for n in 0..OFFICERS {
        let email = format!("officer{n}@example.org");
        let person = [("name", "Officer"), ("email", email.as_str()), ("password", "a long password"), ("zone", "UTC")];
        let user = account::add_user(desk, &person.into_iter().collect(), false).await?;
        let actor = Actor::User { user, administrator: false, acting_as: None };
        let name = format!("Town {n}");
        let buyer: Fields = [("kind", "buyer"), ("name", name.as_str()), ("place", "")].into_iter().collect();
        let organisation: OrganisationId = organisation::create_organisation(desk, &actor, &buyer).await?;
        let held = desk.store.read().await?.memberships_of(user.get()).await?;
        let membership = MembershipId(held.first().map_or(0, |row| row.id));
        let acting_as = Some(ActingAs { membership, organisation, kind: OrganisationKind::Buyer, role: Role::Owner });
        let actor = Actor::User { user, administrator: false, acting_as };
        let title = [("title", "Fewer missed home visits")].into_iter().collect();
        let id = challenge::create_challenge(desk, &actor, title).await?;
        made.push((actor, id));
    }
    Ok(made)
}
