//! Checking a receipt or an opening record: open to everybody, and it tells only what the paper says itself.

use axum::Json;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::form::{FieldError, Fields};
use leptos::prelude::*;
use workflow::proof::{ContentStanding, Fault as PaperFault, Paper, RecordStanding, Verdict, published_keys, verify_paper};
use workflow::response::PRICE;

use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::frame::Page;
use crate::guard::Post;
use crate::ui::{Form, error_summary, field, summary, tag, textarea};
use crate::words::t;

/// A receipt is about a kilobyte, the record of a large opening some hundred.
const MOST_PAPER: usize = 2 * 1024 * 1024;
const MOST_CONTENT: usize = 16 * 1024 * 1024;

/// The public halves of all keys that ever signed here.
pub async fn keys(cx: Cx) -> Result<Response, Fault> {
    Ok(([(header::CACHE_CONTROL, "no-cache")], Json(published_keys(&cx.desk).await?)).into_response())
}

pub async fn verify(cx: Cx) -> Result<Response, Fault> {
    Ok(page(&cx, &Form::default(), None))
}

pub async fn verify_post(cx: Cx, request: Request) -> Result<Response, Fault> {
    let posted = match read(request).await {
        Ok(posted) => posted,
        Err(Wrong::Refused(response)) => return Ok(response),
        Err(Wrong::Large) => return Ok(page(&cx, &wrong(FieldError::new("receipt", "verify-large")), None)),
    };
    if posted.paper.trim().is_empty() {
        return Ok(page(&cx, &wrong(FieldError::new("receipt", "verify-missing")), None));
    }
    let verdict = verify_paper(&cx.desk, &posted.paper, &posted.content).await?;
    let form = Form::new([("receipt", posted.paper.as_str())].into_iter().collect());
    Ok(page(&cx, &form, Some(verdict)))
}

fn wrong(error: FieldError) -> Form {
    Form::with(Fields::default(), vec![error])
}

#[derive(Default)]
struct Posted {
    paper: String,
    content: Vec<u8>,
}

enum Wrong {
    Large,
    Refused(Response),
}

/// A file counts for more than what was pasted beside it.
async fn read(request: Request) -> Result<Posted, Wrong> {
    let multipart =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    if !multipart {
        let Post { fields, .. } = Post::from_request(request, &()).await.map_err(Wrong::Refused)?;
        return Ok(of_fields(&fields));
    }
    let broken = || Wrong::Refused(Told::BadRequest.into_response());
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let mut posted = Posted::default();
    while let Some(mut part) = parts.next_field().await.map_err(|_| broken())? {
        let name = part.name().unwrap_or_default().to_owned();
        let most = if name == "content_file" { MOST_CONTENT } else { MOST_PAPER };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_| broken())? {
            if bytes.len() + chunk.len() > most {
                return Err(Wrong::Large);
            }
            bytes.extend_from_slice(&chunk);
        }
        match name.as_str() {
            "content_file" => posted.content = bytes,
            "receipt" | "receipt_file" if !bytes.is_empty() => {
                posted.paper = String::from_utf8_lossy(&bytes).replace('\0', "");
            }
            _ => {}
        }
    }
    Ok(posted)
}

fn of_fields(fields: &Fields) -> Posted {
    Posted { paper: fields.get("receipt").to_owned(), content: fields.get("content").as_bytes().to_vec() }
}

fn page(cx: &Cx, form: &Form, verdict: Option<Result<Verdict, PaperFault>>) -> Response {
    let title = t!(cx, "verify-title");
    let keys = format!("{}/.well-known/wellposed-keys.json", cx.desk.base_url);
    let file = |name: &'static str| {
        view! { <input class="govuk-file-upload" type="file" id=name name=name accept=".json,application/json" aria-describedby=(name == "content_file").then_some("content_file-hint")/> }.into_any()
    };
    let body = view! {
        {error_summary(cx, &form.errors)}
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-lead">{t!(cx, "verify-text")}</p>
        {verdict.map(|verdict| result(cx, verdict))}
        <form method="post" enctype="multipart/form-data" novalidate>
            {textarea(cx, form, "receipt", t!(cx, "verify-receipt"), "verify-receipt-hint", 8)}
            {field(cx, "receipt_file", t!(cx, "verify-receipt-file"), None, None, file("receipt_file"))}
            {field(cx, "content_file", t!(cx, "verify-content-file"), Some(t!(cx, "verify-content-file-hint")), None, file("content_file"))}
            <button class="govuk-button">{t!(cx, "verify-button")}</button>
        </form>
        <p class="wp-muted">{t!(cx, "verify-offline", address = keys)}</p>
        <p><a class="govuk-link" href="/.well-known/wellposed-keys.json">{t!(cx, "verify-keys")}</a></p>
    };
    Page::new(title, body).invalid_if(form.invalid()).render(cx)
}

