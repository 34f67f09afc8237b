//! The one writer: shared transactions, each verb by itself, answered after the commit.

use futures::future::join_all;
use store::{Error, Store, testing};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::office::{Fault, Office, facts_of, id, new_user, register};
use crate::raw::Raw;

/// Keeps the writer in a verb until told, so that whatever is asked meanwhile waits for the same batch.
async fn hold(store: &Store) -> (oneshot::Sender<()>, JoinHandle<Result<i64, Error>>) {
    let (started, begun) = oneshot::channel();
    let (release, wait) = oneshot::channel::<()>();
    let store = store.clone();
    let held = tokio::spawn(async move {
        verb!(store, tx => {
            let id = register(tx).await?;
            let _ = started.send(());
            let _ = wait.await;
            Ok(id)
        })
        .await
    });
    begun.await.expect("the writer has begun");
    (release, held)
}

/// Lets spawned tasks reach the writer's queue, in their order: these tests run on one thread.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn verbs_that_wait_share_a_transaction_and_are_answered_after_its_commit() {
    const MANY: usize = 60;
    for db in testing::each().await {
        let (release, held) = hold(&db.store).await;
        let waiting: Vec<_> = (0..MANY)
            .map(|_| {
                let store = db.store.clone();
                let options = db.options.clone();
                tokio::spawn(async move {
                    let (id, statements) = verb!(store, tx => {
                        let id = register(tx).await?;
                        Ok::<_, Error>((id, tx.statements()))
                    })
                    .await?;
                    // The answer is here, so the row is, for anybody.
                    let seen = Raw::open(&options).await.number(&format!("select count(*) from users where id = {id}")).await;
                    Ok::<_, Error>((statements, seen))
                })
            })
            .collect();
        settle().await;
        release.send(()).expect("the writer waits");
        held.await.expect("no panic").expect("the held verb");
        let mut last = 0;
        for one in join_all(waiting).await {
            let (statements, seen) = one.expect("no panic").expect("a write");
            assert_eq!(seen, 1, "{}: answered before the commit", db.kind);
            assert!(statements > last, "{}: {statements} after {last}: not the same transaction", db.kind);
            last = statements;
        }
        let (head, broken) = db.store.verify_record().await.expect("a record");
        assert_eq!((head.position, broken), (MANY as i64 + 1, None), "{}", db.kind);
    }
}

#[tokio::test]
async fn many_writers_leave_a_gapless_record() {
    for db in testing::each().await {
        let all = join_all((0..300).map(|_| verb!(db.store, tx => { register(tx).await }))).await;
        assert!(all.iter().all(Result::is_ok));
        let (head, broken) = db.store.verify_record().await.expect("a record");
        assert_eq!((head.position, broken), (300, None), "{}", db.kind);
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(distinct position) from audit").await, 300);
    }
}

#[tokio::test]
async fn a_verb_that_fails_or_panics_undoes_itself_and_nothing_else() {
    for db in testing::each().await {
        let (release, held) = hold(&db.store).await;
        let (first, failed, panicked, last) = (id(), id(), id(), id());
        let spawn = |id: i64, end: &'static str| {
            let store = db.store.clone();
            tokio::spawn(async move {
                verb!(store, tx => {
                    tx.insert_user(&new_user(id)).await?;
                    tx.mail(crate::outbox::mail(&format!("of:{id}"), "a@example.org"));
                    tx.changed("challenge", id, None);
                    match end {
                        "fails" => Err(Error::Stale),
                        "panics" => panic!("a bug in a verb"),
                        // A statement that the database refuses spoils the whole transaction on PostgreSQL, but for savepoints.
                        "breaks" => tx.insert_user(&new_user(id)).await.map(|()| id),
                        _ => Ok(id),
                    }
                })
                .await
            })
        };
        let spawned =
            [spawn(first, "ends"), spawn(failed, "fails"), spawn(panicked, "panics"), spawn(id(), "breaks"), spawn(last, "ends")];
        settle().await;
        release.send(()).expect("the writer waits");
        held.await.expect("no panic").expect("the held verb");
        let outcomes: Vec<_> = join_all(spawned).await.into_iter().map(|task| task.expect("no panic outside")).collect();
        assert!(matches!(outcomes[0], Ok(id) if id == first), "{}: {outcomes:?}", db.kind);
        assert!(matches!(outcomes[1], Err(Error::Stale)), "{}: {outcomes:?}", db.kind);
        assert!(matches!(outcomes[2], Err(Error::Panicked)), "{}: {outcomes:?}", db.kind);
        assert!(outcomes[3].is_err(), "{}: {outcomes:?}", db.kind);
        assert!(matches!(outcomes[4], Ok(id) if id == last), "{}: {outcomes:?}", db.kind);
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(*) from users").await, 3, "{}", db.kind);
        assert_eq!(raw.number("select count(*) from outbox").await, 2, "{}: mail of an undone verb", db.kind);
        assert_eq!(raw.number("select count(*) from change_log").await, 2, "{}", db.kind);
        let (head, broken) = db.store.verify_record().await.expect("a record");
        assert_eq!((head.position, broken), (3, None), "{}", db.kind);
        verb!(db.store, tx => { register(tx).await }).await.expect("the writer lives");
    }
}

