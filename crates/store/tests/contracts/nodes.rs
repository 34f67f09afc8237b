//! The opening against a submission under way, and two nodes on one database.

use std::time::Duration;

use domain::ids::SubmissionId;
use futures::future::join_all;
use store::{Store, testing};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::office::{Fault, Office, Supplier, facts_of, plain_opening, register};
use crate::raw::Raw;

/// A second node on PostgreSQL; on SQLite, where one process has the file, the same one.
async fn second(db: &testing::Throwaway) -> Store {
    if db.kind == "postgres" { Store::open(&db.options).await.expect("a second node") } else { db.store.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_write_one_gapless_record() {
    let Some(db) = testing::postgres().await else { return };
    let other = second(&db).await;
    let writes = (0..200).map(|n| {
        let store = if n % 2 == 0 { db.store.clone() } else { other.clone() };
        tokio::spawn(async move {
            verb!(store, tx => {
                register(tx).await?;
                tx.changed("challenge", n, None);
                Ok::<_, store::Error>(())
            })
            .await
        })
    });
    for one in join_all(writes).await {
        one.expect("no panic").expect("a write");
    }
    let (head, broken) = other.verify_record().await.expect("a record");
    assert_eq!((head.position, broken), (200, None));
    let mut raw = Raw::open(&db.options).await;
    assert_eq!(raw.number("select count(*) from audit").await, 200);
    assert_eq!(raw.number("select count(*) from change_log").await, 200, "a change is lost");
    let backwards = "select count(*) from audit a join audit b on b.position = a.position + 1 where b.at < a.at";
    assert_eq!(raw.number(backwards).await, 0, "time runs backwards between the nodes");
}

/// A follower that asks after each commit it hears of has seen every change, whoever wrote it.
#[tokio::test(flavor = "multi_thread")]
async fn a_follower_skips_nothing_while_two_nodes_write() {
    let Some(db) = testing::postgres().await else { return };
    let other = second(&db).await;
    let writers: Vec<_> = (0..2)
        .map(|node| {
            let store = if node == 0 { db.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                for n in 0..60 {
                    let id = node * 1_000 + n;
                    verb!(store, tx => { register(tx).await?; tx.changed("challenge", id, None); Ok::<_, store::Error>(()) })
                        .await
                        .expect("a write");
                }
            })
        })
        .collect();
    let mut conn = db.store.read().await.expect("a reader");
    let (mut position, mut seen) = (0, std::collections::BTreeSet::new());
    let now = domain::moment::Moment(0);
    for _ in 0..5_000 {
        for (at, _, id) in conn.changes_since(position, 0, now, 1_000).await.expect("changes") {
            position = position.max(at);
            seen.insert(id);
        }
        if seen.len() == 120 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    for writer in writers {
        writer.await.expect("no panic");
    }
    assert_eq!(seen.len(), 120, "changes were skipped");
}

/// Both nodes see the row before either commits: compare-and-set lets one have it.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_claims_a_mail_and_one_uses_a_link() {
    let Some(db) = testing::postgres().await else { return };
    let other = second(&db).await;
    verb!(db.store, tx => {
        register(tx).await?;
        tx.mail(crate::outbox::mail("one", "a@example.org"));
        tx.insert_token(b"one", "reset", "a@example.org", None, None, None, None, domain::moment::HOUR).await
    })
    .await
    .expect("written");
    let claim = async |store: &Store| {
        verb!(store, tx => {
            let claimed = tx.claim_mail(10).await?.len();
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok::<_, store::Error>(claimed)
        })
        .await
        .expect("asked")
    };
    let (one, two) = tokio::join!(claim(&db.store), claim(&other));
    assert_eq!(one + two, 1, "claimed twice or never");
    let link = async |store: &Store| {
        verb!(store, tx => {
            let used = usize::from(tx.use_token(b"one", "reset").await?.is_some());
            tx.leave_no_entry();
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok::<_, store::Error>(used)
        })
        .await
        .expect("asked")
    };
    let (one, two) = tokio::join!(link(&db.store), link(&other));
    assert_eq!(one + two, 1, "used twice or never");
}

/// A submission holds the challenge while the opening is asked for: the opening waits and opens it.
#[tokio::test(flavor = "multi_thread")]
async fn the_opening_waits_for_a_submission_under_way_and_opens_it() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        office.pass_deadline().await;
        let other = second(&db).await;
        let (started, begun) = oneshot::channel();
        let (release, wait) = oneshot::channel::<()>();
        let (own, store, received_at) = (acme.clone(), db.store.clone(), office.deadline.plus(-1));
        let submission = tokio::spawn(async move {
            verb!(store, tx => {
                // Its lock is taken and its facts are read; then it is slow.
                tx.response_facts(&own.actor, own.response, store::Lock::Share).await?;
                let _ = started.send(());
                let _ = wait.await;
                own.submit(tx, received_at).await
            })
            .await
        });
        begun.await.expect("under way");
        let asked = office.clone();
        let mut opening = tokio::spawn(async move { asked.open_responses(&other).await });
        let early = tokio::time::timeout(Duration::from_millis(400), &mut opening).await;
        assert!(early.is_err(), "{}: opened while a submission was under way", db.kind);
        release.send(()).expect("the submission waits");
        let receipt = submission.await.expect("no panic").expect("received in time");
        assert_eq!(opening.await.expect("no panic").expect("opened"), 1, "{}: a receipt without an opening", db.kind);
        let mut conn = db.store.read().await.expect("a reader");
        assert!(conn.envelopes(receipt).await.expect("rows")[0].opened_key.is_some(), "{}", db.kind);
    }
}

