//! Drafts, submissions, receipts, withdrawals, deadlines.

mod office;

use domain::form::Fields;
use domain::moment::{DAY, SECOND};
use domain::policy::Refusal;
use domain::response::Field;
use office::{Office, Supplier, Told};
use store::testing;
use workflow::response;

/// The name of the field of the first question.
async fn first_field(office: &Office, supplier: &Supplier) -> String {
    Field::Question(supplier.own(office.challenge).await.done().terms.questions[0].id).name()
}

#[tokio::test]
async fn the_instant_of_the_deadline_is_already_late_and_late_is_recorded() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        office.brook.answers(id, "80000").await.done();
        let (deadline, own) = (office.deadline().await, office.acme.response(id).await);
        office.wait_until(deadline).await;
        let at =
            async |received| response::submit_response(&office.desk, &office.acme.person.actor, own, received, None, "k").await;
        at(deadline).await.refused(Refusal::Late);
        at(deadline.plus(SECOND)).await.refused(Refusal::Late);
        assert_eq!(office.recorded("submit_response", "late").await, 2);
        // Received in time, and its turn came after the deadline: waiting in the server's own queue makes nobody late.
        at(deadline.plus(-1)).await.done();
        // The draft is kept, and can no longer be changed.
        assert_eq!(office.brook.own(id).await.done().draft().get("price"), "80000");
        office.brook.saves(id, &[("price", "70000")].into_iter().collect()).await.refused(Refusal::Late);
        office.acme.withdraws(id).await.refused(Refusal::Late);
        // Once it is opened nothing can be answered any more, whatever was received when.
        office.pass_deadline().await;
        assert_eq!(office.officer.opens(id).await.done(), 1);
        let late = office.brook.response(id).await;
        response::submit_response(&office.desk, &office.brook.person.actor, late, deadline.plus(-1), None, "k")
            .await
            .refused(Refusal::Late);
    }
}

#[tokio::test]
async fn the_last_submission_stands_and_a_withdrawn_one_does_not() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let first = office.acme.submits(id).await.done();
        office.acme.saves(id, &[("price", "85000")].into_iter().collect()).await.done();
        let second = office.acme.submits(id).await.done();
        let actor = &office.acme.person.actor;
        assert!(!response::read_receipt(&office.desk, actor, first).await.done().stands);
        let receipt = response::read_receipt(&office.desk, actor, second).await.done();
        assert!(receipt.stands);
        assert_eq!((receipt.submission.n, receipt.content.price.map(|price| price.amount())), (2, Some("85000.00".into())));
        assert_eq!(workflow::sealing::digest(&receipt.submission.salt, &receipt.content.canonical()), receipt.submission.digest);
        response::read_receipt(&office.desk, &office.brook.person.actor, second).await.refused(Refusal::Unseen);
        response::read_receipt(&office.desk, &office.officer.actor, second).await.refused(Refusal::Unseen);

        office.brook.answers(id, "50000").await.done();
        office.brook.withdraws(id).await.refused(Refusal::NothingSubmitted);
        office.brook.submits(id).await.done();
        office.brook.withdraws(id).await.done();
        office.brook.withdraws(id).await.refused(Refusal::NothingSubmitted);
        office.pass_deadline().await;
        assert_eq!(office.officer.opens(id).await.done(), 1, "the withdrawn one stays sealed");
        let opened = office.officer.lists(id).await.done();
        assert_eq!(opened.responses.len(), 1);
        assert_eq!(opened.responses[0].content.price.as_ref().map(|price| price.minor), Some(8_500_000), "the last one");
        office.officer.reads(office.brook.response(id).await).await.refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn what_is_submitted_after_a_withdrawal_stands() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        office.acme.submits(id).await.done();
        office.acme.withdraws(id).await.done();
        office.acme.submits(id).await.done();
        office.pass_deadline().await;
        assert_eq!(office.officer.opens(id).await.done(), 1);
    }
}

