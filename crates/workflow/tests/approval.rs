//! Who approves what, of which text, and when it is published.

mod office;

use domain::challenge::{Section, Stage, difference};
use domain::moment::{DAY, HOUR};
use domain::organisation::Actor;
use domain::policy::Refusal;
use office::{Office, Told, fields};
use store::testing;
use workflow::{challenge, organisation};

#[tokio::test]
async fn every_named_approval_is_needed_before_it_is_published() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let (finance, legal) = (office.another_approver("finance").await, office.another_approver("legal").await);
        office.officer.names_approval(id, "finance", &finance).await.done();
        office.officer.names_approval(id, "legal", &legal).await.done();
        office.officer.submits_for_review(id).await.done();
        // An approver of the team whom nobody named for one of them.
        office.approver.approves(id, "").await.refused(Refusal::NotAsked);
        finance.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::InReview, "legal is missing");
        finance.approves(id, "").await.refused(Refusal::NotAsked);
        legal.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Open);

        let review = office.officer.review(id).await.done();
        let shown: Vec<_> =
            review.named.iter().map(|named| (named.need.kind.as_str(), named.given.as_ref().map(|row| row.n))).collect();
        assert_eq!(shown, [("finance", Some(1)), ("legal", Some(1))]);
        assert!(
            review
                .named
                .iter()
                .all(|named| named.given.as_ref().is_some_and(|row| row.user_id == named.need.user_id && row.at > 0))
        );
    }
}

#[tokio::test]
async fn one_person_named_twice_approves_both_at_once() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.names_approval(id, "finance", &office.approver).await.done();
        office.officer.names_approval(id, "service", &office.approver).await.done();
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Open);
        assert_eq!(office.officer.review(id).await.done().approvals.len(), 2);
    }
}

#[tokio::test]
async fn an_approval_lapses_when_the_text_it_covered_changes_and_holds_when_it_does_not() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let (finance, legal) = (office.another_approver("finance").await, office.another_approver("legal").await);
        office.officer.names_approval(id, "finance", &finance).await.done();
        office.officer.names_approval(id, "legal", &legal).await.done();
        office.officer.submits_for_review(id).await.done();
        finance.approves(id, "").await.done();
        legal.sends_back_section(id, Section::Limits, "Say who owns the data.").await.done();
        assert_eq!(office.stage(id).await, Stage::Draft);

        // Word for word the same: what finance approved stands.
        office.officer.submits_for_review(id).await.done();
        finance.approves(id, "").await.refused(Refusal::NotAsked);
        legal.sends_back_section(id, Section::Limits, "I meant it.").await.done();

        office.edit(id, Section::Limits, "limits", "No cameras. The city owns the data.").await;
        office.officer.submits_for_review(id).await.done();
        let review = office.officer.review(id).await.done();
        assert!(review.named.iter().all(|named| named.given.is_none()), "finance approved another text");
        assert_eq!(review.approvals.iter().filter(|(_, standing)| !standing).count(), 1, "and the record still shows it");
        legal.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::InReview, "finance must approve the new text");
        finance.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Open);
    }
}

#[tokio::test]
async fn an_officer_renamed_approver_cannot_approve_what_they_wrote() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        // The approver writes a section as an officer of the team, becomes an approver again, and somebody else submits it.
        office.officer.names(id, &office.approver, "officer").await.done();
        let (mut text, seen) = office.section(id, Section::Limits).await;
        text.set("limits", "No drones.");
        challenge::save_section(&office.desk, &office.approver.actor, id, Section::Limits, text, seen).await.done();
        office.officer.names(id, &office.approver, "approver").await.done();
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, "").await.refused(Refusal::OwnWork);
        office.officer.takes_back(id).await.done();
        office.officer.names_approval(id, "legal", &office.approver).await.invalid("approver-wrote");
        // Also once the officer has written the section anew: it was theirs in part.
        office.edit(id, Section::Limits, "limits", "No drones, no cameras.").await;
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, "").await.refused(Refusal::OwnWork);

        let other = office.another_approver("other").await;
        office.officer.names(id, &other, "approver").await.done();
        other.approves(id, "").await.done();
    }
}

#[tokio::test]
async fn whoever_submitted_it_for_review_does_not_approve_it_either() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.names(id, &office.approver, "officer").await.done();
        office.approver.submits_for_review(id).await.done();
        office.officer.names(id, &office.approver, "approver").await.done();
        office.approver.approves(id, "").await.refused(Refusal::OwnWork);
    }
}

#[tokio::test]
async fn a_buyer_of_one_with_four_eyes_off_approves_what_it_wrote() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        office.officer.approves(id, "").await.refused(Refusal::NotYours);
        organisation::edit_organisation(&office.desk, &office.owner.actor, office.buyer, &fields(&[("seen", "1")])).await.done();
        office.officer.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Open);
    }
}

