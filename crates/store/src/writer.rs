//! The store and its one writer a node: verbs that wait are run in one transaction, a savepoint each, and answered after
//! the commit, so that many share one fsync. On PostgreSQL lots that are many verbs already are written beside it, as by other
//! nodes.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::audit::{Anchors, Broken};
use domain::moment::Moment;
use domain::organisation::Actor;
use domain::policy::{Refusal, Refused, Subject};
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot, watch};

use crate::chain::Head;
use crate::clock::{Clock, EVERY, Here};
use crate::conn::{Conn, Link};
use crate::lookup::Lookups;
use crate::migrate::{migrate, plain};
use crate::pools::{Options, Pools, TEND};
use crate::tx::Tx;
use crate::{Error, Result, Work};

/// Most verbs in one transaction: bounds how long the first waits for the last.
const BATCH: usize = 64;

/// A stamp waits so long for the database's clock.
const PATIENCE: Duration = Duration::from_secs(3);

type Answer = Box<dyn FnOnce(Result<(), String>) + Send>;

struct Verdict {
    keep: bool,
    answer: Answer,
}

type Job = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Verdict> + Send>;

/// Cheap to clone; closes when the last clone is dropped.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pools: Pools,
    clock: Arc<Clock>,
    jobs: mpsc::Sender<Job>,
    lookups: Lookups,
    head: watch::Sender<i64>,
    /// What `public_position` answers where this node alone writes.
    public_position: AtomicI64,
    /// Held by whoever reads the database's clock because its stamp needs it.
    measuring: tokio::sync::Mutex<()>,
    /// Refusals of visitors on sealed subjects, summed until the next minute.
    refused: Mutex<HashMap<Attempt, i64>>,
}

