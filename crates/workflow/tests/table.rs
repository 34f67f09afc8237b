//! The panel's table: consensus, minutes and dissent, a record that every member approves, deputies, replacements.

mod office;

use domain::challenge::{Method, Section, Stage};
use domain::evaluation::FaultKind;
use domain::form::Fields;
use domain::ids::CriterionId;
use domain::moment::DAY;
use domain::notice::EventKind;
use domain::policy::{Refusal, SeatRole};
use office::{Office, Told, fields};
use store::testing::{self, Throwaway};
use workflow::evaluation::Unassigned;
use workflow::{challenge, evaluation};

/// Published with consensus as its method, with a panel whose chair scores or only moderates.
async fn scoring(throwaway: Throwaway, chair: &str) -> Office {
    scoring_with(throwaway, chair, fields(&[("method", "consensus")])).await
}

/// The same with other rules of the panel.
async fn scoring_with(throwaway: Throwaway, chair: &str, panel: Fields) -> Office {
    let office = Office::with_draft(throwaway).await;
    challenge::save_section(&office.desk, &office.officer.actor, office.challenge, Section::Panel, panel, 0).await.done();
    office.publish(office.challenge).await;
    for (person, role) in [(&office.chair, chair), (&office.evaluator, "evaluator"), (&office.second, "evaluator")] {
        office.officer.appoints(office.challenge, person, role).await.done();
    }
    for supplier in [&office.acme, &office.brook] {
        supplier.takes_part(office.challenge).await;
    }
    office.pass_deadline().await;
    office.officer.opens(office.challenge).await.done();
    for person in office.panel() {
        person.declares_nothing(office.challenge).await.done();
    }
    office
}

/// The evaluator gives 4 and 3, the second 2 and 3; the chair, where it scores, 4 and 3.
async fn moderation(throwaway: Throwaway, chair: &str) -> (Office, Vec<CriterionId>) {
    let office = scoring(throwaway, chair).await;
    let id = office.challenge;
    for (person, points) in [(&office.evaluator, 4), (&office.second, 2), (&office.chair, 4)] {
        if chair == "chair" || !std::ptr::eq(person, &office.chair) {
            person.scores_all(id, &[(&office.acme, points), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
    }
    let leaves = office.officer.lists(id).await.done().terms.leaves().map(|leaf| leaf.id()).collect();
    (office, leaves)
}

async fn agree_on_all(office: &Office, leaves: &[CriterionId]) {
    for leaf in leaves {
        office.chair.agrees(office.challenge, &office.acme, *leaf, 3, 0).await.done();
        office.chair.agrees(office.challenge, &office.brook, *leaf, 3, 0).await.done();
    }
}

#[tokio::test]
async fn under_consensus_every_item_gets_an_agreed_score_with_its_own_reason_and_only_these_count() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let (id, first) = (office.challenge, leaves[0]);
        let found = office.chair.moderation(id).await.done();
        assert_eq!(found.terms.method, Method::Consensus);
        assert_eq!(found.progress(), (0, 4));
        assert_eq!((found.items[0].response, found.items[0].spread), (office.acme.response(id).await, 2), "widest first");
        assert_eq!(found.items[3].equal(), Some(3));

        office.evaluator.revises(id, &office.acme, first, 2, 1).await.refused(Refusal::Method);
        office.evaluator.agrees(id, &office.acme, first, 3, 0).await.refused(Refusal::NotYours);
        office.officer.agrees(id, &office.acme, first, 3, 0).await.refused(Refusal::NotYours);
        office.outsider.agrees(id, &office.acme, first, 3, 0).await.refused(Refusal::Unseen);
        office.chair.agrees(id, &office.acme, first, 6, 0).await.invalid("points");
        office.chair.proposes_record(id).await.invalid("agreed-missing");

        agree_on_all(&office, &leaves).await;
        office.chair.agrees(id, &office.acme, first, 4, 0).await.stale();
        office.chair.agrees(id, &office.acme, first, 4, 1).await.done();
        let found = office.second.moderation(id).await.done();
        assert_eq!(found.progress(), (4, 4));
        let item = found.item(office.acme.response(id).await, first).unwrap();
        let agreed: Vec<(i64, i64)> = item.agreed.iter().map(|row| (row.n, row.points)).collect();
        assert_eq!(agreed, [(1, 3), (2, 4)], "what was agreed before is kept");
        assert!(found.faults.iter().all(|fault| fault.kind == FaultKind::Copied), "one reason for all: {:?}", found.faults);

        office.chair.approves_record(id).await.done();
        let result = office.officer.result(id).await.done();
        assert_eq!(result.finals.len(), 4, "one for each item");
        assert!(result.finals.iter().all(|row| row.seat.is_none()));
        let own: i64 = result.finals.iter().filter(|row| row.criterion == first.get()).map(|row| row.points).sum();
        assert_eq!(own, 4 + 3);
    }
}

#[tokio::test]
async fn where_the_mean_counts_nothing_is_agreed() {
    for throwaway in testing::each().await {
        let office = Office::moderation(throwaway).await;
        let leaf = office.officer.lists(office.challenge).await.done().terms.leaves().next().unwrap().id();
        office.chair.agrees(office.challenge, &office.acme, leaf, 3, 0).await.refused(Refusal::Method);
    }
}

#[tokio::test]
async fn a_chair_who_only_moderates_leads_and_does_not_score() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "moderator").await;
        let id = office.challenge;
        office.chair.room(id).await.refused(Refusal::NotYours);
        assert_eq!(office.stage(id).await, Stage::Moderation, "nobody waits for its scores");
        agree_on_all(&office, &leaves).await;
        office.chair.dissents(id, &office.acme, leaves[0], "No.").await.refused(Refusal::NotYours);
        office.chair.proposes_record(id).await.done();
        office.chair.signs_record(id).await.refused(Refusal::NotYours);
        assert_eq!(office.chair.moderation(id).await.done().members.len(), 2, "who scores approves");
        for person in [&office.evaluator, &office.second] {
            person.signs_record(id).await.done();
        }
        office.chair.closes_record(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Result);
    }
}

