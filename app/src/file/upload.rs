//! A form with a file: read as a stream, part by part, never held whole.

use axum::extract::{FromRequest, Multipart, Path, Request};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{FieldError, Fields};
use domain::ids::{ChallengeId, ResponseId};
use futures::TryStreamExt;
use workflow::Error;
use workflow::check::add_clarification_file;
use workflow::file as verbs;
use workflow::response::enclose_file;

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

/// What a file is sent to.
pub enum Target {
    Challenge(ChallengeId),
    /// The answer of a response to a question, by its field.
    Answer(ResponseId, String),
    /// The answer of a response to a clarification, by the clarification and the field.
    Clarification(ResponseId, i64, String),
}

/// What came: a form without files, or files, taken in or not.
pub enum Posted {
    Form(Fields),
    Files(Result<(), Error>),
    /// It could not be read; this is the answer.
    Refused(Response),
}

pub async fn post(cx: Cx, Path(id): Path<String>, request: Request) -> Result<Response, Fault> {
    let id = id_of(&id)?;
    let mut fields = Fields::default();
    match read(&cx, &Target::Challenge(id), request, &mut fields).await? {
        Posted::Refused(response) => Ok(response),
        Posted::Form(fields) => remove(&cx, id, fields.get("remove")).await,
        Posted::Files(Ok(())) if cx.json => Ok(axum::Json(serde_json::json!({ "done": "file-attached" })).into_response()),
        Posted::Files(Ok(())) => Ok(Redirect::to(&format!("/challenges/{id}/files?done=file-attached")).into_response()),
        Posted::Files(Err(error)) if cx.json => Err(Fault(error)),
        Posted::Files(Err(error)) => list_page(&cx, id, &Form::with(fields, shown(error)?)).await,
    }
}

/// A form with or without files, for a target whose files have no titles.
pub async fn posted(cx: &Cx, target: &Target, request: Request) -> Result<Posted, Fault> {
    read(cx, target, request, &mut Fields::default()).await
}

async fn read(cx: &Cx, target: &Target, request: Request, fields: &mut Fields) -> Result<Posted, Fault> {
    let multipart =
        request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    if !multipart {
        return Ok(match Post::from_request(request, &()).await {
            Ok(post) => Posted::Form(post.fields),
            Err(refused) => Posted::Refused(refused),
        });
    }
    let Ok(mut parts) = Multipart::from_request(request, &()).await else {
        return Ok(Posted::Refused(Told::BadRequest.into_response()));
    };
    let outcome = take(cx, target, &mut parts, fields).await;
    drain(&mut parts).await;
    Ok(Posted::Files(outcome))
}

/// The parts in their order: the title first, then the file that it is the title of.
async fn take(cx: &Cx, target: &Target, parts: &mut Multipart, fields: &mut Fields) -> Result<(), Error> {
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
                let bytes = (&mut part).map_err(|error| error.to_string());
                let done = match target {
                    Target::Challenge(id) => {
                        // Several files in one form share no title: each is shown by its name.
                        let title = if taken == 0 { fields.get("title") } else { "" };
                        verbs::attach_file(&cx.desk, &cx.actor, *id, title, &name, bytes).await.map(drop)
                    }
                    Target::Clarification(id, asked, field) => {
                        add_clarification_file(&cx.desk, &cx.actor, *id, (*asked, field), &name, bytes).await.map(drop)
                    }
                    Target::Answer(id, field) => enclose_file(&cx.desk, &cx.actor, *id, field, &name, bytes).await.map(drop),
                };
                done.map_err(|error| named(error, &name, taken))?;
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
