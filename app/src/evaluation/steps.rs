//! "How this was computed": the published steps in their order with the numbers filled in, to be followed with a pencil.

use domain::challenge::{CriterionKind, Method, Terms};
use domain::check::CheckSubject;
use domain::evaluation::{Basis, Below, DecidedBy, Line, PriceFormula, Standing};
use domain::ids::ResponseId;
use domain::money::Money;
use leptos::prelude::*;

use super::result::{Reader, below};
use crate::cx::Cx;
use crate::ui::{Column, Table, amount, cells};
use crate::words::t;

pub fn section(reader: &Reader) -> AnyView {
    let cx = reader.cx;
    let sums_text = match reader.found.terms.method {
        Method::MeanAfterDiscussion => "step-sums-text",
        Method::Consensus => "step-sums-text-agreed",
    };
    view! {
        <section aria-labelledby="computed">
            <h2 class="govuk-heading-m govuk-!-margin-top-6" id="computed">{t!(cx, "how-computed")}</h2>
            <p>{t!(cx, "how-computed-text")}</p>
            <ol class="wp-steps">
                <li><h3 class="govuk-heading-s">{t!(cx, "step-exclusions")}</h3>{exclusions(reader)}</li>
                <li><h3 class="govuk-heading-s">{t!(cx, "step-thresholds")}</h3>{thresholds(reader)}</li>
                <li><h3 class="govuk-heading-s">{t!(cx, "step-prices")}</h3>{prices(reader)}</li>
                <li>
                    <h3 class="govuk-heading-s">{t!(cx, "step-sums")}</h3>
                    <p>{t!(cx, sums_text)}</p>
                    {reader.found.outcome.standings.iter().filter(|s| !s.excluded).map(|standing| sums(reader, standing)).collect_view()}
                    {least_total(reader)}
                </li>
                <li><h3 class="govuk-heading-s">{t!(cx, "step-ranks")}</h3>{ranks(reader)}</li>
            </ol>
        </section>
    }
    .into_any()
}

fn list(items: Vec<String>) -> AnyView {
    view! { <ul class="govuk-list govuk-list--bullet">{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul> }
        .into_any()
}

fn exclusions(reader: &Reader) -> AnyView {
    let out = reader.found.outcome.standings.iter().filter(|standing| standing.excluded);
    let names: Vec<String> = out
        .map(|standing| {
            let name = reader.response(standing.response);
            let why = reader.found.responses.get(&ResponseId(standing.response)).and_then(|own| own.excluded.as_ref());
            let Some(why) = why else { return name };
            let requirement = match why.subject {
                CheckSubject::Requirement(id) => reader.found.terms.requirements.iter().find(|one| one.id == id),
                CheckSubject::Price => None,
            };
            let subject = requirement.map_or_else(|| t!(reader.cx, "excluded-price"), |one| one.title.clone());
            t!(reader.cx, "excluded-because", name = name, subject = subject, reason = &why.reason)
        })
        .collect();
    if names.is_empty() { view! { <p>{t!(reader.cx, "excluded-none")}</p> }.into_any() } else { list(names) }
}

fn thresholds(reader: &Reader) -> AnyView {
    let cx = reader.cx;
    let published: Vec<String> = reader
        .found
        .terms
        .criteria
        .iter()
        .filter(|criterion| criterion.kind == CriterionKind::Scored)
        .filter_map(|criterion| {
            let least = criterion.threshold?;
            Some(t!(cx, "threshold-of", criterion = &criterion.name, least = least, max = criterion.max))
        })
        .collect();
    if published.is_empty() {
        return view! { <p>{t!(cx, "threshold-none")}</p> }.into_any();
    }
    let mut below = Vec::new();
    for standing in &reader.found.outcome.standings {
        for under in &standing.below {
            if let Below::Score { criterion } = under {
                let line = standing.lines.iter().find(|line| line.criterion == *criterion);
                let score = line.and_then(|line| line.basis.final_score()).map(|score| score.display2()).unwrap_or_default();
                let (name, criterion) = (reader.response(standing.response), reader.criterion(*criterion));
                below.push(t!(cx, "threshold-below", name = name, criterion = criterion, score = score));
            }
        }
    }
    let found = if below.is_empty() { view! { <p>{t!(cx, "threshold-all")}</p> }.into_any() } else { list(below) };
    view! { {list(published)} {found} }.into_any()
}

fn prices(reader: &Reader) -> AnyView {
    let cx = reader.cx;
    let terms = &reader.found.terms;
    let money = |minor: i64| amount(&Money::new(minor, terms.currency));
    let formulas: Vec<String> = terms
        .criteria
        .iter()
        .filter_map(|criterion| {
            let (name, weight) = (&criterion.name, criterion.weight.to_string());
            match criterion.kind {
                CriterionKind::Scored | CriterionKind::Carried => None,
                CriterionKind::Price(PriceFormula::Relative) => Some(match reader.found.outcome.lowest_price_minor {
                    Some(lowest) => t!(cx, "price-by-lowest", criterion = name, weight = weight, lowest = money(lowest)),
                    None => t!(cx, "price-by-lowest-none", criterion = name, weight = weight),
                }),
                CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }) => {
                    Some(t!(cx, "price-by-ceiling", criterion = name, weight = weight, ceiling = money(ceiling_minor)))
                }
            }
        })
        .collect();
    if formulas.is_empty() { view! { <p>{t!(cx, "price-none")}</p> }.into_any() } else { list(formulas) }
}