/// Who is refused what counts as one row a minute.
type Attempt = (&'static str, Subject, Refusal);

impl Store {
    /// Opens, migrates and starts the writer. Durability is asserted on every connection, not assumed.
    pub async fn open(options: &Options) -> Result<Self> {
        let pools = Pools::open(options).await?;
        let clock = Arc::new(Clock::default());
        let mut conn = Conn::new(pools.write().await?, clock.clone());
        migrate(&mut conn).await?;
        let head = conn.head().await?;
        clock.not_behind(head.at.micros());
        if matches!(conn.meta("kind").await?.as_deref(), Some("test" | "demo")) {
            let offset = conn.meta("clock_offset").await?.and_then(|text| text.parse().ok()).unwrap_or(0);
            clock.set_offset(offset);
        }
        // Twice: the first time the statement is prepared too.
        for _ in 0..2 {
            conn.measure_clock().await?;
        }
        drop(conn);
        let (jobs, queue) = mpsc::channel(4096);
        let inner = Arc::new(Inner {
            pools,
            clock,
            jobs,
            lookups: Lookups::default(),
            head: watch::Sender::new(head.position),
            public_position: AtomicI64::new(head.public_position),
            measuring: tokio::sync::Mutex::default(),
            refused: Mutex::default(),
        });
        tokio::spawn(run(Arc::downgrade(&inner), queue));
        tokio::spawn(tend(Arc::downgrade(&inner)));
        if matches!(inner.pools, Pools::Postgres { .. }) {
            tokio::spawn(keep_time(Arc::downgrade(&inner)));
        }
        Ok(Self(inner))
    }

    pub(crate) fn lookups(&self) -> &Lookups {
        &self.0.lookups
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Conn> {
        Ok(Conn::new(self.0.pools.read().await?, self.0.clock.clone()))
    }

    /// The same for lots: by few connections, because what is asked for a lot has a text for each of its lengths, which each
    /// connection prepares. On PostgreSQL they are those that write it.
    pub async fn read_beside(&self) -> Result<Conn> {
        Ok(Conn::new(self.0.pools.beside().await?, self.0.clock.clone()))
    }

    /// Runs one verb in the writer's next transaction and answers after its commit. A refusal or error undoes what the verb
    /// did and nothing else.
    pub async fn write<T, E, F>(&self, verb: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (job, told) = job(verb);
        self.0.jobs.send(job).await.map_err(|_| Error::Closed)?;
        // Dropped without an answer: the batch broke before this verb's turn came, or the writer has ended.
        told.await
            .map_err(|_| if self.0.jobs.is_closed() { Error::Closed } else { Error::Batch("its turn never came".into()) })?
    }

    /// The same beside the writer, where the database takes several at once: for a verb that is a lot of posts by itself. It
    /// gives up where it meets a lock that is held for long: only for what can be done again by [`Store::write`].
    pub async fn write_beside<T, E, F>(&self, verb: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if matches!(self.0.pools, Pools::Sqlite { .. }) {
            return self.write(verb).await;
        }
        let link = self.0.pools.beside().await?;
        let (job, told) = job(verb);
        let inner = self.0.clone();
        // A task of its own: whoever asked may go away, a transaction is ended one way or the other.
        tokio::spawn(async move {
            if let Err(error) = commit(&inner, link, vec![job]).await {
                // It gave way: whoever asked does it again.
                tracing::debug!(%error, "a lot was not committed");
            }
        });
        told.await.map_err(|_| Error::Batch("the writer beside ended".into()))?
    }

    /// The last committed position of the record that this node wrote or found: wakes whoever follows the change log.
    pub fn watch_head(&self) -> watch::Receiver<i64> {
        self.0.head.subscribe()
    }

    /// The last entry of the record that may have altered a page which everybody can read: while it stands, and no instant comes
    /// at which a page alters by itself, such a page is the same. Where other nodes write too, the database is asked.
    pub async fn public_position(&self) -> Result<i64> {
        match self.public_position_here() {
            Some(position) => Ok(position),
            None => Ok(self.read().await?.head().await?.public_position),
        }
    }

    /// The same without waiting, where this node alone writes.
    pub fn public_position_here(&self) -> Option<i64> {
        matches!(self.0.pools, Pools::Sqlite { .. }).then(|| self.0.public_position.load(Ordering::Acquire))
    }

    /// This node's reading of the time, with the offset, for reads that need no database. Where the database has a clock of its own it is
    /// that one's, as it was measured last, and never moves it.
    pub fn now(&self) -> Moment {
        Moment(match &self.0.pools {
            Pools::Sqlite { .. } => self.0.clock.absorb(Clock::machine()),
            Pools::Postgres { .. } => self.0.clock.beside(Here::now()),
        })
    }

    /// The instant at which this is called, for stamps of receipt: the database's time, whatever this machine's clock says. Asks nobody as
    /// long as the last measurement holds. Where it does not (the clock was set, the machine slept, the database was away) the database's
    /// clock is read first, and the stamp is still of when this was called. If that fails too it is the latest that it can have been.
    pub async fn received(&self) -> Moment {
        if matches!(self.0.pools, Pools::Sqlite { .. }) {
            return self.now();
        }
        let (clock, here) = (&self.0.clock, Here::now());
        if !clock.is_sure(here) {
            let _one = self.0.measuring.lock().await;
            // Whoever was here before may have done it for all who waited.
            if !clock.is_sure(Here::now()) {
                match tokio::time::timeout(PATIENCE, self.drift()).await {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => tracing::warn!(%error, "the database's clock was not read for a stamp"),
                    Err(_) => tracing::warn!("the database's clock did not answer for a stamp"),
                }
            }
        }
        Moment(clock.beside(here))
    }

    /// How far this machine's clock is from the database's, in microseconds; zero on SQLite, whose clock it is. What is stamped from now on
    /// goes by what was read.
    pub async fn drift(&self) -> Result<i64> {
        self.read().await?.measure_clock().await
    }

    /// Shifts the clock of an installation made as test or demo; refused in any other.
    pub async fn set_clock_offset(&self, micros: i64) -> Result<()> {
        self.write(move |tx| {
            Box::pin(async move {
                if !matches!(tx.meta("kind").await?.as_deref(), Some("test" | "demo")) {
                    return Err(Error::Settings("the clock moves only in a test or demo installation".into()));
                }
                tx.set_meta("clock_offset", &micros.to_string()).await?;
                tx.leave_no_entry();
                Ok(())
            })
        })
        .await?;
        self.0.clock.set_offset(micros);
        Ok(())
    }

    pub fn clock_offset(&self) -> i64 {
        self.0.clock.offset()
    }

    /// An attempt on a sealed subject: a signed-in person's at once, a visitor's summed per minute.
    pub async fn record_refusal(&self, actor: &Actor, refused: Refused) -> Result<()> {
        let Some(user) = actor.user() else {
            if let Ok(mut sums) = self.0.refused.lock() {
                *sums.entry((refused.verb, refused.subject, refused.why)).or_insert(0) += 1;
            }
            return Ok(());
        };
        let acting_as = actor.acting_as().map(|acting| acting.organisation.get());
        self.write(move |tx| Box::pin(async move { tx.record_refusal(&refused, Some(user.get()), acting_as, 1).await })).await
    }

    /// Writes the sums of visitors' refusals; called each minute and before the end.
    pub async fn flush_refusals(&self) -> Result<()> {
        let sums = self.0.refused.lock().map(|mut sums| std::mem::take(&mut *sums)).unwrap_or_default();
        if sums.is_empty() {
            return Ok(());
        }
        let taken = sums.clone();
        let written = self
            .write(move |tx| {
                Box::pin(async move {
                    for ((verb, subject, why), counted) in taken {
                        let refused = Refused { why, verb, subject, sealed: true };
                        tx.record_refusal(&refused, None, None, counted).await?;
                    }
                    Ok(())
                })
            })
            .await;
        if written.is_err()
            && let Ok(mut waiting) = self.0.refused.lock()
        {
            // Attempts are not forgotten because the database was away: they wait for the next minute.
            sums.into_iter().for_each(|(attempt, counted)| *waiting.entry(attempt).or_insert(0) += counted);
        }
        written
    }

    pub async fn verify_record(&self) -> Result<(Head, Option<Broken>)> {
        self.verify_record_against(&Anchors::new()).await
    }

    /// The same against what others keep of the record.
    pub async fn verify_record_against(&self, anchors: &Anchors) -> Result<(Head, Option<Broken>)> {
        let verified = self.read().await?.verify_record(anchors).await?;
        Ok((verified.head, verified.broken))
    }

    /// Ends once all connections are closed.
    pub async fn close(&self) {
        self.0.pools.close().await;
    }
}

/// A verb as the writer runs it, and where its outcome comes.
fn job<T, E, F>(verb: F) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    F: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (tell, told) = oneshot::channel::<Result<T, E>>();
    let job: Job = Box::new(move |tx: &mut Tx| {
        Box::pin(async move {
            let outcome = match AssertUnwindSafe(verb(tx)).catch_unwind().await {
                Ok(Ok(_)) if tx.unrecorded() => Err(Error::Unrecorded.into()),
                Ok(outcome) => outcome,
                Err(_) => Err(Error::Panicked.into()),
            };
            let keep = outcome.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let outcome = match (committed, outcome) {
                    (Err(why), Ok(_)) => Err(Error::Batch(why).into()),
                    (_, outcome) => outcome,
                };
                let _ = tell.send(outcome);
            });
            Verdict { keep, answer }
        })
    });
    (job, told)
}

