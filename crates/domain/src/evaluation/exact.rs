//! Fractions without rounding, for points and totals.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use num_bigint::{BigInt, Sign};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::points::Weight;

/// An exact fraction in lowest terms. Rounded only by [`Exact::display2`], and only to be looked at.
///
/// Numerator and denominator are `i128` as long as they fit, which they do for all ordinary rounds; sums that do
/// not (many criteria, prices that are large primes) go on in `BigInt` instead of wrapping. In JSON it is the text "p/q".
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Exact(Form);

/// Lowest terms, denominator above 0, `Small` whenever both fit: so that equal fractions are equal values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    Small { num: i128, den: i128 },
    Big(Box<(BigInt, BigInt)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("an exact number is written p/q in lowest terms")]
pub struct ExactError;

impl Exact {
    pub const ZERO: Exact = Exact(Form::Small { num: 0, den: 1 });

    pub(super) const fn whole(number: i128) -> Exact {
        Exact(Form::Small { num: number, den: 1 })
    }

    /// `num / den`.
    ///
    /// # Panics
    /// If `den` is not above 0. Callers divide by counts, scales and prices that they have checked.
    pub fn new(num: i128, den: i128) -> Exact {
        assert!(den > 0, "the denominator of a fraction is above 0");
        if let (Ok(n), Ok(d)) = (u64::try_from(num), u64::try_from(den)) {
            let common = gcd_u64(n, d);
            return Exact(Form::Small { num: (n / common).into(), den: (d / common).into() });
        }
        // The divisor is at most `den`, so it fits.
        let common = gcd(num.unsigned_abs(), den.unsigned_abs()) as i128;
        Exact(Form::Small { num: num / common, den: den / common })
    }

