//! Handing a file out: by content, never by name, and so that a browser runs nothing of it.

use std::ops::Bound;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::TypedHeader;
use axum_extra::headers::Range;
use domain::file::FileKind;
use futures::Stream;
use leptos::prelude::*;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use workflow::file as verbs;

use super::file_of;
use crate::cx::Cx;
use crate::fault::Fault;
use crate::frame::Page;
use crate::ui::size;
use crate::words::t;

/// What RFC 8187 lets stand in the name of a download.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// The bytes: as a download, or with `?inline` for the page that shows them.
pub async fn download(
    cx: Cx,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    range: Option<TypedHeader<Range>>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (file, _) = verbs::find_file(&cx.desk, &cx.actor, file_of(&id)?).await?;
    let etag = format!("\"{}\"", file.sha256);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let inline = query.as_deref() == Some("inline") && file.kind.readable();
    let part = match range.map(|TypedHeader(range)| part(&range, file.bytes)) {
        None | Some(Part::Whole) => None,
        Some(Part::Some(part)) => Some(part),
        Some(Part::Outside) => {
            let whole = format!("bytes */{}", file.bytes);
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)]).into_response());
        }
    };
    let length = part.as_ref().map_or(file.bytes, |part| part.end - part.start);
    let status = if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let within = part.as_ref().map(|part| format!("bytes {}-{}/{}", part.start, part.end - 1, file.bytes));
    let bytes = verbs::read_file(&cx.desk, &file, part).await?;
    let mut response = (status, Body::from_stream(bytes)).into_response();
    let headers = response.headers_mut();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, file.kind.media_type());
    set(header::CONTENT_LENGTH, &length.to_string());
    set(header::CONTENT_DISPOSITION, &disposition(&file.name, inline));
    set(header::CONTENT_SECURITY_POLICY, policy(file.kind));
    set(header::ACCEPT_RANGES, "bytes");
    set(header::ETAG, &etag);
    set(header::CACHE_CONTROL, "private, no-cache");
    if let Some(within) = within {
        set(header::CONTENT_RANGE, &within);
    }
    Ok(response)
}

/// A whole file, as a download or to be read in a frame, from bytes that are made on the way: no parts of it, and nothing kept of it outside.
pub fn hand_out<E>(
    kind: FileKind,
    name: &str,
    length: u64,
    inline: bool,
    bytes: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
) -> Response
where
    E: Into<axum::BoxError> + 'static,
{
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, disposition(name, inline && kind.readable())),
        (header::CONTENT_SECURITY_POLICY, policy(kind).to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, Body::from_stream(bytes)).into_response()
}

enum Part {
    Whole,
    Some(std::ops::Range<u64>),
    Outside,
}

/// The first part that is asked for: RFC 9110 lets a server answer several with one.
fn part(range: &Range, bytes: u64) -> Part {
    let Some((from, to)) = range.satisfiable_ranges(bytes).next() else { return Part::Outside };
    let start = match from {
        Bound::Included(start) => start,
        Bound::Excluded(start) => start + 1,
        Bound::Unbounded => 0,
    };
    let end = match to {
        Bound::Included(end) => end.saturating_add(1).min(bytes),
        Bound::Excluded(end) => end.min(bytes),
        Bound::Unbounded => bytes,
    };
    match (start, end) {
        (0, end) if end == bytes => Part::Whole,
        (start, end) if start < end => Part::Some(start..end),
        _ => Part::Outside,
    }
}

fn disposition(name: &str, inline: bool) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' }).collect();
    let kind = if inline { "inline" } else { "attachment" };
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
}

/// Nothing in it runs or loads anything. A PDF cannot be shown by Chromium inside a sandboxed document; its viewer is a process
/// of its own that does not reach this site, and only this site may frame it.
fn policy(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'",
        _ => "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox",
    }
}

/// The page that shows a file which a browser can show.
pub async fn view(cx: Cx, Path(id): Path<String>) -> Result<Response, Fault> {
    let id = file_of(&id)?;
    let (file, of) = verbs::find_file(&cx.desk, &cx.actor, id).await?;
    let title = if file.title.is_empty() { file.name.clone() } else { file.title.clone() };
    let source = format!("/files/{id}?inline");
    let shown = if file.kind.is_image() {
        view! { <img class="wp-file" src=source alt=title.clone()/> }.into_any()
    } else if file.kind.readable() {
        view! { <iframe class="wp-file wp-file--tall" src=source title=title.clone()></iframe> }.into_any()
    } else {
        view! { <p>{t!(cx, "file-not-shown")}</p> }.into_any()
    };
    let kind = t!(cx, &format!("file-kind-{}", file.kind.code()));
    let body = view! {
        <h1 class="govuk-heading-l">{title.clone()}</h1>
        <p class="wp-meta">{format!("{}, {kind}, {}", file.name, size(&cx, file.bytes))}</p>
        <p><a class="govuk-button govuk-button--secondary" href=format!("/files/{id}") download="">{t!(cx, "file-download")}</a></p>
        {shown}
        <details class="govuk-details">
            <summary class="govuk-details__summary"><span class="govuk-details__summary-text">{t!(cx, "file-digest")}</span></summary>
            <div class="govuk-details__text"><p>{t!(cx, "file-digest-text")}</p><p class="wp-digest">{file.sha256.clone()}</p></div>
        </details>
    };
    Ok(Page::new(title.clone(), body).under(vec![(format!("/challenges/{}", of.id), of.title)]).wide().render(&cx))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum_extra::headers::Header;

    #[test]
    fn the_first_part_asked_for_is_given() {
        let of = |text: &'static str| {
            let value = HeaderValue::from_static(text);
            match part(&Range::decode(&mut [&value].into_iter()).unwrap(), 100) {
                Part::Whole => "whole".to_owned(),
                Part::Some(part) => format!("{}..{}", part.start, part.end),
                Part::Outside => "outside".to_owned(),
            }
        };
        assert_eq!(of("bytes=0-"), "whole");
        assert_eq!(of("bytes=0-9"), "0..10");
        assert_eq!(of("bytes=90-200"), "90..100");
        assert_eq!(of("bytes=-10"), "90..100");
        assert_eq!(of("bytes=100-"), "outside");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition("pl\"an; ü€.pdf", false),
            "attachment; filename=\"pl_an_ __.pdf\"; filename*=UTF-8''pl%22an%3B%20%C3%BC%E2%82%AC.pdf"
        );
    }
}
