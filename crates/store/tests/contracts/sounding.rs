//! Soundings and invitations: what a row says is what its events say, the newest answer counts, nothing is of another's.

use domain::challenge::Section;
use domain::ids::{CommentId, ReaderId, SoundingId};
use domain::moment::{DAY, Moment};
use domain::organisation::Actor;
use domain::policy;
use store::{Lock, testing};

use crate::office::{Fault, Office, facts_of, id, nobody, terms, user};

/// A sounding of the office's draft that takes comments for a day.
async fn opened(office: &Office) -> SoundingId {
    let (of, who, challenge) = (SoundingId(id()), office.officer.clone(), office.challenge);
    verb!(office.store, tx => {
        let facts = facts_of(tx, &who, challenge, Lock::Update).await;
        let permit = policy::open_sounding(&who, &facts, false)?;
        let (shown, until) = (terms(facts.now.plus(DAY)), facts.now.plus(DAY));
        tx.open_sounding(&permit, of, &[Section::Problem, Section::Limits], &shown, until).await?;
        Ok::<_, Fault>(())
    })
    .await
    .expect("a sounding");
    of
}

async fn said(office: &Office, of: SoundingId, who: &Actor, text: &'static str) -> CommentId {
    let (comment, who) = (CommentId(id()), who.clone());
    verb!(office.store, tx => {
        let facts = tx.sounding_facts(&who, of, Lock::Share).await?.expect("a sounding");
        tx.comment_on_sounding(&policy::comment_on_sounding(&who, &facts)?, comment, None, text).await?;
        Ok::<_, Fault>(())
    })
    .await
    .expect("a comment");
    comment
}

async fn answered(office: &Office, of: SoundingId, taken_up: bool, comments: Vec<CommentId>) -> Result<i64, Fault> {
    let (outcome, who) = (id(), office.officer.clone());
    verb!(office.store, tx => {
        let facts = tx.sounding_facts(&who, of, Lock::Update).await?.expect("a sounding");
        tx.answer_sounding(&policy::answer_sounding(&who, &facts)?, outcome, taken_up, "Why.", &comments).await?;
        Ok::<_, Fault>(outcome)
    })
    .await
}

#[tokio::test]
async fn a_sounding_reads_as_it_was_written_and_its_events_say_where_it_stands() {
    for db in testing::each().await {
        let office = Office::with_draft(&db.store).await;
        let of = opened(&office).await;
        let row = db.store.read().await.expect("a reader").sounding(of).await.expect("a row").expect("the sounding");
        assert_eq!(row.sections(), [Section::Problem, Section::Limits], "{}", db.kind);
        assert_eq!(row.terms().expect("terms").title, "Fewer flooded cellars", "{}", db.kind);
        assert_eq!((row.ended_at, row.taken_down_at, row.comments), (None, None, 0), "{}", db.kind);
        let who = office.officer.clone();
        verb!(db.store, tx => {
            let facts = tx.sounding_facts(&who, of, Lock::Update).await?.expect("a sounding");
            tx.end_sounding(&policy::end_sounding(&who, &facts)?, id()).await?;
            let facts = tx.sounding_facts(&who, of, Lock::Update).await?.expect("a sounding");
            tx.take_down_sounding(&policy::take_down_sounding(&who, &facts)?, id()).await?;
            Ok::<_, Fault>(())
        })
        .await
        .expect("ended and taken down");
        let mut conn = db.store.read().await.expect("a reader");
        let standing = conn.sounding(of).await.expect("a row").expect("the sounding").standing();
        assert!(standing.ended_at.is_some() && standing.taken_down_at.is_some(), "{}", db.kind);
        assert_eq!(conn.count_soundings().await.expect("a count"), 0, "{}", db.kind);
        assert!(conn.public_soundings(Moment(0), 10, 0).await.expect("rows").is_empty(), "{}", db.kind);
        assert_eq!(conn.soundings_of(office.challenge).await.expect("rows").len(), 1, "{}: its team keeps it", db.kind);
    }
}

