//! Those who wait to be received are received together: what is read for them and written for them is a statement each for all,
//! so that the last minute costs little more than its bytes. Whatever is not plain about a post (refused, late, incomplete,
//! overtaken by a colleague) is left to be done alone, where it is told.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::challenge::Terms;
use domain::ids::{ChallengeId, ResponseId, RoundId, SubmissionId};
use domain::moment::Moment;
use lru::LruCache;
use store::{EnclosureRow, EnvelopeRow, SubmittingRow, TypedRow, WrittenRow};
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio::time::Instant;

use super::enclosing::enclosures_in;
use super::read::{DraftAnswer, lay_over};
use super::sealed::{Opened, Posted, Sealed, seal};
use super::submit::write_all;
use crate::sealing::{Key, answer_place, draft_place};
use crate::{Desk, Error, Result};

/// Most that are received at once: bounds how long the first waits for the last.
const MOST: usize = 64;
/// Fewer than these are not halved: a lot costs as much as some posts.
const FEWEST: usize = 8;
/// While one lot is written, the next is read and sealed.
const LOTS: usize = 2;
/// Published versions that are kept parsed: they never change.
const VERSIONS: NonZeroUsize = NonZeroUsize::new(64).unwrap();

/// Challenge, version, round's number, round's deadline: what the terms of a round depend on.
type Version = (i64, i64, i64, i64);

fn version_of(row: &SubmittingRow) -> Version {
    (row.challenge, row.version, row.number, row.deadline)
}

/// A lot that took longer than this to be written met something else: the next does not wait for half of it.
const LONGEST: Duration = Duration::from_millis(40);

/// So long after a submission others are expected.
const RUSH: Duration = Duration::from_millis(200);

impl Desk {
    /// Submissions come just now: what can wait gives way to them.
    pub fn submissions_come(&self) -> bool {
        self.inbox.busy()
    }
}

type Tell = oneshot::Sender<Option<SubmissionId>>;

/// Where posts wait.
pub(crate) struct Inbox {
    waiting: Mutex<Waiting>,
    lots: Semaphore,
    /// A lot has its answers.
    done: Notify,
    versions: Mutex<LruCache<Version, Arc<Terms>>>,
}

#[derive(Default)]
struct Waiting {
    posts: Vec<(Posted, Tell)>,
    /// When the last one came.
    came: Option<Instant>,
    /// How many are in lots that are under way.
    taken: usize,
    /// How long the writer had the last lot.
    took: Duration,
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            lots: Semaphore::new(LOTS),
            done: Notify::new(),
            versions: Mutex::new(LruCache::new(VERSIONS)),
        }
    }
}

impl Inbox {
    fn put(&self, posted: Posted) -> oneshot::Receiver<Option<SubmissionId>> {
        let (tell, told) = oneshot::channel();
        let mut waiting = self.lock();
        waiting.posts.push((posted, tell));
        waiting.came = Some(Instant::now());
        told
    }

    /// The next lot, first come first: of one response only one post, because the next is made of what it leaves. Half of all
    /// there are, so that one half is read and sealed while the other is written.
    fn next(&self) -> Vec<(Posted, Tell)> {
        let mut waiting = self.lock();
        let most = (waiting.posts.len() + waiting.taken).div_ceil(2).clamp(FEWEST, MOST);
        let mut seen = HashSet::new();
        let (lot, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut waiting.posts)
            .into_iter()
            .partition(|(posted, _)| seen.len() < most && seen.insert(posted.response));
        waiting.posts = rest;
        waiting.taken += lot.len();
        lot
    }

    /// Beside another lot the next would only wait for its turn: it waits for more to come instead, for half of the time that the
    /// last took to be written, so that it is read and sealed just when its turn comes. Alone it goes at once.
    async fn gather(&self) {
        let done = self.done.notified();
        let (taken, took) = {
            let waiting = self.lock();
            (waiting.taken, waiting.took)
        };
        if taken > 0 {
            let _ = tokio::time::timeout(took / 2, done).await;
        }
    }

    /// A lot of so many has its answers; the writer had it so long.
    fn give_back(&self, posts: usize, took: Option<Duration>) {
        {
            let mut waiting = self.lock();
            waiting.taken -= posts;
            waiting.took = took.map_or(waiting.took, |took| took.min(LONGEST));
        }
        self.done.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn busy(&self) -> bool {
        let came = self.lock().came;
        came.is_some_and(|came| came.elapsed() < RUSH)
    }

    fn version(&self, of: Version) -> Option<Arc<Terms>> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner).get(&of).cloned()
    }
}

