//! The approver's page: what is to be approved, what changed since it was last read, and the two acts.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::ids::ChallengeId;
use leptos::prelude::*;
use workflow::challenge as verbs;

use crate::account::shown;
use crate::challenge::difference::differences;
use crate::challenge::{id_of, notice};
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, input, stage_tag, submit, textarea, warning, when};
use crate::words::t;

pub async fn review(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    review_page(&cx, id_of(&id)?, Form::default()).await
}

async fn review_page(cx: &Cx, id: ChallengeId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_draft(&cx.desk, &cx.actor, id).await?;
    let stage = found.facts.stage();
    let changed = verbs::read_changes(&cx.desk, &cx.actor, id).await?.map(|found| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "difference-title", n = found.from)}</h2>
                {differences(cx, &found.changes, &found.zone)}
            </section>
        }
    });
    let act = match domain::policy::approve_challenge(&cx.actor, &found.facts) {
        Ok(_) => view! {
            <form method="post" novalidate>
                <h2 class="govuk-heading-m">{t!(cx, "approve-title")}</h2>
                {warning(cx, t!(cx, "approve-warning"))}
                {input(cx, &form, "publish_date", t!(cx, "field-publish-date"), "field-publish-hint", "date", "")}
                {input(cx, &form, "publish_time", t!(cx, "field-publish-time"), "", "time", "")}
                {submit(t!(cx, "approve-button"), "approve")}
            </form>
            <form method="post" novalidate>
                <h2 class="govuk-heading-m">{t!(cx, "send-back-title")}</h2>
                {textarea(cx, &form, "reason", t!(cx, "send-back-reason"), "send-back-hint", 4)}
                <button class="govuk-button govuk-button--secondary" name="do" value="back">{t!(cx, "send-back-button")}</button>
            </form>
        }
        .into_any(),
        Err(refused) if stage == Stage::InReview => {
            view! { <div class="govuk-inset-text">{t!(cx, "review-waits")} " " {t!(cx, &format!("refusal-{}", refused.why.code()))}</div> }.into_any()
        }
        Err(_) => view! { <div class="govuk-inset-text">{t!(cx, "review-not-now")}</div> }.into_any(),
    };
    let shown = found.terms.as_ref().map(|terms| {
        view! {
            <div class="wp-preview">
                <p class="wp-lead">{terms.summary.clone()}</p>
                <p>{t!(cx, "answers-by")} " " {when(cx, terms.deadline, Some(&terms.zone))}</p>
                <div class="wp-stack">{notice(cx, terms)}</div>
            </div>
        }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{stage_tag(cx, stage, true)} " " {found.reference.clone()}</p>
        <h1 class="govuk-heading-l">{found.title.clone()}</h1>
        {act}
        {changed}
        {shown}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Ok(Page::new(format!("{} – {}", t!(cx, "go-to-review"), found.title), body)
        .under(above)
        .invalid_if(form.invalid())
        .render(cx))
}

pub async fn review_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let outcome = match post.fields.get("do") {
        "approve" => verbs::approve_challenge(&cx.desk, &cx.actor, id, &post.fields)
            .await
            .map(|()| format!("/challenges/{id}?done=approved")),
        "back" => verbs::send_back_challenge(&cx.desk, &cx.actor, id, &post.fields)
            .await
            .map(|()| format!("/challenges/{id}/edit?done=sent-back")),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            review_page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
