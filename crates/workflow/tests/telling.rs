//! Telling people: reminders that follow the deadline, summaries that come once, choices and stops that count when a mail is
//! about to leave, and nothing sealed in any of it.

mod office;

use std::collections::BTreeMap;

use domain::challenge::Section;
use domain::form::Fields;
use domain::moment::{DAY, HOUR, MINUTE, Moment};
use domain::notice::{Choice, Event, EventKind, Stop};
use domain::policy::Refusal;
use office::{Office, Person, Told, fields};
use store::testing;
use workflow::notice::{self, Post, compose, tell_due};
use workflow::{Error, challenge};

/// A mail as it would leave: the kinds that it tells of; none where nothing is left to say.
#[derive(Debug)]
struct Sent {
    to: String,
    kinds: Vec<EventKind>,
    stop: Option<String>,
    /// Of a reminder that stands alone: what is to be done, and how long until then.
    near: Option<(Option<i64>, Option<i64>)>,
}

/// Claims and composes what is due, as the job does.
async fn post(office: &Office) -> Vec<Sent> {
    let mails = office.desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(1_000).await?) })).await.unwrap();
    let mut sent = Vec::new();
    for mail in mails {
        let mut near = None;
        let (kinds, stop) = match compose(&office.desk, &mail).await.done() {
            Post::Plain { .. } => (Vec::new(), None),
            Post::Found(_) | Post::Silent => continue,
            Post::Event { told, stop } => {
                near = Some((told.words.n, told.left));
                (vec![told.kind], stop)
            }
            Post::Summary { told, stop, .. } => (told.iter().map(|one| one.kind).collect(), Some(stop)),
        };
        sent.push(Sent { to: mail.recipient.clone(), kinds, stop, near });
        let id = mail.id;
        office.desk.store.write(move |tx| Box::pin(async move { Ok::<_, Error>(tx.mail_sent(id).await?) })).await.unwrap();
    }
    sent
}

fn to<'a>(sent: &'a [Sent], person: &Person, kind: EventKind) -> Vec<&'a Sent> {
    sent.iter().filter(|mail| mail.to == person.email && mail.kinds.contains(&kind)).collect()
}

async fn chooses(person: &Person, kind: EventKind, choice: Choice) {
    notice::choose_notices(&person.desk, &person.actor, &fields(&[(kind.code(), choice.code())])).await.done();
}

async fn follows(office: &Office, person: &Person) {
    challenge::follow_challenge(&office.desk, &person.actor, office.challenge, true).await.done();
}

/// The kinds in a person's list.
async fn list(person: &Person) -> Vec<EventKind> {
    notice::list_notices(&person.desk, &person.actor, 1).await.done().page.into_iter().map(|told| told.kind).collect()
}

/// What an amendment will do to the deadline.
async fn extend(office: &Office, by: i64) {
    let deadline = office.deadline().await.plus(by).micros();
    let challenge = office.challenge.get();
    office.throwaway.tamper(&format!("update round set deadline = {deadline} where challenge = {challenge}")).await;
}

#[tokio::test]
async fn reminders_come_at_their_hours_to_who_drafts_or_follows_and_once() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        follows(&office, &office.outsider).await;
        tell_due(&office.desk).await.done();
        post(&office).await;
        let deadline = office.deadline().await;
        for before in [7 * DAY, 48 * HOUR, 24 * HOUR, 3 * HOUR] {
            office.wait_until(deadline.plus(-before - MINUTE)).await;
            assert_eq!(tell_due(&office.desk).await.done(), 0, "not yet");
            office.wait_until(deadline.plus(-before + MINUTE)).await;
            assert_eq!(tell_due(&office.desk).await.done(), 2, "who drafts, and who follows: nobody of the buyer");
            assert_eq!(tell_due(&office.desk).await.done(), 0, "once");
            let sent = post(&office).await;
            for person in [&office.acme.person, &office.outsider] {
                assert_eq!(to(&sent, person, EventKind::DeadlineNear).len(), 1);
            }
            assert_eq!(sent.len(), 2, "{sent:?}");
        }
        office.wait_until(deadline).await;
        // Who did not answer is asked why; nobody is reminded of what is over.
        assert_eq!(tell_due(&office.desk).await.done(), 2);
        let sent = post(&office).await;
        for person in [&office.acme.person, &office.outsider] {
            assert_eq!(to(&sent, person, EventKind::DeadlineNear).len(), 0, "the instant of the deadline is late");
        }
    }
}