fn result(cx: &Cx, verdict: Result<Verdict, PaperFault>) -> AnyView {
    let inner = match verdict {
        Err(fault) => {
            view! { <p>{tag("cancelled", t!(cx, "verify-no"))} " " {t!(cx, &format!("verify-fault-{}", fault.code()))}</p> }
                .into_any()
        }
        Ok(verdict) => held(cx, &verdict),
    };
    view! { <section class="govuk-inset-text" aria-labelledby="result" role="status"><h2 class="govuk-heading-m" id="result">{t!(cx, "verify-result")}</h2>{inner}</section> }.into_any()
}

fn held(cx: &Cx, verdict: &Verdict) -> AnyView {
    let position = verdict.held.paper.anchor().position;
    let line = |holds: bool, text: String| {
        let mark = if holds { tag("open", t!(cx, "verify-yes")) } else { tag("cancelled", t!(cx, "verify-no")) };
        view! { {mark} " " {text} }.into_any()
    };
    let signature = if verdict.held.key.until.is_some() { "verify-signature-retired" } else { "verify-signature-holds" };
    let record = match verdict.record {
        RecordStanding::Holds => "verify-record-holds",
        RecordStanding::Unknown => "verify-record-unknown",
        RecordStanding::Differs => "verify-record-differs",
    };
    let mut rows = vec![
        (t!(cx, "verify-signature"), line(true, t!(cx, signature))),
        (t!(cx, "verify-record"), line(verdict.record == RecordStanding::Holds, t!(cx, record, position = position.to_string()))),
    ];
    if let Some(content) = verdict.content {
        let key = match content {
            ContentStanding::Same => "verify-content-holds",
            ContentStanding::Differs => "verify-content-differs",
            ContentStanding::Twice => "verify-content-twice",
        };
        rows.push((t!(cx, "verify-content"), line(content == ContentStanding::Same, t!(cx, key))));
    }
    view! { {summary(rows)} <h3 class="govuk-heading-s">{t!(cx, "verify-says")}</h3> {says(cx, &verdict.held.paper)} }.into_any()
}

/// The paper's own words, and nothing else.
fn says(cx: &Cx, paper: &Paper) -> AnyView {
    let rows = match paper {
        Paper::Receipt(receipt) => vec![
            (t!(cx, "receipt-of", n = receipt.number), receipt.reference.clone()),
            (t!(cx, "receipt-received"), format!("{} ({}, {})", receipt.received_at, receipt.received_local, receipt.zone)),
            (t!(cx, "receipt-supplier"), receipt.supplier.clone()),
            (
                t!(cx, "receipt-challenge"),
                format!("{}, {}, {}", receipt.title, receipt.challenge, t!(cx, "version-n", n = receipt.version)),
            ),
            (t!(cx, "receipt-digest"), receipt.content.sha256.clone()),
        ],
        Paper::Opened(opened) => vec![
            (t!(cx, "receipt-of", n = opened.number), opened.reference.clone()),
            (t!(cx, "receipt-supplier"), opened.supplier.clone()),
            (t!(cx, "receipt-challenge"), format!("{}, {}", opened.title, opened.challenge)),
            (t!(cx, "opened-at"), opened.opened_at.clone()),
            (t!(cx, "opened-part"), t!(cx, if opened.envelope == PRICE { "opened-part-price" } else { "opened-part-quality" })),
            (t!(cx, "opened-digest"), opened.sha256.clone()),
        ],
        Paper::Opening(opening) => vec![
            (t!(cx, "receipt-challenge"), format!("{}, {}", opening.title, opening.challenge)),
            (t!(cx, "opened-at"), opening.confirmed_at.clone()),
            (t!(cx, "verify-opened"), t!(cx, "verify-opened-by", asked = &opening.asked_by, confirmed = &opening.confirmed_by)),
            (t!(cx, "room-responses"), t!(cx, "verify-opening-number", n = opening.number)),
            (t!(cx, "opening-digest"), opening.sha256.clone()),
        ],
    };
    summary(rows.into_iter().map(|(name, value)| (name, view! { <span class="wp-digest">{value}</span> }.into_any())).collect())
}
