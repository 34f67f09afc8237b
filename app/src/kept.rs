//! Pages that everybody can read, kept prepared and compressed. One is as good as fresh while nothing was recorded that may have
//! altered it (`Store::public_position`), the index stands where it stood, and no instant came at which it alters by itself: the
//! next change of the log that falls due, the next instant that the page itself shows (`Cx::until`), the next full minute.
//!
//! Only what a handler hands over with [`Kept`] is kept, and only for readers without a session. A page that must count who looks,
//! or that says something to one reader alone, must not.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::moment::{MINUTE, Moment};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use workflow::Desk;

use crate::cx::COOKIE;
use crate::frame::App;

/// In a response's extensions: the page may be kept until then, if nothing alters it before.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    pub until: Moment,
}

/// Bytes of all pages together.
const MOST_BYTES: u64 = 64 << 20;
/// Longer addresses and pages are rendered each time.
const LONGEST_ADDRESS: usize = 600;
const LONGEST_PAGE: usize = 1 << 20;

/// What all readers share; a clone is a handle.
#[derive(Clone)]
pub struct Shelf(Cache<String, Arc<Prepared>>);

impl Default for Shelf {
    fn default() -> Self {
        let weigh =
            |key: &String, page: &Arc<Prepared>| u32::try_from(2 * page.plain.len() + key.len() + 1_000).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(weigh).build())
    }
}

/// What a page was made from. Equal again: the page is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    position: i64,
    index: Option<search::Position>,
    clock_offset: i64,
}

impl Basis {
    async fn now(desk: &Desk) -> store::Result<Self> {
        let position = desk.store.public_position().await?;
        Ok(Self { position, index: desk.index.position(), clock_offset: desk.store.clock_offset() })
    }
}

struct Prepared {
    basis: Basis,
    until: Moment,
    headers: HeaderMap,
    etag: HeaderValue,
    plain: Bytes,
    /// Made when it is asked for a second time: of many addresses that is never.
    brotli: OnceLock<Bytes>,
    asked: AtomicU32,
}

/// Answers from what is kept, or renders, and keeps what may be.
pub async fn kept(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = app.shelf.as_ref().and_then(|_| key(&request)) else { return next.run(request).await };
    let (Some(shelf), Ok(basis)) = (&app.shelf, Basis::now(&app.desk).await) else { return next.run(request).await };
    if let Some(page) = shelf.0.get(&key)
        && page.basis == basis
        && app.desk.store.now().before(page.until)
    {
        return page.answer(request.headers());
    }
    let asked = request.headers().clone();
    let response = next.run(request).await;
    let (Some(Kept { until }), StatusCode::OK) = (response.extensions().get::<Kept>().copied(), response.status()) else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let Ok(plain) = axum::body::to_bytes(body, LONGEST_PAGE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let until = match next_due(&app.desk).await {
        Ok(Some(due)) => until.min(due),
        Ok(None) => until,
        Err(_) => return Response::from_parts(parts, Body::from(plain)),
    };
    let page = Arc::new(Prepared::new(basis, until, parts.headers, plain));
    shelf.0.insert(key, page.clone());
    page.answer(&asked)
}

async fn next_due(desk: &Desk) -> store::Result<Option<Moment>> {
    let mut conn = desk.store.read().await?;
    Ok(conn.next_due(desk.store.now().micros()).await?.map(Moment))
}

/// The next full minute: every date that people choose is one, and clocks on pages show no seconds.
pub fn next_minute(now: Moment) -> Moment {
    Moment(now.micros().div_euclid(MINUTE) * MINUTE + MINUTE)
}

/// None where the answer is for one reader: a session, what was just done, a program that wants JSON.
fn key(request: &Request) -> Option<String> {
    let (uri, headers) = (request.uri(), request.headers());
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let done = uri.query().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("done=")));
    let json = text(header::ACCEPT).starts_with("application/json");
    if request.method() != Method::GET || done || json || path.len() > LONGEST_ADDRESS {
        return None;
    }
    let (mut lang, mut theme) = ("", "");
    for (name, value) in headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(pairs) {
        match name {
            COOKIE => return None,
            "wp_lang" => lang = value,
            "wp_theme" => theme = value,
            _ => {}
        }
    }
    // Nobody fills the shelf with copies of one page.
    (lang.len() <= 8 && theme.len() <= 8).then(|| format!("{lang} {theme} {path}"))
}

fn pairs(cookies: &str) -> impl Iterator<Item = (&str, &str)> {
    cookies.split(';').filter_map(|pair| pair.trim().split_once('='))
}

impl Prepared {
    fn new(basis: Basis, until: Moment, headers: HeaderMap, plain: Bytes) -> Self {
        let digest = workflow::sealing::hex(&Sha256::digest(&plain)[..16]);
        let etag = HeaderValue::try_from(format!("W/\"{digest}\"")).unwrap_or(HeaderValue::from_static("W/\"\""));
        Self { basis, until, headers, etag, plain, brotli: OnceLock::new(), asked: AtomicU32::new(0) }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = self.headers.clone();
        response.headers_mut().insert(header::ETAG, self.etag.clone());
        let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        if text(header::IF_NONE_MATCH).split(',').any(|one| one.trim().as_bytes() == self.etag.as_bytes()) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        let again = self.asked.fetch_add(1, Ordering::Relaxed) > 0;
        let body = if again && takes_brotli(text(header::ACCEPT_ENCODING)) {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            self.brotli.get_or_init(|| squeezed(&self.plain)).clone()
        } else {
            self.plain.clone()
        };
        *response.body_mut() = Body::from(body);
        response
    }
}

/// `br`, unless it is refused by a weight of zero.
fn takes_brotli(accepted: &str) -> bool {
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some("br") && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// A page of 40 kB in a few milliseconds, a third smaller than on the fly.
fn squeezed(plain: &Bytes) -> Bytes {
    let mut out = Vec::with_capacity(plain.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, 5, 20);
    // Into memory: it cannot fail.
    let _ = writer.write_all(plain);
    drop(writer);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, headers: &[(header::HeaderName, &str)]) -> Request {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_what_is_the_same_for_all_has_a_place_on_the_shelf() {
        assert_eq!(key(&request("/search?q=a", &[])).as_deref(), Some("  /search?q=a"));
        assert_eq!(key(&request("/", &[(header::COOKIE, "a=b; wp_theme=dark")])).as_deref(), Some(" dark /"));
        for (name, value) in [(header::COOKIE, "x=y; wp_session=1"), (header::ACCEPT, "application/json")] {
            assert_eq!(key(&request("/", &[(name, value)])), None);
        }
        assert_eq!(key(&request("/challenges?done=saved", &[])), None);
        assert_eq!(key(&request("/", &[(header::COOKIE, "wp_theme=0123456789")])), None);
    }

    #[test]
    fn brotli_is_sent_to_those_who_take_it() {
        for (accepted, takes) in
            [("gzip, deflate, br", true), ("br;q=0.5", true), ("br;q=0, gzip", false), ("brr", false), ("", false)]
        {
            assert_eq!(takes_brotli(accepted), takes, "{accepted}");
        }
    }

    #[test]
    fn a_minute_is_over_when_the_next_begins() {
        assert_eq!(next_minute(Moment(0)), Moment(MINUTE));
        assert_eq!(next_minute(Moment(MINUTE - 1)), Moment(MINUTE));
        assert_eq!(next_minute(Moment(MINUTE)), Moment(2 * MINUTE));
    }
}
