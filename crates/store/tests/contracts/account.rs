//! Users, sessions, one-time links, memberships, repeated posts.

use domain::ids::UserId;
use domain::moment::{DAY, HOUR};
use domain::organisation::{OrganisationKind, Role};
use domain::policy;
use store::{Error, testing};

use crate::office::{Fault, acting, id, new_user, nobody, organisation, user};
use crate::raw::Raw;

#[tokio::test]
async fn an_address_belongs_to_one_user() {
    for db in testing::each().await {
        let first = new_user(id());
        let second = store::NewUser { id: id(), ..first.clone() };
        verb!(db.store, tx => { tx.insert_user(&first).await }).await.expect("free");
        assert!(matches!(verb!(db.store, tx => { tx.insert_user(&second).await }).await, Err(Error::Stale)), "{}", db.kind);
    }
}

#[tokio::test]
async fn a_link_works_once_for_its_purpose_and_for_its_time() {
    for db in testing::each().await {
        verb!(db.store, tx => {
            for token in [b"one", b"two"] {
                tx.insert_token(token, "reset", "a@example.org", Some(1), None, None, None, HOUR).await?;
            }
            tx.leave_no_entry();
            Ok::<_, Error>(())
        })
        .await
        .expect("two links");
        let take = async |token: &'static [u8], purpose: &'static str| {
            verb!(db.store, tx => {
                tx.leave_no_entry();
                tx.use_token(token, purpose).await
            })
            .await
            .expect("a read")
        };
        assert!(take(b"none", "reset").await.is_none());
        assert!(take(b"one", "confirm").await.is_none(), "{}: another purpose", db.kind);
        let (first, second) = tokio::join!(take(b"one", "reset"), take(b"one", "reset"));
        assert_eq!(usize::from(first.is_some()) + usize::from(second.is_some()), 1, "{}", db.kind);
        db.store.set_clock_offset(HOUR).await.expect("a test installation");
        assert!(take(b"two", "reset").await.is_none(), "{}: too old", db.kind);
    }
}

#[tokio::test]
async fn a_session_acts_as_a_membership_as_long_as_there_is_one() {
    for db in testing::each().await {
        let (buyer, owner) = organisation(&db.store, OrganisationKind::Buyer).await;
        let holder = owner.user().expect("a user").get();
        let mut conn = db.store.read().await.expect("a reader");
        let membership = conn.memberships_of(holder).await.expect("memberships")[0].id;
        drop(conn);
        let other = user(&db.store).await;
        verb!(db.store, tx => {
            let expires = tx.now().await?.plus(DAY);
            tx.insert_session(b"one", 1, holder, Some(membership), expires, "test").await?;
            tx.insert_session(b"two", 2, holder, None, expires, "test").await?;
            tx.insert_session(b"else", 3, other, Some(membership), expires, "test").await
        })
        .await
        .expect("sessions");
        let session = async |token: &'static [u8]| db.store.session(token).await.expect("a read");
        assert_eq!(session(b"one").await.expect("signed in").organisation, Some(buyer), "{}", db.kind);
        assert_eq!(session(b"two").await.expect("signed in").organisation, None, "{}", db.kind);
        assert_eq!(session(b"else").await.expect("signed in").organisation, None, "{}: another's membership", db.kind);

        verb!(db.store, tx => { tx.rotate_session(b"two", b"new", Some(membership)).await }).await.expect("rotated");
        assert!(session(b"two").await.is_none(), "{}", db.kind);
        assert_eq!(session(b"new").await.expect("signed in").role.as_deref(), Some("owner"), "{}", db.kind);

        verb!(db.store, tx => { tx.set_password(holder, "another", Some(b"new")).await }).await.expect("changed");
        assert!(session(b"one").await.is_none(), "{}: a new password ends the other sessions", db.kind);
        assert!(session(b"new").await.is_some() && session(b"else").await.is_some(), "{}", db.kind);

        Raw::open(&db.options).await.run("update membership set ended_at = 1").await;
        assert_eq!(session(b"new").await.expect("signed in").organisation, None, "{}: the membership has ended", db.kind);
        verb!(db.store, tx => { tx.end_session(holder, 2).await }).await.expect("ended");
        assert!(session(b"new").await.is_none(), "{}", db.kind);
    }
}

