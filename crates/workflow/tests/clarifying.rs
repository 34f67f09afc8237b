//! Files in an answer to a clarification: sealed as they come in, sent with the answer, the supplier's alone until then, beside
//! the untouched original for those who read that.

mod office;

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use domain::audit::Differs;
use domain::challenge::Section;
use domain::check::{CheckSubject, FILES};
use domain::form::Fields;
use domain::ids::FileId;
use domain::moment::{DAY, local_fields};
use domain::policy::Refusal;
use domain::response::{Enclosed, Field};
use files::{Files, Place};
use futures::{TryStreamExt, stream};
use office::{Office, Person, Told, fields};
use store::testing::{self, Throwaway};
use workflow::check::{self, Clarification, Clarifications};
use workflow::{Error, challenge, file, response, retention, sealing};

const MARKER: &str = "Wiesenknarrer";

/// A PDF of some length that says the marker every hundred bytes.
fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    while bytes.len() < length {
        bytes.extend(format!("{MARKER:>100}\n").bytes());
    }
    bytes
}

/// A response that was opened, of a challenge that asks for at most two PDF files; its supplier is asked about a requirement and
/// may add files there, to the question that asks for files, and no words to the other question.
struct Asked {
    office: Office,
    /// The field of the question that asks for files.
    field: String,
    clarification: i64,
}

impl Asked {
    async fn new(throwaway: Throwaway) -> Self {
        Self::of_round(throwaway, false).await
    }

    async fn of_round(throwaway: Throwaway, anonymous: bool) -> Self {
        let office = Office::with_draft(throwaway).await;
        let (id, officer) = (office.challenge, &office.officer.actor);
        let asked = fields(&[
            ("question-1-label", "How?"),
            ("question-2-label", "A plan"),
            ("question-2-kind", "files"),
            ("question-2-file_pdf", "yes"),
            ("question-2-most", "2"),
        ]);
        challenge::save_section(&office.desk, officer, id, Section::Questions, asked, 1).await.done();
        let required = fields(&[("requirement-1-title", "Insured"), ("requirement-1-kind", "eligibility")]);
        challenge::save_section(&office.desk, officer, id, Section::Requirements, required, 0).await.done();
        if anonymous {
            let hides = fields(&[("anonymous", "yes")]);
            challenge::save_section(&office.desk, officer, id, Section::Panel, hides, 0).await.done();
        }
        office.publish(id).await;
        for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
            office.officer.appoints(id, person, role).await.done();
        }
        office.acme.answers(id, "90000").await.done();
        let terms = office.acme.own(id).await.done().terms;
        let field = Field::Question(terms.questions[1].id).name();
        let plan = stream::iter([Ok::<_, Infallible>(Bytes::from(b"%PDF-1.7\nThe plan as it was sent".to_vec()))]);
        let of = office.acme.response(id).await;
        response::enclose_file(&office.desk, &office.acme.person.actor, of, &field, "sent.pdf", plan).await.done();
        office.acme.submits(id).await.done();
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        office.chair.declares_nothing(id).await.done();
        let asked = Self { office, field, clarification: 0 };
        asked.asks("What shows it?").await;
        let clarification = asked.found().await.asked[0].id;
        Self { clarification, ..asked }
    }

    /// The officer asks about the requirement: in words, and with files for both.
    async fn asks(&self, question: &str) {
        let (desk, id, officer) = (&self.office.desk, self.office.challenge, &self.office.officer.actor);
        let of = self.office.acme.response(id).await;
        let found = check::read_check(desk, officer, id).await.done();
        let subject = CheckSubject::Requirement(found.terms.requirements[0].id);
        let (date, time) = local_fields(desk.store.now().plus(9 * DAY), "UTC");
        let mut form = fields(&[
            ("kind", "clarify"),
            ("reason", question),
            ("field-requirement", "yes"),
            ("field-files", "yes"),
            ("deadline_date", &date),
            ("deadline_time", &time),
        ]);
        form.set(format!("field-{}", self.field), "yes");
        form.set("subject", subject.to_string());
        form.set("seen", found.mark(of, Some(subject)));
        check::check_response(desk, officer, id, of, &form).await.done();
    }

    async fn found(&self) -> Clarifications {
        let of = self.office.acme.response(self.office.challenge).await;
        check::read_clarifications(&self.office.desk, &self.office.acme.person.actor, of).await.done()
    }

    async fn adds(&self, by: &Person, field: &str, name: &str, bytes: Vec<u8>) -> Result<Enclosed, Error> {
        let of = self.office.acme.response(self.office.challenge).await;
        let parts: Vec<_> = bytes.chunks(10_000).map(|part| Ok::<_, Infallible>(Bytes::copy_from_slice(part))).collect();
        let to = (self.clarification, field);
        check::add_clarification_file(&self.office.desk, &by.actor, of, to, name, stream::iter(parts)).await
    }

    async fn takes_off(&self, by: &Person, file: FileId) -> Result<(), Error> {
        let of = self.office.acme.response(self.office.challenge).await;
        check::remove_clarification_file(&self.office.desk, &by.actor, of, self.clarification, file).await
    }

    async fn sends(&self, pairs: &[(&str, &str)]) -> Result<(), Error> {
        let office = &self.office;
        let of = office.acme.response(office.challenge).await;
        let (form, now): (Fields, _) = (fields(pairs), office.desk.store.now());
        check::answer_clarification(&office.desk, &office.acme.person.actor, of, self.clarification, now, &form).await
    }

    /// What this person reads of the clarification beside the response.
    async fn beside(&self, person: &Person) -> Clarification {
        let of = self.office.acme.response(self.office.challenge).await;
        let round = person.lists(self.office.challenge).await.done();
        round.responses.into_iter().find(|one| one.id == of).unwrap().clarified.remove(0)
    }

    async fn opened(&self, person: &Person, file: FileId) -> Result<Vec<u8>, Error> {
        let of = self.office.acme.response(self.office.challenge).await;
        let found = response::find_opened_file(&self.office.desk, &person.actor, self.office.challenge, of, file).await?;
        let parts: Vec<Bytes> = response::read_sealed_file(&self.office.desk, found).await?.try_collect().await.unwrap();
        Ok(parts.concat())
    }

    async fn own(&self, person: &Person, file: FileId) -> Result<Vec<u8>, Error> {
        let of = self.office.acme.response(self.office.challenge).await;
        let found = response::find_own_file(&self.office.desk, &person.actor, of, file).await?;
        let parts: Vec<Bytes> = response::read_sealed_file(&self.office.desk, found).await?.try_collect().await.unwrap();
        Ok(parts.concat())
    }
}

