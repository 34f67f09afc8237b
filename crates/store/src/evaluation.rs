//! The panel: seats, declarations, scores.

mod declarations;
mod scores;
mod seats;

pub use self::declarations::{DeclarationRow, LeftRow};
pub use self::scores::{FinalRow, GivenScore, NextPointRow, ScoreRow, UnlockRow};
pub use self::seats::{EndedSeatRow, SeatRow};
