//! One conversation with a mail server at a time, command by command: only so can be told whether a mail may have left.
//! Before the content is sent it certainly did not; after that a reply decides, and without a reply nobody knows.

use std::future::Future;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use super::{Kept, Letter, Outcome};
use crate::settings::mask;

/// For each step but the last.
const STEP: Duration = Duration::from_secs(60);
/// A server may take long over what it has received: RFC 5321 asks for ten minutes of patience.
const CONTENT: Duration = Duration::from_secs(600);

#[derive(Clone)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    credentials: Option<Credentials>,
    /// TLS from the first byte (smtps), not by STARTTLS.
    implicit: bool,
    shown: String,
}

impl std::fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

impl SmtpServer {
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = url::Url::parse(text).map_err(|_| "it must be smtp://user:password@host:port")?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err("it must begin with smtp:// or smtps://"),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("it must name a host")?.to_owned();
        // 587 is where mail is handed in, 465 where that is done with TLS from the start.
        let port = url.port().unwrap_or(if implicit { 465 } else { 587 });
        let plain = |text: &str| decode(text).ok_or("user and password must be UTF-8, with %40 for @ and so on");
        let credentials = match url.username() {
            "" => None,
            user => Some(Credentials::new(plain(user)?, plain(url.password().unwrap_or_default())?)),
        };
        Ok(Self { host, port, credentials, implicit, shown: mask(text) })
    }

    /// Without its password.
    pub fn shown(&self) -> String {
        self.shown.clone()
    }

    fn is_local(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

pub struct Smtp {
    server: SmtpServer,
    name: ClientId,
    open: Option<AsyncSmtpConnection>,
}

type Step<T> = Result<T, lettre::transport::smtp::Error>;

impl Smtp {
    /// `host`: how this service introduces itself.
    pub fn new(server: SmtpServer, host: &str) -> Self {
        Self { server, name: ClientId::Domain(host.to_owned()), open: None }
    }

    pub async fn send(&mut self, letter: &Letter) -> Outcome {
        let mut conversation = match self.conversation().await {
            Ok(conversation) => conversation,
            Err(why) => return Outcome::Kept(Kept::Unreachable(why)),
        };
        let outcome = hand_over(&mut conversation, letter).await;
        if outcome == Outcome::Sent {
            self.open = Some(conversation);
        } else {
            // Whatever state the server is in, the next mail begins afresh.
            let _ = tokio::time::timeout(Duration::from_secs(5), conversation.abort()).await;
        }
        outcome
    }

    /// Says goodbye when nothing is left to send.
    pub async fn rest(&mut self) {
        if let Some(mut conversation) = self.open.take() {
            let _ = tokio::time::timeout(Duration::from_secs(5), conversation.quit()).await;
        }
    }

    /// The open conversation, if the server is still there, or a new one.
    async fn conversation(&mut self) -> Result<AsyncSmtpConnection, String> {
        if let Some(mut open) = self.open.take()
            && tokio::time::timeout(STEP, open.test_connected()).await == Ok(true)
        {
            return Ok(open);
        }
        // One bound for the whole greeting, however slowly its parts come.
        match tokio::time::timeout(STEP, self.connect()).await {
            Ok(connected) => connected,
            Err(_) => Err(format!("{}:{} did not greet within a minute", self.server.host, self.server.port)),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let server = &self.server;
        let host = server.host.trim_matches(['[', ']']).to_owned();
        let tls = || TlsParameters::new(host.clone()).map_err(told);
        let implicit = if server.implicit { Some(tls()?) } else { None };
        let at = (host.as_str(), server.port);
        let mut conversation = AsyncSmtpConnection::connect_tokio1(at, Some(Duration::from_secs(20)), &self.name, implicit, None)
            .await
            .map_err(told)?;
        if conversation.can_starttls() {
            conversation.starttls(tls()?, &self.name).await.map_err(told)?;
        }
        if let Some(credentials) = &server.credentials {
            if !conversation.is_encrypted() && !server.is_local() {
                conversation.abort().await;
                return Err("the mail server offers no encryption, and a password is not sent without: use smtps://".into());
            }
            // A refused password concerns all mails and can be mended: none of them is given up for it.
            conversation.auth(DEFAULT_MECHANISMS, credentials).await.map_err(told)?;
        }
        Ok(conversation)
    }
}

async fn hand_over(conversation: &mut AsyncSmtpConnection, letter: &Letter) -> Outcome {
    let mut parameters = Vec::new();
    let international =
        letter.envelope.from().into_iter().chain(letter.envelope.to()).any(|address| !address.to_string().is_ascii());
    if international {
        if !conversation.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Outcome::Kept(Kept::ForEver("the mail server takes no addresses beyond ASCII".into()));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !letter.bytes.is_ascii() && conversation.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    if let Err(kept) = before(conversation.command(Mail::new(letter.envelope.from().cloned(), parameters))).await {
        return Outcome::Kept(kept);
    }
    for recipient in letter.envelope.to() {
        if let Err(kept) = before(conversation.command(Rcpt::new(recipient.clone(), Vec::new()))).await {
            return Outcome::Kept(kept);
        }
    }
    if let Err(kept) = before(conversation.command(Data)).await {
        return Outcome::Kept(kept);
    }
    match tokio::time::timeout(CONTENT, conversation.message(&letter.bytes)).await {
        Ok(Ok(_)) => Outcome::Sent,
        Ok(Err(error)) if error.is_permanent() => Outcome::Kept(Kept::ForEver(told(error))),
        Ok(Err(error)) if error.is_transient() => Outcome::Kept(Kept::Later(told(error))),
        Ok(Err(error)) => Outcome::Uncertain(told(error)),
        Err(_) => Outcome::Uncertain("no answer to the content within ten minutes".into()),
    }
}

/// A step before the content: whatever goes wrong, the mail did not leave.
async fn before<T>(step: impl Future<Output = Step<T>>) -> Result<T, Kept> {
    match tokio::time::timeout(STEP, step).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) if error.is_permanent() => Err(Kept::ForEver(told(error))),
        Ok(Err(error)) => Err(Kept::Later(told(error))),
        Err(_) => Err(Kept::Later("no answer within a minute".into())),
    }
}

fn told(error: lettre::transport::smtp::Error) -> String {
    crate::Failure::from(error).0
}