#[tokio::test]
async fn every_member_approves_the_record_as_it_stands_or_is_gone_on_without_for_a_reason() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let (id, first) = (office.challenge, leaves[0]);
        agree_on_all(&office, &leaves).await;
        office.evaluator.signs_record(id).await.invalid("record-missing");
        office.chair.closes_record(id).await.invalid("record-missing");
        office.evaluator.proposes_record(id).await.refused(Refusal::NotYours);
        office.chair.proposes_record(id).await.done();
        office.evaluator.signs_record(id).await.done();
        office.evaluator.signs_record(id).await.stale();
        office.chair.closes_record(id).await.invalid("record-unsigned");

        // Whatever changes it lapses what was approved before.
        office.chair.notes_minutes(id, &office.acme, first, "The trial was looked at again.").await.done();
        office.second.dissents(id, &office.acme, first, "I see a two.").await.done();
        office.second.signs_record(id).await.done();
        let found = office.chair.moderation(id).await.done();
        let signed: Vec<bool> = found.members.iter().map(|member| member.signed.is_some()).collect();
        assert_eq!(signed.iter().filter(|signed| **signed).count(), 1, "{signed:?}");
        office.chair.closes_record(id).await.invalid("record-unsigned");

        assert!(found.approved.is_empty(), "nothing is closed");
        let missing = found.members.iter().find(|member| member.name == "evaluator").unwrap().seat;
        let reason = fields(&[(&format!("without-{missing}"), "In hospital since Monday."), ("seen", &found.position)]);
        evaluation::approve_record(&office.desk, &office.chair.actor, id, &reason).await.done();
        let found = office.second.moderation(id).await.done();
        assert_eq!(found.without.len(), 1);
        assert_eq!(found.without[0].reason, "In hospital since Monday.");
        // Whoever approved what it was before is not told as one who approved it.
        assert_eq!(found.approved.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["second"]);
        let item = found.item(office.acme.response(id).await, first).unwrap();
        let notes: Vec<(&str, &str)> = item.notes.iter().map(|note| (note.kind.as_str(), note.name.as_str())).collect();
        assert_eq!(notes, [("minutes", "chair"), ("dissent", "second")]);
        for (person, why) in [(&office.second, Refusal::Stage), (&office.outsider, Refusal::Unseen)] {
            person.dissents(id, &office.acme, first, "").await.refused(why);
        }
    }
}

