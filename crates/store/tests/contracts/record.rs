//! The record: chained, ordered in time, and telling when somebody with the database has been at it.

use domain::audit::Broken;
use domain::moment::{HOUR, MINUTE, Moment};
use domain::organisation::Actor;
use domain::policy::{Refusal, Refused, Subject};
use store::{Error, Store, testing};

use crate::office::{Office, nobody, register, user};
use crate::raw::Raw;

async fn broken(store: &Store) -> Option<Broken> {
    store.verify_record().await.expect("a record").1
}

#[tokio::test]
async fn what_the_office_does_is_chained() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        let submission = acme.submits(&db.store).await.expect("in time");
        let (head, broken) = db.store.verify_record().await.expect("a record");
        assert_eq!(broken, None, "{}", db.kind);
        let mut conn = db.store.read().await.expect("a reader");
        let (position, hash) = conn
            .entry_of("submit_response", "submission", submission.get())
            .await
            .expect("a read")
            .expect("what a receipt anchors");
        assert_eq!((position, hash), (head.position, head.hash), "{}", db.kind);
    }
}

#[tokio::test]
async fn a_changed_a_missing_and_a_cut_entry_are_found() {
    for db in testing::each().await {
        for _ in 0..6 {
            user(&db.store).await;
        }
        let mut raw = Raw::open(&db.options).await;
        raw.run("update audit set subject_id = subject_id + 1 where position = 3").await;
        assert_eq!(broken(&db.store).await, Some(Broken::Changed(3)), "{}", db.kind);
        raw.run("update audit set subject_id = subject_id - 1 where position = 3").await;
        assert_eq!(broken(&db.store).await, None, "{}", db.kind);

        raw.run("update audit set at = at + 1 where position = 6").await;
        assert_eq!(broken(&db.store).await, Some(Broken::Changed(6)), "{}: the last entry too", db.kind);
        raw.run("update audit set at = at - 1 where position = 6").await;

        raw.run("delete from audit where position = 6").await;
        assert_eq!(broken(&db.store).await, Some(Broken::Head { head: 6, last: 5 }), "{}", db.kind);
        raw.run("delete from audit where position = 2").await;
        assert_eq!(broken(&db.store).await, Some(Broken::Gap { after: 1, at: 3 }), "{}", db.kind);
    }
}

#[tokio::test]
async fn an_entry_past_the_head_is_not_part_of_the_record() {
    for db in testing::each().await {
        user(&db.store).await;
        let mut raw = Raw::open(&db.options).await;
        raw.run(
            "insert into audit (position, previous, hash, at, verb, subject_kind, subject_id, outcome)
             select position + 1, previous, hash, at, 'forged', subject_kind, subject_id, outcome from audit",
        )
        .await;
        let next = verb!(db.store, tx => { register(tx).await }).await;
        assert!(next.is_err(), "{}: the place is taken, nothing is written over it", db.kind);
    }
}

#[tokio::test]
async fn time_never_runs_backwards_in_the_record() {
    for db in testing::each().await {
        user(&db.store).await;
        let ahead = db.store.now().plus(HOUR);
        let mut raw = Raw::open(&db.options).await;
        raw.run(&format!("update chain_head set at = {}", ahead.micros())).await;
        let again = Store::open(&db.options).await.expect("the same database");
        let read = async || {
            verb!(again, tx => { let now = tx.now().await?; register(tx).await?; Ok::<_, Error>(now) }).await.expect("a user")
        };
        let (one, two) = (read().await, read().await);
        assert!(ahead < one, "{}: behind the last entry", db.kind);
        assert!(one < two, "{}: two facts share an instant, so their order is lost", db.kind);
        assert!(two < ahead.plus(HOUR), "{}", db.kind);
        let mut conn = again.read().await.expect("a reader");
        let now = conn.now().await.expect("the clock");
        assert!(two < now && conn.now().await.expect("the clock") == now, "{}: one reading a verb", db.kind);
        assert_eq!(conn.head().await.expect("a head").at, two, "{}", db.kind);
    }
}

