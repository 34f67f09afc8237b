//! Over two rounds: the cut, who learns of it, further questions, a panel of its own, carried points, the award.

mod office;

use domain::challenge::{Section, Stage};
use domain::form::Fields;
use domain::ids::{ChallengeId, to_text};
use domain::notice::EventKind;
use domain::organisation::Actor;
use domain::policy::Refusal;
use office::{Office, Person, Supplier, Told, fields};
use store::testing;
use workflow::{award, challenge, evaluation, interview, notice, response, rounds};

/// Its interview is planned in thirty days, with so many places; the first round counts for 30 of 100.
async fn with_interview(throwaway: testing::Throwaway, places: &str) -> Office {
    let office = Office::with_draft(throwaway).await;
    let (id, day) = (office.challenge, office.day(30));
    let planned = [
        ("round-1-kind", "interview"),
        ("round-1-places", places),
        ("round-1-date", day.as_str()),
        ("round-1-questions", "What went wrong so far?"),
        ("round-1-criteria", "Effect in use 42\nPeople 28"),
        ("round-1-carried", "Written answers 30"),
    ];
    challenge::save_section(&office.desk, &office.officer.actor, id, Section::Rounds, fields(&planned), 0).await.done();
    office.publish(id).await;
    office
}

/// The panel of the newest round: appointed, declared, scored, locked, recorded.
async fn scored(office: &Office, panel: &[&Person], points: &[(&Supplier, u8)]) {
    let id = office.challenge;
    office.officer.opens(id).await.done();
    for person in panel {
        person.declares_nothing(id).await.done();
        person.scores_all(id, points).await;
        person.locks(id).await.done();
    }
    panel[0].approves_record(id).await.done();
}

/// Three have answered at one price; scored as given.
async fn first_round(throwaway: testing::Throwaway, points: [u8; 3]) -> (Office, Supplier) {
    let office = with_interview(throwaway, "2").await;
    let id = office.challenge;
    let cedar = Supplier::arrives(&office.desk, "Cedar").await;
    for (person, role) in [(&office.chair, "chair"), (&office.evaluator, "evaluator")] {
        office.officer.appoints(id, person, role).await.done();
    }
    for supplier in [&office.acme, &office.brook, &cedar] {
        supplier.answers(id, "90000").await.done();
        supplier.submits(id).await.done();
    }
    office.pass_deadline().await;
    let points = [(&office.acme, points[0]), (&office.brook, points[1]), (&cedar, points[2])];
    scored(&office, &[&office.chair, &office.evaluator], &points).await;
    (office, cedar)
}

async fn cut_form(office: &Office, cedar: &Supplier) -> Fields {
    let mut form = fields(&[
        ("kind", "shortlist"),
        ("reason", "As published."),
        ("round_date", &office.day(25)),
        ("invitation", "In the town hall, room 2."),
    ]);
    for supplier in [&office.acme, &office.brook, cedar] {
        form.set(format!("reason-{}", supplier.response(office.challenge).await), format!("What we say to {}.", supplier.name));
    }
    form
}

async fn recommends(office: &Office, form: &Fields) -> Result<(), workflow::Error> {
    let mut form = form.clone();
    form.set("seen", office.officer.mark(office.challenge).await);
    award::recommend_decision(&office.desk, &office.officer.actor, office.challenge, &form).await
}

async fn second_round(throwaway: testing::Throwaway) -> (Office, Supplier) {
    let (office, cedar) = first_round(throwaway, [4, 3, 1]).await;
    recommends(&office, &cut_form(&office, &cedar).await).await.done();
    office.approver.approves_decision(office.challenge).await.done();
    (office, cedar)
}

fn shown(view: &evaluation::ResultView) -> Vec<String> {
    view.outcome.standings.iter().filter_map(|one| Some(one.total.as_ref()?.display2())).collect()
}

