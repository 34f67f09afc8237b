use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::ids;
use domain::moment::{DAY, HOUR, MINUTE};
use serde_json::json;
use server::mail::Sender;
use server::settings::{Flags, Settings};
use store::Mail;
use workflow::{Desk, Error};

use crate::smtp_server;
use crate::support::{desk, settings};

async fn queue(desk: &Desk, id: i64, recipient: &str) {
    let recipient = recipient.to_owned();
    let params = json!({ "name": "Ana", "link": "https://problems.example.org/reset/new?token=secret" });
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                tx.mail(Mail { id, event: format!("test:{id}"), recipient, template: "reset", params, due_at: None });
                tx.leave_no_entry();
                Ok::<_, Error>(())
            })
        })
        .await
        .unwrap();
}

/// Sends until nothing is due.
async fn send_all(sender: &mut Sender) {
    while sender.once().await.unwrap() {}
}

async fn later(desk: &Desk, micros: i64) {
    desk.store.set_clock_offset(desk.store.clock_offset() + micros).await.unwrap();
}

/// (not sent yet, given up)
async fn counts(desk: &Desk) -> (i64, i64) {
    desk.store.read().await.unwrap().outbox_counts().await.unwrap()
}

fn to_port(folder: &Path, port: u16) -> Settings {
    let flags = Flags {
        smtp_url: Some(format!("smtp://127.0.0.1:{port}")),
        base_url: Some("https://problems.example.org".into()),
        ..Flags::default()
    };
    settings(folder, flags)
}

#[tokio::test]
async fn without_a_mail_server_each_mail_is_a_file() {
    let (kept, desk) = desk().await;
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags { base_url: Some("https://problems.example.org".into()), ..Flags::default() };
    let settings = settings(folder.path(), flags);
    queue(&desk, 7, "ana@city.example").await;
    send_all(&mut Sender::new(desk.clone(), &settings)).await;
    let files: Vec<PathBuf> = std::fs::read_dir(settings.mail_folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let expected = settings.mail_folder().join(format!("{}.eml", ids::to_text(7)));
    assert_eq!(files, [expected], "and nothing unfinished");
    let text = std::fs::read_to_string(&files[0]).unwrap();
    for part in [
        format!("Message-ID: <{}@problems.example.org>", ids::to_text(7)).as_str(),
        "Date: ",
        "To: ana@city.example",
        "no-reply@problems.example.org",
        "Content-Type: text/html",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(counts(&desk).await, (0, 0));
    drop(kept);
}

#[tokio::test]
async fn what_is_put_off_goes_later_and_what_is_refused_never() {
    let (_kept, desk) = desk().await;
    let folder = tempfile::tempdir().unwrap();
    let (port, taken) = smtp_server::start().await;
    let mut sender = Sender::new(desk.clone(), &to_port(folder.path(), port));
    queue(&desk, 1, "later-ana@city.example").await;
    queue(&desk, 2, "never-ben@city.example").await;
    queue(&desk, 3, "cleo@city.example").await;
    send_all(&mut sender).await;
    assert_eq!(taken.recipients(), ["cleo@city.example"]);
    assert_eq!(counts(&desk).await, (1, 1), "one waits, one is given up");
    send_all(&mut sender).await;
    assert_eq!(taken.recipients().len(), 1, "not due yet");
    later(&desk, 5 * MINUTE).await;
    send_all(&mut sender).await;
    assert_eq!(taken.recipients(), ["cleo@city.example", "later-ana@city.example"]);
    assert_eq!(counts(&desk).await, (0, 1));
}

#[tokio::test]
async fn what_may_have_arrived_is_never_sent_again() {
    let (_kept, desk) = desk().await;
    let folder = tempfile::tempdir().unwrap();
    let (port, taken) = smtp_server::start().await;
    queue(&desk, 1, "silent-ana@city.example").await;
    for _ in 0..3 {
        // Another process each time, days later.
        send_all(&mut Sender::new(desk.clone(), &to_port(folder.path(), port))).await;
        later(&desk, 2 * DAY).await;
    }
    assert_eq!(taken.recipients(), ["silent-ana@city.example"]);
    assert_eq!(counts(&desk).await, (1, 0), "it stays claimed, for somebody to ask about");
}

#[tokio::test]
async fn two_senders_at_once_send_each_mail_once() {
    let (_kept, desk) = desk().await;
    let folder = tempfile::tempdir().unwrap();
    let (port, taken) = smtp_server::start().await;
    for id in 1..=40 {
        queue(&desk, id, &format!("person-{id}@city.example")).await;
    }
    let settings = to_port(folder.path(), port);
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let loops: Vec<_> = (0..2).map(|_| tokio::spawn(Sender::new(desk.clone(), &settings).run(stopped.clone()))).collect();
    for _ in 0..200 {
        if counts(&desk).await == (0, 0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stop.send_replace(true);
    for one in loops {
        tokio::time::timeout(Duration::from_secs(5), one).await.expect("it ends when told").unwrap();
    }
    let recipients = taken.recipients();
    assert_eq!(recipients.len(), 40);
    assert_eq!(recipients.iter().collect::<BTreeSet<_>>().len(), 40);
}

#[tokio::test]
async fn while_nobody_answers_mail_waits_and_attempts_are_few() {
    let (_kept, desk) = desk().await;
    let folder = tempfile::tempdir().unwrap();
    // Bound and let go: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut sender = Sender::new(desk.clone(), &to_port(folder.path(), port));
    for id in 1..=5 {
        queue(&desk, id, "ana@city.example").await;
    }
    for _ in 0..20 {
        sender.once().await.unwrap();
    }
    assert_eq!(counts(&desk).await, (5, 0));
    let tried = desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(10).await?) })).await.unwrap();
    assert_eq!(tried.len(), 4, "one was tried and waits, the others were left alone");
    later(&desk, HOUR).await;
}

