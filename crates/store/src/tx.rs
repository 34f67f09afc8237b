//! One write transaction as a verb sees it: facts, changes, and what is to be recorded, followed and sent because of them.

use std::ops::{Deref, DerefMut};

use domain::moment::Moment;
use domain::policy::{Permit, Refused, Subject, Verb};

use crate::conn::Conn;
use crate::outbox::Mail;
use crate::{Error, Result};

/// What a verb adds to the record; position and hashes come with the batch.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    pub(crate) at: Moment,
    pub(crate) user_id: Option<i64>,
    pub(crate) acting_as: Option<i64>,
    pub(crate) verb: &'static str,
    pub(crate) subject: Subject,
    pub(crate) outcome: &'static str,
    pub(crate) digest: Option<Vec<u8>>,
    pub(crate) counted: i64,
}

/// A document or page that changes, and from when it does.
#[derive(Clone, Debug)]
pub(crate) struct NewChange {
    pub(crate) kind: &'static str,
    pub(crate) id: i64,
    pub(crate) due_at: Option<Moment>,
}

pub struct Tx {
    pub(crate) conn: Conn,
    pub(crate) entries: Vec<NewEntry>,
    pub(crate) changes: Vec<NewChange>,
    pub(crate) mails: Vec<Mail>,
    pub(crate) quiet: bool,
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    pub(crate) fn new(conn: Conn) -> Self {
        Self { conn, entries: Vec::new(), changes: Vec::new(), mails: Vec::new(), quiet: false }
    }

    /// A permit counts only in the transaction whose facts it was decided on.
    pub(crate) fn accept<V: Verb>(&self, permit: &Permit<V>) -> Result<()> {
        if permit.brand() == self.conn.brand() { Ok(()) } else { Err(Error::ForeignPermit) }
    }

    /// Records what a permit allowed, on the permit's own subject.
    pub fn record<V: Verb>(&mut self, permit: &Permit<V>, digest: Option<Vec<u8>>) -> Result<()> {
        self.record_on(permit, permit.subject(), digest)
    }

    /// Records that something was read which is closed to most for most of the time.
    pub fn note_reading<V: Verb>(&mut self, permit: &Permit<V>) -> Result<()> {
        self.record(permit, None)
    }

    /// Records on the thing that was made, where the permit could not know its id.
    pub fn record_on<V: Verb>(&mut self, permit: &Permit<V>, subject: Subject, digest: Option<Vec<u8>>) -> Result<()> {
        self.accept(permit)?;
        self.entries.push(NewEntry {
            at: permit.now(),
            user_id: permit.user().map(|user| user.get()),
            acting_as: permit.acting_as(),
            verb: V::NAME,
            subject,
            outcome: "done",
            digest,
            counted: 1,
        });
        Ok(())
    }

    /// Records something that a person does to the own account, for which there is nothing to permit.
    pub async fn record_account(&mut self, verb: &'static str, user: i64) -> Result<()> {
        let at = self.now().await?;
        let subject = Subject { kind: "user", id: user };
        self.entries.push(NewEntry {
            at,
            user_id: Some(user),
            acting_as: None,
            verb,
            subject,
            outcome: "done",
            digest: None,
            counted: 1,
        });
        Ok(())
    }

    /// Records what the service does by itself, or whoever runs it by a command: there is no person to permit.
    pub async fn record_service(&mut self, verb: &'static str, subject: Subject, digest: Option<Vec<u8>>) -> Result<()> {
        let at = self.now().await?;
        self.entries.push(NewEntry { at, user_id: None, acting_as: None, verb, subject, outcome: "done", digest, counted: 1 });
        Ok(())
    }

    pub(crate) async fn record_refusal(
        &mut self,
        refused: &Refused,
        user: Option<i64>,
        acting_as: Option<i64>,
        counted: i64,
    ) -> Result<()> {
        let at = self.now().await?;
        self.entries.push(NewEntry {
            at,
            user_id: user,
            acting_as,
            verb: refused.verb,
            subject: refused.subject,
            outcome: refused.why.code(),
            digest: None,
            counted,
        });
        Ok(())
    }

    /// Says that a document or page changes, at once or when `due_at` comes.
    pub fn changed(&mut self, kind: &'static str, id: i64, due_at: Option<Moment>) {
        self.changes.push(NewChange { kind, id, due_at });
    }

    /// Mail in the transaction of the change it tells of: sent once, if this commits.
    pub fn mail(&mut self, mail: Mail) {
        self.mails.push(mail);
    }

    /// This verb leaves no entry on purpose: sessions seen, links used, drafts saved.
    pub fn leave_no_entry(&mut self) {
        self.quiet = true;
    }

    /// It wrote, sent or announced something and left no entry: the change log shares the record's positions, so a change
    /// always has one, even of a verb that is quiet otherwise.
    pub(crate) fn unrecorded(&self) -> bool {
        let wrote = (self.conn.writes > 0 || !self.mails.is_empty()) && !self.quiet;
        self.entries.is_empty() && (wrote || !self.changes.is_empty())
    }

    /// Statements so far in this transaction, the batch's own included.
    pub fn statements(&self) -> u32 {
        self.conn.statements
    }

    /// The answer that an irreversible post with this key was given before, if it was.
    pub async fn answered(&mut self, user: i64, verb: &str, key: &str) -> Result<Option<String>> {
        let found = row!(
            self,
            (String,),
            "select answer from idempotency where user_id = $1 and verb = $2 and key = $3",
            user,
            verb,
            key
        )?;
        Ok(found.map(|(answer,)| answer))
    }

    /// Gives an irreversible post its answer, before its verb is run: with the verb it is undone. `Some`: what the post with
    /// this key was answered before, by another node or at the same time too.
    pub async fn answer_once(&mut self, user: i64, verb: &str, key: &str, answer: &str) -> Result<Option<String>> {
        let now = self.now().await?;
        let fresh = exec!(
            self,
            "insert into idempotency (user_id, verb, key, answer, at) values ($1, $2, $3, $4, $5)
             on conflict (user_id, verb, key) do nothing",
            user,
            verb,
            key,
            answer,
            now.micros()
        )?;
        if fresh == 1 { Ok(None) } else { self.answered(user, verb, key).await }
    }

    pub async fn set_meta(&mut self, name: &str, value: &str) -> Result<()> {
        exec!(
            self,
            "insert into meta (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
            name,
            value
        )?;
        Ok(())
    }
}
