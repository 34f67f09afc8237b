//! The program itself, serving a seeded installation from a process of its own, and its clients.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use domain::challenge::{QuestionKind, Terms};
use domain::form::Fields;
use domain::ids::{ChallengeId, MembershipId, ResponseId, SubmissionId, UserId};
use domain::moment::DAY;
use domain::organisation::{ActingAs, Actor, OrganisationKind, Role};
use domain::response::Field;
use futures::stream::{self, StreamExt, TryStreamExt};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use store::NewUser;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use workflow::sealing::hex;
use workflow::{Desk, Error, notice, organisation, response, town};

use super::fresh_at;
use super::submit::model_that;
use crate::failure::fail;
use crate::settings::{ENVIRONMENT, MasterKey, Settings};
use crate::{Failure, Result};

/// An installation with suppliers who are signed in and have begun to answer one open challenge.
pub struct Seeded {
    pub settings: Settings,
    pub ready: Vec<Ready>,
    /// Complete answers, 8 KiB of them.
    pub answers: Fields,
    /// The field that a file answers, where the challenge asks for one.
    pub file_field: Option<String>,
    pub folder: TempDir,
}

/// What an installation is made for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    pub count: usize,
    /// The clock stands so long before the deadline, in microseconds; without, where the town leaves it.
    pub before_deadline: Option<i64>,
    /// The challenge asks for a file.
    pub file: bool,
}

#[derive(Clone, Debug)]
pub struct Ready {
    pub cookie: String,
    pub response: ResponseId,
}

/// Bytes of the answers in one post.
const ANSWERS: usize = 8 * 1024;

impl Seeded {
    pub async fn make(settings: &Settings, url: Option<String>, wish: Wish) -> Result<Self> {
        let (folder, settings, desk) = fresh_at(settings, url).await?;
        let town = town::fill(&desk, |_, _| {}).await?;
        let (challenge, fields, terms, n) = model_that(&desk, &town, wish.file).await?;
        let files = terms.questions.iter().find(|question| matches!(question.kind, QuestionKind::Files { .. }));
        let file_field = files.map(|question| Field::Question(question.id).name());
        let answers = long(&terms, n, &fields)?;
        let suppliers: Vec<(Actor, ResponseId)> =
            stream::iter(0..wish.count).map(|n| supplier(&desk, challenge, n)).buffer_unordered(64).try_collect().await?;
        if let Some(before) = wish.before_deadline {
            let ahead = terms.deadline.micros() - desk.store.now().micros() - before;
            desk.store.set_clock_offset(desk.store.clock_offset() + ahead).await?;
            // What the days in between would have brought long ago.
            notice::tell_due(&desk).await?;
        }
        let written = desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(i64::MAX).await?.len()) }));
        written.await?;
        let ready = stream::iter(suppliers)
            .map(|(actor, response)| session(&desk, actor, response))
            .buffer_unordered(64)
            .try_collect()
            .await?;
        // Who answers in the last minute registered long before it.
        workflow::follow::follow_once(&desk).await?;
        desk.store.analyze().await?;
        desk.store.close().await;
        Ok(Self { settings, ready, answers, file_field, folder })
    }

    /// A form as the browser posts it.
    pub fn form(&self, marked: &str) -> Bytes {
        let mut fields = self.answers.clone();
        let longest = fields.0.iter().max_by_key(|(_, text)| text.len()).map(|(name, _)| name.clone()).unwrap_or_default();
        let text = format!("{} {marked}", fields.get(&longest));
        fields.set(&longest, text);
        fields.set("do", "submit");
        fields.set("key", marked);
        let pairs = fields.0.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into()
    }
}