    /// The sum, over a growing common denominator and reduced once at the end.
    pub fn sum<'a>(terms: impl Iterator<Item = &'a Exact> + Clone) -> Exact {
        let small = terms.clone().map(|term| match term.0 {
            Form::Small { num, den } => Some((num, den)),
            Form::Big(_) => None,
        });
        Exact::small_sum(small).unwrap_or_else(|| {
            let start = (BigInt::ZERO, BigInt::from(1));
            let (num, den) = terms.fold(start, |(num, den), term| {
                let (n, d) = term.parts();
                (num * &d + n * &den, den * d)
            });
            Exact::from_parts(num, den)
        })
    }

    /// The sum of fractions that need not be in lowest terms, reduced once; nothing where there is no such term, or a step does not fit
    /// in `i128`.
    pub(super) fn small_sum(terms: impl Iterator<Item = Option<(i128, i128)>>) -> Option<Exact> {
        let (mut num, mut den) = (0i128, 1i128);
        for term in terms {
            let (n, d) = term?;
            if den == d {
                num = num.checked_add(n)?;
            } else if den == 1 {
                (num, den) = (num.checked_mul(d)?.checked_add(n)?, d);
            } else {
                let common = gcd(den.unsigned_abs(), d.unsigned_abs()) as i128;
                let (widen, lift) = (d / common, den / common);
                num = num.checked_mul(widen)?.checked_add(n.checked_mul(lift)?)?;
                den = den.checked_mul(widen)?;
            }
        }
        Some(Exact::new(num, den))
    }

    pub(super) fn plus(&self, other: &Exact) -> Exact {
        Exact::sum([self, other].into_iter())
    }

    pub(super) fn minus(&self, other: &Exact) -> Exact {
        self.plus(&other.times(&Exact(Form::Small { num: -1, den: 1 })))
    }

    pub(super) fn times(&self, other: &Exact) -> Exact {
        if let (Form::Small { num: n, den: d }, Form::Small { num: m, den: e }) = (&self.0, &other.0)
            && let (Some(num), Some(den)) = (n.checked_mul(*m), d.checked_mul(*e))
        {
            return Exact::new(num, den);
        }
        let ((n, d), (m, e)) = (self.parts(), other.parts());
        Exact::from_parts(n * m, d * e)
    }

    /// The quotient; nothing where it would divide by 0.
    pub(super) fn over(&self, other: &Exact) -> Option<Exact> {
        let turned = match &other.0 {
            Form::Small { num: 0, .. } => return None,
            Form::Small { num, den } => {
                num.checked_abs().map(|num_abs| Exact(Form::Small { num: den * num.signum(), den: num_abs }))
            }
            Form::Big(_) => None,
        };
        Some(match turned {
            Some(turned) => self.times(&turned),
            None => {
                let ((n, d), (m, e)) = (self.parts(), other.parts());
                let (num, den) = (n * e, d * m);
                if den.sign() == Sign::Minus { Exact::from_parts(-num, -den) } else { Exact::from_parts(num, den) }
            }
        })
    }

    /// -1, 0 or 1.
    pub(super) fn sign(&self) -> i8 {
        match &self.0 {
            Form::Small { num, .. } => num.signum() as i8,
            Form::Big(parts) => match parts.0.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            },
        }
    }

    /// The largest whole number that is not above it, 255 where it is larger than that; nothing below 0.
    pub(super) fn floor_u8(&self) -> Option<u8> {
        if self.sign() < 0 {
            return None;
        }
        let (num, den) = self.parts();
        Some(u8::try_from(num / den).unwrap_or(u8::MAX))
    }

    /// Hundredths, rounded down and up: the ends of a range are shown rounded into it.
    pub fn hundredths_within(&self) -> (i64, i64) {
        let (num, den) = self.parts();
        let over = num * 100;
        let (mut down, rest): (BigInt, BigInt) = (&over / &den, &over % &den);
        if rest.sign() == Sign::Minus {
            down -= 1;
        }
        let up = if rest.sign() == Sign::NoSign { down.clone() } else { &down + 1 };
        (i64::try_from(down).unwrap_or(i64::MAX), i64::try_from(up).unwrap_or(i64::MAX))
    }

    /// Rounded half up to two places: "12.35". Half up is towards plus infinity, floor(100 x + 1/2).
    pub fn display2(&self) -> String {
        let (num, den) = self.parts();
        let (over, under): (BigInt, BigInt) = (num * 200 + &den, den * 2);
        let mut hundredths = &over / &under;
        // Division of BigInt goes towards 0.
        if (&over % &under).sign() == Sign::Minus {
            hundredths -= 1;
        }
        let sign = if hundredths.sign() == Sign::Minus { "-" } else { "" };
        let digits = format!("{:0>3}", hundredths.magnitude().to_string());
        let (whole, decimals) = digits.split_at(digits.len() - 2);
        format!("{sign}{whole}.{decimals}")
    }

    fn parts(&self) -> (BigInt, BigInt) {
        match &self.0 {
            Form::Small { num, den } => (BigInt::from(*num), BigInt::from(*den)),
            Form::Big(parts) => (**parts).clone(),
        }
    }

    fn from_parts(num: BigInt, den: BigInt) -> Exact {
        let (mut common, mut rest) = (den.clone(), num.clone());
        while rest.sign() != Sign::NoSign {
            (common, rest) = (rest.clone(), &common % &rest);
        }
        if common.sign() == Sign::Minus {
            common = -common;
        }
        let (num, den) = (num / &common, den / common);
        match (i128::try_from(&num), i128::try_from(&den)) {
            (Ok(num), Ok(den)) => Exact(Form::Small { num, den }),
            _ => Exact(Form::Big(Box::new((num, den)))),
        }
    }
}

/// Greatest common divisor by shifts (Stein): division of 128 bits is many times slower, in WASM above all.
fn gcd(a: u128, b: u128) -> u128 {
    if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
        return u128::from(gcd_u64(a, b));
    }
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    let (mut a, mut b) = (a >> a.trailing_zeros(), b >> b.trailing_zeros());
    while a != b {
        let (low, gap) = (a.min(b), a.abs_diff(b));
        (a, b) = (low, gap >> gap.trailing_zeros());
    }
    a << twos
}

