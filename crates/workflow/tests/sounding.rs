//! Soundings: what is shown, to whom, until when; what is said of it, and what changed because of it.

mod office;

use domain::challenge::Section;
use domain::moment::{DAY, HOUR, MINUTE};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::Refusal;
use domain::sounding::SoundingState;
use office::before::until;
use office::{Office, Person, Told, fields};
use store::testing;
use workflow::{challenge, find, follow, notice, organisation, sounding};

async fn kinds(person: &Person) -> Vec<EventKind> {
    notice::list_notices(&person.desk, &person.actor, 1).await.done().page.into_iter().map(|told| told.kind).collect()
}

fn visitor(office: &Office) -> Person {
    Person { desk: office.desk.clone(), email: String::new(), actor: Actor::Visitor }
}

/// A draft shown for three days, with its limits.
async fn shown(office: &Office) -> domain::ids::SoundingId {
    let form = until(office.desk.store.now().plus(3 * DAY), &["limits"]);
    office.officer.shows(office.challenge, &form).await.done()
}

#[tokio::test]
async fn everybody_reads_the_copy_and_nobody_what_is_drafted_afterwards_or_kept_back() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        office.edit(office.challenge, Section::Problem, "title", "A Zwergschnepfe in the cellar").await;
        for person in [&visitor(&office), &office.outsider, &office.acme.person, &office.officer] {
            let seen = person.sounding(of).await.done();
            assert_eq!(seen.terms.title, "Fewer missed visits");
            assert_eq!(seen.terms.limits, "No cameras.");
            let text = serde_json::to_string(&seen.terms).unwrap();
            assert!(!text.contains("Zwergschnepfe") && !text.contains("120000") && !text.contains("Effect"), "{text}");
        }
        let (total, listed) = sounding::list_soundings(&office.desk, 1).await.done();
        assert_eq!((total, listed.len(), listed[0].state), (1, 1, SoundingState::Open));
    }
}

#[tokio::test]
async fn the_draft_itself_stays_invisible_and_takes_no_responses() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        let id = office.challenge;
        for person in [&visitor(&office), &office.outsider, &office.acme.person] {
            challenge::read_challenge(&office.desk, &person.actor, id).await.map(drop).refused(Refusal::Unseen);
            challenge::read_draft(&office.desk, &person.actor, id).await.map(drop).refused(Refusal::Unseen);
            sounding::read_soundings_of(&office.desk, &person.actor, id).await.map(drop).refused(Refusal::Unseen);
        }
        challenge::follow_challenge(&office.desk, &office.outsider.actor, id, true).await.refused(Refusal::Unseen);
        workflow::response::start_response(&office.desk, &office.acme.person.actor, id).await.refused(Refusal::Unseen);
        follow::follow_once(&office.desk).await.done();
        let query = search::Query { text: "visits".into(), ..search::Query::default() };
        let found = find::search(&office.desk, &office.outsider.actor, query).await.done();
        assert_eq!(found.hits.len(), 0, "search knows nothing of it");
        assert_eq!(office.outsider.sounding(of).await.done().facts.challenge.team, None);
    }
}

#[tokio::test]
async fn only_an_officer_of_the_team_shows_a_draft_of_a_verified_buyer_and_one_at_a_time() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (id, form) = (office.challenge, until(office.desk.store.now().plus(3 * DAY), &[]));
        office.approver.shows(id, &form).await.refused(Refusal::NotYours);
        office.outsider.shows(id, &form).await.refused(Refusal::Unseen);
        visitor(&office).shows(id, &form).await.refused(Refusal::Unseen);
        organisation::verify_buyer(&office.desk, &office.administrator.actor, office.buyer, false).await.done();
        office.officer.shows(id, &form).await.refused(Refusal::BuyerNotVerified);
        organisation::verify_buyer(&office.desk, &office.administrator.actor, office.buyer, true).await.done();
        let first = office.officer.shows(id, &form).await.done();
        office.officer.shows(id, &form).await.refused(Refusal::SoundingState);
        office.approver.ends_sounding(first).await.refused(Refusal::NotYours);
        office.outsider.ends_sounding(first).await.refused(Refusal::NotYours);
        office.officer.ends_sounding(first).await.done();
        office.officer.ends_sounding(first).await.refused(Refusal::SoundingState);
        let second = office.officer.shows(id, &form).await.done();
        assert_ne!(first, second);
        office.officer.takes_down(second).await.done();
        office.officer.submits_for_review(id).await.done();
        office.officer.shows(id, &form).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn the_date_lies_ahead_and_is_given() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let (id, now) = (office.challenge, office.desk.store.now());
        office.officer.shows(id, &fields(&[])).await.invalid("date-missing");
        office.officer.shows(id, &fields(&[("comments_date", "2027-02-30")])).await.invalid("date");
        office.officer.shows(id, &until(now.plus(-HOUR), &[])).await.invalid("sounding-until-past");
        office.edit(id, Section::Problem, "title", "").await;
        office.officer.shows(id, &until(now.plus(DAY), &[])).await.invalid("sounding-untitled");
    }
}

