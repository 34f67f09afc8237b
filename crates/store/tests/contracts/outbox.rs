//! Mail: written with its change, told once, never twice.

use domain::moment::{HOUR, Moment};
use serde_json::json;
use store::{Error, Mail, Outgoing, Store, testing};

use crate::office::{id, register};
use crate::raw::Raw;

pub fn mail(event: &str, recipient: &str) -> Mail {
    Mail {
        id: id(),
        event: event.into(),
        recipient: recipient.into(),
        template: "test",
        params: json!({ "link": "https://example.org/once" }),
        due_at: None,
    }
}

async fn send(store: &Store, mails: Vec<Mail>) {
    verb!(store, tx => {
        register(tx).await?;
        mails.into_iter().for_each(|mail| tx.mail(mail));
        Ok::<_, Error>(())
    })
    .await
    .expect("written");
}

async fn claim(store: &Store, most: i64) -> Vec<Outgoing> {
    verb!(store, tx => { tx.claim_mail(most).await }).await.expect("claimed")
}

async fn later(store: &Store, micros: i64) {
    store.set_clock_offset(store.clock_offset() + micros).await.expect("a test installation");
}

#[tokio::test]
async fn one_event_tells_one_recipient_once() {
    for db in testing::each().await {
        send(&db.store, vec![mail("opened:1", "a@example.org"), mail("opened:1", "a@example.org")]).await;
        send(
            &db.store,
            vec![mail("opened:1", "a@example.org"), mail("opened:1", "b@example.org"), mail("opened:2", "a@example.org")],
        )
        .await;
        assert_eq!(Raw::open(&db.options).await.number("select count(*) from outbox").await, 3, "{}", db.kind);
    }
}

#[tokio::test]
async fn a_mail_is_claimed_once_and_not_before_it_is_due() {
    for db in testing::each().await {
        let due = db.store.now().plus(HOUR);
        send(&db.store, vec![mail("now", "a@example.org"), Mail { due_at: Some(due), ..mail("later", "a@example.org") }]).await;
        let (one, two) = tokio::join!(claim(&db.store, 10), claim(&db.store, 10));
        assert_eq!(one.len() + two.len(), 1, "{}", db.kind);
        later(&db.store, HOUR).await;
        assert_eq!(claim(&db.store, 10).await.len(), 1, "{}: the due one, not the claimed one again", db.kind);
        later(&db.store, 1_000 * HOUR).await;
        assert!(claim(&db.store, 10).await.is_empty(), "{}: a claim without an end was sent again", db.kind);
        assert_eq!(db.store.read().await.expect("a reader").outbox_counts().await.expect("counts"), (2, 0), "{}", db.kind);
    }
}

#[tokio::test]
async fn what_is_sent_forgets_its_one_time_link() {
    for db in testing::each().await {
        send(&db.store, vec![mail("now", "a@example.org")]).await;
        let claimed = claim(&db.store, 10).await;
        assert!(claimed[0].params.contains("once"));
        let id = claimed[0].id;
        verb!(db.store, tx => { tx.mail_sent(id).await }).await.expect("written");
        assert_eq!(Raw::open(&db.options).await.text("select params from outbox").await, "{}", "{}", db.kind);
        assert_eq!(db.store.read().await.expect("a reader").outbox_counts().await.expect("counts"), (0, 0), "{}", db.kind);
    }
}

#[tokio::test]
async fn a_failure_waits_longer_each_time_and_is_given_up_in_the_end() {
    for db in testing::each().await {
        send(&db.store, vec![mail("now", "a@example.org")]).await;
        let mut raw = Raw::open(&db.options).await;
        let mut before = 0;
        for attempt in 0..10 {
            let claimed = claim(&db.store, 10).await;
            assert_eq!(claimed.len(), 1, "{}: attempt {attempt}", db.kind);
            assert_eq!(claimed[0].attempts, attempt, "{}", db.kind);
            let now = db.store.now();
            let row = claimed[0].clone();
            verb!(db.store, tx => { tx.mail_failed(&row, "no answer", false).await }).await.expect("written");
            assert!(claim(&db.store, 10).await.is_empty(), "{}: at once again", db.kind);
            let wait = raw.number("select due_at from outbox").await - now.micros();
            assert!(wait + 1_000_000 > before, "{}: {wait} after {before}", db.kind);
            before = wait;
            later(&db.store, wait + 1).await;
        }
        assert!(claim(&db.store, 10).await.is_empty(), "{}: given up", db.kind);
        assert_eq!(db.store.read().await.expect("a reader").outbox_counts().await.expect("counts"), (0, 1), "{}", db.kind);
    }
}

#[tokio::test]
async fn a_refusal_for_ever_is_not_tried_again() {
    for db in testing::each().await {
        send(&db.store, vec![mail("now", "nobody@example.org")]).await;
        let row = claim(&db.store, 10).await.remove(0);
        verb!(db.store, tx => { tx.mail_failed(&row, "no such mailbox", true).await }).await.expect("written");
        later(&db.store, 1_000 * HOUR).await;
        assert!(claim(&db.store, 10).await.is_empty(), "{}", db.kind);
        assert!(Moment(0) < db.store.now());
    }
}
