//! The schema and the connections: one text for both databases, durable on each.

use domain::challenge::Section;
use store::{Error, Store, testing};

use crate::raw::Raw;

#[tokio::test]
async fn every_statement_prepares() {
    for db in testing::each().await {
        let prepared = testing::prepare_all(&db.options).await.expect(db.kind);
        assert!(prepared > 120, "{} statements on {}: are they still collected?", prepared, db.kind);
    }
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    for db in testing::each().await {
        let mut raw = Raw::open(&db.options).await;
        let before = raw.number("select count(*) from schema_version").await;
        let again = Store::open(&db.options).await.expect(db.kind);
        again.close().await;
        assert_eq!(raw.number("select count(*) from schema_version").await, before, "{}", db.kind);
        assert_eq!(raw.number("select count(*) from meta").await, 1, "{}", db.kind);
    }
}

#[tokio::test]
async fn a_migration_that_came_after_a_later_one_is_made_up_for() {
    for db in testing::each().await {
        let mut raw = Raw::open(&db.options).await;
        for table in ["draft_comment_event", "draft_comment", "draft_reader", "sounding_outcome_comment", "sounding_outcome"] {
            raw.run(&format!("drop table {table}")).await;
        }
        for table in ["sounding_comment_hidden", "sounding_comment", "sounding_event", "sounding"] {
            raw.run(&format!("drop table {table}")).await;
        }
        raw.run("delete from schema_version where version = 8").await;
        Store::open(&db.options).await.expect(db.kind).close().await;
        assert_eq!(raw.number("select count(*) from sounding").await, 0, "{}", db.kind);
    }
}

#[tokio::test]
async fn two_nodes_that_start_at_once_migrate_once() {
    let Some(db) = testing::postgres().await else { return };
    let mut raw = Raw::open(&db.options).await;
    let migrations = raw.number("select count(*) from schema_version").await;
    raw.run("drop schema public cascade").await;
    raw.run("create schema public").await;
    let (one, two) = tokio::join!(Store::open(&db.options), Store::open(&db.options));
    assert!(one.is_ok() && two.is_ok(), "{:?} {:?}", one.err(), two.err());
    assert_eq!(raw.number("select count(*) from schema_version").await, migrations);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    for db in testing::each().await {
        Raw::open(&db.options).await.run("insert into schema_version (version) values (999)").await;
        match Store::open(&db.options).await {
            Err(Error::NewerSchema { found: 999, known }) => assert!(known < 999),
            other => panic!("{}: {:?}", db.kind, other.map(drop)),
        }
    }
}

#[tokio::test]
async fn the_writer_is_durable_and_keeps_foreign_keys() {
    for db in testing::each().await {
        let expected: &[(&str, &str)] = match db.kind {
            "sqlite" => &[("pragma synchronous", "2"), ("pragma journal_mode", "wal"), ("pragma foreign_keys", "1")],
            _ => &[
                ("show synchronous_commit", "on"),
                ("show lock_timeout", "10s"),
                ("show transaction_isolation", "read committed"),
            ],
        };
        for &(question, answer) in expected {
            let written = verb!(db.store, tx => { Ok::<_, Error>(testing::setting(tx, question).await?) }).await;
            assert_eq!(written.expect(question), answer, "{question}");
        }
        let mut conn = db.store.read().await.expect("a reader");
        for &(question, answer) in expected {
            assert_eq!(testing::setting(&mut conn, question).await.expect(question), answer, "{question} of a reader");
        }
    }
}

#[tokio::test]
async fn a_row_that_refers_to_nothing_is_refused() {
    for db in testing::each().await {
        let refused = verb!(db.store, tx => {
            let expires = tx.now().await?.plus(1);
            tx.insert_session(b"token", 1, 404, None, expires, "test").await
        });
        assert!(refused.await.is_err(), "{}: a session of nobody", db.kind);
    }
}

#[tokio::test]
async fn a_reader_cannot_write_to_the_embedded_database() {
    let db = testing::sqlite().await;
    let mut conn = db.store.read().await.expect("a reader");
    assert!(testing::setting(&mut conn, "insert into meta (name, value) values ('a', 'b') returning name").await.is_err());
}

#[tokio::test]
async fn the_clock_moves_only_in_a_test_or_demo_installation() {
    for db in testing::each().await {
        db.store.set_clock_offset(5).await.expect("a test installation");
        Raw::open(&db.options).await.run("update meta set value = 'live' where name = 'kind'").await;
        assert!(matches!(db.store.set_clock_offset(9).await, Err(Error::Settings(_))), "{}", db.kind);
        assert_eq!(db.store.clock_offset(), 5, "{}", db.kind);
        let live = Store::open(&db.options).await.expect("the same database");
        assert_eq!(live.clock_offset(), 0, "{}: a live installation has no offset", db.kind);
    }
}

/// A live installation of the first release: what moved to another section is found there.
#[tokio::test]
async fn drafts_in_the_sections_of_the_first_release_keep_what_they_held() {
    let migration = include_str!("../../../../migrations/0002_workshop.sql");
    let (moves, _) = migration.split_once("-- A finding of the statement check").expect("the moves stand first");
    for db in testing::each().await {
        let office = crate::office::Office::with_draft(&db.store).await;
        let id = office.challenge.get();
        let mut raw = Raw::open(&db.options).await;
        raw.run("delete from challenge_section").await;
        for (section, fields) in [
            ("problem", r#"{"title":"Fewer","place":"Harbour"}"#),
            ("limits", r#"{"limits":"No noise.","budget":"120000"}"#),
            ("criteria", r#"{"criterion-1-name":"Effect","total_threshold":"60"}"#),
            ("timetable", r#"{"zone":"UTC","contact":"Ana","anonymous":"yes"}"#),
        ] {
            let by = office.officer.user().expect("a person").get();
            raw.run(&format!(
                "insert into challenge_section (challenge, section, fields, updated_by, updated_at, row_version)
                 values ({id}, '{section}', '{fields}', {by}, 1, 3)"
            ))
            .await;
        }
        for statement in moves.split(";\n").filter(|text| text.contains("challenge_section")) {
            raw.run(statement).await;
        }
        let draft = db.store.read().await.expect("a reader").draft(office.challenge).await.expect("a draft");
        let get = |section, field: &str| draft.section(section).get(field).to_owned();
        assert_eq!(get(Section::Budget, "budget"), "120000", "{}", db.kind);
        assert_eq!(get(Section::Panel, "total_threshold"), "60", "{}", db.kind);
        assert_eq!(get(Section::Panel, "anonymous"), "yes", "{}", db.kind);
        assert_eq!(get(Section::Contact, "place"), "Harbour", "{}", db.kind);
        assert_eq!(get(Section::Contact, "contact"), "Ana", "{}", db.kind);
    }
}