#[tokio::test]
async fn from_publication_to_the_award_over_two_rounds() {
    for throwaway in testing::each().await {
        let (office, cedar) = second_round(throwaway).await;
        let id = office.challenge;
        assert_eq!(office.stage(id).await, Stage::Open);
        assert_eq!(
            shown(&evaluation::read_result_of(&office.desk, &office.officer.actor, id, Some(1)).await.done()),
            ["86.00", "72.00", "14.00"]
        );
        // What the first round was decided on stays to be read while the second one runs: other weights, and the record.
        let (desk, officer) = (&office.desk, &office.officer.actor);
        assert_eq!(shown(&evaluation::what_if(desk, officer, id, Some(1)).await.done()), ["86.00", "72.00", "14.00"]);
        evaluation::what_if(desk, officer, id, None).await.map(drop).refused(Refusal::Stage);
        evaluation::what_if(desk, &office.acme.person.actor, id, Some(1)).await.map(drop).refused(Refusal::Unseen);
        evaluation::what_if(desk, officer, id, Some(3)).await.map(drop).refused(Refusal::Unseen);
        let first = evaluation::read_moderation_of(desk, officer, id, Some(1)).await.done();
        assert!(first.record.is_some() && !first.approved.is_empty() && !first.items.is_empty());

        // Those who go on answer further questions, sealed as before.
        let own = office.acme.own(id).await.done();
        let invited = own.invited.as_ref().expect("an invitation");
        assert_eq!((invited.number, invited.of, invited.text.as_str()), (2, 2, "In the town hall, room 2."));
        assert_eq!(own.terms.questions.len(), 1);
        assert!(!own.facts.submitted, "what was sent in the first round is not this round's");
        for supplier in [&office.acme, &office.brook] {
            supplier.answers(id, "").await.done();
            supplier.submits(id).await.done();
        }
        assert!(office.acme.own(id).await.done().facts.submitted);
        let sealed = response::list_opened_responses(&office.desk, &office.officer.actor, id).await;
        sealed.refused(Refusal::Sealed);

        // A panel of its own: the first round's has no place in it.
        office.chair.declares_nothing(id).await.refused(Refusal::Unseen);
        for (person, role) in [(&office.second, "chair"), (&office.evaluator, "evaluator")] {
            office.officer.appoints(id, person, role).await.done();
        }
        office.officer.opens(id).await.refused(Refusal::Sealed);
        office.wait_until(own.terms.deadline.plus(domain::moment::HOUR)).await;
        assert_eq!(office.stage(id).await, Stage::Closed);
        scored(&office, &[&office.second, &office.evaluator], &[(&office.acme, 3), (&office.brook, 5)]).await;

        // 3/5 of 70 and 30% of 86 against all of 70 and 30% of 72.
        let result = office.officer.result(id).await.done();
        assert_eq!(shown(&result), ["91.60", "67.80"]);
        assert_eq!(result.outcome.standings[0].response, office.brook.response(id).await.get());
        assert!(result.cut().is_none(), "the last round ends in an award");
        recommends(&office, &cut_form(&office, &cedar).await).await.invalid("choose");
        office.officer.recommends(id, &office.brook, &[&office.acme]).await.done();
        office.approver.approves_decision(id).await.done();
        assert_eq!(office.stage(id).await, Stage::Decided);

        // Each reads the letter of each of its rounds, and the public who was awarded.
        assert_eq!(office.acme.letter(id).await.done().line.outcome, "unsuccessful");
        let (desk, actor) = (&office.desk, &office.acme.person.actor);
        let first = award::read_letter_of(desk, actor, office.acme.response(id).await, Some(1)).await.done();
        assert_eq!(first.line.outcome, "invited");
        let public = award::read_decision(desk, &Actor::Visitor, id).await.done();
        assert_eq!(public.lines.iter().map(|line| line.supplier_name.as_str()).collect::<Vec<_>>(), ["Brook"]);
        award::read_decision_of(desk, &Actor::Visitor, id, Some(1)).await.refused(Refusal::Unseen);
        assert_eq!(office.desk.store.verify_record().await.unwrap().1, None);
    }
}

