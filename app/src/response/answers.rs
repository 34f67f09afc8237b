//! Questions and answers as they are read: by the supplier, and after the opening by the panel. `at`: the address that, with
//! a file's id behind it, hands the file to its reader.

use domain::challenge::{Leaf, Outcome, Question, QuestionKind, Terms};
use domain::ids::QuestionId;
use domain::response::{Answer, Content, Field, declared};
use leptos::prelude::*;

use super::files::enclosed;
use crate::cx::Cx;
use crate::ui::{amount, civil, decimal, paragraphs};
use crate::words::t;

/// All answers in the order of the form.
pub fn answers_view(cx: &Cx, terms: &Terms, content: &Content, at: &str) -> AnyView {
    let asked = terms.questions.iter().map(|question| question_view(cx, terms, content, at, question)).collect_view();
    let outcomes =
        terms.unasked_outcomes().map(|outcome| promise_view(cx, content, outcome, &outcome.title, false)).collect_view();
    view! { {asked}{outcomes}{parties_view(cx, content)}{declarations_view(cx, terms, content)} }.into_any()
}

/// Who answers together, with their work and the people named; nothing where a supplier answers alone or names are hidden.
fn parties_view(cx: &Cx, content: &Content) -> Option<AnyView> {
    let parties = content.parties.as_ref()?;
    let said = |work: &str, share: Option<u8>, people: &[String]| {
        let share = share.map(|share| t!(cx, "partner-share-shown", share = share));
        let people = (!people.is_empty()).then(|| t!(cx, "partner-people-shown", people = people.join(", ")));
        let work = Some(work.to_owned()).filter(|work| !work.is_empty());
        [work, share, people].into_iter().flatten().collect::<Vec<_>>().join(". ")
    };
    let lead = &parties.lead;
    let lead = said(&lead.work, lead.share, &lead.people);
    let rows = parties
        .partners
        .iter()
        .map(|partner| {
            let kind = t!(cx, &format!("party-kind-{}", partner.kind.code()));
            view! { <li><strong>{partner.name.clone()}</strong> ", " {kind} ": " {said(&partner.work, partner.share, &partner.people)}</li> }
        })
        .collect_view();
    Some(
        view! {
            <section>
                <h3 class="wp-score__question">{t!(cx, "partners-title")}</h3>
                <ul class="govuk-list govuk-list--bullet"><li><strong>{t!(cx, "partners-lead-shown")}</strong> ": " {lead}</li>{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

/// What was declared, who signed it and when; the name is left out where names are hidden.
fn declarations_view(cx: &Cx, terms: &Terms, content: &Content) -> Option<AnyView> {
    let rows = declared(terms)
        .map(|one| {
            let said = match content.declaration(one.id) {
                None => t!(cx, "not-asked", n = content.challenge_version),
                Some((true, _)) => t!(cx, "declared-yes"),
                Some((false, "")) => t!(cx, "not-answered"),
                Some((false, _)) => t!(cx, "declared-no"),
            };
            let why = content.declaration(one.id).map(|(_, why)| why).filter(|why| !why.is_empty()).map(paragraphs);
            view! { <li><p>{one.title.clone()} " " <strong>{said}</strong></p>{why}</li> }
        })
        .collect_view();
    let (by, on) = content.signature();
    let on = on.parse().map_or_else(|_| on.to_owned(), |date| civil(cx.words, date));
    let signed = match (by.is_empty(), on.is_empty()) {
        (false, false) => Some(t!(cx, "declared-signed", name = by, date = on)),
        (true, false) => Some(t!(cx, "declared-signed-on", date = on)),
        _ => None,
    };
    declared(terms).next().map(|_| {
        view! {
            <section>
                <h3 class="wp-score__question">{t!(cx, "declared-title")}</h3>
                <ul class="govuk-list govuk-list--bullet">{rows}</ul>
                {signed.map(|text| view! { <p>{text}</p> })}
            </section>
        }
        .into_any()
    })
}

/// The answers that a criterion reads, and the others folded away behind them.
pub fn answers_beside(cx: &Cx, terms: &Terms, content: &Content, at: &str, leaf: Leaf<'_>) -> AnyView {
    let (read, others): (Vec<&Question>, Vec<&Question>) = terms.questions.iter().partition(|question| leaf.reads(question.id));
    let shown = |questions: Vec<&Question>| {
        questions.into_iter().map(|question| question_view(cx, terms, content, at, question)).collect_view()
    };
    let outcomes =
        terms.unasked_outcomes().map(|outcome| promise_view(cx, content, outcome, &outcome.title, false)).collect_view();
    let rest = (!others.is_empty()).then(|| {
        view! {
            <details class="govuk-details wp-no-print">
                <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "answers-others", n = others.len())}</span></summary>
                <div class="govuk-details__text">{shown(others)}</div>
            </details>
        }
    });
    view! { {shown(read)}{outcomes}{rest} }.into_any()
}

/// The answers that a criterion reads, or one of them; nothing else of the response.
pub fn answers_across(cx: &Cx, terms: &Terms, content: &Content, at: &str, leaf: Leaf<'_>, only: Option<QuestionId>) -> AnyView {
    terms
        .questions
        .iter()
        .filter(|question| leaf.reads(question.id) && only.is_none_or(|only| only == question.id))
        .map(|question| question_view(cx, terms, content, at, question))
        .collect_view()
        .into_any()
}

fn question_view(cx: &Cx, terms: &Terms, content: &Content, at: &str, question: &Question) -> AnyView {
    if let Some(outcome) = question.outcome().and_then(|id| terms.outcome(id)) {
        let title = if question.label.is_empty() { &outcome.title } else { &question.label };
        return promise_view(cx, content, outcome, title, true);
    }
    let field = Field::Question(question.id);
    let stored = content.answer(field);
    let not_asked = not_asked(cx, content, field);
    if not_asked.is_some() {
        return view! { <section><h3 class="wp-score__question">{question.label.clone()}</h3>{not_asked}</section> }.into_any();
    }
    let files = content.enclosed(field);
    let shown = match Answer::read(question, terms.currency, stored) {
        Some(answer) => answer_view(cx, question, answer),
        None if !files.is_empty() => ().into_any(),
        None => view! { <p class="wp-muted">{t!(cx, "not-answered")}</p> }.into_any(),
    };
    view! { <section><h3 class="wp-score__question">{question.label.clone()}</h3>{shown}{enclosed(cx, files, at)}{claim(cx, content, question)}</section> }.into_any()
}

/// Which words of the answer its supplier says are confidential, why and until when.
fn claim(cx: &Cx, content: &Content, question: &Question) -> Option<AnyView> {
    let claim = content.claim(question.id)?;
    let why = claim.why.map_or(claim.reason, |code| t!(cx, &format!("secret-why-{code}")));
    let until = claim.until.map(|date| t!(cx, "secret-shown-until", date = civil(cx.words, date)));
    Some(
        view! {
            <div class="govuk-inset-text">
                <p><strong>{t!(cx, "secret-shown")}</strong> {why} " " {until}</p>
                {paragraphs(&claim.words)}
            </div>
        }
        .into_any(),
    )
}

/// An amendment asks it since; the submission could not answer it.
fn not_asked(cx: &Cx, content: &Content, field: Field) -> Option<AnyView> {
    let asked = content.answers.contains_key(&field.name());
    (!asked).then(|| view! { <p class="wp-muted">{t!(cx, "not-asked", n = content.challenge_version)}</p> }.into_any())
}

fn answer_view(cx: &Cx, question: &Question, answer: Answer) -> AnyView {
    let value = match answer {
        Answer::Text(text) => return paragraphs(&text),
        Answer::Choices(chosen) => {
            let rows = chosen.into_iter().map(|choice| view! { <li>{choice}</li> }).collect_view();
            return view! { <ul class="govuk-list govuk-list--bullet">{rows}</ul> }.into_any();
        }
        Answer::Number(number) => {
            let unit = match &question.kind {
                QuestionKind::Number { unit, .. } => unit.as_str(),
                _ => "",
            };
            format!("{} {unit}", decimal(number)).trim_end().to_owned()
        }
        Answer::Money(money) => amount(&money),
        Answer::Date(date) => civil(cx.words, date),
        Answer::YesNo(yes) => t!(cx, if yes { "answer-yes" } else { "answer-no" }),
    };
    view! { <p class="wp-answer">{value}</p> }.into_any()
}

fn promise_view(cx: &Cx, content: &Content, outcome: &Outcome, title: &str, by: bool) -> AnyView {
    if let Some(not_asked) = not_asked(cx, content, Field::Promise(outcome.id)) {
        return view! { <section><h3 class="wp-score__question">{title.to_owned()}</h3>{not_asked}</section> }.into_any();
    }
    let said = |field: Field| content.answer(field).trim().to_owned();
    let promise = said(Field::Promise(outcome.id));
    let none = || t!(cx, "not-answered");
    let promise = if promise.is_empty() { none() } else { promise };
    let until = by.then(|| {
        let until = said(Field::By(outcome.id));
        let until = until.parse().map_or(until, |date| civil(cx.words, date));
        view! { <p>{t!(cx, "promise-by-shown", by = if until.is_empty() { none() } else { until })}</p> }
    });
    let evidence = said(Field::Evidence(outcome.id));
    let evidence =
        if evidence.is_empty() { view! { <p class="wp-muted">{none()}</p> }.into_any() } else { paragraphs(&evidence) };
    view! {
        <section>
            <h3 class="wp-score__question">{title.to_owned()}</h3>
            <p>{t!(cx, "promise-shown", now = &outcome.baseline, wanted = &outcome.target, promise = promise)}</p>
            {until}
            {evidence}
        </section>
    }
    .into_any()
}
