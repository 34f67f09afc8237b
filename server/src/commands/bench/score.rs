//! A panel's work: a large result and what explains it, the grid of a large round, and many evaluators saving at once.

use std::time::{Duration, Instant};

use domain::evaluation::{self, CriterionKind, PriceFormula, large_example, reweigh, robustness, scaled};
use domain::form::Fields;
use domain::ids::{ChallengeId, CriterionId, ResponseId};
use domain::moment::MINUTE;
use domain::organisation::Actor;
use domain::points::Weight;
use futures::FutureExt;
use futures::stream::{self, StreamExt, TryStreamExt};
use hyper::StatusCode;
use workflow::{Desk, account, check, evaluation as panel, response, town};

use super::served::{Client, Ready, Seeded, Served, session, supplier};
use super::submit::model;
use super::{Args, Bench, Figure, fresh_at};
use crate::failure::fail;
use crate::settings::Settings;
use crate::{Failure, Result};

const NAME: &str = "score";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

const RESPONSES: usize = 200;
const EVALUATORS: usize = 30;
/// Each time the grid is read.
const READS: usize = 30;

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let mut figures = tokio::task::spawn_blocking(computed).await??;
    eprintln!("{RESPONSES} responses and {EVALUATORS} evaluators …");
    let round = Round::make(&settings).await?;
    let server = Served::start(&std::env::current_exe()?, &round.seeded).await?;
    let saves = (args.count.unwrap_or(1_500) as usize / EVALUATORS).max(1);
    let mut saved = round.save(&server, saves).await?;
    saved.sort_by(f64::total_cmp);
    let mut grid = round.grid(&server).await?;
    grid.sort_by(f64::total_cmp);
    server.kill().await?;
    let mut add = |name: &str, value: f64| figures.push(Figure::new(NAME, name, value, "ms"));
    add("grid_page_ms", at(&grid, 0.5));
    add("grid_page_worst_ms", at(&grid, 1.0));
    add("save_p50_ms", at(&saved, 0.5));
    add("save_p99_ms", at(&saved, 0.99));
    Ok(figures)
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or_default()
}

/// The median of some runs, in milliseconds.
fn median(mut run: impl FnMut() -> bool) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..21 {
        let begun = Instant::now();
        if !run() {
            fail!("a made-up round has no result");
        }
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(10).map_or(0.0, Duration::as_secs_f64) * 1_000.0)
}

/// What `domain` computes: 500 responses, 12 evaluators, 10 criteria; a step of a slider for 50 responses.
fn computed() -> Result<Vec<Figure>> {
    let relative = CriterionKind::Price(PriceFormula::Relative);
    let mut figures = Vec::new();
    for (name, kind, recusals) in [
        ("", CriterionKind::Scored, false),
        ("_recusals", CriterionKind::Scored, true),
        ("_relative", relative, false),
        ("_relative_recusals", relative, true),
    ] {
        let (rules, candidates, voices) = large_example(500, 12, kind, recusals);
        let mut add = |figure: &str, value| figures.push(Figure::new(NAME, format!("{figure}{name}_ms"), value, "ms"));
        add("result", median(|| evaluation::result(&rules, &candidates).is_ok())?);
        add("robustness", median(|| robustness(&rules, &candidates, &voices).is_ok())?);
        let before: Vec<Weight> = rules.criteria.iter().map(|criterion| criterion.weight).collect();
        let fewer = candidates.get(..50).unwrap_or_default();
        let outcome = evaluation::result(&rules, fewer).map_err(|error| Failure(error.to_string()))?;
        let step = || {
            scaled(&before, 3, Weight::from_hundredths(2_345)).is_ok_and(|weights| reweigh(&rules, &outcome, &weights).is_ok())
        };
        add("whatif_step", median(step)?);
    }
    Ok(figures)
}

/// An opened round with its panel, signed in.
struct Round {
    seeded: Seeded,
    challenge: ChallengeId,
    evaluators: Vec<Ready>,
    cells: Vec<(ResponseId, CriterionId)>,
}

