//! Compare-and-set: nothing is overwritten that somebody else has changed since it was read.

use domain::challenge::Section;
use domain::form::Fields;
use domain::policy;
use store::{Lock, Store, testing};

use crate::office::{Fault, Office, Supplier, facts_of};
use crate::raw::Raw;

async fn save(office: &Office, text: &'static str, seen: i64) -> Result<i64, Fault> {
    let (who, challenge) = (office.officer.clone(), office.challenge);
    verb!(office.store, tx => {
        let facts = facts_of(tx, &who, challenge, Lock::Update).await;
        let mut fields = Fields::default();
        fields.set("title", text);
        Ok(tx.save_section(&policy::edit_challenge(&who, &facts)?, Section::Problem, &fields, seen).await?)
    })
    .await
}

async fn answer(store: &Store, acme: &Supplier, text: &'static [u8], seen: i64) -> Result<i64, Fault> {
    let own = acme.clone();
    verb!(store, tx => {
        let facts = tx.response_facts(&own.actor, own.response, Lock::Share).await?.expect("the response");
        Ok(tx.save_answer(&policy::save_answer(&own.actor, &facts)?, own.round, "question-1", text, seen).await?)
    })
    .await
}

#[tokio::test]
async fn a_section_is_saved_over_what_was_read_or_not_at_all() {
    for db in testing::each().await {
        let office = Office::with_draft(&db.store).await;
        assert_eq!(save(&office, "one", 0).await.expect("new"), 1, "{}", db.kind);
        assert!(save(&office, "also new", 0).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        let (one, two) = tokio::join!(save(&office, "two", 1), save(&office, "also two", 1));
        assert!(one.is_ok() && two.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        let draft = db.store.read().await.expect("a reader").draft(office.challenge).await.expect("a draft");
        assert_eq!(draft.title(), "two", "{}", db.kind);
    }
}

#[tokio::test]
async fn an_answer_is_saved_over_what_was_read_or_not_at_all_and_leaves_no_entry() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        let before = db.store.read().await.expect("a reader").head().await.expect("a head");
        assert_eq!(answer(&db.store, &acme, b"one", 0).await.expect("new"), 1, "{}", db.kind);
        assert_eq!(answer(&db.store, &acme, b"two", 1).await.expect("as read"), 2, "{}", db.kind);
        for seen in [0, 1, 3] {
            assert!(answer(&db.store, &acme, b"late", seen).await.is_err_and(|fault| fault.is_stale()), "{}: {seen}", db.kind);
        }
        let after = db.store.read().await.expect("a reader").head().await.expect("a head");
        assert_eq!(before, after, "{}: who drafts is nobody's business", db.kind);
    }
}

#[tokio::test]
async fn two_submissions_of_one_number_are_one_and_a_stale_one() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        acme.submits(&db.store).await.expect("in time");
        let own = acme.clone();
        let again = verb!(db.store, tx => {
            let facts = tx.response_facts(&own.actor, own.response, Lock::Share).await?.expect("the response");
            let permit = policy::submit_response(&own.actor, &facts, facts.challenge.now)?;
            let (id, at) = (domain::ids::SubmissionId(crate::office::id()), facts.challenge.now);
            Ok::<_, Fault>(tx.submit_responses(&[(permit, crate::office::new_submission(id, own.round, 1, at))]).await?)
        })
        .await;
        assert!(again.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        assert_eq!(Raw::open(&db.options).await.number("select count(*) from submission").await, 1, "{}", db.kind);
    }
}

/// Who read that a question had no answer yet writes over none that came since.
#[tokio::test]
async fn an_answer_that_came_since_keeps_a_submission_back_as_stale() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        let submit = async |n: i64, seen: i64, sealed: &'static [u8]| {
            let own = acme.clone();
            verb!(db.store, tx => {
                let facts = tx.response_facts(&own.actor, own.response, Lock::Share).await?.expect("the response");
                let permit = policy::submit_response(&own.actor, &facts, facts.challenge.now)?;
                let (id, at) = (domain::ids::SubmissionId(crate::office::id()), facts.challenge.now);
                let mut new = crate::office::new_submission(id, own.round, n, at);
                new.answers = vec![store::NewAnswer { question: "q1".into(), sealed: sealed.to_vec(), seen }];
                Ok::<_, Fault>(tx.submit_responses(&[(permit, new)]).await?)
            })
            .await
        };
        submit(1, 0, b"first").await.expect("nobody had answered");
        assert!(submit(2, 0, b"over it").await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        let mut raw = Raw::open(&db.options).await;
        assert_eq!(raw.number("select count(*) from submission").await, 1, "{}", db.kind);
        assert_eq!(raw.number("select row_version from draft_answer").await, 1, "{}", db.kind);
        submit(2, 1, b"as read").await.expect("over what was read");
        assert_eq!(raw.number("select row_version from draft_answer").await, 2, "{}", db.kind);
    }
}

#[tokio::test]
async fn an_organisation_is_edited_over_what_was_read_or_not_at_all() {
    for db in testing::each().await {
        let office = Office::with_draft(&db.store).await;
        let edit = async |seen: i64| {
            let (who, buyer) = (office.officer.clone(), office.buyer);
            verb!(db.store, tx => {
                let facts = tx.organisation_facts(&who, buyer).await?.expect("the buyer");
                Ok::<_, Fault>(tx.edit_organisation(&policy::edit_organisation(&who, &facts)?, seen, "", "", "", true, &domain::profile::Profile::default()).await?)
            })
            .await
        };
        edit(1).await.expect("as read");
        assert!(edit(1).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
    }
}
