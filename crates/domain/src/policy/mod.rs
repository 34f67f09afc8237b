//! Who may do what: the one place that decides.
//!
//! Pure functions from (actor, facts) to a [`Permit`] or a [`Refused`] with its reason, and from (actor, facts) to the
//! scope of what may be seen. Only this module can make a permit, and every write of the store takes one, so that
//! forgetting to ask does not compile. A permit is branded with the transaction whose facts it was decided on; the store
//! refuses it in any other.
//!
//! To add a verb: name it in `verbs!` with its kind of subject, write its function in the room it belongs to, add it to
//! the matrix test (`tests/policy_matrix.rs`) and read what the matrix then says.

mod alert;
mod amendment;
mod award;
mod challenge;
mod check;
mod draft_link;
mod enquiry;
mod evaluation;
mod facts;
mod file;
mod interview;
mod library;
mod notice;
mod organisation;
mod reader;
mod response;
mod rounds;
mod search;
mod sounding;

use std::marker::PhantomData;

pub use alert::*;
pub use amendment::*;
pub use award::*;
pub use challenge::*;
pub use check::*;
pub use draft_link::*;
pub use enquiry::*;
pub use evaluation::*;
pub use facts::*;
pub use file::*;
pub use interview::*;
pub use library::*;
pub use notice::*;
pub use organisation::*;
pub use reader::*;
pub use response::*;
pub use rounds::*;
pub use search::*;
pub use sounding::*;

use crate::challenge::Stage;
use crate::ids::{AlertId, AmendmentId, EnquiryId, OrganisationId, SolutionId, UserId};
use crate::moment::Moment;
use crate::organisation::Actor;

/// Ties a permit to the transaction that read its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Brand(pub u64);

/// What something is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    pub kind: &'static str,
    pub id: i64,
}

/// A thing that a person can do; its name is its one spelling from policy to page and in the record.
pub trait Verb {
    const NAME: &'static str;
    const SUBJECT: &'static str;
}

macro_rules! verbs {
    ($($type:ident = $name:literal on $subject:literal),+ $(,)?) => {
        $(#[derive(Clone, Copy, Debug)] pub struct $type;
        impl Verb for $type { const NAME: &'static str = $name; const SUBJECT: &'static str = $subject; })+
        /// Every verb's name, for the lists that must hold all of them.
        pub const VERBS: &[&str] = &[$($name),+];
    };
}

