//! The parts of a notice that the workshop's sections became: problem, budget and route, dates, requirements, terms, categories.

use domain::challenge::{Property, Terms, categories as vocabulary};
use domain::moment::Moment;
use leptos::prelude::*;

use super::{part, text};
use crate::cx::Cx;
use crate::ui::{amount, exact, markdown};
use crate::words::t;

/// The problem in its parts, then the text in the authority's words.
pub(super) fn problem(cx: &Cx, terms: &Terms) -> AnyView {
    let problem = &terms.problem;
    let piece = |key: &str, text: &str, after: Option<AnyView>| {
        (!text.trim().is_empty())
            .then(|| view! { <div><h3 class="govuk-heading-s">{t!(cx, key)}</h3>{markdown(text)}{after}</div> })
    };
    let source = (!problem.source.is_empty())
        .then(|| view! { <p class="wp-muted">{t!(cx, "source-of-number", source = &problem.source)}</p> }.into_any());
    let content = view! {
        {piece("who-is-affected", &problem.affected, None)}
        {piece("what-happens-now", &problem.now, source)}
        {piece("why-now", &problem.why_now, None)}
        {piece("what-was-tried", &problem.tried, None)}
        {(!terms.statement.trim().is_empty()).then(|| markdown(&terms.statement))}
    };
    let written = [&problem.affected, &problem.now, &problem.why_now, &problem.tried, &terms.statement];
    part(cx, "the-problem", content.into_any(), written.iter().any(|text| !text.trim().is_empty()))
}

/// Value of the pilot, most in total, duration, who else may buy, milestones, and what follows.
pub(super) fn budget(cx: &Cx, terms: &Terms) -> AnyView {
    let adoption = &terms.adoption;
    let binds = if terms.promises_bind { t!(cx, "promises-bind") } else { t!(cx, "promises-free") };
    let fact = |key: &str, value: Option<String>| {
        value.filter(|value| !value.is_empty()).map(|value| {
            view! { <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{t!(cx, key)}</dt><dd class="govuk-summary-list__value">{value}</dd></div> }
        })
    };
    let rows = adoption
        .milestones
        .iter()
        .map(|row| view! { <tr class="govuk-table__row"><th class="govuk-table__header" scope="row">{row.title.clone()}</th><td class="govuk-table__cell">{row.due.clone()}</td><td class="govuk-table__cell">{row.payment.clone()}</td></tr> })
        .collect_view();
    let milestones = (!adoption.milestones.is_empty()).then(|| {
        view! {
            <table class="govuk-table">
                <caption class="govuk-table__caption govuk-table__caption--s">{t!(cx, "milestones")}</caption>
                <thead class="govuk-table__head"><tr class="govuk-table__row">
                    <th class="govuk-table__header" scope="col">{t!(cx, "milestone-what")}</th>
                    <th class="govuk-table__header" scope="col">{t!(cx, "milestone-when")}</th>
                    <th class="govuk-table__header" scope="col">{t!(cx, "milestone-paid")}</th>
                </tr></thead>
                <tbody class="govuk-table__body">{rows}</tbody>
            </table>
        }
    });
    let known =
        terms.budget.is_some() || adoption.maximum.is_some() || !adoption.duration.is_empty() || !adoption.buyers.is_empty();
    let facts = known.then(|| {
        view! {
            <dl class="govuk-summary-list">
                {fact("budget-pilot", terms.budget.as_ref().map(|money| t!(cx, "up-to", amount = amount(money))))}
                {fact("budget-maximum", adoption.maximum.as_ref().map(|money| t!(cx, "up-to", amount = amount(money))))}
                {fact("budget-duration", Some(adoption.duration.clone()))}
                {fact("budget-buyers", Some(adoption.buyers.clone()))}
            </dl>
        }
    });
    let shown = known || !adoption.milestones.is_empty();
    let content = view! { {facts} {milestones} <p>{binds}</p> };
    view! { {part(cx, "budget", content.into_any(), shown)} {text(cx, "route", &terms.route)} }.into_any()
}

