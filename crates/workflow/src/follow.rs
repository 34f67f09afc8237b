//! The index as a replica: it follows the change log from the position in its own last commit, and is made anew by a scan
//! where there is none. What a document says and who may find it is computed from the database at that moment, so a change
//! that falls due is a reason to look again, and nothing appears because a job ran or did not.

mod made;
mod organisation;

use std::collections::BTreeSet;
use std::time::Duration;

use domain::challenge::Terms;
use domain::ids::{ChallengeId, SolutionId};
use domain::moment::Moment;
use domain::money::Money;
use search::{Audience, Change, Document, Kind, Position};
use store::{ChallengeRow, Conn, EntryRow, PastRow, SolutionRow};

pub(crate) use self::made::made_of;
use crate::{Desk, Error, Result};

/// Changes taken in one commit of the index.
const MOST: i64 = 2_000;
/// Rows read at once by a scan.
const PAGE: i64 = 1_000;

/// Brings the index up to the change log once. Gives how many documents were written or removed.
pub async fn follow_once(desk: &Desk) -> Result<usize> {
    let Some(mut at) = desk.index.position() else { return reindex(desk, |_| {}).await };
    let mut conn = desk.store.read().await?;
    // Before the changes are read: all up to here are among them, because what commits takes the head last.
    let head = conn.head().await?.position;
    let now = conn.now().await?;
    let mut total = 0;
    // What was written since, by position. A batch shares one: it is taken whole or left for the next round.
    let mut most = MOST;
    loop {
        let mut rows = conn.changes_since(at.position, now.micros(), now, most).await?;
        let whole = (rows.len() as i64) < most;
        if let (false, Some((first, ..)), Some((last, ..))) = (whole, rows.first().cloned(), rows.last().cloned()) {
            if first == last {
                most *= 2;
                continue;
            }
            rows.retain(|(position, ..)| *position < last);
        }
        if let Some((position, ..)) = rows.last() {
            at.position = *position;
            total += apply(desk, &mut conn, rows, at, now).await?;
        }
        if whole {
            break;
        }
        most = MOST;
    }
    // What fell due since, by instant. Its rows lie anywhere in the log, so too many at once are taken in shorter spans; only
    // what falls due in one microsecond must be taken together.
    let (mut until, mut most) = (now.micros(), MOST);
    while at.due_until < now.micros() {
        let rows = conn.changes_since(i64::MAX, at.due_until, Moment(until), most).await?;
        let span = until - at.due_until;
        match ((rows.len() as i64) < most, span > 1) {
            (false, true) => until = at.due_until + span / 2,
            (false, false) => most *= 2,
            (true, _) => {
                at.due_until = until;
                if !rows.is_empty() {
                    total += apply(desk, &mut conn, rows, at, now).await?;
                }
                (until, most) = (now.micros(), MOST);
            }
        }
    }
    desk.followed.send_if_modified(|followed| *followed != i64::MAX && std::mem::replace(followed, head) < head);
    Ok(total)
}

async fn apply(desk: &Desk, conn: &mut Conn, rows: Vec<(i64, String, i64)>, at: Position, now: Moment) -> Result<usize> {
    let mut touched: BTreeSet<(Kind, i64)> = BTreeSet::new();
    let mut organisations: BTreeSet<i64> = BTreeSet::new();
    for (_, kind, id) in rows {
        if kind == "organisation" {
            organisations.insert(id);
        } else if let Some(kind) = kind_of(&kind) {
            touched.insert((kind, id));
        }
    }
    organisation::of_documents(conn, &touched, &mut organisations).await?;
    for id in organisations {
        if let Some(row) = conn.organisation(id).await? {
            touched.insert((organisation::kind(&row), id));
        }
    }
    let mut changes = Vec::with_capacity(touched.len());
    for (kind, id) in touched {
        changes.push(match document(conn, kind, id, now).await? {
            Some(document) => Change::Put(document),
            None => Change::Remove { kind, id },
        });
    }
    let (count, index) = (changes.len(), desk.index.clone());
    blocking(move || Ok(index.apply(changes, at)?)).await?;
    Ok(count)
}