/// What stands but was submitted before an amendment, and what was written after submitting, is reminded of with what is to be done;
/// what stands and is whole is not.
#[tokio::test]
async fn who_has_submitted_is_reminded_only_of_what_is_still_to_be_done() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        for supplier in [&office.acme, &office.brook] {
            supplier.takes_part(id).await;
        }
        tell_due(&office.desk).await.done();
        post(&office).await;
        let deadline = office.deadline().await;
        office.wait_until(deadline.plus(-7 * DAY)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 0, "both have submitted");
        // Acme goes on writing.
        office.acme.answers_with(id, "Acme does it better", "80000").await.done();
        office.wait_until(deadline.plus(-48 * HOUR + MINUTE)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 1);
        let told = told(&office.acme.person).await;
        assert_eq!((told.kind, told.words.n), (EventKind::DeadlineNear, Some(3)));
        assert_eq!(told.link, format!("/responses/{}", office.acme.response(id).await), "to the draft");
        let near = |left: Option<i64>, about: i64| left.is_some_and(|left| (about - MINUTE / 4..=about).contains(&left));
        assert!(near(told.left, 48 * HOUR - MINUTE), "what is left when it is told: {:?}", told.left);
        assert_eq!(to(&post(&office).await, &office.acme.person, EventKind::DeadlineNear).len(), 1);
        office.acme.submits(id).await.done();
        // What was asked has changed: both have to confirm. One does while the mail waits.
        let asked = [("question-1-label", "How, and where?")];
        let of = office.officer.begins_amendment(id).await.done();
        office.officer.amends(id, of, Section::Questions, &asked).await.done();
        // So late, what is asked anew moves the deadline.
        let later = [("deadline_date", office.day(12))];
        let later: Vec<_> = later.iter().map(|(name, value)| (*name, value.as_str())).collect();
        office.officer.amends(id, of, Section::Timetable, &later).await.done();
        office.officer.proposes(of).await.done();
        office.approver.approves_amendment(of).await.done();
        post(&office).await;
        let deadline = office.deadline().await;
        office.wait_until(deadline.plus(-3 * HOUR)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 2);
        office.acme.submits(id).await.done();
        office.wait_until(deadline.plus(-MINUTE / 2)).await;
        let sent = post(&office).await;
        assert!(to(&sent, &office.acme.person, EventKind::DeadlineNear).is_empty(), "it is done");
        let late = to(&sent, &office.brook.person, EventKind::DeadlineNear);
        let (what, left) = late[0].near.expect("a reminder");
        assert!(what == Some(2) && near(left, MINUTE / 2), "it says what is left when it leaves: {what:?} {left:?}");
    }
}

/// The newest that a person was told.
async fn told(person: &Person) -> notice::Told {
    notice::list_notices(&person.desk, &person.actor, 1).await.done().page.remove(0)
}

/// All members of a supplier that drafts, as they are at the hour: who joined since, and not who left.
#[tokio::test]
async fn who_joins_a_supplier_later_is_reminded_with_it_and_who_left_is_not() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        tell_due(&office.desk).await.done();
        post(&office).await;
        let deadline = office.deadline().await;
        office.wait_until(deadline.plus(-48 * HOUR + MINUTE)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 1);
        post(&office).await;
        let late = office.acme.colleague("late").await;
        post(&office).await;
        office.wait_until(deadline.plus(-24 * HOUR + MINUTE)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 2, "both members");
        assert_eq!(to(&post(&office).await, &late.person, EventKind::DeadlineNear).len(), 1);
        let gone = late.person.actor.user().expect("a person");
        let owner = &office.acme.person.actor;
        workflow::organisation::end_membership(&office.desk, owner, office.acme.organisation, gone).await.done();
        post(&office).await;
        office.wait_until(deadline.plus(-3 * HOUR + MINUTE)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 1, "who left is not reminded");
    }
}

