//! Files attached to a challenge: who may attach, what a version freezes, who may read and when.

mod office;

use std::convert::Infallible;

use bytes::Bytes;
use domain::file::{Attachment, MOST_FILES};
use domain::ids::FileId;
use domain::moment::DAY;
use domain::organisation::Actor;
use domain::policy::Refusal;
use futures::{TryStreamExt, stream};
use office::{Office, Told};
use store::testing;
use workflow::file::{self, DraftFiles};
use workflow::{Desk, Error};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n";

async fn attach(office: &Office, actor: &Actor, name: &str, bytes: &'static [u8]) -> Result<Attachment, Error> {
    let stream = stream::iter([Ok::<_, Infallible>(Bytes::from_static(bytes))]);
    file::attach_file(&office.desk, actor, office.challenge, " Plan of the harbour ", name, stream).await
}

async fn listed(office: &Office) -> Vec<FileId> {
    let DraftFiles { files, .. } = file::list_files(&office.desk, &office.officer.actor, office.challenge).await.done();
    files.iter().map(|file| file.id).collect()
}

async fn find(office: &Office, actor: &Actor, id: FileId) -> Result<Attachment, Error> {
    file::find_file(&office.desk, actor, id).await.map(|(file, _)| file)
}

async fn kept(desk: &Desk, file: &Attachment) -> Option<Vec<u8>> {
    let chunks: Vec<Bytes> = file::read_file(desk, file, None).await.ok()?.try_collect().await.ok()?;
    Some(chunks.concat())
}

#[tokio::test]
async fn an_officer_attaches_while_the_challenge_is_written_and_nobody_else_does() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let made = attach(&office, &office.officer.actor, "C:\\plan.PDF", PDF).await.done();
        assert_eq!((made.name.as_str(), made.title.as_str(), made.bytes), ("plan.pdf", "Plan of the harbour", PDF.len() as u64));
        assert_eq!(kept(&office.desk, &made).await.as_deref(), Some(PDF));
        attach(&office, &office.approver.actor, "a.pdf", PDF).await.refused(Refusal::NotYours);
        attach(&office, &office.outsider.actor, "a.pdf", PDF).await.refused(Refusal::Unseen);
        attach(&office, &Actor::Visitor, "a.pdf", PDF).await.refused(Refusal::Unseen);
        office.publish(office.challenge).await;
        attach(&office, &office.officer.actor, "a.pdf", PDF).await.refused(Refusal::Stage);
        file::remove_file(&office.desk, &office.officer.actor, office.challenge, made.id).await.refused(Refusal::Stage);
        assert_eq!(listed(&office).await, [made.id]);
    }
}

#[tokio::test]
async fn what_is_refused_says_why_and_leaves_nothing() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let officer = &office.officer.actor;
        attach(&office, officer, "a.pdf", b"").await.invalid("file-empty");
        attach(&office, officer, "a.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0").await.invalid("file-kind");
        attach(&office, officer, "a.exe", PDF).await.invalid("file-ending");
        attach(&office, officer, "page.html", b"<!DOCTYPE html><html>").await.invalid("file-kind");
        let long = stream::iter((0..21).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b'a'; 1024 * 1024]))));
        file::attach_file(&office.desk, officer, office.challenge, "", "a.txt", long).await.invalid("file-too-long");
        let breaks = stream::iter(vec![Ok(Bytes::from_static(PDF)), Err("the line is dead")]);
        file::attach_file(&office.desk, officer, office.challenge, "", "a.pdf", breaks).await.invalid("file-broken");
        assert_eq!(listed(&office).await, []);
        let left = office.desk.files.older_than(std::time::Duration::ZERO).await.unwrap();
        assert_eq!(left, [], "no bytes without a row");
    }
}

#[tokio::test]
async fn a_challenge_has_so_many_files_and_no_more() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        for _ in 0..MOST_FILES {
            attach(&office, &office.officer.actor, "a.pdf", PDF).await.done();
        }
        attach(&office, &office.officer.actor, "a.pdf", PDF).await.invalid("files-many");
    }
}

#[tokio::test]
async fn a_file_of_a_draft_is_the_teams_and_public_from_the_instant_of_publication() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let made = attach(&office, &office.officer.actor, "plan.pdf", PDF).await.done();
        for actor in [&office.officer.actor, &office.approver.actor] {
            find(&office, actor, made.id).await.done();
        }
        for actor in [&office.outsider.actor, &office.acme.person.actor, &Actor::Visitor] {
            find(&office, actor, made.id).await.refused(Refusal::Unseen);
        }
        office.officer.submits_for_review(office.challenge).await.done();
        let tomorrow = office.desk.store.now().plus(DAY).rfc3339()[..10].to_owned();
        office.approver.approves(office.challenge, &tomorrow).await.done();
        find(&office, &Actor::Visitor, made.id).await.refused(Refusal::Unseen);
        office.wait(2 * DAY).await;
        assert_eq!(find(&office, &Actor::Visitor, made.id).await.done(), made, "as the published terms name it");
    }
}

#[tokio::test]
async fn a_removed_file_is_gone_unless_a_version_names_it() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let officer = &office.officer.actor;
        let (first, second) =
            (attach(&office, officer, "a.pdf", PDF).await.done(), attach(&office, officer, "b.pdf", PDF).await.done());
        office.officer.submits_for_review(office.challenge).await.done();
        office.approver.sends_back(office.challenge, "Too many plans").await.done();
        let third = attach(&office, officer, "c.pdf", PDF).await.done();
        for file in [&second, &third] {
            file::remove_file(&office.desk, officer, office.challenge, file.id).await.done();
        }
        assert_eq!(listed(&office).await, [first.id]);
        assert!(kept(&office.desk, &second).await.is_some(), "the version that was reviewed names it");
        assert!(kept(&office.desk, &third).await.is_none(), "nothing names it");
        find(&office, officer, third.id).await.refused(Refusal::Unseen);
        office.publish(office.challenge).await;
        let terms = office.desk.store.read().await.unwrap().latest_terms(office.challenge).await.unwrap().unwrap().1;
        assert_eq!(terms.attachments, [first]);
    }
}

#[tokio::test]
async fn bytes_without_a_row_are_swept_after_a_day() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let made = attach(&office, &office.officer.actor, "a.pdf", PDF).await.done();
        let stray = stream::iter([Ok::<_, Infallible>(Bytes::from_static(PDF))]);
        office.desk.files.receive(FileId(7), stray).await.unwrap();
        assert_eq!(file::sweep_files(&office.desk).await.done(), 0, "an upload under way is left alone");
        assert!(kept(&office.desk, &made).await.is_some());
    }
}
