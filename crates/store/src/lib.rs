//! The only crate that knows the database: SQLite embedded by default, PostgreSQL where one machine is outgrown.
//!
//! Facts in, change out; it decides nothing. It must never hold a rule of procurement, read a clock outside [`Conn::now`],
//! or offer a write that takes no permit where `policy` has a verb for it.
//!
//! To add a table: a migration with its reasons, a room module with functions on [`Conn`] (reads) or [`Tx`] (writes), every
//! statement through the macros of `sql.rs` (a test prepares each on both databases), and a contract test in `tests/`.

#[macro_use]
mod sql;
pub mod backup;
#[cfg(feature = "bench")]
pub mod bench;
mod chain;
mod clarification_file;
mod clock;
mod conn;
mod lock;
mod lookup;
mod migrate;
mod moderation;
mod outbox;
mod pools;
#[cfg(feature = "bench")]
pub mod rivals;
mod tx;
mod writer;

mod account;
mod agreement;
mod alert;
mod amendment;
mod approval;
mod award;
mod challenge;
mod check;
mod draft_link;
mod enclosure;
mod enquiry;
mod evaluation;
mod expert;
mod facts;
mod file;
mod finding;
mod history;
mod interview;
mod library;
mod lots;
mod notice;
mod opening;
mod organisation;
mod outage;
mod reach;
mod reader;
mod redaction;
mod response;
mod rounds;
mod sealed_keys;
mod signing;
mod sounding;
mod submitting;

#[cfg(feature = "testing")]
pub mod testing;

pub use account::{NewUser, PendingToken, SessionRow, User};
pub use alert::{AlertRow, NewAlert, Owner};
pub use amendment::{AmendmentRow, NewVersion};
pub use approval::{ApprovalRow, NeedRow, NewApproval, OfficialNoticeRow, Publication, ReasonRow};
pub use award::{DecisionRow, LineRow, NewDecision, NewRound};
pub use chain::{Head, Verified};
pub use challenge::{ChallengeRow, EventRow, Heading, SectionRow, TeamRow, VersionRow};
pub use check::{AnsweredClarificationRow, CheckRow, NewCheck};
pub use clarification_file::{ClarificationFileRow, NewClarificationFile};
pub use conn::{Conn, Lock};
pub use draft_link::{DraftLinkRow, NewDraftLink, SignOffRow};
pub use enclosure::{EnclosureRow, NewEnclosure};
pub use enquiry::{AnsweredRow, EnquiryRow};
pub use evaluation::{DeclarationRow, EndedSeatRow, FinalRow, GivenScore, LeftRow, NextPointRow, ScoreRow, SeatRow, UnlockRow};
pub use expert::SeatInvitationRow;
pub use file::FileRow;
pub use finding::FindingRow;
pub use history::{NewPast, NewSolution, PastRow, SolutionRow};
pub use interview::SlotRow;
pub use library::{AwardRow, CameRow, EntryRow};
pub use lots::{LotOfRow, LotRow};
pub use moderation::{AgreedRow, ConfirmationRow, NoteRow, PanelRow, ProposalRow, SignatureRow, WithoutRow};
pub use notice::{MOST_UNREAD, NoticeRow, ReminderRow, ResponseDueRow, RoundDueRow};
pub use opening::{Left, NewOpening, OpenedSubmissionRow, OpeningRow, Unsealed};
pub use organisation::{InvitationRow, MemberRow, MembershipRow, OrganisationRow};
pub use outbox::{Mail, Outgoing};
pub use pools::Options;
pub use reach::{PartnerRow, ReachRow};
pub use reader::{PassageCommentRow, ReaderRow};
pub use redaction::RedactionRow;
pub use response::{AnswerRow, EnvelopeRow, NewAnswer, ResponseRow, RoundRow, StandingRow, SubmissionRow};
pub use rounds::RoundExtensionRow;
pub use sealed_keys::{OpenedKeyRow, RoundKeyRow};
pub use signing::SigningKeyRow;
pub use sounding::{SoundingCommentRow, SoundingOutcomeRow, SoundingRow};
pub use sql::{Statement, statements};
pub use submitting::{NewEnvelope, NewSubmission, SubmittingRow, TypedAnswer, TypedRow, WrittenRow};
pub use tx::Tx;
pub use writer::Store;

use futures::future::BoxFuture;

/// The future of a verb inside [`Store::write`].
pub type Work<'t, T, E> = BoxFuture<'t, Result<T, E>>;

/// What a person cannot mend. Never shown, never serialised: the cause goes to the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("stored {what} does not parse: {why}")]
    Corrupt { what: &'static str, why: String },
    #[error("the schema is of a newer release ({found}) than this program ({known}): install that release")]
    NewerSchema { found: i64, known: i64 },
    #[error("a verb wrote without recording it")]
    Unrecorded,
    #[error("a permit was used outside the transaction whose facts it was decided on")]
    ForeignPermit,
    #[error("a verb panicked")]
    Panicked,
    #[error("the batch was not committed: {0}")]
    Batch(String),
    #[error("the store is shutting down")]
    Closed,
    /// Compare-and-set found another version: somebody else wrote in between.
    #[error("stale")]
    Stale,
    #[error("{0}")]
    Settings(String),
}

impl Error {
    /// Two nodes locked in opposite order, or a lock was not had in time: nothing was written, trying again may work.
    pub fn is_contention(&self) -> bool {
        let Error::Database(sqlx::Error::Database(error)) = self else { return false };
        matches!(error.code().as_deref(), Some("40P01" | "55P03" | "40001"))
    }

    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Error::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

pub(crate) fn corrupt(what: &'static str) -> Error {
    Error::Corrupt { what, why: "unknown code".into() }
}