#[tokio::test]
async fn who_is_out_has_a_letter_and_no_part_in_the_next_round() {
    for throwaway in testing::each().await {
        let (office, cedar) = second_round(throwaway).await;
        let id = office.challenge;
        let own = cedar.own(id).await.done();
        assert_eq!(own.facts.challenge.stage(), Stage::Decided);
        assert!(own.invited.is_none() && own.facts.submitted);
        let letter = cedar.letter(id).await.done();
        assert_eq!((letter.line.outcome.as_str(), letter.line.reason.as_str()), ("unsuccessful", "What we say to Cedar."));
        assert!(letter.awarded.is_empty(), "who goes on is told to nobody else");
        assert_eq!(letter.result.outcome.standings[0].total.as_ref().unwrap().display2(), "14.00");
        cedar.saves(id, &fields(&[("x", "y")])).await.refused(Refusal::Late);
        cedar.submits(id).await.refused(Refusal::Late);
        let (desk, actor, response) = (&office.desk, &cedar.person.actor, cedar.response(id).await);
        for round in [0, 2, 3, -1] {
            award::read_letter_of(desk, actor, response, Some(round)).await.refused(Refusal::Unseen);
        }
        // Its first answers stay to be read by the team; in the second round it does not exist.
        office.officer.reads(response).await.done();
        let listed = response::list_own_responses(desk, actor).await.unwrap();
        assert_eq!(listed[0].stage, Stage::Decided);
        let invited = response::list_own_responses(desk, &office.acme.person.actor).await.unwrap();
        assert_eq!((invited[0].stage, invited[0].letter, invited[0].submitted_at), (Stage::Open, true, None));
        assert_ne!(Some(invited[0].deadline), invited[0].challenge.deadline, "of its own round, not of the first");
    }
}

#[tokio::test]
async fn to_everybody_else_a_later_round_is_what_was_planned_of_it() {
    for throwaway in testing::each().await {
        let (office, _) = second_round(throwaway).await;
        let id = office.challenge;
        let stranger = Supplier::arrives(&office.desk, "Dune").await;
        stranger.starts(id).await.refused(Refusal::Late);
        stranger.asks(id, "May we join?").await.refused(Refusal::Stage);
        let public = [&Actor::Visitor, &office.outsider.actor, &stranger.person.actor];
        for actor in public {
            let found = challenge::read_challenge(&office.desk, actor, id).await.done();
            assert_eq!(found.facts.stage(), Stage::Closed);
            assert_eq!(found.facts.standing.deadline, Some(office.deadline().await), "the first round's");
            award::read_decision_of(&office.desk, actor, id, Some(1)).await.refused(Refusal::Unseen);
            award::read_decision(&office.desk, actor, id).await.refused(Refusal::Unseen);
            rounds::read_rounds(&office.desk, actor, id).await.refused(Refusal::Unseen);
            evaluation::read_result_of(&office.desk, actor, id, Some(1)).await.refused(Refusal::Unseen);
        }
        let found = rounds::read_rounds(&office.desk, &office.officer.actor, id).await.done();
        let names: Vec<&str> = found.begun[1].invited.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Acme", "Brook"]);
        rounds::read_rounds(&office.desk, &office.brook.person.actor, id).await.refused(Refusal::Unseen);
        // What was published stands while a later round runs.
        office.officer.begins_amendment(id).await.refused(Refusal::Stage);
        office.officer.asks_reopening(id, &[]).await.refused(Refusal::Opened);
    }
}

#[tokio::test]
async fn withdrawing_from_a_round_leaves_what_was_sent_before() {
    for throwaway in testing::each().await {
        let (office, _) = second_round(throwaway).await;
        let id = office.challenge;
        office.brook.withdraws(id).await.refused(Refusal::NothingSubmitted);
        office.brook.answers(id, "").await.done();
        office.brook.submits(id).await.done();
        office.brook.withdraws(id).await.done();
        assert!(!office.brook.own(id).await.done().facts.submitted);
        let first = response::list_opened_responses_of(&office.desk, &office.officer.actor, id, Some(1)).await.done();
        assert_eq!(first.responses.len(), 3, "its first answers stand");
        office.brook.submits(id).await.done();
        assert!(office.brook.own(id).await.done().facts.submitted);
    }
}

