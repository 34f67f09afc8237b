//! Two families: what a person can mend, and what they cannot.

use domain::form::FieldError;
use domain::policy::{Refusal, Refused};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no; told in a sentence, or as "not found" where existence is a secret.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Told by the field, with what was typed kept.
    #[error("the form has errors")]
    Invalid(Vec<FieldError>),
    /// Somebody else wrote in between: what was typed is kept and shown beside what stands now.
    #[error("somebody else changed this since it was read")]
    Stale,
    /// Submissions that stand are not there as they were received: nothing was opened, and what is wrong with which is told.
    #[error("submissions that stand are not there as they were received")]
    NotWhole(Vec<crate::response::Unwhole>),
    /// Nothing was written; trying again may work.
    #[error("busy")]
    Busy,
    /// The cause goes to the log, an incident number to the person.
    #[error(transparent)]
    Store(store::Error),
    #[error(transparent)]
    Search(#[from] search::Error),
    #[error("sealing: {0}")]
    Sealing(#[from] crate::sealing::SealError),
    #[error(transparent)]
    Files(files::Error),
    #[error("{0}")]
    Broken(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Stale => Error::Stale,
            error if error.is_contention() => Error::Busy,
            error => Error::Store(error),
        }
    }
}

impl Error {
    pub fn field(field: &str, code: &str) -> Self {
        Error::Invalid(vec![FieldError::new(field, code)])
    }

    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Error::Refused(refused) => Some(refused.why),
            _ => None,
        }
    }
}