verbs! {
    CreateOrganisation = "create_organisation" on "organisation",
    EditOrganisation = "edit_organisation" on "organisation",
    VerifyBuyer = "verify_buyer" on "organisation",
    SetOpeningRule = "set_opening_rule" on "organisation",
    InviteMember = "invite_member" on "organisation",
    AcceptInvitation = "accept_invitation" on "organisation",
    EndMembership = "end_membership" on "organisation",
    ActAs = "act_as" on "organisation",
    Administer = "administer" on "installation",
    ManageNotices = "manage_notices" on "user",
    SaveAlert = "save_alert" on "user",
    ManageAlert = "manage_alert" on "alert",

    CreateChallenge = "create_challenge" on "organisation",
    EditChallenge = "edit_challenge" on "challenge",
    NameTeam = "name_team" on "challenge",
    DismissFinding = "dismiss_finding" on "challenge",
    TakeBackFinding = "take_back_finding" on "challenge",
    SubmitForReview = "submit_for_review" on "challenge",
    NameApproval = "name_approval" on "challenge",
    SendBackChallenge = "send_back_challenge" on "challenge",
    ApproveChallenge = "approve_challenge" on "challenge",
    TakeBackChallenge = "take_back_challenge" on "challenge",
    RescheduleChallenge = "reschedule_challenge" on "challenge",
    RecordOfficialNotice = "record_official_notice" on "challenge",
    CancelChallenge = "cancel_challenge" on "challenge",
    ReadChallenge = "read_challenge" on "challenge",
    ReadDraft = "read_draft" on "challenge",
    FollowChallenge = "follow_challenge" on "challenge",
    AttachFile = "attach_file" on "challenge",
    RemoveFile = "remove_file" on "challenge",
    ReadFile = "read_file" on "challenge",

    OpenSounding = "open_sounding" on "challenge",
    EndSounding = "end_sounding" on "sounding",
    TakeDownSounding = "take_down_sounding" on "sounding",
    ReadSounding = "read_sounding" on "sounding",
    CommentOnSounding = "comment_on_sounding" on "sounding",
    HideSoundingComment = "hide_sounding_comment" on "sounding",
    AnswerSounding = "answer_sounding" on "sounding",
    InviteReader = "invite_reader" on "challenge",
    RevokeReader = "revoke_reader" on "challenge",
    ReadInvitedDraft = "read_invited_draft" on "reader",
    CommentOnDraft = "comment_on_draft" on "reader",
    SettleComment = "settle_comment" on "challenge",

    BeginAmendment = "begin_amendment" on "challenge",
    EditAmendment = "edit_amendment" on "amendment",
    ProposeAmendment = "propose_amendment" on "amendment",
    DropAmendment = "drop_amendment" on "amendment",
    SendBackAmendment = "send_back_amendment" on "amendment",
    ApproveAmendment = "approve_amendment" on "amendment",
    ReadAmendment = "read_amendment" on "challenge",
    AskReopening = "ask_reopening" on "challenge",

    AskEnquiry = "ask_enquiry" on "challenge",
    ReadEnquiries = "read_enquiries" on "challenge",
    ReadOwnEnquiry = "read_own_enquiry" on "enquiry",
    WithdrawEnquiry = "withdraw_enquiry" on "enquiry",
    AgreeToPublish = "agree_to_publish" on "enquiry",
    AskBack = "ask_back" on "enquiry",
    AnswerEnquiry = "answer_enquiry" on "challenge",

    StartResponse = "start_response" on "challenge",
    SaveAnswer = "save_answer" on "response",
    SubmitResponse = "submit_response" on "response",
    WithdrawResponse = "withdraw_response" on "response",
    ReadOwnResponse = "read_own_response" on "response",
    ShareDraft = "share_draft" on "response",
    RevokeDraftLink = "revoke_draft_link" on "response",
    ReadSharedDraft = "read_shared_draft" on "draft_link",
    AskSignOff = "ask_sign_off" on "response",
    SignOff = "sign_off" on "draft_link",
    AskOpening = "ask_opening" on "round",
    OpenResponses = "open_responses" on "round",
    ReadOpening = "read_opening" on "round",
    DestroyKeys = "destroy_keys" on "round",
    ReadOpenedResponse = "read_opened_response" on "response",
    RedactResponse = "redact_response" on "response",
    ListOpenedResponses = "list_opened_responses" on "round",

    ReadCheck = "read_check" on "round",
    CheckResponse = "check_response" on "response",
    SaveClarification = "save_clarification" on "response",
    AnswerClarification = "answer_clarification" on "response",

    AppointSeat = "appoint_seat" on "round",
    EndSeat = "end_seat" on "seat",
    NameDeputy = "name_deputy" on "seat",
    RemindPanel = "remind_panel" on "round",
    InviteExpert = "invite_expert" on "round",
    WithdrawExpert = "withdraw_expert" on "round",
    AcceptSeat = "accept_seat" on "round",
    AssignResponses = "assign_responses" on "round",
    ReadPanel = "read_panel" on "round",
    DeclareInterest = "declare_interest" on "seat",
    SettleDeclaration = "settle_declaration" on "seat",
    ReadScoringRoom = "read_scoring_room" on "seat",
    ScoreResponse = "score_response" on "seat",
    LockScores = "lock_scores" on "seat",
    UnlockScores = "unlock_scores" on "seat",
    ReadModeration = "read_moderation" on "round",
    ReviseScore = "revise_score" on "seat",
    AgreeScore = "agree_score" on "round",
    RecordMinutes = "record_minutes" on "seat",
    RecordDissent = "record_dissent" on "seat",
    ProposeRecord = "propose_record" on "round",
    SignRecord = "sign_record" on "seat",
    ConfirmRecord = "confirm_record" on "round",
    ApproveRecord = "approve_record" on "round",
    ReadResult = "read_result" on "round",
    WhatIf = "what_if" on "round",
    AskLots = "ask_lots" on "round",
    DrawLots = "draw_lots" on "round",

    OfferSlots = "offer_slots" on "round",
    WithdrawSlot = "withdraw_slot" on "round",
    ReadInterviews = "read_interviews" on "round",
    BookSlot = "book_slot" on "response",
    ReadOwnInterview = "read_own_interview" on "response",
    ReadRounds = "read_rounds" on "challenge",
    ExtendRound = "extend_round" on "round",
    ApproveRoundExtension = "approve_round_extension" on "round",
    DeclineRoundExtension = "decline_round_extension" on "round",
    RecommendDecision = "recommend_decision" on "challenge",
    SendBackDecision = "send_back_decision" on "challenge",
    ApproveDecision = "approve_decision" on "challenge",
    ReadDecision = "read_decision" on "challenge",
    ReadLetter = "read_letter" on "response",

    PublishSolution = "publish_solution" on "organisation",
    ReadSolution = "read_solution" on "solution",
    EditSolution = "edit_solution" on "solution",
    ShareProblem = "share_problem" on "solution",
    ShowProfile = "show_profile" on "organisation",
    PostPartnerNote = "post_partner_note" on "challenge",
    EndPartnerNote = "end_partner_note" on "challenge",
    ReadReach = "read_reach" on "challenge",
    SayWhyNot = "say_why_not" on "challenge",
}