/// Received before the withdrawal, and its turn to be written came after it: what is committed last stands.
#[tokio::test]
async fn a_submission_that_commits_after_a_withdrawal_stands_whatever_its_instant() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        office.acme.submits(id).await.done();
        let (received, own) = (office.desk.store.now(), office.acme.response(id).await);
        office.wait(SECOND).await;
        office.acme.withdraws(id).await.done();
        assert!(!office.acme.own(id).await.done().facts.submitted);
        let actor = &office.acme.person.actor;
        let last = response::submit_response(&office.desk, actor, own, received, None, "queued").await.done();
        let receipt = response::read_receipt(&office.desk, actor, last).await.done();
        assert!(receipt.stands && office.acme.own(id).await.done().facts.submitted);
        office.pass_deadline().await;
        assert_eq!(office.officer.opens(id).await.done(), 1);
    }
}

/// A page of before the withdrawal, posted again: no receipt is shown for what does not stand.
#[tokio::test]
async fn a_form_whose_submission_was_withdrawn_or_replaced_is_told_so() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let first = office.acme.submits_under(id, "form-1").await.done();
        assert_eq!(office.acme.submits_under(id, "form-1").await.done(), first);
        office.acme.withdraws(id).await.done();
        office.acme.submits_under(id, "form-1").await.stale();
        assert!(!office.acme.own(id).await.done().facts.submitted, "nothing stands, and nothing says so");
        office.acme.submits_under(id, "form-2").await.done();
        office.acme.submits_under(id, "form-1").await.stale();
        // Typed and submitted at once.
        let (desk, own) = (&office.desk, office.acme.response(id).await);
        let typed: Fields = [("price", "85000")].into_iter().collect();
        let posted = async || response::submit_answers(desk, &office.acme.person.actor, own, desk.store.now(), &typed, "k").await;
        let sent = posted().await.done();
        assert_eq!(posted().await.done(), sent);
        office.acme.withdraws(id).await.done();
        posted().await.stale();
        office.pass_deadline().await;
        office.acme.submits_under(id, "form-2").await.refused(Refusal::Late);
        assert_eq!(office.acme.own(id).await.done().submissions.len(), 3);
    }
}

#[tokio::test]
async fn a_form_that_is_posted_twice_submits_once() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let (one, two) = tokio::join!(office.acme.submits_under(id, "form-1"), office.acme.submits_under(id, "form-1"));
        let first = one.done();
        assert_eq!(two.done(), first, "two at once");
        assert_eq!(office.acme.submits_under(id, "form-1").await.done(), first, "again");
        assert_eq!(office.acme.own(id).await.done().submissions.len(), 1);
        let second = office.acme.submits_under(id, "form-2").await.done();
        assert_ne!(second, first);
        // The answer was lost on its way; the browser asks again, too late for a new submission, not for this one.
        office.pass_deadline().await;
        assert_eq!(office.acme.submits_under(id, "form-2").await.done(), second);
        office.acme.submits_under(id, "form-3").await.refused(Refusal::Late);
        assert_eq!(office.recorded("submit_response", "done").await, 2);
        assert_eq!(office.recorded("submit_response", "late").await, 1);
    }
}

#[tokio::test]
async fn two_members_edit_one_draft_and_neither_loses_a_word() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let colleague = office.acme.colleague("Colleague").await;
        let name = first_field(&office, &office.acme).await;
        let typed = |text: &str, seen: &str| -> Fields {
            [(name.clone(), text.to_owned()), (format!("seen-{name}"), seen.to_owned())].into_iter().collect()
        };

        let saved = colleague.saves(id, &typed("Written by the colleague", "1")).await.done();
        assert_eq!(saved.versions[&name], 2);
        let stale = office.acme.saves(id, &typed("Written by the owner", "1")).await.done();
        assert_eq!(stale.stale, std::slice::from_ref(&name));
        assert_eq!(office.acme.own(id).await.done().answers[&name].text, "Written by the colleague");
        // Another field of the same form was not touched by the other: it is saved.
        let mut both = typed("Once more", "1");
        both.set("price", "88000");
        let mixed = office.acme.saves(id, &both).await.done();
        assert_eq!((mixed.stale.len(), mixed.versions.contains_key("price")), (1, true));

        // What is submitted is what was reviewed.
        let own = office.acme.response(id).await;
        let reviewed = office.acme.own(id).await.done().draft_version();
        colleague.saves(id, &typed("Changed while the owner reviewed", "2")).await.done();
        let (desk, actor, now) = (&office.desk, &office.acme.person.actor, office.desk.store.now());
        let read = |draft_version| Some(response::Reviewed { draft_version, version: None });
        response::submit_response(desk, actor, own, now, read(reviewed), "a").await.stale();
        response::submit_response(desk, actor, own, now, read(reviewed + 1), "b").await.done();
    }
}

