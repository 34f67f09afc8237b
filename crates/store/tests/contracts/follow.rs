//! The change log, and what is public when: by the clock, not by a job.

use domain::moment::{DAY, Moment};
use domain::policy;
use store::{Lock, testing};

use crate::office::{Fault, Office, facts_of, id, register};

#[tokio::test]
async fn changes_share_the_position_of_the_record_and_come_again_when_they_fall_due() {
    for db in testing::each().await {
        let mut office = Office::with_draft(&db.store).await;
        let start = db.store.read().await.expect("a reader").head().await.expect("a head").position;
        office.publish(DAY).await;
        let mut conn = db.store.read().await.expect("a reader");
        let head = conn.head().await.expect("a head").position;
        let now = conn.now().await.expect("the clock");
        let new = conn.changes_since(start, now.micros(), now, 100).await.expect("changes");
        assert_eq!(new.len(), 3, "{}: {new:?}", db.kind);
        assert!(new.iter().all(|(position, _, id)| *position == head && *id == office.challenge.get()), "{}: {new:?}", db.kind);
        assert!(conn.changes_since(head, now.micros(), now, 100).await.expect("changes").is_empty(), "{}", db.kind);

        let publishes = office.deadline.plus(-30 * DAY);
        let kinds = async |conn: &mut store::Conn, from: Moment, to: Moment| {
            let rows = conn.changes_since(head, from.micros(), to, 100).await.expect("changes");
            rows.into_iter().map(|(_, kind, _)| kind).collect::<Vec<_>>()
        };
        assert!(kinds(&mut conn, now, publishes.plus(-1)).await.is_empty(), "{}: before its instant", db.kind);
        assert_eq!(kinds(&mut conn, now, publishes).await, ["challenge_due"], "{}", db.kind);
        assert!(kinds(&mut conn, publishes, office.deadline.plus(-1)).await.is_empty(), "{}: seen already", db.kind);
        assert_eq!(kinds(&mut conn, publishes, office.deadline).await, ["challenge_deadline"], "{}", db.kind);
        assert_eq!(conn.next_due(now.micros()).await.expect("due"), Some(publishes.micros()), "{}", db.kind);
        assert_eq!(conn.next_due(publishes.micros()).await.expect("due"), Some(office.deadline.micros()), "{}", db.kind);
        assert_eq!(conn.next_due(office.deadline.micros()).await.expect("due"), None, "{}", db.kind);
    }
}

#[tokio::test]
async fn changes_of_a_batch_are_never_ahead_of_its_commit() {
    for db in testing::each().await {
        for n in 0..5 {
            verb!(db.store, tx => {
                register(tx).await?;
                tx.changed("challenge", n, None);
                Ok::<_, store::Error>(())
            })
            .await
            .expect("written");
            let mut conn = db.store.read().await.expect("a reader");
            let (head, now) = (conn.head().await.expect("a head").position, conn.now().await.expect("the clock"));
            let rows = conn.changes_since(head - 1, now.micros(), now, 10).await.expect("changes");
            assert_eq!(rows, [(head, "challenge".to_owned(), n)], "{}", db.kind);
        }
    }
}

#[tokio::test]
async fn a_challenge_is_public_from_its_instant_on() {
    for db in testing::each().await {
        let mut office = Office::with_draft(&db.store).await;
        office.publish(DAY).await;
        let publishes = office.deadline.plus(-30 * DAY);
        let mut conn = db.store.read().await.expect("a reader");
        let mut at = async |now: Moment| {
            let open = conn.public_challenges(now, true, 10, 0).await.expect("rows").len();
            let past = conn.public_challenges(now, false, 10, 0).await.expect("rows").len();
            assert_eq!(conn.public_counts(now).await.expect("counts"), (open as i64, past as i64), "{}", db.kind);
            (open, past)
        };
        assert_eq!(at(publishes.plus(-1)).await, (0, 0), "{}", db.kind);
        assert_eq!(at(publishes).await, (1, 0), "{}", db.kind);
        assert_eq!(at(office.deadline.plus(-1)).await, (1, 0), "{}", db.kind);
        assert_eq!(at(office.deadline).await, (0, 1), "{}: the instant of the deadline is late", db.kind);
    }
}

#[tokio::test]
async fn what_was_cancelled_before_its_instant_is_never_listed() {
    for db in testing::each().await {
        for (after, listed) in [(DAY, 0), (0, 1)] {
            let mut office = Office::with_draft(&db.store).await;
            office.publish(after).await;
            let (who, challenge) = (office.officer.clone(), office.challenge);
            verb!(db.store, tx => {
                let facts = facts_of(tx, &who, challenge, Lock::Update).await;
                Ok::<_, Fault>(tx.cancel_challenge(&policy::cancel_challenge(&who, &facts)?, id(), "no budget").await?)
            })
            .await
            .expect("cancelled");
            let mut conn = db.store.read().await.expect("a reader");
            let now = office.deadline.plus(-DAY);
            let rows = conn.public_challenges(now, false, 10, 0).await.expect("rows");
            assert_eq!(rows.iter().filter(|row| row.challenge == challenge.get()).count(), listed, "{}", db.kind);
            assert_eq!(rows.iter().filter(|row| !row.standing().is_public(now)).count(), 0, "{}: list and rule agree", db.kind);
            assert_eq!(conn.public_counts(now).await.expect("counts").1, rows.len() as i64, "{}", db.kind);
        }
    }
}
