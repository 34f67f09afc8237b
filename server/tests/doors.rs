//! Every door of the house, walked by every role at several stages: what each gets is a file that people can read.
//!
//! A door that is missing from the file, or answers otherwise than it says, fails the test. Also here, because it walks the
//! same doors: no page says a sentence that is not in the catalogue, and what a supplier wrote is in no page but its own
//! before the opening.

use std::collections::BTreeMap;
use std::fmt::Write;

use app::{AppOptions, DOORS};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::organisation::Actor;
use leptos::config::LeptosOptions;
use tower::ServiceExt;
use workflow::town::{self, Town};
use workflow::{Chance, Desk, DeskOptions, Passwords, account, sealing::Keyring};

struct House {
    desk: Desk,
    town: Town,
    router: Router,
    _throwaway: store::testing::Throwaway,
    _site: tempfile::TempDir,
}

/// Who walks: a name for the file, and the person of the town.
const ROLES: &[(&str, &str)] = &[
    ("visitor", ""),
    ("administrator", "ruth"),
    ("officer", "tom"),
    ("approver", "margaret"),
    ("other buyer", "elin"),
    ("chair", "ingrid"),
    ("evaluator", "marcus"),
    ("recused", "yusuf"),
    ("evaluator of another panel", "grace"),
    ("supplier", "ada"),
    ("other supplier", "leo"),
    ("outsider", "outsider"),
];

async fn house() -> House {
    let throwaway = store::testing::sqlite().await;
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
    let mut town = town::fill(&desk, |_, _| {}).await.unwrap();
    let outsider =
        [("name", "Otto Outside"), ("email", "otto@outside.example"), ("password", town::PASSWORD)].into_iter().collect();
    account::add_user(&desk, &outsider, false).await.unwrap();
    town.people.push(town::Person {
        key: "outsider".into(),
        role: "Outsider".into(),
        name: "Otto Outside".into(),
        email: "otto@outside.example".into(),
        password: town::PASSWORD,
    });
    workflow::follow::follow_once(&desk).await.unwrap();
    let site = tempfile::tempdir().unwrap();
    let leptos = LeptosOptions::builder()
        .output_name("wellposed")
        .site_root(site.path().display().to_string())
        .site_pkg_dir("pkg")
        .build();
    let router = app::router(AppOptions { desk: desk.clone(), leptos, secure: false, keeps_pages: true });
    House { desk, town, router, _throwaway: throwaway, _site: site }
}

impl House {
    /// A fresh session, so that signing out at one door closes no other.
    async fn cookie(&self, person: &str) -> String {
        let Some(person) = self.town.people.iter().find(|known| known.key == person) else { return String::new() };
        let secret = account::sign_in(&self.desk, &person.email, person.password, "test").await.unwrap();
        format!("wp_session={}", secret.0)
    }

    async fn go(&self, method: &str, path: &str, cookie: &str, body: &str) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        (status, if location.is_empty() { text } else { location })
    }

    /// A door with a challenge of the town in its address, and a response to it by Hedgerow Analytics where there is one.
    async fn address(&self, path: &str, key: &str) -> String {
        let challenge = self.town.challenge(key);
        let mut conn = self.desk.store.read().await.unwrap();
        let row = conn.challenge_row(challenge).await.unwrap().unwrap();
        let (n, terms) = (row.n, row.terms().unwrap());
        let criterion = terms.as_ref().and_then(|terms| terms.leaves().next().map(|leaf| leaf.id().to_string()));
        let own = self.town.responses().find(|(of, by, _)| *of == key && *by == SUPPLIER).map(|(_, _, id)| id);
        let response = own.map_or_else(|| "0".repeat(13), |id| id.to_string());
        let submission = match own {
            Some(id) => conn.submissions(id).await.unwrap().first().map(|row| domain::ids::to_text(row.id)),
            None => None,
        };
        use domain::challenge::QuestionKind;
        let asked = |of: fn(&QuestionKind) -> bool| {
            terms.as_ref()?.questions.iter().find(|question| of(&question.kind)).map(|question| question.id)
        };
        let asks = asked(|kind| matches!(kind, QuestionKind::Files { .. }));
        let words = asked(|kind| matches!(kind, QuestionKind::LongText));
        let enclosed = match (own, row.round) {
            (Some(id), Some(round)) => conn.enclosures(id, domain::ids::RoundId(round)).await.unwrap().first().map(|row| row.id),
            _ => None,
        };
        let none = || "0".repeat(13);
        let sounding = conn.soundings_of(challenge).await.unwrap().first().map(|row| domain::ids::to_text(row.id));
        let reader = conn.readers_of(challenge).await.unwrap().first().map(|row| domain::ids::to_text(row.id));
        let file = conn.attached(challenge).await.unwrap().first().map(|row| domain::ids::to_text(row.id));
        let id = if path.starts_with("/files") {
            file.unwrap_or_else(|| "0".repeat(13))
        } else if path.starts_with("/soundings") {
            sounding.unwrap_or_else(none)
        } else if path.starts_with("/drafts") {
            reader.unwrap_or_else(none)
        } else if path.starts_with("/responses") {
            response.clone()
        } else if path.starts_with("/receipts") {
            submission.unwrap_or_else(|| "0".repeat(13))
        } else if path.starts_with("/organisations") || path.starts_with("/buyers") {
            self.town.organisation("city").to_string()
        } else if path.starts_with("/suppliers") {
            self.town.organisation("siltwatch").to_string()
        } else if path.starts_with("/solutions") || path.starts_with("/library") {
            conn.library(1, 0).await.unwrap().first().map_or_else(none, |row| domain::ids::to_text(row.id))
        } else {
            challenge.to_string()
        };
        path.replace("{id}", &id)
            .replace("{response}", &response)
            .replace("{criterion}", &criterion.unwrap_or_else(|| "0".repeat(13)))
            .replace("{section}", "problem")
            .replace(
                "{field}",
                &if path.contains("/reuse/") { words } else { asks }.map_or("price".into(), |id| format!("question-{id}")),
            )
            .replace("{file}", &domain::ids::to_text(enclosed.unwrap_or_default()))
            .replace("{enquiry}", &"0".repeat(13))
            .replace("{asked}", &"0".repeat(13))
            .replace("{n}", &n.unwrap_or(0).to_string())
    }
}