#[tokio::test]
async fn answers_that_are_saved_and_submitted_at_once_are_both_or_neither() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let colleague = office.acme.colleague("Colleague").await;
        let (name, own) = (first_field(&office, &office.acme).await, office.acme.response(id).await);
        let form = |text: &str, seen: i64| -> Fields {
            [(name.clone(), text.to_owned()), (format!("seen-{name}"), seen.to_string())].into_iter().collect()
        };
        let submits = async |fields: Fields| {
            let (desk, actor, now) = (&office.desk, &office.acme.person.actor, office.desk.store.now());
            response::submit_answers(desk, actor, own, now, &fields, "k").await
        };
        let first = submits(form("At 16:59", 1)).await.done();
        assert_eq!(submits(form("At 16:59", 1)).await.done(), first, "the same post again");
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers[&name].text.as_str(), read.answers[&name].row_version), ("At 16:59", 2));
        let receipt = response::read_receipt(&office.desk, &office.acme.person.actor, first).await.done();
        assert_eq!(receipt.content.answers[&name], "At 16:59");

        // Another text under the key of a page that was gone back to is not answered with the first receipt.
        submits(form("Back, and changed", 1)).await.stale();
        colleague.saves(id, &form("By the colleague", 2)).await.done();
        submits(form("Over the colleague", 2)).await.stale();
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers[&name].text.as_str(), read.submissions.len()), ("By the colleague", 1), "neither");
        let second = submits(form("Knowingly", 3)).await.done();
        assert_ne!(second, first);

        // Received in time, however late its turn comes; what comes late is neither saved nor submitted.
        let received = office.desk.store.now();
        office.pass_deadline().await;
        let (desk, actor) = (&office.desk, &office.acme.person.actor);
        response::submit_answers(desk, actor, own, received, &form("In the queue", 4), "k").await.done();
        response::submit_answers(desk, actor, own, desk.store.now(), &form("Too late", 5), "k").await.refused(Refusal::Late);
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers[&name].text.as_str(), read.submissions.len()), ("In the queue", 3));
    }
}

