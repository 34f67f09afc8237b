//! Mail leaves here: rows of the outbox are claimed, rendered and handed to the mail server, or written as files.
//!
//! Never twice: a row is claimed before it is sent, and a claim that did not end (a crash, a server that fell silent after
//! it had the whole mail) is never sent again by itself. Therefore one row is claimed at a time: a crash strands one mail,
//! not a batch.

mod folder;
mod message;
mod sender;
mod smtp;

pub use folder::Folder;
pub use message::Letter;
pub use sender::{Sender, Way};
pub use smtp::{Smtp, SmtpServer};

/// What became of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// Its reader stopped the kind, or it does not hold any more: done, and nothing left.
    Silent,
    /// It certainly did not leave.
    Kept(Kept),
    /// The server may have taken it: nobody can tell.
    Uncertain(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nobody is there to take it: the next one need not be tried.
    Unreachable(String),
    /// Not now.
    Later(String),
    /// Not ever: the server refused this mail.
    ForEver(String),
}
