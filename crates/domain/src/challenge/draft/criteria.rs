//! Criteria: what is scored, and how much it counts.

use super::MOST_ROWS;
use crate::challenge::{Criterion, CriterionKind};
use crate::evaluation::PriceFormula;
use crate::form::{Errors, FieldError, Fields};
use crate::ids::CriterionId;
use crate::money::Money;
use crate::points::Weight;

pub(super) fn criteria(f: &Fields, budget: Option<&Money>, e: &mut Errors) -> Vec<Criterion> {
    let rows = f.rows("criterion");
    if rows.is_empty() {
        e.say("criterion-1-name", "criterion-none");
        return Vec::new();
    }
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("criterion-{}-name", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    let (mut out, mut sum, mut prices, mut readable) = (Vec::new(), 0u32, 0, true);
    for &row in &rows {
        let name = |field: &str| format!("criterion-{row}-{field}");
        let weight = match Weight::parse(f.of_row("criterion", row, "weight")) {
            Ok(weight) if weight.hundredths() > 0 => weight,
            _ => {
                e.say(name("weight"), "weight");
                readable = false;
                Weight::parse("0").unwrap_or_default()
            }
        };
        sum = sum.saturating_add(weight.hundredths());
        let kind = match f.of_row("criterion", row, "kind") {
            "price-relative" => CriterionKind::Price(PriceFormula::Relative),
            "price-absolute" => {
                if budget.is_none() {
                    e.say(name("kind"), "price-needs-budget");
                }
                CriterionKind::Price(PriceFormula::Absolute { ceiling_minor: budget.map_or(1, |money| money.minor) })
            }
            _ => CriterionKind::Scored,
        };
        prices += u32::from(kind != CriterionKind::Scored);
        if prices > 1 && kind != CriterionKind::Scored {
            e.say(name("kind"), "price-once");
        }
        let max = 5;
        let threshold = match f.of_row("criterion", row, "threshold") {
            "" => None,
            text => match text.parse::<u8>() {
                Ok(points) if points <= max => Some(points),
                _ => {
                    e.add(FieldError::new(name("threshold"), "threshold").with("max", max));
                    None
                }
            },
        };
        let descriptors = (0..=max).map(|point| e.text(f, &name(&format!("point{point}")), false, 400)).collect();
        out.push(Criterion {
            id: CriterionId::parse(f.of_row("criterion", row, "id")).unwrap_or(CriterionId(i64::from(row))),
            name: e.text(f, &name("name"), true, 160),
            guidance: e.text(f, &name("guidance"), false, 2_000),
            weight,
            kind,
            max,
            threshold,
            descriptors,
        });
    }
    if readable && sum != 10_000 {
        let sum = format!("{}.{:02}", sum / 100, sum % 100);
        e.add(FieldError::new(format!("criterion-{}-weight", rows[0]), "weights-sum").with("sum", sum));
    }
    if out.iter().all(|criterion| criterion.kind != CriterionKind::Scored) {
        e.say(format!("criterion-{}-kind", rows[0]), "criterion-scored-none");
    }
    out
}
