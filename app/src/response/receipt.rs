//! A receipt: to read, to print, to keep as a file.

use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::ids::SubmissionId;
use domain::moment::Moment;
use domain::policy::{ReadOwnResponse, Refused};
use domain::response::{Content, Enclosed};
use leptos::prelude::*;
use workflow::response::{self as verbs, PRICE, QUALITY, Receipt};

use super::{answers_view, files_at, price_view};
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::islands::{KeptAt, KeptOf, kept_note};
use crate::ui::{amount, cells, exact, short, size, table, warning};
use crate::words::t;

async fn found(cx: &Cx, id: &str) -> Result<Receipt, Fault> {
    let id = SubmissionId::parse(id).ok_or(Refused::unseen::<ReadOwnResponse>(0))?;
    Ok(verbs::read_receipt(&cx.desk, &cx.actor, id).await?)
}

pub async fn receipt(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = found(&cx, &id).await?;
    let (at, paper) = (Moment(found.submission.received_at), &found.paper);
    let row = |key: &str, value: AnyView| view! { <div><dt>{t!(cx, key)}</dt><dd>{value}</dd></div> };
    let digest =
        |key: &str, value: &str| view! { <div><dt>{t!(cx, key)}</dt><dd class="wp-digest">{value.to_owned()}</dd></div> };
    let signed: serde_json::Value = serde_json::from_str(found.signed.as_deref().unwrap_or_default()).unwrap_or_default();
    // What was lost altogether is told below.
    let is_signed = found.signed.is_some();
    let (heading, note) = if is_signed { ("receipt-of", "receipt-note") } else { ("receipt-not-of", "receipt-not-note") };
    let unsigned = (found.signed.is_none() && !found.lost).then(|| warning(&cx, t!(cx, "receipt-unlike")));
    let price = found.content.price.as_ref().map(|price| price_view(&cx, &found.content, amount(price)));
    let content = match found.destroyed_at {
        Some(at) => {
            view! { <p class="wp-muted">{t!(cx, "receipt-destroyed")} " " {exact(&cx, at, Some(&found.zone))}</p> }.into_any()
        }
        None if found.lost => warning(&cx, t!(cx, "receipt-lost")),
        None => {
            view! { <div class="wp-score__answers">{answers_view(&cx, &found.terms, &found.content, &files_at(found.response))}{price}</div> }.into_any()
        }
    };
    let files = found.destroyed_at.is_none().then(|| files(&cx, &found.content)).flatten();
    // Straight after the submission: what the browser kept of it is here.
    let came_in = cx.done.as_deref() == Some("submitted-response");
    let received = came_in.then(|| {
        let at = KeptAt { received: true, ..KeptAt::default() };
        kept_note(&cx, &KeptOf::Response(found.response), at)
    });
    let body = view! {
        {received}
        <h1 class="govuk-heading-l">{t!(cx, "receipt-title")}</h1>
        {unsigned}
        {is_signed.then(|| view! { <p class="wp-lead">{if found.stands { t!(cx, "receipt-stands") } else { t!(cx, "receipt-superseded") }}</p> })}
        <article class="wp-receipt">
            <header class="wp-receipt__head"><h2>{t!(cx, heading, n = paper.number)}</h2><span class="wp-receipt__reference">{paper.reference.clone()}</span></header>
            <dl>
                {row("receipt-received", view! { <time datetime=paper.received_at.clone()>{paper.received_at.clone()}</time><br/>{paper.received_local.clone()}<br/>{exact(&cx, at, Some(&found.zone))} }.into_any())}
                {row("receipt-supplier", found.supplier.clone().into_any())}
                {row("receipt-challenge", view! { {found.title.clone()} ", " {found.reference.clone()} ", " {t!(cx, "version-n", n = paper.version)} }.into_any())}
                {row("receipt-by", found.submission.submitted_by.clone().into_any())}
                {digest("receipt-digest", &paper.content.sha256)}
                {digest("receipt-salt", &paper.content.salt)}
                {row("receipt-position", paper.record.position.to_string().into_any())}
                {digest("receipt-head", &paper.record.hash)}
                {signed["key"].as_str().map(|key| digest("receipt-key", key))}
                {signed["signature"].as_str().map(|signature| digest("receipt-signature", signature))}
            </dl>
            {files}
            <p class="wp-receipt__note">{t!(cx, note)}</p>
        </article>
        <div class="govuk-button-group wp-no-print">
            {is_signed.then(|| view! { <a class="govuk-button" href=format!("/receipts/{id}/receipt.json")>{t!(cx, "receipt-download")}</a> })}
            {(!found.lost).then(|| view! { <a class="govuk-button govuk-button--secondary" href=format!("/receipts/{id}/content.json")>{t!(cx, "receipt-download-content")}</a> })}
            <a class="govuk-link" href="/receipts/verify">{t!(cx, "receipt-verify")}</a>
            <a class="govuk-link" href=format!("/responses/{}", found.response)>{t!(cx, "back-to-response")}</a>
        </div>
        <div class="wp-no-print">{opened_links(&cx, &found)}</div>
        <h2 class="govuk-heading-m">{t!(cx, "receipt-content")}</h2>
        {content}
    };
    let above = vec![("/work".into(), t!(cx, "nav-work")), (format!("/responses/{}", found.response), found.title.clone())];
    let day = short(cx.words, at, &found.zone);
    let page = Page::new(format!("{} – {day}", t!(cx, "receipt-title")), body).under(above);
    Ok(if came_in { page.works() } else { page }.render(&cx))
}

