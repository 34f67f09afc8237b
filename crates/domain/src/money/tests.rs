use super::*;

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn minor(text: &str, code: &str) -> Result<i64, MoneyError> {
    Money::parse(text, currency(code)).map(|money| money.minor)
}

#[test]
fn a_currency_is_three_capital_letters() {
    assert_eq!(currency("EUR").to_string(), "EUR");
    for text in ["eur", "EU", "EURO", "E1R", "", "\u{c9}U"] {
        assert_eq!(Currency::parse(text), Err(CurrencyError), "{text}");
    }
}

#[test]
fn decimals_follow_iso_4217() {
    for (code, decimals) in [("EUR", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("TND", 3), ("CLF", 4), ("USD", 2)] {
        assert_eq!(currency(code).decimals(), decimals, "{code}");
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, cents) in [
        ("98000", 9_800_000),
        ("98,000.50", 9_800_050),
        ("98 000,50", 9_800_050),
        ("98\u{202f}000,5", 9_800_050),
        ("98'000.50", 9_800_050),
        ("98\u{2019}000.50", 9_800_050),
        ("1.234.567,89", 123_456_789),
        ("1,234,567.89", 123_456_789),
        ("12,34,567.89", 123_456_789),
        ("1,00,000", 10_000_000),
        ("1.234.567", 123_456_700),
        ("98000.5", 9_800_050),
        ("98000,05", 9_800_005),
        ("0.07", 7),
        ("007", 700),
        (" -12.50 ", -1250),
        ("\u{2212}12.50", -1250),
        ("-0", 0),
    ] {
        assert_eq!(minor(text, "EUR"), Ok(cents), "{text}");
    }
}

#[test]
fn one_separator_before_exactly_three_digits_groups() {
    assert_eq!(minor("98.000", "EUR"), Ok(9_800_000));
    assert_eq!(minor("98,000", "EUR"), Ok(9_800_000));
    assert_eq!(minor("98.000", "JPY"), Ok(98_000));
    // No grouping looks like these, so they are decimals, and too many.
    for text in ["0.125", "1234.567", "98.0000", "98 000,500", "1,234.567"] {
        assert_eq!(minor(text, "EUR"), Err(MoneyError::TooManyDecimals { decimals: 2 }), "{text}");
    }
}

#[test]
fn three_decimals_read_back_what_they_write() {
    assert_eq!(minor("1.250", "KWD"), Ok(1250));
    assert_eq!(minor("1,250", "KWD"), Err(MoneyError::Ambiguous));
    assert_eq!(minor("0,125", "KWD"), Ok(125));
    assert_eq!(minor("1,250.000", "KWD"), Ok(1_250_000));
    assert_eq!(minor("1 250,5", "TND"), Ok(1_250_500));
    assert_eq!(minor("1,250,000", "KWD"), Ok(1_250_000_000));
}

#[test]
fn amounts_say_what_is_wrong() {
    assert_eq!(minor(" ", "EUR"), Err(MoneyError::Empty));
    for text in ["-", "98.", ".5", "1..5", "98 EUR", "1e3", "+5", "--5", "98,-"] {
        assert_eq!(minor(text, "EUR"), Err(MoneyError::NotANumber), "{text}");
    }
    for text in ["1.23.45", "1,2345,678", "0,123,456", "1.234,5,6", "1.234 567", "98 00,50", "1,23.45", "1'234 567.8"] {
        assert_eq!(minor(text, "EUR"), Err(MoneyError::Grouping), "{text}");
    }
    assert_eq!(minor("98000.5", "JPY"), Err(MoneyError::TooManyDecimals { decimals: 0 }));
    assert_eq!(minor("92233720368547758.07", "EUR"), Ok(i64::MAX));
    assert_eq!(minor("-92233720368547758.08", "EUR"), Ok(i64::MIN));
    assert_eq!(minor("92233720368547758.08", "EUR"), Err(MoneyError::Overflow));
}

#[test]
fn a_price_is_not_negative_but_may_be_nothing() {
    let eur = currency("EUR");
    assert_eq!(Money::parse_price("-1", eur), Err(MoneyError::Negative));
    assert_eq!(Money::parse_price("0", eur), Ok(Money::new(0, eur)));
}

#[test]
fn json_is_text_with_all_decimals() {
    let json = |minor, code| serde_json::to_string(&Money::new(minor, currency(code))).expect("json");
    assert_eq!(json(9_800_050, "EUR"), r#"{"amount":"98000.50","currency":"EUR"}"#);
    assert_eq!(json(-5, "EUR"), r#"{"amount":"-0.05","currency":"EUR"}"#);
    assert_eq!(json(98_000, "JPY"), r#"{"amount":"98000","currency":"JPY"}"#);
    assert_eq!(json(1250, "KWD"), r#"{"amount":"1.250","currency":"KWD"}"#);
    for (minor, code) in [(9_800_050, "EUR"), (i64::MIN, "EUR"), (i64::MAX, "KWD"), (0, "JPY")] {
        let money = Money::new(minor, currency(code));
        assert_eq!(serde_json::from_str::<Money>(&json(minor, code)).expect("json"), money);
        assert_eq!(Money::parse(&money.amount(), money.currency), Ok(money));
    }
}

#[test]
fn json_has_one_spelling() {
    for amount in ["98000.5", "98,000.50", "098000.50", "-0.00", "9800.050", "+1.00", "1", "", "1.00 "] {
        let json = format!(r#"{{"amount":"{amount}","currency":"EUR"}}"#);
        assert!(serde_json::from_str::<Money>(&json).is_err(), "{amount}");
    }
    assert!(serde_json::from_str::<Money>(r#"{"amount":"1.00","currency":"eur"}"#).is_err());
}
