//! Telling: once an event and person, by each one's choice, and no more statements for many than for one.

use domain::ids::UserId;
use domain::moment::MINUTE;
use domain::notice::{Choice, Event, EventKind};
use domain::organisation::Actor;
use domain::policy;
use store::{Error, Lock, Store, testing};

use crate::office::{Fault, Office, facts_of, register, user};
use crate::raw::Raw;

async fn tell(store: &Store, event: &Event) -> u64 {
    let event = event.clone();
    verb!(store, tx => {
        register(tx).await?;
        tx.tell(&event).await
    })
    .await
    .expect("told")
}

async fn follows(office: &Office, who: &Actor) {
    let (who, challenge) = (who.clone(), office.challenge);
    verb!(office.store, tx => {
        let facts = facts_of(tx, &who, challenge, Lock::None).await;
        tx.follow_challenge(&policy::follow_challenge(&who, &facts)?, true).await?;
        Ok::<_, Fault>(())
    })
    .await
    .expect("followed");
}

fn of(who: &Actor) -> i64 {
    who.user().map_or(0, UserId::get)
}

#[tokio::test]
async fn one_event_is_told_once_to_each_person() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let supplier = office.supplier().await;
        follows(&office, &supplier.actor).await;
        let event = Event::of(EventKind::Amended, 7).on(office.challenge, "Fewer flooded cellars").by(office.officer.user());
        assert_eq!(tell(&db.store, &event).await, 2, "{}: who drafts and follows, and the approver; not who did it", db.kind);
        assert_eq!(tell(&db.store, &event).await, 0, "{}: told again", db.kind);
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(*) from notice").await, 2, "{}", db.kind);
        assert_eq!(raw.number("select count(*) from outbox").await, 2, "{}", db.kind);
        let another = Event::of(EventKind::Amended, 8).on(office.challenge, "Fewer flooded cellars");
        assert_eq!(tell(&db.store, &another).await, 3, "{}: another fact", db.kind);
    }
}

#[tokio::test]
async fn a_choice_is_respected_and_required_mail_goes_out_all_the_same() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let (answered, drafting) = (office.supplier().await, office.supplier().await);
        answered.submits(&db.store).await.expect("a submission");
        let mut raw = Raw::open(&db.options).await;
        for who in [&answered.actor, &drafting.actor] {
            raw.run(&format!("insert into notice_choice (user_id, kind, choice) values ({}, 'amended', 'in_app')", of(who)))
                .await;
        }
        let approver = of(&office.approver);
        raw.run(&format!("insert into notice_choice (user_id, kind, choice) values ({approver}, 'amended', 'daily')")).await;
        let event = Event::of(EventKind::Amended, 7).on(office.challenge, "Fewer flooded cellars").by(office.officer.user());
        tell(&db.store, &event).await;
        let mail = async |raw: &mut Raw, user: i64| raw.text(&format!("select mail from notice where user_id = {user}")).await;
        assert_eq!(mail(&mut raw, of(&answered.actor)).await, "at_once", "{}: it changed what they answered", db.kind);
        assert_eq!(mail(&mut raw, of(&drafting.actor)).await, "in_app", "{}", db.kind);
        assert_eq!(mail(&mut raw, approver).await, "daily", "{}", db.kind);
        assert_eq!(raw.number("select count(*) from outbox where template = 'notice'").await, 1, "{}", db.kind);
    }
}

#[tokio::test]
async fn a_summary_is_one_row_for_all_that_it_takes_in() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let approver = of(&office.approver);
        let mut raw = Raw::open(&db.options).await;
        raw.run(&format!("update users set zone = 'Europe/Paris' where id = {approver}")).await;
        for kind in ["amended", "cancelled"] {
            raw.run(&format!("insert into notice_choice (user_id, kind, choice) values ({approver}, '{kind}', 'weekly')")).await;
        }
        let now = db.store.now();
        for (kind, fact) in [(EventKind::Amended, 1), (EventKind::Amended, 2), (EventKind::Cancelled, 3)] {
            tell(&db.store, &Event::of(kind, fact).on(office.challenge, "Cellars").by(office.officer.user())).await;
        }
        assert_eq!(raw.number("select count(*) from outbox").await, 1, "{}", db.kind);
        let at = Choice::Weekly.summary_after(now, "Europe/Paris").expect("a Monday");
        assert_eq!(raw.number("select due_at from outbox").await, at.plus(MINUTE).micros(), "{}", db.kind);
        assert_eq!(
            raw.number(&format!("select count(*) from notice where summary_at = {}", at.micros())).await,
            3,
            "{}",
            db.kind
        );
    }
}

#[tokio::test]
async fn reminders_pass_by_whoever_has_submitted() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let (answered, drafting) = (office.supplier().await, office.supplier().await);
        answered.submits(&db.store).await.expect("a submission");
        follows(&office, &answered.actor).await;
        let event = Event::once(EventKind::WhyNot, "a deadline").on(office.challenge, "Cellars");
        assert_eq!(tell(&db.store, &event).await, 1, "{}", db.kind);
        let told = Raw::open(&db.options).await.number("select user_id from notice").await;
        assert_eq!(told, of(&drafting.actor), "{}: the officers learn nothing either", db.kind);
        // Before the deadline each supplier that has begun is told of its own, and only who follows is told of the challenge.
        let follower = crate::office::nobody(user(&db.store).await);
        follows(&office, &follower).await;
        let near = Event::once(EventKind::DeadlineNear, "a deadline").on(office.challenge, "Cellars");
        assert_eq!(tell(&db.store, &near).await, 1, "{}", db.kind);
        let told = Raw::open(&db.options)
            .await
            .number("select user_id from notice where event in (select id from notice_event where kind = 'deadline_near')")
            .await;
        assert_eq!(told, of(&follower), "{}", db.kind);
    }
}

#[tokio::test]
async fn many_are_told_in_as_many_statements_as_one() {
    for db in testing::each().await {
        let mut cost = Vec::new();
        for followers in [1, 40] {
            let office = Office::with_open_challenge(&db.store).await;
            for _ in 0..followers {
                follows(&office, &crate::office::nobody(user(&db.store).await)).await;
            }
            let event = Event::of(EventKind::Cancelled, office.challenge.get()).on(office.challenge, "Cellars");
            let spent = verb!(db.store, tx => {
                register(tx).await?;
                let before = tx.statements();
                tx.tell(&event).await?;
                Ok::<_, Error>(tx.statements() - before)
            })
            .await
            .expect("told");
            cost.push(spent);
        }
        assert_eq!(cost[0], cost[1], "{}", db.kind);
    }
}