/// Each file that was received, with its length and digest: to be compared with one's own copy. They lie in the content, so the
/// digest above covers them.
fn files(cx: &Cx, content: &Content) -> Option<AnyView> {
    let row = |file: &Enclosed| cells![file.name.clone(), size(cx, file.bytes), file.sha256.clone()];
    let rows: Vec<_> = content.all_files().map(row).collect();
    let columns = ["receipt-file-name", "receipt-file-size", "receipt-file-digest"];
    (!rows.is_empty()).then(|| {
        view! { <section><h3 class="govuk-heading-s">{t!(cx, "receipt-files")}</h3>{table(cx, "receipt-files", &columns, rows)}</section> }
            .into_any()
    })
}

/// The signed receipt.
pub async fn receipt_file(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = found(&cx, &id).await?;
    let signed = found.signed.ok_or(workflow::Error::NotWhole(Vec::new()))?;
    Ok(download(&format!("receipt-{}.json", found.paper.reference), signed.into_bytes()))
}

/// The content, in the very bytes that the digest was taken of.
pub async fn receipt_content(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let found = found(&cx, &id).await?;
    if found.destroyed_at.is_some() || found.lost {
        return Err(Refused::unseen::<ReadOwnResponse>(found.submission.id).into());
    }
    Ok(download(&format!("content-{}.json", found.paper.reference), found.content.canonical()))
}

/// Which part of a submission was opened, and the digest that was taken of it, signed.
pub async fn opened_record(cx: Cx, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let id = SubmissionId::parse(&id).ok_or(Refused::unseen::<ReadOwnResponse>(0))?;
    let kind = if query.is_some_and(|query| query == "envelope=price") { PRICE } else { QUALITY };
    let signed = verbs::read_opened(&cx.desk, &cx.actor, id, kind).await?;
    let name = if kind == PRICE { "opened-price" } else { "opened" };
    Ok(download(&format!("{name}-{id}.json"), signed.into_bytes()))
}

/// Where a supplier gets the records of what was opened of its submission.
pub fn opened_links(cx: &Cx, of: &Receipt) -> Option<AnyView> {
    let id = SubmissionId(of.submission.id);
    let link = |kind: &&'static str| {
        let key = if *kind == PRICE { "opened-download-price" } else { "opened-download" };
        view! { <li><a class="govuk-link" href=format!("/receipts/{id}/opened.json?envelope={kind}")>{t!(cx, key)}</a></li> }
    };
    (!of.opened.is_empty()).then(|| {
        view! { <p>{t!(cx, "opened-text")}</p><ul class="govuk-list">{of.opened.iter().map(link).collect_view()}</ul> }.into_any()
    })
}

/// JSON to be kept. `name` is of letters, digits, dots and hyphens.
pub fn download(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
