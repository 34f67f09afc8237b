//! The job that tells: what the index has taken in since it last looked is held against everything that is kept, by the
//! search's own query over just these documents. Several nodes may do it at once: a document is noted once for each alert.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::alert::{CONFIRM_WITHIN, is_news, mail_at};
use domain::challenge::categories;
use domain::form::Fields;
use domain::ids::{AlertId, ChallengeId, to_text};
use domain::moment::{HOUR, Moment, SECOND};
use domain::notice::Choice;
use search::{Kind, Position, Query, SOON};
use serde_json::json;
use store::{AlertRow, Mail};

use super::Wanted;
use crate::find::{among, query_of, updated};
use crate::{Desk, Error, Result};

pub(crate) const TEMPLATE: &str = "alert";

/// Its name among the facts of the installation: how far alerts have been told, as an index notes it.
const TOLD_UNTIL: &str = "alerts_told_until";

/// Documents that are held against the alerts at once.
const TOGETHER: usize = 500;

/// A mail leaves a little after its instant, so that whatever was told before is in it.
const AFTER: i64 = 10 * SECOND;

/// How far it may run ahead of what is noted: looked at again after a restart, and told no second time.
const AHEAD: i64 = 1_000;

/// A document that is news, and what it is followed by.
struct News {
    kind: Kind,
    id: i64,
    updated: Moment,
    closes_at: Option<i64>,
    decided_at: Option<i64>,
    buyer: Option<i64>,
    categories: Vec<String>,
}

/// Tells what this node's index has taken in since alerts were last told. Gives how much was told, over all alerts. The first
/// time it only notes where it begins.
pub async fn tell_found(desk: &Desk) -> Result<u64> {
    let Some(until) = desk.index.position() else { return Ok(0) };
    let mut conn = desk.store.read().await?;
    let noted = conn.meta(TOLD_UNTIL).await?;
    let Some(since) = noted.as_deref().and_then(|text| serde_json::from_str::<Position>(text).ok()) else {
        note(desk, until).await?;
        return Ok(0);
    };
    if until.position <= since.position && until.due_until <= since.due_until {
        return Ok(0);
    }
    let changes = conn.news_between((since.position, since.due_until), (until.position, until.due_until), SOON).await?;
    let mut documents: Vec<(Kind, i64)> = changes.iter().filter_map(|(kind, id)| Some((kind_of(kind)?, *id))).collect();
    documents.sort_unstable();
    documents.dedup();
    let alerts = if documents.is_empty() { Vec::new() } else { conn.running_alerts().await? };
    drop(conn);
    let mut told = 0;
    if !alerts.is_empty() {
        for some in documents.chunks(TOGETHER) {
            told += tell_of(desk, &alerts, some.to_vec()).await?;
        }
    }
    if !documents.is_empty() || until.position - since.position > AHEAD || until.due_until - since.due_until > HOUR {
        note(desk, until).await?;
    }
    Ok(told)
}

fn kind_of(change: &str) -> Option<Kind> {
    if change == "challenge_due" { Some(Kind::Challenge) } else { Kind::parse(change) }
}

async fn note(desk: &Desk, until: Position) -> Result<()> {
    let text = serde_json::to_string(&until).map_err(|error| Error::Broken(error.to_string()))?;
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                tx.set_meta(TOLD_UNTIL, &text).await?;
                tx.leave_no_entry();
                Ok::<_, Error>(())
            })
        })
        .await
}