/// Brings SQLite's log into its file, beside the writer and while it rests: both wait for the same disk.
async fn tend(inner: std::sync::Weak<Inner>) {
    let mut before = 0;
    loop {
        tokio::time::sleep(TEND).await;
        let Some(inner) = inner.upgrade() else { break };
        let position = *inner.head.borrow();
        let rests = std::mem::replace(&mut before, position) == position;
        if !inner.pools.tend(rests).await {
            break;
        }
    }
}

/// Reads the database's clock again and again, for stamps.
async fn keep_time(inner: std::sync::Weak<Inner>) {
    loop {
        tokio::time::sleep(EVERY).await;
        let Some(inner) = inner.upgrade() else { break };
        match Store(inner).drift().await {
            Ok(_) => {}
            Err(Error::Database(sqlx::Error::PoolClosed)) => break,
            Err(error) => tracing::warn!(%error, "the database's clock was not read"),
        }
    }
}

async fn run(inner: std::sync::Weak<Inner>, mut queue: mpsc::Receiver<Job>) {
    while let Some(first) = queue.recv().await {
        let mut jobs = vec![first];
        while jobs.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => jobs.push(job),
                Err(_) => break,
            }
        }
        // Whoever waits holds the store; with none left there is nobody to answer.
        let Some(inner) = inner.upgrade() else { break };
        match inner.pools.write().await {
            Ok(link) => {
                if let Err(error) = commit(&inner, link, jobs).await {
                    tracing::error!(%error, "a batch was not committed");
                }
            }
            Err(error) => tracing::error!(%error, "a batch has no connection"),
        }
    }
}

