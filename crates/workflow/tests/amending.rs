//! After publication: amendments, extensions, reopening, cancelling.

mod office;

use domain::challenge::{Section, Stage};
use domain::form::Fields;
use domain::moment::{DAY, HOUR, MINUTE, SECOND};
use domain::policy::Refusal;
use office::{Office, Told, fields};
use store::testing;
use workflow::{amendment, response};

#[tokio::test]
async fn an_amendment_makes_the_next_version_and_the_earlier_one_stays_readable() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let before = office.outsider.notice(id).await.done();
        let of = office.officer.writes_amendment(id, Section::Limits, &[("limits", "No cameras, no microphones.")]).await.done();
        assert_eq!(office.outsider.notice(id).await.done().terms.limits, "No cameras.", "not before it is approved");
        let n = office.approver.approves_amendment(of).await.done();
        assert_eq!(n, before.n + 1);
        let after = office.outsider.notice(id).await.done();
        assert_eq!((after.n, after.terms.limits.as_str()), (n, "No cameras, no microphones."));
        assert_eq!(after.terms.criteria, before.terms.criteria, "nothing else changed");

        let newest = office.outsider.version(id, n).await.done();
        assert_eq!(newest.reason, "A figure was wrong.");
        let (older, terms, changes) = newest.before.expect("the version before");
        assert_eq!((older, terms.limits.as_str()), (before.n, "No cameras."));
        assert_eq!(changes.iter().map(|change| change.key.as_str()).collect::<Vec<_>>(), ["limits"]);
        let earlier = office.outsider.version(id, before.n).await.done();
        assert_eq!(earlier.terms, before.terms);
        assert_eq!(earlier.all, [before.n, n]);
        office.outsider.version(id, n + 1).await.err().expect("no such version");
        // The next amendment is written on what holds now.
        let next = office.officer.writes_amendment(id, Section::Contact, &[("contact", "Another desk")]).await.done();
        office.approver.approves_amendment(next).await.done();
        assert_eq!(office.outsider.notice(id).await.done().terms.limits, "No cameras, no microphones.");
    }
}

#[tokio::test]
async fn an_amendment_is_approved_by_somebody_who_did_not_write_it() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let of = office.officer.writes_amendment(id, Section::Contact, &[("contact", "Another desk")]).await.done();
        office.officer.approves_amendment(of).await.refused(Refusal::NotYours);
        office.outsider.approves_amendment(of).await.refused(Refusal::Unseen);
        office.acme.person.amendment(id).await.err().expect("what is in the making is the team's");
        let back = fields(&[("reason", "Say which desk.")]);
        amendment::send_back_amendment(&office.desk, &office.approver.actor, of, &back).await.done();
        office.approver.approves_amendment(of).await.refused(Refusal::AmendmentState);
        office.officer.amends(id, of, Section::Contact, &[("contact", "The desk on the first floor")]).await.done();
        office.officer.proposes(of).await.done();
        office.officer.amends(id, of, Section::Contact, &[("contact", "Sneaked in")]).await.refused(Refusal::AmendmentState);
        office.approver.approves_amendment(of).await.done();
        office.approver.approves_amendment(of).await.refused(Refusal::AmendmentState);
        assert_eq!(office.outsider.notice(id).await.done().terms.contact, "The desk on the first floor");
        assert_eq!(office.recorded("approve_amendment", "done").await, 1);
    }
}

#[tokio::test]
async fn what_is_frozen_at_publication_is_refused_with_a_sentence() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        let of = office.officer.begins_amendment(id).await.done();
        for (section, field, value) in [
            (Section::Criteria, "criterion-1-threshold", "3"),
            (Section::Criteria, "criterion-1-guidance", "Look at the second answer only."),
            (Section::Timetable, "zone", "Europe/Paris"),
        ] {
            let found = office.officer.amendment(id).await.done().making.unwrap().draft.section(section);
            office.officer.amends(id, of, section, &[(field, value)]).await.done();
            office.officer.proposes(of).await.invalid("amendment-frozen");
            office.officer.amends(id, of, section, &[(field, found.get(field))]).await.done();
        }
        office.officer.proposes(of).await.invalid("amendment-nothing");
    }
}

#[tokio::test]
async fn a_change_that_would_have_drawn_other_suppliers_calls_for_a_new_challenge() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let begin = async |answer: &str| {
            let begun = fields(&[("reason", "Twice the budget."), ("other_suppliers", answer)]);
            amendment::begin_amendment(&office.desk, &office.officer.actor, office.challenge, &begun).await
        };
        begin("").await.invalid("choose");
        begin("yes").await.invalid("amendment-new-challenge");
        begin("no").await.done();
        begin("no").await.invalid("amendment-in-making");
    }
}

