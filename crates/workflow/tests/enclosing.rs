//! Files that answer a question: sealed as they come in, named by what is submitted, read by those who may.

mod office;

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use domain::audit::Differs;
use domain::challenge::Section;
use domain::ids::FileId;
use domain::moment::{DAY, HOUR, MINUTE};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::Refusal;
use domain::response::{Enclosed, Field, files_shown, files_since};
use futures::{TryStreamExt, stream};
use office::{Office, Person, Supplier, Told, fields};
use store::testing::{self, Throwaway};
use workflow::response::{self, Lack, SealedFile, Unwhole};
use workflow::{Error, challenge, file, notice, sealing};

const MARKER: &str = "Zwergschnepfe";

/// A PDF of some length that says the marker every hundred bytes.
fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    while bytes.len() < length {
        bytes.extend(format!("{MARKER:>100}\n").bytes());
    }
    bytes
}

/// Asks how, and for at most two PDF files, one of them required.
async fn open(throwaway: Throwaway) -> Office {
    let office = Office::with_draft(throwaway).await;
    let asked = fields(&[
        ("question-1-label", "How?"),
        ("question-2-label", "A plan"),
        ("question-2-kind", "files"),
        ("question-2-file_pdf", "yes"),
        ("question-2-most", "2"),
    ]);
    challenge::save_section(&office.desk, &office.officer.actor, office.challenge, Section::Questions, asked, 1).await.done();
    office.publish(office.challenge).await;
    office
}

/// The fields of the two questions.
async fn asked(office: &Office, supplier: &Supplier) -> [String; 2] {
    let terms = supplier.own(office.challenge).await.done().terms;
    [0, 1].map(|n| Field::Question(terms.questions[n].id).name())
}

async fn encloses(office: &Office, of: &Supplier, field: &str, name: &str, bytes: Vec<u8>) -> Result<Enclosed, Error> {
    let id = of.response(office.challenge).await;
    let parts: Vec<_> = bytes.chunks(10_000).map(|part| Ok::<_, Infallible>(Bytes::copy_from_slice(part))).collect();
    response::enclose_file(&office.desk, &of.person.actor, id, field, name, stream::iter(parts)).await
}

async fn reads(office: &Office, found: SealedFile) -> Vec<u8> {
    let parts: Vec<Bytes> = response::read_sealed_file(&office.desk, found).await.done().try_collect().await.unwrap();
    parts.concat()
}

async fn opened(office: &Office, person: &Person, of: &Supplier, file: FileId) -> Result<SealedFile, Error> {
    let id = of.response(office.challenge).await;
    response::find_opened_file(&office.desk, &person.actor, office.challenge, id, file).await
}

async fn own(office: &Office, actor: &Actor, of: &Supplier, file: FileId) -> Result<SealedFile, Error> {
    response::find_own_file(&office.desk, actor, of.response(office.challenge).await, file).await
}

