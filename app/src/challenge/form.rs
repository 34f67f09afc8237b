//! The form of a round as everybody reads it: what is asked, what is scored, how a price counts, what it all costs.

use domain::challenge::{Assignment, Criterion, CriterionKind, LaterRound, Part, Question, QuestionKind, Shortlist, Terms};
use domain::effort::{MOST_PANEL_HOURS, SupplierEffort, panel_effort};
use domain::evaluation::{PriceFormula, price_example};
use domain::money::Money;
use leptos::prelude::*;

use crate::cx::Cx;
use crate::response::{files_wanted, price_basis};
use crate::ui::{Column, Table, amount, cells, exact, number, warning};
use crate::words::t;

/// What a question is called: a promise without words of its own as its outcome.
pub fn question_title(cx: &Cx, terms: &Terms, question: &Question) -> String {
    match question.outcome().and_then(|id| terms.outcome(id)) {
        Some(outcome) if question.label.is_empty() => t!(cx, "promise-of", outcome = &outcome.title),
        _ => question.label.clone(),
    }
}

/// What a supplier is asked, in the order of the form.
pub fn questions_view(cx: &Cx, terms: &Terms) -> AnyView {
    let rows = terms
        .questions
        .iter()
        .map(|question| {
            let help = (!question.help.is_empty()).then(|| view! { <br/><span class="wp-muted">{question.help.clone()}</span> });
            view! { <li>{question_title(cx, terms, question)} " " <span class="wp-muted">{asked_as(cx, terms, question)}</span>{help}</li> }
        })
        .collect_view();
    let outcomes = terms
        .unasked_outcomes()
        .map(|outcome| view! { <li>{t!(cx, "promise-of", outcome = &outcome.title)}</li> })
        .collect_view();
    let price =
        price_basis(cx, terms).map(|basis| view! { <li>{t!(cx, "price")} " " <span class="wp-muted">{basis}</span></li> });
    view! { <ol class="govuk-list govuk-list--number">{rows}{outcomes}{price}</ol> }.into_any()
}

/// "up to 300 words", "a number in km", "one of: …; you may leave it empty".
fn asked_as(cx: &Cx, terms: &Terms, question: &Question) -> String {
    let kind = match &question.kind {
        QuestionKind::ShortText | QuestionKind::LongText => t!(cx, "asked-words", max = question.max_words),
        QuestionKind::Number { unit, .. } if unit.is_empty() => t!(cx, "asked-number"),
        QuestionKind::Number { unit, .. } => t!(cx, "asked-number-in", unit = unit),
        QuestionKind::Money => t!(cx, "asked-money", currency = terms.currency.to_string()),
        QuestionKind::Date => t!(cx, "asked-date"),
        QuestionKind::YesNo => t!(cx, "asked-yes-no"),
        QuestionKind::Choice { options, several: false } => t!(cx, "asked-choice", options = options.join("; ")),
        QuestionKind::Choice { options, several: true } => t!(cx, "asked-choices", options = options.join("; ")),
        QuestionKind::Files { kinds, most } => files_wanted(cx, kinds, *most),
        QuestionKind::Promise { .. } => t!(cx, "asked-promise", max = question.max_words),
    };
    let optional = (!question.required).then(|| t!(cx, "asked-optional"));
    let confidential = question.confidential.then(|| t!(cx, "asked-confidential"));
    let how = [Some(kind), optional, confidential].into_iter().flatten().collect::<Vec<_>>().join(", ");
    t!(cx, "asked-how", how = how)
}

/// Criteria with their parts, scales, thresholds, descriptors and what they read.
pub fn criteria_view(cx: &Cx, terms: &Terms) -> AnyView {
    let rows = terms.criteria.iter().map(|criterion| criterion_view(cx, terms, criterion)).collect_view();
    view! { <details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "criteria-details")}</span></summary><div class="govuk-details__text wp-prose"><ul>{rows}</ul></div></details> }.into_any()
}