#[tokio::test]
async fn a_change_of_substance_with_less_than_seven_days_left_moves_the_deadline() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let change = [("question-1-label", "How, and where?")];
        // In time when it is proposed, too late when it is approved.
        office.wait_until(deadline.plus(-7 * DAY - HOUR)).await;
        let of = office.officer.writes_amendment(id, Section::Questions, &change).await.done();
        office.wait(2 * HOUR).await;
        office.approver.approves_amendment(of).await.invalid("deadline-must-move");
        let back = fields(&[("reason", "Move the deadline.")]);
        amendment::send_back_amendment(&office.desk, &office.approver.actor, of, &back).await.done();
        office.officer.proposes(of).await.invalid("deadline-must-move");
        let (date, time) = domain::moment::local_fields(deadline.plus(DAY), "UTC");
        office.officer.amends(id, of, Section::Timetable, &[("deadline_date", &date), ("deadline_time", &time)]).await.done();
        office.officer.proposes(of).await.done();
        office.approver.approves_amendment(of).await.done();
        assert_eq!(office.deadline().await, deadline.plus(DAY));
        // Words that explain move nothing, however late.
        office.wait_until(deadline).await;
        let words = office.officer.writes_amendment(id, Section::Contact, &[("contact", "Another desk")]).await.done();
        office.approver.approves_amendment(words).await.done();
    }
}

#[tokio::test]
async fn an_extension_moves_the_deadline_for_all_and_never_earlier() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        office.officer.extends(id, &[("deadline", deadline.plus(-HOUR))]).await.invalid("deadline-earlier");
        office.officer.extends(id, &[]).await.invalid("amendment-nothing");
        office.acme.person.extends(id, &[("deadline", deadline.plus(DAY))]).await.refused(Refusal::Unseen);
        let of = office.officer.extends(id, &[("deadline", deadline.plus(2 * DAY))]).await.done();
        assert_eq!(office.deadline().await, deadline, "it waits for its second person");
        let n = office.approver.approves_amendment(of).await.done();
        assert_eq!(office.outsider.notice(id).await.done().n, n);
        office.brook.answers(id, "80000").await.done();
        office.wait_until(deadline.plus(DAY)).await;
        assert_eq!(office.stage(id).await, Stage::Open);
        office.acme.takes_part(id).await;
        office.officer.opens(id).await.refused(Refusal::Sealed);
        office.wait_until(deadline.plus(2 * DAY)).await;
        office.brook.submits(id).await.refused(Refusal::Late);
        office.officer.opens(id).await.refused(Refusal::TooEarly);
        office.wait(MINUTE).await;
        assert_eq!(office.officer.opens(id).await.done(), 1);
    }
}

