//! A form with a file: read as a stream, part by part, never held whole.

use axum::extract::{FromRequest, Multipart, Path, Request};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{FieldError, Fields};
use domain::ids::ChallengeId;
use futures::TryStreamExt;
use workflow::Error;
use workflow::file as verbs;

use super::{list_page, remove};
use crate::account::shown;
use crate::challenge::id_of;
use crate::cx::Cx;
use crate::fault::{Fault, Told};
use crate::guard::Post;
use crate::ui::Form;

/// A title is short; more of it than this is not read.
const MOST_TITLE: usize = 4_096;
/// What is read and dropped after a refusal, so that the browser comes to read why: it does not look before it has sent all.
const MOST_DROPPED: usize = 1024 * 1024 * 1024;

pub async fn post(cx: Cx, Path(id): Path<String>, request: Request) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let multipart =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    if !multipart {
        return match Post::from_request(request, &()).await {
            Ok(post) => remove(&cx, id, post.fields.get("remove")).await,
            Err(refused) => Ok(refused),
        };
    }
    let Ok(mut parts) = Multipart::from_request(request, &()).await else { return Ok(Told::BadRequest.into_response()) };
    let mut fields = Fields::default();
    let outcome = take(&cx, id, &mut parts, &mut fields).await;
    drain(&mut parts).await;
    match outcome {
        Ok(()) if cx.json => Ok(axum::Json(serde_json::json!({ "done": "file-attached" })).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/challenges/{id}/files?done=file-attached")).into_response()),
        Err(error) if cx.json => Err(Fault(error)),
        Err(error) => list_page(&cx, id, &Form::with(fields, shown(error)?)).await,
    }
}

/// The parts in their order: the title first, then the file that it is the title of.
async fn take(cx: &Cx, id: ChallengeId, parts: &mut Multipart, fields: &mut Fields) -> Result<(), Error> {
    let broken = |_| Error::field("file", "file-broken");
    let mut taken = 0;
    while let Some(mut part) = parts.next_field().await.map_err(broken)? {
        match part.name() {
            Some("title") => {
                let mut bytes = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(broken)? {
                    bytes.extend_from_slice(&chunk[..chunk.len().min(MOST_TITLE - bytes.len())]);
                }
                fields.set("title", String::from_utf8_lossy(&bytes).replace('\0', ""));
            }
            Some("file") => {
                let name = part.file_name().unwrap_or_default().to_owned();
                if name.is_empty() {
                    continue;
                }
                // Several files in one form share no title: each is shown by its name.
                let title = if taken == 0 { fields.get("title") } else { "" };
                let bytes = (&mut part).map_err(|error| error.to_string());
                verbs::attach_file(&cx.desk, &cx.actor, id, title, &name, bytes)
                    .await
                    .map_err(|error| named(error, &name, taken))?;
                taken += 1;
            }
            _ => {}
        }
    }
    if taken == 0 { Err(Error::field("file", "file-missing")) } else { Ok(()) }
}

/// Where several came, which of them it was.
fn named(error: Error, name: &str, taken: usize) -> Error {
    match error {
        Error::Invalid(errors) if taken > 0 => {
            let mut all: Vec<FieldError> = errors;
            all.push(FieldError::new("file", "files-some").with("taken", taken).with("name", name));
            Error::Invalid(all)
        }
        error => error,
    }
}

async fn drain(parts: &mut Multipart) {
    let mut dropped = 0;
    while let Ok(Some(mut part)) = parts.next_field().await {
        while let Ok(Some(chunk)) = part.chunk().await {
            dropped += chunk.len();
            if dropped > MOST_DROPPED {
                return;
            }
        }
    }
}
