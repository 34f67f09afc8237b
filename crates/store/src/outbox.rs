//! What leaves the house. A row is written in the transaction of the change it tells of, unique on (event, recipient,
//! channel); it is claimed before it is sent, and a claim without an end is never sent again by itself: never twice.

use domain::moment::{MINUTE, Moment};
use serde_json::Value;

use crate::Result;
use crate::conn::Conn;
use crate::tx::Tx;

#[derive(Clone, Debug)]
pub struct Mail {
    pub id: i64,
    /// What it tells of, unique with recipient: `submit_response:<submission>`.
    pub event: String,
    pub recipient: String,
    /// The code of its subject and text in the catalogue.
    pub template: &'static str,
    pub params: Value,
    /// When it may leave; `None`: at once.
    pub due_at: Option<Moment>,
}

/// A claimed row.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Outgoing {
    pub id: i64,
    pub recipient: String,
    pub template: String,
    pub params: String,
    pub attempts: i64,
}

/// After this many refusals by the mail server a row is given up and shows in the log.
const MOST_ATTEMPTS: i64 = 10;

impl Tx {
    /// Writes what the batch's verbs mail.
    pub(crate) async fn insert_mails(&mut self) -> Result<()> {
        let mails = std::mem::take(&mut self.mails);
        if mails.is_empty() {
            return Ok(());
        }
        let now = self.now().await?;
        insert_all!(
            self,
            "insert into outbox (id, event, recipient, channel, template, params, created_at, due_at)
             values ($1, $2, $3, 'mail', $4, $5, $6, $7) on conflict (event, recipient, channel) do nothing",
            mails,
            |mail| mail.id,
            mail.event.as_str(),
            mail.recipient.as_str(),
            mail.template,
            mail.params.to_string(),
            now.micros(),
            mail.due_at.unwrap_or(now).micros()
        );
        Ok(())
    }

    /// Takes up to `most` rows that are due. Compare-and-set: of two nodes one gets a row.
    pub async fn claim_mail(&mut self, most: i64) -> Result<Vec<Outgoing>> {
        let now = self.now().await?;
        let due = rows!(
            self,
            Outgoing,
            "select id, recipient, template, params, attempts from outbox
             where sent_at is null and failed_at is null and claimed_at is null and due_at <= $1 order by due_at, id limit $2",
            now.micros(),
            most
        )?;
        let mut claimed = Vec::new();
        for mail in due {
            let got = exec!(
                self,
                "update outbox set claimed_at = $2, attempts = attempts + 1 where id = $1 and claimed_at is null and sent_at is null",
                mail.id,
                now.micros()
            )?;
            if got == 1 {
                claimed.push(mail);
            }
        }
        self.leave_no_entry();
        Ok(claimed)
    }

    /// The one-time links that a mail may hold are dropped with the rest of its parameters.
    pub async fn mail_sent(&mut self, id: i64) -> Result<()> {
        let now = self.now().await?;
        exec!(self, "update outbox set sent_at = $2, params = '{}', last_error = null where id = $1", id, now.micros())?;
        self.leave_no_entry();
        Ok(())
    }

    /// The server refused it or could not be reached, so it certainly did not leave: due again later, each time after longer.
    pub async fn mail_failed(&mut self, mail: &Outgoing, why: &str, for_ever: bool) -> Result<()> {
        let now = self.now().await?;
        let attempts = mail.attempts + 1;
        let wait = MINUTE << attempts.min(9);
        let given_up = (for_ever || attempts >= MOST_ATTEMPTS).then_some(now.micros());
        exec!(
            self,
            "update outbox set claimed_at = null, due_at = $2, last_error = $3, failed_at = $4 where id = $1",
            mail.id,
            now.plus(wait).micros(),
            why,
            given_up
        )?;
        self.leave_no_entry();
        Ok(())
    }
}

impl Conn {
    /// Mail not sent yet, and mail given up.
    pub async fn outbox_counts(&mut self) -> Result<(i64, i64)> {
        let counts = row!(
            self,
            (i64, i64),
            "select count(case when failed_at is null then 1 end), count(failed_at) from outbox where sent_at is null"
        )?;
        Ok(counts.unwrap_or_default())
    }
}