#[tokio::test]
async fn after_closing_nothing_published_changes_but_later_dates() {
    for throwaway in testing::each().await {
        let office = Office::closed(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let of = office.officer.begins_amendment(id).await.done();
        office.officer.amends(id, of, Section::Contact, &[("contact", "Another desk")]).await.done();
        office.officer.proposes(of).await.invalid("amendment-closed");
        amendment::drop_amendment(&office.desk, &office.officer.actor, of).await.done();
        office.officer.extends(id, &[("deadline", deadline.plus(9 * DAY))]).await.invalid("deadline-reopen");
        let later = office.officer.extends(id, &[("decision", deadline.plus(30 * DAY))]).await.done();
        office.approver.approves_amendment(later).await.done();
        office.officer.extends(id, &[("decision", deadline.plus(29 * DAY))]).await.invalid("deadline-earlier");
    }
}

#[tokio::test]
async fn a_deadline_is_reopened_by_two_people_for_a_recorded_failure_and_what_was_submitted_stands() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        office.acme.takes_part(id).await;
        office.brook.answers(id, "80000").await.done();
        // The service is seen alive, is silent for two hours over the deadline, and comes back.
        office.wait_until(deadline.plus(-HOUR)).await;
        amendment::seen_alive(&office.desk, 1).await.done();
        office.wait_until(deadline.plus(HOUR)).await;
        amendment::seen_alive(&office.desk, 2).await.done();
        office.brook.submits(id).await.refused(Refusal::Late);
        let evidence = amendment::read_reopening(&office.desk, &office.officer.actor, id).await.done();
        assert_eq!(evidence.outages.len(), 1);
        let outage = evidence.outages[0];
        assert!((outage.from.micros() - deadline.plus(-HOUR).micros()).abs() < 10 * SECOND, "{outage:?}");

        let failed = [("from", deadline.plus(-HOUR)), ("until", deadline.plus(30 * MINUTE))];
        let ask = async |new| office.officer.asks_reopening(id, &[failed[0], failed[1], ("deadline", new)]).await;
        ask(deadline.plus(MINUTE)).await.invalid("deadline-past");
        for (from, until, why) in [
            (deadline.plus(-2_000 * DAY), deadline.plus(-2_000 * DAY + HOUR), "failure-before-publication"),
            (deadline.plus(-3 * DAY), deadline.plus(-2 * DAY), "failure-not-near"),
        ] {
            let told = [("from", from), ("until", until), ("deadline", deadline.plus(DAY))];
            office.officer.asks_reopening(id, &told).await.invalid(why);
        }
        office.acme.person.asks_reopening(id, &failed).await.refused(Refusal::Unseen);
        let new = deadline.plus(DAY);
        let of = ask(new).await.done();
        office.officer.approves_amendment(of).await.refused(Refusal::OwnWork);
        assert_eq!(office.stage(id).await, Stage::Closed, "one person opens nothing");
        office.approver.approves_amendment(of).await.done();
        assert_eq!((office.stage(id).await, office.deadline().await), (Stage::Open, new));
        // What was submitted stands and may be revised; who could not submit can; the opening waits a minute after the new one.
        assert!(office.acme.own(id).await.done().facts.submitted);
        office.acme.saves(id, &[("price", "85000")].into_iter().collect()).await.done();
        office.acme.submits(id).await.done();
        office.brook.submits(id).await.done();
        office.officer.opens(id).await.refused(Refusal::Sealed);
        office.wait_until(new).await;
        office.officer.opens(id).await.refused(Refusal::TooEarly);
        office.wait(MINUTE).await;
        assert_eq!(office.officer.opens(id).await.done(), 2);
        let version = office.outsider.notice(id).await.done().n;
        let found = office.outsider.version(id, version).await.done();
        assert_eq!(found.recorded, [outage], "what the service recorded stands beside what it is said to be for");
        let made = found.amendment.expect("the reopening");
        assert_eq!((made.kind.as_str(), made.failed_from), ("reopening", Some(deadline.plus(-HOUR).micros() / MINUTE * MINUTE)));
        assert_eq!(told_of_reopening(&office).await, Some(false), "the service recorded one: the mail says no less");
    }
}

/// Whether what Acme is told of a reopening says that the service recorded no outage.
async fn told_of_reopening(office: &Office) -> Option<bool> {
    let told = workflow::notice::list_notices(&office.desk, &office.acme.person.actor, 1).await.done().page;
    told.iter().find(|one| one.kind == domain::notice::EventKind::Reopened).map(|one| one.words.unrecorded)
}

/// Two people may reopen without a recorded outage; whoever is told of it is told that too.
#[tokio::test]
async fn a_failure_that_the_service_did_not_record_is_told_as_peoples_word() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        office.acme.takes_part(id).await;
        office.wait_until(deadline.plus(HOUR)).await;
        let asked = [("from", deadline.plus(-HOUR)), ("until", deadline.plus(30 * MINUTE)), ("deadline", deadline.plus(DAY))];
        let of = office.officer.asks_reopening(id, &asked).await.done();
        office.approver.approves_amendment(of).await.done();
        assert_eq!(told_of_reopening(&office).await, Some(true), "{}", office.throwaway.kind);
    }
}

#[tokio::test]
async fn nothing_is_reopened_after_the_opening() {
    for throwaway in testing::each().await {
        let office = Office::closed(throwaway).await;
        let (id, deadline) = (office.challenge, office.deadline().await);
        let asked = [("from", deadline.plus(-HOUR)), ("until", deadline), ("deadline", deadline.plus(DAY))];
        let of = office.officer.asks_reopening(id, &asked).await.done();
        office.officer.opens(id).await.done();
        office.approver.approves_amendment(of).await.refused(Refusal::Opened);
        office.officer.asks_reopening(id, &asked).await.refused(Refusal::Opened);
        amendment::drop_amendment(&office.desk, &office.officer.actor, of).await.done();
    }
}

