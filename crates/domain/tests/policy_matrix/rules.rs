//! The rules that matter most, each by name, asked of everybody at every stage where that is the point.

use domain::challenge::{Method, Stage, TeamRole};
use domain::moment::Moment;
use domain::organisation::Role;
use domain::policy::{self, Brand, Candidate, ChallengeFacts, Decision, Refusal, SeatRole, SeatStanding, Verb};

use crate::roles::{self, Column, NOW, OTHER_SEAT, Person, buyer, columns, everybody, facts, response, seat};

fn why<V: Verb>(decision: Decision<V>) -> Option<Refusal> {
    decision.err().map(|refused| refused.why)
}

fn column(stage: Stage) -> Column {
    columns().into_iter().find(|column| column.stage == stage).expect("a column for each stage")
}

fn each(mut look: impl FnMut(&Person, &Column, &ChallengeFacts)) {
    for person in everybody() {
        for column in columns() {
            look(&person, &column, &facts(&person, &column));
        }
    }
}

/// Each thing that can be asked of a challenge by its id.
fn asked(person: &Person, facts: &ChallengeFacts) -> Vec<(&'static str, Option<Refusal>)> {
    let actor = &person.actor;
    vec![
        ("edit_challenge", why(policy::edit_challenge(actor, facts))),
        ("name_team", why(policy::name_team(actor, facts))),
        ("submit_for_review", why(policy::submit_for_review(actor, facts))),
        ("send_back_challenge", why(policy::send_back_challenge(actor, facts))),
        ("approve_challenge", why(policy::approve_challenge(actor, facts))),
        ("name_approval", why(policy::name_approval(actor, facts))),
        ("take_back_challenge", why(policy::take_back_challenge(actor, facts))),
        ("reschedule_challenge", why(policy::reschedule_challenge(actor, facts))),
        ("record_official_notice", why(policy::record_official_notice(actor, facts))),
        ("cancel_challenge", why(policy::cancel_challenge(actor, facts))),
        ("read_challenge", why(policy::read_challenge(actor, facts))),
        ("read_draft", why(policy::read_draft(actor, facts))),
        ("follow_challenge", why(policy::follow_challenge(actor, facts))),
        ("open_sounding", why(policy::open_sounding(actor, facts, false))),
        ("invite_reader", why(policy::invite_reader(actor, facts))),
        ("revoke_reader", why(policy::revoke_reader(actor, facts))),
        ("settle_comment", why(policy::settle_comment(actor, facts))),
        ("attach_file", why(policy::attach_file(actor, facts))),
        ("remove_file", why(policy::remove_file(actor, facts))),
        ("read_file", why(policy::read_file(actor, facts, false))),
        ("start_response", why(policy::start_response(actor, facts))),
        ("ask_opening", why(policy::ask_opening(actor, facts, false))),
        ("open_responses", why(policy::open_responses(actor, facts, false))),
        ("read_opening", why(policy::read_opening(actor, facts))),
        ("list_opened_responses", why(policy::list_opened_responses(actor, facts))),
        ("appoint_seat", why(policy::appoint_seat(actor, facts, Candidate::default()))),
        ("end_seat", why(policy::end_seat(actor, facts, OTHER_SEAT, false))),
        ("name_deputy", why(policy::name_deputy(actor, facts, OTHER_SEAT))),
        ("assign_responses", why(policy::assign_responses(actor, facts))),
        ("withdraw_expert", why(policy::withdraw_expert(actor, facts, true))),
        ("invite_expert", why(policy::invite_expert(actor, facts, false))),
        ("remind_panel", why(policy::remind_panel(actor, facts))),
        ("read_panel", why(policy::read_panel(actor, facts))),
        ("declare_interest", why(policy::declare_interest(actor, facts, false))),
        ("settle_declaration", why(policy::settle_declaration(actor, facts, OTHER_SEAT))),
        ("score_response", why(policy::score_response(actor, facts, false))),
        ("read_scoring_room", why(policy::read_scoring_room(actor, facts))),
        ("lock_scores", why(policy::lock_scores(actor, facts))),
        ("unlock_scores", why(policy::unlock_scores(actor, facts, OTHER_SEAT, true))),
        ("read_moderation", why(policy::read_moderation(actor, facts))),
        ("revise_score", why(policy::revise_score(actor, facts, Method::MeanAfterDiscussion, false))),
        ("agree_score", why(policy::agree_score(actor, facts, Method::Consensus, false))),
        ("record_minutes", why(policy::record_minutes(actor, facts, false))),
        ("record_dissent", why(policy::record_dissent(actor, facts, false))),
        ("propose_record", why(policy::propose_record(actor, facts))),
        ("sign_record", why(policy::sign_record(actor, facts))),
        ("confirm_record", why(policy::confirm_record(actor, facts))),
        ("approve_record", why(policy::approve_record(actor, facts))),
        ("read_result", why(policy::read_result(actor, facts))),
        ("what_if", why(policy::what_if(actor, facts))),
        ("ask_lots", why(policy::ask_lots(actor, facts))),
        ("draw_lots", why(policy::draw_lots(actor, facts, Some(domain::ids::UserId(0))))),
        ("recommend_decision", why(policy::recommend_decision(actor, facts))),
        ("send_back_decision", why(policy::send_back_decision(actor, facts))),
        ("approve_decision", why(policy::approve_decision(actor, facts))),
        ("read_decision", why(policy::read_decision(actor, facts))),
    ]
}