/// Proof that the policy was asked and said yes. Only this module makes one.
#[derive(Debug)]
pub struct Permit<V: Verb> {
    brand: Brand,
    by: Option<UserId>,
    acting_as: Option<i64>,
    subject: i64,
    now: Moment,
    verb: PhantomData<V>,
}

impl<V: Verb> Permit<V> {
    pub fn brand(&self) -> Brand {
        self.brand
    }

    /// Who does it. Jobs and visitors hold permits only for verbs whose writes name no person.
    pub fn by(&self) -> UserId {
        self.by.unwrap_or(UserId(0))
    }

    pub fn user(&self) -> Option<UserId> {
        self.by
    }

    pub fn acting_as(&self) -> Option<i64> {
        self.acting_as
    }

    pub fn subject(&self) -> Subject {
        Subject { kind: V::SUBJECT, id: self.subject }
    }

    pub fn now(&self) -> Moment {
        self.now
    }
}

/// Why something was refused. Each has a sentence in the catalogue (`refusal-<code>`) that says what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Signing in may help.
    SignIn,
    /// 404: its existence is a secret, or there is none.
    Unseen,
    /// The role does not allow it.
    NotYours,
    /// Only while acting for a buyer.
    ActAsBuyer,
    /// Only while acting for a supplier.
    ActAsSupplier,
    BuyerNotVerified,
    /// Four eyes: who wrote a part of it cannot approve it.
    OwnWork,
    /// Approvals are named, and none that is missing is theirs to give.
    NotAsked,
    /// Who recommended or scored cannot approve the decision.
    WroteOrScored,
    /// Not at this stage of the challenge.
    Stage,
    /// The deadline has passed.
    Late,
    /// Responses are still sealed.
    Sealed,
    /// The opening waits a minute after the deadline.
    TooEarly,
    /// A role in the buyer or a seat: may not act for a response.
    Conflict,
    /// Acts for a response: may not hold a seat.
    Supplies,
    Undeclared,
    Unsettled,
    Recused,
    Removed,
    Locked,
    /// The last owner cannot leave.
    LastOwner,
    NothingSubmitted,
    /// Responses are opened: a deadline cannot be opened again.
    Opened,
    /// The amendment is not where this could be done with it.
    AmendmentState,
    /// The day until which suppliers may ask has passed.
    EnquiriesOver,
    /// The enquiry is not where this could be done with it.
    EnquiryState,
    /// The sounding is not where this could be done with it.
    SoundingState,
    /// The opening is asked for by one officer before another confirms it.
    OpeningNotAsked,
    /// The opening is asked for already.
    OpeningAsked,
    /// Who asked for the opening cannot confirm it.
    OpeningOwn,
    /// Scores an anonymous round: the opening would show the names.
    ScoresHere,
    /// Handled names at the opening of an anonymous round: may not score it.
    HandledNames,
    /// The published method is another: agreed scores and revised own scores are never mixed.
    Method,
    /// Nobody is excluded without having been asked.
    NotAskedFirst,
    /// The supplier was asked, and its time to answer runs.
    ClarificationOpen,
    /// What was asked is settled: there is nothing to answer any more.
    ClarificationOver,
    /// Something that a supplier was asked is not settled.
    CheckOpen,
    /// Prices stay sealed until the quality scores are final.
    ScoresNotFinal,
    /// The seat of an expert from outside ended with its round.
    RoundOver,
    /// Who asked for the lots does not draw them.
    LotsOwn,
    /// Nobody has asked for these lots.
    LotsNotAsked,
    /// The check is not settled: scoring has not begun, or rests.
    Checking,
    /// The panel had seen all scores and was filled up: moderation goes on once whoever joined has locked.
    PanelFilled,
    /// A submission that stands is not there as it was received: nothing is opened until it is restored.
    NotWhole,
}

