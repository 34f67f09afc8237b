//! What an invited person sees: one draft as it will look, the own comments, and the form for another one.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::{CommentId, ReaderId};
use domain::moment::Moment;
use domain::policy::{ReadInvitedDraft, Refusal, Refused};
use leptos::prelude::*;
use workflow::reader::{self as verbs, InvitedView, Passage};

use super::{answered, quote};
use crate::account::shown;
use crate::challenge::notice_parts;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Choice, Form, error_summary, exact, paragraphs, select, submit, textarea, warning, when};
use crate::words::t;

/// An address that can be no invitation is answered as one that is none: who is not signed in is asked to.
fn reader_id(cx: &Cx, text: &str) -> Result<ReaderId, Fault> {
    let unseen = Refused::unseen::<ReadInvitedDraft>(0);
    let why = if cx.signed_in.is_none() { Refusal::SignIn } else { Refusal::Unseen };
    Ok(ReaderId::parse(text).ok_or(Refused { why, ..unseen })?)
}

pub async fn invited(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, reader_id(&cx, &id)?, Form::default()).await
}

async fn page(cx: &Cx, id: ReaderId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_invited_draft(&cx.desk, &cx.actor, id).await?;
    let parts = notice_parts(cx, &found.terms).into_iter().filter(|(section, _)| found.sections.contains(section));
    let parts = parts.map(|(_, part)| part).collect_view();
    let zone = cx.zone.as_ref().unwrap_or(&found.terms.zone);
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{found.buyer.clone()}</p>
        <h1 class="govuk-heading-xl">{found.title.clone()}</h1>
        <p class="wp-lead">{found.terms.summary.clone()}</p>
        {warning(cx, t!(cx, "invited-text"))}
        <p>{t!(cx, "invited-until")} " " {when(cx, found.facts.expires_at, Some(zone))}</p>
        <div class="wp-two">
            <div class="wp-stack">{parts}</div>
            <aside class="wp-aside wp-no-print">{say(cx, &found, &form)}{own(cx, &found, zone)}</aside>
        </div>
    };
    Ok(Page::new(found.title.clone(), body).invalid_if(form.invalid()).render(cx))
}

fn say(cx: &Cx, found: &InvitedView, form: &Form) -> AnyView {
    let code = |section: &domain::challenge::Section| section.code();
    let choices: Vec<Choice> = found
        .sections
        .iter()
        .map(|section| (code(section).to_owned(), t!(cx, &format!("section-{}", code(section))), None))
        .collect();
    view! {
        <form method="post" novalidate id="form">
            <h2 class="govuk-heading-m">{t!(cx, "invited-say-title")}</h2>
            {select(cx, form, "section", t!(cx, "sounding-about"), "", choices)}
            {textarea(cx, form, "quote", t!(cx, "invited-quote"), "invited-quote-hint", 3)}
            {textarea(cx, form, "comment", t!(cx, "sounding-comment"), "invited-comment-hint", 5)}
            {submit(t!(cx, "invited-say"), "")}
        </form>
    }
    .into_any()
}

fn own(cx: &Cx, found: &InvitedView, zone: &str) -> Option<AnyView> {
    let rows = found.comments.iter().map(|passage| comment(cx, passage, zone)).collect_view();
    (!found.comments.is_empty()).then(|| {
        view! { <section id="comments"><h2 class="govuk-heading-m">{t!(cx, "invited-own")}</h2><ol class="govuk-list wp-findings">{rows}</ol></section> }
            .into_any()
    })
}

fn comment(cx: &Cx, passage: &Passage, zone: &str) -> AnyView {
    let row = &passage.row;
    view! {
        <li class="wp-finding" id=format!("comment-{}", CommentId(row.id))>
            <p><strong>{t!(cx, &format!("section-{}", row.section))}</strong> " " <span class="wp-muted">{exact(cx, Moment(row.at), Some(zone))}</span></p>
            {quote(cx, passage, None)}
            {paragraphs(&row.comment)}
            {answered(cx, passage)}
        </li>
    }
    .into_any()
}

pub async fn invited_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = reader_id(&cx, &id)?;
    match verbs::comment_on_draft(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(comment) => Ok(Redirect::to(&format!("/drafts/{id}?done=draft-commented#comment-{comment}")).into_response()),
        Err(error) => page(&cx, id, Form::with(post.fields, shown(error)?)).await,
    }
}