/// `None`: not so; why is for whoever asks alone.
pub(super) async fn submit_together(desk: &Desk, posted: Posted) -> Option<SubmissionId> {
    let told = desk.inbox.put(posted);
    // Each post brings somebody who takes out a lot, so none is left; and the lot is received though its poster hangs up.
    tokio::spawn(receive(desk.clone()));
    told.await.ok().flatten()
}

async fn receive(desk: Desk) {
    let Ok(_turn) = desk.inbox.lots.acquire().await else { return };
    desk.inbox.gather().await;
    let (posts, tells): (Vec<Posted>, Vec<Tell>) = desk.inbox.next().into_iter().unzip();
    if posts.is_empty() {
        return;
    }
    let mut took = None;
    let received = received(&desk, posts, &mut took).await.unwrap_or_else(|error| {
        // Each is done again alone, and told.
        tracing::debug!(%error, "a lot was not received together");
        HashMap::new()
    });
    desk.inbox.give_back(tells.len(), took);
    for (at, tell) in tells.into_iter().enumerate() {
        let _ = tell.send(received.get(&at).copied());
    }
}

/// By the place in the lot. `took`: how long the writer had it.
async fn received(desk: &Desk, posts: Vec<Posted>, took: &mut Option<Duration>) -> Result<HashMap<usize, SubmissionId>> {
    let read = Read::of(desk, &posts).await?;
    let (places, sealed) = seal_all(desk, read, posts).await?;
    if sealed.is_empty() {
        return Ok(HashMap::new());
    }
    let write = desk.store.write_beside(move |tx| {
        Box::pin(async move {
            let outcomes = write_all(tx, sealed).await?;
            if !outcomes.iter().any(|outcome| matches!(outcome, Ok((_, false)))) {
                tx.leave_no_entry();
            }
            Ok::<_, Error>(outcomes)
        })
    });
    let begun = Instant::now();
    let outcomes = write.await?;
    *took = Some(begun.elapsed());
    let kept = places.into_iter().zip(outcomes).filter_map(|(at, outcome)| Some((at, outcome.ok()?.0)));
    Ok(kept.collect())
}

/// What is plain, sealed, by its place in the lot: on as many processors as there are, because the whole lot waits for it.
async fn seal_all(desk: &Desk, read: Read, posts: Vec<Posted>) -> Result<(Vec<usize>, Vec<(Posted, Sealed)>)> {
    let (read, mut posts) = (Arc::new(read), posts.into_iter().enumerate().peekable());
    let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = posts.len().div_ceil(processors).max(FEWEST);
    let mut parts = Vec::new();
    while posts.peek().is_some() {
        let part: Vec<(usize, Posted)> = posts.by_ref().take(share).collect();
        let (desk, read) = (desk.clone(), read.clone());
        parts.push(tokio::task::spawn_blocking(move || {
            let sealed = part.into_iter().filter_map(|(at, posted)| {
                let sealed = read.seal(&desk, &posted)?;
                Some((at, (posted, sealed)))
            });
            sealed.collect::<Vec<_>>()
        }));
    }
    let mut sealed = Vec::new();
    for part in parts {
        sealed.extend(part.await.map_err(|error| Error::Broken(error.to_string()))?);
    }
    Ok(sealed.into_iter().unzip())
}

/// What was read for a lot.
struct Read {
    rows: HashMap<ResponseId, SubmittingRow>,
    written: HashMap<i64, Vec<WrittenRow>>,
    /// Of drafts that were submitted before: their submissions, and the envelopes of the last one.
    made: HashMap<i64, Vec<TypedRow>>,
    envelopes: HashMap<i64, Vec<EnvelopeRow>>,
    held: HashMap<i64, Vec<EnclosureRow>>,
    addresses: HashMap<i64, Vec<String>>,
    versions: HashMap<Version, Arc<Terms>>,
}