#[tokio::test]
async fn a_comment_at_the_instant_of_the_date_is_late() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        let closes = office.outsider.sounding(of).await.done().facts.standing.closes_at();
        office.wait_until(closes.plus(-MINUTE)).await;
        office.outsider.says(of, "", "In time.").await.done();
        office.wait_until(closes).await;
        office.outsider.says(of, "", "At the instant.").await.refused(Refusal::Late);
        let seen = office.outsider.sounding(of).await.done();
        assert_eq!((seen.comments.len(), seen.facts.state()), (1, SoundingState::Over));
    }
}

#[tokio::test]
async fn two_days_before_the_date_those_who_commented_are_told_once() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        office.outsider.says(of, "", "Good.").await.done();
        let told = async |person: &Person| {
            notice::tell_due(&office.desk).await.done();
            kinds(person).await.iter().filter(|kind| **kind == EventKind::SoundingCloses).count()
        };
        assert_eq!(told(&office.outsider).await, 0, "three days are left");
        office.wait(DAY + MINUTE).await;
        assert_eq!(told(&office.outsider).await, 1);
        assert_eq!((told(&office.outsider).await, told(&office.officer).await), (1, 1), "once");
        assert_eq!(told(&office.acme.person).await, 0, "who said nothing is not concerned");
    }
}

#[tokio::test]
async fn a_comment_is_public_with_its_person_and_organisation_and_is_told_to_the_officers() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        visitor(&office).says(of, "", "Who am I?").await.refused(Refusal::SignIn);
        office.officer.says(of, "", "I wrote it.").await.refused(Refusal::NotYours);
        let first = office.acme.person.says(of, "limits", "Which cameras?").await.done();
        let again = office.acme.person.says(of, "limits", "Which cameras?").await.done();
        assert_eq!(first, again, "sent twice, said once");
        office.outsider.says(of, "", "Good.").await.done();
        let seen = visitor(&office).sounding(of).await.done();
        let said: Vec<_> = seen.comments.iter().map(|row| (row.comment.as_str(), row.organisation.as_deref())).collect();
        assert_eq!(said, [("Which cameras?", Some("Acme")), ("Good.", None)]);
        assert_eq!(seen.comments[0].section.as_deref(), Some("limits"));
        assert_eq!(kinds(&office.officer).await.iter().filter(|kind| **kind == EventKind::CommentOnDraft).count(), 2);
        assert!(kinds(&office.approver).await.contains(&EventKind::SoundingOpened));
    }
}

#[tokio::test]
async fn a_comment_has_words_and_is_on_what_is_shown() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        office.outsider.says(of, "", " \n ").await.invalid("empty");
        office.outsider.says(of, "", &"x".repeat(4_001)).await.invalid("too-long");
        office.outsider.says(of, "budget", "What is kept back is not commented on.").await.invalid("choose");
        office.outsider.says(of, "nothing", "Nor what there is not.").await.invalid("choose");
        for n in 0..30 {
            office.outsider.says(of, "", &format!("{n}")).await.done();
        }
        office.outsider.says(of, "", "One more.").await.invalid("comment-many");
        assert_eq!(office.outsider.sounding(of).await.done().comments.len(), 30);
    }
}