async fn tell_of(desk: &Desk, alerts: &[AlertRow], documents: Vec<(Kind, i64)>) -> Result<u64> {
    let news = news(desk, documents).await?;
    if news.is_empty() {
        return Ok(0);
    }
    // Many keep the same search: it is asked once.
    let mut wanted: BTreeMap<(&str, &str), Vec<&AlertRow>> = BTreeMap::new();
    for alert in alerts {
        wanted.entry((&alert.what, &alert.value)).or_default().push(alert);
    }
    let mut told = 0;
    for rows in wanted.into_values() {
        let found = match Wanted::of(rows[0])? {
            Wanted::Search(search) => searched(desk, &search, &news).await?,
            Wanted::Buyer { id, .. } => {
                news.iter().filter(|one| one.buyer == Some(id.get())).map(|one| (one, one.updated)).collect()
            }
            Wanted::Category(code) => {
                let within = |one: &&News| one.categories.iter().any(|own| categories::within(own, &code));
                news.iter().filter(within).map(|one| (one, one.updated)).collect()
            }
        };
        for row in rows {
            let new = found.iter().filter(|(_, at)| is_news(*at, Moment(row.since)));
            let new: Vec<(&'static str, i64)> = new.map(|(one, _)| (one.kind.as_str(), one.id)).collect();
            if !new.is_empty() {
                told += tell(desk, row, new).await?;
            }
        }
    }
    Ok(told)
}

/// What of it everybody may find, with when it changed.
async fn news(desk: &Desk, documents: Vec<(Kind, i64)>) -> Result<Vec<News>> {
    let per_page = u32::try_from(documents.len()).unwrap_or(u32::MAX);
    let hits = among(desk, Query { per_page, ..Query::default() }, documents).await?;
    let mut conn = desk.store.read().await?;
    let mut news = Vec::with_capacity(hits.len());
    for (hit, updated) in updated(&mut conn, hits).await? {
        let row = match hit.kind {
            Kind::Challenge => conn.challenge_row(ChallengeId(hit.id)).await?,
            _ => None,
        };
        let (buyer, categories) = match row {
            Some(row) => (Some(row.buyer), row.terms()?.map(|terms| terms.categories).unwrap_or_default()),
            None => (None, Vec::new()),
        };
        let (closes_at, decided_at) = (hit.closes_at, hit.decided_at);
        news.push(News { kind: hit.kind, id: hit.id, updated, closes_at, decided_at, buyer, categories });
    }
    Ok(news)
}

/// What a search finds of it, with when each became news to it: by a change, or by coming into the state it waits for.
async fn searched<'a>(desk: &Desk, search: &str, news: &'a [News]) -> Result<Vec<(&'a News, Moment)>> {
    let fields: Fields = form_urlencoded::parse(search.as_bytes()).collect();
    let per_page = u32::try_from(news.len()).unwrap_or(u32::MAX);
    let only = news.iter().map(|one| (one.kind, one.id)).collect();
    let query = Query { per_page, ..query_of(&fields) };
    let (whens, now) = (query.whens(), desk.store.now().micros());
    let hits = among(desk, query, only).await?;
    let found = news.iter().filter(|one| hits.iter().any(|hit| (hit.kind, hit.id) == (one.kind, one.id)));
    let at = |one: &News| {
        let since = whens.iter().filter_map(|when| when.since(one.closes_at, one.decided_at, now)).max();
        since.map_or(one.updated, |at| one.updated.max(Moment(at)))
    };
    Ok(found.map(|one| (one, at(one))).collect())
}

async fn tell(desk: &Desk, alert: &AlertRow, documents: Vec<(&'static str, i64)>) -> Result<u64> {
    let (id, zone, recipient) = (AlertId(alert.id), alert.zone.clone(), alert.email.clone());
    let rhythm = Choice::parse(&alert.rhythm).unwrap_or(Choice::Daily);
    let mail = desk.chance.id();
    desk.store
        .write(move |tx| {
            Box::pin(async move {
                tx.leave_no_entry();
                let at = mail_at(rhythm, tx.now().await?, &zone);
                let told = tx.add_alert_told(id, at, &documents).await?;
                if told > 0 {
                    tx.mail(Mail {
                        id: mail,
                        event: format!("alert:{id}:{}", at.micros()),
                        recipient,
                        template: TEMPLATE,
                        params: json!({ "alert": to_text(id.get()), "at": at.micros() }),
                        due_at: Some(at.plus(AFTER)),
                    });
                }
                Ok::<_, Error>(told)
            })
        })
        .await
}

/// Tells until the store closes: woken by this node's own writes, and every two seconds for those of others and for what falls
/// due. Once a day it forgets what was never confirmed.
pub async fn keep_telling(desk: Desk) {
    let mut head = desk.store.watch_head();
    let mut forgotten = Moment::default();
    loop {
        if let Err(error) = tell_found(&desk).await {
            tracing::error!(%error, "alerts were not told; trying again");
        }
        let now = desk.store.now();
        if now.micros() - forgotten.micros() > 24 * HOUR {
            forgotten = now;
            if let Err(error) = forget_unconfirmed(&desk).await {
                tracing::error!(%error, "alerts that nobody confirmed were not forgotten; trying again tomorrow");
            }
        }
        // The index follows within the second; a burst of writes is looked at once.
        tokio::time::sleep(Duration::from_secs(1)).await;
        tokio::select! {
            changed = head.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

async fn forget_unconfirmed(desk: &Desk) -> Result<u64> {
    desk.store
        .write(|tx| {
            Box::pin(async move {
                let before = tx.now().await?.plus(-CONFIRM_WITHIN);
                Ok::<_, Error>(tx.forget_unconfirmed_alerts(before).await?)
            })
        })
        .await
}