#[tokio::test]
async fn a_file_is_sealed_on_its_way_in_and_read_after_the_opening_and_not_before() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        acme.submits(id).await.invalid("files-none-sent");
        let field = asked(&office, acme).await[1].clone();
        let plan = pdf(300_000);
        let name = format!("plan of {MARKER}.pdf");
        let made = encloses(&office, acme, &field, &name, plan.clone()).await.done();
        assert_eq!((made.name.as_str(), made.bytes), (name.as_str(), plan.len() as u64));
        let submission = acme.submits(id).await.done();

        // Nothing of it lies readable: not its words, not its name, not its digest.
        let lies: Vec<Bytes> = office.desk.files.read(made.id, None).await.unwrap().try_collect().await.unwrap();
        let lies = lies.concat();
        assert!(lies.len() > plan.len() && !lies.windows(MARKER.len()).any(|words| words == MARKER.as_bytes()));
        let rows = office.throwaway.every_value().await.join("\n").to_lowercase();
        for secret in [MARKER.to_lowercase(), sealing::hex(MARKER.as_bytes()), made.sha256.clone()] {
            assert!(!rows.contains(&secret), "{secret}");
        }

        // The digest of what was submitted covers it.
        let receipt = response::read_receipt(&office.desk, &acme.person.actor, submission).await.done();
        assert_eq!(receipt.content.all_files().collect::<Vec<_>>(), [&made]);
        assert_eq!(sealing::digest(&receipt.submission.salt, &receipt.content.canonical()), receipt.submission.digest);

        assert_eq!(reads(&office, own(&office, &acme.person.actor, acme, made.id).await.done()).await, plan);
        opened(&office, &office.officer, acme, made.id).await.err().expect("sealed");
        own(&office, &office.officer.actor, acme, made.id).await.map(drop).expect_err("not theirs");
        own(&office, &office.brook.person.actor, acme, made.id).await.map(drop).expect_err("not theirs");
        office.pass_deadline().await;
        opened(&office, &office.officer, acme, made.id).await.err().expect("sealed");
        office.officer.opens(id).await.done();
        assert_eq!(reads(&office, opened(&office, &office.officer, acme, made.id).await.done()).await, plan);
        opened(&office, &office.outsider, acme, made.id).await.err().expect("the team's and the panel's");
        opened(&office, &office.brook.person, acme, made.id).await.err().expect("the team's and the panel's");
        // Another challenge's address leads to nothing, whoever asks.
        let of = acme.response(id).await;
        response::find_opened_file(&office.desk, &office.officer.actor, domain::ids::ChallengeId(7), of, made.id)
            .await
            .refused(Refusal::Unseen);
    }
}

/// Files go along as they lie there: a form that shows others than there are submits nothing, whoever added or removed one.
#[tokio::test]
async fn a_file_that_came_or_went_since_the_form_was_read_is_told_before_it_is_submitted() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        let colleague = acme.colleague("Colleague").await;
        let [words, field] = asked(&office, acme).await;
        let (desk, own) = (&office.desk, acme.response(id).await);
        let first = encloses(&office, acme, &field, "a.pdf", pdf(100)).await.done();
        let second = encloses(&office, acme, &field, "b.pdf", pdf(100)).await.done();
        let shown = async || files_shown(&acme.own(id).await.done().files);
        let posts = async |text: &str, files: &str| {
            let typed = fields(&[(&words, text), ("files", files)]);
            response::submit_answers(desk, &acme.person.actor, own, desk.store.now(), &typed, "k").await
        };
        let two = shown().await;
        response::remove_enclosed(desk, &colleague.person.actor, own, second.id).await.done();
        posts("Typed meanwhile", &two).await.stale();
        let read = acme.own(id).await.done();
        assert_eq!(read.submissions.len(), 0);
        assert_eq!(files_since(&two, &read.files), std::slice::from_ref(&field));

        // What is typed makes no files stale; and the same post again is the same post, though files have changed since.
        let one = shown().await;
        let sent = posts("Typed meanwhile", &one).await.done();
        encloses(&office, &colleague, &field, "c.pdf", pdf(100)).await.done();
        assert_eq!(posts("Typed meanwhile", &one).await.done(), sent);
        posts("Typed since", &one).await.stale();
        let both = shown().await;
        let again = posts("Typed since", &both).await.done();
        let receipt = response::read_receipt(desk, &acme.person.actor, again).await.done();
        assert_eq!(receipt.content.all_files().count(), 2);
        assert!(receipt.content.all_files().any(|file| file.id == first.id));
        // Whoever posts without a page says nothing of files.
        let typed = fields(&[(&words, "By itself")]);
        response::submit_answers(desk, &acme.person.actor, own, desk.store.now(), &typed, "other").await.done();
    }
}

