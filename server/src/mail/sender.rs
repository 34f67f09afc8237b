//! The job: claims, sends, writes down what became of it.

use std::time::Duration;

use app::{MailReader, mail_text};
use domain::ids;
use lettre::message::Mailbox;
use store::Outgoing;
use tokio::sync::watch;
use tokio::time::Instant;
use workflow::notice::{Post, compose};
use workflow::{Desk, Error, Result};

use super::{Folder, Kept, Letter, Outcome, Smtp};
use crate::settings::Settings;

pub enum Way {
    Smtp(Box<Smtp>),
    Folder(Folder),
}

/// How long each mail waits while submissions come.
const GIVES_WAY: Duration = Duration::from_millis(250);

pub struct Sender {
    desk: Desk,
    way: Way,
    from: Mailbox,
    host: String,
    /// The mail server could not be reached: no row is claimed (and no attempt counted) before this instant.
    pause: Option<(Instant, Duration)>,
}

impl Sender {
    pub fn new(desk: Desk, settings: &Settings) -> Self {
        let way = match &settings.smtp {
            Some(server) => Way::Smtp(Box::new(Smtp::new(server.clone(), &settings.host))),
            None => Way::Folder(Folder(settings.mail_folder())),
        };
        Self { desk, way, from: settings.mail_from.clone(), host: settings.host.clone(), pause: None }
    }

    /// Until told to stop, and then not before the mail in hand is settled.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut head = self.desk.store.watch_head();
        loop {
            while !*stop.borrow() {
                // A mail costs as much as several submissions, and is as good a moment later; but it never waits for their end.
                if self.desk.submissions_come() {
                    tokio::time::sleep(GIVES_WAY).await;
                }
                match self.once().await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(error) => {
                        tracing::error!(%error, "the outbox could not be read or written; trying again");
                        tokio::time::sleep(Duration::from_secs(2)).await;
                        break;
                    }
                }
            }
            if let Way::Smtp(smtp) = &mut self.way {
                smtp.rest().await;
            }
            // Woken by this node's writes, and each second for what falls due or was written elsewhere.
            tokio::select! {
                stopped = stop.wait_for(|stop| *stop) => { let _ = stopped; return }
                changed = head.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
            }
        }
    }

    /// Sends at most one mail; whether there may be more to do at once.
    pub async fn once(&mut self) -> Result<bool> {
        if self.pause.is_some_and(|(until, _)| Instant::now() < until) {
            return Ok(false);
        }
        let claimed = self.desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(1).await?) })).await?;
        let Some(mail) = claimed.into_iter().next() else { return Ok(false) };
        let outcome = match self.letter(&mail).await? {
            Ok(Some(letter)) => match &mut self.way {
                Way::Smtp(smtp) => smtp.send(&letter).await,
                Way::Folder(folder) => folder.send(letter).await,
            },
            Ok(None) => Outcome::Silent,
            Err(why) => Outcome::Kept(Kept::ForEver(why)),
        };
        self.settle(mail, outcome).await
    }

    /// `None`: nothing is left to say. `Err`: why this row can never be a letter.
    async fn letter(&self, mail: &Outgoing) -> Result<Result<Option<Letter>, String>> {
        let post = match compose(&self.desk, mail).await {
            Ok(Post::Silent) => return Ok(Ok(None)),
            Ok(post) => post,
            Err(Error::Broken(why)) => return Ok(Err(why)),
            Err(error) => return Err(error),
        };
        let reader = self.desk.store.read().await?.user_by_email(&mail.recipient).await?;
        let (lang, zone) = reader.map_or_else(|| ("en".into(), "UTC".into()), |user| (user.lang, user.zone));
        let reader = MailReader { lang: &lang, zone: &zone, base_url: &self.desk.base_url };
        Ok(match mail_text(&post, &reader) {
            Some(text) => Letter::write(mail, text, &self.from, &self.host, self.desk.store.now()).map(Some),
            None => Err(format!("there is no text for the template {}", mail.template)),
        })
    }

    /// The log names rows, not people: replies of mail servers repeat addresses, so they go to the row alone.
    async fn settle(&mut self, mail: Outgoing, outcome: Outcome) -> Result<bool> {
        let (id, template, attempt) = (ids::to_text(mail.id), mail.template.clone(), mail.attempts + 1);
        let (why, for_ever) = match outcome {
            Outcome::Sent => {
                self.pause = None;
                let row = mail.id;
                self.desk.store.write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.mail_sent(row).await?) })).await?;
                tracing::info!(mail = id, template, "sent");
                return Ok(true);
            }
            Outcome::Silent => {
                let row = mail.id;
                self.desk.store.write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.mail_sent(row).await?) })).await?;
                tracing::info!(mail = id, template, "nothing left to say: not sent");
                return Ok(true);
            }
            Outcome::Uncertain(why) => {
                tracing::error!(
                    mail = id,
                    template,
                    why,
                    "uncertain: the mail server had the whole mail and gave no answer. It is not sent again; ask its recipient"
                );
                return Ok(true);
            }
            Outcome::Kept(Kept::Unreachable(why)) => {
                let wait = self.pause.map_or(Duration::from_secs(5), |(_, wait)| (wait * 2).min(Duration::from_secs(300)));
                self.pause = Some((Instant::now() + wait, wait));
                tracing::warn!(mail = id, template, why, "mail cannot be sent; trying again in {} s", wait.as_secs());
                (why, false)
            }
            Outcome::Kept(Kept::Later(why)) => {
                tracing::warn!(mail = id, template, attempt, "not taken yet; the reason is in the row's last_error");
                (why, false)
            }
            Outcome::Kept(Kept::ForEver(why)) => {
                tracing::error!(mail = id, template, "refused for ever; the reason is in the row's last_error");
                (why, true)
            }
        };
        self.desk
            .store
            .write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.mail_failed(&mail, &why, for_ever).await?) }))
            .await?;
        Ok(true)
    }
}