fn criterion_view(cx: &Cx, terms: &Terms, criterion: &Criterion) -> AnyView {
    let kind = match criterion.kind {
        CriterionKind::Scored => {
            let threshold = criterion.threshold.map(|least| t!(cx, "criterion-threshold-text", least = least));
            let scored = t!(cx, "criterion-scored-text", max = criterion.max);
            [Some(scored), threshold].into_iter().flatten().collect::<Vec<_>>().join(" ")
        }
        CriterionKind::Carried => t!(cx, "criterion-carried-text"),
        CriterionKind::Price(PriceFormula::Relative) => t!(cx, "price-relative-text"),
        CriterionKind::Price(PriceFormula::Absolute { ceiling_minor }) => {
            t!(cx, "price-absolute-text", ceiling = amount(&Money::new(ceiling_minor, terms.currency)))
        }
    };
    let points = criterion
        .descriptors
        .iter()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(point, text)| view! { <li><strong>{point.to_string()}</strong> " " {text.clone()}</li> })
        .collect_view();
    let part = |part: &Part| {
        let guidance = (!part.guidance.is_empty()).then(|| view! { <p>{part.guidance.clone()}</p> });
        view! { <li><strong>{part.name.clone()}</strong> " " {t!(cx, "part-weight", weight = part.weight.to_string())}{guidance}</li> }
    };
    let parts = (!criterion.parts.is_empty())
        .then(|| view! { <p>{t!(cx, "parts-text")}</p><ul>{criterion.parts.iter().map(part).collect_view()}</ul> });
    let read = terms.questions.iter().filter(|question| criterion.reads.contains(&question.id));
    let read: Vec<String> = read.map(|question| question_title(cx, terms, question)).collect();
    let reads = (!read.is_empty()).then(|| view! { <p>{t!(cx, "criterion-reads-text", questions = read.join("; "))}</p> });
    view! {
        <li>
            <strong>{criterion.name.clone()}</strong> " " {format!("({}%)", criterion.weight)} " " {kind}
            {(!criterion.guidance.is_empty()).then(|| view! { <p>{criterion.guidance.clone()}</p> })}
            {reads}
            {parts}
            <ul>{points}</ul>
        </li>
    }
    .into_any()
}

/// Three invented prices and their points, computed by the function that will compute the result.
pub fn price_example_view(cx: &Cx, terms: &Terms) -> Option<AnyView> {
    let (criterion, formula) = terms.criteria.iter().find_map(|criterion| match criterion.kind {
        CriterionKind::Price(formula) => Some((criterion, formula)),
        CriterionKind::Scored | CriterionKind::Carried => None,
    })?;
    let unit = 10i64.pow(u32::from(terms.currency.decimals()));
    let money = |minor| amount(&Money::new(minor, terms.currency));
    let example = price_example(formula, criterion.weight, terms.budget.as_ref().map(|budget| budget.minor), unit);
    let lowest = example.first().map(|(price, _)| *price).unwrap_or_default();
    let weight = criterion.weight.to_string();
    let rows = example
        .into_iter()
        .map(|(price, points)| {
            let working = match formula {
                PriceFormula::Relative => {
                    t!(cx, "working-relative", weight = &weight, lowest = money(lowest), own = money(price))
                }
                PriceFormula::Absolute { ceiling_minor } => {
                    t!(cx, "working-absolute", weight = &weight, ceiling = money(ceiling_minor), own = money(price))
                }
            };
            cells![money(price), view! { <span class="wp-working">{working}</span> }, points.display2()]
        })
        .collect();
    let columns = ["price", "column-working", "column-given"].map(|key| Column::of(cx, key)).into();
    Some(
        view! {
            <section>
                <h3 class="govuk-heading-s">{t!(cx, "price-example")}</h3>
                <p>{t!(cx, "price-example-text")}</p>
                {Table::new(t!(cx, "price-example"), columns, rows).render()}
            </section>
        }
        .into_any(),
    )
}

/// How long answering takes. `closely`: with what it is made of, for who writes the form.
pub fn supplier_effort_view(cx: &Cx, effort: &SupplierEffort, closely: bool) -> AnyView {
    let parts = closely.then(|| {
        let rows = [
            ("effort-reading", effort.reading),
            ("effort-writing", effort.writing),
            ("effort-fields", effort.fields),
            ("effort-files", effort.files),
            ("effort-price", effort.price),
        ];
        let rows = rows
            .into_iter()
            .filter(|(_, minutes)| *minutes > 0)
            .map(|(key, minutes)| view! { <li>{t!(cx, key, words = number(effort.words.into()))} ": " {t!(cx, "minutes", n = minutes)}</li> })
            .collect_view();
        view! { <ul class="govuk-list govuk-list--bullet">{rows}</ul> }
    });
    view! {
        <section class="wp-effort">
            <h3 class="govuk-heading-s">{t!(cx, "effort-supplier")}</h3>
            <p>{t!(cx, "effort-supplier-text", hours = effort.hours(), words = number(effort.words.into()))}</p>
            {parts}
            <p class="wp-muted">{t!(cx, "effort-sources")}</p>
        </section>
    }
    .into_any()
}

