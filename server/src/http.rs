//! What surrounds the pages: request ids, one log line a request, a bound on time, and an answer where a handler panics.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures::FutureExt;
use leptos::config::{Env, LeptosOptions};
use tower_http::trace::TraceLayer;
use tracing::{Level, Span};
use workflow::{Chance, Desk};

use crate::health::{Health, healthz, readyz};
use crate::settings::Settings;

/// No request takes longer, its body included. What a verb has begun to write is finished all the same: the writer owns it.
const LONGEST: Duration = Duration::from_secs(60);
/// But one that brings a file: over a slow line that takes its time. A sender that falls silent is given up by the file store.
const LONGEST_UPLOAD: Duration = Duration::from_secs(60 * 60);

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub fn router(desk: &Desk, settings: &Settings) -> Router {
    router_that(desk, settings, true)
}

/// The same, with or without keeping pages prepared: for whoever measures what that is worth.
pub fn router_that(desk: &Desk, settings: &Settings, keeps_pages: bool) -> Router {
    let leptos = LeptosOptions::builder()
        .output_name("wellposed")
        .site_root(settings.site_root.as_str())
        .site_pkg_dir("pkg")
        .site_addr(settings.addr)
        .env(Env::PROD)
        .build();
    let pages = app::Pages::new(app::AppOptions { desk: desk.clone(), leptos, secure: settings.secure(), keeps_pages });
    let health =
        Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).with_state(Health::new(desk.clone()));
    pages.front(around(pages.doors().merge(health), desk.chance.clone()))
}

/// The layers alone, outermost last.
pub fn around(pages: Router, chance: Chance) -> Router {
    let trace = TraceLayer::new_for_http().make_span_with(span).on_request(()).on_response(answered).on_failure(());
    pages.layer(from_fn(bounded)).layer(from_fn(catch_panic)).layer(trace).layer(from_fn_with_state(chance, request_id))
}

async fn bounded(request: Request, next: Next) -> Response {
    let brings_a_file =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let longest = if brings_a_file { LONGEST_UPLOAD } else { LONGEST };
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A caller's id is kept if it is a short plain word: it goes into the log, where nothing else may be smuggled in.
async fn request_id(State(chance): State<Chance>, mut request: Request, next: Next) -> Response {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let given = request.headers().get(&REQUEST_ID).filter(|id| (1..=64).contains(&id.len()) && id.as_bytes().iter().all(plain));
    let id = match given {
        Some(id) => id.clone(),
        None => HeaderValue::from_str(&domain::ids::to_text(chance.id())).unwrap_or(HeaderValue::from_static("none")),
    };
    request.headers_mut().insert(&REQUEST_ID, id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(&REQUEST_ID, id);
    response
}

fn id_of(headers: &axum::http::HeaderMap) -> &str {
    headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default()
}

/// The path alone: queries hold one-time links.
fn span<B>(request: &axum::http::Request<B>) -> Span {
    let (method, path) = (request.method(), request.uri().path());
    // Probes ask every few seconds and say nothing new.
    match path {
        "/healthz" | "/readyz" => tracing::debug_span!("request", %method, path, id = id_of(request.headers())),
        _ => tracing::info_span!("request", %method, path, id = id_of(request.headers())),
    }
}

fn answered<B>(response: &axum::http::Response<B>, latency: Duration, span: &Span) {
    let (status, ms) = (response.status().as_u16(), latency.as_secs_f64() * 1000.0);
    let ms = (ms * 10.0).round() / 10.0;
    match span.metadata().map(|about| *about.level()) {
        Some(Level::INFO) if response.status().is_server_error() => tracing::error!(status, ms, "answered"),
        Some(Level::INFO) => tracing::info!(status, ms, "answered"),
        _ => tracing::debug!(status, ms, "answered"),
    }
}

/// The page is made of nothing that could panic again.
async fn catch_panic(request: Request, next: Next) -> Response {
    let id = id_of(request.headers()).to_owned();
    // The hook has logged what and where, within the request's span.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            let page = format!(
                "<!doctype html><html lang=\"en\"><title>Something went wrong</title><h1>Something went wrong</h1>\
                 <p>It is not your fault, and it was written down. If it happens again, tell us this number: {id}</p>\
                 <p><a href=\"/\">Home page</a></p></html>"
            );
            (StatusCode::INTERNAL_SERVER_ERROR, [(header::CACHE_CONTROL, "no-store")], Html(page)).into_response()
        }
    }
}
