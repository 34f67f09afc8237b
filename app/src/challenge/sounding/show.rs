//! One sounding: the draft as it was shown, what was said of it, what changed, and the form to say something.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::{CommentId, SoundingId};
use domain::moment::Moment;
use domain::policy::{self, Refusal};
use domain::sounding::SoundingState;
use leptos::prelude::*;
use store::SoundingCommentRow;
use workflow::sounding::{self as verbs, SoundingView};

use super::{became, links, outcome, sounding_id, state_tag};
use crate::account::{shown, sign_in_link};
use crate::challenge::notice_parts;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Choice, Form, error_summary, exact, paragraphs, select, submit, textarea, when};
use crate::words::t;

pub async fn sounding(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, sounding_id(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: SoundingId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_sounding(&cx.desk, &cx.actor, id).await?;
    let parts = notice_parts(cx, &found.terms).into_iter().filter(|(section, _)| found.sections.contains(section));
    let parts = parts.map(|(_, part)| part).collect_view();
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{state_tag(cx, found.facts.state())} " " {found.buyer.clone()}</p>
        <h1 class="govuk-heading-xl">{found.terms.title.clone()}</h1>
        <p class="wp-lead">{found.terms.summary.clone()}</p>
        <div class="govuk-inset-text"><p>{t!(cx, "sounding-what")}</p>{dates(cx, &found)}</div>
        {rooms(cx, &found)}
        <div class="wp-two">
            <div class="wp-stack">{parts}{changed(cx, &found)}{comments(cx, &found)}</div>
            <aside class="wp-aside wp-no-print"><div id="form">{say(cx, &found, &form)}</div></aside>
        </div>
    };
    let above = vec![("/challenges".into(), t!(cx, "nav-challenges")), ("/soundings".into(), t!(cx, "soundings-title"))];
    Ok(Page::new(found.terms.title.clone(), body).under(above).invalid_if(form.invalid()).kept().render(cx))
}

/// Until when comments are taken, for the reader and for the authority.
fn dates(cx: &Cx, found: &SoundingView) -> AnyView {
    let (closes, there) = (found.facts.standing.closes_at(), &found.terms.zone);
    let here = cx.zone.as_ref().unwrap_or(there);
    let other = (here != there)
        .then(|| view! { " " <span class="wp-muted">{t!(cx, "sounding-there")} " " {exact(cx, closes, Some(there))}</span> });
    let lead = if found.facts.state() == SoundingState::Open { "sounding-until" } else { "sounding-was-until" };
    view! { <p><strong>{t!(cx, lead)}</strong> " " {when(cx, closes, Some(here))}{other}</p> }.into_any()
}

/// The challenge that came of it, and the team's own pages.
fn rooms(cx: &Cx, found: &SoundingView) -> Option<AnyView> {
    let facts = &found.facts.challenge;
    let mut to = Vec::new();
    if facts.is_public() {
        to.push((format!("/challenges/{}", facts.challenge), "sounding-published"));
    }
    if facts.team.is_some() {
        to.push((format!("/challenges/{}/sounding", facts.challenge), "sounding-team"));
    }
    if policy::answer_sounding(&cx.actor, &found.facts).is_ok() {
        to.push((format!("/soundings/{}/answer", found.facts.sounding), "sounding-answer-title"));
    }
    let rows =
        to.iter().map(|(to, key)| view! { <li><a class="govuk-link" href=to.clone()>{t!(cx, key)}</a></li> }).collect_view();
    (!to.is_empty())
        .then(|| view! { <nav class="wp-no-print" aria-label=t!(cx, "rooms")><ul class="wp-meta">{rows}</ul></nav> }.into_any())
}

fn numbered(found: &SoundingView, ids: &[CommentId]) -> Vec<(usize, CommentId)> {
    let all = (1..).zip(&found.comments).map(|(n, row)| (n, CommentId(row.id)));
    all.filter(|(_, id)| ids.contains(id)).collect()
}

fn changed(cx: &Cx, found: &SoundingView) -> AnyView {
    let content = if found.outcomes.is_empty() {
        view! { <p>{t!(cx, "sounding-changed-none")}</p> }.into_any()
    } else {
        let rows = found
            .outcomes
            .iter()
            .map(|(row, comments)| outcome(cx, row, Some(links(cx, &numbered(found, comments)))))
            .collect_view();
        view! { <ol class="wp-enquiries">{rows}</ol> }.into_any()
    };
    view! { <section id="changed"><h2 class="govuk-heading-m">{t!(cx, "sounding-changed")}</h2>{content}</section> }.into_any()
}