#[tokio::test]
async fn only_what_is_asked_for_is_taken_and_only_in_time() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let acme = &office.acme;
        acme.starts(office.challenge).await.done();
        let [words, field] = asked(&office, acme).await;
        encloses(&office, acme, &words, "a.pdf", pdf(100)).await.refused(Refusal::Unseen);
        encloses(&office, acme, &field, "a.txt", b"A plan in words".to_vec()).await.invalid("file-not-wanted");
        encloses(&office, acme, &field, "a.exe", pdf(100)).await.invalid("file-ending");
        encloses(&office, acme, &field, "a.pdf", Vec::new()).await.invalid("file-empty");
        for name in ["a.pdf", "b.pdf"] {
            encloses(&office, acme, &field, name, pdf(100)).await.done();
        }
        encloses(&office, acme, &field, "c.pdf", pdf(100)).await.invalid("answer-files-many");
        assert_eq!(office.desk.files.older_than(Duration::ZERO).await.unwrap().len(), 2, "nothing is kept of what was refused");
        let id = acme.response(office.challenge).await;
        let theirs = stream::iter([Ok::<_, Infallible>(Bytes::from(pdf(100)))]);
        response::enclose_file(&office.desk, &office.brook.person.actor, id, &field, "a.pdf", theirs)
            .await
            .expect_err("another supplier's draft");
        office.pass_deadline().await;
        encloses(&office, acme, &field, "d.pdf", pdf(100)).await.refused(Refusal::Late);
    }
}

#[tokio::test]
async fn what_a_submission_names_stays_and_what_none_names_is_gone() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        let field = asked(&office, acme).await[1].clone();
        let first = encloses(&office, acme, &field, "first.pdf", pdf(100)).await.done();
        let reviewed = acme.own(id).await.done().draft_version();
        let second = encloses(&office, acme, &field, "second.pdf", pdf(200)).await.done();
        // What is submitted is what was reviewed, files too.
        let (response, actor, now) = (acme.response(id).await, &acme.person.actor, office.desk.store.now());
        response::submit_response(
            &office.desk,
            actor,
            response,
            now,
            Some(response::Reviewed { draft_version: reviewed, version: None }),
            "a",
        )
        .await
        .stale();
        acme.submits(id).await.done();
        response::remove_enclosed(&office.desk, actor, response, first.id).await.done();
        let third = encloses(&office, acme, &field, "third.pdf", pdf(300)).await.done();
        response::remove_enclosed(&office.desk, actor, response, third.id).await.done();
        response::remove_enclosed(&office.desk, &office.brook.person.actor, response, second.id).await.expect_err("not theirs");
        let names: Vec<_> = acme.own(id).await.done().files[&field].iter().map(|file| file.name.clone()).collect();
        assert_eq!(names, ["second.pdf"]);
        own(&office, actor, acme, third.id).await.refused(Refusal::Unseen);
        assert_eq!(reads(&office, own(&office, actor, acme, first.id).await.done()).await, pdf(100), "it was sent");
        file::sweep_files(&office.desk).await.done();
        assert_eq!(office.desk.files.older_than(Duration::ZERO).await.unwrap().len(), 2);
        // The submission that stands has both, though one is off the draft.
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        let listed = office.officer.lists(id).await.done();
        assert_eq!(listed.responses[0].content.all_files().count(), 2);
        assert_eq!(reads(&office, opened(&office, &office.officer, acme, first.id).await.done()).await, pdf(100));
    }
}