#[tokio::test]
async fn files_go_with_the_answer_and_are_the_supplier_s_alone_before() {
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let (office, acme) = (&asked.office, &asked.office.acme.person);
        let long = pdf(300_000);
        let made = asked.adds(acme, &asked.field, &format!("{MARKER}.pdf"), long.clone()).await.done();
        asked.adds(acme, FILES, "shows.txt", b"Insured until June".to_vec()).await.done();
        assert_eq!(asked.own(acme, made.id).await.done(), long);
        // Nobody else's: not its bytes, not that it is there, not its words at rest.
        for person in [&office.officer, &office.chair, &office.administrator, &office.brook.person] {
            asked.opened(person, made.id).await.expect_err("not sent");
            asked.own(person, made.id).await.expect_err("not theirs");
            asked.adds(person, &asked.field, "theirs.pdf", pdf(100)).await.expect_err("not theirs");
            asked.takes_off(person, made.id).await.expect_err("not theirs");
        }
        assert!(asked.beside(&office.officer).await.answer.is_none());
        let lies: Vec<Bytes> = office.desk.files.read(made.id, None).await.unwrap().try_collect().await.unwrap();
        assert!(!lies.concat().windows(MARKER.len()).any(|words| words == MARKER.as_bytes()), "sealed in the file store");
        let rows = office.throwaway.every_value().await.join("\n").to_lowercase();
        for secret in [MARKER.to_lowercase(), sealing::hex(MARKER.as_bytes()), made.sha256.clone()] {
            assert!(!rows.contains(&secret), "{secret}");
        }

        let entries = office.recorded("answer_clarification", "done").await;
        asked.sends(&[("answer-requirement", "Page 4 of the policy.")]).await.done();
        assert_eq!(office.recorded("answer_clarification", "done").await, entries + 1);
        for person in [&office.officer, &office.chair] {
            let answer = asked.beside(person).await.answer.unwrap();
            // What is sealed, and so its digest in the record, names each file with its digest.
            assert_eq!(answer.files[&asked.field][0].sha256, made.sha256);
            assert_eq!(answer.all_files().count(), 2);
            assert_eq!(asked.opened(person, made.id).await.done(), long);
        }
        for person in [&office.administrator, &office.brook.person, &office.outsider] {
            asked.opened(person, made.id).await.expect_err("the team's and the panel's");
        }
        // Beside the untouched original, in a restart too: the row is swept neither.
        let of = office.officer.lists(office.challenge).await.done().responses.remove(0);
        assert_eq!(of.content.all_files().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["sent.pdf"]);
        file::sweep_files(&office.desk).await.done();
        assert_eq!(office.desk.files.older_than(Duration::ZERO).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn only_what_the_challenge_asks_for_is_taken_while_there_is_time() {
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let acme = &asked.office.acme.person;
        asked.adds(acme, "requirement", "a.pdf", pdf(100)).await.refused(Refusal::Unseen);
        asked.adds(acme, "question-0000000000001", "a.pdf", pdf(100)).await.refused(Refusal::Unseen);
        asked.adds(acme, &asked.field, "a.txt", b"In words".to_vec()).await.invalid("file-not-wanted");
        asked.adds(acme, &asked.field, "a.exe", pdf(100)).await.invalid("file-ending");
        asked.adds(acme, FILES, "a.pdf", Vec::new()).await.invalid("file-empty");
        for name in ["a.pdf", "b.pdf"] {
            asked.adds(acme, &asked.field, name, pdf(100)).await.done();
        }
        asked.adds(acme, &asked.field, "c.pdf", pdf(100)).await.invalid("answer-files-many");
        assert_eq!(
            asked.office.desk.files.older_than(Duration::ZERO).await.unwrap().len(),
            3,
            "nothing is kept of what was refused"
        );
        asked.office.wait(10 * DAY).await;
        asked.adds(acme, FILES, "d.pdf", pdf(100)).await.refused(Refusal::Late);
        let held = asked.found().await.held(asked.clarification, &asked.field)[0].id;
        asked.takes_off(acme, held).await.refused(Refusal::Late);
        asked.sends(&[]).await.refused(Refusal::Late);
        // It is its supplier's, who still reads it, and nobody else's: nothing of it is in what the others read, nor waits for it.
        assert_eq!(asked.own(acme, held).await.done(), pdf(100));
        for person in [&asked.office.officer, &asked.office.chair] {
            asked.opened(person, held).await.expect_err("never sent");
            assert!(asked.beside(person).await.answer.is_none());
        }
    }
}

#[tokio::test]
async fn a_file_is_replaced_before_the_answer_and_what_was_sent_stays() {
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let (office, acme) = (&asked.office, &asked.office.acme.person);
        asked.sends(&[]).await.invalid("empty");
        let wrong = asked.adds(acme, &asked.field, "wrong.pdf", pdf(100)).await.done();
        asked.takes_off(acme, wrong.id).await.done();
        asked.own(acme, wrong.id).await.refused(Refusal::Unseen);
        let right = asked.adds(acme, &asked.field, "right.pdf", pdf(200)).await.done();
        // Nobody sends what they have not seen.
        asked.sends(&[("held", &wrong.id.to_string())]).await.invalid("clarify-held");
        asked.sends(&[("held", &right.id.to_string())]).await.done();
        let answer = asked.beside(&office.officer).await.answer.unwrap();
        assert!(answer.texts.is_empty(), "a file alone is an answer");
        // Off what is sent next; what was sent stays with the answer that named it, until another is sent.
        asked.takes_off(acme, right.id).await.done();
        assert_eq!(asked.opened(&office.officer, right.id).await.done(), pdf(200));
        let better = asked.adds(acme, FILES, "better.pdf", pdf(300)).await.done();
        asked.opened(&office.officer, better.id).await.expect_err("not sent");
        asked.sends(&[("answer-requirement", "See the file.")]).await.done();
        let answer = asked.beside(&office.officer).await.answer.unwrap();
        assert_eq!(answer.all_files().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["better.pdf"]);
        assert_eq!(asked.opened(&office.chair, better.id).await.done(), pdf(300));
    }
}

