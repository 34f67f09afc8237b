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
                new.answers =
                    vec![store::TypedAnswer { question: "q1".into(), version: seen + 1, row: seen, sealed: Some(sealed.to_vec()), before: None }];
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

/// What was typed with a submission is an answer of the draft like any other, though it has no row.
#[tokio::test]
async fn what_was_typed_with_a_submission_is_written_over_as_read_or_not_at_all() {
    for db in testing::each().await {
        let office = Office::with_open_challenge(&db.store).await;
        let acme = office.supplier().await;
        let submit = async |n: i64, row: i64, version: i64| {
            let own = acme.clone();
            verb!(db.store, tx => { typed(tx, &own, n, row, version).await }).await
        };
        let mut raw = Raw::open(&db.options).await;
        let mut rows = async || raw.number("select coalesce(max(row_version), 0) from draft_answer").await;
        submit(1, 0, 1).await.expect("nobody had answered");
        assert_eq!(rows().await, 0, "{}: it lies in the envelope", db.kind);
        for seen in [0, 2] {
            assert!(answer(&db.store, &acme, b"late", seen).await.is_err_and(|fault| fault.is_stale()), "{}: {seen}", db.kind);
        }
        assert_eq!(answer(&db.store, &acme, b"as read", 1).await.expect("as read"), 2, "{}", db.kind);
        assert_eq!(rows().await, 2, "{}", db.kind);
        assert!(submit(2, 0, 2).await.is_err_and(|fault| fault.is_stale()), "{}: a row came since", db.kind);
        submit(2, 2, 3).await.expect("as read");
        assert!(answer(&db.store, &acme, b"over it", 2).await.is_err_and(|fault| fault.is_stale()), "{}", db.kind);
        assert_eq!(answer(&db.store, &acme, b"knowingly", 3).await.expect("as read"), 4, "{}", db.kind);
        let made = db.store.read().await.expect("a reader").typed_with(&[(acme.response, acme.round)]).await.expect("rows");
        let versions: Vec<_> = made.iter().map(|row| (row.n, row.typed().expect("versions")["question-1"])).collect();
        assert_eq!(versions, [(1, 1), (2, 3)], "{}", db.kind);
    }
}

/// A submission of what was typed, without a row of the draft.
async fn typed(tx: &mut store::Tx, own: &Supplier, n: i64, row: i64, version: i64) -> Result<(), Fault> {
    let facts = tx.response_facts(&own.actor, own.response, Lock::Share).await?.expect("the response");
    let permit = policy::submit_response(&own.actor, &facts, facts.challenge.now)?;
    let (id, at) = (domain::ids::SubmissionId(crate::office::id()), facts.challenge.now);
    let mut new = crate::office::new_submission(id, own.round, n, at);
    new.answers = vec![store::TypedAnswer { question: "question-1".into(), version, row, sealed: None, before: None }];
    Ok(tx.submit_responses(&[(permit, new)]).await?)
}

/// One of two nodes submits an answer that the other saves: neither has a row that the other would run into.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_save_and_a_submission_at_once_on_two_nodes_one_is_stale() {
    let Some(db) = testing::postgres().await else { return };
    let other = store::Store::open(&db.options).await.expect("a second node");
    let office = Office::with_open_challenge(&db.store).await;
    let acme = office.supplier().await;
    let (started, begun) = tokio::sync::oneshot::channel();
    let own = acme.clone();
    let submission = async {
        verb!(db.store, tx => {
            typed(tx, &own, 1, 0, 1).await?;
            let _ = started.send(());
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            Ok::<_, Fault>(())
        })
        .await
    };
    let save = async {
        begun.await.expect("begun");
        answer(&other, &acme, b"saved beside it", 0).await
    };
    let (submitted, saved) = tokio::join!(submission, save);
    submitted.expect("submitted");
    assert!(saved.is_err_and(|fault| fault.is_stale()), "it was typed over nothing, and there is an answer");
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
