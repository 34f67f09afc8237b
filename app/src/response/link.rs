//! Links to a draft: made and taken back by its members, and the page that whoever holds one reads.

use axum::extract::{Path, RawQuery};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::Fields;
use domain::ids::ResponseId;
use domain::moment::Moment;
use domain::policy::{self, DraftLinkKind};
use domain::response::asks_price;
use leptos::prelude::*;
use workflow::response::{self as verbs, DraftLink, DraftLinks, LINK_DAYS, OwnResponse};

use super::files::{file_of, out};
use super::{answers_view, drafted, id_of, late_or, price_view, typed_price};
use crate::account::shown;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::guard::{Post, encode, parse};
use crate::ui::{Form, error_summary, exact, hidden, input, select, sentence, submit, tag, when};
use crate::words::t;

pub async fn links(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = verbs::read_draft_links(&cx.desk, &cx.actor, id_of(&id)?).await?;
    Ok(links_page(&cx, &found, &Form::default()))
}

fn links_page(cx: &Cx, found: &DraftLinks, form: &Form) -> Response {
    let own = &found.own;
    let id = own.facts.response;
    let rows = found.links.iter().map(|link| link_row(cx, own, link)).collect_view();
    let list = (!found.links.is_empty()).then(|| {
        view! { <section><h2 class="govuk-heading-m">{t!(cx, "links-made")}</h2>{rows}</section> }
    });
    let days = LINK_DAYS.map(|days| (days.to_string(), t!(cx, "links-days-n", days = days), None)).to_vec();
    let make = policy::share_draft(&cx.actor, &own.facts).is_ok().then(|| {
        view! {
            <form method="post" novalidate id="form">
                {input(cx, form, "whom", t!(cx, "links-whom"), "links-whom-hint", "text", "")}
                {select(cx, form, "days", t!(cx, "links-days"), "", days)}
                {submit(t!(cx, "links-make"), "share")}
            </form>
        }
    });
    let title = t!(cx, "links-title");
    let body = view! {
        {error_summary(cx, &form.errors)}
        <span class="govuk-caption-l">{own.terms.title.clone()}</span>
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "links-text")}</p>
        {make}
        {list}
        <p><a class="govuk-link" href=format!("/responses/{id}")>{t!(cx, "back-to-draft")}</a></p>
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{id}"), own.terms.title.clone())];
    Page::new(title, body).under(above).invalid_if(form.invalid()).render(cx)
}

fn link_row(cx: &Cx, own: &OwnResponse, link: &DraftLink) -> AnyView {
    let zone = Some(own.terms.zone.as_str());
    let row = &link.row;
    let seen = match row.seen_at {
        Some(at) => view! { {t!(cx, "links-seen")} " " {when(cx, Moment(at), zone)} }.into_any(),
        None => t!(cx, "links-unseen").into_any(),
    };
    let state = match (&link.address, row.revoked_at) {
        (Some(_), _) => view! { {tag("open", t!(cx, "links-holds"))} " " {t!(cx, "links-until")} " " {exact(cx, Moment(row.expires_at), zone)} }.into_any(),
        (None, Some(at)) => view! { {tag("closed", t!(cx, "links-revoked"))} " " {exact(cx, Moment(at), zone)} }.into_any(),
        (None, None) => view! { {tag("closed", t!(cx, "links-over"))} " " {exact(cx, Moment(row.expires_at), zone)} }.into_any(),
    };
    let act = link.address.as_ref().map(|address| {
        let name = format!("address-{}", link.id);
        view! {
            <label class="govuk-label" for=name.clone()>{t!(cx, "links-address")}</label>
            <input class="govuk-input" id=name readonly=true value=address.clone()/>
            <form method="post" class="govuk-!-margin-top-3">
                {hidden("link", link.id)}
                <button class="govuk-button govuk-button--secondary" name="do" value="revoke">
                    {t!(cx, "links-revoke")} <span class="govuk-visually-hidden">": " {link.whom.clone()}</span>
                </button>
            </form>
        }
    });
    view! {
        <section class="wp-card govuk-!-margin-bottom-4">
            <h3 class="wp-card__title">{link.whom.clone()}</h3>
            <p>{state}</p>
            <p class="wp-muted">{t!(cx, "links-by", name = &row.created_by)} " " {exact(cx, Moment(row.created_at), zone)} ". " {seen}</p>
            {act}
        </section>
    }
    .into_any()
}

