//! The frame of every page: head, header, footer, banner of a demo, and the rendering of a view to HTML.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::moment::{MINUTE, Moment};
use leptos::config::LeptosOptions;
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use workflow::Desk;

use crate::cx::Cx;
use crate::fault::Told;
use crate::guard::{Throttle, encode};
use crate::islands::SearchBox;
use crate::kept::{Kept, Shelf};
use crate::ui::{done_banner, error_summary, exact};
use crate::words::t;

pub struct AppOptions {
    pub desk: Desk,
    pub leptos: LeptosOptions,
    /// The service is reached by https: cookies are sent by it alone.
    pub secure: bool,
    /// Pages that everybody can read are kept prepared; otherwise each is rendered when it is asked for.
    pub keeps_pages: bool,
}

/// What handlers share. Every layer of a request clones it: one count, where its parts together were a tenth of an answer.
#[derive(Clone)]
pub struct App(Arc<Shared>);

impl std::ops::Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

pub struct Shared {
    pub desk: Desk,
    pub shell: Arc<Shell>,
    /// The folder of what is served as it is.
    pub site: Arc<str>,
    pub secure: bool,
    pub sign_ins: Throttle,
    pub mails: Throttle,
    pub shelf: Option<Shelf>,
}

/// What every page has in common, computed once.
pub struct Shell {
    pub csp: String,
    css: String,
    loader: String,
}

impl App {
    pub fn new(options: AppOptions) -> Self {
        let AppOptions { desk, leptos, secure, keeps_pages } = options;
        let shell = Arc::new(Shell::new(&leptos));
        // A town of fifty people is signed in within seconds by tests; a live installation is not.
        let (sign_ins, mails) = if desk.is_live() { (10, 5) } else { (100_000, 100_000) };
        Self(Arc::new(Shared {
            desk,
            shell,
            site: (&*leptos.site_root).into(),
            secure,
            sign_ins: Throttle::new(sign_ins, 6),
            mails: Throttle::new(mails, 60),
            shelf: keeps_pages.then(Shelf::default),
        }))
    }
}

impl Shell {
    fn new(leptos: &LeptosOptions) -> Self {
        let pkg = format!("/{}", leptos.site_pkg_dir);
        let name = leptos.output_name.to_string();
        let file = |name: &str, end: &str| {
            let path = format!("{}{pkg}/{name}.{end}", leptos.site_root);
            // The content's digest in the address lets browsers keep the file for ever.
            let digest = std::fs::read(path).map(|bytes| workflow::sealing::hex(&Sha256::digest(bytes)[..6])).unwrap_or_default();
            format!("{pkg}/{name}.{end}?v={digest}")
        };
        let loader = ["js", "wasm"].iter().fold(LOADER.to_owned(), |loader, end| {
            loader.replace(&format!("{{{end}}}"), &file(&name, end)).replace(&format!("{{what-if.{end}}}"), &file("what-if", end))
        });
        let hash = base64_sha256(&loader);
        let csp = format!(
            "default-src 'none'; script-src 'self' 'sha256-{hash}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
             font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        Self { csp, css: file(&name, "css"), loader }
    }
}

/// Loads the browser's part: at once where a page has an island that is worked in, on focus where it only helps (the search
/// box), where the browser holds text that was not taken on pages that only tell of it. The sliders of the what-if are a module of their own. The same islands and order as Leptos's own loader, which always
/// loads at once. Constant, so that its digest can
/// stand in the content security policy.
const LOADER: &str = r#"(()=>{document.documentElement.dataset.script="";let begun;const w=document.querySelector("[data-island=what-if]"),load=()=>begun??=import(w?"{what-if.js}":"{js}").then(m=>m.default({module_or_path:w?"{what-if.wasm}":"{wasm}"}).then(()=>{m.start();document.documentElement.dataset.ready=""}));const has=q=>document.querySelector(q),kept=()=>{try{return Object.keys(localStorage).some(k=>/^wp-(draft|score):/.test(k))}catch{}};if(has("[data-load=now]")||has("[data-load=kept]")&&kept())load();else document.addEventListener("focusin",e=>{if(e.target.closest("[data-load=focus]"))load()})})()"#;

fn base64_sha256(text: &str) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, Sha256::digest(text))
}