impl Round {
    async fn make(settings: &Settings) -> Result<Round> {
        let (folder, settings, desk) = fresh_at(settings, None).await?;
        let town = town::fill(&desk, |_, _| {}).await?;
        let (challenge, fields, terms, _) = model(&desk, &town).await?;
        let _: Vec<()> = stream::iter(0..RESPONSES)
            .map(|n| submitted(&desk, challenge, n, &fields))
            .buffer_unordered(32)
            .try_collect()
            .await?;
        let ahead = terms.deadline.micros() - desk.store.now().micros() + 2 * MINUTE;
        desk.store.set_clock_offset(desk.store.clock_offset() + ahead).await?;
        workflow::notice::tell_due(&desk).await?;
        let people: Vec<Actor> = town.people.iter().map(|person| town.actor(&person.key)).collect();
        // The town knows who is on the team; here each is asked, and the policy says who may.
        let officer = first(&people, |actor| response::ask_opening(&desk, actor, challenge).boxed()).await?;
        first(&people, |actor| response::open_responses(&desk, actor, challenge).boxed()).await?;
        if !terms.requirements.is_empty() {
            let pass: Fields = [("subject", "all"), ("reason", "It says so."), ("seen", "0")].into_iter().collect();
            for row in response::list_opened_responses(&desk, &officer, challenge).await?.responses {
                check::check_response(&desk, &officer, challenge, row.id, &pass).await?;
            }
        }
        let mut evaluators = Vec::new();
        for n in 0..EVALUATORS {
            evaluators.push(evaluator(&desk, &officer, challenge, n).await?);
        }
        let room = panel::read_scoring_room(&desk, &evaluators[0], challenge).await?;
        let cells = room.way.cells().to_vec();
        let mut ready = Vec::new();
        for actor in evaluators {
            ready.push(session(&desk, actor, ResponseId(0)).await?);
        }
        desk.store.close().await;
        let seeded = Seeded { settings, ready: Vec::new(), answers: Fields::default(), file_field: None, folder };
        Ok(Round { seeded, challenge, evaluators: ready, cells })
    }

    /// Each evaluator saves one score after another without a pause, all at once; how long each took, in milliseconds.
    async fn save(&self, server: &Served, each: usize) -> Result<Vec<f64>> {
        let mut running = tokio::task::JoinSet::new();
        for evaluator in self.evaluators.clone() {
            let cells: Vec<_> = self.cells.iter().copied().take(each).collect();
            let (challenge, addr) = (self.challenge, server.addr);
            running.spawn(async move {
                let mut client = Client::connect(addr).await?;
                let mut took = Vec::with_capacity(cells.len());
                for (response, criterion) in cells {
                    let form =
                        [("points", "3"), ("reason", "It names the steps and who takes them, with a date."), ("seen", "0")];
                    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
                    let begun = Instant::now();
                    let path = format!("/challenges/{challenge}/scoring/{response}/{criterion}");
                    let (status, _) = client.send(&path, &evaluator.cookie, Some(form.into())).await?;
                    took.push(begun.elapsed().as_secs_f64() * 1_000.0);
                    if status != StatusCode::SEE_OTHER {
                        fail!("a score was answered with {status}");
                    }
                }
                Ok::<_, Failure>(took)
            });
        }
        let mut took = Vec::new();
        while let Some(evaluator) = running.join_next().await {
            took.extend(evaluator.map_err(|error| Failure(error.to_string()))??);
        }
        Ok(took)
    }

    async fn grid(&self, server: &Served) -> Result<Vec<f64>> {
        let mut client = Client::connect(server.addr).await?;
        let mut took = Vec::with_capacity(READS);
        for _ in 0..READS {
            let begun = Instant::now();
            let path = format!("/challenges/{}/scoring", self.challenge);
            let (status, bytes) = client.send(&path, &self.evaluators[0].cookie, None).await?;
            took.push(begun.elapsed().as_secs_f64() * 1_000.0);
            if status != StatusCode::OK || bytes < 10_000 {
                fail!("the grid was answered with {status} and {bytes} bytes");
            }
        }
        Ok(took)
    }
}

async fn submitted(desk: &Desk, challenge: ChallengeId, n: usize, fields: &Fields) -> Result<()> {
    let (actor, own) = supplier(desk, challenge, n).await?;
    response::save_answer(desk, &actor, own, fields).await?;
    response::submit_response(desk, &actor, own, desk.store.now(), None, "bench").await?;
    Ok(())
}

/// The first of the people who may.
async fn first<'a, T>(
    people: &'a [Actor],
    act: impl Fn(&'a Actor) -> futures::future::BoxFuture<'a, workflow::Result<T>>,
) -> Result<Actor> {
    for actor in people {
        match act(actor).await {
            Ok(_) => return Ok(actor.clone()),
            Err(workflow::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure("nobody of the town may open these responses".into()))
}

async fn evaluator(desk: &Desk, officer: &Actor, challenge: ChallengeId, n: usize) -> Result<Actor> {
    let email = format!("evaluator{n}@example.org");
    let person = [("name", "Evaluator"), ("email", email.as_str()), ("password", "a long password"), ("zone", "UTC")];
    let user = account::add_user(desk, &person.into_iter().collect(), false).await?;
    let seat = [("email", email.as_str()), ("role", "evaluator")].into_iter().collect();
    panel::appoint_seat(desk, officer, challenge, &seat).await?;
    let actor = Actor::User { user, administrator: false, acting_as: None };
    let nothing = [("conflict", "no"), ("undertaking", "on")].into_iter().collect();
    panel::declare_interest(desk, &actor, challenge, &nothing).await?;
    Ok(actor)
}
