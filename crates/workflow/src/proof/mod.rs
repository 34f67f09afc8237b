//! Signed papers: the receipt of a submission and the record of an opening, as JSON that anybody can check without this
//! program.
//!
//! A paper is signed with Ed25519 (RFC 8032) over its canonical form (RFC 8785) without `signature`. It holds stored facts
//! alone, so that it reads the same each time. Whoever checks it takes the public half from the installation's own address:
//! a key inside a paper would prove nothing, so there is only the key's name.

mod check;
mod keys;
mod once;
mod paper;
mod verify;

pub use check::{ContentStanding, Fault, Held, check, content_holds};
pub use keys::{KeyList, PublicKey, PublishedKey, Signer, published_keys};
pub use once::{Unfit, parse};
pub use paper::{Anchor, ContentDigest, OpenedPaper, OpenedSubmission, OpeningPaper, Paper, ReceiptPaper};
pub use verify::{RecordStanding, Verdict, compare_receipts, verify_paper};