#[tokio::test]
async fn an_officer_names_approvals_and_only_while_it_is_a_draft() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let legal = office.another_approver("legal").await;
        office.approver.names_approval(id, "legal", &legal).await.refused(Refusal::NotYours);
        office.outsider.names_approval(id, "legal", &legal).await.refused(Refusal::Unseen);
        office.officer.names_approval(id, "legal", &office.outsider).await.invalid("not-a-member");
        office.officer.names_approval(id, "legal", &office.officer).await.invalid("not-an-approver");
        office.officer.names_approval(id, "weather", &legal).await.invalid("choose");
        office.officer.names_approval(id, "legal", &legal).await.done();
        // Whoever is named can read it.
        assert!(legal.review(id).await.done().facts.team.is_some());
        office.officer.submits_for_review(id).await.done();
        office.officer.names_approval(id, "legal", &office.approver).await.refused(Refusal::Stage);
        office.officer.takes_back(id).await.done();
        challenge::name_approval(&office.desk, &office.officer.actor, id, &fields(&[("kind", "legal"), ("email", "none")]))
            .await
            .done();
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, "").await.done();
    }
}

#[tokio::test]
async fn it_is_sent_back_by_section_with_a_reason_for_each() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        office.approver.sends_back(id, "").await.invalid("reason-none");
        office.outsider.sends_back(id, "No.").await.refused(Refusal::Unseen);
        let reasons =
            fields(&[("reason-problem", "Who is affected?"), ("reason-criteria", "Price weighs too much."), ("n", "1")]);
        challenge::send_back_challenge(&office.desk, &office.approver.actor, id, &reasons).await.done();
        let review = office.officer.review(id).await.done();
        let shown: Vec<_> = review.reasons.iter().map(|row| (row.section.as_str(), row.reason.as_str())).collect();
        assert_eq!(shown, [("criteria", "Price weighs too much."), ("problem", "Who is affected?")]);
        office.approver.sends_back(id, "Again.").await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn what_changed_is_told_since_the_version_that_this_approver_saw() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let other = office.another_approver("other").await;
        office.officer.names(id, &other, "approver").await.done();
        office.officer.submits_for_review(id).await.done();
        challenge::see_version(&office.desk, &office.approver.actor, id, 1).await.done();
        other.sends_back_section(id, Section::Limits, "Say more.").await.done();
        office.edit(id, Section::Limits, "limits", "No cameras and no drones.").await;
        office.officer.submits_for_review(id).await.done();
        other.sends_back_section(id, Section::Problem, "And here.").await.done();
        office.edit(id, Section::Problem, "statement", "11 % of visits fail, 40 a day.").await;
        office.officer.submits_for_review(id).await.done();

        let keys = |review: &challenge::ReviewView| {
            let changed = review.changed.as_ref().unwrap();
            (changed.from, changed.seen, changed.changes.iter().map(|change| change.key.clone()).collect::<Vec<_>>())
        };
        let review = office.approver.review(id).await.done();
        assert_eq!(keys(&review), (1, true, vec!["statement".into(), "limits".into()]), "last seen: version 1");
        let review = other.review(id).await.done();
        assert_eq!(keys(&review), (2, true, vec!["statement".into()]), "sent back: version 2");
        let review = office.officer.review(id).await.done();
        assert_eq!(keys(&review), (2, false, vec!["statement".into()]));
    }
}

#[tokio::test]
async fn a_version_that_was_not_read_is_not_approved() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        office.officer.takes_back(id).await.done();
        office.edit(id, Section::Limits, "limits", "Other limits.").await;
        office.officer.submits_for_review(id).await.done();
        challenge::approve_challenge(&office.desk, &office.approver.actor, id, &fields(&[("n", "1")])).await.stale();
        challenge::approve_challenge(&office.desk, &office.approver.actor, id, &fields(&[("n", "2")])).await.done();
    }
}

#[tokio::test]
async fn it_is_public_from_the_instant_that_the_approval_set_and_no_job_switches_it() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, &office.day(-1)).await.invalid("publish-past");
        office.approver.approves(id, &office.day(30)).await.invalid("publish-too-late");
        office.approver.approves(id, &office.day(2)).await.done();
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.refused(Refusal::Unseen);
        office.wait(3 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Open);
        challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.done();
    }
}

#[tokio::test]
async fn the_latest_day_that_an_approver_chose_counts_unless_the_last_one_chooses() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        let (finance, legal) = (office.another_approver("finance").await, office.another_approver("legal").await);
        office.officer.names_approval(id, "finance", &finance).await.done();
        office.officer.names_approval(id, "legal", &legal).await.done();
        office.officer.submits_for_review(id).await.done();
        finance.approves(id, &office.day(3)).await.done();
        legal.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        office.wait(2 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        office.wait(2 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Open);
    }
}