/// The rank that three or two share: asked by one, drawn by another.
async fn draws(office: &Office, id: ChallengeId, rank: &str) {
    evaluation::ask_lots(&office.desk, &office.officer.actor, id, &fields(&[("rank", rank)])).await.done();
    let asked = office.officer.result(id).await.done();
    let ask = fields(&[("ask", &to_text(asked.lots[0].ask))]);
    evaluation::draw_lots(&office.desk, &office.approver.actor, id, &ask).await.done();
}

#[tokio::test]
async fn a_cut_is_nobody_s_choice() {
    for throwaway in testing::each().await {
        // The second place is shared: one of two goes on, by lots alone.
        let (office, cedar) = first_round(throwaway, [4, 3, 3]).await;
        let id = office.challenge;
        let mut form = cut_form(&office, &cedar).await;
        recommends(&office, &form).await.invalid("cut-lots");
        draws(&office, id, "2").await;
        form.set("kind", "award");
        recommends(&office, &form).await.invalid("choose");
        form.set("kind", "shortlist");
        form.set("round_date", office.day(5));
        recommends(&office, &form).await.invalid("round-early");
        form.set("round_date", office.day(-5));
        recommends(&office, &form).await.invalid("round-past");
        form.set("round_date", office.day(25));
        // What is posted of an outcome is not read.
        form.set(format!("outcome-{}", office.acme.response(id).await), "unsuccessful");
        recommends(&office, &form).await.done();

        let result = office.officer.result(id).await.done();
        let (_, cut) = result.cut().expect("a cut");
        let decision = award::read_decision(&office.desk, &office.officer.actor, id).await.done();
        let mut invited: Vec<i64> =
            decision.lines.iter().filter(|line| line.outcome == "invited").map(|line| line.response).collect();
        let mut inside = cut.inside.clone();
        invited.sort_unstable();
        inside.sort_unstable();
        assert_eq!((invited.len(), &invited), (2, &inside));
        assert!(invited.contains(&office.acme.response(id).await.get()));

        // An approver who comes too late sends it back: the round cannot begin after its own end.
        office.wait(domain::moment::DAY * 40).await;
        office.approver.approves_decision(id).await.invalid("round-past");
        office.approver.sends_back_decision(id).await.done();
    }
}

/// Three times from nine on, ten days from now.
fn times(office: &Office) -> Fields {
    fields(&[
        ("date", &office.day(30)),
        ("time", "09:00"),
        ("minutes", "45"),
        ("count", "3"),
        ("pause", "15"),
        ("place", "Town hall, room 2"),
    ])
}

async fn takes(supplier: &Supplier, id: ChallengeId, slot: i64) -> Result<(), workflow::Error> {
    let form = fields(&[("slot", &to_text(slot))]);
    interview::book_slot(&supplier.person.desk, &supplier.person.actor, supplier.response(id).await, &form).await
}

async fn free(supplier: &Supplier, id: ChallengeId) -> interview::OwnInterview {
    interview::read_own_interview(&supplier.person.desk, &supplier.person.actor, supplier.response(id).await).await.done()
}