/// A server that others wrote: PyPI's aiosmtpd, in the cache folder.
fn aiosmtpd() -> Option<PathBuf> {
    let cache = std::env::var_os("WELLPOSED_CACHE").map(PathBuf::from);
    let cache = cache.or_else(|| std::env::var_os("XDG_CACHE_HOME").map(|home| PathBuf::from(home).join("wellposed")));
    let cache = cache.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/wellposed")))?;
    let (folder, quiet) = (cache.join("test-smtp"), || Stdio::null());
    let python = folder.join("bin/python");
    let has = |python: &Path| {
        Command::new(python).args(["-c", "import aiosmtpd"]).stderr(quiet()).status().is_ok_and(|status| status.success())
    };
    if !has(&python) {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&folder).stdout(quiet()).stderr(quiet()).status();
        made.ok().filter(std::process::ExitStatus::success)?;
        let pip = ["-m", "pip", "install", "--quiet", "aiosmtpd==1.4.6"];
        Command::new(&python).args(pip).stdout(quiet()).stderr(quiet()).status().ok()?;
    }
    has(&python).then_some(python)
}

const REAL: &str = r#"
import sys, time
from aiosmtpd.controller import Controller
class Handler:
    tried = set()
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never"):
            return "550 no such person"
        if address.startswith("later") and address not in self.tried:
            self.tried.add(address)
            return "451 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"
    async def handle_DATA(self, server, session, envelope):
        print("mail", envelope.rcpt_tos[0], envelope.content.decode().count("Message-ID: <"), flush=True)
        return "250 taken"
own = Controller(Handler(), hostname="127.0.0.1", port=int(sys.argv[1]))
own.start()
print("ready", flush=True)
sys.stdin.read()
"#;

#[tokio::test]
async fn a_real_mail_server_takes_and_refuses() {
    let Some(python) = aiosmtpd() else {
        eprintln!("skipped: python3 with PyPI's aiosmtpd is not to be had here");
        return;
    };
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server =
        Command::new(python).args(["-c", REAL, &port.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = std::io::BufRead::lines(std::io::BufReader::new(server.stdout.take().unwrap()));
    assert_eq!(said.next().unwrap().unwrap(), "ready");
    let (_kept, desk) = desk().await;
    let folder = tempfile::tempdir().unwrap();
    let mut sender = Sender::new(desk.clone(), &to_port(folder.path(), port));
    for (id, recipient) in [(1, "never@city.example"), (2, "later@city.example"), (3, "ana@city.example")] {
        queue(&desk, id, recipient).await;
    }
    send_all(&mut sender).await;
    later(&desk, 5 * MINUTE).await;
    send_all(&mut sender).await;
    assert_eq!(counts(&desk).await, (0, 1));
    drop(server.stdin.take());
    server.wait().unwrap();
    let lines: Vec<String> = said.map(Result::unwrap).collect();
    assert_eq!(lines, ["mail ana@city.example 1", "mail later@city.example 1"]);
}