#[tokio::test]
async fn the_node_is_not_far_from_the_clock_of_the_database() {
    for db in testing::each().await {
        let drift = db.store.drift().await.expect("a reading");
        assert!(drift.abs() < 1_000_000, "{}: {drift}", db.kind);
    }
}

/// A node whose own clock is two hours ahead or behind stamps what it receives by the database's, though it was never asked for it.
#[tokio::test]
async fn what_is_received_is_stamped_by_the_databases_clock() {
    for behind in [120, -120] {
        let Some(db) = testing::postgres().await else { return };
        db.clock_behind(behind).await;
        let node = store::Store::open(&db.options).await.expect("a further node");
        let drift = node.drift().await.expect("a reading");
        assert!((drift + behind * MINUTE).abs() < 1_000_000, "{drift}");
        let before = node.read().await.expect("a reader").now().await.expect("the clock");
        let stamps = [node.received().await, node.now(), node.received().await];
        let after = node.read().await.expect("a reader").now().await.expect("the clock");
        for stamp in stamps {
            // What is known of another clock is known to half of an answer's way.
            assert!(before.plus(-MINUTE / 100) < stamp && stamp < after.plus(MINUTE / 100), "{before:?} {stamp:?} {after:?}");
        }
    }
}

fn refused(id: i64) -> Refused {
    Refused { why: Refusal::Sealed, verb: "read_opened_response", subject: Subject { kind: "response", id }, sealed: true }
}

#[tokio::test]
async fn attempts_on_sealed_subjects_are_recorded_each_of_a_person_and_summed_of_visitors() {
    for db in testing::each().await {
        let person = nobody(user(&db.store).await);
        db.store.record_refusal(&person, refused(7)).await.expect("recorded");
        db.store.record_refusal(&person, refused(7)).await.expect("recorded");
        for id in [7, 7, 7, 8] {
            db.store.record_refusal(&Actor::Visitor, refused(id)).await.expect("summed");
        }
        let mut raw = Raw::open(&db.options).await;
        let rows = "select count(*) from audit where outcome = 'sealed' and user_id is";
        assert_eq!(raw.number(&format!("{rows} not null")).await, 2, "{}", db.kind);
        assert_eq!(raw.number(&format!("{rows} null")).await, 0, "{}: a visitor's waits for its minute", db.kind);
        db.store.flush_refusals().await.expect("written");
        db.store.flush_refusals().await.expect("nothing left");
        assert_eq!(raw.number(&format!("{rows} null")).await, 2, "{}", db.kind);
        assert_eq!(raw.number("select counted from audit where user_id is null and subject_id = 7").await, 3, "{}", db.kind);
        assert_eq!(broken(&db.store).await, None, "{}", db.kind);
    }
}

#[tokio::test]
async fn sums_that_could_not_be_written_wait() {
    for db in testing::each().await {
        let mut raw = Raw::open(&db.options).await;
        db.store.record_refusal(&Actor::Visitor, refused(7)).await.expect("summed");
        raw.run("alter table audit rename to away").await;
        assert!(db.store.flush_refusals().await.is_err(), "{}", db.kind);
        raw.run("alter table away rename to audit").await;
        db.store.record_refusal(&Actor::Visitor, refused(7)).await.expect("summed");
        db.store.flush_refusals().await.expect("written");
        assert_eq!(raw.number("select counted from audit where subject_id = 7").await, 2, "{}", db.kind);
    }
}

#[tokio::test]
async fn a_submission_says_when_it_was_received_whatever_the_queue() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        let received_at = db.store.now();
        let own = acme.clone();
        let submission = verb!(db.store, tx => {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            own.submit(tx, received_at).await
        })
        .await
        .expect("in time");
        let mut conn = db.store.read().await.expect("a reader");
        let row = conn.submission(submission).await.expect("a read").expect("the submission");
        assert_eq!(Moment(row.received_at), received_at, "{}", db.kind);
    }
}