#[tokio::test]
async fn a_record_that_too_few_approve_needs_a_second_person_from_outside_the_panel() {
    for throwaway in testing::each().await {
        let panel = fields(&[("method", "consensus"), ("quorum", "3")]);
        let office = scoring_with(throwaway, "chair", panel).await;
        let id = office.challenge;
        for person in office.panel() {
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        let leaves: Vec<CriterionId> = office.officer.lists(id).await.done().terms.leaves().map(|leaf| leaf.id()).collect();
        agree_on_all(&office, &leaves).await;
        let why = "Both are ill; I have read the minutes and their scores.";
        office.officer.confirms_record(id, why).await.invalid("record-missing");
        office.chair.proposes_record(id).await.done();
        office.chair.closes_without(id).await.invalid("record-thin");
        office.second.signs_record(id).await.done();
        office.chair.closes_without(id).await.invalid("record-thin");
        office.officer.confirms_record(id, "").await.invalid("empty");
        office.officer.confirms_record(id, "Ill.").await.invalid("reason-short");
        for (person, refusal) in [
            (&office.chair, Refusal::NotYours),
            (&office.second, Refusal::NotYours),
            (&office.approver, Refusal::NotYours),
            (&office.outsider, Refusal::Unseen),
        ] {
            person.confirms_record(id, why).await.refused(refusal);
        }
        let read = office.officer.moderation(id).await.done().position;
        office.officer.confirms_record(id, why).await.done();
        assert_ne!(office.chair.moderation(id).await.done().position, read, "whoever waits for it sees it come");

        // Whatever changes the record lapses it.
        office.chair.notes_minutes(id, &office.acme, leaves[0], "The trial was looked at again.").await.done();
        assert!(office.chair.moderation(id).await.done().confirmed.is_none());
        office.chair.closes_without(id).await.invalid("record-thin");
        let stale = fields(&[("seen", &read), ("confirm_reason", why)]);
        evaluation::confirm_record(&office.desk, &office.officer.actor, id, &stale).await.stale();
        office.officer.confirms_record(id, why).await.done();
        office.chair.closes_without(id).await.done();
        let result = office.officer.result(id).await.done();
        assert_eq!(result.without.len(), 2);
        let confirmed = result.confirmed.expect("shown beside the result");
        assert_eq!((confirmed.by_name.as_str(), confirmed.reason.as_str()), ("officer", why));
        office.officer.confirms_record(id, why).await.refused(Refusal::Stage);
    }
}

/// Also where all members have approved what the chair has not read.
#[tokio::test]
async fn nobody_closes_a_record_that_changed_under_their_eyes() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let id = office.challenge;
        agree_on_all(&office, &leaves).await;
        office.chair.proposes_record(id).await.done();
        for person in [&office.evaluator, &office.second] {
            person.signs_record(id).await.done();
        }
        let close = async |seen: &str| {
            let form = fields(&[("seen", seen)]);
            evaluation::approve_record(&office.desk, &office.chair.actor, id, &form).await
        };
        let read = office.chair.moderation(id).await.done().position;
        office.second.dissents(id, &office.acme, leaves[0], "I see a two.").await.done();
        for person in [&office.evaluator, &office.second] {
            person.signs_record(id).await.done();
        }
        close(&read).await.stale();
        close("").await.stale();
        assert_eq!(office.stage(id).await, Stage::Moderation);
        close(&office.chair.moderation(id).await.done().position).await.done();

        // Who approved it is told after it is closed, with when, and who saw something otherwise.
        let found = office.officer.moderation(id).await.done();
        let names = |approved: &[evaluation::Approval]| approved.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&found.approved), ["evaluator", "second"]);
        let result = office.officer.result(id).await.done();
        assert_eq!(names(&result.approved), ["evaluator", "second"]);
        assert!(result.approved.iter().all(|one| one.at.micros() <= result.record.as_ref().unwrap().at));
        assert_eq!(result.dissents.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["I see a two."]);
    }
}

#[tokio::test]
async fn a_text_put_before_the_members_is_not_written_over_unread() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let id = office.challenge;
        agree_on_all(&office, &leaves).await;
        let propose = async |text: &str, seen: &str| {
            let form = fields(&[("discussion", text), ("seen", seen)]);
            evaluation::propose_record(&office.desk, &office.chair.actor, id, &form).await
        };
        let newest = async || office.chair.moderation(id).await.done().proposal.unwrap();
        propose("The first.", "").await.done();
        propose("From a second tab.", "").await.stale();
        let first = newest().await;
        assert_eq!(first.discussion, "The first.");
        let seen = domain::ids::to_text(first.id);
        let (one, other) = tokio::join!(propose("Of two at once.", &seen), propose("Of two at once.", &seen));
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1, "one is told of the other");
        propose("A third.", &domain::ids::to_text(newest().await.id)).await.done();
        assert_eq!(newest().await.discussion, "A third.");
    }
}