#[tokio::test]
async fn an_extended_deadline_moves_its_reminders_and_silences_one_that_waits() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        office.acme.answers(office.challenge, "90000").await.done();
        tell_due(&office.desk).await.done();
        post(&office).await;
        office.wait_until(office.deadline().await.plus(-3 * HOUR)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 1);
        extend(&office, 30 * DAY).await;
        assert!(post(&office).await.is_empty(), "the old deadline is told to nobody any more");
        assert_eq!(tell_due(&office.desk).await.done(), 0);
        office.wait_until(office.deadline().await.plus(-7 * DAY)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 1);
        assert_eq!(to(&post(&office).await, &office.acme.person, EventKind::DeadlineNear).len(), 1);
    }
}

#[tokio::test]
async fn a_submission_and_a_cancellation_silence_reminders() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        for supplier in [&office.acme, &office.brook] {
            supplier.answers(office.challenge, "90000").await.done();
        }
        tell_due(&office.desk).await.done();
        post(&office).await;
        office.wait_until(office.deadline().await.plus(-24 * HOUR)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 2);
        office.acme.submits(office.challenge).await.done();
        let sent = post(&office).await;
        assert!(to(&sent, &office.acme.person, EventKind::DeadlineNear).is_empty(), "it waited, and is not true any more");
        assert_eq!(to(&sent, &office.brook.person, EventKind::DeadlineNear).len(), 1);
        office.wait_until(office.deadline().await.plus(-3 * HOUR)).await;
        assert_eq!(tell_due(&office.desk).await.done(), 1, "who has submitted is not reminded");
        office.officer.cancels(office.challenge).await.done();
        let sent = post(&office).await;
        assert!(sent.iter().all(|mail| !mail.kinds.contains(&EventKind::DeadlineNear)), "{sent:?}");
        assert_eq!(tell_due(&office.desk).await.done(), 0);
    }
}

#[tokio::test]
async fn evaluators_are_reminded_of_scores_until_they_lock() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let by = office.desk.store.now().plus(20 * DAY);
        let section = domain::challenge::Section::Timetable;
        let mut conn = office.desk.store.read().await.unwrap();
        let draft = conn.draft(office.challenge).await.unwrap();
        let seen =
            conn.sections(office.challenge).await.unwrap().iter().find(|row| row.section == section.code()).unwrap().row_version;
        drop(conn);
        let mut timetable: Fields = draft.0[&section].clone();
        timetable.set("decision_date", &by.rfc3339()[..10]);
        challenge::save_section(&office.desk, &office.officer.actor, office.challenge, section, timetable, seen).await.done();
        office.publish(office.challenge).await;
        for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator"), (&office.second, "adviser")] {
            office.officer.appoints(office.challenge, person, role).await.done();
        }
        office.acme.answers(office.challenge, "90000").await.done();
        office.acme.submits(office.challenge).await.done();
        office.pass_deadline().await;
        office.officer.opens(office.challenge).await.done();
        office.evaluator.declares_nothing(office.challenge).await.done();
        tell_due(&office.desk).await.done();
        post(&office).await;
        office.evaluator.scores_all(office.challenge, &[(&office.acme, 4)]).await;
        office.evaluator.locks(office.challenge).await.done();
        let mut conn = office.desk.store.read().await.unwrap();
        let terms = conn.challenge_row(office.challenge).await.unwrap().unwrap().terms().unwrap().unwrap();
        drop(conn);
        office.wait_until(terms.decision_by.expect("a day").plus(-24 * HOUR)).await;
        assert_eq!(
            tell_due(&office.desk).await.done(),
            1,
            "the chair alone: the evaluator has locked, an adviser does not score"
        );
        assert_eq!(to(&post(&office).await, &office.chair, EventKind::ScoresDue).len(), 1);
    }
}

