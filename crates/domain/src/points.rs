//! Points on a published scale, and weights in hundredths.
//!
//! Both are made by one `parse` each, from what a person typed, and are whole numbers inside: no rounding can
//! happen between the form and the result.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One score: whole points on a scale `0..=max`. A 0 is a score; "not scored" is the absence of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(u8);

/// What a person can fix about points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PointsError {
    #[error("no points were given")]
    Empty,
    #[error("points are whole numbers from 0 upwards")]
    NotWhole,
    #[error("the scale ends at {max}")]
    OverMax { max: u8 },
}

impl PointsError {
    /// The code of the sentence that says so in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            PointsError::Empty => "points-empty",
            PointsError::NotWhole => "points-not-whole",
            PointsError::OverMax { .. } => "points-over-max",
        }
    }
}

impl Points {
    /// Reads points as typed: digits only, so "4.0", "-1" and "four" are all [`PointsError::NotWhole`].
    pub fn parse(text: &str, max: u8) -> Result<Points, PointsError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PointsError::Empty);
        }
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PointsError::NotWhole);
        }
        // Digits that do not fit in a byte are still a whole number, only too large a one.
        let value = text.parse::<u8>().map_err(|_| PointsError::OverMax { max })?;
        Points::new(value, max)
    }

    /// Points that are already a number, as read from the store.
    pub fn new(value: u8, max: u8) -> Result<Points, PointsError> {
        if value > max { Err(PointsError::OverMax { max }) } else { Ok(Points(value)) }
    }

    pub const fn get(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A part of one hundred, in hundredths: 12.5 is 1250. The weight of a criterion, or a threshold on totals.
///
/// In JSON it is the decimal text ("12.5"), so that no reader passes it through a float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Weight(u32);

/// What a person can fix about one weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightError {
    #[error("no weight was given")]
    Empty,
    #[error("a weight is a number such as 12.5")]
    NotANumber,
    #[error("a weight cannot be negative")]
    Negative,
    #[error("a weight has at most two decimals")]
    TooManyDecimals,
    #[error("a weight cannot be over 100")]
    Over100,
}

/// The weights of a round do not add up to 100; `sum` is what they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("the weights add up to {sum}, not to 100")]
pub struct WeightSumError {
    pub sum: Weight,
}

impl WeightError {
    /// The code of the sentence that says so in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            WeightError::Empty => "weight-empty",
            WeightError::NotANumber => "weight-not-a-number",
            WeightError::Negative => "weight-negative",
            WeightError::TooManyDecimals => "weight-decimals",
            WeightError::Over100 => "weight-over-100",
        }
    }
}

impl Weight {
    pub const HUNDRED: Weight = Weight(10_000);

    pub const fn from_hundredths(hundredths: u32) -> Weight {
        Weight(hundredths)
    }

    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads a weight as typed: "12.5", "12,5", "12.50" and "12.5 %" are all 1250 hundredths. 0 is read too:
    /// whether a published criterion may weigh nothing is not for a parser to say.
    pub fn parse(text: &str) -> Result<Weight, WeightError> {
        let text = text.trim();
        let text = text.strip_suffix('%').unwrap_or(text).trim_end();
        let weight = decimal(text)?;
        if weight > Weight::HUNDRED { Err(WeightError::Over100) } else { Ok(weight) }
    }

    /// The sum, stopping at the largest number that fits: a wrong sum stays wrong.
    pub fn sum(weights: impl IntoIterator<Item = Weight>) -> Weight {
        Weight(weights.into_iter().fold(0, |sum, weight| sum.saturating_add(weight.0)))
    }

    /// "Weights with up to two decimals, summing to 100": exactly, or the sum that they have instead.
    pub fn check_sum(weights: impl IntoIterator<Item = Weight>) -> Result<(), WeightSumError> {
        let sum = Weight::sum(weights);
        if sum == Weight::HUNDRED { Ok(()) } else { Err(WeightSumError { sum }) }
    }
}