#[tokio::test]
async fn an_interview_is_given_to_one_alone_and_changed_until_its_time() {
    for throwaway in testing::each().await {
        let (office, cedar) = second_round(throwaway).await;
        let (id, desk) = (office.challenge, office.desk.clone());
        let offer = async |person: &Person, form: &Fields| interview::offer_slots(&desk, &person.actor, id, form).await;
        offer(&office.approver, &times(&office)).await.refused(Refusal::NotYours);
        offer(&office.outsider, &times(&office)).await.refused(Refusal::Unseen);
        for (field, text, code) in [
            ("date", office.day(-1), "slot-past"),
            ("date", office.day(20), "slot-before-answers"),
            ("minutes", String::new(), "whole-between"),
            ("count", "31".into(), "whole-between"),
            ("place", String::new(), "empty"),
            ("until_date", office.day(-1), "slot-until-past"),
            ("until_date", office.day(32), "slot-until-late"),
        ] {
            let mut form = times(&office);
            form.set(field, text);
            offer(&office.officer, &form).await.invalid(code);
        }
        offer(&office.officer, &times(&office)).await.done();
        offer(&office.officer, &times(&office)).await.invalid("slot-overlaps");

        let slots: Vec<i64> = free(&office.acme, id).await.free.iter().map(|row| row.id).collect();
        assert_eq!(slots.len(), 3);
        takes(&office.acme, id, slots[0]).await.done();
        takes(&office.brook, id, slots[0]).await.stale();
        // What another has is nowhere on the page of those who choose.
        let brook = free(&office.brook, id).await;
        assert!(brook.held.is_none() && brook.free.iter().all(|row| row.id != slots[0] && row.supplier_name.is_none()));
        takes(&office.brook, id, slots[1]).await.done();
        // Changed: the first one is free again, the other one taken, and at no moment both.
        takes(&office.acme, id, slots[1]).await.stale();
        assert_eq!(
            free(&office.acme, id).await.held.expect("its time").id,
            slots[0],
            "nothing is lost where another was quicker"
        );
        takes(&office.acme, id, slots[2]).await.done();
        takes(&office.brook, id, slots[0]).await.done();
        takes(&office.brook, id, 77).await.refused(Refusal::Unseen);
        takes(&cedar, id, slots[1]).await.refused(Refusal::Stage);
        interview::read_own_interview(&desk, &cedar.person.actor, cedar.response(id).await).await.refused(Refusal::Unseen);
        interview::read_interviews(&desk, &office.brook.person.actor, id).await.refused(Refusal::Unseen);

        let team = interview::read_interviews(&desk, &office.officer.actor, id).await.done();
        let who: Vec<Option<&str>> = team.slots.iter().map(|row| row.supplier_name.as_deref()).collect();
        assert_eq!(who, [Some("Brook"), None, Some("Acme")]);
        // Withdrawn: its supplier has none, is told, and takes another.
        let silent = fields(&[("slot", &to_text(slots[0]))]);
        interview::withdraw_slot(&desk, &office.officer.actor, id, &silent).await.invalid("empty");
        assert!(free(&office.brook, id).await.held.is_some(), "nobody loses a time without a reason");
        let withdrawn = fields(&[("slot", &to_text(slots[0])), ("reason", "The hall is flooded.")]);
        interview::withdraw_slot(&desk, &office.officer.actor, id, &withdrawn).await.done();
        interview::withdraw_slot(&desk, &office.officer.actor, id, &withdrawn).await.stale();
        let own = free(&office.brook, id).await;
        assert!(own.held.is_none());
        // Both its times are cancelled in its calendar; what Acme did with the first one counts nothing in it.
        let sequences: Vec<(i64, i64)> = own.taken.iter().map(|row| (row.id, row.sequence())).collect();
        assert_eq!(sequences, [(slots[0], 2), (slots[1], 2)]);
        assert_eq!(own.taken[0].withdrawn_reason, "The hall is flooded.");
        let team = interview::read_interviews(&desk, &office.officer.actor, id).await.done();
        assert_eq!(team.without, ["Brook"]);
        takes(&office.brook, id, slots[1]).await.done();

        // Reminded a day before, both sides once; and nothing changes in the last day.
        let starts = domain::moment::Moment(free(&office.acme, id).await.held.unwrap().starts_at);
        office.wait_until(starts.plus(-domain::moment::DAY + 1)).await;
        assert!(notice::tell_due(&desk).await.unwrap() >= 4, "two suppliers and the officer, of each interview");
        assert_eq!(notice::tell_due(&desk).await.unwrap(), 0);
        takes(&office.acme, id, slots[1]).await.refused(Refusal::Late);
        assert!(!free(&office.acme, id).await.open);
    }
}

#[tokio::test]
async fn who_is_invited_and_has_not_answered_is_reminded_and_nobody_else() {
    for throwaway in testing::each().await {
        let (office, _) = second_round(throwaway).await;
        let id = office.challenge;
        office.acme.answers(id, "").await.done();
        office.acme.submits(id).await.done();
        let deadline = office.brook.own(id).await.done().terms.deadline;
        notice::tell_due(&office.desk).await.unwrap();
        office.wait_until(deadline.plus(-2 * domain::moment::HOUR)).await;
        assert_eq!(notice::tell_due(&office.desk).await.unwrap(), 1, "Brook's owner, and not a follower, nor who is out");
        assert_eq!(notice::tell_due(&office.desk).await.unwrap(), 0);
    }
}

