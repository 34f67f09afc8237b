//! What the authority asks a supplier to clarify after the opening, beside what it sent.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::{QuestionKind, Terms};
use domain::form::FieldError;
use domain::ids::{ResponseId, from_text, to_text};
use domain::policy::{self, AnswerClarification, Refusal, Refused};
use domain::response::Field;
use leptos::prelude::*;
use workflow::check::{self as verbs, Clarification, Clarifications};

use super::{answers_view, files_at, id_of, price_view};
use crate::account::shown;
use crate::cx::Cx;
use crate::evaluation::field_label;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, amount, empty, error_summary, exact, hidden, paragraphs, submit, textarea, when};
use crate::words::t;

pub async fn clarifications(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let chosen =
        query.as_deref().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("asked=")).and_then(from_text));
    page(&cx, id, chosen, Form::default()).await
}

async fn page(cx: &Cx, id: ResponseId, chosen: Option<i64>, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_clarifications(&cx.desk, &cx.actor, id).await?;
    let may = |asked: &&Clarification| {
        policy::answer_clarification(&cx.actor, &found.facts, asked.deadline, asked.open, cx.now).is_ok()
    };
    // The one that was chosen, else the first that waits, else the first that can still be changed.
    let open: Vec<&Clarification> = found.asked.iter().filter(may).collect();
    let first = open.iter().find(|asked| asked.answer.is_none()).or(open.first()).map(|asked| asked.id);
    let active = chosen.filter(|id| open.iter().any(|asked| asked.id == *id)).or(first);
    let all = found
        .asked
        .iter()
        .map(|asked| one(cx, id, &found, asked, (open.iter().any(|known| known.id == asked.id), active == Some(asked.id)), &form))
        .collect_view();
    let main = if found.asked.is_empty() { empty(t!(cx, "clarify-none"), t!(cx, "clarify-none-text")) } else { all.into_any() };
    let price = found.content.price.as_ref().map(|price| price_view(cx, &found.content, amount(price)));
    let lost = form.errors.iter().any(|error| error.field == "typed").then(|| {
        let typed = form.fields.0.iter().filter(|(name, _)| name.starts_with("answer-"));
        let typed = typed.map(|(_, text)| paragraphs(text)).collect_view();
        view! { <section id="typed" class="govuk-inset-text"><h2 class="govuk-heading-s">{t!(cx, "clarify-not-sent")}</h2>{typed}</section> }
    });
    let title = t!(cx, "clarify-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "clarify-text")}</p>
        {lost}
        {main}
        <h2 class="govuk-heading-m">{t!(cx, "clarify-sent")}</h2>
        <div class="wp-score__answers">{answers_view(cx, &found.terms, &found.content, &files_at(id))}{price}</div>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), found.title.clone())];
    Ok(Page::new(title, body).under(above).invalid_if(form.invalid()).render(cx))
}

/// A clarification is answered in words: what was enclosed stays as it was received.
fn asks_files(terms: &Terms, name: &str) -> bool {
    let files = terms.questions.iter().filter(|question| matches!(question.kind, QuestionKind::Files { .. }));
    files.map(|question| Field::Question(question.id).name()).any(|field| field == name)
}

/// `(may, here)`: it can be answered; its form stands here.
fn one(
    cx: &Cx,
    id: ResponseId,
    found: &Clarifications,
    asked: &Clarification,
    (may, here): (bool, bool),
    form: &Form,
) -> AnyView {
    let terms = &found.terms;
    let answer = asked.answer.as_ref().map(|answer| {
        let texts = answer
            .texts
            .iter()
            .map(|(name, text)| view! { <h3 class="govuk-heading-s">{field_label(cx, terms, name)}</h3>{paragraphs(text)} })
            .collect_view();
        view! { <div class="govuk-inset-text"><p class="wp-meta">{t!(cx, "clarify-answered")} " " {exact(cx, answer.at, Some(&terms.zone))} ", " {answer.by.clone()}</p>{texts}</div> }
    });
    let act = if here {
        let mut shown = form.clone();
        let said = asked.answer.iter().flat_map(|answer| &answer.texts).filter(|_| !form.invalid());
        said.for_each(|(name, text)| shown.fields.set(format!("answer-{name}"), text.as_str()));
        let boxes = asked
            .fields
            .iter()
            .map(|name| {
                textarea(
                    cx,
                    &shown,
                    &format!("answer-{name}"),
                    t!(cx, "clarify-answer", what = field_label(cx, terms, name)),
                    if asks_files(terms, name) { "clarify-file-hint" } else { "" },
                    6,
                )
            })
            .collect_view();
        view! {
            {asked.answer.is_some().then(|| view! { <p>{t!(cx, "clarify-again")}</p> })}
            <form method="post" novalidate>
                {hidden("asked", to_text(asked.id))}
                {boxes}
                {submit(t!(cx, "clarify-button"), "")}
            </form>
        }
        .into_any()
    } else if may {
        view! { <p><a class="govuk-link" href=format!("/responses/{id}/clarifications?asked={}", to_text(asked.id))>{t!(cx, "clarify-this")}</a></p> }
            .into_any()
    } else {
        let key = if asked.open && cx.now.reached(asked.deadline) { "clarify-late" } else { "clarify-over" };
        view! { <p class="wp-muted">{t!(cx, key)}</p> }.into_any()
    };
    let about = match asked.subject {
        domain::check::CheckSubject::Price => t!(cx, "checks-price"),
        domain::check::CheckSubject::Requirement(id) => {
            terms.requirements.iter().find(|one| one.id == id).map(|one| one.title.clone()).unwrap_or_default()
        }
    };
    view! {
        <section class="wp-card">
            <h2 class="govuk-heading-m">{t!(cx, "clarify-about", what = about)}</h2>
            <p class="wp-meta">{t!(cx, "clarify-by")} " " {when(cx, asked.deadline, Some(&terms.zone))}</p>
            {paragraphs(&asked.question)}
            {answer}
            {act}
        </section>
    }
    .into_any()
}

pub async fn clarifications_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let asked = from_text(post.fields.get("asked")).ok_or(Refused::unseen::<AnswerClarification>(id.get()))?;
    match verbs::answer_clarification(&cx.desk, &cx.actor, id, asked, post.received_at, &post.fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/responses/{id}/clarifications?done=clarified")).into_response()),
        Err(error) => {
            // Told on the page, with what was typed.
            let errors = match error.refusal() {
                Some(Refusal::Late) => vec![FieldError::new("typed", "clarify-late")],
                Some(Refusal::ClarificationOver) => vec![FieldError::new("typed", "clarify-over")],
                _ => shown(error)?,
            };
            page(&cx, id, Some(asked), Form::with(post.fields, errors)).await
        }
    }
}
