//! Public holidays by law profile: days on which no deadline should fall.

use jiff::civil::{Date, Weekday};

use super::LawProfile;

impl LawProfile {
    /// The code of the holiday that a day is, as the catalogue names it (`holiday-<code>`).
    ///
    /// Sources. EU: the days that most member states keep, as in the Commission's yearly list under Regulation (EEC, Euratom)
    /// 1182/71 art. 2. England and Wales: Banking and Financial Dealings Act 1971, with substitute days. Scotland: the same
    /// act's schedule for Scotland. US: 5 USC 6103, observed on Friday or Monday. Below the thresholds no law names them; the days kept nearly
    /// everywhere are taken.
    pub fn holiday(self, day: Date) -> Option<&'static str> {
        match self {
            Self::Eu2014_24 => fixed(
                day,
                &[
                    (1, 1, "new-year"),
                    (5, 1, "labour-day"),
                    (8, 15, "assumption"),
                    (11, 1, "all-saints"),
                    (12, 25, "christmas"),
                    (12, 26, "boxing-day"),
                ],
            )
            .or_else(|| moving(day, &[(-2, "good-friday"), (1, "easter-monday"), (39, "ascension"), (50, "whit-monday")])),
            Self::Uk2023 => substituted(day, &[(1, 1, "new-year"), (12, 25, "christmas"), (12, 26, "boxing-day")])
                .or_else(|| moving(day, &[(-2, "good-friday"), (1, "easter-monday")]))
                .or_else(|| {
                    weekdays(
                        day,
                        &[
                            (5, Weekday::Monday, 1, "early-may"),
                            (5, Weekday::Monday, -1, "spring"),
                            (8, Weekday::Monday, -1, "summer"),
                        ],
                    )
                }),
            Self::Scotland2015 => substituted(
                day,
                &[(1, 1, "new-year"), (1, 2, "new-year"), (11, 30, "st-andrew"), (12, 25, "christmas"), (12, 26, "boxing-day")],
            )
            .or_else(|| moving(day, &[(-2, "good-friday")]))
            .or_else(|| {
                weekdays(
                    day,
                    &[
                        (5, Weekday::Monday, 1, "early-may"),
                        (5, Weekday::Monday, -1, "spring"),
                        (8, Weekday::Monday, 1, "summer"),
                    ],
                )
            }),
            Self::UsModelCode => observed(
                day,
                &[(1, 1, "new-year"), (6, 19, "juneteenth"), (7, 4, "independence"), (11, 11, "veterans"), (12, 25, "christmas")],
            )
            .or_else(|| {
                weekdays(
                    day,
                    &[
                        (1, Weekday::Monday, 3, "king"),
                        (2, Weekday::Monday, 3, "washington"),
                        (5, Weekday::Monday, -1, "memorial"),
                        (9, Weekday::Monday, 1, "labor-day"),
                        (10, Weekday::Monday, 2, "columbus"),
                        (11, Weekday::Thursday, 4, "thanksgiving"),
                    ],
                )
            }),
            Self::BelowThreshold => fixed(day, &[(1, 1, "new-year"), (12, 25, "christmas"), (12, 26, "boxing-day")])
                .or_else(|| moving(day, &[(-2, "good-friday"), (1, "easter-monday")])),
        }
    }
}

type Fixed = (i8, i8, &'static str);

fn fixed(day: Date, days: &[Fixed]) -> Option<&'static str> {
    days.iter().find(|(month, of, _)| (day.month(), day.day()) == (*month, *of)).map(|(.., name)| *name)
}