pub async fn supplier(desk: &Desk, challenge: ChallengeId, n: usize) -> Result<(Actor, ResponseId)> {
    let user = UserId(desk.chance.id());
    let email = format!("rush{n}@example.org");
    // Nobody signs in by it.
    let password = String::from("none");
    let person = NewUser {
        id: user.get(),
        email,
        name: format!("Rush {n}"),
        password,
        administrator: false,
        confirmed: true,
        zone: "UTC".into(),
    };
    desk.store.write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.insert_user(&person).await?) })).await?;
    let nobody = Actor::User { user, administrator: false, acting_as: None };
    let name = format!("Firm {n}");
    let firm: Fields = [("kind", "supplier"), ("name", name.as_str()), ("place", "")].into_iter().collect();
    let organisation = organisation::create_organisation(desk, &nobody, &firm).await?;
    let held = desk.store.read().await?.memberships_of(user.get()).await?;
    let membership = MembershipId(held.first().map_or(0, |row| row.id));
    let acting_as = Some(ActingAs { membership, organisation, kind: OrganisationKind::Supplier, role: Role::Owner });
    let actor = Actor::User { user, administrator: false, acting_as };
    let response = response::start_response(desk, &actor, challenge).await?;
    Ok((actor, response))
}

pub async fn session(desk: &Desk, actor: Actor, response: ResponseId) -> Result<Ready> {
    let cookie = hex(&desk.chance.bytes::<32>());
    let (token, id) = (Sha256::digest(cookie.as_bytes()).to_vec(), desk.chance.id());
    let user = actor.user().map_or(0, |user| user.get());
    let membership = actor.acting_as().map(|acting| acting.membership.get());
    let expires = desk.store.now().plus(DAY);
    desk.store
        .write(move |tx| {
            Box::pin(async move { Ok::<_, Error>(tx.insert_session(&token, id, user, membership, expires, "bench").await?) })
        })
        .await?;
    Ok(Ready { cookie, response })
}

const BOUNDARY: &str = "bench-boundary";

/// A table of so many bytes, as a browser posts it.
pub fn file_form(bytes: usize) -> Bytes {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"measured.csv\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    body.push_str(&table(bytes));
    body.push_str(&format!("\r\n--{BOUNDARY}--\r\n"));
    body.into()
}

pub fn table(bytes: usize) -> String {
    let mut text = String::from("street,homes,before,after\n");
    for n in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&format!("Mill Lane {n},{},{},{}\n", n % 97, n % 13, n % 5));
    }
    text.truncate(bytes);
    text
}

/// The model's answers, made longer where the form lets them be.
fn long(terms: &Terms, n: i64, fields: &Fields) -> Result<Fields> {
    let mut fields = fields.clone();
    let names: Vec<String> = fields.0.keys().cloned().collect();
    let length = |fields: &Fields| fields.0.values().map(String::len).sum::<usize>();
    for name in names {
        // Few words, for the limits are on words.
        while length(&fields) < ANSWERS {
            let mut longer = fields.clone();
            longer.set(&name, format!("{} {}", fields.get(&name), "long".repeat(16)));
            let judged = domain::response::content(terms, n, &longer, &Default::default());
            if judged.is_err_and(|errors| errors.iter().any(|error| error.field == name)) {
                break;
            }
            fields = longer;
        }
    }
    if length(&fields) < ANSWERS {
        fail!("the form takes only {} bytes of answers", length(&fields));
    }
    Ok(fields)
}

/// Ends with this value, at once.
pub struct Served {
    child: Child,
    pub addr: SocketAddr,
}

impl Served {
    pub async fn start(program: &Path, seeded: &Seeded) -> Result<Self> {
        Self::start_in(program, &seeded.settings, seeded.folder.path()).await
    }

