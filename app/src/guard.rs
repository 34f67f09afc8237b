//! What every request passes: the reader is made out, cross-site posts and storms are refused, faults become pages, and
//! headers are set.

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::Fields;
use domain::ids::to_text;
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::Refusal;
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::cx::{COOKIE, Cx, Reader};
use crate::doors::leads_to_sign_in;
use crate::fault::{Fault, Told};
use crate::frame::{App, again_page, error_page};
use crate::words::{Lang, Words};

/// Who wrote what an island sends.
const WRITTEN_BY: &str = "x-written-by";

/// Bodies of forms; files come with their own doors and limits.
const MOST_BYTES: usize = 1024 * 1024;

/// Takes in a posted form, makes out who reads, runs the handler, and renders what it could not do.
pub async fn reader(State(app): State<App>, request: Request, next: Next) -> Response {
    // First of all: what the server then has to look up, and to wait for, makes nobody late.
    let mut request = received(&app, request).await;
    let cx = match make_out(&app, request.method(), request.headers(), request.uri()).await {
        Ok(cx) => cx,
        Err(fault) => return fault.into_response(),
    };
    if request.method() != Method::GET && request.method() != Method::HEAD && !same_site(&app, request.headers()) {
        return headers(&app, &cx, error_page(&cx, &Told::CrossSite));
    }
    let posted = request.method() == Method::POST;
    let door = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let typed = request.extensions().get::<Received>().and_then(|received| received.body.clone());
    request.extensions_mut().insert(cx.clone());
    let response = next.run(request).await;
    let told = match (response.extensions().get::<Told>(), response.status()) {
        (Some(told), _) => Some(told.clone()),
        (None, StatusCode::NOT_FOUND) if !is_page(&response) => Some(Told::NotFound),
        (None, StatusCode::METHOD_NOT_ALLOWED) => Some(Told::NotFound),
        // An address that is no text.
        (None, StatusCode::BAD_REQUEST) if is_bare(&response) => Some(Told::BadRequest),
        _ => None,
    };
    let told = match told {
        // The same whatever it was about, so that it tells nothing of what there is.
        Some(Told::Refused(_)) if posted && cx.signed_in.is_none() => Some(Told::SignedOut),
        Some(Told::Refused(Refusal::Unseen)) if cx.signed_in.is_none() && door.is_some_and(|door| leads_to_sign_in(&door)) => {
            Some(Told::Refused(Refusal::SignIn))
        }
        told => told,
    };
    let response = match told {
        // Signing in may help, and leads back here.
        Some(Told::Refused(Refusal::SignIn)) if !cx.json => {
            Redirect::to(&format!("/sign-in?next={}", encode(&cx.uri))).into_response()
        }
        // What passes by itself: the form comes back, to be sent again.
        Some(told @ (Told::SignedOut | Told::Busy | Told::Refused(Refusal::Checking))) if posted && !cx.json => {
            again_page(&cx, &told, &typed.unwrap_or_default())
        }
        Some(told) => error_page(&cx, &told),
        None => response,
    };
    headers(&app, &cx, response)
}

/// The words of a library.
fn is_bare(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

fn is_page(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

async fn make_out(app: &App, method: &Method, headers: &HeaderMap, uri: &axum::http::Uri) -> Result<Cx, Fault> {
    let header_text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookies = header_text(header::COOKIE);
    let cookie = |name: &str| {
        cookies
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    };
    let session = cookie(COOKIE);
    let signed_in = match &session {
        Some(session) if session.len() < 100 => workflow::account::signed_in(&app.desk, session).await?,
        _ => None,
    };
    // What a page sends by itself is its writer's: whoever has signed in at the same browser since is somebody else.
    let by = headers.get(WRITTEN_BY).and_then(|by| by.to_str().ok());
    let signed_in = signed_in.filter(|signed| by.is_none_or(|by| by == to_text(signed.session.user_id)));
    let lang = cookie("wp_lang").and_then(|code| Lang::parse(&code)).unwrap_or_default();
    let theme = match cookie("wp_theme").as_deref() {
        Some("light") => Some("light"),
        Some("dark") => Some("dark"),
        _ => None,
    };
    // A form posts back to the address that told of the last success: what it is answered says nothing of that.
    let told = uri.query().filter(|_| *method != Method::POST);
    let done = told.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("done=")).map(str::to_owned));
    let now = app.desk.store.now();
    let uri = uri.path_and_query().map_or("/", |uri| uri.as_str()).to_owned();
    Ok(Cx::new(Reader {
        desk: app.desk.clone(),
        shell: app.shell.clone(),
        words: Words(lang),
        actor: signed_in.as_ref().map_or(Actor::Visitor, |signed| signed.actor.clone()),
        zone: signed_in.as_ref().map(|signed| signed.session.zone.clone()),
        signed_in,
        cookie: session,
        theme,
        now,
        until: now.next_minute().micros().into(),
        uri,
        done,
        json: header_text(header::ACCEPT).starts_with("application/json"),
        agent: header_text(header::USER_AGENT).to_owned(),
    }))
}

