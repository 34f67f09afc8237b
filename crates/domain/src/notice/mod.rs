//! Telling people: which events there are, whom each concerns, and what a person may switch off.
//!
//! An [`Event`] is told in the transaction of the change it tells of (`store`'s `Tx::tell`), once. It carries a closed list
//! of words (title, public reason, names of organisations), so that nothing sealed can be put into a notice or a mail.

mod choice;
mod event;
mod reminder;

pub use choice::{Choice, Stop};
pub use event::{Event, Words, id_of};
pub use reminder::{Circumstances, Left, Owed, Step, left, reminds, step};

use crate::organisation::codes;

/// What can happen that somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// A draft was put before its approvers: told to its other officers.
    SentForReview,
    /// Somebody's approval is wanted.
    ApprovalWanted,
    /// Sent back to its officers.
    SentBack,
    /// Approved, to be published at an instant.
    Approved,
    /// Its publication was moved to another instant.
    Rescheduled,
    /// Taken back to draft before it was published.
    TakenBack,
    /// A draft is shown in public for comments.
    SoundingOpened,
    /// Comments are taken for two days more.
    SoundingCloses,
    /// Somebody commented on a draft, in a sounding or by invitation.
    CommentOnDraft,
    /// The authority said what became of a comment: told to who wrote it.
    CommentAnswered,
    Published,
    Amended,
    DeadlineExtended,
    /// A deadline was reopened for a recorded failure of the service.
    Reopened,
    Cancelled,
    EnquiryReceived,
    /// The authority asks whether a confidential enquiry may be published.
    EnquiryAskedBack,
    EnquiryAnswered,
    /// A deadline to answer comes near: told to followers, and to the members of each supplier whose response is not whole yet,
    /// with what is to be done as the number ([`Owed`]).
    DeadlineNear,
    /// The deadline has passed, and the reader's supplier did not answer: what kept it?
    WhyNot,
    /// One officer asked for the opening: another confirms it.
    OpeningAsked,
    /// Lots were asked for: a second person draws them.
    LotsAsked,
    Opened,
    /// The price envelopes were opened.
    PricesOpened,
    /// Something of the own response is to be clarified by a time.
    ClarificationAsked,
    /// A supplier answered what it was asked.
    ClarificationAnswered,
    /// Every response is passed or excluded: the panel can score.
    Checked,
    PanelSeat,
    /// A seat holder declared a conflict that waits for an officer.
    ConflictDeclared,
    DeclarationSettled,
    /// Scores are wanted by a date.
    ScoresDue,
    /// An officer asks those who have not declared or not finished.
    PanelReminded,
    /// The chair gave a scorer's locked scores back.
    ScoresUnlocked,
    /// All scorers have locked: the panel discusses.
    ModerationBegun,
    /// Somebody joined a panel that discussed, because it had too few: the discussion rests while they score.
    PanelFilled,
    /// The panel's record waits for the approval of its members.
    RecordProposed,
    DecisionRecommended,
    DecisionSentBack,
    Decided,
    /// The decision on the own response.
    Letter,
    /// The own response goes on to the next round.
    Invited,
    /// A cut was approved, and the next round began: told to the team alone.
    RoundBegun,
    /// A later round's deadline was moved: told to those who were invited to it.
    RoundExtended,
    /// Answers to a later round are due, and the own supplier's are missing.
    RoundDue,
    /// Times for an interview are offered to the own supplier.
    SlotsOffered,
    /// A supplier took a time.
    SlotBooked,
    /// The own time was withdrawn.
    SlotWithdrawn,
    /// An interview comes near: told to both sides.
    InterviewNear,
    BuyerVerified,
}