#[tokio::test]
async fn a_summary_is_composed_once_and_holds_what_was_told_before_it() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        follows(&office, &office.outsider).await;
        for kind in [EventKind::Amended, EventKind::EnquiryAnswered, EventKind::Cancelled] {
            chooses(&office.outsider, kind, Choice::Daily).await;
        }
        tell_due(&office.desk).await.done();
        post(&office).await;
        let tell = async |kind, fact| {
            let event = Event::of(kind, fact).on(office.challenge, "Fewer missed visits");
            let told = office.desk.store.write(move |tx| {
                Box::pin(async move {
                    tx.leave_no_entry();
                    Ok::<_, Error>(tx.tell(&event).await?)
                })
            });
            told.await.unwrap()
        };
        let now = office.desk.store.now();
        tell(EventKind::Amended, 1).await;
        tell(EventKind::EnquiryAnswered, 2).await;
        // Stopped in the meantime: in the list, and not in the summary.
        tell(EventKind::Cancelled, 3).await;
        chooses(&office.outsider, EventKind::Cancelled, Choice::InApp).await;
        let morning = Choice::Daily.summary_after(now, "UTC").unwrap();
        office.wait_until(morning.plus(-MINUTE)).await;
        assert!(post(&office).await.iter().all(|mail| mail.to != office.outsider.email), "before the morning");
        office.wait_until(morning.plus(2 * MINUTE)).await;
        let sent: Vec<Sent> = post(&office).await.into_iter().filter(|mail| mail.to == office.outsider.email).collect();
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert_eq!(sent[0].kinds, [EventKind::Amended, EventKind::EnquiryAnswered]);
        office.wait(30 * DAY).await;
        assert!(post(&office).await.iter().all(|mail| mail.to != office.outsider.email), "once");
    }
}

#[tokio::test]
async fn a_summary_that_was_claimed_by_a_process_that_died_is_never_composed_again() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        follows(&office, &office.outsider).await;
        chooses(&office.outsider, EventKind::Cancelled, Choice::Weekly).await;
        office.officer.cancels(office.challenge).await.done();
        office.wait(8 * DAY).await;
        let claim = || office.desk.store.write(|tx| Box::pin(async move { Ok::<_, Error>(tx.claim_mail(1_000).await?) }));
        let claimed = claim().await.unwrap();
        assert_eq!(claimed.iter().filter(|mail| mail.template == "summary_weekly").count(), 1);
        // Nothing is settled: as after a crash.
        office.wait(30 * DAY).await;
        assert!(claim().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_choice_counts_until_the_mail_leaves_and_required_mail_cannot_be_stopped() {
    for throwaway in testing::each().await {
        let office = Office::submitted(throwaway).await;
        follows(&office, &office.outsider).await;
        tell_due(&office.desk).await.done();
        post(&office).await;
        office.officer.cancels(office.challenge).await.done();
        for person in [&office.outsider, &office.acme.person] {
            chooses(person, EventKind::Cancelled, Choice::InApp).await;
            assert!(list(person).await.contains(&EventKind::Cancelled), "it stands in the list whatever was chosen");
        }
        let sent = post(&office).await;
        assert!(to(&sent, &office.outsider, EventKind::Cancelled).is_empty(), "stopped before it left");
        let required = to(&sent, &office.acme.person, EventKind::Cancelled);
        assert_eq!(required.len(), 1, "it has answered");
        assert_eq!(required[0].stop, None, "no stop is offered where none is possible");
    }
}

#[tokio::test]
async fn one_click_stops_one_kind_for_one_reader() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        for person in [&office.outsider, &office.brook.person] {
            follows(&office, person).await;
        }
        office.officer.cancels(office.challenge).await.done();
        let sent = post(&office).await;
        let link = to(&sent, &office.outsider, EventKind::Cancelled)[0].stop.clone().expect("a link");
        let (_, token) = link.split_once("?t=").unwrap();
        assert_eq!(notice::read_stop(&office.desk, token), Some(Stop::Kind(EventKind::Cancelled)));
        notice::stop_by_link(&office.desk, token, false).await.done();
        let of = async |person: &Person| -> BTreeMap<EventKind, Choice> {
            notice::notice_choices(&person.desk, &person.actor).await.done().into_iter().collect()
        };
        let own = of(&office.outsider).await;
        assert_eq!(own[&EventKind::Cancelled], Choice::InApp);
        assert_eq!(own[&EventKind::Amended], Choice::AtOnce, "another kind goes on");
        assert_eq!(of(&office.brook.person).await[&EventKind::Cancelled], Choice::AtOnce, "another reader too");
        notice::stop_by_link(&office.desk, token, true).await.done();
        assert_eq!(of(&office.outsider).await[&EventKind::Cancelled], Choice::AtOnce, "taken back");
        notice::stop_by_link(&office.desk, &token.replace("cancelled", "amended"), false).await.invalid("link-used");
        assert_eq!(office.recorded("stop_notices", "done").await, 2);
    }
}