#[tokio::test]
async fn nobody_approves_a_record_that_changed_under_their_eyes() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let id = office.challenge;
        agree_on_all(&office, &leaves).await;
        office.chair.proposes_record(id).await.done();
        let read = office.evaluator.moderation(id).await.done().position;
        office.chair.agrees(id, &office.brook, leaves[0], 1, 1).await.done();
        let seen = fields(&[("seen", &read)]);
        evaluation::sign_record(&office.desk, &office.evaluator.actor, id, &seen).await.stale();
        let seen = fields(&[("seen", &office.evaluator.moderation(id).await.done().position)]);
        evaluation::sign_record(&office.desk, &office.evaluator.actor, id, &seen).await.done();
    }
}

#[tokio::test]
async fn what_a_recusal_hides_moves_neither_position_nor_approval_of_whom_it_is_hidden_from() {
    for throwaway in testing::each().await {
        let office = scoring(throwaway, "chair").await;
        let (id, recused) = (office.challenge, &office.evaluator);
        recused.declares_conflict(id, &office.acme).await.done();
        office.officer.settles(id, "recused").await.done();
        for person in office.panel() {
            let all = [(&office.acme, 4), (&office.brook, 3)];
            let own = if std::ptr::eq(person, recused) { &all[1..] } else { &all[..] };
            person.scores_all(id, own).await;
            person.locks(id).await.done();
        }
        let leaves: Vec<CriterionId> = office.officer.lists(id).await.done().terms.leaves().map(|leaf| leaf.id()).collect();
        agree_on_all(&office, &leaves).await;
        office.chair.proposes_record(id).await.done();
        recused.signs_record(id).await.done();
        office.second.signs_record(id).await.done();
        let position =
            async |person: &office::Person| evaluation::read_moderation_position(&office.desk, &person.actor, id).await.done();
        let (own, other) = (position(recused).await, position(&office.second).await);

        office.chair.agrees(id, &office.acme, leaves[0], 1, 1).await.done();
        office.chair.notes_minutes(id, &office.acme, leaves[0], "Looked at again.").await.done();
        office.second.dissents(id, &office.acme, leaves[1], "I do not.").await.done();
        assert_eq!(position(recused).await, own);
        assert_ne!(position(&office.second).await, other);
        let found = recused.moderation(id).await.done();
        assert_eq!(found.items.len(), 2);
        assert_eq!(found.progress(), (2, 2));
        let told: Vec<(bool, bool)> = found.members.iter().map(|member| (member.told, member.signed.is_some())).collect();
        assert_eq!(told.iter().filter(|(told, _)| *told).count(), 1, "of others it is not told");
        assert!(told.contains(&(true, true)), "and the own approval holds");
        for of in [&office.acme] {
            recused.dissents(id, of, leaves[0], "No.").await.refused(Refusal::Unseen);
        }

        office.chair.agrees(id, &office.brook, leaves[0], 1, 1).await.done();
        assert_ne!(position(recused).await, own);
    }
}

#[tokio::test]
async fn a_deputy_leads_where_the_chair_may_not_and_only_the_newest_does() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let id = office.challenge;
        let seats = evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done().seats;
        let seat = |name: &str| seats.iter().find(|seat| seat.name == name).unwrap().id;
        let why = fields(&[("deputy_reason", "The chair is ill.")]);
        let name = async |person: &office::Person, of: &str| {
            evaluation::name_deputy(&office.desk, &person.actor, id, seat(of), &why).await
        };
        name(&office.chair, "second").await.refused(Refusal::NotYours);
        name(&office.officer, "chair").await.invalid("deputy-evaluator");
        name(&office.officer, "evaluator").await.done();
        office.evaluator.agrees(id, &office.acme, leaves[0], 3, 0).await.done();
        office.second.agrees(id, &office.acme, leaves[1], 3, 0).await.refused(Refusal::NotYours);
        name(&office.officer, "second").await.done();
        office.evaluator.agrees(id, &office.acme, leaves[1], 3, 0).await.refused(Refusal::NotYours);
        office.second.agrees(id, &office.acme, leaves[1], 3, 0).await.done();
        office.chair.agrees(id, &office.brook, leaves[0], 3, 0).await.done();
        assert_eq!(office.recorded("name_deputy", "done").await, 2);
    }
}