/// Of what stands in a submission as it was typed the draft keeps no second copy, and nobody notices.
#[tokio::test]
async fn what_was_typed_with_a_submission_is_the_draft_letter_for_letter() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.starts(id).await.done();
        let colleague = office.acme.colleague("Colleague").await;
        let (desk, actor, own) = (&office.desk, &office.acme.person.actor, office.acme.response(id).await);
        let mut form = office.acme.complete(id, "Two nets", "88000").await.done();
        let name = first_field(&office, &office.acme).await;
        form.set(name.clone(), "Two words ");
        let submits =
            async |form: &Fields, key: &str| response::submit_answers(desk, actor, own, desk.store.now(), form, key).await;
        let rows = async || {
            let mut conn = desk.store.read().await.unwrap();
            let round = conn.response_facts(actor, own, store::Lock::None).await.unwrap().unwrap().challenge.round.unwrap();
            let rows = conn.draft_answers(own, round).await.unwrap().into_iter();
            rows.map(|row| (row.question, row.row_version)).collect::<Vec<_>>()
        };
        let first = submits(&form, "one").await.done();
        assert_eq!(rows().await, [(name.clone(), 1)], "the blank behind it is sealed nowhere");
        let read = colleague.own(id).await.done();
        for (field, text) in form.0.iter().filter(|(_, text)| !text.is_empty()) {
            let answer = &read.answers[field];
            assert_eq!((&answer.text, answer.row_version, answer.own(actor).is_some()), (text, 1, true), "{field}");
        }
        assert!(read.missing.is_empty());

        // Written over as any answer is; the others stay as they were read, of whom they were.
        let over = |seen: &str| -> Fields {
            [("price".to_owned(), "87,000".to_owned()), ("seen-price".to_owned(), seen.to_owned())].into_iter().collect()
        };
        assert_eq!(colleague.saves(id, &over("0")).await.done().stale, ["price"]);
        assert_eq!(colleague.saves(id, &over("1")).await.done().versions["price"], 2);
        let version = colleague.own(id).await.done().draft_version();
        let second = response::submit_response(desk, &colleague.person.actor, own, desk.store.now(), None, "two").await.done();
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers["price"].text.as_str(), read.answers["price"].row_version), ("87,000", 2));
        assert_eq!(read.draft_version(), version, "submitting alters no draft");
        let receipt = response::read_receipt(desk, actor, second).await.done();
        assert_eq!(receipt.content.spelled("price").as_deref(), Some("87000"));

        // In another spelling than before it is a row again, and the other way round; withdrawn it is still there.
        for (text, key, version) in [("86000", "three", 3), ("85,000", "four", 4), ("84000", "five", 5)] {
            let form: Fields = [("price", text)].into_iter().collect();
            submits(&form, key).await.done();
            let read = office.acme.own(id).await.done();
            assert_eq!((read.answers["price"].text.as_str(), read.answers["price"].row_version), (text, version));
        }
        office.acme.withdraws(id).await.done();
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers["price"].text.as_str(), read.answers[&name].text.as_str()), ("84000", "Two words "));
        assert_ne!(first, second);
    }
}

/// Where an envelope is damaged, what was typed with it is said to be lost: nothing older, and nothing empty, is submitted in its place.
#[tokio::test]
async fn an_answer_that_is_lost_with_its_envelope_is_told_and_never_replaced_by_itself() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers_with(id, "Older words", "90000").await.done();
        let (desk, actor, own) = (&office.desk, &office.acme.person.actor, office.acme.response(id).await);
        let name = first_field(&office, &office.acme).await;
        let newer: Fields = [(name.as_str(), "Newer words")].into_iter().collect();
        let submits =
            async |form: &Fields, key: &str| response::submit_answers(desk, actor, own, desk.store.now(), form, key).await;
        submits(&newer, "one").await.done();
        let zeros = if office.throwaway.kind == "postgres" { "decode('00', 'hex')" } else { "x'00'" };
        office.throwaway.tamper(&format!("update envelope set sealed = {zeros}")).await;
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers[&name].text.as_str(), read.answers[&name].lost), ("", true), "not the older words");
        let told: Vec<_> = read.missing.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect();
        assert_eq!(told, [(name.as_str(), "answer-lost")]);
        response::submit_response(desk, actor, own, desk.store.now(), None, "two").await.invalid("answer-lost");
        let price: Fields = [("price", "80000")].into_iter().collect();
        submits(&price, "three").await.invalid("answer-lost");
        submits(&[(name.as_str(), "Written again")].into_iter().collect(), "four").await.done();
        let read = office.acme.own(id).await.done();
        assert_eq!((read.answers[&name].text.as_str(), read.answers[&name].row_version), ("Written again", 3));
        assert!(read.missing.is_empty());
    }
}