impl House {
    /// What the door says is what the policy says of the verbs that the door names.
    #[allow(clippy::too_many_arguments)]
    async fn agrees_with_policy(
        &self,
        door: &app::Door,
        key: &str,
        cookie: &str,
        role: &str,
        path: &str,
        status: StatusCode,
        body: &str,
    ) {
        use domain::policy::{self, Refusal};
        let actor = match account::signed_in(&self.desk, cookie.trim_start_matches("wp_session=")).await.unwrap() {
            Some(signed) => signed.actor,
            None => Actor::Visitor,
        };
        let mut conn = self.desk.store.read().await.unwrap();
        let facts = conn.challenge_facts(&actor, self.town.challenge(key), store::Lock::None).await.unwrap().unwrap();
        let response = match self.town.responses().find(|(of, by, _)| *of == key && *by == SUPPLIER) {
            Some((_, _, id)) => conn.response_facts(&actor, id, store::Lock::None).await.unwrap(),
            None => None,
        };
        let sounding = match conn.soundings_of(facts.challenge).await.unwrap().first() {
            Some(row) => conn.sounding_facts(&actor, row.id.into(), store::Lock::None).await.unwrap(),
            None => None,
        };
        let of_sounding = |decide: fn(&Actor, &policy::SoundingFacts) -> Result<(), policy::Refused>| match &sounding {
            Some(sounding) => decide(&actor, sounding).map_err(|refused| refused.why),
            None => Err(Refusal::Unseen),
        };
        let reader = match conn.readers_of(facts.challenge).await.unwrap().first() {
            Some(row) => conn.reader_facts(&actor, row.id.into(), store::Lock::None).await.unwrap(),
            None => None,
        };
        let of_response = |decide: fn(&Actor, &policy::ResponseFacts) -> Result<(), policy::Refused>| match &response {
            Some(response) => decide(&actor, response).map_err(|refused| refused.why),
            None => Err(Refusal::Unseen),
        };
        let mut refusal = None;
        for verb in door.verb.split(", ") {
            let said = match verb {
                "read_challenge" => policy::read_challenge(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_file" => policy::read_file(&actor, &facts, facts.round.is_some()).map(drop).map_err(|refused| refused.why),
                "read_draft" => policy::read_draft(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "edit_challenge" => policy::edit_challenge(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "cancel_challenge" => policy::cancel_challenge(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "list_opened_responses" => policy::list_opened_responses(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_opening" => policy::read_opening(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_check" => policy::read_check(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_panel" => policy::read_panel(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_scoring_room" => policy::read_scoring_room(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "score_response" => policy::score_response(&actor, &facts, false).map(drop).map_err(|refused| refused.why),
                "read_moderation" => policy::read_moderation(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "what_if" => policy::what_if(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_result" => policy::read_result(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "recommend_decision" => policy::recommend_decision(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_decision" => policy::read_decision(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_interviews" => policy::read_interviews(&actor, &facts, false).map(drop).map_err(|refused| refused.why),
                "read_rounds" => policy::read_rounds(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_amendment" => policy::read_amendment(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "begin_amendment" => policy::begin_amendment(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "ask_reopening" => policy::ask_reopening(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "read_sounding" => of_sounding(|actor, facts| policy::read_sounding(actor, facts).map(drop)),
                "answer_sounding" => of_sounding(|actor, facts| policy::answer_sounding(actor, facts).map(drop)),
                "read_invited_draft" => match &reader {
                    Some(reader) => policy::read_invited_draft(&actor, reader).map(drop).map_err(|refused| refused.why),
                    None => Err(Refusal::Unseen),
                },
                // The invitation in the address is nobody's.
                "accept_seat" => Err(Refusal::Unseen),
                "read_reach" => policy::read_reach(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "say_why_not" => policy::say_why_not(&actor, &facts).map(drop).map_err(|refused| refused.why),
                "answer_enquiry" => policy::answer_enquiry(&actor, &facts).map(drop).map_err(|refused| refused.why),
                // The enquiry in the address is nobody's.
                "read_own_enquiry" => Err(Refusal::Unseen),
                "read_own_response" => of_response(|actor, facts| policy::read_own_response(actor, facts).map(drop)),
                "read_own_interview" => of_response(|actor, facts| policy::read_own_interview(actor, facts, false).map(drop)),
                "read_opened_response" => of_response(|actor, facts| policy::read_opened_response(actor, facts).map(drop)),
                "read_letter" => of_response(|actor, facts| policy::read_letter(actor, facts).map(drop)),
                other => panic!("{path}: the test does not know the verb {other}"),
            };
            refusal = refusal.or(said.err());
        }
        // Told the same whether or not there is one.
        if actor.user().is_none() && refusal == Some(Refusal::Unseen) && door.secret == app::Secret::LeadsToSignIn {
            refusal = Some(Refusal::SignIn);
        }
        let expected = match refusal {
            Some(Refusal::Unseen) => "404",
            Some(Refusal::SignIn) => "sign in",
            Some(_) => "403",
            None => "200",
        };
        let got = said(status, body);
        // A door without a published round behind it leads its team to the draft; a score has its own response behind it, an
        // answer its own question or file, a record of what was opened its own opening.
        let led = got == "303" && expected == "200";
        let behind = ["{response}", "{field}", "{file}", "opened.json"].iter().any(|part| door.path.contains(part));
        let hidden = got == "404" && (expected == "200" && behind || facts.round.is_none());
        assert!(got == expected || led || hidden, "{role} at {path}: the policy says {expected}, the door {got}");
    }
}

/// The supplier whose responses stand in the addresses.
const SUPPLIER: &str = "hedgerow";

fn said(status: StatusCode, text: &str) -> String {
    match status {
        StatusCode::SEE_OTHER if text.starts_with("/sign-in?next") => "sign in".into(),
        StatusCode::SEE_OTHER => "303".into(),
        status => status.as_u16().to_string(),
    }
}

/// Challenges of one buyer at stages that differ, those with a response of the supplier first.
fn stages(town: &Town) -> Vec<(&'static str, String)> {
    let find = |stage: &str| {
        let mut at: Vec<_> =
            town.challenges().filter(|(_, _, at)| at.code() == stage).map(|(key, _, _)| key.to_owned()).collect();
        at.sort_by_key(|key| (!CITY.contains(&key.as_str()), !town.responses().any(|(of, by, _)| of == key && by == SUPPLIER)));
        at.first().cloned()
    };
    ["draft", "open", "closed", "scoring", "moderation", "decided"]
        .into_iter()
        .filter_map(|stage| Some((stage, find(stage)?)))
        .collect()
}

/// Where the officer and the approver that walk are on the team.
const CITY: &[&str] = &["library", "bins", "noise", "potholes", "visits", "damp"];

#[tokio::test]
async fn every_door_answers_each_role_as_the_file_says() {
    let house = house().await;
    let stages = stages(&house.town);
    let mut text = String::from(
        "Every door, and what each role gets there. Made by tests/doors.rs; roles that get the same share a row.\n\
         Where a door leads to a challenge, one answer a stage: ",
    );
    let _ = writeln!(text, "{}.\n", stages.iter().map(|(stage, _)| *stage).collect::<Vec<_>>().join(", "));
    // Reading first: what is posted changes the town.
    for method in ["GET", "POST"] {
        for door in DOORS.iter().filter(|door| door.method == method) {
            let mut rows: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for (role, person) in ROLES {
                let mut answers = Vec::new();
                let once = [("", stages[1].1.clone())];
                let many = door.path.contains("{id}")
                    && !door.path.starts_with("/organisations")
                    && !door.path.starts_with("/past")
                    && !door.path.starts_with("/notices")
                    && !["/solutions", "/library", "/suppliers", "/buyers"].iter().any(|one| door.path.starts_with(one));
                for (_, key) in if many { stages.as_slice() } else { once.as_slice() } {
                    let path = house.address(door.path, key).await;
                    let cookie = house.cookie(person).await;
                    let (status, body) = house.go(method, &path, &cookie, "").await;
                    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{role} at {method} {path}: {body}");
                    if method == "GET" && many {
                        house.agrees_with_policy(door, key, &cookie, role, &path, status, &body).await;
                    }
                    answers.push(said(status, &body));
                }
                rows.entry(answers.join(" ")).or_default().push(role);
            }
            let _ = writeln!(text, "{} {}   ({})", door.method, door.path, door.verb);
            for (answers, roles) in rows {
                let _ = writeln!(text, "    {answers}   {}", roles.join(", "));
            }
        }
    }
    compare("tests/doors.txt", &text);
}

fn compare(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var("UPDATE_SNAPSHOTS").is_ok() {
        std::fs::write(&path, text).unwrap();
        return;
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    let changed: Vec<String> = text
        .lines()
        .filter(|line| !stored.lines().any(|old| old == *line))
        .map(|line| format!("+ {line}"))
        .chain(stored.lines().filter(|line| !text.lines().any(|new| new == *line)).map(|line| format!("- {line}")))
        .collect();
    assert!(stored == text, "{file} changed; read what changed, then run with UPDATE_SNAPSHOTS=1:\n{}", changed.join("\n"));
}

#[tokio::test]
async fn verbs_of_doors_are_verbs_of_the_policy() {
    for door in DOORS {
        for verb in door.verb.split(", ") {
            assert!(verb == "public" || domain::policy::VERBS.contains(&verb), "{} {}: {verb}", door.method, door.path);
        }
    }
}

/// Whatever a person may read in the catalogue's language comes in brackets in the pseudo-language; what is left outside
/// must come from the town's own texts.
#[tokio::test]
async fn no_page_says_a_sentence_that_is_not_in_the_catalogue() {
    let house = house().await;
    // The outsider's own name, and months: dates of the town are texts of the town.
    let mut own =
        String::from("Otto Outside January February March April May June July August September October November December");
    for folder in [
        "../crates/workflow/town",
        "../crates/workflow/src/town",
        "../crates/workflow/src/town/clerk",
        "../crates/workflow/templates",
    ] {
        for entry in std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap().flatten() {
            own.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
        }
    }
    // Categories have one language, that of their table.
    let codes: Vec<String> = own.split('"').filter(|text| text.len() == 8).map(str::to_owned).collect();
    // With their divisions, by which a search counts.
    let divisions = codes.iter().filter_map(|code| code.get(..2)).map(|two| format!("{two}000000"));
    let codes: Vec<String> = codes.iter().cloned().chain(divisions).collect();
    own.extend(codes.iter().filter_map(|code| domain::challenge::categories::label(code)).flat_map(|label| [" ", label]));
    let own = words(&own);
    let mut found = BTreeMap::new();
    for (_, key) in stages(&house.town) {
        // Words alone, and a document of a format of its own, are no pages.
        let pages = |path: &str| !["/suggest", "/search.atom"].contains(&path) && !path.ends_with("/document");
        for door in DOORS.iter().filter(|door| door.method == "GET" && pages(door.path)) {
            for (role, person) in ROLES {
                let path = house.address(door.path, &key).await;
                let cookie = format!("{}; wp_lang=en-XA", house.cookie(person).await);
                let (status, html) = house.go("GET", &path, &cookie, "").await;
                if status == StatusCode::SEE_OTHER {
                    continue;
                }
                for text in texts(&html) {
                    let left: Vec<&str> =
                        outside(&text).into_iter().filter(|word| !own.contains(*word) && !PLAIN.contains(word)).collect();
                    if !left.is_empty() {
                        found.entry(left.join(" ")).or_insert_with(|| format!("{role} at {}: {text}", door.path));
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "text that is not in the catalogue:\n{found:#?}");
}

/// Codes and names that are the same in every language.
const PLAIN: &[&str] = &["EUR", "GBP", "USD", "UTC", "WP", "test", "GMT", "BST"];

fn words(text: &str) -> std::collections::BTreeSet<&str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect()
}

/// Words of a text that stand outside the brackets.
fn outside(text: &str) -> Vec<&str> {
    let mut left = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), '⟦')]) {
        match c {
            '⟦' => {
                if depth == 0 && start <= at {
                    left.push(&text[start..at]);
                }
                depth += 1;
            }
            '⟧' => {
                depth -= 1;
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    left.iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() > 1 && word.chars().all(char::is_alphabetic))
        // References such as WP-2026-7K3M2 and codes of currencies.
        .filter(|word| !word.chars().all(|c| c.is_ascii_uppercase()))
        .collect()
}

/// What is read of a page: text between tags, and the attributes that are read out.
fn texts(html: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut skip = false;
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        // Choices of zones, laws' currencies and scripts are no sentences.
        skip = match name {
            "script" | "select" | "time" => true,
            _ if tag.starts_with("/script") || tag.starts_with("/select") || tag.starts_with("/time") => false,
            _ => skip,
        };
        for attribute in ["aria-label=\"", "title=\"", "placeholder=\"", "alt=\""] {
            if let Some((_, rest)) = tag.split_once(attribute) {
                out.push(unescape(rest.split('"').next().unwrap_or_default()));
            }
        }
        if !skip && !text.trim().is_empty() {
            out.push(unescape(text));
        }
    }
    out
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A planted word of a response appears at no door before the opening, to anyone but its supplier.
#[tokio::test]
async fn what_a_supplier_wrote_is_at_no_door_before_the_opening() {
    const MARKER: &str = "zanzibarquokka";
    let house = house().await;
    let open = stages(&house.town).into_iter().find(|(stage, _)| *stage == "open").map(|(_, key)| key).unwrap();
    let challenge = house.town.challenge(&open);
    let ada: Actor = house.town.actor("ada");
    let response = workflow::response::start_response(&house.desk, &ada, challenge).await.unwrap();
    let own = workflow::response::read_own_response(&house.desk, &ada, response).await.unwrap();
    let mut fields = own.draft();
    for field in domain::response::form(&own.terms) {
        let text = match field {
            domain::response::Field::Price => "12345".to_owned(),
            domain::response::Field::By(_) => "2027-06-30".to_owned(),
            field => format!("{MARKER} 5 {}", fields.get(&field.name())),
        };
        let text: String = text.chars().take(55).collect();
        fields.set(field.name(), text);
    }
    workflow::response::save_answer(&house.desk, &ada, response, &fields).await.unwrap();
    let now = house.desk.store.now();
    let submission = workflow::response::submit_response(&house.desk, &ada, response, now, None, "marker").await.unwrap();
    workflow::follow::follow_once(&house.desk).await.unwrap();

    let mut seen_by_owner = false;
    for door in DOORS.iter().filter(|door| door.method == "GET") {
        let path = house.address(door.path, &open).await;
        let path = match door.path {
            "/search" => format!("/search?q={MARKER}"),
            "/suggest" => format!("/suggest?q={}", &MARKER[..6]),
            path if path.starts_with("/receipts/{id}") => path.replace("{id}", &submission.to_string()),
            path if path.starts_with("/responses/{id}") => path.replace("{id}", &response.to_string()),
            _ => path,
        };
        for (role, person) in ROLES {
            let (_, html) = house.go("GET", &path, &house.cookie(person).await, "").await;
            // The search page repeats what was asked: there it is the hits that tell.
            let shown = if door.path == "/search" { html.contains("wp-hit") } else { html.contains(MARKER) };
            if *role == "supplier" {
                seen_by_owner |= shown;
            } else {
                assert!(!shown, "{role} reads it at {path}");
            }
        }
    }
    assert!(seen_by_owner, "its supplier reads it");
}

/// The address is the key: no cache keeps the page, no search engine lists it, no other site is told of it, and it leads to
/// nothing of the response but itself. A wrong one is answered like any page that is not there.
#[tokio::test]
async fn a_link_to_a_draft_is_told_to_nobody_and_leads_nowhere_else() {
    let house = house().await;
    let open = stages(&house.town).into_iter().find(|(stage, _)| *stage == "open").map(|(_, key)| key).unwrap();
    let ada: Actor = house.town.actor("ada");
    let response = workflow::response::start_response(&house.desk, &ada, house.town.challenge(&open)).await.unwrap();
    let path = format!("/responses/{response}/links");
    let (status, _) = house.go("POST", &path, &house.cookie("ada").await, "do=share&whom=The+boss&days=1").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let (_, page) = house.go("GET", &path, &house.cookie("ada").await, "").await;
    let token: String = page.split_once("/shared?token=").unwrap().1.chars().take_while(|c| *c != '"').collect();
    for (token, expected) in [(token.as_str(), StatusCode::OK), ("x", StatusCode::NOT_FOUND)] {
        let uri = format!("/shared?token={token}");
        let request = Request::builder().uri(&uri).body(Body::empty()).unwrap();
        let answer = house.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), expected);
        let header = |name: &str| answer.headers().get(name).and_then(|text| text.to_str().ok()).unwrap_or_default().to_owned();
        if expected == StatusCode::OK {
            assert_eq!(header("cache-control"), "private, no-store");
            assert_eq!(header("referrer-policy"), "no-referrer");
            assert!(header("x-robots-tag").contains("noindex"));
            let bytes = axum::body::to_bytes(answer.into_body(), 10_000_000).await.unwrap();
            let html = String::from_utf8_lossy(&bytes).into_owned();
            assert!(!html.contains("/responses/"), "it leads nowhere else");
        }
    }
}

#[tokio::test]
async fn posts_from_other_sites_are_refused() {
    let house = house().await;
    let cookie = house.cookie("tom").await;
    for (name, value, expected) in [
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-site", StatusCode::FORBIDDEN),
        ("origin", "https://evil.example", StatusCode::FORBIDDEN),
        ("origin", "http://house.example", StatusCode::SEE_OTHER),
        ("sec-fetch-site", "same-origin", StatusCode::SEE_OTHER),
    ] {
        let request = Request::builder()
            .method("POST")
            .uri("/theme")
            .header(header::COOKIE, &cookie)
            .header(name, value)
            .body(Body::from("theme=dark"))
            .unwrap();
        let response = house.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn bad_input_of_any_kind_is_refused_clearly() {
    let house = house().await;
    let cookie = house.cookie("tom").await;
    for (method, path, body, expected) in [
        ("GET", "/challenges/not-an-id", String::new(), 404),
        ("GET", "/challenges/zzzzzzzzzzzzz", String::new(), 404),
        ("GET", "/search?q=%00%ff&page=-1&kind=%3Cscript%3E", String::new(), 200),
        ("GET", "/challenges?page=999999999999999999999", String::new(), 200),
        ("GET", "/no/such/page", String::new(), 404),
        ("POST", "/challenges/new", "title=".into(), 422),
        ("POST", "/challenges/new", format!("title={}", "x".repeat(2_000_000)), 413),
        ("POST", "/account", "do=nothing".into(), 400),
        ("DELETE", "/", String::new(), 404),
    ] {
        let (status, text) = house.go(method, path, &cookie, &body).await;
        assert_eq!(status.as_u16(), expected, "{method} {path}");
        assert!(text.contains("<h1"), "{method} {path} answers with a page");
    }
}

/// Whatever is posted at any door by anybody: the versions that were published read byte for byte as before, and a new one
/// comes only with its own number.
#[tokio::test]
async fn no_door_changes_a_published_version() {
    let house = house().await;
    let stored = async || {
        let mut all = BTreeMap::new();
        let mut conn = house.desk.store.read().await.unwrap();
        for (key, id, _) in house.town.challenges() {
            for version in conn.versions(id).await.unwrap() {
                all.insert((key.to_owned(), version.n), (version.terms, version.reason, version.created_at));
            }
        }
        all
    };
    let before = stored().await;
    assert!(before.len() > 10, "the town has published versions");
    let now = house.desk.store.now();
    let (date, time) = domain::moment::local_fields(now.plus(60 * domain::moment::DAY), "Europe/London");
    let fields = format!(
        "title=Changed&summary=Changed&statement=Changed&limits=Changed&contact=Changed&reason=Changed&question=Changed&answer=Changed&\
         seen=1&seen=0&email=nobody%40example.org&role=officer&useful=yes&other_suppliers=no&words=Changed&\
         deadline_date={date}&deadline_time={time}&decision_date={date}&from_date=2020-01-01&until_date=2020-01-02"
    );
    let acts =
        ["", "save", "more", "submit", "team", "approve", "back", "begin", "propose", "drop", "withdraw", "agree", "ask-back"];
    let keys: Vec<String> = stages(&house.town).into_iter().filter(|(stage, _)| *stage != "draft").map(|(_, key)| key).collect();
    for door in DOORS.iter().filter(|door| door.method == "POST" && door.path.starts_with("/challenges/{id}")) {
        for key in &keys {
            let path = house.address(door.path, key).await;
            for (role, person) in ROLES {
                let cookie = house.cookie(person).await;
                // Who is a stranger to the challenge is refused alike whatever the act.
                let acts = if matches!(*role, "officer" | "approver") { acts.as_slice() } else { &acts[..2] };
                for act in acts {
                    let (status, body) = house.go("POST", &path, &cookie, &format!("{fields}&do={act}")).await;
                    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{role} at {path}: {body}");
                }
            }
        }
    }
    let after = stored().await;
    for (of, version) in &before {
        assert_eq!(after.get(of), Some(version), "{of:?}");
    }
}

/// RFC 5545: lines, folding, properties, instants; ids that stay, a sequence that counts the amendments.
#[tokio::test]
async fn the_timetable_is_a_calendar_that_a_strict_parser_takes() {
    let house = house().await;
    let id = house.town.challenge("lead");
    let (status, text) = house.go("GET", &format!("/challenges/{id}/dates.ics"), "", "").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(text, house.go("GET", &format!("/challenges/{id}/dates.ics"), "", "").await.1, "the same version, the same bytes");
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line:?}");
    }
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    let calendars: Vec<_> = ical::IcalParser::new(text.as_bytes()).collect::<Result<_, _>>().expect("it parses");
    assert_eq!(calendars.len(), 1);
    let of_calendar = |name: &str| calendars[0].properties.iter().find(|of| of.name == name).and_then(|of| of.value.clone());
    assert_eq!(of_calendar("VERSION").as_deref(), Some("2.0"));
    assert!(of_calendar("PRODID").is_some());
    let terms = house.desk.store.read().await.unwrap().challenge_row(id).await.unwrap().unwrap().terms().unwrap().unwrap();
    let mut uids = std::collections::BTreeSet::new();
    for event in &calendars[0].events {
        let property = |name: &str| {
            let found: Vec<_> = event.properties.iter().filter(|of| of.name == name).collect();
            assert_eq!(found.len(), 1, "{name} stands once");
            found[0].value.clone().unwrap_or_default()
        };
        let uid = property("UID");
        assert!(uid.starts_with(&format!("{id}-")) && uid.ends_with("@house.example"), "{uid}");
        for name in ["DTSTAMP", "DTSTART"] {
            let at = property(name);
            assert!(at.len() == 16 && at.ends_with('Z') && at.as_bytes()[8] == b'T', "{name}: {at}");
        }
        assert_eq!(property("SEQUENCE"), "2", "an amendment and an extension");
        assert_eq!(property("STATUS"), "CONFIRMED");
        if uid.contains("-deadline@") {
            let start = property("DTSTART");
            let digits: String = terms.deadline.rfc3339().chars().filter(char::is_ascii_digit).take(14).collect();
            assert_eq!(start.replace(['T', 'Z'], ""), digits, "the instant itself, in UTC");
        }
        uids.insert(uid);
    }
    assert_eq!(uids.len(), 4, "published, questions, answers, decision");
}

/// What the W3C's validator asks of an Atom feed (RFC 4287), on a strict XML parser.
fn is_a_valid_feed(text: &str) -> Vec<String> {
    const ATOM: &str = "http://www.w3.org/2005/Atom";
    let document = roxmltree::Document::parse(text).expect("well-formed XML");
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")));
    let one = |of: roxmltree::Node, name: &str| {
        let found: Vec<_> = of.children().filter(|child| child.has_tag_name((ATOM, name))).collect();
        assert_eq!(found.len(), 1, "{name} stands once in {}", of.tag_name().name());
        found[0].text().unwrap_or_default().to_owned()
    };
    let instant = |text: &str| text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{text}: {error}"));
    let links = |of: roxmltree::Node, rel: &str| {
        let links = of.children().filter(|child| child.has_tag_name((ATOM, "link")) && child.attribute("rel") == Some(rel));
        let hrefs: Vec<_> = links.map(|link| link.attribute("href").unwrap().to_owned()).collect();
        assert_eq!(hrefs.len(), 1, "one {rel}");
        assert!(hrefs[0].starts_with("http://house.example/"), "{hrefs:?}");
        hrefs[0].clone()
    };
    assert_eq!(one(feed, "id"), links(feed, "self"));
    assert!(!one(feed, "title").is_empty());
    links(feed, "alternate");
    let whole = instant(&one(feed, "updated"));
    let author = feed.children().find(|child| child.has_tag_name((ATOM, "author"))).expect("an author for entries without");
    assert!(!one(author, "name").is_empty());
    let entries: Vec<_> = feed.children().filter(|child| child.has_tag_name((ATOM, "entry"))).collect();
    let mut ids = Vec::new();
    for entry in &entries {
        assert!(!one(*entry, "title").trim().is_empty());
        let (updated, published) = (instant(&one(*entry, "updated")), instant(&one(*entry, "published")));
        assert!(published <= updated && updated <= whole);
        let id = one(*entry, "id");
        assert_eq!(id, links(*entry, "alternate"));
        assert!(!ids.contains(&id), "{id} twice");
        one(*entry, "summary");
        ids.push(id);
    }
    ids
}

#[tokio::test]
async fn any_search_is_a_feed_of_what_everybody_may_find() {
    let house = house().await;
    let (status, all) = house.go("GET", "/search.atom", "", "").await;
    assert_eq!(status, StatusCode::OK);
    let ids = is_a_valid_feed(&all);
    assert!(ids.iter().any(|id| id.ends_with(&format!("/challenges/{}", house.town.challenge("lead")))), "{ids:?}");
    let strange = ["?q=%3Ctitle%3E%26%00%07&when=open", "?kind=nonsense&page=9", "?q=%22&sort=closing", "?q=lead&kind=challenge"];
    for query in strange {
        let (status, found) = house.go("GET", &format!("/search.atom{query}"), "", "").await;
        assert_eq!(status, StatusCode::OK, "{query}");
        let found = is_a_valid_feed(&found);
        assert!(found.iter().all(|id| ids.contains(id)), "{query}: {found:?}");
    }
    // Who is signed in gets the same bytes: a draft that the officer may find stays out.
    let officer = house.cookie("tom").await;
    assert_eq!(house.go("GET", "/search.atom", &officer, "").await.1, all);
    let (_, page) = house.go("GET", "/search?q=lead", "", "").await;
    assert!(page.contains("type=\"application/atom+xml\" href=\"/search.atom?q=lead\""), "{page}");
}

#[tokio::test]
async fn what_is_found_says_where_it_stands_and_nobody_stands_before_an_empty_page() {
    let house = house().await;
    let officer = house.cookie("tom").await;
    let hit = async |query: &str, cookie: &str, key: &str| {
        let (status, html) = house.go("GET", &format!("/search?{query}"), cookie, "").await;
        assert_eq!(status, StatusCode::OK, "{query}");
        let link = format!("/challenges/{}\"", house.town.challenge(key));
        let hits = html.split("<li class=\"wp-hit\">").skip(1);
        hits.map(str::to_owned).find(|hit| hit.contains(&link)).unwrap_or_else(|| panic!("{query}: no {key} in {html}"))
    };
    for (query, cookie, key, said) in [
        ("q=leaks+mains", "", "leaks", "Decided"),
        ("q=litter+market", "", "market", "Cancelled"),
        ("q=quieter+nights", "", "noise", "Closed"),
        ("q=lead+pipes", "", "lead", "Open"),
        ("q=libraries+sundays", &*officer, "library", "Draft"),
    ] {
        let hit = hit(query, cookie, key).await;
        assert!(hit.contains(&format!(">{said}<")), "{key}: {hit}");
        assert!(said != "Draft" || !hit.contains("published"), "{hit}");
    }
    // A place is the same place in small letters, and reads as it is spelt.
    let terms = house.desk.store.read().await.unwrap().latest_terms(house.town.challenge("lead")).await.unwrap().unwrap().1;
    let asked: String = form_urlencoded::byte_serialize(terms.place.to_uppercase().as_bytes()).collect();
    hit(&format!("place={asked}"), "", "lead").await;
    let (_, html) = house.go("GET", &format!("/search?place={asked}"), "", "").await;
    assert!(html.contains(&format!("Place: {}", terms.place)) && !html.contains(&terms.place.to_uppercase()), "{html}");
    // Behind the last page of a list is the last page.
    for (path, last) in [
        ("/library?page=99", "/library?page=1"),
        ("/challenges?show=past&page=99", "/challenges?show=past&page=1"),
        ("/soundings?page=7", "/soundings?page=1"),
        ("/search?q=lead&page=99", "/search?q=lead&page="),
    ] {
        let (status, to) = house.go("GET", path, "", "").await;
        assert!(status == StatusCode::SEE_OTHER && to.starts_with(last), "{path}: {to}");
    }
}

#[tokio::test]
async fn nobody_is_offered_to_be_told_of_what_is_never_told() {
    let house = house().await;
    let (_, page) = house.go("GET", "/search?kind=supplier", "", "").await;
    assert!(!page.contains("href=\"/alerts/new") && page.contains("Nobody is told of new suppliers and buyers"), "{page}");
    let (_, page) = house.go("GET", "/search?q=lead", "", "").await;
    assert!(page.contains("href=\"/alerts/new?q=lead\""), "{page}");
    let (status, page) = house.go("GET", "/alerts/new?kind=supplier", "", "").await;
    assert!(status == StatusCode::OK && !page.contains("name=\"rhythm\""), "{page}");
    // The body of the page: the frame has a button for the colours.
    let main = |html: &str| html.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
    for bad in ["/alerts/confirm", "/alerts/confirm?t=", "/alerts/confirm?t=a.alert-confirm.b", "/alerts/stop?t=x"] {
        let (status, page) = house.go("GET", bad, "", "").await;
        assert!(status == StatusCode::NOT_FOUND && !main(&page).contains("<button"), "{bad}: {page}");
    }
}

#[tokio::test]
async fn beside_a_problem_stands_what_came_of_others() {
    let house = house().await;
    let mut seen = std::collections::BTreeSet::new();
    for (_, id, _) in house.town.challenges() {
        let (_, page) = house.go("GET", &format!("/challenges/{id}"), "", "").await;
        let Some((_, alike)) = page.split_once("wp-alike") else { continue };
        for (said, link) in [
            ("Awarded to", "href=\"/suppliers/"),
            ("Their solution:", "href=\"/solutions/"),
            ("No response was suitable", "/decision\""),
            ("It was cancelled.", "href=\"/challenges/"),
        ] {
            if alike.contains(said) {
                assert!(alike.contains(link), "{said}: {alike}");
                seen.insert(said);
            }
        }
    }
    assert!(seen.len() >= 2, "{seen:?}");
}