fn comments(cx: &Cx, found: &SoundingView) -> AnyView {
    let content = if found.comments.is_empty() {
        view! { <p>{t!(cx, "sounding-comments-empty")}</p> }.into_any()
    } else {
        let rows = (1..).zip(&found.comments).map(|(n, row)| comment(cx, found, n, row)).collect_view();
        view! { <ol class="wp-enquiries">{rows}</ol> }.into_any()
    };
    view! { <section><h2 class="govuk-heading-m" id="comments">{t!(cx, "sounding-comments")}</h2>{content}</section> }.into_any()
}

/// Who says it: the person, and whom they acted for.
pub(super) fn writer(row: &SoundingCommentRow) -> String {
    match &row.organisation {
        Some(organisation) => format!("{}, {organisation}", row.name),
        None => row.name.clone(),
    }
}

fn comment(cx: &Cx, found: &SoundingView, n: usize, row: &SoundingCommentRow) -> AnyView {
    let about = match &row.section {
        Some(section) => t!(cx, &format!("section-{section}")),
        None => t!(cx, "sounding-whole"),
    };
    let text = match &row.hidden {
        Some(reason) => view! { <p class="wp-muted">{t!(cx, "sounding-hidden", reason = reason)}</p> }.into_any(),
        None => paragraphs(&row.comment),
    };
    let state = found.outcomes.iter().find(|(outcome, _)| Some(outcome.id) == row.outcome);
    let state = state.map(|(outcome, _)| became(cx, outcome.taken_up));
    view! {
        <li class="wp-enquiry" id=format!("comment-{}", CommentId(row.id))>
            <h3 class="wp-enquiry__question">{t!(cx, "sounding-comment-head", n = n, who = writer(row), about = about)}</h3>
            {text}
            <p class="wp-meta">{state} " " {exact(cx, Moment(row.at), Some(&found.terms.zone))}</p>
        </li>
    }
    .into_any()
}

fn say(cx: &Cx, found: &SoundingView, form: &Form) -> AnyView {
    let content = match policy::comment_on_sounding(&cx.actor, &found.facts) {
        Ok(_) => {
            let mut choices: Vec<Choice> = vec![(String::new(), t!(cx, "sounding-whole"), None)];
            let sections = found.sections.iter().map(|section| section.code());
            choices.extend(sections.map(|code| (code.to_owned(), t!(cx, &format!("section-{code}")), None)));
            view! {
                <form method="post" novalidate>
                    <p>{t!(cx, "sounding-say-public")}</p>
                    {select(cx, form, "section", t!(cx, "sounding-about"), "", choices)}
                    {textarea(cx, form, "comment", t!(cx, "sounding-comment"), "sounding-comment-hint", 8)}
                    {submit(t!(cx, "sounding-say"), "")}
                </form>
            }
            .into_any()
        }
        Err(refused) if found.facts.state() != SoundingState::Open || refused.why == Refusal::Late => {
            view! { <p>{t!(cx, "sounding-closed")}</p> }.into_any()
        }
        Err(_) if cx.signed_in.is_none() => view! {
            <p>{t!(cx, "sounding-sign-in-text")}</p>
            <p><a class="govuk-button" href=sign_in_link(&cx.uri)>{t!(cx, "sounding-sign-in")}</a></p>
            <p><a class="govuk-link" href="/register">{t!(cx, "register")}</a></p>
        }
        .into_any(),
        Err(_) => view! { <p>{t!(cx, "sounding-own")}</p> }.into_any(),
    };
    view! { <h2 class="govuk-heading-m">{t!(cx, "sounding-say-title")}</h2>{content} }.into_any()
}

pub async fn sounding_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = sounding_id(&id)?;
    match verbs::comment_on_sounding(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(comment) => Ok(Redirect::to(&format!("/soundings/{id}?done=sounding-commented#comment-{comment}")).into_response()),
        // What was typed is shown again below what keeps it from being taken.
        Err(workflow::Error::Refused(refused)) if refused.why == Refusal::Late => {
            let errors = vec![domain::form::FieldError::new("comment", "sounding-late")];
            page(&cx, id, Form::with(post.fields, errors)).await
        }
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