/// What may be left empty is settled by saving it so where it was told; and a form that still has what was lost brings it back.
#[tokio::test]
async fn an_answer_that_is_lost_is_given_up_knowingly_or_brought_back_by_a_form_that_has_it() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let (desk, actor, own) = (&office.desk, &office.acme.person.actor, office.acme.response(id).await);
        let (name, covers) = (first_field(&office, &office.acme).await, Field::PriceCovers.name());
        let typed: Fields = [(name.as_str(), "Words"), (covers.as_str(), "All of it")].into_iter().collect();
        let submits =
            async |form: &Fields, key: &str| response::submit_answers(desk, actor, own, desk.store.now(), form, key).await;
        submits(&typed, "one").await.done();
        let form = |read: &response::OwnResponse, name: &str, text: &str| -> Fields {
            [(name.to_owned(), text.to_owned()), (format!("seen-{name}"), read.answers[name].seen())].into_iter().collect()
        };
        let before = office.acme.own(id).await.done();
        let zeros = if office.throwaway.kind == "postgres" { "decode('00', 'hex')" } else { "x'00'" };
        office.throwaway.tamper(&format!("update envelope set sealed = {zeros}")).await;
        let read = office.acme.own(id).await.done();
        assert!(read.answers[&name].lost && read.answers[&covers].lost);
        // A form that knew nothing of the loss says nothing of it, and a question that is asked cannot be left empty.
        office.acme.saves(id, &[(covers.as_str(), "")].into_iter().collect()).await.done();
        office.acme.saves(id, &form(&read, &name, "")).await.done();
        let still = office.acme.own(id).await.done();
        assert!(still.answers[&name].lost && still.answers[&covers].lost);
        // A page from before has the text: it is saved though nobody changed it.
        office.acme.saves(id, &form(&before, &name, "Words")).await.done();
        let back = office.acme.own(id).await.done();
        assert_eq!((back.answers[&name].text.as_str(), back.answers[&name].lost), ("Words", false));
        // Submitted at once, empty as the page showed it.
        submits(&form(&back, &covers, ""), "two").await.done();
        let settled = office.acme.own(id).await.done();
        assert_eq!((settled.answers[&covers].text.as_str(), settled.answers[&covers].lost), ("", false));
        assert!(settled.missing.is_empty());
    }
}

/// A question that an amendment asks otherwise is answered in a spelling of its own; what was typed before is what the draft says.
#[tokio::test]
async fn what_was_typed_outlives_the_question_that_asked_it() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.starts(id).await.done();
        let (desk, actor, own) = (&office.desk, &office.acme.person.actor, office.acme.response(id).await);
        let mut form = office.acme.complete(id, "Two nets", "88000").await.done();
        let name = first_field(&office, &office.acme).await;
        form.set(name.clone(), "1,200");
        response::submit_answers(desk, actor, own, desk.store.now(), &form, "one").await.done();
        let asked = [("question-1-kind", "number")];
        let of = office.officer.writes_amendment(id, domain::challenge::Section::Questions, &asked).await.done();
        office.approver.approves_amendment(of).await.done();
        let colleague = office.acme.colleague("Colleague").await;
        let version = colleague.own(id).await.done().draft_version();
        let second = colleague.submits(id).await.done();
        let read = office.acme.own(id).await.done();
        let receipt = response::read_receipt(desk, actor, second).await.done();
        assert_eq!((read.answers[&name].text.as_str(), receipt.content.answers[&name].as_str()), ("1,200", "1200"));
        assert!(read.answers[&name].own(actor).is_some() && read.draft_version() == version, "nobody wrote it anew");
    }
}

#[tokio::test]
async fn an_answer_that_stands_in_a_form_as_it_was_read_takes_nothing_back() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        let colleague = office.acme.colleague("Colleague").await;
        let name = first_field(&office, &office.acme).await;
        // The whole form as it was read, as a browser posts it; then the colleague changes one answer.
        let own = office.acme.own(id).await.done();
        let mut form = own.draft();
        for (name, answer) in &own.answers {
            form.set(format!("seen-{name}"), answer.seen());
        }
        let saved = colleague.saves(id, &[(name.as_str(), "The colleague's")].into_iter().collect()).await.done();
        assert_eq!(saved.versions.len(), 1);
        form.set("price", "70000");
        let saved = office.acme.saves(id, &form).await.done();
        assert_eq!((saved.stale.len(), saved.versions.keys().map(String::as_str).collect::<Vec<_>>()), (0, vec!["price"]));
        let own = office.acme.own(id).await.done();
        assert_eq!((own.answers[&name].text.as_str(), own.answers["price"].text.as_str()), ("The colleague's", "70000"));
        // Changed by both it is told.
        form.set(name.clone(), "Mine");
        assert_eq!(office.acme.saves(id, &form).await.done().stale, [name]);
    }
}

