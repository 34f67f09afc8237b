//! What somebody who carries the machine's disk away would read of a sealed response: nothing. A word is planted in an answer, in
//! a file's name and in its bytes; then everything that the program has written is looked through, for the word as it is, in
//! base64, in hexadecimal and in UTF-16. The master key lies beside, and is all that is left out.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::support::command;

const MARKER: &str = "Zwergschnepfe";

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

struct Browser {
    addr: String,
    cookie: String,
}

impl Browser {
    fn ask(&self, head: &str, kind: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.addr).unwrap();
        let (cookie, length) = (&self.cookie, body.len());
        let head = format!(
            "{head} HTTP/1.1\r\nhost: test\r\ncookie: {cookie}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), "text/plain", b"")
    }

    fn post(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        self.ask(&format!("POST {path}"), "application/x-www-form-urlencoded", body.as_bytes())
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let from = text.find(before)? + before.len();
    text[from..].find(after).map(|to| &text[from..from + to])
}

/// The spellings in which a program could have left a word.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    let mut all = vec![word.as_bytes().to_vec(), word.to_lowercase().into_bytes()];
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    all.push(hex.to_uppercase().into_bytes());
    all.push(hex.into_bytes());
    all.push(word.encode_utf16().flat_map(u16::to_le_bytes).collect());
    // Base64 depends on where in three bytes the word begins; its ends depend on what stands around.
    for skip in 0..3 {
        let padded = [&vec![b' '; skip][..], word.as_bytes()].concat();
        let whole = STANDARD.encode(&padded[..padded.len() / 3 * 3]);
        all.push(whole.as_bytes()[if skip == 0 { 0 } else { 4 }..].to_vec());
    }
    all
}

fn holds(bytes: &[u8], word: &str) -> bool {
    spellings(word).iter().any(|spelling| memchr::memmem::find(bytes, spelling).is_some())
}

fn every_file(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() { every_file(&path, all) } else { all.push(path) }
    }
}

/// A town is filled and served, an answer with the marker is drafted, filed, submitted and asked for in vain; the title of the
/// challenge is given back, as something that is found.
fn plant(folder: &Path, database: Option<&str>) -> String {
    let with = |args: &[&str]| {
        let mut command = command(folder, args);
        if let Some(url) = database {
            command.env("WELLPOSED_DATABASE_URL", url);
        }
        command
    };
    let filled = with(&["demo", "--fill-only"]).output().unwrap();
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let mut serve = with(&["serve", "--addr", "127.0.0.1:0", "--log", "json", "--data", "data/demo"]);
    let mut served = Served(serve.stdout(Stdio::null()).stderr(log).spawn().unwrap());
    let addr = loop {
        let log = BufReader::new(std::fs::File::open(folder.join("log")).unwrap());
        let lines = log.lines().map_while(Result::ok).filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
        if let Some(addr) = lines.filter_map(|line| line["addr"].as_str().map(str::to_owned)).next() {
            break addr;
        }
        assert!(served.0.try_wait().unwrap().is_none(), "{}", std::fs::read_to_string(folder.join("log")).unwrap());
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    let sign_in = |role: &str| {
        let person = workflow::town::sign_ins().into_iter().find(|person| person.role.starts_with(role)).expect("a person");
        let nobody = Browser { addr: addr.clone(), cookie: String::new() };
        let signed = nobody.post("/sign-in", &[("email", &person.email), ("password", workflow::town::PASSWORD)]);
        let secret = between(&signed, "wp_session=", ";").expect("a session").to_owned();
        Browser { addr: addr.clone(), cookie: format!("wp_session={secret}") }
    };
    let supplier = sign_in("Supplier");
    let work = supplier.get("/work");
    let ids = work.split("/responses/").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next());
    let (id, draft) = ids
        .map(|id| (id.to_owned(), supplier.get(&format!("/responses/{id}"))))
        .find(|(id, page)| {
            page.contains("name=\"do\"") && supplier.get(&format!("/responses/{id}/review")).contains("name=\"draft\"")
        })
        .expect("a response that can be submitted");
    let at = format!("/responses/{id}");
    let field = between(&draft, "<textarea name=\"", "\"").or_else(|| {
        // Attributes come in the order of the view.
        draft.split("name=\"question-").nth(1).and_then(|rest| rest.split('"').next())
    });
    let name = match field.expect("a question") {
        name if name.starts_with("question-") => name.to_owned(),
        id => format!("question-{id}"),
    };
    let seen_name = format!("seen-{name}");
    let seen = between(&draft, &format!("name=\"{seen_name}\" value=\""), "\"").unwrap_or_default().to_owned();
    let text = format!("The {MARKER} sees to it.");
    let saved = supplier.post(&at, &[(&name, &text), (&seen_name, &seen), ("do", "save")]);
    assert!(saved.starts_with("HTTP/1.1 303"), "{}", &saved[..200.min(saved.len())]);
    assert!(supplier.get(&at).contains(MARKER), "the supplier reads it");
    if let Some(of) = between(&draft, &format!("href=\"{at}/files/of/"), "\"") {
        let body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{MARKER}.pdf\"\r\n\r\n%PDF-1.7\n{MARKER}\n\r\n--cut--\r\n"
        );
        let path = format!("POST {at}/files/of/{of}");
        let sent = supplier.ask(&path, "multipart/form-data; boundary=cut", body.as_bytes());
        assert!(sent.starts_with("HTTP/1.1 303"), "{}", &sent[..200.min(sent.len())]);
    }
    let review = supplier.get(&format!("{at}/review"));
    let hidden = |name: &str| between(&review, &format!("name=\"{name}\" value=\""), "\"").expect("a form").to_owned();
    let sent = supplier.post(&format!("{at}/review"), &[("draft", &hidden("draft")), ("key", &hidden("key"))]);
    assert!(sent.contains("/receipts/"), "{}", &sent[..200.min(sent.len())]);
    let receipt = supplier.get(between(&sent, "ocation: ", "\r\n").expect("where the receipt is"));
    let challenge = [&draft, &review, &receipt]
        .into_iter()
        .find_map(|page| between(page, "href=\"/challenges/", "\"")?.split(['/', '#', '?']).next())
        .expect("its challenge")
        .to_owned();
    let officer = sign_in("Officer");
    for door in ["responses", "opening/record.json", "result"] {
        let refused = officer.get(&format!("/challenges/{challenge}/{door}"));
        assert!(!refused.contains(MARKER), "{door}");
    }
    officer.get(&format!("/search?q={}", &MARKER[..6]));
    // What is in memory reaches the disk in its own time: mails and the index's next commit.
    std::thread::sleep(std::time::Duration::from_secs(2));
    between(&officer.get(&format!("/challenges/{challenge}")), "<h1 class=\"govuk-heading-xl\">", "<")
        .expect("a title")
        .to_owned()
}

