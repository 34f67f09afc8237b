//! The policy as a file that people can read: for each action who may do it at which stage, as `policy_matrix.txt` beside
//! this test. It fails when the file differs from what the code says, so that no rule changes unnoticed, and when a verb
//! has no table.

#[path = "policy_matrix/roles.rs"]
mod roles;
#[path = "policy_matrix/rules.rs"]
mod rules;
#[path = "policy_matrix/table.rs"]
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use domain::challenge::Method;
use domain::law::LawProfile;
use domain::moment::{DAY, Moment};
use domain::organisation::{OrganisationKind, Role};
use domain::policy::{self, Brand, Candidate};

use domain::check::{Asked, CheckKind, CheckSubject};
use domain::enquiry::EnquiryState;
use domain::ids::RequirementId;
use domain::policy::AmendmentState;
use roles::{OTHER_SEAT, at_stages};
use table::{Table, amendments, answer, answers, draft_links, enquiries, organisations, readers, responses, soundings};

const NOW: Moment = Moment(roles::NOW);

/// Every table, in the order of the verbs.
fn tables() -> Vec<Table> {
    let mut all = Vec::new();

    all.push(answers("create_organisation", |actor| answer(policy::create_organisation(actor, Brand(1), NOW))));
    all.push(organisations("edit_organisation", |actor, facts| answer(policy::edit_organisation(actor, facts))));
    all.push(organisations("verify_buyer", |actor, facts| answer(policy::verify_buyer(actor, facts))));
    all.push(organisations("set_opening_rule", |actor, facts| answer(policy::set_opening_rule(actor, facts))));
    all.push(organisations("invite_member", |actor, facts| {
        let role = if facts.kind == OrganisationKind::Buyer { Role::Officer } else { Role::Member };
        answer(policy::invite_member(actor, facts, role))
    }));
    all.push(organisations("invite_member, in a role of the other kind", |actor, facts| {
        let role = if facts.kind == OrganisationKind::Buyer { Role::Member } else { Role::Officer };
        answer(policy::invite_member(actor, facts, role))
    }));
    all.push(organisations("accept_invitation, mailed to the own address", |actor, facts| {
        answer(policy::accept_invitation(actor, facts, true))
    }));
    all.push(organisations("accept_invitation, mailed to another's address", |actor, facts| {
        answer(policy::accept_invitation(actor, facts, false))
    }));
    all.push(organisations("end_membership, another's", |actor, facts| {
        answer(policy::end_membership(actor, facts, roles::SOMEBODY, Role::Member))
    }));
    all.push(organisations("end_membership, the last owner's", |actor, facts| {
        let facts = policy::OrganisationFacts { owners: 1, ..facts.clone() };
        answer(policy::end_membership(actor, &facts, roles::SOMEBODY, Role::Owner))
    }));
    all.push(answers("act_as, an own membership", |actor| answer(policy::act_as(actor, Brand(1), NOW, roles::BUYER, true))));
    all.push(answers("act_as, nobody's or another's", |actor| answer(policy::act_as(actor, Brand(1), NOW, roles::BUYER, false))));
    all.push(answers("administer", |actor| answer(policy::administer(actor, Brand(1), NOW))));
    all.push(answers("save_alert", |actor| answer(policy::save_alert(actor, Brand(1), NOW))));
    let alert = |user, proven| policy::AlertFacts { brand: Brand(1), now: NOW, alert: domain::ids::AlertId(95), user, proven };
    all.push(answers("manage_alert, the user's own", |actor| {
        answer(policy::manage_alert(actor, &alert(Some(domain::ids::UserId(1)), false)))
    }));
    all.push(answers("manage_alert, of an address, without its link", |actor| {
        answer(policy::manage_alert(actor, &alert(None, false)))
    }));
    all.push(answers("manage_alert, of an address, by its link", |actor| {
        answer(policy::manage_alert(actor, &alert(None, true)))
    }));
    all.push(answers("manage_notices", |actor| answer(policy::manage_notices(actor, Brand(1), NOW))));

    all.push(organisations("create_challenge", |actor, facts| answer(policy::create_challenge(actor, facts))));
    all.push(at_stages("edit_challenge", |actor, facts| answer(policy::edit_challenge(actor, facts))));
    all.push(at_stages("name_team", |actor, facts| answer(policy::name_team(actor, facts))));
    all.push(at_stages("dismiss_finding", |actor, facts| answer(policy::dismiss_finding(actor, facts))));
    all.push(at_stages("take_back_finding", |actor, facts| answer(policy::take_back_finding(actor, facts))));
    all.push(at_stages("submit_for_review", |actor, facts| answer(policy::submit_for_review(actor, facts))));
    all.push(at_stages("send_back_challenge", |actor, facts| answer(policy::send_back_challenge(actor, facts))));
    all.push(at_stages("approve_challenge", |actor, facts| answer(policy::approve_challenge(actor, facts))));
    all.push(at_stages("approve_challenge, four eyes switched off", |actor, facts| {
        let facts = policy::ChallengeFacts { four_eyes: false, ..facts.clone() };
        answer(policy::approve_challenge(actor, &facts))
    }));
    all.push(at_stages("approve_challenge, buyer not verified", |actor, facts| {
        let facts = policy::ChallengeFacts { buyer_verified: false, ..facts.clone() };
        answer(policy::approve_challenge(actor, &facts))
    }));
    all.push(at_stages("approve_challenge, by whoever wrote a part of it before", |actor, facts| {
        let facts = policy::ChallengeFacts { wrote: true, ..facts.clone() };
        answer(policy::approve_challenge(actor, &facts))
    }));
    all.push(at_stages("approve_challenge, approvals named, none of them the actor's", |actor, facts| {
        let approvals = policy::Approvals { named: 2, missing: 2, own: 0 };
        answer(policy::approve_challenge(actor, &policy::ChallengeFacts { approvals, ..facts.clone() }))
    }));
    all.push(at_stages("approve_challenge, approvals named, one of them the actor's", |actor, facts| {
        let approvals = policy::Approvals { named: 2, missing: 2, own: 1 };
        answer(policy::approve_challenge(actor, &policy::ChallengeFacts { approvals, ..facts.clone() }))
    }));
    all.push(at_stages("name_approval", |actor, facts| answer(policy::name_approval(actor, facts))));
    all.push(at_stages("take_back_challenge", |actor, facts| answer(policy::take_back_challenge(actor, facts))));
    all.push(at_stages("reschedule_challenge", |actor, facts| answer(policy::reschedule_challenge(actor, facts))));
    all.push(at_stages("record_official_notice", |actor, facts| answer(policy::record_official_notice(actor, facts))));
    all.push(at_stages("cancel_challenge", |actor, facts| answer(policy::cancel_challenge(actor, facts))));
    all.push(at_stages("read_challenge", |actor, facts| answer(policy::read_challenge(actor, facts))));
    all.push(at_stages("read_draft", |actor, facts| answer(policy::read_draft(actor, facts))));
    all.push(at_stages("follow_challenge", |actor, facts| answer(policy::follow_challenge(actor, facts))));
    all.push(at_stages("attach_file", |actor, facts| answer(policy::attach_file(actor, facts))));
    all.push(at_stages("remove_file", |actor, facts| answer(policy::remove_file(actor, facts))));
    all.push(at_stages("read_file, named by the published version", |actor, facts| {
        answer(policy::read_file(actor, facts, true))
    }));
    all.push(at_stages("read_file, of the draft alone", |actor, facts| answer(policy::read_file(actor, facts, false))));

    all.push(at_stages("open_sounding", |actor, facts| answer(policy::open_sounding(actor, facts, false))));
    all.push(at_stages("open_sounding, while another one is open", |actor, facts| {
        answer(policy::open_sounding(actor, facts, true))
    }));
    all.push(at_stages("open_sounding, buyer not verified", |actor, facts| {
        let facts = policy::ChallengeFacts { buyer_verified: false, ..facts.clone() };
        answer(policy::open_sounding(actor, &facts, false))
    }));
    all.push(soundings("end_sounding", |actor, facts| answer(policy::end_sounding(actor, facts))));
    all.push(soundings("take_down_sounding", |actor, facts| answer(policy::take_down_sounding(actor, facts))));
    all.push(soundings("read_sounding", |actor, facts| answer(policy::read_sounding(actor, facts))));
    all.push(soundings("comment_on_sounding", |actor, facts| answer(policy::comment_on_sounding(actor, facts))));
    all.push(soundings("hide_sounding_comment", |actor, facts| answer(policy::hide_sounding_comment(actor, facts))));
    all.push(soundings("answer_sounding", |actor, facts| answer(policy::answer_sounding(actor, facts))));
    all.push(at_stages("invite_reader", |actor, facts| answer(policy::invite_reader(actor, facts))));
    all.push(at_stages("revoke_reader", |actor, facts| answer(policy::revoke_reader(actor, facts))));
    all.push(readers("read_invited_draft, invited by the own address", true, |actor, facts| {
        answer(policy::read_invited_draft(actor, facts))
    }));
    all.push(readers("read_invited_draft, another's invitation", false, |actor, facts| {
        answer(policy::read_invited_draft(actor, facts))
    }));
    all.push(readers("comment_on_draft, invited by the own address", true, |actor, facts| {
        answer(policy::comment_on_draft(actor, facts))
    }));
    all.push(at_stages("settle_comment", |actor, facts| answer(policy::settle_comment(actor, facts))));

    all.push(at_stages("begin_amendment", |actor, facts| answer(policy::begin_amendment(actor, facts))));
    all.push(amendments("edit_amendment", AmendmentState::Writing, |actor, facts| answer(policy::edit_amendment(actor, facts))));
    all.push(amendments("edit_amendment, already proposed", AmendmentState::Proposed, |actor, facts| {
        answer(policy::edit_amendment(actor, facts))
    }));
    all.push(amendments("propose_amendment", AmendmentState::Writing, |actor, facts| {
        answer(policy::propose_amendment(actor, facts))
    }));
    all.push(amendments("drop_amendment", AmendmentState::Proposed, |actor, facts| answer(policy::drop_amendment(actor, facts))));
    all.push(amendments("send_back_amendment", AmendmentState::Proposed, |actor, facts| {
        answer(policy::send_back_amendment(actor, facts))
    }));
    all.push(amendments("approve_amendment", AmendmentState::Proposed, |actor, facts| {
        answer(policy::approve_amendment(actor, facts))
    }));
    all.push(amendments("approve_amendment, approved already", AmendmentState::Approved, |actor, facts| {
        answer(policy::approve_amendment(actor, facts))
    }));
    all.push(amendments("approve_amendment, four eyes switched off", AmendmentState::Proposed, |actor, facts| {
        let challenge = policy::ChallengeFacts { four_eyes: false, ..facts.challenge.clone() };
        answer(policy::approve_amendment(actor, &policy::AmendmentFacts { challenge, ..facts.clone() }))
    }));
    all.push(amendments("approve_amendment, of a reopening", AmendmentState::Proposed, |actor, facts| {
        answer(policy::approve_amendment(actor, &policy::AmendmentFacts { reopens: true, ..facts.clone() }))
    }));
    all.push(at_stages("read_amendment", |actor, facts| answer(policy::read_amendment(actor, facts))));
    all.push(at_stages("ask_reopening", |actor, facts| answer(policy::ask_reopening(actor, facts))));

    all.push(at_stages("ask_enquiry", |actor, facts| {
        answer(policy::ask_enquiry(actor, facts, facts.standing.deadline.unwrap_or(NOW)))
    }));
    all.push(at_stages("ask_enquiry, after the last day for questions", |actor, facts| {
        answer(policy::ask_enquiry(actor, facts, NOW))
    }));
    all.push(at_stages("read_enquiries", |actor, facts| answer(policy::read_enquiries(actor, facts))));
    all.push(enquiries("read_own_enquiry", EnquiryState::Waiting, |actor, facts| answer(policy::read_own_enquiry(actor, facts))));
    all.push(enquiries("withdraw_enquiry", EnquiryState::Waiting, |actor, facts| answer(policy::withdraw_enquiry(actor, facts))));
    all.push(enquiries("withdraw_enquiry, answered", EnquiryState::Answered, |actor, facts| {
        answer(policy::withdraw_enquiry(actor, facts))
    }));
    all.push(enquiries("agree_to_publish", EnquiryState::AskedBack, |actor, facts| {
        answer(policy::agree_to_publish(actor, facts))
    }));
    all.push(enquiries("ask_back", EnquiryState::Waiting, |actor, facts| answer(policy::ask_back(actor, facts))));
    all.push(at_stages("answer_enquiry", |actor, facts| answer(policy::answer_enquiry(actor, facts))));

    all.push(at_stages("start_response", |actor, facts| answer(policy::start_response(actor, facts))));
    all.push(responses("save_answer", false, |actor, facts| answer(policy::save_answer(actor, facts))));
    all.push(responses("submit_response", false, |actor, facts| {
        answer(policy::submit_response(actor, facts, facts.challenge.now))
    }));
    all.push(responses("submit_response, received in time, its turn comes now", false, |actor, facts| {
        let deadline = facts.challenge.standing.deadline.unwrap_or(NOW);
        answer(policy::submit_response(actor, facts, deadline.plus(-1)))
    }));
    all.push(responses("withdraw_response", true, |actor, facts| answer(policy::withdraw_response(actor, facts))));
    all.push(responses("withdraw_response, only drafted", false, |actor, facts| answer(policy::withdraw_response(actor, facts))));
    all.push(responses("share_draft", false, |actor, facts| answer(policy::share_draft(actor, facts))));
    all.push(responses("revoke_draft_link", false, |actor, facts| answer(policy::revoke_draft_link(actor, facts))));
    all.push(draft_links("read_shared_draft", true, |actor, facts| answer(policy::read_shared_draft(actor, facts))));
    all.push(draft_links("read_shared_draft, revoked, over or its maker gone", false, |actor, facts| {
        answer(policy::read_shared_draft(actor, facts))
    }));
    all.push(responses("ask_sign_off", false, |actor, facts| answer(policy::ask_sign_off(actor, facts))));
    all.push(draft_links("sign_off, by a link that only reads", true, |actor, facts| answer(policy::sign_off(actor, facts))));
    all.push(draft_links("sign_off", true, |actor, facts| {
        let facts = policy::DraftLinkFacts { kind: policy::DraftLinkKind::Sign, ..facts.clone() };
        answer(policy::sign_off(actor, &facts))
    }));
    all.push(responses("read_own_response", true, |actor, facts| answer(policy::read_own_response(actor, facts))));
    all.push(at_stages("ask_opening", |actor, facts| answer(policy::ask_opening(actor, facts, false))));
    all.push(at_stages("ask_opening, of an anonymous round", |actor, facts| answer(policy::ask_opening(actor, facts, true))));
    all.push(at_stages("open_responses, nobody has asked", |actor, facts| answer(policy::open_responses(actor, facts, false))));
    all.push(at_stages("open_responses, the author asked", |actor, facts| {
        let opening = policy::OpeningFacts { asked: Some((roles::AUTHOR, NOW)), ..facts.opening };
        answer(policy::open_responses(actor, &policy::ChallengeFacts { opening, ..facts.clone() }, false))
    }));
    all.push(at_stages("open_responses, one is enough by the buyer's rule", |actor, facts| {
        let opening = policy::OpeningFacts { by_two: false, ..facts.opening };
        answer(policy::open_responses(actor, &policy::ChallengeFacts { opening, ..facts.clone() }, false))
    }));
    all.push(at_stages("destroy_keys", |actor, facts| answer(policy::destroy_keys(actor, facts, LawProfile::BelowThreshold))));
    all.push(at_stages("destroy_keys, three years and some days later", |actor, facts| {
        let facts = policy::ChallengeFacts { now: facts.now.plus(1_200 * DAY), ..facts.clone() };
        answer(policy::destroy_keys(actor, &facts, LawProfile::Eu2014_24))
    }));
    all.push(at_stages("read_opening", |actor, facts| answer(policy::read_opening(actor, facts))));
    all.push(responses("read_opened_response", true, |actor, facts| answer(policy::read_opened_response(actor, facts))));
    all.push(responses("read_opened_response, only drafted", false, |actor, facts| {
        answer(policy::read_opened_response(actor, facts))
    }));
    all.push(responses("redact_response, of an anonymous challenge", true, |actor, facts| {
        answer(policy::redact_response(actor, facts, true))
    }));
    all.push(at_stages("list_opened_responses", |actor, facts| answer(policy::list_opened_responses(actor, facts))));

    all.push(at_stages("ask_opening, prices sealed apart", |actor, facts| {
        let standing = domain::challenge::Standing { price_sealed: facts.standing.opened_at.is_some(), ..facts.standing };
        answer(policy::ask_opening(actor, &policy::ChallengeFacts { standing, ..facts.clone() }, false))
    }));
    all.push(at_stages("read_check", |actor, facts| answer(policy::read_check(actor, facts))));
    let requirement = CheckSubject::Requirement(RequirementId(50));
    let cell = |kind, asked| policy::CheckFacts { subject: requirement, kind, asked, anonymous: false };
    all.push(responses("check_response", true, move |actor, facts| {
        answer(policy::check_response(actor, facts, cell(CheckKind::Passed, Asked::Never)))
    }));
    all.push(responses("check_response, excluded and never asked", true, move |actor, facts| {
        answer(policy::check_response(actor, facts, cell(CheckKind::Excluded, Asked::Never)))
    }));
    all.push(responses("check_response, excluded while its time to answer runs", true, move |actor, facts| {
        answer(policy::check_response(actor, facts, cell(CheckKind::Excluded, Asked::Waiting)))
    }));
    all.push(responses("check_response, excluded after it was heard", true, move |actor, facts| {
        answer(policy::check_response(actor, facts, cell(CheckKind::Excluded, Asked::Heard)))
    }));
    all.push(responses("check_response, in an anonymous round", true, move |actor, facts| {
        let check = policy::CheckFacts { anonymous: true, ..cell(CheckKind::Passed, Asked::Never) };
        answer(policy::check_response(actor, facts, check))
    }));
    all.push(responses("check_response, a price that looks too low", true, move |actor, facts| {
        let check = policy::CheckFacts { subject: CheckSubject::Price, ..cell(CheckKind::Clarify, Asked::Never) };
        answer(policy::check_response(actor, facts, check))
    }));
    all.push(responses("check_response, only drafted", false, move |actor, facts| {
        answer(policy::check_response(actor, facts, cell(CheckKind::Passed, Asked::Never)))
    }));
    all.push(responses("save_clarification", true, |actor, facts| {
        answer(policy::save_clarification(actor, facts, NOW.plus(1), true))
    }));
    all.push(responses("save_clarification, late", true, |actor, facts| {
        answer(policy::save_clarification(actor, facts, NOW, true))
    }));
    all.push(responses("answer_clarification", true, |actor, facts| {
        answer(policy::answer_clarification(actor, facts, NOW.plus(1), true, NOW))
    }));
    all.push(responses("answer_clarification, late", true, |actor, facts| {
        answer(policy::answer_clarification(actor, facts, NOW, true, NOW))
    }));
    all.push(responses("answer_clarification, settled meanwhile", true, |actor, facts| {
        answer(policy::answer_clarification(actor, facts, NOW.plus(1), false, NOW))
    }));

    all.push(at_stages("appoint_seat", |actor, facts| answer(policy::appoint_seat(actor, facts, Candidate::default()))));
    all.push(at_stages("appoint_seat, to a member of a supplier that answered", |actor, facts| {
        answer(policy::appoint_seat(actor, facts, Candidate { supplies: true, ..Candidate::default() }))
    }));
    all.push(at_stages("appoint_seat, to score, of one who handled names", |actor, facts| {
        answer(policy::appoint_seat(actor, facts, Candidate { handled: true, ..Candidate::default() }))
    }));
    all.push(at_stages("appoint_seat, where a response lacks scores for the quorum", |actor, facts| {
        answer(policy::appoint_seat(actor, facts, Candidate { short: true, ..Candidate::default() }))
    }));
    all.push(at_stages("end_seat", |actor, facts| answer(policy::end_seat(actor, facts, OTHER_SEAT, false))));
    all.push(at_stages("name_deputy", |actor, facts| answer(policy::name_deputy(actor, facts, OTHER_SEAT))));
    all.push(at_stages("assign_responses", |actor, facts| answer(policy::assign_responses(actor, facts))));
    all.push(at_stages("withdraw_expert", |actor, facts| answer(policy::withdraw_expert(actor, facts, true))));
    all.push(at_stages("invite_expert", |actor, facts| answer(policy::invite_expert(actor, facts, false))));
    all.push(at_stages("accept_seat, of an own invitation", |actor, facts| {
        answer(policy::accept_seat(actor, facts, true, Candidate::default()))
    }));
    all.push(at_stages("accept_seat, of another's or none", |actor, facts| {
        answer(policy::accept_seat(actor, facts, false, Candidate::default()))
    }));
    all.push(responses("read_opened_response, by an expert from outside", true, |actor, facts| {
        let mut facts = facts.clone();
        facts.challenge.seat.iter_mut().for_each(|seat| seat.outside = true);
        answer(policy::read_opened_response(actor, &facts))
    }));
    all.push(at_stages("remind_panel", |actor, facts| answer(policy::remind_panel(actor, facts))));
    all.push(at_stages("read_panel", |actor, facts| answer(policy::read_panel(actor, facts))));
    all.push(at_stages("declare_interest, a conflict", |actor, facts| answer(policy::declare_interest(actor, facts, true))));
    all.push(at_stages("declare_interest, none", |actor, facts| answer(policy::declare_interest(actor, facts, false))));
    all.push(at_stages("settle_declaration, another's", |actor, facts| {
        answer(policy::settle_declaration(actor, facts, OTHER_SEAT))
    }));
    all.push(responses("score_response", true, |actor, facts| {
        answer(policy::score_response(actor, &facts.challenge, facts.recused))
    }));
    all.push(responses("score_response, by one who handled names", true, |actor, facts| {
        let opening = policy::OpeningFacts { handled_names: true, ..facts.challenge.opening };
        answer(policy::score_response(actor, &policy::ChallengeFacts { opening, ..facts.challenge.clone() }, facts.recused))
    }));
    all.push(at_stages("read_scoring_room", |actor, facts| answer(policy::read_scoring_room(actor, facts))));
    all.push(at_stages("unlock_scores, another's", |actor, facts| answer(policy::unlock_scores(actor, facts, OTHER_SEAT, true))));
    all.push(at_stages("lock_scores", |actor, facts| answer(policy::lock_scores(actor, facts))));
    all.push(at_stages("read_moderation", |actor, facts| answer(policy::read_moderation(actor, facts))));
    all.push(responses("revise_score", true, |actor, facts| {
        answer(policy::revise_score(actor, &facts.challenge, Method::MeanAfterDiscussion, facts.recused))
    }));
    all.push(responses("revise_score, where the panel agrees", true, |actor, facts| {
        answer(policy::revise_score(actor, &facts.challenge, Method::Consensus, facts.recused))
    }));
    all.push(responses("agree_score", true, |actor, facts| {
        answer(policy::agree_score(actor, &facts.challenge, Method::Consensus, facts.recused))
    }));
    all.push(responses("agree_score, by a deputy", true, |actor, facts| {
        let mut challenge = facts.challenge.clone();
        challenge.seat.iter_mut().for_each(|seat| seat.deputy = true);
        answer(policy::agree_score(actor, &challenge, Method::Consensus, facts.recused))
    }));
    all.push(responses("agree_score, where the mean counts", true, |actor, facts| {
        answer(policy::agree_score(actor, &facts.challenge, Method::MeanAfterDiscussion, facts.recused))
    }));
    all.push(responses("record_minutes", true, |actor, facts| {
        answer(policy::record_minutes(actor, &facts.challenge, facts.recused))
    }));
    all.push(responses("record_dissent", true, |actor, facts| {
        answer(policy::record_dissent(actor, &facts.challenge, facts.recused))
    }));
    all.push(at_stages("propose_record", |actor, facts| answer(policy::propose_record(actor, facts))));
    all.push(at_stages("sign_record", |actor, facts| answer(policy::sign_record(actor, facts))));
    all.push(at_stages("confirm_record", |actor, facts| answer(policy::confirm_record(actor, facts))));
    all.push(at_stages("approve_record", |actor, facts| answer(policy::approve_record(actor, facts))));
    all.push(at_stages("read_result", |actor, facts| answer(policy::read_result(actor, facts))));
    all.push(at_stages("ask_lots", |actor, facts| answer(policy::ask_lots(actor, facts))));
    all.push(at_stages("draw_lots, the author asked", |actor, facts| {
        answer(policy::draw_lots(actor, facts, Some(roles::AUTHOR)))
    }));
    all.push(at_stages("what_if", |actor, facts| answer(policy::what_if(actor, facts))));

    all.push(at_stages("recommend_decision", |actor, facts| answer(policy::recommend_decision(actor, facts))));
    all.push(at_stages("send_back_decision", |actor, facts| answer(policy::send_back_decision(actor, facts))));
    all.push(at_stages("approve_decision", |actor, facts| answer(policy::approve_decision(actor, facts))));
    all.push(at_stages("approve_decision, four eyes switched off", |actor, facts| {
        let facts = policy::ChallengeFacts { four_eyes: false, ..facts.clone() };
        answer(policy::approve_decision(actor, &facts))
    }));
    all.push(at_stages("read_decision", |actor, facts| answer(policy::read_decision(actor, facts))));
    let cut = |facts: &policy::ChallengeFacts| {
        let standing = domain::challenge::Standing { round: 1, rounds_after: 1, ..facts.standing };
        policy::ChallengeFacts { standing, ..facts.clone() }
    };
    all.push(at_stages("read_decision, of a cut after which a round began", move |actor, facts| {
        answer(policy::read_decision(actor, &cut(facts)))
    }));
    let later = |facts: &policy::ChallengeFacts| {
        let standing = domain::challenge::Standing { round: 2, ..facts.standing };
        policy::ChallengeFacts { standing, ..facts.clone() }
    };
    all.push(at_stages("start_response, in a later round", move |actor, facts| {
        answer(policy::start_response(actor, &later(facts)))
    }));
    all.push(at_stages("ask_enquiry, in a later round", move |actor, facts| {
        answer(policy::ask_enquiry(actor, &later(facts), facts.now.plus(1)))
    }));
    all.push(at_stages("begin_amendment, in a later round", move |actor, facts| {
        answer(policy::begin_amendment(actor, &later(facts)))
    }));
    all.push(at_stages("ask_reopening, in a later round", move |actor, facts| {
        answer(policy::ask_reopening(actor, &later(facts)))
    }));
    all.push(at_stages("offer_slots", |actor, facts| answer(policy::offer_slots(actor, facts, true))));
    all.push(at_stages("withdraw_slot", |actor, facts| answer(policy::withdraw_slot(actor, facts, true))));
    all.push(at_stages("read_interviews", |actor, facts| answer(policy::read_interviews(actor, facts, true))));
    all.push(at_stages("read_interviews, of a round without", |actor, facts| {
        answer(policy::read_interviews(actor, facts, false))
    }));
    let slot = |facts: &policy::ResponseFacts, left: i64| {
        let book_until = facts.challenge.now.plus(left);
        domain::interview::Slot { starts: book_until.plus(domain::moment::DAY), minutes: 45, book_until }
    };
    all.push(responses("read_own_interview", true, |actor, facts| answer(policy::read_own_interview(actor, facts, true))));
    all.push(responses("book_slot", true, move |actor, facts| {
        answer(policy::book_slot(actor, facts, true, Some(slot(facts, 1)), None))
    }));
    all.push(responses("book_slot, in place of one that cannot be given back any more", true, move |actor, facts| {
        answer(policy::book_slot(actor, facts, true, Some(slot(facts, 1)), Some(slot(facts, 0))))
    }));
    all.push(at_stages("read_rounds", |actor, facts| answer(policy::read_rounds(actor, facts))));
    let later = |facts: &policy::ChallengeFacts| {
        let standing = domain::challenge::Standing { round: 2, ..facts.standing };
        policy::ChallengeFacts { standing, ..facts.clone() }
    };
    all.push(at_stages("extend_round, the first", |actor, facts| answer(policy::extend_round(actor, facts))));
    all.push(at_stages("extend_round, a later one", move |actor, facts| answer(policy::extend_round(actor, &later(facts)))));
    all.push(at_stages("approve_round_extension, of another's proposal", move |actor, facts| {
        answer(policy::approve_round_extension(actor, &later(facts), Some(roles::SOMEBODY)))
    }));
    all.push(at_stages("approve_round_extension, of an own proposal", move |actor, facts| {
        answer(policy::approve_round_extension(actor, &later(facts), actor.user()))
    }));
    all.push(at_stages("decline_round_extension", move |actor, facts| {
        answer(policy::decline_round_extension(actor, &later(facts)))
    }));
    all.push(responses("read_letter", true, |actor, facts| answer(policy::read_letter(actor, facts))));
    all.push(responses("read_letter, only drafted", false, |actor, facts| answer(policy::read_letter(actor, facts))));

    all.push(organisations("publish_solution", |actor, _| answer(policy::publish_solution(actor, Brand(1), NOW, None))));
    all.push(organisations("publish_solution, of a challenge in which it was awarded", |actor, _| {
        answer(policy::publish_solution(actor, Brand(1), NOW, Some(true)))
    }));
    all.push(organisations("publish_solution, of a challenge in which it was not awarded", |actor, _| {
        answer(policy::publish_solution(actor, Brand(1), NOW, Some(false)))
    }));
    let solution = |withdrawn| policy::SolutionFacts {
        brand: Brand(1),
        now: NOW,
        entry: domain::ids::SolutionId(96),
        supplier: roles::ACME,
        withdrawn,
    };
    all.push(organisations("read_solution", |actor, _| answer(policy::read_solution(actor, &solution(false)))));
    all.push(organisations("read_solution, withdrawn", |actor, _| answer(policy::read_solution(actor, &solution(true)))));
    all.push(organisations("edit_solution", |actor, _| answer(policy::edit_solution(actor, &solution(false)))));
    all.push(organisations("edit_solution, withdrawn", |actor, _| answer(policy::edit_solution(actor, &solution(true)))));
    all.push(organisations("share_problem", |actor, _| answer(policy::share_problem(actor, &solution(false)))));
    all.push(organisations("show_profile", |actor, facts| answer(policy::show_profile(actor, facts))));
    all.push(at_stages("post_partner_note", |actor, facts| answer(policy::post_partner_note(actor, facts))));
    all.push(at_stages("end_partner_note, Acme's", |actor, facts| answer(policy::end_partner_note(actor, facts, roles::ACME))));
    all.push(at_stages("read_reach", |actor, facts| answer(policy::read_reach(actor, facts))));
    all.push(at_stages("say_why_not", |actor, facts| answer(policy::say_why_not(actor, facts))));
    all
}

#[test]
fn every_verb_has_a_table() {
    let tables: BTreeSet<String> = tables().iter().map(|table| table.verb().to_owned()).collect();
    let verbs: BTreeSet<String> = policy::VERBS.iter().map(|&verb| verb.to_owned()).collect();
    let without: Vec<_> = verbs.difference(&tables).collect();
    let unknown: Vec<_> = tables.difference(&verbs).collect();
    assert!(without.is_empty(), "verbs without a table in the matrix: {without:?}");
    assert!(unknown.is_empty(), "tables of no verb: {unknown:?}");
}

#[test]
fn the_matrix_is_what_was_read_and_agreed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy_matrix.txt");
    let now = table::render(&tables());
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &now).expect("the snapshot is written");
        return;
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    if agreed != now {
        panic!(
            "the policy differs from policy_matrix.txt:\n\n{}\nrun with UPDATE_SNAPSHOTS=1 and read what changed",
            table::diff(&agreed, &now)
        );
    }
}
