//! How the panel works, and what its work costs.

use domain::challenge::{Assignment, Method, Reasons, parse_loosely};
use leptos::prelude::*;
use workflow::challenge::DraftView;

use crate::challenge::form::panel_effort_view;
use crate::cx::Cx;
use crate::ui::{Form, checkbox, input, select};
use crate::words::t;

pub(super) fn fields(cx: &Cx, form: &Form) -> AnyView {
    let assignments =
        Assignment::ALL.iter().map(|one| (one.code().to_owned(), t!(cx, &format!("assignment-{}", one.code())), None)).collect();
    let methods =
        Method::ALL.iter().map(|method| (method.code().to_owned(), t!(cx, &format!("method-{}", method.code())), None)).collect();
    let reasons =
        Reasons::ALL.iter().map(|rule| (rule.code().to_owned(), t!(cx, &format!("reasons-{}", rule.code())), None)).collect();
    view! {
        {select(cx, form, "method", t!(cx, "field-method"), "field-method-hint", methods)}
        {checkbox(cx, form, "anonymous", t!(cx, "field-anonymous"), "yes")}
        {input(cx, form, "total_threshold", t!(cx, "field-total-threshold"), "field-total-threshold-hint", "number", "")}
        {select(cx, form, "reasons", t!(cx, "field-reasons"), "field-reasons-hint", reasons)}
        {input(cx, form, "evaluators", t!(cx, "field-evaluators"), "field-evaluators-hint", "number", "")}
        {select(cx, form, "assignment", t!(cx, "field-assignment"), "field-assignment-hint", assignments)}
        {input(cx, form, "quorum", t!(cx, "field-quorum"), "field-quorum-hint", "number", "")}
        {input(cx, form, "expected_responses", t!(cx, "field-expected-responses"), "field-expected-responses-hint", "number", "")}
    }
    .into_any()
}

pub(super) fn beside(cx: &Cx, found: &DraftView) -> AnyView {
    let (terms, _) = parse_loosely(&found.draft, found.facts.now);
    panel_effort_view(cx, &terms)
}