#[tokio::test]
async fn the_own_profile_and_own_earlier_answers_are_offered_and_nobody_else_s() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.brook.answers_with(id, "What Brook knows", "80000").await.done();
        office.acme.answers_with(id, "What Acme wrote", "90000").await.done();
        let (desk, actor) = (&office.desk, &office.acme.person.actor);
        let supplier = actor.acting_as().unwrap().organisation;
        let profile = office::fields(&[("about", "We count"), ("solved", "Lost post"), ("size", "micro"), ("seen", "1")]);
        workflow::organisation::edit_organisation(desk, actor, supplier, &profile).await.done();
        let field = first_field(&office, &office.acme).await;
        let own = office.acme.response(id).await;
        let offered = response::read_reusable(desk, actor, own, &field, &|key| key.to_owned()).await.done();
        let texts: Vec<&str> = offered.sources.iter().map(|source| source.text.as_str()).collect();
        assert_eq!(
            texts,
            ["We count", "Lost post", "size-micro", "standing-registered"],
            "of another challenge there is nothing yet, and this one is no earlier one"
        );
        response::reuse_answer(desk, actor, own, &field, &offered.sources[1].key, Some(1), &|key| key.to_owned()).await.done();
        // Posted twice, it is put in once.
        let again = response::reuse_answer(desk, actor, own, &field, &offered.sources[1].key, Some(1), &|key| key.to_owned());
        assert_eq!(again.await.done().stale, std::slice::from_ref(&field));
        assert_eq!(office.acme.own(id).await.done().answers[&field].text, "What Acme wrote\n\nLost post");
        response::reuse_answer(desk, actor, own, &field, "profile-four_eyes", None, &|key| key.to_owned())
            .await
            .invalid("choose");
        response::read_reusable(desk, &office.brook.person.actor, own, &field, &|key| key.to_owned())
            .await
            .refused(Refusal::Unseen);
        response::read_reusable(desk, actor, own, "price", &|key| key.to_owned()).await.refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn two_starts_make_one_response() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let colleague = office.acme.colleague("Colleague").await;
        let (one, two) = tokio::join!(office.acme.starts(office.challenge), colleague.starts(office.challenge));
        assert_eq!(one.done(), two.done());
    }
}

#[tokio::test]
async fn nobody_of_the_buyer_or_the_panel_answers() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        for person in [&office.officer, &office.owner, &office.chair, &office.evaluator] {
            let mut person = person.clone();
            let supplier = office::found(&office.desk, &mut person, "supplier", "On the side").await;
            assert!(person.actor.acts_for(supplier));
            response::start_response(&office.desk, &person.actor, id).await.refused(Refusal::Conflict);
        }
        response::start_response(&office.desk, &office.outsider.actor, id).await.refused(Refusal::ActAsSupplier);
        response::start_response(&office.desk, &domain::organisation::Actor::Visitor, id).await.refused(Refusal::SignIn);
    }
}

#[tokio::test]
async fn many_who_are_late_at_once_are_all_told_so() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.wait(11 * DAY).await;
        let late = (0..24).map(|_| office.acme.starts(office.challenge));
        let told = tokio::time::timeout(std::time::Duration::from_secs(8), futures::future::join_all(late))
            .await
            .expect("no waiting for each other");
        told.into_iter().for_each(|one| one.refused(Refusal::Late));
        assert_eq!(office.recorded("start_response", "late").await, 24);
    }
}