/// A supplier that believes that a file went along which did not loses the tender: what came or went after the submission is told, by the
/// page and by the reminders, and is told no more once it is submitted, or undone.
#[tokio::test]
async fn a_file_that_came_or_went_after_submitting_is_a_change_until_it_is_submitted() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        let field = asked(&office, acme).await[1].clone();
        let differs = async || {
            let names = |files: &[Enclosed]| files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
            let own = acme.own(id).await.done();
            let found = response::read_unsent(&office.desk, &own).await.done()?;
            Some(found.iter().map(|one| (one.field.clone(), names(&one.added), names(&one.gone))).collect::<Vec<_>>())
        };
        let first = encloses(&office, acme, &field, "first.pdf", pdf(100)).await.done();
        assert_eq!(differs().await, None, "nothing is submitted");
        acme.submits(id).await.done();
        assert_eq!(differs().await, Some(vec![]));
        notice::tell_due(&office.desk).await.done();
        let deadline = office.deadline().await;
        office.wait_until(deadline.plus(-7 * DAY + MINUTE)).await;
        assert_eq!(notice::tell_due(&office.desk).await.done(), 0, "nothing is owed");

        let second = encloses(&office, acme, &field, "second.pdf", pdf(200)).await.done();
        assert_eq!(differs().await, Some(vec![(field.clone(), vec!["second.pdf".into()], vec![])]));
        office.wait_until(deadline.plus(-48 * HOUR + MINUTE)).await;
        assert_eq!(notice::tell_due(&office.desk).await.done(), 1, "it is not submitted");
        let told = notice::list_notices(&office.desk, &acme.person.actor, 1).await.done().page.remove(0);
        assert_eq!((told.kind, told.words.n), (EventKind::DeadlineNear, Some(3)));

        let (response, actor) = (acme.response(id).await, &acme.person.actor);
        response::remove_enclosed(&office.desk, actor, response, second.id).await.done();
        assert_eq!(differs().await, Some(vec![]), "it is off again: the same would be submitted");
        office.wait_until(deadline.plus(-24 * HOUR + MINUTE)).await;
        assert_eq!(notice::tell_due(&office.desk).await.done(), 0);

        encloses(&office, acme, &field, "third.pdf", pdf(300)).await.done();
        response::remove_enclosed(&office.desk, actor, response, first.id).await.done();
        let both = (field.clone(), vec!["third.pdf".into()], vec!["first.pdf".into()]);
        assert_eq!(differs().await, Some(vec![both]), "the one that was submitted is off, and another is there");
        office.wait_until(deadline.plus(-3 * HOUR + MINUTE)).await;
        assert_eq!(notice::tell_due(&office.desk).await.done(), 1);
        acme.submits(id).await.done();
        assert_eq!(differs().await, Some(vec![]));
        // An answer that is written over and back is none.
        acme.answers_with(id, "Another way", "90000").await.done();
        assert_eq!(differs().await.map(|found| found.is_empty()), Some(false));
        acme.answers(id, "90000").await.done();
        assert_eq!(differs().await, Some(vec![]));
    }
}

/// Which files a submission names, and with which keys, is as much evidence as its answers: whoever puts one in, takes one out or changes
/// one in the database is found, and opens nothing.
#[tokio::test]
async fn a_file_put_in_taken_out_or_exchanged_in_the_database_is_found_and_opens_nothing() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        let field = asked(&office, acme).await[1].clone();
        let sent = encloses(&office, acme, &field, "sent.pdf", pdf(100)).await.done();
        let submission = acme.submits(id).await.done();
        let other = encloses(&office, acme, &field, "not sent.pdf", pdf(200)).await.done();
        office.pass_deadline().await;
        let entry = office.desk.store.read().await.unwrap().entry_of("submit_response", "submission", submission.get()).await;
        let at = entry.unwrap().unwrap().0;
        let changed = Differs::SubmissionChanged(submission.get(), at);
        let (of, sent, other) = (submission.get(), sent.id.get(), other.id.get());
        let empty = if office.throwaway.kind == "postgres" { "''::bytea" } else { "x''" };
        let columns = "insert into submission_file (submission, file, kind, sealed_key) select submission";
        let done = [
            (format!("{columns}, {other}, kind, sealed_key from submission_file"), changed.clone()),
            (format!("{columns}, {other}, 'price', sealed_key from submission_file"), Differs::FileAdded(of)),
            ("delete from submission_file".into(), changed.clone()),
            (format!("update submission_file set file = {other}"), changed.clone()),
            (format!("update submission_file set sealed_key = {empty}"), changed.clone()),
        ];
        office.throwaway.tamper("create table saved as select * from submission_file").await;
        for (change, finds) in done {
            office.throwaway.tamper(&change).await;
            let found = office.desk.store.verify_rows().await.unwrap();
            assert_eq!(found, [finds], "{change} on {}", office.throwaway.kind);
            let Err(Error::NotWhole(unwhole)) = office.officer.opens(id).await else { panic!("{change}: it was opened") };
            let told = |one: &Unwhole| one.id == of && matches!(one.what, Lack::Changed | Lack::NoFile);
            assert!(unwhole.len() == 1 && unwhole.iter().all(told), "{change}: {unwhole:?}");
            office.throwaway.tamper("delete from submission_file").await;
            office.throwaway.tamper("insert into submission_file select * from saved").await;
        }
        assert_eq!((office.desk.store.verify_rows().await.unwrap(), sent == other), (vec![], false));
        office.officer.opens(id).await.done();
    }
}