/// What was submitted in the first round says nothing of the second: its draft is compared with what stands in it.
#[tokio::test]
async fn who_goes_on_writing_in_a_later_round_is_told_what_of_it_is_not_submitted() {
    for throwaway in testing::each().await {
        let (office, _) = second_round(throwaway).await;
        let id = office.challenge;
        let differs = async || {
            let own = office.acme.own(id).await.done();
            response::read_unsent(&office.desk, &own).await.done().map(|found| found.len())
        };
        office.acme.answers(id, "").await.done();
        assert_eq!(differs().await, None, "nothing stands in this round");
        for supplier in [&office.acme, &office.brook] {
            supplier.answers(id, "").await.done();
            supplier.submits(id).await.done();
        }
        assert_eq!(differs().await, Some(0));
        let deadline = office.acme.own(id).await.done().terms.deadline;
        notice::tell_due(&office.desk).await.unwrap();
        office.wait_until(deadline.plus(-24 * domain::moment::HOUR)).await;
        assert_eq!(notice::tell_due(&office.desk).await.unwrap(), 0, "nothing is owed");
        office.acme.answers_with(id, "Better", "").await.done();
        assert_eq!(differs().await, Some(1));
        office.wait_until(deadline.plus(-2 * domain::moment::HOUR)).await;
        assert_eq!(notice::tell_due(&office.desk).await.unwrap(), 1);
        assert_eq!(notice::tell_due(&office.desk).await.unwrap(), 0, "once");
        let newest = notice::list_notices(&office.desk, &office.acme.person.actor, 1).await.done().page.remove(0);
        assert_eq!((newest.kind, newest.words.n), (EventKind::DeadlineNear, Some(3)));
        // The mail looks once more when it leaves.
        let reminders = async || {
            let claim =
                office.desk.store.write(|tx| Box::pin(async move { Ok::<_, workflow::Error>(tx.claim_mail(1_000).await?) }));
            let mut found = 0;
            for mail in claim.await.unwrap() {
                let near = |told: &notice::Told| told.kind == EventKind::DeadlineNear;
                found += usize::from(
                    matches!(notice::compose(&office.desk, &mail).await.done(), notice::Post::Event { told, .. } if near(&told)),
                );
            }
            found
        };
        assert_eq!(reminders().await, 1);
        office.acme.answers_with(id, "Better still", "").await.done();
        office.wait_until(deadline.plus(-domain::moment::HOUR)).await;
        office.acme.submits(id).await.done();
        assert_eq!(differs().await, Some(0));
    }
}

async fn told(office: &Office, person: &Person, kind: EventKind) -> usize {
    let list = notice::list_notices(&office.desk, &person.actor, 1).await.done().page;
    list.iter().filter(|told| told.kind == kind).count()
}

