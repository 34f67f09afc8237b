//! How firmly the first place stands: an explanation beside the result.

use domain::evaluation::{Again, Change, Robustness, Without};
use leptos::prelude::*;

use super::charts;
use super::result::Reader;
use crate::ui::{Column, Table, cells};
use crate::words::t;

pub fn section(reader: &Reader, report: &Robustness) -> AnyView {
    let cx = reader.cx;
    let body = match report.first {
        None if reader.found.outcome.first().next().is_none() => view! { <p>{t!(cx, "firmly-nobody")}</p> }.into_any(),
        None => view! { <p>{t!(cx, "firmly-tied")}</p> {without(reader, report)} }.into_any(),
        Some(first) => {
            let name = reader.response(first);
            view! {
                {report.change.as_ref().map_or_else(
                    || view! { <p>{t!(cx, "change-none")}</p> }.into_any(),
                    |change| smallest(reader, change),
                )}
                {charts::ranges(reader, &report.ranges, &name)}
                {without(reader, report)}
            }
            .into_any()
        }
    };
    view! {
        <section aria-labelledby="firmly">
            <h2 class="govuk-heading-m govuk-!-margin-top-6" id="firmly">{t!(cx, "firmly-title")}</h2>
            <p>{t!(cx, "firmly-text")}</p>
            {body}
        </section>
    }
    .into_any()
}

fn names(reader: &Reader, responses: &[i64]) -> String {
    let names: Vec<String> = responses.iter().map(|response| reader.response(*response)).collect();
    if names.is_empty() { t!(reader.cx, "nobody-ranked") } else { names.join(", ") }
}

fn smallest(reader: &Reader, change: &Change) -> AnyView {
    let cx = reader.cx;
    let points = u32::from(change.from.abs_diff(change.to));
    let then = match change.first.as_slice() {
        [_] => t!(cx, "change-then", name = names(reader, &change.first)),
        [] => t!(cx, "change-then-nobody"),
        _ => t!(cx, "change-then-shared", names = names(reader, &change.first)),
    };
    // Which score it is says what somebody scored.
    let which = reader.shows_scores().then(|| {
        let by = (!change.evaluators.is_empty()).then(|| {
            let by: Vec<String> = change.evaluators.iter().map(|seat| reader.evaluator(*seat)).collect();
            t!(cx, "change-by", names = by.join(", "))
        });
        let (criterion, name) = (reader.criterion(change.criterion), reader.response(change.response));
        let what = t!(cx, "change-which", criterion = criterion, name = name, from = change.from, to = change.to);
        view! { " " {what} " " {by} }
    });
    view! {
        <p>
            <strong>{t!(cx, "change-points", n = points)}</strong> {which} " " {then} " "
            {(change.as_small > 0).then(|| t!(cx, "change-more", n = change.as_small))}
        </p>
    }
    .into_any()
}

/// Rankings with something left out. Of single responses only those are listed that move another one.
fn without(reader: &Reader, report: &Robustness) -> AnyView {
    let cx = reader.cx;
    let first = report.first;
    let moves = |without: &&Without| Some(without.id) == first || without.again.as_ref().is_none_or(|again| again.moved > 0);
    let responses: Vec<&Without> = report.without_responses.iter().filter(moves).collect();
    let evaluators: Vec<&Without> = if reader.shows_scores() { report.without_evaluators.iter().collect() } else { Vec::new() };
    let criteria: Vec<&Without> = report.without_criteria.iter().collect();
    view! {
        {table(reader, "without-criterion", &criteria, |id| reader.criterion(id))}
        {table(reader, "without-evaluator", &evaluators, |id| reader.evaluator(id))}
        {table(reader, "without-response", &responses, |id| reader.response(id))}
        {(report.without_responses.len() > responses.len()).then(|| view! { <p class="wp-muted">{t!(cx, "without-others")}</p> })}
    }
    .into_any()
}

fn table(reader: &Reader, key: &'static str, rows: &[&Without], name: impl Fn(i64) -> String) -> Option<AnyView> {
    let cx = reader.cx;
    if rows.is_empty() {
        return None;
    }
    let rows = rows
        .iter()
        .map(|without| {
            let (first, then) = match &without.again {
                None => (t!(cx, "without-none"), String::new()),
                Some(again) => (names(reader, &again.first), moved(reader, again)),
            };
            cells![name(without.id), first, then]
        })
        .collect();
    let columns = [key, "column-first-then", "column-moved"].map(|key| Column::of(cx, key)).into();
    Some(Table::new(t!(cx, &format!("{key}-title")), columns, rows).captioned().steady().render())
}

/// How many others change places, and who would then be among the first.
fn moved(reader: &Reader, again: &Again) -> String {
    let cx = reader.cx;
    if again.moved == 0 {
        return t!(cx, "moved-none");
    }
    let top: Vec<String> = again.top.iter().map(|(response, rank)| format!("{rank}. {}", reader.response(*response))).collect();
    t!(cx, "moved", n = again.moved, top = top.join(", "))
}