/// The other order: while the opening is under way a submission waits, and gets no receipt.
#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_comes_after_the_opening_gets_no_receipt() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        office.pass_deadline().await;
        let other = second(&db).await;
        let (started, begun) = oneshot::channel();
        let (release, wait) = oneshot::channel::<()>();
        let (who, challenge, store) = (office.officer.clone(), office.challenge, db.store.clone());
        let opening = tokio::spawn(async move {
            verb!(store, tx => {
                let facts = facts_of(tx, &who, challenge, store::Lock::Update).await;
                let permit = domain::policy::open_responses(&who, &facts, false)?;
                let _ = started.send(());
                let _ = wait.await;
                tx.open_responses(&permit, plain_opening(vec![1]), &[]).await?;
                Ok::<_, crate::office::Fault>(())
            })
            .await
        });
        begun.await.expect("under way");
        let (own, received_at) = (acme.clone(), office.deadline.plus(-1));
        let mut submission = tokio::spawn(async move { verb!(other, tx => { own.submit(tx, received_at).await }).await });
        let early = tokio::time::timeout(Duration::from_millis(400), &mut submission).await;
        assert!(early.is_err(), "{}: received while the opening was under way", db.kind);
        release.send(()).expect("the opening waits");
        opening.await.expect("no panic").expect("opened");
        let late = submission.await.expect("no panic").expect_err("a receipt that is never opened");
        assert_eq!(late.refused(), Some("late"), "{}", db.kind);
    }
}

/// A submission of a node's writer that is under way until it is released.
async fn slow_submission(store: &Store, by: &Supplier) -> (JoinHandle<Result<SubmissionId, Fault>>, oneshot::Sender<()>) {
    let (started, begun) = oneshot::channel();
    let (release, wait) = oneshot::channel::<()>();
    let (own, store, received_at) = (by.clone(), store.clone(), store.now());
    let slow = tokio::spawn(async move {
        verb!(store, tx => {
            let submission = own.submit(tx, received_at).await;
            let _ = started.send(());
            let _ = wait.await;
            submission
        })
        .await
    });
    begun.await.expect("under way");
    (slow, release)
}

/// Two submissions hold the challenge together: they do not wait for each other, which would be the rate of one client.
#[tokio::test(flavor = "multi_thread")]
async fn submissions_on_two_nodes_do_not_wait_for_each_other() {
    let Some(db) = testing::postgres().await else { return };
    let office = Office::with_open_challenge(&db.store).await;
    let (acme, other) = (office.supplier().await, office.supplier().await);
    let node = second(&db).await;
    let (slow, release) = slow_submission(&db.store, &acme).await;
    let quick = tokio::time::timeout(Duration::from_secs(5), other.submits(&node)).await;
    quick.expect("it waited for another's submission").expect("received");
    release.send(()).expect("it waits");
    slow.await.expect("no panic").expect("received");
}

/// On one node too: a lot is written while the writer is at something else, and the record stays gapless.
#[tokio::test(flavor = "multi_thread")]
async fn a_lot_does_not_wait_for_the_writer() {
    let Some(db) = testing::postgres().await else { return };
    let office = Office::with_open_challenge(&db.store).await;
    let (acme, other) = (office.supplier().await, office.supplier().await);
    let (slow, release) = slow_submission(&db.store, &acme).await;
    let mut head = db.store.watch_head();
    let before = *head.borrow_and_update();
    let received_at = db.store.now();
    let lot = db.store.write_beside(move |tx| Box::pin(async move { other.submit(tx, received_at).await }));
    tokio::time::timeout(Duration::from_secs(5), lot).await.expect("it waited for the writer").expect("received");
    assert!(*head.borrow_and_update() > before, "whoever follows is not woken");
    release.send(()).expect("it waits");
    slow.await.expect("no panic").expect("received");
    let (verified, broken) = db.store.verify_record().await.expect("a record");
    assert_eq!((*head.borrow(), broken), (verified.position, None));
}

/// Where two wait for each other, the lot gives way, because it can be done again: nobody else's verb is ended for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_lot_gives_way_to_the_writer() {
    let Some(db) = testing::postgres().await else { return };
    let office = Office::with_open_challenge(&db.store).await;
    let (acme, received_at) = (office.supplier().await, db.store.now());
    let user = acme.actor.user().expect("a person").get();
    let (held, holds) = oneshot::channel();
    let (asks, asked) = oneshot::channel::<()>();
    let (who, challenge, store) = (office.officer.clone(), office.challenge, db.store.clone());
    let writer = tokio::spawn(async move {
        verb!(store, tx => {
            // What the lot will want second; then what it has.
            tx.answer_once(user, "test", "key", "the writer's").await?;
            let _ = held.send(());
            let _ = asked.await;
            facts_of(tx, &who, challenge, store::Lock::Update).await;
            tx.leave_no_entry();
            Ok::<_, store::Error>(())
        })
        .await
    });
    holds.await.expect("under way");
    let own = acme.clone();
    let lot = db.store.write_beside(move |tx| {
        Box::pin(async move {
            let submission = own.submit(tx, received_at).await?;
            let _ = asks.send(());
            tx.answer_once(user, "test", "key", "the lot's").await?;
            Ok::<_, crate::office::Fault>(submission)
        })
    });
    lot.await.expect_err("both had it");
    writer.await.expect("no panic").expect("the writer was ended for a lot");
    acme.submits(&db.store).await.expect("done again");
}