#[tokio::test]
async fn an_approver_changes_the_day_until_it_has_come_and_nobody_else_does() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, &office.day(2)).await.done();
        office.officer.reschedules(id, &office.day(4)).await.refused(Refusal::NotYours);
        office.outsider.reschedules(id, &office.day(4)).await.refused(Refusal::Unseen);
        office.approver.reschedules(id, &office.day(40)).await.invalid("publish-too-late");
        office.approver.reschedules(id, &office.day(4)).await.done();
        let told = workflow::notice::list_notices(&office.desk, &office.officer.actor, 1).await.done().page;
        let moved = told.iter().filter(|told| told.kind == domain::notice::EventKind::Rescheduled).count();
        assert_eq!(moved, 1, "its officers are told");
        office.wait(3 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Scheduled, "the first day does not publish it");
        office.approver.reschedules(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Open, "at once");
        office.approver.reschedules(id, &office.day(5)).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn what_is_taken_back_is_a_draft_again_and_is_approved_anew() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, &office.day(2)).await.done();
        office.officer.appoints(id, &office.chair, "chair").await.done();
        office.outsider.takes_back(id).await.refused(Refusal::Unseen);
        challenge::take_back_challenge(&office.desk, &office.officer.actor, id, &fields(&[])).await.invalid("empty");
        office.officer.takes_back(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Draft);
        office.wait(2 * DAY + HOUR).await;
        assert_eq!(office.stage(id).await, Stage::Draft, "its day publishes nothing");
        challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.refused(Refusal::Unseen);
        assert_eq!(office.recorded("take_back_challenge", "done").await, 1);

        office.edit(id, Section::Limits, "limits", "Other limits.").await;
        let later = office.day(9);
        office.edit(id, Section::Timetable, "deadline_date", &later).await;
        office.officer.submits_for_review(id).await.done();
        office.approver.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Open);
        let read = challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.done();
        assert_eq!((read.n, read.terms.limits.as_str()), (2, "Other limits."));
        assert_eq!(read.terms.deadline, office.deadline().await, "the round took the new deadline");
        office.officer.takes_back(id).await.refused(Refusal::Stage);
    }
}

/// Above the threshold: 300 000 EUR under the directive, forty days to answer.
async fn above(office: &Office) {
    let id = office.challenge;
    office.edit(id, Section::Budget, "budget", "300000").await;
    office.edit(id, Section::Timetable, "law", "eu-2014-24").await;
    office.edit(id, Section::Timetable, "deadline_date", &office.day(40)).await;
    office.officer.submits_for_review(id).await.done();
}

#[tokio::test]
async fn above_the_threshold_it_waits_for_its_official_notice() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        above(&office).await;
        office.approver.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        office.wait(2 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Scheduled, "no clock publishes it");
        challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.refused(Refusal::Unseen);
        assert_eq!(challenge::list_public(&office.desk, true, 1, 0).await.done().open, 0);

        office.outsider.records_notice(id, &office.day(0)).await.refused(Refusal::Unseen);
        office.officer.records_notice(id, "").await.invalid("empty");
        office.officer.records_notice(id, "yesterday").await.invalid("date");
        office.officer.records_notice(id, &office.day(20)).await.invalid("publish-too-late");
        office.officer.records_notice(id, &office.day(0)).await.done();
        assert_eq!(office.stage(id).await, Stage::Open);
        let read = challenge::read_challenge(&office.desk, &Actor::Visitor, id).await.done();
        assert_eq!(read.official.unwrap().reference, "123456-2026");
        office.officer.records_notice(id, &office.day(0)).await.refused(Refusal::Stage);
    }
}

#[tokio::test]
async fn it_is_not_published_before_the_day_of_its_official_notice() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        above(&office).await;
        // Recorded before the approval: it counts all the same.
        office.officer.records_notice(id, &office.day(3)).await.done();
        office.approver.approves(id, "").await.done();
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        office.wait(2 * DAY).await;
        assert_eq!(office.stage(id).await, Stage::Scheduled);
        office.wait(DAY).await;
        assert_eq!(office.stage(id).await, Stage::Open);
    }
}

#[tokio::test]
async fn the_difference_knows_the_section_of_every_part_of_the_terms() {
    let office = Office::with_draft(testing::sqlite().await).await;
    office.officer.submits_for_review(office.challenge).await.done();
    let (_, terms) = office.officer.review(office.challenge).await.done().version.unwrap();
    let terms = serde_json::to_value(&terms).unwrap();
    let unknown: Vec<&String> =
        terms.as_object().unwrap().keys().filter(|part| !difference::parts().any(|known| known == *part)).collect();
    assert!(unknown.is_empty(), "name their section in domain::challenge::difference: {unknown:?}");
}
