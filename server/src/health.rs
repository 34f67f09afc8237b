//! `/healthz`: the process lives. `/readyz`: it can serve, or a list of what is wrong, for a balancer and for people.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use search::Position;
use serde_json::json;
use tokio::time::Instant;
use workflow::Desk;

/// How long the index may stay behind the change log.
const BEHIND: Duration = Duration::from_secs(5);
/// How far this machine's clock may be from the database's, in microseconds. What is received is stamped by the database's all the same
/// (`Store::received`): a clock that is so wrong is kept by nobody, and nothing else of such a machine is to be relied on.
const DRIFT: i64 = 100_000;
/// A database that does not answer within this is not there.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone)]
pub struct Health {
    desk: Desk,
    waiting: Arc<Mutex<Option<Waiting>>>,
}

/// Where the index stood when it was first seen behind, and since when it has stood there.
type Waiting = (Option<Position>, Instant);

impl Health {
    pub fn new(desk: Desk) -> Self {
        Self { desk, waiting: Arc::default() }
    }

    /// What keeps this node from serving; empty when nothing does.
    pub async fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        match tokio::time::timeout(PATIENCE, self.index()).await {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(problem))) => problems.push(problem),
            Ok(Err(_)) => problems.push("the database gives errors: see the log".into()),
            Err(_) => problems.push("the database does not answer".into()),
        }
        if problems.is_empty()
            && let Ok(Ok(drift)) = tokio::time::timeout(PATIENCE, self.desk.store.drift()).await
            && drift.abs() > DRIFT
        {
            problems.push(format!("this machine's clock is {} ms from the database's: set it by NTP", drift / 1000));
        }
        problems
    }

    async fn index(&self) -> store::Result<Option<String>> {
        let mut conn = self.desk.store.read().await?;
        let now = conn.now().await?;
        let at = self.desk.index.position();
        let open = match at {
            Some(at) => !conn.changes_since(at.position, at.due_until, now, 1).await?.is_empty(),
            // Asked too, so that a database that is gone shows before anything else.
            None => conn.head().await.map(|_| true)?,
        };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !open {
            *waiting = None;
            return Ok(None);
        }
        let since = match *waiting {
            Some((then, since)) if then == at => since,
            _ => waiting.insert((at, Instant::now())).1,
        };
        Ok(match at {
            None => Some("the search index is being made".into()),
            Some(at) if since.elapsed() > BEHIND => {
                Some(format!("the search index stands at change {} and does not follow: see the log", at.position))
            }
            Some(_) => None,
        })
    }
}

pub async fn healthz() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n")
}

pub async fn readyz(State(health): State<Health>) -> Response {
    let problems = health.problems().await;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = Json(json!({ "ready": problems.is_empty(), "problems": problems }));
    (status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}