#[test]
fn an_unpublished_challenge_does_not_exist_for_strangers() {
    each(|person, column, facts| {
        let insider = facts.team.is_some() || facts.seat.is_some() || facts.buyer_role == Some(Role::Owner);
        if facts.is_public() || insider {
            return;
        }
        for (verb, answered) in asked(person, facts) {
            assert_eq!(answered, Some(Refusal::Unseen), "{verb}: {} at {}", person.name, column.name);
        }
    });
}

#[test]
fn an_officer_of_the_buyer_alone_sees_what_any_signed_in_user_sees() {
    let everybody = everybody();
    let find = |name: &str| everybody.iter().find(|person| person.name == name).expect("the role");
    let (officer, user) = (find("officer of the buyer, not on the team"), find("user"));
    for column in columns() {
        let (of_officer, of_user) = (facts(officer, &column), facts(user, &column));
        for (ours, theirs) in asked(officer, &of_officer).into_iter().zip(asked(user, &of_user)) {
            let conflict = ours.1 == Some(Refusal::Conflict) && theirs.1 == Some(Refusal::ActAsSupplier);
            assert!(ours == theirs || conflict, "{ours:?} and {theirs:?} at {}", column.name);
        }
    }
}

#[test]
fn before_the_opening_nobody_but_its_supplier_learns_that_a_response_exists() {
    for person in everybody() {
        for column in columns().into_iter().filter(|column| column.stage.before_opening()) {
            for submitted in [false, true] {
                let facts = response(&person, &column, submitted);
                if person.actor.acts_for(facts.supplier) {
                    continue;
                }
                let actor = &person.actor;
                for answered in [
                    why(policy::save_answer(actor, &facts)),
                    why(policy::submit_response(actor, &facts, Moment(NOW))),
                    why(policy::withdraw_response(actor, &facts)),
                    why(policy::read_own_response(actor, &facts)),
                    why(policy::read_opened_response(actor, &facts)),
                    why(policy::read_letter(actor, &facts)),
                ] {
                    assert_eq!(answered, Some(Refusal::Unseen), "{} at {}", person.name, column.name);
                }
            }
        }
    }
}

#[test]
fn what_was_only_drafted_is_never_seen_by_anybody_else() {
    for person in everybody().into_iter().filter(|person| !person.actor.acts_for(roles::ACME)) {
        for column in columns() {
            let facts = response(&person, &column, false);
            assert_eq!(why(policy::read_opened_response(&person.actor, &facts)), Some(Refusal::Unseen), "{}", person.name);
            assert_eq!(why(policy::read_letter(&person.actor, &facts)), Some(Refusal::Unseen), "{}", person.name);
        }
    }
}

#[test]
fn an_attempt_on_a_sealed_response_is_marked_for_the_record() {
    let officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    let facts = response(&officer, &column(Stage::Open), true);
    let refused = policy::read_opened_response(&officer.actor, &facts).expect_err("sealed");
    assert!(refused.sealed);
    assert_eq!(refused.subject.id, roles::RESPONSE.get());
}