#[tokio::test]
async fn nobody_reads_or_marks_another_s_notices() {
    let office = Office::open(testing::sqlite().await).await;
    follows(&office, &office.outsider).await;
    office.officer.cancels(office.challenge).await.done();
    let found = notice::list_notices(&office.desk, &office.outsider.actor, 1).await.done();
    let told = found.page.iter().find(|told| told.kind == EventKind::Cancelled).expect("told");
    let event = domain::ids::to_text(told.event);
    notice::open_notice(&office.desk, &office.administrator.actor, &event).await.refused(Refusal::Unseen);
    notice::list_notices(&office.desk, &domain::organisation::Actor::Visitor, 1).await.map(drop).refused(Refusal::SignIn);
    notice::read_notice(&office.desk, &office.administrator.actor, &event).await.done();
    assert_eq!(notice::list_notices(&office.desk, &office.outsider.actor, 1).await.done().unread, found.unread);
    notice::open_notice(&office.desk, &office.outsider.actor, &event).await.done();
    assert_eq!(notice::list_notices(&office.desk, &office.outsider.actor, 1).await.done().unread, found.unread - 1);
    notice::read_all_notices(&office.desk, &office.outsider.actor).await.done();
    assert_eq!(notice::list_notices(&office.desk, &office.outsider.actor, 1).await.done().unread, 0);
}

const MARKER: &str = "Zwergschnepfe";

#[tokio::test]
async fn nothing_sealed_or_confidential_is_in_a_notice_or_mail() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let id = office.challenge;
        for supplier in [&office.acme, &office.brook] {
            supplier.answers_with(id, &format!("Our {MARKER} does it"), "735190246813").await.done();
            supplier.submits(id).await.done();
        }
        for before in [7 * DAY, 3 * HOUR] {
            office.wait_until(office.deadline().await.plus(-before)).await;
            tell_due(&office.desk).await.done();
        }
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        office.second.declares_conflict(id, &office.brook).await.done();
        office.officer.settles(id, "recused").await.done();
        for person in [&office.chair, &office.evaluator] {
            person.declares_nothing(id).await.done();
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        office.second.scores_all(id, &[(&office.acme, 2)]).await;
        office.second.locks(id).await.done();
        office.chair.approves_record(id).await.done();
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.approver.approves_decision(id).await.done();
        let rows: Vec<String> = office
            .throwaway
            .every_value()
            .await
            .into_iter()
            .filter(|row| row.starts_with("notice") || row.starts_with("outbox|"))
            .collect();
        assert!(rows.iter().any(|row| row.contains("Fewer missed visits")), "the eyes see");
        for secret in
            [MARKER, "735190246813", "Acme", "Brook", "brother", "It says how", "We spoke of", "What we say to", "highest total"]
        {
            let found: Vec<&String> =
                rows.iter().filter(|row| row.contains(secret) && !row.contains("@office.example|mail|receipt")).collect();
            assert!(found.is_empty(), "{secret}: {found:?}");
        }
    }
}

#[tokio::test]
async fn who_drafts_is_told_to_nobody_on_the_buyer_s_side() {
    for throwaway in testing::each().await {
        let office = Office::open(throwaway).await;
        let buyers = [&office.officer, &office.approver, &office.owner, &office.chair, &office.evaluator, &office.administrator];
        let seen = async || {
            let mut all = Vec::new();
            for person in buyers {
                let found = notice::list_notices(&person.desk, &person.actor, 1).await.done();
                all.push((
                    found.all,
                    found.unread,
                    found.page.into_iter().map(|told| (told.kind, told.words)).collect::<Vec<_>>(),
                ));
            }
            all
        };
        tell_due(&office.desk).await.done();
        let before = seen().await;
        office.acme.answers(office.challenge, "90000").await.done();
        office.brook.answers(office.challenge, "80000").await.done();
        office.brook.submits(office.challenge).await.done();
        office.wait_until(office.deadline().await.plus(-HOUR)).await;
        tell_due(&office.desk).await.done();
        assert_eq!(seen().await, before);
        assert!(list(&office.acme.person).await.contains(&EventKind::DeadlineNear));
        assert!(Moment(0) < office.desk.store.now());
    }
}
