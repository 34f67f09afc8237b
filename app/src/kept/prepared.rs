//! A page as it lies ready: its headers, its digest, and its bytes in each form that a browser takes.

use std::io::Write;
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::moment::Moment;
use sha2::{Digest, Sha256};

use super::Basis;

/// How a body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Brotli,
    Gzip,
}

impl Form {
    /// The smallest that is taken; a weight of zero refuses one.
    pub(super) fn taken(headers: &HeaderMap) -> Self {
        let accepted = text(headers, header::ACCEPT_ENCODING);
        let takes = |name: &str| {
            accepted.split(',').any(|one| {
                let mut parts = one.split(';').map(str::trim);
                parts.next() == Some(name) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        match () {
            () if takes("br") => Form::Brotli,
            () if takes("gzip") => Form::Gzip,
            () => Form::Plain,
        }
    }
}

pub(super) struct Prepared {
    basis: Basis,
    until: Moment,
    headers: HeaderMap,
    etag: HeaderValue,
    plain: Bytes,
    // Made when they are asked for: of many addresses that is never.
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Prepared {
    /// `headers`: all that the answer has, but those that say how its body travels.
    pub(super) fn new(basis: Basis, until: Moment, mut headers: HeaderMap, plain: Bytes) -> Self {
        let digest = workflow::sealing::hex(&Sha256::digest(&plain)[..16]);
        let etag = HeaderValue::try_from(format!("W/\"{digest}\"")).unwrap_or(HeaderValue::from_static("W/\"\""));
        headers.insert(header::ETAG, etag.clone());
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.remove(header::CONTENT_LENGTH);
        let (brotli, gzip) = (OnceLock::new(), OnceLock::new());
        Self { basis, until, headers, etag, plain, brotli, gzip }
    }

    pub(super) fn len(&self) -> usize {
        self.plain.len()
    }

    /// Whether it says what one rendered at `now` would say.
    pub(super) fn holds(&self, basis: Basis, now: Moment) -> bool {
        self.basis == basis && now.before(self.until)
    }

    pub(super) fn answer(&self, asked: &HeaderMap, form: Form) -> Response {
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = self.headers.clone();
        let known = text(asked, header::IF_NONE_MATCH);
        if !known.is_empty() && known.split(',').any(|one| one.trim().as_bytes() == self.etag.as_bytes()) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        let (name, body) = match form {
            Form::Plain => ("", &self.plain),
            Form::Brotli => ("br", self.brotli.get_or_init(|| brotli(&self.plain))),
            Form::Gzip => ("gzip", self.gzip.get_or_init(|| gzip(&self.plain))),
        };
        if !name.is_empty() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        *response.body_mut() = Body::from(body.clone());
        response
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

// Into memory: neither can fail. 70 kB take a few milliseconds, and come out a third smaller than on the fly.

fn brotli(plain: &Bytes) -> Bytes {
    let mut out = Vec::with_capacity(plain.len() / 4);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, 5, 20);
    let _ = writer.write_all(plain);
    drop(writer);
    out.into()
}

fn gzip(plain: &Bytes) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::with_capacity(plain.len() / 4), flate2::Compression::new(6));
    let _ = writer.write_all(plain);
    writer.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_form_is_sent_that_is_taken() {
        for (accepted, form) in [
            ("gzip, deflate, br", Form::Brotli),
            ("br;q=0.5", Form::Brotli),
            ("br;q=0, gzip", Form::Gzip),
            ("gzip;q=0", Form::Plain),
            ("brr", Form::Plain),
            ("", Form::Plain),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(Form::taken(&headers), form, "{accepted}");
        }
    }
}
