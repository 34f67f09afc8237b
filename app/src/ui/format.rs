//! Instants, numbers and money for the reader: in the zone that is theirs or the authority's, always named.

use domain::moment::{DAY, HOUR, MINUTE, Moment};
use domain::money::Money;
use jiff::Zoned;
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::cx::Cx;
use crate::words::{Words, t};

fn zoned(at: Moment, zone: &str) -> Option<Zoned> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    jiff::Timestamp::from_microsecond(at.micros()).ok().map(|at| at.to_zoned(zone))
}

/// `24 November 2026, 17:00 CET`. A deadline at midnight reads as 23:59 or 00:01 where it is set, not here.
pub fn instant(words: Words, at: Moment, zone: &str) -> String {
    let Some(at) = zoned(at, zone) else { return String::new() };
    let month = words.say(&format!("month-{}", at.month()), vec![]);
    let zone = at.strftime("%Z").to_string();
    let time = at.strftime("%H:%M").to_string();
    words.say(
        "instant",
        vec![
            ("day", i64::from(at.day()).into()),
            ("month", month.into()),
            ("year", at.year().to_string().into()),
            ("time", time.into()),
            ("zone", zone.into()),
        ],
    )
}

/// `14:02 CET`
pub fn clock(at: Moment, zone: &str) -> String {
    zoned(at, zone).map(|at| at.strftime("%H:%M %Z").to_string()).unwrap_or_default()
}

/// `24 November 2026`
pub fn short(words: Words, at: Moment, zone: &str) -> String {
    let Some(at) = zoned(at, zone) else { return String::new() };
    let month = words.say(&format!("month-{}", at.month()), vec![]);
    words.say("day", vec![("day", i64::from(at.day()).into()), ("month", month.into()), ("year", at.year().to_string().into())])
}

fn reader_zone<'a>(cx: &'a Cx, otherwise: Option<&'a str>) -> &'a str {
    otherwise.or(cx.zone.as_deref()).unwrap_or("UTC")
}

/// The instant as a `time` element, in the given zone, else the reader's.
pub fn exact(cx: &Cx, at: Moment, zone: Option<&str>) -> AnyView {
    let text = instant(cx.words, at, reader_zone(cx, zone));
    view! { <time datetime=at.rfc3339()>{text}</time> }.into_any()
}

/// "in 3 days", "2 hours ago".
pub fn relative(cx: &Cx, at: Moment) -> String {
    let away = at.micros() - cx.now.micros();
    let (unit, n, long) = match away.abs() {
        n if n >= 2 * DAY => ("days", n / DAY, DAY),
        n if n >= HOUR => ("hours", n / HOUR, HOUR),
        n => ("minutes", n / MINUTE, MINUTE),
    };
    cx.differs_from(if away >= 0 { at.plus(1 - n * long) } else { at.plus((n + 1) * long) });
    let key = format!("{}-{unit}", if away >= 0 { "in" } else { "ago" });
    t!(cx, &key, n = n)
}

/// The date, and how far away it is, beside each other.
pub fn when(cx: &Cx, at: Moment, zone: Option<&str>) -> AnyView {
    let away = at.micros() - cx.now.micros();
    let class = if (0..2 * DAY).contains(&away) { "wp-when wp-when--soon" } else { "wp-when" };
    view! { <span class=class>{exact(cx, at, zone)} <span class="wp-when__relative">{relative(cx, at)}</span></span> }.into_any()
}

/// "12 days left", "3 hours left", or that it is over.
pub fn time_left(cx: &Cx, deadline: Moment) -> String {
    let left = deadline.micros() - cx.now.micros();
    let long = if left < 2 * DAY { HOUR } else { DAY };
    cx.differs_from(deadline.plus(1 - left / long * long));
    cx.differs_from(deadline);
    match left {
        n if n <= 0 => t!(cx, "deadline-over"),
        n if n < 2 * DAY => t!(cx, "hours-left", hours = n / HOUR),
        n => t!(cx, "days-left", days = n / DAY),
    }
}

/// How a deadline looks: over, soon, or neither.
pub fn urgency(cx: &Cx, deadline: Moment) -> &'static str {
    match deadline.micros() - cx.now.micros() {
        n if n <= 0 => "wp-days wp-days--over",
        n if n < 2 * DAY => "wp-days wp-days--soon",
        _ => "wp-days",
    }
}

/// The same as the badge of a card.
pub fn days_left(cx: &Cx, deadline: Moment) -> AnyView {
    view! { <span class=urgency(cx, deadline)>{time_left(cx, deadline)}</span> }.into_any()
}

/// `12,345`: groups of three, as English writes them.
pub fn number(n: i64) -> String {
    grouped(&n.to_string())
}

/// `1,234.5`: the same for a decimal number.
pub fn decimal(number: domain::number::Decimal) -> String {
    let text = domain::number::canonical(number);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if part.is_empty() { grouped(whole) } else { format!("{}.{part}", grouped(whole)) }
}

/// `30 June 2027`: a day that is no instant.
pub fn civil(words: Words, date: jiff::civil::Date) -> String {
    let month = words.say(&format!("month-{}", date.month()), vec![]);
    let (day, year) = (i64::from(date.day()), date.year().to_string());
    words.say("day", vec![("day", day.into()), ("month", month.into()), ("year", year.into())])
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("−", digits));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1.4 MB`: of bytes, in powers of ten as operating systems show them.
pub fn size(cx: &Cx, bytes: u64) -> String {
    match bytes {
        0..1_000 => t!(cx, "size-bytes", n = i64::try_from(bytes).unwrap_or(0)),
        1_000..1_000_000 => t!(cx, "size-kilobytes", n = i64::try_from(bytes / 1_000).unwrap_or(0)),
        _ => t!(cx, "size-megabytes", n = format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)),
    }
}

/// `98,000 EUR`, `98,000.50 EUR`: whole amounts without their zeros.
pub fn amount(money: &Money) -> String {
    let text = money.amount();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let currency = money.to_string();
    let currency = currency.rsplit(' ').next().unwrap_or_default();
    if part.chars().all(|digit| digit == '0') {
        format!("{}\u{a0}{currency}", grouped(whole))
    } else {
        format!("{}.{part}\u{a0}{currency}", grouped(whole))
    }
}

/// Text as it stands in HTML and in quoted attributes, where something is written without views.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}
