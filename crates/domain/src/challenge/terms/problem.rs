//! The problem in its parts.

use serde::{Deserialize, Serialize};

/// Markdown each. A challenge written before there were parts has all of them empty and its whole text in `Terms::statement`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Who is affected, and how many.
    pub affected: String,
    /// What happens now, with a number.
    pub now: String,
    /// Where that number comes from.
    pub source: String,
    pub why_now: String,
    /// What was tried, and what came of it.
    pub tried: String,
}