#[test]
fn the_opening_waits_a_minute_whoever_asks() {
    let officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    let asked = |name: &str| {
        let column = columns().into_iter().find(|column| column.name == name).expect("the column");
        why(policy::ask_opening(&officer.actor, &facts(&officer, &column), false))
    };
    assert_eq!(asked("open"), Some(Refusal::Sealed));
    assert_eq!(asked("closed<1m"), Some(Refusal::TooEarly));
    assert_eq!(asked("closed"), None);
    each(|person, column, facts| {
        // The responses, and later the prices where they are sealed apart.
        let may = facts.team == Some(TeamRole::Officer) && matches!(column.name, "closed" | "pricing");
        assert_eq!(policy::ask_opening(&person.actor, facts, false).is_ok(), may, "{} at {}", person.name, column.name);
        // However it stands and whatever the buyer's rule: not before, and by nobody else.
        for (by_two, asked) in [(true, Some((roles::SOMEBODY, Moment(NOW)))), (false, None)] {
            let facts = ChallengeFacts { opening: policy::OpeningFacts { by_two, asked, ..facts.opening }, ..facts.clone() };
            let answered = policy::open_responses(&person.actor, &facts, false);
            assert_eq!(answered.is_ok(), may, "{} at {}", person.name, column.name);
        }
    });
}

#[test]
fn nobody_confirms_the_own_asking_and_nobody_opens_what_they_score_by_pseudonym() {
    let officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    let closed = columns().into_iter().find(|column| column.name == "closed").expect("the column");
    let facts = |person: &Person, asked| {
        let facts = facts(person, &closed);
        ChallengeFacts { opening: policy::OpeningFacts { asked, ..facts.opening }, ..facts }
    };
    let (own, other) = (officer.actor.user().map(|user| (user, Moment(NOW))), Some((roles::SOMEBODY, Moment(NOW))));
    let open = |person: &Person, asked, anonymous| why(policy::open_responses(&person.actor, &facts(person, asked), anonymous));
    assert_eq!(open(&officer, None, false), Some(Refusal::OpeningNotAsked));
    assert_eq!(open(&officer, own, false), Some(Refusal::OpeningOwn));
    assert_eq!(open(&officer, other, true), None);
    assert_eq!(why(policy::ask_opening(&officer.actor, &facts(&officer, other), false)), Some(Refusal::OpeningAsked));
    let chairs = Person { seat: Some((SeatRole::Chair, SeatStanding::Clear)), ..officer };
    assert_eq!(open(&chairs, other, true), Some(Refusal::ScoresHere));
    assert_eq!(open(&chairs, other, false), None);
}

#[test]
fn the_instant_of_the_deadline_is_late_and_one_before_is_not_however_long_the_queue() {
    let acme = everybody().into_iter().find(|person| person.name == "supplier, its own response").expect("the supplier");
    let closed = response(&acme, &column(Stage::Closed), true);
    let deadline = closed.challenge.standing.deadline.expect("a deadline");
    assert_eq!(why(policy::submit_response(&acme.actor, &closed, deadline.plus(-1))), None);
    assert_eq!(why(policy::submit_response(&acme.actor, &closed, deadline)), Some(Refusal::Late));
    let opened = response(&acme, &column(Stage::Scoring), true);
    let early = opened.challenge.standing.deadline.expect("a deadline").plus(-1);
    assert_eq!(why(policy::submit_response(&acme.actor, &opened, early)), Some(Refusal::Late), "opened is opened");
}

#[test]
fn four_eyes_the_author_never_approves_and_who_wrote_or_scored_never_decides() {
    let mut author = buyer("author", 101, Role::Approver, Some(TeamRole::Approver));
    let reviewed = facts(&author, &column(Stage::InReview));
    assert_eq!(why(policy::approve_challenge(&author.actor, &reviewed)), Some(Refusal::OwnWork));
    let recommended = facts(&author, &column(Stage::Recommended));
    assert_eq!(why(policy::approve_decision(&author.actor, &recommended)), Some(Refusal::WroteOrScored));
    author = buyer("another", 7, Role::Approver, Some(TeamRole::Approver));
    let mut recommended = facts(&author, &column(Stage::Recommended));
    assert_eq!(why(policy::approve_decision(&author.actor, &recommended)), None);
    recommended.scored = true;
    assert_eq!(why(policy::approve_decision(&author.actor, &recommended)), Some(Refusal::WroteOrScored));
}

#[test]
fn nobody_sees_scores_before_moderation_nor_a_result_before_the_record() {
    each(|person, column, facts| {
        let stage = column.stage;
        if policy::read_moderation(&person.actor, facts).is_ok() {
            assert!(
                matches!(stage, Stage::Moderation | Stage::Pricing) || stage.has_result(),
                "{} at {}",
                person.name,
                column.name
            );
        }
        if policy::read_result(&person.actor, facts).is_ok() {
            assert!(stage.has_result(), "{} at {}", person.name, column.name);
        }
    });
}