/// The key of a file that no answer ever named ends with the round's papers; one that was sent is read as long as they are.
#[tokio::test]
async fn the_key_of_a_file_that_was_never_sent_is_destroyed_when_its_time_is_over() {
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let (office, acme) = (&asked.office, &asked.office.acme.person);
        let sent = asked.adds(acme, FILES, "sent.pdf", pdf(2_000)).await.done();
        asked.sends(&[]).await.done();
        let never = asked.adds(acme, FILES, "never.pdf", pdf(2_000)).await.done();
        office.officer.cancels(office.challenge).await.done();
        office.wait(365 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0, "not before");
        office.wait(2 * DAY).await;
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 1);
        assert_eq!(retention::destroy_due_keys(&office.desk).await.done(), 0, "once");
        asked.own(acme, never.id).await.refused(Refusal::Unseen);
        assert_eq!(asked.own(acme, sent.id).await.done(), pdf(2_000));
        let zeros = "00".repeat(72);
        let rows = office.throwaway.every_value().await;
        assert_eq!(rows.iter().filter(|row| row.starts_with("clarification_file|") && row.contains(&zeros)).count(), 1);
    }
}

#[tokio::test]
async fn a_backup_takes_the_files_of_clarifications_along() {
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let office = &asked.office;
        asked.adds(&office.acme.person, FILES, "shows.pdf", pdf(2_000)).await.done();
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("backup");
        let made = workflow::backup::back_up(&office.throwaway.options, &office.desk.store, &office.desk.files, &to).await.done();
        assert_eq!(made.files.len(), 2, "that of the response and that of the clarification");
        let into = testing::sqlite().await;
        let options = store::Options { file: into.options.file.with_file_name("restored.db"), ..into.options.clone() };
        let files = Files::open(&Place::Memory, None, 1024 * 1024).unwrap();
        assert_eq!(workflow::backup::restore(&to, &options, &files).await.done(), made);
    }
}