/// A browser says where a post comes from (`Sec-Fetch-Site`, or `Origin` from older ones). A program that says neither
/// carries no cookie of a person who was lured.
fn same_site(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        None => match text("origin") {
            Some(origin) => {
                origin == &*app.desk.base_url
                    || text("host").is_some_and(|host| origin.split_once("://").is_some_and(|(_, at)| at == host))
            }
            None => true,
        },
    }
}

/// Pages carry no value of their own in these headers, so that they can be cached.
fn headers(app: &App, cx: &Cx, mut response: Response) -> Response {
    let page = is_page(&response);
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if app.secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    if page {
        set(header::CONTENT_SECURITY_POLICY, &app.shell.csp);
        set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=()");
    }
    if page || cx.json {
        let personal = cx.signed_in.is_some() || cx.cookie.is_some();
        set(header::CACHE_CONTROL, if personal { "private, no-store" } else { "no-cache" });
        set(header::VARY, "Cookie, Accept");
    }
    response
}

/// A posted form, whole, and the instant at which the last byte of it was here.
pub struct Post {
    pub fields: Fields,
    pub received_at: Moment,
}

/// The body of a form as it was taken in, before anything was looked up.
#[derive(Clone)]
struct Received {
    /// `None`: more than a form may have, or the sender broke off.
    body: Option<Bytes>,
    at: Moment,
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    kind.is_none_or(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// Holds the whole form and stamps the instant; what another site posts is refused before it is read.
async fn received(app: &App, mut request: Request) -> Request {
    if request.method() != Method::POST || !is_form(&request) || !same_site(app, request.headers()) {
        return request;
    }
    let body = axum::body::to_bytes(std::mem::take(request.body_mut()), MOST_BYTES).await.ok();
    let at = app.desk.store.received().await;
    if let Some(body) = &body {
        // For handlers that read it as it is.
        *request.body_mut() = Body::from(body.clone());
    }
    request.extensions_mut().insert(Received { body, at });
    request
}

impl<S: Send + Sync> FromRequest<S> for Post {
    type Rejection = Response;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Response> {
        if !is_form(&request) {
            return Err(Told::BadRequest.into_response());
        }
        let received = request.extensions_mut().remove::<Received>().ok_or_else(|| Told::Incident.into_response())?;
        let body = received.body.ok_or_else(|| Told::TooLarge.into_response())?;
        Ok(Self { fields: parse(&body), received_at: received.at })
    }
}

/// Pairs of a form; of a name that comes twice the last value counts. NUL, which PostgreSQL cannot hold, is dropped.
pub fn parse(body: &[u8]) -> Fields {
    form_urlencoded::parse(body).map(|(name, value)| (name.replace('\0', ""), value.replace('\0', ""))).collect()
}

/// For a value in a query.
pub fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A page behind the last one of a list, as an old link or a typed address asks for it: leads to the last, so that nobody stands
/// before an empty page that says there is nothing.
pub fn beyond(page: i64, pages: i64, address: impl Fn(i64) -> String) -> Option<Response> {
    (page > pages.max(1)).then(|| Redirect::to(&address(pages.max(1))).into_response())
}

/// Where to go after signing in: a path of this site, never another's.
pub fn own_path(text: &str) -> &str {
    if text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\") && !text.contains(['\r', '\n']) {
        text
    } else {
        "/work"
    }
}

/// Bounds guesses at passwords and floods of mail, per address. A flood from one client is the reverse proxy's to bound: only
/// it knows who the client is.
#[derive(Clone)]
pub struct Throttle(Arc<DefaultKeyedRateLimiter<String>>);

impl Throttle {
    /// So many at once, and one more every so many seconds.
    pub fn new(burst: u32, seconds: u64) -> Self {
        let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(std::time::Duration::from_secs(seconds.max(1)))
            .unwrap_or(Quota::per_minute(burst))
            .allow_burst(burst);
        Self(Arc::new(DefaultKeyedRateLimiter::keyed(quota)))
    }

    pub fn allow(&self, key: &str) -> Result<(), Told> {
        self.0.check_key(&key.to_lowercase()).map_err(|_| Told::Throttled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_parse_whatever_comes() {
        let fields = parse(b"a=1+2&b=%C3%A9&c&a=3&%00d=x%00&e=%zz&f=%");
        assert_eq!(fields.get("a"), "3");
        assert_eq!(fields.get("b"), "é");
        assert!(fields.0.contains_key("c"));
        assert_eq!(fields.get("d"), "x");
        assert_eq!(fields.get("e"), "%zz");
        assert_eq!(fields.get("f"), "%");
    }

    #[test]
    fn only_own_paths_are_gone_back_to() {
        assert_eq!(own_path("/challenges/1?a=b"), "/challenges/1?a=b");
        for text in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"] {
            assert_eq!(own_path(text), "/work", "{text}");
        }
    }
}
