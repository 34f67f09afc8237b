//! Decimal numbers as people type them, and the one way in which they are written.

pub use rust_decimal::Decimal;
use thiserror::Error;

/// What a person can fix about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    #[error("a number has digits, one decimal separator and spaces only")]
    NotANumber,
    /// "1.234": one and a bit, or a thousand?
    #[error("the point may mean thousands or decimals")]
    Ambiguous,
    #[error("the number has too many digits")]
    TooLong,
}

impl NumberError {
    /// The code of the sentence that says so in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            NumberError::NotANumber => "number-not-a-number",
            NumberError::Ambiguous => "number-ambiguous",
            NumberError::TooLong => "number-too-long",
        }
    }
}

/// Most digits of a number, before and behind the separator together.
const MOST_DIGITS: usize = 18;

/// Reads "12.5", "12,5", "−3", "1 200", "1,200", "1,234,567.8".
///
/// - Spaces of all kinds only group.
/// - Where both point and comma stand, the last of them is the decimal one.
/// - A comma alone, followed by exactly three digits, groups, as English writes thousands; any other single comma is decimal.
/// - A point alone, followed by exactly three digits, is refused where it could group ("1.234"): half of Europe reads a
///   thousand there. "0.125" and "1234.567" can only be decimal.
pub fn parse(text: &str) -> Result<Decimal, NumberError> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let plain = decimal_point(digits)?;
    if plain.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return Err(NumberError::TooLong);
    }
    let number: Decimal = format!("{sign}{plain}").parse().map_err(|_| NumberError::NotANumber)?;
    Ok(number.normalize())
}

/// The same digits with a point as decimal separator and no groups.
fn decimal_point(digits: &str) -> Result<String, NumberError> {
    let sound = digits.split(['.', ',']).all(|run| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_digit()));
    if !sound {
        return Err(NumberError::NotANumber);
    }
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let thousands = |mark: char| {
        let mut runs = digits.split(mark);
        let first = runs.next().unwrap_or_default();
        first.len() <= 3 && !first.starts_with('0') && runs.all(|run| run.len() == 3)
    };
    let without = |mark: char| digits.replace(mark, "");
    match (points, commas) {
        (0, 0) => Ok(digits.to_owned()),
        (1, 0) if thousands('.') => Err(NumberError::Ambiguous),
        (1, 0) => Ok(digits.to_owned()),
        (0, 1) if !thousands(',') => Ok(digits.replace(',', ".")),
        (0, _) if thousands(',') => Ok(without(',')),
        (_, 0) if thousands('.') => Ok(without('.')),
        (1, _) if digits.rfind(',') < digits.find('.') => Ok(without(',')),
        (_, 1) if digits.rfind('.') < digits.find(',') => Ok(without('.').replace(',', ".")),
        _ => Err(NumberError::NotANumber),
    }
}

/// The one spelling: no groups, no zeros at the end, a point: "-12.5".
pub fn canonical(number: Decimal) -> String {
    let number = number.normalize();
    if number.is_zero() { "0".to_owned() } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, read) in [
            ("12.5", "12.5"),
            ("12,5", "12.5"),
            (" 1 200 ", "1200"),
            ("1\u{a0}200,5", "1200.5"),
            ("1,200", "1200"),
            ("1,234,567.80", "1234567.8"),
            ("1.234.567,8", "1234567.8"),
            ("0.125", "0.125"),
            ("1234.567", "1234.567"),
            ("\u{2212}3", "-3"),
            ("-0.0", "0"),
            ("007", "7"),
        ] {
            assert_eq!(parse(typed).map(canonical), Ok(read.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        assert_eq!(parse("1.234"), Err(NumberError::Ambiguous));
        for text in ["", "a", "1e3", "1.", ".5", "1,2,3", "1.2,3.4", "--1", "+1", "12 %"] {
            assert_eq!(parse(text), Err(NumberError::NotANumber), "{text}");
        }
        assert_eq!(parse("1234567890123456789"), Err(NumberError::TooLong));
    }

    proptest! {
        #[test]
        fn the_one_spelling_is_read_back_unless_it_is_ambiguous(whole in -999_999_999i64..999_999_999, places in 0u32..6) {
            let number = Decimal::new(whole, places);
            let text = canonical(number);
            match parse(&text) {
                Ok(read) => prop_assert_eq!(read, number.normalize()),
                Err(error) => prop_assert_eq!((error, text.split('.').nth(1).map(str::len)), (NumberError::Ambiguous, Some(3))),
            }
        }
    }
}