/// In a storm of requests sessions are looked up several at once: each request finds its own, and one that ends early takes nobody
/// else's along.
#[tokio::test]
async fn many_who_come_at_once_each_find_their_own_session() {
    const MANY: i64 = 50;
    for db in testing::each().await {
        let holder = user(&db.store).await;
        verb!(db.store, tx => {
            let expires = tx.now().await?.plus(DAY);
            for n in 0..MANY {
                tx.insert_session(&n.to_be_bytes(), 1 + n, holder, None, expires, "test").await?;
            }
            Ok::<_, Error>(())
        })
        .await
        .expect("sessions");
        let mut asking = tokio::task::JoinSet::new();
        for n in 0..2 * MANY {
            let store = db.store.clone();
            let asked = asking.spawn(async move { (n, store.session(&n.to_be_bytes()).await.expect("a read")) });
            if n % 7 == 6 {
                asked.abort();
            }
        }
        while let Some(asked) = asking.join_next().await {
            let Ok((n, found)) = asked else { continue };
            assert_eq!(found.map(|session| session.id), (n < MANY).then_some(1 + n), "{}", db.kind);
        }
    }
}

#[tokio::test]
async fn the_last_owner_stays_also_when_two_leave_at_once() {
    for db in testing::each().await {
        let (supplier, owner) = organisation(&db.store, OrganisationKind::Supplier).await;
        let second = nobody(user(&db.store).await);
        let who = second.clone();
        verb!(db.store, tx => {
            let facts = tx.organisation_facts(&who, supplier).await?.expect("the supplier");
            tx.accept_invitation(&policy::accept_invitation(&who, &facts, true)?, id(), Role::Owner).await?;
            Ok::<_, Fault>(())
        })
        .await
        .expect("two owners");
        let other =
            if db.kind == "postgres" { store::Store::open(&db.options).await.expect("a second node") } else { db.store.clone() };
        let leave = async |store: &store::Store, who: domain::organisation::Actor| {
            verb!(store, tx => {
                let facts = tx.organisation_facts(&who, supplier).await?.expect("the supplier");
                let own = who.user().unwrap_or(UserId(0));
                let permit = policy::end_membership(&who, &facts, own, Role::Owner)?;
                // Both have read two owners before either leaves.
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                tx.end_membership(&permit, own.get()).await?;
                // And the other asks before this one has committed.
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                Ok::<_, Fault>(())
            })
            .await
        };
        let (one, two) = tokio::join!(leave(&db.store, owner), leave(&other, second));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{}: {one:?} {two:?}", db.kind);
        let owners = "select count(*) from membership where role = 'owner' and ended_at is null";
        assert_eq!(Raw::open(&db.options).await.number(owners).await, 1, "{}", db.kind);
    }
}

#[tokio::test]
async fn a_repeated_post_finds_the_answer_of_the_first() {
    for db in testing::each().await {
        let user = user(&db.store).await;
        let other = acting(user + 1_000_000, 1, OrganisationKind::Supplier, Role::Member).user().expect("a user").get();
        let post = async |key: &'static str, answer: &'static str| {
            verb!(db.store, tx => {
                tx.leave_no_entry();
                let first = tx.answer_once(user, "submit_response", key, answer).await?;
                Ok::<_, Error>(first.unwrap_or_else(|| answer.to_owned()))
            })
            .await
            .expect("an answer")
        };
        let (one, two) = tokio::join!(post("k", "first"), post("k", "second"));
        assert_eq!((one.as_str(), two.as_str()), ("first", "first"), "{}", db.kind);
        assert_eq!(post("l", "third").await, "third", "{}: another key", db.kind);
        let elses = verb!(db.store, tx => { tx.answered(other, "submit_response", "k").await }).await.expect("a read");
        assert_eq!(elses, None, "{}: another person's key", db.kind);
        let undone = verb!(db.store, tx => {
            tx.answer_once(user, "submit_response", "m", "fourth").await?;
            Err::<(), _>(Error::Stale)
        });
        assert!(undone.await.is_err());
        assert_eq!(post("m", "fifth").await, "fifth", "{}: the answer of what was undone", db.kind);
    }
}
