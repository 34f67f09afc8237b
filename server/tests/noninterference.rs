//! Hidden content changes no byte that others can fetch: two worlds that differ in nothing but what a supplier wrote, or in
//! who answered, are walked door by door as everybody else, and every answer is equal.
//!
//! Both worlds have the same seed, so the same ids, keys and sessions. Only instants are taken out before comparing: the two
//! are filled one after the other.

#[path = "../../crates/workflow/tests/office/mod.rs"]
mod office;

use std::collections::BTreeMap;

use app::{AppOptions, DOORS};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use domain::challenge::{Section, Stage};
use domain::form::Fields;
use domain::ids::{ChallengeId, ResponseId};
use domain::organisation::Actor;
use domain::response::{Field, form};
use leptos::config::LeptosOptions;
use office::{Office, Told, fields};
use store::testing::Throwaway;
use tower::ServiceExt;
use workflow::town::{self, Town};
use workflow::{Chance, Desk, DeskOptions, Passwords, account, challenge, evaluation, response, sealing::Keyring};

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

/// The reader's own id, by which a browser that several use keeps apart what is whose: like every id it is another in each world.
fn without_reader(text: &str) -> String {
    let own = text.split("data-person=\"").nth(1).and_then(|rest| rest.split('"').next()).filter(|id| id.len() == 13);
    own.map_or_else(|| text.to_owned(), |id| text.replace(id, "⚿"))
}

/// How many bytes a distance in time takes at the beginning of a text: a number and its unit.
fn distance(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix([' ', '\u{a0}']).filter(|_| digits > 0)?;
    // Days of other things (how long a price is valid) are no instants.
    let unit = ["minutes", "minute", "hours", "hour", "days ago", "day ago", "days left", "day left"];
    let unit = unit.into_iter().find(|unit| rest.starts_with(unit))?;
    Some(text.len() - rest.len() + unit.len())
}

/// Dates of RFC 3339, times of the day, and how long ago or ahead something is.
fn without_instants(text: &str) -> String {
    let text = &without_reader(text);
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let digits = |from: usize, n: usize| bytes.get(from..from + n).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let mut at = 0;
    while at < bytes.len() {
        // 2026-11-24T16:05:22.123456Z
        if digits(at, 4) && bytes.get(at + 4) == Some(&b'-') && digits(at + 5, 2) && bytes.get(at + 10) == Some(&b'T') {
            at += bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || b"-T:.Z+".contains(byte)).count();
            out.push('⏲');
        // 20261124T160522Z, of a calendar
        } else if digits(at, 8) && bytes.get(at + 8) == Some(&b'T') && digits(at + 9, 6) {
            at += 15;
            out.push('⏲');
        // 16:05
        } else if digits(at, 2) && bytes.get(at + 2) == Some(&b':') && digits(at + 3, 2) {
            at += 5;
            out.push('⏲');
        // 18 hours left: one of two walks may begin before the full hour and the other after it
        } else if let Some(length) = distance(&text[at..]).filter(|_| !out.ends_with(|before: char| before.is_alphanumeric())) {
            at += length;
            out.push('⏲');
        } else {
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&text[at..at + length]);
            at += length;
        }
    }
    out
}

