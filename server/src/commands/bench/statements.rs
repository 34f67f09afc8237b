//! Counts the statements that reach the database: sqlx tells each of them to the log, so it needs no counter of its own.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{EnvFilter, dynamic_filter_fn};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// Off while time is measured: telling costs time.
static COUNTING: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicU64 = AtomicU64::new(0);

struct Counter;

impl<S: Subscriber> Layer<S> for Counter {
    fn on_event(&self, _: &Event<'_>, _: Context<'_, S>) {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
}

pub fn listen() {
    let counter =
        Counter.with_filter(dynamic_filter_fn(|about, _| about.target() == "sqlx::query" && COUNTING.load(Ordering::Relaxed)));
    let text = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_filter(EnvFilter::new("error"));
    let _ = tracing_subscriber::registry().with(counter).with(text).try_init();
}

/// How many statements run until the work is done.
pub async fn of<T>(work: impl Future<Output = T>) -> (u64, T) {
    COUNT.store(0, Ordering::Relaxed);
    COUNTING.store(true, Ordering::Relaxed);
    let done = work.await;
    COUNTING.store(false, Ordering::Relaxed);
    (COUNT.load(Ordering::Relaxed), done)
}
