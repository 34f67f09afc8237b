//! Which approvals a challenge needs beside each other, and from whom.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::ApprovalKind;
use domain::form::{FieldError, Fields};
use domain::policy;
use leptos::prelude::*;
use workflow::challenge::{self as verbs, ReviewView};

use crate::account::shown;
use crate::challenge::approval::review::{sent_back, standing};
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Choice, Form, error_summary, select, submit};
use crate::words::t;

pub async fn approvals(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = verbs::read_review(&cx.desk, &cx.actor, id_of(&id)?).await?;
    let form = Form::new(
        ApprovalKind::ALL.iter().map(|kind| (kind.code(), holder(&found, *kind).unwrap_or_else(|| "none".into()))).collect(),
    );
    Ok(page(&cx, &found, &form))
}

/// Address of who is named now.
fn holder(found: &ReviewView, kind: ApprovalKind) -> Option<String> {
    found.named.iter().find(|named| named.need.kind == kind.code()).map(|named| named.need.email.clone())
}

fn page(cx: &Cx, found: &ReviewView, form: &Form) -> Response {
    let id = found.facts.challenge;
    let title = t!(cx, "approvals-named-title");
    let choices: Vec<Choice> = std::iter::once(("none".to_owned(), t!(cx, "approval-not-needed"), None))
        .chain(found.approvers.iter().map(|(name, email)| (email.clone(), name.clone(), None)))
        .collect();
    let fields = ApprovalKind::ALL
        .iter()
        .map(|kind| {
            let hint = format!("approval-{}-hint", kind.code());
            select(cx, form, kind.code(), t!(cx, &format!("approval-{}", kind.code())), &hint, choices.clone())
        })
        .collect_view();
    let act = match policy::name_approval(&cx.actor, &found.facts) {
        Ok(_) => view! { <form method="post" novalidate>{fields}{submit(t!(cx, "account-save"), "")}</form> }.into_any(),
        Err(_) => view! { <div class="govuk-inset-text">{t!(cx, "approvals-named-not-now")}</div> }.into_any(),
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "approvals-named-text")}</p>
        {act}
        <section><h2 class="govuk-heading-m">{t!(cx, "approvals")}</h2>{standing(cx, found)}</section>
        {sent_back(cx, found)}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Page::new(format!("{title} – {}", found.title), body).under(above).invalid_if(form.invalid()).render(cx)
}

pub async fn approvals_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let found = verbs::read_review(&cx.desk, &cx.actor, id).await?;
    // Also where nothing would change: the verb asks again for each that does.
    policy::name_approval(&cx.actor, &found.facts)?;
    let mut errors = Vec::new();
    for kind in ApprovalKind::ALL {
        let email = match post.fields.get(kind.code()) {
            "" => "none",
            email => email,
        };
        let now = holder(&found, *kind).unwrap_or_else(|| "none".into());
        if email == now {
            continue;
        }
        let fields: Fields = [("kind", kind.code()), ("email", email)].into_iter().collect();
        if let Err(error) = verbs::name_approval(&cx.desk, &cx.actor, id, &fields).await {
            errors.extend(shown(error)?.into_iter().map(|error| FieldError { field: kind.code().into(), ..error }));
        }
    }
    if errors.is_empty() {
        return Ok(Redirect::to(&format!("/challenges/{id}/approvals?done=saved")).into_response());
    }
    Ok(page(&cx, &found, &Form::with(post.fields, errors)))
}
