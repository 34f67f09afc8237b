//! Hidden content changes no byte that others can fetch: two worlds that differ in nothing but what a supplier wrote, or in
//! who answered, are walked door by door as everybody else, and every answer is equal.
//!
//! Both worlds have the same seed, so the same ids, keys and sessions. Only instants are taken out before comparing: the two
//! are filled one after the other.

use std::collections::BTreeMap;

use app::{AppOptions, DOORS};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use domain::challenge::Stage;
use domain::ids::ChallengeId;
use domain::organisation::Actor;
use domain::response::{Field, form};
use leptos::config::LeptosOptions;
use store::testing::Throwaway;
use tower::ServiceExt;
use workflow::town::{self, Town};
use workflow::{Chance, Desk, DeskOptions, Passwords, account, response, sealing::Keyring};

/// Everybody but the two suppliers of the worlds.
const OTHERS: &[(&str, &str)] = &[
    ("visitor", ""),
    ("administrator", "ruth"),
    ("officer", "tom"),
    ("approver", "margaret"),
    ("owner", "hanna"),
    ("officer of another buyer", "elin"),
    ("chair", "ingrid"),
    ("evaluator", "marcus"),
    ("evaluator of another panel", "grace"),
    ("a third supplier", "leo"),
];

struct World {
    desk: Desk,
    town: Town,
    router: Router,
    challenge: ChallengeId,
    cookies: BTreeMap<&'static str, String>,
    _site: tempfile::TempDir,
    _throwaway: Throwaway,
}

/// The town, with everybody signed in: what is drawn from chance later differs between worlds in which somebody else answers.
async fn world(throwaway: Throwaway) -> World {
    let chance = Chance::seeded(7);
    let desk = Desk::open(DeskOptions {
        store: throwaway.store.clone(),
        index: search::Index::in_memory().unwrap(),
        files: files::Files::open(&files::Place::Memory, None, 20 * 1024 * 1024).unwrap(),
        passwords: Passwords::cheap(&chance),
        keys: Keyring::from_hex(&Keyring::generate(&chance)).unwrap(),
        chance,
        base_url: "http://house.example".into(),
        kind: "test",
    })
    .await
    .unwrap();
    let town = town::fill(&desk, |_, _| {}).await.unwrap();
    // One that neither of the two has begun: what the worlds add is all that they have of it. With the officer who walks.
    let free = |key: &str| !town.responses().any(|(of, by, _)| of == key && ["hedgerow", "causeway"].contains(&by));
    let mut open: Vec<_> = town.challenges().filter(|(key, _, stage)| *stage == Stage::Open && free(key)).collect();
    open.sort_by_key(|(key, _, _)| !["library", "bins", "potholes", "crossings", "permits"].contains(key));
    let challenge = open.first().expect("an open challenge that neither has begun").1;
    let mut cookies = BTreeMap::new();
    for (role, person) in OTHERS {
        let cookie = match town.people.iter().find(|known| known.key == *person) {
            Some(person) => {
                let secret = account::sign_in(&desk, &person.email, person.password, "test").await.unwrap();
                format!("wp_session={}", secret.0)
            }
            None => String::new(),
        };
        cookies.insert(*role, cookie);
    }
    let site = tempfile::tempdir().unwrap();
    let leptos = LeptosOptions::builder().output_name("wellposed").site_root("site").site_pkg_dir("pkg").build();
    let router = app::router(AppOptions { desk: desk.clone(), leptos, secure: false, keeps_pages: true });
    World { desk, town, router, challenge, cookies, _site: site, _throwaway: throwaway }
}

impl World {
    /// A supplier answers with these words and submits.
    async fn answers(&self, person: &str, words: &str, price: &str) {
        let actor: Actor = self.town.actor(person);
        let own = response::start_response(&self.desk, &actor, self.challenge).await.unwrap();
        let read = response::read_own_response(&self.desk, &actor, own).await.unwrap();
        let mut fields = read.draft();
        for field in form(&read.terms) {
            let text = match field {
                Field::Price => price.to_owned(),
                Field::By(_) => "2027-06-30".to_owned(),
                Field::Promise(_) => format!("5 {words}"),
                _ => words.to_owned(),
            };
            fields.set(field.name(), text);
        }
        response::save_answer(&self.desk, &actor, own, &fields).await.unwrap();
        let read = response::read_own_response(&self.desk, &actor, own).await.unwrap();
        if read.missing.is_empty() {
            let now = self.desk.store.now();
            response::submit_response(&self.desk, &actor, own, now, None, "world").await.unwrap();
        }
    }

