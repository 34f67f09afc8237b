//! Reads an amount as typed. The rules are told at [`super::Money::parse`].

use super::{Currency, MoneyError};

/// Separators by what they can mean; blanks and apostrophes of all kinds are one each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
    Blank,
    Apostrophe,
}

impl Mark {
    fn of(letter: char) -> Option<Mark> {
        match letter {
            '.' => Some(Mark::Point),
            ',' => Some(Mark::Comma),
            // Spread sheets and word processors put non-breaking, narrow and thin spaces.
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => Some(Mark::Blank),
            '\'' | '\u{2019}' => Some(Mark::Apostrophe),
            _ => None,
        }
    }

    fn may_be_decimal(self) -> bool {
        matches!(self, Mark::Point | Mark::Comma)
    }
}

/// The amount in minor units.
pub(super) fn minor(text: &str, currency: Currency) -> Result<i64, MoneyError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(MoneyError::Empty);
    }
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let (groups, marks) = split(digits)?;
    let has_decimals = last_is_decimal(&groups, &marks, currency)?;
    let (whole, decimals) = match groups.split_last() {
        Some((last, rest)) if has_decimals => (rest, *last),
        _ => (groups.as_slice(), ""),
    };
    if !well_grouped(whole) {
        return Err(MoneyError::Grouping);
    }
    let places = usize::from(currency.decimals());
    if decimals.len() > places {
        return Err(MoneyError::TooManyDecimals { decimals: currency.decimals() });
    }
    let sign = if negative { "-" } else { "" };
    let plain = format!("{sign}{}{decimals:0<places$}", whole.concat());
    plain.parse().map_err(|_| MoneyError::Overflow)
}

/// The runs of digits and the marks between them: one mark fewer than runs, and no run is empty.
fn split(text: &str) -> Result<(Vec<&str>, Vec<Mark>), MoneyError> {
    let groups: Vec<&str> = text.split(|letter| Mark::of(letter).is_some()).collect();
    let marks = text.chars().filter_map(Mark::of).collect();
    let is_number = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    if groups.iter().all(is_number) { Ok((groups, marks)) } else { Err(MoneyError::NotANumber) }
}

/// Whether the last run of digits stands for decimals.
fn last_is_decimal(groups: &[&str], marks: &[Mark], currency: Currency) -> Result<bool, MoneyError> {
    let Some((last, others)) = marks.split_last() else {
        return Ok(false);
    };
    match others.first() {
        // Two kinds: all but the last are of one kind, and the last can be decimal.
        Some(first) if first != last => {
            let sound = last.may_be_decimal() && others.iter().all(|mark| mark == first);
            if sound { Ok(true) } else { Err(MoneyError::Grouping) }
        }
        // One kind, twice or more: "1.234,5,6" begins with the kind it ends with only if it is mixed up.
        Some(_) => {
            if others.iter().all(|mark| mark == last) {
                Ok(false)
            } else {
                Err(MoneyError::Grouping)
            }
        }
        None if !last.may_be_decimal() => Ok(false),
        None if !well_grouped(groups) => Ok(true),
        None if currency.decimals() != 3 => Ok(false),
        None if *last == Mark::Point => Ok(true),
        None => Err(MoneyError::Ambiguous),
    }
}

/// One run of any length, or groups of three behind one to three digits that do not begin with 0; or, as in
/// India, groups of two before a last one of three (12,34,567).
fn well_grouped(groups: &[&str]) -> bool {
    let [first, middle @ .., last] = groups else {
        return true;
    };
    let by = |size: usize| first.len() <= size && middle.iter().all(|group| group.len() == size);
    last.len() == 3 && !first.starts_with('0') && (by(3) || by(2))
}