/// Days counted from Easter Sunday.
fn moving(day: Date, days: &[(i16, &'static str)]) -> Option<&'static str> {
    let distance = day.day_of_year() - easter(day);
    days.iter().find(|(from, _)| *from == distance).map(|(_, name)| *name)
}

/// The n-th such weekday of a month, from its end where n is negative.
fn weekdays(day: Date, days: &[(i8, Weekday, i8, &'static str)]) -> Option<&'static str> {
    let nth = |n: i8| if n < 0 { day.day() + 7 > day.days_in_month() } else { (day.day() - 1) / 7 + 1 == n };
    days.iter()
        .find(|(month, weekday, n, _)| day.month() == *month && day.weekday() == *weekday && nth(*n))
        .map(|(.., name)| *name)
}

/// United Kingdom: a holiday on a weekend is kept on the next weekday that is none.
fn substituted(day: Date, days: &[Fixed]) -> Option<&'static str> {
    let mut kept: Vec<(i16, &'static str)> = Vec::new();
    for (month, of, name) in days {
        let mut at = of_year(day, *month, *of);
        while weekend(day, at) || kept.iter().any(|(taken, _)| *taken == at) {
            at += 1;
        }
        kept.push((at, name));
    }
    kept.into_iter().find(|(at, _)| *at == day.day_of_year()).map(|(_, name)| name).or_else(|| fixed(day, days))
}

/// United States: Saturday is observed on Friday, Sunday on Monday.
fn observed(day: Date, days: &[Fixed]) -> Option<&'static str> {
    let beside = |by: i16| {
        let last = of_year(day, 12, 31);
        let at = (day.day_of_year() + by - 1).rem_euclid(last) + 1;
        days.iter().find(|(month, of, _)| of_year(day, *month, *of) == at).map(|(.., name)| *name)
    };
    fixed(day, days).or_else(|| match day.weekday() {
        Weekday::Friday => beside(1),
        Weekday::Monday => beside(-1),
        _ => None,
    })
}

/// Whether a day of the year of `day` is a Saturday or a Sunday.
fn weekend(day: Date, at: i16) -> bool {
    let offset = i16::from(day.weekday().to_monday_zero_offset());
    (offset + at - day.day_of_year()).rem_euclid(7) >= 5
}

/// The day of the year that a date of the year of `day` is.
fn of_year(day: Date, month: i8, of: i8) -> i16 {
    const BEFORE: [i16; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = i16::from(month > 2 && day.in_leap_year());
    BEFORE.get(usize::try_from(month - 1).unwrap_or(0)).copied().unwrap_or(0) + i16::from(of) + leap
}

/// The day of the year that Easter Sunday is (Gregorian; Meeus/Jones/Butcher).
fn easter(day: Date) -> i16 {
    let y = day.year();
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    of_year(day, 3, 0) + if n / 31 == 3 { n % 31 + 1 } else { 31 + n % 31 + 1 }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn easter_and_what_hangs_on_it() {
        for (year, month, day) in [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)] {
            assert_eq!(easter(date(year, 6, 1)), date(year, month, day).day_of_year());
        }
        assert_eq!(LawProfile::Eu2014_24.holiday(date(2026, 5, 14)), Some("ascension"));
        assert_eq!(LawProfile::Eu2014_24.holiday(date(2026, 5, 25)), Some("whit-monday"));
        assert_eq!(LawProfile::Uk2023.holiday(date(2026, 5, 14)), None);
    }

    #[test]
    fn each_law_keeps_its_own_days() {
        assert_eq!(LawProfile::Uk2023.holiday(date(2026, 8, 31)), Some("summer"));
        assert_eq!(LawProfile::Scotland2015.holiday(date(2026, 8, 3)), Some("summer"));
        assert_eq!(LawProfile::UsModelCode.holiday(date(2026, 11, 26)), Some("thanksgiving"));
        assert_eq!(LawProfile::UsModelCode.holiday(date(2026, 7, 3)), Some("independence"), "the fourth is a Saturday");
        assert_eq!(LawProfile::UsModelCode.holiday(date(2021, 12, 31)), Some("new-year"), "the first of 2022 is a Saturday");
        assert_eq!(LawProfile::Scotland2015.holiday(date(2024, 12, 2)), Some("st-andrew"), "the 30th is a Saturday");
        assert_eq!(LawProfile::BelowThreshold.holiday(date(2026, 7, 3)), None);
    }

    #[test]
    fn british_holidays_on_a_weekend_move_on() {
        assert_eq!(LawProfile::Uk2023.holiday(date(2027, 12, 27)), Some("christmas"), "the 25th is a Saturday");
        assert_eq!(LawProfile::Uk2023.holiday(date(2027, 12, 28)), Some("boxing-day"));
        assert_eq!(LawProfile::Uk2023.holiday(date(2027, 12, 29)), None);
        assert_eq!(LawProfile::Scotland2015.holiday(date(2027, 1, 4)), Some("new-year"), "the second is a Saturday");
    }
}
