//! A receipt means that the submission is on disk: the system calls of the server say so.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{command, run};

struct Traced(Child);

impl Drop for Traced {
    fn drop(&mut self) {
        // strace hands it on to the server.
        let _ = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status();
        let _ = self.0.wait();
    }
}

/// Whether `strace` is here and may follow a process: not on macOS, nor in every container.
fn strace_works(folder: &Path) -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).current_dir(folder).output();
    tried.is_ok_and(|tried| tried.status.success())
}

/// `head`: method and path.
fn ask(addr: &str, head: &str, cookie: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(addr).unwrap();
    let length = body.len();
    let kind = "content-type: application/x-www-form-urlencoded";
    let kept = "connection: close";
    write!(
        stream,
        "{head} HTTP/1.1\r\nhost: test\r\ncookie: {cookie}\r\n{kind}\r\ncontent-length: {length}\r\n{kept}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let from = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
    &text[from..from + text[from..].find(after).unwrap()]
}

/// The line at which a call of this kind on this file came back well: with several threads strace writes a call that others
/// interrupt in two lines.
fn synced(trace: &[&str], file: &str) -> Option<usize> {
    trace.iter().enumerate().find_map(|(at, line)| {
        let thread = line.split_whitespace().next()?;
        let call = (line.contains("fdatasync(") || line.contains("fsync(")) && line.contains(file);
        let ended = |line: &str| line.trim_end().ends_with("= 0");
        if !call {
            return None;
        }
        if ended(line) {
            return Some(at);
        }
        let resumed = trace
            .iter()
            .enumerate()
            .skip(at)
            .find(|(_, line)| line.split_whitespace().next() == Some(thread) && line.contains("sync resumed"))?;
        ended(resumed.1).then_some(resumed.0)
    })
}

#[test]
fn the_database_is_synced_before_the_answer_with_the_receipt() {
    let folder = tempfile::tempdir().unwrap();
    if !strace_works(folder.path()) {
        eprintln!("skipped: strace is missing, or may not follow processes here");
        return;
    }
    assert_eq!(run(folder.path(), &["demo", "--fill-only"]).code, 0);
    let serve = command(folder.path(), &["serve", "--addr", "127.0.0.1:0", "--log", "json", "--data", "data/demo"]);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-I2", "-y", "-s", "100", "-e", "trace=fsync,fdatasync,recvfrom,read,sendto,write,writev", "-o", "trace"]);
    traced.arg(serve.get_program()).args(serve.get_args()).current_dir(folder.path()).env("HOME", folder.path());
    let mut traced = Traced(traced.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap());
    let mut log = BufReader::new(traced.0.stderr.take().unwrap()).lines().map_while(Result::ok);
    let addr = log
        .find_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok()?["addr"].as_str().map(str::to_owned))
        .expect("a server");
    // Its log goes on, and somebody must read it.
    std::thread::spawn(move || log.for_each(drop));

    let supplier = workflow::town::sign_ins().into_iter().find(|person| person.role.starts_with("Supplier")).expect("a supplier");
    let form = format!("email={}&password={}", supplier.email.replace('@', "%40"), workflow::town::PASSWORD);
    let signed = ask(&addr, "POST /sign-in", "", &form);
    let cookie = format!("wp_session={}", between(&signed, "wp_session=", ";"));
    let get = |path: &str| ask(&addr, &format!("GET {path}"), &cookie, "");
    let work = get("/work");
    let ready = work.split("/responses/").skip(1).find_map(|rest| {
        let id = rest.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        let page = get(&format!("/responses/{id}/review"));
        // Open still, and complete.
        let open = get(&format!("/responses/{id}")).contains("name=\"do\"");
        (open && page.contains("name=\"draft\"")).then(|| (id.to_owned(), page))
    });
    let (id, page) = ready.expect("a response that can be submitted");
    let hidden = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let body = format!("draft={}&key={}", hidden("draft"), hidden("key"));
    let path = format!("POST /responses/{id}/review");
    let answer = ask(&addr, &path, &cookie, &body);
    assert!(answer.starts_with("HTTP/1.1 303") && answer.contains("/receipts/"), "{answer}");

    // strace writes the last of it at its end.
    drop(traced);
    let trace = std::fs::read_to_string(folder.path().join("trace")).unwrap();
    let lines: Vec<&str> = trace.lines().collect();
    // The server looks at the first bytes by themselves: they may be HTTP/2.
    let asked = lines.iter().position(|line| line.contains("\"POST /responses/")).expect("the request in the trace");
    let answered = lines.iter().skip(asked).position(|line| line.contains("HTTP/1.1 303")).expect("the answer in the trace");
    let during = &lines[asked..=asked + answered];
    let synced = synced(during, "wellposed.db-wal").expect("the log of the database was synced before the answer");
    assert!(synced < during.len() - 1);
}
