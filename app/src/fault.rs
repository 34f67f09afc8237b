//! What a handler answers when it cannot do what was asked. Rendered by `guard::reader`, which knows the reader.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::form::FieldError;
use domain::policy::Refusal;
use workflow::Error;

#[derive(Debug)]
pub struct Fault(pub Error);

/// Travels in the response's extensions to the middleware that renders it.
#[derive(Clone, Debug)]
pub enum Told {
    Refused(Refusal),
    NotFound,
    Invalid(Vec<FieldError>),
    Stale,
    /// What is in the database is not what the record says of it: nobody's fault who asks.
    Unlike,
    Busy,
    TooLarge,
    BadRequest,
    Throttled,
    CrossSite,
    /// A form of somebody who is not signed in (any more): what was typed is still in the browser.
    SignedOut,
    Incident,
}

impl Fault {
    pub fn broken(why: &str) -> Self {
        Self(Error::Broken(why.to_owned()))
    }
}

impl<E: Into<Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Told {
    pub fn status(&self) -> StatusCode {
        match self {
            Told::Refused(Refusal::Unseen) | Told::NotFound => StatusCode::NOT_FOUND,
            Told::Refused(Refusal::SignIn) | Told::SignedOut => StatusCode::UNAUTHORIZED,
            Told::Refused(_) | Told::CrossSite => StatusCode::FORBIDDEN,
            Told::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Told::Stale | Told::Unlike => StatusCode::CONFLICT,
            Told::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Told::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Told::BadRequest => StatusCode::BAD_REQUEST,
            Told::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Told::Incident => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let told = match self.0 {
            Error::Refused(refused) => Told::Refused(refused.why),
            Error::Invalid(errors) => Told::Invalid(errors),
            Error::Stale => Told::Stale,
            Error::NotWhole(_) => Told::Unlike,
            Error::Busy | Error::Search(search::Error::Busy) => Told::Busy,
            Error::Store(_) | Error::Files(_) | Error::Search(_) | Error::Sealing(_) | Error::Broken(_) => {
                // The cause goes to the log, under the request's id; the person gets that id.
                tracing::error!(error = %self.0, "a request failed");
                Told::Incident
            }
        };
        told.into_response()
    }
}