    /// What every door answers to everybody else: status, headers and body, without instants.
    async fn walk(&self, words: &str) -> BTreeMap<String, String> {
        workflow::follow::follow_once(&self.desk).await.unwrap();
        workflow::notice::tell_due(&self.desk).await.unwrap();
        let zeros = "0".repeat(13);
        let mut seen = BTreeMap::new();
        for door in DOORS.iter().filter(|door| door.method == "GET") {
            let path = match door.path {
                "/search" => format!("/search?q={words}"),
                "/suggest" => format!("/suggest?q={}", &words[..4]),
                path if path.starts_with("/challenges/{id}") => path.replace("{id}", &self.challenge.to_string()),
                path if path.starts_with("/organisations/{id}") => {
                    path.replace("{id}", &self.town.organisation("hedgerow").to_string())
                }
                path => path.replace("{id}", &zeros),
            };
            let path = path.replace("{section}", "problem").replace("{n}", "1");
            let path = ["{response}", "{criterion}", "{enquiry}"].iter().fold(path, |path, name| path.replace(name, &zeros));
            for (role, cookie) in &self.cookies {
                let request = Request::builder().uri(&path).header(header::COOKIE, cookie.as_str()).body(Body::empty()).unwrap();
                let mut answer = self.router.clone().oneshot(request).await.unwrap();
                // A digest of the body, which has instants in it.
                answer.headers_mut().remove(header::ETAG);
                let head = format!("{} {:?}", answer.status(), answer.headers());
                let body = axum::body::to_bytes(answer.into_body(), 20_000_000).await.unwrap();
                let text = String::from_utf8_lossy(&body);
                seen.insert(format!("{role} at {}", door.path), without_instants(&format!("{head}\n{text}")));
            }
        }
        seen
    }
}

/// Dates of RFC 3339, times of the day, and how long ago or ahead something is.
fn without_instants(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let digits = |from: usize, n: usize| bytes.get(from..from + n).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let mut at = 0;
    while at < bytes.len() {
        // 2026-11-24T16:05:22.123456Z
        if digits(at, 4) && bytes.get(at + 4) == Some(&b'-') && digits(at + 5, 2) && bytes.get(at + 10) == Some(&b'T') {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || b"-T:.Z+".contains(byte)).count();
            out.push('⏲');
        // 16:05
        } else if digits(at, 2) && bytes.get(at + 2) == Some(&b':') && digits(at + 3, 2) {
            at += 5;
            out.push('⏲');
        } else {
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&text[at..at + length]);
            at += length;
        }
    }
    out
}

fn compare(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    assert_eq!(one.len(), other.len());
    for (place, answer) in one {
        let theirs = &other[place];
        if answer == theirs {
            continue;
        }
        let at = answer.bytes().zip(theirs.bytes()).take_while(|(a, b)| a == b).count();
        let around = |text: &str| {
            let bytes = text.as_bytes();
            String::from_utf8_lossy(&bytes[at.saturating_sub(80).min(bytes.len())..(at + 120).min(bytes.len())]).into_owned()
        };
        panic!("{place} differs:\n{}\n--- and ---\n{}", around(answer), around(theirs));
    }
}

const ONE: &str = "quokkaquokka";
const OTHER: &str = "zebrazebras.";

#[tokio::test]
async fn hidden_content_changes_no_byte_at_any_door() {
    let mut walks = Vec::new();
    for (words, price) in [(ONE, "41000"), (OTHER, "97531")] {
        let world = world(store::testing::sqlite().await).await;
        world.answers("ada", words, price).await;
        // Searched for by the same words in both: one of them was written in this world, the other was not.
        walks.push(world.walk(ONE).await);
    }
    assert!(walks[0].len() > 300, "{} doors and roles", walks[0].len());
    compare(&walks[0], &walks[1]);
}

#[tokio::test]
async fn who_answered_changes_no_byte_at_any_door() {
    let mut walks = Vec::new();
    for person in ["ada", "olu", ""] {
        let world = world(store::testing::sqlite().await).await;
        if !person.is_empty() {
            world.answers(person, ONE, "41000").await;
        }
        walks.push(world.walk(ONE).await);
    }
    compare(&walks[0], &walks[1]);
    compare(&walks[0], &walks[2]);
}

#[test]
fn only_instants_are_taken_out() {
    assert_eq!(without_instants("a 2026-11-24T16:05:22.123456Z b"), "a ⏲ b");
    assert_eq!(without_instants("at 16:05, 3 responses – é"), "at ⏲, 3 responses – é");
}
