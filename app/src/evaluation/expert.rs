//! The page of an expert who was invited by mail: what the seat is, the undertaking, and taking it.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::SeatInvitationId;
use domain::policy::{AcceptSeat, Refusal, Refused};
use leptos::prelude::*;
use workflow::evaluation as verbs;

use crate::account::shown;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, checkbox, error_summary, submit, when};
use crate::words::t;

/// An address that can be no invitation is answered as one that is none: who is not signed in is asked to.
fn invitation_id(cx: &Cx, text: &str) -> Result<SeatInvitationId, Fault> {
    let unseen = Refused::unseen::<AcceptSeat>(0);
    let why = if cx.signed_in.is_none() { Refusal::SignIn } else { Refusal::Unseen };
    Ok(SeatInvitationId::parse(text).ok_or(Refused { why, ..unseen })?)
}

pub async fn expert(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    page(&cx, invitation_id(&cx, &id)?, Form::default()).await
}

async fn page(cx: &Cx, id: SeatInvitationId, form: Form) -> Result<Response, Fault> {
    let found = verbs::read_seat_invitation(&cx.desk, &cx.actor, id).await?;
    let title = t!(cx, "expert-title");
    let role = t!(cx, &format!("seat-{}", found.role.code()));
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{found.buyer.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "expert-text", title = found.title.clone(), role = role)}</p>
        <p>{t!(cx, "expert-until")} " " {when(cx, found.expires_at, None)}</p>
        <p>{t!(cx, "expert-undertaking-text")}</p>
        <form method="post" novalidate>
            {checkbox(cx, &form, "undertaking", t!(cx, "expert-undertaking"), "yes")}
            {submit(t!(cx, "expert-button"), "")}
        </form>
    };
    Ok(Page::new(title, body).invalid_if(form.invalid()).render(cx))
}

pub async fn expert_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = invitation_id(&cx, &id)?;
    match verbs::accept_seat(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(challenge) => Ok(Redirect::to(&format!("/challenges/{challenge}/panel?done=seat-accepted")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            page(&cx, id, Form::with(post.fields, errors)).await
        }
    }
}
