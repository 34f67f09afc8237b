//! Law profiles: numbers that differ by law, as data with tests, never scattered.

mod holidays;
mod threshold;

use serde::{Deserialize, Serialize};
pub use threshold::Threshold;

use crate::moment::Moment;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LawProfile {
    #[serde(rename = "eu-2014-24")]
    Eu2014_24,
    #[serde(rename = "uk-2023")]
    Uk2023,
    #[serde(rename = "scotland-2015")]
    Scotland2015,
    #[serde(rename = "us-model-code")]
    UsModelCode,
    #[default]
    #[serde(rename = "below-threshold")]
    BelowThreshold,
}

/// How long the contract waits after the decision notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standstill {
    None,
    CalendarDays(u8),
    WorkingDays(u8),
}

/// The numbers of one profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawNumbers {
    /// Least days between publication and the deadline.
    pub minimum_days: u8,
    /// An amendment of substance with fewer days left must move the deadline.
    pub amendment_days: u8,
    pub standstill: Standstill,
    /// Whole working days that a supplier has at least to clarify its response, or to explain its price.
    pub clarification_days: u8,
    /// Days after the decision or the cancellation for which the papers of a procurement are kept.
    pub retention_days: u16,
}

/// How one profile treats enquiries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnquiryRule {
    /// Days before the deadline until which suppliers may ask, where the timetable names no day.
    pub ask_days: u8,
    /// An answer with fewer days left before the deadline is late.
    pub answer_days: u8,
    /// A useful answer that is late moves the deadline, so that `answer_days` are left again.
    pub late_answer_moves: bool,
}

impl LawProfile {
    pub const ALL: [LawProfile; 5] = [Self::BelowThreshold, Self::Eu2014_24, Self::Uk2023, Self::Scotland2015, Self::UsModelCode];

