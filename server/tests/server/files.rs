//! Files through HTTP: a form as a browser posts it, and what comes back.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use tower::ServiceExt;
use workflow::town::{self, Town};
use workflow::{Desk, account};

use crate::support;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

pub struct House {
    pub desk: Desk,
    pub town: Town,
    router: Router,
    pub kept: store::testing::Throwaway,
    _folder: tempfile::TempDir,
}

impl House {
    pub async fn filled() -> Self {
        Self::on(store::testing::sqlite().await).await
    }

    /// On this database.
    pub async fn on(kept: store::testing::Throwaway) -> Self {
        let desk = support::desk_on(&kept).await;
        let town = town::fill(&desk, |_, _| {}).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let settings = support::settings(folder.path(), server::settings::Flags::default());
        let router = server::http::router(&desk, &settings);
        Self { desk, town, router, kept, _folder: folder }
    }

    /// A session of this person, as a browser sends it; nothing for somebody who is not of the town.
    pub async fn cookie(&self, person: &str) -> String {
        let Some(person) = self.town.people.iter().find(|known| known.key == person) else { return String::new() };
        format!("wp_session={}", account::sign_in(&self.desk, &person.email, person.password, "test").await.unwrap().0)
    }

    pub async fn ask(
        &self,
        person: &str,
        request: axum::http::request::Builder,
        body: Vec<u8>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.ask_with(&self.cookie(person).await, request, body).await
    }

    pub async fn ask_with(
        &self,
        cookie: &str,
        request: axum::http::request::Builder,
        body: Vec<u8>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let request = request.header(header::COOKIE, cookie).body(Body::from(body)).unwrap();
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, 100_000_000).await.unwrap();
        (head.status, head.headers, bytes.to_vec())
    }

    async fn post(&self, person: &str, files: &[(&str, &[u8])]) -> (StatusCode, HeaderMap, String) {
        let mut body = b"--cut\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nPlan of the branches\r\n".to_vec();
        for (name, bytes) in files {
            body.extend(format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n").bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--cut--\r\n");
        let request = Request::post(format!("/challenges/{}/files", self.town.challenge("library")))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        let (status, headers, bytes) = self.ask(person, request, body).await;
        (status, headers, String::from_utf8(bytes).unwrap())
    }

    async fn get(&self, person: &str, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.ask(person, Request::get(path), Vec::new()).await
    }

    /// Addresses of the downloads on the list of the draft.
    async fn listed(&self) -> Vec<String> {
        let (_, _, page) = self.get("tom", &format!("/challenges/{}/files", self.town.challenge("library"))).await;
        let page = String::from_utf8(page).unwrap();
        let addresses = page.split("href=\"/files/").skip(1).filter_map(|rest| rest.split('"').next());
        addresses.filter(|address| !address.contains('/')).map(|id| format!("/files/{id}")).collect()
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_form_with_a_file_is_taken_and_handed_out_safely() {
    let house = House::filled().await;
    let before = house.listed().await.len();
    let (status, headers, _) = house.post("tom", &[("plan \"of\".pdf", PDF)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(text(&headers, header::LOCATION).ends_with("/files?done=file-attached"));
    let listed = house.listed().await;
    assert_eq!(listed.len(), before + 1);
    let address = listed.last().unwrap();

    let (status, headers, bytes) = house.get("tom", address).await;
    assert_eq!((status, &bytes[..]), (StatusCode::OK, PDF));
    assert_eq!(text(&headers, header::CONTENT_TYPE), "application/pdf", "by content: the browser said it was a picture");
    assert!(text(&headers, header::CONTENT_DISPOSITION).starts_with("attachment; "));
    assert_eq!(text(&headers, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert!(text(&headers, header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none'"));

    let (status, headers, bytes) = house.ask("tom", Request::get(address).header(header::RANGE, "bytes=1-3"), Vec::new()).await;
    assert_eq!((status, &bytes[..]), (StatusCode::PARTIAL_CONTENT, &b"PDF"[..]));
    assert_eq!(text(&headers, header::CONTENT_RANGE), format!("bytes 1-3/{}", PDF.len()));
    let (status, ..) = house.ask("tom", Request::get(address).header(header::RANGE, "bytes=900-"), Vec::new()).await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    let known = text(&headers, header::ETAG).to_owned();
    let (status, ..) = house.ask("tom", Request::get(address).header(header::IF_NONE_MATCH, known), Vec::new()).await;
    assert_eq!(status, StatusCode::NOT_MODIFIED);

    for person in ["", "ada", "elin"] {
        for address in [address.clone(), format!("{address}/view")] {
            assert_eq!(house.get(person, &address).await.0, StatusCode::NOT_FOUND, "{person} at {address}: it is a draft's");
        }
    }
}

#[tokio::test]
async fn a_text_is_shown_in_a_sandbox_of_its_own() {
    let house = House::filled().await;
    house.post("tom", &[("notes.txt", "<script>alert(1)</script> is only text".as_bytes())]).await;
    let address = house.listed().await.pop().unwrap();
    let (_, headers, _) = house.get("tom", &format!("{address}?inline")).await;
    assert_eq!(text(&headers, header::CONTENT_TYPE), "text/plain; charset=utf-8");
    assert!(text(&headers, header::CONTENT_SECURITY_POLICY).ends_with("sandbox"));
    assert!(text(&headers, header::CONTENT_DISPOSITION).starts_with("inline; "));
}

#[tokio::test]
async fn what_is_not_taken_comes_back_with_the_sentence_and_what_was_typed() {
    let house = House::filled().await;
    let before = house.listed().await.len();
    let long = vec![b'a'; 21 * 1024 * 1024];
    let cases: &[(&str, &[u8], &str)] = &[
        ("plan.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0", "cannot be attached"),
        ("plan.png", PDF, "ends in .pdf"),
        ("plan.txt", &long, "longer than 20"),
        ("plan.txt", b"", "is empty"),
        ("", b"", "Choose a file"),
    ];
    for (name, bytes, sentence) in cases {
        let (status, _, page) = house.post("tom", &[(name, bytes)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        assert!(page.contains(sentence), "{sentence} is not in the page");
        assert!(page.contains("value=\"Plan of the branches\""), "{sentence}: the title is kept");
    }
    let (status, _, _) = house.post("tom", &[("a.pdf", PDF), ("b.exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.listed().await.len(), before + 1, "the first of the two is attached, nothing else");
    assert_eq!(house.post("ada", &[("a.pdf", PDF)]).await.0, StatusCode::NOT_FOUND);
    assert_eq!(house.post("", &[("a.pdf", PDF)]).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_form_that_is_cut_off_is_refused_and_leaves_nothing() {
    let house = House::filled().await;
    let before = house.listed().await.len();
    for body in ["", "--cut\r\n", "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhalf a fi"] {
        let request = Request::post(format!("/challenges/{}/files", house.town.challenge("library")))
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        let (status, ..) = house.ask("tom", request, body.into()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    assert_eq!(house.listed().await.len(), before);
}