crate::organisation::codes!(Refusal {
    SignIn = "sign-in",
    Unseen = "unseen",
    NotYours = "not-yours",
    ActAsBuyer = "act-as-buyer",
    ActAsSupplier = "act-as-supplier",
    BuyerNotVerified = "buyer-not-verified",
    OwnWork = "own-work",
    NotAsked = "not-asked",
    WroteOrScored = "wrote-or-scored",
    Stage = "stage",
    Late = "late",
    Sealed = "sealed",
    TooEarly = "too-early",
    Conflict = "conflict",
    Supplies = "supplies",
    Undeclared = "undeclared",
    Unsettled = "unsettled",
    Recused = "recused",
    Removed = "removed",
    Locked = "locked",
    LastOwner = "last-owner",
    NothingSubmitted = "nothing-submitted",
    Opened = "opened",
    AmendmentState = "amendment-state",
    EnquiriesOver = "enquiries-over",
    EnquiryState = "enquiry-state",
    SoundingState = "sounding-state",
    OpeningNotAsked = "opening-not-asked",
    OpeningAsked = "opening-asked",
    OpeningOwn = "opening-own",
    ScoresHere = "scores-here",
    HandledNames = "handled-names",
    Method = "method",
    NotAskedFirst = "not-asked-first",
    ClarificationOpen = "clarification-open",
    ClarificationOver = "clarification-over",
    CheckOpen = "check-open",
    ScoresNotFinal = "scores-not-final",
    RoundOver = "round-over",
    LotsOwn = "lots-own",
    LotsNotAsked = "lots-not-asked",
    Checking = "checking",
    PanelFilled = "panel-filled",
    NotWhole = "not-whole",
});

/// A refusal with what was asked of what, so that attempts on sealed subjects can be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{verb} refused: {}", why.code())]
pub struct Refused {
    pub why: Refusal,
    pub verb: &'static str,
    pub subject: Subject,
    /// The subject is sealed: the attempt is recorded.
    pub sealed: bool,
}

impl Refused {
    /// There is no such thing, told the same way as a thing that may not be seen.
    pub fn unseen<V: Verb>(id: i64) -> Self {
        Self { why: Refusal::Unseen, verb: V::NAME, subject: Subject { kind: V::SUBJECT, id }, sealed: false }
    }
}

pub type Decision<V> = Result<Permit<V>, Refused>;

/// What every function of this module ends with.
fn decide<V: Verb>(actor: &Actor, at: (Brand, Moment), subject: i64, sealed: bool, refusal: Option<Refusal>) -> Decision<V> {
    match refusal {
        None => Ok(Permit {
            brand: at.0,
            by: actor.user(),
            acting_as: actor.acting_as().map(|acting| acting.organisation.get()),
            subject,
            now: at.1,
            verb: PhantomData,
        }),
        Some(why) => Err(Refused { why, verb: V::NAME, subject: Subject { kind: V::SUBJECT, id: subject }, sealed }),
    }
}

/// `None` when the condition holds, else the refusal.
fn unless(condition: bool, refusal: Refusal) -> Option<Refusal> {
    (!condition).then_some(refusal)
}

fn at_stage(stage: Stage, allowed: &[Stage]) -> Option<Refusal> {
    unless(allowed.contains(&stage), Refusal::Stage)
}