#[tokio::test]
async fn a_replacement_is_recorded_with_the_seat_that_ended_and_why() {
    for throwaway in testing::each().await {
        let office = scoring(throwaway, "moderator").await;
        let id = office.challenge;
        let panel = async || evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done();
        let seats = panel().await.seats;
        assert_eq!(seats[0].role, SeatRole::Moderator);
        office.officer.appoints(id, &office.outsider, "chair").await.invalid("one-chair");
        let seat = seats.iter().find(|seat| seat.name == "second").unwrap().id;
        let end = async |person: &office::Person, why: &str| {
            evaluation::end_seat(&office.desk, &person.actor, id, seat, &fields(&[("end_reason", why)])).await
        };
        end(&office.officer, "").await.invalid("empty");
        end(&office.chair, "Away").await.refused(Refusal::NotYours);
        end(&office.officer, "Has left the city.").await.done();
        end(&office.officer, "Has left the city.").await.stale();
        assert_eq!(office.recorded("end_seat", "done").await, 1);
        let of = |replaces: String| fields(&[("email", &office.outsider.email), ("role", "evaluator"), ("replaces", &replaces)]);
        let standing = seats.iter().find(|seat| seat.name == "evaluator").unwrap().id;
        let appoint =
            async |replaces: String| evaluation::appoint_seat(&office.desk, &office.officer.actor, id, &of(replaces)).await;
        appoint("7".to_owned()).await.invalid("choose");
        appoint(standing.to_string()).await.invalid("empty");
        // The only one left: without a replacement the quorum could not be met any more.
        let end = fields(&[("end_reason", "Is late.")]);
        evaluation::end_seat(&office.desk, &office.officer.actor, id, standing, &end).await.invalid("end-quorum");
        appoint(seat.to_string()).await.done();
        let found = panel().await;
        assert_eq!((found.ended[0].name.as_str(), found.ended[0].reason.as_str()), ("second", "Has left the city."));
        assert!(found.seats.iter().any(|seat| seat.name == "outsider" && seat.replaces.as_deref() == Some("second")));
        let seen = evaluation::read_panel(&office.desk, &office.evaluator.actor, id).await.done();
        assert!(seen.ended.is_empty(), "why somebody left is the team's to know");
        let mut at_once = of(standing.to_string());
        at_once.set("email", &office.second.email);
        at_once.set("replace_reason", "Is late.");
        evaluation::appoint_seat(&office.desk, &office.officer.actor, id, &at_once).await.done();
        let found = panel().await;
        assert_eq!(found.ended.last().map(|row| (row.name.as_str(), row.reason.as_str())), Some(("evaluator", "Is late.")));
        assert!(found.seats.iter().any(|seat| seat.name == "second" && seat.replaces.as_deref() == Some("evaluator")));
    }
}

#[tokio::test]
async fn an_officer_reminds_those_who_are_late_once_a_day() {
    for throwaway in testing::each().await {
        let office = scoring(throwaway, "chair").await;
        let id = office.challenge;
        office.second.scores_all(id, &[(&office.acme, 2), (&office.brook, 3)]).await;
        office.second.locks(id).await.done();
        let remind = async |person: &office::Person| evaluation::remind_panel(&office.desk, &person.actor, id).await;
        let told = async |person: &office::Person| {
            let list = workflow::notice::list_notices(&office.desk, &person.actor, 1).await.done().page;
            list.iter().filter(|told| told.kind == EventKind::PanelReminded).count()
        };
        remind(&office.chair).await.refused(Refusal::NotYours);
        remind(&office.outsider).await.refused(Refusal::Unseen);
        remind(&office.officer).await.done();
        remind(&office.officer).await.done();
        assert_eq!((told(&office.evaluator).await, told(&office.chair).await, told(&office.second).await), (1, 1, 0));
        office.wait(DAY).await;
        remind(&office.officer).await.done();
        assert_eq!(told(&office.evaluator).await, 2);
    }
}