/// Who reads the answer reads its files, and nobody else on the panel: neither before the own declaration nor with a conflict.
#[tokio::test]
async fn a_member_who_has_not_declared_or_is_recused_reads_no_file_of_a_clarification() {
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let office = &asked.office;
        let made = asked.adds(&office.acme.person, FILES, "shows.pdf", pdf(200)).await.done();
        asked.sends(&[]).await.done();
        office.second.declares_conflict(office.challenge, &office.acme).await.done();
        for person in [&office.evaluator, &office.second] {
            asked.opened(person, made.id).await.expect_err("not declared, or recused");
        }
        office.evaluator.declares_nothing(office.challenge).await.done();
        assert_eq!(asked.opened(&office.evaluator, made.id).await.done(), pdf(200));
    }
}

/// A panel that reads without names reads numbers in their place.
#[tokio::test]
async fn in_an_anonymous_round_the_files_of_a_clarification_have_no_names() {
    for throwaway in testing::each().await {
        let asked = Asked::of_round(throwaway, true).await;
        let office = &asked.office;
        let first = asked.adds(&office.acme.person, FILES, "Acme insured.pdf", pdf(200)).await.done();
        asked.adds(&office.acme.person, FILES, "Acme again.pdf", pdf(300)).await.done();
        asked.sends(&[]).await.done();
        let names = async |person: &Person| {
            let answer = asked.beside(person).await.answer.unwrap();
            answer.all_files().map(|file| file.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&office.officer).await, ["Acme insured.pdf", "Acme again.pdf"]);
        assert_eq!(names(&office.chair).await, ["1.pdf", "2.pdf"]);
        assert!(asked.beside(&office.chair).await.answer.unwrap().by.is_empty());
        // Under that name it is handed out too.
        let of = office.acme.response(office.challenge).await;
        let found = response::find_opened_file(&office.desk, &office.chair.actor, office.challenge, of, first.id).await.done();
        assert_eq!(found.file.name, "1.pdf");
        assert_eq!(asked.opened(&office.chair, first.id).await.done(), pdf(200));
    }
}

