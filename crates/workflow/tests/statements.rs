//! How many statements a submission costs: the figure that the writer's throughput hangs on. Counted where the driver
//! logs them, so that none is forgotten; alone in its file because the counter is the process's.

mod office;

use std::sync::Mutex;

use office::{Office, Told};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Counter;

impl Subscriber for Counter {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Summary);
    }
}

struct Summary;

impl Visit for Summary {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            SEEN.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

#[tokio::test]
async fn a_submission_costs_so_many_statements() {
    tracing::subscriber::set_global_default(Counter).unwrap();
    for throwaway in store::testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        let own = office.acme.response(office.challenge).await;
        let now = office.desk.store.now();
        SEEN.lock().unwrap().clear();
        workflow::response::submit_response(&office.desk, &office.acme.person.actor, own, now, None, "k").await.done();
        let seen = std::mem::take(&mut *SEEN.lock().unwrap());
        let begin = seen.iter().position(|text| text.to_lowercase().starts_with("begin")).expect("a transaction");
        let (before, inside) = (begin, seen.len() - begin);
        eprintln!(
            "{}: {before} statements before the write, {inside} inside it, begin and commit included",
            office.throwaway.kind
        );
        for text in &seen {
            eprintln!("    {text}");
        }
        // Not for each: for all that wait at that moment, up to 64.
        assert!(inside <= 12, "{inside} statements in the writer's transaction");
        // One of them reads the published terms, once in a version's life.
        assert!(before <= 6, "{before} statements before it");
    }
}
