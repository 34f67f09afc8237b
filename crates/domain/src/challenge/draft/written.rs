//! Terms written back as a draft: for whoever copies a published challenge. The form of the rounds (questions, criteria, the
//! panel's work) is not: it is copied as it was typed, where that says what was published.

use super::{Draft, Section};
use crate::challenge::Terms;
use crate::form::Fields;

/// Everything but the form and the dates, which belong to one publication. Parsing it again gives the same.
pub fn draft_of(terms: &Terms) -> Draft {
    let mut draft = Draft::default();
    let mut put = |section: Section, pairs: &[(&str, &str)]| {
        let fields = draft.0.entry(section).or_default();
        for (name, text) in pairs.iter().filter(|(_, text)| !text.is_empty()) {
            fields.set(*name, *text);
        }
    };
    let problem = &terms.problem;
    put(
        Section::Problem,
        &[
            ("title", &terms.title),
            ("summary", &terms.summary),
            ("affected", &problem.affected),
            ("now", &problem.now),
            ("source", &problem.source),
            ("why_now", &problem.why_now),
            ("tried", &problem.tried),
            ("statement", &terms.statement),
        ],
    );
    put(Section::Limits, &[("limits", &terms.limits)]);
    put(Section::Context, &[("context", &terms.context), ("data", &terms.data)]);
    let amount = |money: &Option<crate::money::Money>| money.as_ref().map(|money| money.amount()).unwrap_or_default();
    put(
        Section::Budget,
        &[
            ("currency", &terms.currency.to_string()),
            ("budget", &amount(&terms.budget)),
            ("maximum", &amount(&terms.adoption.maximum)),
            ("duration", &terms.adoption.duration),
            ("buyers", &terms.adoption.buyers),
            ("route", &terms.route),
            ("promises_bind", flag(terms.promises_bind)),
        ],
    );
    put(Section::Timetable, &[("law", terms.law.code()), ("zone", &terms.zone)]);
    put(
        Section::Terms,
        &[
            ("property", terms.offer.property.code()),
            ("conditions", &terms.offer.conditions),
            ("partners_sign", flag(terms.offer.partners_sign)),
        ],
    );
    put(
        Section::Contact,
        &[("place", &terms.place), ("contact", &terms.contact), ("lang", &terms.lang), ("credit", &terms.credit)],
    );
    for code in &terms.categories {
        put(Section::Categories, &[(&format!("category-{code}"), "yes")]);
    }
    rows(&mut draft, terms);
    draft
}

fn flag(is: bool) -> &'static str {
    if is { "yes" } else { "" }
}

fn rows(draft: &mut Draft, terms: &Terms) {
    let mut row = |section: Section, list: &str, n: usize, pairs: &[(&str, &str)]| {
        let fields: &mut Fields = draft.0.entry(section).or_default();
        for (name, text) in pairs.iter().filter(|(_, text)| !text.is_empty()) {
            fields.set(format!("{list}-{}-{name}", n + 1), *text);
        }
    };
    for (n, o) in terms.outcomes.iter().enumerate() {
        let id = o.id.to_string();
        let pairs = [
            ("id", id.as_str()),
            ("title", &o.title),
            ("unit", &o.unit),
            ("baseline", &o.baseline),
            ("target", &o.target),
            ("by", &o.by),
            ("measured", &o.measured),
        ];
        row(Section::Outcomes, "outcome", n, &pairs);
    }
    for (n, m) in terms.adoption.milestones.iter().enumerate() {
        row(
            Section::Budget,
            "milestone",
            n,
            &[("id", &m.id.to_string()), ("title", &m.title), ("due", &m.due), ("payment", &m.payment)],
        );
    }
    for (n, r) in terms.requirements.iter().enumerate() {
        row(
            Section::Requirements,
            "requirement",
            n,
            &[
                ("id", &r.id.to_string()),
                ("kind", r.kind.code()),
                ("title", &r.title),
                ("evidence", &r.evidence),
                ("declare", if r.declare { "yes" } else { "" }),
            ],
        );
    }
}