#[tokio::test]
async fn the_deadline_of_a_later_round_moves_later_for_all_who_were_invited_and_nobody_else_learns_of_it() {
    for throwaway in testing::each().await {
        let (office, cedar) = second_round(throwaway).await;
        let (id, desk) = (office.challenge, office.desk.clone());
        let before = office.acme.own(id).await.done().terms.deadline;
        let public = office.deadline().await;
        let later = before.plus(5 * domain::moment::DAY);
        let propose = async |person: &Person, at: domain::moment::Moment, reason: &str| {
            let (date, time) = domain::moment::local_fields(at, "UTC");
            let form = fields(&[("deadline_date", &date), ("deadline_time", &time), ("reason", reason)]);
            rounds::extend_round(&desk, &person.actor, id, &form).await
        };
        let why = "The site can be visited only next week.";
        for person in [&office.acme.person, &cedar.person, &office.outsider, &office.chair] {
            propose(person, later, why).await.map(drop).refused(Refusal::Unseen);
        }
        propose(&office.approver, later, why).await.map(drop).refused(Refusal::NotYours);
        propose(&office.officer, before, why).await.map(drop).invalid("deadline-earlier");
        propose(&office.officer, before.plus(-domain::moment::DAY), why).await.map(drop).invalid("deadline-earlier");
        propose(&office.officer, later, "").await.map(drop).invalid("empty");
        let first = propose(&office.officer, later, why).await.done();
        propose(&office.officer, later, why).await.map(drop).invalid("round-extension-waits");
        assert_eq!(office.acme.own(id).await.done().terms.deadline, before, "proposed is not approved");

        let approve = async |person: &Person, of| rounds::approve_round_extension(&desk, &person.actor, id, of).await;
        approve(&office.officer, first).await.refused(Refusal::NotYours);
        approve(&office.outsider, first).await.refused(Refusal::Unseen);
        rounds::decline_round_extension(&desk, &office.officer.actor, id, first).await.done();
        approve(&office.approver, first).await.stale();
        let second = propose(&office.officer, later, why).await.done();
        // What waits is its approver's to do, by the deadline that holds until then.
        let waits = async |person: &Person| rounds::waiting_extension(&desk, &person.actor, id).await.done();
        assert_eq!((waits(&office.approver).await, waits(&office.officer).await), (Some(before), None));
        approve(&office.approver, second).await.done();
        assert_eq!(waits(&office.approver).await, None);
        approve(&office.approver, second).await.stale();
        for supplier in [&office.acme, &office.brook] {
            let own = supplier.own(id).await.done();
            assert_eq!(own.terms.deadline, later);
            assert_eq!(own.invited.unwrap().moved, Some((before, why.to_owned())));
            assert_eq!(told(&office, &supplier.person, EventKind::RoundExtended).await, 1);
        }
        for person in [&cedar.person, &office.outsider, &office.chair] {
            assert_eq!(told(&office, person, EventKind::RoundExtended).await, 0);
        }
        assert_eq!(office.deadline().await, public, "what everybody reads stands");
        assert_eq!(office.recorded("approve_round_extension", "done").await, 1);

        // What somebody who holds the database makes of it, however much fits together, is found.
        let rows = async || office.desk.store.verify_rows().await.unwrap();
        assert_eq!(rows().await, []);
        let by = |table: &str, column: &str, more: i64| format!("update {table} set {column} = {column} + {more}");
        let round = "round set deadline = deadline";
        for (there, back) in [
            (vec![format!("update {round} - 5 where number = 2")], vec![format!("update {round} + 5 where number = 2")]),
            (
                vec![by("round_extension", "deadline", -5), format!("update {round} - 5 where number = 2")],
                vec![by("round_extension", "deadline", 5), format!("update {round} + 5 where number = 2")],
            ),
            (
                vec![by("decision_round", "deadline", -5), by("round_extension", "deadline_before", -5)],
                vec![by("decision_round", "deadline", 5), by("round_extension", "deadline_before", 5)],
            ),
            (
                vec![
                    "create table taken as select * from round_extension_end".into(),
                    "delete from round_extension_end".into(),
                    format!("update {round} - {} where number = 2", later.micros() - before.micros()),
                ],
                vec![
                    "insert into round_extension_end select * from taken".into(),
                    format!("update {round} + {} where number = 2", later.micros() - before.micros()),
                ],
            ),
        ] {
            for change in &there {
                office.throwaway.tamper(change).await;
            }
            assert!(matches!(rows().await[..], [domain::audit::Differs::Deadline(_)]), "{there:?}: {:?}", rows().await);
            for change in &back {
                office.throwaway.tamper(change).await;
            }
            assert_eq!(rows().await, [], "{back:?}");
        }

        // What comes in the time that was given is in time; after it nothing moves any more.
        office.wait_until(before.plus(domain::moment::HOUR)).await;
        office.acme.answers(id, "").await.done();
        office.acme.submits(id).await.done();
        office.wait_until(later).await;
        office.acme.submits(id).await.refused(Refusal::Late);
        propose(&office.officer, later.plus(domain::moment::DAY), why).await.map(drop).refused(Refusal::Stage);
        assert_eq!(office.desk.store.verify_record().await.unwrap().1, None);
    }
}

