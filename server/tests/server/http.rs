use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use tower::ServiceExt;
use workflow::Chance;

use crate::support::command;

fn pages() -> Router {
    let broken = get(|| async {
        if std::hint::black_box(true) {
            panic!("broken")
        }
    });
    server::http::around(Router::new().route("/", get(|| async { "home" })).route("/broken", broken), Chance::seeded(1))
}

async fn ask(path: &str, id: Option<&str>) -> axum::response::Response {
    let mut request = Request::builder().uri(path);
    if let Some(id) = id {
        request = request.header("x-request-id", id);
    }
    pages().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_only_a_plain_one_is_believed() {
    let id = |response: axum::response::Response| response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(id(ask("/", Some("gate-7.a_B")).await), "gate-7.a_B");
    for bad in [None, Some("two words"), Some("a=\"b\""), Some(""), Some(&*"x".repeat(65))] {
        let made = id(ask("/", bad).await);
        assert_eq!(made.len(), 13, "{bad:?}");
    }
}

#[tokio::test]
async fn a_handler_that_panics_is_a_page_with_the_number_that_the_log_has() {
    let response = ask("/broken", Some("incident-1")).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    let page = String::from_utf8(body.to_vec()).unwrap();
    assert!(page.contains("incident-1") && !page.contains("broken"), "{page}");
}

/// Starts the program, asks it over the wire, ends it as a service manager does.
#[test]
fn the_server_is_ready_keeps_queries_out_of_its_log_and_ends_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = command(folder.path(), &["serve", "--addr", "127.0.0.1:0", "--log", "json"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap());
    let (mut said, mut addr) = (String::new(), None);
    while addr.is_none() {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "it ended: {said}");
        let json: Option<serde_json::Value> = serde_json::from_str(&line).ok();
        addr = json.and_then(|json| json["addr"].as_str().map(str::to_owned));
        said.push_str(&line);
    }
    let addr = addr.unwrap();
    let get = |path: &str| {
        let mut stream = TcpStream::connect(&addr).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(get("/healthz").starts_with("HTTP/1.1 200"));
    // The index of a fresh installation is made in a moment.
    let ready = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        get("/readyz").contains("\"ready\":true")
    });
    assert!(ready, "{}", get("/readyz"));
    get("/somewhere?token=very-secret");
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
    log.read_to_string(&mut said).unwrap();
    assert!(server.wait().unwrap().success());
    assert!(said.contains("/somewhere") && !said.contains("very-secret"), "{said}");
    assert!(said.contains("master key was made"), "{said}");
    assert!(said.trim_end().ends_with('}'), "the log's last line is JSON too");
}
