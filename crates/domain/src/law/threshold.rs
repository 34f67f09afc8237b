//! From which value on a notice must stand in the official journal before a challenge is published here.

use crate::challenge::Terms;
use crate::law::LawProfile;
use crate::money::{Currency, Money};

/// The threshold of a profile, in the currency in which its law states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    pub minor: i64,
    pub currency: &'static str,
}

impl LawProfile {
    /// Goods and services of authorities below the central government, from 1 January 2026 to 31 December 2027: Directive
    /// 2014/24/EU art. 4(c) as last revised for these years (216 000 EUR); Procurement Act 2023 sch. 1 and the Public
    /// Contracts (Scotland) Regulations 2015 reg. 5, both as revised for these years (207 720 GBP with VAT). The Model
    /// Procurement Code leaves notices to the jurisdiction.
    pub fn threshold(self) -> Option<Threshold> {
        match self {
            Self::Eu2014_24 => Some(Threshold { minor: 21_600_000, currency: "EUR" }),
            Self::Uk2023 | Self::Scotland2015 => Some(Threshold { minor: 20_772_000, currency: "GBP" }),
            Self::UsModelCode | Self::BelowThreshold => None,
        }
    }

    /// Whether publication waits for the official notice. A value that is not stated, or stated in another currency, cannot be
    /// said to be below: whoever is sure that it is chooses the profile below the thresholds.
    pub fn needs_official_notice(self, value: Option<&Money>) -> bool {
        let Some(threshold) = self.threshold() else { return false };
        let Some(value) = value else { return true };
        Currency::parse(threshold.currency) != Ok(value.currency) || value.minor >= threshold.minor
    }
}

impl Terms {
    /// The most that pilot and options may come to (Directive 2014/24/EU art. 5(1)), else what the pilot may cost.
    pub fn estimated_value(&self) -> Option<&Money> {
        self.adoption.maximum.as_ref().or(self.budget.as_ref())
    }

    /// Whether these terms wait for the official notice before they are published.
    pub fn needs_official_notice(&self) -> bool {
        self.law.needs_official_notice(self.estimated_value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency: &str) -> Money {
        Money::parse(amount, Currency::parse(currency).unwrap()).unwrap()
    }

    #[test]
    fn from_the_threshold_on_the_official_notice_is_needed() {
        let needs = |law: LawProfile, amount: &str, currency: &str| law.needs_official_notice(Some(&money(amount, currency)));
        assert!(!needs(LawProfile::Eu2014_24, "215999.99", "EUR"));
        assert!(needs(LawProfile::Eu2014_24, "216000", "EUR"));
        assert!(!needs(LawProfile::Uk2023, "207719.99", "GBP"));
        assert!(needs(LawProfile::Scotland2015, "207720", "GBP"));
        assert!(!needs(LawProfile::BelowThreshold, "9000000", "EUR"));
        assert!(!needs(LawProfile::UsModelCode, "9000000", "USD"));
    }

    #[test]
    fn options_count_towards_the_value() {
        let mut terms = Terms { law: LawProfile::Eu2014_24, budget: Some(money("90000", "EUR")), ..Terms::default() };
        assert!(!terms.needs_official_notice());
        terms.adoption.maximum = Some(money("400000", "EUR"));
        assert!(terms.needs_official_notice());
    }

    #[test]
    fn a_value_that_nobody_can_compare_is_not_taken_to_be_below() {
        assert!(LawProfile::Eu2014_24.needs_official_notice(None));
        assert!(LawProfile::Eu2014_24.needs_official_notice(Some(&money("1000", "SEK"))));
        assert!(!LawProfile::BelowThreshold.needs_official_notice(None));
    }
}