#[test]
fn nobody_settles_the_own_conflict() {
    let mut officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    officer.seat = Some((SeatRole::Evaluator, SeatStanding::Unsettled));
    let facts = facts(&officer, &column(Stage::Scoring));
    let own = facts.seat.as_ref().expect("a seat").id;
    assert_eq!(why(policy::settle_declaration(&officer.actor, &facts, own)), Some(Refusal::NotYours));
    assert_eq!(why(policy::settle_declaration(&officer.actor, &facts, OTHER_SEAT)), None);
}

#[test]
fn who_has_an_interest_sees_no_responses_whatever_else_they_are() {
    let opened = column(Stage::Scoring);
    let mut officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    officer.supplies = true;
    let of_officer = facts(&officer, &opened);
    assert_eq!(why(policy::list_opened_responses(&officer.actor, &of_officer)), Some(Refusal::Supplies));
    for (standing, refusal) in [(SeatStanding::Unsettled, Refusal::Unsettled), (SeatStanding::Removed, Refusal::Removed)] {
        let evaluator = seat("evaluator", 8, SeatRole::Evaluator, standing);
        let facts = facts(&evaluator, &opened);
        assert_eq!(why(policy::list_opened_responses(&evaluator.actor, &facts)), Some(refusal));
        assert_eq!(why(policy::score_response(&evaluator.actor, &facts, false)), Some(refusal));
    }
}

#[test]
fn whoever_is_in_the_buyer_does_not_act_for_a_response_and_no_seat_keeps_anybody_from_their_own() {
    for person in everybody().into_iter().filter(|person| person.actor.acts_for(roles::ACME)) {
        let facts = response(&person, &column(Stage::Open), true);
        let expected = facts.challenge.buyer_role.is_some().then_some(Refusal::Conflict);
        assert_eq!(why(policy::submit_response(&person.actor, &facts, Moment(NOW))), expected, "{}", person.name);
        assert_eq!(why(policy::read_own_response(&person.actor, &facts)), expected, "{}", person.name);
        assert_eq!(why(policy::save_answer(&person.actor, &facts)), expected, "{}", person.name);
        assert_eq!(why(policy::withdraw_response(&person.actor, &facts)), expected, "{}", person.name);
        // Before there is a response, a seat keeps its holder from beginning one.
        let seated = facts.challenge.seat.is_some() && facts.challenge.own_response.is_none();
        let begins = expected.or(seated.then_some(Refusal::Conflict));
        assert_eq!(why(policy::start_response(&person.actor, &facts.challenge)), begins, "{}", person.name);
    }
}

#[test]
fn an_administrator_sees_no_content() {
    let everybody = everybody();
    let (administrator, user) = (&everybody[3], &everybody[2]);
    assert!(administrator.actor.administrator());
    for column in columns() {
        assert_eq!(asked(administrator, &facts(administrator, &column)), asked(user, &facts(user, &column)), "{}", column.name);
    }
}

#[test]
fn a_permit_carries_the_brand_of_its_facts_and_the_person_who_asked() {
    let officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    let mut facts = facts(&officer, &column(Stage::Draft));
    facts.brand = Brand(42);
    let permit = policy::edit_challenge(&officer.actor, &facts).expect("a draft of the own team");
    assert_eq!((permit.brand(), permit.by(), permit.acting_as()), (Brand(42), domain::ids::UserId(7), Some(roles::BUYER.get())));
}

#[test]
fn an_invitation_ends_at_its_instant_when_it_is_revoked_and_with_the_publication() {
    let reader = roles::everybody().remove(2);
    let holding = |stage| {
        let challenge = facts(&reader, &column(stage));
        let expires_at = challenge.now.plus(1);
        policy::ReaderFacts { challenge, reader: domain::ids::ReaderId(90), own: true, expires_at, revoked: false }
    };
    let reads = |facts: &policy::ReaderFacts| {
        assert_eq!(
            why(policy::read_invited_draft(&reader.actor, facts)),
            why(policy::comment_on_draft(&reader.actor, facts)),
            "who reads may comment"
        );
        policy::read_invited_draft(&reader.actor, facts).is_ok()
    };
    for stage in [Stage::Draft, Stage::InReview, Stage::Scheduled] {
        assert!(reads(&holding(stage)), "{stage:?}");
    }
    assert!(!reads(&holding(Stage::Open)), "whoever wants to read it now reads what is published");
    assert!(!reads(&holding(Stage::Cancelled)));
    let draft = holding(Stage::Draft);
    assert!(!reads(&policy::ReaderFacts { expires_at: Moment(NOW), ..draft.clone() }), "the instant is late");
    assert!(!reads(&policy::ReaderFacts { revoked: true, ..draft.clone() }));
    assert!(!reads(&policy::ReaderFacts { own: false, ..draft }));
}