/// At most two decimals after a point or a comma, and no cap: a sum that is wrong may be over 100.
fn decimal(text: &str) -> Result<Weight, WeightError> {
    if text.is_empty() {
        return Err(WeightError::Empty);
    }
    if text.starts_with(['-', '\u{2212}']) {
        return Err(WeightError::Negative);
    }
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) {
        return Err(WeightError::NotANumber);
    }
    if decimals.len() > 2 {
        return Err(WeightError::TooManyDecimals);
    }
    // "5" after the point is 50 hundredths: pad on the right before reading.
    format!("{whole}{decimals:0<2}").parse().map(Weight).map_err(|_| WeightError::Over100)
}

/// The shortest decimal: "100", "12.5", "12.05".
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            _ if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

impl TryFrom<String> for Weight {
    type Error = WeightError;

    fn try_from(text: String) -> Result<Weight, WeightError> {
        decimal(&text)
    }
}

impl From<Weight> for String {
    fn from(weight: Weight) -> String {
        weight.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_whole_and_within_the_scale() {
        assert_eq!(Points::parse(" 4 ", 5).map(Points::get), Ok(4));
        assert_eq!(Points::parse("0", 5).map(Points::get), Ok(0));
        assert_eq!(Points::parse("05", 5).map(Points::get), Ok(5));
        assert_eq!(Points::parse("255", 255).map(Points::get), Ok(255));
    }

    #[test]
    fn points_say_what_is_wrong() {
        assert_eq!(Points::parse("  ", 5), Err(PointsError::Empty));
        for text in ["4.0", "4,5", "-1", "+1", "four", "4 5", "\u{0664}"] {
            assert_eq!(Points::parse(text, 5), Err(PointsError::NotWhole), "{text}");
        }
        for text in ["6", "256", "99999999999999999999"] {
            assert_eq!(Points::parse(text, 5), Err(PointsError::OverMax { max: 5 }), "{text}");
        }
    }

    #[test]
    fn weights_are_read_with_point_or_comma() {
        for text in ["12.5", "12,5", "12.50", " 12,50 ", "12.5%", "12.5 %", "012.5"] {
            assert_eq!(Weight::parse(text).map(Weight::hundredths), Ok(1250), "{text}");
        }
        assert_eq!(Weight::parse("12.05").map(Weight::hundredths), Ok(1205));
        assert_eq!(Weight::parse("0").map(Weight::hundredths), Ok(0));
        assert_eq!(Weight::parse("100"), Ok(Weight::HUNDRED));
    }

    #[test]
    fn weights_say_what_is_wrong() {
        assert_eq!(Weight::parse(""), Err(WeightError::Empty));
        assert_eq!(Weight::parse("%"), Err(WeightError::Empty));
        assert_eq!(Weight::parse("-5"), Err(WeightError::Negative));
        assert_eq!(Weight::parse("12.505"), Err(WeightError::TooManyDecimals));
        assert_eq!(Weight::parse("100.01"), Err(WeightError::Over100));
        assert_eq!(Weight::parse("99999999999"), Err(WeightError::Over100));
        for text in ["12.", ".5", "1.2.3", "a", "1e1", "12 5"] {
            assert_eq!(Weight::parse(text), Err(WeightError::NotANumber), "{text}");
        }
    }

    #[test]
    fn weights_are_shown_as_short_as_they_are_exact() {
        for text in ["100", "12.5", "12.05", "0", "0.01", "102.5"] {
            assert_eq!(decimal(text).map(|w| w.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn weights_sum_to_a_hundred_exactly() {
        let weights = |texts: [&str; 3]| texts.map(|text| Weight::parse(text).expect("a weight"));
        assert_eq!(Weight::check_sum(weights(["33.33", "33.33", "33.34"])), Ok(()));
        let wrong = Weight::check_sum(weights(["33.33", "33.33", "33.33"])).expect_err("a hundredth is missing");
        assert_eq!(wrong.sum.to_string(), "99.99");
        assert!(Weight::check_sum([Weight(u32::MAX), Weight(10_001)]).is_err());
    }

    #[test]
    fn json_keeps_the_decimal_text() {
        let json = serde_json::to_string(&Weight(1250)).expect("json");
        assert_eq!(json, r#""12.5""#);
        assert_eq!(serde_json::from_str::<Weight>(&json).expect("json"), Weight(1250));
        assert_eq!(serde_json::to_string(&Points(4)).expect("json"), "4");
    }
}