/// What a handler hands over: a title and what stands between header and footer.
pub struct Page {
    pub title: String,
    pub status: StatusCode,
    pub crumbs: Vec<(String, String)>,
    /// An island that is worked in, or one that tells of text the browser holds: the loader says which loads when.
    pub works: bool,
    pub wide: bool,
    /// The page has the search box in its middle; the loader waits for its focus.
    pub search: bool,
    /// The same for everybody who is not signed in: it may be kept prepared.
    pub kept: bool,
    /// The address of a feed (Atom) that tells of what the page lists.
    pub feed: Option<String>,
    pub body: AnyView,
}

impl Page {
    pub fn new(title: impl Into<String>, body: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            status: StatusCode::OK,
            crumbs: Vec::new(),
            works: false,
            wide: false,
            search: false,
            kept: false,
            feed: None,
            body: body.into_any(),
        }
    }

    /// Address and name of the pages above this one.
    pub fn under(mut self, crumbs: Vec<(String, String)>) -> Self {
        self.crumbs = crumbs;
        self
    }

    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    pub fn works(mut self) -> Self {
        self.works = true;
        self
    }

    pub fn search(mut self) -> Self {
        self.search = true;
        self
    }

    /// See [`crate::kept`]: not for a page that counts who looks, or that reads the clock other than by `ui`.
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    pub fn feed(mut self, address: String) -> Self {
        self.feed = Some(address);
        self
    }

    /// Before it is rendered: the title says "Error" where the status is one.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// 422 where a form came back with errors.
    pub fn invalid_if(mut self, invalid: bool) -> Self {
        if invalid {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        self
    }

    /// The whole page as HTML. Everything was read before, so it is complete without a script and rendered in one go.
    pub fn render(self, cx: &Cx) -> Response {
        let (status, kept) = (self.status, self.kept && cx.cookie.is_none());
        let owner = Owner::new_root(None);
        let html = owner.with(|| document(cx, self).to_html());
        owner.unset_with_forced_cleanup();
        let mut response =
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], format!("<!doctype html>{html}")).into_response();
        if kept {
            response.extensions_mut().insert(Kept { until: Moment(cx.until.load(Ordering::Relaxed)) });
        }
        response
    }
}

fn document(cx: &Cx, page: Page) -> impl IntoView + use<> {
    let title = format!("{} – {}", page.title, t!(cx, "product"));
    let title = if page.status.is_client_error() { t!(cx, "error-title", title = title) } else { title };
    let width = if page.wide { "govuk-width-container wp-width--wide" } else { "govuk-width-container" };
    let islands = page.works || page.search;
    // Whoever is told that something could not be done is not told of what was done before.
    let head_done = if page.status.is_client_error() { None } else { done_banner(cx) };
    let home = page.search && page.crumbs.is_empty() && cx.path() == "/";
    let crumbs = (!page.crumbs.is_empty()).then(|| {
        view! {
            <nav class="govuk-breadcrumbs wp-no-print" aria-label=t!(cx, "breadcrumb")>
                <ol class="govuk-breadcrumbs__list">
                    {page.crumbs.into_iter().map(|(href, name)| view! {
                        <li class="govuk-breadcrumbs__list-item"><a class="govuk-breadcrumbs__link" href=href>{name}</a></li>
                    }).collect_view()}
                </ol>
            </nav>
        }
    });
    let main = if home {
        // The home page's band reaches from edge to edge.
        view! { <main id="main" tabindex="-1">{head_done}{page.body}</main> }.into_any()
    } else {
        view! { <div class=width>{crumbs}<main class="govuk-main-wrapper" id="main" tabindex="-1">{head_done}{page.body}</main></div> }.into_any()
    };
    view! {
        <html lang=cx.words.0.code() class="govuk-template" data-theme=cx.theme>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <title inner_html=plain(&title)></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="alternate icon" href="/favicon.ico"/>
                {page.feed.map(|href| view! { <link rel="alternate" type="application/atom+xml" href=href/> })}
                <link rel="stylesheet" href=cx.shell.css.clone()/>
            </head>
            <body class="govuk-template__body">
                <a href="#main" class="govuk-skip-link">{t!(cx, "skip")}</a>
                {demo_strip(cx, width)}
                {site_header(cx, width)}
                {main}
                {site_footer(cx, width)}
                {islands.then(|| view! { <script type="module" inner_html=cx.shell.loader.clone()></script> })}
            </body>
        </html>
    }
}

