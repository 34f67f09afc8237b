//! How a person wants to hear of a kind of event, and what one click stops.

use crate::moment::Moment;
use crate::notice::EventKind;
use crate::organisation::codes;

/// Each notice stands in the reader's list whatever was chosen; this is about mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    AtOnce,
    /// One mail a day with all of the day, in the morning of the reader's zone.
    Daily,
    /// The same each Monday.
    Weekly,
    InApp,
}

codes!(Choice { AtOnce = "at_once", Daily = "daily", Weekly = "weekly", InApp = "in_app" });

/// The hour at which summaries come, in the reader's zone.
const MORNING: i8 = 8;

impl Choice {
    /// When the summary that takes in something told `now` comes: the next morning (or Monday's) strictly after. `None` where
    /// there is no summary. An unknown zone counts as UTC.
    pub fn summary_after(self, now: Moment, zone: &str) -> Option<Moment> {
        if !matches!(self, Choice::Daily | Choice::Weekly) {
            return None;
        }
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let here = jiff::Timestamp::from_microsecond(now.micros()).ok()?.to_zoned(zone.clone());
        let mut day = here.date();
        loop {
            let wanted = self == Choice::Daily || day.weekday() == jiff::civil::Weekday::Monday;
            let morning = zone.to_ambiguous_timestamp(day.at(MORNING, 0, 0, 0)).later().ok()?;
            let morning = Moment(morning.as_microsecond());
            if wanted && now.before(morning) {
                return Some(morning);
            }
            day = day.tomorrow().ok()?;
        }
    }
}

/// What a link in a mail stops, without signing in: mail of one kind, or a summary. The list in the app goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Kind(EventKind),
    Summary(Choice),
}

impl Stop {
    pub fn code(self) -> &'static str {
        match self {
            Stop::Kind(kind) => kind.code(),
            Stop::Summary(choice) => choice.code(),
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        let summary = Choice::parse(code).filter(|choice| matches!(choice, Choice::Daily | Choice::Weekly));
        summary.map(Stop::Summary).or_else(|| EventKind::parse(code).map(Stop::Kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::local;

    fn at(date: &str, time: &str, zone: &str) -> Moment {
        local(date, time, zone).unwrap()
    }

    #[test]
    fn a_summary_comes_the_next_morning_of_the_reader() {
        let zone = "Europe/Paris";
        let morning = at("2026-11-25", "08:00", zone);
        assert_eq!(Choice::Daily.summary_after(at("2026-11-24", "17:00", zone), zone), Some(morning));
        assert_eq!(Choice::Daily.summary_after(at("2026-11-25", "07:59", zone), zone), Some(morning));
        assert_eq!(Choice::Daily.summary_after(morning, zone), Some(at("2026-11-26", "08:00", zone)), "never into one gone by");
        assert_eq!(Choice::AtOnce.summary_after(morning, zone), None);
        assert_eq!(Choice::InApp.summary_after(morning, zone), None);
    }

    #[test]
    fn a_weekly_summary_comes_on_monday_also_over_a_change_of_clocks() {
        let zone = "Europe/Paris";
        // Clocks go back on Sunday, 25 October 2026.
        let monday = Choice::Weekly.summary_after(at("2026-10-23", "12:00", zone), zone).unwrap();
        assert_eq!(monday, at("2026-10-26", "08:00", zone));
        assert_eq!(Choice::Weekly.summary_after(monday, zone), Some(at("2026-11-02", "08:00", zone)));
    }

    #[test]
    fn a_stop_is_read_as_it_is_written() {
        for kind in EventKind::ALL {
            assert_eq!(Stop::parse(kind.code()), Some(Stop::Kind(*kind)));
        }
        assert_eq!(Stop::parse("weekly"), Some(Stop::Summary(Choice::Weekly)));
        assert_eq!(Stop::parse("at_once"), None);
    }
}