codes!(EventKind {
    SentForReview = "sent_for_review",
    ApprovalWanted = "approval_wanted",
    SentBack = "sent_back",
    Approved = "approved",
    Rescheduled = "rescheduled",
    TakenBack = "taken_back",
    SoundingOpened = "sounding_opened",
    SoundingCloses = "sounding_closes",
    CommentOnDraft = "comment_on_draft",
    CommentAnswered = "comment_answered",
    Published = "published",
    Amended = "amended",
    DeadlineExtended = "deadline_extended",
    Reopened = "reopened",
    Cancelled = "cancelled",
    EnquiryReceived = "enquiry_received",
    EnquiryAskedBack = "enquiry_asked_back",
    EnquiryAnswered = "enquiry_answered",
    DeadlineNear = "deadline_near",
    WhyNot = "why_not",
    OpeningAsked = "opening_asked",
    LotsAsked = "lots_asked",
    Opened = "opened",
    PricesOpened = "prices_opened",
    ClarificationAsked = "clarification_asked",
    ClarificationAnswered = "clarification_answered",
    Checked = "checked",
    PanelSeat = "panel_seat",
    ConflictDeclared = "conflict_declared",
    DeclarationSettled = "declaration_settled",
    ScoresDue = "scores_due",
    PanelReminded = "panel_reminded",
    ScoresUnlocked = "scores_unlocked",
    ModerationBegun = "moderation_begun",
    PanelFilled = "panel_filled",
    RecordProposed = "record_proposed",
    DecisionRecommended = "decision_recommended",
    DecisionSentBack = "decision_sent_back",
    Decided = "decided",
    Letter = "letter",
    Invited = "invited",
    RoundBegun = "round_begun",
    RoundExtended = "round_extended",
    RoundDue = "round_due",
    SlotsOffered = "slots_offered",
    SlotBooked = "slot_booked",
    SlotWithdrawn = "slot_withdrawn",
    InterviewNear = "interview_near",
    BuyerVerified = "buyer_verified",
});

/// Whom an event concerns. The store finds them; nobody else learns who they are, above all not who drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Members of a supplier whose submission to the challenge stands.
    Answered,
    /// Members of a supplier that began a response to the challenge.
    Drafters,
    /// Of these, those whose supplier has not submitted.
    StillDrafting,
    Followers,
    /// Of these, those who belong to no supplier that has submitted.
    StillFollowing,
    /// Of the followers, those who belong to no supplier that began a response; nobody where the event concerns an organisation.
    OnlyFollowing,
    /// On the challenge's team.
    Officers,
    Approvers,
    /// Everybody with a seat on the panel who was not removed.
    Seats,
    /// Of these, who scores and has not locked.
    Scorers,
    /// All members of the event's organisation.
    Members,
    /// Its owners.
    Owners,
    /// Those whom the event names: who asked, who was appointed, whose approval is wanted.
    Named,
}

/// Whether the receiver may switch the mail off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The receiver chooses.
    None,
    /// Those who have answered are always told at once: a change of what they answered binds them, and directive
    /// 2014/24/EU, art. 47 and 53 give additional information and extended time limits to all who take part. Others choose.
    ToThoseWhoAnswered,
    /// Always: a supplier is informed of the decision on its response (directive 2014/24/EU, art. 55; directive 89/665/EEC,
    /// art. 2a: the standstill runs from this message), and asked before it is excluded or its price rejected (art. 56(3), 69),
    /// and those who go on are invited simultaneously and in writing (art. 54(1)), and told of a later deadline (art. 47(3)).
    /// The receipt of a submission (art. 22 and annex IV) has a mail of its
    /// own and no choice either.
    Always,
}