/// Escaped by hand: rendering as a child leaves a marker behind, which a title shows.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn demo_strip(cx: &Cx, width: &str) -> Option<AnyView> {
    if cx.desk.is_live() {
        return None;
    }
    // As the page reads it: without seconds, so that it can be kept for the minute.
    let clock = exact(cx, Moment(cx.now.micros().div_euclid(MINUTE) * MINUTE), None);
    Some(
        view! {
            <aside class="wp-banner wp-banner--demo wp-no-print" aria-label=t!(cx, "demo-label")>
                <div class=width.to_owned()>
                    <p>{t!(cx, "demo-strip")} " " {clock} " " {cx.actor.administrator().then(|| view! { <a href="/clock">{t!(cx, "demo-clock")}</a> })}</p>
                </div>
            </aside>
        }
        .into_any(),
    )
}

fn site_header(cx: &Cx, width: &str) -> AnyView {
    let current = |path: &str| (cx.path() == path).then_some("page");
    let links =
        [("/challenges", "nav-challenges"), ("/library", "nav-library"), ("/search", "nav-search"), ("/about", "nav-about")];
    let account = match &cx.signed_in {
        None => view! {
            <a href=format!("/sign-in?next={}", encode(&cx.uri))>{t!(cx, "sign-in")}</a>
            <a href="/register">{t!(cx, "register")}</a>
        }
        .into_any(),
        Some(signed) => {
            let acting = signed.session.organisation_name.clone();
            view! {
                {acting.map(|name| view! { <a class="wp-account__as" href="/account">{name}</a> })}
                <a href="/work" aria-current=current("/work")>{t!(cx, "nav-work")}</a>
                <a href="/notices" aria-current=current("/notices")>{t!(cx, "notices-nav")} {unread(cx, signed.session.unread)}</a>
                <a href="/account" aria-current=current("/account")>{signed.session.name.clone()}</a>
                <form class="wp-inline-form" method="post" action="/sign-out"><button>{t!(cx, "sign-out")}</button></form>
            }
            .into_any()
        }
    };
    view! {
        <header class="wp-header wp-no-print">
            <div class=format!("wp-header__inner {width}")>
                <a class="wp-logo" href="/">
                    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                        <rect class="wp-logo__ground" width="32" height="32" rx="6"></rect>
                        <path class="wp-logo__well" d="M6 7c1.5 10.5 4.5 17.5 10 17.5S24.5 17.5 26 7" stroke-width="3" stroke-linecap="round"></path>
                        <circle class="wp-logo__point" cx="16" cy="16.5" r="3.5"></circle>
                    </svg>
                    {t!(cx, "product")}
                </a>
                <nav class="wp-nav" aria-label=t!(cx, "nav-main")>
                    <ul>
                        {links.into_iter().map(|(path, key)| view! { <li><a href=path aria-current=current(path)>{t!(cx, key)}</a></li> }).collect_view()}
                    </ul>
                </nav>
                <div class="wp-account">{account}</div>
            </div>
        </header>
    }
    .into_any()
}

/// How many notices wait, beside their link; more than can be told at a glance are "99+".
fn unread(cx: &Cx, n: i64) -> Option<AnyView> {
    if n == 0 {
        return None;
    }
    let many = n >= store::MOST_UNREAD;
    let (shown, said) = if many {
        (format!("{}+", n - 1), t!(cx, "notices-unread-many", n = n - 1))
    } else {
        (n.to_string(), t!(cx, "notices-unread", n = n))
    };
    Some(
        view! { <span class="wp-count" aria-hidden="true">{shown}</span> <span class="govuk-visually-hidden">{said}</span> }
            .into_any(),
    )
}

fn site_footer(cx: &Cx, width: &str) -> AnyView {
    let choices = [
        ("system", "theme-system", cx.theme.is_none()),
        ("light", "theme-light", cx.theme == Some("light")),
        ("dark", "theme-dark", cx.theme == Some("dark")),
    ];
    view! {
        <footer class="wp-footer wp-no-print">
            <div class=format!("wp-footer__inner {width}")>
                <ul class="wp-footer__links">
                    <li><a href="/about">{t!(cx, "nav-about")}</a></li>
                    <li><a href="/about#sealing">{t!(cx, "footer-sealing")}</a></li>
                    <li><a href="/about#accessibility">{t!(cx, "footer-accessibility")}</a></li>
                </ul>
                <p>{t!(cx, "footer-text")}</p>
                <form class="wp-theme" method="post" action="/theme">
                    <input type="hidden" name="next" value=cx.uri.clone()/>
                    <span id="theme-label">{t!(cx, "theme")}</span>
                    <span class="wp-theme__choices" role="group" aria-labelledby="theme-label">
                        {choices.into_iter().map(|(value, key, chosen)| view! {
                            <button name="theme" value=value aria-pressed=chosen.to_string()>{t!(cx, key)}</button>
                        }).collect_view()}
                    </span>
                </form>
            </div>
        </footer>
    }
    .into_any()
}