#[tokio::test]
async fn a_balanced_assignment_gives_each_response_its_quorum_and_says_that_others_scored_it() {
    for throwaway in testing::each().await {
        let panel = fields(&[("assignment", "balanced"), ("quorum", "1")]);
        let office = scoring_with(throwaway, "moderator", panel).await;
        let (id, members) = (office.challenge, [&office.evaluator, &office.second]);
        assert!(office.evaluator.room(id).await.done().round.responses.is_empty(), "nothing is given yet");
        office.evaluator.locks(id).await.invalid("not-assigned");
        let assign = async |person: &office::Person| evaluation::assign_responses(&office.desk, &person.actor, id).await;
        assign(&office.chair).await.refused(Refusal::NotYours);
        assert_eq!(assign(&office.officer).await.done(), 2);
        assign(&office.officer).await.invalid("assignment-nothing");
        let mut of = Vec::new();
        for person in members {
            let room = person.room(id).await.done();
            assert_eq!(room.round.responses.len(), 1, "one of two each");
            of.push(room.round.responses[0].id);
        }
        assert_ne!(of[0], of[1]);
        let acme = office.acme.response(id).await;
        let (own, foreign) = if of[0] == acme { (&office.acme, &office.brook) } else { (&office.brook, &office.acme) };
        let leaf = office.officer.lists(id).await.done().terms.leaves().next().unwrap().id();
        office.evaluator.scores(id, foreign, leaf, 3, 0).await.refused(Refusal::Unseen);

        // Who leaves hands it on; what was given stays.
        let seats = evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done().seats;
        let seat = seats.iter().find(|seat| seat.name == "second").unwrap().id;
        let why = fields(&[("end_reason", "Has left.")]);
        evaluation::end_seat(&office.desk, &office.officer.actor, id, seat, &why).await.done();
        office.officer.appoints(id, &office.outsider, "evaluator").await.done();
        assign(&office.officer).await.invalid("assignment-undeclared");
        office.outsider.declares_nothing(id).await.done();
        assert_eq!(assign(&office.officer).await.done(), 1);
        for (person, supplier) in [(&office.evaluator, own), (&office.outsider, foreign)] {
            person.scores_all(id, &[(supplier, 4)]).await;
            person.locks(id).await.done();
        }
        office.chair.approves_record(id).await.done();
        assert!(office.officer.result(id).await.done().outcome.different_evaluators);
    }
}

#[tokio::test]
async fn where_each_who_could_lead_is_recused_somebody_joins_and_closes_the_record() {
    for throwaway in testing::each().await {
        let office = scoring_with(throwaway, "chair", fields(&[("quorum", "1")])).await;
        let id = office.challenge;
        let conflicts = [(&office.chair, &office.acme), (&office.evaluator, &office.brook), (&office.second, &office.brook)];
        for (person, supplier) in conflicts {
            person.declares_conflict(id, supplier).await.done();
            office.officer.settles(id, "recused").await.done();
        }
        for (person, supplier) in conflicts {
            let other = if std::ptr::eq(supplier, &office.acme) { &office.brook } else { &office.acme };
            person.scores_all(id, &[(other, 3)]).await;
            person.locks(id).await.done();
        }
        office.chair.proposes_record(id).await.done();
        office.chair.closes_record(id).await.refused(Refusal::Recused);
        let panel = evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done();
        assert!(panel.short.is_empty() && !panel.closable, "every response has its quorum, and nobody may close");
        let form = fields(&[
            ("email", &office.outsider.email),
            ("role", "evaluator"),
            ("replace_reason", "Everybody is recused from something."),
        ]);
        let told = async |person: &office::Person, kind: EventKind| {
            let list = workflow::notice::list_notices(&office.desk, &person.actor, 1).await.done().page;
            list.iter().filter(|told| told.kind == kind).count()
        };
        let begun = told(&office.chair, EventKind::ModerationBegun).await;
        assert_eq!(told(&office.chair, EventKind::PanelFilled).await, 0);
        evaluation::appoint_seat(&office.desk, &office.officer.actor, id, &form).await.done();
        // The others are told that the discussion rests, and again when it goes on.
        assert_eq!(told(&office.chair, EventKind::PanelFilled).await, 1);
        assert_eq!(told(&office.evaluator, EventKind::PanelFilled).await, 1);
        assert_eq!(told(&office.acme.person, EventKind::PanelFilled).await, 0);
        office.outsider.declares_nothing(id).await.done();
        office.outsider.scores_all(id, &[(&office.acme, 3), (&office.brook, 3)]).await;
        office.outsider.locks(id).await.done();
        assert_eq!(told(&office.chair, EventKind::ModerationBegun).await, begun + 1);
        let panel = evaluation::read_panel(&office.desk, &office.officer.actor, id).await.done();
        assert!(panel.closable);
        let seat = panel.seats.iter().find(|seat| seat.name == "outsider").unwrap().id;
        let why = fields(&[("deputy_reason", "The chair is recused.")]);
        evaluation::name_deputy(&office.desk, &office.officer.actor, id, seat, &why).await.done();
        office.outsider.approves_record(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Result);
    }
}

#[tokio::test]
async fn a_chair_who_only_moderates_declares_late_rather_than_never() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.publish(id).await;
        for (person, role) in [(&office.chair, "moderator"), (&office.evaluator, "evaluator")] {
            office.officer.appoints(id, person, role).await.done();
        }
        for supplier in [&office.acme, &office.brook] {
            supplier.takes_part(id).await;
        }
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        office.evaluator.declares_nothing(id).await.done();
        office.evaluator.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
        office.evaluator.locks(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Moderation, "nobody waits for who does not score");
        office.chair.proposes_record(id).await.refused(Refusal::Undeclared);
        office.chair.declares_nothing(id).await.done();
        office.chair.declares_nothing(id).await.refused(Refusal::Stage);
        office.chair.approves_record(id).await.done();
    }
}

