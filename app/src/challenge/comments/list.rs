//! The team's list of comments, by section: answered, resolved, opened again; and the people who may read the draft.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Section;
use domain::ids::{ChallengeId, CommentId};
use domain::moment::Moment;
use domain::policy;
use leptos::prelude::*;
use workflow::reader::{self as verbs, CommentsView, Passage};

use super::{answered, quote, readers};
use crate::account::shown;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, empty, error_summary, exact, hidden, paragraphs, tag, textarea};
use crate::words::t;

pub async fn comments(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, id_of(&id)?, Form::default()).await
}

async fn page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_comments(&cx.desk, &cx.actor, id).await?;
    let list = if found.comments.is_empty() {
        empty(t!(cx, "comments-none"), t!(cx, "comments-none-text"))
    } else {
        Section::ALL.iter().filter_map(|section| of_section(cx, &found, *section, &form)).collect_view().into_any()
    };
    let title = t!(cx, "comments-title");
    let draft = &found.view;
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{draft.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "comments-text")}</p>
        {list}
        {readers::readers(cx, &found, &form)}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), draft.title.clone())];
    Ok(Page::new(format!("{title} – {}", draft.title), body).under(above).invalid_if(form.invalid()).render(cx))
}

fn of_section(cx: &Cx, found: &CommentsView, section: Section, form: &Form) -> Option<AnyView> {
    let rows: Vec<_> = (1..)
        .zip(&found.comments)
        .filter(|(_, passage)| passage.row.section == section.code())
        .map(|(n, passage)| comment(cx, found, section, n, passage, form))
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="wp-readiness">
                <h2 class="govuk-heading-m">{t!(cx, &format!("section-{}", section.code()))}</h2>
                <ol class="govuk-list wp-findings">{rows}</ol>
            </section>
        }
        .into_any()
    })
}

fn comment(cx: &Cx, found: &CommentsView, section: Section, n: usize, passage: &Passage, form: &Form) -> AnyView {
    let (row, facts) = (&passage.row, &found.view.facts);
    let edits = policy::edit_challenge(&cx.actor, facts).is_ok();
    let to = edits.then(|| format!("/challenges/{}/edit/{}", facts.challenge, section.code()));
    let state = if row.resolved() { tag("decided", t!(cx, "comment-resolved")) } else { tag("waiting", t!(cx, "comment-open")) };
    let acts = policy::settle_comment(&cx.actor, facts).is_ok().then(|| acts(cx, n, passage, form));
    view! {
        <li class="wp-finding" id=format!("comment-{}", CommentId(row.id))>
            <p>{state} " " <strong>{row.name.clone()}</strong> " " <span class="wp-muted">{exact(cx, Moment(row.at), Some(&found.zone))}</span></p>
            {quote(cx, passage, to)}
            {paragraphs(&row.comment)}
            {answered(cx, passage)}
            {acts}
        </li>
    }
    .into_any()
}

fn acts(cx: &Cx, n: usize, passage: &Passage, form: &Form) -> AnyView {
    let id = CommentId(passage.row.id);
    // Only the form that was posted shows what was typed; the id of its field is what the summary leads to.
    let posted = form.fields.get("do") == "answer" && form.fields.get("comment") == id.to_string();
    let field = if posted {
        textarea(cx, form, "answer", t!(cx, "comment-answer"), "comment-answer-hint", 3)
    } else {
        answer_field(cx, n)
    };
    let (act, key) = if passage.row.resolved() { ("reopen", "comment-reopen") } else { ("resolve", "comment-resolve") };
    let label = format!("{}: {}", t!(cx, key), passage.row.name);
    view! {
        <details class="govuk-details" open=posted>
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "comment-to-answer")}</span></summary>
            <div class="govuk-details__text">
                <form method="post" novalidate>
                    {hidden("comment", id)}
                    {field}
                    <button class="govuk-button govuk-button--secondary" name="do" value="answer">{t!(cx, "comment-answer-button")}</button>
                </form>
            </div>
        </details>
        <form class="wp-inline-form wp-inline-form--secondary" method="post">
            {hidden("comment", id)}<button name="do" value=act aria-label=label>{t!(cx, key)}</button>
        </form>
    }
    .into_any()
}

/// One of many on the page: its id has the comment's number.
fn answer_field(cx: &Cx, n: usize) -> AnyView {
    let (id, hint) = (format!("answer-{n}"), format!("answer-{n}-hint"));
    view! {
        <div class="govuk-form-group">
            <label class="govuk-label govuk-label--s" for=id.clone()>{t!(cx, "comment-answer")}</label>
            <div class="govuk-hint" id=hint.clone()>{t!(cx, "comment-answer-hint")}</div>
            <textarea class="govuk-textarea" id=id name="answer" rows="3" aria-describedby=hint></textarea>
        </div>
    }
    .into_any()
}

pub async fn comments_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (desk, actor, fields) = (&cx.desk, &cx.actor, &post.fields);
    let outcome = match fields.get("do") {
        "invite" => verbs::invite_reader(desk, actor, id, fields).await.map(|_| "reader-invited"),
        "revoke" => verbs::revoke_reader(desk, actor, id, fields).await.map(|()| "reader-revoked"),
        "answer" => verbs::settle_comment(desk, actor, id, fields).await.map(|()| "comment-answered"),
        "resolve" | "reopen" => verbs::settle_comment(desk, actor, id, fields).await.map(|()| "comment-settled"),
        _ => {
            verbs::read_comments(desk, actor, id).await?;
            return Ok(Told::BadRequest.into_response());
        }
    };
    match outcome {
        Ok(done) => Ok(Redirect::to(&format!("/challenges/{id}/comments?done={done}")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