#[tokio::test]
async fn the_newest_answer_to_a_comment_counts_and_answers_only_its_own_sounding() {
    for db in testing::each().await {
        let office = Office::with_draft(&db.store).await;
        let (of, who) = (opened(&office).await, nobody(user(&db.store).await));
        let (one, two) = (said(&office, of, &who, "one").await, said(&office, of, &who, "two").await);
        answered(&office, of, false, vec![one, two]).await.expect("answered");
        let newest = answered(&office, of, true, vec![two]).await.expect("answered again");
        let rows = db.store.read().await.expect("a reader").sounding_comments(of).await.expect("comments");
        assert_eq!(rows.len(), 2, "{}", db.kind);
        assert_ne!(rows[0].outcome, Some(newest), "{}", db.kind);
        assert_eq!(rows[1].outcome, Some(newest), "{}", db.kind);
        let another = Office::with_draft(&db.store).await;
        let elsewhere = opened(&another).await;
        assert!(answered(&another, elsewhere, true, vec![one]).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        let outcomes = db.store.read().await.expect("a reader").sounding_outcomes(elsewhere).await.expect("outcomes");
        assert!(outcomes.is_empty(), "{}: nothing of a failed answer is left", db.kind);
    }
}

#[tokio::test]
async fn those_that_take_comments_are_listed_before_the_others() {
    for db in testing::each().await {
        let open = opened(&Office::with_draft(&db.store).await).await;
        let office = Office::with_draft(&db.store).await;
        let ended = opened(&office).await;
        let who = office.officer.clone();
        verb!(db.store, tx => {
            let facts = tx.sounding_facts(&who, ended, Lock::Update).await?.expect("a sounding");
            Ok::<_, Fault>(tx.end_sounding(&policy::end_sounding(&who, &facts)?, id()).await?)
        })
        .await
        .expect("ended");
        let mut conn = db.store.read().await.expect("a reader");
        let now = conn.now().await.expect("now");
        let rows: Vec<i64> = conn.public_soundings(now, 10, 0).await.expect("rows").iter().map(|row| row.id).collect();
        assert_eq!(rows, [open.get(), ended.get()], "{}", db.kind);
        let rows = conn.public_soundings(now, 10, 1).await.expect("rows");
        assert_eq!(rows.len(), 1, "{}: the second page", db.kind);
    }
}

#[tokio::test]
async fn an_invitation_is_its_address_s_and_is_revoked_once() {
    for db in testing::each().await {
        let office = Office::with_draft(&db.store).await;
        let (reader, invited) = (ReaderId(id()), user(&db.store).await);
        let (who, challenge, other) = (office.officer.clone(), office.challenge, nobody(user(&db.store).await));
        verb!(db.store, tx => {
            let facts = facts_of(tx, &who, challenge, Lock::Update).await;
            let until = facts.now.plus(DAY);
            tx.invite_reader(&policy::invite_reader(&who, &facts)?, reader, &format!("{invited}@example.org"), until).await?;
            Ok::<_, Fault>(())
        })
        .await
        .expect("an invitation");
        let mut conn = db.store.read().await.expect("a reader");
        for (actor, own) in [(nobody(invited), true), (other, false), (Actor::Visitor, false)] {
            let facts = conn.reader_facts(&actor, reader, Lock::None).await.expect("facts").expect("the invitation");
            assert_eq!(facts.own, own, "{}: {actor:?}", db.kind);
        }
        drop(conn);
        let revoke = async || {
            let who = office.officer.clone();
            verb!(db.store, tx => {
                let facts = facts_of(tx, &who, challenge, Lock::Update).await;
                Ok::<_, Fault>(tx.revoke_reader(&policy::revoke_reader(&who, &facts)?, reader).await?)
            })
            .await
        };
        revoke().await.expect("revoked");
        assert!(revoke().await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        let facts = db.store.read().await.expect("a reader").reader_facts(&nobody(invited), reader, Lock::None).await;
        assert!(facts.expect("facts").expect("the invitation").revoked, "{}", db.kind);
    }
}