/// What each of these is answered at each of these addresses: status, headers and body, without instants.
async fn each_reads(
    router: &Router,
    cookies: &[(&'static str, String)],
    paths: impl IntoIterator<Item = String>,
) -> BTreeMap<String, String> {
    let mut seen = BTreeMap::new();
    for path in paths {
        for (role, cookie) in cookies {
            let request = Request::builder().uri(&path).header(header::COOKIE, cookie.as_str()).body(Body::empty()).unwrap();
            let mut answer = router.clone().oneshot(request).await.unwrap();
            // A digest of the body, which has instants in it.
            answer.headers_mut().remove(header::ETAG);
            let head = format!("{} {:?}", answer.status(), answer.headers());
            let body = axum::body::to_bytes(answer.into_body(), 20_000_000).await.unwrap();
            let text = String::from_utf8_lossy(&body);
            seen.insert(format!("{role} at {path}"), without_instants(&format!("{head}\n{text}")));
        }
    }
    seen
}

fn compare(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    assert_eq!(one.len(), other.len());
    for (place, answer) in one {
        let theirs = &other[place];
        // The record of an opening is signed over instants, and over the record as it stood there: no two worlds have the same.
        let signed = |text: &str| text.contains("Hash of the record") || text.contains("\"signature\"");
        if answer == theirs || place.contains("/opening") && signed(answer) && signed(theirs) {
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

/// The panel of a round that has a recusal in it, up to the closed record. `words` and `points` are of the response that is
/// hidden from the recused member; `more`: it is talked about once more.
struct Panel<'a> {
    world: &'a World,
    challenge: ChallengeId,
    hidden: ResponseId,
    words: &'a str,
    points: u8,
    /// The recused member's session: from before the worlds differ, so that it is the same in both.
    cookie: String,
}

const RECUSED: &str = "yusuf";
const MEMBERS: [&str; 3] = ["ingrid", "marcus", RECUSED];

impl<'a> Panel<'a> {
    async fn new(world: &'a World, words: &'a str, points: u8) -> Self {
        let challenge = world.town.challenge("potholes");
        let hidden = world.town.response("potholes", "fernway");
        let person = world.town.people.iter().find(|known| known.key == RECUSED).unwrap();
        let secret = account::sign_in(&world.desk, &person.email, person.password, "test").await.unwrap();
        Self { world, challenge, hidden, words, points, cookie: format!("wp_session={}", secret.0) }
    }

    fn says(&self, response: ResponseId, points: u8) -> Fields {
        let (points, reason) = if response == self.hidden {
            (self.points, format!("{} {}", self.words, self.words))
        } else {
            (points, "It names the streets, and who repairs them.".to_owned())
        };
        [("points", points.to_string()), ("reason", reason), ("seen", "0".to_owned())].into_iter().collect()
    }

    /// Everybody scores what is missing and locks.
    async fn scores(&self) {
        let desk = &self.world.desk;
        for person in MEMBERS {
            let actor = self.world.town.actor(person);
            let Ok(room) = evaluation::read_scoring_room(desk, &actor, self.challenge).await else { continue };
            if room.locked {
                continue;
            }
            for (response, criterion) in room.way.cells().to_vec() {
                let mut fields = self.says(response, 3);
                match room.scores.get(&(response, criterion)) {
                    Some(score) if response == self.hidden => fields.set("seen", score.row_version.to_string()),
                    Some(_) => continue,
                    None => {}
                }
                evaluation::score_response(desk, &actor, self.challenge, response, criterion, &fields).await.unwrap();
            }
            evaluation::lock_scores(desk, &actor, self.challenge).await.unwrap();
        }
    }

    /// What is hidden is revised, minuted and dissented from; the rest in both worlds alike.
    async fn discusses(&self) {
        let (desk, chair, marcus) = (&self.world.desk, self.world.town.actor("ingrid"), self.world.town.actor("marcus"));
        let found = evaluation::read_moderation(desk, &chair, self.challenge).await.unwrap();
        let keys: Vec<_> = found.items.iter().map(|item| (item.response, item.criterion)).collect();
        let mut keys: Vec<_> = keys.into_iter().filter(|(response, _)| *response == self.hidden).collect();
        keys.sort();
        let (response, criterion) = keys[0];
        let mut revised = self.says(response, 0);
        revised.set("seen", "1");
        evaluation::revise_score(desk, &marcus, self.challenge, response, criterion, &revised).await.unwrap();
        let note = |field: &str| [(field, self.words)].into_iter().collect::<Fields>();
        evaluation::record_minutes(desk, &chair, self.challenge, response, criterion, &note("minutes")).await.unwrap();
        evaluation::record_dissent(desk, &marcus, self.challenge, response, criterion, &note("dissent")).await.unwrap();
        let record = [("discussion", "We spoke of all of them.")].into_iter().collect::<Fields>();
        evaluation::propose_record(desk, &chair, self.challenge, &record).await.unwrap();
        for person in &MEMBERS[1..] {
            let member = self.world.town.actor(person);
            let seen = evaluation::read_moderation(desk, &member, self.challenge).await.unwrap().position;
            let seen = [("seen", seen.as_str())].into_iter().collect::<Fields>();
            evaluation::sign_record(desk, &member, self.challenge, &seen).await.unwrap();
        }
    }

    /// Once more: the others' approvals lapse by it, and the recused member's does not.
    async fn talks_again(&self) {
        let chair = self.world.town.actor("ingrid");
        let found = evaluation::read_moderation(&self.world.desk, &chair, self.challenge).await.unwrap();
        let criterion = found.items.iter().find(|item| item.response == self.hidden).unwrap().criterion;
        let note = [("minutes", "Once more.")].into_iter().collect::<Fields>();
        evaluation::record_minutes(&self.world.desk, &chair, self.challenge, self.hidden, criterion, &note).await.unwrap();
    }

    /// Every door with every response and criterion of the round in its address.
    async fn walk(&self) -> BTreeMap<String, String> {
        let world = self.world;
        let terms = world.desk.store.read().await.unwrap().challenge_row(self.challenge).await.unwrap().unwrap().terms();
        let criteria: Vec<String> = terms.unwrap().unwrap().leaves().map(|leaf| leaf.id().to_string()).collect();
        let of = world.town.responses().filter(|(key, _, _)| *key == "potholes");
        let responses: Vec<String> = of.map(|(_, _, id)| id.to_string()).collect();
        let mut paths = std::collections::BTreeSet::new();
        for door in DOORS.iter().filter(|door| door.method == "GET") {
            for response in &responses {
                for criterion in &criteria {
                    let id = if door.path.starts_with("/responses") { response.clone() } else { self.challenge.to_string() };
                    let path = door.path.replace("{id}", &id).replace("{response}", response).replace("{criterion}", criterion);
                    paths.insert(path.replace("{section}", "problem").replace("{n}", "1").replace("{enquiry}", response));
                }
            }
        }
        paths.insert(format!("/search?q={}", ONE));
        let mut seen = BTreeMap::new();
        for path in paths {
            let request = Request::builder().uri(&path).header(header::COOKIE, self.cookie.as_str()).body(Body::empty()).unwrap();
            let answer = world.router.clone().oneshot(request).await.unwrap();
            let head = format!("{} {:?}", answer.status(), answer.headers());
            let body = axum::body::to_bytes(answer.into_body(), 20_000_000).await.unwrap();
            seen.insert(path, without_instants(&format!("{head}\n{}", String::from_utf8_lossy(&body))));
        }
        seen
    }
}

/// A member who is recused from a response learns nothing of what the others make of it: not its scores, not that it is
/// talked about, not whose approval lapsed.
#[tokio::test]
async fn what_a_recusal_hides_changes_no_byte_that_the_recused_can_fetch() {
    let mut walks: Vec<Vec<BTreeMap<String, String>>> = Vec::new();
    for (words, points, more) in [(ONE, 5, false), (OTHER, 1, true)] {
        let world = world(store::testing::sqlite().await).await;
        let panel = Panel::new(&world, words, points).await;
        let mut stages = Vec::new();
        panel.scores().await;
        stages.push(panel.walk().await);
        panel.discusses().await;
        if more {
            panel.talks_again().await;
        }
        stages.push(panel.walk().await);
        let chair = world.town.actor("ingrid");
        let mut without = Fields::default();
        let found = evaluation::read_moderation(&world.desk, &chair, panel.challenge).await.unwrap();
        without.set("seen", &found.position);
        for member in found.members {
            without.set(format!("without-{}", member.seat), "Away since Monday.");
        }
        confirm(&world, panel.challenge).await;
        evaluation::approve_record(&world.desk, &chair, panel.challenge, &without).await.unwrap();
        stages.push(panel.walk().await);
        walks.push(stages);
    }
    for (stage, (one, other)) in walks[0].iter().zip(&walks[1]).enumerate() {
        assert!(one.len() > 60, "{} addresses", one.len());
        let read = one.iter().filter(|(path, answer)| path.contains("moderation") && answer.starts_with("200")).count();
        assert_eq!(read > 3, stage < 3, "the member reads the moderation of the others");
        compare(one, other);
    }
}

/// A small office whose challenge seals prices apart, with everybody signed in but the supplier whose price it is.
struct Priced {
    office: Office,
    router: Router,
    cookies: Vec<(&'static str, String)>,
}

/// Everybody who looks, signed in now: a session does not outlast the days until a deadline.
async fn signed_in(office: &Office) -> Vec<(&'static str, String)> {
    let mut cookies = vec![("visitor", String::new())];
    for (role, person) in [
        ("administrator", &office.administrator),
        ("owner", &office.owner),
        ("officer", &office.officer),
        ("approver", &office.approver),
        ("chair", &office.chair),
        ("evaluator", &office.evaluator),
        ("outsider", &office.outsider),
        ("another supplier", &office.brook.person),
    ] {
        let secret = account::sign_in(&office.desk, &person.email, office::PASSWORD, "test").await.done();
        cookies.push((role, format!("wp_session={}", secret.0)));
    }
    cookies
}

impl Priced {
    async fn new(price: &str) -> Self {
        let office = Office::with_draft(store::testing::sqlite().await).await;
        let (mut criteria, seen) = office.section(office.challenge, Section::Criteria).await;
        criteria.set("price_separate", "yes");
        let (desk, id) = (&office.desk, office.challenge);
        challenge::save_section(desk, &office.officer.actor, id, Section::Criteria, criteria, seen).await.done();
        office.publish(id).await;
        for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
            office.officer.appoints(id, person, role).await.done();
        }
        for (supplier, price) in [(&office.acme, price), (&office.brook, "60000")] {
            supplier.answers(id, price).await.done();
            supplier.saves(id, &fields(&[("price_valid", "90"), ("price_covers", "Machines and people.")])).await.done();
            supplier.submits(id).await.done();
        }
        let cookies = signed_in(&office).await;
        let leptos = LeptosOptions::builder().output_name("wellposed").site_root("site").site_pkg_dir("pkg").build();
        let router = app::router(AppOptions { desk: desk.clone(), leptos, secure: false, keeps_pages: true });
        Self { office, router, cookies }
    }

    /// Every door, about this challenge and about either response.
    async fn walk(&self) -> BTreeMap<String, String> {
        let (office, id) = (&self.office, self.office.challenge);
        workflow::follow::follow_once(&office.desk).await.unwrap();
        workflow::notice::tell_due(&office.desk).await.unwrap();
        let terms = office.desk.store.read().await.unwrap().challenge_row(id).await.unwrap().unwrap().terms().unwrap().unwrap();
        let criterion = terms.leaves().next().expect("a criterion").id().to_string();
        let mut paths = std::collections::BTreeSet::new();
        for supplier in [&office.acme, &office.brook] {
            let response = supplier.response(id).await.to_string();
            for door in DOORS.iter().filter(|door| door.method == "GET") {
                let of = match door.path {
                    path if path.starts_with("/responses") => response.clone(),
                    path if path.starts_with("/organisations") || path.starts_with("/suppliers") => {
                        supplier.organisation.to_string()
                    }
                    _ => id.to_string(),
                };
                let path = door.path.replace("{id}", &of).replace("{response}", &response).replace("{criterion}", &criterion);
                paths.insert(path.replace("{section}", "problem").replace("{n}", "1").replace("{enquiry}", &response));
            }
        }
        each_reads(&self.router, &self.cookies, paths).await
    }

    /// From the submissions to the opened prices; what everybody reads at each step.
    async fn steps(&mut self) -> Vec<(&'static str, BTreeMap<String, String>)> {
        let mut walks = vec![("submitted", self.walk().await)];
        self.office.pass_deadline().await;
        self.cookies = signed_in(&self.office).await;
        let (office, id) = (&self.office, self.office.challenge);
        walks.push(("closed", self.walk().await));
        office.officer.opens(id).await.done();
        walks.push(("answers opened", self.walk().await));
        for person in office.panel() {
            person.declares_nothing(id).await.done();
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
        }
        walks.push(("scored", self.walk().await));
        for person in office.panel() {
            person.locks(id).await.done();
        }
        walks.push(("moderation", self.walk().await));
        office.chair.approves_record(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Pricing);
        walks.push(("record closed", self.walk().await));
        office.officer.opens(id).await.done();
        walks.push(("prices opened", self.walk().await));
        walks
    }
}

/// A price that was published to be sealed apart changes no byte for anybody, the team and the panel included, at any step
/// before the prices are opened; from then on it is read.
#[tokio::test]
async fn a_price_sealed_apart_changes_no_byte_at_any_door_before_it_is_opened() {
    let (one, other) = (Priced::new("41000").await.steps().await, Priced::new("97531").await.steps().await);
    for ((step, one), (_, other)) in one.iter().zip(&other) {
        assert!(one.len() > 500, "{} addresses and roles", one.len());
        if *step == "prices opened" {
            let differing = one.iter().filter(|(place, answer)| other[*place] != **answer).count();
            assert!(differing > 0, "the walk sees the prices once they are opened");
        } else {
            eprintln!("{step}");
            compare(one, other);
        }
    }
}

impl World {
    async fn signs_in(&self, key: &str) -> String {
        let person = self.town.people.iter().find(|known| known.key == key).unwrap();
        let secret = account::sign_in(&self.desk, &person.email, person.password, "test").await.unwrap();
        format!("wp_session={}", secret.0)
    }

    /// Gives or changes all scores of a seat.
    async fn scores(&self, person: &str, points: &str, words: &str) {
        let actor = self.town.actor(person);
        let room = evaluation::read_scoring_room(&self.desk, &actor, self.challenge).await.unwrap();
        for cell in room.way.cells() {
            let seen = room.scores.get(cell).map_or(0, |score| score.row_version).to_string();
            let fields: Fields =
                [("points", points), ("reason", words), ("next_point", words), ("seen", seen.as_str())].into_iter().collect();
            evaluation::score_response(&self.desk, &actor, self.challenge, cell.0, cell.1, &fields).await.unwrap();
        }
    }

    /// Addresses of every door, with every response of the round and some of its criteria.
    async fn addresses(&self) -> std::collections::BTreeSet<String> {
        let of = self.town.responses().filter(|(key, _, _)| *key == "potholes");
        let responses: Vec<String> = of.map(|(_, _, id)| id.to_string()).collect();
        let row = self.desk.store.read().await.unwrap().challenge_row(self.challenge).await.unwrap().unwrap();
        let terms = row.terms().unwrap().unwrap();
        let criteria: Vec<String> = terms.leaves().map(|leaf| leaf.id().to_string()).take(2).collect();
        let mut paths: std::collections::BTreeSet<String> = ["/search?q=water".to_owned()].into();
        for door in DOORS.iter().filter(|door| door.method == "GET") {
            for response in &responses {
                for criterion in &criteria {
                    let id = if door.path.starts_with("/responses") { response.clone() } else { self.challenge.to_string() };
                    let path = door.path.replace("{id}", &id).replace("{response}", response).replace("{criterion}", criterion);
                    paths.insert(path.replace("{section}", "problem").replace("{n}", "1").replace("{enquiry}", response));
                }
            }
        }
        paths
    }

    async fn fetch(&self, path: &str, cookie: &str) -> String {
        let request = Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        let mut answer = self.router.clone().oneshot(request).await.unwrap();
        answer.headers_mut().remove(header::ETAG);
        let head = format!("{} {:?}", answer.status(), answer.headers());
        let body = axum::body::to_bytes(answer.into_body(), 20_000_000).await.unwrap();
        without_instants(&format!("{head}\n{}", String::from_utf8_lossy(&body)))
    }
}

/// Nobody sees others' scores, averages, orders or counts before moderation, and from then on the panel and the team alone: two
/// worlds that differ in nothing but the points and reasons of one evaluator are walked by everybody else, at every stage. The
/// stage after the declarations is the scoring before the first score: the worlds are the same then.
#[tokio::test]
async fn no_door_shows_a_score_early() {
    const TOLD: [&str; 4] = ["officer", "approver", "owner", "chair"];
    let mut walks = Vec::new();
    for (points, words) in [("5", ONE), ("0", OTHER)] {
        let mut world = world(store::testing::sqlite().await).await;
        world.challenge = world.town.challenge("potholes");
        let chair = world.town.actor("ingrid");
        let own = world.signs_in("marcus").await;
        let mut others: Vec<(String, String)> = Vec::new();
        for (role, cookie) in world.cookies.iter().filter(|(role, _)| **role != "evaluator") {
            others.push(((*role).to_owned(), cookie.clone()));
        }
        others.push(("another evaluator".into(), world.signs_in("yusuf").await));
        others.push(("a supplier that is scored".into(), world.signs_in("ada").await));
        world.scores("marcus", points, words).await;
        let paths = world.addresses().await;
        let mut seen = BTreeMap::new();
        for stage in ["scoring", "locked", "moderation", "closed"] {
            let before_moderation = matches!(stage, "scoring" | "locked");
            match stage {
                "scoring" => {}
                "locked" => evaluation::lock_scores(&world.desk, &world.town.actor("marcus"), world.challenge).await.unwrap(),
                "moderation" => {
                    for person in ["ingrid", "yusuf"] {
                        let actor = world.town.actor(person);
                        let room = evaluation::read_scoring_room(&world.desk, &actor, world.challenge).await.unwrap();
                        if !room.locked {
                            world.scores(person, "3", "It names the streets, and who repairs them.").await;
                            evaluation::lock_scores(&world.desk, &actor, world.challenge).await.unwrap();
                        }
                    }
                }
                _ => {
                    let record: Fields = [("discussion", "We spoke of all of them.")].into_iter().collect();
                    evaluation::propose_record(&world.desk, &chair, world.challenge, &record).await.unwrap();
                    let mut without = Fields::default();
                    let found = evaluation::read_moderation(&world.desk, &chair, world.challenge).await.unwrap();
                    without.set("seen", &found.position);
                    found.members.iter().for_each(|member| without.set(format!("without-{}", member.seat), "Away since Monday."));
                    confirm(&world, world.challenge).await;
                    evaluation::approve_record(&world.desk, &chair, world.challenge, &without).await.unwrap();
                }
            }
            workflow::follow::follow_once(&world.desk).await.unwrap();
            workflow::notice::tell_due(&world.desk).await.unwrap();
            if before_moderation {
                let mut read = 0;
                for path in paths.iter().filter(|path| path.contains("/scoring") || path.contains("/across")) {
                    read += usize::from(world.fetch(path, &own).await.contains(words));
                }
                assert!(read > 2, "{stage}: its owner reads it on {read} pages");
            }
            for (role, cookie) in &others {
                // From moderation on these may know.
                if !before_moderation && (TOLD.contains(&role.as_str()) || role == "another evaluator") {
                    continue;
                }
                for path in &paths {
                    let page = world.fetch(path, cookie).await;
                    assert!(!page.contains(words), "{stage}: {role} reads it at {path}");
                    seen.insert(format!("{stage}: {role} at {path}"), page);
                }
            }
            assert_eq!(without_instants("18 hours left, of 3"), "⏲ left, of 3");
            assert_eq!(without_instants("16 days ago, valid for 90 days"), "⏲, valid for 90 days");
        }
        assert!(seen.len() > 2_000, "{} pages", seen.len());
        walks.push(seen);
    }
    compare(&walks[0], &walks[1]);
}

/// The second person behind a record that nobody but the chair approves.
async fn confirm(world: &World, id: ChallengeId) {
    let tom = world.town.actor("tom");
    let seen = evaluation::read_moderation(&world.desk, &tom, id).await.unwrap().position;
    let form = fields(&[("seen", &seen), ("confirm_reason", "All the others are away since Monday.")]);
    evaluation::confirm_record(&world.desk, &tom, id, &form).await.unwrap();
}

#[test]
fn only_instants_are_taken_out() {
    assert_eq!(without_instants("a 2026-11-24T16:05:22.123456Z b"), "a ⏲ b");
    assert_eq!(without_instants("DTSTAMP:20261126T161603Z"), "DTSTAMP:⏲Z");
    assert_eq!(without_instants("at 16:05, 3 responses – é"), "at ⏲, 3 responses – é");
}

/// Two rounds, and who goes on to the second: three have answered beside one that is out in either world.
struct Rounds {
    office: Office,
    router: Router,
    cookies: Vec<(&'static str, String)>,
    responses: Vec<ResponseId>,
}

impl Rounds {
    /// Up to the approved cut. `points`: of the three; the fourth, who is out, gets 0 in either world.
    async fn new(points: [u8; 3]) -> (Self, Vec<office::Supplier>) {
        let office = Office::with_draft(store::testing::sqlite().await).await;
        let (id, day) = (office.challenge, office.day(30));
        let planned = fields(&[
            ("round-1-kind", "interview"),
            ("round-1-places", "2"),
            ("round-1-date", day.as_str()),
            ("round-1-questions", "What went wrong so far?"),
            ("round-1-criteria", "Effect in use 42\nPeople 28"),
            ("round-1-carried", "Written answers 30"),
        ]);
        challenge::save_section(&office.desk, &office.officer.actor, id, Section::Rounds, planned, 0).await.done();
        office.publish(id).await;
        office.officer.appoints(id, &office.chair, "chair").await.done();
        let mut suppliers = vec![office.acme.clone()];
        for name in ["Cedar", "Dune"] {
            suppliers.push(office::Supplier::arrives(&office.desk, name).await);
        }
        // Out: the one whose session walks.
        suppliers.push(office.brook.clone());
        let mut responses = Vec::new();
        for supplier in &suppliers {
            supplier.answers(id, "90000").await.done();
            supplier.submits(id).await.done();
            responses.push(supplier.response(id).await);
        }
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        office.chair.declares_nothing(id).await.done();
        let given: Vec<(&office::Supplier, u8)> = suppliers.iter().zip(points.into_iter().chain([0])).collect();
        office.chair.scores_all(id, &given).await;
        office.chair.locks(id).await.done();
        office.chair.approves_record(id).await.done();
        let day = office.day(25);
        let mut form = fields(&[("kind", "shortlist"), ("reason", "As published."), ("round_date", &day)]);
        for response in &responses {
            form.set(format!("reason-{response}"), "As it is.");
        }
        form.set("seen", office.officer.mark(id).await);
        workflow::award::recommend_decision(&office.desk, &office.officer.actor, id, &form).await.done();
        office.approver.approves_decision(id).await.done();
        let outside = ["visitor", "administrator", "outsider", "another supplier"];
        let cookies = signed_in(&office).await.into_iter().filter(|(role, _)| outside.contains(role)).collect();
        let leptos = LeptosOptions::builder().output_name("wellposed").site_root("site").site_pkg_dir("pkg").build();
        let router = app::router(AppOptions { desk: office.desk.clone(), leptos, secure: false, keeps_pages: true });
        (Self { office, router, cookies, responses }, suppliers)
    }

    /// Every door about the challenge, either round of it, and each response.
    async fn walk(&self) -> BTreeMap<String, String> {
        let (office, id) = (&self.office, self.office.challenge);
        workflow::follow::follow_once(&office.desk).await.unwrap();
        workflow::notice::tell_due(&office.desk).await.unwrap();
        let mut paths = std::collections::BTreeSet::new();
        for response in &self.responses {
            let response = response.to_string();
            for door in DOORS.iter().filter(|door| door.method == "GET") {
                let of = if door.path.starts_with("/responses") { response.clone() } else { id.to_string() };
                let path = door.path.replace("{id}", &of).replace("{response}", &response).replace("{criterion}", &response);
                let path = path.replace("{section}", "problem").replace("{n}", "1").replace("{enquiry}", &response);
                for round in
                    ["1", "2"].iter().filter(|_| door.path.starts_with("/challenges/{id}") || door.path.contains("letter"))
                {
                    paths.insert(format!("{path}?round={round}"));
                }
                paths.insert(path);
            }
        }
        each_reads(&self.router, &self.cookies, paths).await
    }
}

/// Who goes on, what they write in the second round, and until when: nobody learns of it but the team and each of them itself,
/// not even who answered in the first round and is out.
#[tokio::test]
async fn a_later_round_changes_no_byte_for_who_has_no_part_in_it() {
    let mut worlds = Vec::new();
    for (points, words, extended) in [([5, 4, 1], ONE, false), ([5, 1, 4], OTHER, true)] {
        let (world, suppliers) = Rounds::new(points).await;
        let (office, id) = (&world.office, world.office.challenge);
        let mut walks = vec![("cut", world.walk().await)];
        let inside = [&suppliers[0], if points[1] > points[2] { &suppliers[1] } else { &suppliers[2] }];
        for supplier in inside {
            supplier.answers_with(id, words, "").await.done();
            supplier.submits(id).await.done();
        }
        let before = inside[0].own(id).await.done().terms.deadline;
        if extended {
            let (date, time) = domain::moment::local_fields(before.plus(2 * domain::moment::DAY), "UTC");
            let form = fields(&[("deadline_date", &date), ("deadline_time", &time), ("reason", words)]);
            let proposal = workflow::rounds::extend_round(&office.desk, &office.officer.actor, id, &form).await.done();
            workflow::rounds::approve_round_extension(&office.desk, &office.approver.actor, id, proposal).await.done();
        }
        office.officer.appoints(id, &office.second, "chair").await.done();
        walks.push(("answered", world.walk().await));
        office.wait_until(before.plus(3 * domain::moment::DAY)).await;
        walks.push(("closed", world.walk().await));
        office.officer.opens(id).await.done();
        office.second.declares_nothing(id).await.done();
        let given: Vec<(&office::Supplier, u8)> = inside.into_iter().zip(points).collect();
        office.second.scores_all(id, &given).await;
        walks.push(("scored", world.walk().await));
        let of_team = world.office.officer.lists(id).await.done().responses.len();
        assert_eq!(of_team, 2, "the team sees who goes on");
        worlds.push(walks);
    }
    for ((step, one), (_, other)) in worlds[0].iter().zip(&worlds[1]) {
        eprintln!("{step}: {} addresses and roles", one.len());
        assert!(one.len() > 500);
        compare(one, other);
    }
}

/// Files that lie ready for the answer to a clarification are nobody's but the supplier's until it is sent: two worlds that differ
/// in what one is called and says are walked by everybody else, the officer who asked and the panel included.
#[tokio::test]
async fn a_file_for_a_clarification_changes_no_byte_before_it_is_sent() {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for words in [ONE, OTHER] {
        let mut world = world(store::testing::sqlite().await).await;
        world.challenge = world.town.challenge("pumps");
        let response = world.town.response("pumps", "tideline");
        let (desk, officer, writer) = (&world.desk, world.town.actor("piotr"), world.town.actor("theo"));
        let found = workflow::check::read_check(desk, &officer, world.challenge).await.unwrap();
        let subject = domain::check::CheckSubject::Requirement(found.terms.requirements.last().unwrap().id);
        let seen = found.mark(response, Some(subject));
        let (date, time) = domain::moment::local_fields(desk.store.now().plus(9 * domain::moment::DAY), &found.terms.zone);
        let mut form: Fields = [("kind", "clarify"), ("reason", "How?"), ("field-files", "yes")].into_iter().collect();
        form.set("subject", subject.to_string());
        form.set("seen", seen);
        form.set("deadline_date", date);
        form.set("deadline_time", time);
        workflow::check::check_response(desk, &officer, world.challenge, response, &form).await.unwrap();
        let asked = workflow::check::read_clarifications(desk, &writer, response).await.unwrap();
        let asked = asked.asked.iter().rfind(|asked| asked.subject == subject).unwrap().id;
        let mut cookies: Vec<(&'static str, String)> = world.cookies.clone().into_iter().collect();
        for person in ["piotr", "joan", "grace", "yusuf", "sofia"] {
            cookies.push((person, world.signs_in(person).await));
        }
        let bytes = axum::body::Bytes::from(format!("%PDF-1.7\n{words}\n"));
        let stream = futures::stream::iter([Ok::<_, std::convert::Infallible>(bytes)]);
        let (to, name) = ((asked, domain::check::FILES), format!("{words}.pdf"));
        let made = workflow::check::add_clarification_file(desk, &writer, response, to, &name, stream).await.unwrap();
        let of = world.town.responses().filter(|(key, _, _)| *key == "pumps");
        let responses: Vec<String> = of.map(|(_, _, id)| id.to_string()).collect();
        let mut paths = std::collections::BTreeSet::from([format!("/search?q={ONE}")]);
        for door in DOORS.iter().filter(|door| door.method == "GET") {
            for one in &responses {
                let id = if door.path.starts_with("/responses") { one.clone() } else { world.challenge.to_string() };
                let path = door.path.replace("{id}", &id).replace("{response}", one).replace("{file}", &made.id.to_string());
                let path = path.replace("{asked}", &domain::ids::to_text(asked)).replace("{field}", domain::check::FILES);
                paths.insert(path.replace("{section}", "problem").replace("{n}", "1"));
            }
        }
        before.push(each_reads(&world.router, &cookies, paths.iter().cloned()).await);
        let answer = [("asked", domain::ids::to_text(asked))].into_iter().collect();
        workflow::check::answer_clarification(desk, &writer, response, asked, desk.store.now(), &answer).await.unwrap();
        after.push(each_reads(&world.router, &cookies, paths).await);
    }
    assert!(before[0].len() > 1_000, "{} addresses and roles", before[0].len());
    compare(&before[0], &before[1]);
    let told = after[0].iter().filter(|(place, answer)| after[1][*place] != **answer).count();
    assert!(told > 0, "the walk sees the file once it is sent");
}