/// Acme and Brook answer, `also` does what a test needs before each submits, and the one place of the second round is Acme's.
async fn one_goes_on(throwaway: testing::Throwaway, also: impl AsyncFn(&Office, &Supplier)) -> Office {
    let office = with_interview(throwaway, "1").await;
    let id = office.challenge;
    office.officer.appoints(id, &office.chair, "chair").await.done();
    for supplier in [&office.acme, &office.brook] {
        supplier.answers(id, "90000").await.done();
        also(&office, supplier).await;
        supplier.submits(id).await.done();
    }
    office.pass_deadline().await;
    scored(&office, &[&office.chair], &[(&office.acme, 4), (&office.brook, 3)]).await;
    let mut form = fields(&[("kind", "shortlist"), ("reason", "As published."), ("round_date", &office.day(25))]);
    for supplier in [&office.acme, &office.brook] {
        form.set(format!("reason-{}", supplier.response(id).await), "As it is.");
    }
    recommends(&office, &form).await.done();
    office.approver.approves_decision(id).await.done();
    office
}

#[tokio::test]
async fn whoever_was_named_in_the_first_round_is_in_the_list_of_the_second() {
    for throwaway in testing::each().await {
        let office = one_goes_on(throwaway, async |office, supplier| {
            let partner = if supplier.name == office.acme.name { "Alder" } else { "Birch" };
            let typed = fields(&[("partner-1-name", partner), ("partner-1-work", "Sensors"), ("partner-1-people", "Cy Cole")]);
            let own = supplier.response(office.challenge).await;
            response::save_partners(&office.desk, &supplier.person.actor, own, &typed).await.done();
        })
        .await;
        let id = office.challenge;
        office.acme.answers(id, "").await.done();
        office.acme.submits(id).await.done();
        office.officer.appoints(id, &office.second, "chair").await.done();
        office.wait_until(office.acme.own(id).await.done().terms.deadline.plus(domain::moment::HOUR)).await;
        office.officer.opens(id).await.done();
        let panel = evaluation::read_panel(&office.desk, &office.second.actor, id).await.done();
        let names: Vec<&str> = panel.parties.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Acme", "Alder", "Cy Cole"], "and not those of who is out");
        let key = panel.parties.iter().find(|(_, name)| name == "Alder").unwrap().0;
        let mut declared = fields(&[("conflict", "yes"), ("undertaking", "on"), ("statement", "My sister's firm.")]);
        declared.set(format!("party-{}", to_text(key)), "on");
        evaluation::declare_interest(&office.desk, &office.second.actor, id, &declared).await.done();
        office.officer.settles(id, "recused").await.done();
        office.second.reads(office.acme.response(id).await).await.refused(Refusal::Unseen);
    }
}

#[tokio::test]
async fn the_keys_of_every_round_end_not_of_the_newest_alone() {
    for throwaway in testing::each().await {
        // Superseded in the first round.
        let office = one_goes_on(throwaway, async |office, supplier| {
            if supplier.name == office.acme.name {
                supplier.submits(office.challenge).await.done();
            }
        })
        .await;
        let id = office.challenge;
        office.officer.cancels(id).await.done();
        office.wait(364 * domain::moment::DAY).await;
        assert_eq!(workflow::retention::destroy_due_keys(&office.desk).await.done(), 0);
        office.wait(3 * domain::moment::DAY).await;
        assert_eq!(workflow::retention::destroy_due_keys(&office.desk).await.done(), 1);
        assert_eq!(workflow::retention::destroy_due_keys(&office.desk).await.done(), 0, "once");
        let (zeros, all) = ("00".repeat(72), office.throwaway.every_value().await);
        let ended = |table: &str| all.iter().filter(|row| row.starts_with(&format!("{table}|")) && row.contains(&zeros)).count();
        assert_eq!(ended("envelope"), 1, "what was superseded in the first round");
        assert_eq!(ended("round"), 1, "the second round, which was never opened");
        let first = response::list_opened_responses_of(&office.desk, &office.officer.actor, id, Some(1)).await.done();
        assert_eq!(first.responses.len(), 2, "what was opened stays");
    }
}