fn looked_through(folder: &Path, title: &str) {
    let mut files = Vec::new();
    every_file(folder, &mut files);
    let mut found = (0, false);
    for path in files.iter().filter(|path| !path.to_string_lossy().contains("master")) {
        let bytes = std::fs::read(path).unwrap_or_default();
        assert!(!holds(&bytes, MARKER), "{} holds the marker", path.display());
        found = (found.0 + 1, found.1 || memchr::memmem::find(&bytes, title.as_bytes()).is_some());
    }
    assert!(found.0 > 10 && found.1, "the eyes see: {found:?}");
}

#[test]
fn a_stolen_disk_shows_nothing_of_a_sealed_response() {
    let folder = tempfile::tempdir().unwrap();
    let title = plant(folder.path(), None);
    looked_through(folder.path(), &title);
}

#[tokio::test]
async fn a_stolen_dump_of_postgresql_shows_nothing_of_a_sealed_response() {
    let Some(throwaway) = store::testing::postgres().await else {
        eprintln!("skipped: WELLPOSED_TEST_POSTGRES is not set");
        return;
    };
    // Not yet of any kind: the program makes it a demo.
    throwaway.tamper("delete from meta where name = 'kind'").await;
    let url = throwaway.options.url.clone().expect("an address");
    let folder = tempfile::tempdir().unwrap();
    let (path, address) = (folder.path().to_owned(), url.clone());
    let title = tokio::task::spawn_blocking(move || plant(&path, Some(&address))).await.unwrap();
    let programs = ["pg_dump".into()].into_iter().chain(
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin/pg_dump")),
    );
    let dumped =
        programs.filter_map(|program: PathBuf| Command::new(program).arg(&url).output().ok()).find(|out| out.status.success());
    match dumped {
        Some(dump) => std::fs::write(folder.path().join("dump.sql"), dump.stdout).unwrap(),
        None => eprintln!("without a dump: pg_dump was not found; the values are looked through as they are read"),
    }
    std::fs::write(folder.path().join("values"), throwaway.every_value().await.join("\n")).unwrap();
    looked_through(folder.path(), &title);
}

#[test]
fn every_spelling_is_seen() {
    let text = format!("a {MARKER} b");
    for bytes in [
        text.clone().into_bytes(),
        STANDARD.encode(&text).into_bytes(),
        STANDARD.encode(format!("x{text}")).into_bytes(),
        STANDARD.encode(format!("xy{text}")).into_bytes(),
        text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes(),
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ] {
        assert!(holds(&bytes, MARKER), "{}", String::from_utf8_lossy(&bytes));
    }
    assert!(!holds(b"nothing of it", MARKER));
}