#[test]
fn own_scores_are_read_after_the_lock_and_changed_by_nobody() {
    let evaluator = seat("evaluator", 8, SeatRole::Evaluator, SeatStanding::Clear);
    let mut facts = facts(&evaluator, &column(Stage::Scoring));
    facts.seat.as_mut().expect("a seat").locked = true;
    assert_eq!(why(policy::read_scoring_room(&evaluator.actor, &facts)), None);
    assert_eq!(why(policy::score_response(&evaluator.actor, &facts, false)), Some(Refusal::Locked));
    assert_eq!(why(policy::lock_scores(&evaluator.actor, &facts)), Some(Refusal::Locked));
    assert_eq!(why(policy::unlock_scores(&evaluator.actor, &facts, OTHER_SEAT, true)), Some(Refusal::NotYours));
}

#[test]
fn only_the_chair_unlocks_and_only_before_moderation() {
    let chair = seat("chair", 9, SeatRole::Chair, SeatStanding::Clear);
    each(|person, column, facts| {
        let chair = facts.seat.as_ref().is_some_and(|seat| seat.leads());
        if column.stage != Stage::Scoring || !chair {
            assert!(
                why(policy::unlock_scores(&person.actor, facts, OTHER_SEAT, true)).is_some(),
                "{} at {}",
                person.name,
                column.name
            );
        }
    });
    let scoring = facts(&chair, &column(Stage::Scoring));
    assert_eq!(why(policy::unlock_scores(&chair.actor, &scoring, OTHER_SEAT, true)), None);
    assert_eq!(why(policy::unlock_scores(&chair.actor, &scoring, OTHER_SEAT, false)), Some(Refusal::Unseen), "nothing locked");
}

#[test]
fn a_panel_that_has_seen_all_scores_is_filled_up_only_below_its_quorum_and_nothing_locked_comes_back() {
    let officer = buyer("officer", 7, Role::Officer, Some(TeamRole::Officer));
    let short = Candidate { short: true, ..Candidate::default() };
    let moderates = facts(&officer, &column(Stage::Moderation));
    assert_eq!(why(policy::appoint_seat(&officer.actor, &moderates, Candidate::default())), Some(Refusal::Stage));
    assert_eq!(why(policy::appoint_seat(&officer.actor, &moderates, short)), None);
    assert_eq!(why(policy::invite_expert(&officer.actor, &moderates, true)), None);
    assert_eq!(why(policy::end_seat(&officer.actor, &moderates, OTHER_SEAT, true)), Some(Refusal::Stage));
    let result = facts(&officer, &column(Stage::Result));
    assert_eq!(why(policy::appoint_seat(&officer.actor, &result, short)), Some(Refusal::Stage));
    // Whoever joined scores without having seen anything; the others wait, and what they locked had been seen.
    let refilled = |person: &Person| ChallengeFacts { refilled: true, ..facts(person, &column(Stage::Scoring)) };
    assert_eq!(why(policy::end_seat(&officer.actor, &refilled(&officer), OTHER_SEAT, true)), Some(Refusal::PanelFilled));
    assert_eq!(why(policy::end_seat(&officer.actor, &refilled(&officer), OTHER_SEAT, false)), None);
    assert_eq!(why(policy::read_moderation(&officer.actor, &refilled(&officer))), Some(Refusal::PanelFilled));
    let chair = seat("chair", 9, SeatRole::Chair, SeatStanding::Clear);
    assert_eq!(why(policy::unlock_scores(&chair.actor, &refilled(&chair), OTHER_SEAT, true)), Some(Refusal::PanelFilled));
    assert_eq!(why(policy::read_moderation(&chair.actor, &refilled(&chair))), Some(Refusal::PanelFilled));
}

#[test]
fn the_second_person_behind_a_record_is_an_officer_who_is_no_member_of_the_panel() {
    each(|person, column, facts| {
        if why(policy::confirm_record(&person.actor, facts)).is_none() {
            assert!(facts.officer() && column.stage == Stage::Moderation, "{} at {}", person.name, column.name);
            assert!(facts.seat.as_ref().is_none_or(|seat| !seat.role.scores() && !seat.leads()), "{}", person.name);
            assert!(why(policy::sign_record(&person.actor, facts)).is_some(), "{}", person.name);
            assert!(why(policy::approve_record(&person.actor, facts)).is_some(), "{}", person.name);
        }
    });
}
