//! Time as the house stores it: microseconds since 1970 in UTC. Which clock it came from is the caller's business.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment(pub i64);

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    /// What is waited for has no instant yet: later than any.
    pub const NEVER: Moment = Moment(i64::MAX);

    pub fn micros(self) -> i64 {
        self.0
    }

    pub fn plus(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// The next full minute: every date that people choose is one, and clocks on pages show no seconds.
    pub fn next_minute(self) -> Self {
        Moment(self.0.div_euclid(MINUTE) * MINUTE + MINUTE)
    }

    /// In time for a deadline. The instant of the deadline is already late: the one comparison, used everywhere.
    pub fn before(self, deadline: Moment) -> bool {
        self.0 < deadline.0
    }

    pub fn reached(self, instant: Moment) -> bool {
        !self.before(instant)
    }

    /// RFC 3339 in UTC with microseconds, as receipts and exports carry it.
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_microsecond(self.0).map_or_else(|_| self.0.to_string(), |t| format!("{t:.6}"))
    }

    /// The same instant as the clocks of a zone show it, with their offset; UTC where the zone is not known.
    pub fn rfc3339_in(self, zone: &str) -> String {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        jiff::Timestamp::from_microsecond(self.0)
            .map_or_else(|_| self.0.to_string(), |at| at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string())
    }
}

impl From<i64> for Moment {
    fn from(micros: i64) -> Self {
        Self(micros)
    }
}

/// Local date and time of a zone (`2026-12-01`, `17:00`, `Europe/Paris`) as an instant. A time that a change of clocks
/// skips or repeats is taken as the later reading, which favours whoever answers a deadline.
pub fn local(date: &str, time: &str, zone: &str) -> Result<Moment, LocalError> {
    let zone = jiff::tz::TimeZone::get(zone).map_err(|_| LocalError::Zone)?;
    let date: jiff::civil::Date = date.trim().parse().map_err(|_| LocalError::Date)?;
    let time: jiff::civil::Time = time.trim().parse().map_err(|_| LocalError::Time)?;
    let instant = zone.to_ambiguous_timestamp(date.to_datetime(time)).later().map_err(|_| LocalError::Date)?;
    Ok(Moment(instant.as_microsecond()))
}

/// The inverse, to the minute: as date and time fields of a form are filled in.
pub fn local_fields(at: Moment, zone: &str) -> (String, String) {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    match jiff::Timestamp::from_microsecond(at.micros()) {
        Ok(at) => {
            let at = at.to_zoned(zone);
            (at.strftime("%Y-%m-%d").to_string(), at.strftime("%H:%M").to_string())
        }
        Err(_) => Default::default(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalError {
    Date,
    Time,
    Zone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_over_when_the_next_begins() {
        assert_eq!(Moment(0).next_minute(), Moment(MINUTE));
        assert_eq!(Moment(MINUTE - 1).next_minute(), Moment(MINUTE));
        assert_eq!(Moment(MINUTE).next_minute(), Moment(2 * MINUTE));
    }

    #[test]
    fn the_instant_of_the_deadline_is_already_late() {
        let deadline = Moment(1_000);
        assert!(Moment(999).before(deadline));
        assert!(!Moment(1_000).before(deadline));
        assert!(Moment(1_000).reached(deadline));
    }

    #[test]
    fn local_times_follow_their_zone() {
        let winter = local("2026-12-01", "17:00", "Europe/Paris").unwrap();
        assert_eq!(winter.rfc3339(), "2026-12-01T16:00:00.000000Z");
        assert_eq!(local_fields(winter, "Europe/Paris"), ("2026-12-01".into(), "17:00".into()));
        let summer = local("2026-07-01", "17:00", "Europe/Paris").unwrap();
        assert_eq!(summer.rfc3339(), "2026-07-01T15:00:00.000000Z");
        assert_eq!(local("2026-13-01", "17:00", "Europe/Paris"), Err(LocalError::Date));
        assert_eq!(local("2026-12-01", "25:00", "Europe/Paris"), Err(LocalError::Time));
        assert_eq!(local("2026-12-01", "17:00", "Mars/Olympus"), Err(LocalError::Zone));
    }
}
