//! Pages that are kept prepared say what a page rendered at that moment says, before and after everything that alters one.

use app::AppOptions;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use domain::challenge::Stage;
use domain::form::Fields;
use leptos::config::LeptosOptions;
use tower::ServiceExt;
use workflow::town::{self, Town};
use workflow::{Desk, challenge, enquiry, response};

use crate::support::desk;

fn router(desk: &Desk, keeps_pages: bool) -> Router {
    let leptos = LeptosOptions::builder().output_name("wellposed").site_root("site").site_pkg_dir("pkg").build();
    app::router(AppOptions { desk: desk.clone(), leptos, secure: false, keeps_pages })
}

async fn get(router: &Router, path: &str, with: &[(header::HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::builder().uri(path);
    for (name, value) in with {
        request = request.header(name, *value);
    }
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, axum::body::to_bytes(answer.into_body(), 20_000_000).await.unwrap().to_vec())
}

/// Everything that a visitor can read of a town.
fn pages(town: &Town) -> Vec<String> {
    let mut pages: Vec<String> = [
        "/",
        "/about",
        "/challenges",
        "/challenges?show=past",
        "/soundings",
        "/search",
        "/search?q=water",
        "/search?when=open&sort=closing",
        "/library",
    ]
    .map(String::from)
    .into();
    pages.push(format!("/buyers/{}", town.organisation("city")));
    pages.push(format!("/suppliers/{}", town.organisation("hedgerow")));
    for (_, id, _) in town.challenges() {
        pages.extend(["", "/enquiries", "/decision", "/versions/1", "/partners"].map(|end| format!("/challenges/{id}{end}")));
    }
    pages
}

/// What each page says, kept and rendered anew: equal, and the kept one twice the same bytes.
async fn compare(desk: &Desk, keeping: &Router, town: &Town, after: &str) {
    workflow::follow::follow_once(desk).await.unwrap();
    let anew = router(desk, false);
    // What a page rendered anew lists may be held too: it says what the database says.
    let rows = |list: &challenge::PublicList| format!("{} {} {:?}", list.open, list.past, list.page);
    let held = challenge::list_public(desk, true, 1, 20).await.unwrap();
    assert_eq!(rows(&held), rows(&challenge::read_open(desk, 20).await.unwrap()), "after {after}");
    for path in pages(town) {
        let (status, headers, kept) = get(keeping, &path, &[]).await;
        let mut fresh = get(&anew, &path, &[]).await;
        let mut kept = (status, headers, kept);
        if kept.2 != fresh.2 {
            // The minute was over in between: every page of a test installation shows its clock.
            kept = get(keeping, &path, &[]).await;
            fresh = get(&anew, &path, &[]).await;
        }
        assert_eq!(kept.0, fresh.0, "{path} after {after}");
        assert_eq!(String::from_utf8_lossy(&kept.2), String::from_utf8_lossy(&fresh.2), "{path} after {after}");
        assert!(!fresh.1.contains_key(header::ETAG), "{path} is rendered each time");
        assert_eq!(kept.1.contains_key(header::ETAG), kept.0 == StatusCode::OK, "{path} is kept where there is one");
        for name in [header::CONTENT_SECURITY_POLICY, header::CACHE_CONTROL, header::X_CONTENT_TYPE_OPTIONS, header::CONTENT_TYPE]
        {
            assert_eq!(kept.1.get(&name), fresh.1.get(&name), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn a_kept_page_says_what_one_rendered_anew_says() {
    let (_kept, desk) = desk().await;
    let town = town::fill(&desk, |_, _| {}).await.unwrap();
    let keeping = router(&desk, true);
    compare(&desk, &keeping, &town, "nothing").await;
    compare(&desk, &keeping, &town, "nothing again").await;

    // Somebody answers: nobody may learn it, so no page is made anew.
    let open: Vec<_> = town.challenges().filter(|(_, _, stage)| *stage == Stage::Open).collect();
    let free = |key: &str| !town.responses().any(|(of, by, _)| of == key && by == "hedgerow");
    let (_, id, _) = *open.iter().find(|(key, _, _)| free(key)).expect("an open challenge");
    let before = desk.store.public_position().await.unwrap();
    response::start_response(&desk, &town.actor("ada"), id).await.unwrap();
    assert_eq!(desk.store.public_position().await.unwrap(), before, "a draft alters no page");
    compare(&desk, &keeping, &town, "a draft").await;

    // A question is nobody's business until it is answered.
    let asked: Fields = [("question", "May the gate stay open at night?")].into_iter().collect();
    let question = enquiry::ask_enquiry(&desk, &town.actor("ada"), id, &asked).await;
    assert_eq!(desk.store.public_position().await.unwrap(), before, "{question:?}");
    compare(&desk, &keeping, &town, "a question").await;

    // What the authority does is seen at once.
    let mut cancelled = false;
    for person in &town.people {
        let why: Fields = [("reason", "The square is closed for two years.")].into_iter().collect();
        cancelled |= challenge::cancel_challenge(&desk, &town.actor(&person.key), id, &why).await.is_ok();
    }
    assert!(cancelled && desk.store.public_position().await.unwrap() > before);
    let (_, _, body) = get(&keeping, &format!("/challenges/{id}"), &[]).await;
    assert!(String::from_utf8_lossy(&body).contains("The square is closed for two years."));
    compare(&desk, &keeping, &town, "a cancellation").await;
}

#[tokio::test]
async fn a_kept_page_ends_at_the_instant_of_the_deadline() {
    let (_kept, desk) = desk().await;
    let town = town::fill(&desk, |_, _| {}).await.unwrap();
    let (_, id, _) = town.challenges().find(|(_, _, stage)| *stage == Stage::Open).expect("an open challenge");
    let deadline = challenge::read_challenge(&desk, &domain::organisation::Actor::Visitor, id).await.unwrap().terms.deadline;
    let ahead = deadline.micros() - desk.store.now().micros() - 1_500_000;
    desk.store.set_clock_offset(desk.store.clock_offset() + ahead).await.unwrap();
    let keeping = router(&desk, true);
    let path = format!("/challenges/{id}");
    let open = get(&keeping, &path, &[]).await;
    assert_eq!(get(&keeping, &path, &[]).await.2, open.2);
    assert!(!String::from_utf8_lossy(&open.2).contains("Answers were due by"), "it is open");
    while desk.store.now().before(deadline) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let closed = get(&keeping, &path, &[]).await;
    assert!(String::from_utf8_lossy(&closed.2).contains("Answers were due by"), "the instant of the deadline is late");
}

#[tokio::test]
async fn a_kept_page_travels_once_and_as_small_as_it_goes() {
    let (_kept, desk) = desk().await;
    town::fill(&desk, |_, _| {}).await.unwrap();
    let keeping = router(&desk, true);
    let plain = get(&keeping, "/challenges", &[]).await;
    let squeezed = get(&keeping, "/challenges", &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!(squeezed.1[header::CONTENT_ENCODING], "br");
    assert!(squeezed.2.len() * 5 < plain.2.len() * 2, "{} of {}", squeezed.2.len(), plain.2.len());
    let gzip = get(&keeping, "/challenges", &[(header::ACCEPT_ENCODING, "gzip")]).await;
    assert_eq!(gzip.1[header::CONTENT_ENCODING], "gzip");
    assert!(gzip.2.starts_with(&[0x1f, 0x8b]) && gzip.2.len() * 2 < plain.2.len(), "{} of {}", gzip.2.len(), plain.2.len());
    for answer in [&plain, &squeezed, &gzip] {
        let varies: Vec<_> = answer.1.get_all(header::VARY).iter().map(|value| value.to_str().unwrap().to_lowercase()).collect();
        assert_eq!(varies.iter().filter(|value| value.contains("accept-encoding")).count(), 1, "{varies:?}");
        assert!(varies.iter().any(|value| value.contains("cookie")), "{varies:?}");
    }
    let tag = plain.1[header::ETAG].to_str().unwrap().to_owned();
    let same = get(&keeping, "/challenges", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((same.0, same.2.len()), (StatusCode::NOT_MODIFIED, 0));
    // Whoever has a session gets a page of their own, which nobody keeps.
    let own = get(&keeping, "/challenges", &[(header::COOKIE, "wp_session=abc"), (header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!(own.0, StatusCode::OK);
    assert_eq!(own.1[header::CACHE_CONTROL], "private, no-store");
    assert!(!own.1.contains_key(header::ETAG));
}