/// A file is more than its row: where its bytes are gone nothing is opened, and its receipt's number is told.
#[tokio::test]
async fn a_file_whose_bytes_are_gone_keeps_all_closed() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme) = (office.challenge, &office.acme);
        acme.answers(id, "90000").await.done();
        let field = asked(&office, acme).await[1].clone();
        let replaced = encloses(&office, acme, &field, "replaced.pdf", pdf(100)).await.done();
        acme.submits(id).await.done();
        response::remove_enclosed(&office.desk, &acme.person.actor, acme.response(id).await, replaced.id).await.done();
        let sent = encloses(&office, acme, &field, "sent.pdf", pdf(100)).await.done();
        let submission = acme.submits(id).await.done().get();
        office.pass_deadline().await;
        // What was replaced is owed nothing.
        office.desk.files.delete(replaced.id).await.unwrap();
        let place = files::Place::Memory;
        let aside = files::Files::open(&place, None, 1_000_000).unwrap();
        office.desk.files.copy_to(&aside, sent.id).await.unwrap();
        office.desk.files.delete(sent.id).await.unwrap();
        let Err(Error::NotWhole(unwhole)) = office.officer.opens(id).await else { panic!("it was opened") };
        assert_eq!(unwhole, [Unwhole { id: submission, what: Lack::NoFile }]);
        aside.copy_to(&office.desk.files, sent.id).await.unwrap();
        office.officer.opens(id).await.done();
    }
}

/// Files that no opened submission names end with what was never opened: those of a draft, and those put there after submitting.
#[tokio::test]
async fn the_key_of_a_file_that_nobody_opened_is_destroyed_when_its_time_is_over() {
    for throwaway in testing::each().await {
        let office = open(throwaway).await;
        let (id, acme, brook) = (office.challenge, &office.acme, &office.brook);
        acme.answers(id, "90000").await.done();
        let field = asked(&office, acme).await[1].clone();
        let sent = encloses(&office, acme, &field, "sent.pdf", pdf(2_000)).await.done();
        acme.submits(id).await.done();
        let later = encloses(&office, acme, &field, "later.pdf", pdf(2_000)).await.done();
        brook.answers(id, "60000").await.done();
        let drafted = encloses(&office, brook, &field, "drafted.pdf", pdf(2_000)).await.done();
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        office.officer.cancels(id).await.done();
        office.wait(365 * domain::moment::DAY).await;
        assert_eq!(workflow::retention::destroy_due_keys(&office.desk).await.done(), 0, "not before");
        office.wait(2 * domain::moment::DAY).await;
        assert_eq!(workflow::retention::destroy_due_keys(&office.desk).await.done(), 1);
        assert_eq!(workflow::retention::destroy_due_keys(&office.desk).await.done(), 0, "once");
        own(&office, &acme.person.actor, acme, later.id).await.map(drop).refused(Refusal::Unseen);
        own(&office, &brook.person.actor, brook, drafted.id).await.map(drop).refused(Refusal::Unseen);
        assert_eq!(reads(&office, own(&office, &acme.person.actor, acme, sent.id).await.done()).await, pdf(2_000));
        let zeros = "00".repeat(72);
        let rows = office.throwaway.every_value().await;
        assert_eq!(rows.iter().filter(|row| row.starts_with("enclosure|") && row.contains(&zeros)).count(), 2);
    }
}