/// Points of one response, line by line.
fn sums(reader: &Reader, standing: &Standing) -> AnyView {
    let cx = reader.cx;
    let total = standing.total.as_ref().map(|total| total.display2()).unwrap_or_default();
    let rows = standing
        .lines
        .iter()
        .map(|line| {
            let points = line.points.as_ref().map_or_else(|| "–".to_owned(), |points| points.display2());
            cells![reader.criterion(line.criterion), working(cx, &reader.found.terms, line), points]
        })
        .chain([cells![t!(cx, "column-total"), "", view! { <strong>{total.clone()}</strong> }]])
        .collect();
    let name = reader.response(standing.response);
    let columns = ["column-criterion", "column-working", "column-given"].map(|key| Column::of(cx, key)).into();
    let shown = t!(cx, "steps-summary", name = &name, total = &total);
    view! {
        <details class="govuk-details">
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{shown}</span></summary>
            <div class="govuk-details__text">
                {Table::new(t!(cx, "steps-of", name = name), columns, rows).render()}
            </div>
        </details>
    }
    .into_any()
}

fn least_total(reader: &Reader) -> AnyView {
    let cx = reader.cx;
    let Some(least) = reader.found.terms.total_threshold else {
        return view! { <p>{t!(cx, "total-threshold-none")}</p> }.into_any();
    };
    let short: Vec<String> = reader
        .found
        .outcome
        .standings
        .iter()
        .filter(|standing| standing.below.contains(&Below::Total))
        .map(|standing| {
            let total = standing.total.as_ref().map(|total| total.display2()).unwrap_or_default();
            format!("{}: {total}", reader.response(standing.response))
        })
        .collect();
    let found = if short.is_empty() { view! { <p>{t!(cx, "total-threshold-all")}</p> }.into_any() } else { list(short) };
    view! { <p>{t!(cx, "total-threshold", least = least.to_string())}</p> {found} }.into_any()
}

/// One line a response: its total, and the step that set it apart from the next.
fn ranks(reader: &Reader) -> AnyView {
    let cx = reader.cx;
    let rows = reader
        .found
        .outcome
        .standings
        .iter()
        .map(|standing| {
            let why = match (standing.rank, standing.decided_by) {
                (None, _) => below(reader, standing).unwrap_or_else(|| t!(cx, "excluded")),
                (Some(_), None) => t!(cx, "decided-alone"),
                (Some(_), Some(_)) if standing.tied => t!(cx, "decided-tied"),
                (Some(_), Some(DecidedBy::Total)) => t!(cx, "decided-total"),
                (Some(_), Some(DecidedBy::Criterion(id))) => t!(cx, "decided-criterion", criterion = reader.criterion(id)),
                (Some(_), Some(DecidedBy::Price)) => t!(cx, "decided-price"),
                (Some(_), Some(DecidedBy::Lots)) => t!(cx, "decided-lots"),
            };
            let total = standing.total.as_ref().map(|total| total.display2()).unwrap_or_default();
            let rank = standing.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string());
            cells![reader.response(standing.response), rank, total, why]
        })
        .collect();
    let rules = reader.found.terms.rules();
    let list = rules.tie_break.iter().map(|step| match step {
        domain::evaluation::TieBreak::Criterion(id) => reader.criterion(*id),
        domain::evaluation::TieBreak::Price => t!(cx, "tie-step-price"),
    });
    let list: Vec<String> = list.chain([t!(cx, "tie-step-lots")]).collect();
    let columns = vec![
        Column::of(cx, "column-response-name"),
        Column::number(t!(cx, "column-rank")),
        Column::number(t!(cx, "column-total")),
        Column::of(cx, "column-decided"),
    ];
    view! {
        <p>{t!(cx, "tie-list", list = list.join(", "))}</p>
        {Table::new(t!(cx, "step-ranks"), columns, rows).render()}
    }
    .into_any()
}

pub fn working(cx: &Cx, terms: &Terms, line: &Line) -> String {
    let weight = line.weight.to_string();
    let money = |minor: i64| amount(&Money::new(minor, terms.currency));
    match &line.basis {
        // One score, or one on which the panel agreed: there is no mean to show.
        Basis::Scores { sum, count: 1, max, .. } => {
            t!(cx, "working-score", weight = weight, points = sum.to_string(), max = max.to_string())
        }
        Basis::Scores { sum, count, max, .. } => {
            t!(cx, "working-scores", weight = weight, sum = sum.to_string(), count = count.to_string(), max = max.to_string())
        }
        Basis::Parts { parts, max, .. } => {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| {
                    let (sum, count) = (part.sum.to_string(), part.count.to_string());
                    t!(cx, "working-part", weight = part.weight.to_string(), sum = sum, count = count)
                })
                .collect();
            t!(cx, "working-parts", weight = weight, parts = parts.join(" + "), max = max.to_string())
        }
        Basis::Relative { lowest_minor, own_minor } => {
            t!(cx, "working-relative", weight = weight, lowest = money(*lowest_minor), own = money(*own_minor))
        }
        Basis::Absolute { ceiling_minor, own_minor } => {
            t!(cx, "working-absolute", weight = weight, ceiling = money(*ceiling_minor), own = money(*own_minor))
        }
        Basis::Carried { total } => t!(cx, "working-carried", weight = weight, total = total.display2()),
        Basis::Unpriced => t!(cx, "working-unpriced"),
    }
}