/// What scoring costs one evaluator, and a warning where it is more than a day: beside the builder, and for the approver.
pub fn panel_effort_view(cx: &Cx, terms: &Terms) -> AnyView {
    let Some(effort) = panel_effort(terms) else {
        return view! { <section class="wp-effort"><h3 class="govuk-heading-s">{t!(cx, "effort-panel")}</h3><p>{t!(cx, "effort-panel-unknown")}</p></section> }.into_any();
    };
    let much = effort.too_much().then(|| warning(cx, t!(cx, "effort-panel-much", most = MOST_PANEL_HOURS)));
    view! {
        <section class="wp-effort">
            <h3 class="govuk-heading-s">{t!(cx, "effort-panel")}</h3>
            <p>{t!(cx, "effort-panel-text", hours = effort.hours(), all = effort.hours_of_all(), responses = effort.responses,
                evaluators = effort.evaluators, words = number(effort.words.into()), scores = effort.scores)}</p>
            {much}
            <p class="wp-muted">{t!(cx, "effort-sources")}</p>
        </section>
    }
    .into_any()
}

/// How the panel scores, as published.
pub fn panel_view(cx: &Cx, terms: &Terms) -> AnyView {
    let quorum = (terms.panel.quorum > 1).then(|| view! { <p>{t!(cx, "quorum-text", n = terms.panel.quorum)}</p> });
    let balanced = terms.panel.assignment == Assignment::Balanced;
    let assigned = balanced.then(|| view! { <p>{t!(cx, "assignment-balanced-text")}</p> });
    view! { <p>{t!(cx, &format!("reasons-{}-text", terms.panel.reasons.code()))}</p>{quorum}{assigned} }.into_any()
}

/// Rounds after this one, as far as they are planned.
pub fn rounds_view(cx: &Cx, terms: &Terms) -> Option<AnyView> {
    let rows = (2u32..).zip(&terms.later).map(|(n, round)| round_view(cx, terms, n, round)).collect_view();
    (!terms.later.is_empty()).then(|| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "later-rounds")}</h2><p>{t!(cx, "later-rounds-text")}</p>{rows}</section> }.into_any()
    })
}

/// Who goes on, as published: "The best 4 of those who pass ... Fewest points to go on: 60 of 100."
pub fn shortlist_text(cx: &Cx, round: &LaterRound) -> String {
    let who = match round.shortlist {
        Shortlist::AllAboveThresholds => t!(cx, "shortlist-all"),
        Shortlist::Best { places } => t!(cx, "shortlist-best", n = places),
    };
    match round.least {
        Some(least) => format!("{who} {}", t!(cx, "shortlist-least", least = least.to_string())),
        None => who,
    }
}

fn round_view(cx: &Cx, terms: &Terms, n: u32, round: &LaterRound) -> AnyView {
    let kind = t!(cx, &format!("round-kind-{}", round.kind.code()));
    let due = round.deadline.map(|at| view! { <p>{t!(cx, "round-due")} " " {exact(cx, at, Some(&terms.zone))}</p> });
    let asked = round
        .questions
        .iter()
        .map(|question| view! { <li>{question.label.clone()} " " <span class="wp-muted">{t!(cx, "words-limit", max = question.max_words)}</span></li> })
        .collect_view();
    let asked = (!round.questions.is_empty())
        .then(|| view! { <p>{t!(cx, "round-asks")}</p><ol class="govuk-list govuk-list--number">{asked}</ol> });
    let criteria = round
        .criteria
        .iter()
        .chain(&round.carried)
        .map(|criterion| format!("{} ({}%)", criterion.name, criterion.weight))
        .collect::<Vec<_>>()
        .join(", ");
    view! {
        <h3 class="govuk-heading-s">{t!(cx, "round-title", n = n, kind = kind)}</h3>
        <p>{shortlist_text(cx, round)}</p>
        {due}
        {asked}
        <p>{t!(cx, "round-criteria-text", criteria = criteria)}</p>
        {round.carried.as_ref().map(|carried| view! { <p>{t!(cx, "round-carried-text", name = &carried.name, weight = carried.weight.to_string())}</p> })}
    }
    .into_any()
}