#[tokio::test]
async fn a_submission_reads_needs_confirmation_after_a_change_of_what_it_answers() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.takes_part(id).await;
        let words = office.officer.writes_amendment(id, Section::Contact, &[("contact", "Another desk")]).await.done();
        office.approver.approves_amendment(words).await.done();
        assert!(!office.acme.own(id).await.done().unconfirmed, "it answers nothing that changed");
        let asked = [("question-3-label", "Who stands in for you?")];
        let of = office.officer.writes_amendment(id, Section::Questions, &asked).await.done();
        office.approver.approves_amendment(of).await.done();
        let own = office.acme.own(id).await.done();
        assert!(own.unconfirmed && own.facts.submitted, "it stands, unconfirmed");
        let listed = response::list_own_responses(&office.desk, &office.acme.person.actor).await.done();
        assert!(listed.iter().any(|row| row.unconfirmed), "in the list of the own work too");
        office.acme.takes_part(id).await;
        assert!(!office.acme.own(id).await.done().unconfirmed, "submitting again confirms");
    }
}

/// A page read under version 1 submits nothing under version 2: its receipt would name what nobody read.
#[tokio::test]
async fn a_page_of_an_earlier_version_submits_nothing() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.takes_part(id).await;
        let read = office.acme.own(id).await.done();
        let asked = [("question-3-label", "Who stands in for you?")];
        let of = office.officer.writes_amendment(id, Section::Questions, &asked).await.done();
        office.approver.approves_amendment(of).await.done();
        let (desk, actor, own) = (&office.desk, &office.acme.person.actor, office.acme.response(id).await);
        let reviewed = |version| Some(response::Reviewed { draft_version: read.draft_version(), version });
        let now = desk.store.now();
        response::submit_response(desk, actor, own, now, reviewed(Some(read.n)), "old").await.stale();
        let typed: Fields = [("version", read.n.to_string())].into_iter().collect();
        response::submit_answers(desk, actor, own, now, &typed, "old too").await.stale();
        assert!(office.acme.own(id).await.done().unconfirmed, "it still needs to be confirmed");
        office.acme.answers(id, "90000").await.done();
        let read = office.acme.own(id).await.done();
        let reviewed = Some(response::Reviewed { draft_version: read.draft_version(), version: Some(read.n) });
        let last = response::submit_response(desk, actor, own, now, reviewed, "new").await.done();
        let receipt = response::read_receipt(desk, actor, last).await.done();
        assert_eq!(receipt.submission.challenge_version, read.n);
        assert!(!office.acme.own(id).await.done().unconfirmed);
    }
}

#[tokio::test]
async fn all_are_told_alike_and_the_telling_names_nobody() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "90000").await.done();
        workflow::challenge::follow_challenge(&office.desk, &office.outsider.actor, id, true).await.done();
        let deadline = office.deadline().await;
        let of = office.officer.extends(id, &[("deadline", deadline.plus(DAY))]).await.done();
        office.approver.approves_amendment(of).await.done();
        let rows = office.throwaway.every_value().await;
        let event = rows.iter().find(|row| row.starts_with("notice_event|") && row.contains("deadline_extended")).expect("told");
        let told: Vec<_> = {
            let event_id = event.split('|').find(|value| value.len() > 12 && value.parse::<i64>().is_ok()).expect("an id");
            rows.iter().filter(|row| row.starts_with("notice|") && row.contains(event_id)).collect()
        };
        for person in [&office.acme.person, &office.outsider] {
            let user = person.actor.user().unwrap().get().to_string();
            assert!(told.iter().any(|row| row.contains(&user)), "a drafter and a follower are told of the same event");
        }
        let user = office.brook.person.actor.user().unwrap().get().to_string();
        assert!(!told.iter().any(|row| row.contains(&user)), "who neither drafts nor follows is not");
        assert!(!event.contains("Acme"), "{event}");
    }
}

#[tokio::test]
async fn a_challenge_is_cancelled_from_any_state_and_what_is_sealed_is_never_opened() {
    for throwaway in testing::each().await {
        let office = Office::closed(throwaway).await;
        let id = office.challenge;
        office.officer.cancels(id).await.done();
        office.officer.opens(id).await.refused(Refusal::Stage);
        let shown = office.outsider.notice(id).await.done();
        assert!(shown.events.iter().any(|event| event.kind == "cancelled" && event.reason == "The street moved."));
        assert!(office.acme.own(id).await.done().facts.submitted, "its supplier still reads what it sent");
        let all = office.throwaway.every_value().await;
        assert!(
            all.iter()
                .any(|row| row.starts_with("notice_event|") && row.contains("cancelled") && row.contains("The street moved."))
        );
    }
}