/// The search box: a form that works by itself; the island adds suggestions.
pub fn search_box(cx: &Cx, text: &str, home: bool) -> AnyView {
    let class = if home { "wp-search wp-search--home" } else { "wp-search" };
    let hint = home.then(|| t!(cx, "search-hint"));
    view! {
        <SearchBox class=class.to_owned() label=t!(cx, "search-label") button=t!(cx, "search-button")
            hint=hint text=text.to_owned() kinds=["challenge", "past", "solution", "supplier", "buyer"].map(|kind| (kind, t!(cx, &format!("kind-{kind}")))).into()/>
    }
    .into_any()
}

/// What the person is told when something could not be done: why, and what to do next.
pub fn error_page(cx: &Cx, told: &Told) -> Response {
    if cx.json {
        let errors = match told {
            Told::Invalid(errors) => errors.iter().map(|error| (error.field.clone(), crate::ui::sentence(cx, error))).collect(),
            _ => vec![(String::new(), told_text(cx, told).1)],
        };
        let list: Vec<_> = errors.into_iter().map(|(field, text)| serde_json::json!({ "field": field, "text": text })).collect();
        return (told.status(), axum::Json(serde_json::json!({ "errors": list }))).into_response();
    }
    let (title, text) = told_text(cx, told);
    let summary = match told {
        Told::Invalid(errors) => error_summary(cx, errors),
        _ => None,
    };
    let body = view! {
        {summary}
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{text}</p>
        <p><a class="govuk-link" href="/">{t!(cx, "error-home")}</a></p>
        <p><a class="govuk-link" href="/search">{t!(cx, "error-search")}</a></p>
    };
    Page::new(title, body).status(told.status()).render(cx)
}

/// A form that could not be taken for what passes: whoever sent it is not signed in (any more), the service is busy, scoring rests.
/// What was typed stands here, and is sent again then. The same whatever it was about. A form with a password in it is not shown.
pub fn again_page(cx: &Cx, told: &Told, body: &[u8]) -> Response {
    let (title, text) = told_text(cx, told);
    let signed_out = matches!(told, Told::SignedOut);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let secret = pairs.iter().any(|(name, _)| name.contains("password"));
    let again = (!pairs.is_empty() && !secret).then(|| {
        // Choices and versions say nothing to a reader; words do.
        let words = |value: &str| value.trim().contains(char::is_whitespace);
        let shown: Vec<&str> = pairs.iter().map(|(_, value)| value.as_str()).filter(|value| words(value)).collect();
        let typed =
            shown.iter().map(|value| view! { <pre class="wp-conflict__theirs">{(*value).to_owned()}</pre> }).collect_view();
        let fields = pairs.iter().map(|(name, value)| crate::ui::hidden(name, value)).collect_view();
        let typed = (!shown.is_empty()).then(|| view! { <h2 class="govuk-heading-m">{t!(cx, "signed-out-typed")}</h2>{typed} });
        view! {
            {signed_out.then(|| view! { <p><a class="govuk-link" href="/sign-in" target="_blank">{t!(cx, "signed-out-sign-in")}</a></p> })}
            <form method="post" action=cx.uri.clone()>
                {fields}
                <button class="govuk-button">{t!(cx, "signed-out-again")}</button>
            </form>
            {typed}
        }
    });
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{text}</p>
        {again}
    };
    Page::new(title, body).status(told.status()).render(cx)
}

fn told_text(cx: &Cx, told: &Told) -> (String, String) {
    let key = match told {
        Told::Refused(domain::policy::Refusal::Unseen) | Told::NotFound => "not-found",
        Told::Refused(why) => {
            let code = why.code();
            return (t!(cx, "refused-title"), t!(cx, &format!("refusal-{code}")));
        }
        Told::Invalid(_) => "invalid",
        Told::Stale => "stale",
        Told::Unlike => "altered",
        Told::Busy => "busy",
        Told::TooLarge => "too-large",
        Told::BadRequest => "bad-request",
        Told::Throttled => "throttled",
        Told::CrossSite => "cross-site",
        Told::SignedOut => "signed-out",
        Told::Incident => "incident",
    };
    (t!(cx, &format!("{key}-title")), t!(cx, &format!("{key}-text")))
}
