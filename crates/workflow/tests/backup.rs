//! Backup and restore, of and into either database, while others write.

mod office;

use std::convert::Infallible;

use bytes::Bytes;
use files::{Files, Place};
use futures::{TryStreamExt, stream};
use office::{Office, Told};
use store::testing::{self, Throwaway};
use store::{Options, Store};
use workflow::backup::{Manifest, back_up, restore};
use workflow::sealing::Keyring;
use workflow::{Chance, Desk, DeskOptions, Error, Passwords, file, response};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

fn keys(seed: u64) -> Keyring {
    Keyring::from_hex(&Keyring::generate(&Chance::seeded(seed))).unwrap()
}

async fn desk(options: &Options, files: Files, keys: Keyring) -> Result<Desk, Error> {
    let chance = Chance::system();
    Desk::open(DeskOptions {
        store: Store::open(options).await.expect("the restored database"),
        index: search::Index::in_memory().unwrap(),
        files,
        passwords: Passwords::cheap(&chance),
        chance,
        keys,
        base_url: "http://localhost".into(),
        kind: "live",
    })
    .await
}

fn in_memory() -> Files {
    Files::open(&Place::Memory, None, 1024 * 1024).unwrap()
}

/// An empty place of either kind.
async fn empty(into: &Throwaway) -> Options {
    if into.kind == "postgres" {
        into.store.close().await;
        into.tamper("drop schema public cascade").await;
        into.tamper("create schema public").await;
        return into.options.clone();
    }
    Options { file: into.options.file.with_file_name("restored.db"), ..into.options.clone() }
}

/// With a document, a response that was submitted and a draft.
async fn busy(throwaway: Throwaway) -> (Office, domain::file::Attachment) {
    let office = Office::with_draft(throwaway).await;
    let plan = stream::iter([Ok::<_, Infallible>(Bytes::from_static(PDF))]);
    let plan = file::attach_file(&office.desk, &office.officer.actor, office.challenge, "Plan", "plan.pdf", plan).await.done();
    office.publish(office.challenge).await;
    office.acme.answers(office.challenge, "90000").await.done();
    office.acme.submits(office.challenge).await.done();
    office.brook.answers(office.challenge, "70000").await.done();
    (office, plan)
}

async fn backed_up(office: &Office, folder: &std::path::Path) -> Result<Manifest, Error> {
    back_up(&office.throwaway.options, &office.desk.store, &office.desk.files, folder).await
}

#[tokio::test]
async fn what_is_restored_opens_with_the_master_key_into_either_database() {
    for from in testing::each().await {
        let (office, plan) = busy(from).await;
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("backup");
        // Others write meanwhile: it is one snapshot, and nobody is refused.
        let (made, writing) = tokio::join!(backed_up(&office, &to), office.acme.submits(office.challenge));
        let made = made.done();
        writing.done();
        assert_eq!(made.files.len(), 1);
        backed_up(&office, &to).await.expect_err("into a folder that is not empty");
        assert!(office.desk.store.read().await.unwrap().files_held_until().await.unwrap().unwrap() <= office.desk.store.now());

        for into in testing::each().await {
            eprintln!("{} into {}", office.throwaway.kind, into.kind);
            let (options, files) = (empty(&into).await, in_memory());
            assert_eq!(restore(&to, &options, &files).await.done(), made);
            restore(&to, &options, &files).await.expect_err("there is a database now");
            assert!(desk(&options, files.clone(), keys(8)).await.is_err(), "a wrong key");
            let desk = desk(&options, files, keys(7)).await.done();
            let (head, broken) = desk.store.verify_record().await.unwrap();
            assert_eq!((broken, head.position), (None, made.position));
            let bytes: Vec<Bytes> = file::read_file(&desk, &plan, None).await.done().try_collect().await.unwrap();
            assert_eq!(bytes.concat(), PDF);
            // The draft, sealed in another database, is its supplier's still.
            let own =
                response::read_own_response(&desk, &office.brook.person.actor, office.brook.response(office.challenge).await);
            assert_eq!(own.await.done().draft().get("price"), "70000");
            let later = office.deadline().await.plus(60 * domain::moment::MINUTE).micros() - desk.store.now().micros();
            desk.store.set_clock_offset(desk.store.clock_offset() + later).await.unwrap();
            assert_eq!(response::open_responses(&desk, &office.officer.actor, office.challenge).await.done(), 1);
            let opened = response::list_opened_responses(&desk, &office.officer.actor, office.challenge).await.done();
            assert_eq!(
                opened.responses[0].answer(domain::response::Field::Price).is_empty(),
                opened.responses[0].content.price.is_some()
            );
        }
    }
}

