//! One criterion, or one of the questions that it reads, across all responses on one page.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Question;
use domain::evaluation::Cell;
use domain::ids::{ChallengeId, CriterionId, QuestionId, ResponseId};
use leptos::prelude::*;
use workflow::evaluation::{self as verbs, Contents, ScoringRoom};

use super::one::{Posted, posted};
use super::{At, Shown, address, criterion_of, progress, score_form, unseen};
use crate::challenge::{crumbs, id_of};
use crate::cx::Cx;
use crate::evaluation::check::clarified;
use crate::evaluation::{named, response_of};
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, parse};
use crate::response::answers_across;
use crate::ui::{Form, empty, error_summary, pager};
use crate::words::t;

/// Responses a page: as many as one reads at a sitting.
const PER_PAGE: usize = 12;

/// What the address asks for.
struct Asked {
    page: i64,
    /// One of the questions that the criterion reads; `None`: all of them.
    question: Option<QuestionId>,
    /// Whose score is posted.
    response: String,
}

fn asked(raw: Option<String>) -> Asked {
    let fields = parse(raw.unwrap_or_default().as_bytes());
    Asked {
        page: fields.get("page").parse().unwrap_or(1).clamp(1, 100_000),
        question: QuestionId::parse(fields.get("question")),
        response: fields.get("response").to_owned(),
    }
}

fn here(id: ChallengeId, criterion: CriterionId, page: i64, question: Option<QuestionId>) -> String {
    let question = question.map(|question| format!("&question={question}")).unwrap_or_default();
    format!("/challenges/{id}/across/{criterion}?page={page}{question}")
}

pub async fn across(cx: Cx, Path((id, criterion)): Path<(String, String)>, RawQuery(raw): RawQuery) -> Result<Response, Fault> {
    let asked = asked(raw);
    let (id, criterion) = (id_of(&id)?, criterion_of(&criterion)?);
    let read = verbs::read_across(&cx.desk, &cx.actor, id).await?;
    page(&cx, id, &read, criterion, &asked, None)
}

/// What was typed for one response, and whether it is out of date.
type Typed = (ResponseId, Form, bool);

