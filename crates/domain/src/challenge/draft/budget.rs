//! Budget and route to adoption.

use super::MOST_ROWS;
use crate::challenge::{Milestone, Route};
use crate::form::{Errors, FieldError, Fields};
use crate::ids::MilestoneId;
use crate::money::{Currency, Money};

pub(super) struct Parsed {
    pub currency: Currency,
    pub pilot: Option<Money>,
    pub route: String,
    pub adoption: Route,
    pub promises_bind: bool,
}

pub(super) fn budget(f: &Fields, e: &mut Errors) -> Parsed {
    let currency = match f.get("currency") {
        "" => Currency::default(),
        text => Currency::parse(text).unwrap_or_else(|_| {
            e.say("currency", "currency");
            Currency::default()
        }),
    };
    let pilot = amount(f, "budget", currency, e);
    let maximum = amount(f, "maximum", currency, e);
    if let (Some(pilot), Some(maximum)) = (&pilot, &maximum)
        && maximum.minor < pilot.minor
    {
        e.say("maximum", "maximum-below-pilot");
    }
    Parsed {
        currency,
        pilot,
        route: e.text(f, "route", false, 10_000),
        adoption: Route {
            maximum,
            duration: e.text(f, "duration", false, 120),
            buyers: e.text(f, "buyers", false, 2_000),
            milestones: milestones(f, e),
        },
        promises_bind: f.checked("promises_bind"),
    }
}

/// A positive amount of money, where one was typed.
fn amount(f: &Fields, field: &str, currency: Currency, e: &mut Errors) -> Option<Money> {
    match f.get(field) {
        "" => None,
        text => match Money::parse(text, currency) {
            Ok(money) if money.minor > 0 => Some(money),
            Ok(_) => {
                e.say(field, "budget-positive");
                None
            }
            Err(error) => {
                e.say(field, error.code());
                None
            }
        },
    }
}

fn milestones(f: &Fields, e: &mut Errors) -> Vec<Milestone> {
    let rows = f.rows("milestone");
    if rows.len() > MOST_ROWS {
        e.add(FieldError::new(format!("milestone-{}-title", rows[MOST_ROWS]), "too-many-rows").with("max", MOST_ROWS));
    }
    rows.into_iter()
        .map(|row| Milestone {
            id: MilestoneId::parse(f.of_row("milestone", row, "id")).unwrap_or(MilestoneId(i64::from(row))),
            title: e.text(f, &format!("milestone-{row}-title"), true, 300),
            due: e.text(f, &format!("milestone-{row}-due"), false, 60),
            payment: e.text(f, &format!("milestone-{row}-payment"), false, 60),
        })
        .collect()
}