impl EventKind {
    /// Whom it concerns, those first whose mail cannot be switched off: a person in two groups is told once, as the first.
    pub fn groups(self) -> &'static [Group] {
        use EventKind as K;
        use Group as G;
        match self {
            K::SentForReview | K::SentBack | K::CommentOnDraft | K::EnquiryReceived | K::ConflictDeclared | K::OpeningAsked => {
                &[G::Officers]
            }
            K::ClarificationAnswered => &[G::Officers],
            K::ClarificationAsked | K::Invited | K::RoundExtended | K::RoundDue | K::SlotsOffered | K::SlotWithdrawn => {
                &[G::Members]
            }
            K::SlotBooked => &[G::Officers],
            K::InterviewNear => &[G::Members, G::Officers, G::Seats],
            K::Approved | K::Rescheduled | K::TakenBack | K::RoundBegun => &[G::Officers, G::Approvers],
            K::LotsAsked => &[G::Officers, G::Approvers, G::Named],
            K::DecisionSentBack => &[G::Officers],
            K::ApprovalWanted | K::DecisionRecommended => &[G::Approvers, G::Named],
            K::SoundingOpened | K::Published => &[G::Followers, G::Officers, G::Approvers, G::Named],
            K::SoundingCloses => &[G::Followers, G::Officers, G::Named],
            K::Amended | K::DeadlineExtended | K::Reopened | K::Cancelled => {
                &[G::Answered, G::Drafters, G::Followers, G::Seats, G::Officers, G::Approvers]
            }
            K::EnquiryAnswered => &[G::Named, G::Answered, G::Drafters, G::Followers, G::Officers],
            K::DeadlineNear => &[G::Members, G::OnlyFollowing],
            K::WhyNot => &[G::StillDrafting, G::StillFollowing],
            K::Opened | K::PricesOpened | K::Checked => &[G::Seats, G::Officers],
            K::PanelSeat
            | K::RecordProposed
            | K::DeclarationSettled
            | K::EnquiryAskedBack
            | K::CommentAnswered
            | K::ScoresUnlocked => &[G::Named],
            K::ScoresDue | K::PanelReminded => &[G::Scorers],
            K::ModerationBegun => &[G::Seats],
            K::PanelFilled => &[G::Seats, G::Officers],
            K::Decided => &[G::Followers, G::Officers, G::Approvers, G::Seats],
            K::Letter => &[G::Members],
            K::BuyerVerified => &[G::Owners],
        }
    }

    pub fn duty(self) -> Duty {
        match self {
            EventKind::Letter | EventKind::ClarificationAsked | EventKind::Invited | EventKind::RoundExtended => Duty::Always,
            EventKind::Amended | EventKind::DeadlineExtended | EventKind::Reopened | EventKind::Cancelled => {
                Duty::ToThoseWhoAnswered
            }
            _ => Duty::None,
        }
    }

    /// Whether the mail goes out whatever the receiver chose.
    pub fn required_for(self, group: Group) -> bool {
        match self.duty() {
            Duty::None => false,
            Duty::ToThoseWhoAnswered => group == Group::Answered,
            Duty::Always => true,
        }
    }

    /// What holds until somebody chooses otherwise: what asks for an act or moves a date comes at once, the rest once a day.
    pub fn usual(self) -> Choice {
        match self {
            EventKind::SentForReview | EventKind::CommentOnDraft | EventKind::Decided | EventKind::WhyNot => Choice::Daily,
            _ => Choice::AtOnce,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_whose_mail_is_required_come_first() {
        for kind in EventKind::ALL {
            let required: Vec<bool> = kind.groups().iter().map(|group| kind.required_for(*group)).collect();
            assert!(required.is_sorted_by(|a, b| a >= b), "{kind:?}: told as somebody who may choose, and required after");
            assert!(!kind.groups().is_empty(), "{kind:?} concerns nobody");
        }
    }

    #[test]
    fn what_the_law_asks_for_cannot_be_switched_off() {
        assert!(EventKind::Letter.required_for(Group::Members));
        for kind in [EventKind::Amended, EventKind::DeadlineExtended, EventKind::Reopened, EventKind::Cancelled] {
            assert!(kind.required_for(Group::Answered), "{kind:?}");
            assert!(!kind.required_for(Group::Followers), "{kind:?}: a follower chooses");
        }
    }

    #[test]
    fn a_buyer_s_own_people_are_never_found_by_what_they_may_not_know() {
        // Who drafts or has answered is told of changes; no event about drafts is told to the buyer's side.
        for kind in EventKind::ALL.iter().filter(|kind| kind.groups().contains(&Group::StillDrafting)) {
            assert!(!kind.groups().iter().any(|group| matches!(group, Group::Officers | Group::Approvers | Group::Seats)));
        }
    }
}
