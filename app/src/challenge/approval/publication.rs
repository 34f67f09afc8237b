//! From approval to publication: when, the official notice, another instant, back to draft.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use domain::challenge::Stage;
use domain::moment::Moment;
use domain::policy;
use leptos::prelude::*;
use workflow::challenge::{self as verbs, ReviewView};

use crate::account::shown;
use crate::challenge::approval::review::standing;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, exact, input, short, stage_tag, submit, summary, textarea, warning, when};
use crate::words::t;

pub async fn publication(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = verbs::read_review(&cx.desk, &cx.actor, id_of(&id)?).await?;
    Ok(page(&cx, &found, &Form::default()))
}

fn page(cx: &Cx, found: &ReviewView, form: &Form) -> Response {
    let (id, facts) = (found.facts.challenge, &found.facts);
    let title = t!(cx, "publication-title");
    let reschedule = policy::reschedule_challenge(&cx.actor, facts).is_ok().then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "reschedule-title")}</h2>
                <form method="post" novalidate>
                    {input(cx, form, "publish_date", t!(cx, "field-publish-date"), "field-publish-hint", "date", "")}
                    {input(cx, form, "publish_time", t!(cx, "field-publish-time"), "", "time", "")}
                    {submit(t!(cx, "reschedule-button"), "reschedule")}
                </form>
            </section>
        }
    });
    let official = policy::record_official_notice(&cx.actor, facts).is_ok().then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "official-title")}</h2>
                <p>{t!(cx, "official-text")}</p>
                <form method="post" novalidate>
                    {input(cx, form, "notice_reference", t!(cx, "field-notice-reference"), "field-notice-reference-hint", "text", "")}
                    {input(cx, form, "notice_date", t!(cx, "field-notice-date"), "field-notice-date-hint", "date", "")}
                    {input(cx, form, "notice_url", t!(cx, "field-notice-url"), "", "url", "")}
                    {submit(t!(cx, "official-button"), "official")}
                </form>
            </section>
        }
    });
    let take_back = policy::take_back_challenge(&cx.actor, facts).is_ok().then(|| {
        view! {
            <section>
                <h2 class="govuk-heading-m">{t!(cx, "take-back-title")}</h2>
                {warning(cx, t!(cx, "take-back-warning"))}
                <form method="post" novalidate>
                    {textarea(cx, form, "take_back_reason", t!(cx, "take-back-reason"), "take-back-hint", 3)}
                    <button class="govuk-button govuk-button--warning" name="do" value="back">{t!(cx, "take-back-button")}</button>
                </form>
            </section>
        }
    });
    let body = view! {
        {error_summary(cx, &form.errors)}
        <p class="wp-meta">{stage_tag(cx, facts.stage(), true)} " " {found.reference.clone()}</p>
        <span class="govuk-caption-l">{found.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <section>{instants(cx, found)}</section>
        {reschedule}
        {official}
        <section><h2 class="govuk-heading-m">{t!(cx, "approvals")}</h2>{standing(cx, found)}</section>
        {take_back}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/challenges/{id}/edit"), found.title.clone())];
    Page::new(format!("{title} – {}", found.title), body).under(above).invalid_if(form.invalid()).render(cx)
}

/// What it waits for.
fn instants(cx: &Cx, found: &ReviewView) -> AnyView {
    let standing = &found.facts.standing;
    let zone = found.version.as_ref().map(|(_, terms)| terms.zone.clone());
    let zone = zone.as_deref();
    let mut rows = Vec::new();
    if let Some(at) = standing.scheduled_for {
        rows.push((t!(cx, "publication-chosen"), exact(cx, at, zone)));
    }
    if let Some(notice) = &found.notice {
        rows.push((
            t!(cx, "official-title"),
            official_line(cx, &notice.reference, &notice.url, notice.published_at, zone.unwrap_or("UTC")),
        ));
    }
    let lead = match (found.facts.stage(), standing.publish_at) {
        (Stage::Scheduled, _) if standing.awaits_notice() => view! { {t!(cx, "publication-awaits")} }.into_any(),
        (Stage::Scheduled, Some(at)) => view! { {t!(cx, "publication-at")} " " {when(cx, at, zone)} }.into_any(),
        (Stage::Draft, _) => view! { {t!(cx, "publication-draft")} }.into_any(),
        (Stage::InReview, _) => view! { {t!(cx, "publication-review")} }.into_any(),
        (_, Some(at)) => view! { {t!(cx, "publication-was")} " " {exact(cx, at, zone)} }.into_any(),
        (_, None) => view! { {t!(cx, "publication-never")} }.into_any(),
    };
    view! { <p class="wp-lead">{lead}</p>{(!rows.is_empty()).then(|| summary(rows))} }.into_any()
}

/// Reference and date of the official notice, with a link where there is an address.
pub fn official_line(cx: &Cx, reference: &str, url: &str, published_at: i64, zone: &str) -> AnyView {
    let reference = if url.is_empty() {
        view! { {reference.to_owned()} }.into_any()
    } else {
        view! { <a class="govuk-link" href=url.to_owned() rel="nofollow noopener noreferrer">{reference.to_owned()}</a> }
            .into_any()
    };
    view! { {reference} ", " {short(cx.words, Moment(published_at), zone)} }.into_any()
}

pub async fn publication_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let (desk, actor, fields) = (&cx.desk, &cx.actor, &post.fields);
    let outcome = match fields.get("do") {
        "reschedule" => verbs::reschedule_challenge(desk, actor, id, fields).await.map(|()| "publication?done=rescheduled"),
        "official" => verbs::record_official_notice(desk, actor, id, fields).await.map(|()| "publication?done=official"),
        "back" => verbs::take_back_challenge(desk, actor, id, fields).await.map(|()| "edit?done=taken-back"),
        _ => return Ok(Told::BadRequest.into_response()),
    };
    match outcome {
        Ok(to) => Ok(Redirect::to(&format!("/challenges/{id}/{to}")).into_response()),
        Err(error) => {
            let errors = shown(error)?;
            let found = verbs::read_review(desk, actor, id).await?;
            Ok(page(&cx, &found, &Form::with(post.fields.clone(), errors)))
        }
    }
}
