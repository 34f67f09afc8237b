//! Being told of what is found: what somebody can keep, how often it is told, and when its mail comes.

use crate::moment::{MINUTE, Moment};
use crate::notice::Choice;
use crate::organisation::codes;

/// What an alert waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Whatever a search finds; its value is the search as it stands in an address.
    Search,
    /// Whatever a buyer publishes; its value is the buyer's id.
    Buyer,
    /// Challenges in a category or a part of it; its value is the category's code.
    Category,
}

codes!(What { Search = "search", Buyer = "buyer", Category = "category" });

/// So many one person or address may keep: more would be a list that nobody reads.
pub const MOST: i64 = 100;

/// The longest value that is kept, in bytes: an entry of an index must hold it.
pub const LONGEST_VALUE: usize = 2_000;

/// A link that confirms an alert is good for so long.
pub const CONFIRM_WITHIN: i64 = 7 * crate::moment::DAY;

/// How often an alert tells. `None` for anything else: an alert that only shows in a list would tell nobody.
pub fn rhythm(code: &str) -> Option<Choice> {
    Choice::parse(code).filter(|choice| *choice != Choice::InApp)
}

/// The instant whose mail takes in what is found `now`. "At once" waits for the end of the minute, so that many documents
/// published at the same instant come in one mail.
pub fn mail_at(rhythm: Choice, now: Moment, zone: &str) -> Moment {
    rhythm.summary_after(now, zone).unwrap_or(Moment((now.micros().div_euclid(MINUTE) + 1) * MINUTE))
}

/// Whether a document that was last published or changed at `updated` is news to an alert that began at `since`.
pub fn is_news(updated: Moment, since: Moment) -> bool {
    updated.reached(since)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::local;

    #[test]
    fn at_once_is_within_the_minute_and_summaries_come_in_the_morning() {
        let now = Moment(7 * MINUTE + 1);
        assert_eq!(mail_at(Choice::AtOnce, now, "UTC"), Moment(8 * MINUTE));
        assert_eq!(mail_at(Choice::AtOnce, Moment(8 * MINUTE), "UTC"), Moment(9 * MINUTE), "strictly after");
        let evening = local("2026-11-26", "19:00", "Europe/Paris").unwrap();
        assert_eq!(mail_at(Choice::Daily, evening, "Europe/Paris"), local("2026-11-27", "08:00", "Europe/Paris").unwrap());
        assert_eq!(mail_at(Choice::Weekly, evening, "Europe/Paris"), local("2026-11-30", "08:00", "Europe/Paris").unwrap());
    }

    #[test]
    fn an_alert_tells_by_mail_and_only_of_what_came_later() {
        assert_eq!(rhythm("daily"), Some(Choice::Daily));
        assert_eq!(rhythm("in_app"), None);
        assert_eq!(rhythm("hourly"), None);
        assert!(is_news(Moment(5), Moment(5)) && is_news(Moment(6), Moment(5)) && !is_news(Moment(4), Moment(5)));
    }
}