    /// With the installation of these settings; its log goes into the folder.
    pub async fn start_in(program: &Path, settings: &Settings, folder: &Path) -> Result<Self> {
        let log: PathBuf = folder.join("log");
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with(ENVIRONMENT) {
                command.env_remove(name);
            }
        }
        if let MasterKey::Digits(digits) = &settings.master_key {
            command.env("WELLPOSED_MASTER_KEY", digits);
        }
        if let Some(url) = &settings.database_url {
            command.env("WELLPOSED_DATABASE_URL", url);
        }
        command.args(["serve", "--addr", "127.0.0.1:0", "--log", "json", "--site-root", &settings.site_root]);
        command.arg("--data").arg(&settings.data).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(&log)?).kill_on_drop(true);
        let mut child = command.spawn()?;
        loop {
            let said = std::fs::read_to_string(&log).unwrap_or_default();
            let addr = said
                .lines()
                .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
                .find_map(|line| line["addr"].as_str().and_then(|addr| addr.parse().ok()));
            if let Some(addr) = addr {
                return Ok(Self { child, addr });
            }
            if child.try_wait()?.is_some() {
                return Err(Failure(format!("the server ended: {said}")));
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What the process has had of the processors so far. `None` where the system does not tell.
    pub fn processor_time(&self) -> Option<Duration> {
        processor_time(&self.child.id()?.to_string())
    }

    /// What the process holds in memory for itself, in MB: mapped files are not counted. `None` where the system does not tell.
    pub fn own_memory(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let kilobytes = |name: &str| -> Option<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().split(' ').next()?.parse().ok()
        };
        Some((kilobytes("RssAnon:")? + kilobytes("RssShmem:")?) / 1024.0)
    }

    /// As a power cut ends it, as far as the process is concerned.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// Of a process, by its number, or `self`; its threads' time in user and kernel mode.
pub fn processor_time(process: &str) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in parentheses, may hold anything; user time is the fourteenth field of all, in hundredths of a second.
    let mut rest = stat.rsplit_once(") ")?.1.split(' ').skip(11);
    let (user, kernel): (u64, u64) = (rest.next()?.parse().ok()?, rest.next()?.parse().ok()?);
    Some(Duration::from_millis((user + kernel) * 10))
}

/// One connection that is kept, as a browser's.
pub struct Client(SendRequest<Full<Bytes>>);

impl Client {
    pub async fn connect(addr: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// Reads a page to its end, as a visitor.
    pub async fn read(&mut self, path: &str) -> Result<StatusCode> {
        let request = Request::get(path).header(header::HOST, "bench").body(Full::new(Bytes::new()))?;
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        answer.into_body().collect().await?;
        Ok(status)
    }

    /// Reads a page, or posts a form: the status, and how many bytes came.
    pub async fn send(&mut self, path: &str, cookie: &str, form: Option<Bytes>) -> Result<(StatusCode, usize)> {
        let method = if form.is_some() { hyper::Method::POST } else { hyper::Method::GET };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "bench")
            .header(header::COOKIE, format!("wp_session={cookie}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(form.unwrap_or_default()))?;
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        Ok((status, answer.into_body().collect().await?.to_bytes().len()))
    }

    /// Hands in a file that answers a field of the draft.
    pub async fn enclose(&mut self, ready: &Ready, field: &str, file: Bytes) -> Result<StatusCode> {
        let request = Request::post(format!("/responses/{}/files/of/{field}", ready.response))
            .header(header::HOST, "bench")
            .header(header::COOKIE, format!("wp_session={}", ready.cookie))
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Full::new(file))?;
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        answer.into_body().collect().await?;
        Ok(status)
    }

    /// Saves and submits. `Ok(Err(…))`: an answer without a receipt.
    pub async fn submit(&mut self, ready: &Ready, form: Bytes) -> Result<std::result::Result<SubmissionId, StatusCode>> {
        let request = Request::post(format!("/responses/{}", ready.response))
            .header(header::HOST, "bench")
            .header(header::COOKIE, format!("wp_session={}", ready.cookie))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(form))?;
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
        answer.into_body().collect().await?;
        let receipt = to.as_deref().and_then(|to| to.strip_prefix("/receipts/")).and_then(|rest| rest.split('?').next());
        Ok(receipt.and_then(SubmissionId::parse).filter(|_| status == StatusCode::SEE_OTHER).ok_or(status))
    }
}