impl Read {
    async fn of(desk: &Desk, posts: &[Posted]) -> Result<Self> {
        let mut conn = desk.store.read_beside().await?;
        let ids: Vec<ResponseId> = posts.iter().map(|posted| posted.response).collect();
        let rows = conn.submitting(&ids).await?;
        let drafts: Vec<(ResponseId, RoundId)> = rows.iter().map(|row| (ResponseId(row.id), RoundId(row.round))).collect();
        let suppliers: HashSet<i64> = rows.iter().map(|row| row.supplier).collect();
        let suppliers: Vec<i64> = suppliers.into_iter().collect();
        let written = by(conn.written(&drafts).await?, |row| row.response, |row| row);
        let again = rows.iter().filter(|row| row.last > 0);
        let again: Vec<(ResponseId, RoundId)> = again.map(|row| (ResponseId(row.id), RoundId(row.round))).collect();
        let made = by(conn.typed_with(&again).await?, |row| row.response, |row| row);
        let last: Vec<SubmissionId> =
            made.values().filter_map(|made| made.last()).map(|row| SubmissionId(row.submission)).collect();
        let envelopes = by(conn.envelopes_of(&last).await?, |row| row.response, |row| row);
        let held = by(conn.enclosures_of(&drafts).await?, |row| row.response, |row| row);
        let addresses = by(conn.addresses_of(&suppliers).await?, |row| row.0, |row| row.1);
        let mut versions = HashMap::new();
        for of in rows.iter().map(version_of) {
            if versions.contains_key(&of) {
                continue;
            }
            let terms = match desk.inbox.version(of) {
                Some(terms) => terms,
                None => {
                    let Some(terms) = conn.published_terms(ChallengeId(of.0), of.1).await? else { continue };
                    let number = u32::try_from(of.2).unwrap_or_default();
                    let terms = Arc::new(if number > 1 { terms.of_round(number, Some(Moment(of.3))) } else { terms });
                    let mut kept = desk.inbox.versions.lock().unwrap_or_else(PoisonError::into_inner);
                    kept.put(of, terms.clone());
                    terms
                }
            };
            versions.insert(of, terms);
        }
        let rows = rows.into_iter().map(|row| (ResponseId(row.id), row)).collect();
        Ok(Self { rows, written, made, envelopes, held, addresses, versions })
    }

    /// `None` for what is not plain.
    fn seal(&self, desk: &Desk, posted: &Posted) -> Option<Sealed> {
        let row = self.rows.get(&posted.response)?;
        let terms = self.versions.get(&version_of(row))?;
        let round_key = desk.keys.round_key(row.round, &row.round_key).ok()?;
        let draft_key = round_key.unwrap(&draft_place(row.id), &row.draft_key).ok()?;
        let held: Vec<&EnclosureRow> = self.held.get(&row.id).into_iter().flatten().collect();
        let opened = Opened {
            id: posted.response,
            round: RoundId(row.round),
            version: row.version,
            terms,
            reference: &row.reference,
            last: row.last,
            answers: self.answers(row, &draft_key, &round_key)?,
            files: enclosures_in(&draft_key, held.iter().copied()).ok()?,
            held,
            draft_key,
            round_key,
            addresses: self.addresses.get(&row.supplier).cloned().unwrap_or_default(),
            signed: None,
        };
        seal(desk, opened, posted).ok()
    }

    fn answers(&self, row: &SubmittingRow, draft_key: &Key, round_key: &Key) -> Option<BTreeMap<String, DraftAnswer>> {
        let mut answers = BTreeMap::new();
        for answer in self.written.get(&row.id).into_iter().flatten() {
            let plain = draft_key.open(&answer_place(row.id, row.round, &answer.question), &answer.sealed).ok()?;
            let (text, row_version) = (String::from_utf8_lossy(&plain).into_owned(), answer.row_version);
            answers
                .insert(answer.question.clone(), DraftAnswer { text, row_version, row: row_version, ..DraftAnswer::default() });
        }
        if let Some(made) = self.made.get(&row.id) {
            let envelopes = self.envelopes.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            lay_over(&mut answers, made, (round_key, RoundId(row.round)), envelopes).ok()?;
        }
        Some(answers)
    }
}

fn by<T, V>(rows: Vec<T>, key: impl Fn(&T) -> i64, value: impl Fn(T) -> V) -> HashMap<i64, Vec<V>> {
    let mut out: HashMap<i64, Vec<V>> = HashMap::new();
    for row in rows {
        out.entry(key(&row)).or_default().push(value(row));
    }
    out
}