/// The bytes of a database in which a name reads otherwise: of the same length, so that it opens and is whole.
fn title_changed(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (bytes.to_vec(), 0);
    while let Some(next) = out[at..].windows(4).position(|four| four == b"Acme") {
        out[at + next..at + next + 4].copy_from_slice(b"Acne");
        at += next + 4;
    }
    assert_ne!(out, bytes, "it names the supplier");
    out
}

#[tokio::test]
async fn a_backup_that_was_changed_or_is_not_whole_is_not_restored() {
    let (office, plan) = busy(testing::sqlite().await).await;
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("backup");
    backed_up(&office, &to).await.done();
    let into = testing::sqlite().await;
    let options = empty(&into).await;
    let bytes = to.join("files").join(plan.id.to_string());
    let whole = std::fs::read(&bytes).unwrap();
    std::fs::write(&bytes, b"another").unwrap();
    let files = in_memory();
    let told = restore(&to, &options, &files).await.expect_err("a file that was changed").to_string();
    assert!(told.contains(&plan.id.to_string()) && told.contains("was changed"), "{told}");
    assert!(!options.file.exists(), "no database without its files");
    assert!(files.is_empty().await.unwrap(), "what it had put there is gone again, so that a good backup can be restored next");
    std::fs::remove_file(&bytes).unwrap();
    let told = restore(&to, &options, &files).await.expect_err("a file that is gone").to_string();
    assert!(told.contains(&plan.id.to_string()) && told.contains("not in the backup"), "{told}");
    assert!(files.is_empty().await.unwrap());
    std::fs::write(&bytes, whole).unwrap();
    // A database with other rows, whose record is whole nevertheless.
    let database = to.join("wellposed.db");
    let whole = std::fs::read(&database).unwrap();
    let changed = title_changed(&whole);
    std::fs::write(&database, changed).unwrap();
    restore(&to, &options, &in_memory()).await.expect_err("a database that was changed");
    std::fs::write(&database, whole).unwrap();
    let manifest = std::fs::read_to_string(to.join("backup.json")).unwrap();
    std::fs::write(to.join("backup.json"), manifest.replace("\"position\": ", "\"position\": 1")).unwrap();
    restore(&to, &options, &in_memory()).await.expect_err("a manifest of another backup");
    std::fs::remove_file(to.join("backup.json")).unwrap();
    restore(&to, &options, &in_memory()).await.expect_err("it was cut short");
    std::fs::write(to.join("backup.json"), manifest).unwrap();
    restore(&to, &options, &in_memory()).await.done();
}

#[tokio::test]
async fn while_a_backup_is_under_way_no_bytes_of_files_go() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let plan = stream::iter([Ok::<_, Infallible>(Bytes::from_static(PDF))]);
        let (desk, officer) = (&office.desk, &office.officer.actor);
        let plan = file::attach_file(desk, officer, office.challenge, "Plan", "plan.pdf", plan).await.done();
        let hold = async |until| {
            let held = desk.store.write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.hold_files(until).await?) }));
            held.await.done();
        };
        hold(desk.store.now().plus(domain::moment::DAY)).await;
        file::remove_file(desk, officer, office.challenge, plan.id).await.done();
        assert!(file::read_file(desk, &plan, None).await.is_ok(), "the row is gone, the bytes are held");
        assert_eq!(file::sweep_files(desk).await.done(), 0);
        hold(desk.store.now()).await;
        assert!(file::read_file(desk, &plan, None).await.is_ok(), "swept a day later, as what an upload left");
    }
}