/// Makes the index anew: notes the position, scans the tables, and is then followed from there.
pub async fn reindex(desk: &Desk, mut progress: impl FnMut(usize)) -> Result<usize> {
    let mut conn = desk.store.read().await?;
    let now = conn.now().await?;
    let at = Position { position: conn.head().await?.position, due_until: now.micros() };
    let mut bulk = desk.index.bulk();
    let mut count = 0;
    let mut after = 0;
    loop {
        let rows = conn.scan_challenges(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.challenge;
        for row in &rows {
            if let Some(document) = challenge_document(&mut conn, row, now).await? {
                bulk.put(document)?;
                count += 1;
            }
        }
        progress(count);
    }
    after = 0;
    loop {
        let rows = conn.scan_past(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        count += rows.len();
        for row in rows {
            bulk.put(past_document(row))?;
        }
        progress(count);
    }
    after = 0;
    loop {
        let rows = conn.scan_solutions(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        count += rows.len();
        for row in rows {
            bulk.put(solution_document(row))?;
        }
        progress(count);
    }
    after = 0;
    loop {
        let rows = conn.scan_library(after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.id;
        count += rows.len();
        for row in rows {
            bulk.put(entry_document(row)?)?;
        }
        progress(count);
    }
    after = 0;
    loop {
        let ids = conn.scan_organisations(after, PAGE).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for id in ids {
            if let Some(document) = organisation::document(&mut conn, id, now).await? {
                bulk.put(document)?;
                count += 1;
            }
        }
        progress(count);
    }
    drop(conn);
    blocking(move || Ok(bulk.finish(at)?)).await?;
    Ok(count)
}

/// How long what another node wrote, or time brought, waits at most to be looked for.
const TICK: Duration = Duration::from_millis(200);

/// While it lives, somebody follows.
struct Following<'a>(&'a Desk);

impl Drop for Following<'_> {
    fn drop(&mut self) {
        self.0.followed.send_replace(i64::MAX);
    }
}

/// Follows until the store closes: woken by this node's own writes at once, and often enough for those of other nodes and for
/// what falls due.
pub async fn follow(desk: Desk) {
    let mut head = desk.store.watch_head();
    let following = Following(&desk);
    following.0.followed.send_replace(0);
    loop {
        if let Err(error) = follow_once(&desk).await {
            tracing::error!(%error, "the index could not follow; trying again");
            // Lost under the running program: it is made anew at once.
            if desk.index.position().is_some() {
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
        tokio::select! {
            changed = head.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// How long a search waits for what its author wrote just before.
const PATIENCE: Duration = Duration::from_millis(300);

/// Returns when the index has followed all that this node has written so far; or when that takes too long, or nobody follows.
pub async fn caught_up(desk: &Desk) {
    let head = *desk.store.watch_head().borrow();
    let mut followed = desk.followed.subscribe();
    // While the index is being made there is nothing to wait for.
    if *followed.borrow() < head && desk.index.position().is_some() {
        let _ = tokio::time::timeout(PATIENCE, followed.wait_for(|followed| *followed >= head)).await;
    }
}

fn kind_of(kind: &str) -> Option<Kind> {
    match kind {
        "challenge" | "challenge_due" | "challenge_deadline" => Some(Kind::Challenge),
        "past" => Some(Kind::PastChallenge),
        "solution" => Some(Kind::Solution),
        _ => None,
    }
}

async fn document(conn: &mut Conn, kind: Kind, id: i64, now: Moment) -> Result<Option<Document>> {
    Ok(match kind {
        Kind::Challenge => match conn.challenge_row(ChallengeId(id)).await? {
            Some(row) => challenge_document(conn, &row, now).await?,
            None => None,
        },
        Kind::PastChallenge => conn.past_challenge(id).await?.map(past_document),
        Kind::Solution => match conn.solution(id).await? {
            Some(row) => Some(solution_document(row)),
            None => conn
                .library_entry(SolutionId(id))
                .await?
                .filter(|row| row.withdrawn_at.is_none())
                .map(entry_document)
                .transpose()?,
        },
        Kind::Supplier | Kind::Buyer => organisation::document(conn, id, now).await?,
        Kind::Response => None,
    })
}

/// Public from its instant on; before that, for its team alone. The same rule as `policy::may_find`.
async fn challenge_document(conn: &mut Conn, row: &ChallengeRow, now: Moment) -> Result<Option<Document>> {
    let standing = row.standing();
    let public = standing.is_public(now);
    let terms = row.terms()?;
    let budget = terms.as_ref().and_then(|terms| terms.budget).map(whole);
    let categories = terms.as_ref().map(|terms| terms.categories.clone()).unwrap_or_default();
    let (title, summary, body, place, lang) = match &terms {
        Some(terms) => (terms.title.clone(), terms.summary.clone(), body(terms), terms.place.clone(), terms.lang.clone()),
        None => (row.title(), String::new(), String::new(), String::new(), "en".into()),
    };
    // Questions that were answered are published with the notice, so they are found with it.
    let mut body = body;
    for answered in conn.answers_to_enquiries(ChallengeId(row.challenge)).await? {
        body.push_str(&format!("\n{}\n{}", answered.question, answered.answer));
    }
    let audiences = if public { vec![Audience::Public] } else { vec![Audience::Team(row.challenge)] };
    Ok(Some(Document {
        kind: Kind::Challenge,
        id: row.challenge,
        title,
        summary,
        body,
        who: row.buyer_name.clone(),
        place,
        lang,
        audiences,
        published_at: row.published_or_chosen().map_or(row.created_at, Moment::micros),
        opens_at: row.publish_at,
        // A cancelled challenge is not open, whatever its deadline was.
        closes_at: if row.cancelled_at.is_some() { row.cancelled_at.min(row.deadline) } else { row.deadline },
        decided_at: row.decided_at.filter(|_| row.cancelled_at.is_none()),
        buyer: row.buyer_name.clone(),
        categories,
        budget,
    }))
}

/// Whole units of the currency, rounded down.
fn whole(money: Money) -> i64 {
    let minor = 10i64.pow(u32::from(money.currency.decimals()));
    money.minor.div_euclid(minor)
}

/// What an authority typed of its budget, as far as it begins with one number ("$100,000", "€ 2.5 million"): the first.
fn typed_budget(text: &str) -> Option<i64> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let digits =
        text[start..].find(|letter: char| !letter.is_ascii_digit() && letter != ',').map_or(text.len(), |end| start + end);
    let number: i64 = text[start..digits].replace(',', "").parse().ok()?;
    let million = text[digits..].trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit()).trim_start();
    let number = if million.to_ascii_lowercase().starts_with("million") { number.checked_mul(1_000_000)? } else { number };
    (number > 0).then_some(number)
}

fn body(terms: &Terms) -> String {
    let outcomes = terms.outcomes.iter().flat_map(|outcome| [&outcome.title, &outcome.unit, &outcome.measured]);
    let mut text = plain(&terms.statement);
    for part in outcomes {
        text.push('\n');
        text.push_str(part);
    }
    let categories = terms.categories.iter().filter_map(|code| domain::challenge::categories::label(code));
    let problem = &terms.problem;
    for part in [&problem.affected, &problem.now, &problem.why_now, &problem.tried, &terms.context, &terms.data] {
        text.push('\n');
        text.push_str(&plain(part));
    }
    for part in categories {
        text.push('\n');
        text.push_str(part);
    }
    for part in [&terms.limits, &terms.route] {
        text.push('\n');
        text.push_str(&plain(part));
    }
    text
}

/// Markdown as it is read: a snippet shows no marks.
fn plain(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in pulldown_cmark::Parser::new(markdown) {
        match event {
            pulldown_cmark::Event::Text(part) | pulldown_cmark::Event::Code(part) => text.push_str(&part),
            pulldown_cmark::Event::SoftBreak | pulldown_cmark::Event::HardBreak | pulldown_cmark::Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    text
}

fn past_document(row: PastRow) -> Document {
    let sections: Vec<(String, String)> = serde_json::from_str(&row.body).unwrap_or_default();
    let budget = sections.iter().find(|(heading, _)| heading == "budget").and_then(|(_, text)| typed_budget(text));
    Document {
        kind: Kind::PastChallenge,
        id: row.id,
        body: sections.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n"),
        title: row.title,
        summary: row.summary,
        buyer: row.buyer_name.clone(),
        who: row.buyer_name,
        place: row.country,
        lang: row.lang,
        audiences: vec![Audience::Public],
        published_at: row.opens_at.unwrap_or(row.imported_at),
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        decided_at: None,
        categories: Vec::new(),
        budget,
    }
}

fn solution_document(row: SolutionRow) -> Document {
    Document {
        kind: Kind::Solution,
        id: row.id,
        title: row.title,
        summary: String::new(),
        body: row.body,
        who: row.supplier_name,
        place: String::new(),
        lang: row.lang,
        audiences: vec![Audience::Public],
        published_at: row.published_at,
        opens_at: None,
        closes_at: None,
        decided_at: None,
        buyer: row.buyer_name,
        categories: Vec::new(),
        budget: None,
    }
}

/// An entry of the library, for as long as its supplier does not withdraw it.
fn entry_document(row: EntryRow) -> Result<Document> {
    let entry = row.entry()?;
    Ok(Document {
        kind: Kind::Solution,
        id: row.id,
        body: entry.text(),
        lang: entry.lang().to_owned(),
        title: entry.title,
        summary: entry.summary,
        who: row.supplier_name,
        place: String::new(),
        audiences: vec![Audience::Public],
        published_at: row.published_at,
        opens_at: None,
        closes_at: None,
        decided_at: None,
        buyer: String::new(),
        categories: Vec::new(),
        budget: None,
    })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(error.to_string()))?
}