#[tokio::test]
async fn a_lone_verb_that_fails_or_panics_leaves_nothing() {
    for db in testing::each().await {
        let failed = verb!(db.store, tx => { register(tx).await?; Err::<(), _>(Error::Stale) }).await;
        assert!(matches!(failed, Err(Error::Stale)));
        let panicked: Result<(), Error> = verb!(db.store, tx => { register(tx).await?; panic!("a bug in a verb") }).await;
        assert!(matches!(panicked, Err(Error::Panicked)), "{panicked:?}");
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(*) from users").await, 0, "{}", db.kind);
        verb!(db.store, tx => { register(tx).await }).await.expect("the writer lives");
    }
}

#[tokio::test]
async fn a_write_that_nobody_recorded_is_refused() {
    for db in testing::each().await {
        let (release, held) = hold(&db.store).await;
        let store = db.store.clone();
        let wrote = tokio::spawn(async move { verb!(store, tx => { tx.set_meta("name", "value").await }).await });
        let store = db.store.clone();
        let sent =
            tokio::spawn(async move { verb!(store, tx => { tx.mail(crate::outbox::mail("a", "b")); Ok::<_, Error>(()) }).await });
        let store = db.store.clone();
        let changed = tokio::spawn(async move {
            verb!(store, tx => { tx.changed("challenge", 1, None); tx.leave_no_entry(); Ok::<_, Error>(()) }).await
        });
        let store = db.store.clone();
        let honest = tokio::spawn(async move { verb!(store, tx => { register(tx).await }).await });
        settle().await;
        release.send(()).expect("the writer waits");
        held.await.expect("no panic").expect("the held verb");
        assert!(matches!(wrote.await.expect("no panic"), Err(Error::Unrecorded)), "{}: a silent write", db.kind);
        assert!(matches!(sent.await.expect("no panic"), Err(Error::Unrecorded)), "{}: a silent mail", db.kind);
        assert!(matches!(changed.await.expect("no panic"), Err(Error::Unrecorded)), "{}: a silent change", db.kind);
        honest.await.expect("no panic").expect("others are not harmed");
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(*) from meta where name = 'name'").await, 0);
        verb!(db.store, tx => { tx.set_meta("name", "value").await?; tx.leave_no_entry(); Ok::<_, Error>(()) })
            .await
            .expect("quiet on purpose");
    }
}

#[tokio::test]
async fn a_permit_counts_only_in_the_transaction_of_its_facts() {
    for db in testing::each().await {
        let office = Office::with_draft(&db.store).await;
        let mut conn = db.store.read().await.expect("a reader");
        let facts = facts_of(&mut conn, &office.officer, office.challenge, store::Lock::None).await;
        drop(conn);
        let permit = domain::policy::edit_challenge(&office.officer, &facts).expect("the own draft");
        let foreign = verb!(db.store, tx => {
            tx.save_section(&permit, domain::challenge::Section::Problem, &Default::default(), 0).await
        });
        assert!(matches!(foreign.await, Err(Error::ForeignPermit)), "{}", db.kind);

        // From one verb of a batch into the next: the connection is the same, the facts are not.
        let (hand, taken) = oneshot::channel();
        let (release, held) = hold(&db.store).await;
        let (store, who, challenge) = (db.store.clone(), office.officer.clone(), office.challenge);
        let one = tokio::spawn(async move {
            verb!(store, tx => {
                let facts = facts_of(tx, &who, challenge, store::Lock::None).await;
                let _ = hand.send(domain::policy::edit_challenge(&who, &facts)?);
                Ok::<_, Fault>(())
            })
            .await
        });
        let store = db.store.clone();
        let two = tokio::spawn(async move {
            verb!(store, tx => {
                let permit = taken.await.expect("a permit");
                tx.save_section(&permit, domain::challenge::Section::Problem, &Default::default(), 0).await
            })
            .await
        });
        settle().await;
        release.send(()).expect("the writer waits");
        held.await.expect("no panic").expect("the held verb");
        one.await.expect("no panic").expect("facts");
        assert!(matches!(two.await.expect("no panic"), Err(Error::ForeignPermit)), "{}", db.kind);
    }
}

#[tokio::test]
async fn the_head_wakes_whoever_follows() {
    for db in testing::each().await {
        let mut head = db.store.watch_head();
        head.mark_unchanged();
        verb!(db.store, tx => { register(tx).await }).await.expect("a user");
        head.changed().await.expect("a store");
        assert_eq!(*head.borrow_and_update(), 1, "{}", db.kind);
        verb!(db.store, tx => { tx.leave_no_entry(); Ok::<_, Error>(()) }).await.expect("nothing");
        assert!(!head.has_changed().expect("a store"), "{}: woken for nothing", db.kind);
    }
}

#[tokio::test]
async fn a_closed_store_says_that_its_batch_failed() {
    for db in testing::each().await {
        db.store.close().await;
        let outcome = verb!(db.store, tx => { register(tx).await }).await;
        assert!(matches!(outcome, Err(Error::Batch(_))), "{}: {outcome:?}", db.kind);
    }
}

#[tokio::test]
async fn a_batch_larger_than_a_statement_may_be_is_written_whole() {
    /// More rows than fit the parameters of one statement.
    const MANY: i64 = 9_000;
    for db in testing::each().await {
        verb!(db.store, tx => {
            register(tx).await?;
            for n in 0..MANY {
                tx.changed("challenge", n, None);
                tx.mail(crate::outbox::mail(&format!("of:{n}"), "a@example.org"));
            }
            Ok::<_, Error>(())
        })
        .await
        .expect("written");
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(*) from change_log").await, MANY, "{}", db.kind);
        assert_eq!(raw.number("select count(*) from outbox").await, MANY, "{}", db.kind);
        assert_eq!(raw.number("select count(distinct id) from change_log").await, MANY, "{}: each its own values", db.kind);
    }
}