#[tokio::test]
async fn whoever_gets_nothing_to_score_holds_nobody_up() {
    for throwaway in testing::each().await {
        // Two responses, one evaluator each, and three who could.
        let office = scoring_with(throwaway, "chair", fields(&[("assignment", "balanced"), ("quorum", "1")])).await;
        let id = office.challenge;
        assert_eq!(office.chair.room(id).await.done().unassigned, Some(Unassigned::Waits));
        evaluation::assign_responses(&office.desk, &office.officer.actor, id).await.done();
        let mut spare = None;
        for person in office.panel() {
            let room = person.room(id).await.done();
            let Some(response) = room.round.responses.first().map(|one| one.id) else {
                assert_eq!(room.unassigned, Some(Unassigned::Spare));
                spare = Some(person);
                continue;
            };
            assert_eq!(room.unassigned, None);
            let of = if response == office.acme.response(id).await { &office.acme } else { &office.brook };
            person.scores_all(id, &[(of, 4)]).await;
            person.locks(id).await.done();
        }
        let spare = spare.expect("three members, two responses");
        assert_eq!(office.stage(id).await, Stage::Scoring);
        spare.locks(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Moderation);
        assert_eq!(spare.moderation(id).await.done().items.len(), 4, "and discusses with the others");
        office.chair.approves_record(id).await.done();
    }
}

#[tokio::test]
async fn an_expert_from_outside_is_bound_to_an_address_and_an_undertaking_and_ends_with_the_round() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let id = office.challenge;
        let expert = office::Person::arrives(&office.desk, "expert", false).await;
        let form = fields(&[("expert_email", &expert.email), ("expert_role", "evaluator")]);
        let invite = async |person: &office::Person| evaluation::invite_expert(&office.desk, &person.actor, id, &form).await;
        invite(&office.chair).await.refused(Refusal::NotYours);
        let seat = invite(&office.officer).await.done();
        // A second press of the button.
        invite(&office.officer).await.map(drop).invalid("expert-invited");
        let undertakes = fields(&[("undertaking", "yes")]);
        let accept =
            async |person: &office::Person, form: &Fields| evaluation::accept_seat(&office.desk, &person.actor, seat, form).await;
        accept(&office.outsider, &undertakes).await.refused(Refusal::Unseen);
        let visitor = domain::organisation::Actor::Visitor;
        evaluation::read_seat_invitation(&office.desk, &visitor, seat).await.map(drop).refused(Refusal::SignIn);
        evaluation::read_seat_invitation(&office.desk, &office.outsider.actor, seat).await.map(drop).refused(Refusal::Unseen);
        assert_eq!(evaluation::read_seat_invitation(&office.desk, &expert.actor, seat).await.done().challenge, id);
        accept(&expert, &Fields::default()).await.invalid("undertaking");
        accept(&expert, &undertakes).await.done();
        accept(&expert, &undertakes).await.refused(Refusal::Unseen);

        let panel = [&office.chair, &office.evaluator, &office.second, &expert];
        for person in panel {
            person.declares_nothing(id).await.done();
            person.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
            person.locks(id).await.done();
        }
        office.chair.approves_record(id).await.done();
        assert_eq!(expert.lists(id).await.done().responses.len(), 2);
        expert.result(id).await.done();
        office.officer.recommends(id, &office.acme, &[&office.brook]).await.done();
        office.approver.approves_decision(id).await.done();
        expert.lists(id).await.refused(Refusal::RoundOver);
        expert.result(id).await.refused(Refusal::RoundOver);
        expert.moderation(id).await.refused(Refusal::RoundOver);
        expert.reads(office.acme.response(id).await).await.refused(Refusal::RoundOver);
        office.evaluator.result(id).await.done();
    }
}

