//! Money: whole minor units of one currency, read from what people type, written one way only.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

mod typed;

/// A currency code of ISO 4217: three capital letters. Whether the code is in use is not checked here; the list
/// to choose from is the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("a currency is three capital letters, such as EUR")]
pub struct CurrencyError;

/// The euro, where a draft names no other.
impl Default for Currency {
    fn default() -> Self {
        Self(*b"EUR")
    }
}

impl Currency {
    pub fn parse(text: &str) -> Result<Currency, CurrencyError> {
        match *text.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Currency([a, b, c])),
            _ => Err(CurrencyError),
        }
    }

    /// Decimals of the minor unit, by ISO 4217 (list one, "minor unit"): 2 unless listed here.
    pub const fn decimals(self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX" | b"UYI"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    /// Minor units in one major unit: 100 cents in a euro.
    const fn scale(self) -> u64 {
        10u64.pow(self.decimals() as u32)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| fmt::Write::write_char(f, char::from(*letter)))
    }
}

impl TryFrom<String> for Currency {
    type Error = CurrencyError;

    fn try_from(text: String) -> Result<Currency, CurrencyError> {
        // `parse` forgives blanks around what was typed; a document has one spelling.
        if text.len() == 3 { Currency::parse(&text) } else { Err(CurrencyError) }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.to_string()
    }
}

/// An amount in whole minor units (cents), so that nothing is ever rounded.
///
/// In JSON: `{"amount":"98000.50","currency":"EUR"}`, always with all the decimals of the currency. Only that
/// spelling is read back, because receipts are digests of canonical content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// What a person can fix about an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyError {
    #[error("no amount was given")]
    Empty,
    #[error("an amount has digits and separators only")]
    NotANumber,
    #[error("digits are grouped by three, or not at all")]
    Grouping,
    /// Three digits after one comma, in a currency of three decimals: see [`Money::parse`].
    #[error("the separator may mean thousands or decimals")]
    Ambiguous,
    #[error("this currency has {decimals} decimals")]
    TooManyDecimals { decimals: u8 },
    #[error("the amount cannot be negative")]
    Negative,
    #[error("the amount is too large")]
    Overflow,
}

impl MoneyError {
    /// The code of the sentence that says so in the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            MoneyError::Empty => "money-empty",
            MoneyError::NotANumber => "money-not-a-number",
            MoneyError::Grouping => "money-grouping",
            MoneyError::Ambiguous => "money-ambiguous",
            MoneyError::TooManyDecimals { .. } => "money-decimals",
            MoneyError::Negative => "money-negative",
            MoneyError::Overflow => "money-overflow",
        }
    }
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Reads an amount as people write it in different countries: "98000", "98,000.50", "98 000,50",
    /// "1.234.567,89", "98'000.50", "12,34,567.89". A minus in front is read.
    ///
    /// - Of two kinds of separator, the last is the decimal one, and stands once: "1.234,5", "98 000,50".
    /// - A separator that stands twice or more groups: "1.234.567".
    /// - Spaces and apostrophes only group.
    /// - One point or comma followed by exactly three digits groups: "98.000" and "98,000" are ninety-eight
    ///   thousand. Not so where no grouping could look like that ("0.125", "1234.567"): there it is decimal.
    /// - Currencies of three decimals are the exception, for there "1.250" is the everyday spelling of one and
    ///   a quarter: the point is decimal, as this type itself writes it, so that an amount put back into a form
    ///   is read as what it was; the comma, which is used in both ways where those currencies are,
    ///   is refused as [`MoneyError::Ambiguous`].
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        typed::minor(text, currency).map(|minor| Money { minor, currency })
    }

    /// [`Money::parse`] for a price or a budget, which is never negative. Zero is left to the price formula.
    pub fn parse_price(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let money = Money::parse(text, currency)?;
        if money.minor < 0 { Err(MoneyError::Negative) } else { Ok(money) }
    }

    /// The amount in plain digits with all decimals: "98000.50".
    pub fn amount(self) -> String {
        let (size, scale) = (self.minor.unsigned_abs(), self.currency.scale());
        let sign = if self.minor < 0 { "-" } else { "" };
        match usize::from(self.currency.decimals()) {
            0 => format!("{sign}{size}"),
            decimals => format!("{sign}{}.{:0decimals$}", size / scale, size % scale),
        }
    }

    /// As most people type it: "98000", and "98000.50" where there are cents.
    pub fn shortest(self) -> String {
        let whole = self.minor.unsigned_abs().is_multiple_of(self.currency.scale());
        let amount = self.amount();
        match amount.split_once('.') {
            Some((major, _)) if whole => major.to_owned(),
            _ => amount,
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

/// How money stands in a document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    amount: String,
    currency: Currency,
}

impl From<Money> for Written {
    fn from(money: Money) -> Written {
        Written { amount: money.amount(), currency: money.currency }
    }
}

impl TryFrom<Written> for Money {
    type Error = MoneyError;

    fn try_from(written: Written) -> Result<Money, MoneyError> {
        let Written { amount, currency } = written;
        let plain = amount.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
        let minor = amount.replace('.', "").parse().map_err(|_| MoneyError::NotANumber)?;
        let money = Money { minor, currency };
        // The only spelling is our own, so writing it again must give it back.
        if plain && money.amount() == amount { Ok(money) } else { Err(MoneyError::NotANumber) }
    }
}

#[cfg(test)]
mod tests;