/// One transaction, told to whoever follows and then to those who asked.
async fn commit(inner: &Inner, link: Link, jobs: Vec<Job>) -> Result<()> {
    let mut answers = Vec::with_capacity(jobs.len());
    let outcome = batch(inner, link, jobs, &mut answers).await;
    if let Ok(Some(head)) = &outcome {
        inner.clock.not_behind(head.at.micros());
        // Before anybody is answered: who has been told of a change sees it.
        inner.public_position.fetch_max(head.public_position, Ordering::AcqRel);
        // What was committed beside this may have been told before.
        inner.head.send_if_modified(|told| {
            let later = head.position > *told;
            *told = head.position.max(*told);
            later
        });
    }
    let committed = outcome.as_ref().map(drop).map_err(|error| error.to_string());
    for answer in answers {
        answer(committed.clone());
    }
    outcome.map(drop)
}

/// A lone verb needs no savepoint: undoing it undoes the transaction.
async fn batch(inner: &Inner, link: Link, jobs: Vec<Job>, answers: &mut Vec<Answer>) -> Result<Option<Head>> {
    let mut tx = Tx::new(Conn::new(link, inner.clock.clone()));
    let begin = if tx.is_postgres() { "begin" } else { "begin immediate" };
    plain(&mut tx, begin).await?;
    match verbs(&mut tx, jobs, answers).await {
        Ok(head) => Ok(head),
        Err(error) => {
            let _ = plain(&mut tx, "rollback").await;
            Err(error)
        }
    }
}

async fn verbs(tx: &mut Tx, jobs: Vec<Job>, answers: &mut Vec<Answer>) -> Result<Option<Head>> {
    let alone = jobs.len() == 1;
    let mut kept = false;
    let mut mark = "savepoint verb";
    for job in jobs {
        // Its own lists while it runs, so that "recorded nothing" is about this verb.
        let earlier = (std::mem::take(&mut tx.entries), std::mem::take(&mut tx.changes), std::mem::take(&mut tx.mails));
        tx.quiet = false;
        tx.conn.next_verb();
        if !alone && !mark.is_empty() {
            plain(tx, mark).await?;
        }
        let verdict = job(tx).await;
        answers.push(verdict.answer);
        let own = (
            std::mem::replace(&mut tx.entries, earlier.0),
            std::mem::replace(&mut tx.changes, earlier.1),
            std::mem::replace(&mut tx.mails, earlier.2),
        );
        if verdict.keep {
            kept = true;
            tx.entries.extend(own.0);
            tx.changes.extend(own.1);
            tx.mails.extend(own.2);
            mark = "release savepoint verb; savepoint verb";
        } else if !alone {
            // The savepoint is still there, for the next verb; the last one's ends with the transaction.
            plain(tx, "rollback to savepoint verb").await?;
            mark = "";
        }
    }
    if !kept {
        plain(tx, "rollback").await?;
        return Ok(None);
    }
    let head = tx.append().await?;
    plain(tx, "commit").await?;
    Ok(head)
}
