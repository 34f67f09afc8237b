//! The list of 150 open challenges, three ways: bytes that lie ready, the page kept prepared, the page rendered each time.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt;
use domain::challenge::{Section, Stage};
use domain::form::Fields;
use domain::moment::DAY;
use futures::FutureExt;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use workflow::{Desk, challenge, town};

use super::{Args, Bench, Figure, fresh_at};
use crate::Result;
use crate::failure::fail;
use crate::http::router_that;
use crate::settings::Settings;

const NAME: &str = "pages";

pub const BENCH: Bench = Bench { name: NAME, run: |args, settings| run(args, settings).boxed() };

const LIST: &str = "/challenges?show=open&per=150";
const ROWS: usize = 150;
const LASTS: Duration = Duration::from_secs(4);

async fn run(args: Args, settings: Settings) -> Result<Vec<Figure>> {
    let (_folder, settings, desk) = fresh_at(&settings, None).await?;
    eprintln!("making {ROWS} open challenges …");
    fill(&desk, args.count.map_or(ROWS, |count| count as usize)).await?;
    let clients = args.clients.unwrap_or(4) as usize;
    let (kept, fresh) = (served(router_that(&desk, &settings, true)).await?, served(router_that(&desk, &settings, false)).await?);
    let page = body(fresh.0).await?;
    let rows = String::from_utf8_lossy(&page).matches("wp-card__title").count();
    let plain = served(Router::new().route("/challenges", get(move || ready(page.clone())))).await?;
    let mut figures = Vec::new();
    let size = body(plain.0).await?.len();
    figures.push(Figure::new(NAME, "page_kb", size as f64 / 1000.0, "kB"));
    figures.push(Figure::new(NAME, "rows", rows as f64, "rows"));
    let static_rps = per_second(plain.0, clients).await?;
    let cached_rps = per_second(kept.0, clients).await?;
    let fresh_rps = per_second(fresh.0, clients).await?;
    let reads = reads_per_second(&desk, clients).await?;
    figures.push(Figure::new(NAME, "static_rps", static_rps, "requests/s"));
    figures.push(Figure::new(NAME, "cached_rps", cached_rps, "requests/s"));
    figures.push(Figure::new(NAME, "fresh_rps", fresh_rps, "requests/s"));
    figures.push(Figure::new(NAME, "cached_of_static", cached_rps / static_rps.max(1e-9), ""));
    figures.push(Figure::new(NAME, "fresh_of_static", fresh_rps / static_rps.max(1e-9), ""));
    figures.push(Figure::new(NAME, "list_reads_ps", reads, "lists/s"));
    for server in [kept.1, fresh.1, plain.1] {
        server.abort();
    }
    Ok(figures)
}

async fn ready(page: Bytes) -> ([(header::HeaderName, &'static str); 1], Bytes) {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page)
}

/// Copies of an open challenge of the town, published by its own people, until there are so many.
async fn fill(desk: &Desk, count: usize) -> Result<()> {
    let town = town::fill(desk, |_, _| {}).await?;
    let (officer, approver) = (town.actor("tom"), town.actor("margaret"));
    let mut model = None;
    for (_, id, _) in town.challenges().filter(|(.., stage)| *stage == Stage::Open) {
        if let Ok(found) = challenge::read_draft(desk, &officer, id).await {
            model = Some((id, found));
            break;
        }
    }
    let Some((id, _)) = model else { fail!("the town's officer has no open challenge") };
    let reference = challenge::read_challenge(desk, &officer, id).await?.reference;
    let email = town.people.iter().find(|person| person.key == "margaret").map_or("", |person| person.email.as_str());
    let day = |days: i64| desk.store.now().plus(days * DAY).rfc3339()[..10].to_owned();
    for n in challenge::list_public(desk, true, 1, 0).await?.open as usize..count {
        let title = format!("Fewer missed visits in district {n}");
        let begun: Fields = [("title", title.as_str()), ("copy", reference.as_str())].into_iter().collect();
        let own = challenge::begin_challenge(desk, &officer, &begun).await?;
        let draft = challenge::read_draft(desk, &officer, own).await?;
        let (mut dates, seen): (Fields, i64) = draft
            .sections
            .iter()
            .find(|row| row.section == Section::Timetable.code())
            .map(|row| (serde_json::from_str(&row.fields).unwrap_or_default(), row.row_version))
            .unwrap_or_default();
        for (name, days) in [("enquiry", 20), ("deadline", 40), ("opening", 42), ("decision", 80), ("pilot", 120)] {
            dates.set(format!("{name}_date"), day(days));
            dates.set(format!("{name}_time"), "12:00");
        }
        challenge::save_section(desk, &officer, own, Section::Timetable, dates, seen).await?;
        let member: Fields = [("email", email), ("role", "approver")].into_iter().collect();
        challenge::name_team(desk, &officer, own, &member).await?;
        challenge::submit_for_review(desk, &officer, own).await?;
        challenge::approve_challenge(desk, &approver, own, &Fields::default()).await?;
    }
    Ok(())
}

async fn served(router: Router) -> Result<(SocketAddr, JoinHandle<()>)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    let listener = listener.tap_io(|stream| {
        // Without it a figure would be of delayed acknowledgements.
        let _ = stream.set_nodelay(true);
    });
    let serving = tokio::spawn(async move {
        // Ends with the benchmark.
        let _ = axum::serve(listener, router).await;
    });
    Ok((addr, serving))
}

async fn body(addr: SocketAddr) -> Result<Bytes> {
    let (mut sender, connection) = handshake(TokioIo::new(TcpStream::connect(addr).await?)).await?;
    tokio::spawn(connection);
    let answer = sender.send_request(request()?).await?;
    if answer.status() != StatusCode::OK {
        fail!("the list answers {}", answer.status());
    }
    Ok(answer.into_body().collect().await?.to_bytes())
}

fn request() -> Result<Request<Full<Bytes>>> {
    Ok(Request::get(LIST).header(header::HOST, "bench").body(Full::default())?)
}

/// How often a second the list's rows alone are read from the database: what a page would cost at least if nothing held them.
async fn reads_per_second(desk: &Desk, clients: usize) -> Result<f64> {
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..clients {
        let desk = desk.clone();
        running.spawn(async move {
            let mut done = 0u64;
            while begun.elapsed() < LASTS / 2 {
                challenge::read_open(&desk, ROWS as i64).await?;
                done += 1;
            }
            Ok::<_, crate::Failure>(done)
        });
    }
    let mut done = 0;
    while let Some(client) = running.join_next().await {
        done += client??;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}

/// Whole answers a second, by so many connections that are kept.
async fn per_second(addr: SocketAddr, clients: usize) -> Result<f64> {
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..clients {
        running.spawn(async move {
            let stream = TcpStream::connect(addr).await?;
            stream.set_nodelay(true)?;
            let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            let mut done = 0u64;
            while begun.elapsed() < LASTS {
                let answer = sender.send_request(request()?).await?;
                answer.into_body().collect().await?;
                done += 1;
            }
            Ok::<_, crate::Failure>(done)
        });
    }
    let mut done = 0;
    while let Some(client) = running.join_next().await {
        done += client??;
    }
    Ok(done as f64 / begun.elapsed().as_secs_f64())
}