#[tokio::test]
async fn an_invitation_to_a_seat_ends_after_two_weeks() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let expert = office::Person::arrives(&office.desk, "expert", false).await;
        let form = fields(&[("expert_email", &expert.email), ("expert_role", "adviser")]);
        let seat = evaluation::invite_expert(&office.desk, &office.officer.actor, office.challenge, &form).await.done();
        office.wait(14 * DAY).await;
        let undertakes = fields(&[("undertaking", "yes")]);
        evaluation::accept_seat(&office.desk, &expert.actor, seat, &undertakes).await.refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn an_invitation_is_withdrawn_before_it_is_taken_up_and_then_opens_nothing() {
    for throwaway in testing::each().await {
        let office = Office::opened(throwaway).await;
        let (id, officer) = (office.challenge, &office.officer.actor);
        let (one, other) = (
            office::Person::arrives(&office.desk, "expert", false).await,
            office::Person::arrives(&office.desk, "another", false).await,
        );
        let invite = async |who: &office::Person| {
            let form = fields(&[("expert_email", &who.email), ("expert_role", "adviser")]);
            evaluation::invite_expert(&office.desk, officer, id, &form).await.done()
        };
        let (first, second) = (invite(&one).await, invite(&other).await);
        evaluation::withdraw_expert(&office.desk, &office.chair.actor, id, first).await.refused(Refusal::NotYours);
        evaluation::withdraw_expert(&office.desk, officer, id, first).await.done();
        evaluation::withdraw_expert(&office.desk, officer, id, first).await.stale();
        evaluation::read_seat_invitation(&office.desk, &one.actor, first).await.map(drop).refused(Refusal::Unseen);
        let undertakes = fields(&[("undertaking", "yes")]);
        evaluation::accept_seat(&office.desk, &one.actor, first, &undertakes).await.refused(Refusal::Unseen);
        evaluation::accept_seat(&office.desk, &other.actor, second, &undertakes).await.done();
        evaluation::withdraw_expert(&office.desk, officer, id, second).await.refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn what_was_agreed_with_a_member_who_is_recused_since_is_agreed_anew_before_the_record_is_closed() {
    for throwaway in testing::each().await {
        let (office, leaves) = moderation(throwaway, "chair").await;
        let id = office.challenge;
        agree_on_all(&office, &leaves).await;
        office.chair.proposes_record(id).await.done();
        assert_eq!(office.chair.moderation(id).await.done().progress(), (4, 4));
        office.evaluator.declares_conflict(id, &office.acme).await.done();
        office.officer.settles(id, "recused").await.done();

        // Of the response concerned alone; the chair is told who left, the recused member finds nothing of it.
        let found = office.chair.moderation(id).await.done();
        let (items, names) = found.anew();
        let acme = office.acme.response(id).await;
        assert_eq!((items.len(), names), (2, vec!["evaluator"]));
        assert!(items.iter().all(|item| item.response == acme));
        assert_eq!(found.progress(), (2, 4));
        assert!(office.evaluator.moderation(id).await.done().anew().0.is_empty());
        office.chair.proposes_record(id).await.invalid("agreed-anew");
        office.chair.closes_without(id).await.invalid("agreed-anew");

        // By those who remain, whether or not the points are the same; what was agreed before stays in the file.
        office.chair.agrees(id, &office.acme, leaves[0], 3, 1).await.done();
        office.chair.closes_without(id).await.invalid("agreed-anew");
        office.chair.agrees(id, &office.acme, leaves[1], 2, 1).await.done();
        let found = office.chair.moderation(id).await.done();
        assert_eq!((found.anew().0.len(), found.progress()), (0, (4, 4)));
        assert_eq!(found.item(acme, leaves[0]).unwrap().agreed.len(), 2);
        office.chair.proposes_record(id).await.done();
    }
}

#[tokio::test]
async fn a_member_who_has_not_declared_is_told_so_where_the_panel_discusses() {
    for throwaway in testing::each().await {
        let office = Office::with_draft(throwaway).await;
        let id = office.challenge;
        office.publish(id).await;
        for (person, role) in [(&office.chair, "moderator"), (&office.evaluator, "evaluator"), (&office.second, "observer")] {
            office.officer.appoints(id, person, role).await.done();
        }
        for supplier in [&office.acme, &office.brook] {
            supplier.takes_part(id).await;
        }
        office.pass_deadline().await;
        office.officer.opens(id).await.done();
        office.chair.moderation(id).await.map(drop).refused(Refusal::NotYours);
        office.evaluator.declares_nothing(id).await.done();
        office.evaluator.scores_all(id, &[(&office.acme, 4), (&office.brook, 3)]).await;
        office.evaluator.locks(id).await.done();
        office.chair.moderation(id).await.map(drop).refused(Refusal::Undeclared);
        office.second.moderation(id).await.map(drop).refused(Refusal::NotYours);
        office.chair.declares_nothing(id).await.done();
        office.chair.moderation(id).await.done();
    }
}