fn gcd_u64(a: u64, b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    let (mut a, mut b) = (a >> a.trailing_zeros(), b >> b.trailing_zeros());
    while a != b {
        let (low, gap) = (a.min(b), a.abs_diff(b));
        (a, b) = (low, gap >> gap.trailing_zeros());
    }
    a << twos
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        if let (Form::Small { num: n, den: d }, Form::Small { num: m, den: e }) = (&self.0, &other.0) {
            if d == e {
                return n.cmp(m);
            }
            if let (Some(left), Some(right)) = (n.checked_mul(*e), m.checked_mul(*d)) {
                return left.cmp(&right);
            }
            if n.signum() != m.signum() {
                return n.cmp(m);
            }
            // Both products in 256 bits.
            let wide = |a: i128, b: i128| {
                let (low, high) = a.unsigned_abs().carrying_mul(b.unsigned_abs(), 0);
                (high, low)
            };
            let order = wide(*n, *e).cmp(&wide(*m, *d));
            return if *n < 0 { order.reverse() } else { order };
        }
        let ((n, d), (m, e)) = (self.parts(), other.parts());
        (n * e).cmp(&(m * d))
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<Weight> for Exact {
    fn from(weight: Weight) -> Exact {
        Exact::new(i128::from(weight.hundredths()), 100)
    }
}

/// The fraction itself, "p/q", also where q is 1.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Small { num, den } => write!(f, "{num}/{den}"),
            Form::Big(parts) => write!(f, "{}/{}", parts.0, parts.1),
        }
    }
}

impl FromStr for Exact {
    type Err = ExactError;

    fn from_str(text: &str) -> Result<Exact, ExactError> {
        let (num, den) = text.split_once('/').ok_or(ExactError)?;
        let (num, den) = (num.parse::<BigInt>().or(Err(ExactError))?, den.parse::<BigInt>().or(Err(ExactError))?);
        if den.sign() != Sign::Plus {
            return Err(ExactError);
        }
        let exact = Exact::from_parts(num, den);
        // One value, one spelling: what is saved can be compared as text.
        if exact.to_string() == text { Ok(exact) } else { Err(ExactError) }
    }
}

impl TryFrom<String> for Exact {
    type Error = ExactError;

    fn try_from(text: String) -> Result<Exact, ExactError> {
        text.parse()
    }
}