fn page(
    cx: &Cx,
    id: ChallengeId,
    (room, contents): &(ScoringRoom, Contents),
    criterion: CriterionId,
    asked: &Asked,
    typed: Option<&Typed>,
) -> Result<Response, Fault> {
    let terms = &room.round.terms;
    let leaf = terms.leaf(criterion).ok_or_else(unseen)?;
    let read: Vec<&Question> = terms.questions.iter().filter(|question| leaf.reads(question.id)).collect();
    let question = asked.question.filter(|asked| read.iter().any(|question| question.id == *asked));
    let order = room.way.responses();
    let pages = i64::try_from(order.len().div_ceil(PER_PAGE)).unwrap_or(1).max(1);
    let page = asked.page.min(pages);
    let from = usize::try_from(page - 1).unwrap_or_default() * PER_PAGE;
    let rows = order
        .iter()
        .skip(from)
        .take(PER_PAGE)
        .map(|response| {
            let cell: Cell = (*response, criterion);
            let (found, content) = room.response(*response).zip(contents.get(response))?;
            let name = named(cx, &found.named);
            let own = typed.filter(|(of, _, _)| of == response);
            let shown = Shown {
                stored: room.scores.get(&cell),
                typed: own.map(|(_, form, _)| form),
                stale: own.is_some_and(|(_, _, stale)| *stale),
            };
            let at = At {
                action: format!("{}&response={response}", here(id, criterion, page, question)),
                prefix: format!("r-{response}-"),
                way: Default::default(),
                descriptors: &[],
                legend: t!(cx, "score-legend", criterion = &name),
            };
            let files = format!("/challenges/{id}/responses/{response}/files");
            Some(view! {
                <section class="wp-score wp-score--across" id=format!("r-{response}") aria-labelledby=format!("r-{response}-name")>
                    <div class="wp-score__answers">
                        <h2 class="govuk-heading-m" id=format!("r-{response}-name")><a class="govuk-link" href=address(id, cell)>{name}</a></h2>
                        {answers_across(cx, terms, content, &files, leaf, question)}
                        {clarified(cx, terms, &found.clarified, &files)}
                    </div>
                    {score_form(cx, room, leaf, cell, shown, at)}
                </section>
            })
        })
        .collect_view();
    let errors: Vec<_> = typed
        .iter()
        .flat_map(|(response, form, _)| {
            form.errors.iter().cloned().map(move |mut error| {
                error.field = format!("r-{response}-{}", error.field);
                error
            })
        })
        .collect();
    let scale = leaf
        .criterion
        .descriptors
        .iter()
        .enumerate()
        .filter(|(_, text)| !text.is_empty())
        .map(|(points, text)| view! { <li><strong>{points.to_string()}</strong><span>{text.clone()}</span></li> })
        .collect_view();
    let narrow = (read.len() > 1).then(|| {
        let one = |to: Option<QuestionId>, label: String| {
            let current = (to == question).then_some("page");
            view! { <li><a class="govuk-link" href=here(id, criterion, 1, to) aria-current=current>{label}</a></li> }
        };
        let ones = read.iter().map(|question| one(Some(question.id), question.label.clone())).collect_view();
        view! { <nav aria-label=t!(cx, "across-questions")><ul class="wp-meta">{one(None, t!(cx, "across-all"))}{ones}</ul></nav> }
    });
    let others = terms
        .leaves()
        .map(|other| {
            let current = (other.id() == criterion).then_some("page");
            view! { <li><a class="govuk-link" href=here(id, other.id(), page, None) aria-current=current>{other.name()}</a></li> }
        })
        .collect_view();
    let main = if order.is_empty() { empty(t!(cx, "responses-none"), t!(cx, "responses-none-text")) } else { rows.into_any() };
    let title = t!(cx, "across-title", criterion = leaf.name());
    let body = view! {
        {error_summary(cx, &errors)}
        <span class="govuk-caption-l">{room.round.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        {progress(cx, room)}
        <nav aria-label=t!(cx, "score-nav")><ul class="wp-meta"><li><a class="govuk-link" href=format!("/challenges/{id}/scoring")>{t!(cx, "score-grid")}</a></li>{others}</ul></nav>
        {leaf.guidance().map(|text| view! { <p class="govuk-inset-text">{text.to_owned()}</p> }).collect_view()}
        <ol class="wp-descriptors wp-measure">{scale}</ol>
        <p class="wp-muted">{t!(cx, "across-text")}</p>
        {narrow}
        {main}
        {pager(cx, page, pages, |n| here(id, criterion, n, question))}
    };
    let mut above = crumbs(cx, id, &room.round.title);
    above.push((format!("/challenges/{id}/scoring"), t!(cx, "room-scoring")));
    Ok(Page::new(title, body).under(above).wide().works().invalid_if(!errors.is_empty()).render(cx))
}

pub async fn across_post(
    cx: Cx,
    Path((id, criterion)): Path<(String, String)>,
    RawQuery(raw): RawQuery,
    post: Post,
) -> Result<Response, Fault> {
    let asked = asked(raw);
    let (id, criterion) = (id_of(&id)?, criterion_of(&criterion)?);
    let response = response_of(&asked.response)?;
    let done = if post.fields.get("do") == "clear" { "score-cleared" } else { "score" };
    match posted(&cx, id, (response, criterion), post.fields).await? {
        Posted::Json(answer) => Ok(answer),
        Posted::Saved => {
            let here = here(id, criterion, asked.page, asked.question);
            Ok(Redirect::to(&format!("{here}&done={done}#r-{response}")).into_response())
        }
        Posted::Again(form, stale) => {
            let read = verbs::read_across(&cx.desk, &cx.actor, id).await?;
            page(&cx, id, &read, criterion, &asked, Some(&(response, form, stale)))
        }
    }
}