#[tokio::test]
async fn taken_down_it_is_gone_for_all_but_its_team() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        let comment = office.outsider.says(of, "", "Gone soon.").await.done();
        office.officer.takes_down(of).await.done();
        for person in [&visitor(&office), &office.outsider, &office.acme.person] {
            person.sounding(of).await.map(drop).refused(Refusal::Unseen);
            person.says(of, "", "Still here?").await.refused(Refusal::Unseen);
        }
        assert_eq!(office.approver.sounding(of).await.done().facts.state(), SoundingState::TakenDown);
        office.officer.says_what_changed(of, &[comment], "yes", "Too late.").await.refused(Refusal::SoundingState);
        office.officer.takes_down(of).await.refused(Refusal::SoundingState);
        assert_eq!(sounding::list_soundings(&office.desk, 1).await.done().0, 0);
        office.publish(office.challenge).await;
        assert!(office.outsider.notice(office.challenge).await.done().sounded.is_empty());
    }
}

#[tokio::test]
async fn what_changed_is_said_per_comment_or_for_several_and_the_newest_word_counts() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        let one = office.acme.person.says(of, "limits", "Which cameras?").await.done();
        let two = office.outsider.says(of, "", "Cellars too?").await.done();
        office.officer.says_what_changed(of, &[], "yes", "Nothing.").await.invalid("sounding-comments-none");
        office.officer.says_what_changed(of, &[one], "", "Nothing.").await.invalid("choose");
        office.officer.says_what_changed(of, &[one], "yes", "").await.invalid("empty");
        office.approver.says_what_changed(of, &[one], "yes", "All.").await.refused(Refusal::NotYours);
        office.officer.says_what_changed(of, &[one, two], "no", "They stay out.").await.done();
        office.officer.says_what_changed(of, &[two], "yes", "Cellars are in now.").await.done();
        let seen = visitor(&office).sounding(of).await.done();
        let said: Vec<_> = seen.outcomes.iter().map(|(row, of)| (row.taken_up, row.what.as_str(), of.clone())).collect();
        assert_eq!(said, [(false, "They stay out.", vec![one]), (true, "Cellars are in now.", vec![two])]);
        let answered = kinds(&office.outsider).await.into_iter().filter(|kind| *kind == EventKind::CommentAnswered);
        assert_eq!(answered.count(), 2);
        office.wait(10 * DAY).await;
        office.officer.says_what_changed(of, &[one], "yes", "Also afterwards.").await.done();
        let other = draft_of_another(&office).await;
        office.officer.says_what_changed(other, &[one], "yes", "Of another sounding.").await.stale();
    }
}

async fn draft_of_another(office: &Office) -> domain::ids::SoundingId {
    let id = office::draft(&office.desk, &office.officer.actor, "Another").await;
    office.officer.shows(id, &until(office.desk.store.now().plus(3 * DAY), &[])).await.done()
}

#[tokio::test]
async fn a_comment_taken_off_the_page_leaves_its_reason_and_no_word() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        let comment = office.outsider.says(of, "", "Buy our Zwirbel pumps!").await.done();
        office.outsider.hides(of, comment).await.refused(Refusal::NotYours);
        office.officer.hides(of, comment).await.done();
        office.officer.hides(of, comment).await.stale();
        for person in [&visitor(&office), &office.outsider, &office.officer] {
            let seen = person.sounding(of).await.done();
            assert_eq!((seen.comments[0].comment.as_str(), seen.comments[0].hidden.as_deref()), ("", Some("It advertises.")));
        }
    }
}

#[tokio::test]
async fn publication_closes_it_says_what_changed_and_is_told_to_who_commented() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        let comment = office.outsider.says(of, "", "Cellars too?").await.done();
        office.officer.says_what_changed(of, &[comment], "yes", "Cellars are in now.").await.done();
        office.publish(office.challenge).await;
        office.outsider.says(of, "", "One more.").await.refused(Refusal::Late);
        let seen = visitor(&office).notice(office.challenge).await.done().sounded;
        assert_eq!((seen.len(), seen[0].id, seen[0].comments), (1, of, 1));
        assert_eq!(seen[0].outcomes[0].what, "Cellars are in now.");
        notice::tell_due(&office.desk).await.done();
        assert!(kinds(&office.outsider).await.contains(&EventKind::Published));
        assert!(visitor(&office).sounding(of).await.is_ok(), "it stays readable");
    }
}

#[tokio::test]
async fn a_cancelled_draft_takes_no_more_comments() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let of = shown(&office).await;
        office.officer.cancels(office.challenge).await.done();
        office.outsider.says(of, "", "Why?").await.refused(Refusal::Late);
    }
}
