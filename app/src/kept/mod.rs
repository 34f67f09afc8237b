//! Pages that everybody can read, kept prepared and compressed. One is as good as fresh while nothing was recorded that may have
//! altered it (`Store::public_position`), the index stands where it stood, and no instant came at which it alters by itself: the
//! next change of the log that falls due, the next instant that the page itself shows (`Cx::until`), the next full minute.
//!
//! Only what a handler hands over with [`Kept`] is kept, and only for readers without a session. A page that must count who looks,
//! or that says something to one reader alone, must not.

mod front;
mod prepared;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::moment::Moment;
pub use front::front;
use moka::sync::Cache;
use prepared::{Form, Prepared};
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
        let weigh = |key: &String, page: &Arc<Prepared>| u32::try_from(2 * page.len() + key.len() + 1_000).unwrap_or(u32::MAX);
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
    fn at(position: i64, desk: &Desk) -> Self {
        Self { position, index: desk.index.position(), clock_offset: desk.store.clock_offset() }
    }

    async fn now(desk: &Desk) -> store::Result<Self> {
        Ok(Self::at(desk.store.public_position().await?, desk))
    }
}

/// Where an answer belongs on the shelf, and what it will have been made from: the front's, for [`keep`].
#[derive(Clone)]
struct Place {
    key: String,
    basis: Basis,
}

/// Keeps what may be kept of what is rendered now; [`front`] answers from it the next time.
pub async fn keep(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let place = request.extensions_mut().remove::<Place>();
    let (Some(shelf), Some(Place { key, basis })) = (&app.shelf, place) else { return next.run(request).await };
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
    // Squeezed on its way out, if at all: most addresses are asked for once.
    page.answer(&asked, Form::Plain)
}

async fn next_due(desk: &Desk) -> store::Result<Option<Moment>> {
    let mut conn = desk.store.read().await?;
    Ok(conn.next_due(desk.store.now().micros()).await?.map(Moment))
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
}