    pub fn code(self) -> &'static str {
        match self {
            Self::Eu2014_24 => "eu-2014-24",
            Self::Uk2023 => "uk-2023",
            Self::Scotland2015 => "scotland-2015",
            Self::UsModelCode => "us-model-code",
            Self::BelowThreshold => "below-threshold",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.code() == code)
    }

    /// Sources: Directive 2014/24/EU art. 27(1) and (4) (30 days with electronic submission) and Directive 89/665/EEC art. 2a
    /// (10 days); Procurement Act 2023 ss. 51, 54 (8 working days; 25 days with electronic tendering); Public Contracts
    /// (Scotland) Regulations 2015 reg. 28 and 88; the Model Procurement Code leaves both to the jurisdiction. Papers are kept
    /// for three years: Directive 2014/24/EU art. 84(2), Procurement Act 2023 s. 98, the Scottish Regulations reg. 83, 2 CFR
    /// 200.334; below the thresholds for one, so that a court can still be asked.
    /// For clarifications the laws name no days but an "appropriate time limit" (Directive 2014/24/EU art. 56(3)); a
    /// period in which nobody can answer is no hearing, so there is a least one, in whole working days.
    pub fn numbers(self) -> LawNumbers {
        let (minimum_days, standstill) = match self {
            Self::Eu2014_24 | Self::Scotland2015 => (30, Standstill::CalendarDays(10)),
            Self::Uk2023 => (25, Standstill::WorkingDays(8)),
            Self::UsModelCode => (14, Standstill::None),
            Self::BelowThreshold => (0, Standstill::None),
        };
        let retention_days = if self == Self::BelowThreshold { 366 } else { 3 * 366 };
        let clarification_days = match self {
            Self::Eu2014_24 | Self::Uk2023 | Self::Scotland2015 => 3,
            Self::UsModelCode | Self::BelowThreshold => 2,
        };
        LawNumbers { minimum_days, amendment_days: 7, standstill, clarification_days, retention_days }
    }

    /// The last minute (23:59 in the zone) of a period of so many whole working days that begins after the day of `from`, as
    /// Regulation (EEC, Euratom) 1182/71 art. 3 counts: the day of the event is not one of them. Weekends and this law's
    /// holidays are none.
    pub fn working_days_after(self, from: Moment, days: u8, zone: &str) -> Moment {
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let Ok(at) = jiff::Timestamp::from_microsecond(from.micros()) else { return Moment::NEVER };
        let mut day = at.to_zoned(zone.clone()).date();
        let mut left = days;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return Moment::NEVER };
            day = next;
            let weekend = matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
            left -= u8::from(!weekend && self.holiday(day).is_none());
        }
        let end = zone.to_ambiguous_timestamp(day.at(23, 59, 0, 0)).later();
        end.map_or(Moment::NEVER, |end| Moment(end.as_microsecond()))
    }

    /// The earliest deadline of a clarification that is asked at `now`.
    pub fn clarification_from(self, now: Moment, zone: &str) -> Moment {
        self.working_days_after(now, self.numbers().clarification_days, zone)
    }

    /// Sources: Directive 2014/24/EU art. 47(3)(a) and Public Contracts (Scotland) Regulations 2015 reg. 48 (additional
    /// information asked for in good time is supplied six days before the deadline, or the deadline moves). The Procurement
    /// Act 2023 and the Model Procurement Code name no days: there, and below the thresholds, a late answer is flagged.
    pub fn enquiries(self) -> EnquiryRule {
        match self {
            Self::Eu2014_24 | Self::Scotland2015 => EnquiryRule { ask_days: 10, answer_days: 6, late_answer_moves: true },
            Self::Uk2023 => EnquiryRule { ask_days: 10, answer_days: 6, late_answer_moves: false },
            Self::UsModelCode => EnquiryRule { ask_days: 7, answer_days: 4, late_answer_moves: false },
            Self::BelowThreshold => EnquiryRule { ask_days: 5, answer_days: 3, late_answer_moves: false },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_stable_and_parse_back() {
        for profile in LawProfile::ALL {
            assert_eq!(LawProfile::parse(profile.code()), Some(profile));
            assert_eq!(serde_json::to_string(&profile).unwrap(), format!("\"{}\"", profile.code()));
        }
        assert_eq!(LawProfile::parse("martian-law"), None);
    }

    #[test]
    fn enquiries_close_before_their_answers_are_due() {
        for profile in LawProfile::ALL {
            let rule = profile.enquiries();
            assert!(rule.ask_days > rule.answer_days, "{}", profile.code());
        }
        assert_eq!(LawProfile::Eu2014_24.enquiries().answer_days, 6);
        assert!(LawProfile::Eu2014_24.enquiries().late_answer_moves);
        assert!(!LawProfile::BelowThreshold.enquiries().late_answer_moves);
    }

    #[test]
    fn working_days_leave_out_weekends_holidays_and_the_day_of_the_event() {
        use crate::moment::{local, local_fields};
        let after = |law: LawProfile, date: &str, time: &str, days: u8| {
            let from = local(date, time, "Europe/Paris").unwrap();
            let (date, time) = local_fields(law.working_days_after(from, days, "Europe/Paris"), "Europe/Paris");
            format!("{date} {time}")
        };
        let eu = LawProfile::Eu2014_24;
        assert_eq!(after(eu, "2026-11-26", "09:00", 2), "2026-11-30 23:59", "Thursday: Friday and Monday");
        assert_eq!(after(eu, "2026-11-26", "23:59", 2), "2026-11-30 23:59", "at whatever hour");
        assert_eq!(after(eu, "2026-12-23", "12:00", 2), "2026-12-28 23:59", "Christmas is none");
        assert_eq!(after(LawProfile::UsModelCode, "2026-11-25", "12:00", 2), "2026-11-30 23:59", "nor is Thanksgiving");
        assert_eq!(after(eu, "2026-11-26", "09:00", 0), "2026-11-26 23:59");
        // In the authority's zone, not in UTC: it is Friday in Auckland already.
        let late = local("2026-11-26", "23:00", "UTC").unwrap();
        let auckland = LawProfile::BelowThreshold.working_days_after(late, 1, "Pacific/Auckland");
        assert_eq!(local_fields(auckland, "Pacific/Auckland").0, "2026-11-30");
        for law in LawProfile::ALL {
            assert!(law.numbers().clarification_days >= 2, "{}", law.code());
        }
    }

    #[test]
    fn eu_standstill_is_ten_calendar_days_and_the_uk_counts_working_days() {
        assert_eq!(LawProfile::Eu2014_24.numbers().standstill, Standstill::CalendarDays(10));
        assert_eq!(LawProfile::Uk2023.numbers().standstill, Standstill::WorkingDays(8));
        assert_eq!(LawProfile::BelowThreshold.numbers().minimum_days, 0);
    }
}