impl From<Exact> for String {
    fn from(exact: Exact) -> String {
        exact.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(terms: &[Exact]) -> Exact {
        Exact::sum(terms.iter())
    }

    #[test]
    fn fractions_are_in_lowest_terms() {
        assert_eq!(Exact::new(50, 100).to_string(), "1/2");
        assert_eq!(Exact::new(-50, 100).to_string(), "-1/2");
        assert_eq!(Exact::new(0, 7), Exact::ZERO);
        assert_eq!(Exact::new(i128::MIN, 2).to_string(), format!("{}/1", i128::MIN / 2));
        assert_eq!(Exact::new(3 << 90, 9 << 80).to_string(), "1024/3");
    }

    #[test]
    fn thirds_add_up_to_one() {
        assert_eq!(sum(&[Exact::new(1, 3), Exact::new(1, 6), Exact::new(1, 2)]), Exact::new(1, 1));
        assert_eq!(sum(&[]), Exact::ZERO);
    }

    #[test]
    fn what_does_not_fit_goes_on_and_comes_back() {
        let (p, q) = (i128::MAX, i128::MAX - 1);
        let large = sum(&[Exact::new(1, p), Exact::new(1, q)]);
        assert!(matches!(large.0, Form::Big(_)));
        // 1/p + 1/q = (p + q) / pq
        let product = BigInt::from(p) * BigInt::from(q);
        assert_eq!(large.to_string(), format!("{}/{product}", BigInt::from(p) + BigInt::from(q)));
        // Taking 1/q away again gives the small form, so equality is still derived.
        assert_eq!(sum(&[large.clone(), Exact::new(-1, q)]), Exact::new(1, p));
        assert!(large > Exact::new(1, p) && large < Exact::new(3, p));
        assert_eq!(large.to_string().parse(), Ok(large));
    }

    #[test]
    fn order_is_exact_beyond_the_reach_of_floats() {
        assert!(Exact::new(i128::MAX - 1, i128::MAX) > Exact::new(i128::MAX - 2, i128::MAX - 1));
        assert!(Exact::new(1 - i128::MAX, i128::MAX) < Exact::new(2 - i128::MAX, i128::MAX - 1));
        assert!(Exact::new(-i128::MAX, i128::MAX - 1) < Exact::new(i128::MAX, i128::MAX - 1));
        assert!(Exact::new(1, 3) < Exact::new(334, 1000));
        assert_eq!(Exact::new(2, 6).cmp(&Exact::new(1, 3)), Ordering::Equal);
    }

    #[test]
    fn arithmetic_goes_on_where_128_bits_end() {
        let (a, b) = (Exact::new(i128::MAX, 3), Exact::new(i128::MAX, 7));
        assert_eq!(a.times(&b).over(&b), Some(a.clone()));
        assert_eq!(a.plus(&b).minus(&b), a);
        assert_eq!(Exact::new(-3, 4).over(&Exact::new(-3, 8)), Some(Exact::new(2, 1)));
        assert_eq!(Exact::new(i128::MIN, 1).over(&Exact::new(i128::MIN, 1)), Some(Exact::new(1, 1)));
        assert_eq!(a.over(&Exact::ZERO), None);
        assert_eq!((a.sign(), Exact::new(-1, 3).sign(), Exact::ZERO.sign(), a.times(&b).sign()), (1, -1, 0, 1));
        assert_eq!(Exact::new(7, 2).floor_u8(), Some(3));
        assert_eq!(Exact::new(-1, 2).floor_u8(), None);
        assert_eq!(a.floor_u8(), Some(u8::MAX));
        assert_eq!(Exact::new(1, 3).hundredths_within(), (33, 34));
        assert_eq!(Exact::new(-1, 3).hundredths_within(), (-34, -33));
        assert_eq!(Exact::new(1, 4).hundredths_within(), (25, 25));
    }

    #[test]
    fn shown_half_up_to_two_places() {
        for (num, den, shown) in [
            (0, 1, "0.00"),
            (1, 3, "0.33"),
            (2, 3, "0.67"),
            (1, 200, "0.01"),
            (1, 201, "0.00"),
            (12_345, 1000, "12.35"),
            (12_344, 1000, "12.34"),
            (99_995, 1000, "100.00"),
            (-1, 200, "0.00"),
            (-3, 200, "-0.01"),
            (-1, 3, "-0.33"),
        ] {
            assert_eq!(Exact::new(num, den).display2(), shown, "{num}/{den}");
        }
    }

    #[test]
    fn json_is_p_over_q() {
        assert_eq!(serde_json::to_string(&Exact::new(90, 2)).expect("json"), r#""45/1""#);
        assert_eq!(serde_json::from_str::<Exact>(r#""45/2""#).expect("json"), Exact::new(45, 2));
        for text in ["45", "90/2", "1/0", "1/-2", "+1/2", "a/b", "01/2", ""] {
            assert_eq!(text.parse::<Exact>(), Err(ExactError), "{text}");
        }
    }

    #[test]
    fn a_weight_is_an_exact_number() {
        assert_eq!(Exact::from(Weight::from_hundredths(1250)), Exact::new(25, 2));
    }
}