pub async fn links_post(cx: Cx, Path(id): Path<String>, post: Post) -> Result<Response, Fault> {
    let id: ResponseId = id_of(&id)?;
    if post.fields.get("do") == "revoke" {
        verbs::revoke_draft_link(&cx.desk, &cx.actor, id, &post.fields).await?;
        return Ok(Redirect::to(&format!("/responses/{id}/links?done=link-revoked")).into_response());
    }
    match verbs::share_draft(&cx.desk, &cx.actor, id, &post.fields).await {
        Ok(_) => Ok(Redirect::to(&format!("/responses/{id}/links?done=link-made")).into_response()),
        Err(error) => {
            let errors = late_or(&cx, id, shown(error)).await?;
            let found = verbs::read_draft_links(&cx.desk, &cx.actor, id).await?;
            Ok(links_page(&cx, &found, &Form::with(post.fields, errors)))
        }
    }
}

/// Fields of the query, where the link's own text stands: paths are logged, queries are not.
pub(super) fn asked(query: Option<String>) -> Fields {
    parse(query.unwrap_or_default().as_bytes())
}

/// Whoever holds the link reads the draft, and is led nowhere else in it.
pub async fn shared(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let token = asked(query).get("token").to_owned();
    let found = verbs::read_shared_draft(&cx.desk, &cx.actor, &token, DraftLinkKind::Read).await?;
    let own = &found.own;
    let body = view! {
        <p class="wp-meta">{own.buyer.clone()} ", " {t!(&cx, "reference", reference = &own.reference)}</p>
        <h1 class="govuk-heading-l">{t!(&cx, "response-title", title = &own.terms.title)}</h1>
        <p class="wp-lead">{t!(&cx, "shared-text", supplier = &own.row.supplier_name)}</p>
        <p>{t!(&cx, "shared-until")} " " {exact(&cx, found.facts.expires_at, Some(&own.terms.zone))}</p>
        <p class="wp-deadline"><strong>{t!(&cx, "answers-by")}</strong> {when(&cx, own.terms.deadline, Some(&own.terms.zone))}</p>
        {missing(&cx, own)}
        {written(&cx, own, &format!("/shared/files?token={}", encode(&token)))}
    };
    Ok(alone(Page::new(t!(&cx, "response-title", title = &own.terms.title), body).render(&cx)))
}

/// A file of the draft.
pub async fn shared_file(cx: Cx, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let asked = asked(query);
    let file = file_of(asked.get("file"))?;
    let found = verbs::find_shared_file(&cx.desk, &cx.actor, asked.get("token"), DraftLinkKind::Read, file).await?;
    Ok(alone(out(&cx, found, asked.0.contains_key("inline")).await?))
}

/// The whole draft, read only. `at`: as in `answers`.
pub(super) fn written(cx: &Cx, own: &OwnResponse, at: &str) -> AnyView {
    let content = drafted(own);
    let price = asks_price(&own.terms).then(|| {
        let text = own.answers.get("price").map(|answer| answer.text.clone()).unwrap_or_default();
        price_view(cx, &content, typed_price(&own.terms, &text))
    });
    view! { <div class="wp-score__answers govuk-!-margin-bottom-6">{answers_view(cx, &own.terms, &content, at)}{price}</div> }
        .into_any()
}

fn missing(cx: &Cx, own: &OwnResponse) -> Option<AnyView> {
    let rows = own.missing.iter().map(|error| view! { <li>{sentence(cx, error)}</li> }).collect_view();
    (!own.missing.is_empty()).then(|| {
        view! { <div class="govuk-inset-text"><p>{t!(cx, "missing-n", n = own.missing.len())}</p><ul class="govuk-list">{rows}</ul></div> }
            .into_any()
    })
}

/// Kept by no cache, listed by no search engine, told to no site that is led to: the address is the key.
pub(super) fn alone(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow, noarchive"));
    response
}
