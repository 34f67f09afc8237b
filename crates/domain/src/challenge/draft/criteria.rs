//! Criteria: what is scored, how much it counts, and what a price must cover.

use super::MOST_ROWS;
use crate::challenge::{Criterion, CriterionKind, Part, PriceBasis, Question, Tax};
use crate::evaluation::PriceFormula;
use crate::form::{Errors, FieldError, Fields};
use crate::ids::{CriterionId, QuestionId};
use crate::money::Money;
use crate::points::Weight;

/// The ends of scales that a builder offers; any stored draft without one means the default.
pub const SCALES: [u8; 5] = [5, 2, 3, 4, 10];

pub(super) fn criteria(f: &Fields, budget: Option<&Money>, questions: &[Question], e: &mut Errors) -> Vec<Criterion> {
    let rows = f.rows("criterion");
    if rows.is_empty() {
        e.say("criterion-1-name", "criterion-none");
        return Vec::new();
    }
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("criterion-{}-name", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let mut out: Vec<Criterion> = Vec::new();
    for &row in &rows {
        let criterion = criterion(f, row, budget, questions, e);
        let is_price = |criterion: &Criterion| criterion.kind != CriterionKind::Scored;
        if is_price(&criterion) && out.iter().any(is_price) {
            e.say(format!("criterion-{row}-kind"), "price-once");
        }
        out.push(criterion);
    }
    sums_to_hundred(&format!("criterion-{}-weight", rows[0]), "weights-sum", out.iter().map(|criterion| criterion.weight), e);
    if out.iter().all(|criterion| criterion.kind != CriterionKind::Scored) {
        e.say(format!("criterion-{}-kind", rows[0]), "criterion-scored-none");
    }
    out
}

/// What the price is for; of no meaning where none is scored.
pub(super) fn price(f: &Fields, e: &mut Errors) -> PriceBasis {
    PriceBasis {
        tax: Tax::parse(f.get("price_tax")).unwrap_or_default(),
        covers: e.text(f, "price_covers", false, 1_000),
        period: e.text(f, "price_period", false, 120),
        separate: f.checked("price_separate"),
    }
}

fn criterion(f: &Fields, row: u32, budget: Option<&Money>, questions: &[Question], e: &mut Errors) -> Criterion {
    let name = |field: &str| format!("criterion-{row}-{field}");
    let kind = kind(f, row, budget, e);
    let scored = kind == CriterionKind::Scored;
    let max = f.of_row("criterion", row, "max").parse().ok().filter(|max| SCALES.contains(max)).unwrap_or(SCALES[0]);
    let reads = |question: &&Question| scored && f.checked(&name(&format!("reads_{}", question.id)));
    Criterion {
        id: CriterionId::parse(f.of_row("criterion", row, "id")).unwrap_or(CriterionId(i64::from(row))),
        name: e.text(f, &name("name"), true, 160),
        guidance: e.text(f, &name("guidance"), false, 2_000),
        weight: weight(f, &name("weight"), e),
        threshold: if scored { threshold(f, row, max, e) } else { None },
        descriptors: (0..=max).filter(|_| scored).map(|point| e.text(f, &name(&format!("point{point}")), false, 400)).collect(),
        parts: if scored { parts(f, row, e) } else { Vec::new() },
        reads: questions.iter().filter(reads).map(|question| QuestionId(question.id.get())).collect(),
        kind,
        max,
    }
}

fn kind(f: &Fields, row: u32, budget: Option<&Money>, e: &mut Errors) -> CriterionKind {
    match f.of_row("criterion", row, "kind") {
        "price-relative" => CriterionKind::Price(PriceFormula::Relative),
        "price-absolute" => {
            if budget.is_none() {
                e.say(format!("criterion-{row}-kind"), "price-needs-budget");
            }
            CriterionKind::Price(PriceFormula::Absolute { ceiling_minor: budget.map_or(1, |money| money.minor) })
        }
        _ => CriterionKind::Scored,
    }
}

fn threshold(f: &Fields, row: u32, max: u8, e: &mut Errors) -> Option<u8> {
    match f.of_row("criterion", row, "threshold") {
        "" => None,
        text => match text.parse::<u8>() {
            Ok(points) if points <= max => Some(points),
            _ => {
                e.add(FieldError::new(format!("criterion-{row}-threshold"), "threshold").with("max", max));
                None
            }
        },
    }
}

fn parts(f: &Fields, row: u32, e: &mut Errors) -> Vec<Part> {
    let list = format!("criterion-{row}-part");
    let rows = f.rows(&list);
    let Some(&first) = rows.first() else { return Vec::new() };
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("{list}-{}-name", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let part = |n: &u32| Part {
        id: CriterionId::parse(f.of_row(&list, *n, "id")).unwrap_or(CriterionId(i64::from(row) * 1_000 + i64::from(*n))),
        name: e.text(f, &format!("{list}-{n}-name"), true, 160),
        guidance: e.text(f, &format!("{list}-{n}-guidance"), false, 2_000),
        weight: weight(f, &format!("{list}-{n}-weight"), e),
    };
    let parts: Vec<Part> = rows.iter().map(part).collect();
    sums_to_hundred(&format!("{list}-{first}-weight"), "part-weights-sum", parts.iter().map(|part| part.weight), e);
    parts
}

/// A weight above nothing; what does not parse is 0 and told.
pub(super) fn weight(f: &Fields, field: &str, e: &mut Errors) -> Weight {
    match Weight::parse(f.get(field)) {
        Ok(weight) if weight.hundredths() > 0 => weight,
        _ => {
            e.say(field, "weight");
            Weight::default()
        }
    }
}

/// Told only where every weight was read: an unreadable one is told by itself.
pub(super) fn sums_to_hundred(field: &str, code: &str, weights: impl Iterator<Item = Weight> + Clone, e: &mut Errors) {
    if weights.clone().all(|weight| weight.hundredths() > 0)
        && let Err(wrong) = Weight::check_sum(weights)
    {
        let sum = wrong.sum.hundredths();
        e.add(FieldError::new(field, code).with("sum", format!("{}.{:02}", sum / 100, sum % 100)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::QuestionKind;
    use crate::evaluation::Rules;

    fn question(id: i64) -> Question {
        let (label, help, kind) = (String::new(), String::new(), QuestionKind::LongText);
        Question { id: QuestionId(id), label, help, kind, max_words: 100, required: true, confidential: false }
    }

    fn parsed(pairs: &[(&str, &str)]) -> (Vec<Criterion>, Vec<String>) {
        let mut errors = Errors::default();
        let found = criteria(&pairs.iter().copied().collect(), None, &[question(1), question(2)], &mut errors);
        (found, errors.0.into_iter().map(|e| format!("{}: {}", e.field, e.code)).collect())
    }

    const TWO_PARTS: [(&str, &str); 8] = [
        ("criterion-1-name", "Effect"),
        ("criterion-1-weight", "100"),
        ("criterion-1-max", "10"),
        ("criterion-1-threshold", "6"),
        ("criterion-1-part-1-name", "On patients"),
        ("criterion-1-part-1-weight", "66.67"),
        ("criterion-1-part-2-name", "On staff"),
        ("criterion-1-part-2-weight", "33.33"),
    ];

    #[test]
    fn sub_criteria_share_the_hundred_of_their_criterion() {
        let (found, errors) = parsed(&TWO_PARTS);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!((found[0].parts.len(), found[0].max, found[0].threshold), (2, 10, Some(6)));
        let rules: Rules = crate::challenge::rules_of(&found, None);
        assert_eq!(rules.check(), Ok(()), "what the builder lets through can be computed");
        let mut wrong = TWO_PARTS;
        wrong[7].1 = "33.34";
        assert_eq!(parsed(&wrong).1, ["criterion-1-part-1-weight: part-weights-sum"]);
    }

    #[test]
    fn a_criterion_names_the_questions_that_it_reads() {
        let read = format!("criterion-1-reads_{}", QuestionId(2));
        let (found, _) = parsed(&[("criterion-1-name", "A"), ("criterion-1-weight", "100"), (&read, "yes")]);
        assert_eq!(found[0].reads, [QuestionId(2)]);
        let gone = format!("criterion-1-reads_{}", QuestionId(9));
        let (found, _) = parsed(&[("criterion-1-name", "A"), ("criterion-1-weight", "100"), (&gone, "yes")]);
        assert!(found[0].reads.is_empty(), "a question that was taken out is read by nobody");
    }

    #[test]
    fn an_untouched_card_is_no_criterion() {
        let untouched = [("criterion-2-kind", "scored"), ("criterion-2-max", "5")];
        let (found, errors) = parsed(&[&[("criterion-1-name", "A"), ("criterion-1-weight", "100")][..], &untouched].concat());
        assert_eq!((found.len(), errors.len()), (1, 0));
    }

    #[test]
    fn the_scale_is_one_of_those_offered_and_the_threshold_on_it() {
        let (found, errors) = parsed(&[
            ("criterion-1-name", "A"),
            ("criterion-1-weight", "100"),
            ("criterion-1-max", "3"),
            ("criterion-1-threshold", "4"),
        ]);
        assert_eq!((found[0].max, found[0].descriptors.len()), (3, 4));
        assert_eq!(errors, ["criterion-1-threshold: threshold"]);
    }
}