/// What somebody who holds the database can do to one column of an answer or of a file that it names, each column of them, and that it
/// is found. A new column fails this until somebody has said here how it is bound, or why it need not be.
#[tokio::test]
async fn every_single_column_of_an_answer_and_its_files_is_held_by_the_record() {
    type Walked = (&'static str, &'static [(&'static str, &'static str)]);
    let walked: &[Walked] = &[
        (
            "clarification_answer",
            &[
                // Names the row; the files of the answer hold it by foreign keys, and the entry is over it.
                ("id", "-"),
                ("clarification", "(select max(c.id) from clarification c where c.id <> clarification_answer.clarification)"),
                ("sealed", "{bytes}"),
                ("at", "at + 1"),
                ("by_user", "(select max(u.id) from users u where u.id <> clarification_answer.by_user)"),
            ],
        ),
        (
            "clarification_file",
            &[
                // Names the row and the bytes; the answer holds it by a foreign key, and the entry is over it.
                ("id", "-"),
                ("clarification", "(select max(c.id) from clarification c where c.id <> clarification_file.clarification)"),
                ("field", "'price'"),
                ("sealed", "{bytes}"),
                ("sealed_key", "{bytes}"),
                // When and by whom it was handed in: the answer says by whom and when it was sent.
                ("created_at", "-"),
                ("created_by", "-"),
                // What the supplier's list shows before the next answer; what was named stays.
                ("removed_at", "-"),
                ("destroyed_at", "5"),
            ],
        ),
        (
            "clarification_answer_file",
            &[
                ("answer", "(select max(a.id) from clarification_answer a where a.id <> clarification_answer_file.answer)"),
                ("file", "(select max(f.id) from clarification_file f where f.id <> clarification_answer_file.file)"),
            ],
        ),
    ];
    for throwaway in testing::each().await {
        let asked = Asked::new(throwaway).await;
        let office = &asked.office;
        asked.adds(&office.acme.person, FILES, "shows.pdf", pdf(200)).await.done();
        asked.sends(&[("answer-requirement", "As it shows.")]).await.done();
        let other = asked.adds(&office.acme.person, FILES, "never.pdf", pdf(200)).await.done();
        asked.takes_off(&office.acme.person, other.id).await.done();
        asked.adds(&office.acme.person, FILES, "never.pdf", pdf(200)).await.done();
        asked.asks("And the other one?").await;
        let again = asked.found().await.asked[1].id;
        let of = office.acme.response(office.challenge).await;
        let form = fields(&[("answer-requirement", "That too.")]);
        let actor = &office.acme.person.actor;
        check::answer_clarification(&office.desk, actor, of, again, office.desk.store.now(), &form).await.done();
        let (store, throwaway) = (&office.desk.store, &office.throwaway);
        let whole = async || store.verify_rows().await.unwrap();
        assert_eq!(whole().await, []);
        let bytes = if throwaway.kind == "postgres" { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
        // The answer that names a file, and that file.
        let named = "(select answer from clarification_answer_file)";
        let file = "(select file from clarification_answer_file)";
        for (table, changes) in walked {
            let known: Vec<&str> = changes.iter().map(|(column, _)| *column).collect();
            for column in office::columns(table) {
                assert!(known.contains(&column.as_str()), "how is {table}.{column} bound?");
            }
            let one = match *table {
                "clarification_answer" => format!("id = {named}"),
                "clarification_file" => format!("id = {file}"),
                _ => "answer > 0".to_owned(),
            };
            for (column, change) in changes.iter().filter(|(_, change)| *change != "-") {
                throwaway.tamper(&format!("create table saved as select * from {table} where {one}")).await;
                let change = change.replace("{bytes}", bytes);
                throwaway.tamper(&format!("update {table} set {column} = {change} where {one}")).await;
                let found = whole().await;
                assert!(found.iter().any(|one| matches!(one, Differs::ClarifiedAdded(_))), "{table}.{column}: {found:?}");
                throwaway.tamper(&format!("update {table} set {column} = (select {column} from saved) where {one}")).await;
                throwaway.tamper("drop table saved").await;
                assert_eq!(whole().await, [], "{table}.{column} as it was");
            }
        }
        throwaway.tamper("delete from clarification_answer_file").await;
        assert!(matches!(whole().await[..], [Differs::ClarifiedAdded(_), Differs::ClarifiedDeleted(..)]));
        throwaway.tamper("delete from clarification_answer").await;
        assert!(matches!(whole().await[..], [Differs::ClarifiedDeleted(..), Differs::ClarifiedDeleted(..)]));
    }
}
