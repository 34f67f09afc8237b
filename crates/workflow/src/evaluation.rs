//! The panel's work: appointment, declarations, scoring, moderation, the record, the result.

mod assign;
mod declare;
mod expert;
mod lots;
mod moderate;
mod panel;
mod record;
mod result;
mod score;
mod written;

pub use assign::{Unassigned, assign_responses};
pub use declare::{declare_interest, settle_declaration};
use domain::ids::RoundId;
use domain::policy::ChallengeFacts;
pub use expert::{SeatInvitation, accept_seat, invite_expert, read_seat_invitation, withdraw_expert};
pub use lots::{ask_lots, draw_lots};
pub use moderate::{
    Member, Moderation, ModerationItem, agree_score, no_item, read_moderation, read_moderation_of, read_moderation_position,
    record_dissent, record_minutes, revise_score,
};
pub use panel::{PanelView, appoint_seat, end_seat, name_deputy, read_panel, remind_panel};
pub use record::{approve_record, confirm_record, propose_record, sign_record};
pub use result::{ResultView, firmness, read_result, read_result_of, result, what_if};
pub(crate) use result::{result_mark, result_view};
pub use score::{
    Contents, Rest, SHORTEST_REASON, ScoringRoom, clear_score, lock_scores, needs_reason, own_faults, read_across,
    read_scoring_room, read_to_score, score_response, unlock_scores,
};
pub use written::Approval;

use crate::{Error, Result};

fn round_of(facts: &ChallengeFacts) -> Result<RoundId> {
    facts.round.ok_or_else(|| Error::Broken("a published challenge without a round".into()))
}