/// Every date that was set, in the authority's zone.
pub(super) fn dates(cx: &Cx, terms: &Terms) -> AnyView {
    let deadline = Some(terms.deadline).filter(|at| *at != Moment::default());
    let rows = [
        ("date-enquiries", terms.enquiry_deadline),
        ("date-deadline", deadline),
        ("date-opening", terms.opening_at),
        ("date-decision", terms.decision_by),
        ("date-pilot", terms.pilot_from),
    ];
    let rows: Vec<_> = rows.into_iter().filter_map(|(key, at)| Some((key, at?))).collect();
    let shown = rows.len() > 1;
    let rows = rows
        .into_iter()
        .map(|(key, at)| view! { <div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{t!(cx, key)}</dt><dd class="govuk-summary-list__value">{exact(cx, at, Some(&terms.zone))}</dd></div> })
        .collect_view();
    part(cx, "all-dates", view! { <dl class="govuk-summary-list">{rows}</dl> }.into_any(), shown)
}

pub(super) fn requirements(cx: &Cx, terms: &Terms) -> AnyView {
    let rows = terms
        .requirements
        .iter()
        .map(|requirement| {
            let proof = if requirement.declare && requirement.evidence.is_empty() {
                t!(cx, "requirement-declared")
            } else if requirement.evidence.is_empty() {
                t!(cx, "requirement-statement")
            } else {
                t!(cx, "requirement-proof", proof = &requirement.evidence)
            };
            view! { <li>{requirement.title.clone()} " " <span class="wp-muted">{t!(cx, &format!("requirement-kind-{}", requirement.kind.code()))} ". " {proof}</span></li> }
        })
        .collect_view();
    let content = view! { <p>{t!(cx, "requirements-text")}</p><ul class="govuk-list govuk-list--bullet">{rows}</ul> };
    part(cx, "requirements", content.into_any(), !terms.requirements.is_empty())
}

/// A version that was published before terms were asked for has the default, which is said too.
pub(super) fn offer(cx: &Cx, terms: &Terms) -> AnyView {
    let key = match terms.offer.property {
        Property::SupplierKeeps => "property-text-supplier-keeps",
        Property::Shared => "property-text-shared",
        Property::Open => "property-text-open",
        Property::BuyerOwns => "property-text-buyer-owns",
    };
    let more = (!terms.offer.conditions.trim().is_empty()).then(|| markdown(&terms.offer.conditions));
    let partners = terms.offer.partners_sign.then(|| view! { <p>{t!(cx, "partners-sign-text")}</p> });
    part(cx, "terms", view! { <p>{t!(cx, key)}</p>{partners}{more} }.into_any(), true)
}

pub(super) fn categories(cx: &Cx, terms: &Terms) -> AnyView {
    let rows = terms
        .categories
        .iter()
        .map(|code| view! { <li>{vocabulary::label(code).unwrap_or_default()} " " <span class="wp-muted">{t!(cx, "category-code", code = code)}</span> " " <a class="govuk-link wp-no-print" href=format!("/alerts/new?of_category={code}") aria-label=t!(cx, "alert-follow-category", category = vocabulary::label(code).unwrap_or_default())>{t!(cx, "alert-follow")}</a></li> })
        .collect_view();
    part(cx, "categories", view! { <ul class="govuk-list">{rows}</ul> }.into_any(), !terms.categories.is_empty())
}

pub(super) fn place(cx: &Cx, terms: &Terms) -> AnyView {
    let place = (!terms.place.is_empty()).then(|| view! { <p>{terms.place.clone()}</p> });
    let lang = (terms.lang != "en").then(|| {
        view! { <p>{t!(cx, "notice-language", language = t!(cx, &format!("language-{}", terms.lang)))}</p> }
    });
    let credit = (!terms.credit.is_empty()).then(|| view! { <p class="wp-muted">{terms.credit.clone()}</p> });
    let shown = place.is_some() || lang.is_some() || credit.is_some();
    part(cx, "place", view! { {place} {lang} {credit} }.into_any(), shown)
}
